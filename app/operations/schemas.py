"""What crosses the wire: long work and its progress."""

from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field

from app.core.events import Event
from app.core.fields import CodeStr, Output
from app.core.pages import Filters
from app.operations.rules import OperationState


class OperationRowError(Output):
    """A row that could not be done: its number from 1, where in it, and what to mend."""

    row: int
    pointer: str
    code: str
    message_zh: str
    message_en: str


class OperationRequester(Output):
    """Who asked for it."""

    id: UUID
    name: str


class OperationItem(Output):
    """Long work as lists show it. `total` is null while nobody knows how much there is."""

    id: UUID
    kind: str
    state: OperationState
    division_code: str | None
    total: int | None
    done: int
    failed: int
    failure: str | None
    requested_by: OperationRequester
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    etag: str
    allowed_actions: list[str]


class OperationRead(OperationItem):
    """Long work with what came of it: the rows that failed (the first 1,000) and the report of its kind."""

    parameters: dict[str, Any]
    errors: list[OperationRowError]
    report: dict[str, Any]


class OperationFilters(Filters):
    """Operations, the latest first."""

    kind: CodeStr | None = None
    state: OperationState | None = None
    mine: Annotated[bool | None, Field(description="Only what I asked for.")] = None


class _OperationEvent(Event):
    subject_type: ClassVar[str] = "operation"
    public: ClassVar[bool] = False

    kind: str


class OperationStarted(_OperationEvent):
    """Long work was asked for."""

    type: ClassVar[str] = "operation.started"


class OperationFinished(_OperationEvent):
    """Long work ended, one way or another."""

    type: ClassVar[str] = "operation.finished"
    state: OperationState
    done: int
    failed: int
