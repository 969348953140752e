"""What several verbs ask before they change anything."""

from collections.abc import Iterable
from datetime import date

from app.core.errors import Fault
from app.core.work import Work
from app.meetings import errors
from app.meetings.rules import Wrong


def refuse(wrongs: Iterable[Wrong]) -> None:
    """Refuse with every reason at once."""
    faults = [Fault(wrong.pointer, wrong.code, wrong.words) for wrong in wrongs]
    if faults:
        raise errors.MeetingInvalid(errors=faults)


def day(work: Work, given: date | None, *, since: date | None = None) -> date:
    """The day of a verb: today unless given, never in the future, not before what it follows."""
    on = given or work.today
    if on > work.today:
        refuse([Wrong("/on", "in_future", ("不能晚于今天", "lies in the future"))])
    if since is not None and on < since:
        words = (f"不能早于{since.isoformat()}", f"cannot be earlier than {since.isoformat()}")
        refuse([Wrong("/on", "too_early", words)])
    return on
