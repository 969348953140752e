"""The tables of other slices that rankings look at: only the columns they need."""

from sqlalchemy import Boolean, Date, DateTime, Text, Uuid, column, table
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE

_C = Text(collation="C")

divisions = table("divisions", column("code", _C), column("name", Text()))
division_parents = table(
    "division_parents",
    column("code", _C),
    column("parent_code", _C),
    column("valid", DATERANGE()),
    column("resting", Boolean()),
)
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", _C),
    column("founded_on", Date()),
    column("dissolved_on", Date()),
)
party_organization_parents = table(
    "party_organization_parents",
    column("party_organization_id", Uuid()),
    column("parent_id", Uuid()),
    column("valid", DATERANGE()),
)
authorities = table(
    "authorities",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", _C),
    column("abolished_on", Date()),
)
authority_roles = table(
    "authority_roles", column("authority_id", Uuid()), column("role", _C), column("valid", DATERANGE())
)
organization_periods = table(
    "organization_periods",
    column("organization_id", Uuid()),
    column("valid", DATERANGE()),
    column("recorded", TSTZRANGE()),
    column("division_code", _C),
    column("supervisory_unit_id", Uuid()),
    column("industry_authority_id", Uuid()),
    column("registration_authority_id", Uuid()),
)
responsibilities = table(
    "responsibilities",
    column("organization_id", Uuid()),
    column("party_organization_id", Uuid()),
    column("relation", _C),
    column("valid", DATERANGE()),
    column("recorded", TSTZRANGE()),
)
instructor_assignments = table(
    "instructor_assignments",
    column("instructor_id", Uuid()),
    column("organization_id", Uuid()),
    column("valid", DATERANGE()),
    column("recorded", TSTZRANGE()),
)
duties = table(
    "duties",
    column("organization_id", Uuid()),
    column("due_on", Date()),
    column("done_on", Date()),
    column("state", _C),
    column("created_at", DateTime(timezone=True)),
    column("updated_at", DateTime(timezone=True)),
    column("owed_by_authority_id", Uuid()),
    column("owed_by_party_organization_id", Uuid()),
)
