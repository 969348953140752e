"""Which body covers which organization, from when until when."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.party_organizations import errors, queries, rules
from app.party_organizations.commands import ledger, reasons
from app.party_organizations.models import Cover, PartyOrganization
from app.party_organizations.rules import BodyKind, CoverEndReason, Period
from app.party_organizations.schemas import (
    CoverCancel,
    CoverCancelled,
    CoverEnd,
    CoverEnded,
    CoverStart,
    CoverStarted,
)

_RECORD = Permission.PARTY_ORGANIZATION_RECORD


async def start_cover(work: Work, body_id: UUID, start: CoverStart) -> UUID:
    """A body covers an organization. Both are locked, the organization first: neither ends meanwhile."""
    await ledger.lock_organizations(work, {"/organization_id": start.organization_id})
    body = await queries.get_for_update(work, body_id, _RECORD)
    if body.status != "active":
        raise errors.PartyOrganizationIsDissolved
    period = Period(start.from_on or work.today, start.until_on)
    ledger.refuse(rules.wrong_with_cover(BodyKind(body.kind), body.founded_on, period, work.today))
    return await begin(work, body, start.organization_id, period)


async def begin(work: Work, body: PartyOrganization, organization_id: UUID, period: Period) -> UUID:
    """Record a cover that the rules allow; a reason for having no Party organization ends with it."""
    if await queries.ended_by(work, organization_id, period.since, period.until):
        raise errors.OrganizationHasEnded
    cover = Cover(
        id=uuid7(),
        cover_id=uuid7(),
        version=1,
        party_organization_id=body.id,
        organization_id=organization_id,
        formation=body.formation,
        valid=ledger.days(period),
        recorded=Range(await work.instant(), None),
    )
    work.session.add(cover)
    work.mark([organization_id])
    await work.session.flush()
    if body.counts_as_primary:
        await reasons.end_all(work, organization_id, period.since)
    work.announce(
        CoverStarted(
            subject=body.id,
            division_code=body.division_code,
            cover_id=cover.cover_id,
            organization_id=organization_id,
            from_on=period.since,
            until_on=period.until,
        )
    )
    return cover.cover_id


async def end_cover(work: Work, body_id: UUID, cover_id: UUID, end: CoverEnd) -> None:
    """End a cover on a day after the one it began on; a wrong one is cancelled instead."""
    body, cover = await _locked(work, body_id, cover_id)
    on, period = end.on or work.today, ledger.period_of(cover.valid)
    ledger.refuse_future("/on", on, work.today)
    if on <= period.since:
        raise errors.SameDay
    if not period.reaches(on):
        raise errors.CoverIsOver
    await cut(work, {body.id: body}, [cover], on, end.reason)


async def cancel_cover(work: Work, body_id: UUID, cover_id: UUID, cancel: CoverCancel) -> None:
    """Take back a cover recorded in error: it is no longer known, and what was known stays on file."""
    body, cover = await _locked(work, body_id, cover_id)
    await ledger.close(work, [cover])
    _announce_cancelled(work, body, cover, cancel.reason)


async def end_covers(work: Work, organization_id: UUID, on: date, reason: str) -> int:
    """End all that covers an organization, and its reason for having none, because it has ended itself.

    For `organizations`, which holds the organization's lock. Covers that would begin later are cancelled.
    Returns how many covers ended."""
    standing = await queries.standing_covers(work, on, organization_id=organization_id)
    bodies = await queries.lock_bodies(work, {cover.party_organization_id for cover in standing})
    ended = await end_all(work, bodies, on, reason, organization_id=organization_id)
    await reasons.end_all(work, organization_id, on)
    return ended


async def end_all(
    work: Work,
    bodies: Iterable[PartyOrganization],
    on: date,
    reason: str,
    *,
    body_id: UUID | None = None,
    organization_id: UUID | None = None,
) -> int:
    """End on a day, or cancel, whatever of these bodies' covers reaches it; the bodies are locked."""
    by_id = {body.id: body for body in bodies}
    standing = await queries.standing_covers(work, on, body_id=body_id, organization_id=organization_id)
    return await cut(work, by_id, [c for c in standing if c.party_organization_id in by_id], on, reason)


async def reform(work: Work, body: PartyOrganization, on: date) -> None:
    """Covers that stand on a day go on under the body's new formation; until then they keep the old one."""
    standing = await queries.standing_covers(work, on, body_id=body.id)
    if not standing:
        await work.session.flush()
        return
    stamp = await ledger.close(work, standing)
    for cover in standing:
        period = ledger.period_of(cover.valid)
        before = period.cut(on)
        if before is not None:
            work.session.add(_version(cover, before, stamp, CoverEndReason.REFORMED))
        after = Period(max(period.since, on), period.until)
        follower = _version(cover, after, stamp, cover.ended_reason, formation=body.formation)
        if before is not None:
            follower.cover_id, follower.version = uuid7(), 1
        work.session.add(follower)
    await work.session.flush()


async def lock_covered(work: Work, *body_ids: UUID) -> None:
    """Lock the organizations that bodies cover, before the bodies: the order everyone keeps."""
    covered = {
        cover.organization_id
        for body_id in body_ids
        for cover in await queries.standing_covers(work, date.min, body_id=body_id)
    }
    await queries.lock_organizations(work, covered)


async def _locked(work: Work, body_id: UUID, cover_id: UUID) -> tuple[PartyOrganization, Cover]:
    """A body and one of its covers as known now, locked, in the version that the caller read."""
    await queries.get(work, body_id, _RECORD)
    before = await queries.standing_covers(work, date.min, body_id=body_id, cover_id=cover_id)
    await queries.lock_organizations(work, {cover.organization_id for cover in before})
    body = await queries.get_for_update(work, body_id, _RECORD)
    found = await queries.standing_covers(work, date.min, body_id=body_id, cover_id=cover_id)
    if not found:
        raise errors.CoverNotFound
    work.expect(found[0])
    return body, found[0]


async def cut(
    work: Work, bodies: dict[UUID, PartyOrganization], covers: Sequence[Cover], on: date, reason: str
) -> int:
    """End covers on a day; those that would begin on it or later are cancelled. Returns how many ended."""
    if not covers:
        return 0
    stamp, ended = await ledger.close(work, covers), 0
    for cover in covers:
        body = bodies[cover.party_organization_id]
        left = ledger.period_of(cover.valid).cut(on)
        if left is None:
            _announce_cancelled(work, body, cover, reason)
            continue
        work.session.add(_version(cover, left, stamp, reason))
        ended += 1
        work.announce(
            CoverEnded(
                subject=body.id,
                division_code=body.division_code,
                cover_id=cover.cover_id,
                organization_id=cover.organization_id,
                on=on,
                reason=reason,
            )
        )
    await work.session.flush()
    return ended


def _version(
    cover: Cover, period: Period, stamp: object, reason: str | None, *, formation: str | None = None
) -> Cover:
    """The next version of a cover, known from `stamp` on."""
    return Cover(
        id=uuid7(),
        cover_id=cover.cover_id,
        version=cover.version + 1,
        party_organization_id=cover.party_organization_id,
        organization_id=cover.organization_id,
        formation=formation or cover.formation,
        valid=ledger.days(period),
        recorded=Range(stamp, None),
        ended_reason=reason,
    )


def _announce_cancelled(work: Work, body: PartyOrganization, cover: Cover, reason: str) -> None:
    work.announce(
        CoverCancelled(
            subject=body.id,
            division_code=body.division_code,
            cover_id=cover.cover_id,
            organization_id=cover.organization_id,
            reason=reason,
        )
    )
