"""What posts, terms and elections look like. People are masked."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields import CodeRef, Output, Ref
from app.posts.rules import (
    Confirmation,
    CongressGround,
    ElectionKind,
    ElectionState,
    Outcome,
    PostBasis,
    PostEndReason,
    PostRole,
    ReviewOpinion,
)

MaskedName = Annotated[str, Field(examples=["张**"], description="Masked; `reveal` shows it.")]


class CongressRead(Output):
    """A congress of delegates."""

    id: UUID
    party_organization: Ref
    division: CodeRef
    number: int
    held_on: date
    ground: Annotated[CongressGround, Field(examples=["size"])]
    member_count: Annotated[int, Field(description="Members in the ledger that day.", examples=[612])]
    delegates: int
    document: str
    approved_by: Ref | None
    etag: str


class TermRead(Output):
    """A term of a body, with its place in the re-election calendar."""

    id: UUID
    party_organization: Ref
    division: CodeRef
    number: int | None
    from_on: date
    until_on: Annotated[date | None, Field(description="When the next term began; null while it runs.")]
    years: int
    regular_end_on: date
    ends_on: date
    over: Annotated[bool, Field(description="It runs on past its end.")]
    months_left: Annotated[
        int | None,
        Field(description="The narrowest reminder reached: 6, 3, 1, or 0 when it is over.", examples=[3]),
    ]
    extension_document: str | None
    extension_approved_by: Ref | None
    congress_id: UUID | None
    document: str
    etag: str
    allowed_actions: list[str]


class PostRead(Output):
    """Somebody in a post."""

    id: UUID
    party_organization: Ref
    division: CodeRef
    member_id: Annotated[UUID | None, Field(description="Null for somebody of old, under a sealed name.")]
    name: MaskedName
    role: Annotated[PostRole, Field(examples=["secretary"])]
    from_on: date
    until_on: date | None
    basis: Annotated[PostBasis, Field(examples=["elected"])]
    term_id: UUID | None
    election_id: UUID | None
    appointed_by: Ref | None
    document: str
    ended_reason: PostEndReason | None
    ended_document: str | None
    withdrawn: bool
    etag: str
    allowed_actions: list[str]


class CandidateRead(Output):
    """Somebody who stood."""

    member_id: UUID
    name: MaskedName
    votes: int
    outcome: Annotated[Outcome, Field(examples=["approved"])]
    decided_on: date | None
    decision_document: str | None
    post_id: UUID | None


class BallotRead(Output):
    """The vote for one post, with all who stood."""

    role: Annotated[PostRole, Field(examples=["secretary"])]
    kind: Annotated[ElectionKind, Field(examples=["assembly"])]
    seats: int
    due: int
    present: int
    entitled: Annotated[
        int | None, Field(description="Those with the right to vote by the ledger that day.", examples=[24])
    ]
    confirmation: Annotated[Confirmation, Field(examples=["approved"])]
    candidates: list[CandidateRead]


class ElectionRead(Output):
    """An election with its ballots."""

    id: UUID
    party_organization: Ref
    division: CodeRef
    opens_term: Annotated[bool, Field(description="A re-election (换届), or one within the term (补选).")]
    term_id: Annotated[UUID | None, Field(description="The term it opened or fell into.")]
    number: int | None
    held_on: date
    congress_id: UUID | None
    roll_document: str | None
    early_document: str | None
    early_approved_by: Ref | None
    document: str
    state: Annotated[ElectionState, Field(examples=["pending"])]
    ballots: list[BallotRead]
    etag: str
    allowed_actions: list[str]


class NomineeReviewRead(Output):
    """A nominee review."""

    id: UUID
    party_organization: Ref
    division: CodeRef
    member_id: UUID
    name: MaskedName
    role: PostRole
    reviewed_on: date
    opinion: ReviewOpinion
    document: str
    created_at: datetime
    etag: str


class LeadershipPost(Output):
    """A post that is held now."""

    id: UUID
    role: PostRole
    member_id: UUID | None
    name: MaskedName
    from_on: date
    basis: PostBasis


class LeadershipRead(Output):
    """Who leads a body now, until when, and what waits: all that a page about it needs."""

    party_organization: Ref
    as_of: date
    term: Annotated[TermRead | None, Field(description="The term that runs; null if none is on record.")]
    posts: list[LeadershipPost]
    has_secretary: bool
    pending_elections: Annotated[
        list[UUID], Field(description="Elections that wait for the superior's answer.")
    ]
    allowed_actions: list[str]


class PostRevealed(Output):
    """A sealed name in plain text."""

    name: Annotated[str, Field(examples=["张三"])]
