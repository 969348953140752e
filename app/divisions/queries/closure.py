"""The closure as one statement, and whether it is right."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import CompoundSelect, Select, func, literal, select, true
from sqlalchemy.dialects.postgresql import DATERANGE

from app.core.work import Work
from app.divisions import rules
from app.divisions.models import Division, DivisionClosure, DivisionParent
from app.divisions.queries.spans import EVERY_DAY, period
from app.divisions.rules import ROOT, Link, Reach


def below_any_day(codes: Iterable[str]) -> CompoundSelect[str]:
    """Every code that hung below one of these on any day, themselves included."""
    return (
        select(DivisionClosure.descendant_code)
        .where(DivisionClosure.ancestor_code.in_(set(codes)))
        .union(select(Division.code).where(Division.code.in_(set(codes))))
    )


def closure_rows(codes: Select[str]) -> Any:
    """The closure rows of these codes, climbed from `division_parents`: `rules.closure`, set-based."""
    start = codes.subquery()
    climb = select(
        start.c[0].label("descendant"),
        start.c[0].label("ancestor"),
        literal(0).label("depth"),
        literal(EVERY_DAY, DATERANGE).label("valid"),
    ).cte("climb", recursive=True)
    up = DivisionParent
    climb = climb.union_all(
        select(climb.c.descendant, up.parent_code, climb.c.depth + 1, climb.c.valid * up.valid)
        .join(up, up.code == climb.c.ancestor)
        .where(climb.c.depth < rules.DEEPEST, ~func.isempty(climb.c.valid * up.valid))
    )
    return select(
        climb.c.ancestor,
        climb.c.descendant,
        climb.c.depth,
        func.unnest(func.range_agg(climb.c.valid), type_=DATERANGE).label("valid"),
    ).group_by(climb.c.ancestor, climb.c.descendant, climb.c.depth)


async def verify(work: Work) -> list[str]:
    """What is wrong with the tree, in words; nothing when all holds. The pure rules recompute the closure."""
    parents: Iterable[Any] = await work.execute(
        select(DivisionParent.code, DivisionParent.parent_code, DivisionParent.valid, DivisionParent.resting)
    )
    rows: Iterable[Any] = await work.execute(
        select(
            DivisionClosure.ancestor_code,
            DivisionClosure.descendant_code,
            DivisionClosure.depth,
            DivisionClosure.valid,
        )
    )
    links = [Link(code, parent, period(valid), resting) for code, parent, valid, resting in parents]
    stored = {Reach(above, below, depth, period(valid)) for above, below, depth, valid in rows}
    wrong: list[str] = []
    try:
        computed = set(rules.closure(links))
    except rules.Cycle as ring:
        return [f"{ring} lies below itself"]
    wrong += [f"closure lacks {reach}" for reach in sorted(computed - stored, key=str)[:20]]
    wrong += [f"closure has {reach} for no reason" for reach in sorted(stored - computed, key=str)[:20]]
    hung = select(func.range_agg(DivisionParent.valid)).where(DivisionParent.code == Division.code)
    loose = select(Division.code).where(
        Division.code != ROOT,
        func.coalesce(hung.scalar_subquery() != func.datemultirange(literal(EVERY_DAY, DATERANGE)), true()),
    )
    wrong += [f"{code} hangs nowhere on some days" for code in await work.scalars(loose)]
    return wrong
