"""The addresses of development cases and quotas."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from app.core.access import Permission
from app.core.errors import refusals
from app.core.http import Router, changing, creating, reading
from app.core.pages import Page
from app.core.work import Work
from app.development import commands, errors, queries
from app.development.schemas import (
    CaseAdvance,
    CaseFilters,
    CaseItem,
    CaseOpen,
    CaseRead,
    CaseReject,
    CaseRemove,
    CaseRestart,
    FunnelQuestion,
    FunnelRead,
    HelpersName,
    PapersGiven,
    PoliticalReviewGiven,
    ProbationExtend,
    PublicityClose,
    PublicityObject,
    PublicityStart,
    QuotaAllot,
    QuotaFilters,
    QuotaRead,
    QuotaUpdate,
    RecordsGiven,
    ReviewReveal,
    ReviewRevealed,
    VoteRecord,
)
from app.identity.errors import FreshSignInNeeded, RevealsSpent
from app.members.errors import (
    MemberHasEnded,
    MemberInvalid,
    MemberKnown,
    PersonNeedsVerification,
    StatusBlocked,
    StepBlocked,
    TransferOpen,
)

router = Router(tags=["development"])

Reader = Annotated[Work, reading(Permission.MEMBER_READ)]
Recorder = Annotated[Work, creating(Permission.MEMBER_RECORD)]
Editor = Annotated[Work, changing(Permission.MEMBER_RECORD)]
Decider = Annotated[Work, changing(Permission.MEMBER_DECIDE)]
Allotter = Annotated[Work, creating(Permission.MEMBER_DECIDE)]
Revealer = Annotated[Work, creating(Permission.MEMBER_REVEAL)]
CaseId = Annotated[UUID, Path(description="The id of the case.")]
ReviewId = Annotated[UUID, Path(description="The id of the political review.")]
QuotaId = Annotated[UUID, Path(description="The id of the quota.")]

_missing, _invalid = errors.DevelopmentCaseNotFound, errors.DevelopmentInvalid
_closed, _blocked = errors.CaseClosedAlready, errors.CaseBlocked
_not_ready, _not_above = errors.StepNotReady, errors.NotTheApprovingBody
_member = (MemberInvalid, MemberHasEnded, StepBlocked, StatusBlocked)
_case = refusals(_missing, _invalid, _closed, _blocked)


@router.get("/development-cases", response_model=Page[CaseItem])
async def list_development_cases(work: Reader, filters: Annotated[CaseFilters, Query()]) -> Response:
    """Cases of my scope, masked, the latest first."""
    return await queries.page(work, filters)


@router.post(
    "/development-cases",
    status_code=201,
    response_model=CaseRead,
    responses=refusals(
        _invalid,
        _not_ready,
        errors.CaseOpenAlready,
        errors.DevelopmentPackMissing,
        MemberInvalid,
        MemberKnown,
        PersonNeedsVerification,
    ),
)
async def open_development_case(work: Recorder, plan: CaseOpen) -> Response:
    """Take an application (递交入党申请书): of an applicant in the ledger, or of a new person. The case stays
    on the rule pack of that day."""
    return await commands.show(work, await commands.open_case(work, plan), status=201)


@router.get("/development-cases/funnel", response_model=FunnelRead)
async def get_development_funnel(work: Reader, asked: Annotated[FunnelQuestion, Query()]) -> Response:
    """How many stand where, how many came how far, and the median of the days: counts only."""
    return await queries.funnel(work, asked)


@router.get("/development-cases/{case_id}", response_model=CaseRead, responses=refusals(_missing))
async def get_development_case(work: Reader, case_id: CaseId) -> Response:
    """One case with every step; for each that comes next, when it may be taken and every reason against it
    today, with its article."""
    return await commands.show(work, case_id)


@router.post(
    "/development-cases/{case_id}/advance",
    response_model=CaseRead,
    responses=refusals(
        _missing,
        _invalid,
        _closed,
        _not_ready,
        _not_above,
        *_member,
        errors.PublicityOpen,
        errors.HelperTwice,
        errors.QuotaUsed,
    ),
)
async def advance_development_case(work: Editor, case_id: CaseId, order: CaseAdvance) -> Response:
    """Take the next step with its record, or several in their order: all or none. What is missing comes with
    the step or came before; steps of the committee need its `member.decide`."""
    await commands.advance(work, case_id, order)
    return await commands.show(work, case_id)


@router.post(
    "/development-cases/{case_id}/reject",
    response_model=CaseRead,
    responses=refusals(_missing, _invalid, _closed, _blocked, _not_above, *_member),
)
async def reject_development_step(work: Decider, case_id: CaseId, order: CaseReject) -> Response:
    """Do not agree to the step that comes next: papers go back each with its reason, perhaps the case to an
    earlier step."""
    await commands.reject(work, case_id, order)
    return await commands.show(work, case_id)


@router.post("/development-cases/{case_id}/papers", response_model=CaseRead, responses=_case)
async def record_development_papers(work: Editor, case_id: CaseId, given: PapersGiven) -> Response:
    """Papers received, or returned each with its reason."""
    await commands.record_papers(work, case_id, given)
    return await commands.show(work, case_id)


@router.post("/development-cases/{case_id}/vote", response_model=CaseRead, responses=_case)
async def record_development_vote(work: Editor, case_id: CaseId, given: VoteRecord) -> Response:
    """The vote of the branch meeting on this one candidate (逐个讨论和表决)."""
    await commands.record_vote(work, case_id, given)
    return await commands.show(work, case_id)


@router.post(
    "/development-cases/{case_id}/publicity",
    response_model=CaseRead,
    responses=refusals(_missing, _invalid, _closed, _blocked, errors.PublicityOpen),
)
async def start_development_publicity(work: Editor, case_id: CaseId, given: PublicityStart) -> Response:
    """Publish the name (公示) for so many working days."""
    await commands.start_publicity(work, case_id, given)
    return await commands.show(work, case_id)


@router.post("/development-cases/{case_id}/publicity/objections", response_model=CaseRead, responses=_case)
async def object_to_development_publicity(work: Editor, case_id: CaseId, given: PublicityObject) -> Response:
    """Objections came in while the name was published; who raised them stays on paper."""
    await commands.object_to_publicity(work, case_id, given)
    return await commands.show(work, case_id)


@router.post("/development-cases/{case_id}/publicity/close", response_model=CaseRead, responses=_case)
async def close_development_publicity(work: Editor, case_id: CaseId, given: PublicityClose) -> Response:
    """End the publicity with what became of its objections."""
    await commands.close_publicity(work, case_id, given)
    return await commands.show(work, case_id)


@router.post(
    "/development-cases/{case_id}/helpers",
    response_model=CaseRead,
    responses=refusals(_missing, _invalid, _closed, errors.HelperTwice),
)
async def name_development_helpers(work: Editor, case_id: CaseId, given: HelpersName) -> Response:
    """Name contacts (培养联系人) or introducers (入党介绍人): full members, in place of who stood before."""
    await commands.name_helpers(work, case_id, given)
    return await commands.show(work, case_id)


@router.post("/development-cases/{case_id}/records", response_model=CaseRead, responses=_case)
async def add_development_records(work: Editor, case_id: CaseId, given: RecordsGiven) -> Response:
    """Conversations, appraisals (考察), trainings with their class hours, thought reports."""
    await commands.add_records(work, case_id, given)
    return await commands.show(work, case_id)


@router.post("/development-cases/{case_id}/review", response_model=CaseRead, responses=_case)
async def record_political_review(work: Editor, case_id: CaseId, given: PoliticalReviewGiven) -> Response:
    """Conclude a political review (政治审查). The findings are sealed: no list or case shows them."""
    await commands.record_review(work, case_id, given)
    return await commands.show(work, case_id)


@router.post(
    "/development-cases/{case_id}/review/{review_id}/reveal",
    response_model=ReviewRevealed,
    responses=refusals(_missing, errors.DevelopmentReviewNotFound, FreshSignInNeeded, RevealsSpent),
)
async def reveal_political_review(
    work: Revealer, case_id: CaseId, review_id: ReviewId, asked: ReviewReveal
) -> ReviewRevealed:
    """The findings in plain text, with purpose and reason on record before they are shown; so many a day."""
    return await commands.reveal_review(work, case_id, review_id, asked)


@router.post(
    "/development-cases/{case_id}/extend-probation",
    response_model=CaseRead,
    responses=refusals(_missing, _invalid, _closed, _blocked, _not_ready, _not_above),
)
async def extend_development_probation(work: Decider, case_id: CaseId, order: ProbationExtend) -> Response:
    """Prolong the probation once (延长预备期), when it is over, by the meeting and the committee."""
    await commands.extend_probation(work, case_id, order)
    return await commands.show(work, case_id)


@router.post(
    "/development-cases/{case_id}/remove",
    response_model=CaseRead,
    responses=refusals(_missing, _invalid, _closed, _blocked, _not_ready, _not_above, *_member, TransferOpen),
)
async def remove_development_candidate(work: Decider, case_id: CaseId, order: CaseRemove) -> Response:
    """Remove a candidate (取消资格); a probationary member by the vote of the meeting and the committee."""
    await commands.remove(work, case_id, order)
    return await commands.show(work, case_id)


@router.post(
    "/development-cases/{case_id}/restart",
    response_model=CaseRead,
    responses=refusals(_missing, _invalid, _closed, _blocked, *_member),
)
async def restart_development_case(work: Decider, case_id: CaseId, order: CaseRestart) -> Response:
    """Go on from an earlier step because a decision came too late, as the rule pack says."""
    await commands.restart(work, case_id, order)
    return await commands.show(work, case_id)


@router.get("/quotas", response_model=Page[QuotaRead])
async def list_quotas(work: Reader, filters: Annotated[QuotaFilters, Query()]) -> Response:
    """The year's plans (发展党员计划) of my scope: places, used, allotted on."""
    return await queries.page_quotas(work, filters)


@router.post(
    "/quotas",
    status_code=201,
    response_model=QuotaRead,
    responses=refusals(_invalid, errors.QuotaKnown, errors.QuotaUsed, errors.QuotaOverdrawn),
)
async def allot_quota(work: Allotter, plan: QuotaAllot) -> Response:
    """Allot places to a body, out of the nearest quota above it; as a hard limit, or one that warns."""
    return await queries.read_quota(work, await commands.allot(work, plan), status=201)


@router.get("/quotas/{quota_id}", response_model=QuotaRead, responses=refusals(errors.QuotaNotFound))
async def get_quota(work: Reader, quota_id: QuotaId) -> Response:
    """One quota and how much of it is used."""
    return await queries.read_quota(work, quota_id)


@router.patch(
    "/quotas/{quota_id}",
    response_model=QuotaRead,
    responses=refusals(errors.QuotaNotFound, errors.QuotaUsed, errors.QuotaOverdrawn),
)
async def change_quota(work: Decider, quota_id: QuotaId, update: QuotaUpdate) -> Response:
    """More or fewer places; never fewer than are used of a hard one, or allotted on."""
    await commands.change_quota(work, quota_id, update)
    return await queries.read_quota(work, quota_id)
