"""The tables of other slices that instructors meet: only the columns looked at."""

from sqlalchemy import Boolean, Text, Uuid, column, table
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE

_C = Text(collation="C")

divisions = table("divisions", column("code", _C), column("name", Text()))
authorities = table("authorities", column("id", Uuid()), column("name", Text()), column("division_code", _C))
members = table(
    "members", column("id", Uuid()), column("party_organization_id", Uuid()), column("division_code", _C)
)
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("kind", _C),
    column("status", _C),
    column("division_code", _C),
    column("counts_as_primary", Boolean()),
)
organizations = table(
    "organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("industry", _C),
    column("division_code", _C),
    column("domicile_division_code", _C),
    column("supervisory_unit_id", Uuid()),
    column("industry_authority_id", Uuid()),
    column("registration_authority_id", Uuid()),
)
organization_periods = table(
    "organization_periods",
    column("organization_id", Uuid()),
    column("valid", DATERANGE()),
    column("recorded", TSTZRANGE()),
    column("registration_status", _C),
    column("kind", _C),
    column("division_code", _C),
)
covers = table(
    "party_organization_covers",
    column("party_organization_id", Uuid()),
    column("organization_id", Uuid()),
    column("valid", DATERANGE()),
    column("recorded", TSTZRANGE()),
)
