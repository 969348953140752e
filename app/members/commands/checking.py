"""What several verbs ask before they change anything."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from app.core.access import Permission
from app.core.errors import Fault
from app.core.work import Work
from app.members import errors, queries, rules
from app.members.rules import Holder, TransferRange, Wrong
from app.party_organizations import commands as party_organizations
from app.party_organizations.rules import Power

FUTURE = Wrong(
    "/on", "in_future", ("不能晚于今天, 请改为今天或更早的日期", "lies in the future: give today or earlier")
)

ID_NUMBER = Wrong(
    "/id_number",
    "id_number_required",
    ("党员须登记公民身份号码", "a member of the Party is recorded with an ID number"),
)


def refuse(wrongs: Iterable[Wrong]) -> None:
    """Refuse with every reason at once."""
    faults = [Fault(wrong.pointer, wrong.code, wrong.words) for wrong in wrongs]
    if faults:
        raise errors.MemberInvalid(errors=faults)


def day(work: Work, given: date | None, *, after: date | None = None, pointer: str = "/on") -> date:
    """The day of a verb: today unless given, never in the future, later than what it ends."""
    on = given or work.today
    if on > work.today:
        refuse([Wrong(pointer, FUTURE.code, FUTURE.words)])
    if after is not None and on <= after:
        words = (f"须晚于{after.isoformat()}", f"must be later than {after.isoformat()}")
        refuse([Wrong(pointer, "too_early", words)])
    return on


async def receiving_body(work: Work, body_id: UUID, pointer: str) -> tuple[Holder, str]:
    """A body that can hold a member's relations, held until the end: every member belongs to one branch
    (条例第25条), a temporary one takes over no relations. Raises `MemberInvalid`."""
    await queries.lock_holder(work, body_id)
    found = await queries.holder(work, body_id)
    if found is None or not found[0].active:
        refuse([Wrong(pointer, "no_such_body", rules.NOWHERE)])
    assert found is not None  # noqa: S101 (refused above)
    powers = await party_organizations.powers_of(work, body_id)
    if (words := powers.refused(Power.HOLD_MEMBERS)) is not None:
        refuse([Wrong(pointer, "may_not_hold_members", words)])
    return found


async def may_send(work: Work, sender: Holder, reach: TransferRange, pointer: str = "") -> None:
    """Nation-wide only the committee above a branch sends relations, if it may approve probationary members
    (条例第25条). Raises `MemberInvalid`."""
    if reach is not TransferRange.NATIONAL:
        return
    words: tuple[str, str] | None = rules.NO_COMMITTEE
    if sender.committee is not None:
        powers = await party_organizations.powers_of(work, sender.committee)
        words = powers.refused(Power.TRANSFER_NATIONALLY)
    if words is not None:
        refuse([Wrong(pointer, "may_not_transfer_nationally", words)])


async def own_body(work: Work, body_id: UUID, permission: Permission, pointer: str) -> tuple[Holder, str]:
    """The same, within the caller's scope; one outside is as if it were not."""
    if not await queries.body_in_scope(work, body_id, work.actor.scope(permission)):
        refuse([Wrong(pointer, "no_such_body", rules.NOWHERE)])
    return await receiving_body(work, body_id, pointer)


async def workplace(work: Work, organization_id: UUID | None, permission: Permission) -> None:
    """An organization in the caller's scope, or none. Raises `MemberInvalid`."""
    if organization_id is None:
        return
    if not await queries.organization_in_scope(work, organization_id, work.actor.scope(permission)):
        words = ("没有这个社会组织, 或不在您的范围内", "there is no such organization in your scope")
        refuse([Wrong("/organization_id", "no_such_organization", words)])
