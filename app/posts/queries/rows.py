"""Terms, posts and elections, locked for a change; and what the daily reminder finds."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select

from app.core import access
from app.core.access import Permission
from app.core.work import Work
from app.posts import errors
from app.posts.models import Ballot, Candidate, Congress, Election, Post, Term, TermReminder
from app.posts.queries.shown import months_left, visible
from app.posts.rules import PostRole

_OPEN = (func.upper_inf(Post.valid), ~Post.withdrawn)


async def post_for_update(work: Work, post_id: UUID, permission: Permission) -> Post:
    """A post in the scope of a permission, locked. Raises `PostNotFound`."""
    found: Post | None = await work.scalar(
        select(Post)
        .where(Post.id == post_id, visible(Post, work.actor.scope(permission)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.PostNotFound
    return found


async def term_for_update(work: Work, term_id: UUID, permission: Permission) -> Term:
    """A term in the scope of a permission, locked. Raises `TermNotFound`."""
    found: Term | None = await work.scalar(
        select(Term)
        .where(Term.id == term_id, visible(Term, work.actor.scope(permission)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.TermNotFound
    return found


async def election_for_update(work: Work, election_id: UUID, permission: Permission) -> Election:
    """An election in the scope of a permission, locked. Raises `ElectionNotFound`."""
    found: Election | None = await work.scalar(
        select(Election)
        .where(Election.id == election_id, visible(Election, work.actor.scope(permission)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.ElectionNotFound
    return found


async def running_term(work: Work, body_id: UUID) -> Term | None:
    """The term of a body that no next one has followed."""
    found: Term | None = await work.scalar(
        select(Term)
        .where(Term.party_organization_id == body_id, func.upper_inf(Term.valid))
        .with_for_update()
    )
    return found


async def last_number(work: Work, body_id: UUID) -> int | None:
    """The highest number that a term of a body has."""
    found: int | None = await work.scalar(
        select(func.max(Term.number)).where(Term.party_organization_id == body_id)
    )
    return found


async def held_posts(
    work: Work, body_id: UUID, *, role: PostRole | None = None, member_id: UUID | None = None
) -> Sequence[Post]:
    """The posts of a body that are held with no end, locked."""
    statement = select(Post).where(Post.party_organization_id == body_id, *_OPEN)
    if role is not None:
        statement = statement.where(Post.role == role)
    if member_id is not None:
        statement = statement.where(Post.member_id == member_id)
    return (await work.scalars(statement.order_by(Post.id).with_for_update())).all()


async def posts_after(
    work: Work, on: date, *, body_id: UUID | None = None, member_id: UUID | None = None
) -> Sequence[Post]:
    """The posts of a body or a member that last beyond a day, locked."""
    statement = select(Post).where(
        ~Post.withdrawn, or_(func.upper_inf(Post.valid), func.upper(Post.valid) > on)
    )
    if body_id is not None:
        statement = statement.where(Post.party_organization_id == body_id)
    if member_id is not None:
        statement = statement.where(Post.member_id == member_id)
    return (await work.scalars(statement.order_by(Post.id).with_for_update())).all()


async def pending(work: Work, body_id: UUID) -> Sequence[Election]:
    """The elections of a body that wait for an answer, locked."""
    found = await work.scalars(
        select(Election)
        .where(Election.party_organization_id == body_id, Election.state == "pending")
        .with_for_update()
    )
    return found.all()


async def ballots(work: Work, election_id: UUID) -> dict[UUID, Ballot]:
    """The ballots of an election by id."""
    found = await work.scalars(select(Ballot).where(Ballot.election_id == election_id))
    return {ballot.id: ballot for ballot in found}


async def awaiting(work: Work, election_id: UUID) -> Sequence[Candidate]:
    """Those elected for whom the superior has not answered, locked."""
    found = await work.scalars(
        select(Candidate)
        .where(Candidate.election_id == election_id, Candidate.outcome == "pending")
        .order_by(Candidate.id)
        .with_for_update()
    )
    return found.all()


async def above(work: Work, body_id: UUID | None) -> set[UUID]:
    """A body and those above it today; nothing for none."""
    c = access.party_organization_closure.c
    if body_id is None:
        return set()
    found = await work.scalars(
        select(c.ancestor_id).where(c.descendant_id == body_id, c.valid.op("@>")(access.today_sql()))
    )
    return set(found)


async def to_remind(work: Work, limit: int) -> Sequence[tuple[Term, int]]:
    """Running terms that have reached a threshold of which, or of a narrower one, nothing was said yet."""
    left = months_left(access.today_sql())
    said = exists(
        select(1)
        .where(
            TermReminder.term_id == Term.id,
            TermReminder.ends_on == Term.ends_on,
            TermReminder.months <= left,
        )
        .correlate(Term)
    )
    horizon = access.today_sql() + func.make_interval(0, 24)
    rows: Any = await work.execute(
        select(Term, left)
        .where(and_(func.upper_inf(Term.valid), Term.ends_on <= horizon, left.is_not(None), ~said))
        .order_by(Term.ends_on, Term.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


async def is_congress_of(work: Work, congress_id: UUID, body_id: UUID) -> bool:
    """Whether a congress is this body's."""
    found = await work.scalar(
        select(Congress.id).where(Congress.id == congress_id, Congress.party_organization_id == body_id)
    )
    return found is not None
