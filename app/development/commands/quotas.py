"""Allot places of the year's plan down the tree. What is used is counted with the step that counts."""

from uuid import UUID

from app.core.db import uuid7
from app.core.work import Work
from app.development import queries
from app.development.commands.standing import DECIDE, refuse
from app.development.models import DevelopmentQuota
from app.development.schemas import QuotaAllot, QuotaAllotted, QuotaUpdate


async def allot(work: Work, plan: QuotaAllot) -> UUID:
    """Give a body its places, out of the nearest quota above it. Raises `DevelopmentInvalid`, `QuotaKnown`,
    `QuotaOverdrawn`, and `QuotaUsed` where more are used already than an enforced quota has."""
    body, year = plan.party_organization_id, plan.year
    division = await queries.body_in_scope(work, body, work.actor.scope(DECIDE))
    if division is None:
        words = ("没有这个党组织, 或不在您的范围内", "there is no such body in your scope")
        refuse(("/party_organization_id", "no_such_body", *words))
    assert division is not None  # noqa: S101 (refused above)
    line = (await queries.body_above(work, body))[1:]
    above = await queries.quotas_above(work, line, year, separate_plan=plan.separate_plan, lock=True)
    parent = min(above, key=lambda quota: line.index(quota.party_organization_id), default=None)
    if parent is not None:
        parent.allotted += plan.places
    quota = DevelopmentQuota(
        id=uuid7(),
        year=year,
        party_organization_id=body,
        division_code=division,
        separate_plan=plan.separate_plan,
        places=plan.places,
        used=await queries.taken_below(work, body, year, separate_plan=plan.separate_plan),
        allotted=0,
        enforced=plan.enforced,
        parent_id=parent.id if parent else None,
        document=plan.document,
    )
    work.session.add(quota)
    await work.session.flush()
    _tell(work, quota)
    return quota.id


async def change_quota(work: Work, quota_id: UUID, update: QuotaUpdate) -> None:
    """More or fewer places, hard or soft; never fewer than are used of an enforced quota, or allotted on."""
    quota = await queries.quota_for_update(work, quota_id)
    work.expect(quota)
    given = update.model_dump(exclude_unset=True)
    if quota.parent_id is not None and "places" in given:
        parent = await work.session.get(
            DevelopmentQuota, quota.parent_id, with_for_update=True, populate_existing=True
        )
        assert parent is not None  # noqa: S101 (a foreign key)
        parent.allotted += given["places"] - quota.places
    for name, value in given.items():
        setattr(quota, name, value)
    work.touch(quota)
    await work.session.flush()
    _tell(work, quota)


def _tell(work: Work, quota: DevelopmentQuota) -> None:
    work.announce(
        QuotaAllotted(
            subject=quota.id,
            division_code=quota.division_code,
            year=quota.year,
            party_organization_id=quota.party_organization_id,
            separate_plan=quota.separate_plan,
            places=quota.places,
            enforced=quota.enforced,
        )
    )
