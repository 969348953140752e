"""Hardship reductions."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import Select, and_, cast, func, select, text
from sqlalchemy.types import Date

from app.core import access, reads
from app.core.access import Permission
from app.core.work import Work
from app.dues import errors
from app.dues.models import Reduction
from app.dues.queries.accounts import visible
from app.dues.queries.tables import members, party_organizations, persons
from app.dues.schemas import ReductionFilters, ReductionRead

_READ, _DECIDE, _APPROVE = Permission.MEMBER_READ, Permission.MEMBER_DECIDE, Permission.MEMBER_APPROVE
M, B, R = members.c, party_organizations.c, Reduction


async def reduction_for_update(
    work: Work, reduction_id: UUID, permission: Permission
) -> tuple[Reduction, str]:
    """An application of a member in scope, locked, with the member's division. Raises
    `DuesReductionNotFound`."""
    found = await work.execute(
        select(R, M.division_code)
        .select_from(Reduction)
        .join(members, M.id == R.member_id)
        .where(R.id == reduction_id, visible(work, permission))
        .with_for_update(of=Reduction)
    )
    row: Any = found.one_or_none()
    if row is None:
        raise errors.DuesReductionNotFound
    return row[0], row[1]


async def read_reduction(work: Work, reduction_id: UUID, *, status: int = 200) -> Response:
    """One application."""
    return await reads.one(
        work,
        _reductions(work).where(R.id == reduction_id),
        shape=ReductionRead,
        missing=errors.DuesReductionNotFound,
        status=status,
    )


async def page_reductions(work: Work, filters: ReductionFilters) -> Response:
    """Applications of members in sight, the latest first."""
    conditions = access.lies_in(
        division=M.division_code,
        divisions=[filters.division] if filters.division else [],
        body=M.party_organization_id,
        bodies=[filters.party_organization_id] if filters.party_organization_id else [],
    )
    if filters.member_id is not None:
        conditions.append(R.member_id == filters.member_id)
    if filters.state is not None:
        conditions.append(R.state == filters.state)
    return await reads.page(
        work,
        _reductions(work).where(*conditions),
        shape=ReductionRead,
        filters=filters,
        sort=(R.id,),
        descending=True,
    )


def _reductions(work: Work) -> Select[Any]:
    through: Any = cast(func.upper(R.valid) - text("interval '1 month'"), Date())
    foreign = R.requested_by != work.actor.id
    return (
        select(
            R.id,
            reads.ref(M.id, persons.c.name_mask).label("member"),
            reads.ref(B.id, B.name).label("party_organization"),
            R.amount,
            func.to_char(func.lower(R.valid), "YYYY-MM").label("from_month"),
            func.to_char(through, "YYYY-MM").label("through_month"),
            R.hardship,
            R.state,
            R.document,
            R.agreed_document,
            R.agreed_on,
            R.decided_document,
            R.decided_on,
            reads.etag(R.version),
            reads.actions(
                work,
                {
                    "agree": (_DECIDE, R.state == "requested"),
                    "approve": (_APPROVE, and_(R.state == "agreed", foreign)),
                    "reject": (_APPROVE, and_(R.state.in_(["requested", "agreed"]), foreign)),
                },
            ),
        )
        .select_from(Reduction)
        .join(members, M.id == R.member_id)
        .join(persons, persons.c.id == M.person_id)
        .join(party_organizations, B.id == M.party_organization_id)
        .where(visible(work, _READ))
    )
