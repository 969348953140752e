"""The sizes of bodies that hold in a division."""

from collections.abc import Sequence
from datetime import date

from pydantic import ValidationError

from app.core.work import Work
from app.duties.schemas.packs import EstablishmentContent
from app.establishments import queries
from app.establishments.errors import EstablishmentPackMissing
from app.establishments.rules import JointLimit, Size, SizeBasis, Structure
from app.party_organizations.rules import BodyKind
from app.reference import queries as reference
from app.reference.rules import RulePack


async def structure_of(work: Work, division_code: str, on: date) -> Structure:
    """What the packs `establishment` of a division and those above it say of sizes on a day, the nearest
    first. Raises `EstablishmentPackMissing` where none says anything of a branch."""
    packs = await reference.packs_for(work, "establishment", await queries.path(work, division_code, on), on)
    found = _merged(packs)
    if BodyKind.BRANCH not in found.sizes:
        raise EstablishmentPackMissing
    return found


def _merged(packs: Sequence[RulePack]) -> Structure:
    """Each kind, the joint limit and the term of the reply from the nearest pack that says it."""
    sizes: dict[BodyKind, Size] = {}
    joint: JointLimit | None = None
    months: int | None = None
    for pack in packs:
        try:
            said = EstablishmentContent.model_validate(pack.content).structure
        except ValidationError:
            raise EstablishmentPackMissing from None
        if said is None:
            continue
        for size in said.kinds:
            kind = BodyKind(size.kind)
            sizes[kind] = Size(
                kind,
                SizeBasis(size.basis),
                size.at_least,
                size.at_most,
                size.source,
                size.verified,
                pack.id,
            )
        if said.joint is not None:
            joint = JointLimit(
                said.joint.organizations_at_most, said.joint.source, said.joint.verified, pack.id
            )
        months = said.reply.months if said.reply is not None else months
    return Structure(sizes, joint, months)
