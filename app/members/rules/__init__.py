"""Members: their statuses and clocks (《中国共产党党员教育管理工作条例》2019), and
the transfer of their relations."""

from app.members.rules.membership import (
    IN_PARTY,
    Employment,
    EndKind,
    MembershipPack,
    MemberStatus,
    Precision,
    Restriction,
    Wrong,
    add_months,
    first_day,
    may_advance,
    may_end,
    wrong_with_dates,
    wrong_with_suspension,
)
from app.members.rules.transfers import (
    OPEN,
    Holder,
    TransferRange,
    TransferState,
    letter_until,
    may_become,
    range_of,
    wrong_with_holder,
)

__all__ = [
    "IN_PARTY",
    "OPEN",
    "Employment",
    "EndKind",
    "Holder",
    "MemberStatus",
    "MembershipPack",
    "Precision",
    "Restriction",
    "TransferRange",
    "TransferState",
    "Wrong",
    "add_months",
    "first_day",
    "letter_until",
    "may_advance",
    "may_become",
    "may_end",
    "range_of",
    "wrong_with_dates",
    "wrong_with_holder",
    "wrong_with_suspension",
]
