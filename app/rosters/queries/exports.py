"""Exports of members in sight, and the members to be listed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    or_,
    select,
)

from app.core import access, reads
from app.core.access import Scope
from app.core.work import Work
from app.rosters import errors
from app.rosters.models import RosterExport
from app.rosters.queries.tables import (
    APPROVE,
    READ,
    RECORD,
    B,
    E,
    bodies,
    divisions,
    members,
    organizations,
    persons,
)
from app.rosters.rules import ExportColumn
from app.rosters.schemas import (
    RosterExportFilters,
    RosterExportRead,
)


def _exported(scope: Scope) -> ColumnElement[bool]:
    """Exports that lie wholly in a scope: by the body where one is named, else by the division."""
    if scope.national:
        return E.id.is_not(None)
    return access.either(
        [
            access.within_divisions(E.division_code, scope.divisions),
            func.coalesce(access.within_bodies(E.party_organization_id, scope.bodies), False),
        ]
    )


async def body_covered(work: Work, scope: Scope, body_id: UUID) -> bool:
    """Whether a body lies in a scope."""
    inside = access.reach(scope, B.division_code, B.id, row_id=B.id)
    return await work.scalar(select(B.id).where(B.id == body_id, inside)) is not None


async def export_for_update(work: Work, export_id: UUID) -> RosterExport:
    """An export that the caller may decide, locked. Raises `RosterExportNotFound`."""
    found: RosterExport | None = await work.scalar(
        select(E).where(E.id == export_id, _exported(work.actor.scope(APPROVE))).with_for_update()
    )
    if found is None:
        raise errors.RosterExportNotFound
    return found


async def export_of(work: Work, operation_id: UUID) -> RosterExport:
    """The export that an operation makes, held until the end."""
    found: RosterExport | None = await work.scalar(
        select(E).where(E.operation_id == operation_id).with_for_update()
    )
    if found is None:
        raise errors.RosterExportNotFound
    return found


async def asked_today(work: Work) -> int:
    """How many exports the caller asked for within a day; two requests at once wait for each other."""
    key = func.hashtextextended(f"roster_exports:{work.actor.id}", 0)
    await work.execute(select(func.pg_advisory_xact_lock(key)))
    counted = select(func.count()).where(E.requested_by == work.actor.id, E.created_at > work.since(days=1))
    return int(await work.scalar(counted) or 0)


def _exports(work: Work) -> Select[Any]:
    asked = E.state == "requested"
    columns: list[Any] = [
        E.id,
        reads.code_ref(divisions.c.code, divisions.c.name).label("division"),
        reads.ref(B.id, B.name).label("party_organization"),
        E.in_party,
        E.columns,
        E.unmasked,
        E.purpose,
        E.reason,
        E.state,
        E.requested_by_name.label("requested_by"),
        E.created_at,
        E.decided_by_name.label("decided_by"),
        E.decided_at,
        E.decision_reason,
        E.operation_id,
        E.rows,
        E.sha256,
        E.made_at,
        E.file_id.is_not(None).label("has_file"),
        reads.etag(E.version),
        reads.actions(
            work,
            {
                "decide": (APPROVE, and_(asked, E.requested_by != work.actor.id)),
                "download": (RECORD, and_(E.file_id.is_not(None), E.requested_by == work.actor.id)),
            },
        ),
    ]
    seen = or_(E.requested_by == work.actor.id, _exported(work.actor.scope(APPROVE)))
    return (
        select(*columns)
        .join(divisions, divisions.c.code == E.division_code)
        .outerjoin(bodies, B.id == E.party_organization_id)
        .where(seen)
    )


async def read_export(work: Work, export_id: UUID, *, status: int = 200) -> Response:
    """One export."""
    return await reads.one(
        work,
        _exports(work).where(E.id == export_id),
        shape=RosterExportRead,
        missing=errors.RosterExportNotFound,
        status=status,
    )


async def page_exports(work: Work, filters: RosterExportFilters) -> Response:
    """Exports that I asked for or may approve, the latest first."""
    statement = _exports(work)
    if filters.state is not None:
        statement = statement.where(E.state == filters.state)
    return await reads.page(
        work, statement, shape=RosterExportRead, filters=filters, sort=(E.id,), descending=True
    )


async def export_file(work: Work, export_id: UUID) -> UUID:
    """The file of an export: for who asked, while it is there."""
    found: RosterExport | None = await work.scalar(
        select(E).where(E.id == export_id, E.requested_by == work.actor.id)
    )
    if found is None:
        raise errors.RosterExportNotFound
    if found.file_id is None:
        raise errors.RosterExportNotMade
    return found.file_id


_SHOWN: dict[ExportColumn, Any] = {
    ExportColumn.NAME: persons.c.name_mask,
    ExportColumn.ID_NUMBER: persons.c.id_number_mask,
    ExportColumn.PHONE: persons.c.phone_mask,
    ExportColumn.STATUS: members.c.status,
    ExportColumn.JOINED_ON: members.c.joined_on,
    ExportColumn.FULL_ON: members.c.full_on,
    ExportColumn.BRANCH: B.name,
    ExportColumn.DIVISION: divisions.c.name,
    ExportColumn.ORGANIZATION: organizations.c.name,
    ExportColumn.EMPLOYMENT: members.c.employment,
    ExportColumn.SCATTERED: members.c.scattered,
    ExportColumn.FLOATING_SINCE: members.c.floating_since,
    ExportColumn.CONTACT_LOST_ON: members.c.contact_lost_on,
}


async def listed(work: Work, export: RosterExport, after: UUID | None, many: int) -> Sequence[Any]:
    """The next members of a list in the order of their ids: id, person, then each column, sealed where it is
    to be opened. What the requester no longer sees is not in it."""
    m, scope = members.c, work.actor.scope(READ)
    unmasked = {ExportColumn(each) for each in export.unmasked}
    columns = [
        persons.c[f"{each}_cipher"] if ExportColumn(each) in unmasked else _SHOWN[ExportColumn(each)]
        for each in export.columns
    ]
    statement = (
        select(m.id, m.person_id, *columns)
        .select_from(members)
        .join(persons, persons.c.id == m.person_id)
        .join(bodies, B.id == m.party_organization_id)
        .join(divisions, divisions.c.code == m.division_code)
        .outerjoin(organizations, organizations.c.id == m.organization_id)
        .where(
            access.reach(scope, m.division_code, m.party_organization_id, row_id=m.id),
            *access.lies_in(
                division=m.division_code,
                divisions=[export.division_code],
                body=m.party_organization_id,
                bodies=[export.party_organization_id] if export.party_organization_id else (),
            ),
        )
        .order_by(m.id)
        .limit(many)
    )
    if export.in_party is not None:
        inside = m.status.in_(["full", "probationary", "suspended"])
        statement = statement.where(inside if export.in_party else ~inside)
    if after is not None:
        statement = statement.where(m.id > after)
    return (await work.execute(statement)).all()
