"""The tables of other slices that coverage counts: only the columns it looks at."""

from sqlalchemy import Boolean, Date, DateTime, Integer, SmallInteger, Text, Uuid, column, table
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, TSTZRANGE

_C = Text(collation="C")

divisions = table("divisions", column("code", _C), column("name", Text()))
division_parents = table(
    "division_parents",
    column("code", _C),
    column("parent_code", _C),
    column("valid", DATERANGE()),
    column("resting", Boolean()),
)
organizations = table(
    "organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("credit_code", _C),
    column("member_count", Integer()),
    column("party_member_count", Integer()),
    column("full_member_count", Integer()),
    column("full_time_full_member_count", Integer()),
)
organization_periods = table(
    "organization_periods",
    column("organization_id", Uuid()),
    column("valid", DATERANGE()),
    column("recorded", TSTZRANGE()),
    column("registration_status", _C),
    column("kind", _C),
    column("division_code", _C),
    column("domicile_division_code", _C),
    column("supervisory_unit_id", Uuid()),
    column("industry_authority_id", Uuid()),
    column("registration_authority_id", Uuid()),
)
organization_facts = table(
    "organization_facts",
    column("organization_id", Uuid()),
    column("fact", _C),
    column("key", _C),
    column("value", JSONB()),
    column("effective_on", Date()),
    column("source", _C),
    column("source_rank", Integer()),
    column("sequence", Integer()),
    column("occurred_at", DateTime(timezone=True)),
    column("correction", Boolean()),
    column("recorded_at", DateTime(timezone=True)),
)
organization_identifiers = table(
    "organization_identifiers", column("organization_id", Uuid()), column("withdrawn", Boolean())
)
charter_clauses = table(
    "charter_clauses",
    column("organization_id", Uuid()),
    column("clause", _C),
    column("wording", _C),
    column("valid", DATERANGE()),
)
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("kind", _C),
    column("division_code", _C),
    column("counts_as_primary", Boolean()),
    column("founded_on", Date()),
    column("dissolved_on", Date()),
)
party_organization_parents = table(
    "party_organization_parents",
    column("party_organization_id", Uuid()),
    column("parent_id", Uuid()),
    column("valid", DATERANGE()),
)
party_organization_closure = table(
    "party_organization_closure",
    column("ancestor_id", Uuid()),
    column("descendant_id", Uuid()),
    column("depth", SmallInteger()),
    column("valid", DATERANGE()),
)
covers = table(
    "party_organization_covers",
    column("party_organization_id", Uuid()),
    column("organization_id", Uuid()),
    column("formation", _C),
    column("valid", DATERANGE()),
    column("recorded", TSTZRANGE()),
)
no_reasons = table(
    "no_party_organization_reasons",
    column("organization_id", Uuid()),
    column("reason", _C),
    column("valid", DATERANGE()),
    column("recorded", TSTZRANGE()),
)
instructor_assignments = table(
    "instructor_assignments",
    column("organization_id", Uuid()),
    column("valid", DATERANGE()),
    column("recorded", TSTZRANGE()),
)
responsibilities = table(
    "responsibilities",
    column("organization_id", Uuid()),
    column("party_organization_id", Uuid()),
    column("relation", _C),
    column("valid", DATERANGE()),
    column("recorded", TSTZRANGE()),
)
rule_packs = table(
    "rule_packs",
    column("kind", _C),
    column("code", _C),
    column("version", _C),
    column("jurisdiction_code", _C),
    column("effective_on", Date()),
    column("source", Text()),
    column("content", JSONB()),
    column("state", _C),
)
