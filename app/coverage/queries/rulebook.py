"""The rules that decide what counts, all of them, and whether there are roll-ups made by them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Text, and_, case, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.core.access import division_closure
from app.core.marks import Mark
from app.core.work import Work
from app.coverage import rules
from app.coverage.models import Book
from app.coverage.queries.tables import rule_packs
from app.coverage.rules import Counting, Era, Pack, Rulebook

MARKS_MOST = 20_000
"""When more waits to be rolled up than this, everything is counted from the rows."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The roll-ups that fit the rules, and how much waits to be rolled up (a guess for the plan: what is read
    says so again)."""

    fingerprint: str
    eras: tuple[Era, ...]
    waiting: int

    def fits(self, counting: Counting, day: date) -> bool:
        """Whether a day was rolled up by these rules on counting."""
        return any(
            era.counting == counting and era.since <= day and (era.until is None or day < era.until)
            for era in self.eras
        )


async def shelf(work: Work) -> tuple[Rulebook, Shelf | None]:
    """The rules in force, and the roll-ups that were made by them."""
    rows = (await work.execute(_statement(work))).all()
    rulebook = _rulebook(rows)
    waiting = rows[0].waiting if rows else 0
    ready = bool(rows) and rows[0].ready == rulebook.fingerprint and waiting <= MARKS_MOST
    return rulebook, Shelf(rulebook.fingerprint, rulebook.eras, waiting) if ready else None


def _statement(work: Work) -> Any:
    """Every published pack, the deepest jurisdiction's depth, and which divisions lay in it when."""
    k, c = rule_packs.c, division_closure.c
    depth = (
        select(func.max(c.depth))
        .where(c.descendant_code == k.jurisdiction_code, c.valid.op("@>")(work.today))
        .scalar_subquery()
    )
    line = c.descendant_code + cast(c.valid, Text)
    inside = and_(c.ancestor_code == k.jurisdiction_code, k.kind == "establishment")
    digest = func.md5(func.string_agg(line, aggregate_order_by(literal(","), line.collate("C"))))
    territory = select(digest).where(inside).scalar_subquery()
    waiting = select(Mark.id).limit(MARKS_MOST + 1).subquery()
    return select(
        k.kind,
        k.jurisdiction_code,
        func.coalesce(depth, 0).label("depth"),
        k.effective_on,
        k.version,
        k.code,
        k.source,
        k.content,
        case((k.kind == "establishment", territory)).label("territory"),
        select(Book.fingerprint).where(Book.state == "ready").scalar_subquery().label("ready"),
        select(func.count()).select_from(waiting).scalar_subquery().label("waiting"),
    ).where(
        k.state == "published",
        or_(k.kind == "establishment", and_(k.kind == "coverage", k.jurisdiction_code.is_(None))),
    )


def _rulebook(rows: Any) -> Rulebook:
    judging = [row for row in rows if row.kind == "establishment"]
    national = [row for row in rows if row.kind == "coverage"]
    packs = [Pack(r.jurisdiction_code, r.depth, r.effective_on, r.version, r.content) for r in judging]
    return Rulebook(
        eras=rules.eras([(r.effective_on, r.version, r.code, r.source, r.content) for r in national]),
        thresholds=rules.thresholds(packs),
        territories=",".join(
            sorted({f"{r.jurisdiction_code} {r.territory}" for r in judging if r.jurisdiction_code})
        ),
    )
