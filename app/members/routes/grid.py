"""The addresses of grid units."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.members import commands, errors, queries
from app.members.schemas import (
    GridPlace,
    GridUnitClose,
    GridUnitContents,
    GridUnitCreate,
    GridUnitFilters,
    GridUnitRead,
    GridUnitUpdate,
)

router = Router(prefix="/grid-units", tags=["members"])

Reader = Annotated[Work, reading(Permission.MEMBER_READ)]
Recorder = Annotated[Work, creating(Permission.MEMBER_RECORD)]
Editor = Annotated[Work, changing(Permission.MEMBER_RECORD)]
UnitId = Annotated[UUID, Path(description="The id of the grid unit.")]

_missing, _invalid, _closed = errors.GridUnitNotFound, errors.MemberInvalid, errors.GridUnitClosed


@router.get("", response_model=Page[GridUnitRead])
async def list_grid_units(work: Reader, filters: Annotated[GridUnitFilters, Query()]) -> Response:
    """Grid units (网格) of my scope, by division and id."""
    return await queries.page_units(work, filters)


@router.post(
    "",
    status_code=201,
    response_model=GridUnitRead,
    responses=refusals(_invalid, errors.GridNameTaken, errors.StatusBlocked),
)
async def open_grid_unit(work: Recorder, plan: GridUnitCreate) -> Response:
    """Open a grid unit in a township or community, under its Party organization."""
    return await queries.read_unit(work, await commands.open_unit(work, plan), status=201)


@router.get("/{unit_id}", response_model=GridUnitRead, responses=refusals(_missing))
async def get_grid_unit(work: Reader, unit_id: UnitId) -> Response:
    """One grid unit."""
    return await queries.read_unit(work, unit_id)


@router.patch(
    "/{unit_id}",
    response_model=GridUnitRead,
    responses=refusals(_missing, _invalid, _closed, errors.GridNameTaken, errors.StatusBlocked),
)
async def change_grid_unit(work: Editor, unit_id: UnitId, update: GridUnitUpdate) -> Response:
    """Change its name, or who answers for it."""
    await commands.change_unit(work, unit_id, update)
    return await queries.read_unit(work, unit_id)


@router.get("/{unit_id}/contents", response_model=GridUnitContents, responses=refusals(_missing))
async def get_grid_unit_contents(work: Reader, unit_id: UnitId) -> Response:
    """The organizations and the members in it today."""
    return await queries.contents(work, unit_id)


@router.post(
    "/{unit_id}/assign",
    response_model=GridUnitRead,
    responses=refusals(_missing, _invalid, _closed, errors.GridTaken, errors.StatusBlocked),
)
async def assign_to_grid_unit(work: Editor, unit_id: UnitId, place: GridPlace) -> Response:
    """Put an organization or a member into it; each is in one unit at any instant."""
    await commands.assign(work, unit_id, place)
    return await queries.read_unit(work, unit_id)


@router.post(
    "/{unit_id}/release",
    response_model=GridUnitRead,
    responses=refusals(_missing, _invalid, _closed, errors.NotInGrid),
)
async def release_from_grid_unit(work: Editor, unit_id: UnitId, place: GridPlace) -> Response:
    """Take an organization or a member out of it."""
    await commands.release(work, unit_id, place)
    return await queries.read_unit(work, unit_id)


@router.post("/{unit_id}/close", response_model=GridUnitRead, responses=refusals(_missing, _invalid, _closed))
async def close_grid_unit(work: Editor, unit_id: UnitId, order: GridUnitClose) -> Response:
    """Close it: what is in it leaves that day."""
    await commands.close_unit(work, unit_id, order)
    return await queries.read_unit(work, unit_id)
