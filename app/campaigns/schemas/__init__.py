"""What crosses the wire about campaigns."""

from app.campaigns.schemas.campaigns import (
    CampaignChange,
    CampaignContent,
    CampaignDraw,
    CampaignFilters,
    CampaignFinish,
    CampaignPlan,
    CampaignRead,
)
from app.campaigns.schemas.events import (
    CampaignChanged,
    CampaignDrawn,
    CampaignFinished,
    CampaignPlanned,
    CampaignStarted,
    CampaignTargetMoved,
    CampaignTargetsAssigned,
)
from app.campaigns.schemas.progress import (
    CampaignProgress,
    CampaignReport,
    ProgressQuery,
    ResponsibilityFilters,
    ResponsibilityLine,
    WallChart,
)
from app.campaigns.schemas.targets import (
    CampaignTargetRead,
    TargetClose,
    TargetFilters,
    TargetOwner,
    TargetReopen,
    TargetsAssign,
    TargetsAssigned,
)

__all__ = [
    "CampaignChange",
    "CampaignChanged",
    "CampaignContent",
    "CampaignDraw",
    "CampaignDrawn",
    "CampaignFilters",
    "CampaignFinish",
    "CampaignFinished",
    "CampaignPlan",
    "CampaignPlanned",
    "CampaignProgress",
    "CampaignRead",
    "CampaignReport",
    "CampaignStarted",
    "CampaignTargetMoved",
    "CampaignTargetRead",
    "CampaignTargetsAssigned",
    "ProgressQuery",
    "ResponsibilityFilters",
    "ResponsibilityLine",
    "TargetClose",
    "TargetFilters",
    "TargetOwner",
    "TargetReopen",
    "TargetsAssign",
    "TargetsAssigned",
    "WallChart",
]
