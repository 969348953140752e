"""What crosses the wire about standards."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.core.events import Event
from app.core.fields import CodeRef, CodeStr, Day, DivisionCode, Input, JsonObject, LongText, Output, SafeStr
from app.core.pages import Filters
from app.scoring.rules import Unit, Use

State = Literal["draft", "published", "withdrawn"]
Yaml = Annotated[str, SafeStr(300_000, multiline=True), Field(title="YAML")]
Content = Annotated[JsonObject, Field(description="The standard as JSON: see `docs/scoring.md`.")]


class StandardText(Input):
    """A standard in one of three forms: JSON, YAML, or an uploaded workbook."""

    content: Content | None = None
    yaml: Yaml | None = None
    file_id: Annotated[UUID | None, Field(description="A workbook uploaded by `POST /files`.")] = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(form is not None for form in (self.content, self.yaml, self.file_id)) != 1:
            raise ValueError("give content, yaml or file_id, and only one of them")
        return self


class StandardDraft(StandardText):
    """A draft: a new standard of a jurisdiction, or the next version of the one with its code."""

    jurisdiction_code: DivisionCode


class OverlayDraft(Input):
    """A lower place's own weights, or bands, within what the standard leaves open."""

    jurisdiction_code: DivisionCode
    source: LongText
    overlay: Annotated[
        JsonObject,
        Field(
            description="`weights` by the code of their indicator, and `bands`.",
            examples=[{"weights": {"funds": "6", "position": "14"}}],
        ),
    ]


class StandardWithdraw(Input):
    """Why it is no longer used for new rounds; what was scored by it stays."""

    reason: LongText


class StandardItem(Output):
    """A version of a standard."""

    id: UUID
    code: str
    use: Annotated[Use, Field(examples=["demonstration"], description="What is decided by it.")]
    name: str
    number: Annotated[int, Field(examples=[1], description="The number of the version, from 1.")]
    jurisdiction: Annotated[CodeRef, Field(description="Where it holds, with all below.")]
    source: str
    base_version_id: Annotated[UUID | None, Field(description="What it is an overlay of.")]
    state: Annotated[State, Field(examples=["published"])]
    content_hash: Annotated[str, Field(examples=["9f" * 32], description="SHA-256 of the canonical JSON.")]
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str | None
    etag: str
    allowed_actions: list[str]


class StandardRead(StandardItem):
    """A version with its whole text."""

    content: dict[str, Any]
    overlay: Annotated[dict[str, Any] | None, Field(description="What differs from its base.")]


class StandardFilters(Filters):
    """Which standards."""

    code: Annotated[CodeStr | None, Field(description="Versions of this standard.")] = None
    use: Annotated[Use | None, Field(description="For this use.")] = None
    state: Annotated[State | None, Field(description="In this state.")] = None
    holds_in: Annotated[
        DivisionCode | None, Field(description="That may be used there: of the division or of one above.")
    ] = None


class StandardFault(Output):
    """What keeps a standard from being published."""

    pointer: str
    code: str
    message: Annotated[
        str, Field(examples=["各维度分值合计99, 与总分100不符"], description="How to mend it.")
    ]


class StandardCheck(Output):
    """Whether a standard may be published, and everything that is in the way."""

    publishable: bool
    faults: list[StandardFault]


class StandardDifference(Output):
    """A line that differs."""

    path: Annotated[str, Field(examples=["/dimensions/guarantee/indicators/funds/weight"])]
    before: str | None
    after: str | None


class StandardComparison(Output):
    """Two versions, line by line; `before` and `after` are null where the line is not there."""

    before_hash: str
    after_hash: str
    differences: list[StandardDifference]


class ComparisonQuery(Input):
    """With what to compare."""

    with_id: Annotated[UUID, Field(description="The id of the other version, taken as the later one.")]


class FileQuery(Input):
    """The form of the file."""

    format: Annotated[Literal["yaml", "xlsx"], Field(description="`yaml` or `xlsx`.")] = "yaml"


class FigureQuery(Input):
    """Of whom, and as of which day: an organization, or a Party organization."""

    organization_id: Annotated[UUID | None, Field(description="The organization.")] = None
    party_organization_id: Annotated[UUID | None, Field(description="The Party organization.")] = None
    as_of: Annotated[Day | None, Field(description="Today if absent.")] = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.organization_id is None) == (self.party_organization_id is None):
            raise ValueError("give organization_id or party_organization_id, and only one of them")
        return self


class FigureRead(Output):
    """A figure of the ledger, what is scored by it, and the list behind it."""

    source: str
    label: Annotated[str, Field(examples=["近十二个月的主题党日"], description="The figure in words.")]
    unit: Annotated[Unit, Field(examples=["count"], description="What the value counts.")]
    value: Annotated[str | None, Field(description="Null where the ledger cannot say.")]
    indicators: Annotated[list[str], Field(examples=[["theme_days"]], description="What is scored by it.")]
    items: Annotated[
        list[dict[str, Any]],
        Field(
            description="The rows behind the value.",
            examples=[[{"what": "theme_day", "on": "2026-11-05", "topic": "重温入党誓词"}]],
        ),
    ]


class StandardFigures(Output):
    """Every figure that a standard asks for, as of a day."""

    as_of: date
    figures: list[FigureRead]


class StandardEvent(Event):
    """Something about a version of a standard."""

    subject_type: ClassVar[str] = "standard"
    code: str
    use: Use
    number: int
    content_hash: str


class StandardDrafted(StandardEvent):
    """A version was drafted."""

    type: ClassVar[str] = "standard.drafted"
    public: ClassVar[bool] = False


class StandardChanged(StandardEvent):
    """A draft was replaced."""

    type: ClassVar[str] = "standard.changed"
    public: ClassVar[bool] = False


class StandardPublished(StandardEvent):
    """A version was published; from now on it never changes."""

    type: ClassVar[str] = "standard.published"


class StandardWithdrawn(StandardEvent):
    """A version is no longer used for new rounds."""

    type: ClassVar[str] = "standard.withdrawn"
