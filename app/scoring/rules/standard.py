"""What a standard of assessment says: dimensions, indicators, points, evidence, bands, limits.

The shape is that of the score sheets that are in use for Party building in social organizations: dimension,
item, full marks, so much off per missing thing and never below nothing, the kind of evidence, extra points
with a cap, and a list of vetoes (issue 6; Jiangsu's evaluation index; DB34/T 3238-2018)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

Words = tuple[str, str]
"""What people read, in Chinese and in English."""


class Use(StrEnum):
    """What is decided by a standard."""

    DEMONSTRATION = "demonstration"
    STAR = "star"
    GRADE = "grade"
    APPRAISAL = "appraisal"
    VENUE = "venue"


class Kind(StrEnum):
    """How an indicator is scored."""

    DEDUCT = "deduct"
    LEVEL = "level"
    COUNT = "count"
    COMPUTED = "computed"
    BONUS = "bonus"
    VETO = "veto"


class Scorer(StrEnum):
    """Who says what is so: a reviewer at the desk, whoever goes there, or the ledger itself."""

    REVIEWER = "reviewer"
    ON_SITE = "on_site"
    LEDGER = "ledger"


class Aggregation(StrEnum):
    """How several reviewers become one: all of them, without the highest and the lowest, or the middle."""

    MEAN = "mean"
    TRIMMED_MEAN = "trimmed_mean"
    MEDIAN = "median"


class Across(StrEnum):
    """Over what the reviewers are compared: each one's whole sheet, or indicator by indicator."""

    SHEET = "sheet"
    INDICATOR = "indicator"


class VetoQuorum(StrEnum):
    """How many reviewers a veto takes."""

    ANY = "any"
    MAJORITY = "majority"


class Relief(StrEnum):
    """What an adjustment does: named deductions do not count, or the indicator counts in full."""

    WAIVE = "waive"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a standard, an overlay or a mark, and where."""

    pointer: str
    code: str
    words: Words


@dataclass(frozen=True, slots=True)
class Deduction:
    """What costs points, for each time that it is missing."""

    code: str
    label: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Level:
    """One of the answers of a choice, and what it is worth."""

    code: str
    label: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """From this value of a computed figure on, so many points, until the next step."""

    at_least: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class Evidence:
    """A proof that an applicant hands in: looked up, asked for, or sampled."""

    code: str
    label: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of a standard.

    `points` are its full marks, in which deductions, levels and steps are said (of a bonus: its cap);
    `weight` is what full marks are worth in the total: `points` unless said, and all that an overlay changes,
    between `weight_min` and `weight_max`. `source` names the figure of our ledger of a computed indicator, or
    of a veto that the ledger itself pronounces when the figure is not 0."""

    code: str
    label: str
    kind: Kind
    points: Decimal = Decimal(0)
    weight: Decimal | None = None
    weight_min: Decimal | None = None
    weight_max: Decimal | None = None
    scored_by: tuple[Scorer, ...] = (Scorer.REVIEWER,)
    evidence: tuple[Evidence, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    levels: tuple[Level, ...] = ()
    each: Decimal | None = None
    source: str | None = None
    steps: tuple[Step, ...] = ()
    citation: str | None = None
    verified: bool = True

    @property
    def worth(self) -> Decimal:
        """What full marks are worth in the total; nothing for a veto."""
        return self.points if self.weight is None else self.weight

    @property
    def regular(self) -> bool:
        """Whether it is part of the full marks: neither extra points nor a veto."""
        return self.kind not in (Kind.BONUS, Kind.VETO)

    @property
    def by_ledger(self) -> bool:
        """Whether no person marks it."""
        return self.kind is Kind.COMPUTED or (self.kind is Kind.VETO and self.source is not None)


@dataclass(frozen=True, slots=True)
class Dimension:
    """A group of indicators, and what they are worth together."""

    code: str
    label: str
    weight: Decimal
    indicators: tuple[Indicator, ...]
    weight_min: Decimal | None = None
    weight_max: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A grade, star or outcome from a total on; `requires` names figures of the ledger that must not be 0.

    `inclusive` says whether the total itself is enough (Luoyang: 900 and above) or must be passed (Anqing:
    above 950). `decided_by` is the level of division that names it (4-9: the city up to four stars)."""

    code: str
    label: str
    at_least: Decimal
    inclusive: bool = True
    requires: tuple[str, ...] = ()
    decided_by: str | None = None
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A circumstance that a chair may grant, and what then does not count: 条件受限共用活动室不扣."""

    code: str
    label: str
    indicator: str
    relief: Relief
    deductions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rounding:
    """Half up, once, on the total: what lies between is exact."""

    places: int = 2


@dataclass(frozen=True, slots=True)
class Paper:
    """One of the three papers of 一单一图一表: responsibilities, chart of the work, performance sheet."""

    code: str
    label: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard as published: the whole of what its results can be recomputed from."""

    code: str
    use: Use
    name: str
    source: str
    total: Decimal
    dimensions: tuple[Dimension, ...]
    aggregation: Aggregation = Aggregation.MEAN
    across: Across = Across.SHEET
    bands: tuple[Band, ...] = ()
    bands_may_differ: bool = False
    maximum: Decimal | None = None
    bonus_cap: Decimal | None = None
    spread_limit: Decimal | None = None
    veto_quorum: VetoQuorum = VetoQuorum.ANY
    rounding: Rounding = Rounding()
    adjustments: tuple[Adjustment, ...] = ()
    promotion_steps: int | None = None
    papers: tuple[Paper, ...] = ()
    ours: bool = False
    verified: bool = True

    @property
    def ceiling(self) -> Decimal:
        """No total is above it: the full marks unless the standard lets extra points pass them."""
        return self.total if self.maximum is None else self.maximum

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All lines, in order."""
        return tuple(line for dimension in self.dimensions for line in dimension.indicators)

    def indicator(self, code: str) -> Indicator | None:
        """The line with a code."""
        return next((line for line in self.indicators if line.code == code), None)

    @property
    def sources(self) -> tuple[str, ...]:
        """The figures of the ledger that it asks for, each once, sorted."""
        lines = {line.source for line in self.indicators if line.source is not None}
        return tuple(sorted(lines.union(*(band.requires for band in self.bands))))
