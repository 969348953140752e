"""The registry guide as a registry uses it: its programs against a live service, its vectors against the
reference library."""

import asyncio
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text
from standardwebhooks import Webhook

from app import worker
from app.cli import startup
from app.core.access import SYSTEM
from app.core.work import begin
from app.intake.schemas.documentation import VECTORS
from app.settings import Settings
from tests.conftest import ROOT, Server
from tests.make import intake
from tests.make.intake import Registry

EXAMPLES = ROOT / "docs" / "examples"
GUIDE = (ROOT / "docs" / "registries.md").read_text(encoding="utf-8")
PROGRAMS = {
    "python": ([sys.executable, str(EXAMPLES / "registry.py")], (sys.executable,)),
    "java": (["java", "-XX:TieredStopAtLevel=1", "-cp", "", "Registry"], ("java", "javac")),
    "shell": ([str(EXAMPLES / "registry.sh")], ("bash", "openssl", "curl")),
}
STATE = text("SELECT state FROM registry_events WHERE id = :id")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass(frozen=True, slots=True)
class Program:
    """A program of the guide."""

    name: str
    command: list[str]

    def run(self, *arguments: str, body: bytes, **environment: str) -> str:
        """What it prints; it must succeed."""
        done = subprocess.run(  # noqa: PLW1510 (the assertion shows what it said)
            [*self.command, *arguments],
            input=body,
            capture_output=True,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **environment},
            timeout=60,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()


@pytest.fixture(params=PROGRAMS)
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Program:
    """Each program, where its runtime is there; what must be compiled is compiled once."""
    command, needs = PROGRAMS[request.param]
    for runtime in needs:
        if shutil.which(runtime) is None:
            pytest.skip(f"{runtime} is not installed")
    if request.param == "java":
        compiler = shutil.which("javac") or "javac"
        compiling = [compiler, "-Xlint:all", "-Werror", "-d", tmp_path, EXAMPLES / "Registry.java"]
        subprocess.run(compiling, check=True)
        command = [str(tmp_path) if part == "" else part for part in command]
    return Program(request.param, command)


def test_vectors_of_the_guide() -> None:
    """The guide's table is what the service publishes; the reference library makes the same `v1`."""
    rows = re.findall(r"^\| `(v1\w*)` \| `(.+?)` \| `(v1\w*,\S+)` \|$", GUIDE, re.MULTILINE)
    assert len(rows) == 4
    published = {(v.scheme, v.body): v.webhook_signature for v in VECTORS.items}
    for scheme, body, signature in rows:
        assert published[scheme, body] == signature
        if scheme == "v1":
            moment = datetime.fromtimestamp(1614265330, UTC)
            assert Webhook(SECRET).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", moment, body) == signature


@dataclass(slots=True)
class Proxy:
    """Stands before the service: the first call of each id is answered 503, later ones are passed on."""

    target: str
    seen: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        sent = {name.lower(): value for name, value in headers.items()}
        known = {told["webhook-id"] for told, _ in self.seen}
        self.seen.append((sent, body))
        if sent["webhook-id"] not in known:
            return 503, {"Retry-After": "1"}, b"{}"
        got = httpx.post(self.target + path, content=body, headers={k: sent[k] for k in PASSED if k in sent})
        return got.status_code, {"Content-Type": got.headers["content-type"]}, got.content


PASSED = ("content-type", "webhook-id", "webhook-timestamp", "webhook-signature")


@contextmanager
def proxied(target: str) -> Iterator[tuple[str, Proxy]]:
    """The proxy on a port of its own."""
    proxy = Proxy(target)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, content = proxy.answer(self.path, dict(self.headers.items()), body)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", proxy
    finally:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True, slots=True)
class Live:
    """A service in a process of its own, and a registry that may push to it."""

    url: str
    settings: Settings
    registry: Registry

    def state(self, event_id: str) -> str:
        """What became of a message once the worker was there."""

        async def found() -> str:
            async with startup.shell_of(self.settings) as shell:
                await worker.drain(shell)
                async with begin(shell, SYSTEM, reading=True) as work:
                    return str(await work.scalar(STATE.bindparams(id=UUID(event_id))))

        return asyncio.run(found())


@pytest.fixture(scope="module")
def live(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """`jiceng serve` on a database of this module's own."""
    name = f"test_{os.getpid()}_{uuid4().hex}"
    asyncio.run(server.create(name, server.template))
    owner, app = (url.set(database=name).render_as_string(hide_password=False) for url in server.urls)
    data = tmp_path_factory.mktemp("live")
    settings = Settings(database_url=SecretStr(app), database_owner_url=SecretStr(owner), data_dir=Path(data))

    async def prepare() -> Registry:
        async with startup.shell_of(settings) as shell:
            return await intake.registry(shell)

    registry = asyncio.run(prepare())
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("JICENG", "DATABASE", "HOST"))},
        "DATABASE_URL": app,
        "DATABASE_OWNER_URL": owner,
        "DATA_DIR": str(data),
        "PORT": str(port),
    }
    said = data / "said.txt"
    with said.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        url = f"http://127.0.0.1:{port}"
        until_alive(process, url, said)
        yield Live(url, settings, registry)
    finally:
        process.terminate()
        process.wait(60)
        asyncio.run(server.drop(name))


def until_alive(process: "subprocess.Popen[bytes]", url: str, said: Path) -> None:
    for _ in range(1200):
        assert process.poll() is None, said.read_text()
        try:
            if httpx.get(f"{url}/readyz", timeout=1).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("the service did not become ready")


def test_each_program_signs_pushes_and_retries(live: Live, program: Program) -> None:
    """It signs with SM3 as the vector says; says what would happen; meets a first 503 with the same id,
    signed anew, as the reference library checks; a repetition has no effect; what was pushed is applied."""
    vector = VECTORS.items[-1]
    made = program.run(
        *("sign", vector.webhook_id, vector.webhook_timestamp),
        body=vector.body.encode(),
        JICENG_SECRET=vector.secret,
        JICENG_SCHEME=vector.scheme,
    )
    assert (vector.scheme, made) == ("v1sm3", vector.webhook_signature)
    what = intake.registered(700 + list(PROGRAMS).index(program.name), name=f"示例协会{program.name}")
    body = json.dumps(what, ensure_ascii=False).encode()
    message_id = f"msg_{program.name}"
    with proxied(live.url) as (url, proxy):
        where = {
            "JICENG_URL": url,
            "JICENG_SOURCE": live.registry.code,
            "JICENG_SECRET": live.registry.secret,
        }
        trial = json.loads(program.run("dry-run", body=body, **where))
        assert trial["outcome"] == "apply", trial
        taken = json.loads(program.run("push", message_id, body=body, **where))
        again = json.loads(program.run("push", message_id, body=body, **where, JICENG_SCHEME="v1sm3"))
    assert (taken["webhook_id"], again["id"]) == (message_id, taken["id"])
    attempts = [(headers, sent) for headers, sent in proxy.seen if headers["webhook-id"] == message_id]
    first, second, _ = (headers for headers, _ in attempts)
    assert int(second["webhook-timestamp"]) > int(first["webhook-timestamp"])
    for headers, sent in attempts[:2]:
        Webhook(live.registry.secret).verify(sent.decode(), headers)
    assert attempts[2][0]["webhook-signature"].startswith("v1sm3,")
    assert live.state(taken["id"]) == "applied"


def test_stating_everything_again_changes_nothing(live: Live) -> None:
    """§ 8 of the guide: a registration that is known, under a new id, is applied as the same statement."""
    program = Program("python", PROGRAMS["python"][0])
    body = json.dumps(intake.registered(800), ensure_ascii=False).encode()
    where = {
        "JICENG_URL": live.url,
        "JICENG_SOURCE": live.registry.code,
        "JICENG_SECRET": live.registry.secret,
    }
    told = [json.loads(program.run("push", name, body=body, **where)) for name in ("first", "resync_1")]
    assert [live.state(one["id"]) for one in told] == ["applied", "applied"]
