"""What several verbs ask before they change anything."""

from collections.abc import Iterable
from datetime import date

from app.core.errors import Fault
from app.core.work import Work
from app.dues import errors
from app.dues.rules import Wrong, first_of_month


def refuse(wrongs: Iterable[Wrong]) -> None:
    """Refuse with every reason at once."""
    faults = [Fault(wrong.pointer, wrong.code, wrong.words) for wrong in wrongs]
    if faults:
        raise errors.DuesInvalid(errors=faults)


def past_day(work: Work, given: date | None, pointer: str) -> date:
    """Today unless given; never in the future."""
    on = given or work.today
    if on > work.today:
        refuse([Wrong(pointer, "in_future", ("不能晚于今天", "lies in the future"))])
    return on


def wrong_with_month(
    first: date, joined_on: date | None, today: date, pointer: str, *, ahead: int = 12
) -> list[Wrong]:
    """A month before the member joined, or more than a year ahead."""
    if joined_on is None or first < joined_on.replace(day=1):
        words = (
            "党费从支部大会通过接收为预备党员的当月起交纳",
            "dues begin with the month of the meeting that admitted the member",
        )
        return [Wrong(pointer, "before_joining", words)]
    if (first.year - today.year) * 12 + first.month - today.month > ahead:
        words = (f"不能早于{ahead}个月预先登记", f"lies more than {ahead} months ahead")
        return [Wrong(pointer, "too_far_ahead", words)]
    return []


def month_or_same(through: str | None, first: date) -> date:
    """The last month of a stretch; the first one if none is given."""
    return first_of_month(through) if through else first
