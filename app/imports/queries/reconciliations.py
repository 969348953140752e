"""Reconciliations and their differences, and the organizations that a list is held against."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_

from app.authorities.models import Authority
from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.imports.errors import DifferenceNotFound, ReconciliationNotFound
from app.imports.models import ReconciledOrganization, Reconciliation, ReconciliationDifference
from app.imports.queries.imports import followed, visible
from app.imports.rules import DifferenceKind, DifferenceState
from app.imports.schemas import DifferenceFilters, DifferenceRead, ReconciliationFilters, ReconciliationRead
from app.operations.models import Operation
from app.organizations.models import Organization
from app.organizations.rules import ENDED

D, R, O = ReconciliationDifference, Reconciliation, Organization  # noqa: E741
RECORD = Permission.ORGANIZATION_RECORD
NOBODY = UUID(int=0)


def _reconciliations(work: Work) -> Select[Any]:
    def counted(*conditions: ColumnElement[bool]) -> Any:
        return (
            select(func.count())
            .select_from(D)
            .where(D.reconciliation_id == R.id, *conditions)
            .correlate(R)
            .scalar_subquery()
        )

    authority = (
        select(reads.ref(Authority.id, Authority.name))
        .where(Authority.id == R.registration_authority_id)
        .correlate(R)
        .scalar_subquery()
    )
    return (
        select(
            *followed(R),
            authority.label("registration_authority"),
            R.matched,
            R.refused,
            *(counted(D.kind == kind).label(kind.value) for kind in DifferenceKind),
            counted(D.state == DifferenceState.OPEN).label("open"),
        )
        .join(Operation, Operation.id == R.operation_id)
        .where(visible(work, R))
    )


async def reconciliation(work: Work, reconciliation_id: UUID, *, status: int = 200) -> Response:
    """One reconciliation."""
    statement = _reconciliations(work).where(R.id == reconciliation_id)
    return await reads.one(
        work, statement, shape=ReconciliationRead, missing=ReconciliationNotFound, status=status
    )


async def reconciliations(work: Work, filters: ReconciliationFilters) -> Response:
    """Reconciliations, the latest first."""
    statement = _reconciliations(work)
    if filters.state is not None:
        statement = statement.where(Operation.state == filters.state)
    return await reads.page(
        work, statement, shape=ReconciliationRead, filters=filters, sort=(R.id,), descending=True
    )


def _differences(work: Work) -> Select[Any]:
    is_open, absent = D.state == DifferenceState.OPEN, D.kind == DifferenceKind.ONLY_HERE
    return (
        select(
            D.id,
            D.kind,
            D.state,
            D.row,
            reads.ref(O.id, O.name).label("organization"),
            D.name,
            D.credit_code,
            D.fact,
            D.in_file,
            D.here,
            reads.ref(D.settled_by, D.settled_by_name).label("settled_by"),
            D.settled_at,
            D.reason,
            reads.etag(D.version),
            reads.actions(
                work,
                {
                    "accept": (RECORD, and_(is_open, ~absent)),
                    "explain": (RECORD, is_open),
                    "open-finding": (RECORD, and_(is_open, absent)),
                },
            ),
        )
        .outerjoin(O, O.id == D.organization_id)
        .join(R, R.id == D.reconciliation_id)
        .where(visible(work, R))
    )


async def differences(work: Work, reconciliation_id: UUID, filters: DifferenceFilters) -> Response:
    """Differences of a reconciliation, in the order in which they were found."""
    await _seen(work, reconciliation_id)
    statement = _differences(work).where(D.reconciliation_id == reconciliation_id)
    for column, value in ((D.kind, filters.kind), (D.state, filters.state), (D.fact, filters.fact)):
        if value is not None:
            statement = statement.where(column == value)
    return await reads.page(work, statement, shape=DifferenceRead, filters=filters, sort=(D.id,))


async def difference(work: Work, difference_id: UUID) -> Response:
    """One difference."""
    return await reads.one(
        work,
        _differences(work).where(D.id == difference_id),
        shape=DifferenceRead,
        missing=DifferenceNotFound,
    )


async def _seen(work: Work, reconciliation_id: UUID) -> Reconciliation:
    job: Reconciliation | None = await work.scalar(
        select(R).where(R.id == reconciliation_id, visible(work, R))
    )
    if job is None:
        raise ReconciliationNotFound
    return job


async def find(work: Work, reconciliation_id: UUID) -> tuple[Reconciliation, str]:
    """A reconciliation that the caller may see, with its ETag. Raises `ReconciliationNotFound`."""
    job = await _seen(work, reconciliation_id)
    version: int = await work.scalar(select(Operation.version).where(Operation.id == job.operation_id))
    return job, f'"{job.version}-{version}"'


async def difference_for_update(
    work: Work, reconciliation_id: UUID, difference_id: UUID
) -> ReconciliationDifference:
    """A difference that the caller may settle, held until the end. Raises `DifferenceNotFound`."""
    await _seen(work, reconciliation_id)
    found: ReconciliationDifference | None = await work.scalar(
        select(D).where(D.id == difference_id, D.reconciliation_id == reconciliation_id).with_for_update()
    )
    if found is None:
        raise DifferenceNotFound
    return found


async def reconciliation_of(work: Work, operation_id: UUID) -> Reconciliation:
    """The reconciliation that an operation does, held until the end."""
    found: Reconciliation | None = await work.scalar(
        select(R).where(R.operation_id == operation_id).with_for_update()
    )
    if found is None:
        raise ReconciliationNotFound
    return found


async def open_after(
    work: Work, reconciliation_id: UUID, kind: str, fact: str | None, *, after: UUID, limit: int
) -> Sequence[ReconciliationDifference]:
    """Open differences of a kind that follow one, held until the end."""
    statement = select(D).where(
        D.reconciliation_id == reconciliation_id,
        D.kind == kind,
        D.state == DifferenceState.OPEN,
        D.id > after,
    )
    if fact is not None:
        statement = statement.where(D.fact == fact)
    return list(await work.scalars(statement.order_by(D.id).limit(limit).with_for_update()))


async def listed_here(
    work: Work, scope: Scope, division_code: str, codes: Collection[str], names: Collection[tuple[str, str]]
) -> list[Organization]:
    """The organizations in scope that have these credit codes, or these names where they are registered."""
    by_name = and_(
        tuple_(O.name, O.division_code).in_(list(names)),
        access.within_divisions(O.division_code, [division_code]),
    )
    within = [] if scope.national else [access.within_divisions(O.division_code, scope.divisions)]
    rows = await work.scalars(select(O).where(or_(O.credit_code.in_(list(codes)), by_name), *within))
    return list(rows)


async def authority_refs(work: Work, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of authorities."""
    rows: Any = await work.execute(select(Authority.id, Authority.name).where(Authority.id.in_(list(ids))))
    return dict(rows.all())


async def only_here(work: Work, job: Reconciliation, limit: int) -> list[Any]:
    """The next organizations of a reconciliation's division that its file does not list."""
    listed = (
        select(literal(1))
        .where(
            ReconciledOrganization.reconciliation_id == job.id,
            ReconciledOrganization.organization_id == O.id,
        )
        .exists()
    )
    statement = select(O.id, O.name, O.credit_code).where(
        access.within_divisions(O.division_code, [job.division_code]),
        O.registration_status.not_in([status.value for status in ENDED]),
        O.id > (job.last_compared_id or NOBODY),
        ~listed,
    )
    if job.registration_authority_id is not None:
        statement = statement.where(O.registration_authority_id == job.registration_authority_id)
    return list((await work.execute(statement.order_by(O.id).limit(limit))).all())
