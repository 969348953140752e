"""What a body may do, by its kind and formation: data of the rule pack `party_organization_powers`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.party_organizations.rules.bodies import KIND_WORDS, BodyKind, Formation

Words = tuple[str, str]


class Power(StrEnum):
    """What one body may do and another may not (发展党员工作细则; 支部工作条例(试行))."""

    HOLD_MEMBERS = "hold_members"
    ADMIT_MEMBERS = "admit_members"
    DELIBERATE_MEMBERS = "deliberate_members"
    APPROVE_MEMBERS = "approve_members"
    TRANSFER_NATIONALLY = "transfer_nationally"
    COLLECT_DUES = "collect_dues"
    DISCIPLINE = "discipline"
    HOLD_ELECTIONS = "hold_elections"
    APPROVE_BODIES = "approve_bodies"


POWER_WORDS: Final[dict[Power, Words]] = {
    Power.HOLD_MEMBERS: ("编入党员组织关系", "hold the relations of members"),
    Power.ADMIT_MEMBERS: ("接收党员", "admit members"),
    Power.DELIBERATE_MEMBERS: ("审议接收党员", "deliberate on the admission of members"),
    Power.APPROVE_MEMBERS: ("审批党员", "approve members"),
    Power.TRANSFER_NATIONALLY: ("全国范围直接转接组织关系", "transfer relations directly nation-wide"),
    Power.COLLECT_DUES: ("收缴党费", "collect dues"),
    Power.DISCIPLINE: ("处分党员", "discipline members"),
    Power.HOLD_ELECTIONS: ("换届选举", "hold elections"),
    Power.APPROVE_BODIES: ("批准设立下级党组织", "approve bodies below it"),
}


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What the pack says of one kind, or takes from one formation."""

    powers: frozenset[Power]
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class PowersPack:
    """The powers of every kind, and what each formation is without."""

    kinds: Mapping[BodyKind, Entitlement]
    formations: Mapping[Formation, Entitlement]
    pack_id: UUID | None = None

    def of(self, kind: BodyKind, formation: Formation | None) -> "Powers":
        """What a body of this kind and formation may do; a kind that is not named may do nothing."""
        given = self.kinds.get(kind)
        taken = self.formations.get(formation) if formation is not None else None
        without = taken.powers if taken else frozenset()
        return Powers(
            kind,
            formation,
            given.powers - without if given else frozenset(),
            dict.fromkeys(without, taken.source) if taken else {},
            given.source if given else None,
            self.pack_id,
        )


@dataclass(frozen=True, slots=True)
class Powers:
    """What one body may do today, and who says so."""

    kind: BodyKind
    formation: Formation | None
    granted: frozenset[Power]
    taken: Mapping[Power, str] = field(default_factory=dict)
    source: str | None = None
    rule_pack_id: UUID | None = None

    def may(self, power: Power) -> bool:
        return power in self.granted

    def refused(self, power: Power) -> Words | None:
        """Why the body may not, in Chinese and English, with the source; None if it may."""
        if power in self.granted:
            return None
        source = self.taken.get(power) or self.source
        temporary = ("临时", "temporary ") if self.formation is Formation.TEMPORARY else ("", "")
        zh, en = KIND_WORDS[self.kind]
        what = POWER_WORDS[power]
        return (
            f"{temporary[0]}{zh}不能{what[0]}" + (f"({source})" if source else ""),
            f"a {temporary[1]}{en} cannot {what[1]}" + (f" ({source})" if source else ""),
        )
