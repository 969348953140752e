"""What happens to Party organizations, as others may read it."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.core.events import Event
from app.party_organizations.rules import BodyFunction, BodyKind, Formation, NoBodyReason


class _BodyEvent(Event):
    subject_type: ClassVar[str] = "party_organization"


class PartyOrganizationEstablished(_BodyEvent):
    type: ClassVar[str] = "party_organization.established"
    name: str
    kind: BodyKind
    formation: Formation | None
    parent_id: UUID | None
    founded_on: date


class PartyOrganizationChanged(_BodyEvent):
    type: ClassVar[str] = "party_organization.changed"
    changed: list[str]
    name: str


class PartyOrganizationMoved(_BodyEvent):
    type: ClassVar[str] = "party_organization.moved"
    from_parent_id: UUID | None
    to_parent_id: UUID | None
    on: date


class PartyOrganizationKindChanged(_BodyEvent):
    type: ClassVar[str] = "party_organization.kind_changed"
    from_kind: BodyKind
    to_kind: BodyKind
    from_name: str
    to_name: str
    on: date


class PartyOrganizationReformed(_BodyEvent):
    type: ClassVar[str] = "party_organization.formation_changed"
    from_formation: Formation | None
    to_formation: Formation
    on: date


class PartyOrganizationDissolved(_BodyEvent):
    type: ClassVar[str] = "party_organization.dissolved"
    on: date
    reason: str


class CoverStarted(_BodyEvent):
    type: ClassVar[str] = "party_organization.cover_started"
    cover_id: UUID
    organization_id: UUID
    from_on: date
    until_on: date | None


class CoverEnded(_BodyEvent):
    type: ClassVar[str] = "party_organization.cover_ended"
    cover_id: UUID
    organization_id: UUID
    on: date
    reason: str


class CoverCancelled(_BodyEvent):
    type: ClassVar[str] = "party_organization.cover_cancelled"
    cover_id: UUID
    organization_id: UUID
    reason: str


class FunctionAssigned(_BodyEvent):
    type: ClassVar[str] = "party_organization.function_assigned"
    function_id: UUID
    function: BodyFunction
    for_division_code: str
    industry: str | None
    from_on: date


class FunctionEnded(_BodyEvent):
    type: ClassVar[str] = "party_organization.function_ended"
    function_id: UUID
    function: BodyFunction
    for_division_code: str
    industry: str | None
    on: date


class _ReasonEvent(Event):
    subject_type: ClassVar[str] = "organization"
    reason_id: UUID


class NoPartyOrganizationReasonGiven(_ReasonEvent):
    type: ClassVar[str] = "organization.no_party_organization_reason_given"
    reason: NoBodyReason
    from_on: date
    until_on: date


class NoPartyOrganizationReasonEnded(_ReasonEvent):
    type: ClassVar[str] = "organization.no_party_organization_reason_ended"
    on: date


class NoPartyOrganizationReasonCancelled(_ReasonEvent):
    type: ClassVar[str] = "organization.no_party_organization_reason_cancelled"
