"""What a step of establishing begins with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from app.core import access
from app.core.access import Permission, Scope
from app.core.work import Work
from app.establishments.errors import EstablishmentNotFound
from app.establishments.models import (
    Establishment,
    EstablishmentBranch,
    EstablishmentMember,
    EstablishmentOrganization,
)
from app.establishments.queries.shown import visible
from app.establishments.queries.tables import bodies, closure, members
from app.establishments.rules import Numbers

IN_PARTY = ("probationary", "full")
OPEN = ("requested", "returned", "approved", "elected")
E, B, M = Establishment, bodies.c, members.c


@dataclass(frozen=True, slots=True)
class Parent:
    """The body that a new one is to hang below."""

    id: UUID
    kind: str
    division_code: str
    founded_on: date
    active: bool


async def get_for_update(work: Work, establishment_id: UUID, permission: Permission) -> Establishment:
    """A request in the scope of a permission, locked. Raises `EstablishmentNotFound`."""
    found: Establishment | None = await work.scalar(
        select(E)
        .where(E.id == establishment_id, visible(work.actor.scope(permission)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise EstablishmentNotFound
    return found


async def path(work: Work, division_code: str, on: date) -> tuple[str, ...]:
    """The divisions from the nation down to one."""
    c = access.division_closure.c
    codes = await work.scalars(
        select(c.ancestor_code)
        .where(c.descendant_code == division_code, c.valid.op("@>")(on))
        .order_by(c.depth.desc())
    )
    return tuple(codes)


async def parent(work: Work, body_id: UUID) -> Parent | None:
    """A body as a parent to be; None if there is none."""
    found = await work.execute(
        select(B.id, B.kind, B.division_code, B.founded_on, B.status == "active").where(B.id == body_id)
    )
    row: Any = found.one_or_none()
    return None if row is None else Parent(*row)


async def superiors(work: Work, body_id: UUID) -> Sequence[UUID]:
    """A body and those above it today, the nearest first."""
    c = closure.c
    found = await work.scalars(
        select(c.ancestor_id)
        .where(c.descendant_id == body_id, c.valid.op("@>")(access.today_sql()))
        .order_by(c.depth)
    )
    return found.all()


def _reached(scope: Scope) -> ColumnElement[bool]:
    return access.reach(scope, B.division_code, B.id, row_id=B.id)


async def in_scope(work: Work, body_ids: Iterable[UUID], scope: Scope) -> frozenset[UUID]:
    """Which of these active bodies lie in a scope."""
    found = await work.scalars(
        select(B.id).where(B.id.in_(set(body_ids)), B.status == "active", _reached(scope))
    )
    return frozenset(found)


def _numbers() -> list[ColumnElement[int]]:
    full, staff = M.status == "full", M.employment == "full_time_staff"
    return [
        func.count().filter(full),
        func.count(),
        func.count().filter(full, staff),
        func.count().filter(staff),
    ]


async def member_numbers(work: Work, member_ids: Iterable[UUID]) -> Numbers:
    """How many of these members there are by each basis; the transaction may see those who count."""
    row = await work.execute(
        select(*_numbers()).select_from(members).where(M.id.in_(set(member_ids)), M.status.in_(IN_PARTY))
    )
    return Numbers(*row.one())


async def branch_numbers(work: Work, body_ids: Sequence[UUID]) -> Numbers:
    """How many members belong to these bodies and those below them, by each basis."""
    if not body_ids:
        return Numbers()
    row = await work.execute(
        select(*_numbers())
        .select_from(members)
        .where(access.within_bodies(M.party_organization_id, body_ids), M.status.in_(IN_PARTY))
    )
    return Numbers(*row.one())


async def away(work: Work, member_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Which of these members the transaction does not see in the Party."""
    wanted = set(member_ids)
    seen = await work.scalars(select(M.id).where(M.id.in_(wanted), M.status.in_(IN_PARTY)))
    return frozenset(wanted - set(seen))


async def founders(work: Work, establishment_id: UUID) -> Mapping[UUID, list[UUID]]:
    """The members who are to belong to the new body, by the body they belong to now."""
    rows = await work.execute(
        select(M.party_organization_id, M.id)
        .select_from(members)
        .join(EstablishmentMember, EstablishmentMember.member_id == M.id)
        .where(
            EstablishmentMember.establishment_id == establishment_id,
            ~EstablishmentMember.withdrawn,
            M.status.in_(IN_PARTY),
        )
        .order_by(M.party_organization_id, M.id)
    )
    found: dict[UUID, list[UUID]] = {}
    for row in rows:
        found.setdefault(row.party_organization_id, []).append(row.id)
    return found


async def organizations_of(work: Work, establishment_id: UUID) -> tuple[Sequence[UUID], Sequence[UUID]]:
    """The organizations that the new body is to cover, and the bodies that are to hang below it."""
    covered = await work.scalars(
        select(EstablishmentOrganization.organization_id)
        .where(EstablishmentOrganization.establishment_id == establishment_id)
        .order_by(EstablishmentOrganization.organization_id)
    )
    below = await work.scalars(
        select(EstablishmentBranch.party_organization_id)
        .where(EstablishmentBranch.establishment_id == establishment_id)
        .order_by(EstablishmentBranch.party_organization_id)
    )
    return covered.all(), below.all()


async def open_for(
    work: Work, organization_ids: Sequence[UUID], member_ids: Sequence[UUID], but: UUID | None
) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Which of these organizations and members another open request names already."""
    o, m = EstablishmentOrganization, EstablishmentMember
    other = (E.state.in_(OPEN), E.id.is_distinct_from(but))
    named = await work.scalars(
        select(o.organization_id)
        .join(E, E.id == o.establishment_id)
        .where(o.organization_id.in_(organization_ids), *other)
    )
    taken = await work.scalars(
        select(m.member_id)
        .join(E, E.id == m.establishment_id)
        .where(m.member_id.in_(member_ids), ~m.withdrawn, *other)
    )
    return frozenset(named), frozenset(taken)
