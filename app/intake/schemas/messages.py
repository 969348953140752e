"""What registries push: one envelope for fifteen types, told apart by `type`.

A registry names an organization by its credit code, or by the number under which it keeps it; an authority by
its name and division. It never needs our ids.
"""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, TypeAdapter, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from app.core import checks
from app.core.errors import WORDS
from app.core.fields import (
    CodeStr,
    Day,
    DecimalString,
    DivisionCode,
    Input,
    Instant,
    LongText,
    Name,
    NonNegative,
    PhoneNumber,
    PrintedCreditCode,
    Serial,
    ShortText,
)
from app.organizations.rules import (
    CharterClauseKind,
    CharterWording,
    CreditList,
    EvaluationGrade,
    IdentifierScheme,
    OrganizationKind,
    PenaltyKind,
    RegistrationMode,
    ReportResult,
)

ACCEPTED = "accepted_credit_codes"
"""Validation context: codes whose wrong check digit a second person has accepted with evidence."""

WORDS |= {
    "organization_unnamed": (
        "请给出 credit_code 或 identifier",
        "Name the organization by credit_code or identifier",
    ),
    "authority_unnamed": ("请给出 name 和 division_code", "Name the authority by name and division_code"),
    "nothing_changed": ("changes 中至少要有一项", "changes holds nothing; state at least one field"),
    "value_required": ("此项不能为空", "This cannot be null"),
    "removed_before_listed": ("移出日期早于列入日期", "removed_on lies before listed_on"),
}


def _refuse(code: str) -> PydanticCustomError:
    return PydanticCustomError(code, WORDS[code][1])


def _ledger_code(value: str, info: ValidationInfo) -> str:
    """A credit code with its check digit, or one that was accepted without."""
    if value in (info.context or {}).get(ACCEPTED, ()):
        return value
    return checks.credit_code(value)


LedgerCode = Annotated[PrintedCreditCode, AfterValidator(_ledger_code)]


class RegistryNumber(Input):
    """A number other than the credit code: 登记证号, 备案号, or the registry's own id."""

    scheme: IdentifierScheme
    number: Annotated[ShortText, Field(examples=["粤南社证字第0123号"])]


class NamedOrganization(Input):
    """The organization that a message is about."""

    credit_code: LedgerCode | None = None
    identifier: RegistryNumber | None = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.credit_code is None and self.identifier is None:
            raise _refuse("organization_unnamed")
        return self


class NamedAuthority(Input):
    """An authority by name and division, or by its id in this service."""

    id: UUID | None = None
    name: Name | None = None
    division_code: DivisionCode | None = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.id is None and (self.name is None or self.division_code is None):
            raise _refuse("authority_unnamed")
        return self


class _Particulars(Input):
    """What a registration states and a change may state again. Left out: nothing is said of it."""

    credit_code: LedgerCode | None = None
    domicile_division_code: DivisionCode | None = None
    domicile_address: ShortText | None = None
    registration_authority: NamedAuthority | None = None
    supervisory_unit: NamedAuthority | None = None
    industry_authority: NamedAuthority | None = None
    industry: CodeStr | None = None
    established_on: Day | None = None
    business_scope: LongText | None = None
    decoupled: bool | None = None
    is_trade_association: bool | None = None
    foreign_related: bool | None = None
    staff_count: NonNegative | None = None
    member_count: NonNegative | None = None
    party_member_count: NonNegative | None = None
    full_member_count: NonNegative | None = None
    full_time_full_member_count: NonNegative | None = None
    legal_representative: Name | None = None
    contact_name: Name | None = None
    contact_phone: PhoneNumber | None = None


class RegisteredData(_Particulars):
    """A new registration. A filed organization without a credit code gives its number instead."""

    name: Name
    kind: OrganizationKind
    registration_mode: RegistrationMode
    division_code: DivisionCode
    registration_status: Literal["normal", "preparatory"] = "normal"
    identifiers: Annotated[list[RegistryNumber], Field(max_length=10)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.credit_code is None and not self.identifiers:
            raise _refuse("organization_unnamed")
        return self


_NEVER_NULL = frozenset({"name", "kind", "registration_mode", "division_code"} | {
    "decoupled", "is_trade_association", "foreign_related",
})  # fmt: skip


class Changes(_Particulars):
    """The fields that changed, and only those; null says that there is none any more."""

    name: Name | None = None
    kind: OrganizationKind | None = None
    registration_mode: RegistrationMode | None = None
    division_code: DivisionCode | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise _refuse("nothing_changed")
        if any(getattr(self, field) is None for field in _NEVER_NULL & self.model_fields_set):
            raise _refuse("value_required")
        return self


class About(Input):
    """Data about one organization."""

    organization: NamedOrganization


class ChangedData(About):
    changes: Changes


class CorrectedData(ChangedData):
    """What was wrong before, for the same day; the reason is kept with the fact."""

    reason: LongText


class EndedData(About):
    reason: LongText | None = None
    document_number: ShortText | None = None


class RevokedData(EndedData):
    """Ended by decision of the authority: 撤销登记 or 吊销登记证书."""

    kind: Literal["revoked", "license_revoked"]


class RestoredData(About):
    """An end that did not hold: its decision was set aside."""

    reason: LongText


class MergedData(EndedData):
    """Merged into another organization, which goes on."""

    into: NamedOrganization


class SplitData(EndedData):
    """Split into organizations that are registered by themselves; `continues` if the old one goes on too."""

    into: Annotated[list[NamedOrganization], Field(min_length=1, max_length=20)]
    continues: bool


class ElectedOfficer(Input):
    """A person in a post: 会长, 理事, 监事, 秘书长 and others."""

    name: Name
    post: Annotated[ShortText, Field(examples=["会长"])]
    is_principal: bool
    since: Day | None = None
    phone: PhoneNumber | None = None


class OfficersElectedData(About):
    """The whole board after an election: who is not listed is no longer in a post."""

    officers: Annotated[list[ElectedOfficer], Field(min_length=1, max_length=500)]


class ApprovedClause(Input):
    """A clause that the approved charter holds, and in which wording."""

    clause: CharterClauseKind
    wording: CharterWording
    evidence: ShortText | None = None


class CharterApprovedData(About):
    clauses: Annotated[list[ApprovedClause], Field(min_length=1, max_length=10)]
    approved_on: Day


class AnnualReportFiledData(About):
    year: Annotated[int, Field(ge=1950, le=2200, examples=[2025])]
    result: ReportResult
    filed_on: Day | None = None
    party_building_reported: bool | None = None


class EvaluationGradedData(About):
    grade: EvaluationGrade
    graded_on: Day
    valid_until_on: Day | None = None
    graded_by: Name | None = None
    score: DecimalString | None = None


class AwardGrantedData(About):
    name: Name
    awarded_on: Day
    awarded_by: Name | None = None
    level: ShortText | None = None


class CreditListingChangedData(About):
    """An entry in a credit list; the same entry with `removed_on` when it is taken off."""

    list: CreditList
    listed_on: Day
    removed_on: Day | None = None
    reason: LongText | None = None
    decided_by: Name | None = None
    document_number: ShortText | None = None

    @model_validator(mode="after")
    def _in_time(self) -> Self:
        if self.removed_on is not None and self.removed_on < self.listed_on:
            raise _refuse("removed_before_listed")
        return self


class PenaltyImposedData(About):
    penalty: PenaltyKind
    decided_on: Day
    document_number: ShortText | None = None
    reason: LongText | None = None
    decided_by: Name | None = None
    amount: DecimalString | None = None


class Message(Input):
    """The envelope: when the registry wrote it, from which day it holds, and its place if it counts."""

    occurred_at: Annotated[Instant, Field(description="When the registry wrote it, by its own clock.")]
    effective_on: Annotated[Day, Field(description="The day from which it holds.")]
    sequence: Annotated[
        Serial | None,
        Field(description="The source's own running number, if it keeps one; gaps are reported."),
    ] = None


class RegisteredMessage(Message):
    type: Literal["organization.registered"]
    data: RegisteredData


class ChangedMessage(Message):
    type: Literal["organization.changed"]
    data: ChangedData


class CorrectedMessage(Message):
    type: Literal["organization.corrected"]
    data: CorrectedData


class DeregisteredMessage(Message):
    type: Literal["organization.deregistered"]
    data: EndedData


class RevokedMessage(Message):
    type: Literal["organization.revoked"]
    data: RevokedData


class RestoredMessage(Message):
    type: Literal["organization.restored"]
    data: RestoredData


class MergedMessage(Message):
    type: Literal["organization.merged"]
    data: MergedData


class SplitMessage(Message):
    type: Literal["organization.split"]
    data: SplitData


class OfficersElectedMessage(Message):
    type: Literal["officers.elected"]
    data: OfficersElectedData


class CharterApprovedMessage(Message):
    type: Literal["charter.approved"]
    data: CharterApprovedData


class AnnualReportFiledMessage(Message):
    type: Literal["annual_report.filed"]
    data: AnnualReportFiledData


class EvaluationGradedMessage(Message):
    type: Literal["evaluation.graded"]
    data: EvaluationGradedData


class AwardGrantedMessage(Message):
    type: Literal["award.granted"]
    data: AwardGrantedData


class CreditListingChangedMessage(Message):
    type: Literal["credit_listing.changed"]
    data: CreditListingChangedData


class PenaltyImposedMessage(Message):
    type: Literal["penalty.imposed"]
    data: PenaltyImposedData


RegistryMessage = Annotated[
    RegisteredMessage
    | ChangedMessage
    | CorrectedMessage
    | DeregisteredMessage
    | RevokedMessage
    | RestoredMessage
    | MergedMessage
    | SplitMessage
    | OfficersElectedMessage
    | CharterApprovedMessage
    | AnnualReportFiledMessage
    | EvaluationGradedMessage
    | AwardGrantedMessage
    | CreditListingChangedMessage
    | PenaltyImposedMessage,
    Field(discriminator="type"),
]
MESSAGE: TypeAdapter[Any] = TypeAdapter(RegistryMessage)
