"""The addresses of coverage: queries only."""

from typing import Annotated

from fastapi import Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, reading
from app.core.pages import Page
from app.core.work import Work
from app.coverage import errors, queries
from app.coverage.schemas import (
    BlankSpotFilters,
    CoverageOrganizationRead,
    CoverageOrganizationsFilters,
    CoverageQuery,
    CoverageRankingQuery,
    CoverageRankingRead,
    CoverageRead,
    CoverageSeriesQuery,
    CoverageSeriesRead,
)

router = Router(prefix="/coverage", tags=["coverage"])

Reader = Annotated[Work, reading(Permission.COVERAGE_READ)]
ListReader = Annotated[Work, reading(Permission.ORGANIZATION_READ)]

_refusals = refusals(
    errors.CoverageSubjectNotFound,
    errors.CoverageSubjectNeeded,
    errors.CoverageQuestionInvalid,
    errors.CoverageRulesMissing,
)


@router.get("", response_model=CoverageRead, responses=_refusals)
async def get_coverage(work: Reader, query: Annotated[CoverageQuery, Query()]) -> Response:
    """The rates of a division or of what a Party organization leads, on any day (`as_of`), by what was known
    at any instant (`known_at`), with lines by division, kind or body. Every figure says what it counts and
    links the list of exactly those organizations."""
    return await queries.coverage(work, query)


@router.get("/organizations", response_model=Page[CoverageOrganizationRead], responses=_refusals)
async def list_coverage_organizations(
    work: ListReader, filters: Annotated[CoverageOrganizationsFilters, Query()]
) -> Response:
    """The organizations behind a figure: a rate's numerator, denominator or gap."""
    return await queries.organizations(work, filters)


@router.get("/series", response_model=CoverageSeriesRead, responses=_refusals)
async def get_coverage_series(work: Reader, query: Annotated[CoverageSeriesQuery, Query()]) -> Response:
    """Every rate on the last day of each month, 120 months at most."""
    return await queries.series(work, query)


@router.get("/blank-spots", response_model=Page[CoverageOrganizationRead], responses=_refusals)
async def list_blank_spots(work: ListReader, filters: Annotated[BlankSpotFilters, Query()]) -> Response:
    """What neither a Party organization nor a work team covers, with the reason if one is on record and the
    body that leads."""
    return await queries.blank_spots(work, filters)


@router.get("/ranking", response_model=CoverageRankingRead, responses=_refusals)
async def get_coverage_ranking(work: Reader, query: Annotated[CoverageRankingQuery, Query()]) -> Response:
    """The divisions directly below one by a rate, the best first."""
    return await queries.ranking(work, query)
