"""What a body may do today, by the rule pack that is nearest to its division."""

from datetime import date
from uuid import UUID

from pydantic import ValidationError

from app.core.work import Work
from app.party_organizations import errors, queries
from app.party_organizations.rules import BodyKind, Formation, Powers, PowersPack
from app.party_organizations.schemas import PowersContent
from app.reference import queries as reference
from app.reference.rules import RulePack

KIND = "party_organization_powers"


async def powers_as(work: Work, kind: BodyKind, formation: Formation | None, division_code: str) -> Powers:
    """What a body of a kind and formation in a division may do today. Raises `PowersPackInvalid`."""
    pack = await reference.pack_at(work, KIND, division_code, work.today)
    return _content(pack).of(kind, formation)


async def powers_of(work: Work, body_id: UUID, on: date | None = None) -> Powers:
    """What a body may do on a day (today if absent), whoever asks: for the commands of other slices.

    Its kind is that of the day, and the pack the one in force then. Raises `PartyOrganizationNotFound` where
    there is no such body, `PowersPackInvalid` where no pack says."""
    day = on or work.today
    nature = await queries.nature(work, body_id, day)
    if nature is None:
        raise errors.PartyOrganizationNotFound
    pack = await reference.pack_for(work, KIND, nature.path, day)
    formation = Formation(nature.formation) if nature.formation else None
    return _content(pack).of(BodyKind(nature.kind), formation)


def _content(pack: RulePack | None) -> PowersPack:
    if pack is None:
        raise errors.PowersPackInvalid
    try:
        return PowersContent.model_validate(pack.content).plain(pack.id)
    except ValidationError:
        raise errors.PowersPackInvalid from None
