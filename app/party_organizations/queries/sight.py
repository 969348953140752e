"""Which rows a caller reaches, and the few facts of other slices that Party organizations need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, column, func, literal, or_, select, table, true
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, TSTZRANGE
from sqlalchemy.types import Date, Text, Uuid

from app.core import access
from app.core.access import Permission, Scope
from app.core.work import Work
from app.party_organizations.models import Cover, PartyOrganization

_C = Text(collation="C")
divisions = table(
    "divisions", column("code", _C), column("name", Text()), column("level", _C), column("valid", DATERANGE)
)
organizations = table(
    "organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", _C),
    column("domicile_division_code", _C),
)
organization_periods = table(
    "organization_periods",
    column("organization_id", Uuid()),
    column("valid", DATERANGE),
    column("recorded", TSTZRANGE),
    column("registration_status", _C),
)
instructor_assignments = table(
    "instructor_assignments",
    column("organization_id", Uuid()),
    column("valid", DATERANGE),
    column("recorded", TSTZRANGE),
)
members = table("members", column("party_organization_id", Uuid()), column("status", _C))
responsibilities = table(
    "responsibilities",
    column("organization_id", Uuid()),
    column("party_organization_id", Uuid()),
    column("relation", _C),
    column("valid", DATERANGE),
    column("recorded", TSTZRANGE),
)
rule_packs = table(
    "rule_packs",
    column("kind", _C),
    column("jurisdiction_code", _C),
    column("effective_on", Date()),
    column("version"),
    column("content", JSONB()),
    column("state", _C),
)


def visible(scope: Scope) -> ColumnElement[bool]:
    """The Party organizations in a scope: by division subtree (块), by body subtree (条), or by either."""
    row = PartyOrganization
    if scope.national:
        return true()
    by_division = access.within_divisions(row.division_code, scope.divisions)
    by_body = access.within_bodies(row.id, scope.bodies)
    if not scope.bodies:
        return by_division
    if not scope.divisions:
        return by_body
    return row.id.in_(select(row.id).where(by_division).union(select(row.id).where(by_body)))


def visible_divisions(code: ColumnElement[str], work: Work) -> ColumnElement[bool]:
    """Divisions in the scope of whoever reads Party organizations; by bodies, those in which they lie."""
    scope, row = work.actor.scope(Permission.PARTY_ORGANIZATION_READ), PartyOrganization
    if scope.national:
        return true()
    parts = [access.within_divisions(code, scope.divisions)] if scope.divisions else []
    if scope.bodies:
        own = select(row.division_code).where(access.within_bodies(row.id, scope.bodies))
        parts.append(code.in_(own))
    return access.either(parts)


def organization_visible(scope: Scope) -> ColumnElement[bool]:
    """Organizations in a scope: registered or domiciled in its divisions, led or covered by its bodies."""
    o, led = organizations.c, responsibilities.c
    if scope.national:
        return true()
    parts = []
    if scope.divisions:
        parts.append(access.within_divisions(o.division_code, scope.divisions))
        parts.append(access.within_divisions(o.domicile_division_code, scope.divisions))
    if scope.bodies:
        answered = select(led.organization_id).where(
            access.within_bodies(led.party_organization_id, scope.bodies),
            func.upper_inf(led.recorded),
            led.valid.op("@>")(access.today_sql()),
        )
        covered = select(Cover.organization_id).where(
            access.within_bodies(Cover.party_organization_id, scope.bodies),
            func.upper_inf(Cover.recorded),
            Cover.valid.op("@>")(access.today_sql()),
        )
        parts.append(o.id.in_(answered.union(covered)))
    return access.either(parts)


@dataclass(frozen=True, slots=True)
class Place:
    """A division as a body may use it today."""

    level: str
    abolished: bool
    not_yet: bool
    inside: bool


async def place(work: Work, code: str, scope: Scope) -> Place | None:
    """A division's level, whether it exists today, and whether it lies in a scope; None if unknown."""
    d, today = divisions.c, access.today_sql()
    inside = true() if scope.national else access.within_divisions(d.code, scope.divisions)
    found = await work.execute(
        select(
            d.level,
            func.coalesce(func.upper(d.valid) <= today, literal(False)),
            func.coalesce(func.lower(d.valid) > today, literal(False)),
            inside,
        ).where(d.code == code)
    )
    row: Any = found.one_or_none()
    return Place(*row) if row is not None else None


ENDED: Sequence[str] = ("deregistered", "revoked", "license_revoked", "merged", "split")
"""Statuses in which nothing can cover an organization any more (注销、撤销、吊销、合并、分立)."""


async def ended_by(work: Work, organization_id: UUID, since: date, until: date | None) -> bool:
    """Whether, by what is known now, the organization had ended on any day of `[since, until)`."""
    p = organization_periods.c
    ended = select(literal(1)).where(
        p.organization_id == organization_id,
        func.upper_inf(p.recorded),
        p.registration_status.in_(ENDED),
        p.valid.op("&&")(func.daterange(since, until)),
    )
    return await work.scalar(ended.limit(1)) is not None


async def reason_days(work: Work, division_code: str, on: date) -> int:
    """How many days a reason for having no Party organization may hold at most, where the organization is.

    From the rule pack `coverage` of the nearest jurisdiction above the division, in force on the day."""
    k, above = rule_packs.c, access.division_closure.c
    days: Any = k.content["no_party_organization_reason"]["maximum_days"].astext
    found = await work.scalar(
        select(days.cast(Integer()))
        .select_from(rule_packs)
        .outerjoin(
            access.division_closure,
            and_(
                above.ancestor_code == k.jurisdiction_code,
                above.descendant_code == division_code,
                above.valid.op("@>")(on),
            ),
        )
        .where(
            k.kind == "coverage",
            k.state == "published",
            k.effective_on <= on,
            days.is_not(None),
            or_(k.jurisdiction_code.is_(None), above.ancestor_code.is_not(None)),
        )
        .order_by(above.depth.asc().nulls_last(), k.effective_on.desc(), k.version.desc())
        .limit(1)
    )
    if found is None:
        raise LookupError("no published rule pack `coverage` says how long a reason may hold")
    return int(found)
