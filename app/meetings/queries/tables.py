"""The few columns of other slices that organization life is read with."""

from sqlalchemy import Date, column, table
from sqlalchemy.dialects.postgresql import DATERANGE
from sqlalchemy.types import Boolean, Text, Uuid

_C = Text(collation="C")
divisions = table("divisions", column("code", _C), column("name", Text()))
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("kind", _C),
    column("division_code", _C),
    column("parent_id", Uuid()),
    column("founded_on", Date()),
    column("dissolved_on", Date()),
)
members = table(
    "members",
    column("id", Uuid()),
    column("person_id", Uuid()),
    column("status", _C),
    column("party_organization_id", Uuid()),
    column("division_code", _C),
)
persons = table("persons", column("id", Uuid()), column("name_mask", Text()))
member_statuses = table(
    "member_statuses", column("member_id", Uuid()), column("status", _C), column("valid", DATERANGE)
)
member_affiliations = table(
    "member_affiliations",
    column("member_id", Uuid()),
    column("party_organization_id", Uuid()),
    column("valid", DATERANGE),
)
member_participations = table(
    "member_participations",
    column("member_id", Uuid()),
    column("party_organization_id", Uuid()),
    column("kind", _C),
    column("valid", DATERANGE),
)
party_posts = table(
    "party_posts",
    column("id", Uuid()),
    column("party_organization_id", Uuid()),
    column("member_id", Uuid()),
    column("role", _C),
    column("valid", DATERANGE),
    column("withdrawn", Boolean()),
)
