"""What crosses the wire about honours and brand projects."""

from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.core.events import Event
from app.core.fields import (
    CodeRef,
    Day,
    DivisionCode,
    Input,
    LongText,
    Name,
    NonNegative,
    Output,
    PositiveInt,
    Ref,
    ShortText,
)
from app.core.pages import Filters, Question
from app.honours.rules import BrandEnd, HonourKind, HonourLevel, Withdrawal


class HonourRecord(Input):
    """An honour as its document says, of one holder."""

    organization_id: UUID | None = None
    party_organization_id: UUID | None = None
    member_id: UUID | None = None
    brand_project_id: UUID | None = None
    kind: HonourKind
    title: Name
    level: HonourLevel
    year: PositiveInt
    awarded_by: Name
    awarded_on: Day | None = None
    document: ShortText | None = None


class HonourCorrect(Input):
    """A merge patch: absent fields stay, null takes away. The holder never changes: withdraw it instead."""

    title: Annotated[Name, Field(default_factory=str)]
    level: Annotated[HonourLevel, Field(default_factory=lambda: HonourLevel.COUNTY)]
    year: Annotated[PositiveInt, Field(default_factory=int)]
    awarded_by: Annotated[Name, Field(default_factory=str)]
    awarded_on: Day | None = None
    document: ShortText | None = None


class HonourWithdraw(Input):
    """When and why it no longer counts."""

    on: Annotated[Day | None, Field(description="The day of the withdrawal; today if absent.")] = None
    reason: Withdrawal
    note: LongText | None = None


class HonourRead(Output):
    """An honour; a member is named masked."""

    id: UUID
    organization: Ref | None
    party_organization: Ref | None
    member: Annotated[Ref | None, Field(description="The member, masked.")]
    brand_project: Ref | None
    division: CodeRef
    kind: HonourKind
    title: str
    level: HonourLevel
    year: int
    awarded_by: str
    awarded_on: date | None
    document: str | None
    withdrawn_on: date | None
    withdrawn_reason: Withdrawal | None
    withdrawn_note: str | None
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class HonourFilters(Filters):
    """Which honours."""

    division: Annotated[DivisionCode | None, Field(description="Of holders in it or below.")] = None
    party_organization_id: Annotated[
        UUID | None, Field(description="Of it or below, with their members and brand projects.")
    ] = None
    organization_id: Annotated[UUID | None, Field(description="Of this organization.")] = None
    member_id: Annotated[UUID | None, Field(description="Of this member.")] = None
    brand_project_id: Annotated[UUID | None, Field(description="Of this brand project.")] = None
    kind: Annotated[HonourKind | None, Field(description="Only this kind.")] = None
    level: Annotated[HonourLevel | None, Field(description="Only of this level.")] = None
    year: Annotated[PositiveInt | None, Field(description="Only of this year.")] = None
    withdrawn: Annotated[bool | None, Field(description="Whether it has been withdrawn.")] = None


class HonourFiguresQuery(Question):
    """Of which division, in which years, on which day."""

    division: Annotated[DivisionCode, Field(description="Lines are of what lies directly below.")] = "100000"
    from_year: Annotated[PositiveInt | None, Field(description="The first year that counts.")] = None
    to_year: Annotated[PositiveInt | None, Field(description="The last year that counts.")] = None
    as_of: Annotated[Day | None, Field(description="Brand projects of that day; today if absent.")] = None


class HonourCounts(Output):
    """How many honours there are, of whom, and how many brand projects run."""

    honours: NonNegative
    provincial_or_above: NonNegative
    organizations: NonNegative
    party_organizations: NonNegative
    members: NonNegative
    double_strong_organizations: NonNegative
    double_strong_secretaries: NonNegative
    deputies: NonNegative
    brand_projects: NonNegative
    brand_projects_honoured: NonNegative


class HonourLine(HonourCounts):
    """The figures of one division."""

    division: CodeRef


class HonourFigures(Output):
    """The figures of a division, and of each directly below that has any."""

    as_of: date
    division: str
    total: HonourCounts
    lines: list[HonourLine]


class BrandProjectRecord(Input):
    """What a Party organization is known for."""

    party_organization_id: UUID
    name: Name
    theme: ShortText | None = None
    summary: LongText | None = None
    document: ShortText | None = None
    from_on: Annotated[Day | None, Field(description="Today if absent.")] = None


class BrandProjectEnding(Input):
    """When and why it is over; what was recorded in error never was."""

    on: Annotated[Day | None, Field(description="The first day without it; today if absent.")] = None
    reason: BrandEnd


class BrandProjectRead(Output):
    """A brand project, and how many honours it has."""

    id: UUID
    party_organization: Ref
    division: CodeRef
    name: str
    theme: str | None
    summary: str | None
    document: str | None
    from_on: date
    until_on: date | None
    ended_reason: BrandEnd | None
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class BrandProjectFilters(Filters):
    """Which brand projects."""

    division: Annotated[DivisionCode | None, Field(description="In it or below.")] = None
    party_organization_id: Annotated[UUID | None, Field(description="Of it or below.")] = None
    running: Annotated[bool | None, Field(description="Whether it runs today.")] = None


class HonourEvent(Event):
    """Something about an honour."""

    subject_type: ClassVar[str] = "honour"


class HonourRecorded(HonourEvent):
    """An honour is on record."""

    type: ClassVar[str] = "honour.recorded"
    kind: HonourKind
    level: HonourLevel
    year: int
    organization_id: UUID | None
    party_organization_id: UUID | None
    member_id: UUID | None
    brand_project_id: UUID | None


class HonourCorrected(HonourEvent):
    """What is known of an honour changed."""

    type: ClassVar[str] = "honour.corrected"
    changed: list[str]


class HonourWithdrawn(HonourEvent):
    """An honour no longer counts."""

    type: ClassVar[str] = "honour.withdrawn"
    on: date
    reason: Withdrawal


class BrandProjectEvent(Event):
    """Something about a brand project."""

    subject_type: ClassVar[str] = "brand_project"


class BrandProjectRecorded(BrandProjectEvent):
    """A brand project runs."""

    type: ClassVar[str] = "brand_project.recorded"
    party_organization_id: UUID
    from_on: date


class BrandProjectEnded(BrandProjectEvent):
    """A brand project is over, or never was."""

    type: ClassVar[str] = "brand_project.ended"
    on: date
    reason: BrandEnd
