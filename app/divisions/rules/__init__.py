"""The law of divisions: what a code is, which tree holds it on a given day, and how tables are compared."""

from app.divisions.rules.changes import (
    Change,
    Difference,
    Entry,
    Fate,
    Flaw,
    Omission,
    compare,
    flaws,
    parents_first,
)
from app.divisions.rules.kinds import (
    LEVEL_OF,
    ROOT,
    DivisionChange,
    DivisionKind,
    DivisionLevel,
    fits,
    identity,
    may_hold,
)
from app.divisions.rules.periods import ALWAYS, Period, merged, runs
from app.divisions.rules.tables import Amendment, Era, Facts, Listed, assemble
from app.divisions.rules.tree import DEEPEST, Cycle, Link, Reach, Succession, Tenure, Tree, closure, meeting

__all__ = [
    "ALWAYS",
    "DEEPEST",
    "LEVEL_OF",
    "ROOT",
    "Amendment",
    "Change",
    "Cycle",
    "Difference",
    "DivisionChange",
    "DivisionKind",
    "DivisionLevel",
    "Entry",
    "Era",
    "Facts",
    "Fate",
    "Flaw",
    "Link",
    "Listed",
    "Omission",
    "Period",
    "Reach",
    "Succession",
    "Tenure",
    "Tree",
    "assemble",
    "closure",
    "compare",
    "fits",
    "flaws",
    "identity",
    "may_hold",
    "meeting",
    "merged",
    "parents_first",
    "runs",
]
