"""What the document allows and what it does not, sent to every operation, each by a caller of its role.

`make fuzz`: boundaries, fuzzing, and sequences of calls. Valid calls of all operations pass the same checks
in every run of the tests: tests/architecture/test_schemathesis.py.
"""

import asyncio
import os
from pathlib import Path

from tests.architecture.document import OPERATIONS
from tests.conftest import Database
from tests.contract import fuzzing
from tests.contract.serving import served

CASES = int(os.environ.get("JICENG_FUZZ", "20"))
ONLY = os.environ.get("JICENG_FUZZ_ONLY")
PHASES = {"examples": 1, "coverage": 1, "fuzzing": CASES, "stateful": CASES // 4}


async def test_the_service_keeps_its_word(database: Database, tmp_path: Path) -> None:
    """No 5xx, no answer that the document lacks: by all checks of Schemathesis. In full, every operation
    succeeds at some time."""
    async with served(database, tmp_path) as (world, address):
        tally = await asyncio.to_thread(
            fuzzing.run,
            world,
            address,
            asyncio.get_running_loop(),
            phases=PHASES,
            only=ONLY,
        )
    reached = tally.reached()
    print(f"\n{dict(tally.cases)} cases; {len(reached)} of {len(OPERATIONS)} operations answered 2xx")  # noqa: T201
    shown = [f"{where} ({len(found)} times): {found[0]}" for where, found in sorted(tally.failures.items())]
    assert not shown, "\n\n".join(shown)
    assert ONLY or set(OPERATIONS) - reached == set()
