"""The standard of a round, as it was published, and what the ledger says by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core.access import Permission
from app.core.work import Work
from app.rounds import queries
from app.rounds.formats import Sheet
from app.rounds.models import Round
from app.scoring import queries as ledger
from app.scoring import rules as scoring
from app.scoring.formats import standard_of


@dataclass(frozen=True, slots=True)
class Published:
    """A published version: what it says, the hash of it, and whether new rounds may go by it."""

    standard: scoring.Standard
    content_hash: str
    in_force: bool


async def published(work: Work, version_id: UUID) -> Published | None:
    """A published version; None where there is none."""
    found = await queries.standard_version(work, version_id)
    if found is None:
        return None
    return Published(standard_of(found.content), found.content_hash, found.state == "published")


async def of_round(work: Work, held: Round) -> Published:
    """The standard that a round goes by: a published version never changes."""
    found = await published(work, held.standard_version_id)
    assert found is not None  # noqa: S101 (checked when the round was opened)
    return found


async def figures(
    work: Work, standard: scoring.Standard, sheets: Sequence[Sheet], as_of: date
) -> Mapping[UUID, Mapping[str, scoring.Computed]]:
    """What the ledger says of each sheet's subject on the round's date; of a member, of their body."""
    if not standard.sources:
        return {sheet.id: {} for sheet in sheets}
    await work.admit(work.actor.scope(Permission.MEMBER_READ))
    return {sheet.id: await ledger.computed(work, standard, *_subject(sheet), as_of) for sheet in sheets}


def _subject(sheet: Sheet) -> tuple[scoring.Subject, UUID]:
    if sheet.organization_id is not None:
        return scoring.Subject.ORGANIZATION, sheet.organization_id
    body = sheet.party_organization_id or sheet.body_id
    assert body is not None  # noqa: S101 (a constraint: a body, or a member of one)
    return scoring.Subject.PARTY_ORGANIZATION, body
