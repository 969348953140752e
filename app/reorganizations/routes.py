"""The addresses of reorganizing."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, reading
from app.core.pages import Page
from app.core.work import Work
from app.establishments.errors import EstablishmentPackMissing
from app.members import errors as members
from app.party_organizations import errors as party
from app.party_organizations import queries as bodies
from app.party_organizations.schemas import PartyOrganizationDissolve, PartyOrganizationRead
from app.reorganizations import commands, errors, queries
from app.reorganizations.schemas import (
    PartyOrganizationMerge,
    PartyOrganizationSplit,
    PartyOrganizationUpgrade,
    ReorganizationFilters,
    ReorganizationRead,
)

router = Router(tags=["reorganizations"])

Reader = Annotated[Work, reading(Permission.PARTY_ORGANIZATION_READ)]
ReorganizationId = Annotated[UUID, Path(description="The id of the reorganization.")]
Organizer = Annotated[Work, changing(Permission.PARTY_ORGANIZATION_DECIDE)]

_held = (
    party.PartyOrganizationNotFound,
    party.PartyOrganizationIsDissolved,
    party.PartyOrganizationInvalid,
    errors.ReorganizationInvalid,
    party.MovedMeanwhile,
    party.OrganizationHasEnded,
    party.SingleCoversOne,
    members.MemberInvalid,
    members.HandedOverTooEarly,
)
_judged = (errors.ReorganizationBlocked, EstablishmentPackMissing, members.MembersElsewhere)
_ended = (party.DissolvedTooEarly, party.SameDay)


@router.get("/reorganizations", response_model=Page[ReorganizationRead])
async def list_reorganizations(work: Reader, filters: Annotated[ReorganizationFilters, Query()]) -> Response:
    """What was upgraded, merged and split, by division and id."""
    return await queries.page(work, filters)


@router.get(
    "/reorganizations/{reorganization_id}",
    response_model=ReorganizationRead,
    responses=refusals(errors.ReorganizationNotFound),
)
async def get_reorganization(work: Reader, reorganization_id: ReorganizationId) -> Response:
    """One reorganization, with every body in it."""
    return await queries.read(work, reorganization_id)


@router.post(
    "/party-organizations/{party_organization_id}/upgrade",
    response_model=ReorganizationRead,
    responses=refusals(*_held, *_judged, party.DissolvedTooEarly, party.PowersPackInvalid),
)
async def upgrade_party_organization(
    work: Organizer, party_organization_id: UUID, order: PartyOrganizationUpgrade
) -> Response:
    """Make a branch a general branch or committee, or a general branch a committee. It stays the same body;
    a past day answers what it was. Its members go to branches below it."""
    return await queries.read(work, await commands.upgrade(work, party_organization_id, order))


@router.post(
    "/party-organizations/{party_organization_id}/merge",
    response_model=ReorganizationRead,
    responses=refusals(
        *_held, *_ended, party.MoveWouldCycle, party.ChildrenRemain, party.MembersRemain, party.CoveredTwice
    ),
)
async def merge_party_organizations(
    work: Organizer, party_organization_id: UUID, order: PartyOrganizationMerge
) -> Response:
    """Merge bodies of one kind into this one: members, covers, functions and the bodies below them come
    to it, their posts end, and they are dissolved."""
    return await queries.read(work, await commands.merge(work, party_organization_id, order))


@router.post(
    "/party-organizations/{party_organization_id}/split",
    response_model=ReorganizationRead,
    responses=refusals(*_held, *_judged, *_ended, party.ChildrenRemain, party.MembersRemain),
)
async def split_party_organization(
    work: Organizer, party_organization_id: UUID, order: PartyOrganizationSplit
) -> Response:
    """Split it: new bodies of its kind take over the members, organizations and bodies that are named. It
    stays with the rest, or ends."""
    return await queries.read(work, await commands.split(work, party_organization_id, order))


@router.post(
    "/party-organizations/{party_organization_id}/dissolve",
    response_model=PartyOrganizationRead,
    responses=refusals(
        party.PartyOrganizationNotFound,
        party.PartyOrganizationInvalid,
        party.PartyOrganizationIsDissolved,
        party.ChildrenRemain,
        party.MembersRemain,
        party.NoParentForChildren,
        *_ended,
    ),
)
async def dissolve_party_organization(
    work: Organizer, party_organization_id: UUID, order: PartyOrganizationDissolve
) -> Response:
    """Dissolve it: its covers, functions and posts end that day. Members must have left (or merge it), active
    bodies below it are moved first or go to its parent (`children_to_parent`)."""
    await commands.dissolve(work, party_organization_id, order)
    return await bodies.read(work, party_organization_id)
