"""What is asked of coverage, and what it answers."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields import Bilingual, CodeRef, CodeStr, Day, DivisionCode, Instant, Output, Ref
from app.core.pages import Filters, Question
from app.coverage.rules import CoverageBasis, ExceptionsMode, LedBy, LineKind, LinesBy, RateCode, RatePart


class CoverageFilters(Question):
    """Which organizations, on which day, by what was known when."""

    division: Annotated[
        DivisionCode | None,
        Field(
            description="This division and all below it that day; the caller's own if neither it nor `body`."
        ),
    ] = None
    direct: Annotated[
        bool, Field(description="Only what belongs to `division` itself, not to one below it.")
    ] = False
    child: Annotated[
        DivisionCode | None,
        Field(description="Of `division`, only what lay in this division below it that day."),
    ] = None
    division_basis: Annotated[
        CoverageBasis,
        Field(description="By registration, domicile, or the division of the leading Party body."),
    ] = CoverageBasis.REGISTRATION
    body: Annotated[
        UUID | None, Field(description="LedBy by this Party organization or one below it that day.")
    ] = None
    child_body: Annotated[
        UUID | None, Field(description="Of `body`, only what hung below this body that day.")
    ] = None
    led: Annotated[
        LedBy | None,
        Field(description="`direct`: by `body` itself; `nobody`; `elsewhere`: by a body outside `division`."),
    ] = None
    kind: Annotated[CodeStr | None, Field(description="The organization's kind that day.")] = None
    as_of: Annotated[Day | None, Field(description="The day that is counted; today if absent.")] = None
    known_at: Annotated[
        Instant | None, Field(description="By what was on record at this instant; now if absent.")
    ] = None
    exceptions: Annotated[
        ExceptionsMode,
        Field(description="Whether those with a reason for having none stay in denominators."),
    ] = ExceptionsMode.COUNTED


class CoverageQuery(CoverageFilters):
    """A question whose answer has lines."""

    by: Annotated[LinesBy, Field(description="One line, or lines by division, kind, or leading body.")] = (
        LinesBy.NONE
    )


class CoverageSeriesQuery(CoverageFilters):
    """A question asked of every month."""

    from_on: Annotated[Day, Field(alias="from", description="A day in the first month.")]
    until_on: Annotated[
        Day | None, Field(alias="until", description="A day in the last month; today if absent.")
    ] = None


class CoverageRankingQuery(CoverageFilters):
    """Which rate the divisions below are ranked by."""

    rate: RateCode = RateCode.ORGANIZATION_COVERAGE


class CoverageOrganizationsFilters(CoverageFilters, Filters):
    """Exactly the organizations behind a figure."""

    rate: RateCode = RateCode.ORGANIZATION_COVERAGE
    part: RatePart = RatePart.DENOMINATOR
    excepted: Annotated[
        bool | None, Field(description="Only those uncovered for a recorded reason, or only those not.")
    ] = None


class BlankSpotFilters(CoverageFilters, Filters):
    """Which blank spots."""

    excepted: Annotated[
        bool | None, Field(description="Only those uncovered for a recorded reason, or only those not.")
    ] = None


class RateLists(Output):
    """Addresses of the lists that show exactly these organizations."""

    numerator: str
    denominator: str
    gap: str


class CoverageRate(Output):
    """A rate with both its numbers, what they count, and the lists behind them."""

    code: RateCode
    label: Bilingual
    numerator: int
    denominator: int
    percent: Annotated[
        str | None, Field(description="Half up, two decimals; null of nothing.", examples=["82.19"])
    ]
    definition: Bilingual
    list: RateLists


class CoverageCount(Output):
    """A number of organizations, what it counts, and the list behind it."""

    count: int
    definition: Bilingual
    list: str


class PartyOrganizationsPer100(Output):
    """How many Party organizations there are per hundred organizations. Not a coverage rate."""

    party_organizations: int
    organizations: int
    per_100: str | None
    definition: Bilingual


class CoverageGroup(Output):
    """What a line stands for: `code` of a division or kind, `id` of a Party organization."""

    type: LineKind
    code: str | None
    id: UUID | None
    name: Bilingual


class CoverageLine(Output):
    """The rates of one group."""

    group: CoverageGroup
    organizations: int
    rates: list[CoverageRate]
    exceptions: CoverageCount
    blank_spots: CoverageCount
    party_organizations_per_100: PartyOrganizationsPer100 | None
    list: str


class RulePackUsed(Output):
    """The rule pack that says what counts."""

    code: str
    version: str
    source: str


class CoverageSubject(Output):
    """What was asked, with every default filled in."""

    division: CodeRef | None
    child: str | None
    direct: bool
    division_basis: CoverageBasis
    body: Ref | None
    child_body: UUID | None
    led: LedBy | None
    kind: str | None
    as_of: date
    known_at: datetime | None
    exceptions: ExceptionsMode
    rule_pack: RulePackUsed


class CoverageRead(Output):
    """Coverage on a day: the total, and its lines, which add up to it."""

    subject: CoverageSubject
    by: LinesBy
    population: Bilingual
    total: CoverageLine
    lines: list[CoverageLine]


class SeriesPoint(Output):
    """A rate on the last day of a month (of the month that runs, today)."""

    on: date
    organizations: int
    numerator: int
    denominator: int
    percent: str | None


class CoverageSeries(Output):
    """A rate over time."""

    code: RateCode
    label: Bilingual
    definition: Bilingual
    points: list[SeriesPoint]


class CoverageSeriesRead(Output):
    """Every rate by month, each month by its own divisions, covers and statuses."""

    subject: CoverageSubject
    series: list[CoverageSeries]


class RankedDivision(Output):
    """A division's place; equals share one, and what has no organizations has none."""

    rank: int | None
    division: CodeRef
    organizations: int
    numerator: int
    denominator: int
    percent: str | None
    list: RateLists


class CoverageRankingRead(Output):
    """The divisions directly below one, the best first."""

    subject: CoverageSubject
    rate: RateCode
    label: Bilingual
    definition: Bilingual
    items: list[RankedDivision]


class CoverageOrganizationRead(Output):
    """An organization behind a figure, as it was that day."""

    id: UUID
    name: str
    credit_code: str | None
    kind: str
    registration_status: str
    division: CodeRef
    domicile_division: CodeRef | None
    responsible: Annotated[Ref | None, Field(description="The Party organization that leads.")]
    covered: bool
    work_covered: bool
    no_party_organization_reason: str | None
    reason_until_on: date | None
