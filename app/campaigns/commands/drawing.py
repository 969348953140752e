"""Draw targets from a list of coverage as of a day: at once, or by the worker where there are many."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from app.campaigns import errors, queries, rules
from app.campaigns.commands import checking, moving
from app.campaigns.models import Campaign
from app.campaigns.rules import MOST_AT_ONCE, CampaignState, TargetList, Wrong
from app.campaigns.schemas import CampaignDraw, CampaignDrawn
from app.core.access import NATIONAL
from app.core.work import Work
from app.coverage import queries as coverage
from app.coverage.rules import RateCode, RatePart
from app.coverage.schemas import BlankSpotFilters, CoverageFilters, CoverageOrganizationsFilters
from app.operations import commands as operations
from app.operations.models import Operation

KIND = "campaign_targets"
SECONDS = 60
_GAPS = {
    TargetList.UNCOVERED: RateCode.ORGANIZATION_COVERAGE,
    TargetList.MUST_ESTABLISH: RateCode.SHOULD_HAVE_ESTABLISHED,
    TargetList.NOT_CLEAR: RateCode.FOUR_CLEARS,
}


async def draw(work: Work, campaign_id: UUID, asked: CampaignDraw) -> None:
    """Put a list's organizations on the campaign; those that stand there stay as they are. What the ledger
    says by now of a campaign that runs is followed too. Raises `CampaignHasNoList`."""
    campaign = await queries.get_for_update(work, campaign_id)
    work.expect(campaign)
    if campaign.state == CampaignState.FINISHED:
        raise errors.CampaignStep
    await _check(work, campaign, asked)
    owner = await checking.owner(work, asked.owner) if asked.owner is not None else None
    parameters = {
        "campaign_id": str(campaign.id),
        "list": asked.list.value,
        "as_of": (asked.as_of or work.today).isoformat(),
        "division": asked.division or campaign.division_code,
        "body": await _line(work, campaign),
        "due_on": (asked.due_on or campaign.ends_on).isoformat(),
        "owner": {name: str(value) for name, value in (owner or {}).items()} or None,
    }
    rows = await _rows(work, campaign, parameters)
    work.touch(campaign)
    async with work.unhurried(SECONDS):
        if await queries.how_many(work, rows) > MOST_AT_ONCE:
            started = await operations.start(work, KIND, parameters, division_code=campaign.division_code)
            campaign.operation_id = started.id
            await work.session.flush()
            return
        await _put(work, campaign, rows, parameters)


async def draw_list(work: Work, operation: Operation) -> bool:
    """The worker's part, in one statement too. True: there is no more."""
    await work.admit(NATIONAL)
    asked = operation.parameters
    campaign = await queries.get_for_update(work, UUID(asked["campaign_id"]))
    drawn = 0
    if campaign.state != CampaignState.FINISHED:
        async with work.unhurried(SECONDS):
            drawn = await _put(work, campaign, await _rows(work, campaign, asked), asked)
    await operations.finish(work, operation.id, {"drawn": drawn})
    return True


async def _check(work: Work, campaign: Campaign, asked: CampaignDraw) -> None:
    rule, wrongs = rules.kind_rule(campaign.rule), []
    if not rule.lists:
        raise errors.CampaignHasNoList
    if asked.list not in rule.lists:
        lists = ", ".join(each.value for each in rule.lists)
        words = (f"这类行动的名单只能是: {lists}", f"this kind draws from: {lists}")
        wrongs.append(Wrong("/list", "other_list", words))
    if asked.as_of is not None and asked.as_of > work.today:
        words = ("不能晚于今天", "lies in the future")
        wrongs.append(Wrong("/as_of", "in_future", words))
    if asked.due_on is not None and asked.due_on < campaign.starts_on:
        words = ("不能早于行动开始之日", "it lies before the campaign starts")
        wrongs.append(Wrong("/due_on", "too_early", words))
    if asked.division is not None and not await queries.division_in_scope(
        work, asked.division, within=campaign.division_code
    ):
        wrongs.append(checking.missing("/division", "行政区划", "division"))
    checking.refuse(wrongs)


async def _line(work: Work, campaign: Campaign) -> str | None:
    """The body whose organizations alone are drawn, where the caller answers for a line and not for the
    division."""
    if await queries.division_in_scope(work, campaign.division_code):
        return None
    return str(campaign.party_organization_id)


async def _rows(work: Work, campaign: Campaign, asked: dict[str, Any]) -> Select[Any]:
    which, day = TargetList(asked["list"]), date.fromisoformat(asked["as_of"])
    where: dict[str, Any] = {"division": asked["division"], "as_of": day}
    if asked["body"] is not None:
        where["body"] = UUID(asked["body"])
    filters: CoverageFilters
    if which is TargetList.BLANK_SPOTS:
        filters = BlankSpotFilters(**where)
    elif which in _GAPS:
        filters = CoverageOrganizationsFilters(**where, rate=_GAPS[which], part=RatePart.GAP)
    else:
        filters = CoverageFilters(**where)
    zombies = [rules.ZombieRule(rule["code"], rule["years"]) for rule in campaign.rule["zombies"]]
    return queries.drawable(await coverage.listed(work, filters), which, day, zombies)


async def _put(work: Work, campaign: Campaign, rows: Select[Any], asked: dict[str, Any]) -> int:
    which, as_of = TargetList(asked["list"]), date.fromisoformat(asked["as_of"])
    owner = asked["owner"] and {
        name: value if name.endswith("_mask") else UUID(value) for name, value in asked["owner"].items()
    }
    drawn = await queries.put_on(
        work,
        campaign.id,
        rows,
        which=which,
        as_of=as_of,
        on=max(campaign.starts_on, as_of),
        due_on=date.fromisoformat(asked["due_on"]),
        owner=owner,
    )
    work.announce(
        CampaignDrawn(
            subject=campaign.id,
            division_code=campaign.division_code,
            list=which,
            as_of=as_of,
            drawn=drawn,
        )
    )
    await work.session.flush()
    await moving.follow(work, campaign_id=campaign.id)
    return drawn
