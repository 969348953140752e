"""What is asked of reference data. Everybody who is signed in may read it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, and_, column, func, literal, or_, select, table, true

from app.core import access, reads
from app.core.access import NATION, Permission
from app.core.work import Work
from app.reference import rules
from app.reference.errors import DictionaryNotFound, RulePackNotFound
from app.reference.models import CalendarYear, Dictionary, DictionaryItem, RulePack, WorkingDayOverride
from app.reference.rules import Calendar
from app.reference.schemas import (
    CalendarFilters,
    CalendarYearItem,
    CalendarYearRead,
    DictionaryFilters,
    DictionaryListItem,
    DictionaryRead,
    RulePackFilters,
    RulePackRead,
    WorkingDayQuery,
    WorkingDayRead,
)

divisions = table("divisions", column("code"))
_DAY: list[Any] = [WorkingDayOverride.day, WorkingDayOverride.is_working, WorkingDayOverride.name]
_ITEM: list[Any] = [
    DictionaryItem.code,
    DictionaryItem.label_zh,
    DictionaryItem.label_en,
    DictionaryItem.deprecated,
]

# ------------------------------------------------------------------------------------------------ calendar


async def calendar(work: Work) -> Calendar:
    """The calendar as it is recorded now."""
    days: Any = await work.execute(select(WorkingDayOverride.day, WorkingDayOverride.is_working))
    years = await work.scalars(select(CalendarYear.year).where(CalendarYear.complete))
    return Calendar(dict(days.all()), frozenset(years))


async def working_day(work: Work, asked: WorkingDayQuery) -> Response:
    """The deadline so many working days after a day."""
    deadline = rules.add_working_days(asked.start_on, asked.days, await calendar(work))
    answer = WorkingDayRead(
        start_on=asked.start_on, days=asked.days, due_on=deadline.due_on, provisional=deadline.provisional
    )
    return await reads.derived(work, answer)


async def year(work: Work, number: int) -> Response:
    """A year of the calendar; one that nobody has entered is empty, with version 0."""
    asked = select(literal(number).label("year")).subquery()
    days: Select[Any] = (
        select(*_DAY)
        .where(WorkingDayOverride.year == asked.c.year)
        .order_by(WorkingDayOverride.day)
        .correlate(asked)
    )
    statement = (
        select(
            asked.c.year,
            CalendarYear.source,
            func.coalesce(CalendarYear.complete, False).label("complete"),
            reads.array_of(days).label("days"),
            reads.etag(func.coalesce(CalendarYear.version, 0)),
            reads.actions(work, {"replace": Permission.REFERENCE_ADMINISTER}),
        )
        .select_from(asked)
        .outerjoin(CalendarYear, CalendarYear.year == asked.c.year)
    )
    return await reads.one(work, statement, shape=CalendarYearRead)


async def years(work: Work, filters: CalendarFilters) -> Response:
    """The years that are entered."""
    statement = select(
        CalendarYear.year,
        CalendarYear.source,
        CalendarYear.complete,
        reads.etag(CalendarYear.version),
        reads.actions(work, {"replace": Permission.REFERENCE_ADMINISTER}),
    )
    if filters.complete is not None:
        statement = statement.where(CalendarYear.complete == filters.complete)
    return await reads.page(
        work, statement, shape=CalendarYearItem, filters=filters, sort=(CalendarYear.year,)
    )


# -------------------------------------------------------------------------------------------- dictionaries


def _dictionary(work: Work) -> list[Any]:
    administer = Permission.REFERENCE_ADMINISTER
    return [
        Dictionary.code,
        Dictionary.label_zh,
        Dictionary.label_en,
        Dictionary.growing,
        reads.etag(Dictionary.version),
        reads.actions(
            work, {"add_item": (administer, Dictionary.growing.is_(true())), "change_item": administer}
        ),
    ]


async def dictionary(work: Work, code: str, *, status: int = 200) -> Response:
    """A dictionary with its values, in their order."""
    items: Select[Any] = (
        select(*_ITEM)
        .where(DictionaryItem.dictionary_code == Dictionary.code)
        .order_by(DictionaryItem.position, DictionaryItem.code)
        .correlate(Dictionary)
    )
    statement = select(*_dictionary(work), reads.array_of(items).label("items")).where(
        Dictionary.code == code
    )
    return await reads.one(work, statement, shape=DictionaryRead, missing=DictionaryNotFound, status=status)


async def dictionaries(work: Work, filters: DictionaryFilters) -> Response:
    """The dictionaries, without their values."""
    statement = select(*_dictionary(work))
    if filters.growing is not None:
        statement = statement.where(Dictionary.growing == filters.growing)
    return await reads.page(
        work, statement, shape=DictionaryListItem, filters=filters, sort=(Dictionary.code,)
    )


async def dictionary_for_update(work: Work, code: str) -> Dictionary:
    found: Dictionary | None = await work.scalar(
        select(Dictionary).where(Dictionary.code == code).with_for_update()
    )
    if found is None:
        raise DictionaryNotFound
    return found


# ---------------------------------------------------------------------------------------------- rule packs


_PACK: list[Any] = [
    RulePack.id,
    RulePack.kind,
    RulePack.code,
    RulePack.version,
    RulePack.jurisdiction_code,
    RulePack.effective_on,
    RulePack.source,
    RulePack.content,
]


def _pack(work: Work) -> Select[Any]:
    administer, draft = Permission.REFERENCE_ADMINISTER, RulePack.state == "draft"
    foreign = func.coalesce(RulePack.created_by != work.actor.id, true())
    actions = {"update": (administer, draft), "publish": (administer, and_(draft, foreign))}
    return select(
        *_PACK,
        RulePack.state,
        RulePack.published_at,
        reads.etag(RulePack.revision),
        reads.actions(work, actions),
    )


async def rule_pack(work: Work, pack_id: UUID, *, status: int = 200) -> Response:
    """One pack."""
    statement = _pack(work).where(RulePack.id == pack_id)
    return await reads.one(work, statement, shape=RulePackRead, missing=RulePackNotFound, status=status)


async def rule_packs(work: Work, filters: RulePackFilters) -> Response:
    """Packs in order of kind, code and version."""
    statement = _pack(work).where(*_pack_conditions(filters))
    sort = (RulePack.kind, RulePack.code, RulePack.version)
    return await reads.page(work, statement, shape=RulePackRead, filters=filters, sort=sort)


def _pack_conditions(filters: RulePackFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.kind is not None:
        conditions.append(RulePack.kind == filters.kind)
    if filters.state is not None:
        conditions.append(RulePack.state == filters.state)
    if filters.jurisdiction_code == NATION:
        conditions.append(RulePack.jurisdiction_code.is_(None))
    elif filters.jurisdiction_code is not None:
        conditions.append(RulePack.jurisdiction_code == filters.jurisdiction_code)
    if filters.in_force_on is not None:
        conditions += [RulePack.state == "published", RulePack.effective_on <= filters.in_force_on]
    return conditions


async def rule_pack_for_update(work: Work, pack_id: UUID) -> RulePack:
    """A pack, held until the end if it is a draft: row-level security lets nobody lock a published one."""
    one = select(RulePack).where(RulePack.id == pack_id)
    found: RulePack | None = await work.scalar(one.with_for_update()) or await work.scalar(one)
    if found is None:
        raise RulePackNotFound
    return found


async def packs_for(work: Work, kind: str, path: Sequence[str], on: date) -> tuple[rules.RulePack, ...]:
    """The packs of a kind that hold on a day along a path of divisions (the nation first): the national one,
    then each jurisdiction's own, the nearest last."""
    return rules.overlays(await published_packs(work, kind, path, on), path, on)


async def published_packs(work: Work, kind: str, codes: Sequence[str], until: date) -> list[rules.RulePack]:
    """Every published pack of a kind, of the nation or of these divisions, that began by a day."""
    rows: Iterable[Any] = await work.execute(
        select(*_PACK).where(
            RulePack.kind == kind,
            RulePack.state == "published",
            RulePack.effective_on <= until,
            or_(RulePack.jurisdiction_code.is_(None), RulePack.jurisdiction_code.in_(list(codes))),
        )
    )
    return [rules.RulePack(*row) for row in rows]


async def every_pack(work: Work, kind: str, until: date) -> list[rules.RulePack]:
    """Every published pack of a kind, of whatever jurisdiction, that began by a day."""
    rows: Iterable[Any] = await work.execute(
        select(*_PACK).where(
            RulePack.kind == kind, RulePack.state == "published", RulePack.effective_on <= until
        )
    )
    return [rules.RulePack(*row) for row in rows]


async def pack_for(work: Work, kind: str, path: Sequence[str], on: date) -> rules.RulePack | None:
    """The pack of a kind that is nearest in the tree; None where not even a national one holds."""
    packs = await packs_for(work, kind, path, on)
    return packs[-1] if packs else None


async def pack_at(work: Work, kind: str, division_code: str, on: date) -> rules.RulePack | None:
    """The same for a division, whatever lies above it that day."""
    closure = access.division_closure.c
    path = await work.scalars(
        select(closure.ancestor_code)
        .where(closure.descendant_code == division_code, closure.valid.op("@>")(on))
        .order_by(closure.depth.desc())
    )
    return await pack_for(work, kind, list(path), on)


async def is_division(work: Work, code: str) -> bool:
    """Whether the code was ever a division."""
    return await work.scalar(select(divisions.c.code).where(divisions.c.code == code)) is not None
