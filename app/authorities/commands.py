"""Record authorities and give, end and take back their roles. Whoever answers for organizations is determined
anew by the reactions to these events."""

from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.authorities import errors, queries, rules
from app.authorities.models import Authority, AuthorityRole
from app.authorities.rules import AuthorityRoleCode
from app.authorities.schemas import (
    AuthorityAbolish,
    AuthorityAbolished,
    AuthorityChanged,
    AuthorityCreate,
    AuthorityRecorded,
    AuthorityRoleCancelled,
    AuthorityRoleEnded,
    AuthorityRoleStarted,
    AuthorityUpdate,
    RoleEnd,
    RoleGive,
)
from app.core.access import Permission
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work

_RECORD = Permission.AUTHORITY_RECORD
_FUTURE = ("不能晚于今天, 请改为今天或更早的日期", "lies in the future: give today or an earlier day")


async def record(work: Work, plan: AuthorityCreate) -> UUID:
    """Record an authority of a division of the scope, with the roles it holds from the start."""
    await _check_division(work, plan.division_code)
    await _check_body(work, plan.party_organization_id)
    _refuse(
        [fault for n, role in enumerate(plan.roles) for fault in _faults(role, work.today, f"/roles/{n}")]
    )
    authority = Authority(
        id=uuid7(),
        name=plan.name,
        division_code=plan.division_code,
        party_organization_id=plan.party_organization_id,
        status="active",
    )
    work.session.add(authority)
    await work.session.flush()
    work.announce(
        AuthorityRecorded(
            subject=authority.id,
            division_code=authority.division_code,
            name=authority.name,
            party_organization_id=authority.party_organization_id,
        )
    )
    for role in plan.roles:
        await _start(work, authority, role)
    return authority.id


async def change(work: Work, authority_id: UUID, update: AuthorityUpdate) -> None:
    """Change an authority's name or the Party body it points at."""
    authority = await _active(work, authority_id)
    changed = [
        field
        for field in sorted(update.model_fields_set)
        if getattr(authority, field) != getattr(update, field)
    ]
    if "party_organization_id" in changed:
        await _check_body(work, update.party_organization_id)
    for field in changed:
        setattr(authority, field, getattr(update, field))
    if changed:
        await work.session.flush()
        work.announce(
            AuthorityChanged(
                subject=authority.id,
                division_code=authority.division_code,
                changed=changed,
                name=authority.name,
                party_organization_id=authority.party_organization_id,
            )
        )


async def give_role(work: Work, authority_id: UUID, given: RoleGive) -> None:
    """Give an authority a role from a day on."""
    authority = await _active(work, authority_id)
    _refuse(_faults(given, work.today, ""))
    await _start(work, authority, given)
    await _touched(work, authority)


async def _start(work: Work, authority: Authority, given: RoleGive) -> None:
    since = given.from_on or work.today
    row = AuthorityRole(
        id=uuid7(),
        authority_id=authority.id,
        role=given.role,
        industry=given.industry,
        valid=Range(since, given.until_on),
    )
    work.session.add(row)
    await work.session.flush()
    work.announce(
        AuthorityRoleStarted(
            subject=authority.id,
            division_code=authority.division_code,
            role_id=row.id,
            role=given.role,
            industry=row.industry,
            from_on=since,
        )
    )


async def end_role(work: Work, authority_id: UUID, role_id: UUID, end: RoleEnd) -> None:
    """End a role on a day after the one it began on."""
    authority = await queries.get_for_update(work, authority_id)
    row = await queries.get_role_for_update(work, authority_id, role_id)
    work.expect(row)
    on = end.on or work.today
    if on > work.today:
        _refuse([Fault("/on", "in_future", _FUTURE)])
    if row.valid.lower is not None and on <= row.valid.lower:
        raise errors.AuthoritySameDay
    if row.valid.upper is not None and row.valid.upper <= on:
        raise errors.AuthorityRoleIsOver
    await _end(work, authority, row, on)
    await _touched(work, authority)


async def cancel_role(work: Work, authority_id: UUID, role_id: UUID) -> None:
    """Take back a role that was recorded in error; the audit keeps what it was."""
    authority = await queries.get_for_update(work, authority_id)
    row = await queries.get_role_for_update(work, authority_id, role_id)
    work.expect(row)
    await _cancel(work, authority, row)
    await _touched(work, authority)


async def abolish(work: Work, authority_id: UUID, order: AuthorityAbolish) -> None:
    """Abolish an authority: its roles end that day, later ones are taken back."""
    authority = await _active(work, authority_id)
    on = order.on or work.today
    if on > work.today:
        _refuse([Fault("/on", "in_future", _FUTURE)])
    if order.successor_id is not None:
        await _check_successor(work, authority_id, order.successor_id)
    for row in await queries.standing_roles(work, authority_id, on):
        if row.valid.lower is not None and row.valid.lower < on:
            await _end(work, authority, row, on)
        else:
            await _cancel(work, authority, row)
    authority.status, authority.abolished_on, authority.successor_id = "abolished", on, order.successor_id
    await work.session.flush()
    work.announce(
        AuthorityAbolished(
            subject=authority.id,
            division_code=authority.division_code,
            on=on,
            successor_id=order.successor_id,
            reason=order.reason,
        )
    )


async def _end(work: Work, authority: Authority, row: AuthorityRole, on: date) -> None:
    row.valid = Range(row.valid.lower, on)
    await work.session.flush()
    work.announce(
        AuthorityRoleEnded(
            subject=authority.id,
            division_code=authority.division_code,
            role_id=row.id,
            role=AuthorityRoleCode(row.role),
            industry=row.industry,
            on=on,
        )
    )


async def _cancel(work: Work, authority: Authority, row: AuthorityRole) -> None:
    await work.session.delete(row)
    await work.session.flush()
    work.announce(
        AuthorityRoleCancelled(
            subject=authority.id,
            division_code=authority.division_code,
            role_id=row.id,
            role=AuthorityRoleCode(row.role),
            industry=row.industry,
        )
    )


async def _touched(work: Work, authority: Authority) -> None:
    work.touch(authority)
    await work.session.flush()


async def _active(work: Work, authority_id: UUID) -> Authority:
    """An active authority, locked, in the version that the caller read."""
    authority = await queries.get_for_update(work, authority_id)
    work.expect(authority)
    if authority.status != "active":
        raise errors.AuthorityIsAbolished
    return authority


def _faults(given: RoleGive, today: date, at: str) -> list[Fault]:
    since, found = given.from_on or today, []
    if not rules.industry_fits(given.role, given.industry):
        words = (
            "行业主管部门须注明行业, 其他职责不填行业",
            "an industry authority names its industry, others do not",
        )
        found.append(Fault(f"{at}/industry", "industry", words))
    if since > today:
        found.append(Fault(f"{at}/from_on", "in_future", _FUTURE))
    if given.until_on is not None and given.until_on <= since:
        words = ("须晚于开始日期", "must be later than the first day")
        found.append(Fault(f"{at}/until_on", "empty_period", words))
    if given.until_on is not None and given.until_on > today:
        found.append(Fault(f"{at}/until_on", "in_future", _FUTURE))
    return found


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise errors.AuthorityInvalid(errors=faults)


async def _check_division(work: Work, code: str) -> None:
    place = await queries.place(work, code, work.actor.scope(_RECORD))
    if place is None:
        words = ("没有这个行政区划代码", "there is no such division code")
        _refuse([Fault("/division_code", "division_unknown", words)])
    elif place.abolished:
        words = ("该行政区划已撤销, 请用后继代码", "this division is abolished: use its successor")
        _refuse([Fault("/division_code", "division_abolished", words)])
    elif place.not_yet:
        words = ("该行政区划尚未设立", "this division does not exist yet")
        _refuse([Fault("/division_code", "division_not_yet", words)])
    elif not place.inside:
        words = ("该行政区划不在您的范围内", "this division is outside your scope")
        raise errors.AuthorityNotFound(errors=[Fault("/division_code", "outside_scope", words)])


async def _check_body(work: Work, body_id: UUID | None) -> None:
    scope = work.actor.scope(Permission.PARTY_ORGANIZATION_READ)
    if body_id is not None and not await queries.body_is_usable(work, body_id, scope):
        words = ("没有这个在任的党组织, 或不在您的范围内", "there is no such active Party body in your scope")
        raise errors.AuthorityNotFound(errors=[Fault("/party_organization_id", "not_found", words)])


async def _check_successor(work: Work, authority_id: UUID, successor_id: UUID) -> None:
    if successor_id == authority_id or not await queries.is_active(work, successor_id):
        words = (
            "没有这个在任的机关单位, 或不在您的范围内",
            "there is no such active authority in your sight",
        )
        raise errors.AuthorityNotFound(errors=[Fault("/successor_id", "not_found", words)])
