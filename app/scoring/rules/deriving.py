"""From marks and figures to a total, with every number's origin. Exact in between, rounded half up once.

Order of the reviewers, of their marks and of the adjustments makes no difference: everything is taken in the
standard's own order, and reviewers by their name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from app.scoring.rules.marks import Computed, Mark
from app.scoring.rules.standard import (
    Across,
    Adjustment,
    Aggregation,
    Band,
    Dimension,
    Indicator,
    Kind,
    Relief,
    Standard,
    VetoQuorum,
)

SHOWN = 6
"""To how many places what lies between is shown; it is exact inside."""


@dataclass(frozen=True, slots=True)
class Line:
    """One step of how a number came about: what was done, with what, and where that led."""

    what: str
    result: Decimal
    of: str | None = None
    times: int | None = None
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What one reviewer's mark is worth in the total, and whether it counts after trimming."""

    reviewer: str
    score: Decimal
    counts: bool
    how: tuple[Line, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class Scored:
    """One line of the standard: its score, what it lost, and who said what."""

    indicator: str
    kind: Kind
    weight: Decimal
    score: Decimal
    lost: Decimal
    said: tuple[Said, ...]
    how: tuple[Line, ...]
    value: Decimal | None = None
    triggered: bool | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A dimension: what it is worth and what was reached, without extra points."""

    dimension: str
    weight: Decimal
    score: Decimal


@dataclass(frozen=True, slots=True)
class Derivation:
    """A total and everything that led to it."""

    total: Decimal
    regular: Decimal
    bonus: Decimal
    band: str | None
    vetoed: bool
    vetoes: tuple[str, ...]
    spread: Decimal
    arbitration: bool
    reviewers: int
    missing: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    indicators: tuple[Scored, ...]
    how: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    standard: Standard
    sheets: Mapping[str, Mapping[str, Mark]]
    scores: Mapping[str, Mapping[str, "_One"]]
    kept: frozenset[str]
    computed: Mapping[str, Computed]
    granted: Mapping[str, Sequence[Adjustment]]


@dataclass(frozen=True, slots=True)
class _One:
    raw: Fraction
    how: tuple[Line, ...]
    mark: Mark | None = None


def round_half_up(value: Fraction, places: int) -> Decimal:
    """A fraction as a decimal with so many places, halves away from zero."""
    with localcontext(prec=60):
        quotient = Decimal(value.numerator) / Decimal(value.denominator)
        return quotient.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def derive(
    standard: Standard,
    marks: Mapping[str, Sequence[Mark]],
    computed: Mapping[str, Computed],
    adjustments: Collection[str] = (),
) -> Derivation:
    """The result of a sheet: marks by reviewer, figures by source, and the adjustments that were granted.

    Marks are taken as `wrong_marks` lets them pass. A line that nobody marked scores 0 and is named."""
    sheets = {who: {mark.indicator: mark for mark in given} for who, given in sorted(marks.items())}
    granted = _granted(standard, adjustments)
    scores = {
        line.code: {
            who: _mark(line, sheet[line.code], granted.get(line.code, ()))
            for who, sheet in sheets.items()
            if line.code in sheet
        }
        for line in standard.indicators
        if not line.by_ledger and line.kind is not Kind.VETO
    }
    compared = [i for i in standard.indicators if i.regular and not _in_full(granted.get(i.code, ()))]
    totals = {who: _sheet_total(compared, scores, who) for who in sheets}
    kept = _kept(totals, standard.aggregation)
    case = _Case(standard, sheets, scores, kept, computed, granted)
    lines = [_line(case, line) for line in standard.indicators]
    exact = {scored.indicator: value for scored, value in lines}
    scored = tuple(line for line, _ in lines)
    regular = sum((exact[i.code] for i in standard.indicators if i.regular), Fraction(0))
    extra = sum((exact[i.code] for i in standard.indicators if i.kind is Kind.BONUS), Fraction(0))
    bonus = extra if standard.bonus_cap is None else min(extra, Fraction(standard.bonus_cap))
    total = round_half_up(min(regular + bonus, Fraction(standard.ceiling)), standard.rounding.places)
    vetoes = tuple(line.indicator for line in scored if line.triggered)
    band, barred = _band(standard, total, computed)
    spread = max(totals.values()) - min(totals.values()) if totals else Fraction(0)
    return Derivation(
        total=total,
        regular=_shown(regular),
        bonus=_shown(bonus),
        band=None if vetoes or band is None else band.code,
        vetoed=bool(vetoes),
        vetoes=vetoes,
        spread=_shown(spread),
        arbitration=standard.spread_limit is not None and spread > Fraction(standard.spread_limit),
        reviewers=len(sheets),
        missing=_missing(standard, sheets),
        parts=tuple(_part(dimension, exact) for dimension in standard.dimensions),
        indicators=scored,
        how=(
            *_total_lines(standard, regular, extra, bonus, total),
            *_band_lines(total, band, barred, vetoes),
        ),
    )


def _granted(standard: Standard, codes: Collection[str]) -> dict[str, tuple[Adjustment, ...]]:
    given: dict[str, tuple[Adjustment, ...]] = {}
    for adjustment in standard.adjustments:
        if adjustment.code in codes:
            given[adjustment.indicator] = (*given.get(adjustment.indicator, ()), adjustment)
    return given


def _in_full(granted: Sequence[Adjustment]) -> bool:
    return any(given.relief is Relief.FULL for given in granted)


def _mark(line: Indicator, mark: Mark, granted: Sequence[Adjustment]) -> _One:
    """The points of a mark, before they are weighed."""
    full = Fraction(line.points)
    if line.kind is Kind.DEDUCT:
        return _deduct(line, mark, {code for given in granted for code in given.deductions})
    if line.kind is Kind.LEVEL:
        points = next((level.points for level in line.levels if level.code == mark.level), Decimal(0))
        return _One(Fraction(points), (Line("level", points, of=mark.level, points=points),), mark)
    each, count = line.each or Decimal(0), mark.count or 0
    reached = Fraction(each) * count
    how = [Line("each", _shown(reached), times=count, points=each)]
    if reached > full:
        how.append(Line("cap", line.points))
    return _One(min(reached, full), tuple(how), mark)


def _deduct(line: Indicator, mark: Mark, waived: Collection[str]) -> _One:
    left = Fraction(line.points)
    how = [Line("full", line.points)]
    for deduction in line.deductions:
        times = mark.deductions.get(deduction.code, 0)
        if times and deduction.code in waived:
            how.append(Line("waived", _shown(left), of=deduction.code, times=times))
        elif times:
            left -= Fraction(deduction.points) * times
            how.append(Line("deduct", _shown(left), deduction.code, times, deduction.points))
    if left < 0:
        left = Fraction(0)
        how.append(Line("floor", Decimal(0)))
    return _One(left, tuple(how), mark)


def _weighed(line: Indicator, raw: Fraction) -> Fraction:
    return raw * Fraction(line.worth) / Fraction(line.points) if line.points else Fraction(0)


def _sheet_total(lines: Sequence[Indicator], scores: Mapping[str, Mapping[str, _One]], who: str) -> Fraction:
    """What reviewers are compared by: the regular lines of one's sheet that do not count in full anyway."""
    found = ((line, scores.get(line.code, {}).get(who)) for line in lines)
    return sum((_weighed(line, one.raw) for line, one in found if one is not None), Fraction(0))


def _kept(scores: Mapping[str, Fraction], aggregation: Aggregation) -> frozenset[str]:
    """Whose scores count. With fewer than three, nobody is trimmed."""
    ordered = sorted(scores, key=lambda who: (scores[who], who))
    if aggregation is Aggregation.TRIMMED_MEAN and len(ordered) > 2:
        ordered = ordered[1:-1]
    elif aggregation is Aggregation.MEDIAN and ordered:
        ordered = ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1]
    return frozenset(ordered)


def _line(case: _Case, line: Indicator) -> tuple[Scored, Fraction]:
    granted, scores, kept = case.granted.get(line.code, ()), case.scores.get(line.code, {}), case.kept
    if line.kind is Kind.VETO:
        return _veto(case, line), Fraction(0)
    if _in_full(granted):
        full = Fraction(line.worth)
        return _scored(line, full, (), (Line("adjusted", line.worth, of=granted[0].code),)), full
    if line.by_ledger:
        figure = case.computed.get(line.source or "")
        one = _figure(line, figure)
        value = _weighed(line, one.raw)
        how = (*one.how, Line("weighed", _shown(value), points=line.worth))
        return _scored(line, value, (), how, None if figure is None else figure.value), value
    weighed = {who: _weighed(line, one.raw) for who, one in scores.items()}
    if case.standard.across is Across.INDICATOR:
        kept = _kept(weighed, case.standard.aggregation)
    counting = [weighed[who] for who in sorted(weighed) if who in kept]
    value = sum(counting, Fraction(0)) / len(counting) if counting else Fraction(0)
    said = tuple(
        Said(
            who,
            _shown(weighed[who]),
            who in kept,
            (*one.how, Line("weighed", _shown(weighed[who]), points=line.worth)),
            one.mark.reason if one.mark else None,
        )
        for who, one in scores.items()
    )
    how = (Line("mean", _shown(value), of=case.standard.aggregation, times=len(counting)),)
    return _scored(line, value, said, how), value


def _figure(line: Indicator, figure: Computed | None) -> _One:
    """The points of a figure of the ledger: the highest step that it reaches, or so much for each."""
    if figure is None or figure.value is None:
        return _One(Fraction(0), (Line("unknown", Decimal(0), of=line.source),))
    value = figure.value
    if line.steps:
        reached = [step for step in line.steps if step.at_least <= value]
        points = max(reached, key=lambda step: step.at_least).points if reached else Decimal(0)
        return _One(Fraction(points), (Line("step", points, of=line.source, points=value),))
    exact = max(Fraction(0), Fraction(line.each or Decimal(0)) * Fraction(value))
    how = [Line("each", _shown(exact), of=line.source, points=line.each)]
    if exact > Fraction(line.points):
        how.append(Line("cap", line.points))
    return _One(min(exact, Fraction(line.points)), tuple(how))


def _veto(case: _Case, line: Indicator) -> Scored:
    """A veto, by the ledger or by reviewers: any of them, or more than half of all."""
    if line.source is not None:
        figure = case.computed.get(line.source)
        value = None if figure is None else figure.value
        triggered = value is not None and value != 0
        how = (Line("figure", value or Decimal(0), of=line.source),)
        return _scored(line, Fraction(0), (), how, value, triggered=triggered)
    marks = {who: sheet[line.code] for who, sheet in case.sheets.items() if line.code in sheet}
    votes = sum(1 for mark in marks.values() if mark.triggered)
    needed = 1 if case.standard.veto_quorum is VetoQuorum.ANY else len(case.sheets) // 2 + 1
    said = tuple(Said(who, Decimal(0), bool(mark.triggered), (), mark.reason) for who, mark in marks.items())
    how = (Line("votes", Decimal(votes), times=needed),)
    return _scored(line, Fraction(0), said, how, triggered=votes >= needed)


def _scored(
    line: Indicator,
    score: Fraction,
    said: tuple[Said, ...],
    how: tuple[Line, ...],
    value: Decimal | None = None,
    *,
    triggered: bool | None = None,
) -> Scored:
    lost = Fraction(line.worth) - score if line.regular else Fraction(0)
    return Scored(line.code, line.kind, line.worth, _shown(score), _shown(lost), said, how, value, triggered)


def _band(
    standard: Standard, total: Decimal, computed: Mapping[str, Computed]
) -> tuple[Band | None, list[tuple[Band, str]]]:
    """The highest band that the total reaches and whose requirements hold; and those that one barred."""
    refused: list[tuple[Band, str]] = []
    for band in sorted(standard.bands, key=lambda band: (band.at_least, not band.inclusive), reverse=True):
        if not (total > band.at_least or (band.inclusive and total == band.at_least)):
            continue
        lacking = [name for name in band.requires if not _holds(computed.get(name))]
        if not lacking:
            return band, refused
        refused.append((band, lacking[0]))
    return None, refused


def _holds(figure: Computed | None) -> bool:
    return figure is not None and figure.value is not None and figure.value != 0


def _part(dimension: Dimension, exact: Mapping[str, Fraction]) -> Part:
    reached = sum((exact[line.code] for line in dimension.indicators if line.regular), Fraction(0))
    return Part(dimension.code, dimension.weight, _shown(reached))


def _missing(standard: Standard, sheets: Mapping[str, Mapping[str, Mark]]) -> tuple[tuple[str, str], ...]:
    wanted = [line.code for line in standard.indicators if line.regular and not line.by_ledger]
    return tuple((who, code) for who, sheet in sheets.items() for code in wanted if code not in sheet)


def _total_lines(
    standard: Standard, regular: Fraction, extra: Fraction, bonus: Fraction, total: Decimal
) -> tuple[Line, ...]:
    how = [Line("sum", _shown(regular)), Line("bonus", _shown(extra))]
    if bonus < extra:
        how.append(Line("bonus_cap", _shown(bonus)))
    if regular + bonus > Fraction(standard.ceiling):
        how.append(Line("ceiling", standard.ceiling))
    return (*how, Line("rounded", total, times=standard.rounding.places))


def _band_lines(
    total: Decimal, band: Band | None, barred: Sequence[tuple[Band, str]], vetoes: Sequence[str]
) -> tuple[Line, ...]:
    """Which band the total reaches, which were barred and by which figure (`band:figure`), which vetoes."""
    how = [Line("band_barred", total, f"{out.code}:{name}", points=out.at_least) for out, name in barred]
    if band is not None:
        how.append(Line("band", total, band.code, points=band.at_least))
    return (*how, *(Line("veto", Decimal(0), code) for code in vetoes))


def _shown(value: Fraction) -> Decimal:
    return round_half_up(value, SHOWN)
