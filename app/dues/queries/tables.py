"""The few columns of other slices that dues are read with."""

from sqlalchemy import Date, column, table
from sqlalchemy.dialects.postgresql import DATERANGE
from sqlalchemy.types import Text, Uuid

_C = Text(collation="C")
divisions = table("divisions", column("code", _C), column("name", Text()))
party_organizations = table(
    "party_organizations", column("id", Uuid()), column("name", Text()), column("division_code", _C)
)
members = table(
    "members",
    column("id", Uuid()),
    column("person_id", Uuid()),
    column("status", _C),
    column("joined_on", Date()),
    column("party_organization_id", Uuid()),
    column("division_code", _C),
)
persons = table("persons", column("id", Uuid()), column("name_mask", Text()))
member_statuses = table(
    "member_statuses", column("member_id", Uuid()), column("status", _C), column("valid", DATERANGE)
)
