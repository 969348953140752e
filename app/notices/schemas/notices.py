"""Signs and notices on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields import (
    CodeRef,
    CodeStr,
    Day,
    DivisionCode,
    Input,
    JsonObject,
    LongText,
    Output,
    Ref,
    ShortText,
)
from app.core.pages import Filters, Question
from app.notices.rules import (
    AddresseeKind,
    AddresseeState,
    NoticeKind,
    NoticeState,
    NumberState,
    TalkLevel,
    Urgency,
)

AnswerDays = Annotated[int, Field(ge=1, le=250, examples=[10])]


class DocumentSignRegister(Input):
    """机关代字 of a Party organization, or of a department."""

    sign: ShortText
    party_organization_id: UUID | None = None
    authority_id: UUID | None = None
    document: ShortText | None = None


class DocumentSignRead(Output):
    """A sign, with the last number given this year."""

    id: UUID
    sign: str
    party_organization: Ref | None
    authority: Ref | None
    division: CodeRef
    document: str | None
    last_serial: int
    etag: str
    allowed_actions: list[str]


class DocumentSignFilters(Filters):
    """Which signs."""

    division: Annotated[DivisionCode | None, Field(description="Of owners there or below.")] = None
    party_organization_id: Annotated[UUID | None, Field(description="Of it or below.")] = None


class DocumentNumberRead(Output):
    """A number that was given."""

    id: UUID
    serial: int
    year: int
    number: str
    state: Annotated[NumberState, Field(examples=["allocated"])]
    notice: Ref
    allocated_at: datetime
    voided_at: datetime | None
    voided_reason: str | None


class DocumentNumberFilters(Filters):
    """Which numbers of a sign."""

    year: Annotated[int | None, Field(ge=1949, le=2200, description="Only this year.", examples=[2026])] = (
        None
    )
    state: Annotated[NumberState | None, Field(description="Only in this state.")] = None


class NoticeParagraph(Input):
    """A paragraph of the text: level 0 is running text, 1 to 4 are headings `一、 (一) 1. (1)`."""

    level: Annotated[int, Field(ge=0, le=4, examples=[0])] = 0
    text: LongText


class NoticeFigure(Input):
    """Figures that a circular quotes, as they were: a ranking, coverage. Frozen with the text."""

    title: ShortText
    as_of: Day
    source: ShortText
    content: JsonObject


class AddresseeGiven(Input):
    """Whom to address: exactly one id, that of its kind. A person by post or account, never by name."""

    party_organization_id: UUID | None = None
    organization_id: UUID | None = None
    authority_id: UUID | None = None
    party_post_id: UUID | None = None
    user_id: UUID | None = None
    post_title: Annotated[
        ShortText | None, Field(description="With `user_id`: the post by which the user is addressed.")
    ] = None


Paragraphs = Annotated[
    list[NoticeParagraph],
    Field(max_length=300, examples=[[{"level": 0, "text": "现将有关情况通报如下。"}]]),
]
Texts = Annotated[list[ShortText], Field(max_length=50)]
Figures = Annotated[list[NoticeFigure], Field(max_length=20)]
Addressees = Annotated[list[AddresseeGiven], Field(min_length=1, max_length=500)]


class NoticeDraft(Input):
    """A draft. The issuer is the owner of the sign; a talk without a number names its issuer itself."""

    kind: Annotated[NoticeKind, Field(examples=["supervision_letter"])]
    sign_id: UUID | None = None
    party_organization_id: UUID | None = None
    title: ShortText
    paragraphs: Annotated[Paragraphs, Field(default_factory=list)]
    addressees: Addressees
    attachments: Annotated[Texts, Field(default_factory=list)]
    copy_to: Annotated[Texts, Field(default_factory=list)]
    note: ShortText | None = None
    urgency: Annotated[Urgency, Field(examples=["normal"])] = Urgency.NORMAL
    secrecy: CodeStr | None = None
    talk_level: Annotated[TalkLevel | None, Field(examples=[None])] = None
    figures: Annotated[Figures, Field(default_factory=list)]
    reply_required: bool = True
    answer_days: AnswerDays | None = None
    due_on: Day | None = None
    previous_id: UUID | None = None


class NoticeUpdate(Input):
    """A merge patch of a draft: absent fields stay, null takes away; lists are replaced whole."""

    title: Annotated[ShortText, Field(default_factory=str)]
    paragraphs: Annotated[Paragraphs, Field(default_factory=list)]
    addressees: Annotated[Addressees, Field(default_factory=list)]
    attachments: Annotated[Texts, Field(default_factory=list)]
    copy_to: Annotated[Texts, Field(default_factory=list)]
    note: ShortText | None = None
    urgency: Annotated[Urgency, Field(default_factory=lambda: Urgency.NORMAL, examples=["urgent"])]
    secrecy: CodeStr | None = None
    talk_level: Annotated[TalkLevel | None, Field(examples=[None])] = None
    figures: Annotated[Figures, Field(default_factory=list)]
    reply_required: Annotated[bool, Field(default_factory=bool)]
    answer_days: AnswerDays | None = None
    due_on: Day | None = None


class NoticeRecord(Input):
    """A document that others issued to ours: kept with its number as printed, answered like any other."""

    kind: Annotated[NoticeKind, Field(examples=["circular"])]
    party_organization_id: Annotated[UUID, Field(description="The Party organization that received it.")]
    issuer_name: ShortText
    number: ShortText
    title: ShortText
    issued_on: Day
    paragraphs: Annotated[Paragraphs, Field(default_factory=list)]
    addressees: Addressees
    secrecy: CodeStr | None = None
    reply_required: bool = False
    answer_days: AnswerDays | None = None
    due_on: Day | None = None


class NoticeDecision(Input):
    """Yes, or no with the reason."""

    approved: Annotated[bool, Field(examples=[True])] = True
    reason: ShortText | None = None


class NoticeWithdraw(Input):
    """Why it is withdrawn; its number may be voided with it, and is never given again."""

    reason: ShortText
    void_number: bool = False


class AddresseeBrief(Output):
    """An addressee and how far it is."""

    id: UUID
    kind: Annotated[AddresseeKind, Field(examples=["organization"])]
    name: str
    state: Annotated[AddresseeState, Field(examples=["replied"])]
    due_on: date | None
    overdue: bool
    late: bool | None


class NoticeParagraphRead(Output):
    """A paragraph of the text."""

    level: int
    text: str


class NoticeFigureRead(Output):
    """Figures that are quoted."""

    title: str
    as_of: date
    source: str
    content: JsonObject


class NoticeLine(Output):
    """A notice in a list."""

    id: UUID
    kind: Annotated[NoticeKind, Field(examples=["supervision_letter"])]
    state: Annotated[NoticeState, Field(examples=["issued"])]
    recorded: bool
    number: str | None
    title: str
    issuer_name: str
    party_organization: Ref | None
    division: CodeRef
    talk_level: Annotated[TalkLevel | None, Field(examples=[None])]
    reply_required: bool
    due_on: date | None
    proposed: bool
    issued_on: date | None
    addressed: int
    answered: int
    overdue: int
    etag: str
    allowed_actions: list[str]


class NoticeRead(Output):
    """A notice whole, with its addressees: all of them for the issuer, one's own for who is addressed."""

    id: UUID
    kind: Annotated[NoticeKind, Field(examples=["supervision_letter"])]
    state: Annotated[NoticeState, Field(examples=["issued"])]
    recorded: bool
    number: str | None
    sign: Ref | None
    title: str
    issuer_name: str
    party_organization: Ref | None
    authority: Ref | None
    division: CodeRef
    urgency: Annotated[Urgency, Field(examples=["normal"])]
    talk_level: Annotated[TalkLevel | None, Field(examples=[None])]
    paragraphs: list[NoticeParagraphRead]
    attachments: list[str]
    copy_to: list[str]
    note: str | None
    figures: list[NoticeFigureRead]
    reply_required: bool
    answer_days: int | None
    due_on: date | None
    provisional: bool
    addressees: list[AddresseeBrief]
    previous: Ref | None
    escalates_id: UUID | None
    proposed: bool
    drafted_by: Ref | None
    submitted_at: datetime | None
    approved_by: Ref | None
    approved_at: datetime | None
    sent_back_reason: str | None
    issued_at: datetime | None
    issued_on: date | None
    withdrawn_at: datetime | None
    withdrawn_reason: str | None
    content_sha256: str | None
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class NoticeFilters(Filters):
    """Which notices: ours, and issued ones that address us."""

    kind: Annotated[NoticeKind | None, Field(description="Only this kind.")] = None
    state: Annotated[NoticeState | None, Field(description="Only in this state.")] = None
    division: Annotated[DivisionCode | None, Field(description="Of issuers there or below.")] = None
    party_organization_id: Annotated[UUID | None, Field(description="Of this issuer or below.")] = None
    year: Annotated[int | None, Field(ge=1949, le=2200, description="Issued in it.", examples=[2026])] = None
    proposed: Annotated[bool | None, Field(description="Whether the calendar proposed it.")] = None


class NoticeFiguresQuery(Question):
    """Where and of which year to count."""

    year: Annotated[int, Field(ge=1949, le=2200, description="Issued in this year.", examples=[2026])]
    division: Annotated[DivisionCode | None, Field(description="Of issuers there or below.")] = None
    party_organization_id: Annotated[UUID | None, Field(description="Of this issuer or below.")] = None


class NoticeCount(Output):
    """How many of one kind, by one issuer or by all."""

    kind: Annotated[NoticeKind, Field(examples=["admonition_talk"])]
    issuer_name: Annotated[str | None, Field(description="The issuer; null in the totals.")]
    party_organization: Ref | None
    notices: int
    addressed: int
    answered: int
    late: int
    overdue: int
    closed: int


class NoticeFigures(Output):
    """Issued in a year, withdrawn ones left out, by kind and issuer. Yangquan 2021: 2 circulars, 12 letters,
    42 bodies talked to."""

    year: int
    totals: list[NoticeCount]
    issuers: list[NoticeCount]
