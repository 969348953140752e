"""Papers that come in and go on: commitment letter, member survey, hand-over; and what ends or reopens a
duty."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func

from app.core.access import Permission
from app.core.errors import Fault
from app.core.work import Work
from app.duties import queries, rules
from app.duties.commands import packs
from app.duties.errors import (
    DayInFuture,
    DayTooEarly,
    DutyLapsed,
    DutyNotOpen,
    DutyOpen,
    NobodyToHandTo,
    PapersMissing,
    PapersStillHandedOver,
    ReceiverUnknown,
    SurveyInconsistent,
)
from app.duties.models import Duty
from app.duties.queries import Registration
from app.duties.rules import DutyKind, DutyState, Verdict
from app.duties.schemas import (
    CommitmentLetterReceipt,
    CommitmentLetterReceived,
    DutyReopened,
    DutyReopening,
    DutyWaived,
    DutyWaiver,
    MemberSurveyReceipt,
    MemberSurveyRecorded,
    PapersHandedOver,
    PapersHandOver,
)


async def receive_commitment_letter(
    work: Work, organization_id: UUID, receipt: CommitmentLetterReceipt
) -> UUID:
    """Record that the commitment letter is there. Raises `DutyNotFound`, `DutyNotOpen`, `DayInFuture`."""
    duty, registration = await open_duty(work, organization_id, DutyKind.COMMITMENT_LETTER)
    not_in_future(work, "/received_on", receipt.received_on)
    _done(duty, receipt.received_on, receipt.note)
    work.announce(
        CommitmentLetterReceived(
            subject=organization_id,
            division_code=registration.division_code,
            duty_id=duty.id,
            received_on=receipt.received_on,
        )
    )
    return duty.id


async def record_member_survey(work: Work, organization_id: UUID, receipt: MemberSurveyReceipt) -> UUID:
    """Record the member survey and what it means: whether the organization must establish a Party
    organization.

    Raises `DutyNotFound`, `DutyNotOpen`, `DayInFuture`, `SurveyInconsistent`."""
    duty, registration = await open_duty(work, organization_id, DutyKind.MEMBER_SURVEY)
    not_in_future(work, "/received_on", receipt.received_on)
    answers = receipt.answers()
    if found := rules.inconsistencies(answers):
        raise SurveyInconsistent(errors=[Fault(f"/{each.field}", each.code, each.reason) for each in found])
    pack = await packs.establishment_pack(work, registration, work.today)
    verdict = rules.verdict(answers, pack)
    counts = asdict(answers)
    _done(duty, receipt.received_on, receipt.note)
    duty.survey, duty.must_establish = counts, verdict.must_establish
    duty.establishment = _establishment(verdict, pack.pack_id)
    work.announce(
        MemberSurveyRecorded(
            subject=organization_id,
            division_code=registration.division_code,
            duty_id=duty.id,
            received_on=receipt.received_on,
            must_establish=verdict.must_establish,
            **counts,
        )
    )
    return duty.id


async def hand_over_papers(work: Work, organization_id: UUID, given: PapersHandOver) -> UUID:
    """Record that both papers went to the body for Party work: the responsible one, unless another is named.

    Raises `DutyNotFound`, `DutyNotOpen`, `DayInFuture`, `DayTooEarly`, `PapersMissing`, `NobodyToHandTo`,
    `ReceiverUnknown`."""
    duty, registration = await open_duty(work, organization_id, DutyKind.HAND_OVER)
    not_in_future(work, "/handed_over_on", given.handed_over_on)
    if given.handed_over_on < duty.registered_on:
        reason = ("早于登记日期", "is before the registration")
        raise DayTooEarly(errors=[Fault("/handed_over_on", "before_registration", reason)])
    standings = await queries.standings(work, organization_id)
    if obstacles := rules.hand_over_obstacles(standings, given.handed_over_on):
        raise PapersMissing(reasons=obstacles)
    receiver = given.party_organization_id or registration.lead_id
    if receiver is None:
        raise NobodyToHandTo
    if not await queries.body_receives(work, receiver, registration.lead_id):
        unknown = ("没有这个党组织, 或已撤销", "no such body, or it is dissolved")
        raise ReceiverUnknown(errors=[Fault("/party_organization_id", "unknown", unknown)])
    _done(duty, given.handed_over_on, given.note)
    duty.handed_over_to_id = receiver
    work.announce(
        PapersHandedOver(
            subject=organization_id,
            division_code=registration.division_code,
            duty_id=duty.id,
            handed_over_on=given.handed_over_on,
            handed_over_to_id=receiver,
            late=given.handed_over_on > duty.due_on,
        )
    )
    return duty.id


async def waive(work: Work, duty_id: UUID, given: DutyWaiver) -> None:
    """Let an open duty fall away, for a reason. Raises `DutyNotFound`, `DutyNotOpen`."""
    duty, registration = await queries.get_for_update(work, Permission.ORGANIZATION_DECIDE, duty_id=duty_id)
    work.expect(duty)
    if duty.state != DutyState.OPEN:
        raise DutyNotOpen
    duty.state, duty.closed_reason = DutyState.WAIVED, given.reason
    work.announce(
        DutyWaived(
            subject=duty.id,
            division_code=registration.division_code,
            organization_id=duty.organization_id,
            kind=DutyKind(duty.kind),
            reason=given.reason,
        )
    )


async def reopen(work: Work, duty_id: UUID, given: DutyReopening) -> None:
    """Open a duty again whose record was wrong. Raises `DutyNotFound`, `DutyOpen`, `DutyLapsed`,
    `PapersStillHandedOver`."""
    duty, registration = await queries.get_for_update(work, Permission.DUTY_RECORD, duty_id=duty_id)
    work.expect(duty)
    previous = DutyState(duty.state)
    if previous is DutyState.OPEN:
        raise DutyOpen
    if previous is DutyState.LAPSED:
        raise DutyLapsed
    standings = await queries.standings(work, duty.organization_id)
    if duty.kind in rules.PAPERS and _handed_over(standings):
        raise PapersStillHandedOver
    duty.state, duty.done_on, duty.closed_reason, duty.handed_over_to_id = DutyState.OPEN, None, None, None
    duty.survey, duty.must_establish, duty.establishment = None, None, None
    if duty.kind == DutyKind.SETUP_CONTACT and (contact := await queries.contact(work, duty.organization_id)):
        contact.replaced_at = func.clock_timestamp()
    work.announce(
        DutyReopened(
            subject=duty.id,
            division_code=registration.division_code,
            organization_id=duty.organization_id,
            kind=DutyKind(duty.kind),
            previous_state=previous,
            reason=given.reason,
        )
    )


async def open_duty(work: Work, organization_id: UUID, kind: DutyKind) -> tuple[Duty, Registration]:
    """The duty, locked, if it is open and the caller has seen it. Raises `DutyNotFound`, `DutyNotOpen`."""
    duty, registration = await queries.get_for_update(
        work, Permission.DUTY_RECORD, of=(organization_id, kind)
    )
    work.expect(duty)
    if duty.state != DutyState.OPEN:
        raise DutyNotOpen
    return duty, registration


def not_in_future(work: Work, pointer: str, day: date) -> None:
    """Raises `DayInFuture`."""
    if day > work.today:
        raise DayInFuture(errors=[Fault(pointer, "day_in_future", ("不能晚于今天", "lies in the future"))])


def _done(duty: Duty, on: date, note: str | None) -> None:
    duty.state, duty.done_on, duty.note = DutyState.DONE, on, note


def _handed_over(standings: Sequence[rules.Standing]) -> bool:
    return any(s.kind is DutyKind.HAND_OVER and s.state is DutyState.DONE for s in standings)


def _establishment(verdict: Verdict, pack_id: UUID | None) -> dict[str, Any]:
    """What the survey means, as it is stored and shown."""
    threshold = verdict.threshold
    return {
        "must_establish": verdict.must_establish,
        "form": verdict.form.value,
        "basis": threshold.basis.value,
        "counted": verdict.counted,
        "at_least": threshold.at_least,
        "threshold": threshold.code,
        "reason": {"zh": verdict.reason[0], "en": verdict.reason[1]},
        "source": threshold.source,
        "rule_pack_id": pack_id and str(pack_id),
    }
