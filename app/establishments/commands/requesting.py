"""Ask for a body, ask again after a return, or withdraw."""

from dataclasses import asdict
from datetime import date
from uuid import UUID

from sqlalchemy import delete, update

from app.core.access import NATIONAL, Permission
from app.core.db import uuid7
from app.core.work import Work
from app.establishments import errors, queries, rules
from app.establishments.commands.examining import Finding, Plan, day, examine
from app.establishments.models import (
    Establishment,
    EstablishmentBranch,
    EstablishmentMember,
    EstablishmentOrganization,
    EstablishmentStep,
)
from app.establishments.rules import EstablishmentState, Numbers, SizeBasis
from app.establishments.schemas import EstablishmentAnswer, EstablishmentRequest, EstablishmentStateChanged
from app.party_organizations import queries as party
from app.party_organizations.commands import ledger
from app.party_organizations.rules import BodyKind

_RECORD = Permission.PARTY_ORGANIZATION_RECORD


async def request(work: Work, asked: EstablishmentRequest) -> UUID:
    """请示: ask the superior for a body in a division of one's scope. Every reason against it comes at once.

    Raises `EstablishmentInvalid`, `EstablishmentBlocked`."""
    on = day(work, asked.requested_on, pointer="/requested_on")
    found = await _examined(work, asked, on, None)
    case = Establishment(id=uuid7(), state=EstablishmentState.REQUESTED)
    _fill(case, asked, on, found)
    work.session.add(case)
    await work.session.flush()
    await _name(work, case, asked)
    await step(work, case, EstablishmentState.REQUESTED, on, document=asked.request_document)
    return case.id


async def resubmit(work: Work, establishment_id: UUID, asked: EstablishmentRequest) -> None:
    """Ask again with what was missing; the term of the reply begins anew."""
    case = await taken(work, establishment_id, _RECORD, EstablishmentState.REQUESTED)
    on = day(work, asked.requested_on, after=case.requested_on, pointer="/requested_on")
    found = await _examined(work, asked, on, case.id)
    _fill(case, asked, on, found)
    case.decided_on, case.decision_document = None, None
    await work.session.flush()
    await _name(work, case, asked)
    await step(work, case, EstablishmentState.REQUESTED, on, document=asked.request_document)


async def withdraw(work: Work, establishment_id: UUID, given: EstablishmentAnswer) -> None:
    """Whoever asked takes it back, before anybody was elected."""
    case = await taken(work, establishment_id, _RECORD, EstablishmentState.WITHDRAWN)
    on = day(work, given.on, after=case.requested_on)
    await step(work, case, EstablishmentState.WITHDRAWN, on, document=given.document, reason=given.reason)


async def _examined(
    work: Work, asked: EstablishmentRequest, on: date, establishment_id: UUID | None
) -> Finding:
    scope = work.actor.scope(_RECORD)
    in_line = await party.in_line(work, asked.parent_id, scope)
    await ledger.usable(work, asked.division_code, NATIONAL if in_line else scope)
    await ledger.lock_organizations(
        work, {f"/organization_ids/{n}": one for n, one in enumerate(asked.organization_ids)}
    )
    plan = Plan(
        asked.kind,
        asked.formation,
        asked.division_code,
        asked.parent_id,
        tuple(dict.fromkeys(asked.organization_ids)),
        tuple(dict.fromkeys(asked.member_ids)),
        tuple(dict.fromkeys(asked.branch_ids)),
        asked.others.plain() if asked.others else Numbers(),
        on,
        excused=asked.exception_reason is not None,
        establishment_id=establishment_id,
    )
    return await examine(work, plan)


def _fill(case: Establishment, asked: EstablishmentRequest, on: date, found: Finding) -> None:
    size, months = found.structure.sizes.get(asked.kind), found.structure.reply_months
    for name in ("name", "kind", "formation", "division_code", "parent_id", "industry", "request_document"):
        setattr(case, name, getattr(asked, name))
    case.superior_id, case.requested_on = found.superior_id, on
    case.reply_due_on = rules.reply_due(on, months) if months is not None else None
    case.basis = size.basis if size else None
    case.counted = found.numbers.of(SizeBasis(size.basis)) if size else None
    case.at_least = size.at_least if size else None
    case.threshold_source = size.source if size else None
    case.rule_pack_id = size.pack_id if size else None
    case.numbers = asdict(found.numbers)
    case.others = asdict(asked.others.plain()) if asked.others else None
    case.member_count = len(set(asked.member_ids))
    case.needs_election = found.needs_election
    case.exception_reason, case.exception_document = asked.exception_reason, None


async def _name(work: Work, case: Establishment, asked: EstablishmentRequest) -> None:
    """Enter the organizations, bodies and members that it names now; who is named no more is taken out."""
    for table in (EstablishmentOrganization, EstablishmentBranch):
        await work.execute(delete(table).where(table.establishment_id == case.id))
    members = set(asked.member_ids)
    m = EstablishmentMember
    known = set(
        await work.scalars(
            update(m)
            .where(m.establishment_id == case.id)
            .values(
                withdrawn=m.member_id.not_in(members),
                division_code=case.division_code,
                superior_id=case.superior_id,
            )
            .returning(m.member_id)
            .execution_options(synchronize_session=False)
        )
    )
    work.session.add_all(
        EstablishmentOrganization(establishment_id=case.id, organization_id=one)
        for one in sorted(set(asked.organization_ids))
    )
    work.session.add_all(
        EstablishmentBranch(establishment_id=case.id, party_organization_id=one)
        for one in sorted(set(asked.branch_ids))
    )
    work.session.add_all(
        EstablishmentMember(
            id=uuid7(),
            establishment_id=case.id,
            member_id=one,
            division_code=case.division_code,
            superior_id=case.superior_id,
            withdrawn=False,
        )
        for one in sorted(members - known)
    )
    await work.session.flush()


async def taken(
    work: Work, establishment_id: UUID, permission: Permission, following: EstablishmentState
) -> Establishment:
    """A request in the caller's scope, locked, that may take this step. Raises `EstablishmentStep`."""
    case = await queries.get_for_update(work, establishment_id, permission)
    work.expect(case)
    if not rules.may_become(EstablishmentState(case.state), following):
        raise errors.EstablishmentStep
    return case


async def step(
    work: Work,
    case: Establishment,
    state: EstablishmentState,
    on: date,
    *,
    document: str | None,
    reason: str | None = None,
) -> None:
    """Enter the step, and tell."""
    case.state = state
    work.session.add(
        EstablishmentStep(
            id=uuid7(), establishment_id=case.id, state=state, on_day=on, document=document, reason=reason
        )
    )
    work.touch(case)
    await work.session.flush()
    work.announce(
        EstablishmentStateChanged(
            subject=case.id,
            division_code=case.division_code,
            state=state,
            name=case.name,
            kind=BodyKind(case.kind),
            superior_id=case.superior_id,
            on=on,
            document=document,
            party_organization_id=case.party_organization_id,
        )
    )
