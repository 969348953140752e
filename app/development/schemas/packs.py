"""The content of a rule pack of the kind `development`: stages, steps and what each step asks."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from app.core.fields import CodeStr, Input, ShortText
from app.development import rules
from app.development.rules import Doer, Force, HelperRole, Status, VoteOf
from app.reference.schemas import content_of
from app.responsibility.schemas import BilingualText

StepCode = Annotated[str, Field(pattern="^[0-9A-Za-z][0-9A-Za-z_.-]{0,23}$", max_length=24, examples=["7"])]
Months = Annotated[int, Field(ge=-120, le=120)]
Share = Annotated[
    list[Annotated[int, Field(ge=0, le=100)]], Field(min_length=2, max_length=2, examples=[[1, 2]])
]


class _Sourced(Input):
    article: ShortText | None = None
    source: ShortText | None = None
    verified: bool | None = None

    def rule(self, of: rules.Rule) -> rules.Rule:
        """Its own article and source, or those of what it belongs to."""
        return rules.Rule(
            self.article or of.article,
            self.source or of.source,
            of.verified if self.verified is None else self.verified,
        )


class TermContent(_Sourced):
    """So long after a step, or after `probation_end`."""

    since: StepCode
    months: Months = 0
    days: Annotated[int, Field(ge=-366, le=366)] = 0
    working_days: Annotated[int, Field(ge=0, le=250)] = 0
    force: Force

    def plain(self, of: rules.Rule) -> rules.Term:
        return rules.Term(self.since, self.force, self.rule(of), self.months, self.days, self.working_days)


class VoteContent(Input):
    """What the vote of the branch meeting needs."""

    quorum_over: Share
    yes_over: Share
    yes_of: VoteOf
    anonymous: bool

    def plain(self) -> rules.VoteRule:
        quorum, yes = self.quorum_over, self.yes_over
        return rules.VoteRule((quorum[0], quorum[1]), (yes[0], yes[1]), self.yes_of, self.anonymous)


class HelpersContent(Input):
    """How many full members in a role."""

    role: HelperRole
    at_least: Annotated[int, Field(ge=0, le=9)]
    at_most: Annotated[int, Field(ge=1, le=9)]


class AppraisalContent(Input):
    """How many appraisals since a step, and how far apart."""

    since: StepCode
    at_least: Annotated[int, Field(ge=0, le=99)]
    every_months: Annotated[int, Field(ge=1, le=60)]


class TrainingContent(Input):
    """So many days or so many class hours."""

    days: Annotated[int, Field(ge=0, le=365)]
    hours: Annotated[int, Field(ge=0, le=2000)]


class LapseContent(_Sourced):
    """Undecided so many months after a step: the case goes back to an earlier one."""

    since: StepCode
    months: Annotated[int, Field(ge=1, le=120)]
    back_to: StepCode


class BecomesContent(Input):
    """What the member becomes, from the step's day or an anchor's."""

    status: Status
    since: StepCode | None = None


class StepContent(Input):
    """One step."""

    code: StepCode
    stage: CodeStr
    title: BilingualText
    doer: Doer
    article: ShortText
    source: ShortText
    verified: bool
    after: Annotated[list[StepCode], Field(max_length=20, default_factory=list)]
    not_before: Annotated[list[TermContent], Field(max_length=9, default_factory=list)]
    not_after: Annotated[list[TermContent], Field(max_length=9, default_factory=list)]
    minimum_age: Annotated[int | None, Field(ge=0, le=120)] = None
    papers: Annotated[list[CodeStr], Field(max_length=20, default_factory=list)]
    helpers: HelpersContent | None = None
    appraisals: AppraisalContent | None = None
    training: TrainingContent | None = None
    political_review_months: Annotated[int | None, Field(ge=1, le=120)] = None
    vote: VoteContent | None = None
    publicity_working_days: Annotated[int | None, Field(ge=1, le=60)] = None
    approval: bool = False
    numbered_form: bool = False
    warns_of_leaving: bool = False
    becomes: BecomesContent | None = None
    lapses: Annotated[list[LapseContent], Field(max_length=9, default_factory=list)]

    def plain(self) -> rules.Node:
        rule = rules.Rule(self.article, self.source, self.verified)
        h, a, t, b = self.helpers, self.appraisals, self.training, self.becomes
        return rules.Node(
            code=self.code,
            stage=self.stage,
            title=(self.title.zh, self.title.en),
            doer=self.doer,
            rule=rule,
            after=tuple(self.after),
            not_before=tuple(term.plain(rule) for term in self.not_before),
            not_after=tuple(term.plain(rule) for term in self.not_after),
            minimum_age=self.minimum_age,
            papers=tuple(self.papers),
            helpers=rules.HelpersRule(h.role, h.at_least, h.at_most) if h else None,
            appraisals=rules.AppraisalRule(a.since, a.at_least, a.every_months) if a else None,
            training=rules.TrainingRule(t.days, t.hours) if t else None,
            political_review_months=self.political_review_months,
            vote=self.vote.plain() if self.vote else None,
            publicity_working_days=self.publicity_working_days,
            approval=self.approval,
            numbered_form=self.numbered_form,
            warns_of_leaving=self.warns_of_leaving,
            becomes=rules.Becomes(b.status, b.since) if b else None,
            lapses=tuple(
                rules.Lapse(each.since, each.months, each.back_to, each.rule(rule)) for each in self.lapses
            ),
        )


class StageContent(Input):
    """A stage, in its order."""

    code: CodeStr
    title: BilingualText


class NamedContent(Input):
    """A code with its words."""

    code: CodeStr
    title: BilingualText


class ProbationContent(Input):
    """预备期: from which step, how long, how long it may be prolonged once, and from where it is asked
    again."""

    since: StepCode
    months: Annotated[int, Field(ge=1, le=60)]
    extend_at_least: Annotated[int, Field(ge=1, le=60)]
    extend_at_most: Annotated[int, Field(ge=1, le=60)]
    extended_at: Annotated[StepCode, Field(description="The step whose decision may prolong it.")]
    asked_again_at: Annotated[StepCode, Field(description="Where the case goes on after that.")]
    article: ShortText
    source: ShortText
    verified: bool


class DevelopmentContent(Input):
    """The content of a rule pack of the kind `development`."""

    stages: Annotated[list[StageContent], Field(min_length=1, max_length=20)]
    papers: Annotated[list[NamedContent], Field(max_length=100)]
    steps: Annotated[list[StepContent], Field(min_length=4, max_length=60)]
    probation: ProbationContent
    quota_counts_at: StepCode | None = None
    priority_groups: Annotated[list[NamedContent], Field(max_length=20, default_factory=list)]
    remind_days: Annotated[
        list[Annotated[int, Field(ge=0, le=180)]], Field(max_length=6, default_factory=list)
    ]

    @model_validator(mode="after")
    def _workable(self) -> "DevelopmentContent":
        found = rules.faults(self.plain(None))
        if found:
            lines = [
                InitErrorDetails(
                    type=PydanticCustomError(
                        fault.code, "{words}", {"words": fault.words[1], "both": fault.words}
                    ),
                    loc=fault.place,
                    input=None,
                )
                for fault in found
            ]
            raise ValidationError.from_exception_data("development", lines)
        return self

    def plain(self, pack_id: UUID | None) -> rules.Pack:
        p = self.probation
        return rules.Pack(
            stages={stage.code: (stage.title.zh, stage.title.en) for stage in self.stages},
            nodes=tuple(step.plain() for step in self.steps),
            papers={paper.code: (paper.title.zh, paper.title.en) for paper in self.papers},
            probation=rules.ProbationRule(
                p.since,
                p.months,
                p.extend_at_least,
                p.extend_at_most,
                p.extended_at,
                p.asked_again_at,
                rules.Rule(p.article, p.source, p.verified),
            ),
            quota_counts_at=self.quota_counts_at,
            priority_groups={g.code: (g.title.zh, g.title.en) for g in self.priority_groups},
            remind_days=tuple(sorted(self.remind_days, reverse=True)),
            pack_id=pack_id,
        )


content_of("development", DevelopmentContent)
