"""The columns of many slices that the worklist is read from, and one kind of waiting work."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Date, DateTime, Select, Text, Uuid, column, table
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE

from app.core.access import Permission, Scope

CODE = Text(collation="C")
_AT = DateTime(timezone=True)


def table_of(name: str, /, **columns: Any) -> Any:
    return table(name, column("id", Uuid()), *(column(key, kind) for key, kind in columns.items()))


organizations = table_of(
    "organizations", name=Text(), division_code=CODE, registration_status=CODE, domicile_division_code=CODE
)
divisions = table("divisions", column("code", CODE), column("name", Text()))
duties = table_of("duties", organization_id=Uuid(), kind=CODE, due_on=Date(), state=CODE)
responsibilities = table_of(
    "responsibilities",
    organization_id=Uuid(),
    party_organization_id=Uuid(),
    relation=CODE,
    valid=DATERANGE(),
    recorded=TSTZRANGE(),
)
determinations = table(
    "responsibility_determinations",
    column("organization_id", Uuid()),
    column("outcome", CODE),
    column("determined_on", Date()),
)
registry_events = table_of(
    "registry_events",
    type=CODE,
    state=CODE,
    division_code=CODE,
    problem_code=CODE,
    organization_id=Uuid(),
    received_at=_AT,
)
grants = table_of(
    "grants",
    role=CODE,
    state=CODE,
    user_id=Uuid(),
    requested_by=Uuid(),
    division_code=CODE,
    party_organization_id=Uuid(),
    created_at=_AT,
)
exceptions = table_of(
    "credit_code_exceptions", state=CODE, division_code=CODE, requested_by=Uuid(), created_at=_AT
)
findings = table_of("organization_findings", organization_id=Uuid(), kind=CODE, state=CODE, opened_at=_AT)
reasons = table_of(
    "no_party_organization_reasons",
    organization_id=Uuid(),
    reason_id=Uuid(),
    reason=CODE,
    valid=DATERANGE(),
    recorded=TSTZRANGE(),
)


_PLACE = (("division_code", CODE), ("body_id", Uuid()))
_PLACED = {"division_code": CODE, "party_organization_id": Uuid()}
members = table_of(
    "members", **_PLACED, suspension_due_on=Date(), strike_off_due_on=Date(), floating_due_on=Date()
)
_SENT: dict[str, Any] = {"range": CODE, "letter_issued_on": Date(), "letter_until": Date()}
_ENDS = {f"{end}_{name}": kind for end in ("from", "to") for name, kind in _PLACE}
_BOTH = {f"{end}_{name}": kind for end in ("asking", "known") for name, kind in _PLACE}
transfers = table_of("member_transfers", state=CODE, **_SENT, **_ENDS)
verifications = table_of(
    "person_verifications", state=CODE, level_division_code=CODE, created_at=_AT, **_BOTH
)
person_requests = table_of("person_requests", member_id=Uuid(), kind=CODE, state=CODE, due_on=Date())
retentions = table_of("person_retentions", member_id=Uuid(), rule_code=CODE, state=CODE, due_on=Date())
roster_exports = table_of("roster_exports", **_PLACED, state=CODE, requested_by=Uuid(), created_at=_AT)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind: under which permission, in which division each row lies, and the rows as items."""

    permission: Permission
    place: ColumnElement[Any]
    rows: Select[Any]
    reach: Callable[[Scope], ColumnElement[bool]]
