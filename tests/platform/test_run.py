"""`jiceng run` as a newcomer sees it: it starts, says where everything is, survives `kill -9`, stops."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest
from click.testing import Result
from typer.testing import CliRunner

from app.cli import app as cli
from tests.faults import places

ROOT = Path(__file__).parents[2]
TOKENS = {
    "national_organizer",
    "guangdong_organizer",
    "nansha_clerk",
    "yangquan_organizer",
    "system_admin",
    "security_admin",
    "audit_admin",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A data directory and a port of one's own."""

    directory: Path
    port: int

    @property
    def environment(self) -> dict[str, str | None]:
        unset = dict.fromkeys(name for name in os.environ if name.startswith(("JICENG", "DATABASE", "HOST")))
        return unset | {"DATA_DIR": str(self.directory), "PORT": str(self.port)}

    def command(self, *arguments: str) -> Result:
        """A command in this process: importing the service anew for each would take most of the time."""
        return CliRunner().invoke(cli, arguments, env=self.environment)

    @contextmanager
    def running(self) -> Iterator[tuple[subprocess.Popen[str], str]]:
        """The service in the foreground, and what it said until it was ready."""
        with subprocess.Popen(
            [sys.executable, "-m", "app.cli", "run"],
            env={name: value for name, value in (os.environ | self.environment).items() if value is not None},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout
            said = ""
            try:
                for line in process.stdout:
                    said += line
                    if "Ctrl-C" in line:
                        break
                yield process, said
            finally:
                process.send_signal(signal.SIGINT)
                process.stdout.read()

    def get(self, path: str, token: str | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=10)

    def ready_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if self.get("/readyz").status_code == 200:
                    return True
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        return False

    def postmaster(self) -> int:
        return int((self.directory / "postgres" / "postmaster.pid").read_text().split()[0])


def children(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The service's processes but the database server."""
    found = psutil.Process(process.pid).children()
    return [child for child in found if child.status() != psutil.STATUS_ZOMBIE and child.name() != "postgres"]


def somewhere(directory: Path) -> Place:
    return Place(directory / "data", places.free_port())


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Where nothing is yet."""
    return somewhere(tmp_path)


@pytest.fixture(scope="module")
def used(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Where the service has been before."""
    place = somewhere(tmp_path_factory.mktemp("used"))
    place.directory.mkdir()
    places.copy(begun, place.directory)
    return place


def test_the_life_of_a_service(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    with place.running() as (_, said):
        assert f"http://localhost:{place.port}/api/v1" in said
        assert f"http://localhost:{place.port}/docs" in said
        tokens_file = place.directory / "tokens.json"
        assert str(tokens_file) in said
        assert stat.S_IMODE(tokens_file.stat().st_mode) == 0o600
        tokens = json.loads(tokens_file.read_text())
        assert tokens.keys() >= TOKENS
        for name in TOKENS:
            assert place.get("/api/v1/me", tokens[name]).status_code == 200, name
        assert place.get("/docs").status_code == 200

        taken = place.command("run")
        assert taken.exit_code == 1
        assert f"Port {place.port} of 127.0.0.1 is not free" in taken.stderr
        assert place.ready_within(0.5)
    assert not (place.directory / "postgres" / "postmaster.pid").exists()

    with place.running() as (process, said):
        assert json.loads(tokens_file.read_text()) == tokens
        assert "revision" not in said
        assert len(children(process)) == 2, "API and worker"

        os.kill(place.postmaster(), signal.SIGKILL)
        assert place.ready_within(15), "PostgreSQL is started again"

        for child in children(process):
            child.kill()
        assert place.ready_within(15), "API and worker are started again"

        orphans = children(process)
        process.kill()
        process.wait()
        _, alive = psutil.wait_procs(orphans, timeout=5)
        assert not alive, "nothing is left that holds the port"

    with place.running():
        assert place.get("/api/v1/me", tokens["nansha_clerk"]).status_code == 200
        place.command("db", "psql", "--", "--csv", "--tuples-only", "--command", "SELECT current_user")
        assert capfd.readouterr().out == "jiceng_app\n"
        made = place.command("token", "viewer", "--division", "440000")
        assert place.get("/api/v1/me", made.stdout.strip()).status_code == 200, made.stderr
    assert not (place.directory / "postgres" / "postmaster.pid").exists()


def test_the_commands_join_a_running_service(used: Place) -> None:
    with used.running():
        verified = used.command("verify")
        assert verified.exit_code == 0, verified.stdout
        assert "divisions: as recomputed" in verified.stdout

        assert used.command("calendar", "due", "2026-09-28", "5").stdout == "2026-10-10\n"
        shown = used.command("calendar", "show", "2026").stdout
        assert "2026-10-01,false,国庆节" in shown
        table = used.directory / "2027.csv"
        table.write_text("day,is_working,name\n2027-01-01,false,元旦\n")
        assert "provisional" in used.command("calendar", "due", "2026-12-31", "1").stdout
        loaded = used.command("calendar", "load", "2027", str(table), "--source", "invented")
        assert loaded.stdout == "2027: 1 days.\n", loaded.stderr
        assert used.command("calendar", "due", "2026-12-31", "1").stdout == "2027-01-04\n"
        table.write_text("day,is_working,name\n2026-01-01,false,元旦\n")
        refused = used.command("calendar", "load", "2027", str(table), "--source", "invented")
        assert refused.exit_code == 1
        assert used.command("calendar", "due", "2026-12-31", "1").stdout == "2027-01-04\n"

        made = used.command("administrator", "security_admin", "zhao.min", "--name", "赵敏")
        assert made.exit_code == 0, made.stderr
        signed_in = httpx.post(
            f"http://127.0.0.1:{used.port}/api/v1/sessions",
            json={"login_name": "zhao.min", "password": made.stdout.strip()},
            timeout=10,
        )
        assert signed_in.status_code == 201, signed_in.text
        again = used.command("administrator", "security_admin", "zhao.min", "--name", "赵敏")
        assert again.exit_code == 1
        assert isinstance(again.exception, SystemExit), "no traceback"
        assert used.command("administrator", "clerk", "li.na", "--name", "李娜").exit_code == 1

        missing = used.command("registry-source", "rotate", "no-such-source")
        assert missing.exit_code == 1
        assert "no-such-source" in missing.stderr


def test_the_database_commands(used: Place) -> None:
    assert "as before" in used.command("db", "upgrade").stdout
    checked = used.command("db", "check")
    assert checked.exit_code == 0, checked.stderr
    url = used.command("db", "url", "--owner").stdout
    assert url.startswith("postgresql+asyncpg://jiceng_owner:")


def test_the_commands_of_the_keys(place: Place) -> None:
    """Keys under load, and with a kill: test_keeping.py."""
    assert place.command("keys", "activate", "1").exit_code == 1, "no ring is made in passing"
    made = place.command("keys", "create")
    assert str(place.directory / "keys.json") in made.stdout
    assert stat.S_IMODE((place.directory / "keys.json").stat().st_mode) == 0o600
    before = (place.directory / "keys.json").read_text()
    assert place.command("keys", "create").exit_code == 0
    assert (place.directory / "keys.json").read_text() == before, "it is never overwritten"

    assert "Key 2 is added" in place.command("keys", "add").stdout
    assert json.loads((place.directory / "keys.json").read_text())["active"] == 1
    assert "Key 3 is not in the ring" in place.command("keys", "activate", "3").stderr
    assert "Key 2 writes now" in place.command("keys", "activate", "2").stdout
    given = CliRunner().invoke(cli, ["keys", "add"], env=place.environment | {"JICENG_KEYS": before})
    assert "JICENG_KEYS holds the ring" in given.stderr

    assert place.command("db", "upgrade").exit_code == 0
    shown = place.command("keys", "list").stdout
    assert json.loads(before)["blind_root"] not in shown
    assert "0 values  writes" in shown.splitlines()[1]
    assert "Key 2 writes now" in place.command("keys", "retire", "2").stderr
    assert "changed less than" in place.command("keys", "retire", "1").stderr
    os.utime(place.directory / "keys.json", (1, 1))
    assert "Key 1 is out of the ring" in place.command("keys", "retire", "1").stdout
    assert "all are under key 2" in place.command("keys", "reseal").stdout

    (place.directory / "postgres" / "PG_VERSION").write_text("17\n")
    older = place.command("keys", "list").stderr
    assert "was written by PostgreSQL 17" in older
    assert "jiceng restore" in older
