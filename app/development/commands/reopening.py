"""A case goes back: to a step and all that rests on it, which are to be taken again."""

from datetime import date

from sqlalchemy import update

from app.core.work import Work
from app.development import errors
from app.development.commands import places
from app.development.commands.standing import DECIDE, Standing
from app.development.models import (
    DevelopmentPaper,
    DevelopmentPublicity,
    DevelopmentStep,
    DevelopmentVote,
)
from app.development.rules import Status
from app.members import commands as members
from app.members.rules import MemberStatus


async def reopen(work: Work, standing: Standing, back_to: str, on: date, *, papers: bool) -> None:
    """Take back a step and all that rests on it, with votes and publicities, perhaps with their papers; the
    member is again what the steps that are left make of them. Raises `CaseBlocked` for who has joined."""
    case, pack = standing.case, standing.pack
    codes = pack.reopened_from(back_to)
    joined = pack.makes(Status.PROBATIONARY)
    if joined is not None and joined.code in codes and joined.code in standing.facts.done:
        raise errors.CaseBlocked
    for model in (DevelopmentStep, DevelopmentVote, DevelopmentPublicity):
        await work.execute(
            update(model)
            .where(model.case_id == case.id, model.step.in_(codes), model.current)
            .values(current=False)
            .execution_options(synchronize_session=False)
        )
    kinds = [kind for code in codes for kind in pack.by_code[code].papers]
    if papers and kinds:
        p = DevelopmentPaper
        await work.execute(
            update(p)
            .where(p.case_id == case.id, p.kind.in_(kinds), p.current)
            .values(current=False)
            .execution_options(synchronize_session=False)
        )
        if any(pack.by_code[code].numbered_form for code in codes):
            case.form_number = None
    if pack.quota_counts_at in codes and joined is not None and joined.code not in standing.facts.done:
        await places.release(work, standing)
    await _step_down(work, standing, codes, on)


async def _step_down(work: Work, standing: Standing, codes: frozenset[str], on: date) -> None:
    left = set(standing.facts.done) - codes
    made = [s for s in Status if (node := standing.pack.makes(s)) is not None and node.code in left]
    status = MemberStatus(made[-1].value) if made else MemberStatus.APPLICANT
    if standing.loaded.member_status != status:
        await members.advance_status(
            work, standing.case.member_id, status, on, document=None, permission=DECIDE
        )
