"""The addresses of applications: self-scores, visits, rulings, objections."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.files.errors import FileNotFound
from app.rounds import commands, errors, queries
from app.rounds.routes.rounds import RoundId
from app.rounds.schemas import (
    ApplicationFilters,
    ApplicationRead,
    Apply,
    CultivationClose,
    Objected,
    ObjectionAnswer,
    Rulings,
    SelfScores,
    SiteVisitRecord,
)

router = Router(tags=["rounds"])

Reader = Annotated[Work, reading(Permission.ROUND_READ)]
Recorder = Annotated[Work, creating(Permission.ROUND_RECORD)]
Editor = Annotated[Work, changing(Permission.ROUND_RECORD)]
Chair = Annotated[Work, changing(Permission.ROUND_DECIDE)]
ApplicationId = Annotated[UUID, Path(description="The id of the application.")]
ObjectionId = Annotated[UUID, Path(description="The id of the objection.")]

_gone, _over, _early = errors.ApplicationNotFound, errors.PhaseIsOver, errors.PhaseNotReached
_invalid = errors.RoundInvalid


@router.get(
    "/rounds/{round_id}/applications",
    response_model=Page[ApplicationRead],
    responses=refusals(errors.RoundNotFound),
)
async def list_round_applications(
    work: Reader, round_id: RoundId, filters: Annotated[ApplicationFilters, Query()]
) -> Response:
    """The applications of a round that lie in my scope."""
    return await queries.applications(work, round_id, filters)


@router.post(
    "/rounds/{round_id}/applications",
    status_code=201,
    response_model=ApplicationRead,
    responses=refusals(errors.RoundNotFound, _over, _invalid, errors.NotEligible, errors.AppliedAlready),
)
async def apply_to_round(work: Recorder, round_id: RoundId, given: Apply) -> Response:
    """Apply for an organization, a body or a member of mine; every reason against it at once."""
    return await queries.application(work, await commands.apply(work, round_id, given), status=201)


@router.get("/round-applications/{application_id}", response_model=ApplicationRead, responses=refusals(_gone))
async def get_round_application(work: Reader, application_id: ApplicationId) -> Response:
    """One application: its sheet with evidence, visits, reviews, rulings and objections."""
    return await queries.application(work, application_id)


@router.post(
    "/round-applications/{application_id}/end-cultivation",
    response_model=ApplicationRead,
    responses=refusals(_gone, _over),
)
async def end_cultivation(work: Chair, application_id: ApplicationId, given: CultivationClose) -> Response:
    """End a cultivation (培育): the site is ready to be scored, or is dropped."""
    await commands.end_cultivation(work, application_id, given)
    return await queries.application(work, application_id)


@router.put(
    "/round-applications/{application_id}/self-scores",
    response_model=ApplicationRead,
    responses=refusals(_gone, _over, _invalid, errors.TooManyFiles, FileNotFound),
)
async def write_self_scores(work: Editor, application_id: ApplicationId, given: SelfScores) -> Response:
    """Write the self-score with its evidence, in place of what was there. The files are kept from now on."""
    await commands.write_self_scores(work, application_id, given)
    return await queries.application(work, application_id)


@router.post(
    "/round-applications/{application_id}/submit",
    response_model=ApplicationRead,
    responses=refusals(_gone, _over, errors.SheetIncomplete),
)
async def submit_round_application(work: Editor, application_id: ApplicationId) -> Response:
    """Hand the sheet in; everything that is missing is said at once."""
    await commands.submit_application(work, application_id)
    return await queries.application(work, application_id)


@router.post(
    "/round-applications/{application_id}/visits",
    status_code=201,
    response_model=ApplicationRead,
    responses=refusals(_gone, _over, _invalid),
)
async def record_round_visit(
    work: Recorder, application_id: ApplicationId, given: SiteVisitRecord
) -> Response:
    """Record an on-site verification (实地验收), or a visit that the site received."""
    await commands.record_visit(work, application_id, given)
    return await queries.application(work, application_id, status=201)


@router.post(
    "/round-applications/{application_id}/rulings",
    response_model=ApplicationRead,
    responses=refusals(_gone, _over, _early, _invalid),
)
async def rule_on_sheet(work: Chair, application_id: ApplicationId, given: Rulings) -> Response:
    """Rule as the chair (仲裁): a mark in the place of all reviewers', or a circumstance, with its reason."""
    await commands.rule_on_sheet(work, application_id, given)
    return await queries.application(work, application_id)


@router.post(
    "/round-applications/{application_id}/objections",
    status_code=201,
    response_model=ApplicationRead,
    responses=refusals(_gone, _over, _early, _invalid),
)
async def raise_objection(work: Recorder, application_id: ApplicationId, given: Objected) -> Response:
    """Record an objection to a result that is public."""
    await commands.raise_objection(work, application_id, given)
    return await queries.application(work, application_id, status=201)


@router.post(
    "/round-objections/{objection_id}/answer",
    response_model=ApplicationRead,
    responses=refusals(errors.ObjectionNotFound, _over, _early, _invalid, errors.ObjectionIsAnswered),
)
async def answer_objection(work: Chair, objection_id: ObjectionId, given: ObjectionAnswer) -> Response:
    """Answer an objection. Upheld, the sheet is derived anew with the corrected marks, and all are ranked."""
    return await queries.application(work, await commands.answer_objection(work, objection_id, given))
