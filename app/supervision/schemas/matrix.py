"""What each department has to do, on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields import CodeRef, CodeStr, Day, DivisionCode, Input, LongText, Output, Ref, ShortText
from app.core.pages import Filters
from app.supervision.rules import DutyPart


class DepartmentDutyAssign(Input):
    """A department leads or assists in a matter, as a document says."""

    authority_id: UUID
    matter: Annotated[CodeStr, Field(examples=["establishment"])]
    part: Annotated[DutyPart, Field(examples=["lead"])]
    duty: LongText
    source: ShortText
    from_on: Annotated[Day | None, Field(description="Today if absent.")] = None


class DepartmentDutyEnd(Input):
    """The first day without it."""

    on: Annotated[Day | None, Field(description="Today if absent.")] = None


class DepartmentDutyRead(Output):
    """One cell of the matrix."""

    id: UUID
    matter: str
    department: Ref
    division: CodeRef
    part: Annotated[DutyPart, Field(examples=["lead"])]
    duty: str
    source: str
    from_on: date
    until_on: date | None
    etag: str
    allowed_actions: list[str]


class DepartmentDutyFilters(Filters):
    """Which cells of the matrix."""

    division: Annotated[DivisionCode | None, Field(description="Departments there or below.")] = None
    authority_id: Annotated[UUID | None, Field(description="Of this department.")] = None
    matter: Annotated[CodeStr | None, Field(description="In this matter.")] = None
    as_of: Annotated[Day | None, Field(description="As it holds on this day; all if absent.")] = None
