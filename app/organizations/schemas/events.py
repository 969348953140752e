"""What happens to organizations. No event holds a phone number or another secret."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from app.core.events import Event


class OrganizationEvent(Event):
    """Something that happened to an organization."""

    subject_type: ClassVar[str] = "organization"


class OrganizationRegistered(OrganizationEvent):
    """An organization is in the ledger."""

    type: ClassVar[str] = "organization.registered"
    name: str
    credit_code: str | None
    effective_on: date
    source: str


class OrganizationChanged(OrganizationEvent):
    """Statements about an organization came in; `changed` names the facts whose value is another now."""

    type: ClassVar[str] = "organization.changed"
    stated: list[str]
    changed: list[str]
    effective_on: date
    source: str


class OrganizationCorrected(OrganizationEvent):
    """A person corrected what was stated."""

    type: ClassVar[str] = "organization.corrected"
    stated: list[str]
    changed: list[str]
    reason: str


class OrganizationDeregistered(OrganizationEvent):
    type: ClassVar[str] = "organization.deregistered"
    effective_on: date
    source: str


class OrganizationRevoked(OrganizationEvent):
    type: ClassVar[str] = "organization.revoked"
    license: bool
    effective_on: date
    source: str


class OrganizationRestored(OrganizationEvent):
    type: ClassVar[str] = "organization.restored"
    effective_on: date
    source: str


class OrganizationMerged(OrganizationEvent):
    type: ClassVar[str] = "organization.merged"
    into_id: UUID
    effective_on: date
    source: str


class OrganizationMergerUndone(OrganizationEvent):
    type: ClassVar[str] = "organization.merger_undone"
    into_id: UUID
    reason: str


class OrganizationSplit(OrganizationEvent):
    type: ClassVar[str] = "organization.split"
    into_ids: list[UUID]
    survives: bool
    effective_on: date
    source: str


class OfficersRecorded(OrganizationEvent):
    """The board from a day on."""

    type: ClassVar[str] = "organization.officers_recorded"
    effective_on: date
    officers: int
    source: str


class RecordsAdded(OrganizationEvent):
    """Dated records came in: penalties, listings, grades, awards, reports, clauses, identifiers."""

    type: ClassVar[str] = "organization.records_added"
    kinds: list[str]
    effective_on: date
    source: str


class RecordWithdrawn(OrganizationEvent):
    """A record was taken back as wrong."""

    type: ClassVar[str] = "organization.record_withdrawn"
    kind: str
    reason: str


class FindingOpened(OrganizationEvent):
    """Something about an organization has to be settled."""

    type: ClassVar[str] = "organization.finding_opened"
    finding_id: UUID
    kind: str
    fact: str


class FindingClosed(OrganizationEvent):
    """A finding is settled, by the facts or by a person."""

    type: ClassVar[str] = "organization.finding_closed"
    finding_id: UUID
    kind: str
    closed_by: Literal["facts", "person"]


class PhoneRevealed(OrganizationEvent):
    """Somebody asked for a phone number in plain text, and got it."""

    type: ClassVar[str] = "organization.phone_revealed"
    reveals: ClassVar[bool] = True
    public: ClassVar[bool] = False
    phone_id: UUID
    of: Literal["contact", "officer"]
    purpose: str
    reason: str


class DuplicateAttempted(OrganizationEvent):
    """Somebody tried to register a credit code that another organization outside their scope has."""

    type: ClassVar[str] = "organization.duplicate_attempted"
    public: ClassVar[bool] = False
    attempted_division_code: str
    source: str


class CreditCodeExceptionEvent(Event):
    """Something that happened to a request to accept a wrong check digit."""

    subject_type: ClassVar[str] = "credit_code_exception"
    public: ClassVar[bool] = False


class CreditCodeExceptionRequested(CreditCodeExceptionEvent):
    type: ClassVar[str] = "credit_code_exception.requested"
    credit_code: str


class CreditCodeExceptionApproved(CreditCodeExceptionEvent):
    type: ClassVar[str] = "credit_code_exception.approved"
    credit_code: str
    reason: str


class CreditCodeExceptionRefused(CreditCodeExceptionEvent):
    type: ClassVar[str] = "credit_code_exception.refused"
    credit_code: str
    reason: str
