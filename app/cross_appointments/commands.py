"""Propose who may be one person, and let somebody who knows say so; nothing is ever confirmed by itself."""

from collections import defaultdict
from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import Range

from app.core import bulk
from app.core.access import NATIONAL, Permission
from app.core.crypto import Index
from app.core.db import uuid7
from app.core.work import Work
from app.cross_appointments import errors, queries, rules
from app.cross_appointments.models import CrossAppointment, CrossAppointmentPeriod
from app.cross_appointments.rules import Covered, MatchState, Office, Period, Together
from app.cross_appointments.schemas import (
    CrossAppointmentConfirm,
    CrossAppointmentPropose,
    CrossAppointmentProposed,
    CrossAppointmentReject,
    CrossAppointmentSettled,
    CrossAppointmentsProposed,
)
from app.party_organizations.errors import PartyOrganizationNotFound

_DECIDE = Permission.MEMBER_DECIDE
MOST: Final = 500
Pair = tuple[UUID, UUID, UUID]
"""A body, an organization, a member."""


async def propose(work: Work, asked: CrossAppointmentPropose) -> CrossAppointmentsProposed:
    """Compare the names of officers and post holders for a body and all below it in the caller's scope.

    Raises `PartyOrganizationNotFound`, `TooManyBodies`."""
    found = await queries.bodies_below(work, asked.party_organization_id, _DECIDE, MOST)
    if asked.party_organization_id not in found:
        raise PartyOrganizationNotFound
    if len(found) > MOST:
        raise errors.TooManyBodies(most=MOST)
    # A post holder sent from elsewhere (委派) is out of the caller's sight: names are compared, not shown.
    await work.admit(NATIONAL)
    proposed = await _compare(work, await queries.covered_by(work, found))
    return CrossAppointmentsProposed(bodies=len(found), proposed=proposed)


async def look_at_organization(work: Work, organization_id: UUID) -> None:
    """The officers or covers of an organization changed: work its matches out anew. Idempotent."""
    await work.admit(NATIONAL)
    await _compare(work, await queries.covering(work, [organization_id]))


async def look_at_body(work: Work, body_id: UUID) -> None:
    """A post of a body began or ended: the same for all it covers. Idempotent."""
    await work.admit(NATIONAL)
    await _compare(work, await queries.covered_by(work, [body_id]))


async def _compare(work: Work, covers: list[Covered]) -> int:
    """Propose the matches that are new, and renew the times of all; how many are new."""
    if not covers:
        return 0
    posts = defaultdict(list)
    for post in await queries.posts_of(work, {cover.body_id for cover in covers}):
        posts[post.body_id].append(post)
    held = [cover for cover in covers if cover.body_id in posts]
    offices = await _offices(work, {cover.organization_id for cover in held})
    found: dict[Pair, list[Together]] = defaultdict(list)
    for each in rules.together(offices, posts, held):
        found[each.post.body_id, each.office.organization_id, each.post.member_id].append(each)
    known = {
        (row.party_organization_id, row.organization_id, row.member_id): row
        for row in await queries.matches(work, covers)
    }
    fresh = [pair for pair in found if pair not in known]
    places = await queries.places(work, {cover.body_id for cover in covers})
    known |= await _enter(work, fresh, found, places)
    pairs = {(cover.body_id, cover.organization_id) for cover in covers}
    await _renew(work, {pair: row for pair, row in known.items() if pair[:2] in pairs}, found)
    return len(fresh)


async def _offices(work: Work, organization_ids: Collection[UUID]) -> dict[UUID, list[Office]]:
    """Officers with their names under the index that members' names have."""
    offices = defaultdict(list)
    indexes: dict[str, Index] = {}
    for organization_id, name, title, is_principal, valid in await queries.officers_of(
        work, organization_ids
    ):
        if name not in indexes:
            indexes[name] = work.crypto.index("persons.name", name)
        index, period = indexes[name], Period(valid.lower, valid.upper)
        offices[organization_id].append(
            Office(organization_id, index.stored, index.beside, index.sought, title, is_principal, period)
        )
    return offices


async def _enter(
    work: Work, fresh: list[Pair], found: dict[Pair, list[Together]], places: dict[UUID, str]
) -> dict[Pair, CrossAppointment]:
    masks = await queries.masks(work, {member for _, _, member in fresh}) if fresh else {}
    made = {}
    for body_id, organization_id, member_id in fresh:
        office = found[body_id, organization_id, member_id][0].office
        row = CrossAppointment(
            id=uuid7(),
            organization_id=organization_id,
            party_organization_id=body_id,
            division_code=places[body_id],
            member_id=member_id,
            name_blind=office.name_blind,
            name_next_blind=office.name_next_blind,
            name_mask=masks[member_id],
            state=MatchState.PROPOSED,
        )
        work.session.add(row)
        work.announce(
            CrossAppointmentProposed(
                subject=organization_id,
                division_code=row.division_code,
                cross_appointment_id=row.id,
                party_organization_id=body_id,
                member_id=member_id,
            )
        )
        made[body_id, organization_id, member_id] = row
    await work.session.flush()
    return made


async def _renew(
    work: Work, matches: dict[Pair, CrossAppointment], found: dict[Pair, list[Together]]
) -> None:
    """The times of matches as officers, posts and covers are now; what was decided of them stays."""
    if not matches:
        return
    ids = [row.id for row in matches.values()]
    await work.execute(
        delete(CrossAppointmentPeriod).where(CrossAppointmentPeriod.cross_appointment_id.in_(ids))
    )
    await bulk.insert(
        work,
        CrossAppointmentPeriod,
        [
            {
                "cross_appointment_id": row.id,
                "organization_id": row.organization_id,
                "party_organization_id": row.party_organization_id,
                "division_code": row.division_code,
                "post_id": each.post.id,
                "role": each.post.role,
                "office": each.office.title,
                "is_principal": each.office.is_principal,
                "valid": Range(each.period.since, each.period.until),
            }
            for pair, row in matches.items()
            for each in found.get(pair, ())
        ],
    )


async def confirm(work: Work, match_id: UUID, given: CrossAppointmentConfirm) -> None:
    """They are one person. Raises `CrossAppointmentDecided`, `AnotherIsConfirmed`."""
    await _decide(work, match_id, MatchState.CONFIRMED, given.reason)


async def reject(work: Work, match_id: UUID, given: CrossAppointmentReject) -> None:
    """They only share a name. Raises `CrossAppointmentDecided`."""
    await _decide(work, match_id, MatchState.REJECTED, given.reason)


async def _decide(work: Work, match_id: UUID, state: MatchState, reason: str | None) -> None:
    match = await queries.match_for_update(work, match_id, _DECIDE)
    work.expect(match)
    if match.state == state:
        raise errors.CrossAppointmentDecided
    match.state, match.reason = state, reason
    match.decided_on, match.decided_by = work.today, work.actor.id
    await work.session.flush()
    work.announce(
        CrossAppointmentSettled(
            subject=match.organization_id,
            division_code=match.division_code,
            cross_appointment_id=match.id,
            party_organization_id=match.party_organization_id,
            member_id=match.member_id,
            state=state,
        )
    )
