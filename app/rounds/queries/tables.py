"""The tables of other slices that rounds meet: only the columns looked at."""

from sqlalchemy import Boolean, Text, Uuid, column, table
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, TSTZRANGE
from sqlalchemy.types import Date, DateTime

_C = Text(collation="C")

divisions = table("divisions", column("code", _C), column("name", Text()))
standard_versions = table(
    "scoring_standard_versions",
    column("id", Uuid()),
    column("name", Text()),
    column("content", JSONB()),
    column("content_hash", _C),
    column("state", _C),
)
users = table(
    "users",
    column("id", Uuid()),
    column("display_name", Text()),
    column("kind", _C),
    column("state", _C),
)
grants = table(
    "grants",
    column("user_id", Uuid()),
    column("role", _C),
    column("division_code", _C),
    column("party_organization_id", Uuid()),
    column("valid", DATERANGE()),
    column("state", _C),
)
organizations = table(
    "organizations",
    column("id", Uuid()),
    column("name", _C),
    column("division_code", _C),
    column("registration_status", _C),
    column("established_on", Date()),
    column("registration_authority_id", Uuid()),
    column("supervisory_unit_id", Uuid()),
    column("industry_authority_id", Uuid()),
)
responsibilities = table(
    "responsibilities",
    column("organization_id", Uuid()),
    column("party_organization_id", Uuid()),
    column("relation", _C),
    column("valid", DATERANGE()),
    column("recorded", TSTZRANGE()),
)
annual_reports = table(
    "annual_reports",
    column("organization_id", Uuid()),
    column("year"),
    column("result", _C),
    column("withdrawn", Boolean()),
)
penalties = table(
    "penalties",
    column("organization_id", Uuid()),
    column("decided_on", Date()),
    column("withdrawn", Boolean()),
)
credit_listings = table(
    "credit_listings",
    column("organization_id", Uuid()),
    column("listed_on", Date()),
    column("removed_on", Date()),
    column("withdrawn", Boolean()),
)
covers = table(
    "party_organization_covers",
    column("party_organization_id", Uuid()),
    column("organization_id", Uuid()),
    column("valid", DATERANGE()),
    column("recorded", TSTZRANGE()),
)
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", _C),
    column("status", _C),
    column("founded_on", Date()),
)
authorities = table("authorities", column("id", Uuid()), column("name", Text()))
members = table(
    "members",
    column("id", Uuid()),
    column("person_id", Uuid()),
    column("party_organization_id", Uuid()),
    column("division_code", _C),
    column("status", _C),
)
persons = table("persons", column("id", Uuid()), column("name_mask", Text()))
files = table(
    "files",
    column("id", Uuid()),
    column("sha256", _C),
    column("state", _C),
)
audit_entries = table(
    "audit_entries",
    column("action", _C),
    column("subject_id", Uuid()),
    column("data", JSONB()),
    column("at", DateTime(timezone=True)),
)
