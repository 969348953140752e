"""What crosses the wire: imports, their rows, the columns that are understood, reconciliations."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field

from app.core.events import Event
from app.core.fields import Bilingual, Day, DivisionCode, Input, Output, Ref, ShortText
from app.core.pages import Filters, Question
from app.imports.rules import (
    DifferenceKind,
    DifferenceState,
    ImportField,
    ImportKind,
    Outcome,
    UnknownAuthorities,
    ValueKind,
)
from app.operations.rules import OperationState
from app.organizations.rules import Identifier, IdentifierScheme, RegistrationMode, RegistrationStatus, Row
from app.organizations.schemas import StatedFacts
from app.organizations.schemas.inputs import absent


class TableFormat(Question):
    """The form of a table that is asked for."""

    kind: Annotated[ImportKind, Field(description="What it is to hold.")] = ImportKind.ORGANIZATIONS
    format: Annotated[
        str, Field(pattern="^(xlsx|csv)$", description="`xlsx` or `csv`.", examples=["xlsx"])
    ] = "xlsx"


class ColumnMapping(Input):
    """A column of the file, and the field that it fills."""

    field: Annotated[ImportField, Field(description="The field.")]
    heading: Annotated[
        ShortText, Field(description="The heading as it stands in the file.", examples=["单位全称"])
    ]


class FileChoice(Input):
    """A file that was uploaded to `/files`, and how to read it."""

    file_id: Annotated[UUID, Field(description="An .xlsx or .csv of yours, from `POST /files`.")]
    division_code: Annotated[
        DivisionCode,
        Field(description="Your division: where rows without one of their own are registered."),
    ]
    mapping: Annotated[
        list[ColumnMapping] | None,
        Field(
            max_length=60,
            description="Which heading fills which field. Null: they are recognised (`/imports/columns`).",
        ),
    ] = None

    def headings(self) -> dict[str, str] | None:
        """The mapping as field to heading."""
        return None if self.mapping is None else {m.field.value: m.heading for m in self.mapping}


class ImportCreate(FileChoice):
    """Asks to take a ledger in."""

    kind: Annotated[ImportKind, Field(description="What the file holds.")] = ImportKind.ORGANIZATIONS
    unknown_authorities: Annotated[
        UnknownAuthorities,
        Field(description="A row that names an authority not on file: `refuse` it or `leave_out` the name."),
    ] = UnknownAuthorities.REFUSE
    dry_run: Annotated[bool, Field(description="Say what would become of each row; change nothing.")] = False
    registration_mode: Annotated[
        RegistrationMode | None,
        Field(
            description="Of new organizations whose row does not say. Null: `dual` where a supervisory unit "
            "is named, else `direct`; `filed` for community organizations."
        ),
    ] = None


class ImportRowFacts(StatedFacts):
    """What a row states, in the types of the single route. Absent says nothing."""

    registration_status: RegistrationStatus = absent()
    registration_number: ShortText | None = absent()
    effective_on: Day | None = absent()

    def row(self) -> Row:
        """The row as the ledger takes it."""
        facts = {name: getattr(self, name) for name in self.model_fields_set - _BESIDE}
        number = self.registration_number
        scheme = IdentifierScheme.REGISTRATION_NUMBER
        numbers = () if number is None else (Identifier(scheme=scheme, number=number),)
        return Row(facts=facts, identifiers=numbers, effective_on=self.effective_on)


_BESIDE = {"registration_number", "effective_on"}


class RecognisedColumn(Output):
    """A column of the file, by its position from 0, that fills a field."""

    position: Annotated[int, Field(description="Its place in the row, from 0.", examples=[1])]
    field: Annotated[ImportField, Field(description="The field that it fills.")]
    heading: Annotated[str, Field(description="As it stands in the file.", examples=["社会组织名称"])]


class _Followed(Output):
    """Long work over a file."""

    id: UUID
    file: Annotated[Ref | None, Field(description="Null once the file was removed.")]
    file_name: Annotated[str, Field(description="The name it was uploaded under.", examples=["台账.xlsx"])]
    division_code: Annotated[str, Field(examples=["440100"])]
    operation_id: UUID
    state: OperationState
    failure: Annotated[str | None, Field(examples=["file_not_found"])]
    rows: Annotated[int, Field(description="Rows looked at so far.", examples=[1200])]
    total: Annotated[int | None, Field(description="Rows in all, once they are counted.", examples=[1200])]
    requested_by: Ref
    created_at: datetime
    finished_at: datetime | None
    etag: str


class ImportRead(_Followed):
    """An import and its counts; in a dry run they say what would become of the rows."""

    kind: ImportKind
    dry_run: bool
    registration_mode: RegistrationMode | None
    unknown_authorities: Annotated[
        UnknownAuthorities, Field(description="What becomes of rows that name an authority not on file.")
    ]
    columns: Annotated[list[RecognisedColumn], Field(description="The columns that are read.")]
    ignored_headings: Annotated[
        list[str], Field(description="Headings that no column of ours has.", examples=[["序号", "备注"]])
    ]
    new: Annotated[int, Field(description="Rows that registered an organization.", examples=[812])]
    changed: Annotated[int, Field(description="Rows that changed a fact.", examples=[37])]
    unchanged: Annotated[int, Field(description="Rows that said nothing new.", examples=[345])]
    refused: Annotated[int, Field(description="Rows that were refused.", examples=[6])]


class ImportFilters(Filters):
    """Imports, the latest first."""

    state: Annotated[OperationState | None, Field(description="Only those in this state.")] = None
    dry_run: Annotated[bool | None, Field(description="Only dry runs, or only others.")] = None


class Reason(Output):
    """Why a row was refused, or what of it was left out: the field, its heading in the file, and the mend."""

    field: Annotated[str | None, Field(description="Null: the row as a whole.", examples=["credit_code"])]
    heading: Annotated[str | None, Field(description="In the file.", examples=["统一社会信用代码"])]
    code: Annotated[str, Field(description="What is wrong.", examples=["credit_code_check_digit"])]
    message: Bilingual


class ImportRowRead(Output):
    """What became of a row. `number` is the row's number in the file, the header's included."""

    number: int
    outcome: Outcome
    name: Annotated[str | None, Field(examples=["广州市南沙区青年志愿者协会"])]
    credit_code: Annotated[str | None, Field(examples=["51440115MJL123456M"])]
    organization: Ref | None
    changed: Annotated[list[str], Field(description="Facts that have another value now.")]
    reasons: list[Reason]


class ImportRowFilters(Filters):
    """Rows of an import, in order."""

    outcome: Annotated[Outcome | None, Field(description="Only rows of this outcome.")] = None


class ImportColumnRead(Output):
    """A column that is understood: its field, its heading, other headings, and how to fill it in."""

    field: Annotated[ImportField, Field(description="The field that it fills.")]
    heading_zh: Annotated[str, Field(description="Its heading in the template.", examples=["社会组织名称"])]
    heading_en: Annotated[str, Field(description="Its English heading.", examples=["Name"])]
    synonyms: Annotated[list[str], Field(description="Headings that are recognised too.")]
    value: ValueKind
    required: Annotated[bool, Field(description="A new organization cannot do without it.")]
    note: Bilingual | None
    example: Annotated[str | None, Field(description="What may stand there.", examples=["社会团体"])]


class ImportColumns(Output):
    """All columns, in the order of the template."""

    items: list[ImportColumnRead]


class ReconciliationCreate(FileChoice):
    """Asks to hold a list against the ledger."""

    registration_authority_id: Annotated[
        UUID | None,
        Field(description="Only organizations that this authority registered. Null: all of the division."),
    ] = None


class ReconciliationRead(_Followed):
    """A reconciliation and how many differences of each kind it found."""

    registration_authority: Ref | None
    matched: Annotated[int, Field(description="Rows whose organization is here.")]
    refused: Annotated[int, Field(description="Rows that could not be read.")]
    only_in_file: Annotated[int, Field(description="Rows whose organization is not here.", examples=[3])]
    only_here: Annotated[int, Field(description="Organizations that the file does not list.", examples=[2])]
    different: Annotated[int, Field(description="Facts that differ.")]
    open: Annotated[int, Field(description="Differences that nobody has settled.")]


class ReconciliationFilters(Filters):
    """Reconciliations, the latest first."""

    state: Annotated[OperationState | None, Field(description="Only those in this state.")] = None


class DifferenceRead(Output):
    """One difference. For `different`, `fact` is what differs, with the file's value and ours."""

    id: UUID
    kind: DifferenceKind
    state: DifferenceState
    row: Annotated[int | None, Field(description="The row in the file.")]
    organization: Ref | None
    name: Annotated[str, Field(examples=["广州市南沙区青年志愿者协会"])]
    credit_code: str | None
    fact: Annotated[str | None, Field(examples=["legal_representative"])]
    in_file: Annotated[
        Any,
        Field(description="The file's value of the fact; authorities as `{id, name}`.", examples=["李某"]),
    ]
    here: Annotated[Any, Field(description="Our value of the fact.", examples=["陈某"])]
    settled_by: Annotated[Ref | None, Field(description="Who settled it.")]
    settled_at: Annotated[datetime | None, Field(description="When it was settled.")]
    reason: str | None
    etag: str
    allowed_actions: list[str]


class DifferenceFilters(Filters):
    """Differences of a reconciliation."""

    kind: Annotated[DifferenceKind | None, Field(description="Only this kind.")] = None
    state: Annotated[DifferenceState | None, Field(description="Only in this state.")] = None
    fact: Annotated[str | None, Field(max_length=64, pattern="^[a-z_]+$", description="Only this fact.")] = (
        None
    )


class AcceptAll(Input):
    """Which open differences to accept: those of a kind, perhaps of one fact."""

    kind: Annotated[DifferenceKind, Field(description="`different` or `only_in_file`.")]
    fact: Annotated[ImportField | None, Field(description="Of `different`: only this fact.")] = None


class Explanation(Input):
    """Why a difference needs nothing more."""

    reason: ShortText


class _JobEvent(Event):
    public: ClassVar[bool] = False
    subject_type: ClassVar[str] = "import"

    file_name: str
    operation_id: UUID


class ImportStarted(_JobEvent):
    """A ledger is to be taken in."""

    type: ClassVar[str] = "import.started"
    dry_run: bool


class ImportFinished(_JobEvent):
    """A ledger was taken in, or tried in a dry run."""

    type: ClassVar[str] = "import.finished"
    dry_run: bool
    new: int
    changed: int
    unchanged: int
    refused: int


class ReconciliationStarted(_JobEvent):
    """A list is to be held against the ledger."""

    type: ClassVar[str] = "reconciliation.started"
    subject_type: ClassVar[str] = "reconciliation"


class DifferenceSettledEvent(Event):
    """A difference was accepted, explained, or became a finding."""

    type: ClassVar[str] = "reconciliation.difference_settled"
    subject_type: ClassVar[str] = "reconciliation"
    public: ClassVar[bool] = False

    difference_id: UUID
    kind: DifferenceKind
    state: DifferenceState
    organization_id: UUID | None
    fact: str | None
    settled_on: date
