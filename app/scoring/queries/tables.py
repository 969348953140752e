"""The tables of other slices that figures are counted in: only the columns looked at."""

from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnClause, Date, Integer, Text, Uuid, column, table
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE

_C = Text(collation="C")


def _organization() -> ColumnClause[UUID]:
    return column("organization_id", Uuid())


def _body() -> ColumnClause[UUID]:
    return column("party_organization_id", Uuid())


def _valid() -> ColumnClause[Any]:
    return column("valid", DATERANGE())


def _recorded() -> ColumnClause[Any]:
    return column("recorded", TSTZRANGE())


def _withdrawn() -> ColumnClause[bool]:
    return column("withdrawn", Boolean())


divisions = table("divisions", column("code", _C), column("name", Text()))
organizations = table(
    "organizations",
    column("id", Uuid()),
    column("name", _C),
    column("division_code", _C),
    column("domicile_division_code", _C),
    column("established_on", Date()),
    column("full_member_count", Integer()),
)
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", _C),
    column("founded_on", Date()),
    column("dissolved_on", Date()),
)
covers = table("party_organization_covers", _body(), _organization(), _valid(), _recorded())
terms = table("party_terms", _body(), _valid(), column("ends_on", Date()), column("document", Text()))
charter_clauses = table(
    "charter_clauses", _organization(), column("clause", _C), column("approved_on", Date()), _valid()
)
cross_appointments = table(
    "cross_appointment_periods",
    _organization(),
    _body(),
    column("role", _C),
    column("office", Text()),
    _valid(),
)
meetings = table(
    "meetings",
    column("id", Uuid()),
    _body(),
    column("kind", _C),
    column("held_on", Date()),
    column("topic", Text()),
    column("state", _C),
)
assignments = table(
    "instructor_assignments", column("assignment_id", Uuid()), _organization(), _valid(), _recorded()
)
visits = table(
    "guidance_visits",
    column("id", Uuid()),
    _organization(),
    column("target_party_organization_id", Uuid()),
    column("kind", _C),
    column("held_on", Date()),
)
annual_reports = table(
    "annual_reports", _organization(), column("year", Integer()), column("result", _C), _withdrawn()
)
penalties = table(
    "penalties",
    _organization(),
    column("penalty", _C),
    column("decided_on", Date()),
    column("document_number", Text()),
    _withdrawn(),
)
credit_listings = table(
    "credit_listings",
    _organization(),
    column("list", _C),
    column("listed_on", Date()),
    column("removed_on", Date()),
    _withdrawn(),
)
evaluations = table(
    "evaluations",
    _organization(),
    column("grade", _C),
    column("graded_on", Date()),
    column("valid_until", Date()),
    _withdrawn(),
)
agreements = table(
    "pairing_agreements",
    column("id", Uuid()),
    column("title", Text()),
    column("signed_on", Date()),
    column("holder_id", Uuid()),
    column("term", DATERANGE()),
    column("void", Boolean()),
)
agreement_parties = table("agreement_parties", column("agreement_id", Uuid()), _body(), _organization())
facilities = table(
    "facilities",
    column("id", Uuid()),
    column("kind", _C),
    column("name", Text()),
    _body(),
    _organization(),
    _valid(),
    column("void", Boolean()),
)
brand_projects = table(
    "brand_projects",
    column("id", Uuid()),
    column("name", Text()),
    _body(),
    _valid(),
    column("void", Boolean()),
)
honours = table(
    "honours",
    column("id", Uuid()),
    column("title", Text()),
    column("level", _C),
    column("awarded_on", Date()),
    column("withdrawn_on", Date()),
    column("member_id", Uuid()),
    _body(),
    _organization(),
)
awards = table(
    "awards",
    _organization(),
    column("name", Text()),
    column("awarded_on", Date()),
    column("level", Text()),
    _withdrawn(),
)
