"""Places of quotas: what is left along the line of bodies above a branch, and what a case takes of them."""

from datetime import date

from app.core.work import Work
from app.development import queries
from app.development.commands.standing import Standing
from app.development.rules import Places


async def left(work: Work, standing: Standing, year: int, *, lock: bool = False) -> Places | None:
    """What the tightest quota of a year leaves; None where no body of the line has one."""
    found = await queries.quotas_above(
        work, standing.line, year, separate_plan=standing.case.separate_plan, lock=lock
    )
    hard = [quota.places - quota.used for quota in found if quota.enforced]
    if hard and min(hard) <= 0:
        return Places(min(hard), enforced=True)
    tightest = min((quota.places - quota.used for quota in found), default=None)
    return None if tightest is None else Places(tightest, enforced=False)


async def take(work: Work, standing: Standing, on: date) -> None:
    """The case takes a place in the year of the step that counts, once; in all quotas of the line. The limit
    of an enforced one is a constraint."""
    case = standing.case
    if case.quota_year == on.year:
        return
    await release(work, standing)
    for quota in await queries.quotas_above(
        work, standing.line, on.year, separate_plan=case.separate_plan, lock=True
    ):
        quota.used += 1
    case.quota_year = on.year
    await work.session.flush()


async def release(work: Work, standing: Standing) -> None:
    """Give the place back: the step that counted is to be taken again, or the case was removed before."""
    case = standing.case
    if case.quota_year is None:
        return
    for quota in await queries.quotas_above(
        work, standing.line, case.quota_year, separate_plan=case.separate_plan, lock=True
    ):
        quota.used = max(quota.used - 1, 0)
    case.quota_year = None
    await work.session.flush()
