"""What the slice shows: the answer of a day, the history, the organizations that nobody leads."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    Select,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.core import reads
from app.core.access import Permission, Scope, either, today_sql, within_bodies, within_divisions
from app.core.errors import NotFound
from app.core.work import Work
from app.responsibility import rules
from app.responsibility.errors import UnknownReference
from app.responsibility.models import Responsibility, ResponsibilityDetermination
from app.responsibility.queries.cases import ENDED, preview
from app.responsibility.queries.tables import (
    authorities,
    division_closure,
    divisions,
    organizations,
    party_organizations,
)
from app.responsibility.rules import Assignment, Attempt
from app.responsibility.schemas import (
    HistoryFilters,
    ResponsibilityFindingFilters,
    ResponsibilityFindingRead,
    ResponsibilityHistory,
    ResponsibilityPreview,
    ResponsibilityPreviewRead,
    ResponsibilityRead,
)

R = Responsibility
D = ResponsibilityDetermination


def writable(scope: Scope) -> ColumnElement[bool]:
    """Organizations registered in the scope's divisions, or led today by one of its Party bodies."""
    if scope.national:
        return true()
    conditions: list[ColumnElement[bool]] = []
    if scope.divisions:
        conditions.append(within_divisions(organizations.c.division_code, scope.divisions))
    if scope.bodies:
        led = select(R.organization_id).where(
            R.relation == "lead",
            func.upper_inf(R.recorded),
            R.valid.op("@>")(today_sql()),
            within_bodies(R.party_organization_id, scope.bodies),
        )
        conditions.append(organizations.c.id.in_(led))
    return either(conditions)


def visible(scope: Scope) -> ColumnElement[bool]:
    """The same, and organizations domiciled in the scope's divisions: what may be read one by one."""
    if scope.national or not scope.divisions:
        return writable(scope)
    domiciled = within_divisions(organizations.c.domicile_division_code, scope.divisions)
    return either([writable(scope), domiciled])


async def answer(work: Work, organization_id: UUID, as_of: date | None = None) -> ResponsibilityRead:
    """Who answers for an organization on a day (today if none). Raises `NotFound`."""
    await work.session.flush()
    day, o = as_of or work.today, organizations
    live = exists(
        select(1).where(
            R.organization_id == o.c.id,
            func.upper_inf(R.recorded),
            R.override,
            R.valid.op("@>")(_day(work.today)),
        )
    )
    statement = (
        select(
            o.c.name,
            D.rule_code,
            D.rule_title,
            D.rule_source,
            D.rule_pack_id,
            D.tried,
            D.facts,
            D.determined_at,
            _spells(o.c.id, and_(func.upper_inf(R.recorded), R.valid.op("@>")(_day(day)))).label("spells"),
            reads.actions(
                work,
                {
                    "override": (
                        Permission.RESPONSIBILITY_OVERRIDE,
                        and_(~live, o.c.registration_status.not_in(sorted(ENDED))),
                    ),
                    "end_override": (Permission.RESPONSIBILITY_OVERRIDE, live),
                },
                visible=writable,
            ),
        )
        .select_from(o.join(D, D.organization_id == o.c.id, isouter=True))
        .where(o.c.id == organization_id, visible(work.actor.scope(Permission.RESPONSIBILITY_READ)))
    )
    row = (await work.execute(statement)).mappings().one_or_none()
    if row is None:
        raise NotFound
    spells = row["spells"]
    lead = next((each for each in spells if each["relation"] == "lead"), None)
    of_rule = lead is not None and not lead["override"]
    latest = day == work.today and not of_rule
    ground = lead if of_rule else row if latest else None
    return ResponsibilityRead.model_validate(
        {
            "organization": {"id": organization_id, "name": row["name"]},
            "as_of": day,
            "lead": lead and lead["party_organization"],
            "joint": [each["party_organization"] for each in spells if each["relation"] == "joint"],
            "guidance": [each["party_organization"] for each in spells if each["relation"] == "guidance"],
            "rule": ground and ground["rule_code"],
            "rule_title": ground and ground["rule_title"],
            "source": ground and ground["rule_source"],
            "rule_pack_id": ground and ground["rule_pack_id"],
            "since": lead and lead["since"],
            "overridden_by": {"reason": lead["override_reason"], "until": lead["override_until"]}
            if lead is not None and lead["override"]
            else None,
            "tried": (row["tried"] if day == work.today else lead and lead["tried"]) or [],
            "facts": (day == work.today and row["facts"]) or {},
            "determined_at": row["determined_at"] if day == work.today else lead and lead["recorded_at"],
            "allowed_actions": row["allowed_actions"],
        }
    )


def tag(value: ResponsibilityRead) -> str:
    """The ETag of an answer: the hash of its bytes."""
    return reads.hash_tag(value.model_dump_json().encode())


async def read(work: Work, organization_id: UUID, as_of: date | None = None) -> Response:
    """The answer as a response."""
    return await reads.derived(work, await answer(work, organization_id, as_of))


async def history(work: Work, organization_id: UUID, filters: HistoryFilters) -> Response:
    """Every stretch in which a body answered, the latest first, as known now or at an instant. Raises
    `NotFound`."""
    o = organizations
    known = (
        func.upper_inf(R.recorded)
        if filters.known_at is None
        else R.recorded.op("@>")(literal(filters.known_at))
    )
    row = (
        await work.execute(
            select(o.c.name, _spells(o.c.id, known).label("spells")).where(
                o.c.id == organization_id, visible(work.actor.scope(Permission.RESPONSIBILITY_READ))
            )
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    items = [{key: each[key] for key in _HISTORY} for each in row.spells]
    return await reads.derived(
        work,
        {"organization": {"id": organization_id, "name": row.name}, "items": items},
        shape=ResponsibilityHistory,
    )


_HISTORY = (
    "id",
    "relation",
    "party_organization",
    "rule",
    "rule_title",
    "source",
    "since",
    "until",
    "override",
    "override_reason",
    "recorded_at",
)


def _spells(organization_id: ColumnElement[UUID], which: ColumnElement[bool]) -> ColumnElement[Any]:
    """The stored stretches of an organization as a JSON array, the latest first, then by name."""
    p = party_organizations.alias()
    item = func.json_build_object(
        *_pairs(
            id=R.id,
            relation=R.relation,
            party_organization=func.json_build_object("id", p.c.id, "name", p.c.name),
            rule=R.rule_code,
            rule_code=R.rule_code,
            rule_title=R.rule_title,
            source=R.rule_source,
            rule_source=R.rule_source,
            rule_pack_id=R.rule_pack_id,
            tried=R.tried,
            since=func.lower(R.valid),
            until=func.upper(R.valid),
            override=R.override,
            override_reason=R.override_reason,
            override_until=R.override_until,
            recorded_at=reads.instant(func.lower(R.recorded)),
        )
    )
    order = aggregate_order_by(item, func.lower(R.valid).desc(), R.relation, p.c.name, R.id)
    return func.coalesce(
        select(func.json_agg(order))
        .select_from(R)
        .join(p, p.c.id == R.party_organization_id)
        .where(R.organization_id == organization_id, which)
        .scalar_subquery(),
        cast(literal("[]"), JSON),
        type_=JSON(),
    )


def _pairs(**columns: Any) -> Sequence[Any]:
    return [part for pair in columns.items() for part in pair]


def _day(day: date) -> ColumnElement[date]:
    return literal(day, Date())


def missing(scope: Scope) -> Select[Any]:
    """Organizations in normal status that nobody leads today."""
    o, d = organizations, divisions
    lead = exists(
        select(1).where(
            R.organization_id == o.c.id,
            R.relation == "lead",
            func.upper_inf(R.recorded),
            R.valid.op("@>")(today_sql()),
        )
    )
    return (
        select(
            func.json_build_object("id", o.c.id, "name", o.c.name).label("organization"),
            o.c.kind,
            o.c.registration_mode,
            func.json_build_object("code", d.c.code, "name", d.c.name).label("division"),
            D.tried,
            D.determined_at,
        )
        .select_from(o.join(D, D.organization_id == o.c.id).join(d, d.c.code == o.c.division_code))
        .where(o.c.registration_status == "normal", D.outcome == "missing", ~lead, writable(scope))
    )


async def findings(work: Work, filters: ResponsibilityFindingFilters) -> Response:
    """A page of organizations without a lead."""
    o = organizations
    statement = missing(work.actor.scope(Permission.RESPONSIBILITY_READ))
    if filters.division is not None:
        statement = statement.where(within_divisions(o.c.division_code, (filters.division,)))
    if filters.kind is not None:
        statement = statement.where(o.c.kind == filters.kind)
    if filters.registration_mode is not None:
        statement = statement.where(o.c.registration_mode == filters.registration_mode)
    return await reads.page(
        work, statement, shape=ResponsibilityFindingRead, filters=filters, sort=(o.c.division_code, o.c.id)
    )


async def require_division(work: Work, code: str, permission: Permission) -> None:
    """Raises `NotFound` unless the division lies below one of the caller's, or of the caller's bodies."""
    scope, x, p = work.actor.scope(permission), division_closure, party_organizations
    of_bodies = select(p.c.division_code).where(p.c.id == func.any(list(scope.bodies)))
    above = or_(x.c.ancestor_code == func.any(list(scope.divisions)), x.c.ancestor_code.in_(of_bodies))
    found = await work.scalar(
        select(1)
        .where(
            x.c.descendant_code == code,
            x.c.valid.op("@>")(_day(work.today)),
            true() if scope.national else above,
        )
        .limit(1)
    )
    if found is None:
        raise NotFound


async def read_preview(work: Work, given: ResponsibilityPreview) -> Response:
    """What the rules of today answer to given facts. Raises `NotFound`, `UnknownReference`."""
    await require_division(work, given.division_code, Permission.RESPONSIBILITY_READ)
    named = {
        given.registration_authority_id,
        given.supervisory_unit_id,
        given.former_supervisory_unit_id,
        given.industry_authority_id,
    } - {None}
    known = await work.scalar(
        select(func.count()).select_from(authorities).where(authorities.c.id == func.any(list(named)))
    )
    case = await preview(work, given)
    if case is None or known < len(named):
        raise UnknownReference
    found = rules.resolve(case.facts, case.world, case.pack)
    rule = found.rule
    return await reads.derived(
        work,
        {
            "lead": found.lead and _ref(found.lead),
            "joint": [_ref(each) for each in found.joint],
            "guidance": [_ref(each) for each in found.guidance],
            "rule": rule and rule.code,
            "rule_title": rule and {"zh": rule.title[0], "en": rule.title[1]},
            "source": rule and rule.source,
            "rule_pack_id": rule and rule.pack_id,
            "tried": [tried(each) for each in found.tried],
            "facts": dict(found.facts),
        },
        shape=ResponsibilityPreviewRead,
    )


def tried(attempt: Attempt) -> dict[str, Any]:
    """A rule that did not apply, as it is stored and shown."""
    return {
        "rule": attempt.rule,
        "title": {"zh": attempt.title[0], "en": attempt.title[1]},
        "code": attempt.code,
        "reason": {"zh": attempt.reason[0], "en": attempt.reason[1]},
        "facts": dict(attempt.facts),
        "looked_for": list(attempt.looked_for),
        "divisions": list(attempt.divisions),
    }


def _ref(assignment: Assignment) -> dict[str, Any]:
    return {"id": assignment.body.id, "name": assignment.body.name}
