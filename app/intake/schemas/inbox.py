"""The inbox as registries and people see it: what came, where it lies and why, and what people do with it."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field

from app.core.events import Event
from app.core.fields import (
    Bilingual,
    CodeRef,
    CodeStr,
    Digest,
    DivisionCode,
    Input,
    LongText,
    Output,
    Ref,
    ShortText,
)
from app.core.pages import Filters
from app.intake.rules import EventState, EventType, Outcome
from app.intake.schemas.messages import RegistryMessage
from app.intake.schemas.sources import SourceCode


class EventFault(Output):
    """One thing wrong with a message: where in it, and how to mend it."""

    pointer: Annotated[str, Field(examples=["/data/credit_code"])]
    code: Annotated[str, Field(examples=["credit_code_check_digit"])]
    message: Bilingual


class EventProblem(Output):
    """Why a message is not applied; the shape of a problem, in both languages."""

    code: Annotated[str, Field(examples=["message_invalid"])]
    title: Bilingual
    detail: Bilingual | None
    errors: list[EventFault]
    reasons: list[dict[str, Any]]


class DeliveryRead(Output):
    """A message that is safely kept. `status_url` tells what becomes of it."""

    id: UUID
    source: str
    webhook_id: str
    type: str | None
    state: EventState
    status_url: Annotated[
        str, Field(examples=["/api/v1/registry-events/0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"])
    ]
    received_at: datetime


class DryRunRead(Output):
    """What would become of a message; nothing was kept."""

    outcome: Outcome
    webhook_id: str
    type: str | None
    organization: Ref | None
    problem: EventProblem | None


class RegistryEventRead(Output):
    """A message in the inbox, without its content."""

    id: UUID
    source: Ref
    source_code: str
    webhook_id: str
    type: Annotated[str | None, Field(json_schema_extra={"x-extensible-enum": [t.value for t in EventType]})]
    state: EventState
    effective_on: date | None
    occurred_at: datetime | None
    sequence: int | None
    organization: Ref | None
    division: CodeRef
    problem: EventProblem | None
    waiting_for: str | None
    attempts: int
    received_at: datetime
    applied_at: datetime | None
    mended_at: datetime | None
    mended_by: Ref | None
    dismissed_reason: str | None
    body_kept: bool
    etag: str
    allowed_actions: list[str]


class EventFilters(Filters):
    """Messages, newest first."""

    source: SourceCode | None = None
    state: EventState | None = None
    type: EventType | None = None
    division: DivisionCode | None = None
    organization_id: UUID | None = None
    problem_code: CodeStr | None = None
    sequence: Annotated[int | None, Field(ge=0, le=2**53 - 1)] = None


class ReplayMany(Input):
    """Which quarantined messages to replay: all that match."""

    source: SourceCode | None = None
    type: EventType | None = None
    division: DivisionCode | None = None
    problem_code: CodeStr | None = None


class Replayed(Output):
    """How many messages are tried again; `more`: the bound was reached, ask again."""

    replayed: int
    more: bool


class Mending(Input):
    """The message as it should have been; the original is kept beside it."""

    message: RegistryMessage
    reason: LongText


class Dismissal(Input):
    """Why a message is not to be applied."""

    reason: LongText


class Reveal(Input):
    """Why the content is needed; the reason is audited."""

    reason: LongText


class EventContent(Output):
    """A message as it came, and as it was mended."""

    id: UUID
    body: Annotated[str, Field(description="The raw text that was signed.")]
    mended_body: str | None


class CertificateEvidence(Input):
    """Evidence that a certificate really prints a code with a wrong check digit."""

    evidence: Annotated[LongText, Field(examples=["证书原件扫描件已核对, 发证机关书面确认"])]
    file_digest: Annotated[Digest | None, Field(description="SHA-256 of the scanned certificate.")] = None


class CertificateDecision(Input):
    """The second person's word."""

    accept: bool
    reason: ShortText


class RegistryEventReceived(Event):
    """A signed message was taken."""

    type: ClassVar[str] = "registry_event.received"
    subject_type: ClassVar[str] = "registry_event"
    public: ClassVar[bool] = False

    source_id: UUID
    webhook_id: str
    stated_type: str | None
    state: str


class RegistryEventQuarantined(Event):
    """A message cannot be applied as it is."""

    type: ClassVar[str] = "registry_event.quarantined"
    subject_type: ClassVar[str] = "registry_event"
    public: ClassVar[bool] = False

    source_id: UUID
    code: str


class RegistryEventReplayed(Event):
    """A message is tried again."""

    type: ClassVar[str] = "registry_event.replayed"
    subject_type: ClassVar[str] = "registry_event"
    public: ClassVar[bool] = False

    source_id: UUID


class RegistryEventMended(Event):
    """A person gave the message as it should have been."""

    type: ClassVar[str] = "registry_event.mended"
    subject_type: ClassVar[str] = "registry_event"
    public: ClassVar[bool] = False

    source_id: UUID
    reason: str


class RegistryEventDismissed(Event):
    """A person decided that a message is not to be applied."""

    type: ClassVar[str] = "registry_event.dismissed"
    subject_type: ClassVar[str] = "registry_event"
    public: ClassVar[bool] = False

    source_id: UUID
    reason: str


class RegistryEventRevealed(Event):
    """A person read the content of a message."""

    type: ClassVar[str] = "registry_event.revealed"
    reveals: ClassVar[bool] = True
    subject_type: ClassVar[str] = "registry_event"
    public: ClassVar[bool] = False

    source_id: UUID
    reason: str


class CertificateContested(Event):
    """Somebody asked to accept a certificate whose check digit is wrong, or decided on it."""

    type: ClassVar[str] = "registry_event.certificate"
    subject_type: ClassVar[str] = "registry_event"
    public: ClassVar[bool] = False

    source_id: UUID
    step: str
    file_digest: str | None
