"""Keys are rotated and a backup is taken while registries push: nothing is lost, all of it can be read."""

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
import pytest
from click.testing import Result
from typer.testing import CliRunner

from app.cli import COMMANDS, lazy
from app.cli import app as cli
from app.cli.sealed import SEALED
from app.core.crypto import Crypto, KeyRing
from app.postgres import Supervisor
from tests.faults import places
from tests.faults.harness import ROOT, Ledger, Senders, Service, count

ZERO = ("refused", "lost", "ghost", "not_applied", "missing", "twice", "half", "audit_gap")


def environment(directory: Path) -> dict[str, str | None]:
    unset = dict.fromkeys(name for name in os.environ if name.startswith(("JICENG", "DATABASE", "HOST")))
    return unset | {"DATA_DIR": str(directory)}


def command(directory: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, env=environment(directory))


@asynccontextmanager
async def beside(directory: Path, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A command in a process of its own."""
    given = {
        name: value for name, value in (os.environ | environment(directory)).items() if value is not None
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.cli", *arguments, env=given, cwd=ROOT, stdout=-1, stderr=-2
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@contextmanager
def two(begun: Path) -> Iterator[tuple[Service, Path]]:
    """A service on a durable cluster, and where its backup is restored; paths short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="jiceng-keep-") as name:
        root = Path(name)
        root.chmod(0o711)
        service = Service(root / "one", places.free_port(), "sound")
        for place in (service.directory, root / "two"):
            place.mkdir(mode=0o711)
        places.copy(begun, service.directory)
        service.start()
        try:
            yield service, root / "two"
        finally:
            service.stop()


async def connect(directory: Path) -> asyncpg.Connection:
    password = json.loads((directory / "postgres.json").read_text())["jiceng_owner"]
    return await asyncpg.connect(
        host=str(directory / "postgres"), user="jiceng_owner", password=password, database="jiceng"
    )


async def unreadable(directory: Path) -> int:
    """How many sealed values the ring of this directory does not open."""
    connection, crypto, bad = await connect(directory), Crypto(KeyRing.load(directory / "keys.json")), 0
    try:
        for column in SEALED:
            key = ", ".join(column.key)
            for *parts, cipher in await connection.fetch(
                f"SELECT {key}, {column.name} FROM {column.table} WHERE {column.name} IS NOT NULL"  # noqa: S608
            ):
                bad += not crypto.decrypt_bytes(cipher, **column.place(tuple(parts)))
    finally:
        await connection.close()
    return bad


async def under_old_keys(directory: Path) -> int:
    listed = await asyncio.to_thread(command, directory, "keys", "list", "--json")
    keys = json.loads(listed.stdout)
    return sum(key["values"] for key in keys["keys"] if key["kid"] != keys["active"])


async def rotated_with_a_kill(directory: Path) -> None:
    """`jiceng keys rotate`, killed at its first values; then `reseal` until it says that it is done."""
    kid = KeyRing.load(directory / "keys.json").active
    async with beside(directory, "keys", "rotate") as rotating:
        while KeyRing.load(directory / "keys.json").active == kid:  # noqa: ASYNC110 (another process writes it)
            await asyncio.sleep(0.02)
        await asyncio.sleep(2.02)
        rotating.send_signal(signal.SIGKILL)
        await rotating.wait()
    finished = await asyncio.to_thread(command, directory, "keys", "reseal")
    assert finished.exit_code == 0, finished.stderr
    assert f"all are under key {kid + 1}" in finished.stdout


async def test_keys_and_backup_under_load(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with two(begun) as (service, other):
        await service.ready()
        secret = json.loads((service.directory / "registry.json").read_text())["secret"]
        ledger = Ledger()
        party = Senders(service, secret, ledger, pause=0.1)
        sending = asyncio.create_task(party.run(3))

        await rotated_with_a_kill(service.directory)
        assert await under_old_keys(service.directory) == 0

        before = set(ledger.acknowledged)
        place = other.parent / "backup"
        made = await asyncio.to_thread(command, service.directory, "backup", str(place))
        assert made.exit_code == 0, made.stderr
        during = ledger.acknowledged - before
        again = await asyncio.to_thread(command, service.directory, "backup", str(place))
        assert "never overwritten" in again.stderr

        party.finish()
        await sending
        figures = await count(service, ledger, settled=True)
        assert {name: figures[name] for name in ZERO} == dict.fromkeys(ZERO, 0), figures
        assert await unreadable(service.directory) == 0
        keys = service.directory / "keys.json"
        refused(other, place, keys)
        await came_back(other, place, before, ledger)
        with capsys.disabled():
            print(f"\nkeys rotated and killed, then a backup: {figures}; {len(during)} pushed during it")  # noqa: T201


def refused(other: Path, place: Path, keys: Path) -> None:
    """What `restore` does not do, and what it says."""
    assert "put the keys in place first" in command(other, "restore", str(place)).stderr
    (other / "keys.json").unlink(missing_ok=True)
    KeyRing.load(other / "keys.json")
    assert "The key ring is not the backup's" in command(other, "restore", str(place)).stderr
    shutil.copy(keys, other / "keys.json")
    dump = place / "database.dump"
    with dump.open("r+b") as file:
        file.seek(1000)
        byte = file.read(1)
        file.seek(1000)
        file.write(bytes([byte[0] ^ 1]))
    assert "not as it was written" in command(other, "restore", str(place)).stderr
    with dump.open("r+b") as file:
        file.seek(1000)
        file.write(byte)
    assert "is not a backup" in command(other, "restore", str(other)).stderr
    manifest = place / "manifest.json"
    whole = manifest.read_text()
    manifest.write_text(whole.replace('"format": 1', '"format": 2'))
    assert "newer release" in command(other, "restore", str(place)).stderr
    manifest.write_text(whole)
    assert not (other / "postgres").exists(), "nothing is begun before all of that is sure"
    assert not set(json.loads(whole)["keys"]) & set(json.loads(keys.read_text())["keys"].values())


async def came_back(other: Path, place: Path, before: set[str], ledger: Ledger) -> None:
    """The backup in a cluster of its own: whole, readable, and its events are told."""
    supervisor = Supervisor(other)
    await asyncio.to_thread(supervisor.start)
    try:
        restored = await asyncio.to_thread(command, other, "restore", str(place))
        assert restored.exit_code == 0, restored.stderr
        assert "not empty" in (await asyncio.to_thread(command, other, "restore", str(place))).stderr
        connection = await connect(other)
        stored = {row[0] for row in await connection.fetch("SELECT webhook_id FROM registry_events")}
        hidden = await connection.fetchval(
            "SELECT count(*) FROM events WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())"
        )
        await connection.close()
        assert before <= stored <= ledger.sent.keys()
        assert hidden == 0, "a new server counts transactions from the beginning"
        assert await unreadable(other) == 0
        verified = await asyncio.to_thread(command, other, "verify")
        assert verified.exit_code == 0, verified.stdout
    finally:
        await asyncio.to_thread(supervisor.stop)


def test_the_list_of_commands() -> None:
    shown = CliRunner().invoke(cli, ["--help"], env={"COLUMNS": "200", "TERM": "dumb"}).stdout
    for name, (where, line) in COMMANDS.items():
        assert lazy.load(name, where).help, name
        assert f"{name} " in shown
        assert line in shown, name
