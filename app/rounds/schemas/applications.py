"""Applications, self-scores, evidence and visits on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields import CodeRef, Day, DivisionCode, Input, LongText, Output, Ref, ShortText
from app.core.pages import Filters
from app.rounds.rules import ApplicationState, CultivationEnd, SiteVisitKind, SubjectKind
from app.rounds.schemas.marks import EvidenceRead, MarkRead, RoundFile, RoundMark
from app.rounds.schemas.results import ObjectionRead, RulingRead
from app.rounds.schemas.reviews import ReviewPlace


class Apply(Input):
    """Who applies: an organization, a body, or a member (a secretary whose work is appraised)."""

    subject_kind: Annotated[SubjectKind, Field(examples=["organization"])]
    subject_id: UUID


class SelfScoreLine(RoundMark):
    """What an applicant says of one indicator, with the files that show it."""

    note: LongText | None = None
    files: Annotated[list[RoundFile], Field(max_length=20, default_factory=list)]


class SelfScores(Input):
    """The whole self-score, in place of what was there. No more than 100 files altogether."""

    lines: Annotated[list[SelfScoreLine], Field(max_length=200)]


class CultivationClose(Input):
    """How a cultivation ended, and why."""

    outcome: Annotated[CultivationEnd, Field(examples=["ready"])]
    note: LongText


class SiteVisitRecord(Input):
    """An on-site verification, or a visit that was received."""

    kind: Annotated[SiteVisitKind, Field(examples=["on_site"])]
    held_on: Day
    visitors: Annotated[int, Field(ge=1, le=100_000, examples=[4])]
    unit: Annotated[ShortText | None, Field(examples=["阳泉市社会组织党工委"])] = None
    findings: LongText | None = None


class SelfScoreRead(MarkRead):
    """What an applicant says of one indicator."""

    note: str | None
    files: list[EvidenceRead]


class SiteVisitRead(Output):
    """A visit."""

    id: UUID
    kind: Annotated[SiteVisitKind, Field(examples=["on_site"])]
    held_on: date
    visitors: int
    unit: str | None
    findings: str | None


class ApplicationRead(Output):
    """An application with its sheet, visits, reviews, rulings and objections."""

    id: UUID
    round: Ref
    subject_kind: Annotated[SubjectKind, Field(examples=["organization"])]
    subject: Ref
    division: CodeRef
    state: Annotated[ApplicationState, Field(examples=["draft"])]
    cultivation_note: str | None
    submitted_at: datetime | None
    self_scores: list[SelfScoreRead]
    visits: list[SiteVisitRead]
    reviews: list[ReviewPlace]
    rulings: list[RulingRead]
    objections: list[ObjectionRead]
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class ApplicationFilters(Filters):
    """Which applications of a round."""

    division: Annotated[DivisionCode | None, Field(description="In it or below.")] = None
    state: Annotated[ApplicationState | None, Field(description="Only this state.")] = None
