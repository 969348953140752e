"""Transfers: both ends see one, each with what it may do."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.members import errors
from app.members.models import Transfer
from app.members.queries.tables import party_organizations
from app.members.schemas import TransferFilters, TransferRead

_READ, _RECORD, _DECIDE = Permission.MEMBER_READ, Permission.MEMBER_RECORD, Permission.MEMBER_DECIDE
T = Transfer


def leaving(scope: Scope) -> ColumnElement[bool]:
    """Transfers whose sender lies in a scope."""
    return access.reach(scope, T.from_division_code, T.from_body_id, row_id=T.id)


def coming(scope: Scope) -> ColumnElement[bool]:
    """Transfers whose receiver lies in a scope."""
    return access.reach(scope, T.to_division_code, T.to_body_id, row_id=T.id)


def visible(scope: Scope) -> ColumnElement[bool]:
    """Transfers of which either end lies in a scope: two indexed lookups, one for each end."""
    if scope.national:
        return true()
    return T.id.in_(select(T.id).where(leaving(scope)).union(select(T.id).where(coming(scope))))


async def transfer_in_sight(work: Work, transfer_id: UUID, permission: Permission) -> Transfer:
    """A transfer of which an end lies in the scope of a permission. Raises `TransferNotFound`."""
    found: Transfer | None = await work.scalar(
        select(T).where(T.id == transfer_id, visible(work.actor.scope(permission)))
    )
    if found is None:
        raise errors.TransferNotFound
    return found


async def open_of(work: Work, *, members: Sequence[UUID], to_body_id: UUID | None) -> list[Transfer]:
    """Open transfers of members, and those that come to a body, locked in the order of their ids."""
    found = await work.scalars(
        select(T)
        .where(T.state.in_(["requested", "sent"]), or_(T.member_id.in_(members), T.to_body_id == to_body_id))
        .order_by(T.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(found)


async def transfer_for_update(work: Work, transfer_id: UUID, permission: Permission) -> Transfer:
    """A transfer of which an end lies in the scope of a permission, locked. Raises `TransferNotFound`."""
    found: Transfer | None = await work.scalar(
        select(T)
        .where(T.id == transfer_id, visible(work.actor.scope(permission)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.TransferNotFound
    return found


async def is_end(work: Work, transfer: Transfer, end: ColumnElement[bool]) -> bool:
    """Whether an end of a transfer lies where a condition says."""
    return await work.scalar(select(T.id).where(T.id == transfer.id, end)) is not None


async def read_transfer(work: Work, transfer_id: UUID, *, status: int = 200) -> Response:
    """One transfer."""
    return await reads.one(
        work,
        _transfers(work).where(T.id == transfer_id),
        shape=TransferRead,
        missing=errors.TransferNotFound,
        status=status,
    )


async def page_transfers(work: Work, filters: TransferFilters) -> Response:
    """Transfers in sight, the latest first."""
    statement, scope = _transfers(work), work.actor.scope(_READ)
    if filters.state is not None:
        statement = statement.where(T.state == filters.state)
    if filters.member_id is not None:
        statement = statement.where(T.member_id == filters.member_id)
    if filters.incoming is not None:
        statement = statement.where(coming(scope) if filters.incoming else leaving(scope))
    if filters.overdue is not None:
        statement = statement.where(_overdue() if filters.overdue else ~_overdue())
    return await reads.page(
        work, statement, shape=TransferRead, filters=filters, sort=(T.id,), descending=True
    )


def _overdue() -> ColumnElement[bool]:
    return func.coalesce(and_(T.state == "sent", T.letter_until < access.today_sql()), False)


def _transfers(work: Work) -> Select[Any]:
    sender, receiver = party_organizations.alias("sender"), party_organizations.alias("receiver")
    requested, sent, outside = T.state == "requested", T.state == "sent", T.to_outside.is_not(None)
    record, decide = work.actor.scope(_RECORD), work.actor.scope(_DECIDE)
    return (
        select(
            T.id,
            T.member_id,
            T.name_mask.label("name"),
            reads.ref(sender.c.id, sender.c.name).label("from_party_organization"),
            reads.ref(receiver.c.id, receiver.c.name).label("to_party_organization"),
            T.to_outside,
            T.range,
            T.state,
            T.reason,
            T.requested_on,
            T.letter_number,
            T.letter_issued_on,
            T.letter_until,
            _overdue().label("overdue"),
            T.ended_on,
            T.ended_reason,
            T.receipt_number,
            reads.etag(T.version),
            reads.actions(
                work,
                {
                    "send": (_DECIDE, and_(requested, leaving(decide))),
                    "accept": (_DECIDE, and_(sent, or_(coming(decide), and_(outside, leaving(decide))))),
                    "return": (_DECIDE, and_(sent, or_(coming(decide), and_(outside, leaving(decide))))),
                    "cancel": (_RECORD, and_(or_(requested, sent), leaving(record))),
                },
            ),
        )
        .join(sender, sender.c.id == T.from_body_id)
        .outerjoin(receiver, receiver.c.id == T.to_body_id)
        .where(visible(work.actor.scope(_READ)))
    )
