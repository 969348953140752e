"""What spells add to and take from each place, day by day, and how far sums are made."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from app.coverage.models import Checkpoint, body_spells, days, deltas, spells, totals
from app.coverage.queries.rolled import BODIES
from app.coverage.queries.tables import organizations, party_organizations
from app.coverage.queries.truth import Truth
from app.coverage.rules import MEASURES, CoverageBasis

BASES: Sequence[str] = (*(basis.value for basis in CoverageBasis), BODIES)
COLUMNS = [column.name for column in deltas.c]
ORGANIZATION_BASES = BASES[:-1]
SPELLS_OF = {basis: body_spells if basis == BODIES else spells for basis in BASES}
ROLLUPS = (spells, body_spells, deltas, days, totals)
KEY = ("book_id", "basis", "on", "place", "kind")
BODY_COLUMNS = [column.name for column in body_spells.c]


def turned(basis: str, condition: ColumnElement[bool], sign: int = 1) -> Select[Any]:
    """What the spells that meet a condition add to each place on the day they begin, and take from it on the
    day they end, in `COLUMNS`; with `sign` -1 the opposite."""
    s = (body_spells if basis == BODIES else spells).c
    place: Any
    kind: Any
    if basis == BODIES:
        place, kind = s.division_code, literal_column("''", Text())
        measures: Any = {name: literal(name == "organizations") for name in MEASURES}
    else:
        place, kind = func.coalesce(s[f"{basis}_code"], ""), s.kind
        measures = Truth.over(None, s).measures()

    def at(day: Any, amount: int, *more: ColumnElement[bool]) -> Select[Any]:
        counted = (case((measures[name], amount), else_=0).label(name) for name in MEASURES)
        return select(s.book_id, day.label("on"), place.label("place"), kind.label("kind"), *counted).where(
            condition, *more
        )

    turns = union_all(at(s.since, sign), at(s.until, -sign, s.until.is_not(None))).subquery("turns")
    return _summed(turns.c, literal(basis, Text()), turns.c.on)


def _summed(c: Any, basis: Any, on: Any) -> Select[Any]:
    """Rows summed by their key, in `COLUMNS`; what comes to nothing is left out. In order, so that what is
    read together lies together."""
    sums = {name: func.sum(c[name]) for name in MEASURES}
    return (
        select(
            c.book_id,
            basis.label("basis"),
            on.label("on"),
            c.place,
            c.kind,
            *(cast(total, Integer).label(name) for name, total in sums.items()),
        )
        .group_by(c.book_id, basis, on, c.place, c.kind)
        .having(or_(*(total != 0 for total in sums.values())))
        .order_by(on, c.place)
    )


def summed_deltas(book_id: UUID, basis: str) -> Select[Any]:
    """The deltas of a basis by day."""
    c = deltas.c
    return _summed(c, c.basis, c.on).where(c.book_id == book_id, c.basis == basis)


def belated(book_id: UUID, basis: str) -> Select[Any]:
    """What the deltas add to checkpoints that were made before them."""
    c = deltas.c
    joined = deltas.join(
        Checkpoint,
        and_(Checkpoint.book_id == c.book_id, Checkpoint.basis == c.basis, Checkpoint.on >= c.on),
    )
    return (
        _summed(c, c.basis, Checkpoint.on).select_from(joined).where(c.book_id == book_id, c.basis == basis)
    )


def total_at(book_id: UUID, basis: str, before: Any, day: Any) -> Select[Any]:
    """Everything up to a day: the checkpoint before it and the days since."""
    t, d = totals.c, days.c
    since = [] if before is None else [d.on > before]
    parts = [
        select(*(d[name] for name in COLUMNS)).where(
            d.book_id == book_id, d.basis == basis, d.on <= day, *since
        )
    ]
    if before is not None:
        parts.append(
            select(*(t[name] for name in COLUMNS)).where(
                t.book_id == book_id, t.basis == basis, t.on == before
            )
        )
    rows = union_all(*parts).subquery("rows")
    return _summed(rows.c, literal(basis, Text()), literal(day, Date()))


def histogram(book_id: UUID, basis: str) -> Select[Any]:
    """How many deltas each day has."""
    c = days.c
    return (
        select(c.on, func.count()).where(c.book_id == book_id, c.basis == basis).group_by(c.on).order_by(c.on)
    )


def bodies_of(book_id: UUID) -> Select[Any]:
    """The spells of the Party organizations that count, in `BODY_COLUMNS`."""
    b = party_organizations.c
    return select(literal(book_id, Uuid()), b.id, b.founded_on, b.dissolved_on, b.division_code).where(
        b.counts_as_primary
    )


def is_one_of(ids: Sequence[UUID]) -> ColumnElement[bool]:
    """Of all Party organizations some."""
    return party_organizations.c.id == func.any(ids)


def organizations_after(last: UUID, most: int) -> Select[Any]:
    """The next organizations by id."""
    o = organizations.c
    return select(o.id).where(o.id > last).order_by(o.id).limit(most)


def some_of(table: Any, book_id: UUID, most: int) -> ColumnElement[bool]:
    """So many rows of a book, by their place in the table."""
    there, place = table.alias("there"), literal_column("there.ctid", Text())
    rows = select(place).select_from(there).where(there.c.book_id == book_id).limit(most)
    return literal_column(f"{table.name}.ctid", Text()) == func.any(func.array(rows.scalar_subquery()))
