"""Weighted rankings (综合排名): what is measured, how a measure becomes points, and who stands where.

Yangquan (2021) reported the places of counties and departments regularly (定期通报…综合排名). Its weights
are not published: they are a rule pack `ranking`, named with every snapshot. All arithmetic is exact; only
what is shown is rounded, half up, and what is shown decides: each place can be checked with a pencil."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

Words = tuple[str, str]


class RankedKind(StrEnum):
    """Whom a ranking compares."""

    DIVISIONS = "divisions"
    BODIES = "bodies"
    AUTHORITIES = "authorities"


class MeasureCode(StrEnum):
    """What may be weighed: the rates of coverage, and what was done in time."""

    ORGANIZATION_COVERAGE = "organization_coverage"
    WORK_COVERAGE = "work_coverage"
    SHOULD_HAVE_ESTABLISHED = "should_have_established"
    SINGLE_FORMATION = "single_formation"
    CHARTER = "charter"
    CORE_VALUES = "core_values"
    FOUR_CLEARS = "four_clears"
    INSTRUCTOR_LOAD = "instructor_load"
    DUTIES_IN_TIME = "duties_in_time"
    DUTIES_OVERDUE = "duties_overdue"


class TieRule(StrEnum):
    """What follows two equals on the second place: the fourth, or the third."""

    COMPETITION = "competition"
    DENSE = "dense"


class NothingRule(StrEnum):
    """A measure whose denominator is nothing: its weight goes to the others, or no points, or all of them."""

    SKIP = "skip"
    ZERO = "zero"
    FULL = "full"


OWN_WORDS: Final[Mapping[MeasureCode, Words]] = {
    MeasureCode.INSTRUCTOR_LOAD: ("指导员人均联系数", "organizations per instructor"),
    MeasureCode.DUTIES_IN_TIME: ("职责按期完成率", "duties done in time"),
    MeasureCode.DUTIES_OVERDUE: ("职责逾期率", "duties past their day"),
}
OWN_DEFINITIONS: Final[Mapping[MeasureCode, Words]] = {
    MeasureCode.INSTRUCTOR_LOAD: (
        "分子: 当日有效的指导员联系关系数。分母: 其中不同的指导员人数。",
        "Numerator: assignments that hold that day. Denominator: the different instructors who have them.",
    ),
    MeasureCode.DUTIES_IN_TIME: (
        "分子: 在期限内完成的。分母: 当年至当日到期的职责, 不含免除和失效的。",
        "Numerator: those done by their day. Denominator: duties due that year, none waived or lapsed.",
    ),
    MeasureCode.DUTIES_OVERDUE: (
        "分子: 已到期仍未完成的。分母: 当年至当日到期的职责, 不含免除和失效的。",
        "Numerator: past their day, not done. Denominator: duties due that year, none waived or lapsed.",
    ),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: its weight, and the values that earn nothing and everything.

    `worst` lies above `best` where less is better."""

    code: MeasureCode
    weight: Fraction
    worst: Fraction
    best: Fraction

    @property
    def per(self) -> int:
        """100 for a rate in percent, 1 for a number per head."""
        return 1 if self.code is MeasureCode.INSTRUCTOR_LOAD else 100

    def earned(self, above: int, below: int) -> Fraction:
        """The share of its weight that a value earns, from 0 to 1."""
        value = Fraction(above * self.per, below)
        return min(max((value - self.worst) / (self.best - self.worst), Fraction(0)), Fraction(1))


@dataclass(frozen=True, slots=True)
class Scheme:
    """A rule pack `ranking` as the rules read it."""

    measures: tuple[Measure, ...]
    places: int
    ranks: TieRule
    nothing: NothingRule
    ties: tuple[MeasureCode, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one stands: points of each measure (None where it is skipped), the score, the rank."""

    key: str
    points: Mapping[MeasureCode, str | None]
    score: str | None
    rank: int | None


Figures = Mapping[MeasureCode, tuple[int, int]]


def scheme(content: Mapping[str, Any]) -> Scheme:
    """The pack's content, its decimals exact."""
    measures = tuple(
        Measure(
            MeasureCode(entry["code"]),
            Fraction(str(entry["weight"])),
            Fraction(str(entry["worst"])),
            Fraction(str(entry["best"])),
        )
        for entry in content["measures"]
    )
    return Scheme(
        measures,
        int(content["places"]),
        TieRule(content["ranks"]),
        NothingRule(content["nothing"]),
        tuple(MeasureCode(code) for code in content["ties"]),
    )


def rounded(value: Fraction, places: int) -> Decimal:
    """Half up to so many places, as the documents round."""
    scaled = (value * 10**places * 2 + 1) // 2
    return Decimal(scaled).scaleb(-places)


def shown(value: Fraction, places: int) -> str:
    """The same as text, with all its places."""
    return format(rounded(value, places), "f")


def rate(above: int, below: int, measure: Measure) -> str | None:
    """A measure's value with two places; None of nothing."""
    return shown(Fraction(above * measure.per, below), 2) if below else None


def standings(entries: Mapping[str, Figures], rules: Scheme) -> list[Standing]:
    """Everybody's points, score out of 100 and rank, the best first; equals by key.

    What has nothing at all to be measured by has neither score nor rank and comes last."""
    judged = {key: _judge(figures, rules) for key, figures in entries.items()}
    order = {key: _order(entries[key], score, rules) for key, (_, score) in judged.items()}
    known = [place for place in order.values() if place is not None]
    found = []
    for key, (points, score) in judged.items():
        place, rank = order[key], None
        if place is not None:
            better = [other for other in known if other > place]
            rank = 1 + (len(set(better)) if rules.ranks is TieRule.DENSE else len(better))
        found.append(Standing(key, points, score, rank))
    return sorted(found, key=lambda s: (s.rank is None, s.rank or 0, s.key))


def _judge(figures: Figures, rules: Scheme) -> tuple[dict[MeasureCode, str | None], str | None]:
    """Points of each measure out of 100 in all, and their sum; a skipped weight is shared by the others."""
    earned: dict[Measure, Fraction | None] = {}
    for measure in rules.measures:
        above, below = figures[measure.code]
        if below:
            earned[measure] = measure.earned(above, below)
        else:
            fixed = {NothingRule.SKIP: None, NothingRule.ZERO: Fraction(0), NothingRule.FULL: Fraction(1)}
            earned[measure] = fixed[rules.nothing]
    if not any(figures[measure.code][1] for measure in rules.measures):
        return dict.fromkeys(figures_of(rules), None), None
    weight = sum((m.weight for m, share in earned.items() if share is not None), Fraction(0))
    points = {m: None if s is None else m.weight * s * 100 / weight for m, s in earned.items()}
    score = sum((p for p in points.values() if p is not None), Fraction(0))
    texts = {m.code: None if p is None else shown(p, rules.places) for m, p in points.items()}
    return texts, shown(score, rules.places)


def figures_of(rules: Scheme) -> tuple[MeasureCode, ...]:
    """The measures of a scheme, in its order."""
    return tuple(measure.code for measure in rules.measures)


def _order(figures: Figures, score: str | None, rules: Scheme) -> tuple[Decimal, ...] | None:
    """What decides: the score as it is shown, then each measure that breaks ties, the better the higher."""
    if score is None:
        return None
    by_code = {measure.code: measure for measure in rules.measures}
    breakers = []
    for code in rules.ties:
        above, below = figures[code]
        share = by_code[code].earned(above, below) if below else Fraction(-1)
        breakers.append(rounded(share * 100, 4))
    return (Decimal(score), *breakers)


def change(rank: int | None, before: int | None) -> int | None:
    """How many places up (positive) or down since the previous ranking; None where either has no rank."""
    return None if rank is None or before is None else before - rank


def title(of: RankedKind, name: str, year: int, month: int) -> str:
    """What a ranking is called when nobody says: 广州市2026年6月区县综合排名."""
    whom = {
        RankedKind.DIVISIONS: "区县",
        RankedKind.BODIES: "党组织",
        RankedKind.AUTHORITIES: "部门",
    }
    return f"{name}{year}年{month}月{whom[of]}综合排名"


def wrong_with_content(content: Mapping[str, Any]) -> str | None:
    """The first thing that no scheme can mean, as a code; None where the content can be used."""
    codes = [entry["code"] for entry in content["measures"]]
    if len(set(codes)) < len(codes):
        return "measure_twice"
    if not set(content["ties"]) <= set(codes):
        return "tie_unmeasured"
    for entry in content["measures"]:
        if Fraction(str(entry["best"])) == Fraction(str(entry["worst"])):
            return "best_is_worst"
        if Fraction(str(entry["weight"])) <= 0:
            return "weight_not_positive"
    return None
