"""Addressees, answers, more time and rectifications on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields import CodeRef, Day, DivisionCode, Input, LongText, Output, Ref, ShortText
from app.core.pages import Filters
from app.notices.rules import AddresseeKind, AddresseeState, ExtensionState, NoticeKind, RectificationState
from app.notices.schemas.notices import AnswerDays


class NoticeEvidence(Input):
    """A stored file, or a paper by its number or place."""

    file_id: UUID | None = None
    document: ShortText | None = None


Evidence = Annotated[
    list[NoticeEvidence], Field(max_length=50, examples=[[{"document": "整改报告〔2026〕3号"}]])
]


class NoticeReply(Input):
    """An answer. It is taken whenever it comes; whether it is late is the database's clock to say."""

    text: LongText
    evidence: Annotated[Evidence, Field(default_factory=list)]


class ReplyVerdict(Input):
    """The answer is accepted, or returned with the reason and perhaps with working days for the next."""

    accepted: Annotated[bool, Field(examples=[True])]
    reason: ShortText | None = None
    answer_days: AnswerDays | None = None


class NoticeExtensionAsk(Input):
    """Until when, and why."""

    until_on: Day
    reason: ShortText


class TalkMinutes(Input):
    """纪要: when and where the talk was held, and what was said. No names: say the posts."""

    held_on: Day
    place: ShortText | None = None
    minutes: LongText


class RectificationOpen(Input):
    """A finding to be put right, and by when."""

    finding: LongText
    due_on: Day | None = None


class RectificationReport(Input):
    """What was done, by whom in which post, with evidence."""

    measure: LongText
    responsible_post: ShortText
    evidence: Annotated[Evidence, Field(default_factory=list)]


class NoticeEvidenceRead(Output):
    """A stored file with its digest, or a paper."""

    file_id: UUID | None
    name: str | None
    sha256: str | None
    document: str | None


class NoticeAnswerRead(Output):
    """An answer of one round."""

    round: int
    text: str
    evidence: list[NoticeEvidenceRead]
    due_at: datetime | None
    replied_at: datetime
    replied_by: Ref
    late: bool
    verdict: Annotated[str | None, Field(examples=["accepted"])]
    verdict_by: Ref | None
    verdict_at: datetime | None
    verdict_reason: str | None


class NoticeExtensionRead(Output):
    """A wish for more time."""

    id: UUID
    was_due_on: date
    until_on: date
    reason: str
    state: Annotated[ExtensionState, Field(examples=["granted"])]
    asked_by: Ref
    asked_at: datetime
    decided_by: Ref | None
    decided_at: datetime | None
    decision_reason: str | None


class NoticeRectificationRead(Output):
    """One finding and how far it is."""

    id: UUID
    finding: str
    due_on: date | None
    state: Annotated[RectificationState, Field(examples=["reported"])]
    measure: str | None
    responsible_post: str | None
    evidence: list[NoticeEvidenceRead]
    reported_by: Ref | None
    reported_at: datetime | None
    closed_by: Ref | None
    closed_at: datetime | None
    etag: str


class AddresseeLine(Output):
    """An addressee in a list."""

    id: UUID
    notice: Ref
    notice_kind: Annotated[NoticeKind, Field(examples=["supervision_letter"])]
    number: str | None
    issued_on: date | None
    kind: Annotated[AddresseeKind, Field(examples=["organization"])]
    name: str
    organization_id: UUID | None
    party_organization_id: UUID | None
    authority_id: UUID | None
    division: CodeRef
    state: Annotated[AddresseeState, Field(examples=["waiting"])]
    reply_required: bool
    due_on: date | None
    overdue: bool
    late: bool | None
    round: int
    etag: str
    allowed_actions: list[str]


class AddresseeRead(Output):
    """An addressee with its answers, wishes for more time and rectifications."""

    id: UUID
    notice: Ref
    notice_kind: Annotated[NoticeKind, Field(examples=["supervision_letter"])]
    number: str | None
    issued_on: date | None
    kind: Annotated[AddresseeKind, Field(examples=["organization"])]
    name: str
    organization_id: UUID | None
    party_organization_id: UUID | None
    authority_id: UUID | None
    party_post_id: UUID | None
    user_id: UUID | None
    division: CodeRef
    state: Annotated[AddresseeState, Field(examples=["waiting"])]
    reply_required: bool
    round: int
    due_on: date | None
    due_at: datetime | None
    provisional: bool
    overdue: bool
    overdue_at: datetime | None
    received_at: datetime | None
    replied_at: datetime | None
    late: bool | None
    verified_at: datetime | None
    closed_at: datetime | None
    escalated_at: datetime | None
    held_on: date | None
    place: str | None
    minutes: str | None
    answers: list[NoticeAnswerRead]
    extensions: list[NoticeExtensionRead]
    rectifications: list[NoticeRectificationRead]
    etag: str
    allowed_actions: list[str]


class AddresseeFilters(Filters):
    """Which addressees of issued notices: those of our notices, and ourselves."""

    notice_id: Annotated[UUID | None, Field(description="Of this notice.")] = None
    organization_id: Annotated[UUID | None, Field(description="This organization.")] = None
    division: Annotated[DivisionCode | None, Field(description="Lying there or below.")] = None
    party_organization_id: Annotated[UUID | None, Field(description="This Party organization or below.")] = (
        None
    )
    state: Annotated[AddresseeState | None, Field(description="Only in this state.")] = None
    overdue: Annotated[bool | None, Field(description="Whether the answer is late or overdue.")] = None
    owing: Annotated[bool | None, Field(description="Whether an answer is owed.")] = None
