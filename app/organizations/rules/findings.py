"""What the statements about an organization leave for a person to settle."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.organizations.rules.facts import Fact, content
from app.organizations.rules.folding import Fold, Lane, Segment
from app.organizations.rules.terms import CREDIT_CODE_CLASS, ENDED, FindingKind, OrganizationKind
from app.organizations.rules.values import FACTS, STATED_BY_VERBS


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to settle: its kind, the fact and record it is about, and the statements that show it."""

    kind: FindingKind
    fact: str
    key: str
    evidence: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """The finding's identity within its organization: the same evidence is the same finding."""
        said = json.dumps([self.kind, self.fact, self.key, self.evidence], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()


def findings(state: Fold) -> tuple[Finding, ...]:
    """Everything to settle, in a stated order; a function of the set of statements, as the fold is."""
    by_lane, found = state.lanes, list[Finding]()
    for lane, said in by_lane.items():
        found += _about_correction(lane, said)
        found += _about_tie(lane, said)
    found += _about_credit_code(state)
    found += _about_end(by_lane, state)
    return tuple(sorted(found, key=lambda f: (f.kind, f.fact, f.key)))


def _said(fact: Fact) -> dict[str, Any]:
    """A statement as evidence. A number kept encrypted shows only its mask."""
    return {
        "value": fact.value,
        "effective_on": fact.effective_on.isoformat(),
        "source": fact.source,
        "sequence": fact.sequence,
    }


def _agree(one: Fact, other: Fact) -> bool:
    return content(one) == content(other)


def _about_correction(lane: Lane, said: Sequence[Fact]) -> list[Finding]:
    """The latest correction by a person against what registries say.

    It is confirmed once a registry says the same: as its last word for the correction's day, or for any day
    after. Unconfirmed, a differing last word for its day or before leaves it standing and is a finding; a
    differing word for a later day rules from that day and is another."""
    correction = next((fact for fact in reversed(said) if fact.corrects), None)
    if correction is None:
        return []
    registry = [fact for fact in said if fact.by_registry]
    before = [fact for fact in registry if fact.effective_on <= correction.effective_on]
    after = [fact for fact in registry if fact.effective_on > correction.effective_on]
    if (before and _agree(before[-1], correction)) or any(_agree(fact, correction) for fact in after):
        return []
    if after:
        kind, against = FindingKind.REGISTRY_OVERRIDES_CORRECTION, after[0]
    elif before:
        kind, against = FindingKind.REGISTRY_CONTRADICTS_CORRECTION, before[-1]
    else:
        return []
    return [Finding(kind, *lane, {"correction": _said(correction), "registry": _said(against)})]


def _about_tie(lane: Lane, said: Sequence[Fact]) -> list[Finding]:
    """Statements for the ruling day that differ with nothing but our tie-break to choose between them."""
    ruling = said[-1]
    if not ruling.by_registry:
        return []
    same_day = [f for f in said if f.by_registry and f.effective_on == ruling.effective_on]
    last_words = {fact.source: fact for fact in same_day}
    found: list[Finding] = []
    others = [fact for source, fact in sorted(last_words.items()) if source != ruling.source]
    if differing := [fact for fact in others if not _agree(fact, ruling)]:
        evidence = {"ruling": _said(ruling), "others": [_said(fact) for fact in differing]}
        found.append(Finding(FindingKind.SOURCES_DISAGREE, *lane, evidence))
    unordered = [
        fact
        for fact in same_day
        if fact.source == ruling.source
        and (fact.rank, fact.sequence, fact.occurred_at, fact.correction)
        == (ruling.rank, ruling.sequence, ruling.occurred_at, ruling.correction)
        and not _agree(fact, ruling)
    ]
    if unordered:
        evidence = {"ruling": _said(ruling), "others": [_said(fact) for fact in unordered]}
        found.append(Finding(FindingKind.ORDER_NOT_STATED, *lane, evidence))
    return found


def _about_credit_code(state: Fold) -> list[Finding]:
    """A credit code is for life (GB 32100-2015), and its class is that of the kind."""
    segments = state.histories.get(("credit_code", ""), ())
    codes = list(dict.fromkeys(s.ruling.value for s in segments if s.ruling.value is not None))
    found = []
    if len(codes) > 1 and not segments[-1].ruling.corrects:
        said = [_said(s.ruling) for s in segments if s.ruling.value is not None]
        found.append(Finding(FindingKind.CREDIT_CODE_CHANGED, "credit_code", "", {"codes": said}))
    values = state.values()
    expected = CREDIT_CODE_CLASS.get(OrganizationKind(values["kind"]))
    code = values["credit_code"]
    if code is not None and expected is not None and code[:2] != expected:
        evidence = {"credit_code": code, "kind": values["kind"], "expected_class": expected}
        found.append(Finding(FindingKind.CREDIT_CODE_CLASS_DIFFERS, "credit_code", "", evidence))
    return found


def _about_end(by_lane: Mapping[Lane, Sequence[Fact]], state: Fold) -> list[Finding]:
    """Registry changes that took effect after the end, and an end before the beginning."""
    statuses = state.histories.get(("registration_status", ""), ())
    late = [
        {"fact": name, **_said(fact)}
        for (name, key), said in by_lane.items()
        if not key and name in FACTS and name not in STATED_BY_VERBS
        for fact in said
        if fact.by_registry and _ended_before(statuses, fact)
    ]
    found = []
    if late:
        evidence: dict[str, Any] = {"changes": late}
        found.append(Finding(FindingKind.CHANGED_AFTER_END, "registration_status", "", evidence))
    if state.ended_on is not None and state.ended_on < state.starts_on:
        evidence = {"ended_on": state.ended_on.isoformat(), "established_on": state.starts_on.isoformat()}
        found.append(Finding(FindingKind.ENDED_BEFORE_ESTABLISHED, "registration_status", "", evidence))
    return found


def _ended_before(statuses: Sequence[Segment], fact: Fact) -> bool:
    ruled = next((s for s in reversed(statuses) if s.since < fact.effective_on), None)
    still = ruled is not None and (ruled.until is None or ruled.until >= fact.effective_on)
    return still and ruled is not None and ruled.ruling.value in ENDED
