"""What several verbs ask before they change anything."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from app.campaigns import errors, queries, rules
from app.campaigns.rules import CampaignKind, CampaignPack, Wrong
from app.campaigns.schemas import TargetOwner
from app.core.errors import Fault
from app.core.work import Work
from app.reference import queries as reference


def refuse(wrongs: Iterable[Wrong]) -> None:
    """Refuse with every reason at once."""
    if faults := [Fault(wrong.pointer, wrong.code, wrong.words) for wrong in wrongs]:
        raise errors.CampaignInvalid(errors=faults)


def missing(pointer: str, zh: str, en: str) -> Wrong:
    """A field that names nothing that the caller can see."""
    words = (f"没有这个{zh}, 或不在您的范围内", f"there is no such {en}, or it is outside your scope")
    return Wrong(pointer, "not_found", words)


async def rule(work: Work, kind: CampaignKind, division: str, on: date) -> tuple[UUID, dict[str, Any]]:
    """The rule of a kind in a place on a day, as a campaign keeps it, with the id of its pack. Raises
    `CampaignRulesMissing`."""
    found = await reference.pack_at(work, "campaigns", division, on)
    if found is None or kind not in found.content["kinds"]:
        raise errors.CampaignRulesMissing
    pack: CampaignPack = rules.campaign_pack(found.content)
    kept = {
        **pack.kinds[kind],
        "zombies": found.content["zombies"] if kind is CampaignKind.ZOMBIE_CHECK else [],
        "lagging_below_percent": pack.lagging_below_percent,
        "trend_days": pack.trend_days,
    }
    return found.id, kept


async def owner(work: Work, asked: TargetOwner) -> dict[str, Any]:
    """The columns of an owner. Raises `CampaignInvalid` where there is none."""
    found = await queries.owner_of(work, asked.kind, asked.id)
    if found is None:
        refuse([missing("/owner/id", "责任人", "owner")])
        raise AssertionError
    column, mask = found
    return {column: asked.id} if mask is None else {column: asked.id, "owner_instructor_mask": mask}
