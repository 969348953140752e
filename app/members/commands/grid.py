"""Open, fill and close grid units: territory looks after the filed organizations and the members in it
(区域兜底, 网格化: 甬民党〔2018〕14号)."""

from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.members import errors, queries
from app.members.commands import checking
from app.members.models import GridMember, GridOrganization, GridUnit
from app.members.queries import grid
from app.members.rules import IN_PARTY, NOWHERE, Wrong
from app.members.schemas import (
    GridPlace,
    GridUnitChanged,
    GridUnitClose,
    GridUnitCreate,
    GridUnitFilled,
    GridUnitUpdate,
)

_RECORD = Permission.MEMBER_RECORD
_LEVELS = frozenset({"township", "community"})


async def open_unit(work: Work, plan: GridUnitCreate) -> UUID:
    """A named cell of a township or community under its Party organization. Raises `MemberInvalid`,
    `GridNameTaken`."""
    level = await grid.level_of(work, plan.division_code)
    if level not in _LEVELS:
        words = ("网格须设在乡镇(街道)或村(社区)", "a grid unit lies in a township or community")
        checking.refuse([Wrong("/division_code", "not_a_township", words)])
    opened = checking.day(work, plan.opened_on, pointer="/opened_on")
    await queries.lock_holder(work, plan.party_organization_id)
    found = await queries.holder(work, plan.party_organization_id)
    inside = await queries.body_in_scope(work, plan.party_organization_id, work.actor.scope(_RECORD))
    if found is None or not inside or not found[0].active:
        checking.refuse([Wrong("/party_organization_id", "no_such_body", NOWHERE)])
    await _answering(work, plan.responsible_member_id)
    unit = GridUnit(
        id=uuid7(),
        name=plan.name,
        division_code=plan.division_code,
        party_organization_id=plan.party_organization_id,
        responsible_member_id=plan.responsible_member_id,
        opened_on=opened,
    )
    work.session.add(unit)
    await work.session.flush()
    _tell(work, unit, ["opened_on"])
    return unit.id


async def change_unit(work: Work, unit_id: UUID, update: GridUnitUpdate) -> None:
    """Another name, or somebody else who answers for it."""
    unit = await _open(work, unit_id)
    if "responsible_member_id" in update.model_fields_set:
        await _answering(work, update.responsible_member_id)
    changed = [
        name for name in sorted(update.model_fields_set) if getattr(unit, name) != getattr(update, name)
    ]
    for name in changed:
        setattr(unit, name, getattr(update, name))
    await work.session.flush()
    if changed:
        _tell(work, unit, changed)


async def assign(work: Work, unit_id: UUID, place: GridPlace) -> None:
    """Put an organization or a member of one's scope into a unit; it is in one at any instant. Raises
    `GridTaken`."""
    unit = await _open(work, unit_id)
    _one_of(place)
    on = checking.day(work, place.on)
    if place.organization_id is not None:
        await checking.workplace(work, place.organization_id, _RECORD)
        row: GridOrganization | GridMember = GridOrganization(
            id=uuid7(), grid_unit_id=unit.id, organization_id=place.organization_id, valid=Range(on)
        )
    else:
        await _answering(work, place.member_id, pointer="/member_id")
        row = GridMember(id=uuid7(), grid_unit_id=unit.id, member_id=place.member_id, valid=Range(on))
    work.session.add(row)
    work.touch(unit)
    await work.session.flush()
    _filled(work, unit, place, on, assigned=True)


async def release(work: Work, unit_id: UUID, place: GridPlace) -> None:
    """Take it out again. Raises `NotInGrid`."""
    unit = await _open(work, unit_id)
    _one_of(place)
    row = await grid.place_of(work, unit.id, organization_id=place.organization_id, member_id=place.member_id)
    if row is None:
        raise errors.NotInGrid
    on = checking.day(work, place.on, after=row.valid.lower)
    row.valid = Range(row.valid.lower, on)
    work.touch(unit)
    await work.session.flush()
    _filled(work, unit, place, on, assigned=False)


async def close_unit(work: Work, unit_id: UUID, order: GridUnitClose) -> None:
    """Close a unit: whatever is in it leaves that day; what came later than that is refused."""
    unit = await _open(work, unit_id)
    on = checking.day(work, order.on, after=unit.opened_on)
    for row in await grid.contents_for_update(work, unit.id):
        checking.day(work, on, after=row.valid.lower)
        row.valid = Range(row.valid.lower, on)
    unit.closed_on = on
    await work.session.flush()
    _tell(work, unit, ["closed_on"])


async def _open(work: Work, unit_id: UUID) -> GridUnit:
    unit = await grid.unit_for_update(work, unit_id)
    work.expect(unit)
    if unit.closed_on is not None:
        raise errors.GridUnitClosed
    return unit


async def _answering(work: Work, member_id: UUID | None, pointer: str = "/responsible_member_id") -> None:
    """Somebody of the caller's scope who is in the Party, or nobody."""
    if member_id is None:
        return
    try:
        member = await queries.get_for_update(work, member_id, _RECORD)
    except errors.MemberNotFound:
        words = ("没有这名党员, 或不在您的范围内", "there is no such member in your scope")
        checking.refuse([Wrong(pointer, "no_such_member", words)])
        return
    if member.status not in IN_PARTY:
        raise errors.StatusBlocked


def _one_of(place: GridPlace) -> None:
    if (place.organization_id is None) == (place.member_id is None):
        words = ("社会组织和党员须二者选一", "give an organization or a member, not both")
        checking.refuse([Wrong("/organization_id", "one_of_two", words)])


def _tell(work: Work, unit: GridUnit, changed: list[str]) -> None:
    work.announce(GridUnitChanged(subject=unit.id, division_code=unit.division_code, changed=changed))


def _filled(work: Work, unit: GridUnit, place: GridPlace, on: date, *, assigned: bool) -> None:
    work.announce(
        GridUnitFilled(
            subject=unit.id,
            division_code=unit.division_code,
            organization_id=place.organization_id,
            member_id=place.member_id,
            assigned=assigned,
            on=on,
        )
    )
