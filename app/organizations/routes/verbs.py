"""What is decided about an organization: its end, its return, mergers, splits, corrections."""

from uuid import UUID

from fastapi import Response

from app.core.errors import refusals
from app.core.http import Router
from app.organizations import commands, errors, queries, rules
from app.organizations.routes.access import Decider
from app.organizations.schemas import (
    Ending,
    Merger,
    MergerUndone,
    OrganizationCorrection,
    OrganizationRead,
    Restoration,
    Revocation,
    Split,
)

router = Router(prefix="/organizations", tags=["organizations"])

SEEN = (errors.OrganizationNotFound, errors.ReadOnlyHere, errors.EffectiveInFuture, errors.FactOutranked)
ENDING = (*SEEN, errors.AlreadyEnded, errors.EndsBeforeBeginning)


@router.post("/{organization_id}/deregister", response_model=OrganizationRead, responses=refusals(*ENDING))
async def deregister_organization(work: Decider, organization_id: UUID, body: Ending) -> Response:
    """End the registration (注销): duties lapse and covers end with it; nothing is deleted."""
    await commands.deregister(work, organization_id, body.origin())
    return await queries.written(work, organization_id)


@router.post("/{organization_id}/revoke", response_model=OrganizationRead, responses=refusals(*ENDING))
async def revoke_organization(work: Decider, organization_id: UUID, body: Revocation) -> Response:
    """Record that the registration was annulled (撤销) or the licence taken away (吊销)."""
    await commands.revoke(work, organization_id, body.origin(), license_only=body.license)
    return await queries.written(work, organization_id)


@router.post(
    "/{organization_id}/restore",
    response_model=OrganizationRead,
    responses=refusals(*SEEN, errors.NotEnded),
)
async def restore_organization(work: Decider, organization_id: UUID, body: Restoration) -> Response:
    """Let the registration go on, from a day; or take back an end that was recorded by mistake."""
    await commands.restore(work, organization_id, body.origin(work.today))
    return await queries.written(work, organization_id)


@router.post(
    "/{organization_id}/merge",
    response_model=OrganizationRead,
    responses=refusals(*ENDING, errors.SuccessorRefused),
)
async def merge_organization(work: Decider, organization_id: UUID, body: Merger) -> Response:
    """Merge the organization into another one (合并); both keep their history."""
    await commands.merge(work, organization_id, body.into_id, body.origin())
    return await queries.written(work, organization_id)


@router.post(
    "/{organization_id}/undo-merge",
    response_model=OrganizationRead,
    responses=refusals(*SEEN, errors.NotMerged),
)
async def undo_organization_merger(work: Decider, organization_id: UUID, body: MergerUndone) -> Response:
    """Take back a merger that was recorded by mistake: the organization goes on as if it had not been.

    What covered it before is entered again by the bodies concerned."""
    origin = rules.by_hand(work.today, reason=body.said(), correction=True)
    await commands.undo_merge(work, organization_id, origin)
    return await queries.written(work, organization_id)


@router.post(
    "/{organization_id}/split",
    response_model=OrganizationRead,
    responses=refusals(*ENDING, errors.SuccessorRefused),
)
async def split_organization(work: Decider, organization_id: UUID, body: Split) -> Response:
    """Split the organization (分立) into others that are registered by themselves."""
    await commands.split(work, organization_id, body.into_ids, body.origin(), survives=body.survives)
    return await queries.written(work, organization_id)


@router.post(
    "/{organization_id}/correct",
    response_model=OrganizationRead,
    responses=refusals(
        *SEEN,
        errors.NothingStated,
        errors.FactsRefused,
        errors.OutsideScope,
        errors.CreditCodeTaken,
        errors.NeedsVerification,
    ),
)
async def correct_organization(
    work: Decider, organization_id: UUID, body: OrganizationCorrection
) -> Response:
    """Put right what was stated wrongly. It outranks registries until one confirms it, or says otherwise for
    a later day; a registry that keeps saying otherwise is an open finding."""
    await commands.correct(
        work,
        organization_id,
        body.facts.stated(),
        body.origin(work.today),
        since_stated=body.effective_on is None,
    )
    return await queries.written(work, organization_id)
