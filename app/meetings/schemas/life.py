"""What bodies owe and what they held: the rule pack, one body's report, totals, ranking, hours."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from app.core.fields import Bilingual, CodeRef, Day, DecimalString, Input, LongText, Output, Ref
from app.core.pages import Filters, Question
from app.meetings import rules
from app.meetings.rules import MeetingKind, Requirement, Rhythm, SpanState
from app.meetings.schemas.meetings import BodyFilter, DivisionFilter, MemberRef
from app.party_organizations.rules import BodyKind
from app.reference.schemas import content_of

_YEAR = Field(ge=1949, le=2199, description="The calendar year.", examples=[2026])
_DAY = Field(description="By what had been held on this day; today if absent.", examples=["2026-11-22"])
_KIND = Field(description="Which activity.", examples=["theme_day"])
_LABEL = Field(description="The activity, for display.", examples=[{"zh": "主题党日", "en": "Theme day"}])

# --- the rule pack ---


class LifeTerm(Input):
    """One line: bodies of these kinds owe the activity so many times in each stretch."""

    kind: MeetingKind
    body_kinds: Annotated[list[BodyKind], Field(min_length=1, max_length=7)]
    requires: Requirement | None
    rhythm: Rhythm
    times: Annotated[int, Field(ge=1, le=31)]
    source: LongText
    verified: bool


class CommitteePosts(Input):
    """How many people in posts make a branch committee."""

    at_least: Annotated[int, Field(ge=1, le=15)]
    source: LongText
    verified: bool


class TrainingHours(Input):
    """学时 that are owed a year."""

    member_hours: Annotated[int, Field(ge=0, le=400)]
    secretary_hours: Annotated[int, Field(ge=0, le=400)]
    source: LongText
    verified: bool


class ExcellentShare(Input):
    """The largest share of excellent members in an appraisal."""

    numerator: Annotated[int, Field(ge=0, le=100)]
    denominator: Annotated[int, Field(ge=1, le=100)]
    source: LongText
    verified: bool


class OrganizationLifeContent(Input):
    """The content of a rule pack of the kind `organization_life`."""

    committee_posts: CommitteePosts
    activities: Annotated[list[LifeTerm], Field(min_length=1, max_length=40)]
    training: TrainingHours
    excellent: ExcellentShare

    @model_validator(mode="after")
    def _distinct(self) -> "OrganizationLifeContent":
        lines = [(term.kind, kind) for term in self.activities for kind in term.body_kinds]
        if len(set(lines)) < len(lines):
            raise ValueError("two lines for one activity of one kind of body")
        return self

    def plain(self, pack_id: UUID | None, code: str, version: str) -> rules.Life:
        return rules.Life(
            pack_id,
            code,
            version,
            tuple(
                rules.Term(
                    t.kind, frozenset(t.body_kinds), t.requires, t.rhythm, t.times, t.source, t.verified
                )
                for t in self.activities
            ),
            self.committee_posts.at_least,
            self.training.member_hours,
            self.training.secretary_hours,
            (self.excellent.numerator, self.excellent.denominator),
        )


content_of("organization_life", OrganizationLifeContent)

# --- one body ---


class LifeQuery(Question):
    """Which year, seen from which day."""

    year: Annotated[int, _YEAR]
    as_of: Annotated[Day | None, _DAY] = None


class LifeSpan(Output):
    """One stretch of the year, `[from_on, until_on)`."""

    from_on: date
    until_on: date
    state: Annotated[
        SpanState, Field(description="Held, missing (it is over), pending (it runs), or not owed.")
    ]
    held: Annotated[int, Field(description="How many were held in it.", examples=[1])]


class LifeRule(Output):
    """The line of the rule pack behind an activity."""

    rhythm: Annotated[Rhythm, Field(description="The stretch in which it is owed.")]
    times: Annotated[int, Field(description="How often in each stretch.", examples=[1])]
    requires: Annotated[
        Requirement | None, Field(description="What a body must have to owe it.", examples=["committee"])
    ]
    rule_pack: Annotated[
        str, Field(description="The pack and its version.", examples=["organization-life-national 2019.1"])
    ]
    source: Annotated[str, Field(description="Where the rule is written.", examples=["条例第16条"])]
    verified: Annotated[bool, Field(description="Whether somebody saw the text itself.")]


class LifeActivity(Output):
    """An activity with its stretches."""

    kind: Annotated[MeetingKind, _KIND]
    label: Annotated[Bilingual, _LABEL]
    rule: LifeRule
    owed: Annotated[int, Field(description="Stretches that are over and were owed.", examples=[10])]
    held: Annotated[int, Field(description="Of those, held often enough.", examples=[9])]
    missing: Annotated[int, Field(description="Of those, not held often enough.", examples=[1])]
    spans: Annotated[list[LifeSpan], Field(description="Every stretch that had begun.")]


class OrganizationLifeRead(Output):
    """What a body owed and held in a year: structure decides what it owes."""

    party_organization: Ref
    body_kind: Annotated[str, Field(description="Its kind.", examples=["branch"])]
    has_committee: Annotated[
        bool, Field(description="Whether enough people hold posts that day to be a committee.")
    ]
    group_count: Annotated[int, Field(description="Groups (党小组) directly below it.", examples=[2])]
    year: Annotated[int, _YEAR]
    as_of: date
    activities: list[LifeActivity]


# --- many bodies ---


class LifeTotalsQuery(LifeQuery):
    """Over which bodies."""

    division: DivisionFilter = None
    party_organization_id: BodyFilter = None


class LifeTotal(Output):
    """One activity over many bodies: stretches held of those owed and over."""

    kind: Annotated[MeetingKind, _KIND]
    label: Annotated[Bilingual, _LABEL]
    bodies: Annotated[int, Field(description="Bodies that owed it.", examples=[40])]
    numerator: Annotated[int, Field(description="Stretches held often enough.", examples=[380])]
    denominator: Annotated[int, Field(description="Stretches that were owed and are over.", examples=[400])]
    percent: Annotated[
        str | None, Field(description="Half up, two decimals; null of nothing.", examples=["95.00"])
    ]


class LifeTotalsLine(Output):
    """A division below the one that was asked about; `division` is null for what lies in that one itself."""

    division: CodeRef | None
    totals: Annotated[list[LifeTotal], Field(description="Each activity there.")]


class LifeTotalsRead(Output):
    """How much of what is owed was held, with what exactly is counted."""

    year: Annotated[int, _YEAR]
    as_of: date
    definition: Annotated[
        Bilingual,
        Field(
            description="What exactly is counted.",
            examples=[
                {"zh": "已召开的周期数 ÷ 应召开且已结束的周期数", "en": "Stretches held, of those owed"}
            ],
        ),
    ]
    totals: Annotated[list[LifeTotal], Field(description="Each activity over all bodies.")]
    lines: Annotated[list[LifeTotalsLine], Field(description="The same by division, one level below.")]


class LifeRankingFilters(Filters):
    """Bodies by how often they held an activity (网上晒、大家比)."""

    division: DivisionFilter = None
    party_organization_id: BodyFilter = None
    kind: Annotated[MeetingKind, _KIND] = MeetingKind.THEME_DAY
    year: Annotated[int, _YEAR]
    as_of: Annotated[Day | None, _DAY] = None


class LifeRankRead(Output):
    """A body and how often it held the activity."""

    party_organization: Ref
    division: CodeRef
    held: Annotated[int, Field(description="How many were held.", examples=[11])]
    last_held_on: Annotated[date | None, Field(description="The latest one.", examples=["2026-11-05"])]


class TrainingHoursFilters(Filters):
    """Whose hours."""

    division: DivisionFilter = None
    party_organization_id: BodyFilter = None
    year: Annotated[int, _YEAR]
    reached: Annotated[bool | None, Field(description="Only who has reached it, or only who has not.")] = None


class TrainingHoursRead(Output):
    """The hours (学时) of a member in a year; secretaries owe more."""

    member: MemberRef
    party_organization: Ref
    hours: Annotated[DecimalString, Field(description="Hours attended.", examples=["28.0"])]
    required_hours: Annotated[int, Field(description="Hours owed that year.", examples=[32])]
    reached: Annotated[bool, Field(description="Whether they are reached.")]


def percent(numerator: int, denominator: int) -> str | None:
    """Half up, two decimals; null of nothing."""
    if not denominator:
        return None
    return str((Decimal(numerator) * 100 / denominator).quantize(Decimal("0.01"), "ROUND_HALF_UP"))
