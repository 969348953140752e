"""What the document allows and what it does not, sent to every operation, each by a caller of its role.

`make proof` sends two cases to each, `make fuzz` many more: boundaries, fuzzing, and sequences of calls.
"""

import asyncio
import os
from pathlib import Path

from tests.conftest import Database
from tests.contract import fuzzing
from tests.contract.serving import served

SHORT = {"examples": 1, "fuzzing": 1}
CASES = int(os.environ.get("JICENG_FUZZ", "0"))
LONG = {"examples": 1, "coverage": 1, "fuzzing": CASES, "stateful": CASES // 4}


async def test_the_service_keeps_its_word(database: Database, tmp_path: Path) -> None:
    """No 5xx, no answer that the document lacks, every operation reached: by all checks of Schemathesis."""
    only = os.environ.get("JICENG_FUZZ_ONLY")
    async with served(database, tmp_path) as (world, address):
        tally = await asyncio.to_thread(
            fuzzing.run,
            world,
            address,
            asyncio.get_running_loop(),
            phases=LONG if CASES else SHORT,
            only=only,
        )
    reached = tally.reached()
    print(f"\n{dict(tally.cases)} cases; {len(reached)} of {len(world.operations)} operations answered 2xx")  # noqa: T201
    shown = [f"{where} ({len(found)} times): {found[0]}" for where, found in sorted(tally.failures.items())]
    assert not shown, "\n\n".join(shown)
    assert only or set(world.operations) - reached == set()
