"""What crosses the wire about censuses."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.census.rules import Proposal, RoundState, Verdict
from app.core.events import Event
from app.core.fields import (
    Bilingual,
    CodeRef,
    Day,
    DivisionCode,
    IdNumber,
    Input,
    Name,
    Output,
    Ref,
    SafeStr,
)
from app.core.pages import Filters

Paper = Annotated[str, SafeStr(200), Field(description="The paper.", examples=["南社党〔2026〕11号"])]
RoundName = Annotated[Name, Field(description="What it is called.", examples=["2026年党员组织关系清查"])]
_STATE = Field(description="Open, or closed with its report.", examples=["open"])
_VERDICT = Field(
    description="在册、已离开、失联、口袋党员、重复、去世; found people are not in the ledger.",
    examples=["confirmed"],
)
_COUNT = Field(description="How many.", examples=[3])


class CensusOpen(Input):
    """A round over a division, or over a body and all below it; its roll is the ledger's on a day."""

    name: RoundName
    division_code: Annotated[DivisionCode | None, Field(description="Over this division and below.")] = None
    party_organization_id: Annotated[
        UUID | None, Field(description="Or over this Party organization and all below it.")
    ] = None
    as_of: Annotated[Day | None, Field(description="The day of the roll; today if absent.")] = None
    document: Paper


class CensusVerdictEntry(Input):
    """One line's verdict."""

    line_id: Annotated[
        UUID, Field(description="The line.", examples=["0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"])
    ]
    verdict: Annotated[Verdict, _VERDICT]


class CensusVerdicts(Input):
    """Verdicts line by line; then, if wished, everybody else of a branch is confirmed."""

    verdicts: Annotated[
        list[CensusVerdictEntry],
        Field(max_length=500, default_factory=list, description="Lines with their verdicts."),
    ]
    confirm_rest_of: Annotated[
        UUID | None,
        Field(description="The branch of which every line without a verdict is confirmed (在册)."),
    ] = None


class CensusFind(Input):
    """Somebody who was found and is not in the ledger; name and number are sealed."""

    party_organization_id: Annotated[UUID, Field(description="The branch that found them.")]
    name: Annotated[str, SafeStr(80), Field(description="The whole name; stored sealed.", examples=["张三"])]
    id_number: IdNumber | None = None


class CensusClose(Input):
    """The paper that ends the round."""

    document: Paper


class VerdictCount(Output):
    """Lines with one verdict."""

    verdict: Annotated[Verdict, _VERDICT]
    label: Annotated[
        Bilingual, Field(description="For display.", examples=[{"zh": "在册", "en": "On the roll and here"}])
    ]
    count: Annotated[int, _COUNT]


class BodyVerdicts(Output):
    """One branch's verdicts."""

    party_organization_id: Annotated[UUID, Field(description="The branch.")]
    verdict: Annotated[Verdict, _VERDICT]
    count: Annotated[int, _COUNT]


class CensusReport(Output):
    """What was found, frozen when the round was closed."""

    verdicts: Annotated[list[VerdictCount], Field(description="Over the whole round.")]
    bodies: Annotated[list[BodyVerdicts], Field(description="By branch.")]


class CensusRoundRead(Output):
    """A round with how far it is; `report` is frozen when it is closed."""

    id: UUID
    name: RoundName
    division: CodeRef
    party_organization: Ref | None
    as_of: Annotated[date, Field(description="The day of the roll.")]
    document: Paper
    state: Annotated[RoundState, _STATE]
    roll_count: Annotated[int, Field(description="Members on the roll.", examples=[1617])]
    open_count: Annotated[
        int, Field(description="Lines of my scope that have no verdict yet.", examples=[12])
    ]
    closed_on: Annotated[date | None, Field(description="The day it was closed.", examples=["2026-12-10"])]
    closed_document: Annotated[
        str | None, Field(description="The closing paper.", examples=["南社党〔2026〕15号"])
    ]
    report: Annotated[CensusReport | None, Field(description="Null while it is open.", examples=[None])]
    etag: str
    allowed_actions: list[str]


class CensusRoundFilters(Filters):
    """Which rounds."""

    state: Annotated[RoundState | None, Field(description="Open ones, or closed ones.")] = None


class CensusLineRead(Output):
    """One line, with what the ledger has to do next and whether it is done."""

    id: UUID
    member_id: Annotated[UUID | None, Field(description="The member; null for a find.")]
    name: Annotated[str, Field(description="Masked.", examples=["张**"])]
    party_organization: Ref
    status: Annotated[str | None, Field(description="The status on the day of the roll.", examples=["full"])]
    verdict: Annotated[Verdict | None, _VERDICT]
    verdict_on: Annotated[date | None, Field(description="When it was given.", examples=["2026-10-20"])]
    proposal: Annotated[
        Proposal | None, Field(description="The operation that settles the difference; a person does it.")
    ]
    settled: Annotated[
        bool | None, Field(description="Whether the ledger says so by now; null without a difference.")
    ]


class CensusLineFilters(Filters):
    """Which lines."""

    party_organization_id: Annotated[
        UUID | None, Field(description="This Party organization and all below it.")
    ] = None
    verdict: Annotated[Verdict | None, Field(description="Only this verdict.")] = None
    open: Annotated[bool | None, Field(description="Only without, or only with, a verdict.")] = None
    settled: Annotated[
        bool | None, Field(description="Only differences that are settled, or only those that are not.")
    ] = None


class _CensusEvent(Event):
    subject_type: ClassVar[str] = "census_round"
    public: ClassVar[bool] = False


class CensusOpened(_CensusEvent):
    """A round was opened, its roll frozen."""

    type: ClassVar[str] = "census.opened"
    roll: int


class CensusVerdictsGiven(_CensusEvent):
    """Verdicts were given; about whom is not told."""

    type: ClassVar[str] = "census.verdicts_given"
    count: int


class CensusFound(_CensusEvent):
    """Somebody was found who is not in the ledger."""

    type: ClassVar[str] = "census.found"
    line_id: UUID
    party_organization_id: UUID


class CensusClosed(_CensusEvent):
    """A round was closed with its report."""

    type: ClassVar[str] = "census.closed"
    counts: dict[str, int]
