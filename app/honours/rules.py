"""Honours (荣誉), who holds them, and brand projects (一支部一品牌).

Guangdong 2018 (荣誉、人大代表), Ningbo 2018 (双强社会组织、双强书记), Nansha 2022 (四个支部受表彰、
十大品牌)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class HonourKind(StrEnum):
    """表彰, 双强 (of an organization, or of its secretary), 人大代表或政协委员, 品牌奖, or another."""

    COMMENDATION = "commendation"
    DOUBLE_STRONG = "double_strong"
    DEPUTY = "deputy"
    BRAND = "brand"
    OTHER = "other"


class HonourLevel(StrEnum):
    """At which level it was given."""

    NATION = "nation"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"


class Withdrawal(StrEnum):
    """Why an honour no longer counts: withdrawn by who gave it, or recorded in error."""

    REVOKED = "revoked"
    RECORDED_IN_ERROR = "recorded_in_error"


class BrandEnd(StrEnum):
    """Why a brand project is over, or that it never was."""

    COMPLETED = "completed"
    REPLACED = "replaced"
    ABANDONED = "abandoned"
    RECORDED_IN_ERROR = "recorded_in_error"


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that cannot be as asked: where, which code, and how to mend it in Chinese and English."""

    pointer: str
    code: str
    words: tuple[str, str]


def wrong_with_subject(given: Sequence[object | None], kind: HonourKind) -> list[Wrong]:
    """An honour has one holder; that of a brand project, and no other, is of the kind `brand`."""
    if sum(each is not None for each in given) != 1:
        words = (
            "社会组织、党组织、党员、品牌项目四者选一",
            "name an organization, a body, a member or a brand project: just one",
        )
        return [Wrong("/organization_id", "one_holder", words)]
    if (given[-1] is not None) != (kind is HonourKind.BRAND):
        words = ("品牌奖须填品牌项目, 其他荣誉不填", "a brand's honour names the project, no other does")
        return [Wrong("/brand_project_id", "brand", words)]
    return []


def wrong_with_days(year: int, awarded_on: date | None, today: date) -> list[Wrong]:
    """An honour lies in the past, and its day in its year or the one after."""
    found = []
    if not 1921 <= year <= today.year:
        words = (f"年份须在1921至{today.year}之间", f"the year lies between 1921 and {today.year}")
        found.append(Wrong("/year", "year_range", words))
    if awarded_on is not None and awarded_on > today:
        words = ("不能晚于今天", "lies in the future")
        found.append(Wrong("/awarded_on", "in_future", words))
    elif awarded_on is not None and awarded_on.year not in {year, year + 1}:
        words = ("授予日期须在该年度或次年", "the day lies in that year or the next")
        found.append(Wrong("/awarded_on", "another_year", words))
    return found
