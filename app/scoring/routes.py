"""The addresses of standards."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response
from fastapi.responses import StreamingResponse

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.imports.errors import TableTooLarge, WorkbookUnreadable
from app.reference.errors import JurisdictionUnknown
from app.scoring import commands, errors, formats, queries
from app.scoring.schemas import (
    ComparisonQuery,
    FigureQuery,
    FileQuery,
    OverlayDraft,
    StandardCheck,
    StandardComparison,
    StandardDraft,
    StandardFigures,
    StandardFilters,
    StandardItem,
    StandardRead,
    StandardText,
    StandardWithdraw,
)

router = Router(prefix="/standards", tags=["scoring"])

Reader = Annotated[Work, reading(Permission.STANDARD_READ)]
Counter = Annotated[Work, reading(Permission.MEMBER_READ)]
Drafter = Annotated[Work, creating(Permission.STANDARD_RECORD)]
Changer = Annotated[Work, changing(Permission.STANDARD_RECORD)]
Decider = Annotated[Work, changing(Permission.STANDARD_DECIDE)]
VersionId = Annotated[UUID, Path(description="The id of the version of a standard.")]

_gone = errors.StandardNotFound
_unreadable = (errors.StandardUnreadable, WorkbookUnreadable, TableTooLarge)


@router.get("", response_model=Page[StandardItem])
async def list_standards(work: Reader, filters: Annotated[StandardFilters, Query()]) -> Response:
    """Versions of standards: what is published, and the drafts of my scope."""
    return await queries.page(work, filters)


@router.post(
    "",
    status_code=201,
    response_model=StandardRead,
    responses=refusals(JurisdictionUnknown, errors.StandardNumberTaken, *_unreadable),
)
async def draft_standard(work: Drafter, given: StandardDraft) -> Response:
    """Draft a standard from JSON, YAML or a workbook; faults name the line, cell or field."""
    return await queries.read(work, await commands.draft(work, given), status=201)


@router.get("/{version_id}", response_model=StandardRead, responses=refusals(_gone))
async def get_standard(work: Reader, version_id: VersionId) -> Response:
    """One version with its whole text."""
    return await queries.read(work, version_id)


@router.put(
    "/{version_id}",
    response_model=StandardRead,
    responses=refusals(_gone, errors.StandardNotDraft, errors.StandardIsOverlay, *_unreadable),
)
async def change_standard(work: Changer, version_id: VersionId, given: StandardText) -> Response:
    """Replace the text of a draft; who changed it last is its author."""
    await commands.change(work, version_id, given)
    return await queries.read(work, version_id)


@router.get("/{version_id}/check", response_model=StandardCheck, responses=refusals(_gone))
async def check_standard(work: Reader, version_id: VersionId) -> Response:
    """Whether it may be published: sums, orphans, sources, limits; everything at once."""
    return await queries.check(work, version_id)


@router.post(
    "/{version_id}/publish",
    response_model=StandardRead,
    responses=refusals(_gone, errors.StandardNotDraft, errors.StandardOwnDraft, errors.StandardUnfit),
)
async def publish_standard(work: Decider, version_id: VersionId) -> Response:
    """Put a draft in force, by somebody other than its author. It never changes again."""
    await commands.publish(work, version_id)
    return await queries.read(work, version_id)


@router.post(
    "/{version_id}/withdraw",
    response_model=StandardRead,
    responses=refusals(_gone, errors.StandardNotPublished),
)
async def withdraw_standard(work: Decider, version_id: VersionId, given: StandardWithdraw) -> Response:
    """Take a version out of use for new rounds; what was scored by it stays."""
    await commands.withdraw(work, version_id, given)
    return await queries.read(work, version_id)


@router.post(
    "/{version_id}/overlays",
    status_code=201,
    response_model=StandardRead,
    responses=refusals(
        _gone,
        JurisdictionUnknown,
        errors.StandardNotPublished,
        errors.OverlayUnfit,
        errors.StandardNumberTaken,
    ),
)
async def overlay_standard(work: Drafter, version_id: VersionId, given: OverlayDraft) -> Response:
    """Draft a lower place's weights or bands, within the limits that the standard sets."""
    return await queries.read(work, await commands.overlay(work, version_id, given), status=201)


@router.get(
    "/{version_id}/compare",
    response_model=StandardComparison,
    responses=refusals(_gone, errors.StandardsNotComparable),
)
async def compare_standards(
    work: Reader, version_id: VersionId, asked: Annotated[ComparisonQuery, Query()]
) -> Response:
    """Two versions of a standard, line by line."""
    return await queries.compare(work, version_id, asked)


@router.get(
    "/{version_id}/file",
    response_class=StreamingResponse,
    responses={**formats.DOWNLOAD, **refusals(_gone)},
)
async def export_standard(
    work: Reader, version_id: VersionId, asked: Annotated[FileQuery, Query()]
) -> Response:
    """A version as one YAML file or workbook; imported again it has the same digest."""
    return await queries.export(work, version_id, asked)


@router.get(
    "/{version_id}/figures",
    response_model=StandardFigures,
    responses=refusals(_gone, errors.SubjectUnknown),
)
async def explain_figures(
    work: Counter, version_id: VersionId, asked: Annotated[FigureQuery, Query()]
) -> Response:
    """What the ledger says for each computed indicator, as of a day, with the list behind it."""
    return await queries.figures(work, version_id, asked)
