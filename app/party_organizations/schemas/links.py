"""What crosses the wire about covers, functions, and reasons for having no Party organization."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields import (
    CodeRef,
    CodeStr,
    Day,
    DivisionCode,
    Input,
    LongText,
    Output,
    Ref,
    ShortText,
)
from app.core.pages import Filters
from app.party_organizations.rules import BodyFunction, BodyKind, CoverEndReason, Formation, NoBodyReason
from app.party_organizations.schemas.bodies import Subtree, Until


class CoverStart(Input):
    """An organization that a body covers; joint and regional bodies cover many."""

    organization_id: UUID
    from_on: Annotated[Day | None, Field(description="The first day; today if absent.")] = None
    until_on: Annotated[
        Day | None, Field(description="For a cover that is already over: the first day after it.")
    ] = None


class CoverEnd(Input):
    """The end of a cover."""

    on: Annotated[Day | None, Field(description="The first day without it; today if absent.")] = None
    reason: CoverEndReason = CoverEndReason.LEFT


class CoverCancel(Input):
    """Why a cover is taken back: it was recorded in error."""

    reason: ShortText


class BodyCoverRead(Output):
    """A body covers an organization, from a day until a day."""

    id: UUID
    party_organization: Ref
    organization: Ref
    formation: Formation | None
    counts_as_primary: bool
    from_on: date
    until_on: Until
    ended_reason: str | None
    recorded_at: datetime
    etag: str
    allowed_actions: list[str]


class CoverFilters(Filters):
    """Which covers of a body; those that hold today if nothing is said."""

    as_of: Annotated[Day | None, Field(description="Covers that hold on this day.")] = None
    history: Annotated[bool, Field(description="Those that are over too.")] = False


class OrganizationCoverageRead(Output):
    """Which bodies cover an organization on a day, or why none does."""

    as_of: date
    covered: Annotated[bool, Field(description="By a body that counts: committee, general branch or branch.")]
    work_covered: Annotated[bool, Field(description="By such a body or by a work team.")]
    covers: list["OrganizationCover"]
    past_covers: list["OrganizationCover"]
    no_party_organization_reason: "ReasonInForce | None"


class OrganizationCover(Output):
    """One body that covers or covered the organization."""

    id: UUID
    party_organization: Ref
    kind: BodyKind
    formation: Formation | None
    counts_as_primary: bool
    from_on: date
    until_on: Until
    ended_reason: str | None


class ReasonInForce(Output):
    """The reason that holds on the day."""

    id: UUID
    reason: NoBodyReason
    note: str | None
    from_on: date
    until_on: date


# --------------------------------------------------------------------------------------------- functions


class FunctionAssign(Input):
    """A part for a body to play, for its own division or one below."""

    function: BodyFunction
    division_code: DivisionCode
    industry: Annotated[
        CodeStr | None, Field(description="Required for an industry committee, else absent.")
    ] = None
    from_on: Annotated[Day | None, Field(description="The first day; today if absent.")] = None


class FunctionEnd(Input):
    """The end of a part."""

    on: Annotated[Day | None, Field(description="The first day without it; today if absent.")] = None


class FunctionRead(Output):
    """A part that a body plays for a division (兜底、行业、属地、牵头), dated."""

    id: UUID
    party_organization: Ref
    function: BodyFunction
    division: CodeRef
    industry: str | None
    from_on: date
    until_on: Until
    etag: str
    allowed_actions: list[str]


class FunctionFilters(Filters):
    """Which functions."""

    division: Annotated[DivisionCode | None, Field(description="Functions for exactly this division.")] = None
    function: BodyFunction | None = None
    party_organization_id: UUID | None = None
    on: Annotated[
        Day | None, Field(description="Those that hold on this day; all, past ones too, if absent.")
    ] = None


# ----------------------------------------------------------------------------------------------- reasons


class ReasonGive(Input):
    """Why an organization has no Party organization. The exception expires: it is asked again then."""

    reason: NoBodyReason
    note: Annotated[LongText | None, Field(description="Required with `other`.")] = None
    from_on: Annotated[Day | None, Field(description="The first day; today if absent.")] = None
    until_on: Annotated[
        Day,
        Field(
            description="The first day on which it no longer holds: at most a year (rule pack `coverage`)."
        ),
    ]


class ReasonEnd(Input):
    """An earlier end."""

    on: Annotated[Day | None, Field(description="The first day without it; today if absent.")] = None


class ReasonRead(Output):
    """Why an organization has no Party organization, until when."""

    id: UUID
    organization: Ref
    division_code: str
    reason: NoBodyReason
    note: str | None
    from_on: date
    until_on: date
    expired: bool
    recorded_at: datetime
    etag: str
    allowed_actions: list[str]


class ReasonFilters(Filters):
    """Which reasons, soonest to expire first."""

    division: Subtree = None
    reason: NoBodyReason | None = None
    expires_before: Annotated[Day | None, Field(description="Ends before this day.")] = None
    expired: Annotated[
        bool | None, Field(description="Only those that are over, or only those that hold.")
    ] = None
