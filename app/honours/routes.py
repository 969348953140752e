"""The addresses of honours and brand projects."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.honours import commands, errors, queries
from app.honours.schemas import (
    BrandProjectEnding,
    BrandProjectFilters,
    BrandProjectRead,
    BrandProjectRecord,
    HonourCorrect,
    HonourFigures,
    HonourFiguresQuery,
    HonourFilters,
    HonourRead,
    HonourRecord,
    HonourWithdraw,
)

router = Router(tags=["honours"])

Reader = Annotated[Work, reading(Permission.MEMBER_READ)]
Recorder = Annotated[Work, creating(Permission.MEMBER_RECORD)]
Changer = Annotated[Work, changing(Permission.MEMBER_RECORD)]
BrandReader = Annotated[Work, reading(Permission.PARTY_ORGANIZATION_READ)]
BrandRecorder = Annotated[Work, creating(Permission.PARTY_ORGANIZATION_RECORD)]
BrandChanger = Annotated[Work, changing(Permission.PARTY_ORGANIZATION_RECORD)]
HonourId = Annotated[UUID, Path(description="The id of the honour.")]
BrandId = Annotated[UUID, Path(description="The id of the brand project.")]

_gone, _invalid = errors.HonourNotFound, errors.HonourInvalid
_over, _twice = errors.HonourIsWithdrawn, errors.HonourTwice


@router.get("/honours", response_model=Page[HonourRead])
async def list_honours(work: Reader, filters: Annotated[HonourFilters, Query()]) -> Response:
    """Honours of organizations, bodies, members (masked) and brand projects of my scope."""
    return await queries.page(work, filters)


@router.post("/honours", status_code=201, response_model=HonourRead, responses=refusals(_invalid, _twice))
async def record_honour(work: Recorder, plan: HonourRecord) -> Response:
    """Put an honour of one holder on record, as its document says."""
    return await queries.read(work, await commands.record(work, plan), status=201)


@router.get("/honours/figures", response_model=HonourFigures)
async def count_honours(work: Reader, query: Annotated[HonourFiguresQuery, Query()]) -> Response:
    """How many honours of some years there are, and how many brand projects, by division."""
    return await queries.figures(work, query)


@router.get("/honours/{honour_id}", response_model=HonourRead, responses=refusals(_gone))
async def get_honour(work: Reader, honour_id: HonourId) -> Response:
    """One honour."""
    return await queries.read(work, honour_id)


@router.patch(
    "/honours/{honour_id}", response_model=HonourRead, responses=refusals(_gone, _invalid, _over, _twice)
)
async def correct_honour(work: Changer, honour_id: HonourId, update: HonourCorrect) -> Response:
    """Correct what is known of an honour; its holder stays."""
    await commands.correct(work, honour_id, update)
    return await queries.read(work, honour_id)


@router.post(
    "/honours/{honour_id}/withdraw", response_model=HonourRead, responses=refusals(_gone, _invalid, _over)
)
async def withdraw_honour(work: Changer, honour_id: HonourId, order: HonourWithdraw) -> Response:
    """Say that an honour no longer counts: withdrawn by who gave it, or recorded in error."""
    await commands.withdraw(work, honour_id, order)
    return await queries.read(work, honour_id)


@router.get("/brand-projects", response_model=Page[BrandProjectRead])
async def list_brand_projects(
    work: BrandReader, filters: Annotated[BrandProjectFilters, Query()]
) -> Response:
    """What the Party organizations of my scope are known for (一支部一品牌)."""
    return await queries.page_brands(work, filters)


@router.post(
    "/brand-projects",
    status_code=201,
    response_model=BrandProjectRead,
    responses=refusals(_invalid, errors.BrandTwice),
)
async def record_brand_project(work: BrandRecorder, plan: BrandProjectRecord) -> Response:
    """Begin the brand project of a Party organization: one at a time."""
    return await queries.read_brand(work, await commands.record_brand(work, plan), status=201)


@router.get(
    "/brand-projects/{brand_project_id}",
    response_model=BrandProjectRead,
    responses=refusals(errors.BrandProjectNotFound),
)
async def get_brand_project(work: BrandReader, brand_project_id: BrandId) -> Response:
    """One brand project."""
    return await queries.read_brand(work, brand_project_id)


@router.post(
    "/brand-projects/{brand_project_id}/end",
    response_model=BrandProjectRead,
    responses=refusals(errors.BrandProjectNotFound, _invalid, errors.BrandIsOver),
)
async def end_brand_project(
    work: BrandChanger, brand_project_id: BrandId, order: BrandProjectEnding
) -> Response:
    """End a brand project with a reason; one recorded in error never was."""
    await commands.end_brand(work, brand_project_id, order)
    return await queries.read_brand(work, brand_project_id)
