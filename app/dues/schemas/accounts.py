"""Standards, payments, arrears."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.core.events import Event
from app.core.fields import CodeRef, Day, DecimalString, DivisionCode, Input, Output, Ref, ShortText
from app.core.pages import Filters, Question
from app.dues.rules import ArrearsStep, DuesState, IncomeClass, ReductionState

MONTH = "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"
Month = Annotated[str, Field(pattern=MONTH, max_length=7, description="A month.", examples=["2026-10"])]
FromMonth = Annotated[
    str, Field(pattern=MONTH, max_length=7, description="The first month.", examples=["2026-07"])
]
UntilMonth = Annotated[
    str | None,
    Field(
        pattern=MONTH,
        max_length=7,
        description="The first month no longer; null: open.",
        examples=["2027-07"],
    ),
]
ThroughMonth = Annotated[
    str | None,
    Field(
        pattern=MONTH, max_length=7, description="The last month; the same if absent.", examples=["2026-09"]
    ),
]
Money = Annotated[DecimalString, Field(description="Yuan a month.", examples=["75.00"])]
Sum = Annotated[DecimalString, Field(description="Yuan in all.", examples=["300.00"])]
Klass = Annotated[IncomeClass, Field(description="By what dues are counted: income, or a small fixed sum.")]
MemberRef = Annotated[
    Ref,
    Field(
        description="The member, masked.",
        examples=[{"id": "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11", "name": "张**"}],
    ),
]
BodyFilter = Annotated[UUID | None, Field(description="This Party organization and all below it.")]
DivisionFilter = Annotated[DivisionCode | None, Field(description="This division and all below it.")]


class DuesStandardSet(Input):
    """What a member owes from a month on. The income is sealed; everybody else sees the standard only."""

    income_class: Klass
    income: Annotated[
        DecimalString | None,
        Field(description="The month's income after tax, for classes by income.", examples=["5000.01"]),
    ] = None
    amount: Annotated[
        DecimalString | None,
        Field(description="The sum chosen within the range, for classes with one.", examples=["0.50"]),
    ] = None
    from_month: FromMonth


class DuesStandardRead(Output):
    """A standard over a time."""

    income_class: Klass
    rate: Annotated[
        str | None, Field(description="On the whole income; null where none.", examples=["0.0150"])
    ]
    amount: Money
    from_month: FromMonth
    until_month: UntilMonth


class DuesPaymentRead(Output):
    """One month, paid or cancelled."""

    id: UUID
    member: MemberRef
    party_organization: Annotated[Ref, Field(description="Who collected it.")]
    month: Month
    amount: Money
    paid_on: Annotated[date, Field(description="The day it was paid on.", examples=["2026-10-12"])]
    state: Annotated[str, Field(description="Paid, or cancelled.", examples=["paid"])]
    cancelled_reason: Annotated[str | None, Field(description="Why it was cancelled.", examples=["重复登记"])]
    etag: str
    allowed_actions: list[str]


class ReductionPeriod(Output):
    """An approved reduction."""

    id: UUID
    amount: Money
    from_month: FromMonth
    until_month: UntilMonth
    state: Annotated[ReductionState, Field(description="Where it stands.")]


class MonthDue(Output):
    """A month that is over, owed and not paid."""

    month: Month
    amount: Money


class DuesAccountQuery(Question):
    """Seen from which day."""

    as_of: Annotated[Day | None, Field(description="Months before this day's count; today if absent.")] = None


class DuesAccountRead(Output):
    """A member's dues: standards, the payments of the last two years, reductions, arrears."""

    member: MemberRef
    as_of: date
    standards: Annotated[list[DuesStandardRead], Field(description="From the oldest to the newest.")]
    payments: Annotated[list[DuesPaymentRead], Field(description="The latest month first.")]
    reductions: Annotated[list[ReductionPeriod], Field(description="Every application and its outcome.")]
    arrears: Annotated[list[MonthDue], Field(description="Months owed and not paid, the oldest first.")]
    arrears_amount: Sum
    consecutive_months: Annotated[int, Field(description="Unpaid in a row up to now.", examples=[3])]
    step: Annotated[ArrearsStep, Field(description="What that leads to by the rule pack.")]


class DuesPaymentEntry(Input):
    """A member's months; what is due for each, unless more is given."""

    member_id: UUID
    from_month: FromMonth
    through_month: ThroughMonth = None
    amount: Annotated[
        DecimalString | None,
        Field(description="Yuan for each month, if more than is due.", examples=["80.00"]),
    ] = None


class DuesCollect(Input):
    """What a body collected from its members, up to 24 months each."""

    party_organization_id: Annotated[UUID, Field(description="The branch that collected.")]
    paid_on: Annotated[Day | None, Field(description="The day; today if absent.")] = None
    payments: Annotated[
        list[DuesPaymentEntry],
        Field(min_length=1, max_length=200, description="Members with their months."),
    ]


class DuesReceipt(Output):
    """One month of one member, as taken in."""

    id: UUID
    member_id: UUID
    month: Month
    amount: Money


class DuesCollection(Output):
    """What was taken in."""

    party_organization_id: Annotated[UUID, Field(description="Who collected.")]
    paid_on: Annotated[date, Field(description="The day it was paid on.", examples=["2026-10-12"])]
    amount: Sum
    receipts: Annotated[list[DuesReceipt], Field(description="Each month of each member.")]


class DuesPaymentCancel(Input):
    """Why the record was wrong."""

    reason: ShortText


class DuesSheetFilters(Filters):
    """Whose month."""

    month: Month
    division: DivisionFilter = None
    party_organization_id: BodyFilter = None
    state: Annotated[DuesState | None, Field(description="Only members in this state.")] = None


class DuesRowRead(Output):
    """A member in one month."""

    member: MemberRef
    party_organization: Ref
    income_class: Annotated[IncomeClass | None, Field(description="Null without a standard.")]
    standard: Annotated[
        DecimalString | None, Field(description="By the standard; null without one.", examples=["75.00"])
    ]
    due: Annotated[
        DecimalString | None,
        Field(description="After a reduction; null where none is owed.", examples=["20.00"]),
    ]
    paid: Annotated[DecimalString | None, Field(description="What was paid.", examples=["75.00"])]
    paid_on: Annotated[date | None, Field(description="The day it was paid on.", examples=["2026-10-12"])]
    state: Annotated[DuesState, Field(description="Paid, unpaid, without a standard, or not owed.")]


class DuesCountsQuery(Question):
    """Where, and which month."""

    month: Month
    division: DivisionFilter = None
    party_organization_id: BodyFilter = None


class DuesCountsRead(Output):
    """A month over a scope: members who owe, who paid, and sums."""

    month: Month
    owing: Annotated[int, Field(description="Members who owe it.", examples=[120])]
    paid: Annotated[int, Field(description="Of those, members who paid.", examples=[114])]
    percent: Annotated[str | None, Field(description="Paid of owing; null of nothing.", examples=["95.00"])]
    without_standard: Annotated[
        int, Field(description="Members in the Party without a standard.", examples=[2])
    ]
    reduced: Annotated[int, Field(description="Members who pay less by approval.", examples=[1])]
    amount_due: Sum
    amount_paid: Sum


class ArrearsFilters(Filters):
    """Who is behind, and how far."""

    division: DivisionFilter = None
    party_organization_id: BodyFilter = None
    at_least: Annotated[
        int, Field(ge=1, le=120, description="At least so many unpaid months in a row.", examples=[3])
    ] = 1
    as_of: Annotated[Day | None, Field(description="Months before this day's count; today if absent.")] = None


class ArrearsRead(Output):
    """A member who is behind. It proposes; it never changes a membership."""

    member: MemberRef
    party_organization: Ref
    division: CodeRef
    months: Annotated[int, Field(description="Unpaid months in all.", examples=[4])]
    consecutive_months: Annotated[int, Field(description="Unpaid in a row up to now.", examples=[3])]
    since_month: Annotated[str, Field(description="The oldest unpaid month.", examples=["2026-07"])]
    amount: Sum
    step: Annotated[ArrearsStep, Field(description="What that leads to by the rule pack.")]


class DuesStandardWasSet(Event):
    """A member's standard was set; neither income nor amount is told."""

    type: ClassVar[str] = "dues.standard_set"
    subject_type: ClassVar[str] = "member"
    public: ClassVar[bool] = False
    from_month: str
    income_class: IncomeClass


class DuesCollected(Event):
    """A body took in dues."""

    type: ClassVar[str] = "dues.collected"
    subject_type: ClassVar[str] = "party_organization"
    public: ClassVar[bool] = False
    payments: int
    amount: str
    paid_on: date


class DuesPaymentCancelled(Event):
    """A payment was recorded in error."""

    type: ClassVar[str] = "dues.payment_cancelled"
    subject_type: ClassVar[str] = "member"
    public: ClassVar[bool] = False
    payment_id: UUID
    reason: str
