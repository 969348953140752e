"""Findings and how they are put right, on the wire; and the rule pack `supervision`."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.core.fields import (
    CodeRef,
    CodeStr,
    Day,
    DecimalString,
    DivisionCode,
    Input,
    LongText,
    Output,
    Ref,
    ShortText,
)
from app.core.pages import Filters
from app.notices.rules import NoticeKind
from app.reference.schemas import content_of
from app.supervision.rules import SupervisionFindingState, SupervisionVerdict, WeakBasis


class SupervisionEvidenceGiven(Input):
    """A stored file, or a paper by its number or place."""

    file_id: UUID | None = None
    document: ShortText | None = None


Evidence = Annotated[
    list[SupervisionEvidenceGiven], Field(max_length=50, examples=[[{"document": "督导记录第3号"}]])
]


class SupervisionEvidence(Output):
    """A stored file with its name and digest, or a paper."""

    file_id: UUID | None
    name: str | None
    sha256: str | None
    document: str | None


class SupervisionSubject(Output):
    """Whom it is about: an organization, a Party organization or an authority."""

    type: Annotated[str, Field(examples=["organization"])]
    id: UUID
    name: str


class SupervisionFindingGiven(Input):
    """What was found about a unit, and until when it has to be put right."""

    kind: Annotated[CodeStr, Field(examples=["problem"])]
    statement: LongText
    amount: Annotated[DecimalString | None, Field(description="Yuan, where money is meant.")] = None
    evidence: Annotated[Evidence, Field(default_factory=list)]
    responsible_party_organization_id: Annotated[
        UUID | None,
        Field(description="Who has to see to it; the body that leads the unit if absent."),
    ] = None
    working_days: Annotated[
        int | None,
        Field(ge=1, le=250, description="Days to put it right; as the rule pack says.", examples=[15]),
    ] = None


class SupervisionFindingRecord(SupervisionFindingGiven):
    """A finding without a round: somebody is listed as weak, by a rule or by name."""

    organization_id: UUID | None = None
    party_organization_id: UUID | None = None
    authority_id: UUID | None = None
    rule_code: Annotated[
        CodeStr | None,
        Field(description="The rule by which it is weak; its evidence is read and frozen now."),
    ] = None
    found_on: Annotated[Day | None, Field(description="Today if absent.")] = None


class SupervisionMeasure(Input):
    """One measure of a plan, and its day."""

    measure: ShortText
    due_on: Day | None = None


class SupervisionFindingPlan(Input):
    """Who helps, and what is to be done: replaces what was planned before."""

    helper_member_id: UUID | None = None
    helper_instructor_id: UUID | None = None
    helper_party_organization_id: UUID | None = None
    measures: Annotated[list[SupervisionMeasure], Field(min_length=1, max_length=50)]


class SupervisionFindingReport(Input):
    """What was done to put it right; nothing is taken without evidence."""

    measure: LongText
    done_on: Annotated[Day | None, Field(description="Today if absent.")] = None
    evidence: Annotated[list[SupervisionEvidenceGiven], Field(min_length=1, max_length=50)]


class SupervisionFindingJudge(Input):
    """Accepted, which closes the finding, or returned with the reason."""

    verdict: Annotated[SupervisionVerdict, Field(examples=["accepted"])]
    reason: ShortText | None = None


class SupervisionNoticeDraft(Input):
    """A notice about a finding, to the body that answers: a draft, to be approved and issued as any other."""

    kind: Annotated[NoticeKind, Field(examples=["supervision_letter"])] = NoticeKind.SUPERVISION_LETTER
    sign_id: UUID | None = None
    party_organization_id: Annotated[
        UUID | None, Field(description="Who issues it, where it has no number: a talk.")
    ] = None
    title: ShortText
    answer_days: Annotated[
        int | None,
        Field(ge=1, le=250, description="Working days to answer; else the finding's day.", examples=[10]),
    ] = None


class SupervisionRectificationRead(Output):
    """One try to put it right."""

    number: int
    measure: str
    done_on: date
    evidence: list[SupervisionEvidence]
    reported_at: datetime
    verdict: Annotated[SupervisionVerdict | None, Field(examples=["accepted"])]
    reason: str | None
    judged_at: datetime | None


class SupervisionMeasureRead(Output):
    """A planned measure."""

    measure: str
    due_on: date | None


class SupervisionHelper(Output):
    """Who helps; a member's or instructor's name is masked, both null where you may not see them."""

    type: Annotated[str, Field(examples=["instructor"])]
    id: UUID | None
    name: str | None


class SupervisionFindingRead(Output):
    """A finding with everything that followed."""

    id: UUID
    kind: str
    round: Ref | None
    visit_id: UUID | None
    subject: SupervisionSubject
    division: CodeRef
    responsible: Ref | None
    statement: str
    amount: str | None
    evidence: list[SupervisionEvidence]
    rule_code: str | None
    rule_source: str | None
    rule_facts: dict[str, Any] | None
    found_on: date
    due_on: date
    provisional: bool
    overdue: bool
    helper: SupervisionHelper | None
    measures: list[SupervisionMeasureRead]
    rectifications: list[SupervisionRectificationRead]
    notice: Ref | None
    state: Annotated[SupervisionFindingState, Field(examples=["open"])]
    closed_on: date | None
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class SupervisionFindingFilters(Filters):
    """Which findings."""

    division: Annotated[DivisionCode | None, Field(description="About those there or below.")] = None
    party_organization_id: Annotated[UUID | None, Field(description="It, or one below it, answers.")] = None
    round_id: Annotated[UUID | None, Field(description="Of this round.")] = None
    organization_id: Annotated[UUID | None, Field(description="About this organization.")] = None
    kind: Annotated[CodeStr | None, Field(description="Of this kind.", examples=["weak_organization"])] = None
    state: Annotated[SupervisionFindingState | None, Field(description="In this state.")] = None
    overdue: Annotated[bool | None, Field(description="Whether its day is past and it is not closed.")] = None


class WeakCandidateFilters(Filters):
    """Where to look for who is weak."""

    division: Annotated[
        DivisionCode, Field(description="There and below, by the rules that hold in this division.")
    ]


class WeakCandidateRead(Output):
    """Somebody whom a rule calls weak and who is not listed yet, with what the rule saw."""

    id: UUID
    type: Annotated[str, Field(examples=["party_organization"])]
    name: str
    division: CodeRef
    rule_code: str
    rule_facts: dict[str, Any]


# ---------------------------------------------------------------------------------------------- rule pack


class SupervisionContentFinding(Input):
    """A kind of finding, and how many working days there are to put it right."""

    code: CodeStr
    zh: ShortText
    en: ShortText
    working_days: Annotated[int, Field(ge=1, le=250)]


class SupervisionContentWeak(Input):
    """A rule on weak organizations."""

    code: CodeStr
    basis: WeakBasis
    at_least: Annotated[int, Field(ge=1, le=3650)]
    zh: ShortText
    en: ShortText
    source: ShortText


class SupervisionContent(Input):
    """The content of a rule pack of the kind `supervision`."""

    findings: Annotated[list[SupervisionContentFinding], Field(min_length=1, max_length=50)]
    weak: Annotated[list[SupervisionContentWeak], Field(max_length=50)]
    verified: bool


content_of("supervision", SupervisionContent)
