"""The addresses of posts, terms, congresses and elections."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.identity.errors import FreshSignInNeeded, RevealsSpent
from app.party_organizations.errors import PartyOrganizationNotFound
from app.posts import commands, errors, queries
from app.posts.schemas import (
    CongressFilters,
    CongressRead,
    CongressRecord,
    ElectionConfirm,
    ElectionFilters,
    ElectionRead,
    ElectionRecord,
    ElectionRefuse,
    LeadershipRead,
    NomineeReviewCreate,
    NomineeReviewRead,
    PostAppoint,
    PostEnd,
    PostFilters,
    PostRead,
    PostReveal,
    PostRevealed,
    ReviewFilters,
    TermExtend,
    TermFilters,
    TermRead,
    TermRecord,
)

router = Router(tags=["posts"])

Reader = Annotated[Work, reading(Permission.MEMBER_READ)]
Recorder = Annotated[Work, creating(Permission.MEMBER_RECORD)]
Founder = Annotated[Work, creating(Permission.MEMBER_DECIDE)]
Decider = Annotated[Work, changing(Permission.MEMBER_DECIDE)]
Revealer = Annotated[Work, creating(Permission.MEMBER_REVEAL)]
BodyReader = Annotated[Work, reading(Permission.PARTY_ORGANIZATION_READ)]
BodyFounder = Annotated[Work, creating(Permission.PARTY_ORGANIZATION_DECIDE)]
BodyDecider = Annotated[Work, changing(Permission.PARTY_ORGANIZATION_DECIDE)]
BodyId = Annotated[UUID, Path(description="The id of the Party organization.")]
TermId = Annotated[UUID, Path(description="The id of the term.")]
PostId = Annotated[UUID, Path(description="The id of the post.")]
ElectionId = Annotated[UUID, Path(description="The id of the election.")]

_no_body, _invalid = PartyOrganizationNotFound, errors.PostInvalid
_answering = (
    errors.ElectionNotFound,
    _invalid,
    errors.ElectionIsSettled,
    errors.SecretaryTaken,
    errors.PostTwice,
    errors.TermTaken,
)
_electing = (
    _no_body,
    _invalid,
    errors.ElectionPending,
    errors.StoodTwice,
    errors.ReviewTwice,
    errors.SecretaryTaken,
    errors.PostTwice,
    errors.TermTaken,
)


@router.get(
    "/party-organizations/{party_organization_id}/leadership",
    response_model=LeadershipRead,
    responses=refusals(_no_body),
)
async def get_leadership(work: Reader, party_organization_id: BodyId) -> Response:
    """Who leads a body now, until when its term runs, and what waits."""
    return await queries.leadership(work, party_organization_id)


@router.get("/party-terms", response_model=Page[TermRead])
async def list_party_terms(work: BodyReader, filters: Annotated[TermFilters, Query()]) -> Response:
    """The re-election calendar (换届日历): terms by the day on which they are over."""
    return await queries.page_terms(work, filters)


@router.get("/party-terms/{term_id}", response_model=TermRead, responses=refusals(errors.TermNotFound))
async def get_party_term(work: BodyReader, term_id: TermId) -> Response:
    """One term of a Party organization."""
    return await queries.read_term(work, term_id)


@router.post(
    "/party-organizations/{party_organization_id}/terms",
    status_code=201,
    response_model=TermRead,
    responses=refusals(_no_body, _invalid, errors.TermTaken),
)
async def record_party_term(work: BodyFounder, party_organization_id: BodyId, given: TermRecord) -> Response:
    """Enter a term that runs already, or ran once. New ones open by `reelect`."""
    term_id = await commands.record_term(work, party_organization_id, given)
    return await queries.read_term(work, term_id, status=201)


@router.post(
    "/party-terms/{term_id}/extend",
    response_model=TermRead,
    responses=refusals(errors.TermNotFound, _invalid, errors.TermIsOver),
)
async def extend_party_term(work: BodyDecider, term_id: TermId, given: TermExtend) -> Response:
    """Put the end of a term off (延期换届). The rule pack bounds it; the superior approves."""
    await commands.extend(work, term_id, given)
    return await queries.read_term(work, term_id)


@router.get("/party-congresses", response_model=Page[CongressRead])
async def list_party_congresses(work: BodyReader, filters: Annotated[CongressFilters, Query()]) -> Response:
    """Congresses of delegates (党员代表大会), the latest entry first."""
    return await queries.page_congresses(work, filters)


@router.post(
    "/party-organizations/{party_organization_id}/congresses",
    status_code=201,
    response_model=CongressRead,
    responses=refusals(_no_body, _invalid, errors.CongressTwice),
)
async def record_party_congress(
    work: BodyFounder, party_organization_id: BodyId, given: CongressRecord
) -> Response:
    """Enter a congress: for 500 members or more, or members far apart, with the superior's approval."""
    congress_id = await commands.record_congress(work, party_organization_id, given)
    return await queries.read_congress(work, congress_id, status=201)


@router.get("/nominee-reviews", response_model=Page[NomineeReviewRead])
async def list_nominee_reviews(work: Reader, filters: Annotated[ReviewFilters, Query()]) -> Response:
    """Nominee reviews (拟任人选考察), the latest entry first."""
    return await queries.page_reviews(work, filters)


@router.post(
    "/party-organizations/{party_organization_id}/nominee-reviews",
    status_code=201,
    response_model=NomineeReviewRead,
    responses=refusals(_no_body, _invalid, errors.ReviewTwice),
)
async def record_nominee_review(
    work: Recorder, party_organization_id: BodyId, given: NomineeReviewCreate
) -> Response:
    """Enter the review of a member for a post; where the rule pack asks for one, no post without it."""
    review_id = await commands.review(work, party_organization_id, given)
    return await queries.read_review(work, review_id, status=201)


@router.get("/party-elections", response_model=Page[ElectionRead])
async def list_party_elections(work: Reader, filters: Annotated[ElectionFilters, Query()]) -> Response:
    """Elections with their ballots, the latest entry first."""
    return await queries.page_elections(work, filters)


@router.get(
    "/party-elections/{election_id}",
    response_model=ElectionRead,
    responses=refusals(errors.ElectionNotFound),
)
async def get_party_election(work: Reader, election_id: ElectionId) -> Response:
    """One election."""
    return await queries.read_election(work, election_id)


@router.post(
    "/party-organizations/{party_organization_id}/reelect",
    status_code=201,
    response_model=ElectionRead,
    responses=refusals(*_electing),
)
async def reelect_party_organization(
    work: Founder, party_organization_id: BodyId, record: ElectionRecord
) -> Response:
    """Enter a re-election (换届). With the superior's consent it opens the new term, and former posts end."""
    election_id = await commands.reelect(work, party_organization_id, record)
    return await queries.read_election(work, election_id, status=201)


@router.post(
    "/party-organizations/{party_organization_id}/by-elect",
    status_code=201,
    response_model=ElectionRead,
    responses=refusals(*_electing),
)
async def by_elect_party_organization(
    work: Founder, party_organization_id: BodyId, record: ElectionRecord
) -> Response:
    """Enter an election within the term that runs (补选). Who holds other posts stays."""
    election_id = await commands.by_elect(work, party_organization_id, record)
    return await queries.read_election(work, election_id, status=201)


@router.post(
    "/party-elections/{election_id}/confirm",
    response_model=ElectionRead,
    responses=refusals(*_answering),
)
async def confirm_party_election(work: Decider, election_id: ElectionId, given: ElectionConfirm) -> Response:
    """The superior files or approves, as each post asks; the posts begin that day."""
    await commands.confirm(work, election_id, given)
    return await queries.read_election(work, election_id)


@router.post(
    "/party-elections/{election_id}/refuse",
    response_model=ElectionRead,
    responses=refusals(errors.ElectionNotFound, _invalid, errors.ElectionIsSettled),
)
async def refuse_party_election(work: Decider, election_id: ElectionId, given: ElectionRefuse) -> Response:
    """The superior does not consent; the term before runs on if nobody else was confirmed."""
    await commands.refuse_result(work, election_id, given)
    return await queries.read_election(work, election_id)


@router.get("/party-posts", response_model=Page[PostRead])
async def list_party_posts(work: Reader, filters: Annotated[PostFilters, Query()]) -> Response:
    """Who holds and held which post, the latest entry first; masked."""
    return await queries.page_posts(work, filters)


@router.post(
    "/party-organizations/{party_organization_id}/posts",
    status_code=201,
    response_model=PostRead,
    responses=refusals(_no_body, _invalid, errors.SecretaryTaken, errors.PostTwice),
)
async def appoint_to_party_post(work: Founder, party_organization_id: BodyId, given: PostAppoint) -> Response:
    """Enter somebody in a post by a paper (委派、任命). Past posts of people of old go by a sealed name."""
    post_id = await commands.appoint(work, party_organization_id, given)
    return await queries.read_post(work, post_id, status=201)


@router.post(
    "/party-posts/{post_id}/end",
    response_model=PostRead,
    responses=refusals(errors.PostNotFound, _invalid, errors.PostHasEnded),
)
async def end_party_post(work: Decider, post_id: PostId, given: PostEnd) -> Response:
    """End a post, or take back one that was recorded in error."""
    await commands.end_post(work, post_id, given)
    return await queries.read_post(work, post_id)


@router.post(
    "/party-posts/{post_id}/reveal",
    response_model=PostRevealed,
    responses=refusals(errors.PostNotFound, errors.NameNotSealed, FreshSignInNeeded, RevealsSpent),
)
async def reveal_party_post(work: Revealer, post_id: PostId, asked: PostReveal) -> PostRevealed:
    """The sealed name of somebody of old, with purpose and reason on record before it is shown."""
    return await commands.reveal(work, post_id, asked)
