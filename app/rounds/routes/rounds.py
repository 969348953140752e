"""The addresses of rounds, their results and reports."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, published, reading
from app.core.pages import Page
from app.core.work import Work
from app.rounds import commands, errors, queries
from app.rounds.schemas import (
    PublishedRound,
    ResultFilters,
    ResultRead,
    RoundCalibration,
    RoundDecide,
    RoundDraw,
    RoundFigures,
    RoundFiguresQuery,
    RoundFilters,
    RoundLosses,
    RoundOpen,
    RoundRead,
)

router = Router(prefix="/rounds", tags=["rounds"])

Reader = Annotated[Work, reading(Permission.ROUND_READ)]
Opener = Annotated[Work, creating(Permission.ROUND_DECIDE)]
Chair = Annotated[Work, changing(Permission.ROUND_DECIDE)]
Approver = Annotated[Work, changing(Permission.ROUND_APPROVE)]
Anyone = Annotated[Work, published()]
RoundId = Annotated[UUID, Path(description="The id of the round.")]

_gone, _over, _early = errors.RoundNotFound, errors.PhaseIsOver, errors.PhaseNotReached


@router.get("", response_model=Page[RoundRead])
async def list_rounds(work: Reader, filters: Annotated[RoundFilters, Query()]) -> Response:
    """Rounds of my scope, and those above it in which I may apply."""
    return await queries.page(work, filters)


@router.post("", status_code=201, response_model=RoundRead, responses=refusals(errors.RoundInvalid))
async def open_round(work: Opener, plan: RoundOpen) -> Response:
    """Open a round: its standard, its calendar, and the rules of who may apply, kept as they are today."""
    return await queries.read(work, await commands.open_round(work, plan), status=201)


@router.get("/figures", response_model=RoundFigures)
async def count_rounds(work: Reader, asked: Annotated[RoundFiguresQuery, Query()]) -> Response:
    """Rounds by use and level, and the funnel from applications to those selected."""
    return await queries.figures(work, asked)


@router.get("/{round_id}", response_model=RoundRead, responses=refusals(_gone))
async def get_round(work: Reader, round_id: RoundId) -> Response:
    """One round and how far it is."""
    return await queries.read(work, round_id)


@router.post(
    "/{round_id}/draw",
    response_model=RoundRead,
    responses=refusals(_gone, _over, errors.RoundInvalid, errors.ReviewersLacking),
)
async def draw_reviewers(work: Chair, round_id: RoundId, given: RoundDraw) -> Response:
    """Freeze the sheets and draw their reviewers by rule, without conflicts of interest.

    The pool is everybody with a grant as reviewer in the division, below or above it. Seed, pool and who was
    left out and why are kept: the draw can be made again."""
    await commands.draw_reviewers(work, round_id, given)
    return await queries.read(work, round_id)


@router.post(
    "/{round_id}/close-review",
    response_model=RoundRead,
    responses=refusals(_gone, _over, _early, errors.ReviewsOpen, errors.ArbitrationNeeded),
)
async def close_review(work: Chair, round_id: RoundId) -> Response:
    """Derive and rank every sheet at once, and make the result public for so many working days."""
    await commands.close_review(work, round_id)
    return await queries.read(work, round_id)


@router.post(
    "/{round_id}/decide",
    response_model=RoundRead,
    responses=refusals(
        _gone, _over, _early, errors.SecondPersonNeeded, errors.PublicityNotOver, errors.ObjectionsOpen
    ),
)
async def decide_round(work: Approver, round_id: RoundId, given: RoundDecide) -> Response:
    """Decide as the second person: results, evidence and standard are frozen, their hash is audited."""
    await commands.decide(work, round_id, given.document)
    return await queries.read(work, round_id)


@router.get("/{round_id}/published", response_model=PublishedRound, responses=refusals(_gone))
async def get_published_round(work: Anyone, round_id: RoundId) -> Response:
    """The public ranking, from the first day of publicity on, for everybody. No reviewer is named."""
    return await queries.published(work, round_id)


@router.get("/{round_id}/results", response_model=Page[ResultRead], responses=refusals(_gone))
async def list_round_results(
    work: Reader, round_id: RoundId, filters: Annotated[ResultFilters, Query()]
) -> Response:
    """Results with the derivation of every number; reviewers appear by their place."""
    return await queries.results(work, round_id, filters)


@router.get("/{round_id}/losses", response_model=RoundLosses, responses=refusals(_gone))
async def compare_indicators(work: Reader, round_id: RoundId) -> Response:
    """Which indicator loses most points over the sheets in my scope, and where."""
    return await queries.losses(work, round_id)


@router.get("/{round_id}/calibration", response_model=RoundCalibration, responses=refusals(_gone))
async def compare_reviewers(work: Reader, round_id: RoundId) -> Response:
    """How reviewers differ from the mean of the same sheets; named to who decides in the round."""
    return await queries.calibration(work, round_id)
