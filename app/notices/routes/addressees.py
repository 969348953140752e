"""The addresses of what addressees do, and of what becomes of it."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.notices import commands, errors, queries
from app.notices.schemas import (
    AddresseeFilters,
    AddresseeLine,
    AddresseeRead,
    NoticeDecision,
    NoticeExtensionAsk,
    NoticeRead,
    NoticeReply,
    RectificationOpen,
    RectificationReport,
    ReplyVerdict,
    TalkMinutes,
)

router = Router(prefix="/notice-addressees", tags=["notices"])

Reader = Annotated[Work, reading(Permission.NOTICE_READ)]
Answerer = Annotated[Work, creating(Permission.NOTICE_RECORD)]
Reporter = Annotated[Work, changing(Permission.NOTICE_RECORD)]
Founder = Annotated[Work, creating(Permission.NOTICE_DECIDE)]
Decider = Annotated[Work, changing(Permission.NOTICE_DECIDE)]
AddresseeId = Annotated[UUID, Path(description="The id of the addressee of a notice.")]
ItemId = Annotated[UUID, Path(description="The id of the rectification.")]

_gone, _invalid, _secret = errors.AddresseeNotFound, errors.NoticeInvalid, errors.SecretsNotHeld
_state, _second, _item = errors.AddresseeStateForbids, errors.SecondPersonNeeded, errors.RectificationNotFound


@router.get("", response_model=Page[AddresseeLine])
async def list_notice_addressees(work: Reader, filters: Annotated[AddresseeFilters, Query()]) -> Response:
    """Addressees of issued notices: of ours, and those of my scope; each with its state and deadline."""
    return await queries.addressees(work, filters)


@router.get("/{addressee_id}", response_model=AddresseeRead, responses=refusals(_gone))
async def get_notice_addressee(work: Reader, addressee_id: AddresseeId) -> Response:
    """One addressee with its answers, wishes for more time and rectifications."""
    return await queries.addressee(work, addressee_id)


@router.post("/{addressee_id}/receive", response_model=AddresseeRead, responses=refusals(_gone, _state))
async def receive_notice(work: Reporter, addressee_id: AddresseeId) -> Response:
    """Confirm that the notice arrived (签收)."""
    await commands.receive(work, addressee_id)
    return await queries.addressee(work, addressee_id)


@router.post(
    "/{addressee_id}/answers",
    status_code=201,
    response_model=AddresseeRead,
    responses=refusals(_gone, _invalid, _secret, _state, errors.AnsweredAlready, errors.NoReplyAsked),
)
async def reply_to_notice(work: Answerer, addressee_id: AddresseeId, given: NoticeReply) -> Response:
    """Answer a notice. A late answer is kept as late and never refused; the database's clock decides."""
    await commands.reply(work, addressee_id, given)
    return await queries.addressee(work, addressee_id, status=201)


@router.post(
    "/{addressee_id}/verify",
    response_model=AddresseeRead,
    responses=refusals(_gone, _invalid, _secret, _state, _second),
)
async def verify_notice_reply(work: Decider, addressee_id: AddresseeId, verdict: ReplyVerdict) -> Response:
    """Accept an answer as a second person, or return it with the reason for a further round."""
    await commands.verify(work, addressee_id, verdict)
    return await queries.addressee(work, addressee_id)


@router.post(
    "/{addressee_id}/close",
    response_model=AddresseeRead,
    responses=refusals(_gone, _state, _second, errors.RectificationsOpen),
)
async def close_notice_addressee(work: Decider, addressee_id: AddresseeId) -> Response:
    """Close an addressee (销号): the answer is verified and every rectification struck off."""
    await commands.close(work, addressee_id)
    return await queries.addressee(work, addressee_id)


@router.put(
    "/{addressee_id}/minutes",
    response_model=AddresseeRead,
    responses=refusals(_gone, _invalid, _secret, _state),
)
async def record_talk_minutes(work: Decider, addressee_id: AddresseeId, given: TalkMinutes) -> Response:
    """The minutes of a talk with this addressee."""
    await commands.record_minutes(work, addressee_id, given)
    return await queries.addressee(work, addressee_id)


@router.post(
    "/{addressee_id}/extensions",
    status_code=201,
    response_model=AddresseeRead,
    responses=refusals(_gone, _invalid, _secret, _state, errors.ExtensionWaits),
)
async def ask_notice_extension(
    work: Answerer, addressee_id: AddresseeId, wish: NoticeExtensionAsk
) -> Response:
    """Ask for more time, with the reason."""
    await commands.ask_extension(work, addressee_id, wish)
    return await queries.addressee(work, addressee_id, status=201)


@router.post(
    "/{addressee_id}/extensions/decide",
    response_model=AddresseeRead,
    responses=refusals(_gone, _invalid, _secret, _state, _second, errors.NoExtensionAsked),
)
async def decide_notice_extension(
    work: Decider, addressee_id: AddresseeId, decision: NoticeDecision
) -> Response:
    """Grant more time as a second person, or refuse it with the reason."""
    await commands.decide_extension(work, addressee_id, decision)
    return await queries.addressee(work, addressee_id)


@router.post(
    "/{addressee_id}/escalate",
    status_code=201,
    response_model=NoticeRead,
    responses=refusals(_gone, errors.NothingToEscalate, errors.EscalatedAlready),
)
async def escalate_notice(work: Founder, addressee_id: AddresseeId) -> Response:
    """Draft the next notice of the ladder for an addressee that is overdue; it is issued like any other."""
    return await queries.read(work, await commands.escalate(work, addressee_id), status=201)


@router.post(
    "/{addressee_id}/rectifications",
    status_code=201,
    response_model=AddresseeRead,
    responses=refusals(_gone, _invalid, _secret, _state),
)
async def open_rectification(work: Founder, addressee_id: AddresseeId, given: RectificationOpen) -> Response:
    """Name a finding that is to be put right."""
    await commands.open_rectification(work, addressee_id, given)
    return await queries.addressee(work, addressee_id, status=201)


@router.post(
    "/{addressee_id}/rectifications/{rectification_id}/report",
    response_model=AddresseeRead,
    responses=refusals(_gone, _item, _invalid, _secret, _state),
)
async def report_rectification(
    work: Reporter, addressee_id: AddresseeId, rectification_id: ItemId, given: RectificationReport
) -> Response:
    """Say what was done about a finding, by whom in which post, with evidence."""
    await commands.report_rectification(work, addressee_id, rectification_id, given)
    return await queries.addressee(work, addressee_id)


@router.post(
    "/{addressee_id}/rectifications/{rectification_id}/close",
    response_model=AddresseeRead,
    responses=refusals(_gone, _item, _state, _second, errors.EvidenceMissing),
)
async def close_rectification(work: Decider, addressee_id: AddresseeId, rectification_id: ItemId) -> Response:
    """Strike off a finding (销号) as a second person; evidence is needed."""
    await commands.close_rectification(work, addressee_id, rectification_id)
    return await queries.addressee(work, addressee_id)
