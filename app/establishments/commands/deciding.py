"""The superior's answer: consent, return for completion, refusal."""

from typing import Any
from uuid import UUID

from app.core.access import Permission
from app.core.work import Work
from app.establishments import errors, queries
from app.establishments.commands.examining import Plan, day, examine, refuse, see
from app.establishments.commands.requesting import step, taken
from app.establishments.models import Establishment
from app.establishments.rules import EstablishmentState, Numbers
from app.establishments.schemas import EstablishmentAnswer, EstablishmentApprove
from app.party_organizations.rules import BodyKind, Formation, Wrong

_DECIDE = Permission.PARTY_ORGANIZATION_DECIDE


async def approve(work: Work, establishment_id: UUID, given: EstablishmentApprove) -> None:
    """批复: consent, if the conditions are still met; an exception needs its document.

    Raises `EstablishmentBlocked`, `EstablishmentInvalid`, `NotTheSuperior`."""
    case = await taken(work, establishment_id, _DECIDE, EstablishmentState.APPROVED)
    await as_superior(work, case)
    on = day(work, given.on, after=case.requested_on)
    plan = await plan_of(work, case)
    found = await examine(work, plan)
    size = found.structure.sizes.get(plan.kind)
    counted = found.numbers.of(size.basis) if size else None
    short = size is not None and counted is not None and counted < size.at_least
    if (short or case.exception_reason is not None) and given.exception_document is None:
        words = (
            "请示要求例外设立, 须注明批准例外的文件",
            "an exception is asked for: name the document that approves it",
        )
        refuse([Wrong("/exception_document", "exception_document_required", words)])
    case.counted, case.needs_election = counted, found.needs_election
    case.exception_document = given.exception_document
    case.decided_on, case.decision_document = on, given.document
    await step(work, case, EstablishmentState.APPROVED, on, document=given.document)


async def answer(
    work: Work, establishment_id: UUID, state: EstablishmentState, given: EstablishmentAnswer
) -> None:
    """Send it back for completion, or refuse it, with the reason; an election may be held again."""
    case = await taken(work, establishment_id, _DECIDE, state)
    await as_superior(work, case)
    on = day(work, given.on, after=case.requested_on)
    if state is EstablishmentState.APPROVED:
        case.election = None
    else:
        case.decided_on, case.decision_document = on, given.document
    await step(work, case, state, on, document=given.document, reason=given.reason)


async def as_superior(work: Work, case: Establishment) -> None:
    """Only whoever decides for the superior body answers. Raises `NotTheSuperior`."""
    if not await queries.in_scope(work, [case.superior_id], work.actor.scope(_DECIDE)):
        raise errors.NotTheSuperior


async def plan_of(work: Work, case: Establishment) -> Plan:
    """A stored request, as it is examined again."""
    organizations, branches = await queries.organizations_of(work, case.id)
    await see(work, case.superior_id, *branches, permission=Permission.MEMBER_DECIDE)
    members = await queries.founders(work, case.id)
    others: dict[str, Any] = case.others or {}
    return Plan(
        BodyKind(case.kind),
        Formation(case.formation) if case.formation else None,
        case.division_code,
        case.parent_id,
        tuple(organizations),
        tuple(one for ids in members.values() for one in ids),
        tuple(branches),
        Numbers(**others),
        case.requested_on,
        excused=case.exception_reason is not None,
        establishment_id=case.id,
    )
