"""Grants: who may do what, where, from when until when."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.core.access import ADMINISTRATORS, MACHINES, TWO_PERSON_ROLES, Permission, Role
from app.core.db import uuid7
from app.core.errors import Fault, Words
from app.core.work import Work
from app.identity import errors, queries, rules
from app.identity.models import Grant
from app.identity.rules import GrantState, PeriodFault, UserState
from app.identity.schemas import GrantCreate
from app.identity.schemas.events import GrantGiven, GrantRequested, GrantRevoked

_PERIOD: dict[PeriodFault, Words] = {
    PeriodFault.EMPTY: ("截止日期须晚于起始日期", "It must lie after the first day"),
    PeriodFault.PAST: ("起始日期不得早于今天", "The first day may not lie before today"),
}
_FIELD = {PeriodFault.EMPTY: "/until_on", PeriodFault.PAST: "/from_on"}
_DIVISION = ("请给出您范围内现行的行政区划代码", "Give the code of a present division inside your scope")
_BODY = ("请给出您范围内的党组织", "Give a Party organization inside your scope")


async def ask(work: Work, given: GrantCreate) -> UUID:
    """Give a role, or, for `organizer`, `approver` and the administrators, ask a second person to approve it.

    The three administrators exclude each other and every business role on any day: a constraint holds
    that, and the user's row is locked so that racing requests queue."""
    user = await queries.get_user_for_update(work, given.user_id, Permission.GRANT_ADMINISTER)
    if user.id == work.actor.id:
        raise errors.OwnGrant
    if user.state != UserState.ACTIVE:
        raise errors.UserStateUnfit
    if not rules.kind_fits(user.kind, machine_role=given.role in MACHINES):
        raise errors.RoleUnfit
    await target(work, given.role, given.division_code, given.party_organization_id)
    from_on = given.from_on or work.today
    if fault := rules.grant_period_fault(from_on, given.until_on, work.today):
        raise errors.GrantPeriodUnfit(errors=[Fault(_FIELD[fault], fault, _PERIOD[fault])])
    waits = given.role in TWO_PERSON_ROLES
    grant = Grant(
        id=uuid7(),
        user_id=user.id,
        role=given.role,
        segregation=rules.segregation(given.role),
        division_code=given.division_code,
        party_organization_id=given.party_organization_id,
        valid=Range(from_on, given.until_on),
        state=GrantState.REQUESTED if waits else GrantState.ACTIVE,
        reason=given.reason,
        requested_by=work.actor.id,
    )
    work.session.add(grant)
    await work.session.flush()
    work.announce(_told(GrantRequested if waits else GrantGiven, grant))
    return grant.id


async def approve(work: Work, grant_id: UUID) -> None:
    """Let a requested grant come into force, as a second person.

    Raises `GrantStateUnfit`, `OwnGrant`, `SecondPersonNeeded`."""
    grant = await queries.get_grant_for_update(work, grant_id, Permission.GRANT_APPROVE)
    work.expect(grant)
    if grant.state != GrantState.REQUESTED:
        raise errors.GrantStateUnfit
    if grant.user_id == work.actor.id:
        raise errors.OwnGrant
    if grant.requested_by == work.actor.id:
        raise errors.SecondPersonNeeded
    grant.state, grant.approved_by, grant.approved_at = GrantState.ACTIVE, work.actor.id, work.now
    await work.session.flush()
    work.announce(_told(GrantGiven, grant))


async def revoke(work: Work, grant_id: UUID) -> None:
    """End a grant, or refuse a request for one, from this moment on."""
    grant = await queries.get_grant_for_update(work, grant_id, Permission.GRANT_ADMINISTER)
    work.expect(grant)
    if grant.state == GrantState.REVOKED:
        raise errors.GrantStateUnfit
    grant.state, grant.revoked_by, grant.revoked_at = GrantState.REVOKED, work.actor.id, work.now
    await work.session.flush()
    work.announce(_told(GrantRevoked, grant))


async def target(work: Work, role: Role, division: str | None, body: UUID | None) -> None:
    """The division or Party organization of a grant: exactly one, existing, inside the giver's scope."""
    scope = work.actor.scope(Permission.GRANT_ADMINISTER)
    if (division is None) == (body is None):
        raise errors.GrantAxis
    if body is not None and role in ADMINISTRATORS:
        raise errors.AdministratorAxis
    if division is not None and await queries.division_unfit(work, division, scope):
        raise errors.DivisionUnfit(errors=[Fault("/division_code", "division_unfit", _DIVISION)])
    if body is not None and await queries.body_unfit(work, body, scope):
        raise errors.BodyUnfit(errors=[Fault("/party_organization_id", "body_unfit", _BODY)])


def _told(
    kind: type[GrantRequested | GrantGiven | GrantRevoked], grant: Grant
) -> GrantRequested | GrantGiven | GrantRevoked:
    return kind(
        subject=grant.id,
        division_code=grant.division_code,
        user_id=grant.user_id,
        role=Role(grant.role),
        party_organization_id=grant.party_organization_id,
    )
