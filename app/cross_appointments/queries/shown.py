"""Matches as their schemas have them."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, func, select

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.cross_appointments import errors
from app.cross_appointments.models import CrossAppointment, CrossAppointmentPeriod
from app.cross_appointments.queries.tables import bodies, divisions, organizations
from app.cross_appointments.rules import MatchState
from app.cross_appointments.schemas import CrossAppointmentFilters, CrossAppointmentRead

X, P = CrossAppointment, CrossAppointmentPeriod
_READ, _DECIDE = Permission.MEMBER_READ, Permission.MEMBER_DECIDE


def visible(scope: Scope) -> ColumnElement[bool]:
    """Matches whose body lies in a scope."""
    return access.reach(scope, X.division_code, X.party_organization_id, row_id=X.id)


def _matches(work: Work) -> Select[Any]:
    b, d, o = bodies.c, divisions.c, organizations.c
    held = select(
        P.office,
        P.is_principal,
        P.post_id,
        P.role,
        func.lower(P.valid).label("from_on"),
        func.upper(P.valid).label("until_on"),
    ).where(P.cross_appointment_id == X.id)
    return (
        select(
            X.id,
            reads.ref(o.id, o.name).label("organization"),
            reads.ref(b.id, b.name).label("party_organization"),
            reads.code_ref(X.division_code, d.name).label("division"),
            X.member_id,
            X.name_mask.label("name"),
            X.state,
            X.decided_on,
            X.reason,
            reads.array_of(held.correlate(X), "from_on", "office", "role").label("held_together"),
            reads.etag(X.version),
            reads.actions(
                work,
                {
                    "confirm": (_DECIDE, X.state != MatchState.CONFIRMED),
                    "reject": (_DECIDE, X.state != MatchState.REJECTED),
                },
                read=_READ,
                visible=visible,
            ),
        )
        .join(organizations, o.id == X.organization_id)
        .join(bodies, b.id == X.party_organization_id)
        .join(divisions, d.code == X.division_code)
        .where(visible(work.actor.scope(_READ)))
    )


async def page(work: Work, filters: CrossAppointmentFilters) -> Response:
    """Matches in sight, the latest first."""
    conditions = access.lies_in(
        division=X.division_code,
        divisions=[filters.division] if filters.division else [],
        body=X.party_organization_id,
        bodies=[filters.party_organization_id] if filters.party_organization_id else [],
    )
    equal = (
        (X.organization_id, filters.organization_id),
        (X.member_id, filters.member_id),
        (X.state, filters.state),
    )
    conditions += [column == value for column, value in equal if value is not None]
    return await reads.page(
        work,
        _matches(work).where(*conditions),
        shape=CrossAppointmentRead,
        filters=filters,
        sort=(X.id,),
        descending=True,
    )


async def read(work: Work, match_id: UUID) -> Response:
    """One match."""
    return await reads.one(
        work,
        _matches(work).where(X.id == match_id),
        shape=CrossAppointmentRead,
        missing=errors.CrossAppointmentNotFound,
    )
