"""Applying a message: find what it is about, decide, and call the same commands as people's routes do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import func

from app.core.errors import Fault
from app.core.fields import Input
from app.core.work import Work
from app.intake import formats, queries, rules
from app.intake.commands.receiving import actor_of, body_of, placed, understood
from app.intake.errors import AuthorityUnknown, BodyForgotten, OutsideRegistrationDivisions
from app.intake.models import RegistrySource
from app.intake.queries.ledger import Known
from app.intake.rules import Decision, EventState, EventType
from app.intake.schemas.messages import (
    AnnualReportFiledData,
    AwardGrantedData,
    ChangedData,
    Changes,
    CharterApprovedData,
    CorrectedData,
    CreditListingChangedData,
    EndedData,
    EvaluationGradedData,
    MergedData,
    Message,
    NamedAuthority,
    NamedOrganization,
    OfficersElectedData,
    PenaltyImposedData,
    RegisteredData,
    RestoredData,
    RevokedData,
    SplitData,
)
from app.organizations import commands as organizations
from app.organizations.errors import NeedsVerification
from app.organizations.rules import (
    AnnualReport,
    Award,
    CharterClause,
    CreditListing,
    Evaluation,
    Identifier,
    Officer,
    Origin,
    Penalty,
    Record,
    Registration,
    RegistrationStatus,
    grade_ends_on,
)

AUTHORITIES: Final = ("registration_authority", "supervisory_unit", "industry_authority")


@dataclass(frozen=True, slots=True)
class Applied:
    """A message that was applied: to which organization."""

    organization_id: UUID


@dataclass(frozen=True, slots=True)
class Waits:
    """A message that waits for the organization of this key to be registered."""

    key: str


async def apply(work: Work, event_id: UUID) -> str:
    """Apply a pending message, or park it; returns its new state.

    Any refusal undoes it and is the reason for which the worker quarantines it."""
    event = await queries.inbox.pending(work, event_id)
    if event is None:
        return "gone"
    source = await work.session.get_one(RegistrySource, event.source_id)
    body = body_of(work, event, "mended_cipher") or body_of(work, event)
    if body is None:
        raise BodyForgotten
    message = await understood(work, orjson.loads(body))
    if event.organization_key is None:
        for column, value in (await placed(work, source, message)).items():
            setattr(event, column, value)
    result = await carry_out(work, source, message, event.id)
    if isinstance(result, Waits):
        event.state, event.waiting_for = EventState.PARKED, result.key
    else:
        event.state, event.applied_at = EventState.APPLIED, func.clock_timestamp()
        event.organization_id = result.organization_id
        event.division_code = await queries.ledger.division_of(work, result.organization_id)
    await work.session.flush()
    return event.state


async def carry_out(
    work: Work, source: RegistrySource, message: Message, event_id: UUID | None
) -> Applied | Waits:
    """Do what a message says, as its source, or say what it waits for.

    Raises `OutsideRegistrationDivisions`, `OrganizationAmbiguous`, `AuthorityUnknown`, and what the ledger
    refuses."""
    own = replace(work, actor=actor_of(source))
    data: Any = message.data  # type: ignore[attr-defined]
    registers = isinstance(data, RegisteredData)
    known = await (_registered(own, source, data) if registers else _named(own, source, data.organization))
    decision = rules.decide(
        registers=registers,
        subject_inside=None
        if known is None
        else await _stands_inside(own, source, known, message.effective_on),
        target_inside=await _target_inside(own, source, message),
    )
    if decision is Decision.REFUSE_OUTSIDE:
        raise OutsideRegistrationDivisions(errors=[_outside(registers)])
    if decision is Decision.PARK:
        return Waits(formats.key_of(message))
    origin = Origin(
        source=source.code,
        rank=source.source_rank,
        sequence=message.sequence,
        event_id=event_id,
        effective_on=message.effective_on,
        correction=message.type == EventType.CORRECTED,  # type: ignore[attr-defined]
        reason=getattr(data, "reason", None),
        occurred_at=message.occurred_at,
    )
    case = Case(source, data, known, origin)
    if registers:
        return await _register(own, case)
    return await _HANDLERS[type(data)](own, case)


def _outside(registers: bool) -> Fault:
    pointer = "/data/division_code" if registers else "/data"
    return Fault(pointer, OutsideRegistrationDivisions.code, OutsideRegistrationDivisions.title)


async def _registered(work: Work, source: RegistrySource, data: RegisteredData) -> Known | None:
    return await queries.ledger.registered(work, source, data.credit_code, data.identifiers)


async def _named(work: Work, source: RegistrySource, organization: NamedOrganization) -> Known | None:
    return await queries.ledger.named(work, source, organization)


async def _stands_inside(work: Work, source: RegistrySource, known: Known, on: date) -> bool:
    codes = await queries.ledger.division_codes(work, known, on)
    return await queries.ledger.inside(work, source, codes, on)


async def _target_inside(work: Work, source: RegistrySource, message: Message) -> bool:
    """Whether the division that an organization is said to be registered in is the source's to state.

    A division that does not exist is not outside: the ledger says what is wrong with it."""
    data: Any = message.data  # type: ignore[attr-defined]
    code = getattr(getattr(data, "changes", data), "division_code", None)
    if code is None or not await queries.ledger.division_exists(work, code):
        return True
    return await queries.ledger.inside(work, source, [code], message.effective_on)


@dataclass(frozen=True, slots=True)
class Case:
    """A message that is being applied."""

    source: RegistrySource
    data: Any
    known: Known | None
    origin: Origin

    @property
    def organization_id(self) -> UUID:
        assert self.known is not None  # noqa: S101 (without it the message was parked)
        return self.known.id


async def _register(work: Work, case: Case) -> Applied:
    data: RegisteredData = case.data
    stated: dict[str, Any] = data.model_dump(exclude={*AUTHORITIES, "identifiers"})
    stated |= await _authorities(work, case.source, data)
    registration = Registration(**stated)
    if case.known is not None:
        await organizations.record_facts(work, case.known.id, registration.facts(), case.origin)
        organization_id = case.known.id
    else:
        organization_id = (await organizations.register(work, registration, case.origin)).id
    if data.identifiers:
        entries = [Identifier(scheme=n.scheme, number=n.number) for n in data.identifiers]
        await organizations.record(work, organization_id, entries, case.origin)
    return Applied(organization_id)


async def _authorities(
    work: Work, source: RegistrySource, data: RegisteredData | Changes
) -> dict[str, UUID | None]:
    """The authorities that a message states, by their ids; a registration without one is the source's own."""
    found: dict[str, UUID | None] = {}
    for field in AUTHORITIES:
        named: NamedAuthority | None = getattr(data, field)
        if named is not None:
            known = await queries.ledger.authority_id(work, named)
            if known is None:
                pointer = "/data" if isinstance(data, RegisteredData) else "/data/changes"
                fault = Fault(f"{pointer}/{field}", AuthorityUnknown.code, AuthorityUnknown.title)
                raise AuthorityUnknown(errors=[fault])
            found[f"{field}_id"] = known
        elif field in data.model_fields_set and isinstance(data, Changes):
            found[f"{field}_id"] = None
    if isinstance(data, RegisteredData):
        found.setdefault("registration_authority_id", source.authority_id)
    return found


async def _change(work: Work, case: Case) -> Applied:
    changes: Changes = case.data.changes
    facts = changes.model_dump(exclude=set(AUTHORITIES), exclude_unset=True)
    facts |= await _authorities(work, case.source, changes)
    if changes.credit_code is not None:
        await _refuse_code_of_another(work, case, changes.credit_code)
    await organizations.record_facts(work, case.organization_id, facts, case.origin)
    return Applied(case.organization_id)


async def _refuse_code_of_another(work: Work, case: Case, credit_code: str) -> None:
    """A code that is taken outside the source's divisions says no more than that: not by whom."""
    holder = await queries.ledger.registered(work, case.source, credit_code, [])
    if holder is None or holder.id == case.organization_id:
        return
    if not await _stands_inside(work, case.source, holder, case.origin.effective_on):
        raise NeedsVerification


async def _deregister(work: Work, case: Case) -> Applied:
    await organizations.deregister(work, case.organization_id, case.origin)
    return Applied(case.organization_id)


async def _revoke(work: Work, case: Case) -> Applied:
    license_only = case.data.kind == RegistrationStatus.LICENSE_REVOKED
    await organizations.revoke(work, case.organization_id, case.origin, license_only=license_only)
    return Applied(case.organization_id)


async def _restore(work: Work, case: Case) -> Applied:
    await organizations.restore(work, case.organization_id, case.origin)
    return Applied(case.organization_id)


async def _merge(work: Work, case: Case) -> Applied | Waits:
    into = await _successor(work, case, case.data.into)
    if into is None:
        return Waits(formats.key_of_named(case.data.into))
    await organizations.merge(work, case.organization_id, into.id, case.origin)
    return Applied(case.organization_id)


async def _successor(work: Work, case: Case, named: NamedOrganization) -> Known | None:
    """The successor that a message names, None also for one outside the source's divisions.

    A source links only organizations of its own, or it could read another's name by its credit code and hang
    a link on it; and it must not learn that it is there."""
    known = await _named(work, case.source, named)
    if known is None or await _stands_inside(work, case.source, known, case.origin.effective_on):
        return known
    return None


async def _split(work: Work, case: Case) -> Applied | Waits:
    into = []
    for successor in case.data.into:
        known = await _successor(work, case, successor)
        if known is None:
            return Waits(formats.key_of_named(successor))
        into.append(known.id)
    await organizations.split(work, case.organization_id, into, case.origin, survives=case.data.continues)
    return Applied(case.organization_id)


async def _elect(work: Work, case: Case) -> Applied:
    board = [Officer(**officer.model_dump()) for officer in case.data.officers]
    await organizations.record_officers(work, case.organization_id, board, case.origin)
    return Applied(case.organization_id)


async def _record(work: Work, case: Case) -> Applied:
    await organizations.record(work, case.organization_id, _records(case.data), case.origin)
    return Applied(case.organization_id)


def _records(data: Any) -> list[Record]:
    """The dated records that a message states."""
    if isinstance(data, CharterApprovedData):
        return [CharterClause(approved_on=data.approved_on, **clause.model_dump()) for clause in data.clauses]
    stated = data.model_dump(exclude={"organization"})
    if isinstance(data, EvaluationGradedData):
        stated["valid_until"] = stated.pop("valid_until_on") or grade_ends_on(data.graded_on)
    return [_RECORDS[type(data)](**stated)]


_RECORDS: Final[dict[type[Input], type[Record]]] = {
    AnnualReportFiledData: AnnualReport,
    EvaluationGradedData: Evaluation,
    AwardGrantedData: Award,
    CreditListingChangedData: CreditListing,
    PenaltyImposedData: Penalty,
}
_HANDLERS: Final[dict[type[Input], Callable[[Work, Case], Awaitable[Applied | Waits]]]] = {
    ChangedData: _change,
    CorrectedData: _change,
    EndedData: _deregister,
    RevokedData: _revoke,
    RestoredData: _restore,
    MergedData: _merge,
    SplitData: _split,
    OfficersElectedData: _elect,
    CharterApprovedData: _record,
    **dict.fromkeys(_RECORDS, _record),
}
