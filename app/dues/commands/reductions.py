"""Hardship reductions: apply, the branch agrees, a second person at the committee decides."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.dues import errors, queries, rules
from app.dues.commands import checking
from app.dues.models import Reduction
from app.dues.queries import DUTIFUL
from app.dues.rules import MOST_MONTHS, ReductionState, Wrong
from app.dues.schemas import ReductionAgree, ReductionApply, ReductionDecide, ReductionMoved

_RECORD, _DECIDE, _APPROVE = Permission.MEMBER_RECORD, Permission.MEMBER_DECIDE, Permission.MEMBER_APPROVE


async def apply_for(work: Work, plan: ReductionApply) -> UUID:
    """Apply for a member. Raises `DuesMemberNotFound`, `NotAPayer`, `DuesInvalid`, `ReductionOpen`."""
    member = await queries.payer(work, plan.member_id, _RECORD)
    if member.status not in DUTIFUL:
        raise errors.NotAPayer
    first, last = rules.first_of_month(plan.from_month), rules.first_of_month(plan.through_month)
    wrongs = checking.wrong_with_month(first, member.joined_on, work.today, "/from_month")
    if not 0 <= (last.year - first.year) * 12 + last.month - first.month < MOST_MONTHS:
        words = (f"减免期为1至{MOST_MONTHS}个月", f"a reduction lasts 1 to {MOST_MONTHS} months")
        wrongs.append(Wrong("/through_month", "months", words))
    if plan.amount < 0:
        wrongs.append(Wrong("/amount", "negative", ("不能为负数", "is not below nothing")))
    checking.refuse(wrongs)
    row = Reduction(
        id=uuid7(),
        member_id=member.id,
        valid=Range(first, rules.next_month(last)),
        amount=plan.amount,
        hardship=plan.hardship,
        state=ReductionState.REQUESTED,
        document=plan.document,
        requested_by=work.actor.id,
    )
    work.session.add(row)
    await work.session.flush()
    _tell(work, row, member.division_code)
    return row.id


async def agree(work: Work, reduction_id: UUID, order: ReductionAgree) -> None:
    """The branch agrees by its resolution. Raises `ReductionBlocked`."""
    row, division = await _taken(work, reduction_id, _DECIDE, ReductionState.REQUESTED)
    row.state, row.agreed_document, row.agreed_on = ReductionState.AGREED, order.document, work.today
    await work.session.flush()
    _tell(work, row, division)


async def approve(work: Work, reduction_id: UUID, order: ReductionDecide) -> None:
    """The committee approves what the branch agreed to. Raises `OwnReduction`, `ReductionOverlaps`."""
    row, division = await _taken(work, reduction_id, _APPROVE, ReductionState.AGREED)
    await _decide(work, row, division, ReductionState.APPROVED, order)


async def reject(work: Work, reduction_id: UUID, order: ReductionDecide) -> None:
    """The committee rejects it, at whatever step. Raises `OwnReduction`."""
    row, division = await _taken(
        work, reduction_id, _APPROVE, ReductionState.REQUESTED, ReductionState.AGREED
    )
    await _decide(work, row, division, ReductionState.REJECTED, order)


async def _taken(
    work: Work, reduction_id: UUID, permission: Permission, *states: ReductionState
) -> tuple[Reduction, str]:
    row, division = await queries.reduction_for_update(work, reduction_id, permission)
    work.expect(row)
    if row.state not in states:
        raise errors.ReductionBlocked
    return row, division


async def _decide(
    work: Work, row: Reduction, division: str, state: ReductionState, order: ReductionDecide
) -> None:
    if row.requested_by == work.actor.id:
        raise errors.OwnReduction
    row.state, row.decided_document = state, order.document
    row.decided_on, row.decided_by = work.today, work.actor.id
    await work.session.flush()
    _tell(work, row, division)


def _tell(work: Work, row: Reduction, division: str) -> None:
    work.announce(
        ReductionMoved(
            subject=row.member_id,
            division_code=division,
            reduction_id=row.id,
            state=ReductionState(row.state),
        )
    )
