"""The tables of other slices that supervision looks at: only the columns it needs."""

from sqlalchemy import Date, Text, Uuid, column, table
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE

_C = Text(collation="C")

divisions = table("divisions", column("code", _C), column("name", Text()))
organizations = table(
    "organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", _C),
    column("registration_status", _C),
)
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", _C),
    column("status", _C),
)
authorities = table(
    "authorities",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", _C),
    column("party_organization_id", Uuid()),
    column("status", _C),
)
responsibilities = table(
    "responsibilities",
    column("organization_id", Uuid()),
    column("party_organization_id", Uuid()),
    column("relation", _C),
    column("valid", DATERANGE()),
    column("recorded", TSTZRANGE()),
)
users = table(
    "users", column("id", Uuid()), column("display_name", Text()), column("kind", _C), column("state", _C)
)
instructors = table(
    "instructors",
    column("id", Uuid()),
    column("name_mask", Text()),
    column("division_code", _C),
    column("party_organization_id", Uuid()),
)
persons = table("persons", column("id", Uuid()), column("name_mask", Text()))
members = table(
    "members",
    column("id", Uuid()),
    column("person_id", Uuid()),
    column("division_code", _C),
    column("party_organization_id", Uuid()),
)
notices = table("notices", column("id", Uuid()), column("title", Text()))
paralysis_warnings = table(
    "paralysis_warnings",
    column("party_organization_id", Uuid()),
    column("kind", _C),
    column("since_on", Date()),
    column("closed_on", Date()),
)
