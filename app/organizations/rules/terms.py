"""The words of the ledger: kinds, modes, statuses, lists, clauses (domain glossary; 民政部令39号)."""

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What the organization is."""

    ASSOCIATION = "association"  # 社会团体
    SERVICE_INSTITUTION = "service_institution"  # 社会服务机构, 民办非企业单位
    FOUNDATION = "foundation"  # 基金会
    COMMUNITY_FILED = "community_filed"  # 城乡社区备案组织
    INTERMEDIARY = "intermediary"  # 律师、会计师事务所等社会中介组织


class RegistrationMode(StrEnum):
    """How it is registered."""

    DIRECT = "direct"  # 直接登记
    DUAL = "dual"  # 双重管理
    FILED = "filed"  # 备案


class Status(StrEnum):
    """Where its registration stands. Credit listings and penalties stand beside it, not in it."""

    PREPARATORY = "preparatory"  # 筹备
    NORMAL = "normal"  # 正常
    IN_LIQUIDATION = "in_liquidation"  # 注销中
    DEREGISTERED = "deregistered"  # 注销
    REVOKED = "revoked"  # 撤销登记
    LICENSE_REVOKED = "license_revoked"  # 吊销登记证书
    MERGED = "merged"  # 合并
    SPLIT = "split"  # 分立


ENDED: Final = frozenset(
    {Status.DEREGISTERED, Status.REVOKED, Status.LICENSE_REVOKED, Status.MERGED, Status.SPLIT}
)
"""Statuses in which an organization is no longer there to be covered or to owe anything."""

WITHOUT_MEMBERS: Final = frozenset({Kind.SERVICE_INSTITUTION, Kind.FOUNDATION, Kind.INTERMEDIARY})
"""Kinds that by their nature have no members (会员), so that a member count cannot be missing."""

CREDIT_CODE_CLASS: Final = {
    Kind.ASSOCIATION: "51",
    Kind.SERVICE_INSTITUTION: "52",
    Kind.FOUNDATION: "53",
}
"""The first two characters that GB 32100-2015 gives to what civil affairs registers."""


class CreditList(StrEnum):
    """The lists of 《社会组织信用信息管理办法》; both coexist with a normal registration."""

    ABNORMAL = "abnormal"  # 活动异常名录
    SERIOUS_VIOLATION = "serious_violation"  # 严重违法失信名单


class PenaltyKind(StrEnum):
    WARNING = "warning"  # 警告
    ORDER_TO_CORRECT = "order_to_correct"  # 责令改正
    SUSPENSION = "suspension"  # 限期停止活动
    CONFISCATION = "confiscation"  # 没收违法所得
    FINE = "fine"  # 罚款
    LICENSE_REVOCATION = "license_revocation"  # 吊销登记证书
    OTHER = "other"


class Grade(StrEnum):
    """《社会组织评估管理办法》: five grades, valid five years; benefits from 3A."""

    A5 = "5A"
    A4 = "4A"
    A3 = "3A"
    A2 = "2A"
    A1 = "1A"


GRADE_VALID_YEARS: Final = 5
"""评估等级有效期为5年; each evaluation stores its own end, so that a local rule may differ."""


class ReportResult(StrEnum):
    """年检 conclusions, and 年报 that only gets filed."""

    FILED = "filed"
    PASSED = "passed"
    BASICALLY_PASSED = "basically_passed"
    FAILED = "failed"
    NOT_FILED = "not_filed"


class Clause(StrEnum):
    """What the charter must say (2-20)."""

    PARTY_BUILDING = "party_building"  # 党建入章
    CORE_VALUES = "core_values"  # 核心价值观入章


class ClauseVersion(StrEnum):
    """Which standard wording: 民函〔2018〕78号, or that of 民函〔2019〕54号 which replaced it."""

    WORDING_2018 = "2018"
    WORDING_2019 = "2019"
    OWN_WORDING = "own"


class IdentifierScheme(StrEnum):
    REGISTRATION_NUMBER = "registration_number"  # 旧登记证号
    FILING_NUMBER = "filing_number"  # 备案号
    REGISTRY_ID = "registry_id"  # 登记系统内部编号
    OTHER = "other"


class SuccessionKind(StrEnum):
    MERGED_INTO = "merged_into"
    SPLIT_INTO = "split_into"


class FindingKind(StrEnum):
    """What the fold, or a command, found to be settled by a person."""

    REGISTRY_CONTRADICTS_CORRECTION = "registry_contradicts_correction"
    REGISTRY_OVERRIDES_CORRECTION = "registry_overrides_correction"
    SOURCES_DISAGREE = "sources_disagree"
    ORDER_NOT_STATED = "order_not_stated"
    CHANGED_AFTER_END = "changed_after_end"
    ENDED_BEFORE_ESTABLISHED = "ended_before_established"
    CREDIT_CODE_CHANGED = "credit_code_changed"
    CREDIT_CODE_CLASS_DIFFERS = "credit_code_class_differs"
    REGISTERED_ELSEWHERE = "registered_elsewhere"


FOLDED_FINDINGS: Final = frozenset(FindingKind) - {FindingKind.REGISTERED_ELSEWHERE}
"""Those that the fold opens and closes by itself as facts come in."""
