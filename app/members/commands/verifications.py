"""Somebody whom another place knows: the lowest level that sees both places is asked, and decides."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from app.core.access import NATIONAL, Permission
from app.core.crypto import mask_name
from app.core.db import uuid7
from app.core.work import Work
from app.members import errors, queries
from app.members.commands import transfers
from app.members.models import Member, Person, Verification
from app.members.rules import IN_PARTY, MemberStatus, VerificationOutcome, VerificationState
from app.members.schemas import MemberNeedsVerification, MemberVerified, VerificationDecision

_OPEN = text("state = 'open'")


async def ask(work: Work, number: Sequence[bytes], body_id: UUID, name: str | None) -> None:
    """Ask the level above the asking body and whoever knows this ID number, once while it is open.

    What the caller may see does not change: the look beyond it ends here, with a task and no answer."""
    await work.admit(NATIONAL)
    person = await work.scalar(select(Person).where(Person.id_number_blind.in_(number)))
    place = await queries.holder(work, body_id)
    if person is not None and place is not None:
        division = place[1]
        agrees = None if name is None else person.name_blind in work.crypto.index("persons.name", name).sought
        asked = insert(Verification).values(
            id=uuid7(),
            version=1,
            person_id=person.id,
            asking_body_id=body_id,
            asking_division_code=division,
            known_body_id=person.party_organization_id,
            known_division_code=person.division_code,
            level_division_code=await queries.common_level(work, division, person.division_code),
            name_mask=None if name is None else mask_name(name),
            name_agrees=agrees,
            state=VerificationState.OPEN,
            asked_by=work.actor.id,
            asked_by_name=work.actor.name,
        )
        await work.execute(
            asked.on_conflict_do_nothing(index_elements=["person_id", "asking_body_id"], index_where=_OPEN)
        )
        work.announce(MemberNeedsVerification(subject=body_id, division_code=division))
        await work.session.flush()
    await work.admit(work.actor.scope(Permission.MEMBER_RECORD))


async def decide(work: Work, verification_id: UUID, decision: VerificationDecision) -> None:
    """Whoever sees both places says who it is. The same person, a member elsewhere: a transfer is proposed to
    the place that asked; one whose membership ended comes into its sight, to be entered again."""
    row = await queries.verification_for_update(work, verification_id)
    work.expect(row)
    if row.state != VerificationState.OPEN:
        raise errors.VerificationDecided
    row.state, row.outcome, row.reason = VerificationState.DECIDED, decision.outcome, decision.reason
    row.decided_by, row.decided_by_name, row.decided_at = work.actor.id, work.actor.name, work.now
    if decision.outcome is VerificationOutcome.SAME_PERSON:
        await _bring_together(work, row)
    await work.session.flush()
    work.announce(
        MemberVerified(
            subject=row.asking_body_id,
            division_code=row.level_division_code,
            verification_id=row.id,
            outcome=decision.outcome,
            transfer_id=row.transfer_id,
        )
    )


async def _bring_together(work: Work, row: Verification) -> None:
    member: Member | None = await work.scalar(
        select(Member)
        .where(Member.person_id == row.person_id, Member.status != MemberStatus.ENDED)
        .with_for_update()
    )
    if member is None:
        person = await work.session.get(Person, row.person_id, with_for_update=True)
        if person is not None:
            person.party_organization_id = row.asking_body_id
            person.division_code = row.asking_division_code
    elif member.status in IN_PARTY and member.party_organization_id != row.asking_body_id:
        row.transfer_id = await transfers.propose(work, member, row.asking_body_id, row.reason or "")
