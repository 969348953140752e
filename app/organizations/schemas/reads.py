"""What the ledger shows."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.core.fields import CodeRef, Day, Instant, LongText, Name, NonNegative, Output, Ref, ShortText
from app.organizations import rules
from app.organizations.schemas.records import (
    CharterClauseRead,
    CreditListingRead,
    EvaluationRead,
    OfficerRead,
)

CreditCodeText = Annotated[str, Field(title="Credit code", examples=["51440115MJL123456E"])]


class OrganizationRead(Output):
    """An organization as its statements fold today."""

    id: UUID
    credit_code: CreditCodeText | None
    name: Name
    kind: rules.OrganizationKind
    registration_mode: rules.RegistrationMode
    registration_status: rules.RegistrationStatus
    division: CodeRef
    domicile_division: CodeRef | None
    domicile_address: ShortText | None
    registration_authority: Ref | None
    supervisory_unit: Ref | None
    industry_authority: Ref | None
    industry: ShortText | None
    established_on: Day | None
    ended_on: Annotated[Day | None, Field(description="Since when it has been at its end, if it is.")]
    business_scope: LongText | None
    decoupled: bool
    is_trade_association: bool
    foreign_related: bool
    staff_count: NonNegative | None
    member_count: Annotated[NonNegative | None, Field(description="会员数")]
    party_member_count: Annotated[NonNegative | None, Field(description="党员数, probationary included")]
    full_member_count: Annotated[NonNegative | None, Field(description="正式党员数")]
    full_time_full_member_count: Annotated[
        NonNegative | None, Field(description="正式党员 among full-time staff")
    ]
    legal_representative: Name | None
    contact_name: Name | None
    contact_phone_mask: ShortText | None
    merged_into: Ref | None
    created_at: Instant
    updated_at: Instant
    etag: ShortText
    allowed_actions: list[ShortText]


class FactRead(Output):
    """One statement: who said what, effective when, known since when. `rules_now` marks the ruling ones."""

    id: UUID
    fact: ShortText
    key: Annotated[str, Field(description="Which record, where an organization has many; otherwise empty.")]
    value: Any
    effective_on: Day
    source: ShortText
    source_rank: int
    sequence: int | None
    occurred_at: Instant | None
    correction: bool
    reason: LongText | None
    event_id: UUID | None
    recorded_at: Instant
    recorded_by: UUID


class PeriodRead(Output):
    """Days over which nothing that counts changed, and since and until when that was known."""

    id: UUID
    from_on: Day
    until_on: Day | None
    known_from_at: Instant
    known_until_at: Instant | None
    registration_status: rules.RegistrationStatus
    kind: rules.OrganizationKind
    registration_mode: rules.RegistrationMode
    division: CodeRef
    domicile_division: CodeRef | None
    registration_authority: Ref | None
    supervisory_unit: Ref | None
    industry_authority: Ref | None
    decoupled: bool


class NameRead(Output):
    """A name, and the days on which it was borne."""

    name: Name
    from_on: Day
    until_on: Day | None


class SuccessionRead(Output):
    """Which organization goes on where this one was merged or split."""

    succession: rules.SuccessionKind
    successor: Ref
    on: Day
    withdrawn: bool


class OrganizationHistory(Output):
    """The timeline of an organization, as known now or at `known_at`."""

    periods: list[PeriodRead]
    names: list[NameRead]
    successions: list[SuccessionRead]


class FindingRead(Output):
    """Something to settle, with the statements that show it."""

    id: UUID
    organization: Ref
    kind: rules.FindingKind
    fact: ShortText
    key: Annotated[str, Field(description="Which record, where an organization has many; otherwise empty.")]
    state: Annotated[str, Field(examples=["open"], pattern="^(open|closed)$")]
    evidence: dict[str, Any]
    opened_at: Instant
    closed_at: Instant | None
    closed_by: UUID | None
    closed_reason: LongText | None
    etag: ShortText
    allowed_actions: list[ShortText]


class CoverRead(Output):
    """A Party organization that covers this organization, and when."""

    id: UUID
    party_organization: Ref
    kind: ShortText
    formation: ShortText | None
    counts_as_primary: bool
    from_on: Day
    until_on: Day | None
    current: bool


class RevealedPhone(Output):
    """A number in plain text; the asking is on record."""

    phone: ShortText
    holder: Name | None


class CreditCodeExceptionRead(Output):
    """A certificate with a wrong check digit: asked for by one person, decided by another."""

    id: UUID
    credit_code: CreditCodeText
    division: CodeRef
    evidence: LongText
    state: Annotated[str, Field(examples=["requested"], pattern="^(requested|approved|refused)$")]
    requested_by_name: Name
    decided_by_name: Name | None
    decided_at: Instant | None
    decision_reason: ShortText | None
    created_at: Instant
    etag: ShortText
    allowed_actions: list[ShortText]


# --- one screen ---------------------------------------------------------------------------------------------


class AnswerableBody(Output):
    """A Party body that answers for the organization, why, and since when."""

    party_organization: Ref
    rule_code: ShortText | None
    rule_source: LongText | None
    since: Day
    override: bool
    override_reason: LongText | None
    override_until_on: Day | None


class OverviewResponsibility(Output):
    """Who leads, who shares, who guides. `lead` is null when no rule fits: a listed finding."""

    lead: AnswerableBody | None
    joint: list[AnswerableBody]
    guidance: list[AnswerableBody]


class OverviewDuty(Output):
    """What is due, or was done."""

    id: UUID
    kind: ShortText
    due_on: Day
    provisional: bool
    state: ShortText
    done_on: Day | None
    overdue: bool


class FourClear(Output):
    """One of the four: known or not, and its figure."""

    known: bool
    count: NonNegative | None


class FourClears(Output):
    """四清 (2-2): the organization, its members, its Party organizations, its Party members."""

    organization: FourClear
    member_count: FourClear
    party_organizations: FourClear
    party_member_count: FourClear
    cleared: Annotated[int, Field(ge=0, le=4, description="How many of the four are known.")]


class LatestFact(Output):
    """One of the last statements to arrive."""

    fact: ShortText
    key: str
    effective_on: Day
    source: ShortText
    recorded_at: Instant


class OrganizationOverview(Output):
    """One organization on one screen: everything a desk needs, in one call."""

    organization: OrganizationRead
    responsibility: OverviewResponsibility
    covers: list[CoverRead]
    no_party_organization_reason: ShortText | None
    duties: list[OverviewDuty]
    four_clears: FourClears
    findings: list[FindingRead]
    officers: list[OfficerRead]
    charter_clauses: list[CharterClauseRead]
    credit_listings: list[CreditListingRead]
    evaluation: EvaluationRead | None
    latest_facts: list[LatestFact]
