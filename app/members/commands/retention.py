"""The daily job that lists, and never removes, what is past the time for which it is kept."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from app.core import bulk
from app.core.access import NATIONAL
from app.core.db import uuid7
from app.core.work import Work
from app.members import rules
from app.members.commands import packs
from app.members.models import Member, Retention
from app.members.rules import RetentionPack, RetentionState
from app.members.schemas import RetentionsListed

_AT_ONCE = 5_000


async def list_due(work: Work) -> int:
    """List records whose time is over, each once. How many are new."""
    await work.admit(NATIONAL)
    known: dict[str, RetentionPack] = {}
    listed: list[dict[str, object]] = []
    ended = (
        select(Member.id, Member.division_code, Member.ended_kind, Member.ended_on)
        .where(Member.status == "ended", ~exists().where(Retention.member_id == Member.id))
        .order_by(Member.ended_on, Member.id)
        .limit(_AT_ONCE)
    )
    rows: Iterable[Any] = await work.execute(ended.where(Member.ended_kind.in_(_EVER)))
    for member_id, division, kind, on in rows:
        if division not in known:
            known[division] = await packs.retention(work, division)
        rule = known[division].rule_for(kind)
        if rule is None or rules.over_on(rule, on) > work.today:
            continue
        listed.append(
            {
                "id": uuid7(),
                "member_id": member_id,
                "rule_code": rule.code,
                "source": rule.source,
                "due_on": rules.over_on(rule, on),
                "state": RetentionState.DUE,
                "version": 1,
            }
        )
    await bulk.insert(work, Retention, listed)
    if listed:
        work.announce(RetentionsListed(subject=UUID(int=0), found=len(listed)))
    return len(listed)


_EVER = ("application_ended", "recorded_in_error")
"""What a pack may ever let go: whoever was a member is kept by statute."""
