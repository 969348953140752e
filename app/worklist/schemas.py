"""What crosses the wire: what waits for the caller, by kind."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.core.fields import CodeRef, Day, DivisionCode, Output, Ref
from app.responsibility.schemas import BilingualRead
from app.worklist.rules import TaskKind


class WorklistFilters(BaseModel):
    """How much of the worklist to show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    division: Annotated[DivisionCode | None, Field(description="Only the subtree of this division.")] = None
    items: Annotated[int, Field(ge=0, le=20, description="First items of each kind.", examples=[5])] = 5
    due_within: Annotated[int, Field(ge=0, le=60, description="Days ahead for duties.", examples=[7])] = 7
    expiring_within: Annotated[
        int, Field(ge=0, le=365, description="Days ahead for exceptions that expire.", examples=[30])
    ] = 30


class WorklistItem(Output):
    """One thing that waits. `id` is that of the duty, message, grant, finding, reason, term, election or
    warning; of the organization where it is the organization itself that waits. `about` is the code of its
    kind there, `day` when it is due or since when it waits."""

    id: UUID
    about: str
    organization: Ref | None
    party_organization: Ref | None
    division: CodeRef | None
    day: Day | None


class WorklistGroup(Output):
    """One kind of waiting work: how much (counted to 1,000), the first items, and the list behind them."""

    kind: TaskKind
    title: BilingualRead
    count: int
    at_least: bool
    items: list[WorklistItem]
    href: str


class WorklistRead(Output):
    """What waits for the caller today, by kind; kinds that the caller may not see are not there."""

    today: Day
    total: int
    groups: list[WorklistGroup]
