"""Who took an abolished code's place, where the tables themselves show it."""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from app.divisions.rules.kinds import DivisionChange, DivisionKind
from app.divisions.rules.tree import Succession, Tenure

_TYPE: Final = re.compile("(?:自治州|自治县|自治旗|地区|盟|特区|林区|旗|区|县|市)$")
_PEOPLES: Final = re.compile(
    "(?:(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|"
    "景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|各|独龙|怒|普米|裕固|保安|鄂伦春|鄂温克)族|"
    "蒙古|哈萨克|柯尔克孜|塔吉克|锡伯)+$"
)
_YEAR: Final = timedelta(days=366)
_LOWER: Final = frozenset({DivisionKind.COUNTY, DivisionKind.BANNER})
"""A city or district is not made into these."""


def succeed(tenures: Sequence[Tenure], amended: Container[str], source: str) -> Iterator[Succession]:
    """A code that ended in the year in which another of its name and level began: that one took its place.

    Only where exactly one fits; `amended` codes have their successor from elsewhere. A district must also lie
    below a parent of the same name: a province may have many a 郊区."""
    names = {t.code: t.name for t in tenures}
    begun: dict[str, list[Tenure]] = defaultdict(list)
    for tenure in tenures:
        begun[stem(tenure.name)].append(tenure)
    for ended in _last(tenures):
        until = ended.period.until
        if until is None or ended.code in amended:
            continue
        fits = [
            t
            for t in begun[stem(ended.name)]
            if t.code != ended.code and _took_over(ended, t, until) and _same_place(ended, t, names)
        ]
        if (heir := _only(ended, fits)) is not None:
            yield Succession(ended.code, heir.code, until, _change(ended, heir), source)


def stem(name: str) -> str:
    """The name without type and peoples: 昌平 of 昌平县 and 昌平区, 恭城 of 恭城瑶族自治县."""
    bare = _TYPE.sub("", name)
    if len(bare) == 1:
        return name
    return _PEOPLES.sub("", bare) or bare


def _last(tenures: Iterable[Tenure]) -> Iterator[Tenure]:
    """The last name of each code."""
    last: dict[str, Tenure] = {}
    for tenure in tenures:
        if tenure.code not in last or last[tenure.code].period.order < tenure.period.order:
            last[tenure.code] = tenure
    yield from last.values()


def _took_over(ended: Tenure, heir: Tenure, until: date) -> bool:
    began = heir.period.start
    return (
        heir.level is ended.level
        and began is not None
        and until - _YEAR <= began <= until
        and until in heir.period
        and (heir.kind not in _LOWER or ended.kind in _LOWER or ended.kind is heir.kind)
    )


def _same_place(ended: Tenure, heir: Tenure, names: dict[str, str]) -> bool:
    if ended.kind is not DivisionKind.DISTRICT:
        return True
    return stem(names.get(ended.parent or "", "")) == stem(names.get(heir.parent or "", ""))


def _only(ended: Tenure, fits: Sequence[Tenure]) -> Tenure | None:
    """The one that fits best: the very name before the mere stem, the same province before another."""
    same_name = [t for t in fits if t.name == ended.name]
    here = [t for t in fits if t.code[:2] == ended.code[:2]]
    for best in ([t for t in same_name if t in here], here, same_name):
        if len(best) == 1:
            return best[0]
    return None


def _change(ended: Tenure, heir: Tenure) -> DivisionChange:
    if ended.name == heir.name:
        return DivisionChange.RECODED
    return DivisionChange.RENAMED if ended.kind is heir.kind else DivisionChange.UPGRADED
