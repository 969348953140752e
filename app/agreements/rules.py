"""Pairing agreements (结对共建): who signs, what ends one, and what a term and its parties must keep to.

Yangquan's 40 《党建共建协议书》 (2021) and Nansha's 16 branches with 43 partners (2022) are the forms met."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

MOST_COUNTERPARTS = 100
MOST_ITEMS = 50


class UnitKind(StrEnum):
    """What a unit outside the system is: 村、社区、学校、企业、机关、部队、医院 or another."""

    VILLAGE = "village"
    COMMUNITY = "community"
    SCHOOL = "school"
    ENTERPRISE = "enterprise"
    GOVERNMENT = "government"
    MILITARY = "military"
    HOSPITAL = "hospital"
    OTHER = "other"


class AgreementEnd(StrEnum):
    """Why an agreement ended: fulfilled, broken off, replaced by another; or it never was."""

    FULFILLED = "fulfilled"
    TERMINATED = "terminated"
    SUPERSEDED = "superseded"
    RECORDED_IN_ERROR = "recorded_in_error"


@dataclass(frozen=True, slots=True)
class Party:
    """One who signs: a Party organization, an organization, or a unit outside by its name."""

    party_organization_id: UUID | None
    organization_id: UUID | None
    unit_name: str | None

    @property
    def key(self) -> str:
        """What tells it from every other party."""
        return str(self.party_organization_id or self.organization_id or self.unit_name)


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that cannot be as asked: where, which code, and how to mend it in Chinese and English."""

    pointer: str
    code: str
    words: tuple[str, str]


def wrong_with_parties(holder: Party, counterparts: Collection[Party]) -> list[Wrong]:
    """What is wrong with those who sign: each is one thing, and none signs twice."""
    found = []
    if (holder.party_organization_id is None) == (holder.organization_id is None):
        words = ("党组织和社会组织二者选一", "name a Party organization or an organization, not both")
        found.append(Wrong("/party_organization_id", "one_holder", words))
    seen = {holder.key}
    for number, party in enumerate(counterparts):
        given = (party.party_organization_id, party.organization_id, party.unit_name)
        if sum(each is not None for each in given) != 1:
            words = (
                "党组织、社会组织、系统外单位三者选一",
                "name a body, an organization or a unit: just one",
            )
            found.append(Wrong(f"/counterparts/{number}", "one_party", words))
        elif party.key in seen:
            words = ("同一方不能重复", "the same party is named twice")
            found.append(Wrong(f"/counterparts/{number}", "party_twice", words))
        seen.add(party.key)
    return found


def wrong_with_term(since: date, until: date | None) -> list[Wrong]:
    """What is wrong with a term: it ends after it begins."""
    if until is not None and until <= since:
        words = ("终止日期须晚于起始日期", "it must end after it begins")
        return [Wrong("/until_on", "empty_period", words)]
    return []
