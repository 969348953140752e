"""Leaders take on divisions, organizations and bodies, and say how far these are."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.core.access import Permission
from app.core.crypto import mask_name
from app.core.db import uuid7
from app.core.work import Work
from app.instructors import errors, queries
from app.instructors.commands import checking
from app.instructors.models import Contract, ContractTarget
from app.instructors.rules import ContractKind, Progress, Wrong
from app.instructors.schemas import (
    ContractEnd,
    ContractEnded,
    ContractSign,
    ContractSigned,
    TargetAdd,
    TargetAdded,
    TargetMoved,
    TargetProgress,
)
from app.party_organizations import queries as bodies

_RECORD, _DECIDE = Permission.INSTRUCTOR_RECORD, Permission.INSTRUCTOR_DECIDE


async def sign(work: Work, plan: ContractSign) -> UUID:
    """A leader takes on a division. A leader's contract without a number takes the rule pack's."""
    since = plan.from_on or work.today
    wrongs = []
    if plan.until_on is not None and plan.until_on <= since:
        words = ("终止日期须晚于起始日期", "it must end after it begins")
        wrongs.append(Wrong("/until_on", "empty_period", words))
    if not await queries.body_in_scope(work, plan.party_organization_id):
        wrongs.append(checking.missing("/party_organization_id", "党组织", "Party organization"))
    elif not await queries.division_in_scope(work, plan.division_code, plan.party_organization_id):
        wrongs.append(checking.missing("/division_code", "行政区划", "division"))
    checking.refuse(wrongs)
    quota = plan.quota
    if quota is None and plan.kind is ContractKind.LEADER_CONTRACT:
        quota = (await checking.pack(work, plan.division_code, work.today)).contract_quota
    contract = Contract(
        id=uuid7(),
        kind=plan.kind,
        name_mask=mask_name(plan.name),
        post=plan.post,
        party_organization_id=plan.party_organization_id,
        division_code=plan.division_code,
        quota=quota,
        valid=Range(since, plan.until_on),
        document=plan.document,
    )
    contract.name_cipher = work.crypto.encrypt(
        plan.name, table="leader_contracts", column="name_cipher", row=contract.id
    )
    work.session.add(contract)
    await work.session.flush()
    work.announce(
        ContractSigned(subject=contract.id, division_code=contract.division_code, kind=plan.kind, quota=quota)
    )
    return contract.id


async def end(work: Work, contract_id: UUID, order: ContractEnd) -> None:
    """End a contract; its targets stay on record with what they had come to."""
    contract = await _running(work, contract_id, _DECIDE)
    on = checking.not_later(work, order.on)
    if contract.valid.lower is not None and on <= contract.valid.lower:
        words = ("须晚于起始日期", "must be later than the first day")
        checking.refuse([Wrong("/on", "too_early", words)])
    contract.valid = Range(contract.valid.lower, on)
    await work.session.flush()
    work.announce(ContractEnded(subject=contract.id, division_code=contract.division_code, on=on))


async def add_target(work: Work, contract_id: UUID, given: TargetAdd) -> None:
    """A leader takes on an organization or a Party organization. Raises `QuotaReached`, `TargetTwice`."""
    contract = await _running(work, contract_id, _RECORD)
    on = checking.not_later(work, given.from_on, "/from_on")
    if checking.both_or_neither(given.organization_id, given.target_party_organization_id):
        words = ("社会组织和党组织二者选一", "name an organization or a Party organization, not both")
        checking.refuse([Wrong("/organization_id", "one_target", words)])
    if given.organization_id is not None:
        if not await bodies.lock_organizations(work, [given.organization_id], _RECORD):
            checking.refuse([checking.missing("/organization_id", "社会组织", "organization")])
    elif not await queries.body_in_scope(work, given.target_party_organization_id, _RECORD):
        wrong = checking.missing("/target_party_organization_id", "党组织", "Party organization")
        checking.refuse([wrong])
    targets = await queries.targets_of(work, contract.id)
    if contract.quota is not None and len(targets) >= contract.quota:
        raise errors.QuotaReached
    target = ContractTarget(
        id=uuid7(),
        contract_id=contract.id,
        organization_id=given.organization_id,
        target_party_organization_id=given.target_party_organization_id,
        valid=Range(on, None),
        progress=Progress.NOT_STARTED,
    )
    work.session.add(target)
    work.touch(contract)
    await work.session.flush()
    work.announce(TargetAdded(subject=contract.id, division_code=contract.division_code, target_id=target.id))


async def move_target(work: Work, contract_id: UUID, target_id: UUID, given: TargetProgress) -> None:
    """Say how far a target is."""
    contract = await _running(work, contract_id, _RECORD, expected=False)
    target = next((row for row in await queries.targets_of(work, contract.id) if row.id == target_id), None)
    if target is None:
        raise errors.ContractNotFound
    work.expect(target)
    target.progress, target.note = given.progress, given.note
    work.touch(contract)
    await work.session.flush()
    work.announce(
        TargetMoved(
            subject=contract.id,
            division_code=contract.division_code,
            target_id=target.id,
            progress=given.progress,
        )
    )


async def _running(
    work: Work, contract_id: UUID, permission: Permission, *, expected: bool = True
) -> Contract:
    contract = await queries.contract_for_update(work, contract_id, permission)
    if expected:
        work.expect(contract)
    if contract.valid.upper is not None and contract.valid.upper <= work.today:
        raise errors.ContractIsOver
    return contract
