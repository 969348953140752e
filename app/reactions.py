"""ONE table: event -> the commands it causes. Read it to know every side effect.

Each reaction is idempotent: an event may be reacted to again after a crash. What must be true together with
its event (a responsible body, duties of a registration) is no reaction but a call in the same transaction.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from app.campaigns import commands as campaigns
from app.core import idempotency
from app.core.access import NATIONAL
from app.core.events import EventRow
from app.core.work import Shell, Work
from app.cross_appointments import commands as cross_appointments
from app.development import commands as development
from app.duties import commands as duties
from app.exports import commands as exports
from app.files import commands as files
from app.identity import commands as identity
from app.imports import commands as imports
from app.instructors import commands as instructors
from app.intake import commands as intake
from app.members import commands as members
from app.notices import commands as notices
from app.operations.models import Operation
from app.organizations import commands as organizations
from app.organizations.errors import FactOutranked
from app.organizations.rules import by_hand
from app.posts import commands as posts
from app.reference.models import RulePack
from app.responsibility import commands as responsibility
from app.rosters import commands as rosters
from app.warnings import commands as warnings

Reaction = Callable[[Work, EventRow], Awaitable[object]]
Chunk = Callable[[Work, Operation], Awaitable[bool]]
Aside = Callable[[Shell, Operation], Awaitable[None]]
Daily = Callable[[Work], Awaitable[object]]

RESPONSIBILITY: Final = "responsibility"
SURVEYED: Final = ("staff_count", "full_member_count", "full_time_full_member_count")
LATE_BY: Final = timedelta(days=3)
"""A pack that came into force while no worker ran is still found by the next daily pass."""


async def _apply_what_waited(work: Work, _: EventRow) -> None:
    await intake.unpark(work)


async def _requeue_certificates(work: Work, event: EventRow) -> None:
    await intake.requeue_certificates(work, event.data["credit_code"])


async def _redetermine_by_pack(work: Work, event: EventRow) -> None:
    if event.data["kind"] == RESPONSIBILITY:
        await responsibility.redetermine_division(work, event.data["jurisdiction_code"])


async def _redetermine_division(work: Work, event: EventRow) -> None:
    await responsibility.redetermine_division(work, event.division_code)


async def _redetermine_function(work: Work, event: EventRow) -> None:
    await responsibility.redetermine_division(work, event.data["for_division_code"])


async def _redetermine_body(work: Work, event: EventRow) -> None:
    await responsibility.redetermine_body(work, event.subject_id)


async def _redetermine_covered(work: Work, event: EventRow) -> None:
    await responsibility.determine(work, UUID(event.data["organization_id"]))


async def _refresh_duties(work: Work, event: EventRow) -> None:
    await duties.refresh(work, event.subject_id)


async def _end_assignments(work: Work, event: EventRow) -> None:
    """An organization that has ended needs no instructor from that day on."""
    await work.admit(NATIONAL)
    ended_on = date.fromisoformat(event.data["effective_on"])
    await instructors.end_for_organization(work, event.subject_id, ended_on)


async def _state_survey(work: Work, event: EventRow) -> None:
    """What a member survey counted are facts of the organization; a registry's word for the day stands."""
    told = event.data
    counted = {
        name: told[name] for name in ("full_member_count", "full_time_full_member_count", "staff_count")
    }
    counted["party_member_count"] = told["full_member_count"] + told["probationary_member_count"]
    origin = by_hand(date.fromisoformat(told["received_on"]), reason="member_survey")
    with suppress(FactOutranked):
        await organizations.record_facts(work, event.subject_id, counted, origin)


async def _reprice_deadlines(work: Work, _: EventRow) -> None:
    await duties.reprice_deadlines(work)


async def _leave_posts(work: Work, event: EventRow) -> None:
    """Who is no longer a member, or not for now, holds no posts."""
    if event.data["status"] in {"suspended", "ended"}:
        await work.admit(NATIONAL)
        await posts.end_for_member(work, event.subject_id, date.fromisoformat(event.data["on"]))


async def _leave_posts_of_branch(work: Work, event: EventRow) -> None:
    """Who belongs elsewhere now leaves the posts of the body, and of those above it, that were left."""
    told = event.data
    if told.get("state", "accepted") == "accepted":
        await work.admit(NATIONAL)
        to_body = told["to_party_organization_id"]
        await posts.leave_bodies(
            work,
            event.subject_id,
            UUID(told["from_party_organization_id"]),
            UUID(to_body) if to_body else None,
            date.fromisoformat(told["on"]),
        )


BODIES_OF: Final = ("party_organization_id", "from_party_organization_id", "to_party_organization_id")


async def _look_for_warnings(work: Work, event: EventRow) -> None:
    """Something happened to a Party organization, or to somebody who belongs to one."""
    bodies = {UUID(event.data[name]) for name in BODIES_OF if event.data.get(name)}
    if event.subject_type == "party_organization":
        bodies.add(event.subject_id)
    if event.subject_type == "member":
        bodies |= await warnings.bodies_of(work, event.subject_id)
    await warnings.look(work, sorted(bodies))


async def _match_officers(work: Work, event: EventRow) -> None:
    await cross_appointments.look_at_organization(work, event.subject_id)


async def _match_posts(work: Work, event: EventRow) -> None:
    await cross_appointments.look_at_body(work, event.subject_id)


async def _match_covered(work: Work, event: EventRow) -> None:
    await cross_appointments.look_at_organization(work, UUID(event.data["organization_id"]))


async def _follow_organization(work: Work, event: EventRow) -> None:
    await campaigns.follow(work, organizations=[event.subject_id])


async def _follow_covered(work: Work, event: EventRow) -> None:
    await campaigns.follow(work, organizations=[UUID(event.data["organization_id"])])


REACTIONS: Final[Mapping[str, tuple[Reaction, ...]]] = {
    "organization.registered": (_apply_what_waited,),
    "organization.deregistered": (_end_assignments, _follow_organization),
    "organization.revoked": (_end_assignments, _follow_organization),
    "organization.merged": (_end_assignments, _follow_organization),
    "organization.restored": (_follow_organization,),
    "organization.merger_undone": (_follow_organization,),
    "credit_code_exception.approved": (_requeue_certificates,),
    "responsibility.determined": (_refresh_duties,),
    "responsibility.changed": (_refresh_duties,),
    "responsibility.missing": (_refresh_duties,),
    "responsibility.overridden": (_refresh_duties,),
    "responsibility.override_ended": (_refresh_duties,),
    "member_survey.recorded": (_state_survey,),
    "member.status_changed": (_leave_posts, _look_for_warnings, development.follow),
    "member.transfer_changed": (_leave_posts_of_branch, _look_for_warnings),
    "member.handed_over": (_leave_posts_of_branch, _look_for_warnings),
    "member.recorded": (_look_for_warnings,),
    "meeting.recorded": (_look_for_warnings,),
    "term.opened": (_look_for_warnings,),
    "term.extended": (_look_for_warnings,),
    "post.began": (_match_posts, _look_for_warnings),
    "post.ended": (_match_posts, _look_for_warnings),
    "organization.officers_recorded": (_match_officers,),
    "calendar.changed": (_reprice_deadlines,),
    "rule_pack.published": (_redetermine_by_pack,),
    "authority.recorded": (_redetermine_division,),
    "authority.changed": (_redetermine_division,),
    "authority.abolished": (_redetermine_division,),
    "authority.role_started": (_redetermine_division,),
    "authority.role_ended": (_redetermine_division,),
    "authority.role_cancelled": (_redetermine_division,),
    "division.moved": (_redetermine_division,),
    "division.abolished": (_redetermine_division,),
    "division.table_imported": (_redetermine_division,),
    "party_organization.established": (_redetermine_body, _look_for_warnings),
    "party_organization.kind_changed": (_redetermine_body,),
    "party_organization.moved": (_redetermine_body,),
    "party_organization.dissolved": (_redetermine_body, _look_for_warnings),
    "party_organization.function_assigned": (_redetermine_function,),
    "party_organization.function_ended": (_redetermine_function,),
    "party_organization.cover_started": (
        _redetermine_covered,
        _match_covered,
        _look_for_warnings,
        _follow_covered,
    ),
    "party_organization.cover_ended": (
        _redetermine_covered,
        _match_covered,
        _look_for_warnings,
        _follow_covered,
    ),
    "party_organization.cover_cancelled": (
        _redetermine_covered,
        _match_covered,
        _look_for_warnings,
        _follow_covered,
    ),
}
"""What follows an event, in the worker, after its transaction."""

OPERATIONS: Final[Mapping[str, Chunk]] = {
    responsibility.KIND: responsibility.redetermine_chunk,
    imports.IMPORT: imports.import_chunk,
    instructors.KIND: instructors.suggest,
    campaigns.KIND: campaigns.draw_list,
    imports.RECONCILIATION: imports.reconciliation_chunk,
    imports.ACCEPTANCE: imports.acceptance_chunk,
    rosters.IMPORT: rosters.import_chunk,
    rosters.EXPORT: rosters.make_chunk,
}
"""Long work by its kind: one call does one chunk, notes the progress, and finishes the work at the end."""

ASIDE: Final[Mapping[str, Aside]] = {
    exports.KIND: exports.make,
}
"""Long work that holds no transaction while it goes on: it says now and then that it is still at it."""


async def _rules_that_begin(work: Work) -> None:
    """Determine again where a pack of responsibility rules has come into force."""
    begun = select(RulePack.jurisdiction_code).where(
        RulePack.kind == RESPONSIBILITY,
        RulePack.state == "published",
        RulePack.effective_on.between(work.today - LATE_BY, work.today),
    )
    for jurisdiction_code in set(await work.scalars(begun)):
        await responsibility.redetermine_division(work, jurisdiction_code)


DAILY: Final[Mapping[str, Daily]] = {
    "member_clocks": members.rewind,
    "retention_list": members.list_due,
    "forget_idempotency_keys": idempotency.forget_old,
    "forget_registry_event_bodies": intake.forget_bodies,
    "tidy_sign_ins": identity.tidy,
    "forget_files": files.remove_expired,
    "forget_import_rows": imports.forget_old,
    "rules_that_begin": _rules_that_begin,
    "close_overrides": responsibility.close_overrides,
    "reprice_deadlines": duties.reprice_deadlines,
    "development_reminders": development.remind,
    "remind_of_terms": posts.remind,
    "look_for_warnings": warnings.look,
    "recount_notice_deadlines": notices.recount,
    "propose_notices": notices.propose,
    "follow_campaigns": campaigns.follow_all,
}
"""What is done once a day, Shanghai time."""
