"""Verifications, a person's own requests, and what is past its time."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.core.fields import CodeRef, Day, DivisionCode, Input, LongText, Output, Ref, ShortText
from app.core.pages import Filters
from app.members.rules import (
    LegalGround,
    RequestKind,
    RequestState,
    RetentionState,
    VerificationOutcome,
    VerificationState,
)
from app.members.schemas.people import MemberUpdate
from app.members.schemas.words import MaskedIdNumber, MaskedName

Decider = Annotated[str | None, Field(examples=["李审核"], description="Who decided.")]


class VerificationRead(Output):
    """Somebody whom one place wanted to enter and another knows; shown to those only who see both."""

    id: UUID
    state: VerificationState
    outcome: VerificationOutcome | None
    level: Annotated[CodeRef, Field(description="The lowest division above both places.")]
    asking_party_organization: Annotated[Ref, Field(description="Where they were to be entered.")]
    known_party_organization: Annotated[Ref, Field(description="Where they are known.")]
    name: Annotated[str | None, Field(examples=["张**"], description="As the asking place gave it, masked.")]
    known_name: MaskedName
    known_id_number: MaskedIdNumber
    name_agrees: Annotated[bool | None, Field(description="Whether both gave the same whole name.")]
    asked_by: Annotated[str, Field(examples=["王经办"], description="Who wanted to enter them.")]
    asked_at: datetime
    decided_by: Decider
    decided_at: datetime | None
    reason: str | None
    transfer_id: Annotated[UUID | None, Field(description="The transfer that was proposed.")]
    etag: str
    allowed_actions: list[str]


class VerificationFilters(Filters):
    """Which verifications, of those whose two places both lie in one's scope."""

    state: Annotated[VerificationState | None, Field(description="Only this state.")] = None
    division: Annotated[DivisionCode | None, Field(description="Asked from this division or below.")] = None


class VerificationDecision(Input):
    """Who it is. `same_person` proposes a transfer of a member to the place that asked."""

    outcome: Annotated[VerificationOutcome, Field(examples=["same_person"])]
    reason: ShortText


class PersonRequestRecord(Input):
    """What somebody on record asks for themselves, and how it was made sure that it is they."""

    kind: Annotated[RequestKind, Field(examples=["access"])]
    received_on: Annotated[Day | None, Field(description="The day it came in; today if absent.")] = None
    identity_proof: Annotated[ShortText, Field(description="How they proved who they are.")]
    details: Annotated[LongText | None, Field(description="Their own words; kept encrypted.")] = None


class PersonRequestDecision(Input):
    """Grant or refuse, on a legal ground; never by who recorded the request."""

    grant: Annotated[bool, Field(description="Whether it is granted.")]
    legal_ground: Annotated[LegalGround, Field(examples=["access_due"])]
    reason: ShortText | None = None


class PersonRequestExecution(Input):
    """Carry out what was granted; a correction says what is to be corrected."""

    correction: Annotated[MemberUpdate | None, Field(description="For a correction: the change.")] = None


class PersonRequestRead(Output):
    """A request of a person."""

    id: UUID
    member_id: UUID
    name: MaskedName
    kind: RequestKind
    state: RequestState
    received_on: date
    due_on: Annotated[date, Field(description="The day by which it is answered (rule pack).")]
    overdue: Annotated[bool, Field(description="Not decided, and past its day.")]
    identity_proof: str
    has_details: Annotated[bool, Field(description="Whether their own words are kept with it.")]
    recorded_by: Annotated[str, Field(examples=["王经办"], description="Who recorded it.")]
    legal_ground: LegalGround | None
    reason: str | None
    decided_by: Decider
    decided_at: datetime | None
    executed_by: Annotated[str | None, Field(examples=["王经办"], description="Who carried it out.")]
    executed_at: datetime | None
    etag: str
    allowed_actions: list[str]


class PersonRequestFilters(Filters):
    """Which requests, of people in one's scope."""

    state: Annotated[RequestState | None, Field(description="Only this state.")] = None
    kind: Annotated[RequestKind | None, Field(description="Only this kind.")] = None
    member_id: Annotated[UUID | None, Field(description="Of this member.")] = None
    due_by: Annotated[Day | None, Field(description="Not decided, and due by this day.")] = None


class HeldTable(Output):
    """What one table holds about a person: every column but the blind indexes, sealed ones opened."""

    table: Annotated[str, Field(examples=["members"])]
    rows: list[dict[str, Any]]


class Withheld(Output):
    """What is held and not handed out, and why."""

    table: Annotated[str, Field(examples=["development_reviews"])]
    rows: int
    ground: str


class HeldAction(Output):
    """Something that was done with the record."""

    action: Annotated[str, Field(examples=["member.revealed"])]
    at: datetime


class PersonCopy(Output):
    """Everything that is held about one person (《个人信息保护法》第45条)."""

    request_id: UUID
    made_at: datetime
    tables: list[HeldTable]
    withheld: list[Withheld]
    actions: Annotated[
        list[HeldAction], Field(description="What was done with the record, the latest 1,000.")
    ]


class RetentionRead(Output):
    """A record whose time is over."""

    id: UUID
    member_id: UUID
    name: MaskedName
    party_organization: Annotated[Ref, Field(description="The body that it belonged to.")]
    rule_code: Annotated[str, Field(examples=["application_ended"])]
    source: str
    due_on: date
    state: RetentionState
    settled_by: Annotated[str | None, Field(examples=["李审核"], description="Who settled it.")]
    settled_at: datetime | None
    reason: str | None
    etag: str
    allowed_actions: list[str]


class RetentionFilters(Filters):
    """Which of them."""

    state: Annotated[RetentionState | None, Field(description="Only this state.")] = None


class RetentionSettle(Input):
    """Erase it, or keep it for a reason."""

    erase: Annotated[bool, Field(description="True erases what names the person; it cannot be undone.")]
    reason: ShortText
