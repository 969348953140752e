"""The life of long work."""

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a piece of long work stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED: Final = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED})
_NEXT: Final = {
    State.QUEUED: frozenset({State.RUNNING, State.CANCELLED, State.FAILED}),
    State.RUNNING: frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED}),
}
ERRORS_KEPT: Final = 1_000
"""Rows that failed are reported up to here; the count goes on."""


def may_become(state: State, following: State) -> bool:
    """Whether work in one state can pass to another; what has ended stays as it is."""
    return following in _NEXT.get(state, frozenset())
