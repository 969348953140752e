"""Whether a step may be taken, and every reason why not, with what to do about it. Pure and deterministic."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from app.development.rules import people, terms
from app.development.rules.facts import (
    Attempt,
    Facts,
    ObjectionResult,
    PaperState,
    ReviewConclusion,
)
from app.development.rules.pack import Force, Lapse, Node, Pack, Rule, VoteOf, VoteRule
from app.development.rules.reasons import Reason, reason
from app.reference.rules import Deadline, add_working_days


@dataclass(frozen=True, slots=True)
class Window:
    """When a step may be taken: not before, not after; provisional while a calendar year is unknown."""

    earliest_on: date | None
    latest_on: date | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be done next by a day, so that no date is missed."""

    step: str
    on: date
    provisional: bool
    above: bool


def following(pack: Pack, facts: Facts) -> tuple[Node, ...]:
    """The steps that come next: not taken yet, and everything before them taken."""
    return tuple(
        node
        for node in pack.nodes
        if node.code not in facts.done and all(code in facts.done for code in node.after)
    )


def complete(pack: Pack, facts: Facts) -> bool:
    """Whether every step is taken."""
    return all(node.code in facts.done for node in pack.nodes)


def window(pack: Pack, node: Node, facts: Facts) -> Window:
    """The dates of a step; a term whose anchor has not come yet says nothing."""
    befores = [
        found for t in node.not_before if t.force is not Force.WARN and (found := terms.day(pack, t, facts))
    ]
    afters = [found for t in node.not_after if (found := terms.day(pack, t, facts))]
    shown = _publicity_end(node, facts)
    if shown is not None:
        befores.append(shown)
    earliest = max(befores, key=lambda d: d.due_on, default=None)
    latest = min(afters, key=lambda d: d.due_on, default=None)
    return Window(
        earliest.due_on if earliest else None,
        latest.due_on if latest else None,
        any(found.provisional for found in (earliest, latest) if found),
    )


def reasons(pack: Pack, node: Node, facts: Facts, attempt: Attempt) -> tuple[Reason, ...]:
    """Everything that stands against taking a step like this, blocking or warning, all at once."""
    return tuple(found for check in _CHECKS for found in check(pack, node, facts, attempt))


def blocking(found: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Those that block; the others warn."""
    return tuple(each for each in found if each.force is not Force.WARN)


def next_due(pack: Pack, facts: Facts) -> Due | None:
    """The nearest day by which somebody has to act, of all that comes next."""
    found = []
    for node in following(pack, facts):
        for term in node.not_after:
            limit = terms.day(pack, term, facts)
            if limit is not None:
                found.append(Due(node.code, limit.due_on, limit.provisional, people.above(node)))
        appraisal = people.next_appraisal(node, facts)
        if appraisal is not None:
            found.append(Due(node.code, appraisal, provisional=False, above=False))
    return min(found, key=lambda due: (due.on, due.step), default=None)


def lapsed(pack: Pack, facts: Facts) -> tuple[Node, Lapse] | None:
    """What was not decided in its time, and from where the case goes on: the longest lapse holds."""
    found = []
    for node in following(pack, facts):
        for lapse in node.lapses:
            anchor = facts.done.get(lapse.since)
            if anchor is not None and facts.today > terms.add_months(anchor, lapse.months):
                found.append((node, lapse))
    return max(found, key=lambda pair: pair[1].months, default=None)


def carried(rule: VoteRule, due: int, present: int, written: int, in_favour: int) -> tuple[bool, bool]:
    """Whether a vote had its quorum and its majority: each is more than a share, never just the share."""
    top, bottom = rule.quorum_over
    quorum = present * bottom > due * top
    top, bottom = rule.yes_over
    base = due if rule.yes_of is VoteOf.DUE else present + written
    return quorum, in_favour * bottom > base * top


# --- one check each ---


def _order(pack: Pack, node: Node, facts: Facts, attempt: Attempt) -> Iterator[Reason]:
    if node.code in facts.done:
        words = ("此步骤已办结", "this step has been taken already")
        yield reason(node, "step_done", words)
    for code in node.after:
        if code not in facts.done:
            zh, en = pack.by_code[code].title
            yield reason(node, "step_missing", (f"须先办结: {zh}", f"take first: {en}"), about=code)
    if attempt.on > facts.today:
        yield reason(node, "in_future", ("日期不能晚于今天", "the day lies in the future"), until=facts.today)
    last = max((facts.done[code] for code in node.after if code in facts.done), default=None)
    if last is not None and attempt.on < last:
        words = (f"早于前一步骤的日期{last.isoformat()}", f"lies before the step that it follows: {last}")
        yield reason(node, "before_previous_step", words, since=last)


def _dates(pack: Pack, node: Node, facts: Facts, attempt: Attempt) -> Iterator[Reason]:
    for term in node.not_before:
        earliest = terms.day(pack, term, facts)
        if earliest is not None and attempt.on < earliest.due_on:
            day = earliest.due_on.isoformat()
            words = (f"未到规定时间, 最早{day}", f"too early: {day} or later")
            yield Reason(
                node.code, "too_early", term.rule, words, term.force,
                since=earliest.due_on, provisional=earliest.provisional,
            )  # fmt: skip
    for term in node.not_after:
        latest = terms.day(pack, term, facts)
        if latest is not None and attempt.on > latest.due_on:
            yield from _late(node, term.rule, term.force, latest, attempt)


def _late(node: Node, rule: Rule, force: Force, latest: Deadline, attempt: Attempt) -> Iterator[Reason]:
    day = latest.due_on.isoformat()
    if force is Force.EXCEPTION:
        excused = attempt.exception is not None
        words = (f"已超过期限{day}, 须注明特殊情况", f"past its day {day}: give the special reason")
        yield Reason(
            node.code, "late_without_reason" if not excused else "late", rule, words,
            Force.WARN if excused else Force.BLOCK,
            until=latest.due_on, provisional=latest.provisional, bring=not excused,
        )  # fmt: skip
        return
    words = (f"已超过期限{day}", f"past its day {day}")
    yield Reason(
        node.code, "too_late" if force is Force.BLOCK else "late", rule, words, force,
        until=latest.due_on, provisional=latest.provisional,
    )  # fmt: skip


def _age(_: Pack, node: Node, __: Facts, attempt: Attempt) -> Iterator[Reason]:
    if node.minimum_age is None:
        return
    if attempt.age is None:
        words = ("须先登记公民身份号码以核对年龄", "record the ID number first: the age is read from it")
        yield reason(node, "age_unknown", words)
    elif attempt.age < node.minimum_age:
        words = (f"须年满{node.minimum_age}周岁", f"only from the age of {node.minimum_age}")
        yield reason(node, "under_age", words)


def _papers(pack: Pack, node: Node, facts: Facts, _: Attempt) -> Iterator[Reason]:
    for kind in node.papers:
        zh, en = pack.papers[kind]
        state = facts.papers.get(kind)
        if state is None:
            words = (f"缺少材料: {zh}", f"a paper is missing: {en}")
            yield reason(node, "paper_missing", words, about=kind, bring=True)
        elif state is PaperState.RETURNED:
            words = (f"材料已退回, 须重新提交: {zh}", f"was returned, hand it in again: {en}")
            yield reason(node, "paper_returned", words, about=kind, bring=True)
    if node.numbered_form and facts.form_number is None:
        words = ("须登记入党志愿书编号", "give the number of the application form")
        yield reason(node, "form_number_missing", words, bring=True)


def _vote(_: Pack, node: Node, facts: Facts, attempt: Attempt) -> Iterator[Reason]:
    rule, ballot = node.vote, facts.ballots.get(node.code)
    if rule is None:
        return
    if ballot is None:
        words = ("缺少支部大会表决记录", "the vote of the branch meeting is missing")
        yield reason(node, "vote_missing", words, bring=True)
        return
    quorum, majority = carried(rule, ballot.due, ballot.present, ballot.written, ballot.in_favour)
    if ballot.on > attempt.on:
        yield reason(node, "vote_later", ("表决日期晚于本步骤", "the vote is later than the step"))
    if not quorum:
        words = (
            "到会有表决权人数未超过应到会的半数" if rule.quorum_over == (1, 2) else "到会人数不足",
            "too few of those due were present",
        )
        yield reason(node, "no_quorum", words)
    if not majority:
        words = ("赞成人数未超过规定的比例, 决议未通过", "not carried: too few in favour")
        yield reason(node, "not_carried", words)
    if rule.anonymous and not ballot.anonymous:
        words = ("须采取无记名投票方式表决", "the vote has to be by secret ballot")
        yield reason(node, "not_anonymous", words)


def _publicity_end(node: Node, facts: Facts) -> Deadline | None:
    shown = facts.publicities.get(node.code)
    if node.publicity_working_days is None or shown is None:
        return None
    days = max(shown.working_days, node.publicity_working_days)
    return add_working_days(shown.from_on, days, facts.calendar)


def _publicity(_: Pack, node: Node, facts: Facts, attempt: Attempt) -> Iterator[Reason]:
    if node.publicity_working_days is None:
        return
    shown, end = facts.publicities.get(node.code), _publicity_end(node, facts)
    if shown is None or end is None:
        days = node.publicity_working_days
        words = (f"须先公示不少于{days}个工作日", f"publish it for {days} working days first")
        yield reason(node, "publicity_missing", words, bring=True)
        return
    day = end.due_on.isoformat()
    if attempt.on < end.due_on or (shown.closed_on is not None and shown.closed_on < end.due_on):
        words = (f"公示期至{day}", f"published until {day}")
        yield reason(
            node, "publicity_running", words,
            since=shown.from_on, until=end.due_on, provisional=end.provisional,
        )  # fmt: skip
    if shown.closed_on is None:
        words = ("公示结果尚未登记", "close the publicity with its result")
        yield reason(node, "publicity_open", words, since=shown.from_on)
    elif shown.result is ObjectionResult.UPHELD:
        words = ("公示反映的问题查实, 不能办理", "an objection was upheld")
        yield reason(node, "objection_upheld", words, since=shown.closed_on)


def _review(_: Pack, node: Node, facts: Facts, attempt: Attempt) -> Iterator[Reason]:
    if node.political_review_months is None:
        return
    review = facts.review
    if review is None:
        words = ("未经政治审查的不能发展入党", "without a political review there is no admission")
        yield reason(node, "review_missing", words)
    elif review.conclusion is ReviewConclusion.FAILED:
        words = ("政治审查不合格", "the political review was not passed")
        yield reason(node, "review_failed", words, since=review.on)
    else:
        until = terms.add_months(review.on, node.political_review_months)
        if attempt.on > until:
            words = ("政治审查已过有效期, 须重新审查", "the review has expired: review again")
            yield reason(node, "review_expired", words, until=until)
        if attempt.on < review.on:
            words = ("早于政治审查结论的日期", "lies before the conclusion of the review")
            yield reason(node, "before_review", words, since=review.on)


def _approval(_: Pack, node: Node, facts: Facts, attempt: Attempt) -> Iterator[Reason]:
    if not node.approval:
        return
    body = facts.approver
    if body is None:
        words = (
            "上级中没有具有审批预备党员权限的党委",
            "no committee above the branch may approve members",
        )
        yield reason(node, "no_approving_body", words)
    elif not body.above:
        words = ("不是该支部的上级党组织", "is no body above the branch")
        yield reason(node, "not_above_the_branch", words)
    elif body.refused is not None:
        yield reason(node, "body_without_power", body.refused)
    if facts.general_branch_between and attempt.deliberated_on is None:
        words = ("审批前须经党总支审议", "the general branch deliberates before the committee approves")
        yield reason(node, "not_deliberated", words, bring=True)
    if attempt.deliberated_on is not None and attempt.deliberated_on > attempt.on:
        words = ("党总支审议晚于审批", "the general branch deliberated after the approval")
        yield reason(node, "deliberated_later", words)


def _quota(pack: Pack, node: Node, facts: Facts, attempt: Attempt) -> Iterator[Reason]:
    if node.code != pack.quota_counts_at or facts.counted_in == attempt.on.year:
        return
    if facts.places is None:
        words = ("本年度没有下达发展党员计划", "no plan was allotted for this year")
        yield reason(node, "no_quota", words, force=Force.WARN)
    elif facts.places.left <= 0:
        words = ("本年度发展党员计划已用完", "the places of this year are used")
        force = Force.BLOCK if facts.places.enforced else Force.WARN
        yield reason(node, "quota_used", words, force=force)


def _leaving(_: Pack, node: Node, facts: Facts, __: Attempt) -> Iterator[Reason]:
    if node.warns_of_leaving and facts.leaving:
        words = (
            "即将离开工作、学习单位的, 一般不办理接收手续",
            "who is about to leave the unit is as a rule not admitted there",
        )
        yield reason(node, "about_to_leave", words, force=Force.WARN)


Check = Callable[[Pack, Node, Facts, Attempt], Iterator[Reason]]
_CHECKS: tuple[Check, ...] = (
    _order, _dates, _age, _papers, people.helpers, people.appraisals, people.training,
    _vote, _publicity, _review, _approval, _quota, _leaving,
)  # fmt: skip
