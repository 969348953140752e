"""Those who stand by the applicant, how they appraise, and the training."""

from collections.abc import Iterator
from datetime import date

from app.development.rules import terms
from app.development.rules.facts import Attempt, Facts
from app.development.rules.pack import ABOVE, Force, HelperRole, Node, Pack, Words
from app.development.rules.reasons import Reason, reason

_ROLE: dict[HelperRole, Words] = {
    HelperRole.CONTACT: ("培养联系人", "contacts"),
    HelperRole.INTRODUCER: ("入党介绍人", "introducers"),
}


def above(node: Node) -> bool:
    """Whether the step is the approving body's, or its superior's."""
    return node.doer in ABOVE


def helpers(_: Pack, node: Node, facts: Facts, __: Attempt) -> Iterator[Reason]:
    """Their number, and that each is a full member whose rights are not restricted (留党察看)."""
    rule = node.helpers
    if rule is None:
        return
    zh, en = _ROLE[rule.role]
    found = [helper for helper in facts.helpers if helper.role is rule.role]
    if not rule.at_least <= len(found) <= rule.at_most:
        most = str(rule.at_least) if rule.at_least == rule.at_most else f"{rule.at_least}-{rule.at_most}"
        words = (f"须有{most}名{zh}, 现有{len(found)}名", f"needs {most} {en}, has {len(found)}")
        yield reason(node, f"{rule.role.value}s", words, bring=True)
    if any(not helper.full for helper in found):
        words = (f"{zh}须是正式党员", f"{en} have to be full members")
        yield reason(node, "helper_not_full", words, about=rule.role.value)
    if any(helper.restricted for helper in found):
        words = (f"受留党察看等处分的不能担任{zh}", f"whose rights are restricted cannot be one of the {en}")
        yield reason(node, "helper_restricted", words, about=rule.role.value)


def appraisals(_: Pack, node: Node, facts: Facts, attempt: Attempt) -> Iterator[Reason]:
    """考察: enough of them since the anchor; too long a gap warns."""
    rule = node.appraisals
    since = facts.done.get(rule.since) if rule else None
    if rule is None or since is None:
        return
    held = sorted(day for day in facts.appraisals if since <= day <= attempt.on)
    if len(held) < rule.at_least:
        words = (
            f"须有{rule.at_least}次考察记录, 现有{len(held)}次",
            f"needs {rule.at_least} appraisals on record, has {len(held)}",
        )
        yield reason(node, "appraisals_missing", words, since=since, bring=True)
    gaps = zip([since, *held], [*held, attempt.on], strict=True)
    if any(until > terms.add_months(begun, rule.every_months) for begun, until in gaps):
        words = (
            f"两次考察间隔超过{rule.every_months}个月",
            f"more than {rule.every_months} months lie between two appraisals",
        )
        yield reason(node, "appraisal_gap", words, force=Force.WARN)


def next_appraisal(node: Node, facts: Facts) -> date | None:
    """By when the next appraisal is due, while the step that asks for them is open."""
    rule = node.appraisals
    since = facts.done.get(rule.since) if rule else None
    if rule is None or since is None:
        return None
    return terms.add_months(max([since, *(d for d in facts.appraisals if d >= since)]), rule.every_months)


def training(_: Pack, node: Node, facts: Facts, attempt: Attempt) -> Iterator[Reason]:
    """短期集中培训: so many days, or so many class hours, held since the step before."""
    rule = node.training
    if rule is None:
        return
    since = max((facts.done[code] for code in node.after if code in facts.done), default=date.min)
    held = [each for each in facts.trainings if since <= each.on <= attempt.on]
    if sum(t.days for t in held) >= rule.days or sum(t.hours for t in held) >= rule.hours:
        return
    words = (
        f"集中培训须不少于{rule.days}天或{rule.hours}学时",
        f"needs {rule.days} days or {rule.hours} class hours of training",
    )
    yield reason(node, "training_short", words, bring=True)
