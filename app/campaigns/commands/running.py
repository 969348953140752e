"""Plan a campaign, change the plan, start it, finish it."""

from uuid import UUID

from sqlalchemy import func

from app.campaigns import errors, queries, rules
from app.campaigns.commands import checking, moving
from app.campaigns.models import Campaign
from app.campaigns.rules import CampaignState, Wrong
from app.campaigns.schemas import (
    CampaignChange,
    CampaignChanged,
    CampaignFinish,
    CampaignFinished,
    CampaignPlan,
    CampaignPlanned,
    CampaignStarted,
)
from app.core.db import uuid7
from app.core.work import Work


async def plan(work: Work, asked: CampaignPlan) -> UUID:
    """Plan a campaign of a division, or of what a Party organization leads there. Raises `CampaignInvalid`
    with every reason."""
    wrongs = []
    inside = await queries.division_in_scope(work, asked.division_code)
    if asked.party_organization_id is not None:
        if not await queries.body_in_scope(work, asked.party_organization_id):
            wrongs.append(checking.missing("/party_organization_id", "党组织", "Party organization"))
    elif not inside:
        wrongs.append(checking.missing("/division_code", "行政区划", "division"))
    checking.refuse(wrongs)
    if not inside and not await queries.division_of_body(
        work, asked.division_code, asked.party_organization_id
    ):
        checking.refuse([checking.missing("/division_code", "行政区划", "division")])
    pack_id, kept = await checking.rule(work, asked.kind, asked.division_code, asked.starts_on)
    rule = rules.kind_rule(kept)
    checking.refuse(rules.wrong_with_period(rule, asked.starts_on, asked.ends_on))
    campaign = Campaign(
        id=uuid7(),
        kind=asked.kind,
        name=asked.name,
        document=asked.document,
        division_code=asked.division_code,
        party_organization_id=asked.party_organization_id,
        starts_on=asked.starts_on,
        ends_on=asked.ends_on or rules.last_day(asked.starts_on, rule.days or 1),
        state=CampaignState.DRAFT,
        rule=kept,
        rule_pack_id=pack_id,
    )
    if rule.repeat_months is not None:
        campaign.next_check_on = rules.next_check(asked.starts_on, rule.repeat_months)
    work.session.add(campaign)
    await work.session.flush()
    work.announce(
        CampaignPlanned(
            subject=campaign.id,
            division_code=campaign.division_code,
            kind=asked.kind,
            starts_on=campaign.starts_on,
            ends_on=campaign.ends_on,
        )
    )
    return campaign.id


async def change(work: Work, campaign_id: UUID, asked: CampaignChange) -> None:
    """Change a plan before it starts."""
    campaign = await queries.get_for_update(work, campaign_id)
    work.expect(campaign)
    _in(campaign, CampaignState.DRAFT)
    given = asked.model_dump(exclude_unset=True)
    rule = rules.kind_rule(campaign.rule)
    starts_on = asked.starts_on or campaign.starts_on
    ends_on = asked.ends_on or (campaign.ends_on if rule.days is None else None)
    checking.refuse(
        Wrong(f"/{name}", "missing", ("不能为空", "it cannot be empty"))
        for name in ("name", "starts_on", "ends_on")
        if name in given and given[name] is None
    )
    checking.refuse(rules.wrong_with_period(rule, starts_on, ends_on))
    for name in ("name", "document"):
        if name in given:
            setattr(campaign, name, given[name])
    campaign.starts_on = starts_on
    campaign.ends_on = ends_on or rules.last_day(starts_on, rule.days or 1)
    if rule.repeat_months is not None:
        campaign.next_check_on = rules.next_check(starts_on, rule.repeat_months)
    work.touch(campaign)
    await work.session.flush()
    work.announce(
        CampaignChanged(subject=campaign.id, division_code=campaign.division_code, changed=sorted(given))
    )


async def start(work: Work, campaign_id: UUID) -> None:
    """Start it: from now on the ledger closes targets by itself. Raises `CampaignNotYet`,
    `CampaignWithoutTargets`."""
    campaign = await queries.get_for_update(work, campaign_id)
    work.expect(campaign)
    _in(campaign, CampaignState.DRAFT)
    if work.today < campaign.starts_on:
        raise errors.CampaignNotYet
    there = sum((await queries.counts(work, campaign.id)).values())
    if not there and rules.kind_rule(campaign.rule).lists:
        raise errors.CampaignWithoutTargets
    campaign.state, campaign.started_on = CampaignState.RUNNING, work.today
    await work.session.flush()
    work.announce(CampaignStarted(subject=campaign.id, division_code=campaign.division_code, targets=there))
    await moving.follow(work, campaign_id=campaign.id)


async def finish(work: Work, campaign_id: UUID, asked: CampaignFinish) -> None:
    """Finish it: what the ledger says by now is followed once more, then its report is frozen with its hash.
    What was not done needs a reason."""
    campaign = await queries.get_for_update(work, campaign_id)
    work.expect(campaign)
    _in(campaign, CampaignState.RUNNING)
    await moving.follow(work, campaign_id=campaign.id)
    counts = await queries.counts(work, campaign.id)
    left = counts.get("open", 0)
    if left and asked.remaining_reason is None:
        words = (f"还有{left}个目标未完成, 请说明原因", f"{left} targets are left: say why")
        checking.refuse([Wrong("/remaining_reason", "missing", words)])
    campaign.remaining_reason = asked.remaining_reason
    report = (await queries.report_of(work, campaign)).decode()
    campaign.state, campaign.finished_on, campaign.report = CampaignState.FINISHED, work.today, report
    digest = func.encode(func.sha256(func.convert_to(report, "UTF8")), "hex")
    campaign.report_sha256 = digest  # the database's own word of what it keeps
    await work.session.flush()
    await work.session.refresh(campaign, ["report_sha256"])
    work.announce(
        CampaignFinished(
            subject=campaign.id,
            division_code=campaign.division_code,
            closed=counts.get("closed", 0),
            removed=counts.get("removed", 0),
            left=left,
            report_sha256=campaign.report_sha256,
        )
    )


def _in(campaign: Campaign, state: CampaignState) -> None:
    if campaign.state != state:
        raise errors.CampaignStep
