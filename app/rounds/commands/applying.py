"""Apply, write the self-score with its evidence, hand it in; end a cultivation; record visits."""

from uuid import UUID

from sqlalchemy import delete

from app.core.access import Permission
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.files import commands as files
from app.rounds import errors, queries, rules
from app.rounds.commands import checking, standards
from app.rounds.models import Application, Evidence, Round, SelfScore, SiteVisit
from app.rounds.rules import ApplicationState, CultivationEnd, RoundPhase, SiteVisitKind, SubjectKind
from app.rounds.schemas import (
    ApplicationFiled,
    ApplicationSubmitted,
    Apply,
    CultivationClose,
    CultivationEnded,
    SelfScored,
    SelfScores,
    SiteVisited,
    SiteVisitRecord,
)
from app.scoring import rules as scoring

FILES_AT_MOST = 100
_RECORD, _DECIDE = Permission.ROUND_RECORD, Permission.ROUND_DECIDE
_FIELD = {
    SubjectKind.ORGANIZATION: "organization_id",
    SubjectKind.PARTY_ORGANIZATION: "party_organization_id",
    SubjectKind.MEMBER: "member_id",
}


async def apply(work: Work, round_id: UUID, given: Apply) -> UUID:
    """Apply in a round. Raises `NotEligible` with every reason at once."""
    held = await queries.round_for_update(work, round_id, _RECORD, queries.open_to, share=True)
    checking.in_phase(held, RoundPhase.APPLYING)
    if work.today > held.apply_until:
        raise errors.PhaseIsOver
    subject = await queries.subject(work, given.subject_kind, given.subject_id, held.as_of)
    if subject is None or not await queries.lies_below(work, subject.division_code, held.division_code):
        words = ("没有这个申报对象, 或不在您和本轮的范围内", "no such subject in your scope and the round's")
        checking.refuse(Fault("/subject_id", "subject_unknown", words))
    reasons = rules.reasons(held.eligibility["rules"], subject.facts, held.as_of)
    if reasons:
        told = [{"code": each.rule, "message": each.message, "source": each.source} for each in reasons]
        raise errors.NotEligible(reasons=told)
    row = Application(
        id=uuid7(),
        round_id=held.id,
        subject_kind=subject.kind,
        subject_name=subject.name,
        division_code=subject.division_code,
        body_id=subject.body_id,
        state=ApplicationState.CULTIVATING if held.cultivation else ApplicationState.DRAFT,
        checked={"on": held.as_of.isoformat(), "rules": [each["rule"] for each in held.eligibility["rules"]]},
        applied_by=work.actor.id,
        **{_FIELD[subject.kind]: subject.id},
    )
    work.session.add(row)
    await work.session.flush()
    work.announce(
        ApplicationFiled(
            subject=row.id,
            division_code=row.division_code,
            round_id=held.id,
            subject_kind=subject.kind,
            subject_id=subject.id,
        )
    )
    return row.id


async def _open(
    work: Work, application_id: UUID, permission: Permission, *states: ApplicationState
) -> tuple[Round, Application]:
    """An application under way, its round held with it, in the version that was read."""
    round_id = await queries.round_id_of(work, application_id, permission)
    held = await queries.round_of(work, round_id)
    row = await queries.application_for_update(work, application_id)
    work.expect(row)
    checking.in_phase(held, RoundPhase.APPLYING)
    if ApplicationState(row.state) not in states:
        raise errors.PhaseIsOver
    return held, row


async def end_cultivation(work: Work, application_id: UUID, given: CultivationClose) -> None:
    """A site is ready to be scored, or is dropped (3-3: 培育 before 命名)."""
    _, row = await _open(work, application_id, _DECIDE, ApplicationState.CULTIVATING)
    ready = given.outcome is CultivationEnd.READY
    row.state = ApplicationState.DRAFT if ready else ApplicationState.DROPPED
    row.cultivation_note = given.note
    await work.session.flush()
    work.announce(
        CultivationEnded(
            subject=row.id, division_code=row.division_code, round_id=row.round_id, outcome=given.outcome
        )
    )


async def write(work: Work, application_id: UUID, given: SelfScores) -> None:
    """Replace the self-score and its evidence; the files are kept from now on, with the hash they have."""
    held, row = await _open(work, application_id, _RECORD, ApplicationState.DRAFT)
    if work.today > held.self_score_until:
        raise errors.PhaseIsOver
    attached = [(line.indicator, each) for line in given.lines for each in line.files]
    if len(attached) > FILES_AT_MOST:
        raise errors.TooManyFiles
    standard = (await standards.of_round(work, held)).standard
    marks = [checking.mark_of(line) for line in given.lines]
    checking.check_marks(standard, marks, "/lines")
    if len({(indicator, each.file_id) for indicator, each in attached}) < len(attached):
        checking.refuse(
            Fault("/lines", "file_twice", ("同一指标重复附件", "a file is given twice for a line"))
        )
    cards = await files.keep_as_evidence(
        work,
        {each.file_id for _, each in attached},
        division_code=row.division_code,
        open_to=Permission.EVIDENCE_READ,
    )
    for table in (Evidence, SelfScore):
        await work.execute(delete(table).where(table.application_id == row.id))
    work.session.add_all(
        SelfScore(
            application_id=row.id,
            indicator=mark.indicator,
            answer={**checking.answer_of(mark), "reason": mark.reason},
            note=line.note,
        )
        for mark, line in zip(marks, given.lines, strict=True)
    )
    await work.session.flush()
    work.session.add_all(
        Evidence(
            application_id=row.id,
            indicator=indicator,
            file_id=each.file_id,
            paper=each.paper,
            name=cards[each.file_id].name,
            size=cards[each.file_id].size,
            sha256=cards[each.file_id].sha256,
        )
        for indicator, each in attached
    )
    work.touch(row)
    await work.session.flush()
    work.announce(
        SelfScored(
            subject=row.id,
            division_code=row.division_code,
            round_id=row.round_id,
            indicators=len(marks),
            files=len(attached),
        )
    )


async def submit(work: Work, application_id: UUID) -> None:
    """Hand a sheet in, complete. Raises `SheetIncomplete` with everything that is missing."""
    held, row = await _open(work, application_id, _RECORD, ApplicationState.DRAFT)
    if work.today > held.self_score_until:
        raise errors.PhaseIsOver
    standard = (await standards.of_round(work, held)).standard
    told, shown = await queries.sheet(work, row.id)
    missing = [
        {"code": "not_scored", "indicator": code, "message": ("未自评", "not scored by the applicant")}
        for code in scoring.unmarked(standard, [scoring.Mark(indicator) for indicator in told])
    ]
    for line in standard.indicators:
        if line.by_ledger or told.get(line.code):
            continue
        missing += [
            {
                "code": "evidence_missing",
                "indicator": line.code,
                "paper": paper.code,
                "message": ("缺少佐证材料且未说明", "neither the evidence nor a note why not"),
            }
            for paper in line.evidence
            if paper.required and paper.code not in shown.get(line.code, ())
        ]
    if missing:
        raise errors.SheetIncomplete(reasons=missing)
    row.state, row.submitted_by, row.submitted_at = ApplicationState.SUBMITTED, work.actor.id, work.now
    await work.session.flush()
    work.announce(
        ApplicationSubmitted(subject=row.id, division_code=row.division_code, round_id=row.round_id)
    )


async def record_visit(work: Work, application_id: UUID, given: SiteVisitRecord) -> None:
    """Record an on-site verification, while its result is open; or a visit that was received, at any time."""
    round_id = await queries.round_id_of(work, application_id, _RECORD)
    held = await queries.round_of(work, round_id)
    row = await queries.application_for_update(work, application_id)
    on = checking.not_later(work, given.held_on, "/held_on")
    if given.kind is SiteVisitKind.ON_SITE:
        checking.in_phase(held, RoundPhase.APPLYING, RoundPhase.REVIEWING)
        if given.findings is None:
            words = ("请写明验收情况", "say what was found on site")
            checking.refuse(Fault("/findings", "missing", words))
    work.session.add(
        SiteVisit(
            id=uuid7(),
            application_id=row.id,
            **given.model_dump(exclude={"held_on"}),
            held_on=on,
            recorded_by=work.actor.id,
        )
    )
    await work.session.flush()
    work.announce(
        SiteVisited(
            subject=row.id,
            division_code=row.division_code,
            round_id=row.round_id,
            kind=given.kind,
            visitors=given.visitors,
        )
    )
