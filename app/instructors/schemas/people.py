"""Instructors on the wire: masked; plain text leaves only by `reveal`."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.core.fields import (
    CodeRef,
    CodeStr,
    Day,
    DivisionCode,
    Input,
    LongText,
    Output,
    PhoneNumber,
    PositiveInt,
    Ref,
    SafeStr,
    ShortText,
)
from app.core.pages import Filters
from app.instructors.rules import AssessmentKind, Grade, InstructorKind, InstructorSource, Outcome
from app.reference.schemas import content_of

PersonName = Annotated[str, SafeStr(80), Field(title="Name of a person", examples=["张三"])]
Codes = Annotated[list[CodeStr], Field(max_length=20, default_factory=list)]
UntilOn = Annotated[Day, Field(description="The day on which it is over: the last day is the one before.")]


class InstructionWeights(Input):
    """What each difference weighs in a suggestion."""

    distance: PositiveInt
    industry: PositiveInt
    home_unit: PositiveInt
    load: PositiveInt


class InstructionContent(Input):
    """The content of a rule pack of the kind `instruction`."""

    capacity: PositiveInt
    capacity_at_most: Annotated[int, Field(ge=1, le=100, examples=[30])]
    contract_quota: PositiveInt
    weights: InstructionWeights
    verified: bool


content_of("instruction", InstructionContent)


class InstructorAppoint(Input):
    """A person who is to instruct or liaise."""

    member_id: Annotated[
        UUID | None, Field(description="The member they are, if in the ledger and in your scope.")
    ] = None
    name: PersonName
    phone: PhoneNumber | None = None
    kind: Annotated[InstructorKind, Field(examples=["instructor"])] = InstructorKind.INSTRUCTOR
    source: Annotated[InstructorSource, Field(examples=["dispatched"])]
    origin: Annotated[CodeStr | None, Field(examples=["retiree"])] = None
    batch: Annotated[ShortText | None, Field(examples=["2018年第一批"])] = None
    home_unit: Annotated[ShortText | None, Field(examples=["阳泉市教育局"])] = None
    home_authority_id: Annotated[UUID | None, Field(description="The authority they come from.")] = None
    industries: Annotated[Codes, Field(examples=[["education"]])]
    duties: Annotated[Codes, Field(examples=[["organizer", "liaison"]])]
    party_organization_id: Annotated[UUID, Field(description="The Party organization that manages them.")]
    division_code: Annotated[DivisionCode, Field(description="Where they serve, with all below.")]
    from_on: Annotated[Day | None, Field(description="The first day of the term; today if absent.")] = None
    until_on: UntilOn
    capacity: Annotated[
        PositiveInt | None,
        Field(description="So many organizations at most; the rule pack says if absent."),
    ] = None
    document: Annotated[ShortText | None, Field(examples=["阳社党〔2021〕5号"])] = None


class InstructorUpdate(Input):
    """A merge patch: absent fields stay, null takes away. Term and place change by verbs."""

    phone: PhoneNumber | None = None
    origin: CodeStr | None = None
    batch: ShortText | None = None
    home_unit: ShortText | None = None
    home_authority_id: UUID | None = None
    industries: Annotated[Codes, Field(examples=[["education"]])]
    duties: Annotated[Codes, Field(examples=[["organizer"]])]
    capacity: Annotated[PositiveInt, Field(default_factory=int)]


class InstructorRenew(Input):
    """A longer term, with its paper."""

    until_on: UntilOn
    document: ShortText


class InstructorEnd(Input):
    """When and why they serve no more; what they hold ends that day, or goes to somebody else first."""

    on: Annotated[Day | None, Field(description="The first day without them; today if absent.")] = None
    reason: ShortText


class HandOver(Input):
    """Everything that an instructor holds, or some of it, to another one."""

    to_instructor_id: UUID
    organization_ids: Annotated[
        list[UUID] | None, Field(min_length=1, max_length=200, description="All if absent.")
    ] = None
    on: Annotated[Day | None, Field(description="The first day with the other; today if absent.")] = None


class InstructorRead(Output):
    """An instructor, masked, with what they hold today."""

    id: UUID
    member_id: UUID | None
    name: Annotated[str, Field(examples=["张**"], description="Masked; `reveal` shows it.")]
    phone: Annotated[str | None, Field(examples=["138****8000"], description="Masked.")]
    kind: Annotated[InstructorKind, Field(examples=["instructor"])]
    source: Annotated[InstructorSource, Field(examples=["dispatched"])]
    origin: str | None
    batch: str | None
    home_unit: str | None
    home_authority: Ref | None
    industries: list[str]
    duties: list[str]
    party_organization: Annotated[Ref, Field(description="The Party organization that manages them.")]
    division: Annotated[CodeRef, Field(description="Where they serve, with all below.")]
    from_on: date
    until_on: date
    capacity: int
    held: int
    document: str | None
    ended_on: date | None
    ended_reason: str | None
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class InstructorFilters(Filters):
    """Which instructors."""

    division: Annotated[DivisionCode | None, Field(description="Serving in it or below.")] = None
    party_organization_id: Annotated[UUID | None, Field(description="Managed by it or below.")] = None
    kind: Annotated[InstructorKind | None, Field(description="Only this kind.")] = None
    source: Annotated[InstructorSource | None, Field(description="Only of this source.")] = None
    serving: Annotated[bool | None, Field(description="Whether today lies in their term.")] = None
    free: Annotated[bool | None, Field(description="Whether they have room today.")] = None


class InstructorReveal(Input):
    """What to show, for what; it counts against the day's reveals."""

    fields: Annotated[list[Literal["name", "phone"]], Field(min_length=1, max_length=2, examples=[["phone"]])]
    purpose: Annotated[CodeStr, Field(examples=["guidance"])]
    reason: ShortText


class InstructorRevealed(Output):
    """Plain text; what was not asked for is null."""

    name: Annotated[str | None, Field(examples=["张三"])]
    phone: Annotated[str | None, Field(examples=["13800138000"])]


class InstructorAssess(Input):
    """A yearly or term assessment and what followed. `removed` (清退) ends the service."""

    kind: Annotated[AssessmentKind, Field(examples=["yearly"])]
    year: Annotated[int, Field(ge=1990, le=2200, examples=[2025])]
    grade: Annotated[Grade, Field(examples=["qualified"])]
    outcome: Annotated[Outcome, Field(examples=["none"])] = Outcome.NONE
    note: LongText | None = None
    on: Annotated[Day | None, Field(description="The day of the verdict; today if absent.")] = None


class AssessmentRead(Output):
    """One assessment."""

    id: UUID
    kind: Annotated[AssessmentKind, Field(examples=["yearly"])]
    year: int
    grade: Annotated[Grade, Field(examples=["qualified"])]
    outcome: Annotated[Outcome, Field(examples=["none"])]
    note: str | None
    assessed_on: date


class InstructorHistory(Output):
    """Whom they served and when, and how they were judged."""

    assignments: list["AssignmentLine"]
    assessments: list[AssessmentRead]


class AssignmentLine(Output):
    """One organization of an instructor's."""

    id: UUID
    organization: Ref
    from_on: date
    until_on: date
    ended_reason: str | None
