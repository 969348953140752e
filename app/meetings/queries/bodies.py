"""Bodies as organization life needs them, and who belongs to one on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select

from app.core import access
from app.core.access import Permission, Scope
from app.core.work import Work
from app.meetings import errors
from app.meetings.queries.tables import (
    member_affiliations,
    member_participations,
    member_statuses,
    members,
    party_organizations,
    party_posts,
    persons,
)
from app.meetings.rules import AttendanceBasis, Body, Post

B = party_organizations.c
DUTIFUL = ("probationary", "full")
"""Who is due: a suspended membership (停止党籍) has no organization life until it is restored."""


@dataclass(frozen=True, slots=True)
class Place:
    """A body: where it lies, when it existed, and how many groups hang below it today."""

    id: UUID
    name: str
    kind: str
    division_code: str
    parent_id: UUID | None
    founded_on: date
    dissolved_on: date | None
    groups: int


def visible_bodies(scope: Scope) -> ColumnElement[bool]:
    """Bodies in a scope."""
    return access.reach(scope, B.division_code, B.id, row_id=B.id)


async def body(work: Work, body_id: UUID, permission: Permission) -> Place:
    """A body in the scope of a permission. Raises `LifeBodyNotFound`."""
    below = party_organizations.alias("below")
    groups = (
        select(func.count())
        .where(below.c.parent_id == B.id, below.c.kind == "group", below.c.dissolved_on.is_(None))
        .correlate(party_organizations)
        .scalar_subquery()
    )
    found = await work.execute(
        select(
            B.id, B.name, B.kind, B.division_code, B.parent_id, B.founded_on, B.dissolved_on, groups
        ).where(B.id == body_id, visible_bodies(work.actor.scope(permission)))
    )
    row: Any = found.one_or_none()
    if row is None:
        raise errors.LifeBodyNotFound
    return Place(*row)


async def built(work: Work, place: Place) -> Body:
    """A body with everybody who ever held a post in it."""
    p = party_posts.c
    rows: Any = await work.execute(
        select(func.coalesce(p.member_id, p.id), func.lower(p.valid), func.upper(p.valid)).where(
            p.party_organization_id == place.id, ~p.withdrawn
        )
    )
    posts = tuple(Post(*row) for row in rows)
    return Body(place.kind, place.founded_on, place.dissolved_on, posts)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may stand on an attendance list; `own` belongs to the body itself."""

    member_id: UUID
    name_mask: str
    basis: AttendanceBasis
    own: bool
    in_post: bool


async def candidates(work: Work, place: Place, day: date, named: Sequence[UUID]) -> list[Candidate]:
    """Who belonged to a body on a day, held a post in it, or is named and belonged below it or took part in
    its life, in the caller's sight."""
    m, s, a = members.c, member_statuses.c, member_affiliations.c
    post = select(party_posts.c.member_id).where(
        party_posts.c.party_organization_id == place.id,
        party_posts.c.valid.op("@>")(day),
        party_posts.c.member_id.is_not(None),
        ~party_posts.c.withdrawn,
    )
    taking_part = (
        select(member_participations.c.kind)
        .where(
            member_participations.c.member_id == m.id,
            member_participations.c.party_organization_id == place.id,
            member_participations.c.valid.op("@>")(day),
        )
        .limit(1)
        .scalar_subquery()
    )
    in_line: Any = access.within_bodies(a.party_organization_id, [place.id], day)
    if place.kind == "group" and place.parent_id is not None:
        in_line = or_(in_line, a.party_organization_id == place.parent_id)
    own: Any = a.party_organization_id == place.id
    in_post = m.id.in_(post)
    basis = case((or_(in_line, in_post), literal(AttendanceBasis.DUE.value)), else_=taking_part)
    rows: Any = await work.execute(
        select(m.id, persons.c.name_mask, basis.label("basis"), own.label("own"), in_post.label("in_post"))
        .select_from(members)
        .join(persons, persons.c.id == m.person_id)
        .join(member_affiliations, and_(a.member_id == m.id, a.valid.op("@>")(day)))
        .join(member_statuses, and_(s.member_id == m.id, s.valid.op("@>")(day), s.status.in_(DUTIFUL)))
        .where(or_(own, in_post, m.id.in_(list(named))))
        .order_by(m.id)
    )
    return [
        Candidate(row.id, row.name_mask, AttendanceBasis(row.basis), row.own, row.in_post)
        for row in rows
        if row.basis is not None
    ]
