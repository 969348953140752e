"""Take a member's relations from one body to another: until accepted the sender answers (条例第25条)."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.core.access import Permission, Scope
from app.core.db import uuid7
from app.core.work import Work
from app.members import errors, queries, rules
from app.members.commands import checking, packs, statuses
from app.members.models import Affiliation, Member, Transfer
from app.members.queries import transfers as ends
from app.members.rules import IN_PARTY, EndKind, TransferRange, TransferState, Wrong
from app.members.schemas import TransferAccept, TransferChanged, TransferRequest, TransferReturn, TransferSend

_RECORD, _DECIDE = Permission.MEMBER_RECORD, Permission.MEMBER_DECIDE


async def request(work: Work, member_id: UUID, asked: TransferRequest) -> UUID:
    """Ask for a transfer of a member in one's scope; one open transfer per member. Raises `TransferOpen`."""
    if asked.to_party_organization_id is not None:
        await queries.lock_holder(work, asked.to_party_organization_id)
    member = await queries.get_for_update(work, member_id, _RECORD)
    work.expect(member)
    if member.status not in IN_PARTY:
        raise errors.StatusBlocked
    if (asked.to_party_organization_id is None) == (asked.to_outside is None):
        words = (
            "接收方须是系统内的党支部或系统外的单位, 二者选一",
            "give a receiving branch or a place outside, not both",
        )
        checking.refuse([Wrong("/to_party_organization_id", "one_receiver", words)])
    return await _open(work, member, asked)


async def propose(work: Work, member: Member, to_body_id: UUID, reason: str) -> UUID:
    """Ask for a transfer on behalf of both ends, of a locked member who was verified by the level above; the
    sender issues the letter. Raises `TransferOpen`."""
    return await _open(
        work, member, TransferRequest(to_party_organization_id=to_body_id, reason=reason), proposed=True
    )


async def _open(work: Work, member: Member, asked: TransferRequest, *, proposed: bool = False) -> UUID:
    sender = await queries.holder(work, member.party_organization_id)
    assert sender is not None  # noqa: S101 (a foreign key)
    receiver, division, reach = None, None, TransferRange.NATIONAL
    if asked.to_party_organization_id is not None:
        receiver, division = await checking.receiving_body(
            work, asked.to_party_organization_id, "/to_party_organization_id"
        )
        if receiver.id == member.party_organization_id:
            words = ("该党员已隶属这个支部", "the member belongs to this branch already")
            checking.refuse([Wrong("/to_party_organization_id", "same_body", words)])
        reach = rules.range_of(sender[0], receiver)
    if not proposed:
        await checking.may_send(work, sender[0], reach, "/to_party_organization_id")
    person = await queries.person_of(work, member)
    transfer = Transfer(
        id=uuid7(),
        member_id=member.id,
        name_mask=person.name_mask,
        from_body_id=member.party_organization_id,
        from_division_code=member.division_code,
        to_body_id=receiver.id if receiver else None,
        to_division_code=division,
        to_outside=asked.to_outside,
        range=reach,
        state=TransferState.REQUESTED,
        reason=asked.reason,
        requested_on=work.today,
    )
    work.session.add(transfer)
    work.touch(member)
    await work.session.flush()
    tell(work, transfer)
    return transfer.id


async def send(work: Work, transfer_id: UUID, letter: TransferSend) -> None:
    """Issue the introduction letter; past the days of the rule pack it warns, and loses nobody."""
    transfer = await _taken(work, transfer_id, _DECIDE, TransferState.SENT)
    await _as_sender(work, transfer, _DECIDE)
    sender = await queries.holder(work, transfer.from_body_id)
    assert sender is not None  # noqa: S101 (a foreign key)
    await checking.may_send(work, sender[0], TransferRange(transfer.range))
    issued = checking.day(work, letter.issued_on, pointer="/issued_on")
    pack = await packs.membership(work, transfer.from_division_code)
    transfer.letter_number, transfer.letter_issued_on = letter.letter_number, issued
    transfer.letter_until = rules.letter_until(issued, pack.letter_days)
    await _become(work, transfer, TransferState.SENT)


async def accept(work: Work, transfer_id: UUID, given: TransferAccept) -> None:
    """The receiver takes the member over; a receipt from outside, recorded by the sender, ends the
    membership here."""
    member = await _coming(work, transfer_id)
    transfer = await _taken(work, transfer_id, _DECIDE, TransferState.ACCEPTED)
    await _as_receiver(work, transfer)
    affiliation = await queries.affiliation_now(work, member)
    on = checking.day(work, given.on, after=affiliation.valid.lower)
    transfer.receipt_number = given.receipt_number
    if transfer.to_body_id is None or transfer.to_division_code is None:
        if given.receipt_number is None:
            words = ("转往系统外的须登记回执编号", "a receiver outside is shown by its receipt's number")
            checking.refuse([Wrong("/receipt_number", "receipt_required", words)])
        running = await queries.status_now(work, member)
        await statuses.finish(
            work, member, running, EndKind.TRANSFERRED_OUT, on, document=given.receipt_number
        )
    else:
        await checking.receiving_body(work, transfer.to_body_id, "")
        person = await queries.person_of(work, member)
        affiliation.valid = Range(affiliation.valid.lower, on)
        await work.session.flush()
        for row in (member, person):
            row.party_organization_id, row.division_code = transfer.to_body_id, transfer.to_division_code
        work.session.add(
            Affiliation(
                id=uuid7(),
                member_id=member.id,
                party_organization_id=transfer.to_body_id,
                valid=Range(on),
                transfer_id=transfer.id,
            )
        )
    transfer.ended_on = on
    await _become(work, transfer, TransferState.ACCEPTED)


async def send_back(work: Work, transfer_id: UUID, given: TransferReturn) -> None:
    """The receiver returns it, with the reason; the member is where they were."""
    transfer = await _taken(work, transfer_id, _DECIDE, TransferState.RETURNED)
    await _as_receiver(work, transfer)
    transfer.ended_on, transfer.ended_reason = work.today, given.reason
    await _become(work, transfer, TransferState.RETURNED)


async def cancel(work: Work, transfer_id: UUID, given: TransferReturn) -> None:
    """The sender calls it off before it is accepted."""
    transfer = await _taken(work, transfer_id, _RECORD, TransferState.CANCELLED)
    await _as_sender(work, transfer, _RECORD)
    transfer.ended_on, transfer.ended_reason = work.today, given.reason
    await _become(work, transfer, TransferState.CANCELLED)


async def _coming(work: Work, transfer_id: UUID) -> Member:
    """The member of a transfer that is to be accepted, locked after the receiving body and before the
    transfer: the order of everyone who needs several of them."""
    seen = await queries.transfer_in_sight(work, transfer_id, _DECIDE)
    scope = work.actor.scope(_DECIDE)
    # The member still belongs to the sender, out of the receiver's sight: from here on both ends are seen.
    await work.admit(Scope(scope.national, scope.divisions, (*scope.bodies, seen.from_body_id)))
    if seen.to_body_id is not None:
        await queries.lock_holder(work, seen.to_body_id)
    member = await work.session.get(Member, seen.member_id, with_for_update=True, populate_existing=True)
    if member is None:  # gone with its body meanwhile, and the transfer with it
        raise errors.TransferBlocked
    return member


async def _taken(work: Work, transfer_id: UUID, permission: Permission, following: TransferState) -> Transfer:
    transfer = await queries.transfer_for_update(work, transfer_id, permission)
    work.expect(transfer)
    if not rules.may_become(TransferState(transfer.state), following):
        raise errors.TransferBlocked
    return transfer


async def _as_sender(work: Work, transfer: Transfer, permission: Permission) -> None:
    if not await ends.is_end(work, transfer, ends.leaving(work.actor.scope(permission))):
        raise errors.NotTheSender


async def _as_receiver(work: Work, transfer: Transfer) -> None:
    """Whoever holds the receiving body; the sender for a receiver outside this service."""
    scope = work.actor.scope(_DECIDE)
    end = ends.leaving(scope) if transfer.to_body_id is None else ends.coming(scope)
    if not await ends.is_end(work, transfer, end):
        raise errors.NotTheReceiver


async def _become(work: Work, transfer: Transfer, state: TransferState) -> None:
    transfer.state = state
    await work.session.flush()
    tell(work, transfer)


def tell(work: Work, transfer: Transfer) -> None:
    """Announce the state of a transfer."""
    work.announce(
        TransferChanged(
            subject=transfer.member_id,
            division_code=transfer.from_division_code,
            transfer_id=transfer.id,
            state=TransferState(transfer.state),
            from_party_organization_id=transfer.from_body_id,
            to_party_organization_id=transfer.to_body_id,
            on=transfer.ended_on,
        )
    )
