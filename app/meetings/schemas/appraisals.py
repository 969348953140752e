"""Appraisals and grades."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.core.events import Event
from app.core.fields import CodeRef, Day, Input, Output, Ref, SafeStr
from app.core.pages import Filters
from app.meetings.rules import AppraisalState, Grade
from app.meetings.schemas.meetings import BodyFilter, DivisionFilter, MemberRef

_YEAR = Field(ge=1949, le=2199, description="The year that is appraised.", examples=[2026])
_STATE = Field(description="自评、互评、测评、评定、结束.", examples=["verdict"])
_GRADE = Field(description="优秀、合格、基本合格、不合格.", examples=["qualified"])
_COUNT = Field(description="Members with this grade.", examples=[3])
Paper = Annotated[str, SafeStr(200), Field(description="The deciding paper.", examples=["南社党〔2026〕9号"])]


class AppraisalOpen(Input):
    """The appraisal of a branch for a year: its roll is who belongs to it on that day."""

    party_organization_id: UUID
    year: Annotated[int, _YEAR]
    on: Annotated[Day | None, Field(description="The day on which it began; today if absent.")] = None


class AppraisalAdvance(Input):
    """The next step; closing takes the deciding paper, a grade for each, and not too many excellent ones."""

    on: Annotated[Day | None, Field(description="The day of the step; today if absent.")] = None
    document: Paper | None = None


class GradeEntry(Input):
    """One member's grade."""

    member_id: UUID
    grade: Annotated[Grade, _GRADE]


class GradesGive(Input):
    """Grades, member by member; one given again replaces the one before."""

    grades: Annotated[
        list[GradeEntry], Field(min_length=1, max_length=500, description="Members with their grades.")
    ]


class AppraisalRead(Output):
    """An appraisal with its counts."""

    id: UUID
    party_organization: Ref
    division: CodeRef
    year: Annotated[int, _YEAR]
    state: Annotated[AppraisalState, _STATE]
    state_on: Annotated[date, Field(description="The day of this step.", examples=["2026-12-10"])]
    document: Paper | None
    due_count: Annotated[int, Field(description="Members on its roll.", examples=[12])]
    excellent: Annotated[int, _COUNT]
    qualified: Annotated[int, _COUNT]
    basically_qualified: Annotated[int, _COUNT]
    unqualified: Annotated[int, _COUNT]
    etag: str
    allowed_actions: list[str]


class AppraisalFilters(Filters):
    """Which appraisals."""

    party_organization_id: BodyFilter = None
    division: DivisionFilter = None
    year: Annotated[int | None, _YEAR] = None
    state: Annotated[AppraisalState | None, Field(description="Only those at this step.")] = None


class GradeRead(Output):
    """A member in an appraisal; `grade` is null until it is given."""

    id: UUID
    member: MemberRef
    grade: Annotated[Grade | None, _GRADE]
    graded_on: date | None


class GradesFilters(Filters):
    """Which lines of the roll."""

    grade: Annotated[Grade | None, Field(description="Only this grade.")] = None


class AppraisalMoved(Event):
    """An appraisal began or took its next step."""

    type: ClassVar[str] = "appraisal.moved"
    subject_type: ClassVar[str] = "appraisal"
    public: ClassVar[bool] = False
    party_organization_id: UUID
    year: int
    state: AppraisalState


class GradesGiven(Event):
    """Grades were given in an appraisal; whose and which is not told."""

    type: ClassVar[str] = "appraisal.graded"
    subject_type: ClassVar[str] = "appraisal"
    public: ClassVar[bool] = False
    count: int
