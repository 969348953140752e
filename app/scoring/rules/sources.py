"""The figures that our own ledger can give of an organization or a Party organization, by name.

A yes is 1 and a no is 0. Each figure comes with the list behind it (`app/scoring/queries/sources`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Subject(StrEnum):
    """What is assessed."""

    ORGANIZATION = "organization"
    PARTY_ORGANIZATION = "party_organization"


class Unit(StrEnum):
    """What a figure counts."""

    FLAG = "flag"
    COUNT = "count"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Source:
    """A figure: its name, what it counts, and its words."""

    name: str
    unit: Unit
    words: tuple[str, str]


def _sources(*given: Source) -> Mapping[str, Source]:
    return {source.name: source for source in given}


_F, _C, _P = Unit.FLAG, Unit.COUNT, Unit.PERCENT
SOURCES = _sources(
    Source("has_party_organization", _F, ("已建立党组织", "has a Party organization")),
    Source("full_members", _C, ("正式党员数", "full members")),
    Source("term_not_expired", _F, ("党组织任期未届满", "the committee's term has not expired")),
    Source("charter_clauses", _C, ("已写入章程的党建条款", "charter clauses on Party building")),
    Source("cross_appointments", _C, ("双向进入、交叉任职", "cross appointments")),
    Source("meetings", _C, ("近十二个月召开的会议", "meetings held in twelve months")),
    Source("party_classes", _C, ("近十二个月的党课", "Party classes in twelve months")),
    Source("members_meetings", _C, ("近十二个月的党员大会", "members' meetings in twelve months")),
    Source("committee_meetings", _C, ("近十二个月的支委会", "committee meetings in twelve months")),
    Source("life_meetings", _C, ("近十二个月的组织生活会", "organization life meetings in twelve months")),
    Source("theme_days", _C, ("近十二个月的主题党日", "theme days in twelve months")),
    Source("instructors", _C, ("在派的党建指导员", "instructors who serve it")),
    Source("guidance_visits", _C, ("近十二个月的指导走访", "guidance visits in twelve months")),
    Source("annual_reports_passed", _C, ("近两年年检合格", "annual reports passed in two years")),
    Source("annual_reports_failed", _C, ("近两年年检不合格或未报", "annual reports failed or missing")),
    Source("years_registered", _C, ("登记满年数", "whole years since registration")),
    Source("penalties", _C, ("近两年的行政处罚", "penalties in two years")),
    Source("credit_listings", _C, ("在列的异常名录、失信名单", "credit listings in force")),
    Source("evaluation_grade", _C, ("现行有效的评估等级", "evaluation grade in force, 1 to 5")),
    Source("pairing_agreements", _C, ("现行有效的结对共建协议", "pairing agreements in force")),
    Source("honours", _C, ("近三年获得的荣誉", "honours in three years")),
    Source("venues", _C, ("党组织活动阵地", "venues in use")),
    Source("service_centers", _C, ("党群服务中心、孵化园等", "service centres run")),
    Source("training_bases", _C, ("实训基地", "training bases run")),
    Source("brand_projects", _C, ("党建品牌项目", "brand projects")),
    Source("awards", _C, ("近三年获得的表彰", "awards in three years")),
)
