"""What may be asked of cases and quotas."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields import (
    CodeStr,
    Day,
    DivisionCode,
    IdNumber,
    Input,
    LongText,
    NonNegative,
    PhoneNumber,
    SafeStr,
    ShortText,
)
from app.core.pages import Filters, Question
from app.development.rules import (
    CaseState,
    HelperRole,
    ObjectionResult,
    PaperState,
    RecordKind,
    ReviewConclusion,
)
from app.development.schemas.packs import StepCode
from app.members.rules import Employment

Document = Annotated[str, SafeStr(200), Field(title="Document", examples=["南社党〔2026〕7号"])]
On = Annotated[Day | None, Field(description="The day on which it was done; today if absent.")]
Reason = Annotated[str, SafeStr(200), Field(title="Reason", examples=["材料不全, 请补充后重报"])]
Year = Annotated[int, Field(ge=1949, le=2199, examples=[2026])]


class Applicant(Input):
    """A person who is not in the ledger of members yet."""

    name: Annotated[str, SafeStr(80), Field(examples=["张三"])]
    id_number: IdNumber
    phone: PhoneNumber | None = None
    party_organization_id: Annotated[UUID, Field(description="The branch that takes the application.")]
    organization_id: Annotated[UUID | None, Field(description="The social organization they work in.")] = None
    employment: Annotated[
        Employment | None, Field(description="Their tie to it.", examples=["full_time_staff"])
    ] = None


class CaseOpen(Input):
    """An application: of somebody in the ledger whose status is `applicant`, or of a new person."""

    member_id: Annotated[UUID | None, Field(description="Who applies, if the ledger knows them.")] = None
    applicant: Applicant | None = None
    applied_on: Annotated[Day, Field(description="The day on which the application was handed in.")]
    separate_plan: Annotated[bool, Field(description="发展党员计划单列: counted in the plan of its own.")] = (
        False
    )
    priority_group: CodeStr | None = None


class VoteGiven(Input):
    """The count of the branch meeting on this one candidate. `in_favour` has the written opinions that came
    before the count."""

    on: On = None
    due: Annotated[NonNegative, Field(description="应到会: members with a vote.", examples=[12])]
    present: Annotated[NonNegative, Field(description="实到会: of those, present.", examples=[10])]
    written: Annotated[NonNegative, Field(description="Absent, with a written opinion.", examples=[1])] = 0
    in_favour: Annotated[NonNegative, Field(description="赞成.", examples=[10])]
    against: Annotated[NonNegative, Field(description="反对.", examples=[1])] = 0
    abstained: Annotated[NonNegative, Field(description="弃权.", examples=[0])] = 0
    anonymous: Annotated[bool, Field(description="无记名投票.")] = True


class VoteRecord(VoteGiven):
    """The vote for a step that is not taken yet."""

    step: StepCode


class PublicityGiven(Input):
    """A publicity (公示) that is over."""

    from_on: Day
    working_days: Annotated[
        int | None, Field(ge=1, le=60, description="As the step asks, if absent.", examples=[5])
    ] = None
    place: ShortText | None = None
    closed_on: Day
    objections: NonNegative = 0
    result: Annotated[ObjectionResult, Field(examples=["none"])] = ObjectionResult.NONE


class PublicityStart(Input):
    """A publicity that begins, for a step that is not taken yet."""

    step: StepCode
    from_on: On = None
    working_days: Annotated[
        int | None, Field(ge=1, le=60, description="As the step asks, if absent.", examples=[5])
    ] = None
    place: ShortText | None = None


class PublicityObject(Input):
    """Objections that came in; who raised them stays on paper."""

    objections: Annotated[int, Field(ge=1, le=1000, description="How many more.", examples=[1])] = 1


class PublicityClose(Input):
    """The end of the publicity, and what became of its objections."""

    on: On = None
    result: Annotated[ObjectionResult, Field(examples=["none"])]


class RecordGiven(Input):
    """A conversation, an appraisal (考察), a training or a thought report. What was said stays on paper."""

    kind: Annotated[RecordKind, Field(examples=["appraisal"])]
    on: On = None
    days: Annotated[int | None, Field(ge=1, le=365, description="Days of training.", examples=[3])] = None
    hours: Annotated[
        int | None, Field(ge=1, le=2000, description="Class hours of training (学时).", examples=[24])
    ] = None
    document: Document | None = None


class PoliticalReviewGiven(Input):
    """A political review (政治审查). The findings hold relatives: they are sealed and never listed."""

    on: On = None
    conclusion: Annotated[ReviewConclusion, Field(examples=["passed"])]
    findings: LongText | None = None
    document: Document | None = None


class StepTaken(Input):
    """A step with its record. What the step asks for may come with it, or have come before."""

    step: StepCode
    on: On = None
    document: Document | None = None
    exception: Annotated[
        ShortText | None, Field(description="The special reason of a step past its statutory day.")
    ] = None
    decided_by_id: Annotated[
        UUID | None, Field(description="The body that decides; the nearest with the power if absent.")
    ] = None
    deliberated_on: Annotated[
        Day | None, Field(description="When the general branch deliberated (党总支审议).")
    ] = None
    form_number: Annotated[
        str | None, SafeStr(64), Field(description="入党志愿书编号.", examples=["4401150000123"])
    ] = None
    papers: Annotated[list[CodeStr], Field(max_length=20, default_factory=list, examples=[["first_talk"]])]
    helpers: Annotated[
        list[UUID], Field(max_length=4, default_factory=list, description="Contacts or introducers.")
    ]
    vote: VoteGiven | None = None
    publicity: PublicityGiven | None = None
    review: PoliticalReviewGiven | None = None
    records: Annotated[list[RecordGiven], Field(max_length=20, default_factory=list)]


class CaseAdvance(Input):
    """Steps in their order, each with its record: one, or many when a file is entered later. All or none."""

    steps: Annotated[list[StepTaken], Field(min_length=1, max_length=30)]


class PaperGiven(Input):
    """A paper received, or returned with its reason."""

    kind: Annotated[CodeStr, Field(examples=["first_talk"])]
    state: Annotated[PaperState, Field(examples=["received"])]
    on: On = None
    reason: Reason | None = None
    document: Document | None = None


class PapersGiven(Input):
    """Papers received or returned, each with its own reason."""

    papers: Annotated[list[PaperGiven], Field(min_length=1, max_length=30)]


class HelpersName(Input):
    """Who stands by the applicant from a day on, in place of who did."""

    role: Annotated[HelperRole, Field(examples=["contact"])]
    member_ids: Annotated[list[UUID], Field(min_length=1, max_length=4)]
    on: On = None


class RecordsGiven(Input):
    """What was held on the way."""

    records: Annotated[list[RecordGiven], Field(min_length=1, max_length=20)]


class PaperReturned(Input):
    """A paper that goes back, and why."""

    kind: Annotated[CodeStr, Field(examples=["recommendation"])]
    reason: Reason


class CaseReject(Input):
    """A step that was not agreed to; papers go back each with its reason, perhaps the case to an earlier
    step."""

    step: StepCode
    on: On = None
    reason: Reason
    document: Document | None = None
    papers: Annotated[list[PaperReturned], Field(max_length=20, default_factory=list)]
    back_to: Annotated[
        StepCode | None, Field(description="The step to be taken again, with what rests on it.")
    ] = None


class ProbationExtend(Input):
    """延长预备期: once, by the branch meeting and the committee."""

    months: Annotated[int, Field(ge=1, le=60, description="As the rule pack allows: 6 to 12.", examples=[6])]
    on: On = None
    document: Document
    vote: VoteGiven
    decided_by_id: Annotated[
        UUID | None, Field(description="The body that decides; the nearest with the power if absent.")
    ] = None


class CaseRemove(Input):
    """取消资格: of an activist or target by the branch; of a probationary member by vote and committee."""

    on: On = None
    reason: Reason
    document: Document
    vote: VoteGiven | None = None
    ends_application: Annotated[
        bool, Field(description="The application ends too; otherwise they remain an applicant.")
    ] = False


class CaseRestart(Input):
    """A case whose approval lapsed goes on from the step that the rule pack says."""

    on: On = None
    reason: Reason


class ReviewReveal(Input):
    """Why the findings of a political review are to be shown; it is on record before they are."""

    purpose: Annotated[str, SafeStr(64), Field(examples=["admission"], description="A short code or word.")]
    reason: Reason


class CaseFilters(Filters):
    """Which cases."""

    division: Annotated[DivisionCode | None, Field(description="In bodies of this division and below.")] = (
        None
    )
    party_organization_id: Annotated[UUID | None, Field(description="In this body or below it.")] = None
    state: Annotated[CaseState | None, Field(description="Only this state.")] = None
    stage: Annotated[CodeStr | None, Field(description="Only this stage.")] = None
    step: Annotated[StepCode | None, Field(description="Whose last step is this one.")] = None
    member_id: Annotated[UUID | None, Field(description="Of this member.")] = None
    separate_plan: Annotated[bool | None, Field(description="发展党员计划单列.")] = None
    priority_group: Annotated[CodeStr | None, Field(description="Only this priority group.")] = None
    due_by: Annotated[Day | None, Field(description="Something is due by this day.")] = None


class FunnelQuestion(Question):
    """Whose funnel, and over which applications."""

    division: Annotated[DivisionCode | None, Field(description="Bodies of this division and below.")] = None
    party_organization_id: Annotated[UUID | None, Field(description="This body and below.")] = None
    from_on: Annotated[Day | None, Field(description="Applications from this day on.")] = None
    until_on: Annotated[Day | None, Field(description="Applications before this day.")] = None
    separate_plan: Annotated[bool | None, Field(description="发展党员计划单列.")] = None


class QuotaAllot(Input):
    """Places of a body and all below it in a year."""

    year: Year
    party_organization_id: Annotated[UUID, Field(description="The body that gets them.")]
    places: NonNegative
    enforced: Annotated[bool, Field(description="A hard limit; otherwise it warns.")] = False
    separate_plan: Annotated[bool, Field(description="发展党员计划单列.")] = False
    document: Document | None = None


class QuotaUpdate(Input):
    """A merge patch of a quota."""

    places: Annotated[NonNegative, Field(default_factory=int)]
    enforced: Annotated[bool, Field(description="A hard limit; otherwise it warns.", default_factory=bool)]
    document: Document | None = None


class QuotaFilters(Filters):
    """Which quotas."""

    year: Annotated[int | None, Field(ge=1949, le=2199, description="Of this year.")] = None
    division: Annotated[DivisionCode | None, Field(description="Of bodies of this division and below.")] = (
        None
    )
    party_organization_id: Annotated[UUID | None, Field(description="Of this body and below.")] = None
    separate_plan: Annotated[bool | None, Field(description="发展党员计划单列.")] = None
