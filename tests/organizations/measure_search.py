"""Search against `ILIKE '%…%'` on a filled database, both sides in turn, medians and ratios.

    DATABASE_URL=… python -m tests.organizations.measure_search 440000 鲸鱼 宪梓 协会

The first argument is a division to look in besides the whole nation; the others are what is looked for. One
peer gives a page of the same ranking, the very name first, then names that begin so; the other a page of what
contains the text, unranked, in the order of the list.
"""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from app.core.access import Scope
from app.organizations.queries import lanes
from app.organizations.rules import search

ROUNDS = 9
CONTAINS = "SELECT id, name FROM organizations WHERE name ILIKE '%' || CAST(:q AS text) || '%'"
INSIDE = (
    " AND division_code = ANY(ARRAY(SELECT descendant_code FROM division_closure WHERE ancestor_code = :place"
    " AND valid @> CURRENT_DATE))"
)
RANKED = (
    " ORDER BY name <> CAST(:q AS text), name NOT ILIKE CAST(:q AS text) || '%', division_code, id LIMIT 51"
)
UNRANKED = " ORDER BY division_code, id LIMIT 51"


async def milliseconds(do: Callable[[], Awaitable[int]]) -> tuple[float, int]:
    """How long one run takes, and how many rows it finds."""
    began = time.perf_counter()
    found = await do()
    return (time.perf_counter() - began) * 1000, found


async def measure(session: AsyncSession, q: str, place: str | None) -> str:
    """One line: ours, the peers', the ratios."""
    asked = search.asked(q)
    assert asked is not None
    scope = Scope(divisions=(place,)) if place else Scope(national=True)
    wanted = lanes.Wanted(scope, None, None, None, 51)

    async def ours() -> int:
        return len(await lanes.find(session, asked, wanted))  # type: ignore[arg-type]

    def peer(order: str) -> Callable[[], Awaitable[int]]:
        async def ask() -> int:
            values = {"q": q, "place": place} if place else {"q": q}
            statement = text(CONTAINS + (INSIDE if place else "") + order)
            return len((await session.execute(statement, values)).all())

        return ask

    sides = (ours, peer(RANKED), peer(UNRANKED))
    rounds = [[await milliseconds(side) for side in sides] for _ in range(ROUNDS)]
    mine, ranked, unranked = (statistics.median(r[side][0] for r in rounds) for side in range(3))
    return (
        f"{q}\t{place or 'nation'}\tfound {rounds[0][0][1]}\t{mine:.2f} ms"
        f"\tranked {ranked:.2f} ms ({ranked / mine:.1f}×)"
        f"\tunranked {unranked:.2f} ms ({unranked / mine:.1f}×)"
    )


async def main(place: str, *asked: str) -> None:
    """Measure each text in the nation and in the place."""
    engine = create_async_engine(os.environ["DATABASE_URL"], isolation_level="AUTOCOMMIT")
    async with AsyncSession(engine) as session:
        for q in asked:
            for where in (None, place):
                print(await measure(session, q, where))  # noqa: T201
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
