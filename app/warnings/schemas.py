"""What crosses the wire about warnings."""

from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field, model_validator

from app.core.events import Event
from app.core.fields import Bilingual, CodeRef, CodeStr, DivisionCode, Input, LongText, Output, Ref
from app.core.pages import Filters, Question
from app.reference.schemas import content_of
from app.warnings.rules import PACK, WORDS, ClosedBy, Pack, WarningKind, WarningRule

Subtree = Annotated[DivisionCode | None, Field(description="Bodies of this division and below.")]
Below = Annotated[UUID | None, Field(description="This Party organization and all below it.")]


class RuleGiven(Input):
    """One rule: which kinds of bodies it is about, and the number it turns on, where it has one."""

    kind: WarningKind
    bodies: Annotated[list[CodeStr], Field(max_length=7)]
    limit: Annotated[int | None, Field(ge=1, le=1000)]
    source: LongText
    verified: bool

    @model_validator(mode="after")
    def _numbered(self) -> "RuleGiven":
        numbered = "{limit}" in WORDS[self.kind][0]
        if numbered != (self.limit is not None):
            raise ValueError("a limit where the rule turns on a number, and only there")
        return self


class ParalysisWarningsContent(Input):
    """The content of a rule pack of the kind `paralysis_warnings`."""

    rules: Annotated[list[RuleGiven], Field(min_length=1, max_length=6)]

    @model_validator(mode="after")
    def _distinct(self) -> "ParalysisWarningsContent":
        if len({rule.kind for rule in self.rules}) < len(self.rules):
            raise ValueError("two rules of one kind")
        return self

    def plain(self, pack_id: UUID, jurisdiction: str | None) -> Pack:
        """What the rules ask."""
        found = (WarningRule(r.kind, tuple(r.bodies), r.limit, r.source, r.verified) for r in self.rules)
        return Pack(pack_id, jurisdiction, tuple(found))


content_of(PACK, ParalysisWarningsContent)


class WarningFilters(Filters):
    """Which warnings, those that have lasted longest first."""

    division: Subtree = None
    party_organization_id: Below = None
    kind: WarningKind | None = None
    state: Annotated[
        Literal["open", "closed"] | None, Field(description="Standing, or settled.", examples=["open"])
    ] = "open"


class WarningCountsQuery(Question):
    """Where to count."""

    division: Subtree = None
    party_organization_id: Below = None


class WarningRuleRead(Output):
    """The rule that a warning follows."""

    text: Bilingual
    threshold: Annotated[int | None, Field(examples=[3])]
    source: str
    verified: Annotated[bool, Field(description="Whether the text of the source was seen.")]
    rule_pack_id: UUID


class WarningEvidence(Output):
    """What the ledgers show: how many there are now, or when the last term, post or meeting was."""

    count: Annotated[int | None, Field(description="Members or organizations now.", examples=[2])]
    last_on: Annotated[
        date | None,
        Field(description="The end of the term or of the last secretary's post, or the last meeting."),
    ]
    record_id: Annotated[UUID | None, Field(description="That term, post or meeting.")]


class ParalysisWarningRead(Output):
    """A warning, with its rule, its evidence, and since when."""

    id: UUID
    party_organization: Ref
    division: CodeRef
    kind: Annotated[WarningKind, Field(examples=["no_secretary"])]
    since_on: Annotated[date, Field(description="Since when it is so, by the ledgers.")]
    rule: WarningRuleRead
    evidence: WarningEvidence
    opened_on: Annotated[date, Field(description="The day on which it was found.")]
    closed_on: Annotated[date | None, Field(description="The day from which it no longer was so.")]
    closed_by: Annotated[ClosedBy | None, Field(description="The change that ended it.")]


class WarningCount(Output):
    """Open warnings of a kind, and the list behind the number."""

    kind: Annotated[WarningKind, Field(examples=["no_secretary"])]
    title: Bilingual
    count: int
    list: str


class WarningCounts(Output):
    """Open warnings by kind; `bodies` have at least one."""

    today: date
    bodies: Annotated[int, Field(description="Party organizations with at least one warning.")]
    by_kind: list[WarningCount]


class WarningOpened(Event):
    """Something is wrong with a body."""

    type: ClassVar[str] = "paralysis_warning.opened"
    subject_type: ClassVar[str] = "party_organization"
    warning_id: UUID
    kind: WarningKind
    since_on: date


class WarningClosed(Event):
    """It is no longer so."""

    type: ClassVar[str] = "paralysis_warning.closed"
    subject_type: ClassVar[str] = "party_organization"
    warning_id: UUID
    kind: WarningKind
    closed_on: date
    closed_by: ClosedBy
