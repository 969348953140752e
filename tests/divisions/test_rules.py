"""The law of divisions, without a database."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.divisions import rules
from app.divisions.rules import (
    ALWAYS,
    ROOT,
    DivisionChange,
    DivisionKind,
    DivisionLevel,
    Entry,
    Fate,
    Link,
    Period,
    Reach,
    Succession,
    Tenure,
    Tree,
)

FIRST, LAST = date(2000, 1, 1), date(2003, 1, 1)
DAYS = st.dates(FIRST, LAST)


def tenure(code: str, parent: str | None, start: date | None = None, until: date | None = None) -> Tenure:
    return Tenure(code, code, DivisionKind.DISTRICT, DivisionLevel.COUNTY, parent, Period(start, until))


def became(code: str, successor: str, on: date) -> Succession:
    return Succession(code, successor, on, DivisionChange.MERGED, "测试")


NATION = tenure(ROOT, None)
PROVINCE, CITY = tenure("P", ROOT), tenure("C", "P")
HALFWAY = date(2001, 6, 1)
EARLIER, LATER = HALFWAY - timedelta(days=1), HALFWAY + timedelta(days=400)


# ------------------------------------------------------------------------------------------------- periods


def test_neighbours_become_one_and_gaps_stay() -> None:
    one, two, three = Period(None, date(2001, 1, 1)), Period(date(2001, 1, 1), date(2002, 1, 1)), Period(LAST)
    assert list(rules.merged([three, two, one])) == [Period(None, date(2002, 1, 1)), Period(LAST)]


@given(st.lists(st.tuples(DAYS, DAYS).map(lambda pair: Period(*pair))), DAYS)
def test_merged_periods_hold_the_same_days(periods: list[Period], day: date) -> None:
    assert any(day in p for p in rules.merged(periods)) == any(day in p for p in periods)


# ---------------------------------------------------------------------------------------------- resting


def test_an_abolished_code_rests_below_its_successor() -> None:
    tree = Tree(
        [NATION, PROVINCE, tenure("A", "P", None, HALFWAY), tenure("B", "P")], [became("A", "B", HALFWAY)]
    )
    assert tree.path("A", EARLIER) == (ROOT, "P", "A")
    assert tree.path("A", HALFWAY) == (ROOT, "P", "B", "A")


def test_with_several_successors_it_rests_where_they_meet() -> None:
    heirs = [tenure("B", "C"), tenure("D", "C")]
    tree = Tree(
        [NATION, PROVINCE, CITY, *heirs, tenure("A", "P", None, HALFWAY)],
        [became("A", "B", HALFWAY), became("A", "D", HALFWAY)],
    )
    assert tree.path("A", LATER) == (ROOT, "P", "C", "A")


def test_without_a_known_successor_it_stays_below_its_last_parent() -> None:
    tree = Tree([NATION, PROVINCE, CITY, tenure("A", "C", None, HALFWAY)], [])
    assert tree.path("A", LATER) == (ROOT, "P", "C", "A")


def test_before_its_making_a_code_rests_below_what_it_was_made_from() -> None:
    """An organization of 1995 whose registry now writes the code of 2001 is counted in 1995 all the same."""
    tree = Tree(
        [NATION, PROVINCE, tenure("A", "P", None, HALFWAY), tenure("B", "P", HALFWAY)],
        [became("A", "B", HALFWAY)],
    )
    assert tree.path("B", EARLIER) == (ROOT, "P", "A", "B")
    assert tree.path("B", HALFWAY) == (ROOT, "P", "B")
    assert tree.path("A", HALFWAY) == (ROOT, "P", "B", "A")


def test_a_code_that_goes_on_after_a_split_is_no_successor_of_itself() -> None:
    tree = Tree([NATION, PROVINCE, tenure("A", "P"), tenure("B", "P", HALFWAY)], [became("A", "B", HALFWAY)])
    assert tree.path("B", EARLIER) == (ROOT, "P", "A", "B")
    assert tree.path("A", LATER) == (ROOT, "P", "A")


def test_a_code_given_out_twice_has_two_lives() -> None:
    first, second = tenure("A", "P", None, date(2000, 6, 1)), tenure("A", "C", date(2002, 1, 1))
    tree = Tree(
        [NATION, PROVINCE, CITY, first, second, tenure("B", "P")], [became("A", "B", date(2000, 6, 1))]
    )
    links = [(link.parent, link.resting) for link in tree.timeline("A")]
    assert links == [("P", False), ("B", True), ("C", False)]


def test_an_unending_chain_is_a_ring() -> None:
    ring = [Link("A", "B", ALWAYS, resting=False), Link("B", "A", ALWAYS, resting=False)]
    with pytest.raises(rules.Cycle):
        list(rules.closure(ring))
    with pytest.raises(rules.Cycle):
        Tree([tenure("A", "B"), tenure("B", "A")], []).path("A", HALFWAY)


def test_paths_meet_at_their_lowest_common_code() -> None:
    assert rules.meeting([(ROOT, "P", "C", "B"), (ROOT, "P", "C", "D")]) == "C"
    assert rules.meeting([(ROOT, "P"), (ROOT, "Q")]) == ROOT
    assert rules.meeting([]) is None


# ---------------------------------------------------------------------------------------------- the closure


@st.composite
def histories(draw: st.DrawFn) -> list[Link]:
    """Links of a dated tree: each code hangs below an earlier one, and some change their parent."""
    codes = [ROOT, *(f"N{i}" for i in range(draw(st.integers(1, 9))))]
    links: list[Link] = []
    for i, code in enumerate(codes[1:], start=1):
        cuts = sorted(set(draw(st.lists(DAYS, max_size=3))))
        bounds = [None, *cuts, None]
        for start, until in pairwise(bounds):
            parent = codes[draw(st.integers(0, i - 1))]
            links.append(Link(code, parent, Period(start, until), resting=False))
    return links


def climbed(links: list[Link], code: str, day: date) -> list[str]:
    """One day's chain, step by step."""
    chain = [code]
    while chain[-1] != ROOT:
        chain.append(next(k.parent for k in links if k.code == chain[-1] and day in k.period))
    return chain


@given(histories(), DAYS)
def test_the_closure_of_a_day_is_what_climbing_that_day_finds(links: list[Link], day: date) -> None:
    rows = list(rules.closure(links))
    held = {(r.ancestor, r.descendant, r.depth) for r in rows if day in r.period}
    codes = {ROOT, *(k.code for k in links)}
    assert held == {
        (ancestor, code, depth) for code in codes for depth, ancestor in enumerate(climbed(links, code, day))
    }


@given(histories())
def test_rows_of_a_pair_never_overlap_and_never_touch_at_one_depth(links: list[Link]) -> None:
    by_pair: dict[tuple[str, str], list[Reach]] = {}
    for row in rules.closure(links):
        by_pair.setdefault((row.ancestor, row.descendant), []).append(row)
    for rows in by_pair.values():
        ordered = sorted(rows, key=lambda r: r.period.order)
        for before, after in pairwise(ordered):
            assert before.period.until is not None
            assert after.period.start is not None
            assert before.period.until <= after.period.start
            assert (before.depth, before.period.until) != (after.depth, after.period.start)


@given(histories(), st.data())
def test_a_part_of_the_closure_is_that_part_of_the_whole(links: list[Link], data: st.DataObject) -> None:
    codes = sorted({k.code for k in links})
    some = data.draw(st.sets(st.sampled_from(codes)))
    assert set(rules.closure(links, some)) == {r for r in rules.closure(links) if r.descendant in some}


# ----------------------------------------------------------------------------------------- a year's table


def entry(
    code: str, parent: str = "440000", name: str = "甲", level: DivisionLevel = DivisionLevel.PREFECTURE
) -> Entry:
    kind = {
        DivisionLevel.PREFECTURE: DivisionKind.PREFECTURE_CITY,
        DivisionLevel.COUNTY: DivisionKind.COUNTY,
    }[level]
    return Entry(code, name, kind, level, parent)


def test_a_table_is_compared_code_by_code() -> None:
    recorded = [entry("440100"), entry("440200", name="乙"), entry("440300")]
    table = [entry("440100"), entry("440200", name="丙"), entry("440400")]
    fate = Fate(("440400",), DivisionChange.RECODED)
    difference = rules.compare(recorded, table, {"440300": fate})
    assert [e.code for e in difference.added] == ["440400"]
    assert [(c.after.code, c.renamed, c.moved) for c in difference.changed] == [("440200", True, False)]
    assert [(o.entry.code, o.fate) for o in difference.abolished] == [("440300", fate)]
    assert difference.unchanged == 1


def test_every_flaw_of_a_table_is_named() -> None:
    table = [
        entry("440100"),
        entry("440100"),
        entry("440200", parent="990000"),
        entry("440201", parent="440000", level=DivisionLevel.COUNTY),
        entry("440300", parent="440301"),
        Entry("440400", "丁", DivisionKind.COUNTY, DivisionLevel.PREFECTURE, "440000"),
    ]
    flaws = rules.flaws(
        table,
        outside={"440000": DivisionLevel.PROVINCE},
        taken={"440201"},
        fates={"440900": Fate(("999999",), DivisionChange.MERGED)},
        covered=[DivisionLevel.PREFECTURE],
    )
    assert {(f.code, f.reason) for f in flaws} == {
        ("440100", "listed_twice"),
        ("440200", "parent_unknown"),
        ("440201", "code_used_before"),
        ("440201", "level_outside"),
        ("440300", "parent_unknown"),
        ("440400", "kind_level"),
        ("440900", "successor_unknown"),
    }


def test_parents_that_form_a_ring_are_named() -> None:
    table = [
        Entry("Z1", "甲", DivisionKind.NEW_AREA, DivisionLevel.ZONE, "Z2"),
        Entry("Z2", "乙", DivisionKind.NEW_AREA, DivisionLevel.ZONE, "Z1"),
    ]
    found = {f.reason for f in rules.flaws(table, {}, (), {}, [DivisionLevel.ZONE])}
    assert found == {"parent_ring"}


def test_new_parents_come_before_what_lies_below_them() -> None:
    table = [entry("440101", "440100", level=DivisionLevel.COUNTY), entry("440100")]
    assert [e.code for e in rules.parents_first(table)] == ["440100", "440101"]


def test_a_county_may_lie_below_a_province_and_a_township_below_a_city() -> None:
    assert rules.may_hold(DivisionLevel.PROVINCE, DivisionLevel.COUNTY)
    assert rules.may_hold(DivisionLevel.PREFECTURE, DivisionLevel.TOWNSHIP)
    assert not rules.may_hold(DivisionLevel.COUNTY, DivisionLevel.PREFECTURE)
    assert not rules.may_hold(DivisionLevel.COMMUNITY, DivisionLevel.COMMUNITY)
