"""How a registration ends, and comes back."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from app.core.access import Permission
from app.core.work import Work
from app.organizations import errors, queries, rules
from app.organizations.commands import after, checking, folding
from app.organizations.commands.folding import Outcome
from app.organizations.models import Organization
from app.organizations.rules import Fact, Origin, RegistrationStatus
from app.organizations.schemas import OrganizationDeregistered, OrganizationRestored, OrganizationRevoked

DECIDE = Permission.ORGANIZATION_DECIDE


async def deregister(work: Work, organization_id: UUID, origin: Origin) -> Organization:
    """注销. Duties lapse and covers end with it; nothing is deleted.

    Raises `AlreadyEnded`, `EndsBeforeBeginning`, `EffectiveInFuture`, `FactOutranked`."""
    status = RegistrationStatus.DEREGISTERED
    organization, outcome = await _end(work, organization_id, status, origin, "deregister")
    if outcome.added:
        work.announce(
            OrganizationDeregistered(
                subject=organization_id,
                division_code=organization.division_code,
                effective_on=origin.effective_on,
                source=origin.source,
            )
        )
    await after.folded(work, [outcome], "deregistered")
    return organization


async def revoke(
    work: Work, organization_id: UUID, origin: Origin, *, license_only: bool = False
) -> Organization:
    """撤销登记, or 吊销登记证书 (`license_only`). Raises as `deregister`."""
    status = RegistrationStatus.LICENSE_REVOKED if license_only else RegistrationStatus.REVOKED
    verb = "revoke_license" if license_only else "revoke"
    organization, outcome = await _end(work, organization_id, status, origin, verb)
    if outcome.added:
        work.announce(
            OrganizationRevoked(
                subject=organization_id,
                division_code=organization.division_code,
                license=license_only,
                effective_on=origin.effective_on,
                source=origin.source,
            )
        )
    await after.folded(work, [outcome], "revoked")
    return organization


async def restore(work: Work, organization_id: UUID, origin: Origin) -> Organization:
    """The registration goes on from a day; a correction takes the end itself back.

    Raises `NotEnded`, `EffectiveInFuture`, `FactOutranked`."""
    organization = await ready(work, organization_id, origin)
    known = await queries.statements(work, organization.id)
    state = rules.fold(known)
    if not origin.by_registry and not rules.may("restore", state.status):
        raise errors.NotEnded
    status = RegistrationStatus.NORMAL
    if origin.correction and not origin.by_registry and state.ended_on is not None:
        origin = replace(origin, effective_on=state.ruling["registration_status"].effective_on)
    said = rules.stated("registration_status", "", status.value, origin)
    outcome = await folding.believe(work, organization, [said], known=known)
    if outcome.added:
        work.announce(
            OrganizationRestored(
                subject=organization.id,
                division_code=organization.division_code,
                effective_on=origin.effective_on,
                source=origin.source,
            )
        )
    await after.folded(work, [outcome], "restored")
    return organization


async def ready(work: Work, organization_id: UUID, origin: Origin) -> Organization:
    """The organization, locked, read in the version that the caller means; the day of the origin checked."""
    scope = work.actor.scope(DECIDE)
    organization = await queries.get_for_update(work, organization_id, scope)
    work.expect(organization)
    await checking.checked(work, {}, origin, scope)
    return organization


async def end(
    work: Work,
    organization: Organization,
    said: dict[str, Any],
    origin: Origin,
    *,
    verb: str,
    records: tuple[Fact, ...] = (),
) -> Outcome:
    """State an end. A person is held to what the status allows; a registry states what it states."""
    known = await queries.statements(work, organization.id)
    state = rules.fold(known)
    if not origin.by_registry:
        if not rules.may(verb, state.status):
            raise errors.AlreadyEnded
        if origin.effective_on < state.starts_on:
            raise errors.EndsBeforeBeginning
    facts = [rules.stated(name, "", value, origin) for name, value in said.items()]
    return await folding.believe(work, organization, [*facts, *records], known=known)


async def _end(
    work: Work, organization_id: UUID, status: RegistrationStatus, origin: Origin, verb: str
) -> tuple[Organization, Outcome]:
    organization = await ready(work, organization_id, origin)
    return organization, await end(
        work, organization, {"registration_status": status.value}, origin, verb=verb
    )
