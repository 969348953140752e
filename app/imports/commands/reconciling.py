"""Holding a list against the ledger: what only one of both has, and fact by fact how they differ."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as insert_or_skip

from app.core.db import uuid7
from app.core.work import Work
from app.imports import errors, queries
from app.imports.commands import drafting, tables
from app.imports.commands.running import RECORD, fault, requester
from app.imports.formats import Draft, Layout
from app.imports.models import ReconciledOrganization, Reconciliation, ReconciliationDifference
from app.imports.rules import BATCH, DifferenceKind, DifferenceState, UnknownAuthorities
from app.imports.schemas import ReconciliationCreate, ReconciliationStarted
from app.operations import commands as operations
from app.operations.models import Operation
from app.organizations.errors import OutsideScope
from app.organizations.models import Organization
from app.organizations.rules import AUTHORITY_FACTS

KIND = "reconciliation"
NOT_COMPARED: Final = frozenset({"contact_phone", "credit_code"})
"""Phones are encrypted; by the credit code organizations are found."""


async def start(work: Work, asked: ReconciliationCreate) -> Reconciliation:
    """Ask for a list to be held against the ledger. Raises `OutsideScope`, `AuthorityUnknown` and what
    `tables.survey` raises."""
    if not await queries.covered(work, work.actor.scope(RECORD), asked.division_code):
        raise OutsideScope
    authority_id = asked.registration_authority_id
    if authority_id is not None and not await queries.authority_name(work, authority_id, asked.division_code):
        raise errors.AuthorityUnknown
    file_name, layout = await tables.survey(work, asked)
    parameters = {"file_name": file_name, "division_code": asked.division_code}
    operation = await operations.start(work, KIND, parameters, division_code=asked.division_code)
    job = Reconciliation(
        id=uuid7(),
        operation_id=operation.id,
        file_id=asked.file_id,
        file_name=file_name,
        division_code=asked.division_code,
        layout=layout.dump(),
        registration_authority_id=authority_id,
        requested_by=work.actor.id,
        requested_by_name=work.actor.name,
    )
    work.session.add(job)
    await work.session.flush()
    work.announce(
        ReconciliationStarted(
            subject=job.id,
            division_code=job.division_code,
            file_name=job.file_name,
            operation_id=operation.id,
        )
    )
    return job


async def chunk(work: Work, operation: Operation) -> bool:
    """Do the next part of a reconciliation, with how far it is, in one transaction; True when it is over."""
    job = await queries.reconciliation_of(work, operation.id)
    acting = await requester(work, job)
    if job.table_id is None:
        await tables.lay_out(acting, job)
        return False
    if operation.total is None:
        operation.total = await tables.count(acting, job)
        return False
    batch = await tables.next_batch(acting, job)
    if not batch:
        return await _look_here(work, job, operation)
    layout = Layout.load(job.layout)
    found = await drafting.drafts(
        acting, batch, layout, division_code=job.division_code, unknown=UnknownAuthorities.LEAVE_OUT
    )
    await _compare(acting, job, [draft for draft in found if not draft.refused])
    refused = [(draft.number, fault(draft)) for draft in found if draft.refused]
    job.rows += len(found)
    job.refused += len(refused)
    return not await operations.progress(work, operation.id, done=len(found), failed=refused)


async def _compare(work: Work, job: Reconciliation, found: Sequence[Draft]) -> None:
    """Note for each row what of it is not here, or not the same."""
    codes = {draft.credit_code for draft in found if draft.credit_code}
    names = {_place(draft, job) for draft in found if not draft.credit_code}
    here = await queries.listed_here(work, work.actor.scope(RECORD), job.division_code, codes, names)
    by_code = {row.credit_code: row for row in here if row.credit_code}
    by_name = {(row.name, row.division_code): row for row in here}
    said = [v for draft in found if draft.row for n, v in draft.row.facts.items() if n in AUTHORITY_FACTS]
    ours = [getattr(row, name) for row in here for name in AUTHORITY_FACTS]
    offices = await queries.authority_refs(work, {UUID(str(v)) for v in [*said, *ours] if v is not None})
    rows: list[dict[str, Any]] = []
    matched: list[dict[str, UUID]] = []
    for draft in found:
        row = by_code.get(draft.credit_code) if draft.credit_code else by_name.get(_place(draft, job))
        if row is None:
            rows.append(_difference(job, DifferenceKind.ONLY_IN_FILE, draft))
            continue
        matched.append({"reconciliation_id": job.id, "organization_id": row.id})
        rows += _differing(job, draft, row, offices)
    job.matched += len(matched)
    if matched:
        await work.execute(insert_or_skip(ReconciledOrganization).on_conflict_do_nothing(), matched)
    if rows:
        await work.execute(insert(ReconciliationDifference), rows)


def _place(draft: Draft, job: Reconciliation) -> tuple[str, str]:
    facts = draft.row.facts if draft.row else {}
    return draft.name or "", facts.get("division_code", job.division_code)


def _differing(
    job: Reconciliation, draft: Draft, row: Organization, offices: Mapping[UUID, str]
) -> list[dict[str, Any]]:
    rows = []
    for name, value in sorted(draft.row.facts.items() if draft.row else ()):
        if name in NOT_COMPARED:
            continue
        in_file, here = _shown(name, value, offices), _shown(name, getattr(row, name), offices)
        if in_file != here:
            rows.append(
                _difference(job, DifferenceKind.DIFFERENT, draft, row, fact=name, in_file=in_file, here=here)
            )
    return rows


def _difference(
    job: Reconciliation, kind: DifferenceKind, draft: Draft, row: Organization | None = None, **told: Any
) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "version": 1,
        "reconciliation_id": job.id,
        "kind": kind,
        "state": DifferenceState.OPEN,
        "row": draft.number,
        "row_offset": draft.offset,
        "organization_id": row.id if row else None,
        "name": draft.name or (row.name if row else draft.credit_code or ""),
        "credit_code": draft.credit_code or (row.credit_code if row else None),
        "fact": None,
        "in_file": None,
        "here": None,
        **told,
    }


def _shown(name: str, value: Any, offices: Mapping[UUID, str]) -> Any:
    """A value as JSON; an authority with its name."""
    if value is not None and name in AUTHORITY_FACTS:
        return {"id": str(value), "name": offices.get(UUID(str(value)), "")}
    return value.isoformat() if isinstance(value, date) else value


async def _look_here(work: Work, job: Reconciliation, operation: Operation) -> bool:
    """Note the next organizations that the file does not list; the end, when there are no more."""
    missing = await queries.only_here(work, job, BATCH)
    if missing:
        rows = [
            {
                "id": uuid7(),
                "version": 1,
                "reconciliation_id": job.id,
                "kind": DifferenceKind.ONLY_HERE,
                "state": DifferenceState.OPEN,
                "organization_id": organization_id,
                "name": name,
                "credit_code": credit_code,
            }
            for organization_id, name, credit_code in missing
        ]
        await work.execute(insert(ReconciliationDifference), rows)
        job.last_compared_id = missing[-1][0]
        return not await operations.progress(work, operation.id)
    job.finished_at = await work.instant()
    report = {"reconciliation_id": str(job.id), "rows": job.rows, "matched": job.matched}
    await operations.finish(work, operation.id, report)
    return True
