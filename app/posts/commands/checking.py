"""What several verbs ask before they change anything."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import func, select

from app.core.access import NATIONAL, Permission, Scope
from app.core.errors import Fault
from app.core.work import Work
from app.party_organizations.errors import PartyOrganizationNotFound
from app.posts import errors, queries, rules
from app.posts.queries import Body
from app.posts.rules import Pack, Wrong
from app.posts.schemas import TermsAndElections
from app.reference import queries as reference

FUTURE = ("不能晚于今天, 请改为今天或更早的日期", "lies in the future: give today or earlier")


def refuse(wrongs: Iterable[Wrong]) -> None:
    """Refuse with every reason at once."""
    faults = [Fault(wrong.pointer, wrong.code, wrong.words) for wrong in wrongs]
    if faults:
        raise errors.PostInvalid(errors=faults)


def day(work: Work, given: date | None, *, after: date | None = None, pointer: str = "/on") -> date:
    """The day of a verb: today unless given, never in the future, later than what it follows."""
    on = given or work.today
    if on > work.today:
        refuse([Wrong(pointer, "in_future", FUTURE)])
    if after is not None and on <= after:
        words = (f"须晚于{after.isoformat()}", f"must be later than {after.isoformat()}")
        refuse([Wrong(pointer, "too_early", words)])
    return on


async def see(work: Work, *bodies: UUID) -> None:
    """Let row-level security see the people of these bodies too, until the end of the transaction: for
    what a caller decides of a body, whose permission is one over bodies and not over people."""
    seen = func.nullif(func.current_setting("jiceng.bodies", True), "")
    ids = ",".join(str(body) for body in bodies)
    await work.execute(select(func.set_config("jiceng.bodies", func.concat_ws(",", seen, ids), True)))


async def body(work: Work, body_id: UUID, permission: Permission | None) -> Body:
    """A body in the scope of a permission (or any: its caller has asked), locked.

    Raises `PartyOrganizationNotFound`."""
    scope: Scope = NATIONAL if permission is None else work.actor.scope(permission)
    found = await queries.body_for_update(work, body_id, scope)
    if found is None:
        raise PartyOrganizationNotFound
    return found


async def pack(work: Work, place: Body, on: date) -> Pack:
    """What the nearest jurisdiction says of terms and elections on a day."""
    found = await reference.pack_for(work, rules.PACK, place.path, on)
    if found is None:
        raise LookupError(f"no published rule pack `{rules.PACK}`")
    try:
        return TermsAndElections.model_validate(found.content).plain(found.id)
    except ValidationError:
        raise LookupError(f"the rule pack {found.code} is not as packs of its kind are") from None


async def wrong_with_superiors(
    work: Work, body_id: UUID, named: Iterable[tuple[str, UUID | None]], on: date
) -> list[Wrong]:
    """Bodies that are said to have decided must have stood above the body that day."""
    asked = {pointer: one for pointer, one in named if one is not None}
    above = await queries.superiors(work, body_id, set(asked.values()), on) if asked else set()
    words = ("当日不是该党组织的上级", "did not stand above this body that day")
    return [Wrong(pointer, "not_a_superior", words) for pointer, one in asked.items() if one not in above]
