"""Random standards that may be published, and random sheets for them."""

from decimal import Decimal

from hypothesis import strategies as st

from app.scoring.rules import (
    Across,
    Adjustment,
    Aggregation,
    Band,
    Computed,
    Deduction,
    Dimension,
    Indicator,
    Kind,
    Level,
    Mark,
    Relief,
    Rounding,
    Scorer,
    Standard,
    Step,
    Use,
    VetoQuorum,
)

REVIEWERS = ("r1", "r2", "r3", "r4", "r5")
POINTS = st.integers(1, 400).map(lambda quarters: Decimal(quarters) / 4)
LEDGER = (Scorer.LEDGER,)


@st.composite
def indicators(draw: st.DrawFn, code: str) -> Indicator:
    """One line of any kind."""
    kind = draw(st.sampled_from(Kind))
    if kind is Kind.VETO:
        by_ledger = draw(st.booleans())
        source, scorer = ("penalties", LEDGER) if by_ledger else (None, (Scorer.REVIEWER,))
        return Indicator(code, code, kind, source=source, scored_by=scorer)
    points = draw(POINTS)
    weight = draw(st.none() | POINTS)
    worth = points if weight is None else weight
    shapes = {
        Kind.DEDUCT: {
            "deductions": tuple(
                Deduction(f"d{number}", "d", cost)
                for number, cost in enumerate(draw(st.lists(POINTS, min_size=1, max_size=3)))
            )
        },
        Kind.LEVEL: {
            "levels": (
                Level("best", "best", points),
                Level("half", "half", (points / 2).quantize(Decimal("0.01"))),
                Level("none", "none", Decimal(0)),
            )
        },
        Kind.COUNT: {"each": draw(POINTS)},
        Kind.BONUS: {"each": draw(POINTS)},
        Kind.COMPUTED: draw(
            st.sampled_from(
                (
                    {"steps": (Step(Decimal(0), points), Step(Decimal(2), Decimal(0)))},
                    {"steps": (Step(Decimal(1), points / 4), Step(Decimal(3), points))},
                    {"each": Decimal("1.5")},
                )
            )
        ),
    }
    more = {"source": "full_members", "scored_by": LEDGER} if kind is Kind.COMPUTED else {}
    limits = {"weight_min": worth / 2, "weight_max": worth * 2} if kind is not Kind.BONUS else {}
    return Indicator(code, code, kind, points, weight, **limits, **shapes[kind], **more)


@st.composite
def standards(draw: st.DrawFn) -> Standard:
    """One to three dimensions of one to four lines, with bands, caps and adjustments."""
    dimensions = []
    for d in range(draw(st.integers(1, 3))):
        lines = tuple(draw(indicators(f"i{d}{i}")) for i in range(draw(st.integers(1, 4))))
        weight = sum((line.worth for line in lines if line.regular), Decimal(0))
        dimensions.append(Dimension(f"d{d}", f"d{d}", weight, lines))
    total = sum((dimension.weight for dimension in dimensions), Decimal(0))
    deducts = [line for dim in dimensions for line in dim.indicators if line.kind is Kind.DEDUCT]
    regular = [line for dim in dimensions for line in dim.indicators if line.regular]
    return Standard(
        code="random",
        use=Use.STAR,
        name="random",
        source="invented",
        total=total,
        dimensions=tuple(dimensions),
        aggregation=draw(st.sampled_from(Aggregation)),
        across=draw(st.sampled_from(Across)),
        bands=(
            Band("low", "low", Decimal(0)),
            Band("high", "high", (total / 2).quantize(Decimal("0.01")), inclusive=False),
            Band("top", "top", (total * 3 / 4).quantize(Decimal("0.01")), requires=("awards",)),
        )
        if total
        else (),
        maximum=draw(st.sampled_from((None, total + 3))),
        bonus_cap=draw(st.sampled_from((None, Decimal(0), Decimal(3)))),
        spread_limit=draw(st.sampled_from((None, Decimal(10)))),
        veto_quorum=draw(st.sampled_from(VetoQuorum)),
        rounding=Rounding(draw(st.integers(0, 4))),
        adjustments=(
            *(Adjustment(f"w_{x.code}", "w", x.code, Relief.WAIVE, ("d0",)) for x in deducts),
            *(Adjustment(f"f_{x.code}", "f", x.code, Relief.FULL) for x in regular),
        ),
    )


@st.composite
def marks(draw: st.DrawFn, line: Indicator) -> Mark:
    """A mark that fits a line."""
    if line.kind is Kind.DEDUCT:
        codes = [item.code for item in line.deductions]
        return Mark(
            line.code,
            deductions=draw(st.dictionaries(st.sampled_from(codes), st.integers(0, 3))),
            reason="missing",
        )
    if line.kind is Kind.LEVEL:
        return Mark(line.code, level=draw(st.sampled_from(["best", "half", "none"])))
    if line.kind is Kind.VETO:
        return Mark(line.code, triggered=draw(st.integers(0, 5)) == 0, reason="seen")
    return Mark(line.code, count=draw(st.integers(0, 8)))


@st.composite
def sheets(draw: st.DrawFn, standard: Standard) -> dict[str, list[Mark]]:
    """What up to five reviewers said, complete or not."""
    lines = [line for line in standard.indicators if not line.by_ledger]
    complete = draw(st.booleans())
    return {
        who: [draw(marks(line)) for line in lines if complete or draw(st.booleans())]
        for who in REVIEWERS[: draw(st.integers(0, 5))]
    }


FIGURES = st.fixed_dictionaries(
    {},
    optional={name: st.none() | st.integers(0, 6) for name in ("full_members", "penalties", "awards")},
).map(
    lambda given: {name: Computed(None if value is None else Decimal(value)) for name, value in given.items()}
)


@st.composite
def cases(
    draw: st.DrawFn,
) -> tuple[Standard, dict[str, list[Mark]], dict[str, Computed], frozenset[str]]:
    """A standard, sheets for it, figures and granted adjustments."""
    standard = draw(standards())
    codes = [given.code for given in standard.adjustments]
    granted = draw(st.frozensets(st.sampled_from(codes))) if codes else frozenset()
    return standard, draw(sheets(standard)), draw(FIGURES), granted
