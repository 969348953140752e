"""Duties that open with a registration, follow its changes, and lapse with the organization."""

from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import update

from app.core.work import Work
from app.duties import queries
from app.duties.commands import packs
from app.duties.models import Duty
from app.duties.queries import Registration
from app.duties.rules import DutyKind, DutyState, OwedBy, Term
from app.duties.schemas import DeadlinesRepriced, DutiesLapsed, DutiesOpened
from app.reference import queries as reference
from app.reference.rules import Calendar, Deadline, add_working_days

CALENDAR = uuid5(NAMESPACE_URL, "urn:jiceng:calendar")
"""The calendar as the subject of an event."""


async def open_registration_duties(work: Work, organization_id: UUID, registered_on: date) -> None:
    """Open what a registration owes under the terms in force on its day. Again with the same day it changes
    nothing; with another it moves what is still open, and what lapsed with the organization opens again."""
    await work.session.flush()
    registration = await queries.registration(work, organization_id)
    if registration is None:
        return
    pack = await packs.duty_pack(work, registration, registered_on)
    terms = () if pack is None else pack.owed(registration.registration_mode)
    if pack is None or not terms:
        return
    calendar = await reference.calendar(work)
    known = await queries.duties(work, organization_id)
    opened = []
    for term in terms:
        deadline = _deadline(registered_on, term.working_days, calendar)
        duty = known.get(term.kind)
        if duty is None:
            work.session.add(_duty(registration, term, registered_on, deadline, pack.pack_id))
            opened.append(term.kind)
        elif duty.state in (DutyState.OPEN, DutyState.LAPSED):
            if duty.state == DutyState.LAPSED:
                duty.state, duty.closed_reason = DutyState.OPEN, None
                opened.append(term.kind)
            _follow(duty, registration)
            if duty.registered_on != registered_on:
                duty.registered_on, duty.due_on = registered_on, deadline.due_on
                duty.provisional = deadline.provisional
    if opened:
        work.announce(
            DutiesOpened(
                subject=organization_id,
                division_code=registration.division_code,
                registered_on=registered_on,
                kinds=opened,
            )
        )


async def refresh(work: Work, organization_id: UUID) -> None:
    """Let open duties follow the organization's registration authority and responsible body."""
    await work.session.flush()
    registration = await queries.registration(work, organization_id)
    if registration is None:
        return
    for duty in (await queries.duties(work, organization_id)).values():
        if duty.state == DutyState.OPEN:
            _follow(duty, registration)


async def close_for_ended(work: Work, organization_id: UUID, reason: str) -> None:
    """Let the open duties of an organization that ended lapse."""
    await work.session.flush()
    registration = await queries.registration(work, organization_id)
    lapsed = []
    for duty in (await queries.duties(work, organization_id)).values():
        if duty.state == DutyState.OPEN:
            duty.state, duty.closed_reason = DutyState.LAPSED, reason
            lapsed.append(DutyKind(duty.kind))
    if lapsed:
        work.announce(
            DutiesLapsed(
                subject=organization_id,
                division_code=registration and registration.division_code,
                kinds=sorted(lapsed),
                reason=reason,
            )
        )


async def reprice_deadlines(work: Work) -> int:
    """Work out the days of open duties again, after the calendar changed. Returns how many moved, became
    settled or became provisional."""
    calendar = await reference.calendar(work)
    changed = moved = 0
    for anchor in await queries.open_anchors(work):
        deadline = _deadline(anchor.registered_on, anchor.working_days, calendar)
        if (deadline.due_on, deadline.provisional) == (anchor.due_on, anchor.provisional):
            continue
        found = await work.execute(
            update(Duty)
            .where(
                Duty.state == DutyState.OPEN,
                Duty.registered_on == anchor.registered_on,
                Duty.working_days == anchor.working_days,
                Duty.due_on == anchor.due_on,
                Duty.provisional == anchor.provisional,
            )
            .values(due_on=deadline.due_on, provisional=deadline.provisional, version=Duty.version + 1)
            .returning(Duty.id)
            .execution_options(synchronize_session=False)
        )
        count = len(found.all())
        changed += count
        moved += count if deadline.due_on != anchor.due_on else 0
    if changed:
        work.announce(DeadlinesRepriced(subject=CALENDAR, changed=changed, moved=moved))
    return changed


def _deadline(registered_on: date, working_days: int, calendar: Calendar) -> Deadline:
    if working_days == 0:
        return Deadline(registered_on, provisional=False)
    return add_working_days(registered_on, working_days, calendar)


def _duty(
    registration: Registration, term: Term, registered_on: date, deadline: Deadline, pack_id: UUID | None
) -> Duty:
    duty = Duty(
        organization_id=registration.organization_id,
        kind=term.kind.value,
        title={"zh": term.title[0], "en": term.title[1]},
        source=term.source,
        rule_pack_id=pack_id,
        registered_on=registered_on,
        working_days=term.working_days,
        due_on=deadline.due_on,
        provisional=deadline.provisional,
        owed_by=term.owed_by.value,
        state=DutyState.OPEN.value,
    )
    _follow(duty, registration)
    return duty


def _follow(duty: Duty, registration: Registration) -> None:
    """Who owes it now: the registration authority, or the body that leads."""
    if duty.owed_by == OwedBy.REGISTRATION_AUTHORITY:
        duty.owed_by_authority_id = registration.registration_authority_id
    if duty.owed_by == OwedBy.RESPONSIBLE_BODY:
        duty.owed_by_party_organization_id = registration.lead_id
