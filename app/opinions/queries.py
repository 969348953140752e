"""Matters, rights and consultations in the caller's scope."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, Text, Uuid, and_, column, func, or_, select, table, true
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.opinions import errors
from app.opinions.models import AttendanceRight, Consultation, Matter
from app.opinions.schemas import (
    AttendanceRightFilters,
    AttendanceRightRead,
    ConsultationFilters,
    ConsultationRead,
    MatterCountsQuery,
    MatterFilters,
    MatterRead,
)

_C = Text(collation="C")
divisions = table("divisions", column("code", _C), column("name", Text()))
party_organizations = table(
    "party_organizations", column("id", Uuid()), column("name", Text()), column("division_code", _C)
)
organizations = table(
    "organizations", column("id", Uuid()), column("name", Text()), column("division_code", _C)
)


def _link(name: str) -> Any:
    return table(
        name,
        column("organization_id", Uuid()),
        column("party_organization_id", Uuid()),
        column("valid", DATERANGE),
        column("recorded", TSTZRANGE),
    )


covers, responsibilities = _link("party_organization_covers"), _link("responsibilities")
_READ, _RECORD = Permission.PARTY_ORGANIZATION_READ, Permission.PARTY_ORGANIZATION_RECORD
O, B = organizations.c, party_organizations.c  # noqa: E741 (the organization)
M, A, C = Matter, AttendanceRight, Consultation
Row = type[Matter] | type[AttendanceRight] | type[Consultation]


def visible(row: Row, scope: Scope) -> ColumnElement[bool]:
    """Rows of Party organizations in a scope."""
    return access.reach(scope, row.division_code, row.party_organization_id, row_id=row.id)


async def body_division(work: Work, body_id: UUID) -> str:
    """The division of a body in scope. Raises `OpinionBodyNotFound`."""
    scope = work.actor.scope(_RECORD)
    found = await work.scalar(
        select(B.division_code).where(
            B.id == body_id, access.reach(scope, B.division_code, B.id, row_id=B.id)
        )
    )
    if found is None:
        raise errors.OpinionBodyNotFound
    return str(found)


async def is_known(work: Work, organization_id: UUID, body_id: UUID) -> bool:
    """Whether an organization lies in the scope's divisions, or a body covers or answers for it today."""
    scope = work.actor.scope(_RECORD)

    def by(link: Any) -> Any:
        return select(link.c.organization_id).where(
            link.c.party_organization_id == body_id,
            link.c.valid.op("@>")(access.today_sql()),
            func.upper_inf(link.c.recorded),
        )

    inside = true() if scope.national else access.within_divisions(O.division_code, scope.divisions)
    linked = O.id.in_(by(covers).union(by(responsibilities)))
    found = await work.scalar(select(O.id).where(O.id == organization_id, or_(inside, linked)))
    return found is not None


async def matter_for_update(work: Work, matter_id: UUID) -> Matter:
    """A matter in scope, locked. Raises `MatterNotFound`."""
    found: Matter | None = await work.scalar(
        select(M).where(M.id == matter_id, visible(M, work.actor.scope(_RECORD))).with_for_update()
    )
    if found is None:
        raise errors.MatterNotFound
    return found


async def right_for_update(work: Work, right_id: UUID) -> AttendanceRight:
    """A right in scope, locked. Raises `AttendanceRightNotFound`."""
    found: AttendanceRight | None = await work.scalar(
        select(A).where(A.id == right_id, visible(A, work.actor.scope(_RECORD))).with_for_update()
    )
    if found is None:
        raise errors.AttendanceRightNotFound
    return found


async def right_held(work: Work, right_id: UUID, matching: Consultation, on: date) -> bool:
    """Whether a right between the same two ran on a day."""
    found = await work.scalar(
        select(A.id).where(
            A.id == right_id,
            A.organization_id == matching.organization_id,
            A.party_organization_id == matching.party_organization_id,
            A.valid.contains(on),
        )
    )
    return found is not None


def _named(row: Row) -> list[Any]:
    return [
        reads.ref(O.id, O.name).label("organization"),
        reads.ref(B.id, B.name).label("party_organization"),
        reads.code_ref(row.division_code, divisions.c.name).label("division"),
    ]


def _placed(work: Work, row: Row, statement: Select[Any]) -> Select[Any]:
    return (
        statement.join(organizations, O.id == row.organization_id)
        .join(party_organizations, B.id == row.party_organization_id)
        .join(divisions, divisions.c.code == row.division_code)
        .where(visible(row, work.actor.scope(_READ)))
    )


def _asked(row: Row, filters: Any) -> list[ColumnElement[bool]]:
    conditions = access.lies_in(
        division=row.division_code,
        divisions=[filters.division] if filters.division else [],
        body=row.party_organization_id,
        bodies=[filters.party_organization_id] if filters.party_organization_id else [],
    )
    organization_id = getattr(filters, "organization_id", None)
    if organization_id is not None:
        conditions.append(row.organization_id == organization_id)
    return conditions


# ------------------------------------------------------------------------------------------------- matters


def _matters(work: Work) -> Select[Any]:
    statement = select(
        M.id,
        *_named(M),
        M.kind,
        M.subject,
        M.amount,
        M.asked_on,
        M.state,
        M.opinion,
        M.opinion_on,
        M.opinion_text,
        M.opinion_document,
        M.outcome,
        M.decided_on,
        M.decision_document,
        reads.etag(M.version),
        reads.actions(
            work,
            {
                "give_opinion": (_RECORD, M.state == "pending"),
                "record_outcome": (_RECORD, M.state != "decided"),
            },
            read=_READ,
            visible=lambda scope: visible(M, scope),
        ),
    )
    return _placed(work, M, statement)


async def read_matter(work: Work, matter_id: UUID, *, status: int = 200) -> Response:
    """One matter."""
    statement = _matters(work).where(M.id == matter_id)
    return await reads.one(work, statement, shape=MatterRead, missing=errors.MatterNotFound, status=status)


async def page_matters(work: Work, filters: MatterFilters) -> Response:
    """Matters in sight, the latest first."""
    conditions = _asked(M, filters)
    if filters.kind is not None:
        conditions.append(M.kind == filters.kind)
    if filters.state is not None:
        conditions.append(M.state == filters.state)
    if filters.prior_opinion is not None:
        given = M.opinion.is_not(None) if filters.prior_opinion else M.opinion.is_(None)
        conditions += [M.state == "decided", given]
    return await reads.page(
        work,
        _matters(work).where(*conditions),
        shape=MatterRead,
        filters=filters,
        sort=(M.id,),
        descending=True,
    )


async def counted(work: Work, query: MatterCountsQuery) -> Sequence[tuple[str, int, int, int]]:
    """By kind: decided with a prior opinion, decided, and opinions that were adopted. What the organization
    withdrew was not decided."""
    given = M.opinion.is_not(None)
    adopted = and_(given, M.outcome.in_(["adopted", "partly_adopted"]))
    conditions = [*_asked(M, query), M.state == "decided", M.outcome != "withdrawn"]
    if query.decided_from is not None:
        conditions.append(M.decided_on >= query.decided_from)
    if query.decided_until is not None:
        conditions.append(M.decided_on < query.decided_until)
    rows: Any = await work.execute(
        select(M.kind, func.count().filter(given), func.count(), func.count().filter(adopted))
        .where(visible(M, work.actor.scope(_READ)), *conditions)
        .group_by(M.kind)
    )
    return [tuple(row) for row in rows]


# -------------------------------------------------------------------------------- rights and consultations


def _rights(work: Work) -> Select[Any]:
    attended = select(func.count()).where(C.right_id == A.id).correlate(AttendanceRight)
    running = A.valid.op("@>")(access.today_sql())
    statement = select(
        A.id,
        *_named(A),
        A.role,
        A.council,
        A.document,
        func.lower(A.valid).label("from_on"),
        func.upper(A.valid).label("until_on"),
        attended.scalar_subquery().label("attended"),
        reads.etag(A.version),
        reads.actions(work, {"end": (_RECORD, running)}, read=_READ, visible=lambda scope: visible(A, scope)),
    )
    return _placed(work, A, statement)


async def read_right(work: Work, right_id: UUID, *, status: int = 200) -> Response:
    """One right."""
    statement = _rights(work).where(A.id == right_id)
    return await reads.one(
        work, statement, shape=AttendanceRightRead, missing=errors.AttendanceRightNotFound, status=status
    )


async def page_rights(work: Work, filters: AttendanceRightFilters) -> Response:
    """Rights in sight."""
    conditions = _asked(A, filters)
    if filters.current is not None:
        running = A.valid.op("@>")(access.today_sql())
        conditions.append(running if filters.current else ~running)
    return await reads.page(
        work,
        _rights(work).where(*conditions),
        shape=AttendanceRightRead,
        filters=filters,
        sort=(A.division_code, A.id),
    )


def _consultations(work: Work) -> Select[Any]:
    statement = select(C.id, *_named(C), C.kind, C.right_id, C.held_on, C.subject, C.result, C.document)
    return _placed(work, C, statement)


async def read_consultation(work: Work, consultation_id: UUID) -> Response:
    """A record as it was just written."""
    statement = _consultations(work).where(C.id == consultation_id)
    return await reads.one(work, statement, shape=ConsultationRead, status=201)


async def page_consultations(work: Work, filters: ConsultationFilters) -> Response:
    """Records in sight, the latest first."""
    conditions = _asked(C, filters)
    if filters.kind is not None:
        conditions.append(C.kind == filters.kind)
    return await reads.page(
        work,
        _consultations(work).where(*conditions),
        shape=ConsultationRead,
        filters=filters,
        sort=(C.held_on, C.id),
        descending=True,
    )
