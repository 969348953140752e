"""Grid units: one, lists, and what they hold."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, case, cast, func, null, select
from sqlalchemy.dialects.postgresql import JSON

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.members import errors
from app.members.models import GridMember, GridOrganization, GridUnit, Member, Person
from app.members.queries.tables import divisions, organizations, party_organizations
from app.members.schemas import GridUnitContents, GridUnitFilters, GridUnitRead

_READ, _RECORD = Permission.MEMBER_READ, Permission.MEMBER_RECORD
G = GridUnit
MOST = 1_000


def units(scope: Scope) -> ColumnElement[bool]:
    """Grid units whose body lies in a scope."""
    return access.reach(scope, G.division_code, G.party_organization_id, row_id=G.id)


async def unit_for_update(work: Work, unit_id: UUID) -> GridUnit:
    """A grid unit in the caller's scope, locked. Raises `GridUnitNotFound`."""
    found: GridUnit | None = await work.scalar(
        select(G)
        .where(G.id == unit_id, units(work.actor.scope(_RECORD)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.GridUnitNotFound
    return found


def running(row: Any) -> ColumnElement[bool]:
    """Rows that hold today."""
    return row.valid.op("@>")(access.today_sql())  # type: ignore[no-any-return]


async def place_of(
    work: Work, unit_id: UUID, *, organization_id: UUID | None, member_id: UUID | None
) -> GridOrganization | GridMember | None:
    """The running row of an organization or a member in a unit, locked."""
    if organization_id is not None:
        o = GridOrganization
        found: GridOrganization | GridMember | None = await work.scalar(
            select(o)
            .where(o.grid_unit_id == unit_id, o.organization_id == organization_id, func.upper_inf(o.valid))
            .with_for_update()
        )
        return found
    m = GridMember
    row: GridMember | None = await work.scalar(
        select(m)
        .where(m.grid_unit_id == unit_id, m.member_id == member_id, func.upper_inf(m.valid))
        .with_for_update()
    )
    return row


async def contents_for_update(work: Work, unit_id: UUID) -> list[GridOrganization | GridMember]:
    """Everything that is in a unit and has no end yet, locked."""
    rows: list[GridOrganization | GridMember] = []
    for kind in (GridOrganization, GridMember):
        found = await work.scalars(
            select(kind)
            .where(kind.grid_unit_id == unit_id, func.upper_inf(kind.valid))
            .order_by(kind.id)
            .with_for_update()
        )
        rows.extend(found.all())
    return rows


async def level_of(work: Work, code: str) -> str | None:
    """The level of a division that exists today."""
    found: str | None = await work.scalar(
        select(divisions.c.level).where(
            divisions.c.code == code, divisions.c.valid.op("@>")(access.today_sql())
        )
    )
    return found


async def read_unit(work: Work, unit_id: UUID, *, status: int = 200) -> Response:
    """One grid unit."""
    return await reads.one(
        work,
        _units(work).where(G.id == unit_id),
        shape=GridUnitRead,
        missing=errors.GridUnitNotFound,
        status=status,
    )


async def page_units(work: Work, filters: GridUnitFilters) -> Response:
    """Grid units in sight."""
    statement = _units(work).where(
        *access.lies_in(
            division=G.division_code,
            divisions=[filters.division] if filters.division is not None else (),
            body=G.party_organization_id,
            bodies=[filters.party_organization_id] if filters.party_organization_id is not None else (),
        )
    )
    for row, column, wanted in (
        (GridOrganization, GridOrganization.organization_id, filters.organization_id),
        (GridMember, GridMember.member_id, filters.member_id),
    ):
        if wanted is not None:
            holding = select(row.grid_unit_id).where(column == wanted, running(row))
            statement = statement.where(G.id.in_(holding))
    if filters.open is not None:
        statement = statement.where(G.closed_on.is_(None) if filters.open else G.closed_on.is_not(None))
    return await reads.page(
        work, statement, shape=GridUnitRead, filters=filters, sort=(G.division_code, G.id)
    )


def _units(work: Work) -> Select[Any]:
    body, place = party_organizations.c, divisions.c
    answers = (
        select(func.json_build_object("id", Member.id, "name", func.coalesce(Person.name_mask, "***")))
        .select_from(Member)
        .outerjoin(Person, Person.id == Member.person_id)
        .where(Member.id == G.responsible_member_id)
        .correlate(G)
        .scalar_subquery()
    )

    def held(row: Any) -> ColumnElement[int]:
        counted = select(func.count()).where(row.grid_unit_id == G.id, running(row))
        return counted.correlate(G).scalar_subquery()

    is_open = G.closed_on.is_(None)
    return (
        select(
            G.id,
            G.name,
            reads.code_ref(place.code, place.name).label("division"),
            reads.ref(body.id, body.name).label("party_organization"),
            case((G.responsible_member_id.is_not(None), cast(answers, JSON)), else_=cast(null(), JSON)).label(
                "responsible_member"
            ),
            G.opened_on,
            G.closed_on,
            held(GridOrganization).label("organizations"),
            held(GridMember).label("members"),
            reads.etag(G.version),
            reads.actions(
                work,
                {
                    "update": (_RECORD, is_open),
                    "assign": (_RECORD, is_open),
                    "release": (_RECORD, is_open),
                    "close": (_RECORD, is_open),
                },
                read=_READ,
                visible=units,
            ),
        )
        .join(divisions, place.code == G.division_code)
        .join(party_organizations, body.id == G.party_organization_id)
        .where(units(work.actor.scope(_READ)))
    )


async def contents(work: Work, unit_id: UUID) -> Response:
    """What a unit holds today."""
    seen = select(G.id).where(G.id == unit_id, units(work.actor.scope(_READ)))
    if await work.scalar(seen) is None:
        raise errors.GridUnitNotFound
    o, name = organizations.c, func.coalesce(Person.name_mask, "***").label("name")
    held: Select[Any] = (
        select(o.id, o.name)
        .join(GridOrganization, GridOrganization.organization_id == o.id)
        .where(GridOrganization.grid_unit_id == unit_id, running(GridOrganization))
        .order_by(o.id)
        .limit(MOST)
    )
    columns: list[Any] = [Member.id, name]
    people = (
        select(*columns)
        .join(GridMember, GridMember.member_id == Member.id)
        .outerjoin(Person, Person.id == Member.person_id)
        .where(GridMember.grid_unit_id == unit_id, running(GridMember))
        .order_by(Member.id)
        .limit(MOST)
    )
    row: Any = (await work.execute(select(reads.array_of(held, "id"), reads.array_of(people, "id")))).one()
    return await reads.derived(work, {"organizations": row[0], "members": row[1]}, shape=GridUnitContents)
