"""Who answers for an organization: 分级负责、条块结合、区域兜底 (Guangdong 2018, Ningbo 甬民党〔2018〕14号
item 4, Yangquan 2022, Xi'an 2021; foundation 中办发〔2015〕51号).

The rules themselves are data (rule packs of the kind `responsibility`): a national order, overlaid by
jurisdictions. Here stands the closed vocabulary that the data may use."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

Words = tuple[str, str]
"""A text in Chinese and in English."""


class Relation(StrEnum):
    """领导, 联合, 指导: guidance is another relation than leadership (Guangdong 2018: 接受工作指导)."""

    LEAD = "lead"
    JOINT = "joint"
    GUIDANCE = "guidance"


class LocalRelation(StrEnum):
    """How clearly an organization belongs to a township or community (Ningbo item 4:
    党组织关系明确属地管理)."""

    AFFILIATED = "affiliated"
    """Its Party organization hangs below a local one."""
    DOMICILED = "domiciled"
    """It has its seat where exactly one local Party organization stands, and none covers it elsewhere."""
    NONE = "none"


class Fact(StrEnum):
    """What a condition may look at."""

    KIND = "kind"
    REGISTRATION_MODE = "registration_mode"
    REGISTRATION_LEVEL = "registration_level"
    INDUSTRY = "industry"
    LOCAL_RELATION = "local_relation"
    DECOUPLED = "decoupled"
    IS_TRADE_ASSOCIATION = "is_trade_association"
    HAS_INDUSTRY = "has_industry"
    HAS_SUPERVISORY_UNIT = "has_supervisory_unit"


FACTS: dict[Fact, Words] = {
    Fact.KIND: ("组织类别", "kind"),
    Fact.REGISTRATION_MODE: ("登记方式", "registration mode"),
    Fact.REGISTRATION_LEVEL: ("登记层级", "registering level"),
    Fact.INDUSTRY: ("所属行业", "industry"),
    Fact.LOCAL_RELATION: ("属地关系", "local relation"),
    Fact.DECOUPLED: ("是否脱钩", "decoupled"),
    Fact.IS_TRADE_ASSOCIATION: ("是否行业协会商会", "trade association"),
    Fact.HAS_INDUSTRY: ("是否归属行业", "has an industry"),
    Fact.HAS_SUPERVISORY_UNIT: ("是否有业务主管单位", "has a supervisory unit"),
}
VALUES: dict[str, str] = {
    "association": "社会团体",
    "service_institution": "社会服务机构",
    "foundation": "基金会",
    "community_filed": "城乡社区备案组织",
    "intermediary": "社会中介组织",
    "direct": "直接登记",
    "dual": "双重管理",
    "filed": "备案",
    "nation": "全国",
    "province": "省级",
    "prefecture": "地市级",
    "county": "区县级",
    "township": "乡镇街道",
    "community": "村社区",
    "zone": "功能区",
    "affiliated": "党组织已隶属当地",
    "domiciled": "住所在当地",
    "none": "不明确",
}
"""What the values of the facts are called in Chinese; an industry is shown as its code."""
FLAGS = frozenset({Fact.DECOUPLED, Fact.IS_TRADE_ASSOCIATION, Fact.HAS_INDUSTRY, Fact.HAS_SUPERVISORY_UNIT})


class TargetKind(StrEnum):
    """Where a rule may look for the body that answers."""

    SUPERVISORY_UNIT_BODY = "supervisory_unit_body"
    FORMER_SUPERVISORY_UNIT_BODY = "former_supervisory_unit_body"
    REGISTRATION_AUTHORITY_BODY = "registration_authority_body"
    INDUSTRY_AUTHORITY_BODY = "industry_authority_body"
    INDUSTRY_COMMITTEE = "industry_committee"
    ROLE_BODY = "role_body"
    FALLBACK_COMMITTEE = "fallback_committee"
    LOCAL_PARTY_ORGANIZATION = "local_party_organization"
    AFFILIATED_LOCAL_BODY = "affiliated_local_body"


TARGETS: dict[TargetKind, Words] = {
    TargetKind.SUPERVISORY_UNIT_BODY: ("业务主管单位的党组织", "the supervisory unit's Party body"),
    TargetKind.FORMER_SUPERVISORY_UNIT_BODY: (
        "原业务主管单位的党组织",
        "the former supervisory unit's Party body",
    ),
    TargetKind.REGISTRATION_AUTHORITY_BODY: (
        "登记管理机关的党组织",
        "the registration authority's Party body",
    ),
    TargetKind.INDUSTRY_AUTHORITY_BODY: ("行业主管部门的党组织", "the industry authority's Party body"),
    TargetKind.INDUSTRY_COMMITTEE: ("本行业的行业党委", "the committee of its industry"),
    TargetKind.ROLE_BODY: ("承担该职能的党组织", "the body that holds the role"),
    TargetKind.FALLBACK_COMMITTEE: (
        "登记层级的社会组织综合党委",
        "the fallback committee of the registering level",
    ),
    TargetKind.LOCAL_PARTY_ORGANIZATION: (
        "属地的乡镇街道或村社区党组织",
        "the township's or community's Party organization",
    ),
    TargetKind.AFFILIATED_LOCAL_BODY: (
        "其党组织所隶属的地方党组织",
        "the local Party organization it is affiliated with",
    ),
}
BY_ROLE = frozenset({TargetKind.INDUSTRY_COMMITTEE, TargetKind.ROLE_BODY, TargetKind.FALLBACK_COMMITTEE})


@dataclass(frozen=True, slots=True)
class Condition:
    """The fact is one of these values (a flag has the one value true or false)."""

    fact: Fact
    values: tuple[str | bool, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the conditions holds."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """Where to look: which roles (in order of preference), which levels, and whether to climb to the
    parents."""

    kind: TargetKind
    roles: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    climb: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table. `lead` is tried in order; every body of `joint` and `guidance` that stands is
    taken."""

    code: str
    order: int
    title: Words
    source: str
    when: tuple[Condition | AnyOf, ...]
    lead: tuple[Target, ...]
    joint: tuple[Target, ...] = ()
    guidance: tuple[Target, ...] = ()
    pack_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RulePack:
    """The rules of one jurisdiction, and those of its superiors that it takes away."""

    rules: tuple[Rule, ...]
    removes: frozenset[str] = frozenset()


def overlay(national: RulePack, *jurisdictions: RulePack) -> RulePack:
    """The rules in force: each jurisdiction, from the province downward, replaces rules by code, takes some
    away and adds its own; the order numbers decide the sequence."""
    rules = {rule.code: rule for rule in national.rules}
    for pack in jurisdictions:
        for code in pack.removes:
            rules.pop(code, None)
        rules.update({rule.code: rule for rule in pack.rules})
    return RulePack(tuple(sorted(rules.values(), key=lambda rule: (rule.order, rule.code))))
