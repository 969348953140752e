"""Results, rulings, objections, what is published, and the reports, on the wire."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.core.fields import Bilingual, CodeRef, CodeStr, Day, DivisionCode, Input, LongText, Output, Ref
from app.core.pages import Filters
from app.rounds.rules import (
    ObjectionState,
    RaisedBy,
    RoundLevel,
    RoundPhase,
    RoundTieRule,
    RoundUse,
    SubjectKind,
)
from app.rounds.schemas.marks import Deductions, Times

Decimals = Annotated[str, Field(examples=["87.50"])]
Share = Annotated[str | None, Field(examples=["28.8"], description="Per cent; null of nothing.")]


class RulingGive(Input):
    """The chair's mark in the place of all reviewers', or a circumstance that the standard lets grant."""

    indicator: CodeStr
    deductions: Deductions
    level: CodeStr | None = None
    count: Times | None = None
    triggered: bool | None = None
    adjustment: CodeStr | None = None
    reason: LongText


class Rulings(Input):
    """What the chair rules on a sheet."""

    rulings: Annotated[list[RulingGive], Field(min_length=1, max_length=100)]


class RulingRead(Output):
    """A ruling. The latest of an indicator holds."""

    id: UUID
    indicator: str
    answer: dict[str, Any] | None
    adjustment: str | None
    reason: str
    objection_id: UUID | None
    ruled_at: datetime


class Objected(Input):
    """An objection to a result that is public."""

    raised_by: Annotated[RaisedBy, Field(examples=["applicant"])]
    content: LongText
    raised_on: Annotated[Day | None, Field(description="When it came in; today if absent.")] = None


class ObjectionAnswer(Input):
    """The answer: upheld with the corrected marks, or rejected."""

    upheld: bool
    answer: LongText
    rulings: Annotated[list[RulingGive], Field(max_length=100, default_factory=list)]


class ObjectionRead(Output):
    """An objection and its answer."""

    id: UUID
    raised_by: Annotated[RaisedBy, Field(examples=["applicant"])]
    content: str
    raised_on: date
    state: Annotated[ObjectionState, Field(examples=["open"])]
    answer: str | None
    answered_at: datetime | None
    etag: str


class ResultRead(Output):
    """A result with the derivation of every number; reviewers appear by their place only."""

    id: UUID
    application_id: UUID
    subject_kind: Annotated[SubjectKind, Field(examples=["organization"])]
    subject: Ref
    division: CodeRef
    total: Decimals
    rank: int | None
    band: str | None
    vetoed: bool
    selected: bool
    derivation: dict[str, Any]
    figures: dict[str, Any]
    evidence_hashes: dict[str, Any]
    standard_hash: str
    result_hash: str
    state: Annotated[str, Field(examples=["public"])]
    etag: str


class ResultFilters(Filters):
    """Which results of a round."""

    division: Annotated[DivisionCode | None, Field(description="In it or below.")] = None
    selected: Annotated[bool | None, Field(description="Whether within the quota.")] = None


class PublishedResult(Output):
    """A line of the public ranking."""

    rank: int
    subject: Ref
    division: CodeRef
    total: Decimals
    band: str | None
    selected: bool
    result_hash: str


class PublishedRound(Output):
    """What everybody may read of a round from its publicity on: no reviewer, no mark of a single person."""

    id: UUID
    name: str
    use: Annotated[RoundUse, Field(examples=["demonstration"])]
    level: Annotated[RoundLevel, Field(examples=["city"])]
    division: CodeRef
    quota: int | None
    state: Annotated[RoundPhase, Field(examples=["publicity"])]
    standard: str
    standard_hash: str
    tie_rule: Annotated[RoundTieRule, Field(examples=["shared"])]
    ties: Bilingual
    publicity_from: date
    publicity_until: date
    decided_at: datetime | None
    document: str | None
    results_hash: str | None
    results: list[PublishedResult]
    etag: str


class RoundFiguresQuery(BaseModel):
    """Which rounds to count."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    division: Annotated[
        DivisionCode | None, Field(description="Held by it or below; all in sight if absent.")
    ] = None
    year: Annotated[
        int | None, Field(ge=1990, le=2200, description="Whose date lies in it.", examples=[2026])
    ] = None


class FunnelLine(Output):
    """From applications to those selected, of one use at one level."""

    use: Annotated[RoundUse, Field(examples=["demonstration"])]
    level: Annotated[RoundLevel, Field(examples=["city"])]
    rounds: int
    decided: int
    applied: int
    submitted: int
    scored: int
    vetoed: int
    selected: int
    share: Share


class RoundFigures(Output):
    """Rounds by use and level, with their funnels."""

    lines: list[FunnelLine]


class IndicatorLoss(Output):
    """How much an indicator cost, and where most."""

    indicator: str
    label: str
    weight: Decimals
    sheets: int
    mean_score: Decimals
    mean_lost: Decimals
    share_lost: Share
    full: int
    worst_division: CodeRef | None
    worst_mean_lost: Annotated[str | None, Field(examples=["4.00"])]


class RoundLosses(Output):
    """Indicators, the one that loses most points first."""

    lines: list[IndicatorLoss]


class CalibrationLine(Output):
    """One reviewer against the mean of the same sheets; named only to who decides in the round."""

    reviewer: Ref | None
    reviews: int
    mean_total: Decimals
    bias: Annotated[str, Field(examples=["-1.25"])]
    mean_distance: Annotated[str, Field(examples=["2.10"])]


class RoundCalibration(Output):
    """How reviewers differ, the strictest first."""

    lines: list[CalibrationLine]
