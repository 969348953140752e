"""The few columns of other slices that cases are read with."""

from sqlalchemy import Date, column, table
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB
from sqlalchemy.types import LargeBinary, Text, Uuid

_C = Text(collation="C")
divisions = table("divisions", column("code", _C), column("name", Text()))
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("kind", _C),
    column("formation", _C),
    column("division_code", _C),
    column("status", _C),
)
members = table(
    "members",
    column("id", Uuid()),
    column("person_id", Uuid()),
    column("status", _C),
    column("party_organization_id", Uuid()),
    column("division_code", _C),
)
persons = table(
    "persons", column("id", Uuid()), column("name_mask", Text()), column("id_number_cipher", LargeBinary())
)
member_restrictions = table("member_restrictions", column("member_id", Uuid()), column("valid", DATERANGE))
member_transfers = table("member_transfers", column("member_id", Uuid()), column("state", _C))
rule_packs = table(
    "rule_packs",
    column("id", Uuid()),
    column("code", Text()),
    column("version", Text()),
    column("source", Text()),
    column("effective_on", Date()),
    column("content", JSONB()),
)
