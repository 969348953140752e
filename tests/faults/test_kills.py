"""Nothing acknowledged is lost and nothing is applied twice, whatever is killed; and the harness can tell.

20 kills of the API or the worker and 20 of PostgreSQL; `JICENG_FAULTS=full` takes 200 and 100."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults import places
from tests.faults.harness import Service, play

FULL = os.environ.get("JICENG_FAULTS") == "full"
PROCESS_KILLS, DATABASE_KILLS = (200, 100) if FULL else (20, 20)
SENDERS, PAUSE = (8, 0.0) if FULL else (4, 0.1)
ZERO = (
    "refused",
    "rude",
    "lost",
    "ghost",
    "not_applied",
    "missing",
    "twice",
    "half",
    "wrong",
    "audit_gap",
)
"""`rude`: answers in the meantime that are neither 202 nor a 503 that says when to come back."""
LONGEST = 60_000
"""Milliseconds that a recovery may take on the slowest machine; what it took is printed."""


@contextmanager
def running(build: str, begun: Path) -> Iterator[Service]:
    """The service on a durable cluster of its own; its path is short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="jiceng-faults-") as directory:
        Path(directory).chmod(0o711)
        places.copy(begun, Path(directory))
        service = Service(Path(directory), places.free_port(), build)
        service.start()
        try:
            yield service
        finally:
            service.stop()


@pytest.mark.parametrize("what", ["api_and_worker", "postgresql"])
async def test_acknowledged_is_stored_and_applied_once(
    what: str, begun: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running("sound", begun) as service:
        kills, kill = (
            (PROCESS_KILLS, service.kill_one)
            if what == "api_and_worker"
            else (DATABASE_KILLS, service.kill_postgres)
        )
        ledger, counted = await play(
            service, kills=kills, kill=kill, senders=SENDERS, seed=20261122, pause=PAUSE
        )
    with capsys.disabled():
        sys.stdout.write(f"\n{what}: {kills} kills, {counted}\n")
    assert len(ledger.acknowledged) >= kills
    assert {name: counted[name] for name in ZERO} == dict.fromkeys(ZERO, 0)
    assert counted["acknowledged"] == counted["sent"] == counted["stored"]
    assert counted["longest_recovery_ms"] < LONGEST


async def test_the_harness_sees_a_commit_after_the_response(
    begun: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same run on a build that answers before it commits must come out red."""
    with running("sabotaged", begun) as service:
        _, counted = await play(
            service, kills=12, kill=service.kill_one, senders=SENDERS, seed=20261122, settled=False
        )
    with capsys.disabled():
        sys.stdout.write(f"\nsabotaged: 12 kills, {counted}\n")
    assert counted["lost"] > 0
