"""Whether a pack can be worked with: every fault names its node."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from app.development.rules.pack import PROBATION_END, Force, Node, Pack, Status, Words

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class PackFault:
    """One thing wrong with a pack: where in its content, which code, and why, with the step's name."""

    place: Place
    code: str
    words: Words


def faults(pack: Pack) -> tuple[PackFault, ...]:
    """Everything that is wrong with a pack."""
    found = [*_codes(pack), *_references(pack), *_numbers(pack)]
    return tuple(found) if found else (*_order(pack), *_statuses(pack))


def _fault(number: int, node: Node, name: str, code: str, *words: str) -> PackFault:
    zh, en = words
    return PackFault(("steps", number, name), code, (f"步骤{node.code}: {zh}", f"step {node.code}: {en}"))


def _codes(pack: Pack) -> Iterator[PackFault]:
    seen: set[str] = set()
    papers: dict[str, str] = {}
    for number, node in enumerate(pack.nodes):
        if node.code in seen or node.code == PROBATION_END:
            yield _fault(number, node, "code", "step_twice", "代码重复", "there are two of this code")
        seen.add(node.code)
        for kind in node.papers:
            if papers.setdefault(kind, node.code) != node.code:
                yield _fault(
                    number, node, "papers", "paper_twice",
                    f"材料{kind}已属于步骤{papers[kind]}", f"{kind} is a paper of step {papers[kind]}",
                )  # fmt: skip


def _references(pack: Pack) -> Iterator[PackFault]:
    steps = {node.code for node in pack.nodes}
    for number, node in enumerate(pack.nodes):
        for name, code in _named(node):
            if code not in steps and not (code == PROBATION_END and name in _ANCHORED):
                yield _fault(
                    number, node, name, "unknown_step", f"没有步骤{code}", f"there is no step {code}"
                )
        if node.stage not in pack.stages:
            yield _fault(number, node, "stage", "unknown_stage", "没有这个阶段", "there is no such stage")
        for kind in node.papers:
            if kind not in pack.papers:
                yield _fault(
                    number, node, "papers", "unknown_paper", f"没有材料{kind}", f"there is no paper {kind}"
                )
    rule = pack.probation
    asked: list[tuple[Place, str | None]] = [
        (("probation", "since"), rule.since),
        (("probation", "extended_at"), rule.extended_at),
        (("probation", "asked_again_at"), rule.asked_again_at),
        (("quota_counts_at",), pack.quota_counts_at),
    ]
    for place, known in asked:
        if known is not None and known not in steps:
            yield PackFault(place, "unknown_step", (f"没有步骤{known}", f"there is no step {known}"))


_ANCHORED = frozenset({"not_before", "not_after", "becomes"})


def _named(node: Node) -> Iterator[tuple[str, str]]:
    """Every step that a node names, and by which of its fields."""
    yield from (("after", code) for code in node.after)
    yield from (("not_before", term.since) for term in node.not_before)
    yield from (("not_after", term.since) for term in node.not_after)
    for lapse in node.lapses:
        yield from (("lapses", lapse.since), ("lapses", lapse.back_to))
    if node.appraisals is not None:
        yield "appraisals", node.appraisals.since
    if node.becomes is not None and node.becomes.since is not None:
        yield "becomes", node.becomes.since


def _numbers(pack: Pack) -> Iterator[PackFault]:
    for number, node in enumerate(pack.nodes):
        if node.helpers is not None and node.helpers.at_least > node.helpers.at_most:
            yield _fault(
                number, node, "helpers", "empty_range", "人数下限大于上限", "at least more than at most"
            )
        if node.vote is not None:
            for top, bottom in (node.vote.quorum_over, node.vote.yes_over):
                if not 0 <= top < bottom:
                    yield _fault(
                        number, node, "vote", "share", "比例须小于1", "a share has to be less than one"
                    )
        for early in node.not_before:
            for late in node.not_after:
                same = early.since == late.since and not early.working_days and not late.working_days
                hard = Force.WARN not in {early.force, late.force}
                if same and hard and (early.months, early.days) > (late.months, late.days):
                    yield _fault(
                        number, node, "not_after", "never",
                        "最晚日期早于最早日期", "the latest day lies before the earliest",
                    )  # fmt: skip
    rule = pack.probation
    if rule.extend_at_least > rule.extend_at_most:
        yield PackFault(
            ("probation", "extend_at_least"),
            "empty_range",
            ("延长下限大于上限", "at least more than at most"),
        )


def _order(pack: Pack) -> Iterator[PackFault]:
    first = [node for node in pack.nodes if not node.after]
    if len(first) != 1:
        yield PackFault(
            ("steps",), "one_first_step", ("须有且只有一个起始步骤", "exactly one step follows no other")
        )
    taken: set[str] = set()
    while ready := {n.code for n in pack.nodes if n.code not in taken and set(n.after) <= taken}:
        taken |= ready
    for number, node in enumerate(pack.nodes):
        if node.code not in taken:
            yield _fault(
                number, node, "after", "never_reached", "永远无法到达 (循环)", "is never reached (a cycle)"
            )
            continue
        terms = [("not_before", t.since) for t in node.not_before]
        terms += [("not_after", t.since) for t in node.not_after]
        for name, code in terms:
            base = pack.probation.since if code == PROBATION_END else code
            if base == node.code or node.code not in pack.reopened_from(base):
                yield _fault(
                    number, node, name, "anchor_not_before",
                    f"时限的起算步骤{base}不在其前", f"its term counts from {base}, which is not before it",
                )  # fmt: skip
        for lapse in node.lapses:
            if node.code not in pack.reopened_from(lapse.back_to):
                yield _fault(
                    number, node, "lapses", "not_backwards",
                    f"步骤{lapse.back_to}不在其前", f"{lapse.back_to} is not before it",
                )  # fmt: skip


def _statuses(pack: Pack) -> Iterator[PackFault]:
    for status in Status:
        makers = [n for n in pack.nodes if n.becomes is not None and n.becomes.status is status]
        if len(makers) != 1:
            yield PackFault(
                ("steps",),
                "one_step_makes",
                (f"须有且只有一个步骤产生{status.value}", f"exactly one step makes {status.value}"),
            )
    ordered = [pack.makes(status) for status in Status]
    for earlier, later in pairwise(ordered):
        if earlier and later and later.code not in pack.reopened_from(earlier.code):
            number = pack.nodes.index(later)
            yield _fault(
                number, later, "becomes", "status_order",
                f"须在步骤{earlier.code}之后", f"has to come after step {earlier.code}",
            )  # fmt: skip
    for status in (Status.PROBATIONARY, Status.FULL):
        node = pack.makes(status)
        if node is not None and not node.approval:
            yield _fault(
                pack.nodes.index(node), node, "approval", "approval_needed",
                "须由有审批权限的党委审批", "only a committee with the power makes this",
            )  # fmt: skip
