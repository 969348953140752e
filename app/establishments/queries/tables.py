"""The few columns of other slices that establishing is read with."""

from sqlalchemy import Date, column, table
from sqlalchemy.dialects.postgresql import DATERANGE
from sqlalchemy.types import Text, Uuid

_C = Text(collation="C")
divisions = table("divisions", column("code", _C), column("name", Text()))
bodies = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("kind", _C),
    column("formation", _C),
    column("division_code", _C),
    column("status", _C),
    column("founded_on", Date()),
)
closure = table(
    "party_organization_closure",
    column("ancestor_id", Uuid()),
    column("descendant_id", Uuid()),
    column("depth"),
    column("valid", DATERANGE),
)
organizations = table(
    "organizations", column("id", Uuid()), column("name", Text()), column("registration_status", _C)
)
members = table(
    "members",
    column("id", Uuid()),
    column("status", _C),
    column("employment", _C),
    column("party_organization_id", Uuid()),
)
