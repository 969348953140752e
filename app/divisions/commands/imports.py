"""A year's table: compared with what is recorded, shown, and applied as one change."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from app.core.errors import Fault, Words
from app.core.work import Work
from app.divisions import errors, formats, queries, rules
from app.divisions.commands.changes import begin, change_name, change_parent, end
from app.divisions.commands.closure import rehang
from app.divisions.models import Division
from app.divisions.rules import Difference, DivisionChange, Entry, Fate, Flaw
from app.divisions.schemas import (
    DivisionAbolishedRow,
    DivisionAddedRow,
    DivisionChangedRow,
    DivisionImport,
    DivisionImportRead,
    DivisionTableImported,
)

WORDS: dict[str, Words] = {
    "listed_twice": ("代码在表中重复", "The code is listed twice"),
    "code_used_before": ("代码已在别处使用或曾被使用", "The code is in use elsewhere or was used before"),
    "kind_level": ("类型与层级不符", "The kind does not stand at this level"),
    "level_outside": ("层级不在 levels 之内", "The level is not among `levels`"),
    "parent_unknown": ("上级在该日不存在", "The parent is not in force on that day"),
    "parent_level": ("上级不能直接管辖此层级", "The parent may not hold this level"),
    "parent_ring": ("上级链成环", "The parents form a ring"),
    "successor_unknown": ("继承者在该日不存在", "A successor is not in force on that day"),
}


async def import_table(work: Work, given: DivisionImport) -> DivisionImportRead:
    """Compare a year's table with what is recorded on its day and, unless it is a dry run, apply it."""
    await queries.get_for_update(work, given.division_code)
    rows = formats.read_table(given.csv) if given.csv is not None else given.entries or []
    table = [Entry(row.code, row.name, row.kind, row.level, row.parent_code) for row in rows]
    fates = {fate.code: Fate(tuple(fate.successors), fate.kind) for fate in given.fates}
    recorded = await queries.entries(work, given.division_code, given.levels, given.effective_on)
    await _check(work, given, table, recorded, fates)
    difference = rules.compare(recorded, table, fates)
    if not given.dry_run:
        await _apply(work, given, difference)
    return _shown(given, difference)


async def _check(
    work: Work,
    given: DivisionImport,
    table: Sequence[Entry],
    recorded: Iterable[Entry],
    fates: dict[str, Fate],
) -> None:
    """Refuse a table with rows that cannot stand, naming each."""
    ours = {entry.code for entry in recorded}
    mentioned = {code for entry in table for code in (entry.code, entry.parent)}
    mentioned |= {code for fate in fates.values() for code in fate.successors}
    outside = await queries.in_force(work, mentioned - ours, given.effective_on)
    taken = await queries.known(work, {entry.code for entry in table} - ours)
    found = [*rules.flaws(table, outside, taken, fates, given.levels)]
    if found:
        raise errors.DivisionTableUnfit(
            errors=[_fault(flaw, table, by_line=given.csv is not None) for flaw in found[:200]]
        )


def _fault(flaw: Flaw, table: Sequence[Entry], *, by_line: bool) -> Fault:
    row = next((i for i, entry in enumerate(table) if entry.code == flaw.code), None)
    if row is None:
        return Fault("/fates", flaw.reason, WORDS[flaw.reason])
    return Fault(f"/csv/{row + 2}" if by_line else f"/entries/{row}", flaw.reason, WORDS[flaw.reason])


async def _apply(work: Work, given: DivisionImport, difference: Difference) -> None:
    """Everything on one day: new codes first, then names and parents, then the ends."""
    on = given.effective_on
    if on > work.today and (difference.changed or difference.abolished):
        raise errors.DivisionChangeInFuture
    unsettled = [o.entry for o in difference.abolished if o.fate is None]
    if unsettled:
        raise errors.DivisionSuccessorsMissing(
            reasons=[{"code": e.code, "name": e.name} for e in unsettled[:200]]
        )
    await _add(work, difference.added, on, given.source)
    changed = [change.after.code for change in difference.changed]
    ended = [omission.entry.code for omission in difference.abolished]
    rows = await _rows(work, [*changed, *ended])
    for change in difference.changed:
        row = rows[change.after.code]
        if change.renamed:
            await change_name(work, row, change.after.name, change.after.kind, on=on, source=given.source)
        if change.moved:
            await change_parent(work, row, change.after.parent, on=on, source=given.source)
    await rehang(work, [*(entry.code for entry in difference.added), *changed])
    moved = await _follow(work, difference, on, given.source)
    for omission in difference.abolished:
        fate = omission.fate or Fate((), DivisionChange.ABOLISHED)
        await end(
            work, rows[omission.entry.code], fate.successors, kind=fate.kind, on=on, source=given.source
        )
    await rehang(work, [*ended, *moved])
    top = await queries.get_for_update(work, given.division_code)
    work.announce(
        DivisionTableImported(
            subject=rules.identity(top.code),
            division_code=top.code,
            code=top.code,
            name=top.name,
            effective_on=on,
            source=given.source,
            added=len(difference.added),
            changed=len(difference.changed),
            abolished=len(difference.abolished),
        )
    )


async def _rows(work: Work, codes: Collection[str]) -> dict[str, Division]:
    found = await work.scalars(
        select(Division).where(Division.code.in_(codes)).order_by(Division.code).with_for_update()
    )
    return {row.code: row for row in found}


async def _add(work: Work, entries: Sequence[Entry], on: date, source: str) -> None:
    new = [
        Division(
            code=entry.code,
            name=entry.name,
            kind=entry.kind,
            level=entry.level,
            parent_code=entry.parent,
            valid=Range(on, None),
            dates_exact=True,
            source=source,
        )
        for entry in rules.parents_first(entries)
    ]
    for division in new:
        work.session.add(division)
    await work.session.flush()
    if new:
        await begin(work, new)


async def _follow(work: Work, difference: Difference, on: date, source: str) -> list[str]:
    """What lies below an abolished code, beyond the table (townships, zones), follows its one successor."""
    fates = {o.entry.code: o.fate for o in difference.abolished}
    left = [(p, c) for p, c in await queries.children_codes(work, fates, on) if c not in fates]
    homeless = [
        child
        for parent, child in left
        if len((fates[parent] or Fate((), DivisionChange.ABOLISHED)).successors) != 1
    ]
    if homeless:
        raise errors.DivisionHasChildren(reasons=[{"code": child} for child in homeless[:100]])
    rows = await _rows(work, [child for _, child in left])
    for parent, child in left:
        fate = fates[parent]
        if fate is not None:
            await change_parent(work, rows[child], fate.successors[0], on=on, source=source)
    return [child for _, child in left]


def _shown(given: DivisionImport, difference: Difference) -> DivisionImportRead:
    return DivisionImportRead(
        applied=not given.dry_run,
        effective_on=given.effective_on,
        division_code=given.division_code,
        added=[
            DivisionAddedRow(code=e.code, name=e.name, kind=e.kind, level=e.level, parent_code=e.parent)
            for e in difference.added
        ],
        changed=[
            DivisionChangedRow(
                code=c.after.code,
                name_before=c.before.name,
                name=c.after.name,
                kind_before=c.before.kind,
                kind=c.after.kind,
                parent_code_before=c.before.parent,
                parent_code=c.after.parent,
            )
            for c in difference.changed
        ],
        abolished=[
            DivisionAbolishedRow(
                code=o.entry.code,
                name=o.entry.name,
                successors=list(o.fate.successors) if o.fate else [],
                kind=o.fate.kind if o.fate else None,
                settled=o.fate is not None,
            )
            for o in difference.abolished
        ],
        unchanged=difference.unchanged,
    )
