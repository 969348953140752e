"""Elections: enter the vote, and the superior's answer, from which the posts begin."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.posts import errors, queries, rules
from app.posts.commands import checking, holding, terms
from app.posts.models import Ballot, Candidate, Election, NomineeReview, Term
from app.posts.queries import Body, Person
from app.posts.rules import ElectionKind, ElectionState, Outcome, Pack, PostEndReason, PostRole, Wrong
from app.posts.schemas import (
    BallotGiven,
    ElectionAnswered,
    ElectionConfirm,
    ElectionHeld,
    ElectionRecord,
    ElectionRefuse,
)

_DECIDE = Permission.MEMBER_DECIDE


async def reelect(work: Work, body_id: UUID, record: ElectionRecord) -> UUID:
    """换届: an election that opens the next term of a body in the caller's scope."""
    await checking.body(work, body_id, _DECIDE)
    return await _entered(work, body_id, record)


async def by_elect(work: Work, body_id: UUID, record: ElectionRecord) -> UUID:
    """补选: an election within the term that runs."""
    await checking.body(work, body_id, _DECIDE)
    return await _entered(work, body_id, record, opens_term=False)


async def record_election(work: Work, body_id: UUID, record: ElectionRecord) -> UUID:
    """Enter an election of a body, for a caller who may decide about it; with every reason against it.

    The term opens and the posts begin when the superior consents: `record.confirmation`, or `confirm`
    later. Raises `PostInvalid`, `ElectionPending`, `StoodTwice`, and what `confirm` raises."""
    await checking.see(work, body_id)
    return await _entered(work, body_id, record)


async def _entered(work: Work, body_id: UUID, record: ElectionRecord, *, opens_term: bool = True) -> UUID:
    """The same, in the sight that the caller has."""
    body = await checking.body(work, body_id, None)
    pack = await checking.pack(work, body, record.held_on)
    running = await queries.running_term(work, body_id)
    wrongs = rules.wrong_with_body(body.kind, body.formation, active=body.active, elects=True)
    wrongs += await _wrong_with_time(work, body, record, running, pack, opens_term=opens_term)
    people = await queries.people(work, _standing(record), body_id, record.held_on)
    await _enter_reviews(work, body, record, people)
    wrongs += await _wrong_with_ballots(work, body, record, people, pack)
    checking.refuse(wrongs)
    election = Election(
        id=uuid7(),
        party_organization_id=body.id,
        division_code=body.division_code,
        opens_term=opens_term,
        term_id=None if opens_term or running is None else running.id,
        number=(record.number or (await queries.last_number(work, body_id) or 0) + 1) if opens_term else None,
        held_on=record.held_on,
        congress_id=record.congress_id,
        roll_document=record.roll_document,
        early_document=record.early.document if record.early else None,
        early_approved_by=record.early.approved_by if record.early else None,
        document=record.document,
        state=ElectionState.PENDING,
        rule_pack_id=pack.id,
    )
    work.session.add(election)
    await work.session.flush()
    count = 0
    for given in record.ballots:
        count += await _enter_ballot(work, election, given, people, pack)
    if count == 0:
        election.state = ElectionState.SETTLED
    await work.session.flush()
    work.announce(
        ElectionHeld(
            subject=body.id,
            division_code=body.division_code,
            election_id=election.id,
            opens_term=opens_term,
            held_on=record.held_on,
            elected=count,
        )
    )
    if record.confirmation is not None and count:
        await _confirm(work, election, record.confirmation, pointer="/confirmation")
    return election.id


def _standing(record: ElectionRecord) -> set[UUID]:
    return {candidate.member_id for ballot in record.ballots for candidate in ballot.candidates}


async def _wrong_with_time(
    work: Work, body: Body, record: ElectionRecord, running: Term | None, pack: Pack, *, opens_term: bool
) -> list[Wrong]:
    """What is wrong with the day, the term it opens or falls into, the congress and the superiors named."""
    wrongs = []
    if record.held_on > work.today:
        wrongs.append(Wrong("/held_on", "in_future", checking.FUTURE))
    if record.held_on < body.founded_on:
        words = ("早于党组织的成立日期", "lies before the body was founded")
        wrongs.append(Wrong("/held_on", "before_foundation", words))
    since = running.valid.lower if running else None
    if opens_term:
        wrongs += rules.wrong_with_renewal(
            since,
            running.regular_end_on if running else None,
            record.held_on,
            pack.shift_months,
            early_approved=record.early is not None,
        )
    elif since is None or record.held_on < since:
        words = ("当日没有在任的届次, 请先登记任期或换届", "no term ran that day: enter it, or re-elect")
        wrongs.append(Wrong("/held_on", "no_term", words))
    by_congress = any(ballot.kind is ElectionKind.CONGRESS for ballot in record.ballots)
    if by_congress != (record.congress_id is not None):
        words = (
            "由党员代表大会选举的须给出 congress_id, 否则不给",
            "give it where a congress voted, only there",
        )
        wrongs.append(Wrong("/congress_id", "congress_expected", words))
    elif record.congress_id and not await queries.is_congress_of(work, record.congress_id, body.id):
        words = ("没有登记该党组织的这次代表大会", "this body has no such congress on record")
        wrongs.append(Wrong("/congress_id", "no_such_congress", words))
    named = []
    if record.early is not None:
        named.append(("/early/approved_by", record.early.approved_by))
    if record.confirmation is not None:
        named.append(("/confirmation/decided_by", record.confirmation.decided_by))
    return wrongs + await checking.wrong_with_superiors(work, body.id, named, record.held_on)


async def _enter_reviews(
    work: Work, body: Body, record: ElectionRecord, people: Mapping[UUID, Person]
) -> None:
    """Enter the reviews that come with the candidates."""
    for ballot in record.ballots:
        for candidate in ballot.candidates:
            if candidate.review is not None and candidate.member_id in people:
                work.session.add(
                    NomineeReview(
                        id=uuid7(),
                        party_organization_id=body.id,
                        division_code=body.division_code,
                        member_id=candidate.member_id,
                        name_mask=people[candidate.member_id].name_mask,
                        role=ballot.role,
                        reviewed_on=candidate.review.reviewed_on,
                        opinion=candidate.review.opinion,
                        document=candidate.review.document,
                    )
                )
    await work.session.flush()


async def _wrong_with_ballots(
    work: Work, body: Body, record: ElectionRecord, people: Mapping[UUID, Person], pack: Pack
) -> list[Wrong]:
    entitled = None
    if record.roll_document is None:
        entitled = await queries.entitled(work, body.id, record.held_on)
    reviewed = await queries.reviewed(work, list(people), body.id, record.held_on, pack.review_months)
    wrongs = []
    for number, given in enumerate(record.ballots):
        pointer = f"/ballots/{number}"
        votes = _votes(given)
        # Delegates and the committee are counted among themselves: the ledger's roll is that of all members.
        roll = entitled if given.kind is ElectionKind.ASSEMBLY else None
        wrongs += rules.wrong_with_turnout(votes, roll, pack, pointer)
        wrongs += rules.wrong_with_ballot(votes, pack, pointer)
        for place, candidate in enumerate(given.candidates):
            person = people.get(candidate.member_id)
            standing = None
            if person is not None:
                standing = person.standing(
                    candidate.member_id,
                    inside=record.roll_document is not None,
                    reviewed=reviewed.get((candidate.member_id, given.role), False),
                )
            wrongs += rules.wrong_with_standing(standing, given.role, pack, f"{pointer}/candidates/{place}")
    return wrongs


def _votes(given: BallotGiven) -> rules.Ballot:
    votes = tuple(candidate.votes for candidate in given.candidates)
    return rules.Ballot(given.role, given.kind, given.due, given.present, given.seats, votes)


async def _enter_ballot(
    work: Work,
    election: Election,
    given: BallotGiven,
    people: Mapping[UUID, Person],
    pack: Pack,
) -> int:
    """Store a ballot with those who stood; how many are elected."""
    entitled = None
    if given.kind is ElectionKind.ASSEMBLY:
        entitled = await queries.entitled(work, election.party_organization_id, election.held_on)
    ballot = Ballot(
        id=uuid7(),
        election_id=election.id,
        role=given.role,
        kind=given.kind,
        seats=given.seats,
        due=given.due,
        present=given.present,
        entitled=entitled,
        confirmation=pack.confirmations[given.role],
    )
    work.session.add(ballot)
    await work.session.flush()
    chosen = rules.elected(_votes(given), pack.elected_over)
    for place, candidate in enumerate(given.candidates):
        work.session.add(
            Candidate(
                id=uuid7(),
                election_id=election.id,
                ballot_id=ballot.id,
                party_organization_id=election.party_organization_id,
                division_code=election.division_code,
                member_id=candidate.member_id,
                name_mask=people[candidate.member_id].name_mask,
                votes=candidate.votes,
                outcome=Outcome.PENDING if place in chosen else Outcome.NOT_ELECTED,
            )
        )
    return len(chosen)


# ----------------------------------------------------------------------------------------------- the answer


async def confirm(work: Work, election_id: UUID, given: ElectionConfirm) -> None:
    """The superior files or approves, as each post asks: the posts begin, those of the term before end."""
    election = await _pending(work, election_id)
    await _confirm(work, election, given, pointer="")


async def refuse_result(work: Work, election_id: UUID, given: ElectionRefuse) -> None:
    """The superior does not consent; when nobody is left to answer for, the election is settled."""
    election = await _pending(work, election_id)
    on, chosen = await _answered(work, election, given, pointer="")
    for candidate in chosen:
        candidate.outcome = Outcome.REFUSED
        candidate.decided_on, candidate.decision_document = on, given.document
        candidate.decided_by = given.decided_by
    await work.session.flush()
    await _settle(work, election, on, refused=len(chosen))


async def _pending(work: Work, election_id: UUID) -> Election:
    election = await queries.election_for_update(work, election_id, _DECIDE)
    work.expect(election)
    if election.state != ElectionState.PENDING:
        raise errors.ElectionIsSettled
    await checking.body(work, election.party_organization_id, None)
    return election


async def _answered(
    work: Work, election: Election, given: ElectionConfirm, pointer: str
) -> tuple[date, Sequence[Candidate]]:
    """The day of an answer, and for whom it is."""
    on = checking.day(work, given.on, pointer=f"{pointer}/on")
    wrongs = await checking.wrong_with_superiors(
        work, election.party_organization_id, [(f"{pointer}/decided_by", given.decided_by)], on
    )
    if on < election.held_on:
        words = ("早于选举日期", "lies before the election")
        wrongs.append(Wrong(f"{pointer}/on", "too_early", words))
    waiting = await queries.awaiting(work, election.id)
    asked = set(given.members) if given.members is not None else None
    chosen = [candidate for candidate in waiting if asked is None or candidate.member_id in asked]
    if asked is not None and asked - {candidate.member_id for candidate in chosen}:
        words = ("有人不在待答复的当选人之列", "somebody here is not among those elected who wait")
        wrongs.append(Wrong(f"{pointer}/members", "not_waiting", words))
    checking.refuse(wrongs)
    return on, chosen


async def _confirm(work: Work, election: Election, given: ElectionConfirm, *, pointer: str) -> None:
    on, chosen = await _answered(work, election, given, pointer)
    body = await queries.body(work, election.party_organization_id)
    if election.opens_term and election.term_id is None:
        await _open_term(work, election, body)
    ballots = await queries.ballots(work, election.id)
    for candidate in chosen:
        ballot = ballots[candidate.ballot_id]
        role = PostRole(ballot.role)
        if election.opens_term:
            await _clear_way(work, election, role, candidate.member_id, on)
        candidate.post_id = await holding.begin_elected(work, election, candidate, role, (on, given.document))
        candidate.outcome = Outcome(ballot.confirmation)
        candidate.decided_on, candidate.decision_document = on, given.document
        candidate.decided_by = given.decided_by
    await work.session.flush()
    await _settle(work, election, on, confirmed=len(chosen))


async def _open_term(work: Work, election: Election, body: Body) -> None:
    """The term of a re-election begins with the election, once the superior has consented to any of it."""
    before = await queries.running_term(work, body.id)
    if before is not None:
        await terms.close_term(work, before, election.held_on)
    pack = await checking.pack(work, body, election.held_on)
    term = await terms.open_term(
        work,
        body,
        pack,
        Range(election.held_on),
        number=election.number,
        document=election.document,
        congress_id=election.congress_id,
    )
    election.term_id = term.id
    await work.session.flush()


async def _clear_way(work: Work, election: Election, role: PostRole, member_id: UUID, on: date) -> None:
    """The secretary of the term before, or the same member's own former post, ends as the new one begins."""
    member = None if role is PostRole.SECRETARY else member_id
    for post in await queries.held_posts(work, election.party_organization_id, role=role, member_id=member):
        if post.election_id != election.id:
            await holding.finish(work, post, on, PostEndReason.TERM_OVER)


async def _settle(work: Work, election: Election, on: date, *, confirmed: int = 0, refused: int = 0) -> None:
    """When nobody waits any more the election is settled, and the term before it leaves its posts."""
    if not await queries.awaiting(work, election.id):
        election.state = ElectionState.SETTLED
        await work.session.flush()
        if election.opens_term and election.term_id is not None:
            voted = [PostRole(ballot.role) for ballot in (await queries.ballots(work, election.id)).values()]
            for post in await queries.held_posts(work, election.party_organization_id):
                own = post.election_id == election.id
                if not own and rules.ends_with_renewal(PostRole(post.role), voted):
                    await holding.finish(work, post, on, PostEndReason.TERM_OVER)
    else:
        work.touch(election)
        await work.session.flush()
    work.announce(
        ElectionAnswered(
            subject=election.party_organization_id,
            division_code=election.division_code,
            election_id=election.id,
            confirmed=confirmed,
            refused=refused,
            settled=election.state == ElectionState.SETTLED,
        )
    )
