"""The verbs of what is recorded between steps: papers, votes, publicity, helpers, records."""

from uuid import UUID

from sqlalchemy import select

from app.core.work import Work
from app.development import errors
from app.development.commands import writing
from app.development.commands.standing import Standing, again, day, node_of, opened, refuse, settle
from app.development.models import DevelopmentPublicity
from app.development.rules import Node, PaperState
from app.development.schemas import (
    CaseHelpers,
    CasePapers,
    CasePublicity,
    CaseRecords,
    CaseVoted,
    HelpersName,
    PaperGiven,
    PapersGiven,
    PublicityClose,
    PublicityObject,
    PublicityStart,
    RecordsGiven,
    VoteRecord,
)


async def record_papers(work: Work, case_id: UUID, given: PapersGiven) -> None:
    """Papers received or returned, each with its own reason. Raises `DevelopmentInvalid`."""
    standing = await opened(work, case_id)
    for number, paper in enumerate(given.papers):
        await _paper(work, standing, paper, f"/papers/{number}")
    await _finish(work, standing)
    work.announce(
        CasePapers(
            subject=case_id,
            division_code=standing.loaded.division_code,
            received=[p.kind for p in given.papers if p.state is PaperState.RECEIVED],
            returned=[p.kind for p in given.papers if p.state is PaperState.RETURNED],
        )
    )


async def _paper(work: Work, standing: Standing, paper: PaperGiven, pointer: str) -> None:
    if paper.kind not in standing.pack.papers:
        refuse((f"{pointer}/kind", "no_such_paper", "规则包中没有这种材料", "the pack has no such paper"))
    on = day(work, paper.on, f"{pointer}/on")
    if (paper.state is PaperState.RETURNED) != (paper.reason is not None):
        refuse((f"{pointer}/reason", "reason", "退回须说明原因, 收到不填", "of a return, and only of it"))
    if paper.reason is None:
        await writing.receive(work, standing, paper.kind, on, paper.document)
    else:
        await writing.give_back(
            work, standing, paper.kind, on, reason=paper.reason, pointer=f"{pointer}/kind"
        )


async def record_vote(work: Work, case_id: UUID, given: VoteRecord) -> None:
    """The vote of the branch meeting for a step that is not taken yet."""
    standing = await opened(work, case_id)
    node = _to_come(standing, given.step)
    on = await writing.vote(work, standing, node, given)
    await _finish(work, standing)
    work.announce(
        CaseVoted(subject=case_id, division_code=standing.loaded.division_code, step=node.code, on=on)
    )


async def start_publicity(work: Work, case_id: UUID, given: PublicityStart) -> None:
    """Publish a name for so many working days. Raises `PublicityOpen`."""
    standing = await opened(work, case_id)
    row = await writing.publish(work, standing, _to_come(standing, given.step), given)
    await _finish(work, standing)
    _tell(work, standing, row)


async def object_to_publicity(work: Work, case_id: UUID, given: PublicityObject) -> None:
    """Objections came in. Raises `CaseBlocked` where nothing is published."""
    standing = await opened(work, case_id)
    row = await _running(work, standing)
    row.objections += given.objections
    await _finish(work, standing)
    _tell(work, standing, row)


async def close_publicity(work: Work, case_id: UUID, given: PublicityClose) -> None:
    """The end of the publicity, with what became of its objections. Raises `CaseBlocked`."""
    standing = await opened(work, case_id)
    row = await _running(work, standing)
    writing.close(row, day(work, given.on), given.result, row.objections)
    await _finish(work, standing)
    _tell(work, standing, row)


async def name_helpers(work: Work, case_id: UUID, given: HelpersName) -> None:
    """Contacts or introducers from a day on. Raises `DevelopmentInvalid`, `HelperTwice`."""
    standing, on = await opened(work, case_id), day(work, given.on)
    rule = [n.helpers for n in standing.pack.nodes if n.helpers is not None and n.helpers.role is given.role]
    if rule and len(given.member_ids) > max(each.at_most for each in rule):
        refuse(("/member_ids", "too_many", "人数超过规定", "more than the rule allows"))
    await writing.name_helpers(work, standing, given.role, given.member_ids, on)
    await _finish(work, standing)
    work.announce(
        CaseHelpers(
            subject=case_id,
            division_code=standing.loaded.division_code,
            role=given.role,
            member_ids=list(given.member_ids),
            on=on,
        )
    )


async def add_records(work: Work, case_id: UUID, given: RecordsGiven) -> None:
    """Conversations, appraisals, trainings, thought reports."""
    standing = await opened(work, case_id)
    for record in given.records:
        await writing.put(work, standing, record)
    await _finish(work, standing)
    work.announce(
        CaseRecords(
            subject=case_id,
            division_code=standing.loaded.division_code,
            kinds=[record.kind for record in given.records],
        )
    )


def _to_come(standing: Standing, code: str) -> Node:
    """A step that is not taken yet. Raises `CaseBlocked`."""
    node = node_of(standing, code)
    if node.code in standing.facts.done:
        raise errors.CaseBlocked
    return node


async def _running(work: Work, standing: Standing) -> DevelopmentPublicity:
    b = DevelopmentPublicity
    found = await work.scalar(
        select(b).where(b.case_id == standing.case.id, b.current, b.closed_on.is_(None)).with_for_update()
    )
    return writing.open_publicity(found)


async def _finish(work: Work, standing: Standing) -> None:
    await work.session.flush()
    settle(work, await again(work, standing))
    await work.session.flush()


def _tell(work: Work, standing: Standing, row: DevelopmentPublicity) -> None:
    work.announce(
        CasePublicity(
            subject=standing.case.id,
            division_code=standing.loaded.division_code,
            step=row.step,
            objections=row.objections,
            result=row.result,
        )
    )
