"""A case as a clerk needs it: each step that comes next with every reason against it."""

import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fastapi import Response

from app.core import reads
from app.core.work import Work
from app.development import queries, rules
from app.development.commands import places
from app.development.commands.standing import Standing, stand
from app.development.rules import Attempt, CaseState, Facts, Node
from app.development.schemas import CaseRead
from app.reference.rules import add_working_days


async def show(work: Work, case_id: UUID, *, status: int = 200) -> Response:
    """One case. Its tag is the version and a hash: what blocks a step changes with the day too."""
    standing = await stand(work, case_id)
    if standing.pack.quota_counts_at in {n.code for n in rules.following(standing.pack, standing.facts)}:
        standing.facts = rules.with_facts(
            standing.facts, places=await places.left(work, standing, work.today.year)
        )
    shown = representation(standing, await queries.actions(work, case_id, standing.case.state))
    plain = CaseRead.model_validate({**shown, "etag": ""}).model_dump_json()
    tag = f'"{standing.case.version}-{hashlib.sha256(plain.encode()).hexdigest()[:16]}"'
    body = CaseRead.model_validate({**shown, "etag": tag}).model_dump_json().encode()
    return reads.answer(work, body, tag, status=status)


def representation(standing: Standing, allowed: list[str]) -> dict[str, Any]:
    """Everything of a case but its tag."""
    loaded, case, pack, facts = standing.loaded, standing.case, standing.pack, standing.facts
    since, until = facts.done.get(pack.probation.since), rules.probation_end(pack, facts)
    joined = next(
        (n for n in pack.nodes if n.becomes and n.becomes.status is rules.Status.PROBATIONARY), None
    )
    admitted = joined is not None and joined.code in facts.done
    lapse = rules.lapsed(pack, facts) if case.state == CaseState.OPEN else None
    actions = [name for name in allowed if name != "restart" or lapse is not None]
    return {
        "id": case.id,
        "member": {"id": case.member_id, "name": loaded.name},
        "party_organization": {"id": loaded.branch_id, "name": loaded.branch_name},
        "division": {"code": loaded.division_code, "name": loaded.division_name},
        "approving_body": standing.approver_id
        and {"id": standing.approver_id, "name": standing.approver_name},
        "pack": {name: loaded.pack[name] for name in ("id", "code", "version", "source")},
        "state": case.state,
        "stage": case.stage,
        "step": case.step,
        "opened_on": case.opened_on,
        "closed_on": case.closed_on,
        "closed_reason": case.closed_reason,
        "separate_plan": case.separate_plan,
        "priority_group": case.priority_group,
        "form_number": case.form_number,
        "probation": {"from_on": since, "until_on": until, "extended_months": case.extended_months}
        if admitted and since and until
        else None,
        "due": {"step": case.due_step, "on": case.due_on, "above": case.due_above} if case.due_on else None,
        "lapse": lapse and _lapse(*lapse),
        "steps": _steps(standing),
        "papers": [{**_without(p, "id"), "title": _both(pack.papers[p["kind"]])} for p in loaded.papers],
        "votes": [_without(v, "id") for v in loaded.votes],
        "publicities": [_publicity(p, facts) for p in loaded.publicities],
        "helpers": [
            {
                "role": h["role"],
                "member": {"id": h["member_id"], "name": h["name"]},
                "from_on": h["from_on"],
                "until_on": h["until_on"],
            }
            for h in loaded.helpers
        ],
        "records": [_without(r, "id") for r in loaded.records],
        "reviews": loaded.reviews,
        "earlier_attempts": [
            {name: s[name] for name in ("step", "attempt", "outcome", "on", "document", "reason")}
            for s in loaded.steps
            if not s["current"]
        ],
        "allowed_actions": actions,
    }


def _steps(standing: Standing) -> list[dict[str, Any]]:
    pack, facts = standing.pack, standing.facts
    following = (
        {node.code for node in rules.following(pack, facts)}
        if standing.case.state == CaseState.OPEN
        else set()
    )
    taken = {s["step"]: s for s in standing.loaded.steps if s["current"]}
    return [_step(standing, node, taken.get(node.code), following) for node in pack.nodes]


def _step(
    standing: Standing, node: Node, taken: dict[str, Any] | None, following: set[str]
) -> dict[str, Any]:
    facts, following_now = standing.facts, node.code in following
    window = rules.window(standing.pack, node, facts)
    found = rules.reasons(standing.pack, node, facts, Attempt(facts.today)) if following_now else ()
    blocking = rules.blocking(found)
    return {
        "step": node.code,
        "stage": node.stage,
        "title": _both(node.title),
        "doer": node.doer,
        **_rule(node.rule),
        "state": "done" if taken else "next" if following_now else "later",
        "on": taken["on"] if taken else None,
        "document": taken["document"] if taken else None,
        "decided_by": taken["decided_by"] if taken else None,
        "papers": list(node.papers),
        "earliest_on": window.earliest_on,
        "latest_on": window.latest_on,
        "provisional": window.provisional,
        "blocked_by": _reasons(blocking),
        "warnings": _reasons(r for r in found if r not in blocking),
    }


def _reasons(found: Iterable[rules.Reason]) -> list[dict[str, Any]]:
    return [
        {
            "code": r.code,
            "about": r.about,
            "message": _both(r.words),
            **_rule(r.rule),
            "force": r.force,
            "bring": r.bring,
            "since_on": r.since,
            "until_on": r.until,
            "provisional": r.provisional,
        }
        for r in found
    ]


def _rule(rule: rules.Rule) -> dict[str, Any]:
    return {"article": rule.article, "source": rule.source, "verified": rule.verified}


def _both(words: tuple[str, str]) -> dict[str, str]:
    return {"zh": words[0], "en": words[1]}


def _lapse(node: Node, lapse: rules.Lapse) -> dict[str, Any]:
    return {"step": node.code, "back_to": lapse.back_to, **_rule(lapse.rule)}


def _publicity(row: dict[str, Any], facts: Facts) -> dict[str, Any]:
    since = facts.today.fromisoformat(row["from_on"])
    end = add_working_days(since, row["working_days"], facts.calendar)
    return {**_without(row, "id"), "until_on": end.due_on, "provisional": end.provisional}


def _without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}
