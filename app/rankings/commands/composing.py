"""What a ranking is made of: the figures come from coverage itself, always by what was known at an instant
that the snapshot names, so that the same question can be asked again at any time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.core.work import Work
from app.coverage import queries as coverage
from app.coverage import rules as coverage_rules
from app.coverage.queries import Basis
from app.coverage.rules import CoverageBasis, ExceptionsMode, LineKind, LinesBy, RateCode
from app.coverage.schemas import CoverageFilters
from app.rankings import queries, rules
from app.rankings.models import Ranking
from app.rankings.queries import Asked
from app.rankings.rules import MeasureCode, RankedKind, Words
from app.reference.rules import RulePack

SECONDS = 30
_RATES = frozenset(RateCode)


@dataclass(frozen=True, slots=True)
class Compared:
    """One of those who are compared."""

    code: str | None
    id: UUID | None
    name: str


async def compose(work: Work, asked: Asked, pack: RulePack, before: Ranking | None) -> dict[str, Any]:
    """Everything that was weighed, as it is frozen."""
    scheme = rules.scheme(pack.content)
    async with work.unhurried(SECONDS):
        basis, compared, figures = await _figures(work, asked, pack, scheme)
    return {
        "ranked": asked.ranked.value,
        "subject": {
            "division_code": asked.division_code,
            "party_organization_id": _text(asked.party_organization_id),
            "authority_role": asked.authority_role,
        },
        "as_of": asked.as_of.isoformat(),
        "known_at": _instant(asked.known_at),
        "scheme": _scheme(pack, scheme, basis),
        "coverage_rules": basis.subject.rule_pack.model_dump(mode="json"),
        "previous": None
        if before is None
        else {"id": str(before.id), "as_of": before.as_of.isoformat(), "sha256": before.sha256},
        "rows": _rows(compared, figures, scheme, before),
    }


async def _figures(
    work: Work, asked: Asked, pack: RulePack, scheme: rules.Scheme
) -> tuple[Basis, dict[str, Compared], dict[str, rules.Figures]]:
    """Who is compared, and both numbers of each measure of each."""
    codes = rules.figures_of(scheme)
    rates = [RateCode(code.value) for code in codes if code.value in _RATES]
    filters = CoverageFilters(
        division=asked.division_code if asked.party_organization_id is None else None,
        body=asked.party_organization_id,
        division_basis=CoverageBasis(pack.content["division_basis"]),
        exceptions=ExceptionsMode(pack.content["exceptions"]),
        as_of=asked.as_of,
        known_at=asked.known_at,
    )
    compared: dict[str, Compared] = {}
    covered: dict[str, Mapping[RateCode, tuple[int, int]]] = {}
    if asked.ranked is RankedKind.AUTHORITIES:
        assert asked.authority_role is not None  # noqa: S101 (CHECK)
        basis, by_unit = await coverage.of_units(work, filters, rates, asked.authority_role)
        for unit, name in await queries.departments(work, asked):
            compared[str(unit)] = Compared(None, unit, name)
            found = by_unit.get(unit)
            covered[str(unit)] = found.rates if found else {}
    else:
        by_body = asked.ranked is RankedKind.BODIES
        by, wanted = (LinesBy.BODY, LineKind.BODY) if by_body else (LinesBy.DIVISION, LineKind.DIVISION)
        basis, lines = await coverage.compared(work, filters, rates, by)
        for group, line in lines:
            if group.type is wanted:
                key = str(group.id) if by_body else str(group.code)
                compared[key] = Compared(group.code, group.id, group.name.zh)
                covered[key] = line.rates
    own = await queries.counted(work, asked) if set(codes) & set(queries.OWN) else {}
    return basis, compared, {key: _measured(codes, covered[key], own, key) for key in compared}


def _measured(
    codes: tuple[MeasureCode, ...],
    covered: Mapping[RateCode, tuple[int, int]],
    own: Mapping[MeasureCode, Mapping[str, tuple[int, int]]],
    key: str,
) -> dict[MeasureCode, tuple[int, int]]:
    """Both numbers of each measure of one; nothing of nothing where there is no row."""
    return {
        code: own[code].get(key, (0, 0)) if code in queries.OWN else covered.get(RateCode(code.value), (0, 0))
        for code in codes
    }


def _rows(
    compared: Mapping[str, Compared],
    figures: Mapping[str, rules.Figures],
    scheme: rules.Scheme,
    before: Ranking | None,
) -> list[dict[str, Any]]:
    known = {} if before is None else {key_of(row["subject"]): row for row in before.content["rows"]}
    rows = []
    for standing in rules.standings(figures, scheme):
        who, was = compared[standing.key], known.get(standing.key, {})
        rows.append(
            {
                "rank": standing.rank,
                "subject": {"code": who.code, "id": _text(who.id), "name": who.name},
                "score": standing.score,
                "measures": [
                    {
                        "code": measure.code.value,
                        "numerator": figures[standing.key][measure.code][0],
                        "denominator": figures[standing.key][measure.code][1],
                        "value": rules.rate(*figures[standing.key][measure.code], measure),
                        "points": standing.points[measure.code],
                    }
                    for measure in scheme.measures
                ],
                "previous_rank": was.get("rank"),
                "previous_score": was.get("score"),
                "change": rules.change(standing.rank, was.get("rank")),
            }
        )
    return rows


def _scheme(pack: RulePack, scheme: rules.Scheme, basis: Basis) -> dict[str, Any]:
    given = {entry["code"]: entry for entry in pack.content["measures"]}
    return {
        "code": pack.code,
        "version": pack.version,
        "source": pack.source,
        "name": pack.content["name"],
        "measures": [
            {
                "code": measure.code.value,
                "label": _bilingual(_label(measure.code)),
                "definition": _bilingual(_definition(measure.code, basis)),
                **{name: str(given[measure.code.value][name]) for name in ("weight", "worst", "best")},
            }
            for measure in scheme.measures
        ],
        "places": scheme.places,
        "ranks": scheme.ranks.value,
        "nothing": scheme.nothing.value,
        "ties": [code.value for code in scheme.ties],
    }


def _label(code: MeasureCode) -> Words:
    return rules.OWN_WORDS[code] if code in queries.OWN else coverage_rules.RATE_WORDS[RateCode(code.value)]


def _definition(code: MeasureCode, basis: Basis) -> Words:
    """What a measure counts, in the words of coverage where it is a rate of coverage."""
    if code in queries.OWN:
        return rules.OWN_DEFINITIONS[code]
    return basis.definitions[RateCode(code.value)]


def _bilingual(words: Words) -> dict[str, str]:
    return {"zh": words[0], "en": words[1]}


def key_of(subject: Mapping[str, Any]) -> str:
    """What tells one of those compared from another."""
    return str(subject["code"] or subject["id"])


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
