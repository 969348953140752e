"""The verbs of reference data."""

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from pydantic import ValidationError
from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects import postgresql

from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.reference import errors, formats, queries, schemas
from app.reference.models import (
    CalendarYear,
    DataVersion,
    Dictionary,
    DictionaryItem,
    RulePack,
    WorkingDayOverride,
)
from app.reference.schemas import (
    CalendarChanged,
    CalendarDay,
    CalendarYearPut,
    DictionaryChanged,
    DictionaryItemCreate,
    DictionaryItemUpdate,
    RulePackCreate,
    RulePackDraftChanged,
    RulePackDrafted,
    RulePackPublished,
    RulePackUpdate,
)

NAMESPACE = UUID("0f6b1d0c-6d0f-5c1b-8f5e-2b7d5a2f0001")
NOTICES = "国务院办公厅关于{year}年部分节假日安排的通知 ({library})"


# ------------------------------------------------------------------------------------------------ defaults


async def load_defaults(work: Work) -> None:
    """Bring what this release ships: calendar, dictionaries, rule packs. What people entered stays."""
    if await remember(work, "calendar", formats.calendar_version()):
        await _load_calendar(work)
    if await remember(work, "dictionaries", formats.dictionaries_version()):
        await _load_dictionaries(work)
    if await remember(work, "rule_packs", formats.rule_packs_version()):
        await _load_rule_packs(work)


async def remember(work: Work, name: str, version: str) -> bool:
    """Note that this version of a set of default data is loaded; False when it was noted before."""
    noted = await work.execute(
        postgresql.insert(DataVersion)
        .values(name=name, version=version)
        .on_conflict_do_update(
            index_elements=[DataVersion.name],
            set_={"version": version, "loaded_at": func.now()},
            where=DataVersion.version != version,
        )
        .returning(DataVersion.name)
    )
    return noted.first() is not None


async def _load_calendar(work: Work) -> None:
    """The years that are not there yet."""
    present = set(await work.scalars(select(CalendarYear.year)))
    for year, days in formats.calendar().items():
        if year not in present:
            source = NOTICES.format(year=year, library=formats.calendar_version())
            work.session.add(CalendarYear(year=year, source=source, complete=True))
            await work.session.flush()
            await _write_days(work, year, source, days)


async def _load_dictionaries(work: Work) -> None:
    """New values and better labels; values that people edited stay as they are."""
    for code, shipped in formats.dictionaries().items():
        fields = {
            "label_zh": shipped["zh"],
            "label_en": shipped["en"],
            "growing": shipped.get("growing", False),
        }
        row = await work.session.get(Dictionary, code)
        if row is None:
            work.session.add(Dictionary(code=code, **fields))
        else:
            for field, value in fields.items():
                setattr(row, field, value)
            work.touch(row)
        await work.session.flush()
        statement = postgresql.insert(DictionaryItem)
        await work.execute(
            statement.on_conflict_do_update(
                index_elements=[DictionaryItem.dictionary_code, DictionaryItem.code],
                set_={
                    name: statement.excluded[name]
                    for name in ("label_zh", "label_en", "position", "deprecated")
                },
                where=~DictionaryItem.edited,
            ),
            [
                {
                    "dictionary_code": code,
                    "code": item["code"],
                    "label_zh": item["zh"],
                    "label_en": item["en"],
                    "position": position,
                    "deprecated": item.get("deprecated", False),
                }
                for position, item in enumerate(shipped["items"])
            ],
        )


async def _load_rule_packs(work: Work) -> None:
    """The packs and versions that are not there yet, published in the service's own name."""
    present = {
        tuple(row) for row in await work.execute(select(RulePack.kind, RulePack.code, RulePack.version))
    }
    for pack in formats.rule_packs():
        if (pack.kind, pack.code, pack.version) not in present:
            work.session.add(
                RulePack(id=uuid7(), **pack.model_dump(), state="published", published_at=work.now)
            )
    await work.session.flush()


# ------------------------------------------------------------------------------------------------ calendar


async def replace_calendar(work: Work, year: int, given: CalendarYearPut) -> None:
    """The whole table of a year, in place of what was there."""
    row: CalendarYear | None = await work.scalar(
        select(CalendarYear).where(CalendarYear.year == year).with_for_update()
    )
    work.expect_tag(f'"{row.version if row else 0}"')
    _check_days(year, given.days)
    if row is None:
        work.session.add(CalendarYear(year=year, source=given.source, complete=given.complete))
    else:
        row.source, row.complete = given.source, given.complete
        work.touch(row)
    await work.session.flush()
    await work.execute(delete(WorkingDayOverride).where(WorkingDayOverride.year == year))
    await _write_days(work, year, given.source, given.days)
    work.announce(
        CalendarChanged(subject=uuid5(NAMESPACE, f"calendar:{year}"), year=year, complete=given.complete)
    )


def _check_days(year: int, days: list[CalendarDay]) -> None:
    seen: set[date] = set()
    faults: list[Fault] = []
    for i, entry in enumerate(days):
        if entry.day.year != year:
            faults.append(
                Fault(f"/days/{i}/day", "other_year", ("日期不在该年", "The day is not in this year"))
            )
        if entry.day in seen:
            faults.append(Fault(f"/days/{i}/day", "listed_twice", ("日期重复", "The day is listed twice")))
        seen.add(entry.day)
    if faults:
        raise errors.CalendarUnfit(errors=faults)


async def _write_days(work: Work, year: int, source: str, days: list[CalendarDay]) -> None:
    if days:
        await work.execute(
            insert(WorkingDayOverride), [{**d.model_dump(), "year": year, "source": source} for d in days]
        )


# -------------------------------------------------------------------------------------------- dictionaries


async def add_item(work: Work, code: str, given: DictionaryItemCreate) -> None:
    """A new value at the end of a growing dictionary."""
    dictionary = await queries.dictionary_for_update(work, code)
    work.expect(dictionary)
    if not dictionary.growing:
        raise errors.DictionaryClosed
    last = select(func.coalesce(func.max(DictionaryItem.position), -1) + 1).where(
        DictionaryItem.dictionary_code == code
    )
    work.session.add(
        DictionaryItem(
            dictionary_code=code,
            **given.model_dump(),
            position=await work.scalar(last),
            deprecated=False,
            edited=True,
        )
    )
    _changed(work, dictionary, given.code)


async def change_item(work: Work, code: str, item_code: str, given: DictionaryItemUpdate) -> None:
    """New labels for a value, or its end for new records; the code never changes."""
    dictionary = await queries.dictionary_for_update(work, code)
    work.expect(dictionary)
    item = await work.session.get(DictionaryItem, (code, item_code))
    if item is None:
        raise errors.DictionaryItemNotFound
    for field, value in given.model_dump(exclude_unset=True).items():
        setattr(item, field, value)
    item.edited = True
    _changed(work, dictionary, item_code)


def _changed(work: Work, dictionary: Dictionary, item: str) -> None:
    work.touch(dictionary)
    work.announce(
        DictionaryChanged(
            subject=uuid5(NAMESPACE, f"dictionary:{dictionary.code}"), code=dictionary.code, item=item
        )
    )


# ---------------------------------------------------------------------------------------------- rule packs


async def draft_rule_pack(work: Work, given: RulePackCreate) -> RulePack:
    """A draft of a pack."""
    if given.jurisdiction_code is not None and not await queries.is_division(work, given.jurisdiction_code):
        raise errors.JurisdictionUnknown
    _check_content(given.kind, given.content)
    pack = RulePack(id=uuid7(), **given.model_dump(), state="draft", created_by=work.actor.id)
    work.session.add(pack)
    await work.session.flush()
    work.announce(
        RulePackDrafted(
            subject=pack.id,
            division_code=pack.jurisdiction_code,
            kind=pack.kind,
            code=pack.code,
            version=pack.version,
        )
    )
    return pack


async def change_rule_pack(work: Work, pack_id: UUID, given: RulePackUpdate) -> RulePack:
    """Change a draft; who changed it last is its author."""
    pack = await _draft(work, pack_id)
    fields = given.model_dump(exclude_unset=True)
    _check_content(pack.kind, fields.get("content", pack.content))
    for field, value in fields.items():
        setattr(pack, field, value)
    pack.created_by = work.actor.id
    work.announce(
        RulePackDraftChanged(subject=pack.id, division_code=pack.jurisdiction_code, fields=sorted(fields))
    )
    return pack


async def publish_rule_pack(work: Work, pack_id: UUID) -> RulePack:
    """Put a draft in force, by somebody other than its author. From then on it never changes."""
    pack = await _draft(work, pack_id)
    if pack.created_by == work.actor.id:
        raise errors.RulePackOwnDraft
    _check_content(pack.kind, pack.content)
    pack.state, pack.published_by, pack.published_at = "published", work.actor.id, work.now
    work.announce(
        RulePackPublished(
            subject=pack.id,
            division_code=pack.jurisdiction_code,
            kind=pack.kind,
            code=pack.code,
            version=pack.version,
            jurisdiction_code=pack.jurisdiction_code,
            effective_on=pack.effective_on,
        )
    )
    return pack


async def _draft(work: Work, pack_id: UUID) -> RulePack:
    pack = await queries.rule_pack_for_update(work, pack_id)
    work.expect_tag(f'"{pack.revision}"')
    if pack.state != "draft":
        raise errors.RulePackPublished
    return pack


def _check_content(kind: str, content: dict[str, Any]) -> None:
    """The content has the shape that its kind's rules read, where the slice that owns them entered one."""
    shape = schemas.CONTENTS.get(kind)
    if shape is None:
        return
    try:
        shape.model_validate(content)
    except ValidationError as error:
        raise errors.RulePackUnfit(
            errors=[
                Fault(
                    "/content/" + "/".join(str(step) for step in e["loc"]),
                    e["type"],
                    e.get("ctx", {}).get("both", ("不符合该类规则包的规范", "Not as packs of this kind are")),
                )
                for e in error.errors()[:100]
            ]
        ) from None
