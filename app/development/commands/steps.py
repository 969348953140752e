"""Take a step, or not agree to one."""

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from app.core.db import uuid7
from app.core.errors import Fault, Invalid
from app.core.work import Work
from app.development import errors, rules
from app.development.commands import places, writing
from app.development.commands.reopening import reopen
from app.development.commands.standing import (
    DECIDE,
    RECORD,
    Standing,
    again,
    chosen,
    day,
    decides,
    node_of,
    not_ready,
    opened,
    refuse,
    settle,
)
from app.development.models import DevelopmentStep
from app.development.rules import ABOVE, Attempt, CaseState, Node, StepOutcome
from app.development.schemas import (
    CaseAdvance,
    CaseAdvanced,
    CaseClosed,
    CaseReject,
    CaseRejected,
    PoliticalReviewGiven,
    RecordGiven,
    StepTaken,
    VoteGiven,
)
from app.members import commands as members
from app.members.rules import MemberStatus

Dated = TypeVar("Dated", VoteGiven, PoliticalReviewGiven, RecordGiven)


async def advance(work: Work, case_id: UUID, order: CaseAdvance) -> None:
    """Take steps in their order, all or none. Raises `StepNotReady` with every reason against the first that
    cannot be taken, `NotTheApprovingBody`, `DevelopmentInvalid`."""
    standing = await opened(work, case_id)
    for number, given in enumerate(order.steps):
        try:
            standing = await _take(work, standing, given)
        except Invalid as error:
            at = f"/steps/{number}"
            raise type(error)(
                errors=[Fault(f"{at}{f.pointer}", f.code, f.message) for f in error.errors]
            ) from None
        if standing.case.state != CaseState.OPEN and number + 1 < len(order.steps):
            raise errors.CaseClosedAlready


async def _take(work: Work, standing: Standing, given: StepTaken) -> Standing:
    node, on = node_of(standing, given.step), day(work, given.on)
    approver, approver_id = chosen(standing, given.decided_by_id)
    if node.doer in ABOVE:
        await decides(work, approver_id)
    await _bring(work, standing, node, given, on)
    standing = await again(work, standing)
    counts = standing.pack.quota_counts_at == node.code
    room = await places.left(work, standing, on.year, lock=True) if counts else None
    known = rules.with_facts(standing.facts, approver=approver, places=room)
    attempt = Attempt(on, exception=given.exception, deliberated_on=given.deliberated_on)
    found = rules.reasons(standing.pack, node, known, attempt)
    if against := rules.blocking(found):
        raise not_ready(against)
    attempts = [s["attempt"] for s in standing.loaded.steps if s["step"] == node.code]
    decided = node.approval or node.doer in ABOVE
    work.session.add(
        _row(
            work, standing, node,
            attempt=max(attempts, default=0) + 1,
            outcome=StepOutcome.PASSED,
            on=on,
            document=given.document,
            exception=given.exception,
            deliberated_on=given.deliberated_on,
            decided_by_id=approver_id if decided else None,
            current=True,
        )
    )  # fmt: skip
    await work.session.flush()
    if counts:
        await places.take(work, standing, on)
    standing.facts = rules.with_facts(standing.facts, done={**standing.facts.done, node.code: on})
    await _become(work, standing, node, given.document)
    _complete(work, standing)
    settle(work, standing)
    await work.session.flush()
    work.announce(
        CaseAdvanced(
            subject=standing.case.id,
            division_code=standing.loaded.division_code,
            member_id=standing.case.member_id,
            step=node.code,
            on=on,
            warnings=sorted({r.code for r in found}),
        )
    )
    return standing


def _row(work: Work, standing: Standing, node: Node, **fields: Any) -> DevelopmentStep:
    return DevelopmentStep(
        id=uuid7(),
        case_id=standing.case.id,
        step=node.code,
        stage=node.stage,
        recorded_by=work.actor.id,
        **fields,
    )


async def _bring(work: Work, standing: Standing, node: Node, given: StepTaken, on: date) -> None:
    """What comes with the step itself; what has no day of its own is of the step's day."""
    _fits(node, given)
    for kind in given.papers:
        await writing.receive(work, standing, kind, on)
    if given.helpers and node.helpers is not None:
        await writing.name_helpers(work, standing, node.helpers.role, given.helpers, on)
    if given.vote is not None:
        await writing.vote(work, standing, node, _dated(given.vote, on))
    if given.publicity is not None:
        await writing.publish(work, standing, node, given.publicity)
    if given.review is not None:
        await writing.review(work, standing, _dated(given.review, on))
    for record in given.records:
        await writing.put(work, standing, _dated(record, on))
    if given.form_number is not None:
        standing.case.form_number = given.form_number
    await work.session.flush()


def _fits(node: Node, given: StepTaken) -> None:
    wrongs = [
        (f"/papers/{number}", "no_such_paper", "这种材料不属于此步骤", "is no paper of this step")
        for number, kind in enumerate(given.papers)
        if kind not in node.papers
    ]
    if given.helpers and node.helpers is None:
        wrongs.append(("/helpers", "no_helpers", "此步骤不确定联系人或介绍人", "the step names nobody"))
    if given.form_number is not None and not node.numbered_form:
        wrongs.append(("/form_number", "no_form", "此步骤不填入党志愿书", "the step has no numbered form"))
    refuse(*wrongs)


def _dated(given: Dated, on: date) -> Dated:
    return given if given.on is not None else given.model_copy(update={"on": on})


async def _become(work: Work, standing: Standing, node: Node, document: str | None) -> None:
    """What the step makes of the member: probationary from the meeting that admitted, full from the end of
    the probation (细则第31、33条)."""
    if node.becomes is None:
        return
    since = rules.anchor(standing.pack, node.becomes.since or node.code, standing.facts)
    assert since is not None  # noqa: S101 (the step was taken, and anchors lie before it)
    await members.advance_status(
        work,
        standing.case.member_id,
        MemberStatus(node.becomes.status.value),
        since,
        document=document,
        permission=DECIDE if node.doer in ABOVE else RECORD,
    )


def _complete(work: Work, standing: Standing) -> None:
    if not rules.complete(standing.pack, standing.facts):
        return
    close(work, standing, CaseState.COMPLETED, max(standing.facts.done.values()), None)


def close(work: Work, standing: Standing, state: CaseState, on: date, reason: str | None) -> None:
    """A case comes to its end."""
    case = standing.case
    case.state, case.closed_on, case.closed_reason = state, on, reason
    case.due_step, case.due_on, case.due_above, case.remind_on = None, None, False, None
    work.announce(
        CaseClosed(
            subject=case.id,
            division_code=standing.loaded.division_code,
            member_id=case.member_id,
            state=state,
            on=on,
        )
    )


async def reject(work: Work, case_id: UUID, order: CaseReject) -> None:
    """A step that comes next was not agreed to: papers go back each with its reason, perhaps the case to an
    earlier step. Raises `CaseBlocked`, `NotTheApprovingBody`, `DevelopmentInvalid`."""
    standing = await opened(work, case_id, DECIDE)
    node, on = node_of(standing, order.step), day(work, order.on)
    if node not in rules.following(standing.pack, standing.facts):
        raise errors.CaseBlocked
    if node.doer in ABOVE:
        await decides(work, standing.approver_id)
    back_to = order.back_to
    if back_to is not None and (
        node_of(standing, back_to, "/back_to").code not in standing.facts.done
        or node.code not in standing.pack.reopened_from(back_to)
    ):
        refuse(("/back_to", "not_backwards", "不是此步骤之前已办结的步骤", "is no step taken before it"))
    attempts = [s["attempt"] for s in standing.loaded.steps if s["step"] == node.code]
    work.session.add(
        _row(
            work, standing, node,
            attempt=max(attempts, default=0) + 1,
            outcome=StepOutcome.REJECTED,
            on=on,
            document=order.document,
            reason=order.reason,
            decided_by_id=standing.approver_id if node.doer in ABOVE else None,
            current=False,
        )
    )  # fmt: skip
    for number, paper in enumerate(order.papers):
        await writing.give_back(
            work, standing, paper.kind, on, reason=paper.reason, pointer=f"/papers/{number}/kind"
        )
    if back_to is not None:
        await reopen(work, standing, back_to, on, papers=False)
    await work.session.flush()
    settle(work, await again(work, standing))
    await work.session.flush()
    work.announce(
        CaseRejected(
            subject=case_id,
            division_code=standing.loaded.division_code,
            step=node.code,
            back_to=back_to,
            papers=[paper.kind for paper in order.papers],
        )
    )
