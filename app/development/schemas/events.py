"""What happens to cases. Ids and codes only; feeds of subscribers carry nothing about people."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.core.events import Event
from app.development.rules import CaseState, HelperRole, ObjectionResult, RecordKind, ReviewConclusion


class _CaseEvent(Event):
    subject_type: ClassVar[str] = "development_case"
    public: ClassVar[bool] = False


class CaseOpened(_CaseEvent):
    """An application was taken."""

    type: ClassVar[str] = "development.opened"
    member_id: UUID
    pack: str
    on: date


class CaseAdvanced(_CaseEvent):
    """A step was taken; `warnings` are the codes of what was said against it."""

    type: ClassVar[str] = "development.advanced"
    member_id: UUID
    step: str
    on: date
    warnings: list[str]


class CaseRejected(_CaseEvent):
    """A step was not agreed to."""

    type: ClassVar[str] = "development.rejected"
    step: str
    back_to: str | None
    papers: list[str]


class CasePapers(_CaseEvent):
    """Papers were received or returned."""

    type: ClassVar[str] = "development.papers_changed"
    received: list[str]
    returned: list[str]


class CaseVoted(_CaseEvent):
    """A vote was recorded."""

    type: ClassVar[str] = "development.voted"
    step: str
    on: date


class CasePublicity(_CaseEvent):
    """A publicity began, met an objection, or was closed."""

    type: ClassVar[str] = "development.publicity_changed"
    step: str
    objections: int
    result: ObjectionResult | None


class CaseHelpers(_CaseEvent):
    """Contacts or introducers were named."""

    type: ClassVar[str] = "development.helpers_named"
    role: HelperRole
    member_ids: list[UUID]
    on: date


class CaseRecords(_CaseEvent):
    """Conversations, appraisals, trainings or thought reports were recorded."""

    type: ClassVar[str] = "development.records_added"
    kinds: list[RecordKind]


class CaseReviewed(_CaseEvent):
    """A political review was concluded; its findings are not told."""

    type: ClassVar[str] = "development.reviewed"
    conclusion: ReviewConclusion
    on: date


class CaseReviewShown(_CaseEvent):
    """The findings of a political review were shown to somebody, who said why."""

    type: ClassVar[str] = "development.review_revealed"
    reveals: ClassVar[bool] = True
    purpose: str
    reason: str


class ProbationExtended(_CaseEvent):
    """A probation was prolonged."""

    type: ClassVar[str] = "development.probation_extended"
    member_id: UUID
    months: int
    until_on: date


class CaseRestarted(_CaseEvent):
    """A lapsed case went back to an earlier step."""

    type: ClassVar[str] = "development.restarted"
    step: str
    back_to: str


class CaseClosed(_CaseEvent):
    """A case was completed, removed or ended."""

    type: ClassVar[str] = "development.closed"
    member_id: UUID
    state: CaseState
    on: date


class CaseReminded(_CaseEvent):
    """A day comes near by which the branch (or, `above`, the approving body) has to act."""

    type: ClassVar[str] = "development.reminded"
    step: str
    due_on: date
    days_left: int
    above: bool
    party_organization_id: UUID


class QuotaAllotted(Event):
    """Places were allotted or changed."""

    type: ClassVar[str] = "development.quota_allotted"
    subject_type: ClassVar[str] = "development_quota"
    year: int
    party_organization_id: UUID
    separate_plan: bool
    places: int
    enforced: bool
