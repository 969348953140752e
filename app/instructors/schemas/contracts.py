"""Leaders' contracts and fixed contacts on the wire."""

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
    PositiveInt,
    Ref,
    ShortText,
)
from app.core.pages import Filters
from app.instructors.rules import ContractKind, Progress
from app.instructors.schemas.people import PersonName


class ContractSign(Input):
    """A committee member or leader takes on a division and so many organizations or bodies."""

    kind: Annotated[ContractKind, Field(examples=["leader_contract"])]
    name: PersonName
    post: Annotated[ShortText, Field(examples=["市委两新工委委员"])]
    party_organization_id: Annotated[UUID, Field(description="The Party organization they sit in.")]
    division_code: Annotated[DivisionCode, Field(description="包县区: the division they answer for.")]
    quota: Annotated[
        PositiveInt | None, Field(description="How many they take on; a leader's is that of the rule pack.")
    ] = None
    from_on: Annotated[Day | None, Field(description="Today if absent.")] = None
    until_on: Annotated[Day | None, Field(description="The day on which it is over.")] = None
    document: ShortText | None = None


class ContractEnd(Input):
    """The first day without it."""

    on: Annotated[Day | None, Field(description="Today if absent.")] = None


class TargetAdd(Input):
    """An organization, or a Party organization, that a leader takes on."""

    organization_id: UUID | None = None
    target_party_organization_id: UUID | None = None
    from_on: Annotated[Day | None, Field(description="Today if absent.")] = None


class TargetProgress(Input):
    """How far it is."""

    progress: Annotated[Progress, Field(examples=["under_way"])]
    note: LongText | None = None


class TargetRead(Output):
    """What a leader took on, how far it is, and how often they were there."""

    id: UUID
    organization: Ref | None
    target_party_organization: Ref | None
    from_on: date
    until_on: date | None
    progress: Annotated[Progress, Field(examples=["under_way"])]
    note: str | None
    visits: int
    last_visit_on: date | None
    etag: str


class ContractRead(Output):
    """A leader's contract with its targets."""

    id: UUID
    kind: Annotated[ContractKind, Field(examples=["leader_contract"])]
    name: Annotated[str, Field(examples=["李**"], description="Masked.")]
    post: str
    party_organization: Annotated[Ref, Field(description="The Party organization they sit in.")]
    division: CodeRef
    quota: int | None
    from_on: date
    until_on: date | None
    document: str | None
    targets: list[TargetRead]
    done: Annotated[int, Field(description="Targets that are done.", examples=[4])]
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class ContractFilters(Filters):
    """Which contracts."""

    division: Annotated[DivisionCode | None, Field(description="Answering for it or below.")] = None
    party_organization_id: Annotated[UUID | None, Field(description="Of leaders of it or below.")] = None
    kind: Annotated[ContractKind | None, Field(description="Only this kind.")] = None
    running: Annotated[bool | None, Field(description="Whether it runs today.")] = None
