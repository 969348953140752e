"""The supervisor of the embedded server: what survives, who may read, what it says when it cannot start."""

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from app.postgres import Cluster, PostgresError, Supervisor
from app.postgres.accounts import account_for, reachable
from app.postgres.binaries import find_binaries, readable_copy
from app.postgres.cluster import APP, OWNER, SUPERUSER

HOLD = """
import sys, time
from pathlib import Path
from app.postgres import Supervisor
supervisor = Supervisor(Path(sys.argv[1]), fast=True)
supervisor.start()
print("ready", flush=True)
time.sleep(600)
"""


def run(cluster: Cluster, *statements: str, role: str = OWNER, password: str | None = None) -> object:
    """Each statement in a transaction of its own; the first value of the last one."""

    async def work() -> object:
        connection = await asyncpg.connect(
            host=cluster.host,
            port=cluster.port,
            user=role,
            password=password or cluster.passwords[role],
            database="jiceng",
        )
        try:
            value = None
            for statement in statements:
                value = await connection.fetchval(statement)
            return value
        finally:
            await connection.close()

    return asyncio.run(work())


def server(supervisor: Supervisor) -> psutil.Process:
    return psutil.Process(int((supervisor.directory / "postmaster.pid").read_text().splitlines()[0]))


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    """A cluster of one's own, not durable."""
    own = Supervisor(tmp_path / "data", fast=True)
    yield own
    own.stop()


def test_settings_roles_and_chinese(tmp_path: Path) -> None:
    own = Supervisor(tmp_path / "data")
    cluster = own.start()
    try:
        assert cluster.created
        for name, expected in {
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "data_checksums": "on",
            "jit": "off",
            "log_parameter_max_length": "0",
            "log_min_error_statement": "panic",
            "listen_addresses": "",
            "TimeZone": "UTC",
        }.items():
            assert run(cluster, f"SHOW {name}") == expected, name
        for name, expected in {
            "statement_timeout": "5s",
            "lock_timeout": "2s",
            "idle_in_transaction_session_timeout": "15s",
        }.items():
            assert run(cluster, f"SHOW {name}", role=APP) == expected, name
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            run(cluster, "CREATE TABLE mine ()", role=APP)
        assert (
            run(cluster, "SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = $$jiceng_app$$")
            is False
        )
        assert (
            run(cluster, "CREATE EXTENSION pg_trgm", "SELECT cardinality(show_trgm('社会组织')) > 0") is True
        )
        assert run(cluster, "CREATE EXTENSION btree_gist", "SELECT lower('ÉÀ')") == "éà"
    finally:
        own.stop()
    assert not own.alive()


def test_passwords_are_asked_for_and_private(supervisor: Supervisor) -> None:
    cluster = supervisor.start()
    assert stat.S_IMODE((supervisor.data_dir / "postgres.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(supervisor.directory.stat().st_mode) == 0o700
    assert len(set(cluster.passwords.values())) == 3
    for role in (SUPERUSER, OWNER, APP):
        with pytest.raises(asyncpg.InvalidPasswordError):
            run(cluster, "SELECT 1", role=role, password="wrong")
    assert all(password not in repr(cluster) for password in cluster.passwords.values())


def test_committed_rows_survive_kill_9(tmp_path: Path) -> None:
    own = Supervisor(tmp_path / "data")
    cluster = own.start()
    try:
        run(cluster, "CREATE TABLE acknowledged (n int PRIMARY KEY)")
        for n in range(3):
            run(cluster, f"INSERT INTO acknowledged SELECT generate_series({n * 100}, {n * 100 + 99})")
            server(own).kill()
            while own.alive():
                time.sleep(0.01)
            cluster = own.start()
            assert not cluster.created
            assert run(cluster, "SELECT count(*) FROM acknowledged") == (n + 1) * 100
    finally:
        own.stop()


def test_a_second_supervisor_attaches_and_the_last_one_stops_it(supervisor: Supervisor) -> None:
    supervisor.start()
    second = Supervisor(supervisor.data_dir, fast=True)
    cluster = second.start()
    process = server(supervisor)
    assert not cluster.created
    supervisor.stop()
    assert process.is_running()
    assert second.alive()
    assert run(cluster, "SELECT 1") == 1
    second.stop()
    assert not supervisor.alive()
    assert not psutil.pid_exists(process.pid)


def test_the_server_outlives_kill_9_of_its_supervisor(supervisor: Supervisor) -> None:
    arguments = [sys.executable, "-c", HOLD, str(supervisor.data_dir)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "ready\n"
        process = server(supervisor)
        assert os.getsid(process.pid) == process.pid
        holder.kill()
    assert process.is_running()
    cluster = supervisor.start()
    assert server(supervisor) == process
    assert run(cluster, "SELECT 1") == 1
    supervisor.stop()
    assert not process.is_running()


@pytest.mark.parametrize("stand_in", ["living", "zombie", "dead", "garbled"])
def test_a_stale_pid_file_does_not_block(supervisor: Supervisor, stand_in: str) -> None:
    supervisor.start()
    pid_file = supervisor.directory / "postmaster.pid"
    rest = pid_file.read_text().split("\n", 1)[1]
    server(supervisor).kill()
    while supervisor.alive():
        time.sleep(0.01)
    with subprocess.Popen(["/bin/sleep", "60"]) as other:
        number = str(other.pid)
        if stand_in != "living":
            other.kill()
        if stand_in == "zombie":
            while psutil.Process(other.pid).status() != psutil.STATUS_ZOMBIE:
                time.sleep(0.01)
        elif stand_in == "dead":
            other.wait()
        pid_file.write_text("\n" if stand_in == "garbled" else f"{number}\n{rest}")
        assert run(supervisor.start(), "SELECT 1") == 1
        other.kill()


def test_no_directory_is_opened_and_root_never_runs_it(tmp_path: Path) -> None:
    private = tmp_path / "home"
    private.mkdir(mode=0o700)
    ways = {path: path.stat().st_mode for path in (private, *private.parents)}
    own = Supervisor(private / "data", fast=True)
    cluster = own.start()
    try:
        assert server(own).uids().effective != 0
        assert run(cluster, "SELECT 1") == 1
    finally:
        own.stop()
    assert {path: path.stat().st_mode for path in ways} == ways


def test_binaries_below_a_private_directory_are_copied_for_another_account() -> None:
    package = find_binaries().parents[1]
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        root.chmod(0o755)
        private = root / "home"
        private.mkdir(mode=0o700)
        shutil.copytree(package, private / package.name, ignore=shutil.ignore_patterns("include"))
        shutil.copytree(f"{package}.libs", private / f"{package.name}.libs")
        found = private / package.name / "pginstall" / "bin"
        (root / "data").mkdir(mode=0o755)
        readable = readable_copy(found, root / "data")
        account = account_for(root)
        if account is None:
            assert readable == found
        else:
            assert reachable(readable / "initdb", account)
            assert readable.is_relative_to(root / "data")
            assert readable_copy(found, root / "data") == readable
        said = subprocess.run([readable / "psql", "--version"], capture_output=True, text=True, check=True)
        assert "18." in said.stdout


def test_a_long_path_takes_its_socket_elsewhere(tmp_path: Path) -> None:
    own = Supervisor(tmp_path / ("long-" * 20) / "data", fast=True)
    cluster = own.start()
    assert not Path(cluster.host).is_relative_to(tmp_path)
    assert stat.S_IMODE(Path(cluster.host).stat().st_mode) == 0o700
    assert run(cluster, "SELECT 1") == 1
    server(own).send_signal(signal.SIGKILL)
    while own.alive():
        time.sleep(0.01)
    assert own.start().host == cluster.host
    own.stop()
    assert not Path(cluster.host).exists()


def test_without_sockets_a_port_of_the_loopback_is_taken(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.postgres.supervisor._takes_sockets", lambda _: False)
    cluster = supervisor.start()
    assert cluster.host == "127.0.0.1"
    assert f"@127.0.0.1:{cluster.port}/jiceng" in cluster.app_url
    assert run(cluster, "SHOW listen_addresses") == "127.0.0.1"


def test_data_of_another_release_is_refused_with_advice(supervisor: Supervisor) -> None:
    supervisor.start()
    supervisor.stop()
    (supervisor.directory / "PG_VERSION").write_text("17\n")
    advice = r"written by PostgreSQL 17; this release runs 18\. With the old release"
    with pytest.raises(PostgresError, match=advice):
        supervisor.start()


def test_a_failed_start_quotes_the_log(supervisor: Supervisor) -> None:
    supervisor.start()
    supervisor.stop()
    with (supervisor.directory / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = 1\n")
    with pytest.raises(PostgresError, match="no_such_setting"):
        supervisor.start()


def test_half_a_cluster_is_never_taken_for_a_whole_one(supervisor: Supervisor) -> None:
    (supervisor.data_dir / "postgres.new").mkdir(parents=True)
    (supervisor.data_dir / "postgres.new" / "PG_VERSION").write_text("18\n")
    assert run(supervisor.start(), "SELECT 1") == 1
