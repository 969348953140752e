"""Search against `ILIKE '%…%'` on a filled database, all sides in turn, the best round of each.

One peer gives a page of the same ranking, the very name first, then names that begin so; the other a page of what
contains the text, unranked, in the order of the list. Times are the server's own, planning and execution, of
all statements of a search (`EXPLAIN ANALYZE`): on a busy machine the way there and back drowns them.
"""

import asyncio
from collections.abc import Iterator
from typing import Any

from sqlalchemy import TextClause, make_url, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from app.core.access import Scope
from app.organizations.queries import lanes
from app.organizations.rules import search
from bench.lines import Line, Scene, at_least
from bench.place import Place

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
PEERS = {"ranked": RANKED, "unranked": UNRANKED}
WORDS = {"鲸鱼": "absent", "第900": "rare", "协会": "common"}
PROVINCE = "440000"
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


async def compared(session: AsyncSession, q: str, place: str | None) -> tuple[list[float], str]:
    """How many times quicker than each peer, and the milliseconds of all."""
    asked = search.asked(q)
    assert asked is not None  # noqa: S101
    scope = Scope(divisions=(place,)) if place else Scope(national=True)
    wanted = lanes.Wanted(scope, None, None, None, 51)
    values = {"q": q, "place": place} if place else {"q": q}
    mine = await best(session, lanes.statements(asked, wanted), wanted.size)
    ratios, told_of = [], f"{mine[0]:.2f} + {mine[1]:.2f} ms"
    for name, order in PEERS.items():
        theirs = await best(
            session, [(text(CONTAINS + (INSIDE if place else "") + order), values)], wanted.size
        )
        ratios.append(sum(theirs) / sum(mine))
        told_of += f"; {name} {theirs[0]:.2f} + {theirs[1]:.2f} ms"
    return ratios, told_of


def lines(scene: Scene) -> Iterator[Line]:
    """Each word in the nation and in a province: absent and rare at least 100 times, common never slower."""
    for word, kind, where, ratios, detail in asyncio.run(_all(scene.place)):
        bar = 1 if kind == "common" else 100
        for name, ratio in zip(PEERS, ratios, strict=True):
            peer = f"ILIKE '%…%', {name}"
            yield at_least(f"search: a word that is {kind} ({word}), {where}", peer, ratio, bar, detail)


async def _all(place: Place) -> list[tuple[str, str, str, list[float], str]]:
    url = make_url(place.app).set(drivername="postgresql+asyncpg")
    settings = {"server_settings": {"statement_timeout": "0"}}
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT", connect_args=settings)
    found = []
    async with AsyncSession(engine) as session:
        await lanes.FREQUENCIES.refresh(session)  # type: ignore[arg-type]
        for word, kind in WORDS.items():
            for where, code in (("nation", None), ("a province", PROVINCE)):
                ratios, detail = await compared(session, word, code)
                found.append((word, kind, where, ratios, detail))
    await engine.dispose()
    return found
