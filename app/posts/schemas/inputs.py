"""What is asked of posts, terms and elections."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields import Day, DivisionCode, Input, PositiveInt, SafeStr
from app.core.pages import Filters
from app.posts.rules import (
    CongressGround,
    ElectionKind,
    ElectionState,
    PostBasis,
    PostEndReason,
    PostRole,
    ReviewOpinion,
)

Document = Annotated[
    str,
    SafeStr(200),
    Field(title="Document", examples=["南社党〔2026〕7号"], description="The paper that shows it."),
]
PersonName = Annotated[str, SafeStr(80), Field(title="Name of a person", examples=["张三"])]
On = Annotated[Day | None, Field(description="The day from which it holds; today if absent.")]
MemberId = Annotated[UUID, Field(description="A member of the ledger.")]
Superior = Annotated[
    UUID | None,
    Field(description="The superior body that decided; null where it is not in this ledger."),
]
Number = Annotated[
    PositiveInt | None,
    Field(le=200, description="第几届: which term or congress of the body it is.", examples=[2]),
]
Subtree = Annotated[DivisionCode | None, Field(description="Bodies of this division and below.")]
Below = Annotated[UUID | None, Field(description="This Party organization and all below it.")]


class Approval(Input):
    """A superior's consent."""

    document: Document
    approved_by: Superior = None


class NomineeReviewGiven(Input):
    """The review of a nominee (拟任人选考察)."""

    reviewed_on: Annotated[Day, Field(description="The day of the opinion.")]
    opinion: Annotated[ReviewOpinion, Field(examples=["suitable"])]
    document: Document


class NomineeReviewCreate(NomineeReviewGiven):
    """The review of a member for a post."""

    member_id: MemberId
    role: Annotated[PostRole, Field(examples=["secretary"])]


class TermRecord(Input):
    """A term that runs already, or ran once. Its end is worked out from the rule pack."""

    from_on: Annotated[Day, Field(description="The first day: as a rule that of the election.")]
    until_on: Annotated[
        Day | None, Field(description="The first day of the next term, for one that is past.")
    ] = None
    number: Number = None
    document: Document


class TermExtend(Approval):
    """延期换届: a later end, with the superior's approval."""

    until_on: Annotated[Day, Field(description="The new day on which the term is over.")]


class CongressRecord(Approval):
    """A congress of delegates, held with the superior's approval (选举工作条例 art. 4)."""

    number: Annotated[PositiveInt, Field(le=200, description="第几次党员代表大会.", examples=[2])]
    held_on: Annotated[Day, Field(description="The first day of the congress.")]
    ground: Annotated[CongressGround, Field(examples=["dispersed"])]
    delegates: Annotated[PositiveInt, Field(le=5000, examples=[120])]


class CandidateGiven(Input):
    """Somebody who stood, the votes for them, and their review where it is not on record yet."""

    member_id: MemberId
    votes: Annotated[int, Field(ge=0, le=100_000, examples=[17])]
    review: Annotated[
        NomineeReviewGiven | None, Field(description="A review that goes on record with it.")
    ] = None


class BallotGiven(Input):
    """The vote for one post."""

    role: Annotated[PostRole, Field(examples=["secretary"])]
    kind: Annotated[ElectionKind, Field(examples=["assembly"])]
    due: Annotated[PositiveInt, Field(le=100_000, description="应到会: those with the right to vote.")]
    present: Annotated[PositiveInt, Field(le=100_000, description="实到会: those of them who came.")]
    seats: Annotated[PositiveInt, Field(le=60, examples=[1])]
    candidates: Annotated[list[CandidateGiven], Field(min_length=1, max_length=120)]


class ElectionConfirm(Input):
    """The superior's answer: filed (备案) or approved (批准) as the post asks; the posts begin that day."""

    on: On = None
    document: Document
    decided_by: Superior = None
    members: Annotated[
        list[MemberId] | None,
        Field(min_length=1, max_length=200, description="Only these of those elected; all if absent."),
    ] = None


class ElectionRecord(Input):
    """An election as it went, with the votes for each post. Who is elected follows from the votes."""

    held_on: Annotated[Day, Field(description="The day of the vote.")]
    congress_id: Annotated[UUID | None, Field(description="The congress, where delegates voted.")] = None
    ballots: Annotated[list[BallotGiven], Field(min_length=1, max_length=4)]
    number: Annotated[Number, Field(description="第几届; one more than the last if absent.")] = None
    roll_document: Annotated[
        Document | None,
        Field(description="The roll of voters, where the ledger of members lags behind it on that day."),
    ] = None
    early: Annotated[Approval | None, Field(description="提前换届: the consent to an early election.")] = None
    document: Annotated[Document, Field(description="The report of the result (选举结果报告).")]
    confirmation: Annotated[
        ElectionConfirm | None, Field(description="The superior's answer, where it is there already.")
    ] = None


class ElectionRefuse(ElectionConfirm):
    """The superior does not consent; the members voted for stay out of the posts."""


class PostAppoint(Input):
    """Somebody in a post without an election here: appointed (委派、任命), or on record from old papers.

    Who is not in the ledger is given by `name`, for a time that is over; the name is sealed."""

    member_id: Annotated[UUID | None, Field(description="A member of the ledger.")] = None
    name: Annotated[PersonName | None, Field(description="Or a name of old, for a past post.")] = None
    role: Annotated[PostRole, Field(examples=["secretary"])]
    from_on: On = None
    until_on: Annotated[Day | None, Field(description="The first day no longer in the post.")] = None
    appointed_by: Superior = None
    document: Document


class PostEnd(Input):
    """How a post ended."""

    on: On = None
    reason: Annotated[PostEndReason, Field(examples=["resigned"])]
    document: Document | None = None


class PostReveal(Input):
    """Why somebody needs the sealed name."""

    purpose: Annotated[str, SafeStr(64), Field(examples=["history"], description="A short code or word.")]
    reason: Annotated[str, SafeStr(200), Field(examples=["编写组织史资料"])]


class TermFilters(Filters):
    """The re-election calendar: terms by the day on which they are over."""

    division: Subtree = None
    party_organization_id: Below = None
    running: Annotated[bool | None, Field(description="Only terms that run, or only past ones.")] = None
    within_months: Annotated[
        int | None, Field(ge=1, le=60, description="Over within so many months, or already.")
    ] = None
    over: Annotated[bool | None, Field(description="Terms that run past their end, or not.")] = None


class PostFilters(Filters):
    """Which posts."""

    division: Subtree = None
    party_organization_id: Below = None
    member_id: Annotated[UUID | None, Field(description="Held by this member.")] = None
    role: PostRole | None = None
    basis: PostBasis | None = None
    as_of: Annotated[Day | None, Field(description="Held on this day.")] = None


class ElectionFilters(Filters):
    """Which elections."""

    division: Subtree = None
    party_organization_id: Below = None
    state: ElectionState | None = None


class ReviewFilters(Filters):
    """Which nominee reviews."""

    division: Subtree = None
    party_organization_id: Below = None
    member_id: Annotated[UUID | None, Field(description="Of this member.")] = None
    opinion: ReviewOpinion | None = None


class CongressFilters(Filters):
    """Which congresses."""

    division: Subtree = None
    party_organization_id: Below = None
