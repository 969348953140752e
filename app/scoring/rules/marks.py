"""What one reviewer, or the applicant, said of one indicator; and what the ledger says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.scoring.rules.standard import Indicator, Kind, Standard, Words, Wrong

MOST = 1_000_000
"""No count or number of times is above it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What was said of one indicator: which things are missing how often, which level, how many, or a veto.

    No points: those follow from the standard."""

    indicator: str
    deductions: Mapping[str, int] = field(default_factory=dict)
    level: str | None = None
    count: int | None = None
    triggered: bool | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Computed:
    """A figure of the ledger on a day, and the list behind it; None where the ledger cannot say."""

    value: Decimal | None
    items: tuple[Mapping[str, Any], ...] = ()


def wrong_marks(standard: Standard, marks: Sequence[Mark], *, complete: bool = False) -> list[Wrong]:
    """What is wrong with the marks of one person; `complete` asks for one mark for each line."""
    found = [wrong for index, mark in enumerate(marks) for wrong in _wrong(standard, mark, f"/{index}")]
    seen: set[str] = set()
    for index, mark in enumerate(marks):
        if mark.indicator in seen:
            found.append(_w(f"/{index}/indicator", "twice", "该指标已评", "this indicator is marked already"))
        seen.add(mark.indicator)
    if complete:
        for code in unmarked(standard, marks):
            zh, en = f"指标{code}未评", f"indicator {code} is not marked"
            found.append(_w("", "not_marked", zh, en))
    return found


def unmarked(standard: Standard, marks: Sequence[Mark]) -> list[str]:
    """The lines that a person has to mark and has not: extra points and vetoes may be passed over."""
    seen = {mark.indicator for mark in marks}
    lines = (line for line in standard.indicators if line.regular and not line.by_ledger)
    return [line.code for line in lines if line.code not in seen]


def _wrong(standard: Standard, mark: Mark, at: str) -> Iterator[Wrong]:
    line = standard.indicator(mark.indicator)
    if line is None:
        yield _w(
            f"{at}/indicator", "unknown_indicator", "标准中没有该指标", "the standard has no such indicator"
        )
        return
    if line.by_ledger:
        yield _w(f"{at}/indicator", "by_ledger", "该指标由台账计算", "the ledger computes this indicator")
        return
    given = {
        "deductions": bool(mark.deductions),
        "level": mark.level is not None,
        "count": mark.count is not None,
        "triggered": mark.triggered is not None,
    }
    wanted = _wanted(line)
    for name, there in given.items():
        if there and name != wanted:
            zh, en = "不适用于该类指标", "does not fit this kind of indicator"
            yield _w(f"{at}/{name}", "does_not_fit", zh, en)
    if wanted != "deductions" and not given[wanted]:
        yield _w(f"{at}/{wanted}", "missing", "须填写", "must be given")
    yield from _values(line, mark, at)


def _wanted(line: Indicator) -> str:
    if line.kind is Kind.VETO:
        return "triggered"
    return {Kind.DEDUCT: "deductions", Kind.LEVEL: "level"}.get(line.kind, "count")


def _values(line: Indicator, mark: Mark, at: str) -> Iterator[Wrong]:
    known = {deduction.code for deduction in line.deductions}
    for code, times in mark.deductions.items():
        if line.kind is Kind.DEDUCT and code not in known:
            yield _w(f"{at}/deductions", "unknown_deduction", "没有该扣分项", "there is no such deduction")
        if not 0 <= times <= MOST:
            yield _w(
                f"{at}/deductions", "out_of_range", "次数超出范围", "the number of times is out of range"
            )
    if mark.level is not None and line.kind is Kind.LEVEL and mark.level not in {x.code for x in line.levels}:
        yield _w(f"{at}/level", "unknown_level", "没有该档次", "there is no such level")
    if mark.count is not None and not 0 <= mark.count <= MOST:
        yield _w(f"{at}/count", "out_of_range", "数量超出范围", "the number is out of range")
    costs = any(mark.deductions.values()) or mark.triggered is True
    if costs and not (mark.reason or "").strip():
        zh, en = "扣分或否决须说明理由", "a deduction or veto needs its reason"
        yield _w(f"{at}/reason", "missing", zh, en)


def _w(pointer: str, code: str, zh: str, en: str) -> Wrong:
    words: Words = (zh, en)
    return Wrong(pointer, code, words)
