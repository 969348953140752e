"""The addresses of leaders' contracts."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.instructors import commands, errors, queries
from app.instructors.schemas import (
    ContractEnd,
    ContractFilters,
    ContractRead,
    ContractSign,
    TargetAdd,
    TargetProgress,
    VisitRead,
    VisitRecord,
)

router = Router(tags=["instructors"])

Reader = Annotated[Work, reading(Permission.INSTRUCTOR_READ)]
Recorder = Annotated[Work, creating(Permission.INSTRUCTOR_RECORD)]
Noter = Annotated[Work, changing(Permission.INSTRUCTOR_RECORD)]
Founder = Annotated[Work, creating(Permission.INSTRUCTOR_DECIDE)]
Decider = Annotated[Work, changing(Permission.INSTRUCTOR_DECIDE)]
ContractId = Annotated[UUID, Path(description="The id of the contract.")]
TargetId = Annotated[UUID, Path(description="The id of the target.")]

_invalid = errors.InstructorInvalid


@router.get("/leader-contracts", response_model=Page[ContractRead])
async def list_leader_contracts(work: Reader, filters: Annotated[ContractFilters, Query()]) -> Response:
    """Leaders' contracts and fixed contacts of my scope, each with its targets."""
    return await queries.contracts(work, filters)


@router.post("/leader-contracts", status_code=201, response_model=ContractRead, responses=refusals(_invalid))
async def sign_leader_contract(work: Founder, plan: ContractSign) -> Response:
    """A committee member or leader takes on a division and so many organizations or bodies."""
    return await queries.contract(work, await commands.sign_contract(work, plan), status=201)


@router.get(
    "/leader-contracts/{contract_id}",
    response_model=ContractRead,
    responses=refusals(errors.ContractNotFound),
)
async def get_leader_contract(work: Reader, contract_id: ContractId) -> Response:
    """One contract with its targets."""
    return await queries.contract(work, contract_id)


@router.post(
    "/leader-contracts/{contract_id}/end",
    response_model=ContractRead,
    responses=refusals(errors.ContractNotFound, _invalid, errors.ContractIsOver),
)
async def end_leader_contract(work: Decider, contract_id: ContractId, order: ContractEnd) -> Response:
    """End a contract; its targets stay on record."""
    await commands.end_contract(work, contract_id, order)
    return await queries.contract(work, contract_id)


@router.post(
    "/leader-contracts/{contract_id}/targets",
    response_model=ContractRead,
    responses=refusals(
        errors.ContractNotFound,
        _invalid,
        errors.ContractIsOver,
        errors.QuotaReached,
        errors.TargetTwice,
    ),
)
async def add_contract_target(work: Noter, contract_id: ContractId, given: TargetAdd) -> Response:
    """A leader takes on an organization or a Party organization, within the agreed number."""
    await commands.add_target(work, contract_id, given)
    return await queries.contract(work, contract_id)


@router.post(
    "/leader-contracts/{contract_id}/targets/{target_id}/progress",
    response_model=ContractRead,
    responses=refusals(errors.ContractNotFound, errors.ContractIsOver),
)
async def move_contract_target(
    work: Noter, contract_id: ContractId, target_id: TargetId, given: TargetProgress
) -> Response:
    """Say how far a target is."""
    await commands.move_target(work, contract_id, target_id, given)
    return await queries.contract(work, contract_id)


@router.post(
    "/leader-contracts/{contract_id}/visits",
    status_code=201,
    response_model=VisitRead,
    responses=refusals(errors.ContractNotFound, _invalid),
)
async def record_leader_visit(work: Recorder, contract_id: ContractId, given: VisitRecord) -> Response:
    """A leader was at one of their targets."""
    return await queries.visit(work, await commands.by_leader(work, contract_id, given), status=201)
