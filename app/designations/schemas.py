"""What crosses the wire about designations."""

from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.core.events import Event
from app.core.fields import (
    Bilingual,
    CodeRef,
    CodeStr,
    Day,
    DivisionCode,
    Input,
    LongText,
    NonNegative,
    Output,
    PositiveInt,
    Ref,
    ShortText,
)
from app.core.pages import Filters, Question
from app.designations.rules import (
    ChangeKind,
    ChangeState,
    DesignationEnd,
    DesignationKind,
    DesignationLevel,
    RecheckOutcome,
)
from app.reference.schemas import content_of

Stars = Annotated[int, Field(ge=1, le=5, examples=[4])]
Batch = Annotated[int, Field(ge=1, le=1000, examples=[1])]
Year = Annotated[int, Field(ge=1978, le=2200, examples=[2026])]

# ------------------------------------------------------------------------------------------------ the pack


class DesignationLevelRule(Input):
    """Up to which star or grade a level may designate; 0 where there are none."""

    level: DesignationLevel
    up_to: Annotated[int, Field(ge=0, le=5)]


class DesignationKindRule(Input):
    """What holds for one kind."""

    kind: DesignationKind
    levels: Annotated[list[DesignationLevelRule], Field(min_length=1, max_length=4)]
    pairing_from: Stars | None
    steps: Stars | None
    validity_years: PositiveInt | None
    cultivation: bool
    source: ShortText
    verified: bool


class DesignationTargetTitle(Input):
    """A target in both languages."""

    zh: ShortText
    en: ShortText


class DesignationTarget(Input):
    """So many designations of a kind in force, by such a day."""

    code: CodeStr
    title: DesignationTargetTitle
    kind: DesignationKind
    grade: Stars | None
    number: PositiveInt
    due_on: Day | None
    source: ShortText
    verified: bool


class DesignationContent(Input):
    """The content of a rule pack of the kind `designation`."""

    kinds: Annotated[list[DesignationKindRule], Field(min_length=1, max_length=4)]
    targets: Annotated[list[DesignationTarget], Field(max_length=20)]


content_of("designation", DesignationContent)

# -------------------------------------------------------------------------------------------------- bodies


class DesignationMake(Input):
    """A designation from a decided result, or from a document that was before the service."""

    kind: DesignationKind
    grade: Stars | None = None
    result_id: Annotated[UUID | None, Field(description="The frozen result; its subject is meant.")] = None
    organization_id: Annotated[UUID | None, Field(description="The subject, without a result.")] = None
    party_organization_id: Annotated[UUID | None, Field(description="The subject, without a result.")] = None
    authority_id: UUID
    plaque_number: ShortText | None = None
    batch: Batch | None = None
    document: ShortText
    from_on: Annotated[Day | None, Field(description="Today if absent.")] = None
    until_on: Annotated[Day | None, Field(description="As the rule pack says if absent.")] = None


class RecheckRecord(Input):
    """What a yearly re-check found."""

    year: Year
    outcome: RecheckOutcome
    checked_on: Annotated[Day | None, Field(description="Today if absent.")] = None
    note: LongText | None = None
    document: ShortText | None = None


class ChangePropose(Input):
    """A lower star or grade, or none, and why."""

    kind: ChangeKind
    to_grade: Stars | None = None
    reason: LongText
    document: ShortText | None = None


class ChangeDecide(Input):
    """What the second person says."""

    approve: bool
    note: LongText | None = None


# --------------------------------------------------------------------------------------------------- reads


class RecheckRead(Output):
    """A yearly re-check."""

    year: int
    outcome: RecheckOutcome
    checked_on: date
    note: str | None
    document: str | None


class DesignationChangeRead(Output):
    """A proposal, and what became of it."""

    id: UUID
    kind: ChangeKind
    to_grade: int | None
    reason: str
    document: str | None
    proposed_at: datetime
    state: ChangeState
    decided_at: datetime | None
    decided_note: str | None


class DesignationRead(Output):
    """A designation with its re-checks and what was proposed about it."""

    id: UUID
    kind: DesignationKind
    grade: int | None
    organization: Ref | None
    party_organization: Ref | None
    division: CodeRef
    authority: Ref
    level: DesignationLevel
    plaque_year: int | None
    plaque_number: str | None
    batch: int | None
    from_on: date
    until_on: date | None
    in_force: bool
    result_id: UUID | None
    round_id: UUID | None
    result_hash: str | None
    standard_hash: str | None
    document: str
    previous_id: UUID | None
    ended_on: date | None
    ended_reason: DesignationEnd | None
    checks: list[RecheckRead]
    changes: list[DesignationChangeRead]
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class DesignationFilters(Filters):
    """Which designations."""

    division: Annotated[DivisionCode | None, Field(description="Of subjects in it or below.")] = None
    party_organization_id: Annotated[UUID | None, Field(description="Of it or below.")] = None
    organization_id: Annotated[UUID | None, Field(description="Of this organization.")] = None
    kind: Annotated[DesignationKind | None, Field(description="Only this kind.")] = None
    grade: Annotated[Stars | None, Field(description="Only this star or grade.")] = None
    level: Annotated[DesignationLevel | None, Field(description="Only designated at this level.")] = None
    batch: Annotated[Batch | None, Field(description="Only of this batch.")] = None
    in_force: Annotated[bool | None, Field(description="Whether it holds today.")] = None
    until_before: Annotated[Day | None, Field(description="Over before this day.")] = None
    unchecked_in: Annotated[Year | None, Field(description="In force without re-check of this year.")] = None
    waiting: Annotated[bool | None, Field(description="Whether a proposal waits to be decided.")] = None


class DesignationFiguresQuery(Question):
    """Of which division, on which day."""

    division: Annotated[DivisionCode, Field(description="Lines are of what lies directly below.")] = "100000"
    as_of: Annotated[Day | None, Field(description="Today if absent.")] = None


class DesignationCount(Output):
    """How many designations of a kind and star hold, and the share of the province's."""

    kind: DesignationKind
    grade: int | None
    in_force: NonNegative
    of_province: NonNegative | None
    percent: Annotated[
        str | None,
        Field(
            examples=["28.8"], description="The share of the province's, with one digit; null outside one."
        ),
    ]


class DesignationLine(Output):
    """How many of a kind and star hold in one division below."""

    division: CodeRef
    kind: DesignationKind
    grade: int | None
    in_force: NonNegative


class DesignationBatch(Output):
    """How many were designated in a batch, and how many of these still hold."""

    kind: DesignationKind
    batch: int
    level: DesignationLevel
    designated: NonNegative
    in_force: NonNegative


class DesignationTargetRead(Output):
    """A target of the rule pack, and how far it is."""

    code: str
    title: Bilingual
    kind: DesignationKind
    grade: int | None
    number: int
    reached: int
    due_on: date | None
    met: bool
    overdue: bool
    source: str
    verified: bool


class DesignationFigures(Output):
    """The figures of a division; what is designated is published, so they are the same for everybody."""

    as_of: date
    division: str
    province: CodeRef | None
    counts: list[DesignationCount]
    lines: list[DesignationLine]
    batches: list[DesignationBatch]
    targets: list[DesignationTargetRead]


class PublishedQuery(Question):
    """Of which division, and which of them."""

    division: DivisionCode
    kind: Annotated[DesignationKind | None, Field(description="Only this kind.")] = None
    grade: Annotated[Stars | None, Field(description="Only this star or grade.")] = None


class PublishedDesignation(Output):
    """What everybody may read of a designation."""

    kind: DesignationKind
    grade: int | None
    name: str
    division: CodeRef
    authority: str
    level: DesignationLevel
    plaque_year: int | None
    plaque_number: str | None
    batch: int | None
    from_on: date
    until_on: date | None
    result_hash: str | None
    standard_hash: str | None


class PublishedDesignations(Output):
    """What holds today in a division, the best first; `more` where it is longer than what is shown."""

    as_of: date
    division: str
    more: bool
    designations: list[PublishedDesignation]


# -------------------------------------------------------------------------------------------------- events


class DesignationEvent(Event):
    """Something about a designation."""

    subject_type: ClassVar[str] = "designation"


class Designated(DesignationEvent):
    """A designation holds from now on."""

    type: ClassVar[str] = "designation.made"
    kind: DesignationKind
    grade: int | None
    organization_id: UUID | None
    party_organization_id: UUID | None
    from_on: date
    until_on: date | None
    result_hash: str | None


class DesignationEnded(DesignationEvent):
    """A designation is over before its time."""

    type: ClassVar[str] = "designation.ended"
    on: date
    reason: DesignationEnd


class DesignationChecked(DesignationEvent):
    """A designation was re-checked."""

    type: ClassVar[str] = "designation.checked"
    year: int
    outcome: RecheckOutcome


class DesignationChangeProposed(DesignationEvent):
    """A downgrade or a revocation waits for the second person."""

    type: ClassVar[str] = "designation.change_proposed"
    change_id: UUID
    kind: ChangeKind
    to_grade: int | None


class DesignationChangeDecided(DesignationEvent):
    """The second person decided."""

    type: ClassVar[str] = "designation.change_decided"
    change_id: UUID
    state: ChangeState
