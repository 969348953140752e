"""The addresses of warnings."""

from typing import Annotated

from fastapi import Query, Response

from app.core.access import Permission
from app.core.http import Router, reading
from app.core.pages import Page
from app.core.work import Work
from app.warnings import queries
from app.warnings.schemas import (
    ParalysisWarningRead,
    WarningCounts,
    WarningCountsQuery,
    WarningFilters,
)

router = Router(tags=["warnings"])

Reader = Annotated[Work, reading(Permission.PARTY_ORGANIZATION_READ)]


@router.get("/paralysis-warnings", response_model=Page[ParalysisWarningRead])
async def list_paralysis_warnings(work: Reader, filters: Annotated[WarningFilters, Query()]) -> Response:
    """Bodies about to come to a standstill (防瘫预警): the rule, the evidence, and since when it is so."""
    return await queries.page(work, filters)


@router.get("/paralysis-warnings/counts", response_model=WarningCounts)
async def count_paralysis_warnings(work: Reader, query: Annotated[WarningCountsQuery, Query()]) -> Response:
    """How many warnings stand, by kind, with the list behind each number."""
    return await queries.counts(work, query)
