"""Publish a draft, by a second person, for good; withdraw what is published."""

from uuid import UUID

from app.core.access import Permission
from app.core.work import Work
from app.scoring import errors, formats, queries, rules
from app.scoring.commands.drafting import told
from app.scoring.models import ScoringStandard, ScoringStandardVersion
from app.scoring.schemas import StandardPublished, StandardWithdraw, StandardWithdrawn

_DECIDE = Permission.STANDARD_DECIDE


async def publish(work: Work, version_id: UUID) -> None:
    """Put a draft in force, by somebody other than its author. From then on it never changes."""
    row, version = await _locked(work, version_id)
    if version.state != "draft":
        raise errors.StandardNotDraft
    if version.created_by == work.actor.id:
        raise errors.StandardOwnDraft
    if wrongs := rules.check(formats.standard_of(version.content)):
        raise errors.StandardUnfit(errors=formats.reviewed(wrongs))
    version.state, version.published_by, version.published_at = "published", work.actor.id, work.now
    await work.session.flush()
    work.announce(told(StandardPublished, row, version))


async def withdraw(work: Work, version_id: UUID, given: StandardWithdraw) -> None:
    """Take a version out of use for new rounds; its text, and what was scored by it, stay."""
    row, version = await _locked(work, version_id)
    if version.state != "published":
        raise errors.StandardNotPublished
    version.state, version.withdrawn_by, version.withdrawn_at = "withdrawn", work.actor.id, work.now
    version.withdrawn_reason = given.reason
    await work.session.flush()
    work.announce(told(StandardWithdrawn, row, version))


async def _locked(work: Work, version_id: UUID) -> tuple[ScoringStandard, ScoringStandardVersion]:
    version = await queries.get_for_update(work, version_id, _DECIDE)
    work.expect(version)
    row = await queries.lock_standard(work, standard_id=version.standard_id)
    if row is None:
        raise errors.StandardNotFound
    return row, version
