"""What happened in rounds. No reviewer and no name is ever in an event."""

from typing import ClassVar
from uuid import UUID

from app.core.events import Event
from app.rounds.rules import (
    CultivationEnd,
    InterestKind,
    ObjectionState,
    RaisedBy,
    ReplacedFor,
    RoundLevel,
    RoundUse,
    SiteVisitKind,
    SubjectKind,
)


class RoundEvent(Event):
    """Something about a round."""

    subject_type: ClassVar[str] = "round"


class RoundOpened(RoundEvent):
    """A round began."""

    type: ClassVar[str] = "round.opened"
    use: RoundUse
    level: RoundLevel
    standard_version_id: UUID


class ReviewersDrawn(RoundEvent):
    """The sheets are frozen and their reviewers drawn."""

    type: ClassVar[str] = "round.reviewers_drawn"
    seed: str
    sheets: int
    lapsed: int
    early_reason: str | None


class ReviewClosed(RoundEvent):
    """All sheets are scored and ranked; the result is public."""

    type: ClassVar[str] = "round.review_closed"
    sheets: int
    vetoed: int
    selected: int


class RoundDecided(RoundEvent):
    """The results are frozen. The hash is over all of them: the sealed audit keeps it."""

    type: ClassVar[str] = "round.decided"
    use: RoundUse
    selected: int
    results_hash: str
    document: str


class ApplicationEvent(Event):
    """Something about an application."""

    subject_type: ClassVar[str] = "round_application"
    round_id: UUID


class ApplicationFiled(ApplicationEvent):
    """Somebody applied."""

    type: ClassVar[str] = "round_application.filed"
    subject_kind: SubjectKind
    subject_id: UUID


class CultivationEnded(ApplicationEvent):
    """A cultivation ended."""

    type: ClassVar[str] = "round_application.cultivation_ended"
    outcome: CultivationEnd


class SelfScored(ApplicationEvent):
    """A self-score was written."""

    type: ClassVar[str] = "round_application.self_scored"
    public: ClassVar[bool] = False
    indicators: int
    files: int


class ApplicationSubmitted(ApplicationEvent):
    """A sheet was handed in."""

    type: ClassVar[str] = "round_application.submitted"


class SiteVisited(ApplicationEvent):
    """A visit was recorded."""

    type: ClassVar[str] = "round_application.visited"
    kind: SiteVisitKind
    visitors: int


class ReviewHandedIn(ApplicationEvent):
    """A review was handed in."""

    type: ClassVar[str] = "round_review.submitted"
    public: ClassVar[bool] = False
    place: int


class ReviewReplaced(ApplicationEvent):
    """A place at a sheet went to somebody else."""

    type: ClassVar[str] = "round_review.replaced"
    public: ClassVar[bool] = False
    place: int
    reason: ReplacedFor
    filled: bool


class RulingGiven(ApplicationEvent):
    """The chair ruled on a sheet."""

    type: ClassVar[str] = "round_application.ruled"
    indicators: list[str]


class ObjectionRaised(ApplicationEvent):
    """Somebody objects to a result."""

    type: ClassVar[str] = "round_objection.raised"
    objection_id: UUID
    raised_by: RaisedBy


class ObjectionAnswered(ApplicationEvent):
    """An objection is answered."""

    type: ClassVar[str] = "round_objection.answered"
    objection_id: UUID
    state: ObjectionState
    moved: int


class InterestDeclared(Event):
    """A reviewer said whom they may not judge."""

    type: ClassVar[str] = "reviewer_interest.declared"
    subject_type: ClassVar[str] = "user"
    public: ClassVar[bool] = False
    kind: InterestKind
    replaced: int
