"""What crosses the wire about prior opinions, attendance rights and consultations."""

from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from app.core.events import Event
from app.core.fields import (
    Bilingual,
    CodeRef,
    Day,
    DecimalString,
    DivisionCode,
    Input,
    LongText,
    Output,
    Ref,
    SafeStr,
)
from app.core.pages import Filters, Question
from app.opinions.rules import Contact, Council, MatterKind, MatterState, Opinion, Outcome

Subject = Annotated[str, SafeStr(200), Field(description="What it is about.", examples=["购置办公用房"])]
Paper = Annotated[str, SafeStr(200), Field(description="The paper.", examples=["支部会议纪要2026-7"])]
Text = Annotated[LongText, Field(description="The opinion in words.", examples=["建议公开招标。"])]
Role = Annotated[
    Literal["secretary", "deputy_secretary", "member"],
    Field(description="Whose right: whoever holds this post.", examples=["secretary"]),
]
BodyFilter = Annotated[UUID | None, Field(description="This Party organization and all below it.")]
DivisionFilter = Annotated[DivisionCode | None, Field(description="This division and all below it.")]
_KIND = Field(
    description="重要事项决策、重要业务活动、大额经费开支、接收大额捐赠、开展涉外活动.",
    examples=["expenditure"],
)
_ASKED = Field(description="The day it was put forward.", examples=["2026-09-01"])
_COUNCIL = Field(description="理事会、监事会、会员大会、办公会.", examples=["council"])


class MatterCreate(Input):
    """A matter put to the Party organization before the organization decides."""

    organization_id: UUID
    party_organization_id: Annotated[UUID, Field(description="The Party organization that is asked.")]
    kind: Annotated[MatterKind, _KIND]
    subject: Subject
    amount: DecimalString | None = None
    asked_on: Annotated[Day | None, Field(description="The day; today if absent.")] = None


class OpinionGive(Input):
    """The prior opinion; a suggestion or objection says what."""

    opinion: Annotated[Opinion, Field(description="Agree, suggest, or object.", examples=["suggest"])]
    text: Text | None = None
    document: Paper | None = None
    on: Annotated[Day | None, Field(description="The day; today if absent.")] = None


class OutcomeRecord(Input):
    """How the organization decided."""

    outcome: Annotated[Outcome, Field(description="What became of the opinion.", examples=["adopted"])]
    document: Paper | None = None
    on: Annotated[Day | None, Field(description="The day of the decision; today if absent.")] = None


class MatterRead(Output):
    """A matter, the opinion, and the outcome."""

    id: UUID
    organization: Ref
    party_organization: Ref
    division: CodeRef
    kind: Annotated[MatterKind, _KIND]
    subject: Subject
    amount: DecimalString | None
    asked_on: Annotated[date, _ASKED]
    state: Annotated[MatterState, Field(description="Pending, answered, decided.")]
    opinion: Annotated[Opinion | None, Field(description="Null until it is given.")]
    opinion_on: Annotated[date | None, Field(description="When it was given.", examples=["2026-09-05"])]
    opinion_text: Text | None
    opinion_document: Paper | None
    outcome: Annotated[Outcome | None, Field(description="Null until it is decided.")]
    decided_on: Annotated[date | None, Field(description="The day of the decision.", examples=["2026-09-20"])]
    decision_document: Annotated[
        str | None, Field(description="The organization's paper.", examples=["理事会决议2026-4"])
    ]
    etag: str
    allowed_actions: list[str]


class MatterFilters(Filters):
    """Which matters."""

    organization_id: UUID | None = None
    party_organization_id: BodyFilter = None
    division: DivisionFilter = None
    kind: Annotated[MatterKind | None, Field(description="Only this kind.")] = None
    state: Annotated[MatterState | None, Field(description="Only this state.")] = None
    prior_opinion: Annotated[
        bool | None,
        Field(description="Of decided ones, only with, or only without, a prior opinion.", examples=[False]),
    ] = None


class MatterCountsQuery(Question):
    """Which decisions."""

    division: DivisionFilter = None
    party_organization_id: BodyFilter = None
    decided_from: Annotated[Day | None, Field(description="Decided on this day or later.")] = None
    decided_until: Annotated[Day | None, Field(description="Decided before this day.")] = None


class MatterCount(Output):
    """One kind of matter; `kind` is null over all five."""

    kind: Annotated[MatterKind | None, _KIND]
    label: Annotated[
        Bilingual,
        Field(description="For display.", examples=[{"zh": "大额经费开支", "en": "Large expenditure"}]),
    ]
    numerator: Annotated[int, Field(description="Decided with a prior opinion.", examples=[18])]
    denominator: Annotated[int, Field(description="Decided.", examples=[20])]
    percent: Annotated[
        str | None, Field(description="Half up, two decimals; null of nothing.", examples=["90.00"])
    ]
    adopted: Annotated[int, Field(description="Opinions adopted in whole or part.", examples=[16])]


class MatterCounts(Output):
    """The share of decided matters with a prior opinion."""

    definition: Annotated[
        Bilingual,
        Field(
            description="What exactly is counted.",
            examples=[
                {"zh": "决定前已提出意见的事项数 ÷ 已决定的事项数", "en": "With a prior opinion, of decided"}
            ],
        ),
    ]
    counts: Annotated[list[MatterCount], Field(description="Over all, then by kind.")]


class AttendanceRightGrant(Input):
    """A post's right to attend (书记列席重要会议)."""

    organization_id: UUID
    party_organization_id: Annotated[UUID, Field(description="The Party organization of the post.")]
    role: Role
    council: Annotated[Council, _COUNCIL]
    document: Annotated[Paper, Field(description="The charter's article or the agreement.")]
    from_on: Annotated[Day | None, Field(description="The first day; today if absent.")] = None


class AttendanceRightEnd(Input):
    """The end of a right."""

    on: Annotated[Day | None, Field(description="The first day without it; today if absent.")] = None


class AttendanceRightRead(Output):
    """A standing right, with how often it was used."""

    id: UUID
    organization: Ref
    party_organization: Ref
    division: CodeRef
    role: Role
    council: Annotated[Council, _COUNCIL]
    document: Annotated[Paper, Field(description="The charter's article or the agreement.")]
    from_on: date
    until_on: date | None
    attended: Annotated[int, Field(description="How many meetings were attended under it.", examples=[4])]
    etag: str
    allowed_actions: list[str]


class AttendanceRightFilters(Filters):
    """Which rights."""

    organization_id: UUID | None = None
    party_organization_id: BodyFilter = None
    division: DivisionFilter = None
    current: Annotated[bool | None, Field(description="Only those that run today, or only others.")] = None


class ConsultationCreate(Input):
    """A meeting attended under a right, or a talk with the organization."""

    organization_id: UUID
    party_organization_id: Annotated[UUID, Field(description="The Party organization.")]
    kind: Annotated[Contact, Field(description="列席 or 沟通协商.", examples=["consultation"])]
    right_id: Annotated[UUID | None, Field(description="The right it was attended under; only then.")] = None
    held_on: Annotated[Day, Field(description="The day.", examples=["2026-10-15"])]
    subject: Subject
    result: Annotated[
        LongText | None, Field(description="What came of it.", examples=["同意设立党员示范岗。"])
    ] = None
    document: Paper | None = None


class ConsultationRead(Output):
    """A meeting attended, or a talk."""

    id: UUID
    organization: Ref
    party_organization: Ref
    division: CodeRef
    kind: Annotated[Contact, Field(description="列席 or 沟通协商.")]
    right_id: Annotated[UUID | None, Field(description="The right it was attended under.")]
    held_on: Annotated[date, Field(description="The day.", examples=["2026-10-15"])]
    subject: Subject
    result: Annotated[str | None, Field(description="What came of it.", examples=["同意设立党员示范岗。"])]
    document: Paper | None


class ConsultationFilters(Filters):
    """Which records."""

    organization_id: UUID | None = None
    party_organization_id: BodyFilter = None
    division: DivisionFilter = None
    kind: Annotated[Contact | None, Field(description="Only this kind.")] = None


class MatterMoved(Event):
    """A matter was put forward, answered or decided; the words are not told."""

    type: ClassVar[str] = "matter.moved"
    subject_type: ClassVar[str] = "matter"
    public: ClassVar[bool] = False
    organization_id: UUID
    party_organization_id: UUID
    kind: MatterKind
    state: MatterState
    opinion: Opinion | None
    outcome: Outcome | None


class AttendanceRightChanged(Event):
    """A right to attend began or ended."""

    type: ClassVar[str] = "attendance_right.changed"
    subject_type: ClassVar[str] = "attendance_right"
    public: ClassVar[bool] = False
    organization_id: UUID
    party_organization_id: UUID
    begun: bool
    on: date


class ConsultationRecorded(Event):
    """A meeting was attended, or a talk was held."""

    type: ClassVar[str] = "consultation.recorded"
    subject_type: ClassVar[str] = "consultation"
    public: ClassVar[bool] = False
    organization_id: UUID
    party_organization_id: UUID
    kind: Contact
    held_on: date
