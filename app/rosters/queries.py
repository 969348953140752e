"""What is asked of rosters: imports and exports in sight, names looked up, members to be listed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    LargeBinary,
    Select,
    Text,
    Uuid,
    and_,
    column,
    func,
    literal,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import DATERANGE, JSONPATH

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.rosters import errors
from app.rosters.formats import Choices
from app.rosters.models import RosterExport, RosterImport, RosterImportRow
from app.rosters.rules import ExportColumn
from app.rosters.schemas import (
    RosterExportFilters,
    RosterExportRead,
    RosterImportFilters,
    RosterImportRead,
    RosterImportRowFilters,
    RosterImportRowRead,
)

_CODE = Text(collation="C")
divisions = table(
    "divisions",
    column("code", _CODE),
    column("name", Text()),
    column("level", _CODE),
    column("valid", DATERANGE),
)
bodies = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("kind", _CODE),
    column("division_code", _CODE),
    column("status", _CODE),
)
organizations = table(
    "organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("credit_code", _CODE),
    column("division_code", _CODE),
)
operations = table("operations", column("id", Uuid()), column("state", _CODE))
members = table(
    "members",
    column("id", Uuid()),
    column("person_id", Uuid()),
    column("status", _CODE),
    column("joined_on", Date()),
    column("full_on", Date()),
    column("party_organization_id", Uuid()),
    column("division_code", _CODE),
    column("organization_id", Uuid()),
    column("employment", _CODE),
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
_RECORD, _READ, _APPROVE = Permission.MEMBER_RECORD, Permission.MEMBER_READ, Permission.MEMBER_APPROVE
J, E, B = RosterImport, RosterExport, bodies.c
OFFERED = 300


async def choices(work: Work) -> Choices:
    """What the template's drop-downs offer: bodies and divisions of the caller's scope."""
    scope = work.actor.scope(_RECORD)
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


def _mine(work: Work, row: Any, permission: Permission) -> ColumnElement[bool]:
    scope = work.actor.scope(permission)
    return (
        or_(row.requested_by == work.actor.id, access.within_divisions(row.division_code, scope.divisions))
        if not scope.national
        else row.id.is_not(None)
    )


async def import_of(work: Work, operation_id: UUID) -> RosterImport:
    """The import that an operation does, held until the end."""
    found: RosterImport | None = await work.scalar(
        select(J).where(J.operation_id == operation_id).with_for_update()
    )
    if found is None:
        raise errors.RosterImportNotFound
    return found


def _imports(work: Work) -> Select[Any]:
    columns: list[Any] = [
        J.id,
        J.kind,
        J.file_name,
        reads.code_ref(divisions.c.code, divisions.c.name).label("division"),
        J.dry_run,
        operations.c.state,
        J.operation_id,
        func.jsonb_path_query_array(J.layout, literal("$.columns.*", JSONPATH())).label("columns"),
        J.layout["ignored"].label("ignored"),
        J.rows,
        J.new,
        J.known,
        J.refused,
        J.errors_id.is_not(None).label("has_errors_file"),
        J.requested_by_name.label("requested_by"),
        J.created_at,
        J.finished_at,
        reads.etag(J.version),
    ]
    return (
        select(*columns)
        .join(divisions, divisions.c.code == J.division_code)
        .join(operations, operations.c.id == J.operation_id)
        .where(_mine(work, J, _RECORD))
    )


async def read_import(work: Work, import_id: UUID, *, status: int = 200) -> Response:
    """One import."""
    return await reads.one(
        work,
        _imports(work).where(J.id == import_id),
        shape=RosterImportRead,
        missing=errors.RosterImportNotFound,
        status=status,
    )


async def page_imports(work: Work, filters: RosterImportFilters) -> Response:
    """Imports of mine or of my divisions, the latest first."""
    statement = _imports(work)
    if filters.kind is not None:
        statement = statement.where(J.kind == filters.kind)
    return await reads.page(
        work, statement, shape=RosterImportRead, filters=filters, sort=(J.id,), descending=True
    )


async def page_rows(work: Work, import_id: UUID, filters: RosterImportRowFilters) -> Response:
    """What became of each row."""
    await _seen(work, import_id)
    r = RosterImportRow
    columns: list[Any] = [r.number, r.outcome, r.subject_id, r.reasons]
    statement = select(*columns).where(r.import_id == import_id)
    if filters.outcome is not None:
        statement = statement.where(r.outcome == filters.outcome)
    return await reads.page(work, statement, shape=RosterImportRowRead, filters=filters, sort=(r.number,))


async def _seen(work: Work, import_id: UUID) -> RosterImport:
    found: RosterImport | None = await work.scalar(
        select(J).where(and_(J.id == import_id, _mine(work, J, _RECORD)))
    )
    if found is None:
        raise errors.RosterImportNotFound
    return found


async def errors_file(work: Work, import_id: UUID) -> UUID:
    """The file of the refused rows: of who asked only. Raises `RosterImportUnfinished`, `NoRefusedRows`."""
    job = await _seen(work, import_id)
    if job.finished_at is None:
        raise errors.RosterImportUnfinished
    if job.errors_id is None:
        raise errors.NoRefusedRows
    return job.errors_id


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
        select(E).where(E.id == export_id, _exported(work.actor.scope(_APPROVE))).with_for_update()
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
                "decide": (_APPROVE, and_(asked, E.requested_by != work.actor.id)),
                "download": (_RECORD, and_(E.file_id.is_not(None), E.requested_by == work.actor.id)),
            },
        ),
    ]
    seen = or_(E.requested_by == work.actor.id, _exported(work.actor.scope(_APPROVE)))
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
    m, scope = members.c, work.actor.scope(_READ)
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
