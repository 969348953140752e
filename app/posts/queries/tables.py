"""The few columns of other slices that posts are read with."""

from sqlalchemy import Date, column, table
from sqlalchemy.dialects.postgresql import DATERANGE
from sqlalchemy.types import LargeBinary, Text, Uuid

_C = Text(collation="C")
divisions = table("divisions", column("code", _C), column("name", Text()))
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("kind", _C),
    column("formation", _C),
    column("level", _C),
    column("division_code", _C),
    column("status", _C),
    column("founded_on", Date()),
)
members = table(
    "members",
    column("id", Uuid()),
    column("person_id", Uuid()),
    column("status", _C),
    column("party_organization_id", Uuid()),
)
persons = table(
    "persons", column("id", Uuid()), column("name_mask", Text()), column("name_blind", LargeBinary())
)
statuses = table(
    "member_statuses", column("member_id", Uuid()), column("status", _C), column("valid", DATERANGE)
)
restrictions = table("member_restrictions", column("member_id", Uuid()), column("valid", DATERANGE))
affiliations = table(
    "member_affiliations",
    column("member_id", Uuid()),
    column("party_organization_id", Uuid()),
    column("valid", DATERANGE),
)
