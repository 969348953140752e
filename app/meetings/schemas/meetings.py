"""Meetings and who came."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from app.core.events import Event
from app.core.fields import CodeRef, Day, DecimalString, DivisionCode, Input, Output, Ref, SafeStr, ShortText
from app.core.pages import Filters
from app.meetings.rules import AttendanceBasis, AttendanceState, LeaveReason, MeetingKind, MeetingState

Topic = Annotated[
    str, SafeStr(200), Field(description="What it was about.", examples=["学习《中国共产党章程》"])
]
Place = Annotated[str, SafeStr(200), Field(description="Where it was held.", examples=["协会党员活动室"])]
Minutes = Annotated[
    str, SafeStr(200), Field(description="The minutes: their number.", examples=["会议记录2026-11"])
]
Hours = Annotated[DecimalString, Field(description="学时 that count as training.", examples=["2.0"])]
Counted = Annotated[int, Field(examples=[12])]
MemberRef = Annotated[
    Ref,
    Field(
        description="The member, masked.",
        examples=[{"id": "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11", "name": "张**"}],
    ),
]
BodyFilter = Annotated[UUID | None, Field(description="This Party organization and all below it.")]
DivisionFilter = Annotated[DivisionCode | None, Field(description="This division and all below it.")]


class AttendanceEntry(Input):
    """One member's attendance; leave has a reason, a chair is present."""

    member_id: UUID
    state: Annotated[AttendanceState, Field(description="Present, on leave, or absent.")]
    reason: Annotated[LeaveReason | None, Field(description="Why on leave; only then.")] = None
    chair: Annotated[bool, Field(description="Whether the member chaired it.")] = False


class MeetingCreate(Input):
    """A meeting that took place. Where every member is due, those who are not named are as `rest` says."""

    party_organization_id: UUID
    kind: Annotated[MeetingKind, Field(description="What kind of meeting it was.", examples=["theme_day"])]
    held_on: Annotated[Day, Field(description="The day it was held on.", examples=["2026-11-05"])]
    topic: Topic
    place: Place | None = None
    minutes_document: Minutes | None = None
    hours: Hours | None = None
    attendance: Annotated[
        list[AttendanceEntry],
        Field(max_length=500, default_factory=list, description="Members by name, one line each."),
    ]
    rest: Annotated[
        Literal["present", "absent"] | None,
        Field(description="Whether those who were due and are not named were there.", examples=["present"]),
    ] = None


class MeetingUpdate(Input):
    """A merge patch of what is known of it; kind, day and body never change: cancel it instead."""

    topic: Annotated[Topic, Field(default_factory=str)]
    place: Place | None = None
    minutes_document: Minutes | None = None
    hours: Hours | None = None


class MeetingCancel(Input):
    """Why the record was wrong."""

    reason: ShortText


class AttendanceRecord(Input):
    """Attendance to add or put right, member by member."""

    attendance: Annotated[
        list[AttendanceEntry],
        Field(min_length=1, max_length=500, description="Members by name, one line each."),
    ]


class MeetingRead(Output):
    """A meeting. `due_count` members were due, `present_count` of them came; participants come from
    elsewhere."""

    id: UUID
    party_organization: Ref
    division: CodeRef
    kind: Annotated[MeetingKind, Field(description="What kind of meeting it was.")]
    held_on: Annotated[date, Field(description="The day it was held on.", examples=["2026-11-05"])]
    topic: Topic
    place: Place | None
    minutes_document: Minutes | None
    hours: Hours | None
    state: Annotated[MeetingState, Field(description="Held, or cancelled as recorded in error.")]
    cancelled_reason: Annotated[str | None, Field(description="Why it was cancelled.", examples=["重复登记"])]
    due_count: Annotated[Counted, Field(description="应到: how many members were due.")]
    present_count: Annotated[Counted, Field(description="实到: how many of them came.", examples=[11])]
    participant_count: Annotated[
        Counted, Field(description="How many came who belong elsewhere.", examples=[1])
    ]
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class MeetingFilters(Filters):
    """Which meetings."""

    party_organization_id: BodyFilter = None
    division: DivisionFilter = None
    kind: Annotated[MeetingKind | None, Field(description="Only this kind.")] = None
    state: Annotated[MeetingState | None, Field(description="Held ones, or cancelled ones.")] = None
    held_from: Annotated[Day | None, Field(description="Held on this day or later.")] = None
    held_until: Annotated[Day | None, Field(description="Held before this day.")] = None


class AttendanceRead(Output):
    """One member at one meeting."""

    id: UUID
    member: MemberRef
    basis: Annotated[
        AttendanceBasis, Field(description="Due, or taking part as a secondary or floating one.")
    ]
    state: Annotated[AttendanceState, Field(description="Present, on leave, or absent.")]
    reason: Annotated[LeaveReason | None, Field(description="Why on leave.")]
    chair: Annotated[bool, Field(description="Whether the member chaired it.")]


class AttendanceFilters(Filters):
    """Which lines of the attendance."""

    state: Annotated[AttendanceState | None, Field(description="Only those.")] = None


class _MeetingEvent(Event):
    subject_type: ClassVar[str] = "meeting"
    public: ClassVar[bool] = False


class MeetingRecorded(_MeetingEvent):
    """A meeting was recorded."""

    type: ClassVar[str] = "meeting.recorded"
    party_organization_id: UUID
    kind: MeetingKind
    held_on: date
    due: int
    present: int


class MeetingChanged(_MeetingEvent):
    """What is known of a meeting was changed; the values are not told."""

    type: ClassVar[str] = "meeting.changed"
    changed: list[str]


class MeetingCancelled(_MeetingEvent):
    """A meeting was recorded in error."""

    type: ClassVar[str] = "meeting.cancelled"
    reason: str
