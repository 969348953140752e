"""What must be true together with the ledger: responsibility, duties, covers. One place, one transaction."""

from collections.abc import Sequence

from app.core.work import Work
from app.duties import commands as duties
from app.organizations.commands.folding import Outcome
from app.party_organizations import commands as party_organizations
from app.responsibility import commands as responsibility


async def registered(work: Work, outcomes: Sequence[Outcome]) -> None:
    """New organizations need somebody who answers for them, and owe what registration asks for."""
    await responsibility.determine_many(work, [outcome.organization_id for outcome in outcomes], new=True)
    standing = [outcome for outcome in outcomes if outcome.after.ended_on is None]
    await duties.open_registration_duties_many(
        work, {outcome.organization_id: outcome.registered_on for outcome in standing}
    )


async def folded(work: Work, outcomes: Sequence[Outcome], reason: str) -> None:
    """What changed about organizations may change who answers; an end closes what hangs on it."""
    touched = [outcome for outcome in outcomes if outcome.changed or outcome.ends]
    for outcome in touched:
        if outcome.ends and outcome.after.ended_on is not None:
            await party_organizations.end_covers(
                work, outcome.organization_id, outcome.after.ended_on, reason
            )
            await duties.close_for_ended(work, outcome.organization_id, reason)
    if touched:
        await responsibility.determine_many(work, [outcome.organization_id for outcome in touched])
