"""Names of files and templates, looked up in the caller's scope."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    or_,
    select,
)

from app.core import access
from app.core.access import Permission, Scope
from app.core.work import Work
from app.rosters.formats import Choices
from app.rosters.queries.tables import (
    OFFERED,
    RECORD,
    B,
    divisions,
    organizations,
)


async def choices(work: Work) -> Choices:
    """What the template's drop-downs offer: bodies and divisions of the caller's scope."""
    scope = work.actor.scope(RECORD)
    inside = access.reach(scope, B.division_code, B.id, row_id=B.id)
    named = select(B.name).where(B.status == "active", inside).order_by(B.name).limit(OFFERED)
    places = select(divisions.c.code, divisions.c.name).where(divisions.c.valid.op("@>")(access.today_sql()))
    if not scope.national:
        places = places.where(access.within_divisions(divisions.c.code, scope.divisions))
    found: Any = await work.execute(places.order_by(divisions.c.code).limit(OFFERED))
    return Choices(
        list(await work.scalars(named.where(B.kind == "branch"))),
        list(await work.scalars(named)),
        [f"{code} {name}" for code, name in found],
    )


async def bodies_named(work: Work, names: Sequence[str], permission: Permission) -> dict[str, list[UUID]]:
    """Active bodies of the caller's scope by their names, and by their ids."""
    inside = access.reach(work.actor.scope(permission), B.division_code, B.id, row_id=B.id)
    ids = [each for each in map(_uuid, names) if each is not None]
    rows: Any = await work.execute(
        select(B.id, B.name).where(B.status == "active", inside, or_(B.name.in_(names), B.id.in_(ids)))
    )
    found: dict[str, list[UUID]] = {}
    for body_id, name in rows:
        found.setdefault(name, []).append(body_id)
        found.setdefault(str(body_id), []).append(body_id)
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def organizations_named(work: Work, names: Sequence[str]) -> dict[str, list[UUID]]:
    """Organizations by credit code and by name."""
    o = organizations.c
    rows: Any = await work.execute(
        select(o.id, o.name, o.credit_code).where(
            or_(o.credit_code.in_([name.upper() for name in names]), o.name.in_(names))
        )
    )
    found: dict[str, list[UUID]] = {}
    for organization_id, name, code in rows:
        for key in {name, code} - {None}:
            found.setdefault(key, []).append(organization_id)
    return found


async def divisions_named(work: Work, names: Sequence[str]) -> dict[str, list[str]]:
    """Codes of the divisions of today by their names."""
    d = divisions.c
    rows: Any = await work.execute(
        select(d.code, d.name).where(d.name.in_(names), d.valid.op("@>")(access.today_sql()))
    )
    found: dict[str, list[str]] = {}
    for code, name in rows:
        found.setdefault(name, []).append(code)
    return found


async def same_body(work: Work, name: str, division_code: str) -> UUID | None:
    """An active body of this name in this division."""
    found: UUID | None = await work.scalar(
        select(B.id).where(B.name == name, B.division_code == division_code, B.status == "active").limit(1)
    )
    return found


async def covered(work: Work, scope: Scope, division_code: str) -> bool:
    """Whether a division lies in a scope; a scope of bodies has no division of its own, so any will do."""
    if scope.national or scope.bodies:
        return True
    inside = access.within_divisions(divisions.c.code, scope.divisions)
    found = select(divisions.c.code).where(divisions.c.code == division_code, inside)
    return await work.scalar(found) is not None
