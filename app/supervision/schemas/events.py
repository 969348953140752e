"""What happened in supervision."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.core.events import Event
from app.supervision.rules import DutyPart, SupervisionKind, SupervisionVerdict


class SupervisionRoundEvent(Event):
    """About a round."""

    subject_type: ClassVar[str] = "supervision_round"


class SupervisionOpened(SupervisionRoundEvent):
    """A round was opened."""

    type: ClassVar[str] = "supervision_round.opened"
    kind: SupervisionKind
    units: int


class SupervisionSampleDrawn(SupervisionRoundEvent):
    """Units were drawn by a seed."""

    type: ClassVar[str] = "supervision_round.sample_drawn"
    seed: str
    count: int
    candidates: int


class SupervisionVisited(SupervisionRoundEvent):
    """The team was at a unit."""

    type: ClassVar[str] = "supervision_round.visited"
    visit_id: UUID
    unit_id: UUID
    held_on: date
    found: int


class SupervisionClosed(SupervisionRoundEvent):
    """A round is over."""

    type: ClassVar[str] = "supervision_round.closed"
    on: date


class SupervisionFindingEvent(Event):
    """About a finding."""

    subject_type: ClassVar[str] = "supervision_finding"


class SupervisionFindingRecorded(SupervisionFindingEvent):
    """Something has to be put right, or somebody is weak."""

    type: ClassVar[str] = "supervision_finding.recorded"
    kind: str
    about: UUID
    due_on: date
    rule_code: str | None


class SupervisionFindingPlanned(SupervisionFindingEvent):
    """Who helps and what is to be done was settled."""

    type: ClassVar[str] = "supervision_finding.planned"
    measures: int


class SupervisionNoticeDrafted(SupervisionFindingEvent):
    """A notice about it was drafted."""

    type: ClassVar[str] = "supervision_finding.notice_drafted"
    notice_id: UUID


class SupervisionFindingReported(SupervisionFindingEvent):
    """Something was done about it."""

    type: ClassVar[str] = "supervision_finding.reported"
    number: int
    done_on: date


class SupervisionFindingJudged(SupervisionFindingEvent):
    """A second person accepted it, or sent it back."""

    type: ClassVar[str] = "supervision_finding.judged"
    number: int
    verdict: SupervisionVerdict


class DepartmentDutyEvent(Event):
    """About a department's duty."""

    subject_type: ClassVar[str] = "department_duty"
    authority_id: UUID
    matter: str


class DepartmentDutyAssigned(DepartmentDutyEvent):
    """A department has a duty."""

    type: ClassVar[str] = "department_duty.assigned"
    part: DutyPart
    from_on: date


class DepartmentDutyEnded(DepartmentDutyEvent):
    """A duty is over."""

    type: ClassVar[str] = "department_duty.ended"
    on: date
