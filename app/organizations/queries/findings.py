"""What people have to settle: findings, and certificates with a wrong check digit."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, and_, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSON

from app.core import reads
from app.core.access import Permission, Scope, within_divisions
from app.core.work import Work
from app.organizations.errors import CreditCodeExceptionNotFound, FindingNotFound
from app.organizations.models import CreditCodeException, Organization, OrganizationFinding
from app.organizations.queries.others import divisions
from app.organizations.queries.sight import find, listed, visible, writable
from app.organizations.schemas import (
    CreditCodeExceptionRead,
    ExceptionFilters,
    FindingFilters,
    FindingRead,
    OwnFindingFilters,
)

F, X, O = OrganizationFinding, CreditCodeException, Organization  # noqa: E741


def findings_shown(deciding: Scope) -> Select[Any]:
    """Findings as their schema has them, for a caller who decides in a scope."""
    none = cast(literal("[]"), JSON)
    closable = and_(F.state == "open", writable(deciding))
    return select(
        F.id,
        reads.ref(F.organization_id, O.name).label("organization"),
        F.kind,
        F.fact,
        F.key,
        F.state,
        F.evidence,
        F.opened_at,
        F.closed_at,
        F.closed_by,
        F.closed_reason,
        reads.etag(F.version),
        case((closable, cast(literal('["close"]'), JSON)), else_=none).label("allowed_actions"),
    ).join(O, O.id == F.organization_id)


def deciding(work: Work) -> Scope:
    """Where this caller decides."""
    return work.actor.scope(Permission.ORGANIZATION_DECIDE)


async def findings(work: Work, filters: FindingFilters) -> Response:
    """A page of findings in scope, newest first."""
    statement = findings_shown(deciding(work)).where(listed(work.actor.scope(Permission.ORGANIZATION_READ)))
    if filters.division is not None:
        statement = statement.where(within_divisions(O.division_code, [filters.division]))
    if filters.kind is not None:
        statement = statement.where(F.kind == filters.kind)
    if filters.state is not None:
        statement = statement.where(F.state == filters.state)
    return await reads.page(
        work, statement, shape=FindingRead, filters=filters, sort=(F.id,), descending=True
    )


async def own_findings(work: Work, organization_id: UUID, filters: OwnFindingFilters) -> Response:
    """A page of one organization's findings, newest first."""
    await find(work, organization_id, work.actor.scope(Permission.ORGANIZATION_READ))
    statement = findings_shown(deciding(work)).where(F.organization_id == organization_id)
    if filters.state is not None:
        statement = statement.where(F.state == filters.state)
    return await reads.page(
        work, statement, shape=FindingRead, filters=filters, sort=(F.id,), descending=True
    )


async def finding(work: Work, finding_id: UUID) -> Response:
    """One finding."""
    scope = work.actor.scope(Permission.ORGANIZATION_READ)
    statement = findings_shown(deciding(work)).where(F.id == finding_id, visible(scope))
    return await reads.one(work, statement, shape=FindingRead, missing=FindingNotFound)


async def finding_for_update(work: Work, finding_id: UUID, scope: Scope) -> OrganizationFinding:
    """A finding about an organization that this scope may change, locked."""
    found = await work.scalar(
        select(F)
        .join(O, O.id == F.organization_id)
        .where(F.id == finding_id, writable(scope))
        .with_for_update(of=F)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise FindingNotFound
    return found  # type: ignore[no-any-return]


def _exceptions_shown(work: Work) -> Select[Any]:
    undecided = and_(X.state == "requested", X.requested_by != work.actor.id)
    approve = (Permission.ORGANIZATION_APPROVE, undecided)
    return select(
        X.id,
        X.credit_code,
        reads.code_ref(X.division_code, divisions.c.name).label("division"),
        X.evidence,
        X.state,
        X.requested_by_name,
        X.decided_by_name,
        X.decided_at,
        X.decision_reason,
        X.created_at,
        reads.etag(X.version),
        reads.actions(
            work,
            {"approve": approve, "refuse": approve},
            read=Permission.ORGANIZATION_READ,
            visible=_in_scope,
        ),
    ).join(divisions, divisions.c.code == X.division_code)


def _in_scope(scope: Scope) -> ColumnElement[bool]:
    return within_divisions(X.division_code, ("100000",) if scope.national else scope.divisions)


async def exceptions(work: Work, filters: ExceptionFilters) -> Response:
    """A page of requests in scope, newest first."""
    statement = _exceptions_shown(work).where(_in_scope(work.actor.scope(Permission.ORGANIZATION_READ)))
    if filters.state is not None:
        statement = statement.where(X.state == filters.state)
    return await reads.page(
        work, statement, shape=CreditCodeExceptionRead, filters=filters, sort=(X.id,), descending=True
    )


async def exception(work: Work, exception_id: UUID, *, status: int = 200) -> Response:
    """One request."""
    statement = _exceptions_shown(work).where(
        X.id == exception_id, _in_scope(work.actor.scope(Permission.ORGANIZATION_READ))
    )
    return await reads.one(
        work, statement, shape=CreditCodeExceptionRead, missing=CreditCodeExceptionNotFound, status=status
    )


async def exception_for_update(work: Work, exception_id: UUID, scope: Scope) -> CreditCodeException:
    """A request in scope, locked."""
    found = await work.scalar(
        select(X)
        .where(X.id == exception_id, _in_scope(scope))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise CreditCodeExceptionNotFound
    return found  # type: ignore[no-any-return]


async def open_digests(work: Work, organization_ids: Iterable[UUID]) -> set[tuple[UUID, str]]:
    """The findings on the list about these organizations, by organization and digest."""
    rows = await work.execute(
        select(F.organization_id, F.digest).where(
            F.organization_id == func.any(list(organization_ids)), F.state == "open"
        )
    )
    return {(row.organization_id, row.digest) for row in rows}


async def accepted(work: Work, credit_codes: Iterable[str]) -> frozenset[str]:
    """Those of these codes that a second person accepted in spite of their check digit."""
    codes = list(credit_codes)
    if not codes:
        return frozenset()
    found = await work.scalars(
        select(X.credit_code).where(X.credit_code == func.any(codes), X.state == "approved")
    )
    return frozenset(found)
