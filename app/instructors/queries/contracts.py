"""Leaders' contracts with their targets."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, func, or_, select

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.instructors import errors
from app.instructors.models import Contract, ContractTarget, Visit
from app.instructors.queries.tables import divisions, organizations, party_organizations
from app.instructors.schemas import ContractFilters, ContractRead

_READ, _DECIDE = Permission.INSTRUCTOR_READ, Permission.INSTRUCTOR_DECIDE
_RECORD = Permission.INSTRUCTOR_RECORD
C, T, V = Contract, ContractTarget, Visit


def visible(scope: Scope) -> ColumnElement[bool]:
    """Contracts in a scope: by the division answered for, by the leader's body, or by either."""
    return access.reach(scope, C.division_code, C.party_organization_id, row_id=C.id)


async def get_for_update(work: Work, contract_id: UUID, permission: Permission) -> Contract:
    """A contract in the scope of a permission, locked. Raises `ContractNotFound`."""
    found: Contract | None = await work.scalar(
        select(C)
        .where(C.id == contract_id, visible(work.actor.scope(permission)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.ContractNotFound
    return found


async def targets_of(work: Work, contract_id: UUID) -> list[ContractTarget]:
    """The targets of a contract."""
    rows = await work.scalars(select(T).where(T.contract_id == contract_id).order_by(T.id))
    return list(rows)


async def read(work: Work, contract_id: UUID, *, status: int = 200) -> Response:
    """One contract with its targets."""
    return await reads.one(
        work,
        _contracts(work).where(C.id == contract_id),
        shape=ContractRead,
        missing=errors.ContractNotFound,
        status=status,
    )


async def page(work: Work, filters: ContractFilters) -> Response:
    """Contracts in sight, by division."""
    statement = _contracts(work)
    if filters.division is not None:
        statement = statement.where(access.within_divisions(C.division_code, [filters.division]))
    if filters.party_organization_id is not None:
        statement = statement.where(
            access.within_bodies(C.party_organization_id, [filters.party_organization_id])
        )
    if filters.kind is not None:
        statement = statement.where(C.kind == filters.kind)
    if filters.running is not None:
        running = C.valid.op("@>")(access.today_sql())
        statement = statement.where(running if filters.running else ~running)
    return await reads.page(
        work, statement, shape=ContractRead, filters=filters, sort=(C.division_code, C.id)
    )


def _contracts(work: Work) -> Select[Any]:
    body, place, o = party_organizations.c, divisions.c, organizations.c
    other = party_organizations.alias("other")
    of_target = [V.contract_id == T.contract_id]
    same = or_(
        V.organization_id == T.organization_id,
        V.target_party_organization_id == T.target_party_organization_id,
    )
    met = select(func.count()).where(*of_target, same).correlate(T).scalar_subquery()
    last = select(func.max(V.held_on)).where(*of_target, same).correlate(T).scalar_subquery()
    targets = (
        select(
            T.id,
            reads.ref(o.id, o.name).label("organization"),
            reads.ref(other.c.id, other.c.name).label("target_party_organization"),
            func.lower(T.valid).label("from_on"),
            func.upper(T.valid).label("until_on"),
            T.progress,
            T.note,
            met.label("visits"),
            last.label("last_visit_on"),
            reads.etag(T.version),
        )
        .outerjoin(organizations, o.id == T.organization_id)
        .outerjoin(other, other.c.id == T.target_party_organization_id)
        .where(T.contract_id == C.id)
        .correlate(C)
    )
    done = (
        select(func.count()).where(T.contract_id == C.id, T.progress == "done").correlate(C).scalar_subquery()
    )
    running = func.coalesce(func.upper(C.valid) > access.today_sql(), True)
    return (
        select(
            C.id,
            C.kind,
            C.name_mask.label("name"),
            C.post,
            reads.ref(body.id, body.name).label("party_organization"),
            reads.code_ref(C.division_code, place.name).label("division"),
            C.quota,
            func.lower(C.valid).label("from_on"),
            func.upper(C.valid).label("until_on"),
            C.document,
            reads.array_of(targets, "from_on", "id").label("targets"),
            done.label("done"),
            C.created_at,
            C.updated_at,
            reads.etag(C.version),
            reads.actions(
                work,
                {
                    "end": (_DECIDE, running),
                    "add_target": (_RECORD, running),
                    "record_visit": (_RECORD, None),
                },
                read=_READ,
                visible=visible,
            ),
        )
        .join(party_organizations, body.id == C.party_organization_id)
        .join(divisions, place.code == C.division_code)
        .where(visible(work.actor.scope(_READ)))
    )
