"""What crosses the wire about divisions with and without a committee."""

from datetime import date
from typing import Annotated

from pydantic import Field

from app.core.fields import CodeRef, Output, Ref
from app.core.pages import Filters, Question
from app.party_organizations.rules import BodyFunction, BodyLevel
from app.party_organizations.schemas.bodies import AsOf, Subtree

Part = Annotated[
    BodyFunction,
    Field(description="Which part: 综合党委 if nothing is said.", examples=["comprehensive_committee"]),
]
AtLevel = Annotated[
    BodyLevel,
    Field(description="Divisions of which level; counties if nothing is said.", examples=["county"]),
]


class DivisionCommitteeFilters(Filters):
    """Which divisions."""

    division: Subtree = None
    level: AtLevel = BodyLevel.COUNTY
    function: Part = BodyFunction.COMPREHENSIVE_COMMITTEE
    has_body: Annotated[
        bool | None, Field(description="Only those with such a body, or only those without.")
    ] = None
    as_of: AsOf = None


class DivisionCommitteesQuery(Question):
    """Which divisions to count."""

    division: Subtree = None
    level: AtLevel = BodyLevel.COUNTY
    function: Part = BodyFunction.COMPREHENSIVE_COMMITTEE
    as_of: AsOf = None


class DivisionCommitteeRead(Output):
    """A division, with the body that plays the part for it on the day, or none."""

    division: CodeRef
    level: BodyLevel
    party_organization: Ref | None
    since: Annotated[date | None, Field(description="Since when it plays that part.")]


class DivisionCommitteesLine(Output):
    """The divisions directly below one division."""

    division: CodeRef
    divisions: int
    with_body: int
    without_body: int


class DivisionCommitteesCount(Output):
    """How many divisions of a level have a body for the part: `with_body` + `without_body` = `divisions`."""

    as_of: date
    function: BodyFunction
    level: BodyLevel
    divisions: int
    with_body: int
    without_body: int
    lines: list[DivisionCommitteesLine]
