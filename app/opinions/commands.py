"""Put matters forward, give opinions, record outcomes; rights to attend, and what came of them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from fastapi import Response
from sqlalchemy.dialects.postgresql import Range

from app.core import reads
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.fields import Bilingual
from app.core.work import Work
from app.opinions import errors, queries
from app.opinions.models import AttendanceRight, Consultation, Matter
from app.opinions.rules import MATTER_WORDS, OF_MONEY, Contact, MatterKind, MatterState, Opinion, Outcome
from app.opinions.schemas import (
    AttendanceRightChanged,
    AttendanceRightEnd,
    AttendanceRightGrant,
    ConsultationCreate,
    ConsultationRecorded,
    MatterCount,
    MatterCounts,
    MatterCountsQuery,
    MatterCreate,
    MatterMoved,
    OpinionGive,
    OutcomeRecord,
)

DEFINITION = Bilingual(
    zh="决定前党组织已提出意见的事项数 ÷ 已决定的事项数 (撤回的不计)",
    en="Matters on which the Party organization gave its opinion before the decision, of those decided"
    " (withdrawn ones aside)",
)


def _refuse(pointer: str, code: str, zh: str, en: str) -> None:
    raise errors.OpinionInvalid(errors=[Fault(pointer, code, (zh, en))])


def _day(work: Work, given: date | None, pointer: str = "/on", *, since: date | None = None) -> date:
    on = given or work.today
    if on > work.today:
        _refuse(pointer, "in_future", "不能晚于今天", "lies in the future")
    if since is not None and on < since:
        _refuse(pointer, "too_early", f"不能早于{since}", f"cannot be earlier than {since}")
    return on


async def _between(work: Work, organization_id: UUID, body_id: UUID) -> str:
    """The division of a body in scope, of an organization that it has to do with."""
    division = await queries.body_division(work, body_id)
    if not await queries.is_known(work, organization_id, body_id):
        zh = "没有这个社会组织, 或不在您的范围内"
        _refuse("/organization_id", "no_such_organization", zh, "there is no such organization in your scope")
    return division


async def put_forward(work: Work, plan: MatterCreate) -> UUID:
    """Put a matter to the Party organization. Raises `OpinionBodyNotFound`, `OpinionInvalid`."""
    division = await _between(work, plan.organization_id, plan.party_organization_id)
    if plan.kind in OF_MONEY and plan.amount is None:
        _refuse("/amount", "amount_required", "此类事项须填金额", "this kind of matter has an amount")
    if plan.amount is not None and plan.amount <= 0:
        _refuse("/amount", "amount", "金额须大于0", "is more than nothing")
    matter = Matter(
        id=uuid7(),
        organization_id=plan.organization_id,
        party_organization_id=plan.party_organization_id,
        division_code=division,
        kind=plan.kind,
        subject=plan.subject,
        amount=plan.amount,
        asked_on=_day(work, plan.asked_on, "/asked_on"),
        state=MatterState.PENDING,
    )
    work.session.add(matter)
    await work.session.flush()
    _tell(work, matter)
    return matter.id


async def give_opinion(work: Work, matter_id: UUID, given: OpinionGive) -> None:
    """Give the prior opinion, before the organization decides. Raises `MatterBlocked`."""
    matter = await queries.matter_for_update(work, matter_id)
    work.expect(matter)
    if matter.state != MatterState.PENDING:
        raise errors.MatterBlocked
    if given.opinion is not Opinion.AGREE and given.text is None:
        _refuse("/text", "text_required", "请写明建议或反对的意见", "say what is suggested or objected to")
    matter.opinion_on = _day(work, given.on, since=matter.asked_on)
    matter.opinion, matter.opinion_text = given.opinion, given.text
    matter.opinion_document, matter.state = given.document, MatterState.ANSWERED
    await work.session.flush()
    _tell(work, matter)


async def record_outcome(work: Work, matter_id: UUID, given: OutcomeRecord) -> None:
    """Record the decision; without an opinion before it, there is none. Raises `MatterBlocked`."""
    matter = await queries.matter_for_update(work, matter_id)
    work.expect(matter)
    if matter.state == MatterState.DECIDED:
        raise errors.MatterBlocked
    if matter.opinion is None and given.outcome in {Outcome.ADOPTED, Outcome.PARTLY_ADOPTED}:
        zh = "没有意见可采纳, 请先登记党组织的意见"
        _refuse("/outcome", "no_opinion", zh, "there is no opinion to adopt: record it first")
    matter.decided_on = _day(work, given.on, since=matter.opinion_on or matter.asked_on)
    matter.outcome, matter.decision_document = given.outcome, given.document
    matter.state = MatterState.DECIDED
    await work.session.flush()
    _tell(work, matter)


def _tell(work: Work, matter: Matter) -> None:
    work.announce(
        MatterMoved(
            subject=matter.id,
            division_code=matter.division_code,
            organization_id=matter.organization_id,
            party_organization_id=matter.party_organization_id,
            kind=MatterKind(matter.kind),
            state=MatterState(matter.state),
            opinion=Opinion(matter.opinion) if matter.opinion else None,
            outcome=Outcome(matter.outcome) if matter.outcome else None,
        )
    )


async def count(work: Work, query: MatterCountsQuery) -> Response:
    """The share of decided matters with a prior opinion: over all, then by kind."""
    rows = {
        kind: (given, decided, adopted)
        for kind, given, decided, adopted in await queries.counted(work, query)
    }
    whole = [sum(row[n] for row in rows.values()) for n in range(3)]
    by_kind = [_count(kind, MATTER_WORDS[kind], rows.get(kind, (0, 0, 0))) for kind in MatterKind]
    counts = [_count(None, ("五类事项", "All five kinds"), whole), *by_kind]
    return await reads.derived(work, MatterCounts(definition=DEFINITION, counts=counts))


def _count(kind: MatterKind | None, words: tuple[str, str], found: Iterable[int]) -> MatterCount:
    given, decided, adopted = found
    share = Decimal(given) * 100 / decided if decided else None
    return MatterCount(
        kind=kind,
        label=Bilingual(zh=words[0], en=words[1]),
        numerator=given,
        denominator=decided,
        percent=None if share is None else str(share.quantize(Decimal("0.01"), "ROUND_HALF_UP")),
        adopted=adopted,
    )


async def grant_right(work: Work, plan: AttendanceRightGrant) -> UUID:
    """Record a post's standing right to attend. Raises `RightTwice`."""
    division = await _between(work, plan.organization_id, plan.party_organization_id)
    since = _day(work, plan.from_on, "/from_on")
    right = AttendanceRight(
        id=uuid7(),
        organization_id=plan.organization_id,
        party_organization_id=plan.party_organization_id,
        division_code=division,
        role=plan.role,
        council=plan.council,
        document=plan.document,
        valid=Range(since),
    )
    work.session.add(right)
    await work.session.flush()
    _tell_right(work, right, since, begun=True)
    return right.id


async def end_right(work: Work, right_id: UUID, order: AttendanceRightEnd) -> None:
    """End a right on a day after the one it began on. Raises `RightIsOver`."""
    right = await queries.right_for_update(work, right_id)
    work.expect(right)
    if right.valid.upper is not None:
        raise errors.RightIsOver
    on = _day(work, order.on)
    if right.valid.lower is not None and on <= right.valid.lower:
        _refuse("/on", "too_early", "须晚于开始日期", "must be later than its first day")
    right.valid = Range(right.valid.lower, on)
    await work.session.flush()
    _tell_right(work, right, on, begun=False)


def _tell_right(work: Work, right: AttendanceRight, on: date, *, begun: bool) -> None:
    work.announce(
        AttendanceRightChanged(
            subject=right.id,
            division_code=right.division_code,
            organization_id=right.organization_id,
            party_organization_id=right.party_organization_id,
            begun=begun,
            on=on,
        )
    )


async def record_consultation(work: Work, plan: ConsultationCreate) -> UUID:
    """Record a meeting attended under a right that ran that day, or a talk. Raises `OpinionInvalid`."""
    division = await _between(work, plan.organization_id, plan.party_organization_id)
    row = Consultation(
        id=uuid7(),
        organization_id=plan.organization_id,
        party_organization_id=plan.party_organization_id,
        division_code=division,
        kind=plan.kind,
        right_id=plan.right_id,
        held_on=_day(work, plan.held_on, "/held_on"),
        subject=plan.subject,
        result=plan.result,
        document=plan.document,
    )
    if (plan.kind is Contact.ATTENDANCE) != (plan.right_id is not None):
        en = "an attendance names its right, a consultation has none"
        _refuse("/right_id", "right", "列席须指明列席权, 沟通协商不填", en)
    if plan.right_id is not None and not await queries.right_held(work, plan.right_id, row, plan.held_on):
        zh = "当日没有这项列席权"
        _refuse("/right_id", "no_such_right", zh, "there was no such right between the two that day")
    work.session.add(row)
    await work.session.flush()
    work.announce(
        ConsultationRecorded(
            subject=row.id,
            division_code=division,
            organization_id=row.organization_id,
            party_organization_id=row.party_organization_id,
            kind=plan.kind,
            held_on=row.held_on,
        )
    )
    return row.id
