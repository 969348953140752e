"""Members as they are entered, changed, read, found and shown."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields import (
    CodeRef,
    Day,
    DivisionCode,
    IdNumber,
    Input,
    Output,
    PhoneNumber,
    Ref,
    SafeStr,
    ShortText,
)
from app.core.pages import Filters, Question
from app.members.rules import Employment, EndKind, MemberClock, MemberStatus
from app.members.schemas.words import (
    Document,
    MaskedIdNumber,
    MaskedName,
    MaskedPhone,
    PartialDay,
    PartialDayRead,
    PersonName,
)


class MemberCreate(Input):
    """A person who is already somewhere on the way, with the papers that show it."""

    name: PersonName
    id_number: IdNumber | None = None
    phone: PhoneNumber | None = None
    status: Annotated[
        MemberStatus, Field(description="Not `suspended` or `ended`: those are verbs.", examples=["full"])
    ]
    applied_on: Annotated[Day | None, Field(description="The day of the application (入党申请).")] = None
    joined: Annotated[PartialDay | None, Field(description="入党时间: the meeting that admitted.")] = None
    full: Annotated[PartialDay | None, Field(description="转正时间: from it counts the 党龄.")] = None
    party_organization_id: Annotated[UUID, Field(description="The branch of the main affiliation.")]
    affiliated_on: Annotated[Day | None, Field(description="Since when there; today if absent.")] = None
    organization_id: Annotated[UUID | None, Field(description="The social organization they work in.")] = None
    employment: Annotated[
        Employment | None, Field(description="Their tie to it.", examples=["full_time_staff"])
    ] = None
    scattered: Annotated[bool, Field(description="零散党员: looked after by a service centre.")] = False
    document: Annotated[
        Document | None, Field(description="What shows the membership, say a letter's number.")
    ] = None


class MemberUpdate(Input):
    """A merge patch: absent fields stay, null takes away. Status and affiliation change by verbs only."""

    name: Annotated[PersonName, Field(default_factory=str)]
    id_number: IdNumber | None = None
    phone: PhoneNumber | None = None
    organization_id: Annotated[UUID | None, Field(description="The social organization they work in.")] = None
    employment: Annotated[Employment | None, Field(examples=["part_time"])] = None
    scattered: Annotated[bool, Field(default_factory=bool)]
    floating_since: Annotated[Day | None, Field(description="Away without transfer since (流动党员).")] = None
    contact_lost_on: Annotated[Day | None, Field(description="Contact is lost since (失联).")] = None


class MemberRead(Output):
    """A member, masked."""

    id: UUID
    name: MaskedName
    id_number: MaskedIdNumber
    phone: MaskedPhone
    status: Annotated[MemberStatus, Field(examples=["full"])]
    ended_kind: EndKind | None
    ended_on: date | None
    applied_on: date | None
    joined: PartialDayRead | None
    full: PartialDayRead | None
    party_organization: Annotated[Ref, Field(description="The branch of the main affiliation.")]
    division: CodeRef
    organization: Annotated[Ref | None, Field(description="The social organization they work in.")]
    employment: Employment | None
    scattered: bool
    floating_since: date | None
    contact_lost_on: date | None
    suspension_due_on: Annotated[
        date | None, Field(description="From then on it may be suspended: contact is lost (第24条).")
    ]
    strike_off_due_on: Annotated[
        date | None, Field(description="From then on a suspended member may be struck off (第24条).")
    ]
    floating_due_on: Annotated[
        date | None, Field(description="From then on a transfer is due, or the care for a floating member.")
    ]
    open_transfer_id: Annotated[UUID | None, Field(description="The transfer that is under way.")]
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class MemberFilters(Filters):
    """Which members. Nobody is searched by name or number in an address: see `POST /members/find`."""

    party_organization_id: Annotated[UUID | None, Field(description="In this body or below it.")] = None
    division: Annotated[DivisionCode | None, Field(description="In bodies of this division and below.")] = (
        None
    )
    status: Annotated[MemberStatus | None, Field(description="Only this status.")] = None
    in_party: Annotated[
        bool | None, Field(description="Probationary, full and suspended, or the others.")
    ] = None
    organization_id: Annotated[UUID | None, Field(description="Working in this organization.")] = None
    employment: Annotated[Employment | None, Field(description="Tied to it in this way.")] = None
    scattered: Annotated[bool | None, Field(description="零散党员.")] = None
    floating: Annotated[bool | None, Field(description="流动党员.")] = None
    contact_lost: Annotated[bool | None, Field(description="失联党员.")] = None
    clock: Annotated[
        MemberClock | None, Field(description="Whose clock of this kind runs.", examples=["suspension"])
    ] = None
    clock_due_by: Annotated[
        Day | None, Field(description="Whose clock (of any kind, or of `clock`) is due by this day.")
    ] = None


class MemberFind(Input):
    """Whom to find in one's scope: the whole name, the ID number (15 or 18 digits) or the phone, exactly."""

    name: PersonName | None = None
    id_number: IdNumber | None = None
    phone: PhoneNumber | None = None


class MembersFound(Output):
    """At most 50 members of the caller's scope who match everything that was given."""

    items: list[MemberRead]


class MemberCountsQuery(Question):
    """Where to count: a division, or a body and all below it."""

    division: Annotated[DivisionCode | None, Field(description="Bodies of this division and below.")] = None
    party_organization_id: Annotated[UUID | None, Field(description="This body and below.")] = None


class MemberCount(Output):
    """How many have one status."""

    status: Annotated[MemberStatus, Field(examples=["full"])]
    members: int


class EmploymentCount(Output):
    """How many full members have one tie to their organization; null: none on record."""

    employment: Employment | None
    full_members: int


class MemberCounts(Output):
    """Members by status; `in_party` counts probationary, full and suspended ones. A threshold of three full
    members counts all of them, or full-time staff only (甬民党〔2018〕14号第5条): see `by_employment`."""

    in_party: int
    by_status: list[MemberCount]
    by_employment: list[EmploymentCount]
    floating: int
    scattered: int
    contact_lost: int


class RevealRequest(Input):
    """Whose plain text, which of it, and why; it is on record before it is shown."""

    fields: Annotated[
        list[Annotated[str, Field(pattern="^(name|id_number|phone)$", max_length=9, examples=["phone"])]],
        Field(min_length=1, max_length=3, examples=[["name", "phone"]]),
    ]
    purpose: Annotated[
        str, SafeStr(64), Field(examples=["organization_life"], description="A short code or word.")
    ]
    reason: ShortText


class MemberRevealed(Output):
    """Plain text; fields that were not asked for, or that nobody has recorded, are null."""

    name: Annotated[str | None, Field(examples=["张三"])]
    id_number: Annotated[str | None, Field(examples=["11010519491231002X"])]
    phone: Annotated[str | None, Field(examples=["13800138000"])]
