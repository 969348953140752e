"""The addresses of campaigns and their targets."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.campaigns import commands, errors, queries
from app.campaigns.schemas import (
    CampaignChange,
    CampaignDraw,
    CampaignFilters,
    CampaignFinish,
    CampaignPlan,
    CampaignProgress,
    CampaignRead,
    CampaignReport,
    CampaignTargetRead,
    ProgressQuery,
    ResponsibilityFilters,
    ResponsibilityLine,
    TargetClose,
    TargetFilters,
    TargetReopen,
    TargetsAssign,
    TargetsAssigned,
    WallChart,
)
from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.coverage import errors as coverage
from app.files.errors import FileNotFound

router = Router(tags=["campaigns"])

Reader = Annotated[Work, reading(Permission.CAMPAIGN_READ)]
Watcher = Annotated[Work, reading(Permission.COVERAGE_READ)]
Founder = Annotated[Work, creating(Permission.CAMPAIGN_DECIDE)]
Decider = Annotated[Work, changing(Permission.CAMPAIGN_DECIDE)]
Closer = Annotated[Work, changing(Permission.CAMPAIGN_RECORD)]
CampaignId = Annotated[UUID, Path(description="The id of the campaign.")]
TargetId = Annotated[UUID, Path(description="The id of the target.")]

_gone, _lost, _invalid = errors.CampaignNotFound, errors.CampaignTargetNotFound, errors.CampaignInvalid
_step, _rules = errors.CampaignStep, errors.CampaignRulesMissing


@router.get("/campaigns", response_model=Page[CampaignRead])
async def list_campaigns(work: Reader, filters: Annotated[CampaignFilters, Query()]) -> Response:
    """Campaigns of my scope and those that run above it, each with its countdown and counts."""
    return await queries.page(work, filters)


@router.post("/campaigns", status_code=201, response_model=CampaignRead, responses=refusals(_invalid, _rules))
async def plan_campaign(work: Founder, plan: CampaignPlan) -> Response:
    """Plan a campaign: its kind says how long it takes, what it draws from, and what closes a target."""
    return await queries.read(work, await commands.plan(work, plan), status=201)


@router.get("/campaigns/{campaign_id}", response_model=CampaignRead, responses=refusals(_gone))
async def get_campaign(work: Reader, campaign_id: CampaignId) -> Response:
    """One campaign, with its countdown and counts."""
    return await queries.read(work, campaign_id)


@router.patch(
    "/campaigns/{campaign_id}", response_model=CampaignRead, responses=refusals(_gone, _invalid, _step)
)
async def change_campaign(work: Decider, campaign_id: CampaignId, change: CampaignChange) -> Response:
    """Change a plan before it starts."""
    await commands.change(work, campaign_id, change)
    return await queries.read(work, campaign_id)


@router.post(
    "/campaigns/{campaign_id}/draw",
    response_model=CampaignRead,
    responses=refusals(
        _gone,
        _invalid,
        _step,
        errors.CampaignHasNoList,
        coverage.CoverageSubjectNotFound,
        coverage.CoverageRulesMissing,
    ),
)
async def draw_campaign_targets(work: Decider, campaign_id: CampaignId, order: CampaignDraw) -> Response:
    """Draw targets from a coverage list as of a day. More than 5,000 are drawn by the worker: `drawing`."""
    await commands.draw(work, campaign_id, order)
    return await queries.read(work, campaign_id)


@router.post(
    "/campaigns/{campaign_id}/start",
    response_model=CampaignRead,
    responses=refusals(_gone, _step, errors.CampaignNotYet, errors.CampaignWithoutTargets),
)
async def start_campaign(work: Decider, campaign_id: CampaignId) -> Response:
    """Start it: from now on the ledger closes and removes targets by itself."""
    await commands.start(work, campaign_id)
    return await queries.read(work, campaign_id)


@router.post(
    "/campaigns/{campaign_id}/assign",
    response_model=TargetsAssigned,
    responses=refusals(_gone, _lost, _invalid, _step),
)
async def assign_campaign_targets(
    work: Decider, campaign_id: CampaignId, order: TargetsAssign
) -> TargetsAssigned:
    """Say whose task open targets are, by when, or both: these, or all of a division."""
    return TargetsAssigned(assigned=await commands.assign(work, campaign_id, order))


@router.post(
    "/campaigns/{campaign_id}/finish",
    response_model=CampaignRead,
    responses=refusals(_gone, _invalid, _step),
)
async def finish_campaign(work: Decider, campaign_id: CampaignId, order: CampaignFinish) -> Response:
    """Finish it: its report is frozen with its hash, and answers from then on."""
    await commands.finish(work, campaign_id, order)
    return await queries.read(work, campaign_id)


@router.get(
    "/campaigns/{campaign_id}/progress",
    response_model=CampaignProgress,
    responses=refusals(_gone, _invalid),
)
async def get_campaign_progress(
    work: Reader, campaign_id: CampaignId, query: Annotated[ProgressQuery, Query()]
) -> Response:
    """Targets, closed, left, pace and forecast: in all, by division below, and day by day."""
    return await queries.progress(work, campaign_id, query)


@router.get(
    "/campaigns/{campaign_id}/wall-chart", response_model=WallChart, responses=refusals(_gone, _invalid)
)
async def get_campaign_wall_chart(
    work: Watcher, campaign_id: CampaignId, query: Annotated[ProgressQuery, Query()]
) -> Response:
    """Everything that a map of the divisions below draws, in one answer (挂图作战); for displays too."""
    return await queries.wall_chart(work, campaign_id, query)


@router.get(
    "/campaigns/{campaign_id}/report",
    response_model=CampaignReport,
    responses=refusals(_gone, errors.CampaignReportMissing),
)
async def get_campaign_report(work: Reader, campaign_id: CampaignId) -> Response:
    """What was frozen, byte by byte: its SHA-256 is `report_sha256`."""
    return await queries.report(work, campaign_id)


@router.get(
    "/campaigns/{campaign_id}/responsibilities",
    response_model=Page[ResponsibilityLine],
    responses=refusals(_gone),
)
async def list_campaign_responsibilities(
    work: Reader, campaign_id: CampaignId, filters: Annotated[ResponsibilityFilters, Query()]
) -> Response:
    """How much each owner has to do, how far it is, how late (责任清单)."""
    return await queries.responsibilities(work, campaign_id, filters)


@router.get("/campaign-targets", response_model=Page[CampaignTargetRead])
async def list_campaign_targets(work: Reader, filters: Annotated[TargetFilters, Query()]) -> Response:
    """Targets of my scope, what is due first comes first (任务清单)."""
    return await queries.targets(work, filters)


@router.get("/campaign-targets/{target_id}", response_model=CampaignTargetRead, responses=refusals(_lost))
async def get_campaign_target(work: Reader, target_id: TargetId) -> Response:
    """One target with its history."""
    return await queries.target(work, target_id)


@router.post(
    "/campaign-targets/{target_id}/close",
    response_model=CampaignTargetRead,
    responses=refusals(_lost, _gone, _invalid, _step, errors.TargetNotOpen, FileNotFound),
)
async def close_campaign_target(work: Closer, target_id: TargetId, order: TargetClose) -> Response:
    """Close a target with evidence (销号), or take it off the list with the reason."""
    await commands.close(work, target_id, order)
    return await queries.target(work, target_id)


@router.post(
    "/campaign-targets/{target_id}/reopen",
    response_model=CampaignTargetRead,
    responses=refusals(_lost, _gone, _step, errors.TargetStillOpen),
)
async def reopen_campaign_target(work: Decider, target_id: TargetId, order: TargetReopen) -> Response:
    """Open a target again; its history stays, and from then on only a person closes it."""
    await commands.reopen(work, target_id, order)
    return await queries.target(work, target_id)
