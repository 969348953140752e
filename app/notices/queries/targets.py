"""Who can be addressed by the caller, and who issues: looked up in the caller's scope."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, true

from app.core import access
from app.core.access import Permission, Scope
from app.core.work import Work
from app.notices.models import DocumentSign, Notice
from app.notices.queries import sight
from app.notices.queries.tables import (
    authorities,
    organizations,
    party_organizations,
    party_posts,
    responsibilities,
    users,
)
from app.notices.rules import AddresseeKind, post_name

_b, _o, _a, _p, _u = party_organizations.c, organizations.c, authorities.c, party_posts.c, users.c


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a notice can address: the words for it, and where it lies."""

    id: UUID
    name: str
    division_code: str
    body_id: UUID | None


async def found(work: Work, kind: AddresseeKind, ids: list[UUID], scope: Scope) -> dict[UUID, Target]:
    """Those of these ids that the scope can address, by id; one statement for each kind."""
    rows = await work.execute(_STATEMENTS[kind](scope).where(_KEYS[kind].in_(ids)))
    return {row.id: Target(row.id, row.name, row.division_code, row.body_id) for row in rows}


def _bodies(scope: Scope) -> Select[tuple[UUID, str, str, UUID]]:
    inside = access.reach(scope, _b.division_code, _b.id, row_id=_b.id)
    return select(_b.id, _b.name, _b.division_code, _b.id.label("body_id")).where(
        _b.status == "active", inside
    )


def _organizations(scope: Scope) -> Select[tuple[UUID, str, str, UUID]]:
    """An organization answers through the body that leads it, where one does."""
    r = responsibilities.c
    lead = (
        select(r.organization_id, r.party_organization_id)
        .where(r.relation == "lead", func.upper_inf(r.recorded), r.valid.op("@>")(access.today_sql()))
        .subquery("lead")
    )
    inside: ColumnElement[bool] = true()
    if not scope.national:
        inside = or_(
            access.within_divisions(_o.division_code, scope.divisions),
            access.within_bodies(lead.c.party_organization_id, scope.bodies),
        )
    return (
        select(_o.id, _o.name, _o.division_code, lead.c.party_organization_id.label("body_id"))
        .outerjoin(lead, lead.c.organization_id == _o.id)
        .where(inside)
    )


def _authorities(scope: Scope) -> Select[tuple[UUID, str, str, UUID]]:
    inside = access.reach(scope, _a.division_code, _a.party_organization_id, row_id=_a.id)
    return select(_a.id, _a.name, _a.division_code, _a.party_organization_id.label("body_id")).where(
        _a.status == "active", inside
    )


def _posts(scope: Scope) -> Select[tuple[UUID, str, str, UUID]]:
    """Posts held today: addressed as `…党委书记`, whoever holds it."""
    inside = access.reach(scope, _p.division_code, _p.party_organization_id, row_id=_p.id)
    return (
        select(
            _p.id,
            func.concat(_b.name, "|", _p.role).label("name"),
            _p.division_code,
            _p.party_organization_id.label("body_id"),
        )
        .join(party_organizations, _b.id == _p.party_organization_id)
        .where(~_p.withdrawn, _p.valid.op("@>")(access.today_sql()), inside)
    )


def _users(scope: Scope) -> Select[tuple[UUID, str, str, UUID]]:
    """People with an account in the scope's divisions; their name is not taken."""
    inside = true() if scope.national else access.within_divisions(_u.division_code, scope.divisions)
    return select(
        _u.id, func.concat("").label("name"), _u.division_code, func.nullif(_u.id, _u.id).label("body_id")
    ).where(_u.kind == "person", _u.state == "active", inside)


_STATEMENTS = {
    AddresseeKind.PARTY_ORGANIZATION: _bodies,
    AddresseeKind.ORGANIZATION: _organizations,
    AddresseeKind.AUTHORITY: _authorities,
    AddresseeKind.POST: _posts,
    AddresseeKind.USER: _users,
}
_KEYS = {
    AddresseeKind.PARTY_ORGANIZATION: _b.id,
    AddresseeKind.ORGANIZATION: _o.id,
    AddresseeKind.AUTHORITY: _a.id,
    AddresseeKind.POST: _p.id,
    AddresseeKind.USER: _u.id,
}


async def is_ours(work: Work, notice_id: UUID, permission: Permission) -> bool:
    """Whether the caller answers for a notice."""
    ours = sight.issuing(work.actor.scope(permission))
    return await work.scalar(select(Notice.id).where(Notice.id == notice_id, ours)) is not None


async def issuer_name(work: Work, sign: DocumentSign) -> str:
    """What the owner of a sign is called today: the department, else the Party organization."""
    if sign.authority_id is not None:
        name = await work.scalar(select(_a.name).where(_a.id == sign.authority_id))
    else:
        name = await work.scalar(select(_b.name).where(_b.id == sign.party_organization_id))
    return str(name)


def named(target: Target, kind: AddresseeKind, post_title: str | None) -> str:
    """How a target is addressed."""
    if kind is AddresseeKind.POST:
        body, _, role = target.name.rpartition("|")
        return post_name(body, role)
    return post_title or "" if kind is AddresseeKind.USER else target.name
