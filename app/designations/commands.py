"""Designate, re-check, propose to lower or take away, decide; and what is counted."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from fastapi import Response
from sqlalchemy.dialects.postgresql import Range

from app.core import reads
from app.core.access import Permission
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.fields import Bilingual, CodeRef
from app.core.work import Work
from app.designations import errors, queries, rules
from app.designations.models import Designation, DesignationChange, DesignationCheck
from app.designations.queries import FoundResult, Subject
from app.designations.rules import (
    GRADED,
    WORDS,
    Asked,
    ChangeKind,
    ChangeState,
    DesignationEnd,
    DesignationKind,
    KindRule,
)
from app.designations.schemas import (
    ChangeDecide,
    ChangePropose,
    Designated,
    DesignationBatch,
    DesignationChangeDecided,
    DesignationChangeProposed,
    DesignationChecked,
    DesignationCount,
    DesignationEnded,
    DesignationFigures,
    DesignationFiguresQuery,
    DesignationLine,
    DesignationMake,
    DesignationTargetRead,
    RecheckRecord,
)
from app.reference import queries as reference

_RECORD, _DECIDE = Permission.PARTY_ORGANIZATION_RECORD, Permission.PARTY_ORGANIZATION_DECIDE
_APPROVE = Permission.ORGANIZATION_APPROVE
_FUTURE = ("不能晚于今天, 请改为今天或更早的日期", "lies in the future: give today or an earlier day")
_ABSENT = ("没有这一项, 或不在您的范围内", "there is no such thing, or it is outside your scope")


def _refuse(faults: Iterable[Fault]) -> None:
    if found := list(faults):
        raise errors.DesignationInvalid(errors=found)


async def _rule(work: Work, kind: DesignationKind, division_code: str, on: date) -> KindRule:
    pack = await reference.pack_at(work, "designation", division_code, on)
    rule = rules.kind_rule(pack.content, kind) if pack else None
    if rule is None:
        words = ("当地规则没有此类命名", "the rules of the place know no such designation")
        raise errors.DesignationInvalid(errors=[Fault("/kind", "not_here", words)])
    return rule


async def designate(work: Work, plan: DesignationMake) -> UUID:
    """Designate a subject; what it held of the kind ends as this begins.

    Raises `DesignationInvalid`, `DesignationBlocked` with every reason, `DesignationTwice`,
    `ResultIsDesignated`, `PlaqueTaken`."""
    on, faults = plan.from_on or work.today, []
    if on > work.today:
        faults.append(Fault("/from_on", "in_future", _FUTURE))
    if (plan.kind in GRADED) != (plan.grade is not None):
        words = ("星级和等级须填级数, 其他不填", "a star or grade says how high, nothing else does")
        faults.append(Fault("/grade", "grade", words))
    level = await queries.authority_level(work, plan.authority_id)
    if level is None:
        faults.append(Fault("/authority_id", "not_found", _ABSENT))
    result, subject = await _subject(work, plan, faults)
    _refuse(faults)
    assert subject is not None and level is not None  # noqa: PT018, S101 (refused above)
    rule = await _rule(work, plan.kind, subject.division_code, on)
    until = plan.until_on
    if until is None and rule.validity_years is not None:
        until = rules.years_later(on, rule.validity_years)
    if until is not None and until <= on:
        words = ("须晚于命名日期", "must be later than its first day")
        _refuse([Fault("/until_on", "empty_period", words)])
    before = await queries.present(work, subject.id, plan.kind, on)
    asked = Asked(
        plan.kind,
        plan.grade,
        level,
        before.grade if before else None,
        before is not None,
        await queries.is_paired(work, subject.id, on),
        subject.alive,
        result.decided if result else None,
    )
    if codes := rules.reasons(asked, rule):
        raise errors.DesignationBlocked(reasons=[{"code": code, "message": WORDS[code]} for code in codes])
    made = Designation(
        id=uuid7(),
        kind=plan.kind,
        grade=plan.grade,
        organization_id=subject.organization_id,
        party_organization_id=subject.party_organization_id,
        subject_id=subject.id,
        division_code=subject.division_code,
        authority_id=plan.authority_id,
        level=level,
        plaque_year=on.year if plan.plaque_number else None,
        plaque_number=plan.plaque_number,
        batch=plan.batch,
        valid=Range(on, until),
        result_id=result.id if result else None,
        round_id=result.round_id if result else None,
        result_hash=result.result_hash if result else None,
        standard_hash=result.standard_hash if result else None,
        document=plan.document,
        previous_id=before.id if before else None,
    )
    if before is not None:
        higher = (plan.grade or 0) > (before.grade or 0)
        await _end(work, before, on, DesignationEnd.PROMOTED if higher else DesignationEnd.RENEWED)
    work.session.add(made)
    await work.session.flush()
    _tell(work, made)
    return made.id


async def _subject(
    work: Work, plan: DesignationMake, faults: list[Fault]
) -> tuple[FoundResult | None, Subject | None]:
    """The result and its subject, or the subject that is named; what is wrong with them joins the faults."""
    given = (plan.result_id, plan.organization_id, plan.party_organization_id)
    if sum(each is not None for each in given) != 1:
        words = ("结果、社会组织、党组织三者选一", "name a result, an organization or a body: just one")
        faults.append(Fault("/result_id", "one_subject", words))
        return None, None
    result, organization, body = None, plan.organization_id, plan.party_organization_id
    if plan.result_id is not None:
        result = await queries.result(work, plan.result_id)
        organization = result.organization_id if result else None
        body = result.party_organization_id if result else None
    found = await queries.subject(work, organization, body) if organization or body else None
    if found is None:
        fields = ("result_id", "organization_id", "party_organization_id")
        pointer = next(name for name, each in zip(fields, given, strict=True) if each is not None)
        faults.append(Fault(f"/{pointer}", "not_found", _ABSENT))
    return result, found


async def _end(work: Work, held: Designation, on: date, reason: DesignationEnd) -> None:
    """End a designation; one that began on that very day cannot be replaced by another."""
    if held.valid.lower is not None and on <= held.valid.lower:
        raise errors.DesignationTwice
    held.valid, held.ended_on, held.ended_reason = Range(held.valid.lower, on), on, reason
    await work.session.flush()
    work.announce(DesignationEnded(subject=held.id, division_code=held.division_code, on=on, reason=reason))


def _tell(work: Work, made: Designation) -> None:
    assert made.valid.lower is not None  # noqa: S101 (a constraint)
    work.announce(
        Designated(
            subject=made.id,
            division_code=made.division_code,
            kind=DesignationKind(made.kind),
            grade=made.grade,
            organization_id=made.organization_id,
            party_organization_id=made.party_organization_id,
            from_on=made.valid.lower,
            until_on=made.valid.upper,
            result_hash=made.result_hash,
        )
    )


async def _held(work: Work, designation_id: UUID, permission: Permission) -> Designation:
    held = await queries.for_update(work, designation_id, permission)
    work.expect(held)
    if held.valid.upper is not None and held.valid.upper <= work.today:
        raise errors.DesignationIsOver
    return held


async def check(work: Work, designation_id: UUID, found: RecheckRecord) -> None:
    """Record a yearly re-check. Raises `DesignationIsOver`, `RecheckedAlready`, `DesignationInvalid`."""
    held = await _held(work, designation_id, _RECORD)
    on, faults = found.checked_on or work.today, []
    if on > work.today:
        faults.append(Fault("/checked_on", "in_future", _FUTURE))
    if held.valid.lower is not None and not held.valid.lower.year <= found.year <= on.year:
        words = (
            "须在命名当年至复核当年之间",
            "lies between the year of the designation and that of the check",
        )
        faults.append(Fault("/year", "year_range", words))
    if found.outcome != "passed" and found.note is None:
        words = ("未通过的须说明情况", "say what is not in order")
        faults.append(Fault("/note", "note_required", words))
    _refuse(faults)
    work.session.add(
        DesignationCheck(
            id=uuid7(),
            designation_id=held.id,
            year=found.year,
            outcome=found.outcome,
            checked_on=on,
            note=found.note,
            document=found.document,
        )
    )
    work.touch(held)
    await work.session.flush()
    work.announce(
        DesignationChecked(
            subject=held.id, division_code=held.division_code, year=found.year, outcome=found.outcome
        )
    )


async def propose(work: Work, designation_id: UUID, plan: ChangePropose) -> None:
    """Propose a lower star or grade, or none. Raises `DesignationIsOver`, `ChangeProposedAlready`."""
    held = await _held(work, designation_id, _DECIDE)
    lower = held.grade is not None and plan.to_grade is not None and plan.to_grade < held.grade
    if (plan.kind is ChangeKind.DOWNGRADE) != lower or (plan.to_grade is not None and not lower):
        words = ("降级须填更低的级数, 撤销不填", "a downgrade names a lower star or grade, a revocation none")
        _refuse([Fault("/to_grade", "to_grade", words)])
    change = DesignationChange(
        id=uuid7(),
        designation_id=held.id,
        **plan.model_dump(),
        proposed_by=work.actor.id,
        state=ChangeState.PROPOSED,
    )
    work.session.add(change)
    work.touch(held)
    await work.session.flush()
    work.announce(
        DesignationChangeProposed(
            subject=held.id,
            division_code=held.division_code,
            change_id=change.id,
            kind=plan.kind,
            to_grade=plan.to_grade,
        )
    )


async def decide(work: Work, designation_id: UUID, change_id: UUID, given: ChangeDecide) -> None:
    """Decide as the second person; what is approved holds from today.

    Raises `SecondPersonIsAnother`, `ChangeIsDecided`, `DesignationIsOver`."""
    held = await _held(work, designation_id, _APPROVE)
    change = await queries.change_of(work, held.id, change_id)
    if change is None:
        raise errors.DesignationNotFound
    if change.state != ChangeState.PROPOSED:
        raise errors.ChangeIsDecided
    if change.proposed_by == work.actor.id:
        raise errors.SecondPersonIsAnother
    state = ChangeState.APPROVED if given.approve else ChangeState.REJECTED
    change.state, change.decided_by = state, work.actor.id
    change.decided_at, change.decided_note = work.now, given.note
    work.touch(held)
    await work.session.flush()
    work.announce(
        DesignationChangeDecided(
            subject=held.id, division_code=held.division_code, change_id=change.id, state=state
        )
    )
    if given.approve:
        until = held.valid.upper
        down = change.kind == ChangeKind.DOWNGRADE
        await _end(work, held, work.today, DesignationEnd.DOWNGRADED if down else DesignationEnd.REVOKED)
        if down:
            await _lower(work, held, change, until)


async def _lower(work: Work, held: Designation, change: DesignationChange, until: date | None) -> None:
    """What is left after a downgrade: the lower star or grade, for the rest of the time."""
    made = Designation(
        id=uuid7(),
        kind=held.kind,
        grade=change.to_grade,
        organization_id=held.organization_id,
        party_organization_id=held.party_organization_id,
        subject_id=held.subject_id,
        division_code=held.division_code,
        authority_id=held.authority_id,
        level=held.level,
        batch=held.batch,
        valid=Range(work.today, until),
        document=change.document or held.document,
        previous_id=held.id,
    )
    work.session.add(made)
    await work.session.flush()
    _tell(work, made)


async def count(work: Work, query: DesignationFiguresQuery) -> Response:
    """What holds in a division on a day, its share of the province's, and how far its targets are."""
    day = query.as_of or work.today
    rows = await queries.counts(work, query.division, day)
    here: dict[tuple[str, int | None], int] = {}
    for _, _, kind, grade, number in rows:
        here[kind, grade] = here.get((kind, grade), 0) + number
    province = await queries.province_of(work, query.division, day)
    above = await queries.totals(work, province[0], day) if province else {}
    pack = await reference.pack_at(work, "designation", query.division, day)
    answer = DesignationFigures(
        as_of=day,
        division=query.division,
        province=CodeRef(code=province[0], name=province[1]) if province else None,
        counts=[
            DesignationCount(
                kind=DesignationKind(kind),
                grade=grade,
                in_force=number,
                of_province=above.get((kind, grade), 0) if province else None,
                percent=rules.percent(number, above.get((kind, grade), 0)),
            )
            for (kind, grade), number in sorted(here.items(), key=lambda each: (each[0][0], each[0][1] or 0))
        ],
        lines=[
            DesignationLine(
                division=CodeRef(code=code, name=name),
                kind=DesignationKind(kind),
                grade=grade,
                in_force=number,
            )
            for code, name, kind, grade, number in rows
        ],
        batches=[DesignationBatch(**row) for row in await queries.batches(work, query.division, day)],
        targets=[_progress(target, here, day) for target in (rules.targets(pack.content) if pack else [])],
    )
    return await reads.derived(work, answer)


def _progress(
    target: rules.Target, here: dict[tuple[str, int | None], int], day: date
) -> DesignationTargetRead:
    reached = sum(
        number
        for (kind, grade), number in here.items()
        if kind == target.kind and target.grade in {None, grade}
    )
    met = reached >= target.number
    return DesignationTargetRead(
        code=target.code,
        title=Bilingual(zh=target.title[0], en=target.title[1]),
        kind=target.kind,
        grade=target.grade,
        number=target.number,
        reached=reached,
        due_on=target.due_on,
        met=met,
        overdue=not met and target.due_on is not None and target.due_on < day,
        source=target.source,
        verified=target.verified,
    )
