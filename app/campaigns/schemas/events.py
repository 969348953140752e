"""What happened around campaigns."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.campaigns.rules import CampaignKind, Change, TargetList, TargetState
from app.core.events import Event


class CampaignEvent(Event):
    """Something about a campaign."""

    subject_type: ClassVar[str] = "campaign"


class CampaignPlanned(CampaignEvent):
    """There is a plan."""

    type: ClassVar[str] = "campaign.planned"
    kind: CampaignKind
    starts_on: date
    ends_on: date


class CampaignChanged(CampaignEvent):
    """The plan is another."""

    type: ClassVar[str] = "campaign.changed"
    changed: list[str]


class CampaignDrawn(CampaignEvent):
    """Targets were taken from a list."""

    type: ClassVar[str] = "campaign.drawn"
    list: TargetList
    as_of: date
    drawn: int


class CampaignStarted(CampaignEvent):
    """It runs from now on."""

    type: ClassVar[str] = "campaign.started"
    targets: int


class CampaignFinished(CampaignEvent):
    """It is over, and its report frozen."""

    type: ClassVar[str] = "campaign.finished"
    closed: int
    removed: int
    left: int
    report_sha256: str


class CampaignTargetsAssigned(CampaignEvent):
    """Targets have an owner or a due day."""

    type: ClassVar[str] = "campaign.targets_assigned"
    assigned: int
    owner_kind: str | None
    owner_id: UUID | None
    due_on: date | None


class CampaignTargetMoved(CampaignEvent):
    """A target was closed, removed, or is open again."""

    type: ClassVar[str] = "campaign.target_moved"
    target_id: UUID
    organization_id: UUID
    state: TargetState
    reason: Change
    on: date
