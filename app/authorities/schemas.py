"""What crosses the wire about authorities, and the events they cause."""

from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.authorities.rules import AuthorityRoleCode
from app.core.events import Event
from app.core.fields import CodeRef, CodeStr, Day, DivisionCode, Input, Name, Output, Ref, SafeStr, ShortText
from app.core.pages import Filters

Industry = Annotated[CodeStr | None, Field(description="Required for an industry authority, else absent.")]
From = Annotated[Day | None, Field(description="The first day; today if absent.")]


class RoleGive(Input):
    """A role for an authority from a day on."""

    role: AuthorityRoleCode
    industry: Industry = None
    from_on: From = None
    until_on: Annotated[Day | None, Field(description="For a role that is over: the first day after it.")] = (
        None
    )


class RoleEnd(Input):
    """The end of a role."""

    on: Annotated[Day | None, Field(description="The first day without it; today if absent.")] = None


class RoleRead(Output):
    """A role that an authority holds or held. Its `etag` is what `/end` and `/cancel` ask for."""

    id: UUID
    role: AuthorityRoleCode
    industry: str | None
    from_on: date
    until_on: Annotated[date | None, Field(description="The first day without it; null while it holds.")]
    etag: str


class AuthorityCreate(Input):
    """An authority with the roles it holds from the start."""

    name: Name
    division_code: DivisionCode
    party_organization_id: Annotated[
        UUID | None, Field(description="Its Party body: one row of `party-organizations`.")
    ] = None
    roles: Annotated[list[RoleGive], Field(max_length=50, default_factory=list)]


class AuthorityUpdate(Input):
    """A merge patch: absent fields stay; a null Party body is taken away."""

    name: Annotated[Name, Field(default_factory=str)]
    party_organization_id: UUID | None = None


class AuthorityAbolish(Input):
    """The end of an authority: its roles end that day."""

    on: Annotated[Day | None, Field(description="The first day without it; today if absent.")] = None
    successor_id: Annotated[UUID | None, Field(description="Who took over its work.")] = None
    reason: ShortText


class AuthorityRead(Output):
    """An authority with all its roles, present and past, oldest first."""

    id: UUID
    name: str
    division: CodeRef
    party_organization: Ref | None
    status: Annotated[str, Field(examples=["active"], description="active or abolished")]
    abolished_on: date | None
    successor: Ref | None
    roles: list[RoleRead]
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class AuthorityFilters(Filters):
    """Which authorities."""

    division: Annotated[DivisionCode | None, Field(description="This division and all below it.")] = None
    exact_division: Annotated[DivisionCode | None, Field(description="Exactly this division.")] = None
    role: Annotated[AuthorityRoleCode | None, Field(description="Holds this role on the day `on`.")] = None
    industry: Annotated[CodeStr | None, Field(description="For this industry, with `role`.")] = None
    on: Annotated[Day | None, Field(description="The day that `role` is asked for; today if absent.")] = None
    party_organization_id: UUID | None = None
    status: Annotated[str | None, Field(pattern="^(active|abolished)$", max_length=9)] = None
    q: Annotated[str | None, SafeStr(80), Field(description="Part of the name.")] = None


class _AuthorityEvent(Event):
    subject_type: ClassVar[str] = "authority"


class AuthorityRecorded(_AuthorityEvent):
    type: ClassVar[str] = "authority.recorded"
    name: str
    party_organization_id: UUID | None


class AuthorityChanged(_AuthorityEvent):
    type: ClassVar[str] = "authority.changed"
    changed: list[str]
    name: str
    party_organization_id: UUID | None


class AuthorityAbolished(_AuthorityEvent):
    type: ClassVar[str] = "authority.abolished"
    on: date
    successor_id: UUID | None
    reason: str


class AuthorityRoleStarted(_AuthorityEvent):
    type: ClassVar[str] = "authority.role_started"
    role_id: UUID
    role: AuthorityRoleCode
    industry: str | None
    from_on: date


class AuthorityRoleEnded(_AuthorityEvent):
    type: ClassVar[str] = "authority.role_ended"
    role_id: UUID
    role: AuthorityRoleCode
    industry: str | None
    on: date


class AuthorityRoleCancelled(_AuthorityEvent):
    type: ClassVar[str] = "authority.role_cancelled"
    role_id: UUID
    role: AuthorityRoleCode
    industry: str | None
