"""Phone numbers: sealed as they come in, shown one at a time, on record before they are shown."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, inspect, select

from app.core import bulk
from app.core.access import Permission
from app.core.crypto import mask_phone
from app.core.db import uuid7
from app.core.work import Work
from app.identity import commands as identity
from app.organizations import errors, queries, rules
from app.organizations.models import OrganizationPhone
from app.organizations.schemas import PhoneRevealed, RevealedPhone, RevealRequest

_TABLE, _COLUMN = "organization_phones", "phone_cipher"
CONTACT = "contact_phone"


Known = Mapping[tuple[UUID, str, bytes], OrganizationPhone]
"""Numbers that are there, by organization, holder and blind index."""


async def known(
    work: Work, organization_ids: Sequence[UUID]
) -> dict[tuple[UUID, str, bytes], OrganizationPhone]:
    """The numbers of organizations that are there."""
    if not organization_ids:
        return {}
    rows = await work.scalars(
        select(OrganizationPhone).where(OrganizationPhone.organization_id == func.any(list(organization_ids)))
    )
    return {(row.organization_id, row.holder, row.phone_blind): row for row in rows}


def sealed(work: Work, organization_id: UUID, holder: str, number: str, there: Known) -> OrganizationPhone:
    """The row of a number: the one that is there, or a new one, encrypted for its place, not yet stored."""
    blind = work.crypto.blind("organization_phones.phone", number)
    phone = there.get((organization_id, holder, blind))
    if phone is not None:
        return phone
    phone_id = uuid7()
    return OrganizationPhone(
        id=phone_id,
        organization_id=organization_id,
        holder=holder,
        phone_cipher=work.crypto.encrypt(number, table=_TABLE, column=_COLUMN, row=phone_id),
        phone_blind=blind,
        phone_mask=mask_phone(number),
    )


async def keep(work: Work, numbers: Iterable[OrganizationPhone]) -> None:
    """Store the numbers that are not there yet."""
    await bulk.insert(
        work,
        OrganizationPhone,
        [
            {
                "id": number.id,
                "organization_id": number.organization_id,
                "holder": number.holder,
                "phone_cipher": number.phone_cipher,
                "phone_blind": number.phone_blind,
                "phone_mask": number.phone_mask,
            }
            for number in numbers
            if inspect(number).transient
        ],
    )


def secret(phone: OrganizationPhone) -> rules.Secret:
    """What a statement keeps of a number."""
    return rules.Secret(phone.id, phone.phone_blind)


async def reveal_contact(work: Work, organization_id: UUID, request: RevealRequest) -> RevealedPhone:
    """The contact's number in plain text; who asked and why is committed before it leaves.

    Raises `OrganizationNotFound`, `NoPhone`, and what the rules of reveals refuse."""
    scope = work.actor.scope(Permission.PERSON_REVEAL)
    organization = await queries.get_for_update(work, organization_id, scope)
    number = await _reveal(
        work, organization_id, organization.contact_phone_id, request, division=organization.division_code
    )
    return RevealedPhone(phone=number, holder=organization.contact_name)


async def reveal_officer(
    work: Work, organization_id: UUID, officer_id: UUID, request: RevealRequest
) -> RevealedPhone:
    """An officer's number in plain text. Raises `OfficerNotFound` too."""
    scope = work.actor.scope(Permission.PERSON_REVEAL)
    organization = await queries.get_for_update(work, organization_id, scope)
    officer = await queries.officer(work, organization_id, officer_id)
    if officer is None:
        raise errors.OfficerNotFound
    number = await _reveal(
        work, organization_id, officer.phone_id, request, division=organization.division_code, officer=True
    )
    return RevealedPhone(phone=number, holder=officer.name)


async def _reveal(
    work: Work,
    organization_id: UUID,
    phone_id: UUID | None,
    request: RevealRequest,
    *,
    division: str,
    officer: bool = False,
) -> str:
    work.keep_secret()
    if phone_id is None:
        raise errors.NoPhone
    await identity.permit_reveal(work)
    work.announce(
        PhoneRevealed(
            subject=organization_id,
            division_code=division,
            phone_id=phone_id,
            of="officer" if officer else "contact",
            purpose=request.purpose,
            reason=request.reason,
        )
    )
    await work.session.flush()
    phone = await queries.phone(work, phone_id)
    return work.crypto.decrypt(phone.phone_cipher, table=_TABLE, column=_COLUMN, row=phone.id)
