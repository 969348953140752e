"""What crosses the wire about members. People are masked; plain text leaves only by `reveal`."""

from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.core.events import Event
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
from app.members.rules import (
    Employment,
    EndKind,
    MemberStatus,
    Precision,
    Restriction,
    TransferRange,
    TransferState,
)

PersonName = Annotated[str, SafeStr(80), Field(title="Name of a person", examples=["张三"])]
Document = Annotated[
    str,
    SafeStr(200),
    Field(title="Document", examples=["南社党〔2026〕7号"], description="The deciding paper."),
]
On = Annotated[Day | None, Field(description="The day from which it holds; today if absent.")]
MaskedName = Annotated[str, Field(examples=["张**"], description="Masked; `reveal` shows it.")]
MaskedIdNumber = Annotated[str | None, Field(examples=["**************002X"], description="Masked.")]
MaskedPhone = Annotated[str | None, Field(examples=["138****8000"], description="Masked.")]
BodyId = Annotated[
    UUID, Field(description="A Party organization.", examples=["0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"])
]


class PartialDay(Input):
    """A date of which perhaps only the month or the year is known: what is unknown reads 01."""

    on: Annotated[Day, Field(examples=["1999-07-01"])]
    precision: Annotated[Precision, Field(examples=["year"])]


class PartialDayRead(Output):
    """A date of which perhaps only the month or the year is known."""

    on: Annotated[date, Field(examples=["1999-07-01"])]
    precision: Annotated[Precision, Field(examples=["year"])]


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


class MemberCounts(Output):
    """Members by status; `in_party` counts probationary, full and suspended ones."""

    in_party: int
    by_status: list[MemberCount]


class MemberSuspend(Input):
    """停止党籍: contact lost for the months that the rule pack counts, or settled abroad."""

    on: On = None
    abroad: Annotated[bool, Field(description="Settled abroad, or away for more than five years.")] = False
    document: Document


class MemberRestore(Input):
    """恢复党籍 of a suspended membership."""

    on: On = None
    document: Document


class MemberEnd(Input):
    """How and when the membership or the application ended."""

    kind: Annotated[EndKind, Field(examples=["deceased"])]
    on: On = None
    document: Document | None = None
    reason: ShortText | None = None


class StatusRead(Output):
    """A status over a time."""

    status: MemberStatus
    from_on: date
    until_on: date | None
    document: str | None
    reason: str | None


class AffiliationRead(Output):
    """A main affiliation over a time."""

    party_organization: Ref
    from_on: date
    until_on: date | None
    transfer_id: UUID | None


class ParticipationRead(Output):
    """Organization life elsewhere over a time."""

    id: UUID
    party_organization: Ref
    kind: Annotated[str, Field(examples=["secondary"])]
    from_on: date
    until_on: date | None
    etag: str


class RestrictionRead(Output):
    """A limit of rights over a time."""

    id: UUID
    kind: Restriction
    from_on: date
    until_on: date | None
    document: str
    etag: str


class MemberHistory(Output):
    """Who belonged where, since when, by which paper: each list from the oldest to the newest."""

    statuses: list[StatusRead]
    affiliations: list[AffiliationRead]
    participations: list[ParticipationRead]
    restrictions: list[RestrictionRead]


class RestrictionStart(Input):
    """A limit of rights: 留党察看, or rights suspended while a matter is investigated."""

    kind: Annotated[Restriction, Field(examples=["probation_within_party"])]
    from_on: On = None
    until_on: Annotated[Day | None, Field(description="The first day without it, where that is known.")] = (
        None
    )
    document: Document


class LinkEnd(Input):
    """The end of a restriction or a participation."""

    on: Annotated[Day | None, Field(description="The first day without it; today if absent.")] = None


class ParticipationStart(Input):
    """Organization life in another body, the relations staying where they are."""

    party_organization_id: BodyId
    kind: Annotated[str, Field(pattern="^(secondary|floating)$", max_length=9, examples=["floating"])]
    from_on: On = None


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


class TransferRequest(Input):
    """Where the relations go: a body of this service, or a place outside it."""

    to_party_organization_id: Annotated[UUID | None, Field(description="The receiving branch.")] = None
    to_outside: Annotated[
        str | None,
        SafeStr(200),
        Field(description="Or a receiver outside this service.", examples=["某某市委组织部"]),
    ] = None
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


class _MemberEvent(Event):
    """Ids only; feeds of subscribers carry nothing about people."""

    subject_type: ClassVar[str] = "member"
    public: ClassVar[bool] = False


class MemberRecorded(_MemberEvent):
    """A member was entered into the ledger."""

    type: ClassVar[str] = "member.recorded"
    status: MemberStatus
    party_organization_id: UUID


class MemberChanged(_MemberEvent):
    """What is known of a member was changed; the values are not told."""

    type: ClassVar[str] = "member.changed"
    changed: list[str]


class MemberStatusChanged(_MemberEvent):
    """A member was suspended, restored or ended."""

    type: ClassVar[str] = "member.status_changed"
    status: MemberStatus
    kind: EndKind | None
    on: date


class MemberNeedsVerification(Event):
    """A person could not be entered here: the level above both places verifies."""

    type: ClassVar[str] = "member.needs_verification"
    subject_type: ClassVar[str] = "party_organization"
    public: ClassVar[bool] = False


class MembersLookedUp(Event):
    """Somebody looked for a person by name or number."""

    type: ClassVar[str] = "member.looked_up"
    subject_type: ClassVar[str] = "user"
    public: ClassVar[bool] = False
    by: list[str]
    found: int


class MemberShown(_MemberEvent):
    """Plain text of a member was shown to somebody, who said why."""

    type: ClassVar[str] = "member.revealed"
    reveals: ClassVar[bool] = True
    fields: list[str]
    purpose: str
    reason: str


class MemberLinkChanged(_MemberEvent):
    """A restriction or a participation began or ended."""

    type: ClassVar[str] = "member.link_changed"
    link: str
    link_id: UUID
    begun: bool
    on: date


class TransferChanged(_MemberEvent):
    """A transfer was requested, sent, accepted, returned or cancelled."""

    type: ClassVar[str] = "member.transfer_changed"
    transfer_id: UUID
    state: TransferState
    from_party_organization_id: UUID
    to_party_organization_id: UUID | None
