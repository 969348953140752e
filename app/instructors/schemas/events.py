"""What happened around instructors; no name is ever in an event."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.core.events import Event
from app.instructors.rules import (
    AssessmentKind,
    ContractKind,
    Grade,
    InstructorKind,
    InstructorSource,
    Outcome,
    Progress,
    VisitKind,
)


class InstructorEvent(Event):
    """Something about an instructor."""

    subject_type: ClassVar[str] = "instructor"


class InstructorAppointed(InstructorEvent):
    """Somebody serves from now on."""

    type: ClassVar[str] = "instructor.appointed"
    kind: InstructorKind
    source: InstructorSource
    from_on: date
    until_on: date
    capacity: int


class InstructorChanged(InstructorEvent):
    """What is known of an instructor changed."""

    type: ClassVar[str] = "instructor.changed"
    changed: list[str]


class InstructorRenewed(InstructorEvent):
    """The term is longer."""

    type: ClassVar[str] = "instructor.renewed"
    until_on: date


class InstructorEnded(InstructorEvent):
    """The service is over."""

    type: ClassVar[str] = "instructor.ended"
    on: date


class InstructorAssessed(InstructorEvent):
    """An assessment is on record."""

    type: ClassVar[str] = "instructor.assessed"
    kind: AssessmentKind
    year: int
    grade: Grade
    outcome: Outcome


class InstructorShown(InstructorEvent):
    """Plain text of an instructor was shown to somebody."""

    type: ClassVar[str] = "instructor.revealed"
    public: ClassVar[bool] = False
    reveals: ClassVar[bool] = True
    fields: list[str]
    purpose: str
    reason: str


class AssignmentStarted(InstructorEvent):
    """An organization has an instructor."""

    type: ClassVar[str] = "instructor_assignment.started"
    assignment_id: UUID
    organization_id: UUID
    from_on: date
    until_on: date


class AssignmentEnded(InstructorEvent):
    """An assignment ended before its last day."""

    type: ClassVar[str] = "instructor_assignment.ended"
    assignment_id: UUID
    organization_id: UUID
    on: date
    reason: str


class AssignmentCancelled(InstructorEvent):
    """An assignment was never so, or never began."""

    type: ClassVar[str] = "instructor_assignment.cancelled"
    assignment_id: UUID
    organization_id: UUID
    reason: str


class AssignmentRenewed(InstructorEvent):
    """An assignment lasts longer."""

    type: ClassVar[str] = "instructor_assignment.renewed"
    assignment_id: UUID
    organization_id: UUID
    until_on: date


class VisitRecorded(Event):
    """An organization or body was met."""

    type: ClassVar[str] = "guidance_visit.recorded"
    subject_type: ClassVar[str] = "guidance_visit"
    kind: VisitKind
    instructor_id: UUID | None
    contract_id: UUID | None
    organization_id: UUID | None
    held_on: date


class FollowUpClosed(Event):
    """What was agreed on a visit is done."""

    type: ClassVar[str] = "guidance_visit.followed_up"
    subject_type: ClassVar[str] = "guidance_visit"
    on: date


class SuggestionsMade(Event):
    """Blank spots were matched with instructors."""

    type: ClassVar[str] = "instructor_suggestions.made"
    subject_type: ClassVar[str] = "operation"
    suggestions: int
    blank_spots: int
    without: int


class SuggestionsSettled(Event):
    """Suggestions were accepted or declined."""

    type: ClassVar[str] = "instructor_suggestions.settled"
    subject_type: ClassVar[str] = "operation"
    accepted: int
    superseded: int
    declined: int


class ContractEvent(Event):
    """Something about a leader's contract."""

    subject_type: ClassVar[str] = "leader_contract"


class ContractSigned(ContractEvent):
    """A leader took on a division."""

    type: ClassVar[str] = "leader_contract.signed"
    kind: ContractKind
    quota: int | None


class ContractEnded(ContractEvent):
    """A contract is over."""

    type: ClassVar[str] = "leader_contract.ended"
    on: date


class TargetAdded(ContractEvent):
    """A leader took on an organization or body."""

    type: ClassVar[str] = "leader_contract.target_added"
    target_id: UUID


class TargetMoved(ContractEvent):
    """A target is at another stage."""

    type: ClassVar[str] = "leader_contract.target_moved"
    target_id: UUID
    progress: Progress
