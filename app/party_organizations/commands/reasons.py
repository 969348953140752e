"""Why an organization has no Party organization: a dated exception that expires."""

from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.party_organizations import errors, queries, rules
from app.party_organizations.commands import ledger
from app.party_organizations.models import NoReason
from app.party_organizations.rules import Period
from app.party_organizations.schemas import (
    NoPartyOrganizationReasonCancelled,
    NoPartyOrganizationReasonEnded,
    NoPartyOrganizationReasonGiven,
    ReasonEnd,
    ReasonGive,
)

_RECORD = Permission.PARTY_ORGANIZATION_RECORD


async def give_reason(work: Work, organization_id: UUID, given: ReasonGive) -> UUID:
    """Record why an organization that no counting body covers has none, until a day within a year."""
    division = await _lock(work, organization_id)
    period = Period(given.from_on or work.today, given.until_on)
    maximum = await queries.reason_days(work, division, period.since)
    ledger.refuse(rules.wrong_with_reason(given.reason, given.note, period, work.today, maximum))
    if await queries.ended_by(work, organization_id, period.since, period.until):
        raise errors.OrganizationHasEnded
    if await queries.organization_covers(work, organization_id, period.since, period.until):
        raise errors.HasPartyOrganization
    row = NoReason(
        id=uuid7(),
        reason_id=uuid7(),
        version=1,
        organization_id=organization_id,
        reason=given.reason,
        note=given.note,
        valid=ledger.days(period),
        recorded=Range(await work.instant(), None),
    )
    work.session.add(row)
    work.mark([organization_id])
    await work.session.flush()
    work.announce(
        NoPartyOrganizationReasonGiven(
            subject=organization_id,
            division_code=division,
            reason_id=row.reason_id,
            reason=given.reason,
            from_on=period.since,
            until_on=given.until_on,
        )
    )
    return row.reason_id


async def end_reason(work: Work, organization_id: UUID, end: ReasonEnd) -> None:
    """End a reason earlier than it would expire."""
    division, row = await _locked(work, organization_id)
    on, period = end.on or work.today, ledger.period_of(row.valid)
    ledger.refuse_future("/on", on, work.today)
    if on <= period.since:
        raise errors.SameDay
    if not period.reaches(on):
        raise errors.ReasonIsOver
    await _cut(work, division, row, on)


async def cancel_reason(work: Work, organization_id: UUID) -> None:
    """Take back a reason that was recorded in error."""
    division, row = await _locked(work, organization_id)
    await ledger.close(work, [row])
    work.announce(
        NoPartyOrganizationReasonCancelled(
            subject=organization_id, division_code=division, reason_id=row.reason_id
        )
    )


async def end_all(work: Work, organization_id: UUID, on: date) -> None:
    """End on a day, or cancel, whatever reasons of an organization reach it; the organization is locked."""
    standing = await queries.standing_reasons(work, organization_id, on)
    if standing:
        division = (await queries.lock_organizations(work, [organization_id]))[organization_id]
        for row in standing:
            await _cut(work, division, row, on)


async def _locked(work: Work, organization_id: UUID) -> tuple[str, NoReason]:
    division = await _lock(work, organization_id)
    row = await queries.get_reason_for_update(work, organization_id)
    work.expect(row)
    return division, row


async def _lock(work: Work, organization_id: UUID) -> str:
    """Lock an organization in scope and give its division. Raises `CoveredOrganizationNotFound`."""
    found = await queries.lock_organizations(work, [organization_id], _RECORD)
    if not found:
        raise errors.CoveredOrganizationNotFound
    return found[organization_id]


async def _cut(work: Work, division: str, row: NoReason, on: date) -> None:
    stamp = await ledger.close(work, [row])
    left = ledger.period_of(row.valid).cut(on)
    if left is None:
        work.announce(
            NoPartyOrganizationReasonCancelled(
                subject=row.organization_id, division_code=division, reason_id=row.reason_id
            )
        )
        return
    work.session.add(
        NoReason(
            id=uuid7(),
            reason_id=row.reason_id,
            version=row.version + 1,
            organization_id=row.organization_id,
            reason=row.reason,
            note=row.note,
            valid=ledger.days(left),
            recorded=Range(stamp, None),
        )
    )
    await work.session.flush()
    work.announce(
        NoPartyOrganizationReasonEnded(
            subject=row.organization_id, division_code=division, reason_id=row.reason_id, on=on
        )
    )
