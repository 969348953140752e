"""Who may apply: the subjects in the caller's scope, and what the ledger says of them on a day."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, literal, or_, select

from app.core import access
from app.core.access import Permission
from app.core.work import Work
from app.rounds.models import Result, Round
from app.rounds.queries.tables import (
    annual_reports,
    covers,
    credit_listings,
    members,
    organizations,
    party_organizations,
    penalties,
    persons,
    responsibilities,
)
from app.rounds.rules import Facts, SubjectKind


@dataclass(frozen=True, slots=True)
class Subject:
    """Who applies, where it is, and which body answers for it."""

    kind: SubjectKind
    id: UUID
    name: str
    division_code: str
    body_id: UUID | None
    facts: Facts


async def subject(work: Work, kind: SubjectKind, subject_id: UUID, on: date) -> Subject | None:
    """A subject in the caller's scope with its facts on a day; None where there is none."""
    if kind is SubjectKind.ORGANIZATION:
        return await _organization(work, subject_id, on)
    if kind is SubjectKind.PARTY_ORGANIZATION:
        return await _body(work, subject_id)
    return await _member(work, subject_id)


async def _organization(work: Work, organization_id: UUID, on: date) -> Subject | None:
    o, r, a, p, c, cover = (
        organizations.c,
        responsibilities.c,
        annual_reports.c,
        penalties.c,
        credit_listings.c,
        covers.c,
    )
    lead = (
        select(r.party_organization_id)
        .where(
            r.organization_id == o.id,
            r.relation == "lead",
            r.valid.op("@>")(access.today_sql()),
            func.upper_inf(r.recorded),
        )
        .limit(1)
        .correlate(organizations)
        .scalar_subquery()
    )
    checks = (
        select(func.json_object_agg(a.year, a.result))
        .where(a.organization_id == o.id, a.withdrawn.is_(False))
        .correlate(organizations)
        .scalar_subquery()
    )
    punished = (
        select(func.array_agg(p.decided_on))
        .where(p.organization_id == o.id, p.withdrawn.is_(False), p.decided_on <= on)
        .correlate(organizations)
        .scalar_subquery()
    )
    listed = exists(
        select(literal(1))
        .where(
            c.organization_id == o.id,
            c.withdrawn.is_(False),
            c.listed_on <= on,
            or_(c.removed_on.is_(None), c.removed_on > on),
        )
        .correlate(organizations)
    )
    covered = exists(
        select(literal(1))
        .where(cover.organization_id == o.id, cover.valid.op("@>")(on), func.upper_inf(cover.recorded))
        .correlate(organizations)
    )
    star = (
        select(Result.band)
        .join(Round, Round.id == Result.round_id)
        .where(
            Result.organization_id == o.id,
            Result.state == "frozen",
            Result.selected,
            Round.use == "star",
        )
        .order_by(Round.as_of.desc(), Round.id.desc())
        .limit(1)
        .correlate(organizations)
        .scalar_subquery()
    )
    rows = select(
        o.id,
        o.name,
        o.division_code,
        o.registration_status,
        o.established_on,
        lead.label("lead"),
        checks.label("checks"),
        punished.label("punished"),
        listed.label("listed"),
        covered.label("covered"),
        star.label("star"),
    ).where(o.id == organization_id)
    inner = rows.subquery()
    scope = work.actor.scope(Permission.ROUND_RECORD)
    inside = access.reach(scope, inner.c.division_code, inner.c.lead, row_id=inner.c.id)
    found: Any = (await work.execute(select(inner).where(inside))).one_or_none()
    if found is None:
        return None
    facts = Facts(
        status=found.registration_status,
        since=found.established_on,
        checks={int(year): result for year, result in (found.checks or {}).items()},
        penalties=tuple(found.punished or ()),
        listed=found.listed,
        covered=found.covered,
        star=_star(found.star),
    )
    return Subject(SubjectKind.ORGANIZATION, found.id, found.name, found.division_code, found.lead, facts)


def _star(band: str | None) -> int | None:
    """The number in the code of a star's band: `star_3`."""
    digits = "".join(each for each in band or "" if each.isdigit())
    return int(digits) if digits else None


async def _body(work: Work, body_id: UUID) -> Subject | None:
    b = party_organizations.c
    inside = access.reach(work.actor.scope(Permission.ROUND_RECORD), b.division_code, b.id, row_id=b.id)
    found: Any = (
        await work.execute(
            select(b.id, b.name, b.division_code, b.status, b.founded_on).where(and_(b.id == body_id, inside))
        )
    ).one_or_none()
    if found is None:
        return None
    facts = Facts("normal" if found.status == "active" else found.status, found.founded_on, covered=True)
    return Subject(SubjectKind.PARTY_ORGANIZATION, found.id, found.name, found.division_code, found.id, facts)


async def _member(work: Work, member_id: UUID) -> Subject | None:
    """A member by the mask of the name: row-level security holds, so the transaction says its scope first."""
    scope = work.actor.scope(Permission.ROUND_RECORD)
    await work.admit(scope)
    m, b = members.c, party_organizations.c
    inside = access.reach(scope, m.division_code, m.party_organization_id, row_id=m.id)
    found: Any = (
        await work.execute(
            select(
                m.id, persons.c.name_mask, b.division_code, m.party_organization_id, m.status, b.founded_on
            )
            .join(persons, persons.c.id == m.person_id)
            .join(party_organizations, b.id == m.party_organization_id)
            .where(m.id == member_id, inside)
        )
    ).one_or_none()
    if found is None:
        return None
    facts = Facts("ended" if found.status == "ended" else "normal", None, covered=True)
    return Subject(
        SubjectKind.MEMBER, found.id, found.name_mask, found.division_code, found.party_organization_id, facts
    )
