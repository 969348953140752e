"""The addresses of dues: accounts, collection, arrears, reductions."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.dues import commands, errors, queries
from app.dues.schemas import (
    ArrearsFilters,
    ArrearsRead,
    DuesAccountQuery,
    DuesAccountRead,
    DuesCollect,
    DuesCollection,
    DuesCountsQuery,
    DuesCountsRead,
    DuesPaymentCancel,
    DuesPaymentRead,
    DuesRowRead,
    DuesSheetFilters,
    DuesStandardSet,
    ReductionAgree,
    ReductionApply,
    ReductionDecide,
    ReductionFilters,
    ReductionRead,
)
from app.party_organizations.errors import PowersPackInvalid

router = Router(tags=["dues"])

Reader = Annotated[Work, reading(Permission.MEMBER_READ)]
Recorder = Annotated[Work, creating(Permission.MEMBER_RECORD)]
Editor = Annotated[Work, changing(Permission.MEMBER_RECORD)]
Decider = Annotated[Work, changing(Permission.MEMBER_DECIDE)]
Approver = Annotated[Work, changing(Permission.MEMBER_APPROVE)]
MemberId = Annotated[UUID, Path(description="The id of the member.")]
PaymentId = Annotated[UUID, Path(description="The id of the payment.")]
ReductionId = Annotated[UUID, Path(description="The id of the application.")]

_nobody, _invalid, _pack = errors.DuesMemberNotFound, errors.DuesInvalid, errors.DuesPackInvalid
_missing, _blocked = errors.DuesReductionNotFound, errors.ReductionBlocked


@router.get("/dues", response_model=Page[DuesRowRead])
async def list_dues(work: Reader, filters: Annotated[DuesSheetFilters, Query()]) -> Response:
    """A month's sheet: every member with what is due and what was paid, masked and without incomes."""
    return await commands.sheet(work, filters)


@router.get("/dues/counts", response_model=DuesCountsRead)
async def count_dues(work: Reader, query: Annotated[DuesCountsQuery, Query()]) -> Response:
    """A month over my scope: who owes, who paid, and the sums."""
    return await commands.count(work, query)


@router.get("/dues/arrears", response_model=Page[ArrearsRead], responses=refusals(_pack))
async def list_dues_arrears(work: Reader, filters: Annotated[ArrearsFilters, Query()]) -> Response:
    """Members who are behind, with what the rule pack says that leads to. It changes no membership."""
    return await commands.arrears(work, filters)


@router.get("/members/{member_id}/dues", response_model=DuesAccountRead, responses=refusals(_nobody, _pack))
async def get_dues_account(
    work: Reader, member_id: MemberId, query: Annotated[DuesAccountQuery, Query()]
) -> Response:
    """A member's standards, payments, reductions and arrears."""
    return await commands.read_account(work, member_id, query)


@router.post(
    "/members/{member_id}/dues-standards",
    status_code=201,
    response_model=DuesAccountRead,
    responses=refusals(_nobody, _invalid, errors.NotAPayer, errors.StandardOverlaps, _pack),
)
async def set_dues_standard(work: Recorder, member_id: MemberId, plan: DuesStandardSet) -> Response:
    """Set what a member owes from a month on, by the brackets on the whole income. The income is sealed."""
    await commands.set_standard(work, member_id, plan)
    return await commands.read_account(work, member_id, DuesAccountQuery(), status=201)


@router.post(
    "/dues-payments",
    status_code=201,
    response_model=DuesCollection,
    responses=refusals(
        errors.DuesBodyNotFound,
        errors.BodyMayNotCollect,
        _invalid,
        errors.DuesMonthPaid,
        PowersPackInvalid,
    ),
)
async def collect_dues(work: Recorder, plan: DuesCollect) -> Response:
    """Record what a branch collected: many members and months at once, all or nothing."""
    return await commands.collect(work, plan)


@router.post(
    "/dues-payments/{payment_id}/cancel",
    response_model=DuesPaymentRead,
    responses=refusals(errors.DuesPaymentNotFound, errors.PaymentIsCancelled),
)
async def cancel_dues_payment(work: Editor, payment_id: PaymentId, order: DuesPaymentCancel) -> Response:
    """Take back a payment recorded in error: the month is unpaid again."""
    await commands.cancel_payment(work, payment_id, order)
    return await queries.read_payment(work, payment_id)


@router.get("/dues-reductions", response_model=Page[ReductionRead])
async def list_dues_reductions(work: Reader, filters: Annotated[ReductionFilters, Query()]) -> Response:
    """Applications to pay less in hardship, the latest first."""
    return await queries.page_reductions(work, filters)


@router.post(
    "/dues-reductions",
    status_code=201,
    response_model=ReductionRead,
    responses=refusals(_nobody, _invalid, errors.NotAPayer, errors.ReductionOpen),
)
async def apply_for_dues_reduction(work: Recorder, plan: ReductionApply) -> Response:
    """Apply for a member in hardship (减免党费)."""
    return await queries.read_reduction(work, await commands.apply_for(work, plan), status=201)


@router.get("/dues-reductions/{reduction_id}", response_model=ReductionRead, responses=refusals(_missing))
async def get_dues_reduction(work: Reader, reduction_id: ReductionId) -> Response:
    """One application and how far it came."""
    return await queries.read_reduction(work, reduction_id)


@router.post(
    "/dues-reductions/{reduction_id}/agree",
    response_model=ReductionRead,
    responses=refusals(_missing, _blocked),
)
async def agree_to_dues_reduction(
    work: Decider, reduction_id: ReductionId, order: ReductionAgree
) -> Response:
    """Record that the branch agreed, by its resolution."""
    await commands.agree(work, reduction_id, order)
    return await queries.read_reduction(work, reduction_id)


@router.post(
    "/dues-reductions/{reduction_id}/approve",
    response_model=ReductionRead,
    responses=refusals(_missing, _blocked, errors.OwnReduction, errors.ReductionOverlaps),
)
async def approve_dues_reduction(
    work: Approver, reduction_id: ReductionId, order: ReductionDecide
) -> Response:
    """Approve what the branch agreed to, as the second person."""
    await commands.approve(work, reduction_id, order)
    return await queries.read_reduction(work, reduction_id)


@router.post(
    "/dues-reductions/{reduction_id}/reject",
    response_model=ReductionRead,
    responses=refusals(_missing, _blocked, errors.OwnReduction),
)
async def reject_dues_reduction(
    work: Approver, reduction_id: ReductionId, order: ReductionDecide
) -> Response:
    """Reject an application, as the second person."""
    await commands.reject(work, reduction_id, order)
    return await queries.read_reduction(work, reduction_id)
