"""Each figure of the ledger: the rows behind it as of a day, and what they come to.

What is under row-level security is counted as far as the transaction sees it (`work.admit`); where it sees
nothing at all, the figure is unknown, not 0."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.dialects.postgresql import DATERANGE

from app.scoring.queries import tables as t

Items = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a figure is about: organizations with the bodies that cover them, or the other way round."""

    organizations: Sequence[UUID]
    bodies: Sequence[UUID]
    on: date

    def before(self, years: int) -> date:
        """The same day so many years ago; the day after is the first that counts."""
        try:
            return self.on.replace(year=self.on.year - years)
        except ValueError:
            return self.on.replace(year=self.on.year - years, day=28)

    def within(self, day: Any, years: int) -> ColumnElement[bool]:
        """Whether a day lies in the years that end with the day asked about."""
        return and_(day > self.before(years), day <= self.on)

    def valid(self, period: Any) -> ColumnElement[bool]:
        """Whether a period holds on the day."""
        holds: ColumnElement[bool] = period.op("@>")(self.on)
        return holds


@dataclass(frozen=True, slots=True)
class Figure:
    """How a figure is read: its rows, what they come to, and whether they are rows about people."""

    rows: Callable[[Asked], Select[Any]]
    value: Callable[[Items], Decimal | None]
    people: bool = False


def _count(items: Items) -> Decimal:
    return Decimal(len(items))


def _any(items: Items) -> Decimal:
    return Decimal(1 if items else 0)


def _sum(items: Items) -> Decimal | None:
    known = [item["value"] for item in items if item["value"] is not None]
    return Decimal(sum(known)) if known else None


def _first(items: Items) -> Decimal:
    return Decimal(items[0]["value"]) if items else Decimal(0)


def _bodies(asked: Asked) -> Select[Any]:
    b = t.party_organizations.c
    standing = or_(b.dissolved_on.is_(None), b.dissolved_on > asked.on)
    return (
        select(b.id, b.name, b.founded_on.label("on"))
        .where(b.id.in_(asked.bodies), b.founded_on <= asked.on, standing)
        .order_by(b.id)
    )


def _full_members(asked: Asked) -> Select[Any]:
    o = t.organizations.c
    return (
        select(o.id, o.name, o.full_member_count.label("value"))
        .where(o.id.in_(asked.organizations))
        .order_by(o.id)
    )


def _terms(asked: Asked) -> Select[Any]:
    c = t.terms.c
    return (
        select(c.party_organization_id.label("id"), c.ends_on.label("on"), c.document)
        .where(c.party_organization_id.in_(asked.bodies), asked.valid(c.valid), c.ends_on > asked.on)
        .order_by(c.party_organization_id)
    )


def _charter(asked: Asked) -> Select[Any]:
    c = t.charter_clauses.c
    return (
        select(c.clause.label("what"), c.approved_on.label("on"))
        .where(c.organization_id.in_(asked.organizations), asked.valid(c.valid))
        .order_by(c.clause, c.approved_on)
    )


def _cross_appointments(asked: Asked) -> Select[Any]:
    c = t.cross_appointments.c
    return (
        select(c.role.label("what"), c.office, func.lower(c.valid).label("on"))
        .where(c.organization_id.in_(asked.organizations), asked.valid(c.valid))
        .order_by(c.role, func.lower(c.valid))
    )


def _meetings(*kinds: str) -> Callable[[Asked], Select[Any]]:
    def rows(asked: Asked) -> Select[Any]:
        c = t.meetings.c
        statement = select(c.id, c.kind.label("what"), c.held_on.label("on"), c.topic).where(
            c.party_organization_id.in_(asked.bodies), c.state == "held", asked.within(c.held_on, 1)
        )
        return (statement.where(c.kind.in_(kinds)) if kinds else statement).order_by(c.held_on, c.id)

    return rows


def _instructors(asked: Asked) -> Select[Any]:
    c = t.assignments.c
    return (
        select(c.assignment_id.label("id"), func.lower(c.valid).label("on"))
        .where(c.organization_id.in_(asked.organizations), asked.valid(c.valid), func.upper_inf(c.recorded))
        .order_by(c.assignment_id)
    )


def _visits(asked: Asked) -> Select[Any]:
    c = t.visits.c
    about = or_(c.organization_id.in_(asked.organizations), c.target_party_organization_id.in_(asked.bodies))
    return (
        select(c.id, c.kind.label("what"), c.held_on.label("on"))
        .where(about, asked.within(c.held_on, 1))
        .order_by(c.held_on, c.id)
    )


def _annual_reports(*results: str) -> Callable[[Asked], Select[Any]]:
    def rows(asked: Asked) -> Select[Any]:
        c = t.annual_reports.c
        years = (asked.on.year - 2, asked.on.year - 1)
        return (
            select(c.year, c.result.label("what"))
            .where(
                c.organization_id.in_(asked.organizations),
                c.year.in_(years),
                c.result.in_(results),
                ~c.withdrawn,
            )
            .order_by(c.year)
        )

    return rows


def _years_registered(asked: Asked) -> Select[Any]:
    o = t.organizations.c
    age = func.extract("year", func.age(asked.on, o.established_on))
    return (
        select(o.id, o.established_on.label("on"), age.label("value"))
        .where(o.id.in_(asked.organizations), o.established_on <= asked.on)
        .order_by(o.established_on)
    )


def _penalties(asked: Asked) -> Select[Any]:
    c = t.penalties.c
    return (
        select(c.penalty.label("what"), c.decided_on.label("on"), c.document_number.label("document"))
        .where(c.organization_id.in_(asked.organizations), asked.within(c.decided_on, 2), ~c.withdrawn)
        .order_by(c.decided_on, c.document_number)
    )


def _listings(asked: Asked) -> Select[Any]:
    c = t.credit_listings.c
    return (
        select(c.list.label("what"), c.listed_on.label("on"))
        .where(
            c.organization_id.in_(asked.organizations),
            func.daterange(c.listed_on, c.removed_on, type_=DATERANGE).op("@>")(asked.on),
            ~c.withdrawn,
        )
        .order_by(c.listed_on, c.list)
    )


def _grade(asked: Asked) -> Select[Any]:
    c = t.evaluations.c
    return (
        select(func.left(c.grade, 1).label("value"), c.graded_on.label("on"), c.valid_until)
        .where(
            c.organization_id.in_(asked.organizations),
            c.graded_on <= asked.on,
            c.valid_until > asked.on,
            ~c.withdrawn,
        )
        .order_by(c.graded_on.desc(), c.grade.desc())
    )


def _awards(asked: Asked) -> Select[Any]:
    c = t.awards.c
    return (
        select(c.name, c.awarded_on.label("on"), c.level)
        .where(c.organization_id.in_(asked.organizations), asked.within(c.awarded_on, 3), ~c.withdrawn)
        .order_by(c.awarded_on, c.name)
    )


def _agreements(asked: Asked) -> Select[Any]:
    """Agreements in force that the subject signed, as the holder or as another party."""
    c, p = t.agreements.c, t.agreement_parties.c
    ours = select(p.agreement_id).where(
        or_(p.party_organization_id.in_(asked.bodies), p.organization_id.in_(asked.organizations))
    )
    held = c.holder_id.in_([*asked.bodies, *asked.organizations])
    return (
        select(c.id, c.title.label("name"), c.signed_on.label("on"))
        .where(or_(held, c.id.in_(ours)), asked.valid(c.term), c.signed_on <= asked.on, ~c.void)
        .order_by(c.signed_on, c.id)
    )


def _facilities(kind: str) -> Callable[[Asked], Select[Any]]:
    def rows(asked: Asked) -> Select[Any]:
        c = t.facilities.c
        about = or_(c.organization_id.in_(asked.organizations), c.party_organization_id.in_(asked.bodies))
        return (
            select(c.id, c.name, func.lower(c.valid).label("on"))
            .where(c.kind == kind, about, asked.valid(c.valid), ~c.void)
            .order_by(c.id)
        )

    return rows


def _brand_projects(asked: Asked) -> Select[Any]:
    c = t.brand_projects.c
    return (
        select(c.id, c.name, func.lower(c.valid).label("on"))
        .where(c.party_organization_id.in_(asked.bodies), asked.valid(c.valid), ~c.void)
        .order_by(c.id)
    )


def _honours(asked: Asked) -> Select[Any]:
    """Honours of the organization or body itself, in three years; not those of its members."""
    c = t.honours.c
    about = or_(c.organization_id.in_(asked.organizations), c.party_organization_id.in_(asked.bodies))
    standing = or_(c.withdrawn_on.is_(None), c.withdrawn_on > asked.on)
    return (
        select(c.id, c.title.label("name"), c.level, c.awarded_on.label("on"))
        .where(about, c.member_id.is_(None), asked.within(c.awarded_on, 3), standing)
        .order_by(c.awarded_on, c.id)
    )


FIGURES: Mapping[str, Figure] = {
    "has_party_organization": Figure(_bodies, _any),
    "full_members": Figure(_full_members, _sum),
    "term_not_expired": Figure(_terms, _any),
    "charter_clauses": Figure(_charter, _count),
    "cross_appointments": Figure(_cross_appointments, _count, people=True),
    "meetings": Figure(_meetings(), _count),
    "members_meetings": Figure(_meetings("members_meeting"), _count),
    "committee_meetings": Figure(_meetings("committee_meeting"), _count),
    "party_classes": Figure(_meetings("party_class"), _count),
    "theme_days": Figure(_meetings("theme_day"), _count),
    "life_meetings": Figure(_meetings("organization_life_meeting"), _count),
    "instructors": Figure(_instructors, _count),
    "guidance_visits": Figure(_visits, _count, people=True),
    "annual_reports_passed": Figure(_annual_reports("filed", "passed", "basically_passed"), _count),
    "annual_reports_failed": Figure(_annual_reports("failed", "not_filed"), _count),
    "years_registered": Figure(_years_registered, _first),
    "penalties": Figure(_penalties, _count),
    "credit_listings": Figure(_listings, _count),
    "evaluation_grade": Figure(_grade, _first),
    "awards": Figure(_awards, _count),
    "honours": Figure(_honours, _count),
    "pairing_agreements": Figure(_agreements, _count),
    "venues": Figure(_facilities("venue"), _count),
    "service_centers": Figure(_facilities("service_center"), _count),
    "training_bases": Figure(_facilities("training_base"), _count),
    "brand_projects": Figure(_brand_projects, _count),
}
