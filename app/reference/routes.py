"""`/calendar`, `/dictionaries`, `/rule-packs`: reference data with its source."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.fields import CodeStr
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.reference import commands, errors, queries
from app.reference.schemas import (
    CalendarFilters,
    CalendarYearItem,
    CalendarYearPut,
    CalendarYearRead,
    DictionaryFilters,
    DictionaryItemCreate,
    DictionaryItemUpdate,
    DictionaryListItem,
    DictionaryRead,
    ItemCode,
    RulePackCreate,
    RulePackFilters,
    RulePackRead,
    RulePackUpdate,
    WorkingDayQuery,
    WorkingDayRead,
    Year,
)

router = Router(tags=["reference"])

Reader = Annotated[Work, reading(Permission.REFERENCE_READ)]
Maker = Annotated[Work, creating(Permission.REFERENCE_ADMINISTER)]
Changer = Annotated[Work, changing(Permission.REFERENCE_ADMINISTER)]
YearPath = Annotated[Year, Path(description="The year.")]
Code = Annotated[CodeStr, Path(description="The code of the dictionary.")]
ItemPath = Annotated[ItemCode, Path(description="The code of the value.")]
PackId = Annotated[UUID, Path(description="The id of the pack.")]


@router.get("/calendar", response_model=Page[CalendarYearItem])
async def list_calendar_years(work: Reader, filters: Annotated[CalendarFilters, Query()]) -> Response:
    """List the years that are entered."""
    return await queries.years(work, filters)


@router.get("/calendar/working-day", response_model=WorkingDayRead)
async def get_working_day(work: Reader, asked: Annotated[WorkingDayQuery, Query()]) -> Response:
    """The day on which so many working days after a day have passed. Worked weekends count; `provisional`
    says that the holidays of a year on the way are not known yet."""
    return await queries.working_day(work, asked)


@router.get("/calendar/{year}", response_model=CalendarYearRead)
async def get_calendar_year(work: Reader, year: YearPath) -> Response:
    """A year with its holidays and worked weekends. A year that nobody has entered is empty."""
    return await queries.year(work, year)


@router.put(
    "/calendar/{year}",
    response_model=CalendarYearRead,
    responses=refusals(errors.CalendarUnfit),
)
async def replace_calendar_year(work: Changer, year: YearPath, table: CalendarYearPut) -> Response:
    """Enter or replace the whole table of a year, with its source."""
    await commands.replace_calendar(work, year, table)
    return await queries.year(work, year)


@router.get("/dictionaries", response_model=Page[DictionaryListItem])
async def list_dictionaries(work: Reader, filters: Annotated[DictionaryFilters, Query()]) -> Response:
    """List the enumerations of the product."""
    return await queries.dictionaries(work, filters)


@router.get(
    "/dictionaries/{code}",
    response_model=DictionaryRead,
    responses=refusals(errors.DictionaryNotFound),
)
async def get_dictionary(work: Reader, code: Code) -> Response:
    """An enumeration with its values and their labels in Chinese and English."""
    return await queries.dictionary(work, code)


@router.post(
    "/dictionaries/{code}/items",
    status_code=201,
    response_model=DictionaryRead,
    responses=refusals(errors.DictionaryNotFound, errors.DictionaryClosed, errors.DictionaryItemTaken),
)
async def add_dictionary_item(work: Changer, code: Code, item: DictionaryItemCreate) -> Response:
    """Add a value to a growing enumeration."""
    await commands.add_item(work, code, item)
    return await queries.dictionary(work, code, status=201)


@router.patch(
    "/dictionaries/{code}/items/{item_code}",
    response_model=DictionaryRead,
    responses=refusals(errors.DictionaryNotFound, errors.DictionaryItemNotFound),
)
async def change_dictionary_item(
    work: Changer, code: Code, item_code: ItemPath, changes: DictionaryItemUpdate
) -> Response:
    """Change the labels of a value, or take it out of use for new records."""
    await commands.change_item(work, code, item_code, changes)
    return await queries.dictionary(work, code)


@router.get("/rule-packs", response_model=Page[RulePackRead])
async def list_rule_packs(work: Reader, filters: Annotated[RulePackFilters, Query()]) -> Response:
    """List packs of rules in order of kind, code and version."""
    return await queries.rule_packs(work, filters)


@router.post(
    "/rule-packs",
    status_code=201,
    response_model=RulePackRead,
    responses=refusals(errors.RulePackTaken, errors.RulePackUnfit, errors.JurisdictionUnknown),
)
async def draft_rule_pack(work: Maker, pack: RulePackCreate) -> Response:
    """Draft a pack of rules: a new version, or one for a jurisdiction."""
    draft = await commands.draft_rule_pack(work, pack)
    return await queries.rule_pack(work, draft.id, status=201)


@router.get(
    "/rule-packs/{pack_id}",
    response_model=RulePackRead,
    responses=refusals(errors.RulePackNotFound),
)
async def get_rule_pack(work: Reader, pack_id: PackId) -> Response:
    """A pack of rules with its source and content."""
    return await queries.rule_pack(work, pack_id)


@router.patch(
    "/rule-packs/{pack_id}",
    response_model=RulePackRead,
    responses=refusals(errors.RulePackNotFound, errors.RulePackPublished, errors.RulePackUnfit),
)
async def change_rule_pack(work: Changer, pack_id: PackId, changes: RulePackUpdate) -> Response:
    """Change a draft."""
    await commands.change_rule_pack(work, pack_id, changes)
    return await queries.rule_pack(work, pack_id)


@router.post(
    "/rule-packs/{pack_id}/publish",
    response_model=RulePackRead,
    responses=refusals(
        errors.RulePackNotFound, errors.RulePackPublished, errors.RulePackOwnDraft, errors.RulePackUnfit
    ),
)
async def publish_rule_pack(work: Changer, pack_id: PackId) -> Response:
    """Put a draft in force. Somebody other than its author does; from then on it never changes."""
    await commands.publish_rule_pack(work, pack_id)
    return await queries.rule_pack(work, pack_id)
