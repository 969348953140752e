"""The clocks of members: what is due when, by the pack of their place; stored, so that lists find it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from app.core.access import NATIONAL
from app.core.work import Work
from app.members import queries, rules
from app.members.commands import packs
from app.members.models import Member, StatusPeriod
from app.members.rules import Clocks, MemberStatus

_AT_ONCE = 1_000


async def wind(work: Work, member: Member, *, since: date | None = None) -> None:
    """Set a member's clocks anew; `since` is the first day of the present status, read where it is needed."""
    if member.status == MemberStatus.SUSPENDED and since is None:
        since = (await queries.status_now(work, member)).valid.lower
    runs = (member.contact_lost_on, member.floating_since, since)
    found = Clocks()
    if any(runs) and member.status != MemberStatus.ENDED:
        pack = await packs.membership(work, member.division_code)
        found = rules.clocks(
            MemberStatus(member.status), since, member.contact_lost_on, member.floating_since, pack
        )
    _set(member, found)


def _set(member: Member, found: Clocks) -> None:
    for name in ("suspension", "strike_off", "floating"):
        if getattr(member, f"{name}_due_on") != getattr(found, name):
            setattr(member, f"{name}_due_on", getattr(found, name))


async def rewind(work: Work) -> int:
    """Set the clocks of everybody anew: packs and divisions change. How many changed."""
    await work.admit(NATIONAL)
    known: dict[str, rules.MembershipPack] = {}
    changed, after = 0, None
    while rows := await _running(work, after):
        for member, since in rows:
            if member.division_code not in known:
                known[member.division_code] = await packs.membership(work, member.division_code)
            before = member.version
            _set(
                member,
                rules.clocks(
                    MemberStatus(member.status),
                    since,
                    member.contact_lost_on,
                    member.floating_since,
                    known[member.division_code],
                ),
            )
            await work.session.flush()
            changed += member.version != before
        after = rows[-1][0].id
        work.session.expunge_all()
    return changed


async def _running(work: Work, after: Any) -> Sequence[Any]:
    m, s = Member, StatusPeriod
    statement = (
        select(m, func.lower(s.valid))
        .join(s, (s.member_id == m.id) & func.upper_inf(s.valid))
        .where(
            or_(
                m.contact_lost_on.is_not(None),
                m.floating_since.is_not(None),
                m.status == "suspended",
                m.suspension_due_on.is_not(None),
                m.strike_off_due_on.is_not(None),
                m.floating_due_on.is_not(None),
            )
        )
        .order_by(m.id)
        .limit(_AT_ONCE)
        .with_for_update(of=m)
    )
    if after is not None:
        statement = statement.where(m.id > after)
    return (await work.execute(statement)).all()
