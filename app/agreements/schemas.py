"""What crosses the wire about pairing agreements."""

from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.agreements.rules import MOST_COUNTERPARTS, MOST_ITEMS, AgreementEnd, UnitKind
from app.core.events import Event
from app.core.fields import CodeRef, Day, DivisionCode, Input, LongText, Name, Output, Ref, ShortText
from app.core.pages import Filters, Question


class AgreementItem(Input):
    """One thing agreed, and when it had been done."""

    text: Annotated[ShortText, Field(description="What was agreed.", examples=["每季度联合开展一次主题党日"])]
    done_on: Annotated[Day | None, Field(description="The day on which it had been done.")] = None


Items = Annotated[list[AgreementItem], Field(max_length=MOST_ITEMS, default_factory=list)]


class CounterpartName(Input):
    """One with whom it is signed: a Party organization, an organization, or a unit outside the system."""

    party_organization_id: UUID | None = None
    organization_id: UUID | None = None
    unit_name: Name | None = None
    unit_kind: UnitKind | None = None


class AgreementSign(Input):
    """An agreement as it was signed. The holder is a Party organization or an organization of your scope."""

    party_organization_id: Annotated[UUID | None, Field(description="The holder, if a body.")] = None
    organization_id: Annotated[UUID | None, Field(description="The holder, if an organization.")] = None
    counterparts: Annotated[list[CounterpartName], Field(min_length=1, max_length=MOST_COUNTERPARTS)]
    title: Name
    number: Annotated[ShortText | None, Field(examples=["南社党共建〔2026〕3号"])] = None
    signed_on: Day
    from_on: Annotated[Day | None, Field(description="The day of signing if absent.")] = None
    until_on: Annotated[Day | None, Field(description="The day on which it is over; open if absent.")] = None
    items: Items
    document: ShortText | None = None


class AgreementCorrect(Input):
    """A merge patch: absent fields stay, null takes away; `items` is replaced whole. Parties never change."""

    title: Annotated[Name, Field(default_factory=str)]
    number: ShortText | None = None
    until_on: Annotated[Day | None, Field(description="A longer or shorter term.")] = None
    items: Items
    document: ShortText | None = None


class AgreementEnding(Input):
    """When and why it is over; what was recorded in error never was."""

    on: Annotated[Day | None, Field(description="The first day without it; today if absent.")] = None
    reason: AgreementEnd
    note: LongText | None = None


class CounterpartRead(Output):
    """One with whom the holder signed."""

    party_organization: Ref | None
    organization: Ref | None
    unit_name: str | None
    unit_kind: UnitKind | None


class AgreementRead(Output):
    """A pairing agreement with its parties and items."""

    id: UUID
    party_organization: Annotated[Ref | None, Field(description="The holder, if a Party organization.")]
    organization: Annotated[Ref | None, Field(description="The holder, if an organization.")]
    division: CodeRef
    counterparts: list[CounterpartRead]
    title: str
    number: str | None
    signed_on: date
    from_on: date
    until_on: date | None
    items: list[AgreementItem]
    document: str | None
    in_force: bool
    ended_on: date | None
    ended_reason: AgreementEnd | None
    ended_note: str | None
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class AgreementFilters(Filters):
    """Which agreements: of my scope, as holder or as counterpart."""

    division: Annotated[DivisionCode | None, Field(description="Held in it or below.")] = None
    party_organization_id: Annotated[
        UUID | None, Field(description="Held or countersigned by it or below.")
    ] = None
    organization_id: Annotated[UUID | None, Field(description="Held or countersigned by it.")] = None
    in_force: Annotated[bool | None, Field(description="Whether it holds today.")] = None
    until_before: Annotated[Day | None, Field(description="Those that are over before this day.")] = None


class AgreementFiguresQuery(Question):
    """Of which division, on which day."""

    division: Annotated[DivisionCode, Field(description="Lines are of what lies directly below.")] = "100000"
    as_of: Annotated[Day | None, Field(description="Today if absent.")] = None


class AgreementCounts(Output):
    """How many agreements hold, who holds them, with how many."""

    agreements: int
    holders: int
    holding_party_organizations: int
    counterparts: int
    counterparts_outside: int
    items: int
    items_done: int


class AgreementLine(AgreementCounts):
    """The figures of one division."""

    division: CodeRef


class AgreementFigures(Output):
    """The figures of a division, and of each directly below that has any."""

    as_of: date
    division: str
    total: AgreementCounts
    lines: list[AgreementLine]


class AgreementEvent(Event):
    """Something about a pairing agreement."""

    subject_type: ClassVar[str] = "pairing_agreement"


class AgreementSigned(AgreementEvent):
    """An agreement is on record."""

    type: ClassVar[str] = "pairing_agreement.signed"
    party_organization_id: UUID | None
    organization_id: UUID | None
    counterparts: int
    from_on: date
    until_on: date | None


class AgreementCorrected(AgreementEvent):
    """What is known of an agreement changed."""

    type: ClassVar[str] = "pairing_agreement.corrected"
    changed: list[str]


class AgreementEnded(AgreementEvent):
    """An agreement is over, or never was."""

    type: ClassVar[str] = "pairing_agreement.ended"
    on: date
    reason: AgreementEnd
