"""What a command looks up before it believes a statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true

from app.core.access import (
    Scope,
    division_closure,
    either,
    today_sql,
    within_bodies,
    within_divisions,
)
from app.core.work import Work
from app.organizations.models import (
    Organization,
    OrganizationIdentifier,
    OrganizationOfficer,
    OrganizationPhone,
)
from app.organizations.queries.others import authorities, division_successors, divisions
from app.organizations.queries.sight import since, until, visible, writable


@dataclass(frozen=True, slots=True)
class Place:
    """A division with the days on which it is in force; `in_scope`: whether the caller records for it."""

    code: str
    in_force_from: date | None
    in_force_until: date | None
    successors: tuple[tuple[str, str], ...]
    in_scope: bool


async def places(work: Work, codes: Iterable[str], scope: Scope) -> dict[str, Place]:
    """The divisions that exist, by code, with the names of those that came after them."""
    wanted = sorted(set(codes))
    d, s, after = divisions.c, division_successors.c, divisions.alias("after")
    rows = await work.execute(
        select(
            d.code,
            since(d.valid),
            until(d.valid),
            within_divisions(d.code, ("100000",) if scope.national else scope.divisions),
        ).where(d.code.in_(wanted))
    )
    came = await work.execute(
        select(s.code, s.successor_code, after.c.name)
        .select_from(division_successors.join(after, after.c.code == s.successor_code))
        .where(s.code.in_(wanted))
        .order_by(s.effective_on, s.successor_code)
    )
    successors: dict[str, list[tuple[str, str]]] = {}
    for code, successor, name in cast("Sequence[tuple[str, str, str]]", came.all()):
        successors.setdefault(code, []).append((successor, name))
    found = cast("Sequence[tuple[str, date | None, date | None, bool]]", rows.all())
    return {
        code: Place(code, first, last, tuple(successors.get(code, ())), inside)
        for code, first, last, inside in found
    }


async def authorities_abolished_on(work: Work, ids: Iterable[UUID], scope: Scope) -> dict[UUID, date | None]:
    """The authorities in sight, each with the day of its abolition, if any."""
    a = authorities.c
    rows = await work.execute(select(a.id, a.abolished_on).where(a.id.in_(list(ids)), _in_sight(scope)))
    return dict(cast("Sequence[tuple[UUID, date | None]]", rows.all()))


def _in_sight(scope: Scope) -> ColumnElement[bool]:
    """Authorities that `/authorities` shows: of the scope's divisions and bodies, and of the divisions above.

    Any other is as unknown as one that never was: its name would come back, and its body could be made to
    answer."""
    if scope.national:
        return true()
    a, c = authorities.c, division_closure.c
    own = [
        within_divisions(a.division_code, scope.divisions),
        within_bodies(a.party_organization_id, scope.bodies),
    ]
    above = select(c.ancestor_code).where(
        c.descendant_code.in_(scope.divisions), c.valid.op("@>", is_comparison=True)(today_sql())
    )
    return either([*own, a.division_code.in_(above)])


async def holder_of(work: Work, credit_code: str) -> Organization | None:
    """The organization that has this credit code, whatever the scope."""
    found = await work.scalar(select(Organization).where(Organization.credit_code == credit_code))
    return found if isinstance(found, Organization) else None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a credit code: whether the caller may change it, and whether the caller may know of it."""

    id: UUID
    credit_code: str
    name: str
    writable: bool
    visible: bool


async def holders(work: Work, credit_codes: Iterable[str], changing: Scope, reading: Scope) -> list[Holder]:
    """The organizations that have these credit codes, whatever the scope."""
    codes = sorted(set(credit_codes))
    if not codes:
        return []
    o = Organization
    rows = await work.execute(
        select(o.id, o.credit_code, o.name, writable(changing), visible(reading)).where(
            o.credit_code == func.any(codes)
        )
    )
    return [Holder(*row) for row in cast("Sequence[tuple[UUID, str, str, bool, bool]]", rows.all())]


async def identified(work: Work, scheme: str, number: str) -> list[UUID]:
    """The organizations that bear a number of a scheme, whatever the scope."""
    i = OrganizationIdentifier
    rows = await work.scalars(
        select(i.organization_id).where(i.number == number, i.scheme == scheme, ~i.withdrawn).distinct()
    )
    return list(rows)


async def phone(work: Work, phone_id: UUID) -> OrganizationPhone:
    """A phone's row, with its cipher: only the reveal looks at it."""
    rows = await work.scalars(select(OrganizationPhone).where(OrganizationPhone.id == phone_id))
    return rows.one()  # type: ignore[no-any-return]


async def officer(work: Work, organization_id: UUID, officer_id: UUID) -> OrganizationOfficer | None:
    """One officer of an organization."""
    found = await work.scalar(
        select(OrganizationOfficer).where(
            OrganizationOfficer.organization_id == organization_id, OrganizationOfficer.id == officer_id
        )
    )
    return found if isinstance(found, OrganizationOfficer) else None
