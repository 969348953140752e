"""What is said of one indicator, and the files that show it, on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, WithJsonSchema

from app.core.fields import CodeStr, Input, LongText, Output

MOST = 1_000_000
Times = Annotated[int, Field(ge=0, le=MOST, examples=[1])]
Deductions = Annotated[
    dict[CodeStr, Times],
    Field(max_length=50, default_factory=dict),
    WithJsonSchema(
        {
            "type": "object",
            "additionalProperties": {"type": "integer", "minimum": 0, "maximum": MOST},
        }
    ),
]
"""How often which thing is missing, by the codes of the standard."""


class RoundMark(Input):
    """What is said of one indicator, by its kind: which things are missing how often, which level, how many,
    or a veto. Points follow from the standard; a deduction or veto needs its reason."""

    indicator: CodeStr
    deductions: Deductions
    level: CodeStr | None = None
    count: Times | None = None
    triggered: bool | None = None
    reason: LongText | None = None


class MarkRead(Output):
    """A mark as it was handed in."""

    indicator: str
    deductions: Annotated[dict[str, int], Field(examples=[{"no_roster": 1}])]
    level: str | None
    count: int | None
    triggered: bool | None
    reason: str | None


class RoundFile(Input):
    """An uploaded file as evidence, perhaps for one of the papers that the indicator asks for."""

    file_id: UUID
    paper: CodeStr | None = None


class EvidenceRead(Output):
    """A file of evidence with its hash, to be opened at `/files/{file_id}/content`."""

    file_id: UUID
    paper: str | None
    name: str
    size: int
    sha256: str
