"""The clock's part: mark what is overdue, count provisional deadlines again, propose what follows.

The calendar proposes, a person issues: a proposal is a draft that names the addressee that did not answer."""

from uuid import UUID

from app.core.access import Permission
from app.core.work import Work
from app.notices import errors, queries, rules
from app.notices.commands import answering, checking, drafting
from app.notices.models import Addressee, Notice
from app.notices.rules import AddresseeState, Ladder, NoticeKind, Rung
from app.notices.schemas import DeadlinesMoved
from app.reference import queries as reference
from app.reference.rules import working_days_between

BATCH = 200


async def mark_overdue(work: Work) -> int:
    """Mark a batch of addressees whose deadline has passed unanswered; how many."""
    found = await queries.past_due(work, BATCH)
    moment = await work.instant() if found else None
    for one in found:
        one.overdue_at = moment
        answering.overdue(work, one)
    await work.session.flush()
    return len(found)


async def recount(work: Work) -> int:
    """Count deadlines again that were provisional, once the calendar of the year is in; how many moved."""
    found = await queries.provisional(work)
    moved = 0
    for one, notice in found:
        assert notice.issued_on is not None  # noqa: S101 (issued)
        due_on, provisional = await checking.due(work, notice, notice.issued_on)
        if due_on is None or (due_on, provisional) == (one.due_on, one.provisional):
            continue
        if due_on != one.due_on:
            moved += 1
            work.announce(
                DeadlinesMoved(subject=notice.id, division_code=notice.division_code, due_on=due_on)
            )
        one.due_on, one.due_at, one.provisional = due_on, checking.at_end_of(due_on), provisional
    await work.session.flush()
    return moved


async def propose(work: Work) -> int:
    """Draft the next notice for each addressee that has been overdue long enough; how many."""
    proposed = 0
    calendar = await checking.calendar(work)
    ladders: dict[str, Ladder] = {}
    for one, notice in await queries.unanswered(work):
        assert one.due_on is not None  # noqa: S101 (overdue)
        if notice.division_code not in ladders:
            ladders[notice.division_code] = await _ladder(work, notice.division_code)
        days = working_days_between(one.due_on, work.today, calendar)
        ladder = ladders[notice.division_code]
        rung = ladder.next_rung(NoticeKind(notice.kind), days)
        if rung is not None:
            await _draft(work, notice, one, rung, pack_id=ladder.id, days=days, drafted_by=None)
            proposed += 1
    return proposed


async def escalate(work: Work, addressee_id: UUID) -> UUID:
    """A person drafts the next notice now, without waiting for the days of the ladder.

    Raises `NothingToEscalate`, `EscalatedAlready`."""
    notice, one = await queries.addressee_for_update(
        work, addressee_id, Permission.NOTICE_DECIDE, as_issuer=True
    )
    if one.overdue_at is None or one.replied_at is not None or one.state not in rules.OWING:
        raise errors.NothingToEscalate
    assert one.due_on is not None  # noqa: S101 (overdue)
    ladder = await _ladder(work, notice.division_code)
    rungs = [rung for rung in ladder.rungs if NoticeKind(notice.kind) in rung.of]
    rung = min(rungs, key=lambda r: r.after_days, default=None)
    if rung is None or notice.recorded:
        raise errors.NothingToEscalate
    days = working_days_between(one.due_on, work.today, await checking.calendar(work))
    return await _draft(work, notice, one, rung, pack_id=ladder.id, days=days, drafted_by=work.actor.id)


async def _ladder(work: Work, division_code: str) -> Ladder:
    pack = await reference.pack_at(work, rules.PACK, division_code, work.today)
    if pack is None:
        raise LookupError(f"no published rule pack `{rules.PACK}`")
    return rules.ladder(pack.id, pack.content)


async def _draft(
    work: Work,
    notice: Notice,
    one: Addressee,
    rung: Rung,
    *,
    pack_id: UUID,
    days: int,
    drafted_by: UUID | None,
) -> UUID:
    label = rules.LABELS[rung.propose]
    number = f"（{notice.number}）" if notice.number else ""
    assert one.due_on is not None  # noqa: S101 (overdue)
    text = (
        f"《{notice.title}》{number}要求于{one.due_on.isoformat()}前答复，截至{work.today.isoformat()}"
        f"已逾期{days}个工作日，尚未收到你单位答复。请自收到本件之日起{rung.answer_days}个工作日内答复。"
    )
    issuer = drafting.Issuer(
        notice.party_organization_id,
        notice.authority_id,
        notice.division_code,
        notice.issuer_name,
        notice.sign_id,
    )
    graver = drafting.new_notice(
        issuer,
        kind=rung.propose,
        title=f"关于逾期未答复事项的{label}",
        paragraphs=[{"level": 0, "text": text}],
        reply_required=True,
        answer_days=rung.answer_days,
        previous_id=notice.id,
        escalates_id=one.id,
        proposed=drafted_by is None,
        drafted_by=drafted_by,
        rule_pack_id=pack_id,
    )
    again = Addressee(
        kind=one.kind,
        party_organization_id=one.party_organization_id,
        organization_id=one.organization_id,
        authority_id=one.authority_id,
        party_post_id=one.party_post_id,
        user_id=one.user_id,
        name=one.name,
        division_code=one.division_code,
        body_id=one.body_id,
        state=AddresseeState.DRAFT,
        round=1,
        provisional=False,
    )
    await drafting.keep(work, graver, [again])
    return graver.id
