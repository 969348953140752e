"""What crosses the wire about a Party organization itself."""

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
    Name,
    Output,
    Ref,
    SafeStr,
    ShortText,
)
from app.core.pages import Filters, Question
from app.party_organizations.rules import BodyKind, BodyLevel, Formation, Power

AsOf = Annotated[Day | None, Field(description="As it was on this day; today if absent.")]
Subtree = Annotated[DivisionCode | None, Field(description="This division and all below it.")]
Until = Annotated[
    Day | None, Field(description="The first day on which it no longer holds; null while it does.")
]


class FirstCover(Input):
    """An organization that a new body covers from the start."""

    organization_id: UUID
    from_on: Annotated[Day | None, Field(description="The founding day if absent.")] = None


class PartyOrganizationEstablish(Input):
    """A Party organization to establish, with the organizations it covers from the start."""

    name: Name
    kind: BodyKind
    formation: Annotated[
        Formation | None,
        Field(description="Required for a committee, general branch or branch (单独、联合、区域、挂靠 …)."),
    ] = None
    division_code: DivisionCode
    parent_id: Annotated[UUID | None, Field(description="The body it hangs below; null for a root.")] = None
    parent_from_on: Annotated[
        Day | None, Field(description="Since when; the later of the two founding days if absent.")
    ] = None
    industry: Annotated[CodeStr | None, Field(description="The industry of an industry committee.")] = None
    approval_document: Annotated[
        ShortText | None, Field(description="The superior's reply (批复) with its number.")
    ] = None
    founded_on: Day
    covers: Annotated[list[FirstCover], Field(max_length=200, default_factory=list)]


class PartyOrganizationUpdate(Input):
    """A merge patch: absent fields stay; null removes an industry or an approval document."""

    name: Annotated[Name, Field(default_factory=str)]
    industry: CodeStr | None = None
    approval_document: ShortText | None = None


class PartyOrganizationMove(Input):
    """A new place in the tree."""

    parent_id: Annotated[UUID | None, Field(description="The new parent; null makes it a root.")]
    on: Annotated[Day | None, Field(description="The first day below the new parent; today if absent.")] = (
        None
    )


class FormationChange(Input):
    """Another formation, say a single branch that becomes a joint one (单独组建改联合组建)."""

    formation: Formation
    on: Annotated[Day | None, Field(description="The first day of the new formation; today if absent.")] = (
        None
    )


class PartyOrganizationDissolve(Input):
    """The end of a body: its covers and functions end the same day, its record stays."""

    on: Annotated[Day | None, Field(description="The first day without it; today if absent.")] = None
    reason: ShortText
    children_to_parent: Annotated[
        bool,
        Field(
            description="Active bodies below it move to its parent that day; else they must be moved first."
        ),
    ] = False


class PartyOrganizationRead(Output):
    """A Party organization. Covers, functions and the tree are resources of their own."""

    id: UUID
    name: str
    kind: BodyKind
    formation: Formation | None
    level: BodyLevel
    division: CodeRef
    parent: Ref | None
    industry: str | None
    approval_document: str | None
    founded_on: date
    dissolved_on: date | None
    dissolved_reason: str | None
    counts_as_primary: Annotated[
        bool,
        Field(
            description="Counts in totals and in organization coverage: committee, general branch, branch."
        ),
    ]
    powers: Annotated[
        list[Power],
        Field(
            description="What it may do by its kind and formation (rule pack `party_organization_powers`).",
            examples=[["hold_members", "admit_members"]],
        ),
    ]
    status: Annotated[str, Field(examples=["active"], description="active or dissolved")]
    created_at: datetime
    updated_at: datetime
    etag: str
    allowed_actions: list[str]


class PartyOrganizationFilters(Filters):
    """Which Party organizations."""

    division: Subtree = None
    under: Annotated[UUID | None, Field(description="This body and all below it.")] = None
    parent: Annotated[UUID | None, Field(description="Directly below this body, today.")] = None
    kind: BodyKind | None = None
    formation: Formation | None = None
    level: BodyLevel | None = None
    industry: CodeStr | None = None
    status: Annotated[str | None, Field(pattern="^(active|dissolved)$", max_length=9)] = None
    covers: Annotated[UUID | None, Field(description="Covers this organization.")] = None
    q: Annotated[str | None, SafeStr(80), Field(description="Part of the name.")] = None
    as_of: Annotated[
        Day | None,
        Field(description="Bodies that existed on this day, by that day's divisions, tree and covers."),
    ] = None


class TreeNode(Output):
    """A body in the tree: `children` counts its direct children, shown or not."""

    id: UUID
    name: str
    kind: BodyKind
    formation: Formation | None
    status: str
    division_code: str
    parent_id: UUID | None
    depth: int
    children: int


class TreeRead(Output):
    """A body and what hung below it on a day, parents before children."""

    as_of: date
    nodes: list[TreeNode]
    truncated: Annotated[bool, Field(description="More bodies lie below: ask for a node's own tree.")]


class ParentPeriod(Output):
    """A stretch of time below one parent."""

    parent: Ref
    from_on: date
    until_on: Until


class ParentsRead(Output):
    """Below whom a body has hung, oldest first."""

    items: list[ParentPeriod]


class KindPeriodRead(Output):
    """What it was for a time, and under which name."""

    kind: BodyKind
    name: str
    from_on: date
    until_on: Until
    ended_by_document: Annotated[
        str | None, Field(description="The document that made it something else.", examples=[None])
    ]


class HistoryRead(Output):
    """What a body has been, oldest first; the last one is what it is, or was when it was dissolved."""

    items: list[KindPeriodRead]


class CountByKind(Output):
    """How many bodies of a kind there are."""

    kind: BodyKind
    label_zh: str
    label_en: str
    counts_as_primary: bool
    count: int


class CountByKindAndLevel(Output):
    """How many bodies of a kind there are at a level."""

    kind: BodyKind
    level: BodyLevel
    count: int


class PartyOrganizationCounts(Output):
    """Totals by kind and level with the sum check: 430 = 7 committees + 6 general branches + 417 branches."""

    as_of: date
    total: Annotated[
        int, Field(description="Committees, general branches and branches, counted by their mark.")
    ]
    sum_of_kinds: Annotated[int, Field(description="The same, added up by kind.")]
    sum_holds: bool
    kinds: list[CountByKind]
    kinds_and_levels: list[CountByKindAndLevel]


class CountsQuery(Question):
    """Which bodies to count."""

    division: Subtree = None
    under: Annotated[UUID | None, Field(description="This body and all below it.")] = None
    as_of: AsOf = None
