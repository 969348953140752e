"""What crosses the wire about rosters."""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.core.events import Event
from app.core.fields import CodeRef, DivisionCode, Input, LongText, Output, Ref, ShortText
from app.core.pages import Filters, Question
from app.operations.rules import OperationState
from app.rosters.rules import ExportColumn, ExportState, Outcome, RosterKind


class RosterTemplateQuery(Question):
    """Which template."""

    kind: Annotated[RosterKind, Field(description="Of which ledger.", examples=["members"])]
    format: Annotated[
        str, Field(pattern="^(xlsx|csv)$", description="`xlsx` or `csv`.", examples=["xlsx"])
    ] = "xlsx"


class RosterImportCreate(Input):
    """Asks to take a roster in."""

    kind: Annotated[RosterKind, Field(examples=["members"])]
    file_id: Annotated[UUID, Field(description="An .xlsx or .csv of yours, from `POST /files`.")]
    division_code: Annotated[DivisionCode, Field(description="Your division.")]
    dry_run: Annotated[bool, Field(description="Say what would become of each row; change nothing.")] = False


class RosterImportRead(Output):
    """An import of a roster."""

    id: UUID
    kind: RosterKind
    file_name: str
    division: CodeRef
    dry_run: bool
    state: OperationState
    operation_id: UUID
    columns: Annotated[list[str], Field(description="The fields that were recognised.")]
    ignored: Annotated[list[str], Field(description="Headings that no column of ours has.")]
    rows: int
    new: Annotated[int, Field(description="Rows that were entered, or would be.")]
    known: Annotated[int, Field(description="Rows about somebody or something already in sight.")]
    refused: int
    has_errors_file: Annotated[bool, Field(description="Whether the refused rows can be downloaded.")]
    requested_by: Annotated[str, Field(examples=["王经办"], description="Who asked for it.")]
    created_at: datetime
    finished_at: datetime | None
    etag: str


class RosterImportFilters(Filters):
    """Which imports: mine, and those of my divisions."""

    kind: Annotated[RosterKind | None, Field(description="Only this kind.")] = None


class RosterReason(Output):
    """Why a row was refused."""

    field: str | None
    heading: str | None
    code: str
    message_zh: str
    message_en: str


class RosterImportRowRead(Output):
    """What became of a row. Its cells are not kept."""

    number: Annotated[int, Field(description="The row in the file, from 1.")]
    outcome: Outcome
    subject_id: Annotated[UUID | None, Field(description="The member or body that it is about.")]
    reasons: list[RosterReason]


class RosterImportRowFilters(Filters):
    """Which rows."""

    outcome: Annotated[Outcome | None, Field(description="Only this outcome.")] = None


class RosterExportCreate(Input):
    """Asks for a list of members, to be allowed by a second person."""

    division_code: Annotated[DivisionCode, Field(description="Members in bodies of it and below.")]
    party_organization_id: Annotated[
        UUID | None, Field(description="Only members of this body and below.")
    ] = None
    in_party: Annotated[
        bool | None, Field(description="Probationary, full and suspended ones, or the others.")
    ] = True
    columns: Annotated[
        list[ExportColumn], Field(min_length=1, max_length=13, examples=[["name", "status", "branch"]])
    ]
    unmasked: Annotated[
        list[ExportColumn],
        Field(
            max_length=3,
            description="Which of `name`, `id_number`, `phone` in plain text; empty: all masked.",
            examples=[[]],
        ),
    ]
    purpose: Annotated[ShortText, Field(description="What it is for.", examples=["党员组织关系排查"])]
    reason: LongText


class RosterExportDecision(Input):
    """Approve or reject; never by who asked."""

    approve: Annotated[bool, Field(description="Whether it may be made.")]
    reason: ShortText | None = None


class RosterExportRead(Output):
    """An export of members: who asked, who allowed it, what it may hold."""

    id: UUID
    division: CodeRef
    party_organization: Ref | None
    in_party: bool | None
    columns: list[ExportColumn]
    unmasked: list[ExportColumn]
    purpose: str
    reason: str
    state: ExportState
    requested_by: Annotated[str, Field(examples=["王经办"], description="Who asked for it.")]
    created_at: datetime
    decided_by: Annotated[str | None, Field(examples=["李审核"], description="The second person.")]
    decided_at: datetime | None
    decision_reason: str | None
    operation_id: UUID | None
    rows: int | None
    sha256: Annotated[str | None, Field(description="SHA-256 of the file that was made.")]
    made_at: datetime | None
    has_file: Annotated[bool, Field(description="Whether the file is there: it expires.")]
    etag: str
    allowed_actions: list[str]


class RosterExportFilters(Filters):
    """Which exports: mine, and those that I may approve."""

    state: Annotated[ExportState | None, Field(description="Only this state.")] = None


class _RosterEvent(Event):
    public: ClassVar[bool] = False


class RosterImportStarted(_RosterEvent):
    """A roster is being taken in."""

    type: ClassVar[str] = "roster_import.started"
    subject_type: ClassVar[str] = "roster_import"
    kind: RosterKind
    dry_run: bool


class RosterImportFinished(_RosterEvent):
    """A roster was taken in."""

    type: ClassVar[str] = "roster_import.finished"
    subject_type: ClassVar[str] = "roster_import"
    kind: RosterKind
    new: int
    known: int
    refused: int


class RosterExportRequested(_RosterEvent):
    """Somebody asked for a list of members."""

    type: ClassVar[str] = "roster_export.requested"
    subject_type: ClassVar[str] = "roster_export"
    columns: list[str]
    unmasked: list[str]
    purpose: str
    reason: str


class RosterExportDecided(_RosterEvent):
    """A second person allowed it, or did not."""

    type: ClassVar[str] = "roster_export.decided"
    subject_type: ClassVar[str] = "roster_export"
    reveals: ClassVar[bool] = True
    approved: bool
    reason: str | None


class RosterExportMade(_RosterEvent):
    """The list was made."""

    type: ClassVar[str] = "roster_export.made"
    subject_type: ClassVar[str] = "roster_export"
    rows: int
    sha256: str
    unmasked: list[str]
