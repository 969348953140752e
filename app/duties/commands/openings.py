"""Duties that open with a registration, follow its changes, and lapse with the organization."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import update

from app.core import bulk
from app.core.work import Work
from app.duties import queries
from app.duties.commands import packs
from app.duties.models import Duty
from app.duties.queries import Registration
from app.duties.rules import DutyKind, DutyState, OwedBy, Term, Words
from app.duties.schemas import DeadlinesRepriced, DutiesLapsed, DutiesOpened
from app.reference import queries as reference
from app.reference.rules import Calendar, Deadline, add_working_days

CALENDAR = uuid5(NAMESPACE_URL, "urn:jiceng:calendar")
"""The calendar as the subject of an event."""


async def open_registration_duties(work: Work, organization_id: UUID, registered_on: date) -> None:
    """Open what a registration owes under the terms in force on its day. Again with the same day it changes
    nothing; with another it moves what is still open, and what lapsed with the organization opens again."""
    await open_registration_duties_many(work, {organization_id: registered_on})


async def open_registration_duties_many(work: Work, registered_on: Mapping[UUID, date]) -> None:
    """The same for many organizations, each with its day, by a constant number of statements."""
    if not registered_on:
        return
    await work.session.flush()
    registrations = await queries.registrations(work, list(registered_on))
    pack_of = await packs.duty_packs(work, registrations.values(), max(registered_on.values()))
    calendar = await reference.calendar(work)
    known = await queries.duties_of(work, list(registered_on))
    deadline_of = lru_cache(maxsize=None)(lambda day, days: _deadline(day, days, calendar))
    new: list[dict[str, Any]] = []
    for organization_id, day in registered_on.items():
        registration = registrations.get(organization_id)
        pack = None if registration is None else pack_of(registration, day)
        if registration is None or pack is None:
            continue
        opened = []
        for term in pack.owed(registration.registration_mode):
            duty = known.get(organization_id, {}).get(term.kind)
            deadline = deadline_of(day, term.working_days)
            if duty is None:
                new.append(_duty(registration, term, day, deadline, pack.pack_id))
                opened.append(term.kind)
            elif _moved(duty, registration, day, deadline):
                opened.append(term.kind)
        if opened:
            work.announce(
                DutiesOpened(
                    subject=organization_id,
                    division_code=registration.division_code,
                    registered_on=day,
                    kinds=opened,
                )
            )
    await bulk.insert(work, Duty, new)


def _moved(duty: Duty, registration: Registration, registered_on: date, deadline: Deadline) -> bool:
    """Move a duty that is there to another day, unless it is done or waived; whether it opened again."""
    if duty.state not in (DutyState.OPEN, DutyState.LAPSED):
        return False
    lapsed = duty.state == DutyState.LAPSED
    if lapsed:
        duty.state, duty.closed_reason = DutyState.OPEN, None
    for name, owed_by in _owed_by(OwedBy(duty.owed_by), registration).items():
        setattr(duty, name, owed_by)
    if duty.registered_on != registered_on:
        duty.registered_on, duty.due_on = registered_on, deadline.due_on
        duty.provisional = deadline.provisional
    return lapsed


async def refresh(work: Work, organization_id: UUID) -> None:
    """Let open duties follow the organization's registration authority and responsible body."""
    await work.session.flush()
    registration = await queries.registration(work, organization_id)
    if registration is None:
        return
    for duty in (await queries.duties(work, organization_id)).values():
        if duty.state == DutyState.OPEN:
            for name, owed_by in _owed_by(OwedBy(duty.owed_by), registration).items():
                setattr(duty, name, owed_by)


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
) -> dict[str, Any]:
    return {
        "version": 1,
        "organization_id": registration.organization_id,
        "kind": term.kind.value,
        "title": _title(term.title),
        "source": term.source,
        "rule_pack_id": pack_id,
        "registered_on": registered_on,
        "working_days": term.working_days,
        "due_on": deadline.due_on,
        "provisional": deadline.provisional,
        "owed_by": term.owed_by.value,
        "owed_by_authority_id": None,
        "owed_by_party_organization_id": None,
        "state": DutyState.OPEN.value,
        **_owed_by(term.owed_by, registration),
    }


@lru_cache(maxsize=64)
def _title(title: Words) -> dict[str, str]:
    return {"zh": title[0], "en": title[1]}


def _owed_by(owed_by: OwedBy, registration: Registration) -> dict[str, UUID | None]:
    """Who owes it now: the registration authority, or the body that leads."""
    if owed_by is OwedBy.REGISTRATION_AUTHORITY:
        return {"owed_by_authority_id": registration.registration_authority_id}
    if owed_by is OwedBy.RESPONSIBLE_BODY:
        return {"owed_by_party_organization_id": registration.lead_id}
    return {}
