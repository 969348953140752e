"""`/divisions`: the tree of administrative divisions by day, and its yearly changes."""

from typing import Annotated

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.fields import Day, DivisionCode
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.divisions import commands, errors, queries
from app.divisions.schemas import (
    DivisionAbolish,
    DivisionChildFilters,
    DivisionCreate,
    DivisionFilters,
    DivisionHistory,
    DivisionImport,
    DivisionImportRead,
    DivisionMove,
    DivisionPath,
    DivisionRead,
    DivisionRename,
    DivisionUpdate,
)

router = Router(prefix="/divisions", tags=["divisions"])

Reader = Annotated[Work, reading(Permission.DIVISION_READ)]
Maker = Annotated[Work, creating(Permission.DIVISION_ADMINISTER)]
Changer = Annotated[Work, changing(Permission.DIVISION_ADMINISTER)]
Code = Annotated[DivisionCode, Path(description="The code of the division; GB/T 2260, or an own one.")]
On = Annotated[Day | None, Query(description="The day to look at; today if absent.")]

DATED = (
    errors.DivisionNotFound,
    errors.DivisionNotInForce,
    errors.DivisionChangeOutOfOrder,
    errors.DivisionChangeInFuture,
)


@router.get("", response_model=Page[DivisionRead])
async def list_divisions(work: Reader, filters: Annotated[DivisionFilters, Query()]) -> Response:
    """List divisions in order of code, as they were on a day."""
    return await queries.page(work, filters)


@router.post(
    "",
    status_code=201,
    response_model=DivisionRead,
    responses=refusals(
        errors.DivisionNotFound,
        errors.DivisionCodeTaken,
        errors.DivisionParentUnfit,
        errors.DivisionKindUnfit,
    ),
)
async def add_division(work: Maker, division: DivisionCreate) -> Response:
    """Add a division with a code of its own: a development zone, a township, a community."""
    await commands.add(work, division)
    return await queries.read(work, division.code, status=201)


@router.post(
    "/imports",
    response_model=DivisionImportRead,
    responses=refusals(
        errors.DivisionNotFound,
        errors.DivisionTableUnfit,
        errors.DivisionSuccessorsMissing,
        errors.DivisionHasChildren,
        errors.DivisionChangeInFuture,
        errors.DivisionChangeOutOfOrder,
    ),
)
async def import_division_table(work: Maker, table: DivisionImport) -> DivisionImportRead:
    """Compare a new year's table with what is recorded and, unless `dry_run`, apply it from its day on."""
    return await commands.import_table(work, table)


@router.get("/{code}", response_model=DivisionRead, responses=refusals(errors.DivisionNotFound))
async def get_division(work: Reader, code: Code, on: On = None) -> Response:
    """A division as it was on a day. An abolished one is not gone: it names its successors."""
    return await queries.read(work, code, on=on)


@router.patch(
    "/{code}",
    response_model=DivisionRead,
    responses=refusals(errors.DivisionNotFound, errors.DivisionKindUnfit),
)
async def correct_division(work: Changer, code: Code, changes: DivisionUpdate) -> Response:
    """Correct what was recorded wrongly. A new name from a day on is `/rename`."""
    await commands.correct(work, code, changes)
    return await queries.read(work, code)


@router.get(
    "/{code}/children", response_model=Page[DivisionRead], responses=refusals(errors.DivisionNotFound)
)
async def list_division_children(
    work: Reader, code: Code, filters: Annotated[DivisionChildFilters, Query()]
) -> Response:
    """List the divisions in force directly below one on a day."""
    return await queries.children(work, code, filters)


@router.get("/{code}/path", response_model=DivisionPath, responses=refusals(errors.DivisionNotFound))
async def get_division_path(work: Reader, code: Code, on: On = None) -> Response:
    """The divisions from the nation down to this one, on a day."""
    return await queries.path(work, code, on)


@router.get("/{code}/history", response_model=DivisionHistory, responses=refusals(errors.DivisionNotFound))
async def get_division_history(work: Reader, code: Code) -> Response:
    """Every name and parent that a code had, its successors, and what it took over from."""
    return await queries.history(work, code)


@router.post(
    "/{code}/rename", response_model=DivisionRead, responses=refusals(*DATED, errors.DivisionKindUnfit)
)
async def rename_division(work: Changer, code: Code, change: DivisionRename) -> Response:
    """Record a new name, and perhaps kind, from a day on."""
    await commands.rename(work, code, change)
    return await queries.read(work, code)


@router.post(
    "/{code}/move",
    response_model=DivisionRead,
    responses=refusals(*DATED, errors.DivisionParentUnfit, errors.DivisionRing),
)
async def move_division(work: Changer, code: Code, change: DivisionMove) -> Response:
    """Record a new parent from a day on; everything below goes with it."""
    await commands.move(work, code, change)
    return await queries.read(work, code)


@router.post(
    "/{code}/abolish",
    response_model=DivisionRead,
    responses=refusals(
        *DATED,
        errors.DivisionSuccessorUnfit,
        errors.DivisionHasChildren,
        errors.DivisionParentUnfit,
        errors.DivisionRing,
    ),
)
async def abolish_division(work: Changer, code: Code, change: DivisionAbolish) -> Response:
    """Record the end of a code and its successors. Records that carry it stay, and are found below them."""
    await commands.abolish(work, code, change)
    return await queries.read(work, code)
