"""The few columns of other slices that members are read with."""

from sqlalchemy import Date, column, table
from sqlalchemy.dialects.postgresql import DATERANGE
from sqlalchemy.types import Boolean, Text, Uuid

_C = Text(collation="C")
divisions = table(
    "divisions", column("code", _C), column("name", Text()), column("level", _C), column("valid", DATERANGE)
)
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("kind", _C),
    column("formation", _C),
    column("division_code", _C),
    column("status", _C),
    column("founded_on", Date()),
    column("counts_as_primary", Boolean()),
)
organizations = table(
    "organizations", column("id", Uuid()), column("name", Text()), column("division_code", _C)
)
