"""Progress, the responsibility list (责任清单), and what a wall chart draws (挂图作战)."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.campaigns.rules import CampaignKind, Status
from app.campaigns.schemas.targets import Closed, Left, OwnerRead, Removed, Targets
from app.core.fields import Bilingual, CodeRef, Day, DivisionCode, Output, Ref
from app.core.pages import Filters, Question


class ProgressQuery(Question):
    """Of which part, on which day."""

    division: Annotated[
        DivisionCode | None, Field(description="Only what lies there; the campaign's own if absent.")
    ] = None
    as_of: Annotated[
        Day | None, Field(description="At the end of this day; today, or the day it was finished, if absent.")
    ] = None


class PaceRead(Output):
    """How many a day, so far and needed, and when the last one would be done at that pace."""

    per_day: str | None
    needed_per_day: str | None
    forecast_on: date | None


class FiguresRead(Output):
    """One line. `percent` is what was closed of what was not removed; `left` is the gap."""

    targets: Targets
    closed: Closed
    removed: Removed
    left: Left
    percent: Annotated[str | None, Field(description="Half up, two decimals; null of nothing.")]
    closed_lately: int
    closed_before: int
    pace: Annotated[PaceRead, Field(description="How fast, and how fast it has to be.")]
    status: Status


class DayRead(Output):
    """How it stood at the end of a day."""

    on: date
    targets: Targets
    closed: Closed
    removed: Removed
    left: Left


class DivisionLine(FiguresRead):
    """A division directly below; null is what lies in the division itself."""

    division: CodeRef | None


class Countdown(Output):
    """Where the campaign is in its days."""

    campaign: Annotated[Ref, Field(description="The campaign.")]
    kind: CampaignKind
    label: Bilingual
    division: CodeRef
    as_of: date
    starts_on: Annotated[Day, Field(description="Its first day, day 1.")]
    ends_on: Annotated[Day, Field(description="Its last day.")]
    days: int
    day_number: int
    days_left: int
    frozen: Annotated[bool, Field(description="Whether the frozen report answers.", examples=[False])]
    report_sha256: str | None


class CampaignProgress(Countdown):
    """Targets, closed, left, pace and forecast: in all, by division, and day by day."""

    total: FiguresRead
    lines: list[DivisionLine]
    daily: list[DayRead]


class Centroid(Output):
    """Where a map puts the division, in degrees."""

    longitude: float
    latitude: float


class WallChartLine(DivisionLine):
    """A division on the map."""

    centroid: Centroid | None


class WallChart(Countdown):
    """Everything that a map draws, in one answer."""

    total: FiguresRead
    lines: list[WallChartLine]


class CampaignReport(Output):
    """What was frozen: net changes by division and day, each division's place, and who had how much to do."""

    campaign: dict[str, Any]
    cells: list[list[Any]]
    places: dict[str, Any]
    owners: list[dict[str, Any]]


class ResponsibilityLine(Output):
    """How much one owner has to do, and how far it is."""

    owner: OwnerRead | None
    targets: Targets
    closed: Closed
    removed: Removed
    left: Left
    overdue: int
    next_due_on: date | None


class ResponsibilityFilters(Filters):
    """Of which part of a campaign."""

    division: Annotated[DivisionCode | None, Field(description="Only targets there or below.")] = None
    owner_id: Annotated[UUID | None, Field(description="Only this owner, of whatever kind.")] = None
