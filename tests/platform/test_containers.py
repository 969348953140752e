"""docker-compose.yml: what it names is there, and its two scripts do what they say on a real PostgreSQL."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from app.postgres.accounts import account_for
from app.postgres.binaries import find_binaries, readable_copy
from app.postgres.cluster import ROLES
from app.postgres.supervisor import FIXED

ROOT = Path(__file__).parents[2]
BASH = "/bin/bash"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SECRETS = {f"JICENG_{name}_PASSWORD": f"{name.lower()}-secret" for name in ("OWNER", "APP", "REPLICA")}


def script(name: str) -> str:
    """As the container has it: Compose reads `$$` as `$`."""
    content: str = COMPOSE["configs"][name]["content"]
    assert "$" not in content.replace("$$", ""), "Compose would take it for a variable of its own"
    return content.replace("$$", "$")


def test_what_it_names_is_there() -> None:
    assert {"postgres", "standby", "migrations", "api", "worker"} <= SERVICES.keys()
    assert SERVICES["api"]["deploy"]["replicas"] == 2
    for name, service in SERVICES.items():
        assert service.get("depends_on", {}).keys() <= SERVICES.keys(), name
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in COMPOSE["volumes"], name
        for config in service.get("configs", []):
            assert config["source"] in COMPOSE["configs"], name
    recipe = SERVICES["api"]["build"]["dockerfile_inline"]
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    for line in recipe.splitlines():
        if line.startswith("COPY"):
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), source
                assert source in kept, f"{source} is left out by .dockerignore"


def test_it_is_set_up_as_the_embedded_server_is() -> None:
    told = {option[2:].split("=")[0]: option.split("=")[1] for option in SERVICES["postgres"]["command"][1:]}
    assert FIXED.items() - {("password_encryption", "scram-sha-256")} <= told.items()
    roles = script("roles")
    for role, (attributes, limits) in ROLES.items():
        assert f"CREATE ROLE {role} {attributes} PASSWORD" in roles
        for name, value in limits.items():
            assert f"ALTER ROLE {role} SET {name} = '{value}';" in roles


@contextmanager
def account(directory: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """PostgreSQL's programs, and how to start them: not as root."""
    user = account_for(directory)
    if user:
        os.chown(directory, user.pw_uid, user.pw_gid)
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    with tempfile.TemporaryDirectory() as copies:
        Path(copies).chmod(0o755)
        yield readable_copy(find_binaries(), Path(copies)), {"cwd": "/", **identity}


def until(done: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_standby_follows() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="jiceng-compose-") as name,
        account(Path(name)) as (programs, how),
    ):
        place = Path(name)
        with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
            ports = [str(each.getsockname()[1]) for each in (one, two)]
        clean = {"PATH": f"{programs}:{os.environ['PATH']}", "PGHOST": "127.0.0.1", **SECRETS}
        options = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
        password = place / "password"
        password.write_text("super-secret")
        password.chmod(0o644)

        def environment(number: int, **more: str) -> dict[str, str]:
            return clean | {"PGDATA": f"{place}/{number}", "PGPORT": ports[number], **more}

        def start(number: int, *command: str, **more: str) -> subprocess.Popen[bytes]:
            own = ["--fsync=off", f"--port={ports[number]}", "--unix_socket_directories="]
            arguments = [*command, *SERVICES["postgres"]["command"], *own]
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            return subprocess.Popen(arguments, env=environment(number, **more), **quiet, **how)

        def ask(number: int, query: str, database: str = "postgres") -> str:
            found = subprocess.run(
                [programs / "psql", "--username=postgres", f"--dbname={database}", "-Atc", query],
                env=environment(number, PGPASSWORD="super-secret"),
                capture_output=True,
                text=True,
                check=False,
                **how,
            )
            return found.stdout.strip()

        subprocess.run(
            [programs / "initdb", "--username=postgres", f"--pwfile={password}", "--no-sync", *options],
            env=environment(0),
            check=True,
            capture_output=True,
            **how,
        )
        running = [start(0)]
        try:
            until(lambda: ask(0, "SELECT 1") == "1")
            made = subprocess.run(
                [BASH, "-c", script("roles")],
                env=environment(0, PGPASSWORD="super-secret"),
                capture_output=True,
                text=True,
                check=False,
                **how,
            )
            assert made.returncode == 0, made.stderr
            assert ask(0, "SELECT pg_reload_conf()") == "t"  # the container starts anew after its scripts
            address = f"host=127.0.0.1 port={ports[0]} user=jiceng_replica application_name=standby"
            copy = (BASH, "-c", script("standby"), "copy-then-run.sh")
            running.append(start(1, *copy, PRIMARY=address, PGPASSWORD="replica-secret"))
            until(lambda: ask(1, "SELECT pg_is_in_recovery()") == "t")
            ask(0, "CREATE TABLE told AS SELECT 7 AS n", database="jiceng")
            until(lambda: ask(1, "SELECT n FROM told", database="jiceng") == "7")
            assert ask(0, "SELECT application_name, state FROM pg_stat_replication") == "standby|streaming"
            assert ask(0, "SELECT active FROM pg_replication_slots WHERE slot_name = 'standby'") == "t"
        finally:
            for server in reversed(running):
                server.terminate()
                server.wait(60)
