"""Bodies and reads of dated records."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.core.fields import Day, DecimalString, Input, Name, Output, PhoneNumber, ShortText
from app.organizations import rules

Year = Annotated[int, Field(ge=1980, le=2200, title="Year", examples=[2025])]


CorrectionReason = Annotated[
    ShortText | None,
    Field(
        description="Given, this corrects what is stated of the same record and outranks registries; "
        "it needs the permission to decide."
    ),
]


def by_desk(on: date, correction_reason: str | None) -> rules.Origin:
    """The origin of what a person records, or corrects."""
    return rules.by_hand(on, reason=correction_reason, correction=correction_reason is not None)


class RecordInput(Input):
    """A record entered by hand, from which day it is known to hold."""

    correction_reason: CorrectionReason = None

    def stated(self) -> dict[str, Any]:
        """The fields of the record itself."""
        return {name: getattr(self, name) for name in type(self).model_fields if name != "correction_reason"}

    def record(self) -> rules.Record:
        """The record as the rules know it."""
        raise NotImplementedError

    def effective_on(self) -> date | None:
        """The day on which it took effect; None: it has no day of its own, so today."""
        raise NotImplementedError

    def origin(self, today: date) -> rules.Origin:
        """A person at a desk, effective from the record's own day."""
        return by_desk(self.effective_on() or today, self.correction_reason)


class IdentifierCreate(RecordInput):
    scheme: rules.IdentifierScheme
    number: Name
    issued_by: Name | None = None
    issued_on: Day | None = None
    ended_on: Day | None = None

    def record(self) -> rules.Record:
        """An old registration number, or a filing number."""
        return rules.Identifier(**self.stated())

    def effective_on(self) -> date | None:
        """The day it ended, or was issued."""
        return self.ended_on or self.issued_on


class CreditListingCreate(RecordInput):
    """Put on a list; the same `list` and `listed_on` again with `removed_on` takes it off."""

    list: rules.CreditList
    listed_on: Day
    removed_on: Day | None = None
    reason: ShortText | None = None
    decided_by: Name | None = None
    document_number: ShortText | None = None

    def record(self) -> rules.Record:
        """The entry."""
        return rules.CreditListing(**self.stated())

    def effective_on(self) -> date | None:
        """The day it was taken off, or put on."""
        return self.removed_on or self.listed_on


class PenaltyCreate(RecordInput):
    penalty: rules.PenaltyKind
    decided_on: Day
    document_number: ShortText | None = None
    reason: ShortText | None = None
    decided_by: Name | None = None
    amount: DecimalString | None = None

    def record(self) -> rules.Record:
        """The penalty."""
        return rules.Penalty(**self.stated())

    def effective_on(self) -> date | None:
        """The day of the decision."""
        return self.decided_on


class EvaluationCreate(RecordInput):
    """A grade; it holds five years unless another end is given."""

    grade: rules.EvaluationGrade
    graded_on: Day
    valid_until_on: Annotated[Day | None, Field(description="The first day on which it no longer holds.")] = (
        None
    )
    graded_by: Name | None = None
    score: DecimalString | None = None

    def record(self) -> rules.Record:
        """The grade with its end."""
        return rules.Evaluation(
            grade=self.grade,
            graded_on=self.graded_on,
            valid_until=self.valid_until_on or rules.grade_ends_on(self.graded_on),
            graded_by=self.graded_by,
            score=self.score,
        )

    def effective_on(self) -> date | None:
        """The day of grading."""
        return self.graded_on


class AwardCreate(RecordInput):
    name: Name
    awarded_on: Day
    awarded_by: Name | None = None
    level: ShortText | None = None

    def record(self) -> rules.Record:
        """The award."""
        return rules.Award(**self.stated())

    def effective_on(self) -> date | None:
        """The day of the award."""
        return self.awarded_on


class AnnualReportCreate(RecordInput):
    year: Year
    result: rules.ReportResult
    filed_on: Day | None = None
    party_building_reported: bool | None = None

    def record(self) -> rules.Record:
        """The report of a year."""
        return rules.AnnualReport(**self.stated())

    def effective_on(self) -> date | None:
        """The day of filing."""
        return self.filed_on


class CharterClauseCreate(RecordInput):
    """A clause of the charter in a wording, from the day on which the charter was approved."""

    clause: rules.CharterClauseKind
    wording: rules.CharterWording
    approved_on: Day
    evidence: ShortText | None = None

    def record(self) -> rules.Record:
        """The clause."""
        return rules.CharterClause(**self.stated())

    def effective_on(self) -> date | None:
        """The day of approval."""
        return self.approved_on


class OfficerInput(Input):
    """A person in a post."""

    name: Name
    post: Annotated[Name, Field(description="会长, 理事长, 副会长, 理事, 监事, 秘书长 …", examples=["会长"])]
    is_principal: Annotated[bool, Field(description="负责人: counts for cross appointment and review.")]
    since: Day | None = None
    phone: PhoneNumber | None = None

    def officer(self) -> rules.Officer:
        """The person in the post."""
        return rules.Officer(**self.model_dump())


class OfficersElected(Input):
    """The whole board from a day on (换届): who is not on it has left."""

    elected_on: Day
    officers: Annotated[list[OfficerInput], Field(max_length=300)]
    correction_reason: CorrectionReason = None

    def origin(self) -> rules.Origin:
        """A person at a desk, on the day of the election."""
        return by_desk(self.elected_on, self.correction_reason)

    def board(self) -> list[rules.Officer]:
        """The people on it."""
        return [officer.officer() for officer in self.officers]


class OfficerChange(Input):
    """One person takes up or leaves a post between elections."""

    name: Name
    post: Name
    on: Day
    leaves: Annotated[bool, Field(description="True: leaves the post on that day. False: takes it up.")]
    is_principal: bool = False
    phone: PhoneNumber | None = None
    correction_reason: CorrectionReason = None

    def origin(self) -> rules.Origin:
        """A person at a desk, on the day of the change."""
        return by_desk(self.on, self.correction_reason)

    def officer(self) -> rules.Officer:
        """The person in the post."""
        return rules.Officer(
            name=self.name, post=self.post, is_principal=self.is_principal, since=self.on, phone=self.phone
        )


class RecordWithdrawal(Input):
    """Takes a record back as wrong; the statement and its withdrawal both stay in the history."""

    reason: ShortText


# --- reads --------------------------------------------------------------------------------------------------


class RecordRead(Output):
    id: UUID
    source: ShortText
    effective_on: Day
    withdrawn: bool


class IdentifierRead(RecordRead):
    scheme: rules.IdentifierScheme
    number: Name
    issued_by: Name | None
    issued_on: Day | None
    ended_on: Day | None


class CreditListingRead(RecordRead):
    list: rules.CreditList
    listed_on: Day
    removed_on: Day | None
    current: bool
    reason: ShortText | None
    decided_by: Name | None
    document_number: ShortText | None


class PenaltyRead(RecordRead):
    penalty: rules.PenaltyKind
    decided_on: Day
    document_number: ShortText | None
    reason: ShortText | None
    decided_by: Name | None
    amount: DecimalString | None


class EvaluationRead(RecordRead):
    grade: rules.EvaluationGrade
    graded_on: Day
    valid_until_on: Day
    current: bool
    graded_by: Name | None
    score: DecimalString | None


class AwardRead(RecordRead):
    name: Name
    awarded_on: Day
    awarded_by: Name | None
    level: ShortText | None


class AnnualReportRead(RecordRead):
    year: Year
    result: rules.ReportResult
    filed_on: Day | None
    party_building_reported: bool | None


class CharterClauseRead(Output):
    id: UUID
    clause: rules.CharterClauseKind
    wording: rules.CharterWording
    approved_on: Day
    evidence: ShortText | None
    from_on: Day
    until_on: Day | None
    current: bool
    source: ShortText


class OfficerRead(Output):
    id: UUID
    name: Name
    post: Name
    is_principal: bool
    since: Day
    until: Day | None
    current: bool
    phone_mask: ShortText | None
