"""Terms counted on the calendar: months clamp to their end, working days need the year's table."""

import calendar
from datetime import date, timedelta

from app.development.rules.facts import Facts
from app.development.rules.pack import PROBATION_END, Pack, Term
from app.reference.rules import Deadline, add_working_days


def add_months(day: date, months: int) -> date:
    """The same day some months later; the end of a shorter month stands for it (31 January + 1 month)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def probation_end(pack: Pack, facts: Facts) -> date | None:
    """When the probation is over: counted from the meeting that admitted, not from the approval (第31条)."""
    since = facts.done.get(pack.probation.since)
    return None if since is None else add_months(since, pack.probation.months + facts.extended_months)


def anchor(pack: Pack, name: str, facts: Facts) -> date | None:
    """The day that a term counts from; None while it has not come."""
    return probation_end(pack, facts) if name == PROBATION_END else facts.done.get(name)


def day(pack: Pack, term: Term, facts: Facts) -> Deadline | None:
    """The day of a term; provisional while the holidays of a year on the way are not known."""
    since = anchor(pack, term.since, facts)
    if since is None:
        return None
    shifted = add_months(since, term.months) + timedelta(days=term.days)
    if not term.working_days:
        return Deadline(shifted, provisional=False)
    return add_working_days(shifted, term.working_days, facts.calendar)
