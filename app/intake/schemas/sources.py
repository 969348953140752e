"""Registry sources, their secrets, and the gaps in what they sent."""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.core.events import Event
from app.core.fields import CodeRef, DivisionCode, Input, LongText, Name, NonNegative, Output, Ref
from app.core.pages import Filters
from app.intake.rules import SOURCE_RANK, SourceScheme, SourceState

SourceCode = Annotated[
    str,
    Field(
        pattern="^[a-z0-9][a-z0-9-]{1,39}$",
        max_length=40,
        description="In the address that the registry pushes to; never changes.",
        examples=["guangzhou-civil-affairs"],
    ),
]
Divisions = Annotated[
    list[DivisionCode],
    Field(
        min_length=1,
        max_length=50,
        description="The divisions whose registrations it keeps, with everything below them.",
        examples=[["440100"]],
    ),
]


class SourceCreate(Input):
    """A registry that may push. Make its first secret at `/secrets`."""

    code: SourceCode
    name: Name
    authority_id: Annotated[UUID, Field(description="The registration authority whose registry it is.")]
    divisions: Divisions
    source_rank: Annotated[
        int,
        Field(
            ge=31,
            le=99,
            description="Its weight where sources disagree; above 40 it outranks what people enter, and"
            " above 50 a second person must approve the source.",
        ),
    ] = SOURCE_RANK
    scheme: SourceScheme = SourceScheme.EITHER
    machine_user_id: Annotated[
        UUID | None, Field(description="The machine user that reads the state of its events.")
    ] = None
    note: LongText | None = None


class SourceUpdate(Input):
    """What may change. A suspended source's messages are refused with 401."""

    name: Name | None = None
    divisions: Divisions | None = None
    scheme: SourceScheme | None = None
    state: SourceState | None = None
    machine_user_id: UUID | None = None
    note: LongText | None = None


class SourceRead(Output):
    """A registry that may push."""

    id: UUID
    code: str
    name: str
    authority: Ref
    division: CodeRef
    divisions: list[CodeRef]
    source_rank: int
    scheme: SourceScheme
    state: SourceState
    machine_user: Ref | None
    note: str | None
    asked_by: Ref | None
    approved_by: Ref | None
    last_sequence: int | None
    quarantined_count: int
    parked_count: int
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class SourceFilters(Filters):
    """Sources whose divisions touch a subtree."""

    division: DivisionCode | None = None
    state: SourceState | None = None
    code: SourceCode | None = None


class SecretCreate(Input):
    """A rotation: the new secret is valid at once, the ones before for a while longer."""

    overlap_hours: Annotated[
        NonNegative, Field(le=720, description="How long older secrets stay valid.", examples=[168])
    ] = 168


class SecretRead(Output):
    """A secret, without itself."""

    id: UUID
    fingerprint: Annotated[str, Field(description="The first 16 hexadecimal digits of its SHA-256.")]
    valid_from_at: datetime
    valid_until_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime
    created_by: Ref | None
    etag: str
    allowed_actions: list[str]


class SecretCreated(Output):
    """A new secret: shown this once, and never kept in a form that could be shown again over HTTP."""

    id: UUID
    secret: Annotated[str, Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])]
    fingerprint: str
    valid_from_at: datetime


class SecretFilters(Filters):
    """All secrets of a source, revoked ones too."""


class GapRead(Output):
    """Sequence numbers that were passed over, first and last included."""

    first: int
    last: int
    missing: int


class GapFilters(Filters):
    """Gaps, oldest first."""


class SourceAdded(Event):
    """A registry may push from now on."""

    type: ClassVar[str] = "registry_source.added"
    subject_type: ClassVar[str] = "registry_source"
    public: ClassVar[bool] = False

    code: str
    divisions: list[str]


class SourceAmended(Event):
    """What a registry may do was changed."""

    type: ClassVar[str] = "registry_source.amended"
    subject_type: ClassVar[str] = "registry_source"
    public: ClassVar[bool] = False

    fields: list[str]
    state: str
    divisions: list[str]


class SecretRotated(Event):
    """A source has a new secret."""

    type: ClassVar[str] = "registry_source.secret_rotated"
    subject_type: ClassVar[str] = "registry_source"
    public: ClassVar[bool] = False

    secret_id: UUID
    fingerprint: str
    overlap_hours: int


class SecretRevoked(Event):
    """A secret signs nothing any more."""

    type: ClassVar[str] = "registry_source.secret_revoked"
    subject_type: ClassVar[str] = "registry_source"
    public: ClassVar[bool] = False

    secret_id: UUID
    fingerprint: str


class DryRun(Event):
    """A source asked what would become of a message; nothing of the message itself is told."""

    type: ClassVar[str] = "registry_source.dry_run"
    subject_type: ClassVar[str] = "registry_source"
    public: ClassVar[bool] = False

    message_type: str | None
    outcome: str
