"""The addresses of census rounds."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.census import commands, errors, queries
from app.census.schemas import (
    CensusClose,
    CensusFind,
    CensusLineFilters,
    CensusLineRead,
    CensusOpen,
    CensusRoundFilters,
    CensusRoundRead,
    CensusVerdicts,
)
from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work

router = Router(prefix="/census-rounds", tags=["census"])

Reader = Annotated[Work, reading(Permission.MEMBER_READ)]
Finder = Annotated[Work, creating(Permission.MEMBER_RECORD)]
Editor = Annotated[Work, changing(Permission.MEMBER_RECORD)]
Opener = Annotated[Work, creating(Permission.MEMBER_DECIDE)]
Decider = Annotated[Work, changing(Permission.MEMBER_DECIDE)]
RoundId = Annotated[UUID, Path(description="The id of the census round.")]

_gone, _invalid, _closed = errors.CensusRoundNotFound, errors.CensusInvalid, errors.CensusRoundClosed


@router.get("", response_model=Page[CensusRoundRead])
async def list_census_rounds(work: Reader, filters: Annotated[CensusRoundFilters, Query()]) -> Response:
    """Rounds over my scope, or with lines in it, the latest first."""
    return await queries.page(work, filters)


@router.post("", status_code=201, response_model=CensusRoundRead, responses=refusals(_invalid))
async def open_census_round(work: Opener, plan: CensusOpen) -> Response:
    """Open a round (党员组织关系清查): the roll is frozen from the ledger on a day."""
    return await queries.read(work, await commands.open_round(work, plan), status=201)


@router.get("/{round_id}", response_model=CensusRoundRead, responses=refusals(_gone))
async def get_census_round(work: Reader, round_id: RoundId) -> Response:
    """One round, how far it is, and its report when it is closed."""
    return await queries.read(work, round_id)


@router.get("/{round_id}/lines", response_model=Page[CensusLineRead], responses=refusals(_gone))
async def list_census_lines(
    work: Reader, round_id: RoundId, filters: Annotated[CensusLineFilters, Query()]
) -> Response:
    """Lines of my scope with their verdicts, the operation of the ledger that each proposes, and whether the
    difference is settled by now."""
    return await queries.page_lines(work, round_id, filters)


@router.post(
    "/{round_id}/verdicts",
    response_model=CensusRoundRead,
    responses=refusals(_gone, _invalid, _closed),
)
async def give_census_verdicts(work: Editor, round_id: RoundId, given: CensusVerdicts) -> Response:
    """Give verdicts line by line, and confirm the rest of a branch at once. The round's version stays, so
    that many may work on it."""
    await commands.give_verdicts(work, round_id, given)
    return await queries.read(work, round_id)


@router.post(
    "/{round_id}/finds",
    status_code=201,
    response_model=CensusLineRead,
    responses=refusals(_gone, _invalid, _closed, errors.CensusFindKnown),
)
async def record_census_find(work: Finder, round_id: RoundId, find: CensusFind) -> Response:
    """Enter somebody who was found and is not in the ledger; name and number are sealed."""
    return await queries.line(work, round_id, await commands.record_find(work, round_id, find))


@router.post(
    "/{round_id}/close",
    response_model=CensusRoundRead,
    responses=refusals(_gone, _closed, errors.CensusUnfinished),
)
async def close_census_round(work: Decider, round_id: RoundId, order: CensusClose) -> Response:
    """Close a round whose every line has a verdict; its report is frozen."""
    await commands.close(work, round_id, order)
    return await queries.read(work, round_id)
