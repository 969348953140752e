"""The addresses of pairing agreements."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.agreements import commands, errors, queries
from app.agreements.schemas import (
    AgreementCorrect,
    AgreementEnding,
    AgreementFigures,
    AgreementFiguresQuery,
    AgreementFilters,
    AgreementRead,
    AgreementSign,
)
from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work

router = Router(prefix="/agreements", tags=["agreements"])

Reader = Annotated[Work, reading(Permission.PARTY_ORGANIZATION_READ)]
Signer = Annotated[Work, creating(Permission.PARTY_ORGANIZATION_RECORD)]
Changer = Annotated[Work, changing(Permission.PARTY_ORGANIZATION_RECORD)]
AgreementId = Annotated[UUID, Path(description="The id of the agreement.")]

_gone, _invalid, _over = errors.AgreementNotFound, errors.AgreementInvalid, errors.AgreementIsOver


@router.get("", response_model=Page[AgreementRead])
async def list_agreements(work: Reader, filters: Annotated[AgreementFilters, Query()]) -> Response:
    """Pairing agreements that my scope holds or has countersigned."""
    return await queries.page(work, filters)


@router.post(
    "",
    status_code=201,
    response_model=AgreementRead,
    responses=refusals(_invalid, errors.AgreementTwice),
)
async def sign_agreement(work: Signer, plan: AgreementSign) -> Response:
    """Put a signed pairing agreement on record: its parties, its term, what was agreed.

    A party inside the system lies in your scope; another goes by the name of its unit."""
    return await queries.read(work, await commands.sign(work, plan), status=201)


@router.get("/figures", response_model=AgreementFigures)
async def count_agreements(work: Reader, query: Annotated[AgreementFiguresQuery, Query()]) -> Response:
    """How many agreements hold on a day, who holds them, with how many, by division."""
    return await queries.figures(work, query)


@router.get("/{agreement_id}", response_model=AgreementRead, responses=refusals(_gone))
async def get_agreement(work: Reader, agreement_id: AgreementId) -> Response:
    """One pairing agreement."""
    return await queries.read(work, agreement_id)


@router.patch(
    "/{agreement_id}",
    response_model=AgreementRead,
    responses=refusals(_gone, _invalid, _over, errors.AgreementTwice),
)
async def correct_agreement(work: Changer, agreement_id: AgreementId, update: AgreementCorrect) -> Response:
    """Correct or prolong an agreement, or say what of it is done."""
    await commands.correct(work, agreement_id, update)
    return await queries.read(work, agreement_id)


@router.post("/{agreement_id}/end", response_model=AgreementRead, responses=refusals(_gone, _invalid, _over))
async def end_agreement(work: Changer, agreement_id: AgreementId, order: AgreementEnding) -> Response:
    """End an agreement with a reason; one recorded in error never held."""
    await commands.end(work, agreement_id, order)
    return await queries.read(work, agreement_id)
