"""The tables of other slices that duties read: only the columns they look at."""

from sqlalchemy import DateTime, Integer, Text, Uuid, column, table
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE

_CODE = Text(collation="C")

organizations = table(
    "organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", _CODE),
    column("domicile_division_code", _CODE),
    column("registration_mode", _CODE),
    column("registration_authority_id", Uuid()),
)
divisions = table("divisions", column("code", _CODE), column("name", Text()))
authorities = table("authorities", column("id", Uuid()), column("name", Text()))
bodies = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("status", _CODE),
    column("division_code", _CODE),
)
responsibilities = table(
    "responsibilities",
    column("organization_id", Uuid()),
    column("party_organization_id", Uuid()),
    column("relation", _CODE),
    column("valid", DATERANGE()),
    column("recorded", TSTZRANGE()),
)
division_closure = table(
    "division_closure",
    column("ancestor_code", _CODE),
    column("descendant_code", _CODE),
    column("depth", Integer()),
    column("valid", DATERANGE()),
)
audit_entries = table(
    "audit_entries",
    column("actor_id", Uuid()),
    column("action", _CODE),
    column("at", DateTime(timezone=True)),
)
