"""The addresses of reviews and of reviewers' interests."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.rounds import commands, errors, queries
from app.rounds.schemas import (
    ApplicationRead,
    InterestDeclare,
    InterestRead,
    ReviewItem,
    ReviewRead,
    ReviewReplace,
    ReviewSubmit,
    RoundReviewFilters,
)

router = Router(tags=["rounds"])

Reviewer = Annotated[Work, reading(Permission.ROUND_REVIEW)]
Marker = Annotated[Work, changing(Permission.ROUND_REVIEW)]
Declarer = Annotated[Work, creating(Permission.ROUND_REVIEW)]
Chair = Annotated[Work, changing(Permission.ROUND_DECIDE)]
ReviewId = Annotated[UUID, Path(description="The id of the review.")]

_gone, _over, _early = errors.ReviewNotFound, errors.PhaseIsOver, errors.PhaseNotReached


@router.get("/round-reviews", response_model=Page[ReviewItem])
async def list_my_reviews(work: Reviewer, filters: Annotated[RoundReviewFilters, Query()]) -> Response:
    """What I review, the most urgent first."""
    return await queries.reviews(work, filters)


@router.get("/round-reviews/{review_id}", response_model=ReviewRead, responses=refusals(_gone))
async def get_my_review(work: Reviewer, review_id: ReviewId) -> Response:
    """A sheet as I may see it: blind until my marks are handed in."""
    return await queries.review(work, review_id)


@router.post(
    "/round-reviews/{review_id}/submit",
    response_model=ReviewRead,
    responses=refusals(
        _gone, _over, _early, errors.RoundInvalid, errors.ReviewedAlready, errors.ConflictOfInterest
    ),
)
async def submit_review(work: Marker, review_id: ReviewId, given: ReviewSubmit) -> Response:
    """Hand in all my marks of a sheet, once and for good; each deduction with its reason."""
    await commands.submit_review(work, review_id, given)
    return await queries.review(work, review_id)


@router.post(
    "/round-reviews/{review_id}/replace",
    response_model=ApplicationRead,
    responses=refusals(
        _gone,
        _over,
        _early,
        errors.RoundInvalid,
        errors.ReviewedAlready,
        errors.ReviewerNotLate,
        errors.ReviewersLacking,
        errors.DrawnAlready,
    ),
)
async def replace_reviewer(work: Chair, review_id: ReviewId, given: ReviewReplace) -> Response:
    """Replace a reviewer who is late, in conflict or unable: the next one of the draw has the place."""
    return await queries.application(work, await commands.replace_reviewer(work, review_id, given))


@router.post(
    "/reviewer-interests",
    status_code=201,
    response_model=InterestRead,
    responses=refusals(errors.RoundInvalid),
)
async def declare_interest(work: Declarer, given: InterestDeclare) -> Response:
    """Say whom I may not judge. Sheets that wait for me and are touched go to somebody else at once."""
    return await queries.interest(work, await commands.declare_interest(work, given), status=201)
