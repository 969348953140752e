"""The tables of other slices that responsibility reads: only the columns it looks at."""

from sqlalchemy import Boolean, Date, Integer, Text, Uuid, column, table
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, TSTZRANGE

_CODE = Text(collation="C")

divisions = table("divisions", column("code", _CODE), column("name", Text()), column("level", _CODE))
division_closure = table(
    "division_closure",
    column("ancestor_code", _CODE),
    column("descendant_code", _CODE),
    column("depth", Integer()),
    column("valid", DATERANGE()),
)
organizations = table(
    "organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("kind", _CODE),
    column("registration_mode", _CODE),
    column("registration_status", _CODE),
    column("division_code", _CODE),
    column("domicile_division_code", _CODE),
    column("registration_authority_id", Uuid()),
    column("supervisory_unit_id", Uuid()),
    column("industry_authority_id", Uuid()),
    column("industry", _CODE),
    column("decoupled", Boolean()),
    column("is_trade_association", Boolean()),
    column("ended_on", Date()),
)
organization_periods = table(
    "organization_periods",
    column("organization_id", Uuid()),
    column("valid", DATERANGE()),
    column("recorded", TSTZRANGE()),
    column("supervisory_unit_id", Uuid()),
)
authorities = table(
    "authorities",
    column("id", Uuid()),
    column("division_code", _CODE),
    column("party_organization_id", Uuid()),
    column("status", _CODE),
)
authority_roles = table(
    "authority_roles",
    column("authority_id", Uuid()),
    column("role", _CODE),
    column("industry", _CODE),
    column("valid", DATERANGE()),
)
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("kind", _CODE),
    column("level", _CODE),
    column("division_code", _CODE),
    column("status", _CODE),
    column("founded_on", Date()),
)
party_organization_closure = table(
    "party_organization_closure",
    column("ancestor_id", Uuid()),
    column("descendant_id", Uuid()),
    column("depth", Integer()),
    column("valid", DATERANGE()),
)
functions = table(
    "party_organization_functions",
    column("party_organization_id", Uuid()),
    column("function", _CODE),
    column("division_code", _CODE),
    column("industry", _CODE),
    column("valid", DATERANGE()),
)
covers = table(
    "party_organization_covers",
    column("party_organization_id", Uuid()),
    column("organization_id", Uuid()),
    column("valid", DATERANGE()),
    column("recorded", TSTZRANGE()),
)
rule_packs = table(
    "rule_packs",
    column("id", Uuid()),
    column("kind", _CODE),
    column("code", _CODE),
    column("version", _CODE),
    column("jurisdiction_code", _CODE),
    column("effective_on", Date()),
    column("published_at"),
    column("content", JSONB()),
    column("state", _CODE),
)
