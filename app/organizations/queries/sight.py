"""Which organizations a caller sees, and which it may change.

A grant over a division reaches what is registered in its subtree, to read and to change, and what is
domiciled there, to read. A grant over a Party body reaches what a body of its subtree leads today. Lists take
one of these at a time, each in the order of its own index; a mixed grant takes their union.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, func, literal, select, true, union

from app.core.access import Scope, either, today_sql, within_bodies, within_divisions
from app.core.work import Work
from app.organizations.errors import OrganizationNotFound, ReadOnlyHere
from app.organizations.models import Organization
from app.organizations.queries.others import responsibilities
from app.organizations.schemas import DivisionBasis

DayLike = date | None


def since(valid: Any) -> Any:
    """The first day of a period."""
    return func.lower(valid, type_=Date())


def until(valid: Any) -> Any:
    """The first day after a period, null while it lasts."""
    return func.upper(valid, type_=Date())


def covers_day(valid: Any, on: DayLike = None) -> ColumnElement[bool]:
    """Whether a period holds a day (today by the database's clock, if none is given)."""
    day: Any = today_sql() if on is None else literal(on, Date())
    return valid.op("@>", is_comparison=True)(day)  # type: ignore[no-any-return]


def led(scope: Scope, on: DayLike = None) -> ColumnElement[bool]:
    """What a body of the scope's subtrees leads."""
    r = responsibilities.c
    ids = select(r.organization_id).where(
        r.relation == "lead",
        func.upper_inf(r.recorded),
        covers_day(r.valid, on),
        within_bodies(r.party_organization_id, scope.bodies),
    )
    return Organization.id.in_(ids)


def listed(
    scope: Scope, basis: DivisionBasis = DivisionBasis.REGISTRATION, division: Any = None
) -> ColumnElement[bool]:
    """What a list shows: by one division, or by the leading body, or by the union of both."""
    column = division
    if column is None:
        by_domicile = basis is DivisionBasis.DOMICILE
        column = Organization.domicile_division_code if by_domicile else Organization.division_code
    if scope.national:
        return true()
    if not scope.bodies:
        return within_divisions(column, scope.divisions)
    if not scope.divisions:
        return led(scope)
    here = select(Organization.id).where(within_divisions(column, scope.divisions))
    return Organization.id.in_(union(here, select(Organization.id).where(led(scope))))


def writable(scope: Scope) -> ColumnElement[bool]:
    """What may be changed: registered in the scope's divisions, or led by its bodies."""
    if scope.national:
        return true()
    by_division = [within_divisions(Organization.division_code, scope.divisions)] if scope.divisions else []
    return either([*by_division, *([led(scope)] if scope.bodies else [])])


def visible(scope: Scope) -> ColumnElement[bool]:
    """What may be read one by one: what may be changed, and what is domiciled in the scope's divisions."""
    if scope.national or not scope.divisions:
        return writable(scope)
    domiciled = within_divisions(Organization.domicile_division_code, scope.divisions)
    return either([writable(scope), domiciled])


async def found(work: Work, organization_id: UUID, scope: Scope) -> Organization | None:
    """An organization that this scope may read, or None."""
    row = await work.scalar(select(Organization).where(Organization.id == organization_id, visible(scope)))
    return row if isinstance(row, Organization) else None


async def find(work: Work, organization_id: UUID, scope: Scope) -> Organization:
    """An organization that this scope may read. Raises `OrganizationNotFound`."""
    row = await found(work, organization_id, scope)
    if row is None:
        raise OrganizationNotFound
    return row


async def get_for_update(work: Work, organization_id: UUID, scope: Scope) -> Organization:
    """An organization that this scope may change, locked: who folds it next waits.

    Raises `OrganizationNotFound`, `ReadOnlyHere`."""
    row = await work.scalar(
        select(Organization)
        .where(Organization.id == organization_id, writable(scope))
        .with_for_update(of=Organization)
        .execution_options(populate_existing=True)
    )
    if not isinstance(row, Organization):
        await find(work, organization_id, scope)
        raise ReadOnlyHere
    return row


async def lock(work: Work, organization_ids: list[UUID]) -> dict[UUID, Organization]:
    """Several organizations, locked in the order of their ids, whatever their scope."""
    rows = await work.scalars(
        select(Organization)
        .where(Organization.id.in_(organization_ids))
        .order_by(Organization.id)
        .with_for_update(of=Organization)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


async def lock_ids(work: Work, organization_ids: Sequence[UUID]) -> None:
    """The same without reading the rows."""
    await work.execute(
        select(Organization.id)
        .where(Organization.id == func.any(list(organization_ids)))
        .order_by(Organization.id)
        .with_for_update(of=Organization)
    )


def known_now(recorded: Any) -> ColumnElement[bool]:
    """Whether a bitemporal row is what is known now."""
    return func.upper_inf(recorded)


def standing(valid: Any, recorded: Any, on: DayLike = None) -> ColumnElement[bool]:
    """Whether a bitemporal row holds on a day, as known now."""
    return and_(known_now(recorded), covers_day(valid, on))
