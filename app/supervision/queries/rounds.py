"""Rounds: lists, one, the row to change, and what all of them add up to."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, and_, func, select, true

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.supervision import errors
from app.supervision.models import Finding, Round, TeamMember, Unit, Visit
from app.supervision.queries.tables import divisions
from app.supervision.queries.targets import body_ref, instructor_name, person_of, subject_of, user_name
from app.supervision.rules import SupervisionKind
from app.supervision.schemas import (
    SupervisionFigures,
    SupervisionFiguresQuery,
    SupervisionRoundFilters,
    SupervisionRoundListItem,
    SupervisionRoundRead,
)

_READ, _DECIDE, _RECORD = (
    Permission.SUPERVISION_READ,
    Permission.SUPERVISION_DECIDE,
    Permission.SUPERVISION_RECORD,
)
R, T, U, V, F = Round, TeamMember, Unit, Visit, Finding


def visible(scope: Scope) -> ColumnElement[bool]:
    """Rounds of a division or a body in scope."""
    return access.reach(scope, R.division_code, R.party_organization_id, row_id=R.id)


async def get_for_update(work: Work, round_id: UUID, permission: Permission) -> Round:
    """A round in scope, held until the end. Raises `RoundNotFound`."""
    found: Round | None = await work.scalar(
        select(R)
        .where(R.id == round_id, visible(work.actor.scope(permission)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.RoundNotFound
    return found


async def unit_of(work: Work, round_id: UUID, unit_id: UUID) -> Unit:
    """A unit of a round. Raises `UnitNotFound`."""
    found: Unit | None = await work.scalar(select(U).where(U.id == unit_id, U.round_id == round_id))
    if found is None:
        raise errors.UnitNotFound
    return found


async def units_of(work: Work, round_id: UUID) -> list[Unit]:
    """All units of a round."""
    return list(await work.scalars(select(U).where(U.round_id == round_id).order_by(U.id)))


async def read(work: Work, round_id: UUID, *, status: int = 200) -> Response:
    """One round with its team, units and visits."""
    found = select(func.count()).select_from(F).where(F.visit_id == V.id).correlate(V).scalar_subquery()
    visits = select(V.id, V.held_on, V.note, found.label("findings")).where(V.unit_id == U.id).correlate(U)
    units: Select[Any] = (
        select(
            U.id,
            subject_of(U).label("subject"),
            U.drawn,
            reads.array_of(visits, "held_on", "id").label("visits"),
        )
        .where(U.round_id == R.id)
        .correlate(R)
    )
    who = person_of(
        (
            ("user", T.user_id, user_name(T.user_id)),
            ("instructor", T.instructor_id, instructor_name(T.instructor_id)),
        )
    )
    person = select(who.label("who"), T.leads, T.id).where(T.round_id == R.id).correlate(R).subquery()
    team: Select[Any] = select(
        person.c.who.op("->>")("type").label("type"),
        person.c.who.op("->>")("id").label("id"),
        person.c.who.op("->>")("name").label("name"),
        person.c.leads,
    )
    all_found = (
        select(func.count())
        .select_from(F)
        .join(V, V.id == F.visit_id)
        .where(V.round_id == R.id)
        .correlate(R)
        .scalar_subquery()
    )
    statement = _rounds(work).add_columns(
        R.document,
        reads.array_of(team, "type", "id").label("team"),
        reads.array_of(units, "drawn", "id").label("units"),
        R.sample,
        all_found.label("findings"),
        R.report,
        R.created_at,
    )
    return await reads.one(
        work,
        statement.where(R.id == round_id),
        shape=SupervisionRoundRead,
        missing=errors.RoundNotFound,
        status=status,
    )


async def page(work: Work, filters: SupervisionRoundFilters) -> Response:
    """Rounds in sight, by division."""
    conditions = access.lies_in(
        division=R.division_code,
        divisions=[filters.division] if filters.division else (),
        body=R.party_organization_id,
        bodies=[filters.party_organization_id] if filters.party_organization_id else (),
    )
    for column, value in ((R.kind, filters.kind), (R.state, filters.state)):
        if value is not None:
            conditions.append(column == value)
    return await reads.page(
        work,
        _rounds(work).where(*conditions),
        shape=SupervisionRoundListItem,
        filters=filters,
        sort=(R.division_code, R.id),
    )


def _rounds(work: Work) -> Select[Any]:
    d, is_open = divisions.c, R.state == "open"
    return (
        select(
            R.id,
            R.kind,
            R.title,
            reads.code_ref(d.code, d.name).label("division"),
            body_ref(R.party_organization_id).label("party_organization"),
            func.lower(R.period).label("from_on"),
            func.upper(R.period).label("until_on"),
            R.state,
            R.closed_on,
            reads.etag(R.version),
            reads.actions(
                work,
                {
                    "draw_sample": (_DECIDE, and_(is_open, R.sample.is_(None))),
                    "record_visit": (_RECORD, is_open),
                    "close": (_DECIDE, is_open),
                },
                read=_READ,
                visible=visible,
            ),
        )
        .join(divisions, d.code == R.division_code)
        .where(visible(work.actor.scope(_READ)))
    )


async def figures(work: Work, query: SupervisionFiguresQuery) -> Response:
    """Rounds, units, visits and findings of a place and time: two statements."""
    scope = work.actor.scope(_READ)

    def when(day: Any) -> list[Any]:
        since = [] if query.from_on is None else [day >= query.from_on]
        return since + ([] if query.until_on is None else [day < query.until_on])

    def where(column: Any) -> list[Any]:
        return [] if query.division is None else [access.within_divisions(column, [query.division])]

    rounds = [visible(scope), *where(R.division_code)]
    began = select(
        func.count().label("rounds"),
        func.count().filter(R.kind == SupervisionKind.FUND_USE).label("fund_checks"),
    ).where(*rounds, *when(func.lower(R.period)))
    unit = func.coalesce(U.organization_id, U.party_organization_id, U.authority_id)
    seen = (
        select(func.count(unit.distinct()).label("units"), func.count().label("visits"))
        .select_from(V)
        .join(U, U.id == V.unit_id)
        .join(R, R.id == V.round_id)
        .where(*rounds, *when(V.held_on))
    )
    b, s = began.subquery("began"), seen.subquery("seen")
    both = select(b, s).select_from(b.join(s, true()))
    counts: Any = (await work.execute(both)).mappings().one()
    d, still = divisions.c, F.state != "closed"
    lines: Any = await work.execute(
        select(
            F.division_code,
            d.name,
            F.kind,
            func.count().label("found"),
            *(func.count().filter(F.state == state).label(state) for state in ("open", "reported", "closed")),
            func.count().filter(still, F.due_on < access.today_sql()).label("overdue"),
        )
        .join(divisions, d.code == F.division_code)
        .where(
            access.reach(scope, F.division_code, F.body_id, row_id=F.id),
            *where(F.division_code),
            *when(F.found_on),
        )
        .group_by(F.division_code, d.name, F.kind)
        .order_by(F.division_code, F.kind)
    )
    found = [
        {
            "division": {"code": row["division_code"], "name": row["name"]},
            **{name: row[name] for name in ("kind", "found", "open", "reported", "closed", "overdue")},
        }
        for row in lines.mappings()
    ]
    return await reads.derived(work, {**counts, "findings": found}, shape=SupervisionFigures)
