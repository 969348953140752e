"""What suggestions are made of: blank spots without an instructor, and instructors with room."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, literal, not_, or_, select

from app.core import access
from app.core.work import Work
from app.instructors.models import Assignment, Instructor
from app.instructors.queries.people import KNOWN, held
from app.instructors.queries.tables import (
    authorities,
    covers,
    organization_periods,
    organizations,
    party_organizations,
)
from app.instructors.rules import Candidate, Offer

I, A = Instructor, Assignment  # noqa: E741


async def blank_spots(
    work: Work, division: str, day: date, *, kinds: Sequence[str], active: Sequence[str], teams: Sequence[str]
) -> list[Offer]:
    """Organizations registered in a division that neither a Party organization nor a work team covers on a
    day, and that no instructor serves then: what `GET /coverage/blank-spots` lists."""
    p, o, c, b = organization_periods.c, organizations.c, covers.c, party_organizations.c
    covered = exists(
        select(literal(1))
        .select_from(covers.join(party_organizations, b.id == c.party_organization_id))
        .where(
            c.organization_id == o.id,
            c.valid.op("@>")(day),
            func.upper_inf(c.recorded),
            or_(b.counts_as_primary, b.kind.in_(list(teams))),
        )
        .correlate(organizations)
    )
    served = exists(
        select(literal(1))
        .where(A.organization_id == o.id, KNOWN, A.valid.op("@>")(day))
        .correlate(organizations)
    )
    rows: Any = await work.execute(
        select(
            o.id,
            o.division_code,
            o.industry,
            o.supervisory_unit_id,
            o.industry_authority_id,
            o.registration_authority_id,
        )
        .join(organization_periods, p.organization_id == o.id)
        .where(
            p.valid.op("@>")(day),
            func.upper_inf(p.recorded),
            p.registration_status.in_(list(active)),
            p.kind.in_(list(kinds)),
            access.within_divisions(p.division_code, [division], day),
            not_(covered),
            not_(served),
        )
        .order_by(o.id)
    )
    found = rows.all()
    paths = await _paths(work, {row.division_code for row in found}, day)
    return [
        Offer(
            row.id,
            paths.get(row.division_code, ()),
            row.industry,
            frozenset(each for each in row[3:] if each),
        )
        for row in found
    ]


async def candidates(work: Work, division: str, day: date) -> list[Candidate]:
    """Instructors with room on a day who serve the division, one below it, or one above it."""
    inside = access.within_divisions(I.division_code, [division], day)
    closure = access.division_closure.c
    above = select(closure.ancestor_code).where(
        closure.descendant_code == division, closure.valid.op("@>")(day)
    )
    load = held(day).label("load")
    rows: Any = await work.execute(
        select(
            I.id,
            I.division_code,
            func.coalesce(authorities.c.division_code, I.division_code).label("home"),
            I.industries,
            I.home_authority_id,
            I.capacity,
            load,
        )
        .outerjoin(authorities, authorities.c.id == I.home_authority_id)
        .where(and_(I.term.op("@>")(day), or_(inside, I.division_code.in_(above))), load < I.capacity)
        .order_by(I.id)
    )
    found = rows.all()
    paths = await _paths(work, {row.home for row in found}, day)
    return [
        Candidate(
            row.id,
            row.division_code,
            paths.get(row.home, ()),
            frozenset(row.industries),
            row.home_authority_id,
            row.load,
            row.capacity - row.load,
        )
        for row in found
    ]


async def _paths(work: Work, codes: set[str], day: date) -> dict[str, tuple[str, ...]]:
    """Each division with those above it, the nearest first."""
    closure = access.division_closure.c
    rows: Any = await work.execute(
        select(closure.descendant_code, closure.ancestor_code)
        .where(closure.descendant_code.in_(codes), closure.valid.op("@>")(day))
        .order_by(closure.descendant_code, closure.depth)
    )
    paths: dict[str, list[str]] = {}
    for code, above in rows:
        paths.setdefault(code, []).append(above)
    return {code: tuple(path) for code, path in paths.items()}


async def serves(work: Work, instructor_id: UUID, ids: Sequence[UUID], day: date) -> set[UUID]:
    """Which of these organizations somebody serves on a day already."""
    rows = await work.scalars(
        select(A.organization_id).where(
            A.organization_id.in_(list(ids)), KNOWN, A.valid.op("@>")(day), A.instructor_id != instructor_id
        )
    )
    return set(rows)
