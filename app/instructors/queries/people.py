"""Instructors: one, lists, history, figures. Ciphertext is never selected here; masks are stored."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Numeric, Select, cast, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import DATERANGE

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.instructors import errors
from app.instructors.models import Assessment, Assignment, Instructor, Visit
from app.instructors.queries.tables import authorities, divisions, members, organizations, party_organizations
from app.instructors.schemas import (
    FiguresQuery,
    InstructionFigures,
    InstructorFilters,
    InstructorHistory,
    InstructorRead,
)

_READ, _DECIDE = Permission.INSTRUCTOR_READ, Permission.INSTRUCTOR_DECIDE
I, A, V = Instructor, Assignment, Visit  # noqa: E741
KNOWN = func.upper_inf(A.recorded)


def visible(scope: Scope) -> ColumnElement[bool]:
    """Instructors in a scope: by where they serve (块), by the body that manages them (条), or by either."""
    return access.reach(scope, I.division_code, I.party_organization_id, row_id=I.id)


async def get_for_update(work: Work, instructor_id: UUID, permission: Permission = _DECIDE) -> Instructor:
    """An instructor in the scope of a permission, locked. Raises `InstructorNotFound`."""
    found = await several_for_update(work, [instructor_id], permission)
    return found[instructor_id]


async def several_for_update(
    work: Work, ids: Iterable[UUID], permission: Permission = _DECIDE
) -> dict[UUID, Instructor]:
    """Instructors in the scope of a permission, locked in the order of their ids. Raises
    `InstructorNotFound` if one is missing."""
    wanted = set(ids)
    found = await work.scalars(
        select(I)
        .where(I.id.in_(wanted), visible(work.actor.scope(permission)))
        .order_by(I.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    by_id = {row.id: row for row in found}
    if len(by_id) < len(wanted):
        raise errors.InstructorNotFound
    return by_id


async def member_in_scope(work: Work, member_id: UUID) -> bool:
    """Whether a member lies in sight of row-level security and in the scope of the caller."""
    m = members.c
    inside = access.reach(work.actor.scope(_DECIDE), m.division_code, m.party_organization_id, row_id=m.id)
    return await work.scalar(select(m.id).where(m.id == member_id, inside)) is not None


async def body_in_scope(work: Work, body_id: UUID | None, permission: Permission = _DECIDE) -> bool:
    """Whether an active body lies in the caller's scope."""
    b = party_organizations.c
    inside = access.reach(work.actor.scope(permission), b.division_code, b.id, row_id=b.id)
    return await work.scalar(select(b.id).where(b.id == body_id, b.status == "active", inside)) is not None


async def division_in_scope(work: Work, code: str, body_id: UUID) -> bool:
    """Whether an instructor of a body may serve a division: the caller's own, or one of the body's."""
    scope, d, b = work.actor.scope(_DECIDE), divisions.c, party_organizations.c
    if scope.national:
        inside: ColumnElement[bool] = true()
    else:
        own = select(b.division_code).where(b.id == body_id).scalar_subquery()
        closure = access.division_closure.c
        below = select(closure.descendant_code).where(
            closure.ancestor_code == own, closure.valid.op("@>")(access.today_sql())
        )
        inside = or_(access.within_divisions(d.code, scope.divisions), d.code.in_(below))
    return await work.scalar(select(d.code).where(d.code == code, inside)) is not None


async def division_visible(work: Work, code: str) -> bool:
    """Whether a division lies in the caller's scope to decide."""
    scope = work.actor.scope(_DECIDE)
    inside = true() if scope.national else access.within_divisions(divisions.c.code, scope.divisions)
    return await work.scalar(select(divisions.c.code).where(divisions.c.code == code, inside)) is not None


async def authority_exists(work: Work, authority_id: UUID) -> bool:
    """Whether there is such an authority."""
    return (await work.scalar(select(authorities.c.id).where(authorities.c.id == authority_id))) is not None


def held(day: Any) -> ColumnElement[int]:
    """How many organizations an instructor serves on a day, as known now."""
    return (
        select(func.count())
        .where(A.instructor_id == I.id, KNOWN, A.valid.op("@>")(day))
        .correlate(I)
        .scalar_subquery()
    )


async def read(work: Work, instructor_id: UUID, *, status: int = 200) -> Response:
    """One instructor, masked."""
    return await reads.one(
        work,
        _instructors(work).where(I.id == instructor_id),
        shape=InstructorRead,
        missing=errors.InstructorNotFound,
        status=status,
    )


async def page(work: Work, filters: InstructorFilters) -> Response:
    """Instructors in sight, masked, by division."""
    conditions: list[Any] = [
        column == value
        for column, value in ((I.kind, filters.kind), (I.source, filters.source))
        if value is not None
    ]
    if filters.division is not None:
        conditions.append(access.within_divisions(I.division_code, [filters.division]))
    if filters.party_organization_id is not None:
        conditions.append(access.within_bodies(I.party_organization_id, [filters.party_organization_id]))
    if filters.serving is not None:
        serving = I.term.op("@>")(access.today_sql())
        conditions.append(serving if filters.serving else ~serving)
    if filters.free is not None:
        room = held(access.today_sql()) < I.capacity
        conditions.append(room if filters.free else ~room)
    return await reads.page(
        work,
        _instructors(work).where(*conditions),
        shape=InstructorRead,
        filters=filters,
        sort=(I.division_code, I.id),
    )


def _instructors(work: Work) -> Select[Any]:
    body, place, home = party_organizations.c, divisions.c, authorities.c
    serving = func.upper(I.term) > access.today_sql()
    return (
        select(
            I.id,
            I.member_id,
            I.name_mask.label("name"),
            I.phone_mask.label("phone"),
            I.kind,
            I.source,
            I.origin,
            I.batch,
            I.home_unit,
            reads.ref(home.id, home.name).label("home_authority"),
            func.to_json(I.industries).label("industries"),
            func.to_json(I.duties).label("duties"),
            reads.ref(body.id, body.name).label("party_organization"),
            reads.code_ref(I.division_code, place.name).label("division"),
            func.lower(I.term).label("from_on"),
            func.upper(I.term).label("until_on"),
            I.capacity,
            held(access.today_sql()).label("held"),
            I.document,
            I.ended_on,
            I.ended_reason,
            I.created_at,
            I.updated_at,
            reads.etag(I.version),
            reads.actions(
                work,
                {
                    "update": (_DECIDE, I.ended_on.is_(None)),
                    "renew": (_DECIDE, I.ended_on.is_(None)),
                    "assign": (_DECIDE, serving),
                    "hand_over": (_DECIDE, serving),
                    "assess": (_DECIDE, None),
                    "end": (_DECIDE, I.ended_on.is_(None)),
                    "record_visit": (Permission.INSTRUCTOR_RECORD, None),
                    "reveal": (Permission.INSTRUCTOR_REVEAL, None),
                },
                read=_READ,
                visible=visible,
            ),
        )
        .join(party_organizations, body.id == I.party_organization_id)
        .join(divisions, place.code == I.division_code)
        .outerjoin(authorities, home.id == I.home_authority_id)
        .where(visible(work.actor.scope(_READ)))
    )


async def history(work: Work, instructor_id: UUID) -> Response:
    """Whom an instructor served, as known now, and how they were judged."""
    seen = visible(work.actor.scope(_READ))
    if await work.scalar(select(I.id).where(I.id == instructor_id, seen)) is None:
        raise errors.InstructorNotFound
    o = organizations.c
    served = (
        select(
            A.assignment_id.label("id"),
            reads.ref(o.id, o.name).label("organization"),
            func.lower(A.valid).label("from_on"),
            func.upper(A.valid).label("until_on"),
            A.ended_reason,
        )
        .join(organizations, o.id == A.organization_id)
        .where(A.instructor_id == instructor_id, KNOWN)
    )
    judged: Any = select(
        Assessment.id,
        Assessment.kind,
        Assessment.year,
        Assessment.grade,
        Assessment.outcome,
        Assessment.note,
        Assessment.assessed_on,
    ).where(Assessment.instructor_id == instructor_id)
    found: Any = await work.execute(
        select(reads.array_of(served, "from_on", "id"), reads.array_of(judged, "year", "kind"))
    )
    assignments, assessments = found.one()
    return await reads.derived(
        work, {"assignments": assignments, "assessments": assessments}, shape=InstructorHistory
    )


async def figures(work: Work, query: FiguresQuery) -> Response:
    """What the instructors of a place hold and did, in one statement."""
    day = query.as_of or work.today
    conditions = [visible(work.actor.scope(_READ))]
    if query.division is not None:
        conditions.append(access.within_divisions(I.division_code, [query.division]))
    if query.party_organization_id is not None:
        conditions.append(access.within_bodies(I.party_organization_id, [query.party_organization_id]))
    mine = select(I.id, I.kind, I.capacity, I.home_unit, I.term).where(*conditions).cte("mine")
    on = literal(day)
    loads = (
        select(A.instructor_id, func.count().label("load"))
        .where(A.instructor_id.in_(select(mine.c.id)), KNOWN, A.valid.op("@>")(on))
        .group_by(A.instructor_id)
        .cte("loads")
    )
    serving = mine.c.term.op("@>")(on)
    people: Any = (
        select(
            func.count().filter(mine.c.kind == "instructor").label("instructors"),
            func.count().filter(mine.c.kind == "liaison_officer").label("liaison_officers"),
            func.count(mine.c.home_unit.distinct()).label("home_units"),
            func.coalesce(func.sum(loads.c.load), 0).label("assignments"),
            func.count().filter(loads.c.load >= mine.c.capacity).label("at_capacity"),
            cast(func.round(func.avg(func.coalesce(loads.c.load, 0)), 2), Numeric(9, 2)).label(
                "average_load"
            ),
        )
        .select_from(mine.outerjoin(loads, loads.c.instructor_id == mine.c.id))
        .where(serving)
        .subquery("people")
    )
    served = (
        select(func.count(A.organization_id.distinct()))
        .where(A.instructor_id.in_(select(mine.c.id)), KNOWN, A.valid.op("@>")(on))
        .scalar_subquery()
    )
    made = [V.instructor_id.in_(select(mine.c.id)), V.held_on <= day]
    if query.from_on is not None:
        made.append(V.held_on >= query.from_on)
    met: Any = (
        select(
            func.count(V.organization_id.distinct()).label("organizations_contacted"),
            func.count().filter(V.kind == "visit").label("visits"),
            func.count().label("contacts"),
            func.coalesce(func.sum(V.members_found), 0).label("members_found"),
            func.count()
            .filter(V.follow_up.is_not(None), V.follow_up_done_on.is_(None))
            .label("follow_ups_open"),
        )
        .where(*made)
        .subquery("met")
    )
    found = await work.execute(
        select(people, met, served.label("organizations")).select_from(people.join(met, true()))
    )
    row: dict[str, Any] = dict(found.mappings().one())
    row["average_load"] = None if row["average_load"] is None else str(row["average_load"])
    return await reads.derived(work, InstructionFigures(as_of=day, **row))


def spell(since: date, until: date) -> ColumnElement[Any]:
    """The days of an assignment as the database compares them."""
    return cast(func.daterange(since, until), DATERANGE)
