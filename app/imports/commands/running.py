"""Taking a ledger in: asked for in a request, done by the worker, a batch of rows in each transaction."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import delete, insert, select

from app.core.access import Permission
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.files import commands as files
from app.files.rules import FilePurpose, MediaType
from app.identity import queries as identity
from app.imports import errors, formats, queries
from app.imports.commands import drafting, tables
from app.imports.formats import Draft, Layout
from app.imports.formats.written import Refused
from app.imports.models import Import, ImportRow
from app.imports.rules import BATCH, ROWS_KEPT_DAYS, Outcome, UnknownAuthorities
from app.imports.schemas import ImportCreate, ImportFinished, ImportStarted
from app.operations import commands as operations
from app.operations.models import Operation
from app.organizations import commands as organizations
from app.organizations.errors import OutsideScope
from app.organizations.rules import IMPORT, IMPORT_RANK, Origin, RegistrationMode, RowResult

KIND = "import"
RECORD = Permission.ORGANIZATION_RECORD
_OUTCOMES = {
    RowResult.REGISTERED: Outcome.NEW,
    RowResult.CHANGED: Outcome.CHANGED,
    RowResult.UNCHANGED: Outcome.UNCHANGED,
    RowResult.REFUSED: Outcome.REFUSED,
}


async def start(work: Work, asked: ImportCreate) -> Import:
    """Ask for a ledger to be taken in. Raises `OutsideScope` and what `tables.survey` raises."""
    if not await queries.covered(work, work.actor.scope(RECORD), asked.division_code):
        raise OutsideScope
    file_name, layout = await tables.survey(work, asked)
    parameters = {"file_name": file_name, "division_code": asked.division_code, "dry_run": asked.dry_run}
    operation = await operations.start(work, KIND, parameters, division_code=asked.division_code)
    job = Import(
        id=uuid7(),
        operation_id=operation.id,
        file_id=asked.file_id,
        file_name=file_name,
        division_code=asked.division_code,
        layout=layout.dump(),
        kind=asked.kind,
        dry_run=asked.dry_run,
        registration_mode=asked.registration_mode,
        unknown_authorities=asked.unknown_authorities,
        requested_by=work.actor.id,
        requested_by_name=work.actor.name,
    )
    work.session.add(job)
    await work.session.flush()
    work.announce(
        ImportStarted(
            subject=job.id,
            division_code=job.division_code,
            file_name=job.file_name,
            operation_id=job.operation_id,
            dry_run=job.dry_run,
        )
    )
    return job


async def requester(work: Work, job: tables.Job, user_id: UUID | None = None) -> Work:
    """The same transaction in the name of who asked, with their grants of now. Raises `RequesterMayNot`."""
    actor = await identity.recaller(demo=not work.settings.production)(
        work.session, user_id or job.requested_by
    )
    if actor is None or not await queries.covered(work, actor.scope(RECORD), job.division_code):
        raise errors.RequesterMayNot
    return replace(work, actor=actor)


async def chunk(work: Work, operation: Operation) -> bool:
    """Do the next part of an import, with how far it is, in one transaction; True when it is over."""
    job = await queries.of_operation(work, operation.id)
    acting = await requester(work, job)
    if job.table_id is None:
        await tables.lay_out(acting, job)
        return False
    if operation.total is None:
        operation.total = await tables.count(acting, job)
        return False
    layout = Layout.load(job.layout)
    batch = await tables.next_batch(acting, job)
    if not batch:
        await _finish(work, acting, job, operation)
        return True
    unknown = UnknownAuthorities(job.unknown_authorities)
    found = await drafting.drafts(acting, batch, layout, division_code=job.division_code, unknown=unknown)
    mode = RegistrationMode(job.registration_mode) if job.registration_mode else None
    await drafting.complete(acting, found, layout, division_code=job.division_code, mode=mode)
    await _refuse_repeated(work, job, found, layout)
    rows = await _carry_out(acting, job, found, layout)
    await work.execute(insert(ImportRow), rows)
    tally = Counter(row["outcome"] for row in rows)
    job.rows += len(rows)
    job.new += tally[Outcome.NEW]
    job.changed += tally[Outcome.CHANGED]
    job.unchanged += tally[Outcome.UNCHANGED]
    job.refused += tally[Outcome.REFUSED]
    failed = [(draft.number, fault(draft)) for draft in found if draft.refused]
    return not await operations.progress(work, operation.id, done=len(rows), failed=failed)


def fault(draft: Draft) -> Fault:
    first = draft.reasons[0]
    message = (first["message"]["zh"], first["message"]["en"])
    return Fault(f"/{first['field']}" if first["field"] else "", first["code"], message)


async def _refuse_repeated(work: Work, job: Import, found: Sequence[Draft], layout: Layout) -> None:
    """A credit code that an earlier row has: which of the two is meant, only its author can say."""
    codes = [draft.credit_code for draft in found if draft.credit_code and not draft.refused]
    seen = await queries.earlier(work, job.id, codes)
    for draft in found:
        code = draft.credit_code
        if code is None or draft.refused:
            continue
        if code in seen:
            said = errors.words("listed_twice")
            draft.refuse("credit_code", "listed_twice", said, layout.heading("credit_code"))
        seen.add(code)


async def _carry_out(
    acting: Work, job: Import, found: Sequence[Draft], layout: Layout
) -> list[dict[str, object]]:
    """Hand the rows to the ledger, under the rules of the single route; a dry run takes it all back."""
    ready = [draft for draft in found if draft.row is not None and not draft.refused]
    origin = Origin(IMPORT, IMPORT_RANK, None, None, acting.today, reason=f"import {job.id}")
    trial = await acting.session.begin_nested()
    outcomes = await organizations.register_many(
        acting, [draft.row for draft in ready if draft.row is not None], origin
    )
    await (trial.rollback() if job.dry_run else trial.commit())
    told = {draft.number: outcome for draft, outcome in zip(ready, outcomes, strict=True)}
    rows: list[dict[str, object]] = []
    for draft in found:
        outcome = told.get(draft.number)
        if outcome is not None and outcome.refusal is not None:
            formats.refuse(draft, outcome.refusal, layout)
        is_new = outcome is not None and outcome.result is RowResult.REGISTERED
        rows.append(
            {
                "import_id": job.id,
                "number": draft.number,
                "outcome": _OUTCOMES[outcome.result] if outcome else Outcome.REFUSED,
                "name": draft.name,
                "credit_code": draft.credit_code,
                "organization_id": None
                if outcome is None or (is_new and job.dry_run)
                else outcome.organization_id,
                "changed": list(outcome.changed) if outcome else [],
                "reasons": draft.reasons,
            }
        )
    return rows


async def _finish(work: Work, acting: Work, job: Import, operation: Operation) -> None:
    """Give the refused rows back as a file, and end the operation."""
    if job.refused:
        heading = await tables.header(acting, job)
        is_book = Layout.load(job.layout).sheet is not None
        written = _book(acting, job, heading) if is_book else _text(acting, job, heading)
        stored = await files.store(
            acting,
            formats.returned_name(job.file_name),
            MediaType.XLSX if is_book else MediaType.CSV,
            FilePurpose.IMPORT,
            written,
            division_code=job.division_code,
            open_to=RECORD,
        )
        job.errors_id = stored.id
    job.finished_at = await work.instant()
    counts = {"new": job.new, "changed": job.changed, "unchanged": job.unchanged, "refused": job.refused}
    await operations.finish(work, operation.id, {"import_id": str(job.id), "rows": job.rows, **counts})
    acting.announce(
        ImportFinished(
            subject=job.id,
            division_code=job.division_code,
            file_name=job.file_name,
            operation_id=job.operation_id,
            dry_run=job.dry_run,
            **counts,
        )
    )


async def _text(work: Work, job: Import, heading: list[str]) -> AsyncIterator[bytes]:
    begin = True
    async for rows in _refused(work, job):
        yield formats.refused_csv(heading, rows, begin=begin)
        begin = False


async def _book(work: Work, job: Import, heading: list[str]) -> AsyncIterator[bytes]:
    rows = [row async for some in _refused(work, job) for row in some]
    yield await asyncio.to_thread(formats.refused_xlsx, heading, rows)


async def _refused(work: Work, job: Import) -> AsyncIterator[list[Refused]]:
    """The refused rows in order, some at a time: their cells from the file, their reasons from the import."""
    waiting: dict[int, ImportRow] = {}
    rows: list[Refused] = []
    last = 0
    async for record in tables.records_from(work, job, offset=0, number=1):
        if record.number > last:
            some = await queries.refused_after(work, job.id, last, BATCH)
            if not some:
                break
            waiting |= {row.number: row for row in some}
            last = some[-1].number
        if (row := waiting.pop(record.number, None)) is not None:
            rows.append((record.number, record.cells, row.reasons))
        if len(rows) == BATCH:
            yield rows
            rows = []
    if rows:
        yield rows


async def forget_old(work: Work) -> int:
    """Forget what became of the rows of old imports; returns how many. The ledger keeps its own history."""
    old = select(Import.id).where(Import.created_at < work.since(days=ROWS_KEPT_DAYS))
    gone = await work.execute(
        delete(ImportRow).where(ImportRow.import_id.in_(old)).returning(ImportRow.number)
    )
    return len(gone.all())
