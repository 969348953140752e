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
}


def link(kind: TaskKind, division: str | None) -> str:
    """The list behind a kind, for the same division."""
    path = LISTS[kind]
    if division is None:
        return path
    return f"{path}{'&' if '?' in path else '?'}division={division}"
