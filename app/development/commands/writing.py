"""What is put on record in a case, by a verb of its own or together with a step."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range

from app.core.db import uuid7
from app.core.work import Work
from app.development import errors, queries, rules
from app.development.commands.standing import Standing, day, refuse
from app.development.models import (
    DevelopmentHelper,
    DevelopmentPaper,
    DevelopmentPublicity,
    DevelopmentRecord,
    DevelopmentReview,
    DevelopmentVote,
)
from app.development.rules import HelperRole, Node, PaperState, RecordKind
from app.development.schemas import (
    PoliticalReviewGiven,
    PublicityGiven,
    PublicityStart,
    RecordGiven,
    VoteGiven,
)
from app.members.rules import MemberStatus

REVIEWS = "development_reviews"
FINDINGS = "findings_cipher"
USUAL_DAYS = 5
"""Working days of a publicity that the pack does not ask for: 各地做法."""


async def receive(work: Work, standing: Standing, kind: str, on: date, document: str | None = None) -> None:
    """A paper came in; an earlier one of its kind is no longer the current one."""
    p, case = DevelopmentPaper, standing.case
    await _put_aside(work, p, p.case_id == case.id, p.kind == kind)
    work.session.add(
        p(
            id=uuid7(),
            case_id=case.id,
            kind=kind,
            state=PaperState.RECEIVED,
            on=on,
            document=document,
            current=True,
        )
    )
    await work.session.flush()


async def give_back(
    work: Work, standing: Standing, kind: str, on: date, *, reason: str, pointer: str
) -> None:
    """A paper goes back with its reason. Raises `DevelopmentInvalid` where none is held."""
    p = DevelopmentPaper
    row: DevelopmentPaper | None = await work.scalar(
        select(p).where(
            p.case_id == standing.case.id, p.kind == kind, p.current, p.state == PaperState.RECEIVED
        )
    )
    if row is None:
        refuse((pointer, "paper_not_held", "没有可退回的这种材料", "no such paper is held"))
    assert row is not None  # noqa: S101 (refused above)
    row.state, row.reason, row.returned_on = PaperState.RETURNED, reason, on
    await work.session.flush()


async def vote(work: Work, standing: Standing, node: Node, given: VoteGiven, *, current: bool = True) -> date:
    """The count of a meeting. Raises `DevelopmentInvalid` where it does not add up."""
    cast_votes = given.in_favour + given.against + given.abstained
    wrongs = []
    if given.present + given.written > given.due:
        wrongs.append(("/present", "more_than_due", "到会和书面意见人数多于应到会人数", "more than are due"))
    if cast_votes > given.present + given.written:
        wrongs.append(("/in_favour", "more_than_voters", "票数多于表决人数", "more votes than voters"))
    refuse(*wrongs)
    on, v = day(work, given.on), DevelopmentVote
    if current:
        await _put_aside(work, v, v.case_id == standing.case.id, v.step == node.code)
    counts = given.model_dump(exclude={"on", "step"})
    work.session.add(
        v(id=uuid7(), case_id=standing.case.id, step=node.code, on=on, current=current, **counts)
    )
    await work.session.flush()
    return on


async def publish(
    work: Work, standing: Standing, node: Node, given: PublicityStart | PublicityGiven
) -> DevelopmentPublicity:
    """A publicity for a step, in place of one that is closed. Raises `PublicityOpen`."""
    b = DevelopmentPublicity
    await _put_aside(work, b, b.case_id == standing.case.id, b.step == node.code, b.closed_on.is_not(None))
    row = b(
        id=uuid7(),
        case_id=standing.case.id,
        step=node.code,
        from_on=day(work, given.from_on, "/from_on"),
        working_days=given.working_days or node.publicity_working_days or USUAL_DAYS,
        place=given.place,
        objections=0,
        current=True,
    )
    if isinstance(given, PublicityGiven):
        close(row, day(work, given.closed_on, "/closed_on"), given.result, given.objections)
    work.session.add(row)
    await work.session.flush()
    return row


def close(row: DevelopmentPublicity, on: date, result: rules.ObjectionResult, objections: int) -> None:
    """The end of a publicity with what became of its objections."""
    if on < row.from_on:
        refuse(("/on", "before_start", "早于公示开始日期", "lies before its first day"))
    if (result is rules.ObjectionResult.NONE) != (objections == 0):
        refuse(("/result", "objections", "公示结果与反映数不符", "the result and the objections disagree"))
    row.closed_on, row.result, row.objections = on, result, objections


async def name_helpers(
    work: Work, standing: Standing, role: HelperRole, ids: Sequence[UUID], on: date
) -> None:
    """Who stands by the applicant from a day on; who stays, stays since when they were."""
    await _check_helpers(work, standing, ids)
    h = DevelopmentHelper
    running = list(
        await work.scalars(
            select(h).where(h.case_id == standing.case.id, h.role == role, h.valid.op("@>")(Range(on).lower))
        )
    )
    for row in running:
        if row.member_id in ids:
            continue
        if row.valid.lower is not None and row.valid.lower >= on:
            words = ("须晚于现任开始日期", "has to be later than the day from which the present one stands")
            refuse(("/on", "too_early", *words))
        row.valid = Range(row.valid.lower, on)
    await work.session.flush()
    staying = {row.member_id for row in running}
    for member_id in ids:
        if member_id not in staying:
            work.session.add(
                h(
                    id=uuid7(),
                    case_id=standing.case.id,
                    applicant_id=standing.case.member_id,
                    role=role,
                    member_id=member_id,
                    valid=Range(on),
                )
            )
    await work.session.flush()


async def _check_helpers(work: Work, standing: Standing, ids: Sequence[UUID]) -> None:
    """Full members in sight, each once, none with restricted rights, none the applicant."""
    seen = await queries.members_seen(work, list(ids), queries.READ)
    wrongs = []
    for number, member_id in enumerate(ids):
        at, person = f"/member_ids/{number}", seen.get(member_id)
        if member_id in ids[:number]:
            wrongs.append((at, "twice", "同一党员不能重复", "is named twice"))
        elif person is None or member_id == standing.case.member_id:
            wrongs.append((at, "no_such_member", "没有这名党员, 或不在您的范围内", "no such member here"))
        elif person.status != MemberStatus.FULL:
            wrongs.append((at, "not_full", "须是正式党员", "is no full member"))
        elif person.restricted:
            wrongs.append((at, "restricted", "受留党察看等处分的不能担任", "has restricted rights"))
    refuse(*wrongs)


async def put(work: Work, standing: Standing, given: RecordGiven) -> None:
    """A conversation, an appraisal, a training or a thought report."""
    trained = given.days is not None or given.hours is not None
    if (given.kind is RecordKind.TRAINING) != trained:
        refuse(("/hours", "training_only", "培训须填天数或学时, 其他不填", "of a training, and only of it"))
    work.session.add(
        DevelopmentRecord(
            id=uuid7(),
            case_id=standing.case.id,
            kind=given.kind,
            on=day(work, given.on),
            days=given.days,
            hours=given.hours,
            document=given.document,
            recorded_by=work.actor.id,
        )
    )
    await work.session.flush()


async def review(work: Work, standing: Standing, given: PoliticalReviewGiven) -> date:
    """A political review: the findings are sealed to their row before they are stored."""
    w, on, own = DevelopmentReview, day(work, given.on), uuid7()
    await _put_aside(work, w, w.case_id == standing.case.id)
    sealed = (
        None
        if given.findings is None
        else work.crypto.encrypt(given.findings, table=REVIEWS, column=FINDINGS, row=own)
    )
    work.session.add(
        w(
            id=own,
            case_id=standing.case.id,
            on=on,
            conclusion=given.conclusion,
            document=given.document,
            findings_cipher=sealed,
            recorded_by=work.actor.id,
            current=True,
        )
    )
    await work.session.flush()
    return on


async def _put_aside(work: Work, model: type, *conditions: object) -> None:
    """What was current is so no longer; it stays on record."""
    statement = update(model).where(*conditions, model.current).values(current=False)  # type: ignore[attr-defined,arg-type]
    await work.execute(statement.execution_options(synchronize_session=False))


def open_publicity(row: DevelopmentPublicity | None) -> DevelopmentPublicity:
    """The publicity that runs. Raises `CaseBlocked`."""
    if row is None:
        raise errors.CaseBlocked
    return row
