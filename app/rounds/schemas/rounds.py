"""Rounds on the wire, and the content of the rule pack that says who may apply."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.core.fields import (
    CodeRef,
    Day,
    DivisionCode,
    Input,
    Name,
    NonNegative,
    Output,
    PositiveInt,
    ShortText,
)
from app.core.pages import Filters
from app.reference.schemas import content_of
from app.rounds.rules import RoundLevel, RoundPhase, RoundTieRule, RoundUse

Least = Annotated[int, Field(ge=0, le=100, examples=[2])]


class EligibilityRule(Input):
    """One rule: which, how many years or stars it asks for, and where it is said."""

    rule: Annotated[
        Literal[
            "in_good_standing",
            "years_registered",
            "annual_checks",
            "penalties",
            "credit_listings",
            "minimum_star",
            "party_covered",
        ],
        Field(examples=["years_registered"]),
    ]
    least: Least
    source: ShortText
    verified: bool


class EligibilityUse(Input):
    """The rules of one use."""

    use: Annotated[RoundUse, Field(examples=["grade"])]
    rules: Annotated[list[EligibilityRule], Field(max_length=20)]


class EligibilityContent(Input):
    """The content of a rule pack of the kind `round_eligibility`."""

    uses: Annotated[list[EligibilityUse], Field(max_length=10)]


content_of("round_eligibility", EligibilityContent)


class RoundOpen(Input):
    """A round: what is selected, where, under which standard, and until when each phase lasts."""

    name: Name
    use: Annotated[RoundUse, Field(examples=["demonstration"])]
    level: Annotated[RoundLevel, Field(examples=["city"])]
    division_code: Annotated[DivisionCode, Field(description="Whose round it is: those in it may apply.")]
    quota: PositiveInt | None = None
    standard_version_id: UUID
    as_of: Annotated[
        Day | None, Field(description="The day of computed indicators and of eligibility; today if absent.")
    ] = None
    apply_until: Day
    self_score_until: Day
    review_until: Day
    on_site_until: Day | None = None
    publicity_days: Annotated[int, Field(ge=0, le=60, examples=[5])] = 5
    decide_until: Day | None = None
    reviewers: Annotated[int, Field(ge=1, le=15, examples=[5])] = 5
    cultivation: bool = False
    self_scores_shown: bool = False
    tie_rule: Annotated[RoundTieRule, Field(examples=["shared"])] = RoundTieRule.SHARED
    minimum_star: Annotated[
        int | None,
        Field(ge=1, le=5, examples=[3], description="An extra rule of this round: so many stars held today."),
    ] = None


class RoundDraw(Input):
    """The draw. Applications that are still drafts lapse."""

    seed: Annotated[
        ShortText | None,
        Field(examples=["2026-11-22-福彩3D-481"], description="Drawn by lot if absent; kept."),
    ] = None
    early_reason: Annotated[
        ShortText | None,
        Field(description="Why the time for self-scores ends now, when its day is not over yet."),
    ] = None


class RoundDecide(Input):
    """The decision of a second person."""

    document: ShortText


class StandardRef(Output):
    """The version of the standard that a round goes by."""

    id: UUID
    name: str
    content_hash: str


class RoundRead(Output):
    """A round and how far it is."""

    id: UUID
    name: str
    use: Annotated[RoundUse, Field(examples=["demonstration"])]
    level: Annotated[RoundLevel, Field(examples=["city"])]
    division: CodeRef
    quota: int | None
    standard: StandardRef
    as_of: date
    apply_until: date
    self_score_until: date
    review_until: date
    on_site_until: date | None
    publicity_days: int
    decide_until: date | None
    reviewers: int
    cultivation: bool
    self_scores_shown: bool
    tie_rule: Annotated[RoundTieRule, Field(examples=["shared"])]
    eligibility: list[EligibilityRule]
    state: Annotated[RoundPhase, Field(examples=["applying"])]
    seed: str | None
    publicity_from: date | None
    publicity_until: date | None
    provisional: bool | None
    document: str | None
    results_hash: str | None
    decided_at: datetime | None
    applications: NonNegative
    submitted: NonNegative
    reviews: NonNegative
    reviews_submitted: NonNegative
    objections_open: NonNegative
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class RoundFilters(Filters):
    """Which rounds."""

    division: Annotated[DivisionCode | None, Field(description="Held by it or below.")] = None
    use: Annotated[RoundUse | None, Field(description="Only this use.")] = None
    level: Annotated[RoundLevel | None, Field(description="Only this level.")] = None
    state: Annotated[RoundPhase | None, Field(description="Only this state.")] = None
