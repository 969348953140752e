"""Who leads a body now: its term, its posts, and what waits, in one answer."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import JSON, Date, Uuid, cast, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.core import access, reads
from app.core.access import Permission
from app.core.work import Work
from app.party_organizations.errors import PartyOrganizationNotFound
from app.posts.models import Election, Post, Term
from app.posts.queries.shown import held, name_of, running, terms
from app.posts.queries.tables import party_organizations
from app.posts.rules import PostRole
from app.posts.schemas import LeadershipRead

B = party_organizations.c
_DECIDE, _RECORD = Permission.MEMBER_DECIDE, Permission.MEMBER_RECORD


async def leadership(work: Work, body_id: UUID) -> Response:
    """The leadership of a body in the caller's scope."""
    scope = work.actor.scope(Permission.MEMBER_READ)
    posts = select(
        Post.id, Post.role, Post.member_id, name_of(Post), func.lower(Post.valid).label("from_on"), Post.basis
    )
    waiting = select(func.array_agg(Election.id)).where(
        Election.party_organization_id == B.id, Election.state == "pending"
    )
    secretary = (
        select(literal(1))
        .where(Post.party_organization_id == B.id, held(), Post.role == PostRole.SECRETARY)
        .correlate(party_organizations)
    )
    term = terms(work).where(Term.party_organization_id == B.id, running()).correlate(party_organizations)
    inside: Any = access.reach(scope, B.division_code, B.id, row_id=B.id)
    elects = B.status == "active"
    statement = select(
        reads.ref(B.id, B.name).label("party_organization"),
        cast(literal(work.today), Date()).label("as_of"),
        reads.object_of(term).label("term"),
        reads.array_of(
            posts.where(Post.party_organization_id == B.id, held()).correlate(party_organizations),
            "role",
            "id",
        ).label("posts"),
        secretary.exists().label("has_secretary"),
        cast(
            func.array_to_json(
                func.coalesce(
                    waiting.correlate(party_organizations).scalar_subquery(), cast([], ARRAY(Uuid()))
                )
            ),
            JSON,
        ).label("pending_elections"),
        reads.actions(
            work,
            {
                "reelect": (_DECIDE, elects),
                "by_elect": (_DECIDE, elects),
                "appoint": (_DECIDE, elects),
                "review": (_RECORD, elects),
            },
        ),
    ).where(B.id == body_id, inside)
    found = (await work.execute(reads.wire(statement, LeadershipRead))).mappings().one_or_none()
    if found is None:
        raise PartyOrganizationNotFound
    return await reads.derived(work, dict(found), shape=LeadershipRead)
