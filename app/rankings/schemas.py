"""Rankings on the wire."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.errors import WORDS
from app.core.events import Event
from app.core.fields import (
    Bilingual,
    CodeRef,
    CodeStr,
    Day,
    DecimalString,
    DivisionCode,
    Input,
    Instant,
    Output,
    Ref,
    ShortText,
)
from app.core.pages import Filters
from app.rankings import rules
from app.rankings.rules import MeasureCode, NothingRule, RankedKind, TieRule
from app.reference.schemas import content_of


class AuthorityRole(StrEnum):
    """Which organizations a department answers for: those it supervises, guides by industry, or registers."""

    SUPERVISORY_UNIT = "supervisory_unit"
    INDUSTRY_AUTHORITY = "industry_authority"
    REGISTRATION_AUTHORITY = "registration_authority"


class RankingMake(Input):
    """Whom to compare, on which day, by which scheme, by what was known when."""

    ranked: Annotated[RankedKind, Field(examples=["divisions"])]
    division_code: Annotated[
        DivisionCode | None,
        Field(description="Compare the divisions directly below it, or its departments (authorities)."),
    ] = None
    party_organization_id: Annotated[
        UUID | None, Field(description="Compare the Party organizations directly below it.")
    ] = None
    authority_role: Annotated[
        AuthorityRole | None,
        Field(description="By which organizations departments are measured; those they supervise if absent."),
    ] = None
    scheme: Annotated[CodeStr, Field(description="The code of a rule pack `ranking`.")] = "ranking_national"
    as_of: Annotated[Day | None, Field(description="The day that is compared; today if absent.")] = None
    known_at: Annotated[
        Instant | None, Field(description="By what was on record at this instant; now if absent.")
    ] = None
    title: Annotated[ShortText | None, Field(examples=["广州市2026年6月区县综合排名"])] = None


class RankingFilters(Filters):
    """Which rankings."""

    division: Annotated[DivisionCode | None, Field(description="Of this division and those below.")] = None
    party_organization_id: Annotated[UUID | None, Field(description="Of this body and those below.")] = None
    ranked: Annotated[RankedKind | None, Field(description="Whom they compare.")] = None
    scheme: Annotated[CodeStr | None, Field(description="By this scheme, in any version.")] = None


class RankingSchemeMeasure(Output):
    """A measure as the scheme weighs it."""

    code: MeasureCode
    label: Bilingual
    definition: Bilingual
    weight: Annotated[str, Field(examples=["30"])]
    worst: Annotated[str, Field(description="The value that earns nothing.", examples=["0"])]
    best: Annotated[str, Field(description="The value that earns all of the weight.", examples=["100"])]


class RankingScheme(Output):
    """The scheme as it was: which measures, weights, how equals and gaps are treated."""

    code: str
    version: str
    source: str
    name: Bilingual
    measures: list[RankingSchemeMeasure]
    places: int
    ranks: TieRule
    nothing: NothingRule
    ties: list[MeasureCode]


class RankingPack(Output):
    """The rule pack `coverage` by which organizations were counted."""

    code: str
    version: str
    source: str


class RankingMeasured(Output):
    """A measure of one: both numbers, the value, the points."""

    code: MeasureCode
    numerator: int
    denominator: int
    value: Annotated[
        str | None, Field(description="Percent, or a number per head; null of nothing.", examples=["82.19"])
    ]
    points: Annotated[str | None, Field(description="Null where it was skipped.", examples=["24.66"])]


class RankingSubject(Output):
    """Who is compared: `code` of a division, `id` of a Party organization or an authority."""

    code: str | None
    id: UUID | None
    name: str


class RankingRow(Output):
    """One line: place, score, measures, and how it moved."""

    rank: Annotated[int | None, Field(description="Null where there is nothing to measure.")]
    subject: RankingSubject
    score: Annotated[str | None, Field(description="Out of 100.", examples=["87.50"])]
    measures: list[RankingMeasured]
    previous_rank: int | None
    previous_score: str | None
    change: Annotated[
        int | None,
        Field(description="Places up (positive) or down since the previous one.", examples=[2]),
    ]


class RankingPrevious(Output):
    """The ranking of the same by the same scheme that came before."""

    id: UUID
    as_of: date
    sha256: str


class RankingListItem(Output):
    """A ranking without its rows."""

    id: UUID
    title: str
    ranked: Annotated[RankedKind, Field(examples=["divisions"])]
    division: CodeRef
    party_organization: Ref | None
    authority_role: str | None
    scheme: str
    as_of: date
    known_at: datetime
    sha256: str
    created_at: datetime


class RankingRead(Output):
    """A ranking with everything that was weighed, as a circular may quote it."""

    id: UUID
    title: str
    ranked: Annotated[RankedKind, Field(examples=["divisions"])]
    division: CodeRef
    party_organization: Ref | None
    authority_role: str | None
    as_of: date
    known_at: datetime
    scheme: RankingScheme
    coverage_rules: RankingPack
    previous: RankingPrevious | None
    rows: list[RankingRow]
    sha256: str
    created_at: datetime
    etag: str


class RankingVerification(Output):
    """Whether the same question gives the same bytes today."""

    same: bool
    sha256: str
    recomputed: Annotated[str, Field(description="The hash of what the records say now about then.")]
    differing: Annotated[
        list[RankingSubject], Field(description="Whose rows would be others now, and who is new.")
    ]


# ---------------------------------------------------------------------------------------------- rule pack


class RankingContentMeasure(Input):
    """A measure with its weight and its scale."""

    code: MeasureCode
    weight: DecimalString
    worst: DecimalString
    best: DecimalString


class RankingContentName(Input):
    """What the scheme is called."""

    zh: ShortText
    en: ShortText


class RankingContent(Input):
    """The content of a rule pack of the kind `ranking`."""

    name: RankingContentName
    measures: Annotated[list[RankingContentMeasure], Field(min_length=1, max_length=20)]
    places: Annotated[int, Field(ge=0, le=4)]
    ranks: TieRule
    nothing: NothingRule
    ties: list[MeasureCode]
    division_basis: Literal["registration", "domicile", "responsibility"]
    exceptions: Literal["counted", "excluded"]
    verified: bool

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        if (wrong := rules.wrong_with_content(self.model_dump(mode="json"))) is not None:
            raise PydanticCustomError(wrong, WORDS[wrong][1])
        return self


content_of("ranking", RankingContent)


# ------------------------------------------------------------------------------------------------- events


class RankingMade(Event):
    """A ranking was made and frozen."""

    type: ClassVar[str] = "ranking.made"
    subject_type: ClassVar[str] = "ranking"
    ranked: RankedKind
    scheme: str
    as_of: date
    sha256: str


class RankingVerified(Event):
    """The same question was asked again, and answered the same or not."""

    type: ClassVar[str] = "ranking.verified"
    subject_type: ClassVar[str] = "ranking"
    same: bool
