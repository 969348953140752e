"""The addresses of verifications, of people's own requests, and of what is past its time."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.identity.errors import FreshSignInNeeded, RevealsSpent
from app.members import commands, errors, queries
from app.members.schemas import (
    PersonCopy,
    PersonRequestDecision,
    PersonRequestExecution,
    PersonRequestFilters,
    PersonRequestRead,
    PersonRequestRecord,
    RetentionFilters,
    RetentionRead,
    RetentionSettle,
    VerificationDecision,
    VerificationFilters,
    VerificationRead,
)

router = Router(tags=["members"])

Reader = Annotated[Work, reading(Permission.MEMBER_READ)]
Recorder = Annotated[Work, creating(Permission.MEMBER_RECORD)]
Decider = Annotated[Work, changing(Permission.MEMBER_DECIDE)]
Approver = Annotated[Work, changing(Permission.MEMBER_APPROVE)]
Copier = Annotated[Work, changing(Permission.MEMBER_REVEAL)]
MemberId = Annotated[UUID, Path(description="The id of the member.")]
VerificationId = Annotated[UUID, Path(description="The id of the verification.")]
RequestId = Annotated[UUID, Path(description="The id of the request.")]
RetentionId = Annotated[UUID, Path(description="The id of the record past its time.")]

_missing, _invalid, _blocked = (
    errors.PersonRequestNotFound,
    errors.MemberInvalid,
    errors.PersonRequestBlocked,
)


@router.get("/person-verifications", response_model=Page[VerificationRead])
async def list_person_verifications(
    work: Reader, filters: Annotated[VerificationFilters, Query()]
) -> Response:
    """People whom one place wanted to enter and another knows, for those who see both; the latest first."""
    return await queries.page_verifications(work, filters)


@router.get(
    "/person-verifications/{verification_id}",
    response_model=VerificationRead,
    responses=refusals(errors.VerificationNotFound),
)
async def get_person_verification(work: Reader, verification_id: VerificationId) -> Response:
    """One verification."""
    return await queries.read_verification(work, verification_id)


@router.post(
    "/person-verifications/{verification_id}/decide",
    response_model=VerificationRead,
    responses=refusals(
        errors.VerificationNotFound, errors.VerificationDecided, errors.TransferOpen, _invalid
    ),
)
async def decide_person_verification(
    work: Decider, verification_id: VerificationId, decision: VerificationDecision
) -> Response:
    """Say who it is. The same person, a member elsewhere: a transfer to the place that asked is proposed."""
    await commands.decide_verification(work, verification_id, decision)
    return await queries.read_verification(work, verification_id)


@router.post(
    "/members/{member_id}/requests",
    status_code=201,
    response_model=PersonRequestRead,
    responses=refusals(errors.MemberNotFound, _invalid, errors.PersonRequestOpen),
)
async def record_person_request(work: Recorder, member_id: MemberId, asked: PersonRequestRecord) -> Response:
    """Record what somebody asks for themselves: a copy, a correction, a deletion (PIPL 第44–47条)."""
    request_id = await commands.record_request(work, member_id, asked)
    return await queries.read_request(work, request_id, status=201)


@router.get("/person-requests", response_model=Page[PersonRequestRead])
async def list_person_requests(work: Reader, filters: Annotated[PersonRequestFilters, Query()]) -> Response:
    """Requests of people in my scope, the latest first."""
    return await queries.page_requests(work, filters)


@router.get("/person-requests/{request_id}", response_model=PersonRequestRead, responses=refusals(_missing))
async def get_person_request(work: Reader, request_id: RequestId) -> Response:
    """One request."""
    return await queries.read_request(work, request_id)


@router.post(
    "/person-requests/{request_id}/decide",
    response_model=PersonRequestRead,
    responses=refusals(_missing, _invalid, _blocked, errors.OwnRequest, errors.ErasureRefused),
)
async def decide_person_request(
    work: Approver, request_id: RequestId, decision: PersonRequestDecision
) -> Response:
    """Grant or refuse, on a legal ground, as somebody other than who recorded it."""
    await commands.decide_request(work, request_id, decision)
    return await queries.read_request(work, request_id)


@router.post(
    "/person-requests/{request_id}/execute",
    response_model=PersonRequestRead,
    responses=refusals(
        _missing, _invalid, _blocked, errors.ErasureRefused, errors.MemberHasEnded, errors.MemberKnown
    ),
)
async def execute_person_request(
    work: Decider, request_id: RequestId, order: PersonRequestExecution
) -> Response:
    """Carry out a correction or a deletion that was granted. An erasure cannot be undone."""
    await commands.execute_request(work, request_id, order)
    return await queries.read_request(work, request_id)


@router.post(
    "/person-requests/{request_id}/copy",
    response_model=PersonCopy,
    responses=refusals(_missing, _blocked, FreshSignInNeeded, RevealsSpent),
)
async def copy_person(work: Copier, request_id: RequestId) -> PersonCopy:
    """Everything that is held about somebody whose request was granted, to be handed to them. In plain text,
    on record before it leaves, and stored nowhere."""
    return await commands.copy_person(work, request_id)


@router.get("/person-retentions", response_model=Page[RetentionRead])
async def list_person_retentions(work: Reader, filters: Annotated[RetentionFilters, Query()]) -> Response:
    """Records past the time for which they are kept, as a daily job lists them; the longest due first."""
    return await queries.page_retentions(work, filters)


@router.post(
    "/person-retentions/{retention_id}/settle",
    response_model=RetentionRead,
    responses=refusals(errors.RetentionNotFound, errors.RetentionSettled, errors.ErasureRefused),
)
async def settle_person_retention(
    work: Approver, retention_id: RetentionId, order: RetentionSettle
) -> Response:
    """Erase what names the person, or keep it for a reason. An erasure cannot be undone."""
    await commands.settle_retention(work, retention_id, order)
    return await queries.read_retention(work, retention_id)
