"""The addresses of the transfers of members' relations."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, reading
from app.core.pages import Page
from app.core.work import Work
from app.members import commands, errors, queries
from app.members.schemas import (
    MemberMove,
    MemberRead,
    TransferAccept,
    TransferFilters,
    TransferRead,
    TransferRequest,
    TransferReturn,
    TransferSend,
)

router = Router(tags=["members"])

Reader = Annotated[Work, reading(Permission.MEMBER_READ)]
Editor = Annotated[Work, changing(Permission.MEMBER_RECORD)]
Decider = Annotated[Work, changing(Permission.MEMBER_DECIDE)]
MemberId = Annotated[UUID, Path(description="The id of the member.")]
TransferId = Annotated[UUID, Path(description="The id of the transfer.")]

_missing, _invalid, _blocked = errors.MemberNotFound, errors.MemberInvalid, errors.StatusBlocked
_gone, _stuck = errors.TransferNotFound, errors.TransferBlocked


@router.post(
    "/members/{member_id}/transfers",
    status_code=201,
    response_model=TransferRead,
    responses=refusals(_missing, _invalid, _blocked, errors.TransferOpen),
)
async def request_transfer(work: Editor, member_id: MemberId, asked: TransferRequest) -> Response:
    """Ask for the transfer of a member's relations. `If-Match` is the member's `etag`."""
    return await queries.read_transfer(work, await commands.request(work, member_id, asked), status=201)


@router.post(
    "/members/{member_id}/move",
    response_model=MemberRead,
    responses=refusals(_missing, _invalid, _blocked, errors.MembersElsewhere, errors.HandedOverTooEarly),
)
async def move_member(work: Decider, member_id: MemberId, asked: MemberMove) -> Response:
    """Take an applicant, activist or development target to another body; the development case goes along.

    Who is in the Party has relations, and is transferred."""
    await commands.move(work, member_id, asked)
    return await queries.read(work, member_id)


@router.get("/transfers", response_model=Page[TransferRead])
async def list_transfers(work: Reader, filters: Annotated[TransferFilters, Query()]) -> Response:
    """Transfers that leave or enter my scope, the latest first."""
    return await queries.page_transfers(work, filters)


@router.get("/transfers/{transfer_id}", response_model=TransferRead, responses=refusals(_gone))
async def get_transfer(work: Reader, transfer_id: TransferId) -> Response:
    """One transfer, as both ends see it."""
    return await queries.read_transfer(work, transfer_id)


@router.post(
    "/transfers/{transfer_id}/send",
    response_model=TransferRead,
    responses=refusals(_gone, _invalid, _stuck, errors.NotTheSender),
)
async def send_transfer(work: Decider, transfer_id: TransferId, letter: TransferSend) -> Response:
    """Issue the introduction letter (介绍信). The sender answers for the member until it is accepted."""
    await commands.send(work, transfer_id, letter)
    return await queries.read_transfer(work, transfer_id)


@router.post(
    "/transfers/{transfer_id}/accept",
    response_model=TransferRead,
    responses=refusals(_gone, _invalid, _stuck, errors.NotTheReceiver, errors.PeriodTaken),
)
async def accept_transfer(work: Decider, transfer_id: TransferId, given: TransferAccept) -> Response:
    """Take the member over; for a receiver outside this service the sender records the receipt (回执)."""
    await commands.accept(work, transfer_id, given)
    return await queries.read_transfer(work, transfer_id)


@router.post(
    "/transfers/{transfer_id}/return",
    response_model=TransferRead,
    responses=refusals(_gone, _stuck, errors.NotTheReceiver),
)
async def return_transfer(work: Decider, transfer_id: TransferId, given: TransferReturn) -> Response:
    """Return it to the sender, with the reason."""
    await commands.send_back(work, transfer_id, given)
    return await queries.read_transfer(work, transfer_id)


@router.post(
    "/transfers/{transfer_id}/cancel",
    response_model=TransferRead,
    responses=refusals(_gone, _stuck, errors.NotTheSender),
)
async def cancel_transfer(work: Editor, transfer_id: TransferId, given: TransferReturn) -> Response:
    """Call it off before it is accepted; the member is where they were."""
    await commands.cancel(work, transfer_id, given)
    return await queries.read_transfer(work, transfer_id)
