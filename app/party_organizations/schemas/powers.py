"""The content of the rule pack of powers."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields import Input, LongText
from app.party_organizations.rules import BodyKind, Entitlement, Formation, Power, PowersPack
from app.reference.schemas import content_of


class KindPowers(Input):
    """What bodies of a kind may do."""

    powers: Annotated[list[Power], Field(max_length=20)]
    source: LongText
    verified: Annotated[bool, Field(description="Whether the text of the source was seen.")]


class FormationLimits(Input):
    """What bodies of a formation may not do, whatever their kind."""

    without: Annotated[list[Power], Field(max_length=20)]
    source: LongText
    verified: Annotated[bool, Field(description="Whether the text of the source was seen.")]


class PowersContent(Input):
    """The content of a rule pack of the kind `party_organization_powers`: a kind that is not named may do
    nothing."""

    kinds: Annotated[dict[BodyKind, KindPowers], Field(min_length=1)]
    formations: dict[Formation, FormationLimits]

    def plain(self, pack_id: UUID | None) -> PowersPack:
        return PowersPack(
            {k: Entitlement(frozenset(v.powers), v.source, v.verified) for k, v in self.kinds.items()},
            {k: Entitlement(frozenset(v.without), v.source, v.verified) for k, v in self.formations.items()},
            pack_id,
        )


content_of("party_organization_powers", PowersContent)
