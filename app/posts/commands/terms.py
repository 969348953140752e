"""Terms (届) and congresses: enter, extend, open and close them, and remind before they are over."""

from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.posts import errors, queries, rules
from app.posts.commands import checking
from app.posts.models import Congress, Term, TermReminder
from app.posts.queries import Body
from app.posts.rules import CongressGround, Pack, Wrong
from app.posts.schemas import (
    CongressHeld,
    CongressRecord,
    TermClosed,
    TermEnding,
    TermExtend,
    TermExtended,
    TermOpened,
    TermRecord,
)

_DECIDE = Permission.PARTY_ORGANIZATION_DECIDE
BATCH = 500


async def record_term(work: Work, body_id: UUID, given: TermRecord) -> UUID:
    """Enter a term that runs already or ran once; its end follows from the pack. Raises `TermTaken`."""
    body = await checking.body(work, body_id, _DECIDE)
    wrongs = rules.wrong_with_body(body.kind, body.formation, active=body.active, elects=True)
    if given.from_on > work.today:
        wrongs.append(Wrong("/from_on", "in_future", checking.FUTURE))
    if given.from_on < body.founded_on:
        words = ("早于党组织的成立日期", "lies before the body was founded")
        wrongs.append(Wrong("/from_on", "before_foundation", words))
    if given.until_on is not None and not given.from_on < given.until_on <= work.today:
        words = ("须晚于开始日期且不晚于今天", "must lie after the first day and not in the future")
        wrongs.append(Wrong("/until_on", "empty_period", words))
    checking.refuse(wrongs)
    pack = await checking.pack(work, body, given.from_on)
    term = await open_term(
        work, body, pack, Range(given.from_on, given.until_on), number=given.number, document=given.document
    )
    return term.id


async def open_term(
    work: Work,
    body: Body,
    pack: Pack,
    valid: Range[date],
    *,
    number: int | None,
    document: str,
    congress_id: UUID | None = None,
) -> Term:
    """Begin a term; it stays on the pack it began under."""
    since = valid.lower
    assert since is not None  # noqa: S101 (every caller gives it)
    years = pack.years(body.kind, body.level)
    if years is None:
        raise LookupError(f"no term of office for a {body.kind} in rule pack {pack.id}")
    end = rules.term_end(since, years)
    term = Term(
        id=uuid7(),
        party_organization_id=body.id,
        division_code=body.division_code,
        number=number,
        valid=valid,
        years=years,
        regular_end_on=end,
        ends_on=end,
        congress_id=congress_id,
        document=document,
        remind_months=list(pack.remind_months),
        rule_pack_id=pack.id,
    )
    work.session.add(term)
    await work.session.flush()
    work.announce(
        TermOpened(
            subject=body.id,
            division_code=body.division_code,
            term_id=term.id,
            number=number,
            from_on=since,
            ends_on=end,
        )
    )
    return term


async def close_term(work: Work, term: Term, on: date) -> None:
    """End a term on a day, never before its second."""
    since = term.valid.lower
    assert since is not None  # noqa: S101 (a check constraint)
    term.valid = Range(since, max(on, date.fromordinal(since.toordinal() + 1)))
    await work.session.flush()
    work.announce(
        TermClosed(
            subject=term.party_organization_id, division_code=term.division_code, term_id=term.id, on=on
        )
    )


async def extend(work: Work, term_id: UUID, given: TermExtend) -> None:
    """延期换届, with the superior's approval (选举工作条例 art. 3). Raises `TermIsOver`."""
    term = await queries.term_for_update(work, term_id, _DECIDE)
    work.expect(term)
    if term.valid.upper is not None:
        raise errors.TermIsOver
    body = await queries.body(work, term.party_organization_id)
    pack = await checking.pack(work, body, term.valid.lower or work.today)
    wrongs = rules.wrong_with_extension(term.regular_end_on, term.ends_on, given.until_on, pack.shift_months)
    wrongs += await checking.wrong_with_superiors(
        work, body.id, [("/approved_by", given.approved_by)], work.today
    )
    checking.refuse(wrongs)
    term.ends_on, term.extension_document = given.until_on, given.document
    term.extension_approved_by = given.approved_by
    await work.session.flush()
    work.announce(
        TermExtended(subject=body.id, division_code=body.division_code, term_id=term.id, ends_on=term.ends_on)
    )


async def record_congress(work: Work, body_id: UUID, given: CongressRecord) -> UUID:
    """Enter a congress of delegates (art. 4): 500 members or more, or members far apart; with approval.

    Raises `CongressTwice`."""
    await checking.see(work, body_id)
    body = await checking.body(work, body_id, _DECIDE)
    pack = await checking.pack(work, body, given.held_on)
    wrongs = rules.wrong_with_body(body.kind, body.formation, active=body.active, elects=True)
    if given.held_on > work.today:
        wrongs.append(Wrong("/held_on", "in_future", checking.FUTURE))
    count = await queries.member_count(work, body_id, given.held_on)
    if given.ground is CongressGround.SIZE and count < pack.congress_at_least:
        words = (
            f"名册中党员为{count}名, 不足{pack.congress_at_least}名; 驻地分散的请注明",
            f"the ledger knows {count} members, fewer than {pack.congress_at_least}; or are they dispersed?",
        )
        wrongs.append(Wrong("/ground", "too_few_members", words))
    wrongs += await checking.wrong_with_superiors(
        work, body_id, [("/approved_by", given.approved_by)], given.held_on
    )
    checking.refuse(wrongs)
    congress = Congress(
        id=uuid7(),
        party_organization_id=body.id,
        division_code=body.division_code,
        number=given.number,
        held_on=given.held_on,
        ground=given.ground,
        member_count=count,
        delegates=given.delegates,
        document=given.document,
        approved_by=given.approved_by,
        rule_pack_id=pack.id,
    )
    work.session.add(congress)
    await work.session.flush()
    work.announce(
        CongressHeld(
            subject=body.id,
            division_code=body.division_code,
            congress_id=congress.id,
            number=given.number,
            ground=given.ground,
            held_on=given.held_on,
        )
    )
    return congress.id


async def remind(work: Work) -> int:
    """Raise `term.ending` once for each threshold that a running term has reached: six, three and one month
    before its end, and when it is over. A term that is entered late reminds of the narrowest only."""
    raised = 0
    while True:
        found = await queries.to_remind(work, BATCH)
        for term, months in found:
            work.session.add(
                TermReminder(
                    id=uuid7(), term_id=term.id, months=months, ends_on=term.ends_on, raised_on=work.today
                )
            )
            work.announce(
                TermEnding(
                    subject=term.party_organization_id,
                    division_code=term.division_code,
                    term_id=term.id,
                    months=months,
                    ends_on=term.ends_on,
                )
            )
        await work.session.flush()
        raised += len(found)
        if len(found) < BATCH:
            return raised
