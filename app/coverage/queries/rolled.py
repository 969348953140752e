"""Coverage read from roll-ups: the sums of the last checkpoint, the days since, and what was written since
the worker last came round, each marked organization counted from its rows. One statement, one snapshot."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    not_,
    null,
    or_,
    select,
    true,
    union_all,
)

from app.core.marks import ORGANIZATION, PARTY_ORGANIZATION, Mark
from app.core.work import Work
from app.coverage.models import Book, Checkpoint, body_spells, days, deltas, spells, totals
from app.coverage.queries import counts
from app.coverage.queries.counts import Figures
from app.coverage.queries.lens import Lens
from app.coverage.queries.rulebook import MARKS_MOST, Shelf
from app.coverage.queries.truth import Truth
from app.coverage.rules import FLAGS, MEASURES, CoverageBasis, LinesBy, RateCode

BODIES = "bodies"
_ORGANIZATIONS, _STATE = "organizations", "state"
_BEFORE = literal_column("'-infinity'::date", Date())


@dataclass(frozen=True, slots=True)
class Rolled:
    """The figures of every line that has any, and how many Party organizations each has."""

    counted: dict[str | None, Figures]
    bodies: dict[str | None, int]


async def rolled(work: Work, lens: Lens, rates: Sequence[RateCode], by: LinesBy) -> Rolled | None:
    """The answer from roll-ups; None where there are none for this question, or too much waits."""
    shelf, question = lens.question.shelf, lens.question
    if shelf is None or by is LinesBy.BODY or not shelf.fits(question.counting, question.day):
        return None
    found = await _read(work, lens, by, marked=shelf.waiting > 0)
    if found is not None and found[1] and not shelf.waiting:
        found = await _read(work, lens, by, marked=True)  # written a moment ago
    if found is None or found[1] > MARKS_MOST:
        return None
    organizations = {
        row["line"]: counts.summed(row, lens.question, rates)
        for row in found[0]
        if row["what"] == _ORGANIZATIONS and row["organizations"]
    }
    bodies = {
        row["line"]: row["organizations"]
        for row in found[0]
        if row["what"] == BODIES and row["organizations"]
    }
    return Rolled(organizations, bodies)


async def _read(work: Work, lens: Lens, by: LinesBy, *, marked: bool) -> tuple[list[Any], int] | None:
    """The rows of lines, and how much was marked in their snapshot; None when the roll-ups are gone."""
    q = lens.question
    asked = _Asked(
        q.division.code if q.division else None, q.child, q.direct, q.basis, q.kind, q.day, by, q.shelf, lens
    )
    statement = _statement(lens, by, marked=True) if marked else _plain(asked)
    rows = (await work.execute(statement)).mappings().all()
    state = next(row for row in rows if row["what"] == _STATE)
    if not state["organizations"]:
        return None
    return [row for row in rows if row["what"] != _STATE], state["covered"]


@dataclass(frozen=True, slots=True)
class _Asked:
    """All on which the statement depends when nothing is marked, and a lens to make it with."""

    division: str | None
    child: str | None
    direct: bool
    basis: CoverageBasis
    kind: str | None
    day: date
    by: LinesBy
    shelf: Shelf | None
    lens: Lens = field(compare=False)


@functools.lru_cache(maxsize=256)
def _plain(asked: _Asked) -> Any:
    """The statement of a question that is asked again and again: to make it takes as long as to answer it."""
    return _statement(asked.lens, asked.by, marked=False)


def _statement(lens: Lens, by: LinesBy, *, marked: bool) -> Any:
    """Sums by line of organizations and of bodies, and one row on the roll-ups themselves."""
    shelf = lens.question.shelf
    book = (
        select(Book.id).where(Book.state == "ready", Book.fingerprint == (shelf.fingerprint if shelf else ""))
    ).cte("book")
    parts = [_lines(lens, by, book, marked=marked), _lines_of_bodies(lens, by, book, marked=marked)]
    if marked:
        parts.append(_marked_organizations(lens, by))
        parts.append(_marked_bodies(lens, by))
    lines = union_all(*parts).subquery("lines_of_all")
    c = lines.c
    sums = select(c.what, c.line, *(func.sum(c[name]).label(name) for name in MEASURES)).group_by(
        c.what, c.line
    )
    waiting = select(Mark.id).limit(MARKS_MOST + 1).subquery()
    state = [
        select(func.count()).select_from(book).scalar_subquery(),
        select(func.count()).select_from(waiting).scalar_subquery(),
        *(literal_column("0") for _ in MEASURES[2:]),
    ]
    return union_all(sums, select(_word(_STATE), cast(null(), Text), *state))


def _word(word: str) -> ColumnElement[str]:
    return literal_column(f"'{word}'::text", Text()).label("what")


# ------------------------------------------------------------------------------------------- what is summed


def _lines(lens: Lens, by: LinesBy, book: Any, *, marked: bool) -> Any:
    """Organizations by line: what is rolled up, without those that are marked."""
    q = lens.question
    parts = _sums(lens, q.basis.value, book)
    if marked:
        s = spells.c
        place = s[f"{q.basis.value}_code"]
        measures = Truth.over(None, s).measures()
        parts.append(
            select(
                func.coalesce(place, "").label("place"),
                s.kind,
                *(case((measures[name], -1), else_=0).label(name) for name in MEASURES),
            ).where(_stored(lens, s, s.organization_id, book, ORGANIZATION))
        )
    rows = union_all(*parts).subquery("rolled")
    kind = rows.c.kind if by is LinesBy.KIND else cast(null(), Text)
    return _by_line(lens, by, rows, kind, _ORGANIZATIONS)


def _lines_of_bodies(lens: Lens, by: LinesBy, book: Any, *, marked: bool) -> Any:
    """Party organizations by line, likewise."""
    parts = _sums(lens, BODIES, book)
    if marked:
        s = body_spells.c
        parts.append(
            select(s.division_code, literal_column("''"), literal_column("-1")).where(
                _stored(lens, s, s.party_organization_id, book, PARTY_ORGANIZATION)
            )
        )
    rows = union_all(*parts).subquery("rolled_bodies")
    return _by_line(lens, by, rows, cast(null(), Text), BODIES)


def _measures(what: str) -> Sequence[str]:
    """What is summed: of bodies only their number."""
    return MEASURES[:1] if what == BODIES else MEASURES


def _sums(lens: Lens, basis: str, book: Any) -> list[Any]:
    """The last checkpoint, the days since then, and the deltas that are not yet summed."""
    here = select(book.c.id).scalar_subquery()
    reached = (
        select(func.max(Checkpoint.on))
        .where(Checkpoint.book_id == here, Checkpoint.basis == basis, Checkpoint.on <= lens.day)
        .scalar_subquery()
    )
    found = []
    for table, on in (
        (totals, totals.c.on == reached),
        (days, and_(days.c.on > func.coalesce(reached, _BEFORE), days.c.on <= lens.day)),
        (deltas, deltas.c.on <= lens.day),
    ):
        c = table.c
        found.append(
            select(c.place, c.kind, *(c[name] for name in _measures(basis))).where(
                c.book_id == here, c.basis == basis, on
            )
        )
    return found


def _stored(lens: Lens, spell: Any, subject: Any, book: Any, kind: str) -> ColumnElement[bool]:
    """What the roll-ups have of marked subjects on the day."""
    marked = select(Mark.subject_id).where(Mark.subject_type == kind)
    return and_(
        spell.book_id == select(book.c.id).scalar_subquery(),
        subject == func.any(func.array(marked.scalar_subquery())),
        spell.since <= lens.day,
        or_(spell.until.is_(None), spell.until > lens.day),
    )


def _by_line(lens: Lens, by: LinesBy, rows: Any, kind: Any, what: str) -> Any:
    """Sums by place first, of which there are some thousands; then by the line under which a place lies."""
    q = lens.question
    places = (
        select(
            rows.c.place,
            kind.label("kind"),
            *(cast(func.sum(rows.c[name]), Integer).label(name) for name in _measures(what)),
        )
        .where(true() if q.kind is None or what == BODIES else rows.c.kind == q.kind)
        .group_by(rows.c.place, kind)
        .subquery(f"places_of_{what}")
    )
    place, inside = places.c.place, []
    if q.division is not None:
        inside.append(lens.within(place, q.division.code))
        if q.child is not None:
            inside.append(lens.within(place, q.child))
        if q.direct:
            inside.append(not_(lens.below_a_child(place, q.division.code)))
    source: Any = places
    line: Any = places.c.kind
    if by is LinesBy.DIVISION and q.division is not None:
        child = lens.below_each_child
        source, line = places.outerjoin(child, child.c.below == place), child.c.line
    sums = (cast(func.sum(places.c[name]), Integer).label(name) for name in _measures(what))
    rest: Any = (literal_column("0").label(name) for name in MEASURES[len(_measures(what)) :])
    return (
        select(_word(what), line.label("line"), *sums, *rest)
        .select_from(source)
        .where(*inside)
        .group_by(line)
    )


# --------------------------------------------------------------------------------- what waits to be rolled up


def _waiting(kind: str) -> Any:
    return (
        select(Mark.subject_id.label("id"))
        .where(Mark.subject_type == kind)
        .distinct()
        .subquery(f"marked_{kind}")
    )


def _marked_organizations(lens: Lens, by: LinesBy) -> Any:
    """Marked organizations counted from their rows."""
    rows = counts.counted(lens, FLAGS, by, _waiting(ORGANIZATION))
    measures = Truth.over(None, rows.c).measures()
    sums = (func.count().filter(measures[name]).label(name) for name in MEASURES)
    return select(_word(_ORGANIZATIONS), rows.c.line, *sums).group_by(rows.c.line)


def _marked_bodies(lens: Lens, by: LinesBy) -> Any:
    by = LinesBy.NONE if by is LinesBy.KIND else by
    found = counts.bodies(lens, by, _waiting(PARTY_ORGANIZATION)).subquery("marked_bodies")
    none: Any = (literal_column("0") for _ in MEASURES[1:])
    return select(_word(BODIES), found.c.line, found.c.bodies, *none)
