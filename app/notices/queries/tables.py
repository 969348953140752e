"""The tables of other slices that notices meet: only the columns looked at."""

from sqlalchemy import Boolean, Text, Uuid, column, table
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE

_C = Text(collation="C")

divisions = table("divisions", column("code", _C), column("name", Text()))
users = table(
    "users",
    column("id", Uuid()),
    column("display_name", Text()),
    column("kind", _C),
    column("state", _C),
    column("division_code", _C),
)
authorities = table(
    "authorities",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", _C),
    column("party_organization_id", Uuid()),
    column("status", _C),
)
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("status", _C),
    column("division_code", _C),
)
party_posts = table(
    "party_posts",
    column("id", Uuid()),
    column("party_organization_id", Uuid()),
    column("division_code", _C),
    column("role", _C),
    column("valid", DATERANGE()),
    column("withdrawn", Boolean()),
)
organizations = table(
    "organizations", column("id", Uuid()), column("name", Text()), column("division_code", _C)
)
responsibilities = table(
    "responsibilities",
    column("organization_id", Uuid()),
    column("party_organization_id", Uuid()),
    column("relation", _C),
    column("valid", DATERANGE()),
    column("recorded", TSTZRANGE()),
)
