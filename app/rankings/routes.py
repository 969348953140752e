"""The addresses of rankings."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.coverage.errors import CoverageRulesMissing, CoverageSubjectNotFound
from app.rankings import commands, errors, queries
from app.rankings.schemas import (
    RankingFilters,
    RankingListItem,
    RankingMake,
    RankingRead,
    RankingVerification,
)

router = Router(prefix="/rankings", tags=["rankings"])

Reader = Annotated[Work, reading(Permission.COVERAGE_READ)]
Maker = Annotated[Work, creating(Permission.RANKING_MAKE)]
RankingId = Annotated[UUID, Path(description="The id of the ranking.")]

_gone = errors.RankingNotFound


@router.get("", response_model=Page[RankingListItem])
async def list_rankings(work: Reader, filters: Annotated[RankingFilters, Query()]) -> Response:
    """Rankings of my scope, each frozen as it was made."""
    return await queries.page(work, filters)


@router.post(
    "",
    status_code=201,
    response_model=RankingRead,
    responses=refusals(
        errors.RankingSubjectNotFound,
        errors.RankingInvalid,
        errors.RankingMadeAlready,
        CoverageSubjectNotFound,
        CoverageRulesMissing,
    ),
)
async def make_ranking(work: Maker, given: RankingMake) -> Response:
    """Compare divisions, bodies or departments by weighted rates, and freeze the result."""
    return await queries.read(work, await commands.make(work, given), status=201)


@router.get("/{ranking_id}", response_model=RankingRead, responses=refusals(_gone))
async def get_ranking(work: Reader, ranking_id: RankingId) -> Response:
    """One ranking with everything that was weighed."""
    return await queries.read(work, ranking_id)


@router.post(
    "/{ranking_id}/verifications",
    status_code=201,
    response_model=RankingVerification,
    responses=refusals(_gone, CoverageSubjectNotFound, CoverageRulesMissing),
)
async def verify_ranking(work: Maker, ranking_id: RankingId) -> RankingVerification:
    """Ask the same of that day by what was known then: the same bytes, or whose rows differ."""
    return await commands.verify(work, ranking_id)
