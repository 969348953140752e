"""Targets on the wire: the task list (任务清单)."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.campaigns.rules import Change, OwnerKind, TargetList, TargetState
from app.core.fields import (
    CodeRef,
    Day,
    DivisionCode,
    Input,
    JsonObject,
    LongText,
    Output,
    Ref,
)
from app.core.pages import Filters

Targets = Annotated[int, Field(description="How many are or were on the list.", examples=[143])]
Closed = Annotated[int, Field(description="已销号: how many are closed.", examples=[139])]
Removed = Annotated[int, Field(description="How many were taken off the list.", examples=[0])]
Left = Annotated[int, Field(description="How many are open: the gap.", examples=[4])]


class TargetOwner(Input):
    """Whose task it is: a Party organization, an authority, an instructor, or a user."""

    kind: Annotated[OwnerKind, Field(examples=["party_organization"])]
    id: UUID


class TargetsAssign(Input):
    """Give open targets an owner, a due day, or both: these, or all of a division."""

    target_ids: Annotated[
        list[UUID] | None, Field(min_length=1, max_length=1000, description="All open ones if absent.")
    ] = None
    division: Annotated[DivisionCode | None, Field(description="Only targets there or below.")] = None
    owner: TargetOwner | None = None
    due_on: Day | None = None


class TargetsAssigned(Output):
    """How many targets were given."""

    assigned: int


class TargetClose(Input):
    """销号: with evidence, or taken off the list with the reason."""

    removed: Annotated[bool, Field(description="Taken off the list instead of closed.")] = False
    on: Annotated[Day | None, Field(description="The day on which it was done; today if absent.")] = None
    note: LongText | None = None
    file_id: Annotated[UUID | None, Field(description="A file that you uploaded.")] = None


class TargetReopen(Input):
    """Why it is open again."""

    reason: LongText


class OwnerRead(Output):
    """Whose task it is; an instructor's name is masked."""

    kind: OwnerKind
    id: UUID
    name: str


class ChangeRead(Output):
    """A state that a target came to, and why."""

    number: int
    state: TargetState
    on: date
    reason: Change
    note: str | None
    file_id: UUID | None
    file_sha256: str | None
    party_organization: Annotated[Ref | None, Field(description="The body that covers it.")]
    recorded_at: datetime


class CampaignTargetRead(Output):
    """A target with its whole history."""

    id: UUID
    campaign: Ref
    organization: Ref
    division: CodeRef
    drawn_from: TargetList
    drawn_as_of: date
    grounds: JsonObject
    owner: OwnerRead | None
    responsible: Annotated[Ref | None, Field(description="The Party organization that led it when drawn.")]
    due_on: date
    overdue: bool
    state: TargetState
    state_on: date
    by_hand: bool
    no_party_organization_reason: Annotated[
        str | None,
        Field(
            description="Why it has no Party organization, if that is on record today.",
            examples=["no_party_members"],
        ),
    ]
    history: list[ChangeRead]
    etag: str
    allowed_actions: list[str]


class TargetFilters(Filters):
    """Which targets: the task list of a campaign, a place, or an owner."""

    campaign_id: Annotated[UUID | None, Field(description="Of this campaign.")] = None
    organization_id: Annotated[UUID | None, Field(description="About this organization.")] = None
    division: Annotated[DivisionCode | None, Field(description="There or below.")] = None
    owner_id: Annotated[UUID | None, Field(description="The task of this owner, of whatever kind.")] = None
    owned: Annotated[bool | None, Field(description="Whether it is anybody's task.")] = None
    state: Annotated[TargetState | None, Field(description="Only in this state.")] = None
    due_until: Annotated[Day | None, Field(description="Due on this day or before.")] = None
    overdue: Annotated[bool | None, Field(description="Whether it is open past its day.")] = None
