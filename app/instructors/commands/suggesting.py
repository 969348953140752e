"""Suggest who should take which blank spot of a division: asked for, made by the worker, settled."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import insert

from app.core.access import NATIONAL
from app.core.db import uuid7
from app.core.errors import Refusal
from app.core.work import Work
from app.instructors import errors, queries, rules
from app.instructors.commands import checking, serving
from app.instructors.models import Suggestion
from app.instructors.rules import SuggestionState
from app.instructors.schemas import (
    Assign,
    SuggestionDecline,
    SuggestionsAccept,
    SuggestionsAccepted,
    SuggestionsAsk,
    SuggestionsMade,
    SuggestionsSettled,
)
from app.operations import commands as operations
from app.operations.models import Operation
from app.reference import queries as reference

KIND = "instructor_suggestions"


async def ask(work: Work, asked: SuggestionsAsk) -> UUID:
    """Ask for suggestions; the worker makes them. The id of the operation."""
    if not await queries.division_visible(work, asked.division):
        checking.refuse([checking.missing("/division", "行政区划", "division")])
    on = asked.on or work.today
    parameters = {"division": asked.division, "on": on.isoformat()}
    return (await operations.start(work, KIND, parameters, division_code=asked.division)).id


async def suggest(work: Work, operation: Operation) -> bool:
    """The worker's part: solve the whole division at once and keep the lines. True: there is no more."""
    await work.admit(NATIONAL)
    division, on = operation.parameters["division"], date.fromisoformat(operation.parameters["on"])
    pack = await checking.pack(work, division, on)
    counting = await reference.pack_at(work, "coverage", division, on)
    assert counting is not None  # noqa: S101 (the national one is shipped)
    async with work.unhurried(30):
        offers = await queries.blank_spots(
            work,
            division,
            on,
            kinds=counting.content["kinds"],
            active=counting.content["active_statuses"],
            teams=counting.content["work_covering_kinds"],
        )
        people = await queries.candidates(work, division, on)
    found = rules.match(offers, people, pack.weights)
    rows = [
        {
            "id": uuid7(),
            "version": 1,
            "operation_id": operation.id,
            "instructor_id": each.candidate,
            "organization_id": each.offer,
            "cost": each.cost,
            "reasons": {
                "distance": each.distance,
                "same_industry": each.same_industry,
                "same_home_unit": each.same_home_unit,
                "held": each.held,
            },
            "state": SuggestionState.PROPOSED,
        }
        for each in found
    ]
    if rows:
        await work.session.execute(insert(Suggestion), rows)
    without = len(offers) - len(found)
    work.announce(
        SuggestionsMade(
            subject=operation.id,
            division_code=division,
            suggestions=len(found),
            blank_spots=len(offers),
            without=without,
        )
    )
    report = {"blank_spots": len(offers), "suggestions": len(found), "without_instructor": without}
    await operations.finish(work, operation.id, report)
    return True


async def accept(work: Work, asked: SuggestionsAccept) -> SuggestionsAccepted:
    """Make assignments of suggestions; one that no longer holds is marked and changes nothing."""
    rows = await queries.proposed(work, operation_id=asked.operation_id, ids=asked.suggestion_ids)
    if not rows:
        raise errors.SuggestionNotFound
    accepted = sum([await _accept(work, row) for row in rows])
    await _settled(work, rows, accepted=accepted)
    return SuggestionsAccepted(accepted=accepted, superseded=len(rows) - accepted)


async def accept_one(work: Work, suggestion_id: UUID) -> None:
    """Make an assignment of one suggestion. Raises what stands in the way."""
    row = await _one(work, suggestion_id)
    row.assignment_id = await serving.assign(work, _order(row))
    row.state = SuggestionState.ACCEPTED
    await _settled(work, [row], accepted=1)


async def decline(work: Work, suggestion_id: UUID, given: SuggestionDecline) -> None:
    """Say no to one suggestion, with the reason."""
    row = await _one(work, suggestion_id)
    row.state, row.reasons = SuggestionState.DECLINED, {**row.reasons, "declined": given.reason}
    await _settled(work, [row], accepted=0)


async def _one(work: Work, suggestion_id: UUID) -> Suggestion:
    found = await queries.proposed(work, ids=[suggestion_id])
    if not found:
        raise errors.SuggestionNotFound
    work.expect(found[0])
    if found[0].state != SuggestionState.PROPOSED:
        raise errors.SuggestionIsSettled
    return found[0]


def _order(row: Suggestion) -> Assign:
    return Assign(instructor_id=row.instructor_id, organization_id=row.organization_id)


async def _accept(work: Work, row: Suggestion) -> bool:
    taken = await queries.serves(work, row.instructor_id, [row.organization_id], work.today)
    if not taken:
        try:
            async with work.session.begin_nested():
                assignment_id = await serving.assign(work, _order(row))
        except Refusal:
            pass
        else:
            row.assignment_id, row.state = assignment_id, SuggestionState.ACCEPTED
            return True
    row.state = SuggestionState.SUPERSEDED
    return False


async def _settled(work: Work, rows: Sequence[Suggestion], *, accepted: int) -> None:
    await work.session.flush()
    states = [row.state for row in rows]
    work.announce(
        SuggestionsSettled(
            subject=rows[0].operation_id,
            accepted=accepted,
            superseded=states.count(SuggestionState.SUPERSEDED),
            declined=states.count(SuggestionState.DECLINED),
        )
    )
