"""Hardship reductions."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.core.events import Event
from app.core.fields import DecimalString, Input, Output, Ref, SafeStr
from app.core.pages import Filters
from app.dues.rules import Hardship, ReductionState
from app.dues.schemas.accounts import BodyFilter, DivisionFilter, FromMonth, MemberRef, Money, Month

_STATE = Field(description="Requested, agreed by the branch, approved, or rejected.", examples=["requested"])
Paper = Annotated[
    str, SafeStr(200), Field(description="The paper of this step.", examples=["支部会议纪要2026-5"])
]


class ReductionApply(Input):
    """What a member in hardship asks to pay, for which months."""

    member_id: UUID
    amount: Annotated[DecimalString, Field(description="Yuan a month instead.", examples=["20.00"])]
    from_month: FromMonth
    through_month: Annotated[Month, Field(description="The last month.")]
    hardship: Annotated[Hardship, Field(description="Why, as a code.")]
    document: Annotated[str, SafeStr(200), Field(description="The application.", examples=["减免申请2026-3"])]


class ReductionAgree(Input):
    """The branch's resolution."""

    document: Paper


class ReductionDecide(Input):
    """The committee's decision."""

    document: Paper


class ReductionRead(Output):
    """An application and how far it came."""

    id: UUID
    member: MemberRef
    party_organization: Ref
    amount: Money
    from_month: FromMonth
    through_month: Annotated[str, Field(description="The last month.", examples=["2026-12"])]
    hardship: Annotated[Hardship, Field(description="Why, as a code.")]
    state: Annotated[ReductionState, _STATE]
    document: Annotated[str, Field(description="The application.", examples=["减免申请2026-3"])]
    agreed_document: Annotated[
        str | None, Field(description="The branch's.", examples=["支部会议纪要2026-5"])
    ]
    agreed_on: Annotated[date | None, Field(description="When it agreed.", examples=["2026-05-08"])]
    decided_document: Annotated[
        str | None, Field(description="The committee's.", examples=["南社党〔2026〕7号"])
    ]
    decided_on: date | None
    etag: str
    allowed_actions: list[str]


class ReductionFilters(Filters):
    """Which applications."""

    division: DivisionFilter = None
    party_organization_id: BodyFilter = None
    member_id: Annotated[UUID | None, Field(description="Of this member.")] = None
    state: Annotated[ReductionState | None, Field(description="Only this state.")] = None


class ReductionMoved(Event):
    """An application was made, agreed, approved or rejected; sum and hardship are not told."""

    type: ClassVar[str] = "dues.reduction_moved"
    subject_type: ClassVar[str] = "member"
    public: ClassVar[bool] = False
    reduction_id: UUID
    state: ReductionState
