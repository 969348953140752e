"""Enter findings, plan how they are put right, report it, judge it by a second person."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.reference import queries as reference
from app.reference.rules import add_working_days
from app.supervision import errors, queries, rules
from app.supervision.commands import checking
from app.supervision.models import Finding, Rectification
from app.supervision.queries import Target
from app.supervision.rules import SupervisionFindingState, SupervisionPack, SupervisionVerdict, Wrong
from app.supervision.schemas import (
    SupervisionFindingGiven,
    SupervisionFindingJudge,
    SupervisionFindingJudged,
    SupervisionFindingPlan,
    SupervisionFindingPlanned,
    SupervisionFindingRecord,
    SupervisionFindingRecorded,
    SupervisionFindingReport,
    SupervisionFindingReported,
    WeakCandidateFilters,
)

_DECIDE, _RECORD = Permission.SUPERVISION_DECIDE, Permission.SUPERVISION_RECORD
_APPROVE = Permission.SUPERVISION_APPROVE
_HELPERS = (
    ("helper_member_id", "党员", "member"),
    ("helper_instructor_id", "指导员", "instructor"),
)
Asked = tuple[str, SupervisionFindingGiven, Target]


async def candidates(work: Work, filters: WeakCandidateFilters) -> Response:
    """Whom the rules of a division call weak, and why."""
    pack = await checking.pack(work, filters.division)
    return await queries.weak(work, filters, pack.weak)


async def record(work: Work, given: SupervisionFindingRecord) -> UUID:
    """A finding without a round: somebody is weak by a rule, whose evidence is frozen now, or by name.

    Raises `SupervisionInvalid` with every reason, `WeakAlready`."""
    found, wrongs = await checking.targets(work, [given], _DECIDE, "")
    on, more = checking.not_later(work, given.found_on, "/found_on")
    checking.refuse(wrongs + more)
    by_rule = await _by_rule(work, given, found[0])
    made = await enter(work, [("", given, found[0])], on, **by_rule)
    return made[0]


async def _by_rule(work: Work, given: SupervisionFindingRecord, target: Target) -> dict[str, Any]:
    """The rule with its source and what it saw. Raises `SupervisionInvalid` where it does not hold."""
    if given.rule_code is None:
        return {}
    pack = await checking.pack(work, target.division_code)
    rule = next((rule for rule in pack.weak if rule.code == given.rule_code), None)
    if rule is None or given.kind != rules.WEAK:
        words = ("没有这条规则, 或不用于此类问题", "there is no such rule, or it is not for this kind")
        checking.refuse([Wrong("/rule_code", "not_found", words)])
        raise AssertionError
    facts = await queries.seen_by(work, rule, target.id)
    if facts is None:
        words = ("该规则不认定其为后进或薄弱", "the rule does not call it weak")
        checking.refuse([Wrong("/rule_code", "does_not_hold", words)])
    return {"rule_code": rule.code, "rule_source": rule.source, "rule_facts": facts}


async def enter(work: Work, asked: Sequence[Asked], on: date, **fields: Any) -> list[UUID]:
    """Findings as they are stored, each with its day in working days; refused with every reason at once."""
    wrongs: list[Wrong] = []
    rows = []
    packs: dict[str, SupervisionPack] = {}
    calendar = await reference.calendar(work) if asked else None
    for at, given, target in asked:
        if target.division_code not in packs:
            packs[target.division_code] = await checking.pack(work, target.division_code)
        days = packs[target.division_code].working_days
        if given.kind not in days:
            words = ("规则包中没有这类问题", "the rule pack has no such kind of finding")
            wrongs.append(Wrong(f"{at}/kind", "unknown_kind", words))
            continue
        kept, more = await checking.evidence(work, given.evidence, at)
        body, others = await _responsible(work, given, target, at)
        wrongs += more + others
        assert calendar is not None  # noqa: S101 (something was asked)
        deadline = add_working_days(on, given.working_days or days[given.kind], calendar)
        place: dict[str, Any] = {target.field: target.id}
        rows.append(
            Finding(
                id=uuid7(),
                kind=given.kind,
                division_code=target.division_code,
                body_id=body,
                statement=given.statement,
                amount=given.amount,
                evidence=kept,
                found_on=on,
                due_on=deadline.due_on,
                provisional=deadline.provisional,
                state=SupervisionFindingState.OPEN,
                recorded_by=work.actor.id,
                measures=[],
                **place,
                **fields,
            )
        )
    checking.refuse(wrongs)
    work.session.add_all(rows)
    await work.session.flush()
    for row, (_, _, target) in zip(rows, asked, strict=True):
        work.announce(
            SupervisionFindingRecorded(
                subject=row.id,
                division_code=row.division_code,
                kind=row.kind,
                about=target.id,
                due_on=row.due_on,
                rule_code=row.rule_code,
            )
        )
    return [row.id for row in rows]


async def _responsible(
    work: Work, given: SupervisionFindingGiven, target: Target, at: str
) -> tuple[UUID | None, list[Wrong]]:
    wanted = given.responsible_party_organization_id
    if wanted is None:
        return target.body_id, []
    found = await queries.targets(work, "party_organization_id", [wanted], _RECORD)
    pointer = f"{at}/responsible_party_organization_id"
    return wanted, [] if found else [checking.missing(pointer, "党组织", "Party organization")]


async def plan(work: Work, finding_id: UUID, given: SupervisionFindingPlan) -> None:
    """Who helps, and which measures until when. Raises `FindingStateForbids`."""
    row = await queries.finding_for_update(work, finding_id, _DECIDE)
    work.expect(row)
    if row.state == SupervisionFindingState.CLOSED:
        raise errors.FindingStateForbids
    wrongs = []
    helpers = [given.helper_member_id, given.helper_instructor_id, given.helper_party_organization_id]
    if sum(each is not None for each in helpers) > 1:
        words = ("帮扶人至多一个", "one helper at most")
        wrongs.append(Wrong("/helper_member_id", "one_of", words))
    for field, zh, en in _HELPERS:
        wanted = getattr(given, field)
        if wanted is not None and not await queries.people(work, field, [wanted], _DECIDE):
            wrongs.append(checking.missing(f"/{field}", zh, en))
    body = given.helper_party_organization_id
    if body is not None and not await queries.targets(work, "party_organization_id", [body], _DECIDE):
        wrongs.append(checking.missing("/helper_party_organization_id", "党组织", "Party organization"))
    checking.refuse(wrongs)
    row.helper_member_id = given.helper_member_id
    row.helper_instructor_id = given.helper_instructor_id
    row.helper_party_organization_id = body
    row.measures = [each.model_dump(mode="json") for each in given.measures]
    work.touch(row)
    work.announce(
        SupervisionFindingPlanned(
            subject=row.id, division_code=row.division_code, measures=len(given.measures)
        )
    )


async def report(work: Work, finding_id: UUID, given: SupervisionFindingReport) -> None:
    """It was put right, with evidence. Raises `FindingStateForbids`."""
    row = await queries.finding_for_update(work, finding_id, _RECORD)
    work.expect(row)
    if row.state != SupervisionFindingState.OPEN:
        raise errors.FindingStateForbids
    on, wrongs = checking.not_later(work, given.done_on, "/done_on")
    if on < row.found_on:
        words = ("不能早于发现问题之日", "lies before it was found")
        wrongs.append(Wrong("/done_on", "before_found", words))
    kept, more = await checking.evidence(work, given.evidence)
    checking.refuse(wrongs + more)
    before = await queries.rectifications(work, row.id)
    made = Rectification(
        id=uuid7(),
        finding_id=row.id,
        number=len(before) + 1,
        measure=given.measure,
        done_on=on,
        evidence=kept,
        reported_by=work.actor.id,
    )
    work.session.add(made)
    row.state = SupervisionFindingState.REPORTED
    await work.session.flush()
    work.announce(
        SupervisionFindingReported(
            subject=row.id, division_code=row.division_code, number=made.number, done_on=on
        )
    )


async def judge(work: Work, finding_id: UUID, given: SupervisionFindingJudge) -> None:
    """A second person accepts it, which closes the finding, or returns it with the reason.

    Raises `FindingStateForbids`, `SecondPersonNeeded`."""
    row = await queries.finding_for_update(work, finding_id, _APPROVE)
    work.expect(row)
    if row.state != SupervisionFindingState.REPORTED:
        raise errors.FindingStateForbids
    if given.verdict is SupervisionVerdict.RETURNED and given.reason is None:
        words = ("退回须说明理由", "say why it is returned")
        checking.refuse([Wrong("/reason", "missing", words)])
    latest = (await queries.rectifications(work, row.id))[-1]
    if latest.reported_by == work.actor.id:
        raise errors.SecondPersonNeeded
    latest.verdict, latest.reason = given.verdict, given.reason
    latest.judged_by, latest.judged_at = work.actor.id, work.now
    accepted = given.verdict is SupervisionVerdict.ACCEPTED
    row.state = SupervisionFindingState.CLOSED if accepted else SupervisionFindingState.OPEN
    row.closed_on = work.today if accepted else None
    await work.session.flush()
    work.announce(
        SupervisionFindingJudged(
            subject=row.id, division_code=row.division_code, number=latest.number, verdict=given.verdict
        )
    )
