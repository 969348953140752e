"""A sheet as it is scored, and the hashes by which its result can be verified later.

Everything is canonical JSON (`app.scoring.rules.canonical`): the same sheet always gives the same bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.rounds.models import Result
from app.scoring import rules as scoring


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling of the chair: a mark in the place of all, or a circumstance that is granted."""

    indicator: str
    mark: scoring.Mark | None
    adjustment: str | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A frozen sheet: marks by place, rulings in their order, and the hashes of its evidence."""

    id: UUID
    subject_kind: str
    organization_id: UUID | None
    party_organization_id: UUID | None
    member_id: UUID | None
    body_id: UUID | None
    marks: Mapping[str, Sequence[scoring.Mark]]
    rulings: Sequence[Ruled]
    evidence: dict[str, Any]


def derived(
    standard: scoring.Standard, sheet: Sheet, figures: Mapping[str, scoring.Computed]
) -> scoring.Derivation:
    """The result of a sheet. The latest ruling on an indicator stands in the place of every mark."""
    ruled = {each.indicator: each.mark for each in sheet.rulings if each.mark is not None}
    granted = {each.adjustment for each in sheet.rulings if each.adjustment is not None}
    marks = {
        place: [ruled.get(mark.indicator, mark) for mark in given]
        + [mark for code, mark in ruled.items() if code not in {each.indicator for each in given}]
        for place, given in sheet.marks.items()
    }
    return scoring.derive(standard, marks, figures, granted)


def figures(kept: Mapping[str, Any]) -> dict[str, scoring.Computed]:
    """The figures of the ledger as a result keeps them."""
    return {
        name: scoring.Computed(
            Decimal(each["value"]) if "value" in each else None, tuple(each.get("items", ()))
        )
        for name, each in kept.items()
    }


def dimensions(derivation: Mapping[str, Any]) -> tuple[Decimal, ...]:
    """The points of each dimension, in the order of the standard."""
    return tuple(Decimal(part["score"]) for part in derivation.get("parts", ()))


def result_hash(row: Result) -> str:
    """The hash over everything that a result says and is derived from."""
    return scoring.digest(
        {
            "round": str(row.round_id),
            "application": str(row.application_id),
            "subject": [row.subject_kind]
            + [str(each) for each in (row.organization_id, row.party_organization_id, row.member_id) if each],
            "total": row.total,
            "rank": row.rank,
            "band": row.band,
            "vetoed": row.vetoed,
            "selected": row.selected,
            "derivation": row.derivation,
            "figures": row.figures,
            "evidence": row.evidence_hashes,
            "standard": row.standard_hash,
        }
    )


def round_hash(results: Sequence[str]) -> str:
    """The hash over the hashes of all results, whatever their order."""
    return scoring.digest(sorted(results))


def identifiers(kept: Sequence[str]) -> list[UUID]:
    """Ids as JSON keeps them."""
    return [UUID(each) for each in kept]
