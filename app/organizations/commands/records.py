"""Dated records of an organization, and its officers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.core.access import Permission, Scope
from app.core.errors import Fault, Forbidden
from app.core.work import Work
from app.organizations import errors, queries, rules
from app.organizations.commands import after, checking, folding, phones
from app.organizations.commands.folding import Outcome
from app.organizations.models import Organization, OrganizationPhone
from app.organizations.rules import OFFICERS, Fact, Officer, Origin, Record
from app.organizations.schemas import OfficersRecorded, RecordInput, RecordsAdded, RecordWithdrawn

RECORD, DECIDE = Permission.ORGANIZATION_RECORD, Permission.ORGANIZATION_DECIDE


async def record(
    work: Work, organization_id: UUID, entries: Sequence[Record], origin: Origin
) -> Organization:
    """Add dated records, or what is known of them later. The same record again is the same row.

    Raises `FactsRefused`, `EffectiveInFuture`, `FactOutranked`."""
    organization = await _ready(work, organization_id, origin, _scope(work, origin))
    faults = [
        Fault(f"/{wrong[0]}", wrong[1], errors.words(wrong[1]))
        for entry in entries
        if (wrong := entry.fault())
    ]
    if faults:
        raise errors.FactsRefused(errors=faults)
    said = [rules.stated(entry.kind, entry.key, entry.value(), origin) for entry in entries]
    outcome = await folding.believe(work, organization, said)
    if outcome.added:
        work.announce(added(outcome, entries, origin))
        await after.folded(work, [outcome], "recorded")
    return organization


def added(outcome: Outcome, entries: Sequence[Record], origin: Origin) -> RecordsAdded:
    """The announcement of records that were new."""
    return RecordsAdded(
        subject=outcome.organization_id,
        division_code=outcome.division_code,
        kinds=sorted({entry.kind for entry in entries}),
        effective_on=origin.effective_on,
        source=origin.source,
    )


async def record_by_hand(work: Work, organization_id: UUID, body: RecordInput) -> str:
    """A record entered at a desk, effective from its own day: its key. Raises as `record`."""
    entry = body.record()
    await record(work, organization_id, [entry], body.origin(work.today))
    return entry.key


async def withdraw_by_hand(work: Work, organization_id: UUID, kind: str, record_id: UUID, reason: str) -> str:
    """Take a record back at a desk: its key. Raises `RecordNotFound`."""
    await queries.get_for_update(work, organization_id, work.actor.scope(DECIDE))
    key = await queries.key_of(work, organization_id, kind, record_id)
    origin = rules.by_hand(work.today, reason=reason, correction=True)
    await withdraw(work, organization_id, kind, key, origin)
    return key


async def withdraw_clause(work: Work, organization_id: UUID, clause_id: UUID, reason: str) -> None:
    """Take the wording of a charter clause back at a desk, from its day. Raises `RecordNotFound`."""
    organization = await _ready(work, organization_id, rules.by_hand(work.today), work.actor.scope(DECIDE))
    clause = await queries.clause_row(work, organization.id, clause_id)
    origin = rules.by_hand(clause.valid.lower or work.today, reason=reason, correction=True)
    said = rules.stated(rules.CharterClause.kind, clause.clause, None, origin)
    outcome = await folding.believe(work, organization, [said])
    if outcome.added:
        _announce_withdrawn(work, organization, said)


async def withdraw(work: Work, organization_id: UUID, kind: str, key: str, origin: Origin) -> Organization:
    """Take a record back as wrong: by a person, a correction from the day of what it takes back.

    Raises `RecordNotFound`."""
    organization = await _ready(work, organization_id, origin, work.actor.scope(DECIDE))
    known = await queries.statements(work, organization.id)
    ruling = rules.fold(known).records.get((kind, key))
    if not origin.by_registry:
        if ruling is None or ruling.value is None:
            raise errors.RecordNotFound
        origin = replace(origin, effective_on=ruling.effective_on)
    said = rules.stated(kind, key, None, origin)
    outcome = await folding.believe(work, organization, [said], known=known)
    if outcome.added:
        _announce_withdrawn(work, organization, said)
    return organization


def _announce_withdrawn(work: Work, organization: Organization, said: Fact) -> None:
    work.announce(
        RecordWithdrawn(
            subject=organization.id,
            division_code=organization.division_code,
            kind=said.fact,
            reason=said.reason or "",
        )
    )


async def record_officers(
    work: Work, organization_id: UUID, officers: Sequence[Officer], origin: Origin
) -> Organization:
    """The whole board from a day on (换届): who is not on it has left.

    Raises `FactsRefused`, `FactOutranked`."""
    organization = await _ready(work, organization_id, origin, _scope(work, origin))
    seats = [officer.seat for officer in officers]
    faults = [
        Fault(f"/officers/{number}", "officer_twice", errors.words("officer_twice"))
        for number, seat in enumerate(seats)
        if seat in seats[:number]
    ]
    if faults:
        raise errors.FactsRefused(errors=faults)
    entries, secrets, numbers = await _seated(work, organization.id, officers)
    said = rules.stated(OFFICERS, "", entries, origin, secrets)
    await _state_board(work, organization, said, numbers)
    return organization


async def change_officer(
    work: Work, organization_id: UUID, officer: Officer, origin: Origin, *, leaves: bool
) -> Organization:
    """One person takes up or leaves a post; everybody else stays. Raises `FactsRefused`, `FactOutranked`."""
    organization = await _ready(work, organization_id, origin, _scope(work, origin))
    known = await queries.statements(work, organization.id)
    boards = rules.fold(known).histories.get((OFFICERS, ""), ())
    board = next((b.ruling for b in reversed(boards) if b.since <= origin.effective_on), None)
    sitting: list[dict[str, Any]] = list(board.value or ()) if board is not None else []
    secrets: Mapping[str, rules.Secret] = board.secrets if board is not None else {}
    there = any(rules.seat_of(entry) == officer.seat for entry in sitting)
    if there is not leaves:
        code = "officer_not_in_post" if leaves else "officer_already_in_post"
        raise errors.FactsRefused(errors=[Fault("/name", code, errors.words(code))])
    others = [entry for entry in sitting if rules.seat_of(entry) != officer.seat]
    entries, added, numbers = ([], {}, []) if leaves else await _seated(work, organization.id, [officer])
    kept = {seat: secret for seat, secret in secrets.items() if seat != officer.seat}
    said = rules.stated(OFFICERS, "", [*others, *entries], origin, {**kept, **added})
    await _state_board(work, organization, said, numbers, known)
    return organization


async def _seated(
    work: Work, organization_id: UUID, officers: Sequence[Officer]
) -> tuple[list[dict[str, Any]], dict[str, rules.Secret], list[OrganizationPhone]]:
    """A board as it is stated: each person with the mask of the phone; the numbers in their own rows."""
    entries: list[dict[str, Any]] = []
    secrets: dict[str, rules.Secret] = {}
    numbers: list[OrganizationPhone] = []
    with_phone = any(officer.phone is not None for officer in officers)
    there = await phones.known(work, [organization_id] if with_phone else [])
    for officer in sorted(officers, key=lambda o: o.seat):
        phone = None
        if officer.phone is not None:
            phone = phones.sealed(work, organization_id, officer.seat, officer.phone, there)
            numbers.append(phone)
            secrets[officer.seat] = phones.secret(phone)
        entries.append(officer.value(phone.phone_mask if phone else None))
    return entries, secrets, numbers


async def _state_board(
    work: Work,
    organization: Organization,
    said: Fact,
    numbers: Sequence[OrganizationPhone],
    known: Sequence[Fact] | None = None,
) -> None:
    outcome = await folding.believe(work, organization, [said], numbers, known=known)
    if outcome.added:
        work.announce(
            OfficersRecorded(
                subject=organization.id,
                division_code=organization.division_code,
                effective_on=said.effective_on,
                officers=len(said.value),
                source=said.source,
            )
        )


def _scope(work: Work, origin: Origin) -> Scope:
    """Where this caller may record, or decide if a registry is to be corrected. Raises `Forbidden`."""
    permission = DECIDE if origin.correction and not origin.by_registry else RECORD
    if not work.actor.may(permission):
        raise Forbidden
    return work.actor.scope(permission)


async def _ready(work: Work, organization_id: UUID, origin: Origin, scope: Scope) -> Organization:
    organization = await queries.get_for_update(work, organization_id, scope)
    work.expect(organization)
    await checking.checked(work, {}, origin, scope)
    return organization
