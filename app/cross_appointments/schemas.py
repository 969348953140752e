"""What crosses the wire about cross appointments. People are masked."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.core.events import Event
from app.core.fields import Bilingual, CodeRef, Day, DivisionCode, Input, Output, Ref, ShortText
from app.core.pages import Filters, Question
from app.cross_appointments.rules import CrossRate, MatchState, RatePart

Subtree = Annotated[DivisionCode | None, Field(description="Bodies of this division and below.")]
Below = Annotated[UUID | None, Field(description="This Party organization and all below it.")]
AsOf = Annotated[Day | None, Field(description="As it was on this day; today if absent.")]


class CrossAppointmentFilters(Filters):
    """Which matches."""

    division: Subtree = None
    party_organization_id: Below = None
    organization_id: Annotated[UUID | None, Field(description="Officers of this organization.")] = None
    member_id: Annotated[UUID | None, Field(description="This member.")] = None
    state: MatchState | None = None


class CrossAppointmentPropose(Input):
    """Where to compare names: a body and all below it."""

    party_organization_id: Annotated[UUID, Field(description="This Party organization and all below it.")]


class CrossAppointmentsProposed(Output):
    """What was compared, and what it gave."""

    bodies: Annotated[int, Field(description="Party organizations looked at.", examples=[12])]
    proposed: Annotated[int, Field(description="New matches to confirm or to reject.", examples=[3])]


class CrossAppointmentConfirm(Input):
    """That they are one person."""

    reason: Annotated[ShortText | None, Field(description="How that is known.")] = None


class CrossAppointmentReject(Input):
    """That they only share a name."""

    reason: ShortText


class HeldTogether(Output):
    """An office and a post that were held together."""

    office: Annotated[str, Field(description="The office in the organization.", examples=["会长"])]
    is_principal: bool
    post_id: UUID
    role: Annotated[str, Field(description="The post in the Party organization.", examples=["secretary"])]
    from_on: date
    until_on: date | None


class CrossAppointmentRead(Output):
    """An officer of an organization who is, or may be, a member with a post in the body that covers it."""

    id: UUID
    organization: Ref
    party_organization: Ref
    division: CodeRef
    member_id: UUID
    name: Annotated[str, Field(examples=["张**"], description="Masked; `reveal` the member to see it.")]
    state: Annotated[MatchState, Field(examples=["proposed"])]
    decided_on: date | None
    reason: str | None
    held_together: list[HeldTogether]
    etag: str
    allowed_actions: list[str]


class CrossRatesQuery(Question):
    """Where and when to count."""

    division: Subtree = None
    party_organization_id: Below = None
    as_of: AsOf = None


class CrossOrganizationsFilters(Filters):
    """Exactly the organizations behind a figure."""

    rate: CrossRate = CrossRate.TWO_WAY_ENTRY
    part: RatePart = RatePart.NUMERATOR
    division: Subtree = None
    party_organization_id: Below = None
    as_of: AsOf = None


class CrossRateLists(Output):
    """Addresses of the lists that show exactly these organizations."""

    numerator: str
    denominator: str
    gap: str


class CrossRateRead(Output):
    """A rate with both its numbers, what they count, and the lists behind them."""

    code: CrossRate
    label: Bilingual
    numerator: Annotated[int, Field(examples=[472])]
    denominator: Annotated[int, Field(examples=[659])]
    percent: Annotated[
        str | None, Field(description="Half up, two decimals; null of nothing.", examples=["71.62"])
    ]
    definition: Bilingual
    list: CrossRateLists


class CrossRatesRead(Output):
    """Both rates on a day; `proposed` matches wait for somebody who knows, and count for nothing yet."""

    as_of: date
    rates: list[CrossRateRead]
    proposed: Annotated[int, Field(description="Matches that wait to be confirmed.", examples=[5])]


class CrossOrganizationRead(Output):
    """An organization behind a figure, as of the day."""

    id: UUID
    name: str
    division: CodeRef
    two_way_entry: bool
    principal_is_secretary: bool


class _MatchEvent(Event):
    """Ids only: whose officer is which member is told to nobody outside."""

    subject_type: ClassVar[str] = "organization"
    public: ClassVar[bool] = False


class CrossAppointmentProposed(_MatchEvent):
    """A name among the officers is that of somebody in a post of the body that covers the organization."""

    type: ClassVar[str] = "cross_appointment.proposed"
    cross_appointment_id: UUID
    party_organization_id: UUID
    member_id: UUID


class CrossAppointmentSettled(_MatchEvent):
    """Somebody said whether they are one person."""

    type: ClassVar[str] = "cross_appointment.decided"
    cross_appointment_id: UUID
    party_organization_id: UUID
    member_id: UUID
    state: MatchState
