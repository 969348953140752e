"""The addresses of authorities."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from app.authorities import commands, errors, queries
from app.authorities.schemas import (
    AuthorityAbolish,
    AuthorityCreate,
    AuthorityFilters,
    AuthorityRead,
    AuthorityUpdate,
    RoleEnd,
    RoleGive,
)
from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work

router = Router(prefix="/authorities", tags=["authorities"])

Reader = Annotated[Work, reading(Permission.AUTHORITY_READ)]
Recorder = Annotated[Work, creating(Permission.AUTHORITY_RECORD)]
Editor = Annotated[Work, changing(Permission.AUTHORITY_RECORD)]

_missing, _invalid, _over = errors.AuthorityNotFound, errors.AuthorityInvalid, errors.AuthorityIsAbolished


@router.get("", response_model=Page[AuthorityRead])
async def list_authorities(work: Reader, filters: Annotated[AuthorityFilters, Query()]) -> Response:
    """Authorities of one's divisions and of those above, by division and id."""
    return await queries.page(work, filters)


@router.post(
    "",
    status_code=201,
    response_model=AuthorityRead,
    responses=refusals(_missing, _invalid, errors.AuthorityNameTaken, errors.RoleHeldTwice),
)
async def record_authority(work: Recorder, plan: AuthorityCreate) -> Response:
    """Record an authority with the roles it holds."""
    return await queries.read(work, await commands.record(work, plan), status=201)


@router.get("/{authority_id}", response_model=AuthorityRead, responses=refusals(_missing))
async def get_authority(work: Reader, authority_id: UUID) -> Response:
    """One authority with its present and past roles."""
    return await queries.read(work, authority_id)


@router.patch(
    "/{authority_id}",
    response_model=AuthorityRead,
    responses=refusals(_missing, _invalid, _over, errors.AuthorityNameTaken),
)
async def change_authority(work: Editor, authority_id: UUID, update: AuthorityUpdate) -> Response:
    """Change its name, or point it at its Party body. Responsibility is determined anew."""
    await commands.change(work, authority_id, update)
    return await queries.read(work, authority_id)


@router.post(
    "/{authority_id}/abolish", response_model=AuthorityRead, responses=refusals(_missing, _invalid, _over)
)
async def abolish_authority(work: Editor, authority_id: UUID, order: AuthorityAbolish) -> Response:
    """Abolish it in an institutional reform (机构改革): its roles end that day, its record stays."""
    await commands.abolish(work, authority_id, order)
    return await queries.read(work, authority_id)


@router.post(
    "/{authority_id}/roles",
    response_model=AuthorityRead,
    responses=refusals(_missing, _invalid, _over, errors.RoleHeldTwice),
)
async def give_authority_role(work: Editor, authority_id: UUID, given: RoleGive) -> Response:
    """Give it a role from a day on."""
    await commands.give_role(work, authority_id, given)
    return await queries.read(work, authority_id)


@router.post(
    "/{authority_id}/roles/{role_id}/end",
    response_model=AuthorityRead,
    responses=refusals(
        _missing, errors.AuthorityRoleNotFound, _invalid, errors.AuthoritySameDay, errors.AuthorityRoleIsOver
    ),
)
async def end_authority_role(work: Editor, authority_id: UUID, role_id: UUID, end: RoleEnd) -> Response:
    """End a role on a day after the one it began on. `If-Match` is the role's own `etag`."""
    await commands.end_role(work, authority_id, role_id, end)
    return await queries.read(work, authority_id)


@router.post(
    "/{authority_id}/roles/{role_id}/cancel",
    response_model=AuthorityRead,
    responses=refusals(_missing, errors.AuthorityRoleNotFound),
)
async def cancel_authority_role(work: Editor, authority_id: UUID, role_id: UUID) -> Response:
    """Take back a role that was recorded in error. `If-Match` is the role's own `etag`."""
    await commands.cancel_role(work, authority_id, role_id)
    return await queries.read(work, authority_id)
