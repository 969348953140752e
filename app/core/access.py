"""Who may do what, where: roles, permissions, grants, and the scope that they add up to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Date, bindparam, column, false, func, literal, or_, select, table, true
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE
from sqlalchemy.types import Text, Uuid

NATION = "100000"


class Role(StrEnum):
    """The roles of the service (a new one needs an ADR)."""

    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    ORGANIZER = "organizer"
    APPROVER = "approver"
    CLERK = "clerk"
    REVIEWER = "reviewer"
    VIEWER = "viewer"
    DISPLAY = "display"
    REGISTRY = "registry"
    INTEGRATOR = "integrator"


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
MACHINES = frozenset({Role.DISPLAY, Role.REGISTRY, Role.INTEGRATOR})
TWO_PERSON_ROLES = ADMINISTRATORS | {Role.ORGANIZER, Role.APPROVER}
"""Given by two people: who could make an approver alone would be their own second person."""

SECOND_FACTOR_ROLES = ADMINISTRATORS | {Role.ORGANIZER, Role.APPROVER}


class Permission(StrEnum):
    """What an operation asks for. `self` needs only a signed-in actor."""

    SELF = "self"
    DIVISION_READ = "division.read"
    DIVISION_ADMINISTER = "division.administer"
    REFERENCE_READ = "reference.read"
    REFERENCE_ADMINISTER = "reference.administer"
    AUTHORITY_READ = "authority.read"
    AUTHORITY_RECORD = "authority.record"
    ORGANIZATION_READ = "organization.read"
    ORGANIZATION_RECORD = "organization.record"
    ORGANIZATION_DECIDE = "organization.decide"
    ORGANIZATION_APPROVE = "organization.approve"
    PERSON_REVEAL = "person.reveal"
    RESPONSIBILITY_READ = "responsibility.read"
    RESPONSIBILITY_OVERRIDE = "responsibility.override"
    PARTY_ORGANIZATION_READ = "party_organization.read"
    PARTY_ORGANIZATION_RECORD = "party_organization.record"
    PARTY_ORGANIZATION_DECIDE = "party_organization.decide"
    DUTY_READ = "duty.read"
    DUTY_RECORD = "duty.record"
    COVERAGE_READ = "coverage.read"
    WORKLIST_READ = "worklist.read"
    REGISTRY_PUSH = "registry.push"
    REGISTRY_EVENT_READ = "registry_event.read"
    REGISTRY_EVENT_MEND = "registry_event.mend"
    REGISTRY_SOURCE_READ = "registry_source.read"
    REGISTRY_SOURCE_ADMINISTER = "registry_source.administer"
    USER_READ = "user.read"
    USER_ADMINISTER = "user.administer"
    GRANT_ADMINISTER = "grant.administer"
    GRANT_APPROVE = "grant.approve"
    API_KEY_ADMINISTER = "api_key.administer"
    AUDIT_READ = "audit.read"
    OPERATION_READ = "operation.read"
    EVENT_READ = "event.read"
    MEMBER_READ = "member.read"
    MEMBER_RECORD = "member.record"
    MEMBER_DECIDE = "member.decide"
    MEMBER_REVEAL = "member.reveal"
    MEMBER_APPROVE = "member.approve"
    INSTRUCTOR_READ = "instructor.read"
    INSTRUCTOR_RECORD = "instructor.record"
    INSTRUCTOR_DECIDE = "instructor.decide"
    INSTRUCTOR_REVEAL = "instructor.reveal"
    NOTICE_READ = "notice.read"
    NOTICE_RECORD = "notice.record"
    NOTICE_DECIDE = "notice.decide"
    NOTICE_APPROVE = "notice.approve"
    CAMPAIGN_READ = "campaign.read"
    CAMPAIGN_RECORD = "campaign.record"
    CAMPAIGN_DECIDE = "campaign.decide"
    STANDARD_READ = "standard.read"
    STANDARD_RECORD = "standard.record"
    STANDARD_DECIDE = "standard.decide"
    FILE_READ = "file.read"
    FILE_UPLOAD = "file.upload"
    EXPORT_MAKE = "export.make"
    ROUND_READ = "round.read"
    ROUND_RECORD = "round.record"
    ROUND_DECIDE = "round.decide"
    ROUND_APPROVE = "round.approve"
    ROUND_REVIEW = "round.review"
    EVIDENCE_READ = "evidence.read"
    RANKING_MAKE = "ranking.make"
    SUPERVISION_READ = "supervision.read"
    SUPERVISION_RECORD = "supervision.record"
    SUPERVISION_DECIDE = "supervision.decide"
    SUPERVISION_APPROVE = "supervision.approve"


PEOPLE = frozenset(
    {
        Permission.MEMBER_READ,
        Permission.MEMBER_RECORD,
        Permission.MEMBER_DECIDE,
        Permission.MEMBER_REVEAL,
        Permission.MEMBER_APPROVE,
        Permission.INSTRUCTOR_READ,
        Permission.INSTRUCTOR_RECORD,
        Permission.INSTRUCTOR_DECIDE,
        Permission.INSTRUCTOR_REVEAL,
        Permission.SUPERVISION_READ,
        Permission.SUPERVISION_RECORD,
        Permission.SUPERVISION_DECIDE,
        Permission.SUPERVISION_APPROVE,
        Permission.WORKLIST_READ,
    }
)
"""Permissions over tables of people: such work runs in a transaction that row-level security knows about."""


_P = Permission
_EVERYONE = frozenset(
    {_P.SELF, _P.DIVISION_READ, _P.REFERENCE_READ, _P.OPERATION_READ, _P.FILE_READ, _P.EXPORT_MAKE}
)
_LEDGER_READ = _EVERYONE | {
    _P.AUTHORITY_READ,
    _P.ORGANIZATION_READ,
    _P.RESPONSIBILITY_READ,
    _P.PARTY_ORGANIZATION_READ,
    _P.DUTY_READ,
    _P.COVERAGE_READ,
    _P.WORKLIST_READ,
    _P.EVENT_READ,
    _P.ROUND_READ,
    _P.EVIDENCE_READ,
    _P.CAMPAIGN_READ,
    _P.STANDARD_READ,
}
_RECORD = _LEDGER_READ | {
    _P.AUTHORITY_RECORD,
    _P.ORGANIZATION_RECORD,
    _P.PARTY_ORGANIZATION_RECORD,
    _P.DUTY_RECORD,
    _P.REGISTRY_EVENT_READ,
    _P.REGISTRY_SOURCE_READ,
    _P.PERSON_REVEAL,
    _P.FILE_UPLOAD,
    _P.MEMBER_READ,
    _P.MEMBER_RECORD,
    _P.MEMBER_REVEAL,
    _P.INSTRUCTOR_READ,
    _P.INSTRUCTOR_RECORD,
    _P.INSTRUCTOR_REVEAL,
    _P.ROUND_RECORD,
    _P.NOTICE_READ,
    _P.NOTICE_RECORD,
    _P.CAMPAIGN_RECORD,
    _P.STANDARD_RECORD,
    _P.SUPERVISION_READ,
    _P.SUPERVISION_RECORD,
}
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.SYSTEM_ADMIN: _EVERYONE
    | {_P.DIVISION_ADMINISTER, _P.REFERENCE_ADMINISTER, _P.AUTHORITY_READ, _P.REGISTRY_SOURCE_READ},
    Role.SECURITY_ADMIN: _EVERYONE
    | {
        _P.USER_READ,
        _P.USER_ADMINISTER,
        _P.GRANT_ADMINISTER,
        _P.GRANT_APPROVE,
        _P.API_KEY_ADMINISTER,
        _P.AUTHORITY_READ,
        _P.REGISTRY_SOURCE_READ,
        _P.REGISTRY_SOURCE_ADMINISTER,
    },
    Role.AUDIT_ADMIN: _EVERYONE | {_P.AUDIT_READ},
    Role.ORGANIZER: _RECORD
    | {
        _P.ORGANIZATION_DECIDE,
        _P.RESPONSIBILITY_OVERRIDE,
        _P.PARTY_ORGANIZATION_DECIDE,
        _P.REGISTRY_EVENT_MEND,
        _P.MEMBER_DECIDE,
        _P.MEMBER_APPROVE,
        _P.INSTRUCTOR_DECIDE,
        _P.ROUND_DECIDE,
        _P.RANKING_MAKE,
        _P.NOTICE_DECIDE,
        _P.NOTICE_APPROVE,
        _P.CAMPAIGN_DECIDE,
        _P.STANDARD_DECIDE,
        _P.SUPERVISION_DECIDE,
        _P.SUPERVISION_APPROVE,
    },
    Role.APPROVER: _LEDGER_READ
    | {
        _P.ORGANIZATION_APPROVE,
        _P.REGISTRY_EVENT_READ,
        _P.REGISTRY_SOURCE_READ,
        _P.GRANT_APPROVE,
        _P.MEMBER_READ,
        _P.MEMBER_APPROVE,
        _P.INSTRUCTOR_READ,
        _P.ROUND_APPROVE,
        _P.NOTICE_READ,
        _P.NOTICE_APPROVE,
        _P.STANDARD_DECIDE,
        _P.SUPERVISION_READ,
        _P.SUPERVISION_APPROVE,
    },
    Role.CLERK: _RECORD,
    Role.REVIEWER: _EVERYONE
    | {_P.ORGANIZATION_READ, _P.PARTY_ORGANIZATION_READ, _P.STANDARD_READ, _P.ROUND_REVIEW, _P.EVIDENCE_READ},
    Role.VIEWER: _LEDGER_READ | {_P.MEMBER_READ, _P.INSTRUCTOR_READ, _P.NOTICE_READ, _P.SUPERVISION_READ},
    Role.DISPLAY: _EVERYONE | {_P.COVERAGE_READ},
    Role.REGISTRY: _EVERYONE | {_P.REGISTRY_PUSH, _P.REGISTRY_EVENT_READ},
    Role.INTEGRATOR: _LEDGER_READ - {_P.EVIDENCE_READ},
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in the subtree of one division (块) or of one Party body (条).

    `rule_id` names the rule of an identity provider that gave it; without one it is the user's own."""

    role: Role
    division_code: str | None = None
    party_organization_id: UUID | None = None
    rule_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows that a permission reaches: the nation, or division subtrees and Party-body subtrees."""

    national: bool = False
    divisions: tuple[str, ...] = ()
    bodies: tuple[UUID, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.national or self.divisions or self.bodies)


NATIONAL = Scope(national=True)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a signed-in person, a machine with an API key, a registry source, or the service itself."""

    id: UUID
    kind: str
    name: str
    grants: tuple[Grant, ...] = ()
    session_id: UUID | None = None
    by_cookie: bool = False
    second_factor: bool = False
    reauthenticated_at: datetime | None = None
    source_id: UUID | None = None
    everything: bool = False
    _permissions: dict[Permission, Scope] = field(default_factory=dict, compare=False, repr=False)

    def may(self, permission: Permission) -> bool:
        return permission is Permission.SELF or not self.scope(permission).empty

    def scope(self, permission: Permission) -> Scope:
        """Where this actor holds the permission, over all grants (empty if nowhere)."""
        if self.everything:
            return NATIONAL
        known = self._permissions.get(permission)
        if known is None:
            known = self._permissions[permission] = self._add_up(permission)
        return known

    def _add_up(self, permission: Permission) -> Scope:
        holding = [g for g in self.grants if permission in PERMISSIONS[g.role]]
        if any(g.division_code == NATION for g in holding):
            return NATIONAL
        return Scope(
            divisions=tuple(sorted({g.division_code for g in holding if g.division_code})),
            bodies=tuple(sorted({g.party_organization_id for g in holding if g.party_organization_id})),
        )

    def permissions(self) -> list[Permission]:
        return [p for p in Permission if self.may(p)]


SYSTEM = Actor(id=UUID(int=0), kind="system", name="jiceng", everything=True)

division_closure = table(
    "division_closure",
    column("ancestor_code", Text(collation="C")),
    column("descendant_code", Text(collation="C")),
    column("depth"),
    column("valid", DATERANGE),
)
party_organization_closure = table(
    "party_organization_closure",
    column("ancestor_id", Uuid()),
    column("descendant_id", Uuid()),
    column("depth"),
    column("valid", DATERANGE),
)


def today_sql() -> ColumnElement[date]:
    """Today in Asia/Shanghai, by the database's clock."""
    return func.timezone("Asia/Shanghai", func.now()).cast(Date())


def _day(on: date | ColumnElement[date] | None) -> ColumnElement[date]:
    if on is None:
        return today_sql()
    return literal(on, Date()) if isinstance(on, date) else on


def descendants(codes: Sequence[str], on: date | ColumnElement[date] | None = None) -> ColumnElement[Any]:
    """The array of division codes below the given ones on a day (today if none), themselves included."""
    c = division_closure.c
    inner = select(c.descendant_code).where(
        c.ancestor_code == func.any(bindparam(None, list(codes), type_=ARRAY(Text(collation="C")))),
        c.valid.op("@>")(_day(on)),
    )
    return func.array(inner.scalar_subquery())


def within_divisions(
    code: ColumnElement[str] | Any, codes: Sequence[str], on: date | ColumnElement[date] | None = None
) -> ColumnElement[bool]:
    """Rows whose division lies in the subtrees of `codes`; the whole nation needs no condition."""
    if NATION in codes:
        return true()
    if not codes:
        return false()
    return code == func.any(descendants(codes, on))


def within_bodies(
    body: ColumnElement[UUID] | Any, ids: Sequence[UUID], on: date | ColumnElement[date] | None = None
) -> ColumnElement[bool]:
    """Rows whose Party body lies in the subtrees of `ids`."""
    if not ids:
        return false()
    c = party_organization_closure.c
    inner = select(c.descendant_id).where(
        c.ancestor_id == func.any(bindparam(None, list(ids), type_=ARRAY(Uuid()))),
        c.valid.op("@>")(_day(on)),
    )
    return body == func.any(func.array(inner.scalar_subquery()))


def either(conditions: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Any of the conditions; none given matches nothing."""
    return or_(false(), *conditions)


def reach(scope: Scope, division: Any, body: Any, *, row_id: Any) -> ColumnElement[bool]:
    """Rows with a division (块) and a Party body (条) that lie in a scope, by either.

    With both, two index walks joined by `UNION`: one `OR` over the two would read the table."""
    if scope.national:
        return true()
    by_division = within_divisions(division, scope.divisions)
    by_body = within_bodies(body, scope.bodies)
    if not scope.bodies:
        return by_division
    if not scope.divisions:
        return by_body
    return cast(
        "ColumnElement[bool]",
        row_id.in_(select(row_id).where(by_division).union(select(row_id).where(by_body))),
    )


def lies_in(
    *, division: Any, divisions: Sequence[str] = (), body: Any = None, bodies: Sequence[UUID] = ()
) -> list[ColumnElement[bool]]:
    """The conditions of the filters `division` and `party_organization_id`: each a subtree, each if given."""
    conditions = []
    if divisions:
        conditions.append(within_divisions(division, divisions))
    if bodies:
        conditions.append(within_bodies(body, bodies))
    return conditions
