"""What happens to posts, terms and elections: ids only; what names a person is not public."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.core.events import Event
from app.posts.rules import (
    CongressGround,
    PostBasis,
    PostEndReason,
    PostRole,
    ReviewOpinion,
)


class _BodyEvent(Event):
    subject_type: ClassVar[str] = "party_organization"


class TermOpened(_BodyEvent):
    """A term began, or one was entered."""

    type: ClassVar[str] = "term.opened"
    term_id: UUID
    number: int | None
    from_on: date
    ends_on: date


class TermClosed(_BodyEvent):
    """A term ended: the next one began, or the body was dissolved."""

    type: ClassVar[str] = "term.closed"
    term_id: UUID
    on: date


class TermExtended(_BodyEvent):
    """延期换届."""

    type: ClassVar[str] = "term.extended"
    term_id: UUID
    ends_on: date


class TermEnding(_BodyEvent):
    """A term is over in so many months; 0 when it is over. Raised once for each threshold."""

    type: ClassVar[str] = "term.ending"
    term_id: UUID
    months: int
    ends_on: date


class CongressHeld(_BodyEvent):
    """A congress of delegates was entered."""

    type: ClassVar[str] = "congress.recorded"
    congress_id: UUID
    number: int
    ground: CongressGround
    held_on: date


class ElectionHeld(_BodyEvent):
    """An election was entered; who was elected waits for the superior's answer."""

    type: ClassVar[str] = "election.recorded"
    election_id: UUID
    opens_term: bool
    held_on: date
    elected: int


class ElectionAnswered(_BodyEvent):
    """The superior answered for some of those elected."""

    type: ClassVar[str] = "election.answered"
    election_id: UUID
    confirmed: int
    refused: int
    settled: bool


class _PersonEvent(Event):
    subject_type: ClassVar[str] = "party_organization"
    public: ClassVar[bool] = False


class PostBegan(_PersonEvent):
    """Somebody took up a post."""

    type: ClassVar[str] = "post.began"
    post_id: UUID
    member_id: UUID | None
    role: PostRole
    basis: PostBasis
    on: date


class PostEnded(_PersonEvent):
    """Somebody left a post."""

    type: ClassVar[str] = "post.ended"
    post_id: UUID
    member_id: UUID | None
    role: PostRole
    reason: PostEndReason
    on: date


class PostShown(_PersonEvent):
    """The sealed name of somebody of old was shown."""

    type: ClassVar[str] = "post.revealed"
    reveals: ClassVar[bool] = True
    post_id: UUID
    purpose: str
    reason: str


class NomineeReviewed(_PersonEvent):
    """A nominee review was entered."""

    type: ClassVar[str] = "nominee.reviewed"
    review_id: UUID
    member_id: UUID
    role: PostRole
    opinion: ReviewOpinion
