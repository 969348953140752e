"""What is asked of operations: seen by who asked for them, and by those whose scope covers their division."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, func, or_, select, true

from app.core import access, reads
from app.core.access import Permission
from app.core.work import Work
from app.operations.errors import OperationNotFound
from app.operations.models import Operation
from app.operations.rules import ENDED
from app.operations.schemas import OperationFilters, OperationItem, OperationRead

_OF_OTHERS = (Permission.ORGANIZATION_RECORD, Permission.DIVISION_ADMINISTER)


def visible(work: Work) -> ColumnElement[bool]:
    """The caller's own; and those of others in the divisions where the caller records in the ledger, or
    administers divisions: parameters, reports and errors may name what a mere viewer does not see."""
    scopes = [work.actor.scope(permission) for permission in _OF_OTHERS]
    if any(scope.national for scope in scopes):
        return true()
    own = Operation.requested_by == work.actor.id
    codes = sorted({code for scope in scopes for code in scope.divisions})
    return or_(own, access.within_divisions(Operation.division_code, codes)) if codes else own


def _item(work: Work) -> list[Any]:
    mine = Operation.requested_by == work.actor.id
    return [
        Operation.id,
        Operation.kind,
        Operation.state,
        Operation.division_code,
        Operation.total,
        Operation.done,
        Operation.failed,
        Operation.failure,
        func.json_build_object("id", Operation.requested_by, "name", Operation.requested_by_name).label(
            "requested_by"
        ),
        Operation.created_at,
        Operation.started_at,
        Operation.finished_at,
        reads.etag(Operation.version),
        reads.actions(work, {"cancel": (Permission.OPERATION_READ, mine & Operation.state.not_in(ENDED))}),
    ]


async def read(work: Work, operation_id: UUID) -> Response:
    """One operation."""
    statement = select(*_item(work), Operation.parameters, Operation.errors, Operation.report).where(
        Operation.id == operation_id, visible(work)
    )
    return await reads.one(work, statement, shape=OperationRead, missing=OperationNotFound)


async def page(work: Work, filters: OperationFilters) -> Response:
    """Operations, the latest first."""
    statement = select(*_item(work)).where(visible(work))
    if filters.kind is not None:
        statement = statement.where(Operation.kind == filters.kind)
    if filters.state is not None:
        statement = statement.where(Operation.state == filters.state)
    if filters.mine is not None:
        mine = Operation.requested_by == work.actor.id
        statement = statement.where(mine if filters.mine else ~mine)
    return await reads.page(
        work, statement, shape=OperationItem, filters=filters, sort=(Operation.id,), descending=True
    )


async def get_for_update(work: Work, operation_id: UUID) -> Operation:
    """An operation that the caller may see, held until the end."""
    found: Operation | None = await work.scalar(
        select(Operation).where(Operation.id == operation_id, visible(work)).with_for_update()
    )
    if found is None:
        raise OperationNotFound
    return found
