"""Search against `ILIKE '%…%'` on a filled database, all sides in turn, the best round of each.

    DATABASE_URL=… python -m tests.organizations.measure_search 440000 鲸鱼 宪梓 协会

The first argument is a division to look in besides the whole nation; the others are what is looked for. One
peer gives a page of the same ranking, the very name first, then names that begin so; the other a page of what
contains the text, unranked, in the order of the list. Times are the server's own, planning and execution, of
all statements of a search (`EXPLAIN ANALYZE`): on a busy machine the way there and back drowns them.
"""

import asyncio
import os
import sys
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from app.core.access import Scope
from app.organizations.queries import lanes
from app.organizations.rules import search

ROUNDS = 7
CONTAINS = "SELECT id, name FROM organizations WHERE name ILIKE '%' || CAST(:q AS text) || '%'"
INSIDE = (
    " AND division_code = ANY(ARRAY(SELECT descendant_code FROM division_closure WHERE ancestor_code = :place"
    " AND valid @> CURRENT_DATE))"
)
RANKED = (
    " ORDER BY name <> CAST(:q AS text), name NOT ILIKE CAST(:q AS text) || '%', division_code, id LIMIT 51"
)
UNRANKED = " ORDER BY division_code, id LIMIT 51"
Statement = tuple[TextClause, dict[str, Any]]


async def told(session: AsyncSession, statement: Statement) -> tuple[float, float, int]:
    """Milliseconds of planning and of execution, and how many rows came."""
    explained = text(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement[0].text}")
    plan = (await session.execute(explained, statement[1])).scalar_one()[0]
    return plan["Planning Time"], plan["Execution Time"], round(plan["Plan"]["Actual Rows"])


async def best(session: AsyncSession, statements: list[Statement], size: int) -> tuple[float, float]:
    """The best round of a search: planning and execution of the statements that it takes to fill a page."""
    rounds = []
    for _ in range(ROUNDS):
        planning = execution = rows = 0.0
        for statement in statements:
            if rows < size:
                more = await told(session, statement)
                planning, execution, rows = planning + more[0], execution + more[1], rows + more[2]
        rounds.append((planning, execution))
    return min(rounds, key=sum)


async def measure(session: AsyncSession, q: str, place: str | None) -> str:
    """One line: ours, the peers', the ratios of the sums."""
    asked = search.asked(q)
    assert asked is not None
    scope = Scope(divisions=(place,)) if place else Scope(national=True)
    wanted = lanes.Wanted(scope, None, None, None, 51)
    values = {"q": q, "place": place} if place else {"q": q}
    peers: list[Statement] = [
        (text(CONTAINS + (INSIDE if place else "") + order), values) for order in (RANKED, UNRANKED)
    ]
    mine = await best(session, lanes.statements(asked, wanted), wanted.size)
    line = f"{q}\t{place or 'nation'}\t{mine[0]:.2f} + {mine[1]:.2f} ms"
    for name, peer in zip(("ranked", "unranked"), peers, strict=True):
        theirs = await best(session, [peer], wanted.size)
        line += f"\t{name} {theirs[0]:.2f} + {theirs[1]:.2f} ms ({sum(theirs) / sum(mine):.1f}×)"
    return line


async def main(place: str, *asked: str) -> None:
    """Measure each text in the nation and in the place."""
    engine = create_async_engine(
        os.environ["DATABASE_URL"],
        isolation_level="AUTOCOMMIT",
        connect_args={"server_settings": {"statement_timeout": "0"}},
    )
    async with AsyncSession(engine) as session:
        await lanes.FREQUENCIES.refresh(session)  # type: ignore[arg-type]
        for q in asked:
            for where in (None, place):
                print(await measure(session, q, where))  # noqa: T201
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
