"""What a person asks for themselves, and what is past its time: copied, corrected, erased, each on record.

《个人信息保护法》第44–47条, 第50条: an easy way to ask, an answer in time, a ground for each refusal."""

import secrets
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from app.core.access import NATIONAL, Permission
from app.core.audit import AuditEntry
from app.core.crypto import CryptoError
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.identity import commands as identity
from app.members import errors, queries, rules
from app.members.commands import checking, ledger, packs
from app.members.models import Member, PersonRequest, Retention
from app.members.queries import held
from app.members.queries.held import Held
from app.members.rules import LegalGround, RequestKind, RequestState, RetentionState, Wrong
from app.members.schemas import (
    HeldAction,
    HeldTable,
    PersonCopied,
    PersonCopy,
    PersonErased,
    PersonRequestChanged,
    PersonRequestDecision,
    PersonRequestExecution,
    PersonRequestRecord,
    RetentionSettle,
    RetentionSettled,
    Withheld,
)

_TABLE, _DETAILS = "person_requests", "details_cipher"
_APPROVE, _DECIDE = Permission.MEMBER_APPROVE, Permission.MEMBER_DECIDE
_REVEAL = Permission.MEMBER_REVEAL
_ACTIONS = 1_000


async def record_request(work: Work, member_id: UUID, asked: PersonRequestRecord) -> UUID:
    """Record what somebody asks for themselves; one of a kind is open at a time. Raises `MemberNotFound`,
    `PersonRequestOpen`."""
    member = await queries.get_for_update(work, member_id, Permission.MEMBER_RECORD)
    received = checking.day(work, asked.received_on, pointer="/received_on")
    pack = await packs.retention(work, member.division_code)
    request = PersonRequest(
        id=uuid7(),
        member_id=member.id,
        kind=asked.kind,
        state=RequestState.RECEIVED,
        received_on=received,
        due_on=received + timedelta(days=pack.response_days),
        identity_proof=asked.identity_proof,
        recorded_by=work.actor.id,
        recorded_by_name=work.actor.name,
    )
    if asked.details is not None:
        request.details_cipher = work.crypto.encrypt(
            asked.details, table=_TABLE, column=_DETAILS, row=request.id
        )
    work.session.add(request)
    await work.session.flush()
    _tell(work, member, request)
    return request.id


async def decide_request(work: Work, request_id: UUID, decision: PersonRequestDecision) -> None:
    """Grant or refuse on a legal ground, by somebody other than who recorded it. A deletion is granted only
    where the law lets it be. Raises `PersonRequestBlocked`, `OwnRequest`, `ErasureRefused`,
    `MemberInvalid`."""
    request = await queries.request_for_update(work, request_id, _APPROVE)
    work.expect(request)
    if request.state != RequestState.RECEIVED:
        raise errors.PersonRequestBlocked
    if request.recorded_by == work.actor.id:
        raise errors.OwnRequest
    kind = RequestKind(request.kind)
    checking.refuse(rules.wrong_with_ground(kind, decision.legal_ground, grant=decision.grant))
    member = await queries.get_for_update(work, request.member_id, _APPROVE)
    if decision.grant and kind is RequestKind.DELETION:
        await _refuse_erasure(work, member)
    request.state = RequestState.GRANTED if decision.grant else RequestState.REFUSED
    request.legal_ground, request.reason = decision.legal_ground, decision.reason
    request.decided_by, request.decided_by_name = work.actor.id, work.actor.name
    request.decided_at = work.now
    await work.session.flush()
    _tell(work, member, request)


async def execute_request(work: Work, request_id: UUID, order: PersonRequestExecution) -> None:
    """Carry out a correction or a deletion that was granted. Raises `PersonRequestBlocked`,
    `ErasureRefused`, and what a change of a member raises."""
    request, member = await _granted(work, request_id, _DECIDE)
    if request.kind == RequestKind.ACCESS:
        raise errors.PersonRequestBlocked
    if request.kind == RequestKind.CORRECTION:
        if order.correction is None:
            words = ("请给出更正内容", "say what is to be corrected")
            checking.refuse([Wrong("/correction", "correction_required", words)])
        else:
            await ledger.correct(work, member, order.correction)
    else:
        await _refuse_erasure(work, member)
    await _done(work, request, member)
    if request.kind == RequestKind.DELETION:  # the request's own words go too
        await erase(work, member, request.legal_ground or LegalGround.PURPOSE_OVER)


async def copy(work: Work, request_id: UUID) -> PersonCopy:
    """Everything that is held about somebody whose request was granted, in plain text: on record before it
    leaves, counted as a reveal, and stored nowhere. Raises `PersonRequestBlocked`, `FreshSignInNeeded`,
    `RevealsSpent`."""
    work.keep_secret()
    request, member = await _granted(work, request_id, _REVEAL)
    if request.kind != RequestKind.ACCESS:
        raise errors.PersonRequestBlocked
    await identity.permit_reveal(work)
    pack = await packs.retention(work, member.division_code)
    # The right reaches whatever place holds something, also where this caller sees nothing else.
    await work.admit(NATIONAL)
    found = await held.about(work, member.person_id)
    shown = [each for each in found if each.table.name not in pack.withheld]
    work.announce(
        PersonCopied(
            subject=member.id,
            division_code=member.division_code,
            request_id=request.id,
            tables=[each.table.name for each in shown],
        )
    )
    await _done(work, request, member)
    done: Any = await work.execute(
        select(AuditEntry.action, AuditEntry.at)
        .where(AuditEntry.subject_id == member.id)
        .order_by(AuditEntry.at.desc())
        .limit(_ACTIONS)
    )
    return PersonCopy(
        request_id=request.id,
        made_at=work.now,
        tables=[
            HeldTable(table=each.table.name, rows=[_plain(work, each, row) for row in each.rows.values()])
            for each in shown
        ],
        withheld=[
            Withheld(table=each.table.name, rows=len(each.rows), ground=pack.withheld[each.table.name])
            for each in found
            if each.table.name in pack.withheld
        ],
        actions=[HeldAction(action=action, at=at) for action, at in done],
    )


def _plain(work: Work, each: Held, row: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in row.items():
        if name.endswith("_cipher"):
            shown[name.removesuffix("_cipher")] = _opened(work, each.table.name, name, row["id"], value)
        elif not name.endswith("_mask"):
            shown[name] = _json(value)
    return shown


def _opened(work: Work, table: str, column: str, row: UUID, sealed: bytes | None) -> str | None:
    """A sealed value in its place; what is sealed otherwise by its slice stays out, and it is said."""
    if sealed is None:
        return None
    try:
        return work.crypto.decrypt(sealed, table=table, column=column, row=row)
    except CryptoError:
        return "***"


def _json(value: Any) -> Any:
    if isinstance(value, Range):
        return {"from": _json(value.lower), "until": _json(value.upper)}
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return None if isinstance(value, bytes | memoryview) else value


async def erase(work: Work, member: Member, ground: str) -> None:
    """Take out whatever names a person: sealed values, masks, blind indexes, in every table that has them.
    What stays says that there was somebody, and when."""
    scope = work.actor.scope(Permission.MEMBER_READ)
    await work.admit(NATIONAL)
    found = [each for each in await held.about(work, member.person_id) if _sealed(each)]
    try:
        for each in found:
            for row in list(each.rows.values()):
                await _blank(work, each, row)
    except IntegrityError:
        fault = Fault("", "still_in_use", ("另有记录仍须使用这些信息", "another record still needs it"))
        raise errors.ErasureRefused(errors=[fault]) from None
    await work.admit(scope)
    tables = [each.table.name for each in found]
    work.announce(
        PersonErased(subject=member.id, division_code=member.division_code, tables=tables, ground=ground)
    )


def _sealed(each: Held) -> list[str]:
    """The columns of a table that name somebody, where a row is about the person and not of another."""
    return [
        column.name for column in each.table.columns if column.name.endswith(("_cipher", "_mask", "_blind"))
    ]


async def _blank(work: Work, each: Held, row: dict[str, Any]) -> None:
    if row["id"] not in each.own:
        return
    values: dict[str, Any] = {}
    for name in _sealed(each):
        column = each.table.c[name]
        if column.nullable:
            values[name] = None
        elif name.endswith("_blind"):
            values[name] = secrets.token_bytes(32)
        elif name.endswith("_mask"):
            values[name] = "***"
        else:
            values[name] = work.crypto.encrypt("", table=each.table.name, column=name, row=row["id"])
    if "version" in each.table.c:
        values["version"] = each.table.c.version + 1
    await work.execute(update(each.table).where(each.table.c.id == row["id"]).values(values))


async def _refuse_erasure(work: Work, member: Member) -> None:
    pack = await packs.retention(work, member.division_code)
    wrongs = rules.wrong_with_erasure(member.status, member.ended_kind, member.ended_on, pack, work.today)
    if wrongs:
        raise errors.ErasureRefused(errors=[Fault(w.pointer, w.code, w.words) for w in wrongs])


async def _granted(work: Work, request_id: UUID, permission: Permission) -> tuple[PersonRequest, Member]:
    request = await queries.request_for_update(work, request_id, permission)
    work.expect(request)
    if request.state != RequestState.GRANTED:
        raise errors.PersonRequestBlocked
    return request, await queries.get_for_update(work, request.member_id, permission)


async def _done(work: Work, request: PersonRequest, member: Member) -> None:
    request.state = RequestState.EXECUTED
    request.executed_by, request.executed_by_name = work.actor.id, work.actor.name
    request.executed_at = work.now
    await work.session.flush()
    _tell(work, member, request)


def _tell(work: Work, member: Member, request: PersonRequest) -> None:
    ground = LegalGround(request.legal_ground) if request.legal_ground else None
    work.announce(
        PersonRequestChanged(
            subject=member.id,
            division_code=member.division_code,
            request_id=request.id,
            kind=RequestKind(request.kind),
            state=RequestState(request.state),
            legal_ground=ground,
        )
    )


async def settle_retention(work: Work, retention_id: UUID, order: RetentionSettle) -> None:
    """Erase a record whose time is over, or keep it for a reason. Raises `RetentionSettled`,
    `ErasureRefused`."""
    row: Retention = await queries.retention_for_update(work, retention_id)
    work.expect(row)
    if row.state != RetentionState.DUE:
        raise errors.RetentionSettled
    member = await queries.get_for_update(work, row.member_id, _APPROVE)
    if order.erase:
        await _refuse_erasure(work, member)
        await erase(work, member, row.rule_code)
    row.state = RetentionState.ERASED if order.erase else RetentionState.KEPT
    row.settled_by, row.settled_by_name, row.settled_at = work.actor.id, work.actor.name, work.now
    row.reason = order.reason
    await work.session.flush()
    work.announce(
        RetentionSettled(
            subject=member.id,
            division_code=member.division_code,
            retention_id=row.id,
            state=RetentionState(row.state),
        )
    )
