"""The addresses of signs and notices."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.notices import commands, errors, queries
from app.notices.formats import DocumentForm
from app.notices.schemas import (
    DocumentNumberFilters,
    DocumentNumberRead,
    DocumentSignFilters,
    DocumentSignRead,
    DocumentSignRegister,
    NoticeDecision,
    NoticeDraft,
    NoticeFigures,
    NoticeFiguresQuery,
    NoticeFilters,
    NoticeLine,
    NoticeRead,
    NoticeRecord,
    NoticeUpdate,
    NoticeWithdraw,
)

router = Router(tags=["notices"])

Reader = Annotated[Work, reading(Permission.NOTICE_READ)]
Drafter = Annotated[Work, creating(Permission.NOTICE_RECORD)]
Editor = Annotated[Work, changing(Permission.NOTICE_RECORD)]
Approver = Annotated[Work, changing(Permission.NOTICE_APPROVE)]
Founder = Annotated[Work, creating(Permission.NOTICE_DECIDE)]
Decider = Annotated[Work, changing(Permission.NOTICE_DECIDE)]
NoticeId = Annotated[UUID, Path(description="The id of the notice.")]
SignId = Annotated[UUID, Path(description="The id of the sign.")]

_gone, _invalid, _secret = errors.NoticeNotFound, errors.NoticeInvalid, errors.SecretsNotHeld
_state, _second, _twice = errors.NoticeStateForbids, errors.SecondPersonNeeded, errors.AddressedTwice
FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {
            form.media_type: {"schema": {"type": "string", "format": "binary"}} for form in DocumentForm
        },
    }
}


@router.get("/document-signs", response_model=Page[DocumentSignRead])
async def list_document_signs(work: Reader, filters: Annotated[DocumentSignFilters, Query()]) -> Response:
    """Signs (机关代字) under which documents are numbered, each with the last number of this year."""
    return await queries.signs(work, filters)


@router.post(
    "/document-signs",
    status_code=201,
    response_model=DocumentSignRead,
    responses=refusals(_invalid, errors.SignTaken),
)
async def register_document_sign(work: Founder, plan: DocumentSignRegister) -> Response:
    """Register the 机关代字 of a Party organization or a department."""
    return await queries.sign(work, await commands.register_sign(work, plan), status=201)


@router.get(
    "/document-signs/{sign_id}/numbers",
    response_model=Page[DocumentNumberRead],
    responses=refusals(errors.SignNotFound),
)
async def list_document_numbers(
    work: Reader, sign_id: SignId, filters: Annotated[DocumentNumberFilters, Query()]
) -> Response:
    """Every number that was given under a sign (发文登记簿), in order, voided ones too."""
    return await queries.numbers(work, sign_id, filters)


@router.get("/notices", response_model=Page[NoticeLine])
async def list_notices(work: Reader, filters: Annotated[NoticeFilters, Query()]) -> Response:
    """Notices of my scope in every state, and issued ones that address it."""
    return await queries.page(work, filters)


@router.post(
    "/notices", status_code=201, response_model=NoticeRead, responses=refusals(_invalid, _secret, _twice)
)
async def draft_notice(work: Drafter, plan: NoticeDraft) -> Response:
    """Draft a circular, notification, supervision letter or talk to one or many addressees."""
    return await queries.read(work, await commands.draft(work, plan), status=201)


@router.post(
    "/notices/recorded",
    status_code=201,
    response_model=NoticeRead,
    responses=refusals(_invalid, _secret, _twice, errors.RecordedAlready),
)
async def record_notice(work: Drafter, plan: NoticeRecord) -> Response:
    """Record a document that others issued to ours, with its number as printed."""
    return await queries.read(work, await commands.record(work, plan), status=201)


@router.get("/notices/figures", response_model=NoticeFigures)
async def count_notices(work: Reader, query: Annotated[NoticeFiguresQuery, Query()]) -> Response:
    """Notices issued in a year by kind and issuer, with how many were addressed, answered, late."""
    return await queries.figures(work, query)


@router.get("/notices/{notice_id}", response_model=NoticeRead, responses=refusals(_gone))
async def get_notice(work: Reader, notice_id: NoticeId) -> Response:
    """One notice with its text and addressees."""
    return await queries.read(work, notice_id)


@router.patch(
    "/notices/{notice_id}",
    response_model=NoticeRead,
    responses=refusals(_gone, _invalid, _secret, _state, _twice),
)
async def change_notice(work: Editor, notice_id: NoticeId, update: NoticeUpdate) -> Response:
    """Change a draft; what is submitted is changed no more."""
    await commands.change(work, notice_id, update)
    return await queries.read(work, notice_id)


@router.post(
    "/notices/{notice_id}/submit", response_model=NoticeRead, responses=refusals(_gone, _invalid, _state)
)
async def submit_notice(work: Editor, notice_id: NoticeId) -> Response:
    """Hand a draft to a second person for approval."""
    await commands.submit(work, notice_id)
    return await queries.read(work, notice_id)


@router.post(
    "/notices/{notice_id}/approve",
    response_model=NoticeRead,
    responses=refusals(_gone, _invalid, _secret, _state, _second),
)
async def approve_notice(work: Approver, notice_id: NoticeId, decision: NoticeDecision) -> Response:
    """Approve the text as a second person, or send it back to be a draft, with the reason."""
    await commands.decide(work, notice_id, decision)
    return await queries.read(work, notice_id)


@router.post(
    "/notices/{notice_id}/issue",
    response_model=NoticeRead,
    responses=refusals(_gone, _state, errors.DocumentTooLarge),
)
async def issue_notice(work: Decider, notice_id: NoticeId) -> Response:
    """Issue a notice (印发): the next document number, the text and figures frozen, the deadlines begun."""
    await commands.issue(work, notice_id)
    return await queries.read(work, notice_id)


@router.post(
    "/notices/{notice_id}/withdraw",
    response_model=NoticeRead,
    responses=refusals(_gone, _secret, _state),
)
async def withdraw_notice(work: Decider, notice_id: NoticeId, order: NoticeWithdraw) -> Response:
    """Withdraw a notice with the reason, perhaps voiding its number, which is never given again."""
    await commands.withdraw(work, notice_id, order)
    return await queries.read(work, notice_id)


@router.get(
    "/notices/{notice_id}/document",
    response_class=Response,
    responses={
        **FILES,
        **refusals(_gone, errors.NoticeNotIssued, errors.DocumentTooLarge, errors.DocumentFontsMissing),
    },
)
async def download_notice(
    work: Reader,
    notice_id: NoticeId,
    form: Annotated[
        DocumentForm, Query(alias="format", description="The form of the file.", examples=["docx"])
    ] = DocumentForm.DOCX,
) -> Response:
    """The issued document in the layout of GB/T 9704-2012, made of what was frozen."""
    return await queries.document(work, notice_id, form)
