"""The few columns of other slices that cross appointments are worked out from."""

from sqlalchemy import column, table
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE
from sqlalchemy.types import Boolean, LargeBinary, Text, Uuid

_C = Text(collation="C")
divisions = table("divisions", column("code", _C), column("name", Text()))
organizations = table(
    "organizations", column("id", Uuid()), column("name", Text()), column("division_code", _C)
)
organization_periods = table(
    "organization_periods",
    column("organization_id", Uuid()),
    column("valid", DATERANGE),
    column("recorded", TSTZRANGE),
    column("registration_status", _C),
)
officers = table(
    "organization_officers",
    column("organization_id", Uuid()),
    column("name", Text()),
    column("post", Text()),
    column("is_principal", Boolean()),
    column("valid", DATERANGE),
)
bodies = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", _C),
    column("counts_as_primary", Boolean()),
)
covers = table(
    "party_organization_covers",
    column("party_organization_id", Uuid()),
    column("organization_id", Uuid()),
    column("valid", DATERANGE),
    column("recorded", TSTZRANGE),
)
posts = table(
    "party_posts",
    column("id", Uuid()),
    column("party_organization_id", Uuid()),
    column("member_id", Uuid()),
    column("role", _C),
    column("valid", DATERANGE),
    column("withdrawn", Boolean()),
)
members = table("members", column("id", Uuid()), column("person_id", Uuid()))
persons = table(
    "persons", column("id", Uuid()), column("name_mask", Text()), column("name_blind", LargeBinary())
)
