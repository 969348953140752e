"""Rolling up: the worker makes the spells of marked organizations again, and notes what that changes.

One process at a time writes roll-ups, under the lock of the book's row; those who write the ledger never come
here. What is deleted with its mark is seen in full by the next statement: each has a newer snapshot, and what
is committed later has left a mark of its own."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text

from app.core.access import SYSTEM
from app.core.db import uuid7
from app.core.marks import ORGANIZATION, PARTY_ORGANIZATION, Mark
from app.core.work import Shell, Work, begin
from app.coverage import queries
from app.coverage.commands import summing
from app.coverage.models import Book, Checkpoint, body_spells, deltas, spells
from app.coverage.rules import Rulebook

BATCH: Final = 2_000
SWEPT: Final = 50_000
TURNS: Final = 20
"""So many turns at most, and the worker looks at what else there is to do."""


async def run(shell: Shell, turns: int = TURNS) -> int:
    """Roll up what waits, batch by batch; returns how many subjects were rolled up or made for the first
    time."""
    done = 0
    for _ in range(turns):
        async with begin(shell, SYSTEM) as work:
            some = await turn(work)
        if not some:
            break
        done += some
    return done


async def turn(work: Work, most: int = BATCH) -> int:
    """One batch of what there is to do for the roll-ups; 0 when nothing is, or another process is at it."""
    await work.execute(text("SET LOCAL statement_timeout = 0"))
    rulebook, shelf = await queries.shelf(work)
    if shelf is not None and not shelf.waiting:
        return await _sweep(work)
    book = await _current(work, rulebook)
    if book is None:
        return 0
    if book.state == "building":
        return await _build(work, book, rulebook, most)
    done = await _roll(work, book, rulebook, most)
    if await summing.is_due(work, book.id):
        await summing.compact(work, book.id)
    return done


async def start_again(work: Work) -> UUID:
    """Discard the roll-ups and begin to make them again, whatever they are."""
    rulebook, _ = await queries.shelf(work)
    for book in await work.scalars(select(Book).where(Book.state != "discarded").with_for_update()):
        _discard(book)
    await work.session.flush()
    return (await _begin(work, rulebook)).id


async def _current(work: Work, rulebook: Rulebook) -> Book | None:
    """The book of these rules, locked; others are discarded. None when another process holds it."""
    known = (await work.scalars(select(Book.id).where(Book.state != "discarded"))).all()
    held = select(Book).where(Book.state != "discarded").with_for_update(skip_locked=True)
    books: Sequence[Book] = (await work.scalars(held)).all()
    if len(books) < len(known) or not rulebook.eras:
        return None
    for book in books:
        if book.fingerprint == rulebook.fingerprint:
            return book
        _discard(book)
    await work.session.flush()
    return await _begin(work, rulebook)


def _discard(book: Book) -> None:
    book.state, book.position = "discarded", None


async def _begin(work: Work, rulebook: Rulebook) -> Book:
    book = Book(id=uuid7(), fingerprint=rulebook.fingerprint, state="building", position=None, summed=0)
    work.session.add(book)
    await work.session.flush()
    return book


# --------------------------------------------------------------------------------------------- what is marked


async def _roll(work: Work, book: Book, rulebook: Rulebook, most: int) -> int:
    """Make the spells of a batch of marked subjects again, and add what is different on which day."""
    marked = await _unmark(work, ORGANIZATION, most)
    if marked:
        condition = spells.c.organization_id == func.any(marked)
        await _turn_over(work, queries.ORGANIZATION_BASES, condition, -1)
        await work.execute(delete(spells).where(condition))
        await _spell(work, book, rulebook, marked)
        await _turn_over(work, queries.ORGANIZATION_BASES, condition, 1)
    bodies = await _unmark(work, PARTY_ORGANIZATION, most)
    if bodies:
        condition = body_spells.c.party_organization_id == func.any(bodies)
        await _turn_over(work, (queries.BODIES,), condition, -1)
        await work.execute(delete(body_spells).where(condition))
        await _spell_bodies(work, book, bodies)
        await _turn_over(work, (queries.BODIES,), condition, 1)
    return len(marked) + len(bodies)


async def _unmark(work: Work, kind: str, most: int) -> Sequence[UUID]:
    """Take away the marks of some subjects, and say which."""
    some = select(Mark.subject_id).where(Mark.subject_type == kind).distinct().limit(most)
    ids = (await work.scalars(some)).all()
    if ids:
        await work.execute(
            delete(Mark)
            .where(Mark.subject_type == kind, Mark.subject_id == func.any(ids))
            .execution_options(synchronize_session=False)
        )
    return ids


async def _spell(work: Work, book: Book, rulebook: Rulebook, ids: Sequence[UUID]) -> None:
    await work.execute(
        insert(spells).from_select(queries.SPELL_COLUMNS, queries.spells_of(rulebook, book.id)), {"ids": ids}
    )


async def _spell_bodies(work: Work, book: Book, ids: Sequence[UUID] | None = None) -> None:
    found = queries.bodies_of(book.id)
    if ids is not None:
        found = found.where(queries.is_one_of(ids))
    await work.execute(insert(body_spells).from_select(queries.BODY_COLUMNS, found))


async def _turn_over(work: Work, bases: Sequence[str], condition: Any, sign: int) -> None:
    for basis in bases:
        found = queries.turned(basis, condition, sign)
        await work.execute(insert(deltas).from_select(queries.DELTA_COLUMNS, found))


# --------------------------------------------------------------------------------------------------- building


async def _build(work: Work, book: Book, rulebook: Rulebook, most: int) -> int:
    """The spells of the next organizations; at the end those of bodies, and all sums."""
    if book.position is None:
        book.position = UUID(int=0)
        await _spell_bodies(work, book)
    ids = (await work.scalars(queries.organizations_after(book.position, most))).all()
    if ids:
        await _spell(work, book, rulebook, ids)
        book.position = ids[-1]
        return len(ids)
    if book.summed < len(queries.BASES):
        await summing.make(work, book.id, queries.BASES[book.summed])
        book.summed += 1
        return 1
    book.state, book.position = "ready", None
    return 1


async def _sweep(work: Work) -> int:
    """Take away a part of what discarded roll-ups left; returns how many rows."""
    old = await work.scalar(
        select(Book.id).where(Book.state == "discarded").limit(1).with_for_update(skip_locked=True)
    )
    if old is None:
        return 0
    for table in queries.ROLLUPS:
        gone = await work.execute(delete(table).where(queries.some_of(table, old, SWEPT)))
        if number := int(gone.rowcount):  # type: ignore[attr-defined]
            return number
    await work.execute(delete(Checkpoint).where(Checkpoint.book_id == old))
    await work.execute(delete(Book).where(Book.id == old))
    return 1
