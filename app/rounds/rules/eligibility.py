"""Who may apply: every rule of the pack is asked, and every no is said at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

GOOD: Final = frozenset({"filed", "passed", "basically_passed"})
BASIC: Final = "basically_passed"

Words = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the ledger says of who applies, on the round's date.

    `status` is `normal` for an organization in good standing and a body or member that is active."""

    status: str
    since: date | None
    checks: Mapping[int, str] = field(default_factory=dict)
    penalties: Sequence[date] = ()
    listed: bool = False
    star: int | None = None
    covered: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody may not apply: the rule, its source, and the sentence in both languages."""

    rule: str
    message: Words
    source: str


def reasons(rules: Sequence[Mapping[str, Any]], facts: Facts, on: date) -> list[Reason]:
    """Every rule that stands in the way, in the order of the pack."""
    found = []
    for rule in rules:
        message = _RULES[rule["rule"]](rule, facts, on)
        if message is not None:
            found.append(Reason(rule["rule"], message, rule["source"]))
    return found


def _in_good_standing(_: Mapping[str, Any], facts: Facts, __: date) -> Words | None:
    if facts.status == "normal":
        return None
    return ("登记状态不正常", "The registration is not in good standing")


def _years_registered(rule: Mapping[str, Any], facts: Facts, on: date) -> Words | None:
    least = int(rule["least"])
    if facts.since is not None and _years_between(facts.since, on) >= least:
        return None
    return (f"登记或成立未满{least}年", f"Registered or founded for less than {least} years")


def _annual_checks(rule: Mapping[str, Any], facts: Facts, on: date) -> Words | None:
    """部令39号 第七条: 未参加上年度年检, 或不合格; 连续两年基本合格."""
    years = [on.year - back for back in range(1, int(rule["least"]) + 1)]
    wanting = [year for year in years if facts.checks.get(year) not in GOOD]
    if wanting:
        names = ", ".join(str(year) for year in sorted(wanting))
        return (f"{names}年度年检(年报)未通过或无记录", f"No passed annual check on record for {names}")
    if all(facts.checks.get(on.year - back) == BASIC for back in (1, 2)):
        return ("连续两年年检基本合格", "The annual check was passed only basically two years running")
    return None


def _penalties(rule: Mapping[str, Any], facts: Facts, on: date) -> Words | None:
    years = int(rule["least"])
    if not any(each <= on and _years_between(each, on) < years for each in facts.penalties):
        return None
    return (f"{years}年内受过行政处罚", f"A penalty was imposed within {years} years")


def _credit_listings(_: Mapping[str, Any], facts: Facts, __: date) -> Words | None:
    if not facts.listed:
        return None
    return ("在异常名录或严重违法失信名单上", "On the list of abnormal activity or of serious violations")


def _minimum_star(rule: Mapping[str, Any], facts: Facts, _: date) -> Words | None:
    least = int(rule["least"])
    if facts.star is not None and facts.star >= least:
        return None
    return (f"现有星级不足{least}星", f"Rated below {least} stars")


def _party_covered(_: Mapping[str, Any], facts: Facts, __: date) -> Words | None:
    if facts.covered:
        return None
    return ("没有党组织覆盖", "No Party organization covers it")


def _years_between(since: date, on: date) -> int:
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


_RULES: Final[Mapping[str, Callable[[Mapping[str, Any], Facts, date], Words | None]]] = {
    "in_good_standing": _in_good_standing,
    "years_registered": _years_registered,
    "annual_checks": _annual_checks,
    "penalties": _penalties,
    "credit_listings": _credit_listings,
    "minimum_star": _minimum_star,
    "party_covered": _party_covered,
}
