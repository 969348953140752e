"""Roll-ups against recomputation: every spell from the rows, and every sum from the spells."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, Select, and_, func, literal, literal_column, select, union_all

from app.core.marks import ORGANIZATION, PARTY_ORGANIZATION, Mark
from app.core.work import Work
from app.coverage.models import Book, Checkpoint, body_spells, days, deltas, spells, totals
from app.coverage.queries import deltas as sums
from app.coverage.queries.rulebook import shelf
from app.coverage.queries.spells import COLUMNS, spells_of
from app.coverage.rules import MEASURES, Rulebook

BATCH: Final = 2_000
SHOWN: Final = 20
_SPELL: Final = [name for name in COLUMNS if name != "book_id"]


async def is_ready(work: Work) -> bool:
    """Whether there are roll-ups that fit the rules."""
    rulebook, _ = await shelf(work)
    known = select(Book.id).where(Book.state == "ready", Book.fingerprint == rulebook.fingerprint)
    return not rulebook.eras or await work.scalar(known) is not None


async def verify(work: Work) -> list[str]:
    """What differs between the roll-ups and what they are made from; nothing where there are none, or where
    they were made by other rules: then nobody reads them."""
    rulebook, _ = await shelf(work)
    book: UUID | None = await work.scalar(
        select(Book.id).where(Book.state == "ready", Book.fingerprint == rulebook.fingerprint)
    )
    if book is None:
        return []
    wrong = await _spells(work, book, rulebook) + await _bodies(work, book)
    for basis in sums.BASES:
        wrong += await _sums(work, book, basis)
    return wrong


async def _spells(work: Work, book: UUID, rulebook: Rulebook) -> list[str]:
    """Organizations whose spells are not what their rows say; what waits to be rolled up may differ."""
    wrong: list[str] = []
    async for batch in _batches(work):
        wanted: set[Any] = {
            tuple(row)[1:] for row in await work.execute(spells_of(rulebook, book), {"ids": batch})
        }
        kept = select(*(spells.c[name] for name in _SPELL)).where(
            spells.c.book_id == book, spells.c.organization_id == func.any(batch)
        )
        there: set[Any] = {tuple(row) for row in await work.execute(kept)}
        differing = {row[0] for row in wanted ^ there} - await _marked(work, ORGANIZATION)
        wrong += [f"organization {each}: its spells are not what its rows say" for each in sorted(differing)]
    return wrong


async def _batches(work: Work) -> AsyncIterator[Sequence[UUID]]:
    """All organizations, some thousands at a time."""
    last = UUID(int=0)
    while batch := (await work.scalars(sums.organizations_after(last, BATCH))).all():
        yield batch
        last = batch[-1]


async def _marked(work: Work, kind: str) -> set[UUID]:
    return set(await work.scalars(select(Mark.subject_id).where(Mark.subject_type == kind)))


async def _bodies(work: Work, book: UUID) -> list[str]:
    s = body_spells.c
    kept = select(*(s[name] for name in sums.BODY_COLUMNS)).where(s.book_id == book)
    wanted: set[Any] = {tuple(row) for row in await work.execute(sums.bodies_of(book))}
    there: set[Any] = {tuple(row) for row in await work.execute(kept)}
    return [
        f"Party organization {each}: its spell is not what its row says"
        for each in sorted({row[1] for row in wanted ^ there} - await _marked(work, PARTY_ORGANIZATION))
    ]


async def _sums(work: Work, book: UUID, basis: str) -> list[str]:
    """Days whose sums are not those of the spells, and checkpoints that are not the sums of their days."""
    spelled = sums.turned(basis, sums.SPELLS_OF[basis].c.book_id == book, -1).order_by(None)
    kept = [
        select(*(table.c[name] for name in sums.COLUMNS)).where(
            table.c.book_id == book, table.c.basis == basis
        )
        for table in (days, deltas)
    ]
    wrong = [
        f"{basis} {row.on}: what is summed of {row.place or 'nowhere'} is not what the spells say"
        for row in await work.execute(_differing(spelled, *kept))
    ]
    reached = await work.scalars(
        select(Checkpoint.on).where(Checkpoint.book_id == book, Checkpoint.basis == basis)
    )
    for day in reached.all():
        total = select(*(totals.c[name] for name in sums.COLUMNS)).where(
            totals.c.book_id == book, totals.c.basis == basis, totals.c.on == day
        )
        until = (days.c.book_id == book, days.c.basis == basis, days.c.on <= day)
        passed = select(
            days.c.book_id,
            days.c.basis,
            literal(day, Date()).label("on"),
            days.c.place,
            days.c.kind,
            *((-days.c[name]).label(name) for name in MEASURES),
        ).where(and_(*until))
        wrong += [
            f"{basis} {day}: the total of {row.place or 'nowhere'} is not the sum of its days"
            for row in await work.execute(_differing(total, passed))
        ]
    return wrong


def _differing(*parts: Select[Any]) -> Select[Any]:
    """Days and places where these rows do not come to nothing."""
    c = union_all(*parts).subquery("both").c
    rest: Any = literal_column("0")
    for name in MEASURES:
        rest = rest + func.abs(func.sum(c[name]))
    return select(c.on, c.place).group_by(c.on, c.place, c.kind).having(rest != 0).limit(SHOWN)
