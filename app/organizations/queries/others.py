"""Tables of other slices, as far as the ledger's reads look at them."""

from sqlalchemy import Boolean, Date, Text, Uuid, column, table
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE

CODE = Text(collation="C")

divisions = table("divisions", column("code", CODE), column("name", Text()), column("valid", DATERANGE))
division_successors = table(
    "division_successors",
    column("code", CODE),
    column("successor_code", CODE),
    column("effective_on", Date()),
)
authorities = table(
    "authorities",
    column("id", Uuid()),
    column("name", Text()),
    column("status", CODE),
    column("abolished_on", Date()),
    column("division_code", CODE),
    column("party_organization_id", Uuid()),
)
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("kind", CODE),
    column("counts_as_primary", Boolean()),
)
covers = table(
    "party_organization_covers",
    column("cover_id", Uuid()),
    column("party_organization_id", Uuid()),
    column("organization_id", Uuid()),
    column("formation", CODE),
    column("valid", DATERANGE),
    column("recorded", TSTZRANGE),
)
no_reasons = table(
    "no_party_organization_reasons",
    column("organization_id", Uuid()),
    column("reason", CODE),
    column("valid", DATERANGE),
    column("recorded", TSTZRANGE),
)
responsibilities = table(
    "responsibilities",
    column("organization_id", Uuid()),
    column("party_organization_id", Uuid()),
    column("relation", CODE),
    column("rule_code", CODE),
    column("rule_source", Text()),
    column("valid", DATERANGE),
    column("recorded", TSTZRANGE),
    column("override", Boolean()),
    column("override_reason", Text()),
    column("override_until", Date()),
)
duties = table(
    "duties",
    column("id", Uuid()),
    column("organization_id", Uuid()),
    column("kind", CODE),
    column("due_on", Date()),
    column("provisional", Boolean()),
    column("state", CODE),
    column("done_on", Date()),
)
