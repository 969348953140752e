"""The few columns of other slices that rosters are read with."""

from sqlalchemy import (
    Boolean,
    Date,
    LargeBinary,
    Text,
    Uuid,
    column,
    table,
)
from sqlalchemy.dialects.postgresql import DATERANGE

from app.core.access import Permission
from app.rosters.models import RosterExport, RosterImport

CODE = Text(collation="C")
divisions = table(
    "divisions",
    column("code", CODE),
    column("name", Text()),
    column("level", CODE),
    column("valid", DATERANGE),
)
bodies = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("kind", CODE),
    column("division_code", CODE),
    column("status", CODE),
)
organizations = table(
    "organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("credit_code", CODE),
    column("division_code", CODE),
)
operations = table("operations", column("id", Uuid()), column("state", CODE))
members = table(
    "members",
    column("id", Uuid()),
    column("person_id", Uuid()),
    column("status", CODE),
    column("joined_on", Date()),
    column("full_on", Date()),
    column("party_organization_id", Uuid()),
    column("division_code", CODE),
    column("organization_id", Uuid()),
    column("employment", CODE),
    column("scattered", Boolean()),
    column("floating_since", Date()),
    column("contact_lost_on", Date()),
)
persons = table(
    "persons",
    column("id", Uuid()),
    *(column(f"{each}_cipher", LargeBinary()) for each in ("name", "id_number", "phone")),
    *(column(f"{each}_mask", Text()) for each in ("name", "id_number", "phone")),
)
RECORD, READ, APPROVE = Permission.MEMBER_RECORD, Permission.MEMBER_READ, Permission.MEMBER_APPROVE
J, E, B = RosterImport, RosterExport, bodies.c
OFFERED = 300
