"""What crosses the wire: rule packs of the kind `responsibility`, the answer, its history, and what is
announced."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field, model_validator

from app.core.events import Event
from app.core.fields import (
    CodeRef,
    CodeStr,
    Day,
    DivisionCode,
    Input,
    Instant,
    LongText,
    Output,
    Ref,
    ShortText,
)
from app.core.pages import Filters
from app.reference.schemas import content_of
from app.responsibility import rules
from app.responsibility.rules import Fact, RulePack, TargetKind

LevelCode = Literal["nation", "province", "prefecture", "county", "township", "community", "zone"]


class BilingualText(Input):
    """A text in both languages."""

    zh: ShortText
    en: ShortText


class ValuesCondition(Input):
    """The fact is one of these codes."""

    fact: Literal[
        Fact.KIND, Fact.REGISTRATION_MODE, Fact.REGISTRATION_LEVEL, Fact.INDUSTRY, Fact.LOCAL_RELATION
    ]
    values: Annotated[list[CodeStr], Field(alias="in", min_length=1, max_length=50)]

    def plain(self) -> rules.Condition:
        return rules.Condition(self.fact, tuple(self.values))


class FlagCondition(Input):
    """The fact is true, or false."""

    fact: Literal[Fact.DECOUPLED, Fact.IS_TRADE_ASSOCIATION, Fact.HAS_INDUSTRY, Fact.HAS_SUPERVISORY_UNIT]
    value: Annotated[bool, Field(alias="is")]

    def plain(self) -> rules.Condition:
        return rules.Condition(self.fact, (self.value,))


class AnyOfCondition(Input):
    """At least one of these holds."""

    any_of: Annotated[list[ValuesCondition | FlagCondition], Field(min_length=2, max_length=10)]

    def plain(self) -> rules.AnyOf:
        return rules.AnyOf(tuple(each.plain() for each in self.any_of))


class PackTarget(Input):
    """Where a rule looks for a body. `roles` in order of preference; `levels` for local Party
    organizations."""

    target: TargetKind
    roles: Annotated[list[CodeStr], Field(default_factory=list, max_length=20)]
    levels: Annotated[list[LevelCode], Field(default_factory=list, max_length=7)]
    climb: bool = False

    @model_validator(mode="after")
    def _fits(self) -> "PackTarget":
        if (self.target in rules.BY_ROLE) != bool(self.roles):
            raise ValueError(f"{self.target} and `roles` do not go together")
        if (self.target is TargetKind.LOCAL_PARTY_ORGANIZATION) != bool(self.levels):
            raise ValueError(f"{self.target} and `levels` do not go together")
        if self.climb and self.target not in rules.BY_ROLE:
            raise ValueError(f"{self.target} cannot climb")
        return self

    def plain(self) -> rules.Target:
        return rules.Target(self.target, tuple(self.roles), tuple(self.levels), self.climb)


class PackRule(Input):
    """One rule of the table, with its source."""

    code: CodeStr
    order: Annotated[int, Field(ge=1, le=10_000)]
    title: BilingualText
    source: LongText
    when: Annotated[list[AnyOfCondition | ValuesCondition | FlagCondition], Field(max_length=20)]
    lead: Annotated[list[PackTarget], Field(min_length=1, max_length=10)]
    joint: Annotated[list[PackTarget], Field(default_factory=list, max_length=10)]
    guidance: Annotated[list[PackTarget], Field(default_factory=list, max_length=10)]

    def plain(self, pack_id: UUID | None) -> rules.Rule:
        return rules.Rule(
            self.code,
            self.order,
            (self.title.zh, self.title.en),
            self.source,
            tuple(each.plain() for each in self.when),
            tuple(each.plain() for each in self.lead),
            tuple(each.plain() for each in self.joint),
            tuple(each.plain() for each in self.guidance),
            pack_id,
        )


class ResponsibilityPack(Input):
    """The content of a rule pack of the kind `responsibility`: the rules of a jurisdiction, and those of its
    superiors that do not hold there."""

    rules: Annotated[list[PackRule], Field(max_length=100)]
    removes: Annotated[list[CodeStr], Field(default_factory=list, max_length=100)]

    @model_validator(mode="after")
    def _distinct(self) -> "ResponsibilityPack":
        if len({rule.code for rule in self.rules}) < len(self.rules):
            raise ValueError("two rules share a code")
        if len({rule.order for rule in self.rules}) < len(self.rules):
            raise ValueError("two rules share an order")
        return self

    def plain(self, pack_id: UUID | None) -> RulePack:
        return RulePack(tuple(rule.plain(pack_id) for rule in self.rules), frozenset(self.removes))


content_of("responsibility", ResponsibilityPack)


class BilingualRead(Output):
    """A text in Chinese and in English."""

    zh: str
    en: str


class TriedRule(Output):
    """A rule that did not apply: why, and the facts that were looked at."""

    rule: str
    title: BilingualRead
    code: Annotated[str, Field(json_schema_extra={"x-extensible-enum": ["condition_not_met", "no_body"]})]
    reason: BilingualRead
    facts: dict[str, str | bool | None]
    looked_for: list[str]
    divisions: list[str]


class OverrideRead(Output):
    """An override of the rules: its reason, and the day on which the rules apply again."""

    reason: str
    until: Day


class ResponsibilityRead(Output):
    """Who answers for an organization on a day, by which rule, since when, and what was tried before it.

    `lead` is null only for a listed finding: see `GET /responsibility-findings`."""

    organization: Ref
    as_of: Day
    lead: Ref | None
    joint: list[Ref]
    guidance: list[Ref]
    rule: str | None
    rule_title: BilingualRead | None
    source: str | None
    rule_pack_id: UUID | None
    since: Day | None
    overridden_by: OverrideRead | None
    tried: list[TriedRule]
    facts: dict[str, str | bool | None]
    determined_at: Instant | None
    allowed_actions: list[str]


class ResponsibilitySpellRead(Output):
    """A stretch of days in which a body answered in one relation, as it is known now."""

    id: UUID
    relation: Literal["lead", "joint", "guidance"]
    party_organization: Ref
    rule: str | None
    rule_title: BilingualRead | None
    source: str | None
    since: Day
    until: Day | None
    override: bool
    override_reason: str | None
    recorded_at: Instant


class ResponsibilityHistory(Output):
    """Every stretch, the latest first."""

    organization: Ref
    items: list[ResponsibilitySpellRead]


class AnswerFilters(Input):
    """A day to look at; today when absent."""

    as_of: Annotated[
        Day | None, Field(description="The day to look at (Asia/Shanghai); today when absent.")
    ] = None


class HistoryFilters(Input):
    """What was known when; now when absent."""

    known_at: Annotated[
        Instant | None, Field(description="What was known at this instant; now when absent.")
    ] = None


class ResponsibilityOverride(Input):
    """A decision that another body leads for a time."""

    party_organization_id: Annotated[UUID, Field(description="The body that is to lead.")]
    reason: LongText
    until: Annotated[Day, Field(description="The first day on which the rules apply again.")]


class OverrideEnd(Input):
    """The end of an override before its day."""

    reason: LongText


class ResponsibilityPreview(Input):
    """Facts to resolve without storing anything: those of a registered organization, or of one still to
    come."""

    kind: CodeStr
    registration_mode: Literal["direct", "dual", "filed"]
    division_code: DivisionCode
    domicile_division_code: DivisionCode | None = None
    industry: CodeStr | None = None
    decoupled: bool = False
    is_trade_association: bool = False
    registration_authority_id: UUID | None = None
    supervisory_unit_id: UUID | None = None
    former_supervisory_unit_id: UUID | None = None
    industry_authority_id: UUID | None = None


class ResponsibilityPreviewRead(Output):
    """What the rules of today answer to these facts."""

    lead: Ref | None
    joint: list[Ref]
    guidance: list[Ref]
    rule: str | None
    rule_title: BilingualRead | None
    source: str | None
    rule_pack_id: UUID | None
    tried: list[TriedRule]
    facts: dict[str, str | bool | None]


class ResponsibilityFindingFilters(Filters):
    """Filters of the list of organizations without a lead."""

    division: Annotated[DivisionCode | None, Field(description="The subtree of a division.")] = None
    kind: Annotated[CodeStr | None, Field(description="The kind of organization.")] = None
    registration_mode: Annotated[Literal["direct", "dual", "filed"] | None, Field(description="Mode.")] = None


class ResponsibilityFindingRead(Output):
    """An organization in normal status that no Party body leads today, with everything that was tried."""

    organization: Ref
    kind: str
    registration_mode: str
    division: CodeRef
    tried: list[TriedRule]
    determined_at: Instant | None


class ResponsibilityRunStart(Input):
    """What to determine again: the organizations registered in a division's subtree. A dry run changes
    nothing and reports what would change."""

    division: DivisionCode
    dry_run: bool = False


class ResponsibilityDetermined(Event):
    """A Party body leads an organization for the first time."""

    type: ClassVar[str] = "responsibility.determined"
    subject_type: ClassVar[str] = "organization"
    lead_id: UUID
    rule: str | None
    since: Day


class ResponsibilityChanged(Event):
    """Another body leads, or another rule says so, or those beside it changed."""

    type: ClassVar[str] = "responsibility.changed"
    subject_type: ClassVar[str] = "organization"
    lead_id: UUID
    previous_lead_id: UUID | None
    rule: str | None
    since: Day


class ResponsibilityMissing(Event):
    """No rule finds a body that leads the organization: a finding."""

    type: ClassVar[str] = "responsibility.missing"
    subject_type: ClassVar[str] = "organization"
    previous_lead_id: UUID | None
    tried: list[str]


class ResponsibilityOverridden(Event):
    """A decision put another body in the lead."""

    type: ClassVar[str] = "responsibility.overridden"
    subject_type: ClassVar[str] = "organization"
    lead_id: UUID
    previous_lead_id: UUID | None
    reason: str
    until: Day


class ResponsibilityOverrideEnded(Event):
    """An override is over: ended before its day for a reason, or (without one) because its day came."""

    type: ClassVar[str] = "responsibility.override_ended"
    subject_type: ClassVar[str] = "organization"
    lead_id: UUID
    until: Day
    reason: str | None
