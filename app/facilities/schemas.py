"""What crosses the wire about venues, service centres and training bases."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from app.core.events import Event
from app.core.fields import (
    Bilingual,
    CodeRef,
    CodeStr,
    Day,
    DecimalString,
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
from app.facilities.rules import CenterKind, FacilityEnd, FacilityKind, FacilityLevel, Feature
from app.reference.schemas import content_of

# ------------------------------------------------------------------------------------------------ the pack


class FacilityTargetTitle(Input):
    """A target in both languages."""

    zh: ShortText
    en: ShortText


class FacilityTarget(Input):
    """So many facilities of a kind in each division of a level, in such a share of them, by such a day."""

    code: CodeStr
    title: FacilityTargetTitle
    facility: FacilityKind
    level: Literal["province", "prefecture", "county", "township", "community"]
    at_least: PositiveInt
    at_most: PositiveInt | None
    share: DecimalString
    due_on: Day | None
    source: ShortText
    verified: bool


class FacilityTargetsContent(Input):
    """The content of a rule pack of the kind `facility_targets`."""

    targets: Annotated[list[FacilityTarget], Field(max_length=20)]


content_of("facility_targets", FacilityTargetsContent)

# -------------------------------------------------------------------------------------------------- bodies


class FacilityRecord(Input):
    """A venue, a service centre or a training base."""

    kind: FacilityKind
    center_kind: CenterKind | None = None
    name: Name
    level: FacilityLevel
    division_code: DivisionCode
    party_organization_id: Annotated[UUID | None, Field(description="The body it belongs to.")] = None
    organization_id: Annotated[
        UUID | None, Field(description="The organization it belongs to, or that a centre is registered as.")
    ] = None
    address: ShortText | None = None
    shared: bool = False
    legal_entity: bool = False
    teaching_point_level: FacilityLevel | None = None
    document: ShortText | None = None
    from_on: Annotated[Day, Field(description="The day on which it opened.")]


class FacilityCorrect(Input):
    """A merge patch: absent fields stay, null takes away. Kind and place never change: end it instead."""

    name: Annotated[Name, Field(default_factory=str)]
    level: Annotated[FacilityLevel, Field(default_factory=lambda: FacilityLevel.COUNTY)]
    center_kind: Annotated[CenterKind, Field(default_factory=lambda: CenterKind.PARTY_MASS)]
    address: ShortText | None = None
    shared: Annotated[bool, Field(default_factory=bool)]
    legal_entity: Annotated[bool, Field(default_factory=bool)]
    organization_id: UUID | None = None
    teaching_point_level: FacilityLevel | None = None
    document: ShortText | None = None


class FeatureGiven(Input):
    """Whether one feature is there; what is there is shown by something."""

    feature: Feature
    present: bool
    evidence: ShortText | None = None


class FacilityCheckRecord(Input):
    """What was found on a day; another check of that day replaces it."""

    on: Annotated[Day | None, Field(description="The day of the check; today if absent.")] = None
    features: Annotated[list[FeatureGiven], Field(min_length=1, max_length=12)]


class FacilityEnding(Input):
    """When and why it is no more; what was recorded in error never was."""

    on: Annotated[Day | None, Field(description="The first day without it; today if absent.")] = None
    reason: FacilityEnd
    note: LongText | None = None


# --------------------------------------------------------------------------------------------------- reads


class FeatureRead(Output):
    """A feature as the latest check found it."""

    feature: Feature
    present: bool
    checked_on: date
    evidence: str | None


class FacilityRead(Output):
    """A venue, a service centre or a training base, with what the latest checks found."""

    id: UUID
    kind: FacilityKind
    center_kind: CenterKind | None
    name: str
    level: FacilityLevel
    division: CodeRef
    party_organization: Ref | None
    organization: Ref | None
    address: str | None
    shared: bool
    legal_entity: bool
    teaching_point_level: FacilityLevel | None
    document: str | None
    from_on: date
    until_on: date | None
    features: list[FeatureRead]
    complete: bool | None
    ended_reason: FacilityEnd | None
    ended_note: str | None
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class FacilityFilters(Filters):
    """Which facilities."""

    division: Annotated[DivisionCode | None, Field(description="In it or below.")] = None
    party_organization_id: Annotated[UUID | None, Field(description="Of it or below.")] = None
    organization_id: Annotated[UUID | None, Field(description="Of this organization.")] = None
    kind: Annotated[FacilityKind | None, Field(description="Only this kind.")] = None
    center_kind: Annotated[CenterKind | None, Field(description="Only centres of this kind.")] = None
    level: Annotated[FacilityLevel | None, Field(description="Only of this level.")] = None
    open: Annotated[bool | None, Field(description="Whether it is open today.")] = None
    complete: Annotated[bool | None, Field(description="Whether it has all that its kind asks for.")] = None


class FacilityFiguresQuery(Question):
    """Of which division, on which day."""

    division: Annotated[DivisionCode, Field(description="Lines are of what lies directly below.")] = "100000"
    as_of: Annotated[Day | None, Field(description="Today if absent.")] = None


class FacilityCounts(Output):
    """How many there are, and how many of them have all that their kind asks for."""

    venues: NonNegative
    venues_complete: NonNegative
    service_centers: NonNegative
    party_mass_centers: NonNegative
    incubators: NonNegative
    organization_service_centers: NonNegative
    centers_registered: NonNegative
    training_bases: NonNegative
    training_bases_complete: NonNegative
    teaching_points: NonNegative
    teaching_points_provincial: NonNegative


class FacilityLine(FacilityCounts):
    """The figures of one division."""

    division: CodeRef


class FacilityTargetRead(Output):
    """A target of the rule pack, and how far it is; `short` names the divisions without enough."""

    code: str
    title: Bilingual
    facility: FacilityKind
    level: str
    at_least: int
    at_most: int | None
    share: str
    due_on: date | None
    units: int
    reached: int
    above: int
    percent: str | None
    met: bool
    overdue: bool
    short: list[CodeRef]
    source: str
    verified: bool


class FacilityFigures(Output):
    """The figures of a division, of each directly below that has any, and how far its targets are."""

    as_of: date
    division: str
    total: FacilityCounts
    lines: list[FacilityLine]
    targets: list[FacilityTargetRead]


# -------------------------------------------------------------------------------------------------- events


class FacilityEvent(Event):
    """Something about a facility."""

    subject_type: ClassVar[str] = "facility"


class FacilityRecorded(FacilityEvent):
    """A facility is on record."""

    type: ClassVar[str] = "facility.recorded"
    kind: FacilityKind
    level: FacilityLevel
    party_organization_id: UUID | None
    organization_id: UUID | None


class FacilityCorrected(FacilityEvent):
    """What is known of a facility changed."""

    type: ClassVar[str] = "facility.corrected"
    changed: list[str]


class FacilityChecked(FacilityEvent):
    """A facility was looked at."""

    type: ClassVar[str] = "facility.checked"
    on: date
    present: list[Feature]
    missing: list[Feature]


class FacilityEnded(FacilityEvent):
    """A facility is no more, or never was."""

    type: ClassVar[str] = "facility.ended"
    on: date
    reason: FacilityEnd
