"""What is shown of cases and quotas. People are masked."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, WithJsonSchema

from app.core.fields import Bilingual, CodeRef, FixedScale, Output, Ref
from app.development.rules import (
    CaseState,
    Doer,
    Force,
    HelperRole,
    ObjectionResult,
    PaperState,
    RecordKind,
    ReviewConclusion,
    StepOutcome,
)

Rate = Annotated[
    Decimal,
    FixedScale(4, 3),
    WithJsonSchema(
        {"type": "string", "title": "Rate", "pattern": r"^[0-9]\.[0-9]{4}$", "examples": ["0.4300"]}
    ),
]
MaskedPerson = Annotated[Ref, Field(description="Masked; the member's `reveal` shows the name.")]


class CaseReasonRead(Output):
    """One reason against a step: the rule, what to do, since or until when."""

    code: Annotated[str, Field(examples=["too_early"])]
    about: Annotated[str | None, Field(description="The step, paper or role it is about.")]
    message: Bilingual
    article: Annotated[str, Field(examples=["第13条"])]
    source: Annotated[str, Field(examples=["《中国共产党发展党员工作细则》(2014)"])]
    verified: bool
    force: Force
    bring: Annotated[bool, Field(description="It may come with the step itself.")]
    since_on: date | None
    until_on: date | None
    provisional: bool


class CaseStepRead(Output):
    """A step of the pack as it stands in this case."""

    step: str
    stage: str
    title: Bilingual
    doer: Doer
    article: Annotated[str, Field(examples=["第13条"])]
    source: Annotated[str, Field(examples=["《中国共产党发展党员工作细则》(2014)"])]
    verified: bool
    state: Annotated[Literal["done", "next", "later"], Field(examples=["next"])]
    on: Annotated[date | None, Field(description="The day on which it was taken.")]
    document: str | None
    decided_by: Annotated[Ref | None, Field(description="The body that decided.")]
    papers: Annotated[list[str], Field(description="Kinds of papers that it asks for.")]
    earliest_on: date | None
    latest_on: date | None
    provisional: bool
    blocked_by: list[CaseReasonRead]
    warnings: list[CaseReasonRead]


class CasePaperRead(Output):
    """A paper: received, or returned with its reason."""

    kind: str
    title: Bilingual
    state: PaperState
    on: Annotated[date, Field(description="The day on which it was received.")]
    returned_on: date | None
    reason: str | None
    document: str | None
    current: bool


class CaseVoteRead(Output):
    """A vote of the branch meeting."""

    step: str
    on: Annotated[date, Field(description="The day of the meeting.")]
    due: int
    present: int
    written: int
    in_favour: int
    against: int
    abstained: int
    anonymous: bool
    current: bool


class CasePublicityRead(Output):
    """A publicity, with the day on which it ends by the calendar of today."""

    step: str
    from_on: date
    working_days: int
    until_on: date
    provisional: bool
    place: str | None
    objections: int
    closed_on: date | None
    result: ObjectionResult | None
    current: bool


class CaseHelperRead(Output):
    """A contact or introducer over a time, masked."""

    role: HelperRole
    member: MaskedPerson
    from_on: date
    until_on: date | None


class CaseRecordRead(Output):
    """A conversation, an appraisal, a training or a thought report."""

    kind: RecordKind
    on: Annotated[date, Field(description="The day on which it was held.")]
    days: int | None
    hours: int | None
    document: str | None


class CaseReviewRead(Output):
    """A political review without its findings."""

    id: UUID
    on: Annotated[date, Field(description="The day of the conclusion.")]
    conclusion: ReviewConclusion
    document: str | None
    has_findings: Annotated[bool, Field(description="`reveal` shows them.")]
    current: bool


class CaseAttemptRead(Output):
    """An attempt at a step that no longer counts: rejected, or gone back on."""

    step: str
    attempt: int
    outcome: StepOutcome
    on: Annotated[date, Field(description="The day of the attempt.")]
    document: str | None
    reason: str | None


class CasePackRead(Output):
    """The rule pack that the case stays on."""

    id: UUID
    code: str
    version: str
    source: str


class ProbationRead(Output):
    """预备期: from the meeting that admitted, until when."""

    from_on: date
    until_on: date
    extended_months: int


class CaseDueRead(Output):
    """What somebody has to do by a day."""

    step: str
    on: Annotated[date, Field(description="By this day.")]
    above: Annotated[bool, Field(description="It waits for the approving body, not for the branch.")]


class CaseLapseRead(Output):
    """A decision that came too late: the case can go on only from an earlier step."""

    step: str
    back_to: Annotated[str, Field(examples=["12"])]
    article: Annotated[str, Field(examples=["第26条"])]
    source: Annotated[str, Field(examples=["《中国共产党发展党员工作细则》(2014)"])]
    verified: bool


class CaseItem(Output):
    """A case in a list, masked."""

    id: UUID
    member: MaskedPerson
    party_organization: Annotated[Ref, Field(description="The branch that the member belongs to.")]
    division: CodeRef
    state: CaseState
    stage: str
    step: Annotated[str, Field(description="The last step that was taken.", examples=["7"])]
    opened_on: date
    closed_on: date | None
    separate_plan: bool
    priority_group: str | None
    due: CaseDueRead | None
    etag: str


class CaseRead(Output):
    """A case: where it stands, and for each step that comes next every reason against it."""

    id: UUID
    member: MaskedPerson
    party_organization: Annotated[Ref, Field(description="The branch that the member belongs to.")]
    division: CodeRef
    approving_body: Annotated[Ref | None, Field(description="The nearest body above with the power.")]
    pack: CasePackRead
    state: CaseState
    stage: str
    step: Annotated[str, Field(description="The last step that was taken.", examples=["7"])]
    opened_on: date
    closed_on: date | None
    closed_reason: Annotated[str | None, Field(description="Why it was closed before its end.")]
    separate_plan: bool
    priority_group: str | None
    form_number: str | None
    probation: ProbationRead | None
    due: CaseDueRead | None
    lapse: CaseLapseRead | None
    steps: list[CaseStepRead]
    papers: list[CasePaperRead]
    votes: list[CaseVoteRead]
    publicities: list[CasePublicityRead]
    helpers: list[CaseHelperRead]
    records: list[CaseRecordRead]
    reviews: list[CaseReviewRead]
    earlier_attempts: list[CaseAttemptRead]
    etag: str
    allowed_actions: list[str]


class ReviewRevealed(Output):
    """The findings in plain text; null where none were recorded."""

    conclusion: ReviewConclusion
    findings: str | None


class FunnelStage(Output):
    """A stage: how many stand there, how many came so far, and how long it took from the stage before."""

    stage: str
    standing: int
    reached: int
    conversion: Annotated[
        Rate | None, Field(description="Of those who reached the stage before, how many reached this one.")
    ]
    median_days: Annotated[int | None, Field(description="From the first step of the stage before.")]


class FunnelStep(Output):
    """A step of a pack: how many stand there, how many took it, and how long after the application."""

    pack: str
    step: str
    standing: int
    taken: int
    median_days: Annotated[int | None, Field(description="From the application.")]


class FunnelPlace(Output):
    """A division or body below the one asked about."""

    division: CodeRef
    opened: int
    standing: int
    admitted: int
    completed: int
    closed: int


class FunnelRead(Output):
    """The funnel of development: counts only."""

    as_of: date
    opened: int
    standing: int
    admitted: Annotated[int, Field(description="Became probationary members.")]
    completed: int
    closed: Annotated[int, Field(description="Removed, or ended otherwise.")]
    stages: list[FunnelStage]
    steps: list[FunnelStep]
    places: Annotated[list[FunnelPlace], Field(description="By division of the branch.")]


class QuotaRead(Output):
    """Places of a body and all below it in a year."""

    id: UUID
    year: int
    party_organization: Annotated[Ref, Field(description="The body that has them.")]
    division: CodeRef
    separate_plan: bool
    places: int
    used: int
    allotted: Annotated[int, Field(description="Allotted to bodies below.")]
    left: int
    enforced: bool
    parent_id: Annotated[UUID | None, Field(description="The quota it was taken from.")]
    document: str | None
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]
