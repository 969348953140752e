"""What a body may do today, by the rule pack that is nearest to its division."""

from datetime import date
from uuid import UUID

from pydantic import ValidationError

from app.core.work import Work
from app.party_organizations import errors, queries
from app.party_organizations.rules import BodyKind, Formation, Powers
from app.party_organizations.schemas import PowersContent
from app.reference import queries as reference

KIND = "party_organization_powers"


async def powers_of(work: Work, body_id: UUID, on: date | None = None) -> Powers:
    """What a body may do on a day (today if absent), whoever asks: for the commands of other slices.

    Its kind is that of the day, and the pack the one in force then. Raises `PartyOrganizationNotFound` where
    there is no such body, `PowersPackInvalid` where no pack says."""
    day = on or work.today
    nature = await queries.nature(work, body_id, day)
    if nature is None:
        raise errors.PartyOrganizationNotFound
    pack = await reference.pack_for(work, KIND, nature.path, day)
    if pack is None:
        raise errors.PowersPackInvalid
    try:
        content = PowersContent.model_validate(pack.content)
    except ValidationError:
        raise errors.PowersPackInvalid from None
    formation = Formation(nature.formation) if nature.formation else None
    return content.plain(pack.id).of(BodyKind(nature.kind), formation)
