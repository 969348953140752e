"""Transfers of relations: what is asked, sent, accepted and read."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields import Input, Output, Ref, SafeStr, ShortText
from app.core.pages import Filters
from app.members.rules import TransferRange, TransferState
from app.members.schemas.words import MaskedName, On


class TransferRequest(Input):
    """Where the relations go: a body of this service, or a place outside it."""

    to_party_organization_id: Annotated[UUID | None, Field(description="The receiving branch.")] = None
    to_outside: Annotated[
        str | None,
        SafeStr(200),
        Field(description="Or a receiver outside this service.", examples=["某某市委组织部"]),
    ] = None
    reason: ShortText


class MemberMove(Input):
    """Where an applicant, activist or development target goes on, without a relation to transfer."""

    to_party_organization_id: Annotated[UUID, Field(description="The branch that goes on with them.")]
    on: On = None
    reason: ShortText


class TransferSend(Input):
    """The introduction letter (介绍信)."""

    letter_number: Annotated[str, SafeStr(64), Field(examples=["NS2026-0007"])]
    issued_on: On = None


class TransferAccept(Input):
    """The acceptance; for a receiver outside the service its receipt (回执) is recorded by the sender."""

    on: On = None
    receipt_number: Annotated[str | None, SafeStr(64), Field(examples=["回执第12号"])] = None


class TransferReturn(Input):
    """Why it goes back; a refusal needs its reason (条例第25条)."""

    reason: ShortText


class TransferRead(Output):
    """A transfer. Until it is accepted the sender answers and the member counts there."""

    id: UUID
    member_id: UUID
    name: MaskedName
    from_party_organization: Ref
    to_party_organization: Ref | None
    to_outside: str | None
    range: Annotated[TransferRange, Field(examples=["within_province"])]
    state: Annotated[TransferState, Field(examples=["sent"])]
    reason: str
    requested_on: date
    letter_number: str | None
    letter_issued_on: date | None
    letter_until: Annotated[
        date | None, Field(description="The letter's last day; past it the transfer warns.")
    ]
    overdue: Annotated[bool, Field(description="Sent, and the letter has run out; nobody is lost by that.")]
    ended_on: date | None
    ended_reason: str | None
    receipt_number: str | None
    etag: str
    allowed_actions: list[str]


class TransferFilters(Filters):
    """Which transfers, of those whose sender or receiver lies in one's scope."""

    state: Annotated[TransferState | None, Field(description="Only this state.")] = None
    member_id: Annotated[UUID | None, Field(description="Of this member.")] = None
    incoming: Annotated[bool | None, Field(description="Coming into my scope, or leaving from it.")] = None
    overdue: Annotated[bool | None, Field(description="Sent, and the letter has run out.")] = None
