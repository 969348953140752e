"""Findings: opened and closed by the facts, or closed by a person with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.organizations import errors, queries, rules
from app.organizations.models import OrganizationFinding
from app.organizations.rules import Finding
from app.organizations.schemas import FindingClosed, FindingOpened

F = OrganizationFinding


@dataclass(frozen=True, slots=True)
class Found:
    """What the statements about an organization leave to settle; of a new one nothing is on the list yet."""

    organization_id: UUID
    division_code: str
    findings: Sequence[Finding]
    is_new: bool


async def settle(work: Work, found: Sequence[Found]) -> None:
    """Open what the facts show, close what they no longer show. What a person closed stays closed."""
    listed: dict[UUID, dict[str, OrganizationFinding]] = {}
    if asked := [each.organization_id for each in found if not each.is_new]:
        rows = await work.scalars(
            select(F).where(
                F.organization_id == func.any(asked),
                F.kind.in_([kind.value for kind in rules.FOLDED_FINDINGS]),
                or_(F.state == "open", F.closed_by.is_not(None)),
            )
        )
        for row in rows:
            listed.setdefault(row.organization_id, {})[row.digest] = row
    for each in found:
        known = listed.get(each.organization_id, {})
        wanted = {finding.digest: finding for finding in each.findings}
        for digest, finding in wanted.items():
            if digest not in known:
                open_finding(work, each.organization_id, each.division_code, finding)
        for digest, row in known.items():
            if row.state == "open" and digest not in wanted:
                row.state, row.closed_at, row.closed_reason = "closed", work.now, "settled by the facts"
                _announce_closed(work, each.division_code, row, by_person=False)
    await work.session.flush()


def open_finding(work: Work, organization_id: UUID, division_code: str, finding: Finding) -> None:
    """Put a finding on the list."""
    row = OrganizationFinding(
        id=uuid7(),
        organization_id=organization_id,
        kind=finding.kind.value,
        fact=finding.fact,
        key=finding.key,
        evidence=dict(finding.evidence),
        digest=finding.digest,
        state="open",
    )
    work.session.add(row)
    work.announce(
        FindingOpened(
            subject=organization_id,
            division_code=division_code,
            finding_id=row.id,
            kind=row.kind,
            fact=row.fact,
        )
    )


async def note_absence(work: Work, organization_id: UUID, evidence: dict[str, str]) -> None:
    """A list that was held against the ledger does not have an organization: a person has to look.

    Raises `OrganizationNotFound`. The same list again opens nothing."""
    scope = work.actor.scope(Permission.ORGANIZATION_RECORD)
    organization = await queries.get_for_update(work, organization_id, scope)
    finding = Finding(rules.FindingKind.ABSENT_FROM_LIST, "registration_status", "", evidence)
    if (organization.id, finding.digest) not in await queries.open_digests(work, [organization.id]):
        open_finding(work, organization.id, organization.division_code, finding)


async def close(work: Work, finding_id: UUID, reason: str) -> None:
    """Close a finding that needs no more work. Raises `FindingNotFound`, `FindingAlreadyClosed`."""
    scope = work.actor.scope(Permission.ORGANIZATION_DECIDE)
    row = await queries.finding_for_update(work, finding_id, scope)
    work.expect(row)
    if row.state == "closed":
        raise errors.FindingAlreadyClosed
    organization = await queries.find(work, row.organization_id, scope)
    row.state, row.closed_at, row.closed_by, row.closed_reason = "closed", work.now, work.actor.id, reason
    _announce_closed(work, organization.division_code, row, by_person=True)
    await work.session.flush()


def _announce_closed(work: Work, division_code: str, row: OrganizationFinding, *, by_person: bool) -> None:
    work.announce(
        FindingClosed(
            subject=row.organization_id,
            division_code=division_code,
            finding_id=row.id,
            kind=row.kind,
            closed_by="person" if by_person else "facts",
        )
    )
