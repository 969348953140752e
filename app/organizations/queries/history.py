"""Who said what when, and what that made of the organization over time."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import DateTime, Select, func, literal, select
from sqlalchemy.orm import aliased

from app.core import reads
from app.core.access import Permission
from app.core.work import Work
from app.organizations import rules
from app.organizations.models import (
    Organization,
    OrganizationFact,
    OrganizationName,
    OrganizationPeriod,
    OrganizationSuccession,
)
from app.organizations.queries.derived import derived
from app.organizations.queries.others import authorities, divisions
from app.organizations.queries.sight import covers_day, find, known_now, since, until
from app.organizations.schemas import FactFilters, FactRead, Moment, OrganizationHistory, PeriodRead

_INSTANT = DateTime(timezone=True)
F, P = OrganizationFact, OrganizationPeriod


async def facts(work: Work, organization_id: UUID, filters: FactFilters) -> Response:
    """The statements about an organization, newest first."""
    await find(work, organization_id, work.actor.scope(Permission.ORGANIZATION_READ))
    statement = select(
        F.id,
        F.fact,
        F.key,
        F.value,
        F.effective_on,
        F.source,
        F.source_rank,
        F.sequence,
        F.occurred_at,
        F.correction,
        F.reason,
        F.event_id,
        F.recorded_at,
        F.recorded_by,
    ).where(F.organization_id == organization_id)
    if filters.fact is not None:
        statement = statement.where(F.fact == filters.fact)
    if filters.source is not None:
        statement = statement.where(F.source == filters.source)
    if filters.corrections_only:
        statement = statement.where(F.correction)
    return await reads.page(work, statement, shape=FactRead, filters=filters, sort=(F.id,), descending=True)


async def statements(work: Work, organization_id: UUID) -> list[rules.Fact]:
    """Everything stated about an organization, as the rules know it."""
    return (await statements_of(work, [organization_id]))[organization_id]


async def statements_of(work: Work, organization_ids: Sequence[UUID]) -> dict[UUID, list[rules.Fact]]:
    """Everything stated about each of these organizations."""
    found: dict[UUID, list[rules.Fact]] = {each: [] for each in organization_ids}
    if found:
        rows = await work.execute(
            select(*F.__table__.c).where(F.organization_id == func.any(list(found))).order_by(F.id)
        )
        for row in rows:
            found[row.organization_id].append(as_fact(row))
    return found


def as_fact(row: Any) -> rules.Fact:
    """A stored statement as the rules know it."""
    return rules.Fact(
        fact=row.fact,
        key=row.key,
        value=row.value,
        effective_on=row.effective_on,
        source=row.source,
        rank=row.source_rank,
        sequence=row.sequence,
        occurred_at=row.occurred_at,
        correction=row.correction,
        secrets={
            name: rules.Secret(UUID(secret["id"]), bytes.fromhex(secret["blind"]))
            for name, secret in (row.secrets or {}).items()
        },
        id=row.id,
        event_id=row.event_id,
        recorded_at=row.recorded_at,
        reason=row.reason,
    )


async def history(work: Work, organization_id: UUID, moment: Moment) -> Response:
    """The timeline: all of it, or what was true on a day; as known now, or at an instant."""
    organization = await find(work, organization_id, work.actor.scope(Permission.ORGANIZATION_READ))
    statement = select(
        reads.array_of(_periods(organization, moment), "from_on").label("periods"),
        reads.array_of(_names(organization, moment), "from_on").label("names"),
        reads.array_of(_successions(organization), "on").label("successions"),
    )
    return await derived(work, statement, shape=OrganizationHistory)


def _periods(organization: Organization, moment: Moment) -> Select[Any]:
    registered, domiciled = divisions.alias("registered"), divisions.alias("domiciled")
    registry, unit, line = (authorities.alias(name) for name in ("registry", "unit", "line"))
    statement = (
        select(
            P.id,
            since(P.valid).label("from_on"),
            until(P.valid).label("until_on"),
            func.lower(P.recorded, type_=_INSTANT).label("known_from_at"),
            func.upper(P.recorded, type_=_INSTANT).label("known_until_at"),
            P.registration_status,
            P.kind,
            P.registration_mode,
            reads.code_ref(P.division_code, registered.c.name).label("division"),
            reads.code_ref(P.domicile_division_code, domiciled.c.name).label("domicile_division"),
            reads.ref(P.registration_authority_id, registry.c.name).label("registration_authority"),
            reads.ref(P.supervisory_unit_id, unit.c.name).label("supervisory_unit"),
            reads.ref(P.industry_authority_id, line.c.name).label("industry_authority"),
            P.decoupled,
        )
        .join(registered, registered.c.code == P.division_code)
        .outerjoin(domiciled, domiciled.c.code == P.domicile_division_code)
        .outerjoin(registry, registry.c.id == P.registration_authority_id)
        .outerjoin(unit, unit.c.id == P.supervisory_unit_id)
        .outerjoin(line, line.c.id == P.industry_authority_id)
        .where(P.organization_id == organization.id)
    )
    reads.check(statement, PeriodRead)
    if moment.known_at is None:
        statement = statement.where(known_now(P.recorded))
    else:
        instant = literal(moment.known_at, _INSTANT)
        statement = statement.where(P.recorded.op("@>", is_comparison=True)(instant))
    if moment.as_of is not None:
        statement = statement.where(covers_day(P.valid, moment.as_of))
    return statement


def _names(organization: Organization, moment: Moment) -> Select[Any]:
    n = OrganizationName
    statement = select(n.name, since(n.valid).label("from_on"), until(n.valid).label("until_on")).where(
        n.organization_id == organization.id
    )
    return statement if moment.as_of is None else statement.where(covers_day(n.valid, moment.as_of))


def _successions(organization: Organization) -> Select[Any]:
    s, successor = OrganizationSuccession, aliased(Organization)
    return (
        select(s.succession, reads.ref(s.successor_id, successor.name).label("successor"), s.on, s.withdrawn)
        .join(successor, successor.id == s.successor_id)
        .where(s.organization_id == organization.id)
    )
