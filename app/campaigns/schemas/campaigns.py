"""Campaigns on the wire: planned, drawn, started, finished."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.campaigns.rules import CampaignKind, CampaignState, Ended, Evidence, Goal, TargetList
from app.campaigns.schemas.targets import Closed, Left, Removed, TargetOwner, Targets
from app.core.fields import (
    Bilingual,
    CodeRef,
    Day,
    DivisionCode,
    Input,
    LongText,
    Name,
    Output,
    PositiveInt,
    Ref,
    ShortText,
)
from app.core.pages import Filters
from app.reference.schemas import content_of


class KindContent(Input):
    """What one kind of campaign goes by."""

    days: PositiveInt | None
    lists: list[TargetList]
    goal: Goal
    ended: Ended
    evidence: Evidence
    repeat_months: Annotated[int | None, Field(ge=1, le=60)]
    source: LongText
    verified: bool


class ZombieContent(Input):
    """What makes an organization look dead."""

    code: Literal["no_annual_report", "abnormal_listing"]
    years: Annotated[int, Field(ge=1, le=10)]
    source: LongText
    verified: bool


class CampaignContent(Input):
    """The content of a rule pack of the kind `campaigns`."""

    kinds: dict[CampaignKind, KindContent]
    zombies: list[ZombieContent]
    lagging_below_percent: Annotated[int, Field(ge=1, le=100)]
    trend_days: Annotated[int, Field(ge=1, le=60)]


content_of("campaigns", CampaignContent)


class CampaignPlan(Input):
    """A campaign that is to begin."""

    kind: Annotated[CampaignKind, Field(examples=["hundred_days"])]
    name: Annotated[Name, Field(examples=["南沙区社会组织党建百日攻坚"])]
    document: ShortText | None = None
    division_code: DivisionCode
    party_organization_id: Annotated[
        UUID | None, Field(description="The Party organization that leads it, if one does.")
    ] = None
    starts_on: Day
    ends_on: Annotated[
        Day | None, Field(description="Its last day; a kind of a fixed length works it out by itself.")
    ] = None


class CampaignChange(Input):
    """What is to be another before it starts; what is left out stays."""

    name: Annotated[Name | None, Field(examples=["南沙区社会组织党建百日攻坚"])] = None
    document: ShortText | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None


class CampaignDraw(Input):
    """From which list, of which day, and whose task the targets are. A later draw adds what is new."""

    list: Annotated[TargetList, Field(examples=["uncovered"])]
    as_of: Annotated[Day | None, Field(description="The day of the list; today if absent.")] = None
    division: Annotated[
        DivisionCode | None, Field(description="Only what lies there; the campaign's own if absent.")
    ] = None
    owner: Annotated[
        TargetOwner | None,
        Field(description="Whose task they are; the Party organization that leads each one if absent."),
    ] = None
    due_on: Annotated[Day | None, Field(description="The campaign's last day if absent.")] = None


class CampaignFinish(Input):
    """Freeze it: what was not done needs a reason."""

    remaining_reason: LongText | None = None


class ZombieRead(Output):
    """What makes an organization look dead."""

    code: str
    years: int
    source: str
    verified: bool


class CampaignRule(Output):
    """The rule that the campaign began under."""

    days: int | None
    lists: list[TargetList]
    goal: Goal
    ended: Ended
    evidence: Evidence
    repeat_months: int | None
    source: str
    verified: bool
    zombies: Annotated[list[ZombieRead], Field(description="What makes an organization look dead.")]
    lagging_below_percent: int
    trend_days: int


class TargetCounts(Output):
    """How its targets stand now."""

    targets: Targets
    left: Left
    closed: Closed
    removed: Removed
    overdue: Annotated[int, Field(description="How many are open past their day.", examples=[4])]


class CampaignRead(Output):
    """A campaign and where it is in its days."""

    id: UUID
    kind: CampaignKind
    label: Bilingual
    name: str
    document: str | None
    division: CodeRef
    party_organization: Annotated[Ref | None, Field(description="The Party organization that leads it.")]
    starts_on: date
    ends_on: date
    days: int
    day_number: int
    days_left: int
    state: CampaignState
    rule: CampaignRule
    counts: TargetCounts
    drawing: UUID | None
    next_check_on: date | None
    next_check_missing: bool
    started_on: date | None
    finished_on: date | None
    remaining_reason: str | None
    report_sha256: str | None
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class CampaignFilters(Filters):
    """Which campaigns."""

    division: Annotated[DivisionCode | None, Field(description="Of this division or one below it.")] = None
    party_organization_id: Annotated[
        UUID | None, Field(description="Led by this Party organization or one below it.")
    ] = None
    kind: Annotated[CampaignKind | None, Field(description="Only this kind.")] = None
    state: Annotated[CampaignState | None, Field(description="Only in this state.")] = None
    next_check_missing: Annotated[
        bool | None, Field(description="Whether the next half-yearly check should have begun and has not.")
    ] = None
