"""What several verbs ask before they change anything."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.core.errors import Fault
from app.core.work import Work
from app.instructors import errors, rules
from app.instructors.rules import InstructionPack, Period, Wrong
from app.reference import queries as reference

FUTURE = ("不能晚于今天, 请改为今天或更早的日期", "lies in the future: give today or an earlier day")


def refuse(wrongs: Iterable[Wrong]) -> None:
    """Refuse with every reason at once."""
    if faults := [Fault(wrong.pointer, wrong.code, wrong.words) for wrong in wrongs]:
        raise errors.InstructorInvalid(errors=faults)


def not_later(work: Work, given: date | None, pointer: str = "/on") -> date:
    """The day of a verb: today unless given, never in the future."""
    on = given or work.today
    if on > work.today:
        refuse([Wrong(pointer, "in_future", FUTURE)])
    return on


def period_of(valid: Range[date]) -> Period:
    """A stored period as the rules know it; both ends are there."""
    assert valid.lower is not None and valid.upper is not None  # noqa: PT018, S101 (CHECKs)
    return Period(valid.lower, valid.upper)


async def pack(work: Work, division_code: str, on: date) -> InstructionPack:
    """The rule pack `instruction` of the nearest jurisdiction above a division."""
    found = await reference.pack_at(work, "instruction", division_code, on)
    if found is None:
        raise LookupError("no published rule pack `instruction`")
    return rules.instruction_pack(found.content)


def missing(pointer: str, zh: str, en: str) -> Wrong:
    """A field that names nothing that the caller can see."""
    words = (f"没有这个{zh}, 或不在您的范围内", f"there is no such {en}, or it is outside your scope")
    return Wrong(pointer, "not_found", words)


def both_or_neither(one: UUID | None, other: UUID | None) -> bool:
    """Whether not exactly one of two is given."""
    return (one is None) == (other is None)
