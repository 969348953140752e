"""Prolong a probation, remove a candidate, go on from an earlier step after a decision that came too late."""

from datetime import date
from uuid import UUID

from app.core.db import uuid7
from app.core.work import Work
from app.development import errors, rules
from app.development.commands import places, writing
from app.development.commands.reopening import reopen
from app.development.commands.standing import (
    DECIDE,
    Standing,
    again,
    chosen,
    day,
    decides,
    not_ready,
    opened,
    refuse,
    settle,
)
from app.development.commands.steps import close
from app.development.models import DevelopmentStep
from app.development.rules import CaseState, Force, Node, Reason, StepOutcome
from app.development.schemas import (
    CaseRemove,
    CaseRestart,
    CaseRestarted,
    ProbationExtend,
    ProbationExtended,
    VoteGiven,
)
from app.members import commands as members
from app.members.rules import EndKind, MemberStatus
from app.members.schemas import MemberEnd


async def extend_probation(work: Work, case_id: UUID, order: ProbationExtend) -> None:
    """延长预备期 (细则第31条): once, when it is over, by the meeting and the committee; the application for
    full membership is handed in again. Raises `StepNotReady`, `CaseBlocked`, `DevelopmentInvalid`."""
    standing, on = await opened(work, case_id, DECIDE), day(work, order.on)
    case, pack, rule = standing.case, standing.pack, standing.pack.probation
    if standing.loaded.member_status != MemberStatus.PROBATIONARY or case.extended_months:
        raise errors.CaseBlocked
    if not rule.extend_at_least <= order.months <= rule.extend_at_most:
        allowed = f"{rule.extend_at_least}-{rule.extend_at_most}"
        refuse(("/months", "out_of_range", f"延长{allowed}个月", f"{allowed} months are allowed"))
    approver, approver_id = chosen(standing, order.decided_by_id)
    await decides(work, approver_id)
    node, end = pack.by_code[rule.extended_at], rules.probation_end(pack, standing.facts)
    against = _vote_against(standing, node, order.vote)
    if end is not None and on < end:
        words = (f"预备期至{end.isoformat()}", f"the probation runs until {end.isoformat()}")
        against.append(Reason(node.code, "too_early", rule.rule, words, since=end))
    if approver is None or not approver.above or approver.refused is not None:
        words = (approver and approver.refused) or (
            "上级中没有具有审批预备党员权限的党委",
            "no committee above the branch may approve members",
        )
        against.append(Reason(node.code, "body_without_power", rule.rule, words))
    if against:
        raise not_ready(against)
    await _record(work, standing, order, on, approver_id)
    await reopen(work, standing, rule.asked_again_at, on, papers=True)
    case.extended_months = order.months
    await work.session.flush()
    standing = await again(work, standing)
    settle(work, standing)
    await work.session.flush()
    until = rules.probation_end(pack, standing.facts)
    assert until is not None  # noqa: S101 (who is on probation was admitted)
    work.announce(
        ProbationExtended(
            subject=case_id,
            division_code=standing.loaded.division_code,
            member_id=case.member_id,
            months=order.months,
            until_on=until,
        )
    )


async def _record(
    work: Work, standing: Standing, order: ProbationExtend, on: date, approver_id: UUID | None
) -> None:
    node = standing.pack.by_code[standing.pack.probation.extended_at]
    held = order.vote.model_copy(update={"on": order.vote.on or on})
    await writing.vote(work, standing, node, held, current=False)
    attempts = [s["attempt"] for s in standing.loaded.steps if s["step"] == node.code]
    work.session.add(
        DevelopmentStep(
            id=uuid7(),
            case_id=standing.case.id,
            step=node.code,
            attempt=max(attempts, default=0) + 1,
            stage=node.stage,
            outcome=StepOutcome.EXTENDED,
            on=on,
            document=order.document,
            decided_by_id=approver_id,
            recorded_by=work.actor.id,
            current=False,
        )
    )
    await work.session.flush()


def _vote_against(standing: Standing, node: Node, given: VoteGiven | None) -> list[Reason]:
    """Whether a meeting carried a decision about a probationary member: as for admission (第32条)."""
    voted = [n for n in standing.pack.nodes if n.vote and node.code in standing.pack.reopened_from(n.code)]
    if not voted:
        return []
    rule, of = voted[-1].vote, voted[-1]
    assert rule is not None  # noqa: S101 (chosen by it)
    if given is None:
        words = ("缺少支部大会表决记录", "the vote of the branch meeting is missing")
        return [Reason(of.code, "vote_missing", of.rule, words, bring=True)]
    quorum, majority = rules.carried(rule, given.due, given.present, given.written, given.in_favour)
    checks = (
        (quorum, "no_quorum", ("到会人数不足", "too few of those due were present")),
        (majority, "not_carried", ("赞成人数未超过规定的比例", "not carried: too few in favour")),
        (
            given.anonymous or not rule.anonymous,
            "not_anonymous",
            ("须采取无记名投票方式表决", "the vote has to be by secret ballot"),
        ),
    )
    return [Reason(of.code, code, of.rule, words, Force.BLOCK) for held, code, words in checks if not held]


async def remove(work: Work, case_id: UUID, order: CaseRemove) -> None:
    """取消资格: of a candidate; of a probationary member by the vote of the meeting and the committee.
    Raises `StepNotReady`, `CaseBlocked`, `NotTheApprovingBody`."""
    standing, on = await opened(work, case_id, DECIDE), day(work, order.on)
    case, status = standing.case, MemberStatus(standing.loaded.member_status)
    if status is MemberStatus.PROBATIONARY:
        await decides(work, standing.approver_id)
        node = standing.pack.by_code[standing.pack.probation.extended_at]
        if against := _vote_against(standing, node, order.vote):
            raise not_ready(against)
        if order.vote is not None:
            held = order.vote.model_copy(update={"on": order.vote.on or on})
            await writing.vote(work, standing, node, held, current=False)
        await _end(work, standing, EndKind.PROBATION_REVOKED, order, on)
    elif status in {MemberStatus.FULL, MemberStatus.SUSPENDED, MemberStatus.ENDED}:
        raise errors.CaseBlocked
    else:
        await places.release(work, standing)
        if order.ends_application:
            await _end(work, standing, EndKind.APPLICATION_ENDED, order, on)
        elif status is not MemberStatus.APPLICANT:
            await members.advance_status(
                work, case.member_id, MemberStatus.APPLICANT, on, document=order.document
            )
    close(work, standing, CaseState.REMOVED, on, order.reason)
    work.touch(case)
    await work.session.flush()


async def _end(work: Work, standing: Standing, kind: EndKind, order: CaseRemove, on: date) -> None:
    end = MemberEnd(kind=kind, on=on, document=order.document, reason=order.reason)
    await members.conclude(work, standing.case.member_id, end)


async def restart(work: Work, case_id: UUID, order: CaseRestart) -> None:
    """Go on from an earlier step because a decision came too late, as the pack says: the steps from there on
    are taken again. Raises `CaseBlocked` where nothing has lapsed."""
    standing, on = await opened(work, case_id, DECIDE), day(work, order.on)
    lapse = rules.lapsed(standing.pack, standing.facts)
    if lapse is None:
        raise errors.CaseBlocked
    node, rule = lapse
    attempts = [s["attempt"] for s in standing.loaded.steps if s["step"] == node.code]
    work.session.add(
        DevelopmentStep(
            id=uuid7(),
            case_id=case_id,
            step=node.code,
            attempt=max(attempts, default=0) + 1,
            stage=node.stage,
            outcome=StepOutcome.REJECTED,
            on=on,
            reason=order.reason,
            recorded_by=work.actor.id,
            current=False,
        )
    )
    await reopen(work, standing, rule.back_to, on, papers=True)
    await work.session.flush()
    settle(work, await again(work, standing))
    await work.session.flush()
    work.announce(
        CaseRestarted(
            subject=case_id,
            division_code=standing.loaded.division_code,
            step=node.code,
            back_to=rule.back_to,
        )
    )
