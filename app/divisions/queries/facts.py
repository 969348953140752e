"""What commands ask before they change the tree."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select, true, union_all

from app.core import access
from app.core.access import Permission, Scope
from app.core.work import Work
from app.divisions.errors import DivisionNotFound
from app.divisions.models import Division, DivisionClosure, DivisionName, DivisionParent
from app.divisions.rules import ROOT, DivisionKind, DivisionLevel, Entry


def administered(scope: Scope) -> ColumnElement[bool]:
    """The divisions that this scope reaches: those its holder may change."""
    return true() if scope.national else access.within_divisions(Division.code, scope.divisions)


async def get_for_update(work: Work, code: str) -> Division:
    """A division that this caller may change, with the whole tree held: changes of the tree go one by one."""
    await work.execute(select(Division.code).where(Division.code == ROOT).with_for_update(key_share=True))
    scope = work.actor.scope(Permission.DIVISION_ADMINISTER)
    found: Division | None = await work.scalar(
        select(Division).where(Division.code == code, administered(scope)).with_for_update(key_share=True)
    )
    if found is None:
        raise DivisionNotFound
    return found


async def in_force(work: Work, codes: Iterable[str], on: date) -> dict[str, DivisionLevel]:
    """Those of the codes that are in force on that day, with their level."""
    rows: Iterable[Any] = await work.execute(
        select(Division.code, Division.level)
        .join(DivisionName, DivisionName.code == Division.code)
        .where(Division.code.in_(set(codes)), DivisionName.valid.contains(on))
    )
    return {code: DivisionLevel(level) for code, level in rows}


async def last_change(work: Work, code: str) -> date | None:
    """The last day on which a name or a parent of this code began."""
    begun = union_all(
        select(func.lower(DivisionName.valid).label("day")).where(DivisionName.code == code),
        select(func.lower(DivisionParent.valid)).where(DivisionParent.code == code),
    ).subquery()
    last: date | None = await work.scalar(select(func.max(begun.c.day)))
    return last


async def known(work: Work, codes: Iterable[str]) -> set[str]:
    """Those of the codes that were ever given out."""
    return set(await work.scalars(select(Division.code).where(Division.code.in_(set(codes)))))


async def paths(work: Work, codes: Sequence[str], on: date) -> dict[str, tuple[str, ...]]:
    """From the nation down to each of the codes, on that day."""
    rows: Iterable[Any] = await work.execute(
        select(DivisionClosure.descendant_code, DivisionClosure.ancestor_code)
        .where(DivisionClosure.descendant_code.in_(codes), DivisionClosure.valid.contains(on))
        .order_by(DivisionClosure.descendant_code, DivisionClosure.depth.desc())
    )
    found: dict[str, tuple[str, ...]] = {}
    for code, ancestor in rows:
        found[code] = (*found.get(code, ()), ancestor)
    return found


async def children_codes(work: Work, codes: Iterable[str], on: date) -> list[tuple[str, str]]:
    """(parent, child) of what is in force directly below the codes on that day."""
    rows: Iterable[Any] = await work.execute(
        select(DivisionParent.parent_code, DivisionParent.code)
        .where(
            DivisionParent.parent_code.in_(set(codes)),
            DivisionParent.valid.contains(on),
            ~DivisionParent.resting,
        )
        .order_by(DivisionParent.code)
    )
    return [(parent, child) for parent, child in rows]


async def entries(work: Work, below: str, levels: Iterable[DivisionLevel], on: date) -> list[Entry]:
    """What is in force below a division on a day, as a table lists it."""
    rows: Iterable[Any] = await work.execute(
        select(
            Division.code, DivisionName.name, DivisionName.kind, Division.level, DivisionParent.parent_code
        )
        .join(DivisionClosure, DivisionClosure.descendant_code == Division.code)
        .join(DivisionName, DivisionName.code == Division.code)
        .join(DivisionParent, DivisionParent.code == Division.code)
        .where(
            DivisionClosure.ancestor_code == below,
            DivisionClosure.depth > 0,
            Division.level.in_(list(levels)),
            *(dated.valid.contains(on) for dated in (DivisionClosure, DivisionName, DivisionParent)),
        )
        .order_by(Division.code)
    )
    return [
        Entry(code, name, DivisionKind(kind), DivisionLevel(level), parent)
        for code, name, kind, level, parent in rows
    ]
