"""Requests to establish as they are shown."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, and_, case, func, select

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.establishments.errors import EstablishmentNotFound
from app.establishments.models import (
    Establishment,
    EstablishmentBranch,
    EstablishmentOrganization,
    EstablishmentStep,
)
from app.establishments.queries.tables import bodies, divisions, organizations
from app.establishments.schemas import EstablishmentCaseRead, EstablishmentFilters

_READ = Permission.PARTY_ORGANIZATION_READ
_RECORD = Permission.PARTY_ORGANIZATION_RECORD
_DECIDE = Permission.PARTY_ORGANIZATION_DECIDE
E = Establishment


def visible(scope: Scope) -> ColumnElement[bool]:
    """Requests for a division of the scope, or to a body of it."""
    return access.reach(scope, E.division_code, E.superior_id, row_id=E.id)


OVERDUE = and_(E.state == "requested", func.coalesce(E.reply_due_on < access.today_sql(), False))


def _statement(work: Work) -> Select[Any]:
    parent, superior, made, branch = (bodies.alias(name) for name in ("parent", "superior", "made", "branch"))
    covered = (
        select(organizations.c.id, organizations.c.name)
        .join(EstablishmentOrganization, EstablishmentOrganization.organization_id == organizations.c.id)
        .where(EstablishmentOrganization.establishment_id == E.id)
        .correlate(E)
    )
    below = (
        select(branch.c.id, branch.c.name)
        .join(EstablishmentBranch, EstablishmentBranch.party_organization_id == branch.c.id)
        .where(EstablishmentBranch.establishment_id == E.id)
        .correlate(E)
    )
    s = EstablishmentStep
    steps: Any = (
        select(
            s.state,
            s.on_day.label("on"),
            s.document,
            s.reason,
            s.recorded_at,
        )
        .where(s.establishment_id == E.id)
        .order_by(s.id)
        .correlate(E)
    )
    statement: Select[Any] = (
        select(
            E.id,
            E.state,
            E.name,
            E.kind,
            E.formation,
            reads.code_ref(divisions.c.code, divisions.c.name).label("division"),
            reads.ref(parent.c.id, parent.c.name).label("parent"),
            reads.ref(superior.c.id, superior.c.name).label("superior"),
            E.industry,
            E.request_document,
            E.requested_on,
            E.reply_due_on,
            OVERDUE.label("overdue"),
            E.basis,
            E.counted,
            E.at_least,
            E.numbers,
            E.others,
            E.threshold_source,
            E.rule_pack_id,
            E.needs_election,
            E.exception_reason,
            E.exception_document,
            reads.array_of(covered, "name", "id").label("organizations"),
            reads.array_of(below, "name", "id").label("branches"),
            E.member_count,
            E.decided_on,
            E.decision_document,
            E.election,
            E.confirmed_on,
            E.confirmation_document,
            reads.ref(made.c.id, made.c.name).label("party_organization"),
            reads.array_of(steps).label("steps"),
            E.created_at,
            E.updated_at,
            reads.etag(E.version),
            reads.actions(work, _actions(), read=_READ, visible=visible),
        )
        .select_from(E)
        .join(divisions, divisions.c.code == E.division_code)
        .join(parent, parent.c.id == E.parent_id)
        .join(superior, superior.c.id == E.superior_id)
        .join(made, made.c.id == E.party_organization_id, isouter=True)
        .where(visible(work.actor.scope(_READ)))
    )
    return statement


def _actions() -> dict[str, Any]:
    asked = E.state == "requested"
    agreed = E.state == "approved"
    return {
        "approve": (_DECIDE, asked),
        "return": (_DECIDE, asked),
        "reject": (_DECIDE, asked),
        "resubmit": (_RECORD, E.state == "returned"),
        "withdraw": (_RECORD, E.state.in_(("requested", "returned", "approved"))),
        "report_election": (_RECORD, and_(agreed, E.needs_election)),
        "repeat_election": (_DECIDE, E.state == "elected"),
        "finish": (_DECIDE, case((E.needs_election, E.state == "elected"), else_=agreed)),
    }


async def read(work: Work, establishment_id: UUID, *, status: int = 200) -> Response:
    """One request. Raises `EstablishmentNotFound`."""
    await work.session.flush()
    return await reads.one(
        work,
        _statement(work).where(E.id == establishment_id),
        shape=EstablishmentCaseRead,
        missing=EstablishmentNotFound,
        status=status,
    )


async def page(work: Work, filters: EstablishmentFilters) -> Response:
    """Requests in scope, by division and id."""
    conditions = [
        column == value
        for column, value in ((E.state, filters.state), (E.kind, filters.kind))
        if value is not None
    ]
    conditions += access.lies_in(
        division=E.division_code,
        divisions=[filters.division] if filters.division else [],
        body=E.superior_id,
        bodies=[filters.superior] if filters.superior else [],
    )
    if filters.overdue is not None:
        conditions.append(OVERDUE if filters.overdue else ~OVERDUE)
    if filters.organization_id is not None:
        o = EstablishmentOrganization
        named = select(o.establishment_id).where(o.organization_id == filters.organization_id)
        conditions.append(E.id.in_(named))
    return await reads.page(
        work,
        _statement(work).where(*conditions),
        shape=EstablishmentCaseRead,
        filters=filters,
        sort=(E.division_code, E.id),
    )
