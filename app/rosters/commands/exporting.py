"""A list of members leaves: asked for by one, allowed by another, made by the worker, marked, on record."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.core.access import Permission
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import SHANGHAI, Work
from app.files import commands as files
from app.files.rules import FilePurpose, MediaType, Owner
from app.identity import commands as identity
from app.identity import queries as users
from app.operations import commands as operations
from app.operations.models import Operation
from app.rosters import errors, formats, queries
from app.rosters.models import RosterExport
from app.rosters.rules import UNMASKABLE, ExportColumn, ExportState
from app.rosters.schemas import (
    RosterExportCreate,
    RosterExportDecided,
    RosterExportDecision,
    RosterExportMade,
    RosterExportRequested,
)

EXPORT: Final = "roster_export"
A_DAY: Final = 5
_READ, _APPROVE = Permission.MEMBER_READ, Permission.MEMBER_APPROVE
_PAGE: Final = 2_000


async def request_export(work: Work, asked: RosterExportCreate) -> UUID:
    """Ask for a list of members of one's scope; so many a day. Raises `RosterExportInvalid`,
    `RosterExportsSpent`."""
    if await queries.asked_today(work) >= A_DAY:
        raise errors.RosterExportsSpent(limit=A_DAY)
    await _check(work, asked)
    export = RosterExport(
        id=uuid7(),
        division_code=asked.division_code,
        party_organization_id=asked.party_organization_id,
        in_party=asked.in_party,
        columns=list(dict.fromkeys(asked.columns)),
        unmasked=list(dict.fromkeys(asked.unmasked)),
        purpose=asked.purpose,
        reason=asked.reason,
        state=ExportState.REQUESTED,
        requested_by=work.actor.id,
        requested_by_name=work.actor.name,
    )
    work.session.add(export)
    await work.session.flush()
    work.announce(
        RosterExportRequested(
            subject=export.id,
            division_code=export.division_code,
            columns=list(export.columns),
            unmasked=list(export.unmasked),
            purpose=export.purpose,
            reason=export.reason,
        )
    )
    return export.id


async def _check(work: Work, asked: RosterExportCreate) -> None:
    faults = []
    scope = work.actor.scope(Permission.MEMBER_RECORD)
    if asked.party_organization_id is not None:
        inside = await queries.body_covered(work, scope, asked.party_organization_id)
        if not inside:
            words = ("没有这个党组织, 或不在您的范围内", "there is no such body in your scope")
            faults.append(Fault("/party_organization_id", "no_such_body", words))
    elif scope.bodies and not scope.divisions:
        words = ("请指定您范围内的党组织", "name a body of your scope")
        faults.append(Fault("/party_organization_id", "body_required", words))
    if not await queries.covered(work, scope, asked.division_code):
        words = ("没有这个行政区划, 或不在您的范围内", "there is no such division in your scope")
        faults.append(Fault("/division_code", "no_such_division", words))
    if not set(asked.unmasked) <= UNMASKABLE & set(asked.columns):
        words = ("只有所选的姓名、身份号码、电话可不脱敏", "only a chosen name, ID number or phone can be")
        faults.append(Fault("/unmasked", "not_unmaskable", words))
    if faults:
        raise errors.RosterExportInvalid(errors=faults)


async def decide(work: Work, export_id: UUID, decision: RosterExportDecision) -> None:
    """Allow it, or not, as somebody other than who asked, freshly signed in. Raises `RosterExportSettled`,
    `OwnRosterExport`, `FreshSignInNeeded`, `RevealsSpent`."""
    export = await queries.export_for_update(work, export_id)
    work.expect(export)
    if export.requested_by == work.actor.id:
        raise errors.OwnRosterExport
    if export.state != ExportState.REQUESTED:
        raise errors.RosterExportSettled
    await identity.permit_reveal(work)
    export.state = ExportState.APPROVED if decision.approve else ExportState.REJECTED
    export.decided_by, export.decided_by_name = work.actor.id, work.actor.name
    export.decided_at, export.decision_reason = work.now, decision.reason
    if decision.approve:
        operation = await operations.start(
            work, EXPORT, {"export_id": str(export.id)}, division_code=export.division_code
        )
        export.operation_id = operation.id
    await work.session.flush()
    work.announce(
        RosterExportDecided(
            subject=export.id,
            division_code=export.division_code,
            approved=decision.approve,
            reason=decision.reason,
        )
    )


async def make_chunk(work: Work, operation: Operation) -> bool:
    """Make the list that was approved, in the name of who asked, with their grants of now; True: it is over.

    One transaction: the file, that it was made, and its place in the audit, or none of them."""
    export = await queries.export_of(work, operation.id)
    acting = await _requester(work, export)
    rows = await _rows(acting, export)
    mark = formats.Watermark(
        str(export.id),
        export.requested_by_name,
        export.decided_by_name or "",
        work.now.astimezone(SHANGHAI).isoformat(" ", "seconds"),
        export.purpose,
    )
    columns = [ExportColumn(each) for each in export.columns]
    data = await asyncio.to_thread(formats.members_xlsx, columns, rows, mark)
    name = f"党员名册-{export.id}.xlsx"
    owner = Owner(export.requested_by, export.requested_by_name)
    stored = await files.store(acting, name, MediaType.XLSX, FilePurpose.EXPORT, _whole(data), owner=owner)
    export.file_id, export.rows = stored.id, len(rows)
    export.sha256, export.state = hashlib.sha256(data).hexdigest(), ExportState.MADE
    export.made_at = work.now
    await operations.progress(work, operation.id, done=len(rows), total=len(rows))
    await operations.finish(work, operation.id, {"export_id": str(export.id), "rows": len(rows)})
    acting.announce(
        RosterExportMade(
            subject=export.id,
            division_code=export.division_code,
            rows=len(rows),
            sha256=export.sha256,
            unmasked=list(export.unmasked),
        )
    )
    return True


async def _requester(work: Work, export: RosterExport) -> Work:
    actor = await users.recaller(demo=not work.settings.production)(work.session, export.requested_by)
    if actor is None or not actor.may(_READ):
        raise errors.RosterForbidden
    acting = replace(work, actor=actor)
    await acting.admit(actor.scope(_READ))
    return acting


async def _rows(work: Work, export: RosterExport) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = []
    after: UUID | None = None
    while found := await queries.listed(work, export, after, _PAGE):
        for member_id, person_id, *values in found:
            after = member_id
            rows.append(
                [
                    _cell(work, person_id, column, value)
                    for column, value in zip(export.columns, values, strict=True)
                ]
            )
    return rows


def _cell(work: Work, person_id: UUID, column: str, value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return work.crypto.decrypt(bytes(value), table="persons", column=f"{column}_cipher", row=person_id)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


async def _whole(data: bytes) -> AsyncIterator[bytes]:
    yield data
