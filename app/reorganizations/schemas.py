"""What crosses the wire about reorganizing Party organizations."""

from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.core.events import Event
from app.core.fields import CodeRef, Day, DivisionCode, Input, LongText, Name, Output, Ref, ShortText
from app.core.pages import Filters
from app.party_organizations.rules import BodyKind, Formation
from app.reorganizations.rules import BodyPart, ReorganizationKind

On = Annotated[Day | None, Field(description="The first day on which it is so; today if absent.")]
Paper = Annotated[
    ShortText, Field(description="The deciding document (批复).", examples=["南社党〔2026〕15号"])
]
Excuse = Annotated[
    ShortText | None, Field(description="What approves it where a number is not reached (因工作需要).")
]
Members = Annotated[
    list[UUID], Field(max_length=1000, default_factory=list, description="Members who go to it.")
]
Units = Annotated[
    list[UUID],
    Field(max_length=200, default_factory=list, description="Organizations it covers from then on."),
]


class NewBranch(Input):
    """A branch below the upgraded body."""

    name: Name
    formation: Formation
    member_ids: Members
    organization_ids: Units


class PartyOrganizationUpgrade(Input):
    """Another kind, higher in the line: 党支部改建党总支, 党总支改建党委."""

    kind: BodyKind
    name: Annotated[Name | None, Field(description="Its name from then on; unchanged if absent.")] = None
    on: On = None
    document: Paper
    exception_document: Excuse = None
    branches: Annotated[
        list[NewBranch],
        Field(
            max_length=50,
            default_factory=list,
            description="Branches established below it that day: every member belongs to a branch.",
        ),
    ]


class PartyOrganizationMerge(Input):
    """Bodies of one kind that go up in this one."""

    party_organization_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    on: On = None
    document: Paper
    reason: LongText


class SplitPart(Input):
    """A body that comes of the split, of the same kind and below the same parent."""

    name: Name
    formation: Annotated[Formation | None, Field(description="That of the body that is split if absent.")] = (
        None
    )
    member_ids: Members
    organization_ids: Units
    branch_ids: Annotated[
        list[UUID],
        Field(max_length=200, default_factory=list, description="Bodies below it that go below this one."),
    ]
    takes_functions: Annotated[
        bool, Field(description="The parts that it plays for divisions go to this one.")
    ] = False


class PartyOrganizationSplit(Input):
    """New bodies out of one, which stays with what is left, or ends."""

    parts: Annotated[list[SplitPart], Field(min_length=1, max_length=20)]
    dissolve: Annotated[
        bool, Field(description="The body ends: every member and every body below must go to a part.")
    ] = False
    on: On = None
    document: Paper
    exception_document: Excuse = None
    reason: LongText


class MovedRead(Output):
    """How much went with it."""

    members: int
    organizations: int
    bodies: int
    functions: int
    posts: Annotated[int, Field(description="Posts that ended with it.")]


class ReorganizationBodyRead(Output):
    """A body in it."""

    party_organization: Ref
    part: BodyPart


class ReorganizationRead(Output):
    """What was reorganized, by which document, and what went with it."""

    id: UUID
    kind: ReorganizationKind
    party_organization: Ref | None
    division: CodeRef
    on: date
    document: str
    exception_document: str | None
    reason: str | None
    bodies: list[ReorganizationBodyRead]
    moved: MovedRead
    recorded_at: datetime


class ReorganizationFilters(Filters):
    """Which reorganizations."""

    division: Annotated[DivisionCode | None, Field(description="This division and all below it.")] = None
    kind: ReorganizationKind | None = None
    party_organization_id: Annotated[
        UUID | None, Field(description="In which this body was, before or after.")
    ] = None
    on_or_after: Annotated[Day | None, Field(description="On this day or later.")] = None


class PartyOrganizationsReorganized(Event):
    """Bodies were upgraded, merged or split; each part of it is told by itself too."""

    type: ClassVar[str] = "party_organization.reorganized"
    subject_type: ClassVar[str] = "party_organization"
    reorganization_id: UUID
    kind: ReorganizationKind
    sources: list[UUID]
    results: list[UUID]
    on: date
    document: str
