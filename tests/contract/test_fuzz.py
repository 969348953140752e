"""What the document allows and what it does not, sent to every operation, each by a caller of its role.

`make proof` asks a seventh of the operations, another one each day; `make fuzz` asks all of them much more:
boundaries, fuzzing, and sequences of calls. Valid calls of all: tests/architecture/test_schemathesis.py.
"""

import asyncio
import os
import zlib
from datetime import UTC, datetime
from pathlib import Path

from tests.architecture.document import OPERATIONS
from tests.conftest import Database
from tests.contract import fuzzing
from tests.contract.serving import served

CASES = int(os.environ.get("JICENG_FUZZ", "0"))
ONLY = os.environ.get("JICENG_FUZZ_ONLY")
SHORT = {"fuzzing": 2}
LONG = {"examples": 1, "coverage": 1, "fuzzing": CASES, "stateful": CASES // 4}


def of_today() -> str:
    """The operations whose turn it is, as a pattern."""
    turn = datetime.now(UTC).toordinal() % 7
    return f"^({'|'.join(name for name in OPERATIONS if zlib.crc32(name.encode()) % 7 == turn)})$"


async def test_the_service_keeps_its_word(database: Database, tmp_path: Path) -> None:
    """No 5xx, no answer that the document lacks: by all checks of Schemathesis. In full, every operation
    succeeds at some time."""
    async with served(database, tmp_path) as (world, address):
        tally = await asyncio.to_thread(
            fuzzing.run,
            world,
            address,
            asyncio.get_running_loop(),
            phases=LONG if CASES else SHORT,
            only=ONLY if CASES or ONLY else of_today(),
        )
    reached = tally.reached()
    print(f"\n{dict(tally.cases)} cases; {len(reached)} of {len(OPERATIONS)} operations answered 2xx")  # noqa: T201
    shown = [f"{where} ({len(found)} times): {found[0]}" for where, found in sorted(tally.failures.items())]
    assert not shown, "\n\n".join(shown)
    assert not CASES or ONLY or set(OPERATIONS) - reached == set()
