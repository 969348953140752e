"""What may wait for somebody: the kinds of the worklist, their words, and where the whole list of each
lies."""

from enum import StrEnum

COUNT_LIMIT = 1000
"""Counting stops here: a worklist says that there is much to do, the list behind it says how much."""


class TaskKind(StrEnum):
    """One kind of waiting work."""

    DUTY_OVERDUE = "duty_overdue"
    DUTY_DUE = "duty_due"
    RESPONSIBILITY_MISSING = "responsibility_missing"
    REGISTRY_EVENT_QUARANTINED = "registry_event_quarantined"
    REGISTRY_EVENT_PARKED = "registry_event_parked"
    GRANT_APPROVAL = "grant_approval"
    CREDIT_CODE_EXCEPTION = "credit_code_exception"
    ORGANIZATION_FINDING = "organization_finding"
    NO_PARTY_ORGANIZATION_REASON_EXPIRING = "no_party_organization_reason_expiring"
    MEMBER_CLOCK_DUE = "member_clock_due"
    DEVELOPMENT_STEP_DUE = "development_step_due"
    DEVELOPMENT_DECISION_DUE = "development_decision_due"
    TRANSFER_TO_ACCEPT = "transfer_to_accept"
    TRANSFER_LETTER_EXPIRING = "transfer_letter_expiring"
    PERSON_VERIFICATION = "person_verification"
    PERSON_REQUEST_DUE = "person_request_due"
    PERSON_RETENTION_DUE = "person_retention_due"
    ROSTER_EXPORT_APPROVAL = "roster_export_approval"
    ESTABLISHMENT_OVERDUE = "establishment_overdue"
    TERM_ENDING = "term_ending"
    ELECTION_TO_CONFIRM = "election_to_confirm"
    PARALYSIS_WARNING = "paralysis_warning"
    CROSS_APPOINTMENT_TO_CONFIRM = "cross_appointment_to_confirm"
    NOTICE_TO_ANSWER = "notice_to_answer"
    NOTICE_REPLY_TO_VERIFY = "notice_reply_to_verify"
    NOTICE_TO_APPROVE = "notice_to_approve"
    NOTICE_PROPOSED = "notice_proposed"
    CAMPAIGN_TARGET_OVERDUE = "campaign_target_overdue"
    CAMPAIGN_TARGET_DUE = "campaign_target_due"
    HALF_YEARLY_CHECK_MISSING = "half_yearly_check_missing"
    SUPERVISION_FINDING_DUE = "supervision_finding_due"
    SUPERVISION_FINDING_TO_JUDGE = "supervision_finding_to_judge"


WORDS: dict[TaskKind, tuple[str, str]] = {
    TaskKind.DUTY_OVERDUE: ("已逾期的职责", "Duties past their day"),
    TaskKind.DUTY_DUE: ("即将到期的职责", "Duties about to be due"),
    TaskKind.RESPONSIBILITY_MISSING: (
        "没有责任党组织的社会组织",
        "Organizations that no Party body leads",
    ),
    TaskKind.REGISTRY_EVENT_QUARANTINED: ("隔离待处理的登记消息", "Registry messages in quarantine"),
    TaskKind.REGISTRY_EVENT_PARKED: (
        "等待前序的登记消息",
        "Registry messages that wait for another",
    ),
    TaskKind.GRANT_APPROVAL: ("待第二人批准的授权", "Grants that wait for a second person"),
    TaskKind.CREDIT_CODE_EXCEPTION: (
        "待批准的信用代码例外",
        "Credit-code exceptions that wait for a second person",
    ),
    TaskKind.ORGANIZATION_FINDING: ("待核实的信息冲突", "Contradictions to settle"),
    TaskKind.NO_PARTY_ORGANIZATION_REASON_EXPIRING: (
        "即将到期的未建立原因",
        "Reasons for having no Party organization that are about to expire",
    ),
    TaskKind.MEMBER_CLOCK_DUE: (
        "到期的停止党籍、除名、流动党员事项",
        "Members whose clock is due: lost contact, suspended, away",
    ),
    TaskKind.DEVELOPMENT_STEP_DUE: ("即将到期的发展党员步骤", "Steps of development that are due"),
    TaskKind.DEVELOPMENT_DECISION_DUE: (
        "待上级党委办理的发展党员步骤",
        "Decisions on admission that are due",
    ),
    TaskKind.TRANSFER_TO_ACCEPT: ("待接收的组织关系", "Transfers that wait to be accepted"),
    TaskKind.TRANSFER_LETTER_EXPIRING: (
        "介绍信即将过期或已过期",
        "Introduction letters about to run out, or past their day",
    ),
    TaskKind.PERSON_VERIFICATION: ("待核实的人员", "People to verify who two places know"),
    TaskKind.PERSON_REQUEST_DUE: ("待答复的个人信息申请", "People's own requests to answer"),
    TaskKind.PERSON_RETENTION_DUE: ("保存期满待处理的记录", "Records past the time they are kept for"),
    TaskKind.ROSTER_EXPORT_APPROVAL: (
        "待第二人批准的名册导出",
        "Lists of members that wait for a second person",
    ),
    TaskKind.ESTABLISHMENT_OVERDUE: (
        "逾期未批复的设立请示",
        "Requests to establish a Party organization without a reply in time",
    ),
    TaskKind.TERM_ENDING: ("即将届满或已届满的党组织", "Party organizations whose term ends or is over"),
    TaskKind.ELECTION_TO_CONFIRM: (
        "待备案或批准的选举结果",
        "Elections whose result waits to be filed or approved",
    ),
    TaskKind.PARALYSIS_WARNING: ("防瘫预警", "Party organizations about to come to a standstill"),
    TaskKind.CROSS_APPOINTMENT_TO_CONFIRM: (
        "待确认的交叉任职",
        "Officers who may be holders of Party posts",
    ),
    TaskKind.NOTICE_TO_ANSWER: ("待答复的督办文件", "Supervision notices to answer"),
    TaskKind.NOTICE_REPLY_TO_VERIFY: ("待核验的答复", "Answers to verify"),
    TaskKind.NOTICE_TO_APPROVE: ("待第二人批准的文件", "Notices that wait for a second person"),
    TaskKind.NOTICE_PROPOSED: ("系统提议的升级文件", "Notices that the calendar proposes"),
    TaskKind.CAMPAIGN_TARGET_OVERDUE: ("已逾期的攻坚目标", "Campaign targets past their day"),
    TaskKind.CAMPAIGN_TARGET_DUE: ("即将到期的攻坚目标", "Campaign targets about to be due"),
    TaskKind.HALF_YEARLY_CHECK_MISSING: (
        "逾期未开展的半年排查",
        "Half-yearly checks that should have begun",
    ),
    TaskKind.SUPERVISION_FINDING_DUE: ("待整改的督导问题", "Findings of supervision to put right"),
    TaskKind.SUPERVISION_FINDING_TO_JUDGE: (
        "待验收的整改情况",
        "Rectifications that wait for a second person",
    ),
}

LISTS: dict[TaskKind, str] = {
    TaskKind.DUTY_OVERDUE: "/duties?overdue=true",
    TaskKind.DUTY_DUE: "/duties?state=open&overdue=false",
    TaskKind.RESPONSIBILITY_MISSING: "/responsibility-findings",
    TaskKind.REGISTRY_EVENT_QUARANTINED: "/registry-events?state=quarantined",
    TaskKind.REGISTRY_EVENT_PARKED: "/registry-events?state=parked",
    TaskKind.GRANT_APPROVAL: "/grants?state=requested",
    TaskKind.CREDIT_CODE_EXCEPTION: "/credit-code-exceptions?state=requested",
    TaskKind.ORGANIZATION_FINDING: "/organization-findings?state=open",
    TaskKind.NO_PARTY_ORGANIZATION_REASON_EXPIRING: "/no-party-organization-reasons",
    TaskKind.MEMBER_CLOCK_DUE: "/members?in_party=true",
    TaskKind.DEVELOPMENT_STEP_DUE: "/development-cases?state=open",
    TaskKind.DEVELOPMENT_DECISION_DUE: "/development-cases?state=open",
    TaskKind.TRANSFER_TO_ACCEPT: "/transfers?state=sent&incoming=true",
    TaskKind.TRANSFER_LETTER_EXPIRING: "/transfers?state=sent",
    TaskKind.PERSON_VERIFICATION: "/person-verifications?state=open",
    TaskKind.PERSON_REQUEST_DUE: "/person-requests?state=received",
    TaskKind.PERSON_RETENTION_DUE: "/person-retentions?state=due",
    TaskKind.ROSTER_EXPORT_APPROVAL: "/roster-exports?state=requested",
    TaskKind.ESTABLISHMENT_OVERDUE: "/establishments?overdue=true",
    TaskKind.TERM_ENDING: "/party-terms?within_months=6",
    TaskKind.ELECTION_TO_CONFIRM: "/party-elections?state=pending",
    TaskKind.PARALYSIS_WARNING: "/paralysis-warnings?state=open",
    TaskKind.CROSS_APPOINTMENT_TO_CONFIRM: "/cross-appointments?state=proposed",
    TaskKind.NOTICE_TO_ANSWER: "/notice-addressees?owing=true",
    TaskKind.NOTICE_REPLY_TO_VERIFY: "/notice-addressees?state=replied",
    TaskKind.NOTICE_TO_APPROVE: "/notices?state=submitted",
    TaskKind.NOTICE_PROPOSED: "/notices?state=draft&proposed=true",
    TaskKind.CAMPAIGN_TARGET_OVERDUE: "/campaign-targets?overdue=true",
    TaskKind.CAMPAIGN_TARGET_DUE: "/campaign-targets?state=open&overdue=false",
    TaskKind.HALF_YEARLY_CHECK_MISSING: "/campaigns?next_check_missing=true",
    TaskKind.SUPERVISION_FINDING_DUE: "/supervision-findings?state=open",
    TaskKind.SUPERVISION_FINDING_TO_JUDGE: "/supervision-findings?state=reported",
}


def link(kind: TaskKind, division: str | None) -> str:
    """The list behind a kind, for the same division."""
    path = LISTS[kind]
    if division is None:
        return path
    return f"{path}{'&' if '?' in path else '?'}division={division}"
