"""What the ledger knows of what a message names: organizations, divisions, authorities, accepted codes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Text,
    Uuid,
    and_,
    case,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, TSTZRANGE

from app.core import access
from app.core.fields import Ref
from app.core.work import Work
from app.intake.errors import NoCertificateQuestion, OrganizationAmbiguous
from app.intake.models import RegistryEvent, RegistrySource
from app.intake.queries.sources import authorities, divisions
from app.intake.rules import EventState
from app.intake.schemas.messages import NamedAuthority, NamedOrganization, RegistryNumber

CODE = Text(collation="C")
organizations = table(
    "organizations",
    column("id", Uuid()),
    column("credit_code", CODE),
    column("name"),
    column("division_code", CODE),
)
identifiers = table(
    "organization_identifiers",
    column("organization_id", Uuid()),
    column("scheme", CODE),
    column("number", CODE),
    column("withdrawn"),
)
periods = table(
    "organization_periods",
    column("organization_id", Uuid()),
    column("valid", DATERANGE),
    column("recorded", TSTZRANGE),
    column("division_code", CODE),
)
exceptions = table(
    "credit_code_exceptions", column("id", Uuid()), column("credit_code", CODE), column("state", CODE)
)


@dataclass(frozen=True, slots=True)
class Known:
    """An organization of the ledger."""

    id: UUID
    name: str
    division_code: str


async def inside(work: Work, source: RegistrySource, codes: Collection[str], on: date) -> bool:
    """Whether one of the divisions lies within a source's registration divisions, today or on a day."""
    c = access.division_closure.c
    found = select(c.descendant_code).where(
        c.descendant_code == func.any(literal(list(codes), ARRAY(CODE))),
        c.ancestor_code == func.any(literal(list(source.divisions), ARRAY(CODE))),
        or_(c.valid.op("@>")(access.today_sql()), c.valid.op("@>")(literal(on))),
    )
    return await work.scalar(select(exists(found))) is True


async def division_exists(work: Work, code: str) -> bool:
    """Whether a division is, was or will be in force."""
    return await work.scalar(select(exists(select(divisions.c.code).where(divisions.c.code == code)))) is True


async def division_of(work: Work, organization_id: UUID) -> str:
    """Where an organization is registered now."""
    code: str = await work.scalar(
        select(organizations.c.division_code).where(organizations.c.id == organization_id)
    )
    return code


async def division_codes(work: Work, organization: Known, on: date) -> frozenset[str]:
    """Where an organization is registered: now, and on a day as far as is known now."""
    c = periods.c
    then = select(c.division_code).where(
        c.organization_id == organization.id,
        func.upper_inf(c.recorded),
        c.valid.op("@>")(literal(on)),
    )
    return frozenset(await work.scalars(then)) | {organization.division_code}


async def registered(
    work: Work, source: RegistrySource, credit_code: str | None, numbers: Sequence[RegistryNumber]
) -> Known | None:
    """The organization that a registration is about, if it is in the ledger already."""
    if credit_code is not None:
        return await _by_credit_code(work, credit_code)
    return await _by_number(work, source, numbers)


async def named(work: Work, source: RegistrySource, organization: NamedOrganization) -> Known | None:
    """The organization that a message names.

    By its credit code; by one that it had before, if messages were applied under it; or by a number of the
    registry. Raises `OrganizationAmbiguous`."""
    if organization.credit_code is not None:
        if known := await _by_credit_code(work, organization.credit_code):
            return known
        if known := await _by_earlier_code(work, organization.credit_code):
            return known
    if organization.identifier is not None:
        return await _by_number(work, source, [organization.identifier])
    return None


def _known(*conditions: Any) -> Any:
    c = organizations.c
    return select(c.id, c.name, c.division_code).where(*conditions)


def _as_known(row: Row[Any] | None) -> Known | None:
    return Known(row.id, row.name, row.division_code) if row is not None else None


async def _by_credit_code(work: Work, credit_code: str) -> Known | None:
    row = (await work.execute(_known(organizations.c.credit_code == credit_code))).one_or_none()
    return _as_known(row)


async def _by_earlier_code(work: Work, credit_code: str) -> Known | None:
    key = f"credit_code/{credit_code}"
    earlier = (
        select(RegistryEvent.organization_id)
        .where(
            RegistryEvent.organization_key == key,
            RegistryEvent.state == EventState.APPLIED,
            RegistryEvent.organization_id.is_not(None),
        )
        .order_by(RegistryEvent.id.desc())
        .limit(1)
    )
    row = (await work.execute(_known(organizations.c.id == earlier.scalar_subquery()))).one_or_none()
    return _as_known(row)


async def _by_number(work: Work, source: RegistrySource, numbers: Sequence[RegistryNumber]) -> Known | None:
    if not numbers:
        return None
    c, i = organizations.c, identifiers.c
    bearing = select(i.organization_id).where(
        ~i.withdrawn, or_(*(and_(i.scheme == n.scheme, i.number == n.number) for n in numbers))
    )
    own = access.within_divisions(c.division_code, source.divisions)
    rows = (await work.execute(_known(c.id.in_(bearing), own).limit(2))).all()
    if len(rows) > 1:
        raise OrganizationAmbiguous
    return _as_known(rows[0] if rows else None)


async def accepted_codes(work: Work, codes: Collection[str]) -> frozenset[str]:
    """Those of the credit codes whose wrong check digit was accepted with evidence."""
    if not codes:
        return frozenset()
    c = exceptions.c
    found = select(c.credit_code).where(c.credit_code.in_(list(codes)), c.state == "approved")
    return frozenset(await work.scalars(found))


async def asked_exception(work: Work, credit_code: str) -> UUID:
    """The open question whether a code is accepted. Raises `NoCertificateQuestion`."""
    c = exceptions.c
    found: UUID | None = await work.scalar(
        select(c.id).where(c.credit_code == credit_code, c.state == "requested")
    )
    if found is None:
        raise NoCertificateQuestion
    return found


async def reference(work: Work, organization_id: UUID) -> Ref:
    """An organization named in passing."""
    c = organizations.c
    row = (await work.execute(select(c.id, c.name).where(c.id == organization_id))).one()
    return Ref(id=row.id, name=row.name)


async def authority_id(work: Work, authority: NamedAuthority) -> UUID | None:
    """The active authority that a message names, or None."""
    c = authorities.c
    by: ColumnElement[bool] = (
        c.id == authority.id
        if authority.id is not None
        else and_(c.name == authority.name, c.division_code == authority.division_code)
    )
    found: UUID | None = await work.scalar(select(c.id).where(by, c.status == "active"))
    return found


def arrived() -> ColumnElement[bool]:
    """Of a parked message: whether the organization it waits for is in the ledger by now, where its source
    may write. One that others have registered stays unseen: else its message would be taken up for ever."""
    c, i = organizations.c, identifiers.c
    scheme = func.split_part(RegistryEvent.waiting_for, "/", 1)
    number = func.substr(RegistryEvent.waiting_for, func.strpos(RegistryEvent.waiting_for, "/") + 1)
    s, reach = RegistrySource, access.division_closure.c
    within = (
        select(c.id)
        .join(s, s.id == RegistryEvent.source_id)
        .join(
            access.division_closure,
            and_(reach.descendant_code == c.division_code, reach.valid.op("@>")(access.today_sql())),
        )
        .where(reach.ancestor_code == func.any(s.divisions))
    )
    by_code = within.where(c.credit_code == number).correlate(RegistryEvent)
    by_number = (
        within.join(identifiers, i.organization_id == c.id)
        .where(i.scheme == scheme, i.number == number, ~i.withdrawn)
        .correlate(RegistryEvent)
    )
    return case((scheme == "credit_code", exists(by_code)), else_=exists(by_number))
