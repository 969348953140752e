"""Whether a standard may be published: it adds up, no orphans, each computed line has its figure."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

from app.scoring.rules.sources import SOURCES
from app.scoring.rules.standard import Dimension, Indicator, Kind, Scorer, Standard, Wrong

CODE = re.compile("[a-z0-9][a-z0-9_]{0,63}")
PLACES, LARGEST, MOST_PLACES = 4, Decimal(1_000_000), 6


def check(standard: Standard, sources: Collection[str] = tuple(SOURCES)) -> list[Wrong]:
    """Everything that keeps a standard from being published, all at once."""
    found = unreadable(standard)
    if found:
        return found
    found += _unique("/dimensions", (d.code for d in standard.dimensions))
    found += _unique("/indicators", (line.code for line in standard.indicators))
    found += _unique("/bands", (band.code for band in standard.bands))
    found += _unique("/adjustments", (given.code for given in standard.adjustments))
    for place, dimension in enumerate(standard.dimensions):
        found += _dimension(dimension, f"/dimensions/{place}", sources)
    found += _sums(standard)
    found += _bands(standard, sources)
    found += _adjustments(standard)
    return found


def unreadable(standard: Standard) -> list[Wrong]:
    """What keeps a standard from being stored at all: a number that is none, is huge, or has many places;
    a code that is no code."""
    return [*_numbers(standard), *_codes(standard)]


def _codes(standard: Standard) -> Iterator[Wrong]:
    """Codes are words of small letters, digits and underscores: they stand in addresses and paths."""
    found = [("/code", standard.code)]
    for d, dimension in enumerate(standard.dimensions):
        found.append((f"/dimensions/{d}/code", dimension.code))
        for i, line in enumerate(dimension.indicators):
            at = f"/dimensions/{d}/indicators/{i}"
            found.append((f"{at}/code", line.code))
            for group in ("evidence", "deductions", "levels"):
                items = enumerate(getattr(line, group))
                found += [(f"{at}/{group}/{place}/code", item.code) for place, item in items]
    for group in ("bands", "adjustments", "papers"):
        items = enumerate(getattr(standard, group))
        found += [(f"/{group}/{place}/code", item.code) for place, item in items]
    for pointer, code in found:
        if CODE.fullmatch(code) is None:
            zh, en = "代码须为小写字母、数字和下划线", "a code has small letters, digits and underscores"
            yield _w(pointer, "code_format", zh, en)


def _numbers(standard: Standard) -> Iterator[Wrong]:
    """Every number is finite, not negative, not huge, and has at most four places."""
    yield from number("/total", standard.total)
    yield from number("/maximum", standard.maximum)
    yield from number("/bonus_cap", standard.bonus_cap)
    yield from number("/spread_limit", standard.spread_limit)
    for d, dimension in enumerate(standard.dimensions):
        at = f"/dimensions/{d}"
        for name in ("weight", "weight_min", "weight_max"):
            yield from number(f"{at}/{name}", getattr(dimension, name))
        for i, line in enumerate(dimension.indicators):
            yield from _line_numbers(line, f"{at}/indicators/{i}")
    for b, band in enumerate(standard.bands):
        yield from number(f"/bands/{b}/at_least", band.at_least)
    if not 0 <= standard.rounding.places <= MOST_PLACES:
        yield _w("/rounding/places", "out_of_range", "小数位须为0至6", "between 0 and 6 places")


def _line_numbers(line: Indicator, at: str) -> Iterator[Wrong]:
    for name in ("points", "weight", "weight_min", "weight_max", "each"):
        yield from number(f"{at}/{name}", getattr(line, name))
    for group in ("deductions", "levels", "steps"):
        for place, item in enumerate(getattr(line, group)):
            yield from number(f"{at}/{group}/{place}/points", item.points)
    for place, step in enumerate(line.steps):
        yield from number(f"{at}/steps/{place}/at_least", step.at_least)


def number(pointer: str, value: Decimal | None) -> Iterator[Wrong]:
    """Finite, not negative, not huge, at most four places; none at all is no fault."""
    if value is None:
        return
    if not value.is_finite() or not 0 <= value <= LARGEST:
        yield _w(pointer, "out_of_range", "须为0至1000000的数", "must be a number from 0 to 1000000")
    elif value != value.quantize(Decimal(1).scaleb(-PLACES)):
        yield _w(pointer, "too_precise", "至多四位小数", "at most four places")


def _unique(pointer: str, codes: Iterable[str]) -> Iterator[Wrong]:
    for code, times in Counter(codes).items():
        if times > 1:
            yield _w(pointer, "twice", f"代码{code}重复", f"code {code} occurs twice")


def _dimension(dimension: Dimension, at: str, sources: Collection[str]) -> Iterator[Wrong]:
    if not dimension.indicators:
        yield _w(f"{at}/indicators", "empty", "维度下没有指标", "the dimension has no indicator")
    reached = sum((line.worth for line in dimension.indicators if line.regular), Decimal(0))
    if reached != dimension.weight:
        zh = f"各指标分值合计{reached}, 与维度分值{dimension.weight}不符"
        en = f"its indicators come to {reached}, not to {dimension.weight}"
        yield _w(f"{at}/weight", "does_not_add_up", zh, en)
    yield from _limits(dimension.weight, dimension.weight_min, dimension.weight_max, at)
    for place, line in enumerate(dimension.indicators):
        where = f"{at}/indicators/{place}"
        yield from _limits(line.worth, line.weight_min, line.weight_max, where)
        yield from _line(line, where, sources)


def _limits(weight: Decimal, low: Decimal | None, high: Decimal | None, at: str) -> Iterator[Wrong]:
    if (low is not None and weight < low) or (high is not None and weight > high):
        yield _w(f"{at}/weight", "outside_limits", "分值超出上下限", "the weight is outside its limits")


def _line(line: Indicator, at: str, sources: Collection[str]) -> Iterator[Wrong]:
    if line.kind is not Kind.VETO and line.points <= 0:
        yield _w(f"{at}/points", "not_positive", "分值须大于0", "full marks must be above 0")
    if line.kind is Kind.VETO and (line.points or line.weight):
        yield _w(f"{at}/points", "does_not_fit", "否决项没有分值", "a veto has no points")
    needs = {
        "deductions": line.kind is Kind.DEDUCT,
        "levels": line.kind is Kind.LEVEL,
        "each": line.kind in (Kind.COUNT, Kind.BONUS),
    }
    for name, needed in needs.items():
        there = bool(getattr(line, name))
        if needed and not there:
            yield _w(f"{at}/{name}", "missing", "须填写", "must be given for this kind")
        elif there and not needed and not (name == "each" and line.kind is Kind.COMPUTED):
            yield _w(f"{at}/{name}", "does_not_fit", "不适用于该类指标", "does not fit this kind")
    yield from _figures(line, at, sources)
    yield from _unique(f"{at}/deductions", (item.code for item in line.deductions))
    yield from _unique(f"{at}/levels", (item.code for item in line.levels))
    for group in ("levels", "steps"):
        for place, item in enumerate(getattr(line, group)):
            if item.points > line.points:
                zh, en = "超过该指标满分", "more than the full marks of the line"
                yield _w(f"{at}/{group}/{place}/points", "above_full_marks", zh, en)
    if line.levels and max(level.points for level in line.levels) != line.points:
        yield _w(f"{at}/levels", "full_marks_out_of_reach", "没有满分档", "no level has the full marks")


def _figures(line: Indicator, at: str, sources: Collection[str]) -> Iterator[Wrong]:
    """A computed line has a known figure and one way to points; nothing else has either."""
    if line.kind is Kind.COMPUTED:
        if line.source is None or bool(line.steps) == (line.each is not None):
            zh, en = "须指定数据来源, 并在分档和每项分值中选一", "name a source, and either steps or each"
            yield _w(f"{at}/source", "missing", zh, en)
    elif line.steps or (line.source is not None and line.kind is not Kind.VETO):
        yield _w(f"{at}/source", "does_not_fit", "不适用于该类指标", "does not fit this kind")
    if line.source is not None and line.source not in sources:
        yield _w(f"{at}/source", "unknown_source", "没有该数据来源", "the ledger has no such figure")
    if line.by_ledger != (line.scored_by == (Scorer.LEDGER,)) or not line.scored_by:
        zh, en = (
            "由台账计算的指标评分人须为台账, 其他则否",
            "what the ledger computes is scored by it, and only that",
        )
        yield _w(f"{at}/scored_by", "does_not_fit", zh, en)
    starts = [step.at_least for step in line.steps]
    if starts != sorted(set(starts)):
        yield _w(f"{at}/steps", "not_ascending", "分档须递增", "the steps must ascend")


def _sums(standard: Standard) -> Iterator[Wrong]:
    if not standard.dimensions:
        yield _w("/dimensions", "empty", "标准没有维度", "the standard has no dimension")
    reached = sum((dimension.weight for dimension in standard.dimensions), Decimal(0))
    if reached != standard.total:
        zh = f"各维度分值合计{reached}, 与总分{standard.total}不符"
        en = f"the dimensions come to {reached}, not to {standard.total}"
        yield _w("/total", "does_not_add_up", zh, en)
    if standard.maximum is not None and standard.maximum < standard.total:
        yield _w("/maximum", "below_total", "上限低于总分", "the ceiling is below the full marks")


def _bands(standard: Standard, sources: Collection[str]) -> Iterator[Wrong]:
    edges = [(band.at_least, band.inclusive) for band in standard.bands]
    if len(set(edges)) != len(edges):
        yield _w("/bands", "twice", "两个等次分数线相同", "two bands begin at the same total")
    for place, band in enumerate(standard.bands):
        if band.at_least > standard.ceiling:
            zh, en = "分数线高于总分上限", "no total reaches this band"
            yield _w(f"/bands/{place}/at_least", "out_of_reach", zh, en)
        if any(name not in sources for name in band.requires):
            zh, en = "没有该数据来源", "the ledger has no such figure"
            yield _w(f"/bands/{place}/requires", "unknown_source", zh, en)


def _adjustments(standard: Standard) -> Iterator[Wrong]:
    for place, given in enumerate(standard.adjustments):
        line = standard.indicator(given.indicator)
        at = f"/adjustments/{place}"
        if line is None or not line.regular:
            yield _w(f"{at}/indicator", "orphan", "没有该指标", "there is no such indicator")
        elif not set(given.deductions) <= {item.code for item in line.deductions}:
            yield _w(f"{at}/deductions", "orphan", "没有该扣分项", "there is no such deduction")


def _w(pointer: str, code: str, zh: str, en: str) -> Wrong:
    return Wrong(pointer, code, (zh, en))
