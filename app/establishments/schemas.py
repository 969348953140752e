"""What crosses the wire about establishing Party organizations."""

from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.core.events import Event
from app.core.fields import (
    CodeRef,
    CodeStr,
    Day,
    DivisionCode,
    Input,
    LongText,
    Name,
    NonNegative,
    Output,
    PositiveInt,
    Ref,
    ShortText,
)
from app.core.pages import Filters
from app.establishments.rules import EstablishmentState, Numbers, SizeBasis
from app.party_organizations.rules import BodyKind, Formation

On = Annotated[Day | None, Field(description="The day of it; today if absent.")]


class MemberNumbers(Input):
    """Members who are to come from outside this service, by number."""

    full_members: NonNegative
    members: Annotated[NonNegative, Field(description="Full and probationary members.")]
    full_time_full_members: NonNegative = 0
    full_time_members: NonNegative = 0

    def plain(self) -> Numbers:
        return Numbers(self.full_members, self.members, self.full_time_full_members, self.full_time_members)


class MemberNumbersRead(Output):
    """How many members count, by each basis."""

    full_members: int
    members: int
    full_time_full_members: int
    full_time_members: int


class EstablishmentRequest(Input):
    """请示: a body to establish below another, with the organizations, members and bodies it is for."""

    name: Name
    kind: BodyKind
    formation: Annotated[
        Formation | None,
        Field(description="Required for a committee, general branch or branch (单独、联合、区域、挂靠 …)."),
    ] = None
    division_code: DivisionCode
    parent_id: Annotated[UUID, Field(description="The body it is to hang below.")]
    industry: CodeStr | None = None
    request_document: Annotated[ShortText, Field(description="请示文号.", examples=["南志协〔2026〕3号"])]
    requested_on: On = None
    organization_ids: Annotated[
        list[UUID], Field(max_length=200, default_factory=list, description="What it is to cover.")
    ]
    member_ids: Annotated[
        list[UUID],
        Field(max_length=1000, default_factory=list, description="Members of a new branch, in your scope."),
    ]
    branch_ids: Annotated[
        list[UUID],
        Field(
            max_length=200,
            default_factory=list,
            description="Bodies to hang below a new committee or general branch: their members count.",
        ),
    ]
    others: Annotated[
        MemberNumbers | None,
        Field(description="Members who come from outside this service, by number; they count too."),
    ] = None
    exception_reason: Annotated[
        LongText | None,
        Field(description="Why the work needs it though a number is not reached (因工作需要)."),
    ] = None


class EstablishmentApprove(Input):
    """批复: the superior's consent."""

    on: On = None
    document: Annotated[ShortText, Field(description="批复文号.", examples=["南社党〔2026〕12号"])]
    exception_document: Annotated[
        ShortText | None, Field(description="What approves the exception, if one was asked for.")
    ] = None


class EstablishmentAnswer(Input):
    """A request that is sent back, refused or withdrawn: why."""

    on: On = None
    document: ShortText | None = None
    reason: LongText


class EstablishmentElection(Input):
    """The result of the first election, as it is reported to the superior."""

    held_on: Day
    due: Annotated[PositiveInt, Field(description="有选举权的党员: how many may vote.")]
    present: Annotated[PositiveInt, Field(description="到会: how many of them came.")]
    seats: Annotated[PositiveInt, Field(description="How many were elected.")]
    document: Annotated[ShortText, Field(description="The report of the result.")]


class EstablishmentElectionRead(Output):
    """The result of the first election."""

    held_on: date
    due: int
    present: int
    seats: int
    document: str


class EstablishmentFinish(Input):
    """The superior's answer to the election (备案或批准), with which the body is established."""

    on: On = None
    document: Annotated[
        ShortText | None, Field(description="The answer; required where an election was held.")
    ] = None
    founded_on: Annotated[
        Day | None, Field(description="The founding day; that of the superior's consent if absent.")
    ] = None


class EstablishmentStepRead(Output):
    """One step, as it was recorded."""

    state: EstablishmentState
    on: date
    document: str | None
    reason: str | None
    recorded_at: datetime


class EstablishmentCaseRead(Output):
    """A request to establish a body, and how far it has come."""

    id: UUID
    state: EstablishmentState
    name: str
    kind: BodyKind
    formation: Formation | None
    division: CodeRef
    parent: Ref | None
    superior: Annotated[
        Ref | None, Field(description="Who answers: the nearest body above that may approve bodies.")
    ]
    industry: str | None
    request_document: str
    requested_on: date
    reply_due_on: date | None
    overdue: Annotated[bool, Field(description="No reply, and the day for it is over.")]
    basis: SizeBasis | None
    counted: Annotated[int | None, Field(description="How many members count by that basis.")]
    at_least: Annotated[int | None, Field(description="How many the kind asks for; null: none.")]
    numbers: MemberNumbersRead
    others: MemberNumbersRead | None
    threshold_source: str | None
    rule_pack_id: UUID | None
    needs_election: Annotated[
        bool, Field(description="A body of this kind and formation holds elections: it begins with one.")
    ]
    exception_reason: str | None
    exception_document: str | None
    organizations: list[Ref]
    branches: list[Ref]
    member_count: Annotated[int, Field(description="How many members of this service are named.")]
    decided_on: date | None
    decision_document: str | None
    election: EstablishmentElectionRead | None
    confirmed_on: date | None
    confirmation_document: str | None
    party_organization: Ref | None
    steps: list[EstablishmentStepRead]
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class EstablishmentFilters(Filters):
    """Which requests."""

    division: Annotated[DivisionCode | None, Field(description="This division and all below it.")] = None
    superior: Annotated[UUID | None, Field(description="Answered by this body or one below it.")] = None
    state: EstablishmentState | None = None
    kind: BodyKind | None = None
    overdue: Annotated[bool | None, Field(description="Without a reply after its day.")] = None
    organization_id: Annotated[UUID | None, Field(description="For this organization.")] = None


class EstablishmentStateChanged(Event):
    """A request to establish a body was made, answered, or came a step further."""

    type: ClassVar[str] = "establishment.state_changed"
    subject_type: ClassVar[str] = "establishment"
    state: EstablishmentState
    name: str
    kind: BodyKind
    superior_id: UUID
    on: date
    document: str | None
    party_organization_id: UUID | None
