"""The addresses of supervision: rounds, findings, the matrix of departments."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.notices.errors import NoticeInvalid, SecretsNotHeld
from app.supervision import commands, errors, queries
from app.supervision.schemas import (
    DepartmentDutyAssign,
    DepartmentDutyEnd,
    DepartmentDutyFilters,
    DepartmentDutyRead,
    SupervisionClose,
    SupervisionFigures,
    SupervisionFiguresQuery,
    SupervisionFindingFilters,
    SupervisionFindingJudge,
    SupervisionFindingPlan,
    SupervisionFindingRead,
    SupervisionFindingRecord,
    SupervisionFindingReport,
    SupervisionNoticeDraft,
    SupervisionOpen,
    SupervisionRoundFilters,
    SupervisionRoundListItem,
    SupervisionRoundRead,
    SupervisionSampleDraw,
    SupervisionVisitRecord,
    WeakCandidateFilters,
    WeakCandidateRead,
)

router = Router(tags=["supervision"])

Reader = Annotated[Work, reading(Permission.SUPERVISION_READ)]
Noter = Annotated[Work, changing(Permission.SUPERVISION_RECORD)]
Founder = Annotated[Work, creating(Permission.SUPERVISION_DECIDE)]
Decider = Annotated[Work, changing(Permission.SUPERVISION_DECIDE)]
Judge = Annotated[Work, changing(Permission.SUPERVISION_APPROVE)]
RoundId = Annotated[UUID, Path(description="The id of the round.")]
UnitId = Annotated[UUID, Path(description="The id of the unit in the round.")]
FindingId = Annotated[UUID, Path(description="The id of the finding.")]
DutyId = Annotated[UUID, Path(description="The id of the department's duty.")]

_invalid, _lost, _over = errors.SupervisionInvalid, errors.RoundNotFound, errors.RoundIsClosed
_gone, _not_now = errors.FindingNotFound, errors.FindingStateForbids


@router.get("/supervision-rounds", response_model=Page[SupervisionRoundListItem])
async def list_supervision_rounds(
    work: Reader, filters: Annotated[SupervisionRoundFilters, Query()]
) -> Response:
    """Rounds of supervision and spot checks of my scope."""
    return await queries.page(work, filters)


@router.post(
    "/supervision-rounds",
    status_code=201,
    response_model=SupervisionRoundRead,
    responses=refusals(_invalid, errors.UnitTwice, errors.InTeamTwice),
)
async def open_supervision_round(work: Founder, plan: SupervisionOpen) -> Response:
    """Open a round: its team, its time, the units that it goes to."""
    return await queries.read(work, await commands.open_round(work, plan), status=201)


@router.get("/supervision-rounds/figures", response_model=SupervisionFigures)
async def count_supervision(work: Reader, query: Annotated[SupervisionFiguresQuery, Query()]) -> Response:
    """Rounds, units visited, and findings by division and kind."""
    return await queries.figures(work, query)


@router.get("/supervision-rounds/{round_id}", response_model=SupervisionRoundRead, responses=refusals(_lost))
async def get_supervision_round(work: Reader, round_id: RoundId) -> Response:
    """One round with its team, units and visits."""
    return await queries.read(work, round_id)


@router.post(
    "/supervision-rounds/{round_id}/sample",
    response_model=SupervisionRoundRead,
    responses=refusals(_lost, _invalid, _over, errors.SampleDrawnAlready),
)
async def draw_supervision_sample(work: Decider, round_id: RoundId, order: SupervisionSampleDraw) -> Response:
    """Draw units by a seed; whoever has seed and list draws the same."""
    await commands.draw(work, round_id, order)
    return await queries.read(work, round_id)


@router.post(
    "/supervision-rounds/{round_id}/units/{unit_id}/visits",
    response_model=SupervisionRoundRead,
    responses=refusals(
        _lost, errors.UnitNotFound, _invalid, _over, errors.VisitedThatDay, errors.WeakAlready
    ),
)
async def record_supervision_visit(
    work: Noter, round_id: RoundId, unit_id: UnitId, given: SupervisionVisitRecord
) -> Response:
    """The team was at a unit; each thing it found becomes a finding with its day."""
    await commands.visit(work, round_id, unit_id, given)
    return await queries.read(work, round_id)


@router.post(
    "/supervision-rounds/{round_id}/close",
    response_model=SupervisionRoundRead,
    responses=refusals(_lost, _invalid, _over),
)
async def close_supervision_round(work: Decider, round_id: RoundId, order: SupervisionClose) -> Response:
    """End a round with its report; what it found goes on."""
    await commands.close(work, round_id, order)
    return await queries.read(work, round_id)


# ----------------------------------------------------------------------------------------------- findings


@router.get("/supervision-findings", response_model=Page[SupervisionFindingRead])
async def list_supervision_findings(
    work: Reader, filters: Annotated[SupervisionFindingFilters, Query()]
) -> Response:
    """Findings of my scope; `kind=weak_organization` lists laggards and weak organizations."""
    return await queries.findings(work, filters)


@router.post(
    "/supervision-findings",
    status_code=201,
    response_model=SupervisionFindingRead,
    responses=refusals(_invalid, errors.WeakAlready),
)
async def record_supervision_finding(work: Founder, given: SupervisionFindingRecord) -> Response:
    """Record a finding without a round: list somebody as weak, by a rule or by name."""
    return await queries.finding(work, await commands.record(work, given), status=201)


@router.get("/supervision-findings/weak-candidates", response_model=Page[WeakCandidateRead])
async def list_weak_candidates(work: Reader, filters: Annotated[WeakCandidateFilters, Query()]) -> Response:
    """Whom the rules call weak and who is not listed yet, with what each rule saw."""
    return await commands.candidates(work, filters)


@router.get(
    "/supervision-findings/{finding_id}", response_model=SupervisionFindingRead, responses=refusals(_gone)
)
async def get_supervision_finding(work: Reader, finding_id: FindingId) -> Response:
    """One finding with everything that followed."""
    return await queries.finding(work, finding_id)


@router.post(
    "/supervision-findings/{finding_id}/plan",
    response_model=SupervisionFindingRead,
    responses=refusals(_gone, _invalid, _not_now),
)
async def plan_supervision_finding(
    work: Decider, finding_id: FindingId, given: SupervisionFindingPlan
) -> Response:
    """Say who helps, and which measures are to be taken until when."""
    await commands.plan(work, finding_id, given)
    return await queries.finding(work, finding_id)


@router.post(
    "/supervision-findings/{finding_id}/report",
    response_model=SupervisionFindingRead,
    responses=refusals(_gone, _invalid, _not_now, errors.ReportedAlready),
)
async def report_supervision_finding(
    work: Noter, finding_id: FindingId, given: SupervisionFindingReport
) -> Response:
    """Report that it was put right, with evidence."""
    await commands.report(work, finding_id, given)
    return await queries.finding(work, finding_id)


@router.post(
    "/supervision-findings/{finding_id}/notice",
    response_model=SupervisionFindingRead,
    responses=refusals(_gone, _not_now, errors.NoticeDraftedAlready, NoticeInvalid, SecretsNotHeld),
)
async def draft_finding_notice(
    work: Decider, finding_id: FindingId, given: SupervisionNoticeDraft
) -> Response:
    """Draft a notice to the body that answers; it is approved and issued as any other."""
    await commands.draft_notice(work, finding_id, given)
    return await queries.finding(work, finding_id)


@router.post(
    "/supervision-findings/{finding_id}/judge",
    response_model=SupervisionFindingRead,
    responses=refusals(_gone, _invalid, _not_now, errors.SecondPersonNeeded),
)
async def judge_supervision_finding(
    work: Judge, finding_id: FindingId, given: SupervisionFindingJudge
) -> Response:
    """Accept it as a second person, which closes the finding, or return it with the reason."""
    await commands.judge(work, finding_id, given)
    return await queries.finding(work, finding_id)


# ------------------------------------------------------------------------------------------------- matrix


@router.get("/department-duties", response_model=Page[DepartmentDutyRead])
async def list_department_duties(
    work: Reader, filters: Annotated[DepartmentDutyFilters, Query()]
) -> Response:
    """What each department leads or assists in, matter by matter."""
    return await queries.duties(work, filters)


@router.post(
    "/department-duties",
    status_code=201,
    response_model=DepartmentDutyRead,
    responses=refusals(_invalid, errors.DepartmentDutyTwice),
)
async def assign_department_duty(work: Founder, given: DepartmentDutyAssign) -> Response:
    """Give a department its duty in a matter, as a document says."""
    return await queries.duty(work, await commands.assign(work, given), status=201)


@router.post(
    "/department-duties/{duty_id}/end",
    response_model=DepartmentDutyRead,
    responses=refusals(errors.DepartmentDutyNotFound, _invalid, errors.DepartmentDutyIsOver),
)
async def end_department_duty(work: Decider, duty_id: DutyId, order: DepartmentDutyEnd) -> Response:
    """End a duty; it stays on record."""
    await commands.end(work, duty_id, order)
    return await queries.duty(work, duty_id)
