"""Grid units: what is ordered, and what is read."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields import CodeRef, DivisionCode, Input, Name, Output, Ref
from app.core.pages import Filters
from app.members.schemas.words import BodyId, MaskedName, On


class MemberRef(Output):
    """A member by id and masked name."""

    id: UUID
    name: MaskedName


class GridUnitCreate(Input):
    """A cell of a township or community, under its Party organization."""

    name: Name
    division_code: Annotated[DivisionCode, Field(description="A township, street, village or community.")]
    party_organization_id: BodyId
    responsible_member_id: Annotated[UUID | None, Field(description="Who answers for it (网格负责人).")] = (
        None
    )
    opened_on: On = None


class GridUnitUpdate(Input):
    """A merge patch."""

    name: Annotated[Name, Field(default_factory=str)]
    responsible_member_id: Annotated[UUID | None, Field(description="Who answers for it (网格负责人).")] = (
        None
    )


class GridUnitRead(Output):
    """A grid unit with how many it holds today."""

    id: UUID
    name: str
    division: CodeRef
    party_organization: Ref
    responsible_member: MemberRef | None
    opened_on: date
    closed_on: date | None
    organizations: int
    members: int
    etag: str
    allowed_actions: list[str]


class GridUnitFilters(Filters):
    """Which grid units."""

    division: Annotated[DivisionCode | None, Field(description="In this division and below.")] = None
    party_organization_id: Annotated[UUID | None, Field(description="Under this body and below.")] = None
    organization_id: Annotated[UUID | None, Field(description="Holding this organization today.")] = None
    member_id: Annotated[UUID | None, Field(description="Holding this member today.")] = None
    open: Annotated[bool | None, Field(description="Open, or closed.")] = None


class GridUnitContents(Output):
    """What a grid unit holds today, at most 1,000 of each."""

    organizations: list[Ref]
    members: list[MemberRef]


class GridPlace(Input):
    """An organization or a member that comes or leaves: one of the two."""

    organization_id: Annotated[UUID | None, Field(description="An organization, as a rule a filed one.")] = (
        None
    )
    member_id: Annotated[UUID | None, Field(description="A member.")] = None
    on: On = None


class GridUnitClose(Input):
    """The last day is the one before `on`; whoever is in it leaves."""

    on: On = None
