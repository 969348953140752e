"""What is on file about authorities: those of one's divisions, and those above, under which they work."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    table,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE
from sqlalchemy.orm import aliased
from sqlalchemy.types import Text, Uuid

from app.authorities import errors
from app.authorities.models import Authority, AuthorityRole
from app.authorities.schemas import AuthorityFilters, AuthorityRead
from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work

_C = Text(collation="C")
divisions = table("divisions", column("code", _C), column("name", Text()), column("valid", DATERANGE))
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", _C),
    column("status", _C),
)
A = Authority
_READ = Permission.AUTHORITY_READ
_RECORD = Permission.AUTHORITY_RECORD


def writable(scope: Scope) -> ColumnElement[bool]:
    """Authorities of the scope's divisions, and those whose Party body the scope holds."""
    if scope.national:
        return true()
    parts = []
    if scope.divisions:
        parts.append(access.within_divisions(A.division_code, scope.divisions))
    if scope.bodies:
        parts.append(access.within_bodies(A.party_organization_id, scope.bodies))
    return access.either(parts)


def visible(scope: Scope) -> ColumnElement[bool]:
    """The same, and the authorities of the divisions above: an organization names them as its supervisors."""
    if scope.national or not scope.divisions:
        return writable(scope)
    c = access.division_closure.c
    above = select(c.ancestor_code).where(
        c.descendant_code == func.any(bindparam(None, list(scope.divisions), type_=ARRAY(_C))),
        c.valid.op("@>")(access.today_sql()),
    )
    return or_(writable(scope), A.division_code == func.any(func.array(above.scalar_subquery())))


async def get_for_update(work: Work, authority_id: UUID, permission: Permission = _RECORD) -> Authority:
    """An authority in the scope of a permission, locked. Raises `AuthorityNotFound`."""
    found: Authority | None = await work.scalar(
        select(A)
        .where(A.id == authority_id, writable(work.actor.scope(permission)))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.AuthorityNotFound
    return found


async def get_role_for_update(work: Work, authority_id: UUID, role_id: UUID) -> AuthorityRole:
    """A role of an authority, locked. Raises `AuthorityRoleNotFound`."""
    found: AuthorityRole | None = await work.scalar(
        select(AuthorityRole)
        .where(AuthorityRole.id == role_id, AuthorityRole.authority_id == authority_id)
        .with_for_update()
    )
    if found is None:
        raise errors.AuthorityRoleNotFound
    return found


async def read(work: Work, authority_id: UUID, *, status: int = 200) -> Response:
    """One authority."""
    statement = _authorities(work).where(A.id == authority_id)
    return await reads.one(
        work, statement, shape=AuthorityRead, missing=errors.AuthorityNotFound, status=status
    )


async def page(work: Work, filters: AuthorityFilters) -> Response:
    """Authorities in sight."""
    equal = (
        (A.division_code, filters.exact_division),
        (A.party_organization_id, filters.party_organization_id),
        (A.status, filters.status),
    )
    conditions = [column == value for column, value in equal if value is not None]
    if filters.division is not None:
        conditions.append(access.within_divisions(A.division_code, [filters.division], filters.on))
    if filters.role is not None:
        held = [AuthorityRole.authority_id == A.id, AuthorityRole.role == filters.role]
        held.append(AuthorityRole.valid.contains(filters.on or work.today))
        if filters.industry is not None:
            held.append(AuthorityRole.industry == filters.industry)
        conditions.append(exists().where(*held))
    if filters.q is not None:
        conditions.append(A.name.contains(filters.q, autoescape=True))
    return await reads.page(
        work,
        _authorities(work).where(*conditions),
        shape=AuthorityRead,
        filters=filters,
        sort=(A.division_code, A.id),
    )


def _authorities(work: Work) -> Select[Any]:
    successor, active, body = aliased(Authority), A.status == "active", party_organizations.c
    roles = (
        select(
            AuthorityRole.id,
            AuthorityRole.role,
            AuthorityRole.industry,
            func.lower(AuthorityRole.valid).label("from_on"),
            func.upper(AuthorityRole.valid).label("until_on"),
            reads.etag(AuthorityRole.version),
        )
        .where(AuthorityRole.authority_id == A.id)
        .correlate(A)
    )
    return (
        select(
            A.id,
            A.name,
            reads.code_ref(A.division_code, divisions.c.name).label("division"),
            reads.ref(body.id, body.name).label("party_organization"),
            A.status,
            A.abolished_on,
            reads.ref(successor.id, successor.name).label("successor"),
            reads.array_of(roles, "from_on", "id").label("roles"),
            A.created_at,
            A.updated_at,
            reads.etag(A.version),
            reads.actions(
                work,
                {"update": (_RECORD, active), "give_role": (_RECORD, active), "abolish": (_RECORD, active)},
                visible=writable,
            ),
        )
        .outerjoin(party_organizations, body.id == A.party_organization_id)
        .outerjoin(successor, successor.id == A.successor_id)
        .outerjoin(divisions, divisions.c.code == A.division_code)
        .where(visible(work.actor.scope(_READ)))
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A division as an authority may use it today."""

    abolished: bool
    not_yet: bool
    inside: bool


async def place(work: Work, code: str, scope: Scope) -> Place | None:
    """Whether a division exists today and lies in a scope; None if unknown."""
    d, today = divisions.c, access.today_sql()
    row: Any = (
        await work.execute(
            select(
                func.coalesce(func.upper(d.valid) <= today, literal(False)),
                func.coalesce(func.lower(d.valid) > today, literal(False)),
                true() if scope.national else access.within_divisions(d.code, scope.divisions),
            ).where(d.code == code)
        )
    ).one_or_none()
    return Place(*row) if row is not None else None


async def body_is_usable(work: Work, body_id: UUID, scope: Scope) -> bool:
    """Whether a Party body is active and lies in a scope, by its division or by its line."""
    b = party_organizations.c
    inside = or_(
        true() if scope.national else access.within_divisions(b.division_code, scope.divisions),
        access.within_bodies(b.id, scope.bodies),
    )
    usable = select(b.id).where(and_(b.id == body_id, b.status == "active", inside))
    return await work.scalar(usable) is not None


async def standing_roles(work: Work, authority_id: UUID, on: date) -> list[AuthorityRole]:
    """The roles of an authority that reach a day or go beyond it, locked."""
    reaching = or_(func.upper_inf(AuthorityRole.valid), func.upper(AuthorityRole.valid) > on)
    rows = await work.scalars(
        select(AuthorityRole)
        .where(AuthorityRole.authority_id == authority_id, reaching)
        .order_by(AuthorityRole.id)
        .with_for_update()
    )
    return list(rows)


async def is_active(work: Work, authority_id: UUID) -> bool:
    """Whether an authority in sight is active."""
    seen = visible(work.actor.scope(_READ))
    return await work.scalar(select(A.id).where(A.id == authority_id, A.status == "active", seen)) is not None
