"""What happened around notices; no text of any of them is ever in an event."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from app.core.events import Event
from app.notices.rules import AddresseeState, NoticeKind, NoticeState, RectificationState


class DocumentSignRegistered(Event):
    """A sign numbers documents from now on."""

    type: ClassVar[str] = "document_sign.registered"
    subject_type: ClassVar[str] = "document_sign"
    sign: str


class NoticeEvent(Event):
    """Something about a notice."""

    subject_type: ClassVar[str] = "notice"


class NoticeDrafted(NoticeEvent):
    """A notice is drafted, or one of others recorded, or proposed by the calendar."""

    type: ClassVar[str] = "notice.drafted"
    kind: NoticeKind
    recorded: bool
    proposed: bool
    addressed: int
    escalates_id: UUID | None


class NoticeChanged(NoticeEvent):
    """A draft changed."""

    type: ClassVar[str] = "notice.changed"
    changed: list[str]


class NoticeMoved(NoticeEvent):
    """A notice was submitted, approved, or sent back to be a draft."""

    type: ClassVar[str] = "notice.moved"
    state: NoticeState


class NoticeIssued(NoticeEvent):
    """A notice is issued: its text is frozen under this digest."""

    type: ClassVar[str] = "notice.issued"
    kind: NoticeKind
    number: str | None
    issued_on: date
    due_on: date | None
    content_sha256: str | None
    addressed: int


class NoticeWithdrawn(NoticeEvent):
    """A notice is withdrawn, perhaps with its number."""

    type: ClassVar[str] = "notice.withdrawn"
    number_voided: bool


class AddresseeEvent(Event):
    """Something about one addressee."""

    subject_type: ClassVar[str] = "notice_addressee"
    notice_id: UUID


class AddresseeMoved(AddresseeEvent):
    """Received, returned, verified or closed."""

    type: ClassVar[str] = "notice_addressee.moved"
    state: AddresseeState


class AddresseeReplied(AddresseeEvent):
    """An answer came, in time or late."""

    type: ClassVar[str] = "notice_addressee.replied"
    round: int
    late: bool


class AddresseeOverdue(AddresseeEvent):
    """The deadline passed without an answer: said once, by the job or with the late answer."""

    type: ClassVar[str] = "notice_addressee.overdue"
    round: int
    due_at: datetime


class ExtensionMoved(AddresseeEvent):
    """More time was asked for, granted or refused."""

    type: ClassVar[str] = "notice_addressee.extension_moved"
    state: str
    until_on: date


class MinutesRecorded(AddresseeEvent):
    """The minutes of a talk are on record."""

    type: ClassVar[str] = "notice_addressee.minutes_recorded"
    held_on: date


class AddresseeEscalated(AddresseeEvent):
    """A graver notice followed and is issued."""

    type: ClassVar[str] = "notice_addressee.escalated"
    by_notice_id: UUID
    kind: NoticeKind


class DeadlinesMoved(NoticeEvent):
    """A calendar came in, and provisional deadlines of a notice were counted again."""

    type: ClassVar[str] = "notice.deadlines_moved"
    due_on: date


class RectificationMoved(AddresseeEvent):
    """A finding is to be put right, was reported, or struck off."""

    type: ClassVar[str] = "notice_addressee.rectification_moved"
    rectification_id: UUID
    state: RectificationState
