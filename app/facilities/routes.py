"""The addresses of venues, service centres and training bases."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.facilities import commands, errors, queries
from app.facilities.schemas import (
    FacilityCheckRecord,
    FacilityCorrect,
    FacilityEnding,
    FacilityFigures,
    FacilityFiguresQuery,
    FacilityFilters,
    FacilityRead,
    FacilityRecord,
)

router = Router(prefix="/facilities", tags=["facilities"])

Reader = Annotated[Work, reading(Permission.PARTY_ORGANIZATION_READ)]
Recorder = Annotated[Work, creating(Permission.PARTY_ORGANIZATION_RECORD)]
Changer = Annotated[Work, changing(Permission.PARTY_ORGANIZATION_RECORD)]
FacilityId = Annotated[UUID, Path(description="The id of the facility.")]

_gone, _invalid, _over = errors.FacilityNotFound, errors.FacilityInvalid, errors.FacilityIsOver
_twice = errors.FacilityTwice


@router.get("", response_model=Page[FacilityRead])
async def list_facilities(work: Reader, filters: Annotated[FacilityFilters, Query()]) -> Response:
    """Venues, service centres and training bases of my scope, each with what was found there."""
    return await queries.page(work, filters)


@router.post("", status_code=201, response_model=FacilityRead, responses=refusals(_invalid, _twice))
async def record_facility(work: Recorder, plan: FacilityRecord) -> Response:
    """Put a venue, a service centre or a training base on record."""
    return await queries.read(work, await commands.record(work, plan), status=201)


@router.get("/figures", response_model=FacilityFigures)
async def count_facilities(work: Reader, query: Annotated[FacilityFiguresQuery, Query()]) -> Response:
    """How many there are, how many have all they should, and how far the targets are."""
    return await commands.count(work, query)


@router.get("/{facility_id}", response_model=FacilityRead, responses=refusals(_gone))
async def get_facility(work: Reader, facility_id: FacilityId) -> Response:
    """One venue, service centre or training base."""
    return await queries.read(work, facility_id)


@router.patch(
    "/{facility_id}", response_model=FacilityRead, responses=refusals(_gone, _invalid, _over, _twice)
)
async def correct_facility(work: Changer, facility_id: FacilityId, update: FacilityCorrect) -> Response:
    """Correct what is known of a facility; its kind and place stay."""
    await commands.correct(work, facility_id, update)
    return await queries.read(work, facility_id)


@router.post("/{facility_id}/checks", response_model=FacilityRead, responses=refusals(_gone, _invalid, _over))
async def check_facility(work: Changer, facility_id: FacilityId, found: FacilityCheckRecord) -> Response:
    """Record which of 六有, or of the five functions, were there on a day, and by what it is shown."""
    await commands.check(work, facility_id, found)
    return await queries.read(work, facility_id)


@router.post("/{facility_id}/end", response_model=FacilityRead, responses=refusals(_gone, _invalid, _over))
async def end_facility(work: Changer, facility_id: FacilityId, order: FacilityEnding) -> Response:
    """End a facility with a reason; one recorded in error never was."""
    await commands.end(work, facility_id, order)
    return await queries.read(work, facility_id)
