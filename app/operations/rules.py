"""The life of long work."""

from enum import StrEnum
from typing import Final


class OperationState(StrEnum):
    """Where a piece of long work stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED: Final = frozenset({OperationState.SUCCEEDED, OperationState.FAILED, OperationState.CANCELLED})
_NEXT: Final = {
    OperationState.QUEUED: frozenset(
        {OperationState.RUNNING, OperationState.CANCELLED, OperationState.FAILED}
    ),
    OperationState.RUNNING: frozenset(
        {OperationState.SUCCEEDED, OperationState.FAILED, OperationState.CANCELLED}
    ),
}
ERRORS_KEPT: Final = 1_000
"""Rows that failed are reported up to here; the count goes on."""


def may_become(state: OperationState, following: OperationState) -> bool:
    """Whether work in one state can pass to another; what has ended stays as it is."""
    return following in _NEXT.get(state, frozenset())
