"""What crosses the wire: the calendar, dictionaries, rule packs."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.core.events import Event
from app.core.fields import CodeStr, Day, DivisionCode, Input, JsonObject, Output, SafeStr, ShortText
from app.core.pages import Filters

Year = Annotated[int, Field(ge=1949, le=2199, examples=[2026])]
Source = Annotated[ShortText, Field(title="Source", examples=["国务院办公厅关于2026年部分节假日安排的通知"])]
Label = Annotated[str, SafeStr(80), Field(title="Label", examples=["社会团体"])]
PackCode = Annotated[
    str,
    Field(
        title="Pack code",
        max_length=80,
        pattern="^[a-z][a-z0-9_-]*$",
        examples=["establishment-national"],
    ),
]
PackVersion = Annotated[
    str,
    Field(title="Pack version", max_length=40, pattern="^[0-9A-Za-z][0-9A-Za-z._-]*$", examples=["2026.1"]),
]
ItemCode = Annotated[
    str,
    Field(title="Value", max_length=64, pattern="^[0-9A-Za-z][0-9A-Za-z_.]*$", examples=["association"]),
]

CONTENTS: dict[str, type[Input]] = {}
"""The shape of the content of each kind of rule pack, entered by the slice whose rules read it."""


def content_of(kind: str, shape: type[Input]) -> None:
    """Enter the shape of a kind of pack: drafts of that kind are checked against it."""
    CONTENTS[kind] = shape


# ------------------------------------------------------------------------------------------------ calendar


class CalendarDay(Input):
    """A day that is not what its weekday says."""

    day: Day
    is_working: Annotated[bool, Field(description="False: a holiday. True: a weekend that is worked (调休).")]
    name: Annotated[str, SafeStr(40), Field(examples=["国庆节"])]


class CalendarDayRead(Output):
    """A day that is not what its weekday says."""

    day: date
    is_working: bool
    name: str


class CalendarYearPut(Input):
    """The whole table of a year, in place of what was there."""

    source: Source
    complete: Annotated[
        bool, Field(description="The year's notice is in: its deadlines are no longer provisional.")
    ]
    days: Annotated[list[CalendarDay], Field(max_length=366)]


class CalendarYearRead(Output):
    """A year of the calendar. A year that nobody has entered is there too, empty and not complete."""

    year: int
    source: str | None
    complete: bool
    days: list[CalendarDayRead]
    etag: str
    allowed_actions: list[str]


class CalendarYearItem(Output):
    """A year that is entered."""

    year: int
    source: str
    complete: bool
    etag: str
    allowed_actions: list[str]


class CalendarFilters(Filters):
    """Years in order."""

    complete: bool | None = None


class WorkingDayQuery(BaseModel):
    """From the day after `start_on`, this many working days."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start_on: Annotated[Day, Field(description="The day of the event; it does not count itself.")]
    days: Annotated[int, Field(ge=0, le=3660, examples=[5])]


class WorkingDayRead(Output):
    """A deadline; `provisional` while the holidays of a year on the way are not known."""

    start_on: date
    days: int
    due_on: date
    provisional: bool


class CalendarChanged(Event):
    """The table of a year was entered or replaced: provisional deadlines may move."""

    type: ClassVar[str] = "calendar.changed"
    subject_type: ClassVar[str] = "calendar_year"
    year: int
    complete: bool


# -------------------------------------------------------------------------------------------- dictionaries


class DictionaryItemCreate(Input):
    """A new value of a growing dictionary."""

    code: CodeStr
    label_zh: Label
    label_en: Label


class DictionaryItemUpdate(Input):
    """A merge patch: new labels, or out of use for new records."""

    label_zh: Annotated[Label, Field(default_factory=str)]
    label_en: Annotated[Label, Field(default_factory=str)]
    deprecated: Annotated[bool, Field(default_factory=bool)]


class DictionaryItemRead(Output):
    """One value with its labels; a deprecated one is for old records only."""

    code: str
    label_zh: str
    label_en: str
    deprecated: bool


class DictionaryRead(Output):
    """An enumeration; a `growing` one may have further values tomorrow."""

    code: str
    label_zh: str
    label_en: str
    growing: bool
    items: list[DictionaryItemRead]
    etag: str
    allowed_actions: list[str]


class DictionaryListItem(Output):
    """An enumeration without its values."""

    code: str
    label_zh: str
    label_en: str
    growing: bool
    etag: str
    allowed_actions: list[str]


class DictionaryFilters(Filters):
    """Dictionaries in order of code."""

    growing: bool | None = None


class DictionaryChanged(Event):
    """A value of a dictionary was added or changed."""

    type: ClassVar[str] = "dictionary.changed"
    subject_type: ClassVar[str] = "dictionary"
    code: str
    item: str


# ---------------------------------------------------------------------------------------------- rule packs


class RulePackCreate(Input):
    """A draft. It holds for nobody until somebody else publishes it."""

    kind: CodeStr
    code: PackCode
    version: PackVersion
    jurisdiction_code: Annotated[DivisionCode | None, Field(description="Null: the nation.")]
    effective_on: Day
    source: Source
    content: JsonObject


class RulePackUpdate(Input):
    """A merge patch of a draft; `content` is replaced as a whole."""

    effective_on: Annotated[Day, Field(default_factory=lambda: date.min)]
    source: Annotated[Source, Field(default_factory=str)]
    content: Annotated[JsonObject, Field(default_factory=dict)]


class RulePackRead(Output):
    """Rules as data, with their source."""

    id: UUID
    kind: str
    code: str
    version: str
    jurisdiction_code: str | None
    effective_on: date
    source: str
    content: dict[str, Any]
    state: Literal["draft", "published"]
    published_at: datetime | None
    etag: str
    allowed_actions: list[str]


class RulePackFilters(Filters):
    """Packs in order of kind, code and version."""

    kind: CodeStr | None = None
    state: Literal["draft", "published"] | None = None
    jurisdiction_code: Annotated[
        DivisionCode | None, Field(description="Packs of this jurisdiction; 100000 for the nation's.")
    ] = None
    in_force_on: Annotated[Day | None, Field(description="Published, and effective by this day.")] = None


class RulePackDrafted(Event):
    """A draft of a pack was written."""

    type: ClassVar[str] = "rule_pack.drafted"
    subject_type: ClassVar[str] = "rule_pack"
    public: ClassVar[bool] = False
    kind: str
    code: str
    version: str


class RulePackDraftChanged(Event):
    """A draft was changed; only the names of the fields are told."""

    type: ClassVar[str] = "rule_pack.draft_changed"
    subject_type: ClassVar[str] = "rule_pack"
    public: ClassVar[bool] = False
    fields: list[str]


class RulePackPublished(Event):
    """A pack of rules was published: what it governs is determined anew."""

    type: ClassVar[str] = "rule_pack.published"
    subject_type: ClassVar[str] = "rule_pack"
    kind: str
    code: str
    version: str
    jurisdiction_code: str | None
    effective_on: date
