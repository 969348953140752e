"""Periods of the rules as PostgreSQL keeps them."""

from datetime import date
from typing import Final

from sqlalchemy.dialects.postgresql import Range

from app.divisions.rules import Period

EVERY_DAY: Final[Range[date]] = Range()


def span(period: Period) -> Range[date]:
    """A period of the rules as PostgreSQL keeps it."""
    return Range(period.start, period.until)


def period(valid: Range[date]) -> Period:
    """And back."""
    return Period(valid.lower, valid.upper)
