"""The ledger itself: one organization, and lists of them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import (
    ColumnElement,
    Label,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    join,
    literal,
    select,
    union,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import aliased

from app.core import reads
from app.core.access import Permission, Scope, within_divisions
from app.core.work import Work
from app.organizations import rules
from app.organizations.errors import OrganizationNotFound
from app.organizations.models import (
    Organization,
    OrganizationFinding,
    OrganizationIdentifier,
    OrganizationName,
    OrganizationPeriod,
    OrganizationSearch,
)
from app.organizations.queries.others import (
    authorities,
    covers,
    divisions,
    party_organizations,
    responsibilities,
)
from app.organizations.queries.sight import DayLike, listed, standing, visible, writable
from app.organizations.rules import search
from app.organizations.schemas import DivisionBasis, OrganizationFilters, OrganizationRead

_LAST_CHARACTER = "\U0010ffff"

O, P = Organization, OrganizationPeriod  # noqa: E741


def ended(status: Any) -> ColumnElement[bool]:
    """Whether a registration status is an end."""
    return status.in_([s.value for s in rules.ENDED])  # type: ignore[no-any-return]


_VERBS_PERMISSIONS = (
    Permission.ORGANIZATION_RECORD,
    Permission.ORGANIZATION_DECIDE,
    Permission.PERSON_REVEAL,
)


def _verbs() -> Mapping[str, tuple[Permission, ColumnElement[bool] | None]]:
    record, decide = Permission.ORGANIZATION_RECORD, Permission.ORGANIZATION_DECIDE
    over = ended(O.registration_status)
    return {
        "update": (record, None),
        "record": (record, None),
        "correct": (decide, None),
        "deregister": (decide, ~over),
        "revoke": (decide, O.registration_status.not_in(["revoked", "license_revoked", "merged", "split"])),
        "merge": (decide, ~over),
        "split": (decide, ~over),
        "restore": (decide, and_(over, O.registration_status != "merged")),
        "undo_merge": (decide, O.registration_status == "merged"),
        "reveal_contact": (Permission.PERSON_REVEAL, O.contact_phone_id.is_not(None)),
    }


@lru_cache(maxsize=1024)
def allowed_actions(scopes: tuple[Scope, ...]) -> Label[Any]:
    """The verbs open to a caller on each row: none on a row that it sees by its domicile only.

    Built once for all callers with the same scopes of recording, deciding and revealing."""
    held = dict(zip(_VERBS_PERMISSIONS, scopes, strict=True))
    by_scope: dict[Scope, list[Any]] = {}
    for verb, (permission, condition) in _verbs().items():
        scope = held[permission]
        if not scope.empty:
            entry: Any = literal(verb) if condition is None else case((condition, literal(verb)))
            by_scope.setdefault(scope, []).append(entry)
    none = cast(literal("{}"), ARRAY(Text))
    verbs: Any = none
    for scope, entries in by_scope.items():
        some: Any = array(entries, type_=Text())
        verbs = verbs.op("||")(some if scope.national else case((writable(scope), some), else_=none))
    return func.array_to_json(func.array_remove(verbs, None)).label("allowed_actions")


def shown(work: Work, countable: Any = O) -> Select[Any]:
    """An organization as `OrganizationRead` has it; for the past, what counts comes from a period."""
    return shown_to(scopes_of(work), countable)


def scopes_of(work: Work) -> tuple[Scope, ...]:
    """Where this caller records, decides and reveals."""
    return tuple(work.actor.scope(permission) for permission in _VERBS_PERMISSIONS)


def shown_to(scopes: tuple[Scope, ...], countable: Any = O) -> Select[Any]:
    """The same for callers with these scopes."""
    return _columns(countable).add_columns(allowed_actions(scopes))


@lru_cache(maxsize=2)
def _columns(countable: Any) -> Select[Any]:
    """What is shown to every caller alike, built once."""
    registered, domiciled = divisions.alias("registered"), divisions.alias("domiciled")
    registry, unit, line = (authorities.alias(name) for name in ("registry", "unit", "line"))
    into = aliased(Organization, name="into")
    return (
        select(
            O.id,
            O.credit_code,
            O.name,
            countable.kind,
            countable.registration_mode,
            countable.registration_status,
            reads.code_ref(countable.division_code, registered.c.name).label("division"),
            reads.code_ref(countable.domicile_division_code, domiciled.c.name).label("domicile_division"),
            O.domicile_address,
            reads.ref(countable.registration_authority_id, registry.c.name).label("registration_authority"),
            reads.ref(countable.supervisory_unit_id, unit.c.name).label("supervisory_unit"),
            reads.ref(countable.industry_authority_id, line.c.name).label("industry_authority"),
            O.industry,
            O.established_on,
            O.ended_on,
            O.business_scope,
            countable.decoupled,
            O.is_trade_association,
            O.foreign_related,
            O.staff_count,
            O.member_count,
            O.party_member_count,
            O.full_member_count,
            O.full_time_full_member_count,
            O.legal_representative,
            O.contact_name,
            O.contact_phone_mask,
            reads.ref(O.merged_into_id, into.name).label("merged_into"),
            O.created_at,
            O.updated_at,
            reads.etag(O.version),
        )
        .select_from(O if countable is O else join(O, P, P.organization_id == O.id))
        .join(registered, registered.c.code == countable.division_code)
        .outerjoin(domiciled, domiciled.c.code == countable.domicile_division_code)
        .outerjoin(registry, registry.c.id == countable.registration_authority_id)
        .outerjoin(unit, unit.c.id == countable.supervisory_unit_id)
        .outerjoin(line, line.c.id == countable.industry_authority_id)
        .outerjoin(into, into.id == O.merged_into_id)
    )


async def read(work: Work, organization_id: UUID, *, status: int = 200) -> Response:
    """One organization."""
    scope = work.actor.scope(Permission.ORGANIZATION_READ)
    statement = shown(work).where(O.id == organization_id, visible(scope))
    return await reads.one(
        work, statement, shape=OrganizationRead, missing=OrganizationNotFound, status=status
    )


async def written(work: Work, organization_id: UUID, *, status: int = 200) -> Response:
    """One organization as this caller's own change left it, even if that took it out of sight."""
    return await reads.one(
        work, shown(work).where(O.id == organization_id), shape=OrganizationRead, status=status
    )


async def page(work: Work, filters: OrganizationFilters) -> Response:
    """A page of organizations in the order of their division."""
    scope = work.actor.scope(Permission.ORGANIZATION_READ)
    then = filters.as_of is not None
    countable: Any = P if then else O
    by_domicile = filters.division_basis is DivisionBasis.DOMICILE
    division = countable.domicile_division_code if by_domicile else countable.division_code
    statement = shown(work, countable)
    if then:
        statement = statement.where(standing(P.valid, P.recorded, filters.as_of))
    statement = statement.where(
        listed(scope, filters.division_basis, division), *_narrowed(filters, countable, division)
    )
    if by_domicile:
        statement = statement.where(division.is_not(None))
    return await reads.page(work, statement, shape=OrganizationRead, filters=filters, sort=(division, O.id))


def _narrowed(filters: OrganizationFilters, countable: Any, division: Any) -> list[ColumnElement[bool]]:
    """The conditions of the filters that were given."""
    equal: dict[Any, Any] = {
        countable.kind: filters.kind,
        countable.registration_status: filters.registration_status,
        countable.registration_mode: filters.registration_mode,
        countable.registration_authority_id: filters.registration_authority_id,
        countable.supervisory_unit_id: filters.supervisory_unit_id,
        countable.decoupled: filters.decoupled,
        O.industry: filters.industry,
        O.credit_code: filters.credit_code,
        O.is_trade_association: filters.is_trade_association,
    }
    conditions = [column == value for column, value in equal.items() if value is not None]
    if filters.division is not None:
        conditions.append(within_divisions(division, [filters.division], filters.as_of))
    if filters.domicile_division is not None:
        domicile = countable.domicile_division_code
        conditions.append(within_divisions(domicile, [filters.domicile_division], filters.as_of))
    if filters.name is not None:
        conditions.append(_named(filters.name))
    if filters.number is not None:
        i = OrganizationIdentifier
        found = select(i.organization_id).where(i.number == filters.number, ~i.withdrawn)
        conditions.append(O.id.in_(found))
    if filters.established_from is not None:
        conditions.append(O.established_on >= filters.established_from)
    if filters.established_until is not None:
        conditions.append(O.established_on < filters.established_until)
    for asked, condition in (
        (filters.has_party_organization, covered(filters.as_of)),
        (filters.has_responsible_body, answered(filters.as_of)),
        (filters.has_open_finding, doubted()),
    ):
        if asked is not None:
            conditions.append(condition if asked else ~condition)
    return conditions


def _named(beginning: str) -> ColumnElement[bool]:
    """Bears a name that begins so, whatever its width, case and signs; or bore just that: ranges of two
    indexes, read once (left to join them, PostgreSQL walks the whole list)."""
    n, s, plain = OrganizationName, OrganizationSearch, search.folded(beginning)
    named = select(n.organization_id).where(n.name >= beginning, n.name < beginning + _LAST_CHARACTER)
    found: Any = named
    if plain:
        found = union(
            named, select(s.organization_id).where(s.name >= plain, s.name < plain + _LAST_CHARACTER)
        )
    return O.id == func.any(func.array(found.scalar_subquery()))


def covered(on: DayLike = None) -> ColumnElement[bool]:
    """Whether a body that counts as a Party organization covers it."""
    c, b = covers.c, party_organizations.c
    return exists(
        select(literal(1))
        .select_from(covers.join(party_organizations, b.id == c.party_organization_id))
        .where(c.organization_id == O.id, standing(c.valid, c.recorded, on), b.counts_as_primary)
        .correlate(O)
    )


def answered(on: DayLike = None) -> ColumnElement[bool]:
    """Whether a body leads it."""
    r = responsibilities.c
    return exists(
        select(literal(1))
        .where(r.organization_id == O.id, r.relation == "lead", standing(r.valid, r.recorded, on))
        .correlate(O)
    )


def doubted() -> ColumnElement[bool]:
    """Whether a finding about it is open."""
    f = OrganizationFinding
    return exists(select(literal(1)).where(f.organization_id == O.id, f.state == "open").correlate(O))
