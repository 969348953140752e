"""Registering organizations, and stating and correcting what is known of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, NoReturn
from uuid import UUID

from app.core.access import Permission
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.organizations import errors, queries, rules
from app.organizations.commands import after, checking, findings, folding, phones
from app.organizations.commands.folding import Outcome
from app.organizations.models import Organization, OrganizationPhone
from app.organizations.rules import Fact, Finding, FindingKind, Origin, Registration
from app.organizations.schemas import (
    DuplicateAttempted,
    OrganizationChanged,
    OrganizationCorrected,
    OrganizationRegistered,
)

RECORD, DECIDE = Permission.ORGANIZATION_RECORD, Permission.ORGANIZATION_DECIDE
_PARTS = ("full_time_full_member_count", "full_member_count", "party_member_count")
"""Each counts some of those that the next one counts."""


async def register(work: Work, registration: Registration, origin: Origin) -> Organization:
    """Put an organization into the ledger, with who answers for it and what registration asks for.

    A registry that registers a credit code again states facts of the organization that has it. Raises
    `FactsRefused`, `CreditCodeTaken`, `NeedsVerification`, `OutsideScope`."""
    said = registration.facts()
    values = await checking.checked(work, said, origin, work.actor.scope(RECORD))
    holder = None
    if registration.credit_code is not None:
        holder = await queries.holder_of(work, values["credit_code"])
    if holder is not None:
        if origin.by_registry:
            return await record_facts(work, holder.id, said, origin)
        await _refuse_duplicate(work, holder, values["division_code"], origin)
    refuse_end(registration.registration_status, origin)
    organization_id = uuid7()
    first = folding.ordered(origin, ())
    outcome = folding.begun(organization_id, *stated(work, organization_id, values, first, {}))
    refuse_parts(origin, outcome)
    organization = await folding.found(work, outcome)
    work.announce(registered(outcome, origin))
    await after.registered(work, [outcome])
    return organization


def registered(outcome: Outcome, origin: Origin) -> OrganizationRegistered:
    """The announcement of a new organization."""
    values = outcome.after.values()
    return OrganizationRegistered(
        subject=outcome.organization_id,
        division_code=outcome.division_code,
        name=values["name"],
        credit_code=values["credit_code"],
        effective_on=origin.effective_on,
        source=origin.source,
    )


async def record_facts(
    work: Work, organization_id: UUID, facts: Mapping[str, Any], origin: Origin
) -> Organization:
    """State facts about an organization, fold them, and bring what follows into line.

    Statements that are already there change nothing and announce nothing. Raises `NothingStated`,
    `FactsRefused`, `FactOutranked`, `CreditCodeTaken`, `NeedsVerification`."""
    scope = work.actor.scope(RECORD)
    organization = await queries.get_for_update(work, organization_id, scope)
    work.expect(organization)
    if not facts:
        raise errors.NothingStated
    values = await checking.checked(work, facts, origin, scope)
    await _refuse_taken(work, organization, values, origin)
    before = await queries.statements(work, organization.id)
    there = await phones.known(work, [organization.id] if phones.CONTACT in values else [])
    said, numbers = stated(work, organization.id, values, origin, there)
    outcome = folding.heard(organization.id, said, before, numbers)
    refuse_parts(origin, outcome)
    await folding.change(work, organization, outcome)
    if outcome.added:
        work.announce(changed(outcome, values, origin))
        await after.folded(work, [outcome], "changed")
    return organization


def changed(outcome: Outcome, values: Mapping[str, Any], origin: Origin) -> OrganizationChanged:
    """The announcement of statements that were new."""
    return OrganizationChanged(
        subject=outcome.organization_id,
        division_code=outcome.division_code,
        stated=sorted(values),
        changed=outcome.changed,
        effective_on=origin.effective_on,
        source=origin.source,
    )


async def correct(
    work: Work, organization_id: UUID, facts: Mapping[str, Any], origin: Origin, *, since_stated: bool
) -> Organization:
    """Put right what was stated wrongly; the wrong statements stay in the history.

    With `since_stated` each fact is corrected from the day of the statement that rules it now. Raises
    `NothingStated`, `FactsRefused`, `CreditCodeTaken`, `NeedsVerification`."""
    scope = work.actor.scope(DECIDE)
    organization = await queries.get_for_update(work, organization_id, scope)
    work.expect(organization)
    if not facts:
        raise errors.NothingStated
    values = await checking.checked(work, facts, origin, scope, prefix="/facts")
    await _refuse_taken(work, organization, values, origin)
    known = await queries.statements(work, organization.id)
    state = rules.fold(known)
    there = await phones.known(work, [organization.id] if phones.CONTACT in values else [])
    said, numbers = stated(work, organization.id, values, origin, there)
    if since_stated:
        said = [_from_its_day(fact, state) for fact in said]
    outcome = await folding.believe(work, organization, said, numbers, known=known)
    work.announce(
        OrganizationCorrected(
            subject=organization.id,
            division_code=organization.division_code,
            stated=sorted(values),
            changed=outcome.changed,
            reason=origin.reason or "",
        )
    )
    await after.folded(work, [outcome], "corrected")
    return organization


def _from_its_day(fact: Fact, state: rules.Fold) -> Fact:
    ruling = state.ruling.get(fact.fact)
    return replace(fact, effective_on=ruling.effective_on if ruling else state.starts_on)


def stated(
    work: Work, organization_id: UUID, values: Mapping[str, Any], origin: Origin, known: phones.Known
) -> tuple[list[Fact], list[OrganizationPhone]]:
    """The statements of checked values; a phone number leaves its mask and goes into its own row."""
    facts, numbers = [], []
    for name, value in values.items():
        if name == phones.CONTACT and value is not None:
            phone = phones.sealed(work, organization_id, name, value, known)
            numbers.append(phone)
            facts.append(rules.stated(name, "", phone.phone_mask, origin, {name: phones.secret(phone)}))
        else:
            facts.append(rules.stated(name, "", value, origin))
    return facts, numbers


def refuse_end(status: rules.RegistrationStatus, origin: Origin) -> None:
    """A person does not register an organization at its end; a registry states what it states."""
    if not origin.by_registry and status in rules.ENDED:
        raise errors.FactsRefused(
            errors=[Fault("/registration_status", "end_status", errors.words("end_status"))]
        )


def refuse_parts(origin: Origin, outcome: Outcome) -> None:
    """A person who enters more of a part than of the whole is told; a registry is taken at its word."""
    if origin.by_registry:
        return
    values = outcome.after.values()
    for part, whole in pairwise(_PARTS):
        few, many = values[part], values[whole]
        if few is not None and many is not None and few > many:
            code = "more_than_all"
            raise errors.FactsRefused(errors=[Fault(f"/{part}", code, errors.words(code))])


async def _refuse_taken(
    work: Work, organization: Organization, values: Mapping[str, Any], origin: Origin
) -> None:
    code = values.get("credit_code")
    if code is None or code == organization.credit_code:
        return
    holder = await queries.holder_of(work, code)
    if holder is not None and holder.id != organization.id:
        await _refuse_duplicate(work, holder, organization.division_code, origin)


async def _refuse_duplicate(work: Work, holder: Organization, division: str, origin: Origin) -> NoReturn:
    """Say who has the code to those who may know. To others say nothing, and put a finding on the holder,
    which outlives this refusal; a registry's message is kept in its inbox instead."""
    scope = work.actor.scope(Permission.ORGANIZATION_READ)
    if await queries.found(work, holder.id, scope) is not None:
        raise taken(holder.id, holder.name)
    if not origin.by_registry:
        holder_id = holder.id
        await work.session.rollback()
        await leave_traces(work, [(holder_id, division)], origin)
        await work.keep()
    raise errors.NeedsVerification


def taken(holder_id: UUID, name: str) -> errors.CreditCodeTaken:
    """The refusal that says who has the code."""
    reason = {"code": "credit_code_taken", "organization_id": str(holder_id), "name": name}
    return errors.CreditCodeTaken(name=name, reasons=[reason])


async def leave_traces(work: Work, attempts: Sequence[tuple[UUID, str]], origin: Origin) -> None:
    """Put a finding on each organization whose code somebody tried to register in a division elsewhere."""
    holders = await queries.lock(work, sorted({holder_id for holder_id, _ in attempts}))
    listed = await queries.open_digests(work, holders)
    for holder_id, division in attempts:
        evidence = {"attempted_division_code": division, "attempted_on": work.today.isoformat()}
        finding = Finding(FindingKind.REGISTERED_ELSEWHERE, "credit_code", "", evidence)
        division_code = holders[holder_id].division_code
        if (holder_id, finding.digest) not in listed:
            listed.add((holder_id, finding.digest))
            findings.open_finding(work, holder_id, division_code, finding)
        work.announce(
            DuplicateAttempted(
                subject=holder_id,
                division_code=division_code,
                attempted_division_code=division,
                source=origin.source,
            )
        )
