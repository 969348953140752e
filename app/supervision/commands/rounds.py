"""Open a round, draw its sample, record its visits with what they found, close it."""

from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.supervision import errors, queries, rules
from app.supervision.commands import checking
from app.supervision.commands.findings import enter
from app.supervision.models import Round, TeamMember, Unit, Visit
from app.supervision.queries import Target
from app.supervision.rules import SupervisionState, Wrong
from app.supervision.schemas import (
    SupervisionClose,
    SupervisionClosed,
    SupervisionOpen,
    SupervisionOpened,
    SupervisionSampleDraw,
    SupervisionSampleDrawn,
    SupervisionTeamGiven,
    SupervisionUnitGiven,
    SupervisionVisited,
    SupervisionVisitRecord,
)

_DECIDE, _RECORD = Permission.SUPERVISION_DECIDE, Permission.SUPERVISION_RECORD


async def open_round(work: Work, plan: SupervisionOpen) -> UUID:
    """A round with its team and units. Raises `SupervisionInvalid` with every reason, `UnitTwice`."""
    wrongs: list[Wrong] = []
    if plan.until_on <= plan.from_on:
        words = ("终止日期须晚于起始日期", "it must end after it begins")
        wrongs.append(Wrong("/until_on", "empty_period", words))
    if plan.party_organization_id is None:
        if not await queries.division_in_scope(work, plan.division_code, _DECIDE):
            wrongs.append(checking.missing("/division_code", "区划", "division"))
    else:
        body = (
            await queries.targets(work, "party_organization_id", [plan.party_organization_id], _DECIDE)
        ).get(plan.party_organization_id)
        if body is None:
            wrongs.append(checking.missing("/party_organization_id", "党组织", "Party organization"))
        elif body.division_code != plan.division_code:
            words = ("须为该党组织所在区划", "must be the division of the Party organization")
            wrongs.append(Wrong("/division_code", "other_division", words))
    whom, more = await checking.targets(work, plan.units, _DECIDE, "/units/{}")
    wrongs += more + await _wrong_with_team(work, plan.team)
    checking.refuse(wrongs)
    row = Round(
        id=uuid7(),
        kind=plan.kind,
        title=plan.title,
        division_code=plan.division_code,
        party_organization_id=plan.party_organization_id,
        period=Range(plan.from_on, plan.until_on),
        document=plan.document,
        state=SupervisionState.OPEN,
    )
    work.session.add(row)
    await work.session.flush()
    work.session.add_all(TeamMember(id=uuid7(), round_id=row.id, **one.model_dump()) for one in plan.team)
    work.session.add_all(_unit(row.id, target) for target in whom)
    await work.session.flush()
    work.announce(
        SupervisionOpened(subject=row.id, division_code=row.division_code, kind=plan.kind, units=len(whom))
    )
    return row.id


def _unit(round_id: UUID, target: Target, drawn: int | None = None) -> Unit:
    place: dict[str, Any] = {target.field: target.id}
    return Unit(
        id=uuid7(),
        round_id=round_id,
        division_code=target.division_code,
        body_id=target.body_id,
        drawn=drawn,
        **place,
    )


async def _wrong_with_team(work: Work, team: list[SupervisionTeamGiven]) -> list[Wrong]:
    wrongs = []
    for field, zh, en in (("user_id", "用户", "user"), ("instructor_id", "指导员", "instructor")):
        places = {getattr(one, field): n for n, one in enumerate(team) if getattr(one, field) is not None}
        there = await queries.people(work, field, list(places), _DECIDE)
        wrongs += [
            checking.missing(f"/team/{place}/{field}", zh, en)
            for identifier, place in places.items()
            if identifier not in there
        ]
    for place, one in enumerate(team):
        given = {"user_id": one.user_id, "instructor_id": one.instructor_id}
        words = ("用户和指导员二者选一", "name a user or an instructor")
        wrongs += rules.one_of(given, f"/team/{place}", words)
    return wrongs


async def draw(work: Work, round_id: UUID, order: SupervisionSampleDraw) -> None:
    """Draw units by a seed: anybody can draw the same again. Raises `SampleDrawnAlready`."""
    row = await _open_round(work, round_id, _DECIDE)
    if row.sample is not None:
        raise errors.SampleDrawnAlready
    candidates = await _candidates(work, order)
    there = await queries.units_of(work, row.id)
    already = {unit.organization_id for unit in there}
    chosen = rules.drawn(order.seed, candidates, order.count)
    found = await queries.targets(work, "organization_id", chosen, _DECIDE)
    for place, identifier in enumerate(chosen, start=1):
        if identifier in already:
            next(unit for unit in there if unit.organization_id == identifier).drawn = place
        else:
            work.session.add(_unit(row.id, found[identifier], place))
    row.sample = {
        "method": rules.METHOD,
        "seed": order.seed,
        "count": len(chosen),
        "candidates": len(candidates),
        "candidates_sha256": rules.fingerprint(candidates),
        "division_code": order.division_code,
        "drawn_on": work.today.isoformat(),
    }
    await work.session.flush()
    work.announce(
        SupervisionSampleDrawn(
            subject=row.id,
            division_code=row.division_code,
            seed=order.seed,
            count=len(chosen),
            candidates=len(candidates),
        )
    )


async def _candidates(work: Work, order: SupervisionSampleDraw) -> list[UUID]:
    """What is drawn from: exactly one of a division and a list, everybody in the caller's scope."""
    if (order.division_code is None) == (order.organization_ids is None):
        words = ("区划和名单二者选一", "name a division or a list")
        checking.refuse([Wrong("", "one_of", words)])
    if order.division_code is not None:
        if not await queries.division_in_scope(work, order.division_code, _DECIDE):
            checking.refuse([checking.missing("/division_code", "区划", "division")])
        found = await queries.candidates(work, order.division_code)
        if len(found) > queries.CANDIDATES_MOST:
            words = ("组织过多, 请缩小范围", "too many organizations: draw from less")
            checking.refuse([Wrong("/division_code", "too_many", words)])
        return found
    listed = sorted(set(order.organization_ids or ()))
    units = [SupervisionUnitGiven(organization_id=each) for each in listed]
    _, wrongs = await checking.targets(work, units, _DECIDE, "/organization_ids/{}")
    checking.refuse(wrongs)
    return listed


async def visit(work: Work, round_id: UUID, unit_id: UUID, given: SupervisionVisitRecord) -> None:
    """The team was at a unit; each thing it found becomes a finding. Raises `RoundIsClosed`."""
    row = await _open_round(work, round_id, _RECORD)
    unit = await queries.unit_of(work, row.id, unit_id)
    on, wrongs = checking.not_later(work, given.held_on, "/held_on")
    period = row.period
    assert period.lower is not None and period.upper is not None  # noqa: PT018, S101 (CHECK)
    if not period.lower <= on < period.upper:
        words = ("须在督导期间之内", "must lie in the time of the round")
        wrongs.append(Wrong("/held_on", "outside_round", words))
    made = Visit(
        id=uuid7(), round_id=row.id, unit_id=unit.id, held_on=on, note=given.note, recorded_by=work.actor.id
    )
    target = Target(
        next(field for field in checking.FIELDS if getattr(unit, field) is not None),
        unit.organization_id or unit.party_organization_id or unit.authority_id or unit.id,
        "",
        unit.division_code,
        unit.body_id,
    )
    checking.refuse(wrongs)
    work.session.add(made)
    work.touch(row)
    await work.session.flush()
    await enter(
        work,
        [(f"/findings/{place}", one, target) for place, one in enumerate(given.findings)],
        on,
        visit_id=made.id,
    )
    work.announce(
        SupervisionVisited(
            subject=row.id,
            division_code=row.division_code,
            visit_id=made.id,
            unit_id=unit.id,
            held_on=on,
            found=len(given.findings),
        )
    )


async def close(work: Work, round_id: UUID, order: SupervisionClose) -> None:
    """The round is over; its findings go on. Raises `RoundIsClosed`."""
    row = await _open_round(work, round_id, _DECIDE)
    on, wrongs = checking.not_later(work, order.on, "/on")
    checking.refuse(wrongs)
    row.state, row.closed_on, row.report = SupervisionState.CLOSED, on, order.report
    work.announce(SupervisionClosed(subject=row.id, division_code=row.division_code, on=on))


async def _open_round(work: Work, round_id: UUID, permission: Permission) -> Round:
    row = await queries.get_for_update(work, round_id, permission)
    work.expect(row)
    if row.state != SupervisionState.OPEN:
        raise errors.RoundIsClosed
    return row
