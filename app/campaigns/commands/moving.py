"""Close targets, open them again, give them to somebody; follow what the ledger says of them.

A campaign's row is locked before its targets (shared: only finishing it waits), targets in the order of their
ids; each step adds a line to the history, whose number is unique."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from app.campaigns import errors, queries, rules
from app.campaigns.commands import checking
from app.campaigns.models import Target, TargetChange
from app.campaigns.queries import Due
from app.campaigns.rules import CampaignState, Change, TargetState, Wrong
from app.campaigns.schemas import (
    CampaignTargetMoved,
    CampaignTargetsAssigned,
    TargetClose,
    TargetReopen,
    TargetsAssign,
)
from app.core import bulk
from app.core.access import Permission
from app.core.work import Work
from app.coverage import queries as coverage
from app.coverage.rules import RateCode, RatePart
from app.coverage.schemas import CoverageOrganizationsFilters
from app.files import commands as files

_RECORD, _DECIDE = Permission.CAMPAIGN_RECORD, Permission.CAMPAIGN_DECIDE


async def close(work: Work, target_id: UUID, asked: TargetClose) -> None:
    """Close a target with evidence (销号), or take it off the list with the reason."""
    target, rule = await _locked(work, target_id, _RECORD)
    if target.state != TargetState.OPEN:
        raise errors.TargetNotOpen
    on = asked.on or work.today
    wrongs = rules.wrong_with_evidence(
        rules.kind_rule(rule), file=asked.file_id is not None, note=asked.note is not None
    )
    if asked.removed and asked.note is None:
        wrongs = [Wrong("/note", "missing", ("移出须写明原因", "say why it is taken off"))]
    if not target.state_on <= on <= work.today:
        words = (
            f"须在{target.state_on.isoformat()}至今天之间",
            f"must lie between {target.state_on.isoformat()} and today",
        )
        wrongs.append(Wrong("/on", "outside", words))
    checking.refuse(wrongs)
    sha256 = (await files.card(work, asked.file_id)).sha256 if asked.file_id is not None else None
    state = TargetState.REMOVED if asked.removed else TargetState.CLOSED
    reason = Change.REMOVED_BY_HAND if asked.removed else Change.CLOSED_BY_HAND
    change = TargetChange(note=asked.note, file_id=asked.file_id, file_sha256=sha256)
    target.state_on = on
    await _by_hand(work, target, state, reason, change)


async def reopen(work: Work, target_id: UUID, asked: TargetReopen) -> None:
    """Open a target again; what it was stays in its history. From then on only a person closes it, or its
    organization's end."""
    target, _ = await _locked(work, target_id, _DECIDE)
    if target.state == TargetState.OPEN:
        raise errors.TargetStillOpen
    target.state_on = max(target.state_on, work.today)
    change = TargetChange(note=asked.reason)
    await _by_hand(work, target, TargetState.OPEN, Change.REOPENED_BY_HAND, change)


async def _locked(work: Work, target_id: UUID, permission: Permission) -> tuple[Target, dict[str, Any]]:
    """A target of a campaign that runs, locked after its campaign, in the version that was read."""
    campaign_id = await queries.campaign_of(work, target_id, permission)
    campaign = await queries.get_for_share(work, campaign_id, permission)
    target = await queries.target_for_update(work, target_id, permission)
    work.expect(target)
    if campaign.state != CampaignState.RUNNING:
        raise errors.CampaignStep
    return target, campaign.rule


async def _by_hand(
    work: Work, target: Target, state: TargetState, reason: Change, change: TargetChange
) -> None:
    target.state, target.number, target.by_hand = state, target.number + 1, True
    change.target_id, change.number, change.state = target.id, target.number, state
    change.state_on, change.reason, change.actor_id = target.state_on, reason, work.actor.id
    work.session.add(change)
    await work.session.flush()
    _told(work, target, state, reason, target.state_on)


def _told(work: Work, target: Target | Due, state: TargetState, reason: Change, on: date) -> None:
    work.announce(
        CampaignTargetMoved(
            subject=target.campaign_id,
            division_code=target.division_code,
            target_id=target.id,
            organization_id=target.organization_id,
            state=state,
            reason=reason,
            on=on,
        )
    )


async def assign(work: Work, campaign_id: UUID, asked: TargetsAssign) -> int:
    """Give open targets in the caller's scope an owner, a due day, or both, by one statement: how many."""
    campaign = await queries.get_for_share(work, campaign_id, _DECIDE)
    work.expect(campaign)
    if campaign.state == CampaignState.FINISHED:
        raise errors.CampaignStep
    wrongs = []
    if asked.owner is None and asked.due_on is None:
        words = ("请给出责任人或期限", "give an owner or a due day")
        wrongs.append(Wrong("/owner", "missing", words))
    if asked.due_on is not None and asked.due_on < campaign.starts_on:
        words = ("不能早于行动开始之日", "it lies before the campaign starts")
        wrongs.append(Wrong("/due_on", "too_early", words))
    checking.refuse(wrongs)
    values: dict[str, Any] = {}
    if asked.owner is not None:
        columns = ("party_organization_id", "authority_id", "instructor_id", "instructor_mask", "user_id")
        values = {f"owner_{name}": None for name in columns}
        values.update(await checking.owner(work, asked.owner))
    if asked.due_on is not None:
        values["due_on"] = asked.due_on
    given = await queries.assign(work, campaign.id, values, ids=asked.target_ids, division=asked.division)
    if asked.target_ids is not None and len(given) < len(set(asked.target_ids)):
        raise errors.CampaignTargetNotFound
    work.announce(
        CampaignTargetsAssigned(
            subject=campaign.id,
            division_code=campaign.division_code,
            assigned=len(given),
            owner_kind=asked.owner.kind.value if asked.owner else None,
            owner_id=asked.owner.id if asked.owner else None,
            due_on=asked.due_on,
        )
    )
    return len(given)


async def follow_all(work: Work) -> int:
    """Every running campaign, once a day: what begins today, and the four facts."""
    return await follow(work)


async def follow(
    work: Work, *, organizations: Collection[UUID] | None = None, campaign_id: UUID | None = None
) -> int:
    """Bring targets to the state that the ledger says, of some organizations or of all; how many moved. May
    run twice: what is as it should be is left alone."""
    clear = await _clear(work, organizations, campaign_id)
    found = await queries.due(work, organizations=organizations, campaign_id=campaign_id, clear=clear)
    if not found:
        return 0
    await queries.lock_targets(work, found)
    ids = {each.organization_id for each in found}
    found = await queries.due(work, organizations=ids, campaign_id=campaign_id, clear=clear)
    await bulk.insert(
        work,
        TargetChange,
        [
            {
                "target_id": each.id,
                "number": each.number + 1,
                "state": each.state,
                "state_on": each.on,
                "reason": each.reason,
                "party_organization_id": each.body,
                "actor_id": work.actor.id,
            }
            for each in found
        ],
    )
    await queries.move(work, found)
    for each in found:
        _told(work, each, each.state, each.reason, each.on)
    await work.session.flush()
    return len(found)


async def _clear(work: Work, organizations: Collection[UUID] | None, campaign_id: UUID | None) -> set[UUID]:
    """Of the organizations that campaigns of the four clears wait for, those whose four facts are on record
    (四清): what `GET /coverage/organizations?rate=four_clears&part=numerator` lists."""
    clear: set[UUID] = set()
    waiting = await queries.organizations_of(work, campaign_id, organizations)
    for (_, division), ids in waiting.items():
        filters = CoverageOrganizationsFilters(
            division=division, rate=RateCode.FOUR_CLEARS, part=RatePart.NUMERATOR
        )
        listed = (await coverage.listed(work, filters)).subquery("listed")
        clear |= await queries.among(work, listed, ids)
    return clear
