"""Hand in a review, once and for good; rule as the chair."""

from collections.abc import Sequence
from uuid import UUID

from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.rounds import errors, queries
from app.rounds.commands import checking, standards
from app.rounds.models import Application, Mark, Review, Ruling
from app.rounds.rules import ReviewState, RoundPhase
from app.rounds.schemas import ReviewHandedIn, ReviewSubmit, RulingGive, RulingGiven, Rulings
from app.scoring import rules as scoring


async def submit(work: Work, review_id: UUID, given: ReviewSubmit) -> None:
    """All marks of a sheet, complete, with a reason for each deduction."""
    round_id, application_id = await queries.review_place(
        work, review_id, Review.reviewer_id == work.actor.id
    )
    held = await queries.round_of(work, round_id)
    row = await queries.review_for_update(work, review_id)
    work.expect(row)
    checking.in_phase(held, RoundPhase.REVIEWING)
    if row.state != ReviewState.ASSIGNED:
        raise errors.ReviewedAlready
    if work.today > row.due_on:
        raise errors.PhaseIsOver
    if await queries.barred(work, [application_id], [work.actor.id]):
        raise errors.ConflictOfInterest
    standard = (await standards.of_round(work, held)).standard
    marks = [checking.mark_of(each) for each in given.marks]
    checking.check_marks(standard, marks, "/marks", complete=True)
    work.session.add_all(
        Mark(
            id=uuid7(),
            review_id=row.id,
            indicator=mark.indicator,
            answer=checking.answer_of(mark),
            reason=mark.reason,
        )
        for mark in marks
    )
    row.state, row.submitted_at, row.note = ReviewState.SUBMITTED, work.now, given.note
    await work.session.flush()
    work.announce(
        ReviewHandedIn(
            subject=application_id, division_code=held.division_code, round_id=held.id, place=row.place
        )
    )


async def rule(work: Work, application_id: UUID, given: Rulings) -> None:
    """The chair's marks in the place of the reviewers', before the review is closed."""
    round_id = await queries.round_decided_of(work, application_id)
    held = await queries.round_of(work, round_id)
    row = await queries.application_for_update(work, application_id)
    work.expect(row)
    checking.in_phase(held, RoundPhase.REVIEWING)
    standard = (await standards.of_round(work, held)).standard
    await keep(work, row, standard, given.rulings, None)


async def keep(
    work: Work,
    row: Application,
    standard: scoring.Standard,
    rulings: Sequence[RulingGive],
    objection_id: UUID | None,
) -> None:
    """Check and keep rulings on a sheet, and say so."""
    marks = [checking.mark_of(each) for each in rulings if each.adjustment is None]
    checking.check_marks(standard, marks, "/rulings")
    granted = {each.code: each.indicator for each in standard.adjustments}
    for index, each in enumerate(rulings):
        if each.adjustment is not None and granted.get(each.adjustment) != each.indicator:
            words = ("该指标没有此项调整", "the standard grants no such circumstance for it")
            checking.refuse(Fault(f"/rulings/{index}/adjustment", "unknown_adjustment", words))
    work.session.add_all(
        Ruling(
            id=uuid7(),
            application_id=row.id,
            indicator=each.indicator,
            answer=checking.answer_of(checking.mark_of(each)) if each.adjustment is None else None,
            adjustment=each.adjustment,
            reason=each.reason,
            objection_id=objection_id,
            ruled_by=work.actor.id,
        )
        for each in rulings
    )
    work.touch(row)
    await work.session.flush()
    work.announce(
        RulingGiven(
            subject=row.id,
            division_code=row.division_code,
            round_id=row.round_id,
            indicators=[each.indicator for each in rulings],
        )
    )
