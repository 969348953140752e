"""Warnings as their schemas have them."""

from typing import Any

from fastapi import Response
from sqlalchemy import ColumnElement, Integer, Select, Text, case, cast, column, func, literal, select, table
from sqlalchemy.types import Uuid

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.fields import Bilingual
from app.core.work import Work
from app.warnings import rules
from app.warnings.models import ParalysisWarning
from app.warnings.rules import WarningKind
from app.warnings.schemas import (
    ParalysisWarningRead,
    WarningCount,
    WarningCounts,
    WarningCountsQuery,
    WarningFilters,
)

_C = Text(collation="C")
W = ParalysisWarning
bodies = table("party_organizations", column("id", Uuid()), column("name", Text()))
divisions = table("divisions", column("code", _C), column("name", Text()))
LIST = "/paralysis-warnings"


def visible(scope: Scope) -> ColumnElement[bool]:
    """Warnings about bodies in a scope."""
    return access.reach(scope, W.division_code, W.party_organization_id, row_id=W.id)


def _within(query: WarningFilters | WarningCountsQuery) -> list[ColumnElement[bool]]:
    return access.lies_in(
        division=W.division_code,
        divisions=[query.division] if query.division else [],
        body=W.party_organization_id,
        bodies=[query.party_organization_id] if query.party_organization_id else [],
    )


def _words(which: int) -> ColumnElement[str]:
    """The rule's sentence in a language, with its number."""
    return case(
        {
            kind: func.replace(literal(words[which]), "{limit}", func.coalesce(cast(W.threshold, Text()), ""))
            for kind, words in rules.WORDS.items()
        },
        value=W.kind,
    )


def _warnings(work: Work) -> Select[Any]:
    b, d = bodies.c, divisions.c
    rule = func.json_build_object(
        "text",
        func.json_build_object("zh", _words(0), "en", _words(1)),
        "threshold",
        W.threshold,
        "source",
        W.source,
        "verified",
        W.verified,
        "rule_pack_id",
        W.rule_pack_id,
    )
    evidence = func.json_build_object("count", W.count, "last_on", W.last_on, "record_id", W.record_id)
    return (
        select(
            W.id,
            reads.ref(b.id, b.name).label("party_organization"),
            reads.code_ref(W.division_code, d.name).label("division"),
            W.kind,
            W.since_on,
            rule.label("rule"),
            evidence.label("evidence"),
            W.opened_on,
            W.closed_on,
            W.closed_by,
        )
        .join(bodies, b.id == W.party_organization_id)
        .join(divisions, d.code == W.division_code)
        .where(visible(work.actor.scope(Permission.PARTY_ORGANIZATION_READ)))
    )


async def page(work: Work, filters: WarningFilters) -> Response:
    """Warnings in sight, those that have lasted longest first."""
    statement = _warnings(work).where(*_within(filters))
    if filters.kind is not None:
        statement = statement.where(W.kind == filters.kind)
    if filters.state is not None:
        statement = statement.where(
            W.closed_on.is_(None) if filters.state == "open" else W.closed_on.is_not(None)
        )
    return await reads.page(
        work, statement, shape=ParalysisWarningRead, filters=filters, sort=(W.since_on, W.id)
    )


async def counts(work: Work, query: WarningCountsQuery) -> Response:
    """Open warnings in sight by kind, and how many bodies have any."""
    scope = visible(work.actor.scope(Permission.PARTY_ORGANIZATION_READ))
    rows: Any = await work.execute(
        select(W.kind, func.count(), cast(func.count(W.party_organization_id.distinct()), Integer()))
        .where(scope, W.closed_on.is_(None), *_within(query))
        .group_by(func.rollup(W.kind))
    )
    counted = {row[0]: row for row in rows}
    asked = "".join(f"&{name}={value}" for name, value in query.model_dump(exclude_none=True).items())
    return await reads.derived(
        work,
        WarningCounts(
            today=work.today,
            bodies=counted[None][2] if None in counted else 0,
            by_kind=[
                WarningCount(
                    kind=kind,
                    title=Bilingual(zh=rules.TITLES[kind][0], en=rules.TITLES[kind][1]),
                    count=counted[kind][1] if kind in counted else 0,
                    list=f"{LIST}?kind={kind}{asked}",
                )
                for kind in WarningKind
            ],
        ),
    )
