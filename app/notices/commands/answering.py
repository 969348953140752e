"""What addressees do, and what becomes of their answers.

Every verdict on time is made under the lock of the addressee's row, by the database's clock read after the
lock was taken: an answer and the job that marks what is overdue can only come one after the other."""

from uuid import UUID

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import SHANGHAI, Work
from app.notices import errors, queries, rules
from app.notices.commands import checking
from app.notices.models import Addressee, Answer, Extension, Notice
from app.notices.rules import AddresseeState, ExtensionState, NoticeKind, Wrong
from app.notices.schemas import (
    AddresseeMoved,
    AddresseeOverdue,
    AddresseeReplied,
    ExtensionMoved,
    MinutesRecorded,
    NoticeDecision,
    NoticeExtensionAsk,
    NoticeReply,
    ReplyVerdict,
    TalkMinutes,
)
from app.reference.rules import add_working_days

_RECORD, _DECIDE = Permission.NOTICE_RECORD, Permission.NOTICE_DECIDE


async def receive(work: Work, addressee_id: UUID) -> None:
    """签收. Raises `AddresseeStateForbids`."""
    _, one = await queries.addressee_for_update(work, addressee_id, _RECORD, as_issuer=False)
    work.expect(one)
    _in_state(one, AddresseeState.WAITING)
    moment = await work.instant()
    one.received_at, one.received_by = moment, work.actor.id
    one.state = AddresseeState.RECEIVED
    await _moved(work, one)


async def reply(work: Work, addressee_id: UUID, given: NoticeReply) -> None:
    """Answer. A late answer is kept as late, never refused. Raises `AnsweredAlready`, `NoReplyAsked`."""
    checking.no_secrets(given.text)
    notice, one = await queries.addressee_for_update(work, addressee_id, _RECORD, as_issuer=False)
    if not notice.reply_required:
        raise errors.NoReplyAsked
    if one.state in {AddresseeState.REPLIED, AddresseeState.VERIFIED}:
        raise errors.AnsweredAlready
    _in_state(one, *rules.OWING)
    evidence = await checking.evidence(work, given.evidence)
    moment = await work.instant()
    if one.received_at is None:
        one.received_at, one.received_by = moment, work.actor.id
    one.replied_at, one.late = moment, one.due_at is not None and moment >= one.due_at
    if one.late and one.overdue_at is None:
        one.overdue_at = moment
        overdue(work, one)
    one.state = AddresseeState.REPLIED
    work.session.add(
        Answer(
            id=uuid7(),
            addressee_id=one.id,
            round=one.round,
            text=given.text,
            evidence=evidence,
            due_at=one.due_at,
            replied_at=moment,
            replied_by=work.actor.id,
            late=one.late,
        )
    )
    await work.session.flush()
    work.announce(
        AddresseeReplied(
            subject=one.id,
            division_code=one.division_code,
            notice_id=one.notice_id,
            round=one.round,
            late=one.late,
        )
    )


def overdue(work: Work, one: Addressee) -> None:
    """Say, once in a round, that the deadline passed without an answer."""
    assert one.due_at is not None  # noqa: S101 (it has passed)
    work.announce(
        AddresseeOverdue(
            subject=one.id,
            division_code=one.division_code,
            notice_id=one.notice_id,
            round=one.round,
            due_at=one.due_at,
        )
    )


async def verify(work: Work, addressee_id: UUID, verdict: ReplyVerdict) -> None:
    """核验: a second person accepts the answer, or returns it, which begins a new round.

    Raises `SecondPersonNeeded`, `AddresseeStateForbids`."""
    _, one = await _of_ours(work, addressee_id)
    _in_state(one, AddresseeState.REPLIED)
    answer = await queries.standing_answer(work, one)
    if answer.replied_by == work.actor.id:
        raise errors.SecondPersonNeeded
    _verdict_words(verdict)
    moment = await work.instant()
    answer.verdict = "accepted" if verdict.accepted else "returned"
    answer.verdict_by, answer.verdict_at, answer.verdict_reason = work.actor.id, moment, verdict.reason
    if verdict.accepted:
        one.state, one.verified_at = AddresseeState.VERIFIED, moment
    else:
        one.state, one.round = AddresseeState.RETURNED, one.round + 1
        one.replied_at = one.late = one.overdue_at = one.due_on = one.due_at = None
        one.provisional = False
        if verdict.answer_days is not None:
            today = moment.astimezone(SHANGHAI).date()
            due = add_working_days(today, verdict.answer_days, await checking.calendar(work))
            one.due_on, one.due_at = due.due_on, checking.at_end_of(due.due_on)
            one.provisional = due.provisional
    await _moved(work, one)


def _verdict_words(verdict: ReplyVerdict) -> None:
    wrongs = []
    if not verdict.accepted and verdict.reason is None:
        wrongs.append(Wrong("/reason", "reason_required", ("请写明理由", "say why")))
    if verdict.accepted and verdict.answer_days is not None:
        words = ("只有退回时才有新期限", "only what is returned has a new deadline")
        wrongs.append(Wrong("/answer_days", "returned_only", words))
    checking.refuse(wrongs)
    checking.no_secrets(verdict.reason)


async def close(work: Work, addressee_id: UUID) -> None:
    """销号: the answer is verified, or none was asked for, and every rectification is struck off.

    Raises `RectificationsOpen`, `AddresseeStateForbids`, `SecondPersonNeeded`."""
    notice, one = await _of_ours(work, addressee_id)
    if notice.reply_required:
        _in_state(one, AddresseeState.VERIFIED)
        if (await queries.standing_answer(work, one)).replied_by == work.actor.id:
            raise errors.SecondPersonNeeded
    elif one.state in rules.ENDED:
        raise errors.AddresseeStateForbids(reasons=[{"state": one.state}])
    items = await queries.rectifications_of(work, one.id)
    if any(item.state != rules.RectificationState.CLOSED for item in items):
        raise errors.RectificationsOpen
    moment = await work.instant()
    one.state, one.closed_at, one.closed_by = AddresseeState.CLOSED, moment, work.actor.id
    await _moved(work, one)


async def record_minutes(work: Work, addressee_id: UUID, given: TalkMinutes) -> None:
    """The minutes of a talk with one addressee. Raises `AddresseeStateForbids`."""
    notice, one = await _of_ours(work, addressee_id)
    if NoticeKind(notice.kind) not in rules.TALKS or one.state in rules.ENDED:
        raise errors.AddresseeStateForbids(reasons=[{"state": one.state}])
    assert notice.issued_on is not None  # noqa: S101 (issued)
    if given.held_on > work.today:
        checking.refuse([Wrong("/held_on", "in_future", ("不能晚于今天", "lies in the future"))])
    checking.no_secrets(given.place, given.minutes)
    one.held_on, one.place, one.minutes = given.held_on, given.place, given.minutes
    await work.session.flush()
    work.announce(
        MinutesRecorded(
            subject=one.id,
            division_code=one.division_code,
            notice_id=one.notice_id,
            held_on=given.held_on,
        )
    )


async def ask_extension(work: Work, addressee_id: UUID, wish: NoticeExtensionAsk) -> None:
    """Ask for more time. Raises `ExtensionWaits`, `AddresseeStateForbids`, `NoticeInvalid`."""
    _, one = await queries.addressee_for_update(work, addressee_id, _RECORD, as_issuer=False)
    _in_state(one, *rules.OWING)
    checking.no_secrets(wish.reason)
    if one.due_on is None:
        raise errors.AddresseeStateForbids(reasons=[{"state": one.state}])
    if wish.until_on <= max(one.due_on, work.today):
        words = ("须晚于今天和原期限", "must be later than today and the present deadline")
        checking.refuse([Wrong("/until_on", "not_longer", words)])
    work.session.add(
        Extension(
            id=uuid7(),
            addressee_id=one.id,
            was_due_on=one.due_on,
            until_on=wish.until_on,
            reason=wish.reason,
            state=ExtensionState.ASKED,
            asked_by=work.actor.id,
            asked_at=await work.instant(),
        )
    )
    work.touch(one)
    await work.session.flush()
    _extension(work, one, ExtensionState.ASKED, wish)


async def decide_extension(work: Work, addressee_id: UUID, decision: NoticeDecision) -> None:
    """A second person grants more time or refuses it. Raises `SecondPersonNeeded`, `NoExtensionAsked`."""
    _, one = await _of_ours(work, addressee_id)
    wish = await queries.extension_asked(work, one.id)
    if wish is None:
        raise errors.NoExtensionAsked
    if wish.asked_by == work.actor.id:
        raise errors.SecondPersonNeeded
    checking.no_secrets(decision.reason)
    moment = await work.instant()
    if decision.approved:
        _in_state(one, *rules.OWING)
        until = checking.at_end_of(wish.until_on)
        if until <= moment:
            words = ("所申请的期限已过, 请重新申请", "the day asked for is over")
            checking.refuse([Wrong("/approved", "too_late", words)])
        one.due_on, one.due_at, one.overdue_at, one.provisional = wish.until_on, until, None, False
    elif decision.reason is None:
        checking.refuse([Wrong("/reason", "reason_required", ("请写明理由", "say why"))])
    wish.state = ExtensionState.GRANTED if decision.approved else ExtensionState.REFUSED
    wish.decided_by, wish.decided_at, wish.decision_reason = work.actor.id, moment, decision.reason
    work.touch(one)
    await work.session.flush()
    _extension(work, one, wish.state, wish)


def _extension(work: Work, one: Addressee, state: str, wish: Extension | NoticeExtensionAsk) -> None:
    work.announce(
        ExtensionMoved(
            subject=one.id,
            division_code=one.division_code,
            notice_id=one.notice_id,
            state=str(state),
            until_on=wish.until_on,
        )
    )


async def _of_ours(work: Work, addressee_id: UUID) -> tuple[Notice, Addressee]:
    """An addressee of a notice that the caller answers for, locked, in the version that was read."""
    notice, one = await queries.addressee_for_update(work, addressee_id, _DECIDE, as_issuer=True)
    work.expect(one)
    return notice, one


def _in_state(one: Addressee, *states: AddresseeState) -> None:
    if one.state not in states:
        raise errors.AddresseeStateForbids(reasons=[{"state": one.state}])


async def _moved(work: Work, one: Addressee) -> None:
    await work.session.flush()
    work.announce(
        AddresseeMoved(
            subject=one.id,
            division_code=one.division_code,
            notice_id=one.notice_id,
            state=AddresseeState(one.state),
        )
    )
