"""Dues (党费): what a member owes a month, to the cent, and what arrears lead to.

The rate of a bracket applies to the whole month's income (关于中国共产党党费收缴、使用和管理的规定): of 3,000
yuan 15.00 are due, of 3,000.01 30.00. Brackets and months come from the rule pack `dues`. Dues never say who
is a member: arrears lead to a report and a proposal, which people decide on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

CENT: Final = Decimal("0.01")
MOST_MONTHS: Final = 24
"""Months that one line may pay."""


class IncomeClass(StrEnum):
    """By what a member's dues are counted: after-tax monthly income, or a small fixed sum."""

    EMPLOYED = "employed"
    SELF_EMPLOYED = "self_employed"
    RETIRED = "retired"
    FARMER = "farmer"
    STUDENT = "student"
    UNEMPLOYED = "unemployed"
    RELIEF = "relief"


class ReductionState(StrEnum):
    """Apply, the branch agrees, the committee approves: by a second person."""

    REQUESTED = "requested"
    AGREED = "agreed"
    APPROVED = "approved"
    REJECTED = "rejected"


class Hardship(StrEnum):
    """Why a member asks to pay less: a code, since free words about hardship tell too much."""

    ILLNESS = "illness"
    DISASTER = "disaster"
    LOW_INCOME = "low_income"
    UNEMPLOYMENT = "unemployment"
    OTHER = "other"


class DuesState(StrEnum):
    """Of a member in a month."""

    PAID = "paid"
    UNPAID = "unpaid"
    NO_STANDARD = "no_standard"
    NOT_OWED = "not_owed"


class ArrearsStep(StrEnum):
    """What so many months in a row lead to."""

    NONE = "none"
    REPORT = "report"
    PROPOSAL = "proposal"


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that cannot be as asked: where, which code, and how to mend it in Chinese and English."""

    pointer: str
    code: str
    words: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Bracket:
    """Up to this income, this rate on the whole of it; the last one has no limit."""

    up_to: Decimal | None
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Tariff:
    """How one class is counted: brackets, a range to choose from, or one sum. Exactly one of them."""

    brackets: tuple[Bracket, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None
    fixed: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DuesPack:
    """The rule pack `dues` of a jurisdiction."""

    pack_id: UUID | None
    tariffs: Mapping[IncomeClass, Tariff]
    report_after: int
    proposal_after: int


@dataclass(frozen=True, slots=True)
class Assessed:
    """A month's dues; the rate where brackets say it."""

    amount: Decimal
    rate: Decimal | None


def by_brackets(brackets: tuple[Bracket, ...], income: Decimal) -> Assessed:
    """The whole income times the rate of its bracket, half up to the cent."""
    rate = next(b.rate for b in brackets if b.up_to is None or income <= b.up_to)
    return Assessed((income * rate).quantize(CENT, ROUND_HALF_UP), rate)


def assess(tariff: Tariff, income: Decimal | None, amount: Decimal | None) -> Assessed | list[Wrong]:
    """A member's monthly dues, or everything that is wrong with what was given for it."""
    if tariff.brackets:
        return _by_income(tariff, income, amount)
    wrongs = []
    if income is not None:
        words = ("此类党员不按收入计算, 请勿填写收入", "this class is not counted by income: leave it out")
        wrongs.append(Wrong("/income", "income_not_asked", words))
    if tariff.fixed is not None:
        if amount is not None:
            words = (f"此类党员每月{tariff.fixed}元", f"this class pays {tariff.fixed} a month")
            wrongs.append(Wrong("/amount", "amount_not_asked", words))
        return wrongs or Assessed(tariff.fixed, None)
    least, most = tariff.least or Decimal(0), tariff.most or Decimal(0)
    if amount is None or not least <= amount <= most:
        words = (f"请在{least}元至{most}元之间选定", f"choose between {least} and {most}")
        wrongs.append(Wrong("/amount", "outside_range", words))
        return wrongs
    return wrongs or Assessed(amount, None)


def _by_income(tariff: Tariff, income: Decimal | None, amount: Decimal | None) -> Assessed | list[Wrong]:
    wrongs = []
    if income is None or income < 0:
        words = ("请填写每月税后收入", "give the month's income after tax")
        wrongs.append(Wrong("/income", "income_required", words))
    if amount is not None:
        words = ("按收入计算, 请勿填写金额", "it is counted from the income: leave the amount out")
        wrongs.append(Wrong("/amount", "amount_not_asked", words))
    if wrongs or income is None:
        return wrongs
    return by_brackets(tariff.brackets, income)


def first_of_month(month: str) -> date:
    """The first day of `YYYY-MM`."""
    return date(int(month[:4]), int(month[5:7]), 1)


def next_month(first: date) -> date:
    """The first day of the month after one."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def months(first: date, last: date) -> Iterator[date]:
    """First days of months, both ends with it."""
    while first <= last:
        yield first
        first = next_month(first)


def step_after(consecutive: int, pack: DuesPack) -> ArrearsStep:
    """What so many unpaid months in a row lead to."""
    if consecutive >= pack.proposal_after:
        return ArrearsStep.PROPOSAL
    return ArrearsStep.REPORT if consecutive >= pack.report_after else ArrearsStep.NONE
