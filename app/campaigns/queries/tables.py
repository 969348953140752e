"""The tables of other slices that campaigns meet: only the columns looked at."""

from sqlalchemy import Date, Integer, Text, Uuid, column, table
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, TSTZRANGE

_C = Text(collation="C")

divisions = table("divisions", column("code", _C), column("name", Text()))
organizations = table("organizations", column("id", Uuid()), column("name", Text()))
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("status", _C),
    column("division_code", _C),
)
authorities = table("authorities", column("id", Uuid()), column("name", Text()))
instructors = table(
    "instructors", column("id", Uuid()), column("name_mask", Text()), column("ended_on", Date())
)
users = table("users", column("id", Uuid()), column("display_name", Text()), column("state", _C))
annual_reports = table(
    "annual_reports", column("organization_id", Uuid()), column("year", Integer()), column("result", _C)
)
credit_listings = table(
    "credit_listings",
    column("organization_id", Uuid()),
    column("list", _C),
    column("listed_on", Date()),
    column("removed_on", Date()),
)
no_reasons = table(
    "no_party_organization_reasons",
    column("organization_id", Uuid()),
    column("reason", _C),
    column("valid", DATERANGE()),
    column("recorded", TSTZRANGE()),
)
rule_packs = table(
    "rule_packs",
    column("kind", _C),
    column("state", _C),
    column("effective_on", Date()),
    column("content", JSONB()),
)
