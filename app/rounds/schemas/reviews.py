"""Reviews and reviewers' interests on the wire."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.core.fields import Day, Input, LongText, Output, Ref, ShortText
from app.core.pages import Filters
from app.rounds.rules import InterestKind, ReplacedFor, ReviewState, RoundUse
from app.rounds.schemas.marks import EvidenceRead, MarkRead, RoundMark


class ReviewPlace(Output):
    """One place at a sheet. The reviewer is named, and the marks are shown, to who decides in the round."""

    id: UUID
    place: int
    state: Annotated[ReviewState, Field(examples=["assigned"])]
    due_on: date
    submitted_at: datetime | None
    replaced_for: Annotated[ReplacedFor | None, Field(examples=["late"])]
    reviewer: Ref | None
    marks: list[MarkRead] | None
    etag: str


class ReviewItem(Output):
    """A sheet that waits for me, or that I have reviewed."""

    id: UUID
    round: Ref
    use: Annotated[RoundUse, Field(examples=["demonstration"])]
    subject: Ref
    state: Annotated[ReviewState, Field(examples=["assigned"])]
    due_on: date
    submitted_at: datetime | None
    etag: str
    allowed_actions: list[str]


class ReviewRead(Output):
    """What I am to review: the standard, what the applicant says and shows, and my own marks once handed in.

    Nobody else's marks, and no total. What the applicant gave themselves is null until mine is handed in,
    unless the round shows it."""

    id: UUID
    round: Ref
    application_id: UUID
    subject: Ref
    standard: dict[str, Any]
    state: Annotated[ReviewState, Field(examples=["assigned"])]
    due_on: date
    submitted_at: datetime | None
    note: str | None
    sheet: list["SheetLine"]
    visits: list["VisitSeen"]
    marks: list[MarkRead]
    etag: str
    allowed_actions: list[str]


class SheetLine(Output):
    """One line of a sheet as its reviewers see it."""

    indicator: str
    self_score: dict[str, Any] | None
    note: str | None
    files: list[EvidenceRead]


class VisitSeen(Output):
    """What was found on site."""

    held_on: date
    findings: str | None


class RoundReviewFilters(Filters):
    """Which of my reviews."""

    state: Annotated[ReviewState | None, Field(description="Only this state.")] = None


class ReviewSubmit(Input):
    """All my marks of a sheet, at once and for good."""

    marks: Annotated[list[RoundMark], Field(min_length=1, max_length=200)]
    note: LongText | None = None


class ReviewReplace(Input):
    """Somebody else takes the place, by the same draw."""

    reason: Annotated[ReplacedFor, Field(examples=["late"])]
    note: ShortText
    due_on: Annotated[
        Day | None, Field(description="The new one's last day; that of the round if absent.")
    ] = None


class InterestDeclare(Input):
    """Whom I may not judge, and why: one of the three ids."""

    kind: Annotated[InterestKind, Field(examples=["own_organization"])]
    organization_id: UUID | None = None
    party_organization_id: UUID | None = None
    authority_id: Annotated[
        UUID | None, Field(description="The unit I come from: what it registers, supervises or guides.")
    ] = None
    reason: ShortText


class InterestRead(Output):
    """A declared interest."""

    id: UUID
    kind: Annotated[InterestKind, Field(examples=["own_organization"])]
    organization: Ref | None
    party_organization: Ref | None
    authority: Ref | None
    reason: str
    declared_at: datetime
