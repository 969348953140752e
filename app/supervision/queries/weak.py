"""Whom the rules call weak: what each rule looks at, and what it saw."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import JSON, Select, Text, case, cast, func, literal, select, union_all

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.supervision.models import Finding
from app.supervision.queries.findings import visible
from app.supervision.queries.tables import divisions, paralysis_warnings, party_organizations
from app.supervision.queries.targets import subject_of
from app.supervision.rules import WEAK, WeakBasis, WeakRule
from app.supervision.schemas import WeakCandidateFilters, WeakCandidateRead

F, B, W = Finding, party_organizations.c, paralysis_warnings.c


async def weak(work: Work, filters: WeakCandidateFilters, rules: Sequence[WeakRule]) -> Response:
    """Everybody in sight whom one of these rules calls weak and who is not listed, by division."""
    found = _all(work, rules, work.actor.scope(Permission.SUPERVISION_READ)).subquery("weak")
    d, c = divisions.c, found.c
    listed = (
        select(F.id)
        .where(
            F.kind == WEAK,
            F.state != "closed",
            func.coalesce(F.organization_id, F.party_organization_id, F.authority_id) == c.id,
        )
        .correlate(found)
        .exists()
    )
    statement: Select[Any] = (
        select(
            c.id,
            c.type,
            c.name,
            reads.code_ref(d.code, d.name).label("division"),
            c.rule_code,
            c.rule_facts,
        )
        .join_from(found, divisions, d.code == c.division_code)
        .where(access.within_divisions(c.division_code, [filters.division]), ~listed)
    )
    return await reads.page(
        work,
        statement,
        shape=WeakCandidateRead,
        filters=filters,
        sort=(c.division_code, c.id, c.rule_code),
    )


async def seen_by(work: Work, rule: WeakRule, subject: UUID) -> dict[str, Any] | None:
    """What a rule saw of one, as it will be frozen; None where it does not call them weak."""
    found = _all(work, [rule], work.actor.scope(Permission.SUPERVISION_DECIDE)).subquery("weak")
    facts: dict[str, Any] | None = await work.scalar(
        select(cast(found.c.rule_facts, JSON)).where(found.c.id == subject)
    )
    return facts


def _all(work: Work, rules: Sequence[WeakRule], scope: Scope) -> Any:
    of = {WeakBasis.PARALYSIS_WARNING: _standing, WeakBasis.FINDINGS_OVERDUE: _overdue}
    parts = [of[rule.basis](rule, work.today, scope) for rule in rules]
    return union_all(*parts) if parts else _overdue(_NEVER, work.today, scope)


_NEVER = WeakRule("none", WeakBasis.FINDINGS_OVERDUE, 2**31 - 1, ("", ""), "")
"""Where a pack has no rule, nobody is weak by rule."""


def _standing(rule: WeakRule, today: date, scope: Scope) -> Select[Any]:
    """Party organizations with a warning that stands so many days."""
    facts = func.jsonb_build_object(
        "warnings",
        func.count(),
        "since_on",
        func.min(W.since_on),
        "kinds",
        func.jsonb_agg(W.kind.distinct()),
    )
    return (
        select(
            B.id,
            cast(literal("party_organization"), Text).label("type"),
            B.name,
            B.division_code,
            cast(literal(rule.code), Text(collation="C")).label("rule_code"),
            facts.label("rule_facts"),
        )
        .select_from(party_organizations.join(paralysis_warnings, W.party_organization_id == B.id))
        .where(
            W.closed_on.is_(None),
            W.since_on <= today - timedelta(days=rule.at_least),
            B.status == "active",
            access.reach(scope, B.division_code, B.id, row_id=B.id),
        )
        .group_by(B.id, B.name, B.division_code)
    )


def _overdue(rule: WeakRule, today: date, scope: Scope) -> Select[Any]:
    """Those with so many findings past their day, other than being weak."""
    kind = case((F.organization_id.is_not(None), "organization"), else_="party_organization")
    late = (
        select(
            func.coalesce(F.organization_id, F.party_organization_id).label("id"),
            cast(kind, Text).label("type"),
            cast(subject_of(F).op("->>")("name"), Text).label("name"),
            F.division_code,
            F.due_on,
        )
        .where(
            F.state != "closed",
            F.due_on < today,
            F.kind != WEAK,
            F.authority_id.is_(None),
            visible(scope),
        )
        .subquery("late")
    )
    facts = func.jsonb_build_object("findings", func.count(), "since_on", func.min(late.c.due_on))
    return (
        select(
            late.c.id,
            late.c.type,
            late.c.name,
            late.c.division_code,
            cast(literal(rule.code), Text(collation="C")).label("rule_code"),
            facts.label("rule_facts"),
        )
        .group_by(late.c.id, late.c.type, late.c.name, late.c.division_code)
        .having(func.count() >= rule.at_least)
    )
