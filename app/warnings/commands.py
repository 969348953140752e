"""Look for warnings and keep them as rows: opened when found, closed when no longer so.

The worker looks over the whole ledger each day, and at a body when something happens to it; a list answers
from the rows at once. The day since when something is so, and the day from which it no longer is, come from
the ledgers (`queries.found`, `queries.closing`), not from when somebody looked."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select

from app.core import bulk
from app.core.access import NATIONAL
from app.core.db import uuid7
from app.core.work import Work
from app.reference import queries as reference
from app.warnings import queries, rules
from app.warnings.models import ParalysisWarning
from app.warnings.queries import Now
from app.warnings.rules import ClosedBy, Pack, WarningKind
from app.warnings.schemas import ParalysisWarningsContent, WarningClosed, WarningOpened

W = ParalysisWarning
SECONDS: Final = 120
_SHOWN: Final = (
    "since_on",
    "count",
    "threshold",
    "last_on",
    "record_id",
    "rule_pack_id",
    "source",
    "verified",
)


async def look(work: Work, bodies: Sequence[UUID] | None = None) -> int:
    """Look over the whole ledger, or at these bodies; how many warnings opened or closed.

    The caller is the service itself: what it reads of people it counts only."""
    await work.admit(NATIONAL)
    packs = await _packs(work)
    changed = 0
    async with work.unhurried(SECONDS), bulk.announcing(work) as told:
        for kind in WarningKind:
            changed += await _look_for(told, kind, packs, bodies)
    return changed


async def bodies_of(work: Work, member_id: UUID) -> set[UUID]:
    """The bodies that a member belonged to of late, which may now have too few or too many."""
    await work.admit(NATIONAL)
    return await queries.bodies_of(work, member_id)


async def _packs(work: Work) -> list[Pack]:
    """The rules in force today: of each jurisdiction its latest pack."""
    held = {}
    published = await reference.every_pack(work, rules.PACK, work.today)
    for pack in sorted(published, key=lambda p: (p.effective_on, p.version)):
        held[pack.jurisdiction] = pack
    try:
        return [
            ParalysisWarningsContent.model_validate(pack.content).plain(pack.id, pack.jurisdiction)
            for pack in held.values()
        ]
    except ValidationError:
        raise LookupError(f"a rule pack `{rules.PACK}` is not as packs of its kind are") from None


async def _look_for(
    work: Work, kind: WarningKind, packs: Iterable[Pack], bodies: Sequence[UUID] | None
) -> int:
    rows: Any = await work.execute(queries.found(kind, rules.lines(kind, packs), bodies))
    found = {row.id: row for row in rows}
    statement = select(W).where(W.kind == kind, W.closed_on.is_(None))
    if bodies is not None:
        statement = statement.where(W.party_organization_id.in_(list(bodies)))
    standing = {row.party_organization_id: row for row in await work.scalars(statement.with_for_update())}
    fresh = [row for body, row in found.items() if body not in standing]
    await _open(work, kind, fresh)
    for body, warning in standing.items():
        if body in found:
            for name in _SHOWN:
                if getattr(warning, name) != getattr(found[body], name):
                    setattr(warning, name, getattr(found[body], name))
    over = [warning.id for body, warning in standing.items() if body not in found]
    for now in await queries.closing(work, over) if over else []:
        _close(work, now)
    await work.session.flush()
    return len(fresh) + len(over)


async def _open(work: Work, kind: WarningKind, fresh: Sequence[Any]) -> None:
    made = [
        {
            "id": uuid7(),
            "party_organization_id": row.id,
            "division_code": row.division_code,
            "kind": kind,
            "opened_on": work.today,
            **{name: getattr(row, name) for name in _SHOWN},
        }
        for row in fresh
    ]
    await bulk.insert(work, W, made)
    for row in made:
        work.announce(
            WarningOpened(
                subject=row["party_organization_id"],
                division_code=row["division_code"],
                warning_id=row["id"],
                kind=kind,
                since_on=row["since_on"],
            )
        )


def _close(work: Work, now: Now) -> None:
    warning = now.warning
    on, by = _change(now, work.today)
    warning.closed_on, warning.closed_by = min(max(on, warning.since_on), work.today), by
    work.announce(
        WarningClosed(
            subject=warning.party_organization_id,
            division_code=warning.division_code,
            warning_id=warning.id,
            kind=WarningKind(warning.kind),
            closed_on=warning.closed_on,
            closed_by=by,
        )
    )


def _change(now: Now, today: date) -> tuple[date, ClosedBy]:
    """The change that ended a warning and its day; numbers are known as of today."""
    kind = WarningKind(now.warning.kind)
    if now.dissolved_on is not None:
        return now.dissolved_on, ClosedBy.BODY_DISSOLVED
    days = {
        WarningKind.TERM_EXPIRED: now.term_since,
        WarningKind.NO_SECRETARY: now.secretary_since,
        WarningKind.NO_MEETING: now.meeting_on,
        WarningKind.OVERSIZE_JOINT_BRANCH: today if now.formation == "joint" else None,
    }
    on = days.get(kind, today)
    return (on, rules.CHANGES[kind]) if on is not None else (today, ClosedBy.NO_LONGER_ASKED)
