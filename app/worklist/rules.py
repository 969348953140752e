"""What may wait for somebody: the kinds of the worklist, their words, and where the whole list of each
lies."""

from enum import StrEnum

COUNT_LIMIT = 1000
"""Counting stops here: a worklist says that there is much to do, the list behind it says how much."""


class Kind(StrEnum):
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


WORDS: dict[Kind, tuple[str, str]] = {
    Kind.DUTY_OVERDUE: ("已逾期的职责", "Duties past their day"),
    Kind.DUTY_DUE: ("即将到期的职责", "Duties about to be due"),
    Kind.RESPONSIBILITY_MISSING: ("没有责任党组织的社会组织", "Organizations that no Party body leads"),
    Kind.REGISTRY_EVENT_QUARANTINED: ("隔离待处理的登记消息", "Registry messages in quarantine"),
    Kind.REGISTRY_EVENT_PARKED: ("等待前序的登记消息", "Registry messages that wait for an earlier one"),
    Kind.GRANT_APPROVAL: ("待第二人批准的授权", "Grants that wait for a second person"),
    Kind.CREDIT_CODE_EXCEPTION: (
        "待批准的信用代码例外",
        "Credit-code exceptions that wait for a second person",
    ),
    Kind.ORGANIZATION_FINDING: ("待核实的信息冲突", "Contradictions to settle"),
    Kind.NO_PARTY_ORGANIZATION_REASON_EXPIRING: (
        "即将到期的未建立原因",
        "Reasons for having no Party organization that are about to expire",
    ),
}

LISTS: dict[Kind, str] = {
    Kind.DUTY_OVERDUE: "/duties?overdue=true",
    Kind.DUTY_DUE: "/duties?state=open&overdue=false",
    Kind.RESPONSIBILITY_MISSING: "/responsibility-findings",
    Kind.REGISTRY_EVENT_QUARANTINED: "/registry-events?state=quarantined",
    Kind.REGISTRY_EVENT_PARKED: "/registry-events?state=parked",
    Kind.GRANT_APPROVAL: "/grants?state=requested",
    Kind.CREDIT_CODE_EXCEPTION: "/credit-code-exceptions?state=requested",
    Kind.ORGANIZATION_FINDING: "/organization-findings?state=open",
    Kind.NO_PARTY_ORGANIZATION_REASON_EXPIRING: "/no-party-organization-reasons",
}


def link(kind: Kind, division: str | None) -> str:
    """The list behind a kind, for the same division."""
    path = LISTS[kind]
    if division is None:
        return path
    return f"{path}{'&' if '?' in path else '?'}division={division}"
