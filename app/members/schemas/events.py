"""What happens to members. Ids only; feeds of subscribers carry nothing about people."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.core.events import Event
from app.members.rules import (
    EndKind,
    LegalGround,
    MemberStatus,
    RequestKind,
    RequestState,
    RetentionState,
    TransferState,
    VerificationOutcome,
)


class _MemberEvent(Event):
    """Ids only; feeds of subscribers carry nothing about people."""

    subject_type: ClassVar[str] = "member"
    public: ClassVar[bool] = False


class MemberRecorded(_MemberEvent):
    """A member was entered into the ledger."""

    type: ClassVar[str] = "member.recorded"
    status: MemberStatus
    party_organization_id: UUID


class MemberChanged(_MemberEvent):
    """What is known of a member was changed; the values are not told."""

    type: ClassVar[str] = "member.changed"
    changed: list[str]


class MemberStatusChanged(_MemberEvent):
    """A member went on, was suspended, restored or ended."""

    type: ClassVar[str] = "member.status_changed"
    status: MemberStatus
    kind: EndKind | None
    on: date


class MemberNeedsVerification(Event):
    """A person could not be entered here: the level above both places verifies."""

    type: ClassVar[str] = "member.needs_verification"
    subject_type: ClassVar[str] = "party_organization"
    public: ClassVar[bool] = False


class MembersLookedUp(Event):
    """Somebody looked for a person by name or number."""

    type: ClassVar[str] = "member.looked_up"
    subject_type: ClassVar[str] = "user"
    public: ClassVar[bool] = False
    by: list[str]
    found: int


class MemberShown(_MemberEvent):
    """Plain text of a member was shown to somebody, who said why."""

    type: ClassVar[str] = "member.revealed"
    reveals: ClassVar[bool] = True
    fields: list[str]
    purpose: str
    reason: str


class MemberLinkChanged(_MemberEvent):
    """A restriction or a participation began or ended."""

    type: ClassVar[str] = "member.link_changed"
    link: str
    link_id: UUID
    begun: bool
    on: date


class TransferChanged(_MemberEvent):
    """A transfer was requested, sent, accepted, returned or cancelled."""

    type: ClassVar[str] = "member.transfer_changed"
    transfer_id: UUID
    state: TransferState
    from_party_organization_id: UUID
    to_party_organization_id: UUID | None
    on: date | None


class MemberHandedOver(_MemberEvent):
    """A member went from one body to another without a transfer: with the body (merged, split, upgraded),
    or before joining the Party."""

    type: ClassVar[str] = "member.handed_over"
    from_party_organization_id: UUID
    to_party_organization_id: UUID
    on: date
    reason: str


class MemberVerified(Event):
    """The level above has said who somebody is."""

    type: ClassVar[str] = "member.verified"
    subject_type: ClassVar[str] = "party_organization"
    public: ClassVar[bool] = False
    verification_id: UUID
    outcome: VerificationOutcome
    transfer_id: UUID | None


class PersonRequestChanged(_MemberEvent):
    """A person's own request was recorded, decided or executed."""

    type: ClassVar[str] = "member.request_changed"
    request_id: UUID
    kind: RequestKind
    state: RequestState
    legal_ground: LegalGround | None


class PersonCopied(_MemberEvent):
    """Everything that is held about a person was handed out to them."""

    type: ClassVar[str] = "member.copied"
    reveals: ClassVar[bool] = True
    request_id: UUID
    tables: list[str]


class PersonErased(_MemberEvent):
    """What named a person was erased; that there was somebody stays."""

    type: ClassVar[str] = "member.erased"
    tables: list[str]
    ground: str


class RetentionSettled(_MemberEvent):
    """A record whose time is over was kept for a reason, or erased."""

    type: ClassVar[str] = "member.retention_settled"
    retention_id: UUID
    state: RetentionState


class RetentionsListed(Event):
    """The daily job found records whose time is over."""

    type: ClassVar[str] = "member.retentions_listed"
    subject_type: ClassVar[str] = "service"
    public: ClassVar[bool] = False
    found: int


class GridUnitChanged(Event):
    """A grid unit was opened, changed or closed."""

    type: ClassVar[str] = "grid_unit.changed"
    subject_type: ClassVar[str] = "grid_unit"
    public: ClassVar[bool] = False
    changed: list[str]


class GridUnitFilled(Event):
    """An organization or a member came to a grid unit, or left it."""

    type: ClassVar[str] = "grid_unit.filled"
    subject_type: ClassVar[str] = "grid_unit"
    public: ClassVar[bool] = False
    organization_id: UUID | None
    member_id: UUID | None
    assigned: bool
    on: date
