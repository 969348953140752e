"""Compaction: deltas are summed by day and into the checkpoints after them, and new checkpoints are made."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or_add

from app.core.work import Work
from app.coverage import queries, rules
from app.coverage.models import Checkpoint, days, deltas, totals
from app.coverage.rules import MEASURES

DUE: Final = 5_000
"""So many deltas are read in a few milliseconds; from then on they are summed."""


async def is_due(work: Work, book_id: UUID) -> bool:
    """Whether so many deltas have come that they should be summed."""
    some = select(deltas.c.on).where(deltas.c.book_id == book_id).limit(DUE).subquery()
    found: int = await work.scalar(select(func.count()).select_from(some))
    return found >= DUE


async def compact(work: Work, book_id: UUID) -> None:
    """Sum the deltas: by day, into the checkpoints that lie after them, and then they are gone.

    Whoever reads meanwhile sees either the deltas or the sums: both change with one commit."""
    for basis in queries.BASES:
        await _add(work, days, queries.summed_deltas(book_id, basis))
        await _add(work, totals, queries.belated(book_id, basis))
        await work.execute(delete(deltas).where(deltas.c.book_id == book_id, deltas.c.basis == basis))
        await _reach(work, book_id, basis)


async def make(work: Work, book_id: UUID, basis: str) -> None:
    """The sums of a new book on one basis, from its spells."""
    table: Any = queries.SPELLS_OF[basis]
    found = queries.turned(basis, table.c.book_id == book_id)
    await work.execute(insert(days).from_select(queries.DELTA_COLUMNS, found))
    await _reach(work, book_id, basis)


async def _add(work: Work, table: Any, found: Any) -> None:
    statement = insert_or_add(table).from_select(queries.DELTA_COLUMNS, found)
    new = statement.excluded
    await work.execute(
        statement.on_conflict_do_update(
            index_elements=queries.KEY, set_={name: table.c[name] + new[name] for name in MEASURES}
        )
    )


async def _reach(work: Work, book_id: UUID, basis: str) -> None:
    """Make the checkpoints that are worth their room, in order: each from the one before."""
    c = Checkpoint
    there = await work.execute(select(c.on, c.rows).where(c.book_id == book_id, c.basis == basis))
    known: dict[Any, int] = {row.on: row.rows for row in there}
    found: Any = await work.execute(queries.histogram(book_id, basis))
    histogram = [(on, number) for on, number in found]
    while (day := rules.next_checkpoint(histogram, known, work.today)) is not None:
        before = max((on for on in known if on < day), default=None)
        made = await work.execute(
            insert(totals).from_select(queries.DELTA_COLUMNS, queries.total_at(book_id, basis, before, day))
        )
        known[day] = int(made.rowcount)  # type: ignore[attr-defined]
        work.session.add(Checkpoint(book_id=book_id, basis=basis, on=day, rows=known[day]))
    await work.session.flush()
