"""What was true of organizations and when, by the very conditions that count them on one day.

Every day on which anything about an organization may change is looked at; what stays the same in between is
one spell. `SOURCES` is the one place that says which tables these days come from: whatever else comes to
cover an organization (or to count) is a condition in `lens.py`, a row here, and `work.mark` where it is
written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union,
    union_all,
)

from app.core.access import NATION, division_closure
from app.coverage.models import spells
from app.coverage.queries.lens import Lens
from app.coverage.queries.question import Question
from app.coverage.queries.tables import (
    charter_clauses,
    covers,
    instructor_assignments,
    no_reasons,
    organization_facts,
    organization_periods,
    responsibilities,
)
from app.coverage.rules import FLAGS, CoverageBasis, Era, ExceptionsMode, Rulebook

SOURCES: Sequence[tuple[Any, bool]] = (
    (organization_periods, True),
    (covers, True),
    (no_reasons, True),
    (instructor_assignments, True),
    (responsibilities, True),
    (charter_clauses, False),
)
"""Tables with `organization_id` and days in `valid`, and whether their rows are bitemporal."""

COUNTED = [
    "full_member_count",
    "full_time_full_member_count",
    "member_count",
    "party_member_count",
    "credit_code",
    "identifier",
]
"""Facts that are looked up among the statements, each from its effective day on."""

IDS = bindparam("ids", type_=ARRAY(Uuid()))
_TOLD = ("kind", "registration_code", "domicile_code", "responsibility_code", *FLAGS)


@dataclass(frozen=True)
class _Anyday(Lens):
    """The lens on a day that is a column: each organization on its own days."""

    def within(self, code: Any, division: str) -> ColumnElement[bool]:
        """The same, looked up for each row: its day is its own."""
        if division == NATION:
            return true()
        c = division_closure.alias("territory")
        return exists(
            select(literal(1))
            .where(c.c.ancestor_code == division, c.c.descendant_code == code, self.holds(c.c.valid))
            .correlate_except(c)
        )


COLUMNS = [column.name for column in spells.c]


def spells_of(rulebook: Rulebook, book_id: UUID) -> Any:
    """All spells of the organizations in `IDS`, in `COLUMNS`."""
    changes = _days(rulebook).cte("changes").prefix_with("MATERIALIZED")
    looked = union_all(*(_looked(changes, era, rulebook) for era in rulebook.eras)).subquery("looked")
    return _merged(changes, looked, book_id)


def _days(rulebook: Rulebook) -> Any:
    """Every day on which something about each organization may change: its own rows, the rules, and the
    divisions of a jurisdiction that has rules of its own."""
    wanted = select(func.unnest(IDS).label("id")).cte("wanted").prefix_with("MATERIALIZED")
    found: list[Any] = []
    for table, bitemporal in SOURCES:
        c = table.c
        for bound in (func.lower, func.upper):
            rows = select(c.organization_id.label("id"), bound(c.valid).label("day")).join(
                wanted, wanted.c.id == c.organization_id
            )
            found.append(rows.where(func.upper_inf(c.recorded)) if bitemporal else rows)
    f = organization_facts.c
    facts = or_(*(f.fact == literal(name, literal_execute=True) for name in COUNTED))
    found.append(
        select(f.organization_id, f.effective_on).join(wanted, wanted.c.id == f.organization_id).where(facts)
    )
    found.append(select(wanted.c.id, func.unnest(cast(list(rulebook.days), ARRAY(Date())))))
    if rulebook.jurisdictions:
        p, c = organization_periods.c, division_closure.c
        inside = organization_periods.join(wanted, wanted.c.id == p.organization_id).join(
            division_closure,
            and_(c.descendant_code == p.division_code, c.ancestor_code.in_(rulebook.jurisdictions)),
        )
        bounds = (func.lower(c.valid), func.upper(c.valid))
        found += [select(wanted.c.id, bound).select_from(inside) for bound in bounds]
    every = union(*found).subquery("every")
    return select(every.c.id, every.c.day).where(every.c.day.is_not(None))


def _looked(changes: Any, era: Era, rulebook: Rulebook) -> Any:
    """What is true on those days that one version of the rules on counting judges."""
    question = Question(
        division=None,
        child=None,
        body=None,
        child_body=None,
        direct=False,
        basis=CoverageBasis.RESPONSIBILITY,
        led=None,
        kind=None,
        day=era.since,
        known_at=None,
        exceptions=ExceptionsMode.COUNTED,
        counting=era.counting,
        thresholds=rulebook.thresholds,
    )
    lens = _Anyday(question, changes.c.day, current=False)
    p = lens.period.c
    here = [changes.c.day >= era.since] + ([changes.c.day < era.until] if era.until else [])
    rows = select(
        changes.c.id,
        changes.c.day,
        p.kind.label("kind"),
        p.division_code.label("registration_code"),
        p.domicile_division_code.label("domicile_code"),
        lens.leader.c.division_code.label("responsibility_code"),
        *(getattr(lens, name)().label(name) for name in FLAGS),
    )
    return rows.select_from(lens.source(with_lead=True, among=changes)).where(lens.population(), *here)


def _merged(changes: Any, looked: Any, book_id: UUID) -> Any:
    """One row for as long as nothing changes; days on which an organization does not count end a spell."""
    same = func.concat_ws("|", *(func.coalesce(cast(looked.c[n], Text), "") for n in _TOLD))
    told = case((looked.c.id.is_(None), null()), else_=same)
    line = {"partition_by": changes.c.id, "order_by": changes.c.day}
    seen = (
        select(
            changes.c.id,
            changes.c.day,
            looked.c.id.is_not(None).label("counts"),
            *(looked.c[name] for name in _TOLD),
            told.is_distinct_from(func.lag(told).over(**line)).label("new"),
        )
        .select_from(
            changes.outerjoin(looked, and_(looked.c.id == changes.c.id, looked.c.day == changes.c.day))
        )
        .subquery("seen")
    )
    turns = (
        select(
            seen.c.id,
            seen.c.day.label("since"),
            func.lead(seen.c.day).over(partition_by=seen.c.id, order_by=seen.c.day).label("until"),
            seen.c.counts,
            *(seen.c[name] for name in _TOLD),
        )
        .where(seen.c.new)
        .subquery("turns")
    )
    return select(
        literal(book_id, Uuid()), turns.c.id, turns.c.since, turns.c.until, *(turns.c[name] for name in _TOLD)
    ).where(turns.c.counts)
