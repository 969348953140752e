"""A roster is taken in: asked for in a request, done by the worker, row by row through the single route."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import orjson
from pydantic import ValidationError
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError

from app.core.access import Permission
from app.core.db import uuid7
from app.core.errors import WORDS, Fault, Refusal, from_database
from app.core.work import Work
from app.files import commands as files
from app.files.rules import FilePurpose, MediaType, Owner
from app.identity import queries as users
from app.imports.formats import refused_csv, refused_xlsx, returned_name
from app.members import commands as members
from app.members.errors import MemberKnown, PersonNeedsVerification
from app.members.schemas import MemberCreate
from app.operations import commands as operations
from app.operations.models import Operation
from app.party_organizations import commands as party_organizations
from app.party_organizations.schemas import PartyOrganizationEstablish
from app.rosters import errors, formats, queries
from app.rosters.commands import tables
from app.rosters.formats import Draft, Layout
from app.rosters.formats.rows import faults_of
from app.rosters.models import RosterImport, RosterImportRow
from app.rosters.rules import Outcome, RosterKind, Value
from app.rosters.schemas import RosterImportCreate, RosterImportFinished, RosterImportStarted

IMPORT: Final = "roster_import"
NEEDS: Final = {
    RosterKind.MEMBERS: Permission.MEMBER_RECORD,
    RosterKind.PARTY_ORGANIZATIONS: Permission.PARTY_ORGANIZATION_DECIDE,
}
_CODE: Final = re.compile(r"([0-9A-Z]{6}(?:[0-9A-Z]{3}){0,2})(?:\s.*)?")
_PARTS: Final = re.compile(r"[;；、]")
_NAMED: Final = {Value.BRANCH: "branch", Value.BODY: "body"}


async def start_import(work: Work, asked: RosterImportCreate) -> RosterImport:
    """Ask for a roster to be taken in. Raises `RosterForbidden`, `RosterFileUnknown`,
    `RosterHeaderNotFound`."""
    scope = work.actor.scope(NEEDS[asked.kind])
    if scope.empty or not await queries.covered(work, scope, asked.division_code):
        raise errors.RosterForbidden
    file_name, layout = await tables.survey(work, asked.kind, asked.file_id)
    parameters = {"kind": asked.kind, "division_code": asked.division_code, "dry_run": asked.dry_run}
    operation = await operations.start(work, IMPORT, parameters, division_code=asked.division_code)
    job = RosterImport(
        id=uuid7(),
        kind=asked.kind,
        dry_run=asked.dry_run,
        division_code=asked.division_code,
        operation_id=operation.id,
        file_id=asked.file_id,
        file_name=file_name,
        layout=layout.dump(),
        requested_by=work.actor.id,
        requested_by_name=work.actor.name,
    )
    work.session.add(job)
    await work.session.flush()
    work.announce(
        RosterImportStarted(
            subject=job.id, division_code=job.division_code, kind=asked.kind, dry_run=asked.dry_run
        )
    )
    return job


async def import_chunk(work: Work, operation: Operation) -> bool:
    """Do the next rows of an import, with how far it is, in one transaction; True when it is over."""
    job = await queries.import_of(work, operation.id)
    acting, layout = await _requester(work, job), Layout.load(job.layout)
    if job.table_id is None:
        await tables.lay_out(acting, job, layout)
        return False
    if operation.total is None:
        operation.total = await tables.count(acting, job, layout)
        return False
    batch = await tables.next_batch(acting, job, layout)
    if not batch:
        await _finish(work, acting, job, layout, operation)
        return True
    found = [formats.draft_of(record, layout) for record in batch]
    trial = await acting.session.begin_nested()
    rows = [await _carry_out(acting, job, layout, draft) for draft in found]
    await (trial.rollback() if job.dry_run else trial.commit())
    if job.dry_run:
        rows = [row | {"subject_id": None} if row["outcome"] == Outcome.NEW else row for row in rows]
        await acting.session.refresh(job)
        last = batch[-1]
        job.next_offset, job.next_row = last.until, last.number + 1
    await work.execute(insert(RosterImportRow), rows)
    tally = Counter(row["outcome"] for row in rows)
    job.rows += len(rows)
    job.new += tally[Outcome.NEW]
    job.known += tally[Outcome.KNOWN]
    job.refused += tally[Outcome.REFUSED]
    failed = [(draft.number, _fault(draft)) for draft in found if draft.reasons]
    return not await operations.progress(work, operation.id, done=len(rows), failed=failed)


async def _requester(work: Work, job: RosterImport) -> Work:
    """The same transaction in the name of who asked, with their grants of now. Raises `RosterForbidden`."""
    actor = await users.recaller(demo=not work.settings.production)(work.session, job.requested_by)
    needed = NEEDS[RosterKind(job.kind)]
    if actor is None or not await queries.covered(work, actor.scope(needed), job.division_code):
        raise errors.RosterForbidden
    acting = replace(work, actor=actor)
    await acting.admit(actor.scope(Permission.MEMBER_RECORD))
    return acting


def _fault(draft: Draft) -> Fault:
    first = draft.reasons[0]
    message = (first["message"]["zh"], first["message"]["en"])
    return Fault(f"/{first['field']}" if first["field"] else "", first["code"], message)


async def _carry_out(work: Work, job: RosterImport, layout: Layout, draft: Draft) -> dict[str, Any]:
    """One row, by the command of the single route, in a savepoint of its own."""
    outcome, subject = Outcome.REFUSED, None
    if not draft.reasons:
        await _resolve(work, layout, draft)
    if not draft.reasons:
        if layout.kind is RosterKind.MEMBERS:
            outcome, subject = await _member(work, job, layout, draft)
        else:
            outcome, subject = await _body(work, layout, draft)
    reasons = [
        {
            "field": each["field"],
            "heading": each["heading"],
            "code": each["code"],
            "message_zh": each["message"]["zh"],
            "message_en": each["message"]["en"],
        }
        for each in draft.reasons
    ]
    return {
        "import_id": job.id,
        "number": draft.number,
        "outcome": outcome,
        "subject_id": subject,
        "reasons": reasons,
    }


async def _member(work: Work, job: RosterImport, layout: Layout, draft: Draft) -> tuple[Outcome, UUID | None]:
    plan = _plan(MemberCreate, layout, draft)
    if plan is None:
        return Outcome.REFUSED, None
    try:
        async with work.session.begin_nested():
            return Outcome.NEW, await members.enter(work, plan)
    except MemberKnown:
        return Outcome.KNOWN, None
    except PersonNeedsVerification as refusal:
        formats.refuse(draft, refusal, layout)
        if not job.dry_run:
            await members.ask_above(work, plan)
    except Refusal as refusal:
        formats.refuse(draft, refusal, layout)
    except DBAPIError as error:
        _refuse_database(error, layout, draft)
    return Outcome.REFUSED, None


async def _body(work: Work, layout: Layout, draft: Draft) -> tuple[Outcome, UUID | None]:
    plan = _plan(PartyOrganizationEstablish, layout, draft)
    if plan is None:
        return Outcome.REFUSED, None
    known = await queries.same_body(work, plan.name, plan.division_code)
    if known is not None:
        return Outcome.KNOWN, known
    try:
        async with work.session.begin_nested():
            return Outcome.NEW, await party_organizations.establish(work, plan)
    except Refusal as refusal:
        formats.refuse(draft, refusal, layout)
    except DBAPIError as error:
        _refuse_database(error, layout, draft)
    return Outcome.REFUSED, None


def _refuse_database(error: DBAPIError, layout: Layout, draft: Draft) -> None:
    refusal = from_database(error)
    if refusal is None or refusal.status >= 500:
        raise error
    formats.refuse(draft, refusal, layout)


def _plan(shape: Any, layout: Layout, draft: Draft) -> Any:
    """What the single route would have been sent; None where its types refuse it."""
    try:
        return shape.model_validate_json(orjson.dumps(draft.values, default=str))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        formats.blame(draft, faults_of(found), layout)
        return None


async def _resolve(work: Work, layout: Layout, draft: Draft) -> None:
    """Put codes and ids in the place of names."""
    for column in layout.header.columns.values():
        text = draft.values.get(column.field)
        if text is None:
            continue
        if column.value in _NAMED:
            found: Sequence[Any] = (await queries.bodies_named(work, [text], NEEDS[layout.kind])).get(
                text.lower() if text.count("-") == 4 else text, []
            )
            word = _NAMED[column.value]
        elif column.value is Value.ORGANIZATION:
            found, word = await _organizations(work, text), "organization"
        elif column.value is Value.DIVISION:
            coded = _CODE.fullmatch(text.strip().upper())
            found = [coded[1]] if coded else (await queries.divisions_named(work, [text])).get(text, [])
            word = "division_name"
        elif column.value is Value.ORGANIZATIONS:
            await _covers(work, layout, draft, text)
            continue
        else:
            continue
        if len(found) == 1:
            draft.values[column.field] = found[0]
        else:
            code = f"{word}_{'ambiguous' if found else 'unknown'}"
            draft.refuse(column.field, code, WORDS[code], column.zh)


async def _organizations(work: Work, text: str) -> list[UUID]:
    named = await queries.organizations_named(work, [text])
    return named.get(text) or named.get(text.upper()) or []


async def _covers(work: Work, layout: Layout, draft: Draft, text: str) -> None:
    covers = []
    for name in filter(None, (part.strip() for part in _PARTS.split(text))):
        found = await _organizations(work, name)
        if len(found) != 1:
            code = f"organization_{'ambiguous' if found else 'unknown'}"
            draft.refuse("covers", code, WORDS[code], layout.heading("covers"))
            return
        covers.append({"organization_id": found[0]})
    draft.values["covers"] = covers


async def _finish(work: Work, acting: Work, job: RosterImport, layout: Layout, operation: Operation) -> None:
    """Give the refused rows back as a file of who asked, and end the operation."""
    if job.refused:
        is_book = layout.sheet is not None
        written = await _refused(acting, job, layout)
        stored = await files.store(
            acting,
            returned_name(job.file_name),
            MediaType.XLSX if is_book else MediaType.CSV,
            FilePurpose.IMPORT,
            written,
            owner=Owner(job.requested_by, job.requested_by_name),
        )
        job.errors_id = stored.id
    job.finished_at = await work.instant()
    counts = {"new": job.new, "known": job.known, "refused": job.refused}
    await operations.finish(work, operation.id, {"import_id": str(job.id), "rows": job.rows, **counts})
    acting.announce(
        RosterImportFinished(
            subject=job.id, division_code=job.division_code, kind=RosterKind(job.kind), **counts
        )
    )


async def _refused(work: Work, job: RosterImport, layout: Layout) -> AsyncIterator[bytes]:
    r = RosterImportRow
    kept: Any = await work.execute(
        select(r.number, r.reasons)
        .where(r.import_id == job.id, r.outcome == Outcome.REFUSED)
        .order_by(r.number)
    )
    reasons = {number: [_said(each) for each in found] for number, found in kept}
    records = await tables.some(work, job, layout, {layout.header.row, *reasons})
    heading = next((each.cells for each in records if each.number == layout.header.row), [])
    rows = [(each.number, each.cells, reasons[each.number]) for each in records if each.number in reasons]
    make = refused_xlsx if layout.sheet is not None else _as_csv
    data = await asyncio.to_thread(make, heading, rows)

    async def whole() -> AsyncIterator[bytes]:
        yield data

    return whole()


def _as_csv(heading: Sequence[str], rows: Any) -> bytes:
    return refused_csv(heading, rows, begin=True)


def _said(kept: dict[str, Any]) -> dict[str, Any]:
    return {**kept, "message": {"zh": kept["message_zh"], "en": kept["message_en"]}}
