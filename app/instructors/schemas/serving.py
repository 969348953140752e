"""Assignments, visits and figures on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields import Day, DivisionCode, Input, LongText, NonNegative, Output, Ref, ShortText
from app.core.pages import Filters, Question
from app.instructors.rules import AssignmentKind, SuggestionState, VisitKind


class Assign(Input):
    """An instructor for an organization, within the instructor's term."""

    instructor_id: UUID
    organization_id: UUID
    kind: Annotated[AssignmentKind, Field(examples=["general"])] = AssignmentKind.GENERAL
    from_on: Annotated[Day | None, Field(description="The first day; today if absent.")] = None
    until_on: Annotated[
        Day | None, Field(description="The day on which it is over; the end of the term if absent.")
    ] = None


class Recall(Input):
    """When and why an assignment ends before its last day. One that was never true is taken back."""

    on: Annotated[Day | None, Field(description="The first day without it; today if absent.")] = None
    in_error: Annotated[bool, Field(description="Recorded in error: it was never so.")] = False


class AssignmentRenew(Input):
    """A later end, still within the instructor's term."""

    until_on: Annotated[Day, Field(description="The day on which it is over.")]


class AssignmentRead(Output):
    """Who serves which organization, from when until when."""

    id: UUID
    instructor: Annotated[Ref, Field(description="The instructor, the name masked.")]
    organization: Ref
    kind: Annotated[AssignmentKind, Field(examples=["general"])]
    from_on: date
    until_on: date
    ended_reason: str | None
    handed_over_from: Annotated[UUID | None, Field(description="The assignment that it follows.")]
    recorded_at: datetime
    etag: str
    allowed_actions: list[str]


class AssignmentFilters(Filters):
    """Which assignments, as known now."""

    instructor_id: Annotated[UUID | None, Field(description="Of this instructor.")] = None
    organization_id: Annotated[UUID | None, Field(description="Of this organization.")] = None
    division: Annotated[DivisionCode | None, Field(description="Of instructors serving there or below.")] = (
        None
    )
    as_of: Annotated[Day | None, Field(description="Those of this day; without it, all that were.")] = None


class HandedOver(Output):
    """What went to the other instructor."""

    assignments: list[AssignmentRead]


class VisitRecord(Input):
    """What was done for an organization, by an instructor, or for a target of a leader's contract."""

    organization_id: Annotated[UUID | None, Field(description="The organization met.")] = None
    target_party_organization_id: Annotated[
        UUID | None, Field(description="The Party organization met, by a leader.")
    ] = None
    kind: Annotated[VisitKind, Field(examples=["visit"])]
    held_on: Annotated[Day | None, Field(description="Today if absent.")] = None
    persons_met: NonNegative = 0
    members_found: Annotated[NonNegative, Field(description="摸查党员: members it turned out to have.")] = 0
    findings: LongText | None = None
    follow_up: LongText | None = None
    follow_up_due_on: Day | None = None


class FollowUpDone(Input):
    """The day on which what was agreed had been done."""

    on: Annotated[Day | None, Field(description="Today if absent.")] = None


class VisitRead(Output):
    """One visit or contact."""

    id: UUID
    instructor: Annotated[Ref | None, Field(description="The instructor, the name masked.")]
    contract_id: UUID | None
    organization: Ref | None
    target_party_organization: Ref | None
    kind: Annotated[VisitKind, Field(examples=["visit"])]
    held_on: date
    persons_met: int
    members_found: int
    findings: str | None
    follow_up: str | None
    follow_up_due_on: date | None
    follow_up_done_on: date | None
    etag: str
    allowed_actions: list[str]


class VisitFilters(Filters):
    """Which visits."""

    instructor_id: Annotated[UUID | None, Field(description="Made by this instructor.")] = None
    contract_id: Annotated[UUID | None, Field(description="Made under this contract.")] = None
    organization_id: Annotated[UUID | None, Field(description="Of this organization.")] = None
    follow_up_open: Annotated[bool | None, Field(description="Whether something agreed is not done yet.")] = (
        None
    )


class FiguresQuery(Question):
    """Where and when to count."""

    division: Annotated[DivisionCode | None, Field(description="Instructors serving there and below.")] = None
    party_organization_id: Annotated[UUID | None, Field(description="Managed by it or below.")] = None
    from_on: Annotated[Day | None, Field(description="Visits since this day; all if absent.")] = None
    as_of: Annotated[Day | None, Field(description="The day of the counts; today if absent.")] = None


class InstructionFigures(Output):
    """Guangdong counted 88 instructors, 212 organizations, 118 members found, 420 visits (2018); Yangquan 102
    units, 136 instructors, 424 organizations (2021)."""

    as_of: date
    instructors: int
    liaison_officers: int
    home_units: Annotated[int, Field(description="Different home units of those who serve.")]
    organizations: Annotated[int, Field(description="Organizations that somebody serves that day.")]
    assignments: int
    average_load: Annotated[
        str | None, Field(description="Assignments per person who serves.", examples=["3.12"])
    ]
    at_capacity: Annotated[int, Field(description="Who has no room left.")]
    organizations_contacted: Annotated[int, Field(description="Different organizations met in the time.")]
    visits: Annotated[int, Field(description="On the spot (上门指导).")]
    contacts: Annotated[int, Field(description="All meetings of any kind.")]
    members_found: int
    follow_ups_open: int


class SuggestionsAsk(Input):
    """Where blank spots are to be given to instructors with room: a division, with all below."""

    division: DivisionCode
    on: Annotated[Day | None, Field(description="The day on which they would begin; today if absent.")] = None


class SuggestionRead(Output):
    """Who should take which blank spot, and why."""

    id: UUID
    operation_id: UUID
    instructor: Annotated[Ref, Field(description="The instructor, the name masked.")]
    organization: Ref
    state: Annotated[SuggestionState, Field(examples=["proposed"])]
    cost: int
    distance: Annotated[int, Field(description="Steps between both in the tree of divisions.", examples=[2])]
    same_industry: bool
    same_home_unit: bool
    held: Annotated[int, Field(description="Organizations the instructor held already.", examples=[3])]
    assignment_id: UUID | None
    etag: str
    allowed_actions: list[str]


class SuggestionFilters(Filters):
    """Which suggestions."""

    operation_id: Annotated[UUID | None, Field(description="Of this run.")] = None
    instructor_id: Annotated[UUID | None, Field(description="For this instructor.")] = None
    state: Annotated[SuggestionState | None, Field(description="Only in this state.")] = None


class SuggestionsAccept(Input):
    """All that are still proposed of a run, or these of them."""

    operation_id: Annotated[UUID, Field(description="The operation that made them.")]
    suggestion_ids: Annotated[
        list[UUID] | None, Field(min_length=1, max_length=1000, description="All if absent.")
    ] = None


class SuggestionsAccepted(Output):
    """What became assignments, and what no longer held."""

    accepted: int
    superseded: int


class SuggestionDecline(Input):
    """Why not."""

    reason: ShortText
