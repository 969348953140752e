"""What kinds of divisions there are, and which may hold which (Constitution art. 30; GB/T 2260-2007)."""

from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

ROOT: Final = "100000"
"""The nation: the code of registrations at the Ministry of Civil Affairs (GB 32100-2015, positions 3–8)."""

_NAMESPACE: Final = UUID("6f1c2a0e-5b54-5d0a-9d43-6c1f0a2260a1")


class DivisionLevel(StrEnum):
    """Where a division stands. It is recorded with each division and never read from the digits of a code."""

    NATION = "nation"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"
    COMMUNITY = "community"
    ZONE = "zone"


class DivisionKind(StrEnum):
    """What a division is called in law; the zones and `other` have no place in the Constitution."""

    NATION = "nation"
    PROVINCE = "province"
    AUTONOMOUS_REGION = "autonomous_region"
    MUNICIPALITY = "municipality"
    SPECIAL_ADMINISTRATIVE_REGION = "special_administrative_region"
    PREFECTURE_CITY = "prefecture_city"
    PREFECTURE = "prefecture"
    AUTONOMOUS_PREFECTURE = "autonomous_prefecture"
    LEAGUE = "league"
    DISTRICT = "district"
    COUNTY_CITY = "county_city"
    COUNTY = "county"
    AUTONOMOUS_COUNTY = "autonomous_county"
    BANNER = "banner"
    AUTONOMOUS_BANNER = "autonomous_banner"
    SPECIAL_DISTRICT = "special_district"
    FORESTRY_DISTRICT = "forestry_district"
    SUBDISTRICT = "subdistrict"
    TOWN = "town"
    TOWNSHIP = "township"
    ETHNIC_TOWNSHIP = "ethnic_township"
    SUMU = "sumu"
    COMMUNITY = "community"
    VILLAGE = "village"
    DEVELOPMENT_ZONE = "development_zone"
    NEW_AREA = "new_area"
    MANAGED_AREA = "managed_area"
    OTHER = "other"


class DivisionChange(StrEnum):
    """What became of an abolished code."""

    RECODED = "recoded"
    RENAMED = "renamed"
    UPGRADED = "upgraded"
    MERGED = "merged"
    SPLIT = "split"
    ABOLISHED = "abolished"


_KINDS: Final[dict[DivisionLevel, tuple[DivisionKind, ...]]] = {
    DivisionLevel.NATION: (DivisionKind.NATION,),
    DivisionLevel.PROVINCE: (
        DivisionKind.PROVINCE,
        DivisionKind.AUTONOMOUS_REGION,
        DivisionKind.MUNICIPALITY,
        DivisionKind.SPECIAL_ADMINISTRATIVE_REGION,
    ),
    DivisionLevel.PREFECTURE: (
        DivisionKind.PREFECTURE_CITY,
        DivisionKind.PREFECTURE,
        DivisionKind.AUTONOMOUS_PREFECTURE,
        DivisionKind.LEAGUE,
    ),
    DivisionLevel.COUNTY: (
        DivisionKind.DISTRICT,
        DivisionKind.COUNTY_CITY,
        DivisionKind.COUNTY,
        DivisionKind.AUTONOMOUS_COUNTY,
        DivisionKind.BANNER,
        DivisionKind.AUTONOMOUS_BANNER,
        DivisionKind.SPECIAL_DISTRICT,
        DivisionKind.FORESTRY_DISTRICT,
    ),
    DivisionLevel.TOWNSHIP: (
        DivisionKind.SUBDISTRICT,
        DivisionKind.TOWN,
        DivisionKind.TOWNSHIP,
        DivisionKind.ETHNIC_TOWNSHIP,
        DivisionKind.SUMU,
    ),
    DivisionLevel.COMMUNITY: (DivisionKind.COMMUNITY, DivisionKind.VILLAGE),
    DivisionLevel.ZONE: (DivisionKind.DEVELOPMENT_ZONE, DivisionKind.NEW_AREA, DivisionKind.MANAGED_AREA),
}
LEVEL_OF: Final[dict[DivisionKind, DivisionLevel]] = {
    kind: level for level, kinds in _KINDS.items() for kind in kinds
}
"""The level that each kind stands at; `other` (old offices, islands) may stand at any."""

_HOLDS: Final[dict[DivisionLevel, frozenset[DivisionLevel]]] = {
    DivisionLevel.NATION: frozenset({DivisionLevel.PROVINCE}),
    DivisionLevel.PROVINCE: frozenset({DivisionLevel.PREFECTURE, DivisionLevel.COUNTY, DivisionLevel.ZONE}),
    DivisionLevel.PREFECTURE: frozenset({DivisionLevel.COUNTY, DivisionLevel.TOWNSHIP, DivisionLevel.ZONE}),
    DivisionLevel.COUNTY: frozenset({DivisionLevel.TOWNSHIP, DivisionLevel.ZONE}),
    DivisionLevel.TOWNSHIP: frozenset({DivisionLevel.COMMUNITY}),
    DivisionLevel.COMMUNITY: frozenset(),
    DivisionLevel.ZONE: frozenset({DivisionLevel.TOWNSHIP, DivisionLevel.COMMUNITY, DivisionLevel.ZONE}),
}


def fits(kind: DivisionKind, level: DivisionLevel) -> bool:
    """Whether a division of this kind can stand at this level."""
    return kind is DivisionKind.OTHER or LEVEL_OF[kind] is level


def may_hold(parent: DivisionLevel, child: DivisionLevel) -> bool:
    """Whether one level may lie directly below another: counties below provinces (province-run units such as
    Xiantao) and townships below prefectures (Dongguan, Zhongshan, Danzhou, Jiayuguan) among them."""
    return child in _HOLDS[parent]


def identity(code: str) -> UUID:
    """The UUID that stands for a code in events and audit rows, the same for ever (RFC 9562, version 5)."""
    return uuid5(_NAMESPACE, code)
