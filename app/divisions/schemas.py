"""What crosses the wire: divisions, their changes, the import of a year's table, and events."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from app.core.events import Event
from app.core.fields import Day, DivisionCode, Input, Name, Output, SafeStr, ShortText
from app.core.pages import Filters
from app.divisions.rules import ROOT, DivisionChange, DivisionKind, DivisionLevel

Source = Annotated[ShortText, Field(title="Source", examples=["国务院批复, 民政部公布"])]
EffectiveOn = Annotated[Day, Field(description="The day from which it holds, Asia/Shanghai.")]
State = Literal["in_force", "abolished", "planned"]
TABLE = (DivisionLevel.PROVINCE, DivisionLevel.PREFECTURE, DivisionLevel.COUNTY)
"""The levels of GB/T 2260."""


class DivisionRef(Output):
    """A division by its code, with its name on that day."""

    code: str
    name: str


class DivisionSuccessorRead(Output):
    """A division that took an abolished one's place."""

    code: str
    name: str
    effective_on: date
    kind: DivisionChange
    source: str


class DivisionRead(Output):
    """A division as it was on the day asked for (today, if none). An abolished one names its successors: with
    one, use that; with several or none, its records need re-coding."""

    code: str
    name: str
    kind: DivisionKind
    level: DivisionLevel
    parent: DivisionRef | None
    state: State
    from_on: date | None
    abolished_on: date | None
    dates_exact: bool
    successors: list[DivisionSuccessorRead]
    source: str
    etag: str
    allowed_actions: list[str]


class DivisionAncestor(Output):
    """A division on the way from the nation."""

    code: str
    name: str
    level: DivisionLevel


class DivisionPath(Output):
    """The divisions from the nation down to this one, on that day."""

    items: list[DivisionAncestor]


class DivisionPastName(Output):
    """A name that the code had."""

    name: str
    kind: DivisionKind
    from_on: date | None
    until_on: date | None
    source: str


class DivisionPastParent(Output):
    """Where the code hung: below its parent, or `resting` below its successor while it was not in force."""

    code: str
    name: str
    resting: bool
    from_on: date | None
    until_on: date | None
    source: str


class DivisionHistory(Output):
    """All that was ever recorded of a code; `until_on` is the first day on which it no longer held."""

    code: str
    names: list[DivisionPastName]
    parents: list[DivisionPastParent]
    successors: list[DivisionSuccessorRead]
    predecessors: list[DivisionSuccessorRead]
    etag: str


class DivisionFilters(Filters):
    """Without `state`: those in force that day; with `has_successor` or `needs_recoding`: abolished ones."""

    q: Annotated[
        Annotated[str, SafeStr(40)] | None,
        Field(description="Part of the name, or the beginning of the code.", examples=["南沙"]),
    ] = None
    level: DivisionLevel | None = None
    kind: DivisionKind | None = None
    parent: Annotated[DivisionCode | None, Field(description="Directly below this one.")] = None
    division: Annotated[DivisionCode | None, Field(description="In the subtree of this one.")] = None
    on: Annotated[Day | None, Field(description="The day to look at; today if absent.")] = None
    state: State | None = None
    has_successor: bool | None = None
    needs_recoding: Annotated[
        bool | None, Field(description="Abolished with several successors, or with none.")
    ] = None


class DivisionChildFilters(Filters):
    """The children on a day."""

    on: Annotated[Day | None, Field(description="The day to look at; today if absent.")] = None


class DivisionCreate(Input):
    """A division that the national table does not have: a development zone, a township, a community."""

    code: DivisionCode
    name: Name
    kind: DivisionKind
    level: DivisionLevel
    parent_code: DivisionCode
    from_on: Annotated[Day | None, Field(description="Null: since a day that nobody knows.")]
    source: Source


class DivisionUpdate(Input):
    """A merge patch that corrects what was recorded; a new name from a day on is `/rename`."""

    name: Annotated[Name, Field(default_factory=str)]
    kind: Annotated[DivisionKind, Field(default_factory=lambda: DivisionKind.OTHER)]
    source: Annotated[Source, Field(default_factory=str)]


class DivisionRename(Input):
    """A new name, and perhaps a new kind, from a day on."""

    name: Name
    kind: DivisionKind | None = None
    effective_on: EffectiveOn
    source: Source


class DivisionMove(Input):
    """A new parent from a day on."""

    parent_code: DivisionCode
    effective_on: EffectiveOn
    source: Source


class DivisionAbolish(Input):
    """The end of a code: who takes its place from that day on (nobody: `kind` is `abolished`)."""

    effective_on: EffectiveOn
    kind: DivisionChange
    successors: Annotated[list[DivisionCode], Field(max_length=50, examples=[["330102", "330114"]])]
    source: Source

    @model_validator(mode="after")
    def _consistent(self) -> "DivisionAbolish":
        if (self.kind is DivisionChange.ABOLISHED) != (not self.successors):
            raise ValueError("kind `abolished` means no successors, any other kind at least one")
        return self


class DivisionTableRow(Input):
    """A row of a year's table."""

    code: DivisionCode
    name: Name
    kind: DivisionKind
    level: DivisionLevel
    parent_code: DivisionCode


class DivisionTableFate(Input):
    """What became of a code that the new table no longer has."""

    code: DivisionCode
    successors: Annotated[list[DivisionCode], Field(max_length=50, examples=[["440115"]])]
    kind: DivisionChange


class DivisionImport(Input):
    """A new table, complete for the levels it covers in one subtree. What it lacks is abolished."""

    effective_on: EffectiveOn
    source: Source
    dry_run: Annotated[bool, Field(description="True: only say what would change.", examples=[True])]
    division_code: Annotated[DivisionCode, Field(description="The subtree that the table describes.")] = ROOT
    levels: Annotated[
        list[DivisionLevel], Field(min_length=1, max_length=6, default_factory=lambda: list(TABLE))
    ]
    entries: Annotated[
        list[DivisionTableRow] | None, Field(max_length=1000, description="The rows, up to 1,000.")
    ] = None
    csv: Annotated[
        Annotated[str, SafeStr(900_000, multiline=True)] | None,
        Field(
            description="Or as CSV with the columns code, name, kind, level, parent_code.",
            examples=["code,name,kind,level,parent_code\n440100,广州市,prefecture_city,prefecture,440000\n"],
        ),
    ] = None
    fates: Annotated[list[DivisionTableFate], Field(max_length=1000, default_factory=list)]

    @model_validator(mode="after")
    def _one_table(self) -> "DivisionImport":
        if (self.entries is None) == (self.csv is None):
            raise ValueError("give either `entries` or `csv`")
        return self


class DivisionAddedRow(Output):
    """A code that is new."""

    code: str
    name: str
    kind: DivisionKind
    level: DivisionLevel
    parent_code: str


class DivisionChangedRow(Output):
    """A code whose name, kind or parent differs."""

    code: str
    name_before: str
    name: str
    kind_before: DivisionKind
    kind: DivisionKind
    parent_code_before: str
    parent_code: str


class DivisionAbolishedRow(Output):
    """A code that the new table lacks; `settled` when it was said what became of it."""

    code: str
    name: str
    successors: list[str]
    kind: DivisionChange | None
    settled: bool


class DivisionImportRead(Output):
    """How the table differs from what was recorded, and whether it was applied."""

    applied: bool
    effective_on: date
    division_code: str
    added: list[DivisionAddedRow]
    changed: list[DivisionChangedRow]
    abolished: list[DivisionAbolishedRow]
    unchanged: int


class _DivisionEvent(Event):
    subject_type: ClassVar[str] = "division"

    code: str
    name: str


class DivisionAdded(_DivisionEvent):
    """A division was added."""

    type: ClassVar[str] = "division.added"
    parent_code: str
    from_on: date | None


class DivisionCorrected(_DivisionEvent):
    """What was recorded of a division was wrong and is mended; only the names of the fields are told."""

    type: ClassVar[str] = "division.corrected"
    fields: list[str]


class DivisionRenamed(_DivisionEvent):
    """A division has a new name."""

    type: ClassVar[str] = "division.renamed"
    before: str
    effective_on: date


class DivisionMoved(_DivisionEvent):
    """A division has a new parent."""

    type: ClassVar[str] = "division.moved"
    before: str
    parent_code: str
    effective_on: date


class DivisionAbolished(_DivisionEvent):
    """A code ended; its successors, if any, took its place."""

    type: ClassVar[str] = "division.abolished"
    successors: list[str]
    effective_on: date


class DivisionTableImported(_DivisionEvent):
    """A year's table was applied to a subtree."""

    type: ClassVar[str] = "division.table_imported"
    effective_on: date
    source: str
    added: int
    changed: int
    abolished: int
