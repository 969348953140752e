"""Values that differ by jurisdiction, in SQL: the nearest one above a row's division."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, case, cast, literal, null

from app.core.access import within_divisions

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Jurisdiction(Generic[Value]):
    """What holds in a division and below it; `code` None is the nation."""

    code: str | None
    value: Value


def nearest(division: Any, ranked: Sequence[Jurisdiction[Any]], kind: Any) -> ColumnElement[Any]:
    """The value of the nearest jurisdiction of a row; `ranked` from the nation to the deepest."""
    fallback: Any = next((cast(literal(j.value), kind) for j in ranked if j.code is None), cast(null(), kind))
    cases = [
        (within_divisions(division, [j.code]), cast(literal(j.value), kind))
        for j in reversed(ranked)
        if j.code is not None
    ]
    return case(*cases, else_=fallback) if cases else fallback
