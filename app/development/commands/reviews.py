"""Political reviews: concluded, and shown only on record."""

from uuid import UUID

from sqlalchemy import select

from app.core.access import Permission
from app.core.work import Work
from app.development import errors, queries
from app.development.commands import writing
from app.development.commands.standing import again, opened, settle
from app.development.models import DevelopmentReview
from app.development.schemas import (
    CaseReviewed,
    CaseReviewShown,
    PoliticalReviewGiven,
    ReviewReveal,
    ReviewRevealed,
)
from app.identity import commands as identity


async def record_review(work: Work, case_id: UUID, given: PoliticalReviewGiven) -> None:
    """Conclude a political review (细则第16条); an earlier one is no longer the current one."""
    standing = await opened(work, case_id)
    on = await writing.review(work, standing, given)
    settle(work, await again(work, standing))
    await work.session.flush()
    work.announce(
        CaseReviewed(
            subject=case_id,
            division_code=standing.loaded.division_code,
            conclusion=given.conclusion,
            on=on,
        )
    )


async def reveal_review(work: Work, case_id: UUID, review_id: UUID, asked: ReviewReveal) -> ReviewRevealed:
    """The findings in plain text; who asked and why is on record before it leaves, and it is stored nowhere.
    Raises `DevelopmentReviewNotFound`, `FreshSignInNeeded`, `RevealsSpent`."""
    work.keep_secret()
    await queries.seen(work, case_id, Permission.MEMBER_REVEAL, lock=True)
    loaded = await queries.load(work, case_id)
    w = DevelopmentReview
    row: DevelopmentReview | None = await work.scalar(
        select(w).where(w.id == review_id, w.case_id == case_id)
    )
    if row is None:
        raise errors.DevelopmentReviewNotFound
    await identity.permit_reveal(work)
    work.announce(
        CaseReviewShown(
            subject=case_id,
            division_code=loaded.division_code,
            purpose=asked.purpose,
            reason=asked.reason,
        )
    )
    await work.session.flush()
    findings = None
    if row.findings_cipher is not None:
        findings = work.crypto.decrypt(
            row.findings_cipher, table=writing.REVIEWS, column=writing.FINDINGS, row=row.id
        )
    return ReviewRevealed.model_validate({"conclusion": row.conclusion, "findings": findings})
