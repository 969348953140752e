"""Close the review: every sheet derived, all ranked, in one transaction; answer objections; decide.

A sheet's marks are taken by place, never by reviewer: no result knows a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core.access import Permission
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.reference import queries as reference
from app.reference.rules import add_working_days
from app.rounds import errors, formats, queries, rules
from app.rounds.commands import checking, reviewing, standards
from app.rounds.formats import Sheet
from app.rounds.models import Objection, Result, Round
from app.rounds.rules import ObjectionState, RoundPhase, RoundTieRule, Standing
from app.rounds.schemas import (
    Objected,
    ObjectionAnswer,
    ObjectionAnswered,
    ObjectionRaised,
    ReviewClosed,
    RoundDecided,
)
from app.scoring import rules as scoring

Figures = Mapping[str, scoring.Computed]
_DECIDE, _RECORD, _APPROVE = Permission.ROUND_DECIDE, Permission.ROUND_RECORD, Permission.ROUND_APPROVE


@dataclass(frozen=True, slots=True)
class _Scored:
    """A sheet with what came of it."""

    sheet: Sheet
    figures: Figures
    derivation: scoring.Derivation


async def close(work: Work, round_id: UUID) -> None:
    """Derive and rank every sheet, and make the result public for so many working days.

    Raises `ReviewsOpen` and `ArbitrationNeeded`, each with every sheet that stands in the way."""
    held = await queries.round_for_update(work, round_id, _DECIDE)
    work.expect(held)
    checking.in_phase(held, RoundPhase.REVIEWING)
    sheets = await queries.frozen_sheets(work, held.id)
    open_ = [each for each in sheets if len(each.marks) < held.reviewers]
    if open_:
        raise errors.ReviewsOpen(
            reasons=[
                {
                    "code": "reviews_open",
                    "application_id": str(each.id),
                    "open": held.reviewers - len(each.marks),
                }
                for each in open_
            ]
        )
    published = await standards.of_round(work, held)
    figures = await standards.figures(work, published.standard, sheets, held.as_of)
    scored = [_score(published.standard, each, figures[each.id]) for each in sheets]
    _arbitrated(published.standard, scored)
    results = [_result(held, published.content_hash, each) for each in scored]
    _rank(held, results)
    work.session.add_all(results)
    calendar = await reference.calendar(work)
    until = add_working_days(work.today, held.publicity_days, calendar)
    held.state, held.closed_by, held.closed_at = RoundPhase.PUBLICITY, work.actor.id, work.now
    held.publicity_from, held.publicity_until = work.today, until.due_on
    held.provisional = until.provisional
    await work.session.flush()
    work.announce(
        ReviewClosed(
            subject=held.id,
            division_code=held.division_code,
            sheets=len(scored),
            vetoed=sum(each.vetoed for each in results),
            selected=sum(each.selected for each in results),
        )
    )


def _score(standard: scoring.Standard, sheet: Sheet, figures: Figures) -> _Scored:
    return _Scored(sheet, figures, formats.derived(standard, sheet, figures))


def _arbitrated(standard: scoring.Standard, scored: Sequence[_Scored]) -> None:
    """Refuse while reviewers of a sheet differ beyond the standard's limit and the chair has not ruled."""
    wanting = [each for each in scored if each.derivation.arbitration and not each.sheet.rulings]
    if wanting:
        raise errors.ArbitrationNeeded(
            reasons=[
                {
                    "code": "arbitration_needed",
                    "application_id": str(each.sheet.id),
                    "spread": scoring.number(each.derivation.spread),
                    "limit": scoring.number(standard.spread_limit or each.derivation.spread),
                }
                for each in wanting
            ]
        )


def _result(held: Round, standard_hash: str, each: _Scored) -> Result:
    sheet = each.sheet
    row = Result(
        id=uuid7(),
        round_id=held.id,
        application_id=sheet.id,
        subject_kind=sheet.subject_kind,
        organization_id=sheet.organization_id,
        party_organization_id=sheet.party_organization_id,
        member_id=sheet.member_id,
        standard_version_id=held.standard_version_id,
        standard_hash=standard_hash,
        state="public",
    )
    _fill(row, each)
    row.result_hash = ""
    return row


def _fill(row: Result, each: _Scored) -> None:
    """What a derivation says, in its row; the hash follows with the rank."""
    row.total, row.band = each.derivation.total, each.derivation.band
    row.derivation = scoring.plain(each.derivation)
    row.figures = scoring.plain(each.figures)
    row.evidence_hashes = each.sheet.evidence
    row.vetoed = each.derivation.vetoed


def _rank(held: Round, results: Sequence[Result]) -> int:
    """Rank all results anew; how many changed."""
    standings = [
        Standing(each.id, each.total, each.vetoed, formats.dimensions(each.derivation)) for each in results
    ]
    places = rules.ranked(standings, RoundTieRule(held.tie_rule), held.quota)
    moved = 0
    for each in results:
        rank, selected = places.get(each.id, (None, False))
        each.rank, each.selected = rank, selected
        digest = formats.result_hash(each)
        moved += digest != each.result_hash
        each.result_hash = digest
    return moved


async def raise_objection(work: Work, application_id: UUID, given: Objected) -> None:
    """Record an objection to a result while it is public."""
    round_id = await queries.round_id_of(work, application_id, _RECORD)
    held = await queries.round_of(work, round_id)
    row = await queries.application_for_update(work, application_id)
    checking.in_phase(held, RoundPhase.PUBLICITY)
    raised_on = checking.not_later(work, given.raised_on, "/raised_on")
    assert held.publicity_until is not None  # noqa: S101 (a constraint of public rounds)
    if raised_on > held.publicity_until:
        raise errors.PhaseIsOver
    made = Objection(
        id=uuid7(),
        round_id=held.id,
        application_id=row.id,
        raised_by=given.raised_by,
        content=given.content,
        raised_on=raised_on,
        recorded_by=work.actor.id,
        state=ObjectionState.OPEN,
    )
    work.session.add(made)
    await work.session.flush()
    work.announce(
        ObjectionRaised(
            subject=row.id,
            division_code=row.division_code,
            round_id=held.id,
            objection_id=made.id,
            raised_by=given.raised_by,
        )
    )


async def answer(work: Work, objection_id: UUID, given: ObjectionAnswer) -> UUID:
    """Answer an objection; upheld, the sheet is derived anew with the corrected marks, and all are ranked
    again. The id of the application."""
    round_id = await queries.round_of_objection(work, objection_id, _DECIDE)
    held = await queries.round_of(work, round_id, share=False)
    made = await queries.objection_for_update(work, objection_id)
    work.expect(made)
    checking.in_phase(held, RoundPhase.PUBLICITY)
    if made.state != ObjectionState.OPEN:
        raise errors.ObjectionIsAnswered
    if given.upheld == (not given.rulings):
        words = ("成立须附更正的评分, 不成立则不附", "upheld with the corrected marks, rejected without")
        checking.refuse(Fault("/rulings", "rulings_when_upheld", words))
    moved = 0
    row = await queries.application_for_update(work, made.application_id)
    if given.upheld:
        published = await standards.of_round(work, held)
        await reviewing.keep(work, row, published.standard, given.rulings, made.id)
        moved = await _rescore(work, held, row.id, published.standard)
        work.touch(held)
    made.state = ObjectionState.UPHELD if given.upheld else ObjectionState.REJECTED
    made.answer, made.answered_by, made.answered_at = given.answer, work.actor.id, work.now
    await work.session.flush()
    work.announce(
        ObjectionAnswered(
            subject=row.id,
            division_code=row.division_code,
            round_id=held.id,
            objection_id=made.id,
            state=ObjectionState(made.state),
            moved=moved,
        )
    )
    return row.id


async def _rescore(work: Work, held: Round, application_id: UUID, standard: scoring.Standard) -> int:
    """Derive one sheet again, with the figures that it had, and rank all."""
    (sheet,) = await queries.frozen_sheets(work, held.id, application_id)
    results = await queries.results_for_update(work, held.id)
    mine = next(each for each in results if each.application_id == application_id)
    figures = formats.figures(mine.figures)
    scored = _score(standard, sheet, figures)
    _fill(mine, scored)
    return _rank(held, results)


async def decide(work: Work, round_id: UUID, document: str) -> None:
    """A second person decides: results, evidence and standard are frozen together, and never move again."""
    held = await queries.round_for_update(work, round_id, _APPROVE)
    work.expect(held)
    checking.in_phase(held, RoundPhase.PUBLICITY)
    if held.closed_by == work.actor.id:
        raise errors.SecondPersonNeeded
    assert held.publicity_until is not None  # noqa: S101 (a constraint of public rounds)
    if held.publicity_days and work.today <= held.publicity_until:
        raise errors.PublicityNotOver(until=held.publicity_until.isoformat())
    if await queries.open_objections(work, held.id):
        raise errors.ObjectionsOpen
    results = await queries.results_for_update(work, held.id)
    for each in results:
        each.state = "frozen"
    await work.session.flush()
    held.results_hash = formats.round_hash([each.result_hash for each in results])
    held.decided_by, held.decided_at, held.document = work.actor.id, work.now, document
    held.state = RoundPhase.DECIDED
    await work.session.flush()
    work.announce(
        RoundDecided(
            subject=held.id,
            division_code=held.division_code,
            use=rules.RoundUse(held.use),
            selected=sum(each.selected for each in results),
            results_hash=held.results_hash,
            document=document,
        )
    )
