"""One division at a time: added, corrected, renamed, moved, abolished. Nothing is deleted."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import Range

from app.core.work import Work
from app.divisions import errors, queries, rules
from app.divisions.commands.closure import rehang
from app.divisions.models import Division, DivisionName, DivisionParent, DivisionSuccessor
from app.divisions.rules import ROOT, DivisionKind, DivisionLevel
from app.divisions.schemas import (
    DivisionAbolish,
    DivisionAbolished,
    DivisionAdded,
    DivisionCorrected,
    DivisionCreate,
    DivisionMove,
    DivisionMoved,
    DivisionRename,
    DivisionRenamed,
    DivisionUpdate,
)

Dated = type[DivisionName] | type[DivisionParent]


async def add(work: Work, given: DivisionCreate) -> Division:
    """A new division below one that is in force when it begins."""
    await queries.get_for_update(work, given.parent_code)
    if await queries.known(work, [given.code]):
        raise errors.DivisionCodeTaken
    if not rules.fits(given.kind, given.level):
        raise errors.DivisionKindUnfit
    for day in {given.from_on or work.today, max(given.from_on or work.today, work.today)}:
        await _check_parent(work, given.parent_code, given.level, day)
    division = Division(
        code=given.code,
        name=given.name,
        kind=given.kind,
        level=given.level,
        parent_code=given.parent_code,
        valid=Range(given.from_on, None),
        dates_exact=given.from_on is not None,
        source=given.source,
    )
    work.session.add(division)
    await work.session.flush()
    await begin(work, [division])
    await rehang(work, [division.code])
    work.announce(
        DivisionAdded(
            subject=rules.identity(division.code),
            division_code=division.code,
            code=division.code,
            name=division.name,
            parent_code=given.parent_code,
            from_on=given.from_on,
        )
    )
    return division


async def begin(work: Work, divisions: list[Division]) -> None:
    """The first name and parent of new divisions; before their first day they rest below that parent."""
    names: list[dict[str, Any]] = []
    parents: list[dict[str, Any]] = []
    for new in divisions:
        names.append(
            {"code": new.code, "valid": new.valid, "name": new.name, "kind": new.kind, "source": new.source}
        )
        link = {"code": new.code, "parent_code": new.parent_code, "source": new.source}
        parents.append({**link, "valid": new.valid, "resting": False})
        if new.valid.lower is not None:
            parents.append({**link, "valid": Range(None, new.valid.lower), "resting": True})
    await work.execute(insert(DivisionName), names)
    await work.execute(insert(DivisionParent), parents)


async def correct(work: Work, code: str, given: DivisionUpdate) -> Division:
    """Mend what was recorded wrongly of the latest name; history gets no new entry, the audit does."""
    division = await _changeable(work, code)
    fields = given.model_dump(exclude_unset=True)
    if not rules.fits(fields.get("kind", DivisionKind(division.kind)), DivisionLevel(division.level)):
        raise errors.DivisionKindUnfit
    for field, value in fields.items():
        setattr(division, field, value)
    if changed := {k: v for k, v in fields.items() if k in ("name", "kind")}:
        latest = (
            select(DivisionName.valid)
            .where(DivisionName.code == code)
            .order_by(DivisionName.valid.desc())
            .limit(1)
        )
        await work.execute(
            update(DivisionName)
            .where(DivisionName.code == code, DivisionName.valid == latest.scalar_subquery())
            .values(**changed)
        )
    work.announce(
        DivisionCorrected(
            subject=rules.identity(code),
            division_code=code,
            code=code,
            name=division.name,
            fields=sorted(fields),
        )
    )
    return division


async def rename(work: Work, code: str, given: DivisionRename) -> Division:
    """A new name, and perhaps kind, from a day on."""
    division = await _changeable(work, code, given.effective_on)
    _not_ahead(work, given.effective_on)
    kind = given.kind or DivisionKind(division.kind)
    if not rules.fits(kind, DivisionLevel(division.level)):
        raise errors.DivisionKindUnfit
    before = division.name
    await change_name(work, division, given.name, kind, on=given.effective_on, source=given.source)
    work.announce(
        DivisionRenamed(
            subject=rules.identity(code),
            division_code=code,
            code=code,
            name=division.name,
            before=before,
            effective_on=given.effective_on,
        )
    )
    return division


async def change_name(work: Work, division: Division, name: str, kind: str, *, on: date, source: str) -> None:
    """End the name that holds on that day, and begin another."""
    rest = await cut(work, DivisionName, division.code, on)
    work.session.add(DivisionName(code=division.code, valid=rest, name=name, kind=kind, source=source))
    division.name, division.kind = name, kind


async def move(work: Work, code: str, given: DivisionMove) -> Division:
    """A new parent from a day on; everything below goes with it."""
    division = await _changeable(work, code, given.effective_on)
    _not_ahead(work, given.effective_on)
    await _check_parent(
        work, given.parent_code, DivisionLevel(division.level), given.effective_on, child=code
    )
    before = str(division.parent_code)
    await change_parent(work, division, given.parent_code, on=given.effective_on, source=given.source)
    await rehang(work, [code])
    work.announce(
        DivisionMoved(
            subject=rules.identity(code),
            division_code=code,
            code=code,
            name=division.name,
            before=before,
            parent_code=given.parent_code,
            effective_on=given.effective_on,
        )
    )
    return division


async def change_parent(work: Work, division: Division, parent: str, *, on: date, source: str) -> None:
    """End the link that holds on that day, and begin another. The closure is the caller's to renew."""
    rest = await cut(work, DivisionParent, division.code, on)
    work.session.add(
        DivisionParent(code=division.code, valid=rest, parent_code=parent, resting=False, source=source)
    )
    division.parent_code = parent


async def abolish(work: Work, code: str, given: DivisionAbolish) -> Division:
    """End a code. From that day it rests below its successor, or where its successors meet; its children
    follow a single successor."""
    division = await _changeable(work, code, given.effective_on)
    on = given.effective_on
    heirs = sorted(set(given.successors))
    if set(heirs) - (await queries.in_force(work, heirs, on)).keys():
        raise errors.DivisionSuccessorUnfit
    below = [child for _, child in await queries.children_codes(work, [code], on)]
    if below:
        _not_ahead(work, on)
    if below and len(heirs) != 1:
        raise errors.DivisionHasChildren(reasons=[{"code": child} for child in below[:100]])
    await end(work, division, heirs, kind=given.kind, on=on, source=given.source)
    for child in below:
        row = await queries.get_for_update(work, child)
        await _check_parent(work, heirs[0], DivisionLevel(row.level), on, child=child)
        await change_parent(work, row, heirs[0], on=on, source=given.source)
    await rehang(work, [code])
    work.announce(
        DivisionAbolished(
            subject=rules.identity(code),
            division_code=code,
            code=code,
            name=division.name,
            successors=heirs,
            effective_on=on,
        )
    )
    return division


async def end(
    work: Work, division: Division, heirs: Sequence[str], *, kind: str, on: date, source: str
) -> None:
    """Close the code's name and parent, and lay it to rest. The closure is the caller's to renew."""
    code = division.code
    ways = await queries.paths(work, heirs, on)
    if any(code in way for way in ways.values()):
        raise errors.DivisionRing
    place = rules.meeting(list(ways.values())) or division.parent_code or ROOT
    await cut(work, DivisionName, code, on)
    rest = await cut(work, DivisionParent, code, on)
    work.session.add(
        DivisionParent(
            code=code, valid=Range(rest.lower, None), parent_code=place, resting=True, source=source
        )
    )
    work.session.add_all(
        DivisionSuccessor(code=code, successor_code=heir, effective_on=on, kind=kind, source=source)
        for heir in heirs
    )
    division.valid = Range(division.valid.lower, on)


async def cut(work: Work, table: Dated, code: str, on: date) -> Range[date]:
    """End what holds on that day; the rest of its period is returned. A change on the first day of a period
    would leave it empty: it is refused, since the earlier change should be corrected instead."""
    await work.session.flush()
    valid: Range[date] | None = await work.scalar(
        select(table.valid).where(table.code == code, table.valid.contains(on)).with_for_update()
    )
    if valid is None:
        raise errors.DivisionNotInForce
    if valid.lower == on:
        raise errors.DivisionChangeOutOfOrder(since=on.isoformat())
    await work.execute(
        update(table).where(table.code == code, table.valid == valid).values(valid=Range(valid.lower, on))
    )
    return Range(on, valid.upper)


async def _changeable(work: Work, code: str, on: date | None = None) -> Division:
    """The division, if this caller may change it, read it last, and no later change stands in the way."""
    division = await queries.get_for_update(work, code)
    work.expect(division)
    if on is None:
        return division
    if code == ROOT or on not in queries.period(division.valid) or division.valid.upper is not None:
        raise errors.DivisionNotInForce
    if (last := await queries.last_change(work, code)) is not None and on <= last:
        raise errors.DivisionChangeOutOfOrder(since=last.isoformat())
    return division


def _not_ahead(work: Work, on: date) -> None:
    if on > work.today:
        raise errors.DivisionChangeInFuture


async def _check_parent(
    work: Work, parent: str, level: DivisionLevel, on: date, child: str | None = None
) -> None:
    """The parent must be in force, may hold this level, and must not lie below the child itself."""
    levels = await queries.in_force(work, [parent], on)
    if parent not in levels or not rules.may_hold(levels[parent], level):
        raise errors.DivisionParentUnfit
    if child is not None and child in (await queries.paths(work, [parent], on))[parent]:
        raise errors.DivisionRing
