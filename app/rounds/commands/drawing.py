"""Draw the reviewers, and give a place to somebody else: late, in conflict, or unable."""

import secrets
from collections import Counter
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import update

from app.core.access import Permission
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.rounds import errors, queries, rules
from app.rounds.commands import checking
from app.rounds.models import Application, Interest, Review, Round
from app.rounds.rules import ApplicationState, ReplacedFor, ReviewState, RoundPhase
from app.rounds.schemas import (
    InterestDeclare,
    InterestDeclared,
    ReviewersDrawn,
    ReviewReplace,
    ReviewReplaced,
    RoundDraw,
)

_DECIDE = Permission.ROUND_DECIDE


async def draw(work: Work, round_id: UUID, given: RoundDraw) -> None:
    """Freeze the sheets and draw who reviews each; drafts lapse. Seed, pool and who was barred are kept."""
    held = await queries.round_for_update(work, round_id, _DECIDE)
    work.expect(held)
    checking.in_phase(held, RoundPhase.APPLYING)
    sheets = await queries.sheets_of(work, held.id)
    drafts = [each for each in sheets if each.state in {ApplicationState.DRAFT, ApplicationState.CULTIVATING}]
    if work.today <= held.self_score_until and drafts and given.early_reason is None:
        words = (
            "自评期未满且有未提交的申报, 请说明理由",
            "some are not handed in and still have time: say why",
        )
        checking.refuse(Fault("/early_reason", "missing", words))
    frozen = [each.id for each in sheets if each.state == ApplicationState.SUBMITTED]
    if not frozen:
        raise errors.ReviewersLacking(reasons=[{"code": "no_sheets", "message": ("没有申报", "no sheets")}])
    seed = given.seed or secrets.token_hex(16)
    pool = await queries.pool(work, held)
    barred = await queries.barred(work, frozen, pool)
    drawn = rules.draw(seed, frozen, pool, barred.keys(), held.reviewers)
    if drawn.lacking:
        raise errors.ReviewersLacking(
            reasons=[
                {"code": "reviewers_lacking", "application_id": str(sheet), "lacking": lacking}
                for sheet, lacking in drawn.lacking.items()
            ]
        )
    for ids, state in ((frozen, ApplicationState.FROZEN), ([d.id for d in drafts], ApplicationState.LAPSED)):
        await work.execute(
            update(Application)
            .where(Application.id.in_(ids))
            .values(state=state, version=Application.version + 1)
            .execution_options(synchronize_session=False)
        )
    work.session.add_all(
        _seat(held, sheet, reviewer, place, held.review_until)
        for sheet, reviewers in drawn.places.items()
        for place, reviewer in enumerate(reviewers, 1)
    )
    held.state, held.seed, held.drawn_at = RoundPhase.REVIEWING, seed, work.now
    held.draw = {
        "pool": [str(each) for each in pool],
        "barred": [
            {"application": str(sheet), "reviewer": str(who), "why": why}
            for (sheet, who), why in barred.items()
        ],
    }
    await work.session.flush()
    work.announce(
        ReviewersDrawn(
            subject=held.id,
            division_code=held.division_code,
            seed=seed,
            sheets=len(frozen),
            lapsed=len(drafts),
            early_reason=given.early_reason,
        )
    )


def _seat(held: Round, sheet: UUID, reviewer: UUID, place: int, due_on: date) -> Review:
    return Review(
        id=uuid7(),
        round_id=held.id,
        application_id=sheet,
        reviewer_id=reviewer,
        place=place,
        state=ReviewState.ASSIGNED,
        due_on=due_on,
    )


async def replace(work: Work, review_id: UUID, given: ReviewReplace) -> UUID:
    """The chair gives a place to the next one of the draw. The id of the application."""
    round_id, application_id = await queries.review_place(work, review_id, queries.review_decided(work))
    held = await queries.round_of(work, round_id, share=False)
    row = await queries.review_for_update(work, review_id)
    work.expect(row)
    checking.in_phase(held, RoundPhase.REVIEWING)
    if row.state == ReviewState.SUBMITTED:
        raise errors.ReviewedAlready
    if given.reason is ReplacedFor.LATE and row.state == ReviewState.ASSIGNED and work.today <= row.due_on:
        raise errors.ReviewerNotLate
    due_on = given.due_on or max(held.review_until, work.today)
    if due_on < work.today:
        checking.refuse(Fault("/due_on", "too_early", ("不能早于今天", "must not be in the past")))
    filled = await _pass_on(work, held, [row], (given.reason, given.note), due_on)
    if not filled:
        raise errors.ReviewersLacking(
            reasons=[{"code": "reviewers_lacking", "application_id": str(application_id), "lacking": 1}]
        )
    return application_id


async def declare(work: Work, given: InterestDeclare) -> UUID:
    """A reviewer says whom they may not judge; sheets of theirs that it touches go to somebody else."""
    named = (given.organization_id, given.party_organization_id, given.authority_id)
    if sum(each is not None for each in named) != 1:
        words = ("三者选一", "name one of the three")
        checking.refuse(Fault("/organization_id", "one_subject", words))
    if not await queries.exists(work, *named):
        words = ("没有这个组织或单位", "there is no such organization, body or authority")
        checking.refuse(Fault("", "subject_unknown", words))
    row = Interest(id=uuid7(), user_id=work.actor.id, declared_by=work.actor.id, **given.model_dump())
    work.session.add(row)
    await work.session.flush()
    replaced = 0
    for round_id in await queries.rounds_of_reviewer(work, work.actor.id):
        held = await queries.round_of(work, round_id, share=False)
        waiting = await queries.waiting_seats(work, held.id, work.actor.id)
        barred = await queries.barred(work, [each.application_id for each in waiting], [work.actor.id])
        touched = [each for each in waiting if (each.application_id, work.actor.id) in barred]
        if touched and held.state == RoundPhase.REVIEWING:
            await _pass_on(work, held, touched, (ReplacedFor.CONFLICT, given.reason), None)
            replaced += len(touched)
    work.announce(InterestDeclared(subject=work.actor.id, kind=given.kind, replaced=replaced))
    return row.id


async def _pass_on(
    work: Work, held: Round, rows: Iterable[Review], why: tuple[ReplacedFor, str], due_on: date | None
) -> int:
    """End places and give each to the next one of the draw; how many found somebody."""
    rows, (reason, note) = list(rows), why
    assert held.seed is not None  # noqa: S101 (a constraint of reviewing rounds)
    seats = await queries.seats(work, held.id)
    pool = await queries.pool(work, held)
    touched = [row.application_id for row in rows]
    barred = {*await queries.barred(work, touched, pool)}
    barred |= {(each.application_id, each.reviewer_id) for each in seats}
    load = Counter(each.reviewer_id for each in seats if each.state != ReviewState.REPLACED)
    filled = 0
    for row in rows:
        if row.state == ReviewState.ASSIGNED:
            row.state, row.replaced_for, row.replaced_note = ReviewState.REPLACED, reason, note
            await work.session.flush()
        who = rules.next_one(held.seed, row.application_id, pool, barred, load)
        if who is not None:
            made = _seat(held, row.application_id, who, row.place, due_on or row.due_on)
            work.session.add(made)
            await work.session.flush()
            barred.add((row.application_id, who))
            load[who] += 1
            filled += 1
        work.announce(
            ReviewReplaced(
                subject=row.application_id,
                division_code=held.division_code,
                round_id=held.id,
                place=row.place,
                reason=reason,
                filled=who is not None,
            )
        )
    return filled
