"""The rule pack `dues`."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from app.core.fields import DecimalString, FixedScale, Input, LongText
from app.dues import rules
from app.dues.rules import IncomeClass
from app.reference.schemas import content_of

Rate = Annotated[Decimal, FixedScale(4), Field(examples=["0.0050"])]


class DuesBracket(Input):
    """Up to this income, this rate on the whole of it."""

    up_to: DecimalString | None
    rate: Rate


class DuesRange(Input):
    """A sum to choose from."""

    least: DecimalString
    most: DecimalString


class DuesClass(Input):
    """How one class is counted: by brackets, within a range, or one sum."""

    income_class: IncomeClass
    brackets: Annotated[list[DuesBracket] | None, Field(min_length=1, max_length=20)] = None
    range: DuesRange | None = None
    fixed: DecimalString | None = None
    source: LongText
    verified: bool

    @model_validator(mode="after")
    def _one_way(self) -> "DuesClass":
        if sum(way is not None for way in (self.brackets, self.range, self.fixed)) != 1:
            raise ValueError("exactly one of brackets, range and fixed")
        limits = [bracket.up_to for bracket in self.brackets or ()]
        if limits and (None in limits[:-1] or limits[-1] is not None):
            raise ValueError("only the last bracket has no limit")
        known = [limit for limit in limits if limit is not None]
        if known != sorted(set(known)):
            raise ValueError("limits rise")
        return self

    def plain(self) -> rules.Tariff:
        return rules.Tariff(
            tuple(rules.Bracket(b.up_to, b.rate) for b in self.brackets or ()),
            self.range.least if self.range else None,
            self.range.most if self.range else None,
            self.fixed,
        )


class DuesArrears(Input):
    """What so many unpaid months in a row lead to."""

    report_after_months: Annotated[int, Field(ge=1, le=60)]
    proposal_after_months: Annotated[int, Field(ge=1, le=60)]
    source: LongText
    verified: bool


class DuesContent(Input):
    """The content of a rule pack of the kind `dues`."""

    classes: Annotated[list[DuesClass], Field(min_length=1, max_length=20)]
    arrears: DuesArrears

    @model_validator(mode="after")
    def _distinct(self) -> "DuesContent":
        if len({each.income_class for each in self.classes}) < len(self.classes):
            raise ValueError("two lines for one class")
        return self

    def plain(self, pack_id: UUID | None) -> rules.DuesPack:
        return rules.DuesPack(
            pack_id,
            {each.income_class: each.plain() for each in self.classes},
            self.arrears.report_after_months,
            self.arrears.proposal_after_months,
        )


content_of("dues", DuesContent)
