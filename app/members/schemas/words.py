"""Field types that several shapes of this slice share."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields import CodeStr, Day, Input, LongText, Output, SafeStr
from app.members.rules import EndKind, MembershipPack, Precision, RetentionPack, RetentionRule
from app.reference.schemas import content_of

PersonName = Annotated[str, SafeStr(80), Field(title="Name of a person", examples=["张三"])]
Document = Annotated[
    str,
    SafeStr(200),
    Field(title="Document", examples=["南社党〔2026〕7号"], description="The deciding paper."),
]
On = Annotated[Day | None, Field(description="The day from which it holds; today if absent.")]
MaskedName = Annotated[str, Field(examples=["张**"], description="Masked; `reveal` shows it.")]
MaskedIdNumber = Annotated[str | None, Field(examples=["**************002X"], description="Masked.")]
MaskedPhone = Annotated[str | None, Field(examples=["138****8000"], description="Masked.")]
BodyId = Annotated[
    UUID, Field(description="A Party organization.", examples=["0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"])
]


class PartialDay(Input):
    """A date of which perhaps only the month or the year is known: what is unknown reads 01."""

    on: Annotated[Day, Field(examples=["1999-07-01"])]
    precision: Annotated[Precision, Field(examples=["year"])]


class PartialDayRead(Output):
    """A date of which perhaps only the month or the year is known."""

    on: Annotated[date, Field(examples=["1999-07-01"])]
    precision: Annotated[Precision, Field(examples=["year"])]


class MembershipContent(Input):
    """The content of a rule pack of the kind `membership`: months and days."""

    suspend_after_months_without_contact: Annotated[int, Field(ge=1, le=60)]
    strike_off_after_months_suspended: Annotated[int, Field(ge=1, le=120)]
    floating_after_months: Annotated[int, Field(ge=1, le=60)]
    letter_days: Annotated[int, Field(ge=1, le=730)]

    def plain(self) -> MembershipPack:
        return MembershipPack(
            self.suspend_after_months_without_contact,
            self.strike_off_after_months_suspended,
            self.floating_after_months,
            self.letter_days,
        )


class RetentionRuleContent(Input):
    """How long after which endings a record is kept."""

    code: CodeStr
    ended_kinds: Annotated[list[EndKind], Field(min_length=1, max_length=8)]
    months: Annotated[int, Field(ge=0, le=1200)]
    source: LongText
    verified: bool


class WithheldContent(Input):
    """A table of which a person gets no copy, and why."""

    table: CodeStr
    source: LongText
    verified: bool


class RetentionContent(Input):
    """The content of a rule pack of the kind `personal_retention`."""

    response_days: Annotated[int, Field(ge=1, le=365)]
    response_source: LongText
    rules: Annotated[list[RetentionRuleContent], Field(max_length=20)]
    kept_source: LongText
    withheld: Annotated[list[WithheldContent], Field(max_length=50)]

    def plain(self) -> RetentionPack:
        return RetentionPack(
            self.response_days,
            [RetentionRule(r.code, frozenset(r.ended_kinds), r.months, r.source) for r in self.rules],
            self.kept_source,
            {each.table: each.source for each in self.withheld},
        )


content_of("membership", MembershipContent)
content_of("personal_retention", RetentionContent)
