"""Rounds of supervision on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields import (
    CodeRef,
    Day,
    DivisionCode,
    Input,
    LongText,
    Output,
    Ref,
    ShortText,
)
from app.core.pages import Filters, Question
from app.supervision.rules import SupervisionKind, SupervisionState
from app.supervision.schemas.findings import SupervisionFindingGiven, SupervisionSubject


class SupervisionTeamGiven(Input):
    """Somebody of the team: a user or an instructor, by reference."""

    user_id: UUID | None = None
    instructor_id: UUID | None = None
    leads: bool = False


class SupervisionUnitGiven(Input):
    """A unit to inspect: exactly one id."""

    organization_id: UUID | None = None
    party_organization_id: UUID | None = None
    authority_id: UUID | None = None


class SupervisionOpen(Input):
    """A round: who goes, when, to whom."""

    kind: Annotated[SupervisionKind, Field(examples=["supervision"])] = SupervisionKind.SUPERVISION
    title: ShortText
    division_code: Annotated[DivisionCode, Field(description="Whose round it is.")]
    party_organization_id: Annotated[
        UUID | None, Field(description="The Party organization that holds it, if one does.")
    ] = None
    from_on: Day
    until_on: Annotated[Day, Field(description="The day on which it is over.")]
    document: ShortText | None = None
    team: Annotated[list[SupervisionTeamGiven], Field(default_factory=list, max_length=50)]
    units: Annotated[list[SupervisionUnitGiven], Field(default_factory=list, max_length=500)]


class SupervisionSampleDraw(Input):
    """Draw units by a seed that anybody can check, from a list, or from the organizations of a division."""

    seed: Annotated[ShortText, Field(examples=["2026-03-02 福彩3D 第2026051期 417"])]
    count: Annotated[int, Field(ge=1, le=500, examples=[5])]
    division_code: Annotated[
        DivisionCode | None, Field(description="Organizations in good standing there and below.")
    ] = None
    organization_ids: Annotated[
        list[UUID] | None,
        Field(min_length=1, max_length=1000, description="The list to draw from: who got funds, say."),
    ] = None


class SupervisionVisitRecord(Input):
    """The team was at a unit, and what it found."""

    held_on: Annotated[Day | None, Field(description="Today if absent.")] = None
    note: LongText | None = None
    findings: Annotated[list[SupervisionFindingGiven], Field(default_factory=list, max_length=50)]


class SupervisionClose(Input):
    """The round is over: what came of it."""

    on: Annotated[Day | None, Field(description="Today if absent.")] = None
    report: LongText


class SupervisionSample(Output):
    """How the sample was drawn: the ids with the lowest SHA-256 of `seed:id` among all candidates."""

    method: str
    seed: str
    count: int
    candidates: int
    candidates_sha256: str
    division_code: str | None
    drawn_on: date


class SupervisionTeamRead(Output):
    """Somebody of the team; an instructor's name is masked, both null where you may not see them."""

    type: Annotated[str, Field(examples=["user"])]
    id: UUID | None
    name: str | None
    leads: bool


class SupervisionVisitRead(Output):
    """When the team was there."""

    id: UUID
    held_on: date
    note: str | None
    findings: Annotated[int, Field(description="How many things it found.", examples=[2])]


class SupervisionUnitRead(Output):
    """A unit of a round."""

    id: UUID
    subject: SupervisionSubject
    drawn: int | None
    visits: list[SupervisionVisitRead]


class SupervisionRoundListItem(Output):
    """A round in short."""

    id: UUID
    kind: Annotated[SupervisionKind, Field(examples=["supervision"])]
    title: str
    division: CodeRef
    party_organization: Ref | None
    from_on: date
    until_on: date
    state: Annotated[SupervisionState, Field(examples=["open"])]
    closed_on: date | None
    etag: str
    allowed_actions: list[str]


class SupervisionRoundRead(Output):
    """A round with its team, units and visits."""

    id: UUID
    kind: Annotated[SupervisionKind, Field(examples=["supervision"])]
    title: str
    division: CodeRef
    party_organization: Ref | None
    from_on: date
    until_on: date
    document: str | None
    team: list[SupervisionTeamRead]
    units: list[SupervisionUnitRead]
    sample: SupervisionSample | None
    findings: int
    state: Annotated[SupervisionState, Field(examples=["open"])]
    closed_on: date | None
    report: str | None
    created_at: datetime
    etag: str
    allowed_actions: list[str]


class SupervisionRoundFilters(Filters):
    """Which rounds."""

    division: Annotated[DivisionCode | None, Field(description="Of this division or below.")] = None
    party_organization_id: Annotated[UUID | None, Field(description="Held by it or below.")] = None
    kind: Annotated[SupervisionKind | None, Field(description="Of this kind.")] = None
    state: Annotated[SupervisionState | None, Field(description="In this state.")] = None


class SupervisionFiguresQuery(Question):
    """Where and when to count."""

    division: Annotated[DivisionCode | None, Field(description="There and below.")] = None
    from_on: Annotated[Day | None, Field(description="Since this day; all if absent.")] = None
    until_on: Annotated[Day | None, Field(description="Before this day; all if absent.")] = None


class SupervisionFindingFigures(Output):
    """Findings of a kind in a division, by the division of whom they are about."""

    division: CodeRef
    kind: str
    found: int
    open: int
    reported: int
    closed: int
    overdue: int


class SupervisionFigures(Output):
    """Yangquan counted 8 rounds and 17 units (督导8次、单位17家, 2021)."""

    rounds: Annotated[int, Field(description="Rounds that began in the time.", examples=[8])]
    fund_checks: Annotated[int, Field(description="Spot checks of the use of funds.", examples=[2])]
    units: Annotated[int, Field(description="Different units that were visited.", examples=[17])]
    visits: Annotated[int, Field(description="Visits to them.", examples=[21])]
    findings: list[SupervisionFindingFigures]
