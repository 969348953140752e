"""What must be true together with the ledger: responsibility, duties, covers. One place, one transaction."""

from datetime import date

from app.core.work import Work
from app.duties import commands as duties
from app.organizations.commands.folding import Outcome
from app.party_organizations import commands as party_organizations
from app.responsibility import commands as responsibility


async def registered(work: Work, outcome: Outcome, registered_on: date) -> None:
    """A new organization needs somebody who answers for it, and owes what registration asks for."""
    organization = outcome.organization
    await responsibility.determine(work, organization.id)
    if outcome.after.ended_on is None:
        await duties.open_registration_duties(work, organization.id, registered_on)


async def folded(work: Work, outcome: Outcome, reason: str) -> None:
    """What changed about an organization may change who answers; its end closes what hangs on it."""
    if not outcome.changed and not outcome.ends:
        return
    organization = outcome.organization
    if outcome.ends and outcome.after.ended_on is not None:
        await party_organizations.end_covers(work, organization.id, outcome.after.ended_on, reason)
        await duties.close_for_ended(work, organization.id, reason)
    await responsibility.determine(work, organization.id)
