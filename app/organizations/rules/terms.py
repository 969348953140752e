"""The words of the ledger: kinds, modes, statuses, lists, clauses (domain glossary; 民政部令39号)."""

from enum import StrEnum
from typing import Final, Self


class Term(StrEnum):
    """A word of the ledger with its label in Chinese and English."""

    _value_: str
    zh: str
    en: str

    def __new__(cls, value: str, zh: str = "", en: str = "") -> Self:
        """The member is its code; the labels ride along."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh = zh
        member.en = en
        return member

    @classmethod
    def labels(cls) -> list[str]:
        """A label for each code, for the published contract."""
        return [f"{term.zh} / {term.en}" for term in cls]


class OrganizationKind(Term):
    """What the organization is."""

    ASSOCIATION = "association", "社会团体", "Association"
    SERVICE_INSTITUTION = "service_institution", "社会服务机构(民办非企业单位)", "Service institution"
    FOUNDATION = "foundation", "基金会", "Foundation"
    COMMUNITY_FILED = "community_filed", "城乡社区备案组织", "Community organization, filed only"
    INTERMEDIARY = "intermediary", "社会中介组织", "Intermediary, such as a law firm"


class RegistrationMode(Term):
    """How it is registered."""

    DIRECT = "direct", "直接登记", "Direct registration"
    DUAL = "dual", "双重管理", "Dual management"
    FILED = "filed", "备案", "Filed only"


class RegistrationStatus(Term):
    """Where its registration stands. Credit listings and penalties stand beside it, not in it."""

    PREPARATORY = "preparatory", "筹备", "Preparatory"
    NORMAL = "normal", "正常", "Normal"
    IN_LIQUIDATION = "in_liquidation", "注销中", "In liquidation"
    DEREGISTERED = "deregistered", "注销", "Deregistered"
    REVOKED = "revoked", "撤销登记", "Registration revoked"
    LICENSE_REVOKED = "license_revoked", "吊销登记证书", "Licence revoked"
    MERGED = "merged", "合并", "Merged"
    SPLIT = "split", "分立", "Split"


ENDED: Final = frozenset(
    {
        RegistrationStatus.DEREGISTERED,
        RegistrationStatus.REVOKED,
        RegistrationStatus.LICENSE_REVOKED,
        RegistrationStatus.MERGED,
        RegistrationStatus.SPLIT,
    }
)
"""Statuses in which an organization is no longer there to be covered or to owe anything."""

WITHOUT_MEMBERS: Final = frozenset(
    {OrganizationKind.SERVICE_INSTITUTION, OrganizationKind.FOUNDATION, OrganizationKind.INTERMEDIARY}
)
"""Kinds that by their nature have no members (会员), so that a member count cannot be missing."""

CREDIT_CODE_CLASS: Final = {
    OrganizationKind.ASSOCIATION: "51",
    OrganizationKind.SERVICE_INSTITUTION: "52",
    OrganizationKind.FOUNDATION: "53",
}
"""The first two characters that GB 32100-2015 gives to what civil affairs registers."""


class CreditList(Term):
    """The lists of 《社会组织信用信息管理办法》; both coexist with a normal registration."""

    ABNORMAL = "abnormal", "活动异常名录", "List of abnormal activity"
    SERIOUS_VIOLATION = "serious_violation", "严重违法失信名单", "List of serious violations"


class PenaltyKind(Term):
    WARNING = "warning", "警告", "Warning"
    ORDER_TO_CORRECT = "order_to_correct", "责令改正", "Order to correct"
    SUSPENSION = "suspension", "限期停止活动", "Suspension"
    CONFISCATION = "confiscation", "没收违法所得", "Confiscation"
    FINE = "fine", "罚款", "Fine"
    LICENSE_REVOCATION = "license_revocation", "吊销登记证书", "Revocation of the licence"
    OTHER = "other", "其他", "Other"


class EvaluationGrade(Term):
    """《社会组织评估管理办法》: five grades, valid five years; benefits from 3A."""

    A5 = "5A", "5A", "5A"
    A4 = "4A", "4A", "4A"
    A3 = "3A", "3A", "3A"
    A2 = "2A", "2A", "2A"
    A1 = "1A", "1A", "1A"


GRADE_VALID_YEARS: Final = 5
"""评估等级有效期为5年; each evaluation stores its own end, so that a local rule may differ."""


class ReportResult(Term):
    """年检 conclusions, and 年报 that only gets filed."""

    FILED = "filed", "已报", "Filed"
    PASSED = "passed", "合格", "Passed"
    BASICALLY_PASSED = "basically_passed", "基本合格", "Basically passed"
    FAILED = "failed", "不合格", "Failed"
    NOT_FILED = "not_filed", "未报", "Not filed"


class CharterClauseKind(Term):
    """What the charter must say (2-20)."""

    PARTY_BUILDING = "party_building", "党建入章", "Party building in the charter"
    CORE_VALUES = "core_values", "社会主义核心价值观入章", "Core values in the charter"


class CharterWording(Term):
    """Which standard wording: 民函〔2018〕78号, or that of 民函〔2019〕54号 which replaced it."""

    WORDING_2018 = "2018", "2018年表述(民函〔2018〕78号)", "Wording of 2018"
    WORDING_2019 = "2019", "2019年表述(民函〔2019〕54号)", "Wording of 2019"
    OWN_WORDING = "own", "自拟表述", "Own wording"


class IdentifierScheme(Term):
    REGISTRATION_NUMBER = "registration_number", "登记证号", "Registration number"
    FILING_NUMBER = "filing_number", "备案号", "Filing number"
    REGISTRY_ID = "registry_id", "登记系统编号", "Id in the registry's system"
    OTHER = "other", "其他", "Other"


class SuccessionKind(Term):
    MERGED_INTO = "merged_into", "并入", "Merged into"
    SPLIT_INTO = "split_into", "分立为", "Split into"


class FindingKind(Term):
    """What the fold, or a command, found to be settled by a person."""

    REGISTRY_CONTRADICTS_CORRECTION = (
        "registry_contradicts_correction",
        "登记数据与人工更正不一致",
        "The registry contradicts a correction",
    )
    REGISTRY_OVERRIDES_CORRECTION = (
        "registry_overrides_correction",
        "登记数据在更正之后另有变更",
        "The registry says otherwise from a later day",
    )
    SOURCES_DISAGREE = "sources_disagree", "来源之间不一致", "Sources disagree about the same day"
    ORDER_NOT_STATED = "order_not_stated", "同日多次表述, 先后不明", "Statements of one day without an order"
    CHANGED_AFTER_END = "changed_after_end", "终止之后仍有变更", "A change after the end"
    ENDED_BEFORE_ESTABLISHED = "ended_before_established", "终止早于成立", "Ended before it was established"
    CREDIT_CODE_CHANGED = "credit_code_changed", "统一社会信用代码有变", "The credit code has changed"
    CREDIT_CODE_CLASS_DIFFERS = (
        "credit_code_class_differs",
        "统一社会信用代码类别与组织类型不符",
        "The credit code is of another class than the kind",
    )
    REGISTERED_ELSEWHERE = (
        "registered_elsewhere",
        "他处以同一代码申请登记",
        "Another place tried to register the same code",
    )
    ABSENT_FROM_LIST = (
        "absent_from_list",
        "核对名单中没有此组织",
        "A list that was held against the ledger does not have it",
    )


FOLDED_FINDINGS: Final = frozenset(FindingKind) - {
    FindingKind.REGISTERED_ELSEWHERE,
    FindingKind.ABSENT_FROM_LIST,
}
"""Those that the fold opens and closes by itself as facts come in."""
