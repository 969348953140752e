"""The contact for setting up the Party organization: named by the responsible body, the number kept
encrypted."""

from uuid import UUID

from sqlalchemy import func

from app.core.access import Permission
from app.core.crypto import mask_phone
from app.core.db import uuid7
from app.core.work import Work
from app.duties import queries
from app.duties.commands.papers import not_in_future
from app.duties.errors import ContactNotFound, DutyNotOpen
from app.duties.models import SetupContact
from app.duties.rules import DutyKind, DutyState
from app.duties.schemas import (
    ContactReveal,
    RevealedContact,
    SetupContactNamed,
    SetupContactNaming,
    SetupContactRevealed,
)
from app.identity import commands as identity

TABLE, COLUMN = "setup_contacts", "phone_cipher"


async def name_setup_contact(work: Work, organization_id: UUID, given: SetupContactNaming) -> UUID:
    """Name the contact, or another one in its place. Raises `DutyNotFound`, `DutyNotOpen`, `DayInFuture`."""
    duty, registration = await queries.get_for_update(
        work, Permission.DUTY_RECORD, of=(organization_id, DutyKind.SETUP_CONTACT)
    )
    work.expect(duty)
    if duty.state not in (DutyState.OPEN, DutyState.DONE):
        raise DutyNotOpen
    not_in_future(work, "/named_on", given.named_on)
    if (previous := await queries.contact(work, organization_id)) is not None:
        previous.replaced_at = func.clock_timestamp()
        await work.session.flush()
    row = uuid7()
    work.session.add(
        SetupContact(
            id=row,
            organization_id=organization_id,
            duty_id=duty.id,
            party_organization_id=registration.lead_id,
            name=given.name,
            phone_cipher=work.crypto.encrypt(given.phone, table=TABLE, column=COLUMN, row=row),
            phone_mask=mask_phone(given.phone),
            named_on=given.named_on,
        )
    )
    if duty.state == DutyState.OPEN:
        duty.state, duty.done_on = DutyState.DONE, given.named_on
    duty.note = given.note
    work.touch(duty)
    work.announce(
        SetupContactNamed(
            subject=organization_id,
            division_code=registration.division_code,
            duty_id=duty.id,
            contact_id=row,
            named_on=given.named_on,
        )
    )
    return duty.id


async def reveal_setup_contact(work: Work, organization_id: UUID, given: ContactReveal) -> RevealedContact:
    """The number in full, with its audit row written before it is read.

    Raises `NotFound`, `ContactNotFound`, `FreshSignInNeeded`, `RevealsSpent`."""
    work.keep_secret()
    contact = await queries.contact_in_scope(work, organization_id)
    if contact is None:
        raise ContactNotFound
    await identity.permit_reveal(work)
    registration = await queries.registration(work, organization_id)
    work.announce(
        SetupContactRevealed(
            subject=contact.id,
            division_code=registration.division_code if registration else None,
            organization_id=organization_id,
            purpose=given.purpose,
            reason=given.reason,
        )
    )
    await work.session.flush()
    phone = work.crypto.decrypt(contact.phone_cipher, table=TABLE, column=COLUMN, row=contact.id)
    return RevealedContact(id=contact.id, name=contact.name, phone=phone)
