"""Reads of campaigns, targets and progress."""

from app.campaigns.queries.campaigns import (
    body_in_scope,
    division_in_scope,
    division_of_body,
    get_for_share,
    get_for_update,
    owner_of,
    page,
    read,
)
from app.campaigns.queries.drawing import drawable, how_many, put_on
from app.campaigns.queries.following import Due, among, due, lock_targets, move, organizations_of
from app.campaigns.queries.progress import material, progress, report, report_of, wall_chart
from app.campaigns.queries.targets import (
    assign,
    campaign_of,
    counts,
    responsibilities,
    target,
    target_for_update,
    targets,
)

__all__ = [
    "Due",
    "among",
    "assign",
    "body_in_scope",
    "campaign_of",
    "counts",
    "division_in_scope",
    "division_of_body",
    "drawable",
    "due",
    "get_for_share",
    "get_for_update",
    "how_many",
    "lock_targets",
    "material",
    "move",
    "organizations_of",
    "owner_of",
    "page",
    "progress",
    "put_on",
    "read",
    "report",
    "report_of",
    "responsibilities",
    "target",
    "target_for_update",
    "targets",
    "wall_chart",
]
