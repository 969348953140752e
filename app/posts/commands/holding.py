"""Posts: begin, end, review before, and what other slices ask when a body or a membership ends."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.core.access import Permission
from app.core.crypto import mask_name
from app.core.db import uuid7
from app.core.work import Work
from app.identity import commands as identity
from app.posts import errors, queries, rules
from app.posts.commands import checking, terms
from app.posts.models import Candidate, Election, NomineeReview, Post
from app.posts.queries import Body
from app.posts.rules import ElectionState, Outcome, PostBasis, PostEndReason, PostRole, Wrong
from app.posts.schemas import (
    NomineeReviewCreate,
    NomineeReviewed,
    PostAppoint,
    PostBegan,
    PostEnd,
    PostEnded,
    PostReveal,
    PostRevealed,
    PostShown,
)

_DECIDE, _RECORD, _REVEAL = Permission.MEMBER_DECIDE, Permission.MEMBER_RECORD, Permission.MEMBER_REVEAL
_TABLE, _COLUMN = "party_posts", "name_cipher"


async def review(work: Work, body_id: UUID, given: NomineeReviewCreate) -> UUID:
    """拟任人选考察: enter the review of a member for a post of a body. Raises `ReviewTwice`."""
    body = await checking.body(work, body_id, _RECORD)
    people = await queries.people(work, [given.member_id], body_id, given.reviewed_on)
    wrongs = rules.wrong_with_body(body.kind, body.formation, active=body.active, elects=False)
    if given.reviewed_on > work.today:
        wrongs.append(Wrong("/reviewed_on", "in_future", checking.FUTURE))
    if given.member_id not in people:
        words = ("没有这名党员, 或不在您的范围内", "there is no such member in your scope")
        wrongs.append(Wrong("/member_id", "no_such_member", words))
    checking.refuse(wrongs)
    row = NomineeReview(
        id=uuid7(),
        party_organization_id=body.id,
        division_code=body.division_code,
        member_id=given.member_id,
        name_mask=people[given.member_id].name_mask,
        role=given.role,
        reviewed_on=given.reviewed_on,
        opinion=given.opinion,
        document=given.document,
    )
    work.session.add(row)
    await work.session.flush()
    work.announce(
        NomineeReviewed(
            subject=body.id,
            division_code=body.division_code,
            review_id=row.id,
            member_id=given.member_id,
            role=given.role,
            opinion=given.opinion,
        )
    )
    return row.id


async def appoint(work: Work, body_id: UUID, given: PostAppoint) -> UUID:
    """委派、任命, or a post of old papers. Who is not in the ledger is sealed, and the post is past.

    Raises `SecretaryTaken`, `PostTwice`, and `PostInvalid` with every reason."""
    body = await checking.body(work, body_id, _DECIDE)
    since = checking.day(work, given.from_on, pointer="/from_on")
    wrongs = rules.wrong_with_body(body.kind, body.formation, active=body.active, elects=False)
    if given.until_on is not None and given.until_on <= since:
        words = ("须晚于开始日期", "must be later than the first day")
        wrongs.append(Wrong("/until_on", "empty_period", words))
    if since < body.founded_on:
        words = ("早于党组织的成立日期", "lies before the body was founded")
        wrongs.append(Wrong("/from_on", "before_foundation", words))
    wrongs += await checking.wrong_with_superiors(
        work, body_id, [("/appointed_by", given.appointed_by)], since
    )
    post = Post(
        id=uuid7(),
        party_organization_id=body.id,
        division_code=body.division_code,
        member_id=given.member_id,
        name_mask="",
        role=given.role,
        valid=Range(since, given.until_on),
        basis=PostBasis.APPOINTED,
        appointed_by=given.appointed_by,
        document=given.document,
        withdrawn=False,
    )
    if (given.member_id is None) == (given.name is None):
        words = ("请给出党员或旧时姓名, 二者选一", "give a member or a name of old, not both")
        wrongs.append(Wrong("/member_id", "one_person", words))
    elif given.name is not None:
        wrongs += _sealed(work, post, given.name, given.until_on)
    else:
        wrongs += await _known(work, body, post, given, since)
    checking.refuse(wrongs)
    running = await queries.running_term(work, body_id)
    if running is not None and running.valid.lower is not None and running.valid.lower <= since:
        post.term_id = running.id
    await _begin(work, post, since)
    return post.id


def _sealed(work: Work, post: Post, name: str, until: date | None) -> list[Wrong]:
    """Seal the name of somebody who is not in the ledger, for a post that is over."""
    post.basis = PostBasis.RECORDED
    post.name_cipher = work.crypto.encrypt(name, table=_TABLE, column=_COLUMN, row=post.id)
    post.name_blind = work.crypto.index("persons.name", name).stored
    post.name_mask = mask_name(name)
    if until is None or until > work.today:
        words = (
            "名册外的人只登记已结束的任职, 请填结束日期; 在任的请先登记党员",
            "only past posts go without a member: give the last day, or enter the member first",
        )
        return [Wrong("/until_on", "must_be_past", words)]
    return []


async def _known(work: Work, body: Body, post: Post, given: PostAppoint, since: date) -> list[Wrong]:
    """A member may come from another body (委派), but is full and has all rights."""
    assert given.member_id is not None  # noqa: S101 (asked by the caller)
    pack = await checking.pack(work, body, since)
    found = (await queries.people(work, [given.member_id], body.id, since)).get(given.member_id)
    seen = await queries.reviewed(work, [given.member_id], body.id, since, pack.review_months)
    standing = (
        None
        if found is None
        else found.standing(
            given.member_id, inside=True, reviewed=seen.get((given.member_id, given.role), False)
        )
    )
    post.name_mask = found.name_mask if found else ""
    if given.until_on is not None and given.until_on <= work.today:
        post.basis = PostBasis.RECORDED
        pack = replace(pack, reviewed=frozenset())
    return rules.wrong_with_standing(standing, given.role, pack, "")


async def begin_elected(
    work: Work, election: Election, candidate: Candidate, role: PostRole, answer: tuple[date, str]
) -> UUID:
    """The post of somebody elected, from the day of the superior's answer, by its paper."""
    on, document = answer
    post = Post(
        id=uuid7(),
        party_organization_id=election.party_organization_id,
        division_code=election.division_code,
        member_id=candidate.member_id,
        name_mask=candidate.name_mask,
        role=role,
        valid=Range(on),
        basis=PostBasis.ELECTED,
        term_id=election.term_id,
        election_id=election.id,
        document=document,
        withdrawn=False,
    )
    await _begin(work, post, on)
    return post.id


async def _begin(work: Work, post: Post, on: date) -> None:
    work.session.add(post)
    await work.session.flush()
    work.announce(
        PostBegan(
            subject=post.party_organization_id,
            division_code=post.division_code,
            post_id=post.id,
            member_id=post.member_id,
            role=PostRole(post.role),
            basis=PostBasis(post.basis),
            on=on,
        )
    )


async def end_post(work: Work, post_id: UUID, given: PostEnd) -> None:
    """End a post, or take back one that was recorded in error. Raises `PostHasEnded`."""
    post = await queries.post_for_update(work, post_id, _DECIDE)
    work.expect(post)
    over = post.valid.upper is not None and post.valid.upper <= work.today
    if given.reason is PostEndReason.RECORDED_IN_ERROR:
        if post.withdrawn:
            raise errors.PostHasEnded
        post.withdrawn = True
        await finish(work, post, post.valid.upper or work.today, given.reason, given.document)
        return
    if post.withdrawn or over:
        raise errors.PostHasEnded
    on = checking.day(work, given.on, after=post.valid.lower)
    await finish(work, post, on, given.reason, given.document)


async def finish(
    work: Work, post: Post, on: date, reason: PostEndReason, document: str | None = None
) -> None:
    """The end itself, never before a post's second day."""
    since = post.valid.lower
    assert since is not None  # noqa: S101 (a check constraint)
    until = max(on, date.fromordinal(since.toordinal() + 1))
    post.valid = Range(since, until)
    post.ended_reason, post.ended_document = reason, document
    await work.session.flush()
    work.announce(
        PostEnded(
            subject=post.party_organization_id,
            division_code=post.division_code,
            post_id=post.id,
            member_id=post.member_id,
            role=PostRole(post.role),
            reason=reason,
            on=until,
        )
    )


async def reveal(work: Work, post_id: UUID, asked: PostReveal) -> PostRevealed:
    """The sealed name of somebody of old; who asked and why is committed before it leaves."""
    work.keep_secret()
    post = await queries.post_for_update(work, post_id, _REVEAL)
    if post.name_cipher is None:
        raise errors.NameNotSealed
    await identity.permit_reveal(work)
    work.announce(
        PostShown(
            subject=post.party_organization_id,
            division_code=post.division_code,
            post_id=post.id,
            purpose=asked.purpose,
            reason=asked.reason,
        )
    )
    await work.session.flush()
    return PostRevealed(name=work.crypto.decrypt(post.name_cipher, table=_TABLE, column=_COLUMN, row=post.id))


# -------------------------------------------------------------------------------- for other slices' commands


async def end_for_body(
    work: Work, body_id: UUID, on: date, reason: PostEndReason = PostEndReason.BODY_DISSOLVED
) -> int:
    """A body is no more: its posts and its term end that day, an election that waits is void. How many posts
    ended. The caller may decide about the body."""
    await checking.see(work, body_id)
    for election in await queries.pending(work, body_id):
        election.state = ElectionState.VOID
        for candidate in await queries.awaiting(work, election.id):
            candidate.outcome = Outcome.VOID
    term = await queries.running_term(work, body_id)
    if term is not None:
        await terms.close_term(work, term, on)
    return await _end_all(work, await queries.posts_after(work, on, body_id=body_id), on, reason)


async def hand_over_body(work: Work, from_body_id: UUID, to_body_id: UUID, on: date) -> int:
    """One body goes up in another: its posts end, those of the other stay. How many posts ended.

    Who leads the other is for its own election, so nothing is carried over to `to_body_id`."""
    if from_body_id == to_body_id:
        raise ValueError("a body cannot be handed over to itself")
    return await end_for_body(work, from_body_id, on, PostEndReason.BODY_MERGED)


async def end_for_member(
    work: Work,
    member_id: UUID,
    on: date,
    reason: PostEndReason = PostEndReason.MEMBERSHIP_ENDED,
    *,
    bodies: Collection[UUID] | None = None,
) -> int:
    """A member left: the posts end that day, all of them or those in these bodies. How many ended."""
    posts = await queries.posts_after(work, on, member_id=member_id)
    leaving = [post for post in posts if bodies is None or post.party_organization_id in bodies]
    return await _end_all(work, leaving, on, reason)


async def leave_bodies(
    work: Work, member_id: UUID, from_body_id: UUID, to_body_id: UUID | None, on: date
) -> int:
    """A member whose relations went elsewhere leaves the posts of the branch, and of those above it that do
    not stand above the new one, the same day; a post by appointment elsewhere stays."""
    left = await queries.above(work, from_body_id) - await queries.above(work, to_body_id)
    return await end_for_member(work, member_id, on, PostEndReason.TRANSFERRED, bodies=left)


async def _end_all(work: Work, posts: Sequence[Post], on: date, reason: PostEndReason) -> int:
    for post in posts:
        await finish(work, post, on, reason)
    return len(posts)
