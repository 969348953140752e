"""The seal of the audit: a chain of HMAC-SM3 over its rows in commit order (GB/T 22239-2019 8.1.4.3).

Each seal covers the one before, a number without gaps and every column of one row, under a key that never
lies in the database: who changes, removes or reorders rows there cannot make the chain fit again. Only the
removal of the newest rows together with their seals would leave a shorter chain that fits: for that the
number and seal reached are written to a file beside the keys from time to time, which belongs on another
machine too. A row is unsealed for the seconds until the worker comes to it: what is forged before is not
seen.
"""

import json
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    LargeBinary,
    RowMapping,
    UniqueConstraint,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from app.core.access import SYSTEM
from app.core.audit import AuditEntry
from app.core.crypto import Crypto
from app.core.db import Base
from app.core.errors import Busy
from app.core.work import Shell, Work, begin

BATCH: Final = 1000
FILE: Final = "audit-anchors.jsonl"
ANCHOR_EVERY: Final = timedelta(minutes=5)
LAG: Final = timedelta(minutes=10)
BEGINNING: Final = bytes(32)
_FIELDS: Final = (
    "id",
    "at",
    "actor_id",
    "actor_kind",
    "actor_name",
    "action",
    "subject_type",
    "subject_id",
    "division_code",
    "data",
    "request_id",
    "address",
)
_AFTER: Final = text(
    "(audit_entries.xid, audit_entries.id) >"
    " (SELECT last.xid, last.id FROM audit_entries AS last WHERE last.id = :reached)"
)


class AuditSeal(Base):
    """The seal of one audit row. The API's role may only insert and read."""

    __tablename__ = "audit_seals"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[UUID]
    seal: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        UniqueConstraint("entry_id", name="uq_audit_seals_entry_id"),
        CheckConstraint("octet_length(seal) = 32", name="seal"),
        CheckConstraint("number > 0", name="number"),
    )


def seal_of(crypto: Crypto, before: bytes, number: int, entry: RowMapping) -> bytes:
    """The seal of one row after the one before it."""
    told = {name: _plain(entry[name]) for name in _FIELDS}
    line = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return crypto.blind("audit_seals.seal", f"{before.hex()}|{number}|{line}")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, UUID) else value


async def run(shell: Shell) -> int:
    """Seal what waits, batch by batch, and anchor what was reached; returns how many rows were sealed."""
    total = 0
    while True:
        try:
            async with begin(shell, SYSTEM) as work:
                sealed = await seal(work)
        except Busy:  # another worker is at it
            return total
        total += sealed
        if sealed < BATCH:
            break
    async with begin(shell, SYSTEM, reading=True) as work:
        await anchor(work)
    return total


async def seal(work: Work, most: int = BATCH) -> int:
    """Seal the next rows whose transactions, and all before them, are over; returns how many.

    Rows become visible in another order than they were written in: the snapshot's lower bound is what makes
    the order of commits final. Two workers cannot both seal a number. Raises `Busy`."""
    last = (await work.execute(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1))).scalar()
    number, before = (last.number, last.seal) if last else (0, BEGINNING)
    sealed = select(AuditSeal.number).where(AuditSeal.entry_id == AuditEntry.id).exists()
    entries = (
        select(*(getattr(AuditEntry, name) for name in _FIELDS))
        .where(AuditEntry.xid < text("pg_snapshot_xmin(pg_current_snapshot())"), ~sealed)
        .order_by(AuditEntry.xid, AuditEntry.id)
        .limit(most)
    )
    if last is not None and await _is_there(work, last.entry_id):
        entries = entries.where(_AFTER.bindparams(reached=last.entry_id))
    rows = []
    for entry in (await work.execute(entries)).mappings():
        number, before = number + 1, seal_of(work.crypto, before, number + 1, entry)
        rows.append({"number": number, "entry_id": entry["id"], "seal": before})
    if rows:
        made = insert(AuditSeal).on_conflict_do_nothing().returning(AuditSeal.number)
        if len((await work.execute(made, rows)).all()) != len(rows):
            raise Busy
    return len(rows)


async def _is_there(work: Work, entry_id: UUID) -> bool:
    """Whether the last sealed row still is: without it the order has no place to go on from."""
    return await work.scalar(select(AuditEntry.id).where(AuditEntry.id == entry_id)) is not None


async def anchor(work: Work) -> bool:
    """Write the number and seal reached to the file of anchors, at most every five minutes."""
    path = work.settings.data_dir / FILE
    known = _anchors(path)
    if known and datetime.fromisoformat(known[-1]["at"]) > work.now - ANCHOR_EVERY:
        return False
    last = (await work.execute(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1))).scalar()
    if last is None or (known and known[-1]["number"] >= last.number):
        return False
    line = json.dumps({"number": last.number, "seal": last.seal.hex(), "at": work.now.isoformat()})
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def _anchors(path: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text().splitlines() if line]
    except FileNotFoundError:
        return []


async def verify(work: Work) -> list[str]:
    """Compute the chain anew: the first row that does not fit, and anchors that it no longer reaches."""
    anchors = {known["number"]: known["seal"] for known in _anchors(work.settings.data_dir / FILE)}
    number, before = 0, BEGINNING
    async for row in _chain(work):
        number += 1
        if row["number"] != number:
            return [f"seal {number} is missing: rows were removed before entry {row['entry_id']}"]
        if row["id"] is None:
            return [f"entry {row['entry_id']} (seal {number}) was removed"]
        if row["seal"] != seal_of(work.crypto, before, number, row):
            return [f"entry {row['entry_id']} (seal {number}) was changed, or another key sealed it"]
        if anchors.get(number, row["seal"].hex()) != row["seal"].hex():
            return [f"seal {number} is not the one that was anchored"]
        before = row["seal"]
    if anchors and max(anchors) > number:
        return [f"rows were cut off after seal {number}: seal {max(anchors)} was anchored"]
    return await _late(work)


async def _chain(work: Work) -> AsyncIterator[RowMapping]:
    """Every seal in order, with the row it covers where that is still there."""
    columns = (AuditSeal.number, AuditSeal.entry_id, AuditSeal.seal)
    whole = select(*columns, *(getattr(AuditEntry, name) for name in _FIELDS)).outerjoin(
        AuditEntry, AuditEntry.id == AuditSeal.entry_id
    )
    reached = 0
    while True:
        page = whole.where(AuditSeal.number > reached).order_by(AuditSeal.number).limit(BATCH)
        rows = (await work.execute(page)).mappings().all()
        for row in rows:
            yield row
        if len(rows) < BATCH:
            return
        reached = rows[-1]["number"]


async def _late(work: Work) -> list[str]:
    """Rows that should have been sealed long ago: the worker does not run, or their seals were removed."""
    sealed = select(AuditSeal.number).where(AuditSeal.entry_id == AuditEntry.id).exists()
    late = select(func.count()).where(AuditEntry.at < work.now - LAG, ~sealed)
    count = await work.scalar(late)
    return [f"{count} entries older than ten minutes are not sealed"] if count else []
