"""Whom supervision is about, who goes, who helps: each looked up in the caller's scope."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, case, cast, func, literal, null, or_, select, true
from sqlalchemy.dialects.postgresql import JSON

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.supervision.queries.tables import (
    authorities,
    divisions,
    instructors,
    members,
    organizations,
    party_organizations,
    persons,
    responsibilities,
    users,
)

CANDIDATES_MOST = 50_000
G, B, A = organizations.c, party_organizations.c, authorities.c


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody in scope: which of the three, where they lie, which body answers for them."""

    field: str
    id: UUID
    name: str
    division_code: str
    body_id: UUID | None


def _lead() -> Any:
    """The body that leads an organization today, as known now."""
    r = responsibilities.c
    return (
        select(r.party_organization_id)
        .where(
            r.organization_id == G.id,
            r.relation == "lead",
            func.upper_inf(r.recorded),
            r.valid.op("@>")(access.today_sql()),
        )
        .limit(1)
        .correlate(organizations)
        .scalar_subquery()
    )


def _led(scope: Scope) -> Any:
    r = responsibilities.c
    return select(r.organization_id).where(
        r.relation == "lead",
        func.upper_inf(r.recorded),
        r.valid.op("@>")(access.today_sql()),
        access.within_bodies(r.party_organization_id, scope.bodies),
    )


def _organizations_in(scope: Scope) -> ColumnElement[bool]:
    if scope.national:
        return true()
    conditions = [access.within_divisions(G.division_code, scope.divisions)]
    if scope.bodies:
        conditions.append(G.id.in_(_led(scope)))
    return or_(*conditions)


async def targets(
    work: Work, field: str, ids: Collection[UUID], permission: Permission
) -> dict[UUID, Target]:
    """Those of these ids that exist and lie in the caller's scope, by id."""
    if not ids:
        return {}
    scope = work.actor.scope(permission)
    if field == "organization_id":
        statement = select(G.id, G.name, G.division_code, _lead().label("body_id")).where(
            G.id.in_(list(ids)), _organizations_in(scope)
        )
    elif field == "party_organization_id":
        statement = select(B.id, B.name, B.division_code, B.id.label("body_id")).where(
            B.id.in_(list(ids)), access.reach(scope, B.division_code, B.id, row_id=B.id)
        )
    else:
        inside = access.reach(scope, A.division_code, A.party_organization_id, row_id=A.id)
        statement = select(A.id, A.name, A.division_code, A.party_organization_id.label("body_id")).where(
            A.id.in_(list(ids)), inside
        )
    rows: Any = await work.execute(statement)
    return {r.id: Target(field, r.id, r.name, r.division_code, r.body_id) for r in rows}


async def called(work: Work, field: str, identifier: UUID) -> str:
    """The name of whom something is about."""
    of = {"organization_id": G, "party_organization_id": B, "authority_id": A}[field]
    return str(await work.scalar(select(of.name).where(of.id == identifier)))


async def division_in_scope(work: Work, code: str, permission: Permission) -> bool:
    """Whether a division lies in the caller's scope."""
    scope, d = work.actor.scope(permission), divisions.c
    inside = true() if scope.national else access.within_divisions(d.code, scope.divisions)
    return await work.scalar(select(d.code).where(d.code == code, inside)) is not None


async def candidates(work: Work, division: str) -> list[UUID]:
    """The organizations of a division in good standing, by id."""
    rows = await work.scalars(
        select(G.id)
        .where(access.within_divisions(G.division_code, [division]), G.registration_status == "normal")
        .order_by(G.id)
        .limit(CANDIDATES_MOST + 1)
    )
    return list(rows)


async def people(work: Work, field: str, ids: Sequence[UUID], permission: Permission) -> set[UUID]:
    """Which of these users, instructors or members there are; the last two in the caller's scope."""
    if not ids:
        return set()
    if field == "user_id":
        u = users.c
        found = select(u.id).where(u.id.in_(ids), u.kind == "person", u.state == "active")
    else:
        c = (instructors if "instructor" in field else members).c
        inside = access.reach(
            work.actor.scope(permission), c.division_code, c.party_organization_id, row_id=c.id
        )
        found = select(c.id).where(c.id.in_(ids), inside)
    return set(await work.scalars(found))


def subject_of(row: Any) -> ColumnElement[Any]:
    """`{type, id, name}` of whom a row is about, by its three columns."""
    o, b, a = (
        select(G.name).where(G.id == row.organization_id).correlate_except(organizations).scalar_subquery(),
        select(B.name)
        .where(B.id == row.party_organization_id)
        .correlate_except(party_organizations)
        .scalar_subquery(),
        select(A.name).where(A.id == row.authority_id).correlate_except(authorities).scalar_subquery(),
    )
    kind = case(
        (row.organization_id.is_not(None), "organization"),
        (row.party_organization_id.is_not(None), "party_organization"),
        else_="authority",
    )
    return func.json_build_object(
        "type",
        kind,
        "id",
        func.coalesce(row.organization_id, row.party_organization_id, row.authority_id),
        "name",
        func.coalesce(o, b, a),
    )


def body_ref(column: Any) -> ColumnElement[Any]:
    """`{id, name}` of a Party organization by its id, or null."""
    named = party_organizations.alias("named_body")
    name = select(named.c.name).where(named.c.id == column).correlate_except(named).scalar_subquery()
    return reads.ref(column, name)


def person_of(choices: Sequence[tuple[str, Any, Any]]) -> ColumnElement[Any]:
    """`{type, id, name}` of the one who is named of several: (type, column, name by it); else null.

    Somebody under row-level security who is out of sight has neither id nor name."""
    whens = [
        (
            column.is_not(None),
            func.json_build_object(
                "type", cast(literal(kind), Text), "id", case((name.is_not(None), column)), "name", name
            ),
        )
        for kind, column, name in choices
    ]
    return case(*whens, else_=cast(null(), JSON))


def instructor_name(column: Any) -> Any:
    """An instructor's masked name, null out of sight."""
    c = instructors.alias("named_instructor")
    return select(c.c.name_mask).where(c.c.id == column).correlate_except(c).scalar_subquery()


def member_name(column: Any) -> Any:
    """A member's masked name, null out of sight."""
    c, p = members.alias("named_member"), persons.alias("named_person")
    named = select(p.c.name_mask).join_from(p, c, c.c.person_id == p.c.id).where(c.c.id == column)
    return named.correlate_except(c, p).scalar_subquery()


def body_name(column: Any) -> Any:
    """A Party organization's name."""
    c = party_organizations.alias("helping_body")
    return select(c.c.name).where(c.c.id == column).correlate_except(c).scalar_subquery()


def user_name(column: Any) -> Any:
    """The name under which a user is shown."""
    c = users.alias("named_user")
    return select(c.c.display_name).where(c.c.id == column).correlate_except(c).scalar_subquery()
