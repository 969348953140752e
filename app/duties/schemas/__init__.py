"""What crosses the wire: the rule packs of this slice, duties, what is recorded of them, and what is
announced."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.core.events import Event
from app.core.fields import (
    CodeRef,
    CodeStr,
    Day,
    DivisionCode,
    Input,
    Instant,
    LongText,
    Name,
    NonNegative,
    Output,
    PhoneNumber,
    Ref,
    ShortText,
)
from app.core.pages import Filters
from app.duties import rules
from app.duties.rules import Basis, DutyKind, DutyState, Form, OwedBy
from app.responsibility.schemas import BilingualRead

# --- reads ---


class SurveyRead(Output):
    """The counts of the member survey."""

    staff_count: int
    full_time_staff_count: int
    full_member_count: int
    probationary_member_count: int
    full_time_full_member_count: int


class EstablishmentRead(Output):
    """Whether the organization must establish a Party organization, in which form, and why."""

    must_establish: bool
    form: Form
    basis: Basis
    counted: int
    at_least: int
    threshold: str
    reason: BilingualRead
    source: str
    rule_pack_id: UUID | None


class ContactRead(Output):
    """The contact for setting up the Party organization; the number is masked."""

    id: UUID
    name: str
    phone_mask: str
    party_organization: Ref | None
    named_on: Day


class DutyRead(Output):
    """One duty of an organization: what is owed, by whom, until when, and where it stands.

    `overdue` is judged by the day of the database in Asia/Shanghai; `provisional` says that the calendar of
    working days is not known that far. `must_establish` is the answer of the member survey."""

    id: UUID
    organization: Ref
    division: CodeRef
    kind: DutyKind
    title: BilingualRead
    source: str
    state: DutyState
    registered_on: Day
    due_on: Day
    provisional: bool
    overdue: bool
    late: bool
    owed_by: OwedBy
    owed_by_authority: Ref | None
    owed_by_party_organization: Ref | None
    done_on: Day | None
    handed_over_to: Ref | None
    survey: SurveyRead | None
    must_establish: bool | None
    establishment: EstablishmentRead | None
    contact: ContactRead | None
    note: str | None
    closed_reason: str | None
    updated_at: Instant
    etag: str
    allowed_actions: list[str]


class OrganizationDutiesRead(Output):
    """Every duty of one organization, and what its member survey means (null until it is received)."""

    organization: Ref
    establishment: EstablishmentRead | None
    items: list[DutyRead]


class DutyFilters(Filters):
    """Filters of the list of duties."""

    division: Annotated[
        DivisionCode | None, Field(description="Registered in the subtree of a division.")
    ] = None
    kind: Annotated[DutyKind | None, Field(description="The kind of duty.")] = None
    state: Annotated[DutyState | None, Field(description="Where it stands.")] = None
    overdue: Annotated[bool | None, Field(description="Open and past its day.")] = None
    late: Annotated[bool | None, Field(description="Done, but after its day.")] = None
    provisional: Annotated[bool | None, Field(description="Beyond the calendar that is known.")] = None
    due_before: Annotated[Day | None, Field(description="Due before this day.")] = None
    due_from: Annotated[Day | None, Field(description="Due on this day or later.")] = None
    owed_by: Annotated[OwedBy | None, Field(description="Who owes it.")] = None
    owed_by_authority_id: Annotated[UUID | None, Field(description="The authority that owes it.")] = None
    owed_by_party_organization_id: Annotated[UUID | None, Field(description="The body that owes it.")] = None
    organization_id: Annotated[UUID | None, Field(description="Of this organization.")] = None
    must_establish: Annotated[bool | None, Field(description="The survey's answer.")] = None


# --- writes ---


class CommitmentLetterReceipt(Input):
    """The commitment letter is there."""

    received_on: Day
    note: LongText | None = None


class MemberSurveyReceipt(Input):
    """The member survey is there, with its counts (no names)."""

    received_on: Day
    staff_count: NonNegative
    full_time_staff_count: NonNegative
    full_member_count: NonNegative
    probationary_member_count: NonNegative
    full_time_full_member_count: NonNegative
    note: LongText | None = None

    def answers(self) -> rules.SurveyAnswers:
        return rules.SurveyAnswers(
            self.staff_count,
            self.full_time_staff_count,
            self.full_member_count,
            self.probationary_member_count,
            self.full_time_full_member_count,
        )


class PapersHandOver(Input):
    """Both papers went to the body for Party work: the responsible body, unless another is named."""

    handed_over_on: Day
    party_organization_id: UUID | None = None
    note: LongText | None = None


class SetupContactNaming(Input):
    """The person who helps the organization to set up its Party organization."""

    name: Name
    phone: PhoneNumber
    named_on: Day
    note: LongText | None = None


class ContactReveal(Input):
    """Why the number is needed; kept in the audit."""

    purpose: Annotated[CodeStr, Field(description="Such as `set_up_party_organization`, `supervision`.")]
    reason: ShortText


class RevealedContact(Output):
    """The contact with the number in full."""

    id: UUID
    name: str
    phone: str


class DutyWaiver(Input):
    """Why the duty falls away."""

    reason: LongText


class DutyReopening(Input):
    """Why the record of the duty is wrong."""

    reason: LongText


# --- events ---


class DutiesOpened(Event):
    """A registration opened its duties."""

    type: ClassVar[str] = "duties.opened"
    subject_type: ClassVar[str] = "organization"
    registered_on: Day
    kinds: list[DutyKind]


class DutiesLapsed(Event):
    """The organization ended, and its open duties with it."""

    type: ClassVar[str] = "duties.lapsed"
    subject_type: ClassVar[str] = "organization"
    kinds: list[DutyKind]
    reason: str


class CommitmentLetterReceived(Event):
    type: ClassVar[str] = "commitment_letter.received"
    subject_type: ClassVar[str] = "organization"
    duty_id: UUID
    received_on: Day


class MemberSurveyRecorded(Event):
    """The member survey's counts: facts of the organization as well."""

    type: ClassVar[str] = "member_survey.recorded"
    subject_type: ClassVar[str] = "organization"
    duty_id: UUID
    received_on: Day
    staff_count: int
    full_time_staff_count: int
    full_member_count: int
    probationary_member_count: int
    full_time_full_member_count: int
    must_establish: bool


class PapersHandedOver(Event):
    type: ClassVar[str] = "registration_papers.handed_over"
    subject_type: ClassVar[str] = "organization"
    duty_id: UUID
    handed_over_on: Day
    handed_over_to_id: UUID
    late: bool


class SetupContactNamed(Event):
    type: ClassVar[str] = "setup_contact.named"
    subject_type: ClassVar[str] = "organization"
    duty_id: UUID
    contact_id: UUID
    named_on: Day


class SetupContactRevealed(Event):
    """Somebody saw the number in full."""

    type: ClassVar[str] = "setup_contact.revealed"
    reveals: ClassVar[bool] = True
    subject_type: ClassVar[str] = "setup_contact"
    public: ClassVar[bool] = False
    organization_id: UUID
    purpose: str
    reason: str


class DutyWaived(Event):
    type: ClassVar[str] = "duty.waived"
    subject_type: ClassVar[str] = "duty"
    organization_id: UUID
    kind: DutyKind
    reason: str


class DutyReopened(Event):
    type: ClassVar[str] = "duty.reopened"
    subject_type: ClassVar[str] = "duty"
    organization_id: UUID
    kind: DutyKind
    previous_state: DutyState
    reason: str


class DeadlinesRepriced(Event):
    """A change of the calendar of working days moved open deadlines, settled them, or made them
    provisional."""

    type: ClassVar[str] = "duties.deadlines_repriced"
    subject_type: ClassVar[str] = "calendar"
    changed: int
    moved: int
