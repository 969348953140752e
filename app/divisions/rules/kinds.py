"""What kinds of divisions there are, and which may hold which (Constitution art. 30; GB/T 2260-2007)."""

from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

ROOT: Final = "100000"
"""The nation: the code of registrations at the Ministry of Civil Affairs (GB 32100-2015, positions 3–8)."""

_NAMESPACE: Final = UUID("6f1c2a0e-5b54-5d0a-9d43-6c1f0a2260a1")


class Level(StrEnum):
    """Where a division stands. It is recorded with each division and never read from the digits of a code."""

    NATION = "nation"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"
    COMMUNITY = "community"
    ZONE = "zone"


class Kind(StrEnum):
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


class ChangeKind(StrEnum):
    """What became of an abolished code."""

    RECODED = "recoded"
    RENAMED = "renamed"
    UPGRADED = "upgraded"
    MERGED = "merged"
    SPLIT = "split"
    ABOLISHED = "abolished"


_KINDS: Final[dict[Level, tuple[Kind, ...]]] = {
    Level.NATION: (Kind.NATION,),
    Level.PROVINCE: (
        Kind.PROVINCE,
        Kind.AUTONOMOUS_REGION,
        Kind.MUNICIPALITY,
        Kind.SPECIAL_ADMINISTRATIVE_REGION,
    ),
    Level.PREFECTURE: (Kind.PREFECTURE_CITY, Kind.PREFECTURE, Kind.AUTONOMOUS_PREFECTURE, Kind.LEAGUE),
    Level.COUNTY: (
        Kind.DISTRICT,
        Kind.COUNTY_CITY,
        Kind.COUNTY,
        Kind.AUTONOMOUS_COUNTY,
        Kind.BANNER,
        Kind.AUTONOMOUS_BANNER,
        Kind.SPECIAL_DISTRICT,
        Kind.FORESTRY_DISTRICT,
    ),
    Level.TOWNSHIP: (Kind.SUBDISTRICT, Kind.TOWN, Kind.TOWNSHIP, Kind.ETHNIC_TOWNSHIP, Kind.SUMU),
    Level.COMMUNITY: (Kind.COMMUNITY, Kind.VILLAGE),
    Level.ZONE: (Kind.DEVELOPMENT_ZONE, Kind.NEW_AREA, Kind.MANAGED_AREA),
}
LEVEL_OF: Final[dict[Kind, Level]] = {kind: level for level, kinds in _KINDS.items() for kind in kinds}
"""The level that each kind stands at; `other` (old offices, islands) may stand at any."""

_HOLDS: Final[dict[Level, frozenset[Level]]] = {
    Level.NATION: frozenset({Level.PROVINCE}),
    Level.PROVINCE: frozenset({Level.PREFECTURE, Level.COUNTY, Level.ZONE}),
    Level.PREFECTURE: frozenset({Level.COUNTY, Level.TOWNSHIP, Level.ZONE}),
    Level.COUNTY: frozenset({Level.TOWNSHIP, Level.ZONE}),
    Level.TOWNSHIP: frozenset({Level.COMMUNITY}),
    Level.COMMUNITY: frozenset(),
    Level.ZONE: frozenset({Level.TOWNSHIP, Level.COMMUNITY, Level.ZONE}),
}


def fits(kind: Kind, level: Level) -> bool:
    """Whether a division of this kind can stand at this level."""
    return kind is Kind.OTHER or LEVEL_OF[kind] is level


def may_hold(parent: Level, child: Level) -> bool:
    """Whether one level may lie directly below another: counties below provinces (province-run units such as
    Xiantao) and townships below prefectures (Dongguan, Zhongshan, Danzhou, Jiayuguan) among them."""
    return child in _HOLDS[parent]


def identity(code: str) -> UUID:
    """The UUID that stands for a code in events and audit rows, the same for ever (RFC 9562, version 5)."""
    return uuid5(_NAMESPACE, code)
