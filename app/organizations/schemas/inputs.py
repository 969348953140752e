"""Bodies that change the ledger."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.core.fields import (
    CodeStr,
    Day,
    DivisionCode,
    Input,
    LongText,
    Name,
    NonNegative,
    PhoneNumber,
    PrintedCreditCode,
    ShortText,
)
from app.organizations import rules


def absent() -> Any:
    """A field that may be left out; leaving it out says nothing, while null says that there is none."""
    return Field(default_factory=lambda: None)


Evidence = Annotated[
    ShortText,
    Field(title="Evidence", description="Document number, file digest, or where it was seen."),
]
EffectiveOn = Annotated[
    Day, Field(title="Effective on", description="From which day this holds; never in the future.")
]


class StatedFacts(Input):
    """What a plain change may state. Absent says nothing; null says that there is none."""

    name: Name = absent()
    kind: rules.OrganizationKind = absent()
    registration_mode: rules.RegistrationMode = absent()
    credit_code: PrintedCreditCode | None = absent()
    division_code: DivisionCode = absent()
    domicile_division_code: DivisionCode | None = absent()
    domicile_address: ShortText | None = absent()
    registration_authority_id: UUID | None = absent()
    supervisory_unit_id: UUID | None = absent()
    industry_authority_id: UUID | None = absent()
    industry: CodeStr | None = absent()
    established_on: Day | None = absent()
    business_scope: LongText | None = absent()
    decoupled: bool = absent()
    is_trade_association: bool = absent()
    foreign_related: bool = absent()
    staff_count: NonNegative | None = absent()
    member_count: NonNegative | None = absent()
    party_member_count: NonNegative | None = absent()
    full_member_count: NonNegative | None = absent()
    full_time_full_member_count: NonNegative | None = absent()
    legal_representative: Name | None = absent()
    contact_name: Name | None = absent()
    contact_phone: PhoneNumber | None = absent()

    def stated(self) -> dict[str, Any]:
        """The facts that were given, null included."""
        return {name: getattr(self, name) for name in self.model_fields_set & set(rules.FACTS)}


class OrganizationCreate(Input):
    """A registration entered by hand."""

    name: Name
    kind: rules.OrganizationKind
    registration_mode: rules.RegistrationMode
    division_code: DivisionCode
    credit_code: PrintedCreditCode | None = None
    registration_status: Annotated[
        rules.RegistrationStatus, Field(description="`normal`, `preparatory` or `in_liquidation`.")
    ] = rules.RegistrationStatus.NORMAL
    domicile_division_code: DivisionCode | None = None
    domicile_address: ShortText | None = None
    registration_authority_id: UUID | None = None
    supervisory_unit_id: UUID | None = None
    industry_authority_id: UUID | None = None
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
    effective_on: Annotated[
        EffectiveOn | None,
        Field(description="From which day this holds; by default since establishment."),
    ] = None
    reason: ShortText | None = None

    def registration(self) -> rules.Registration:
        """The statements of this registration."""
        return rules.Registration(**self.model_dump(exclude={"effective_on", "reason"}))

    def origin(self, today: date) -> rules.Origin:
        """A person at a desk, effective from establishment unless another day was given."""
        return rules.by_hand(self.effective_on or self.established_on or today, reason=self.reason)


class OrganizationUpdate(StatedFacts):
    """A merge patch (RFC 7396): absent leaves a fact alone, null says that there is none."""

    effective_on: EffectiveOn | None = None
    reason: ShortText | None = None

    def origin(self, today: date) -> rules.Origin:
        """A person at a desk, effective today unless another day was given."""
        return rules.by_hand(self.effective_on or today, reason=self.reason)


class OrganizationCorrection(Input):
    """A correction: what a registry or a person stated wrongly, put right. It outranks what registries say
    for that day or before, until a registry confirms it or says otherwise for a later day."""

    facts: StatedFacts
    reason: ShortText
    evidence: Evidence | None = None
    effective_on: Annotated[
        EffectiveOn | None,
        Field(description="From which day; by default from the day of what each fact corrects."),
    ] = None

    def origin(self, today: date) -> rules.Origin:
        """A correction by a person."""
        said = f"{self.reason} ({self.evidence})" if self.evidence else self.reason
        return rules.by_hand(self.effective_on or today, reason=said, correction=True)


class Ending(Input):
    """An end of the registration, or its return."""

    effective_on: EffectiveOn
    reason: ShortText
    evidence: Evidence | None = None

    def origin(self) -> rules.Origin:
        """A person at a desk."""
        said = f"{self.reason} ({self.evidence})" if self.evidence else self.reason
        return rules.by_hand(self.effective_on, reason=said)


class Restoration(Input):
    """The registration goes on again."""

    effective_on: Annotated[
        EffectiveOn | None,
        Field(description="From which day. Left out: the end was recorded by mistake and never happened."),
    ] = None
    reason: ShortText
    evidence: Evidence | None = None

    def origin(self, today: date) -> rules.Origin:
        """A person at a desk; without a day, a correction of the end."""
        said = f"{self.reason} ({self.evidence})" if self.evidence else self.reason
        return rules.by_hand(self.effective_on or today, reason=said, correction=self.effective_on is None)


class Revocation(Ending):
    """撤销登记 (the registration is annulled) or 吊销登记证书 (the licence is taken away)."""

    license: Annotated[bool, Field(description="True: the licence is revoked (吊销). False: 撤销登记.")]

    @property
    def status(self) -> rules.RegistrationStatus:
        """The status it leads to."""
        return rules.RegistrationStatus.LICENSE_REVOKED if self.license else rules.RegistrationStatus.REVOKED


class Merger(Ending):
    """The organization goes into another one, which goes on."""

    into_id: UUID


class MergerUndone(Input):
    """The merger was recorded by mistake: the organization goes on as if it had not been."""

    reason: ShortText
    evidence: Evidence | None = None

    def said(self) -> str:
        """The reason with its evidence."""
        return f"{self.reason} ({self.evidence})" if self.evidence else self.reason


class Split(Ending):
    """The organization is split (分立) into others that are already registered."""

    into_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    survives: Annotated[bool, Field(description="True: it goes on beside them (派生分立). False: it ends.")]


class RevealRequest(Input):
    """Why a masked number is to be shown. Both are audited with who asked."""

    purpose: Annotated[
        CodeStr, Field(description="Such as `set_up_contact`, `member_survey`, `supervision`.")
    ]
    reason: ShortText


class FindingClosure(Input):
    """Why a finding needs no more work."""

    reason: ShortText


class CreditCodeExceptionCreate(Input):
    """Asks to accept a genuine certificate that prints a wrong check digit."""

    credit_code: PrintedCreditCode
    division_code: DivisionCode
    evidence: LongText


class ExceptionDecision(Input):
    """What the second person decides."""

    reason: ShortText
