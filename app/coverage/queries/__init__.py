"""What coverage answers, and what its roll-ups are made from."""

from app.coverage.queries.answers import coverage, ranking
from app.coverage.queries.deltas import (
    BASES,
    BODY_COLUMNS,
    KEY,
    ORGANIZATION_BASES,
    ROLLUPS,
    SPELLS_OF,
    belated,
    bodies_of,
    histogram,
    is_one_of,
    organizations_after,
    some_of,
    summed_deltas,
    total_at,
    turned,
)
from app.coverage.queries.deltas import COLUMNS as DELTA_COLUMNS
from app.coverage.queries.lists import blank_spots, listed
from app.coverage.queries.lists import organizations_of as organizations
from app.coverage.queries.ranked import Basis, compared, of_units
from app.coverage.queries.rolled import BODIES
from app.coverage.queries.rulebook import shelf
from app.coverage.queries.series import series
from app.coverage.queries.spells import COLUMNS as SPELL_COLUMNS
from app.coverage.queries.spells import spells_of
from app.coverage.queries.verifying import is_ready, verify

__all__ = [
    "BASES",
    "BODIES",
    "BODY_COLUMNS",
    "DELTA_COLUMNS",
    "KEY",
    "ORGANIZATION_BASES",
    "ROLLUPS",
    "SPELLS_OF",
    "SPELL_COLUMNS",
    "Basis",
    "belated",
    "blank_spots",
    "bodies_of",
    "compared",
    "coverage",
    "histogram",
    "is_one_of",
    "is_ready",
    "listed",
    "of_units",
    "organizations",
    "organizations_after",
    "ranking",
    "series",
    "shelf",
    "some_of",
    "spells_of",
    "summed_deltas",
    "total_at",
    "turned",
    "verify",
]
