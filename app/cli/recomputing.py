"""What `jiceng verify` recomputes beyond the tree of divisions, by the same pure rules that commands ask.

A difference means a mistake of ours, or a hand in the database: no constraint can say these things.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range

from app.core.work import Work
from app.organizations import queries as organizations
from app.organizations import rules as ledger
from app.organizations.models import Organization, OrganizationPeriod
from app.party_organizations import rules as tree
from app.party_organizations.models import Closure, Parent, PartyOrganization
from app.responsibility.commands import determinations

BATCH = 200
SHOWN = 20
HIDDEN = "contact_phone"
"""Stored as a reference to an encrypted number, not as the fact's value."""


async def party_organizations(work: Work) -> list[str]:
    """The tree of Party organizations: its closure by `rules.closure`, and each row's current parent."""
    rows: Iterable[Any] = await work.execute(
        select(Parent.party_organization_id, Parent.parent_id, Parent.valid)
    )
    links = [tree.Link(child, parent, _period(valid)) for child, parent, valid in rows]
    born: Any = await work.execute(select(PartyOrganization.id, PartyOrganization.founded_on))
    founded = dict(born.all())
    try:
        computed = tree.closure(founded, links) if founded else frozenset()
    except tree.CyclicError:
        return ["a Party organization lies below itself"]
    kept: Iterable[Any] = await work.execute(
        select(Closure.ancestor_id, Closure.descendant_id, Closure.depth, Closure.valid)
    )
    stored = {tree.Path(above, below, depth, _period(valid)) for above, below, depth, valid in kept}
    wrong = [f"closure lacks {path}" for path in sorted(computed - stored, key=str)[:SHOWN]]
    return wrong + [
        f"closure has {path} for no reason" for path in sorted(stored - computed, key=str)[:SHOWN]
    ]


async def folds(work: Work) -> list[str]:
    """Every organization's row and timeline: the fold of its facts, and nothing else."""
    wrong: list[str] = []
    async for batch in _batches(work):
        rows = await work.scalars(select(Organization).where(Organization.id.in_(batch)))
        periods = await _periods(work, batch)
        for row in rows:
            facts = await organizations.statements(work, row.id)
            if not facts:
                wrong.append(f"organization {row.id} has no facts")
                continue
            state = ledger.fold(facts)
            wrong += [
                f"organization {row.id}: {name} is not what its facts say"
                for name, value in state.values().items()
                if name != HIDDEN and _plain(getattr(row, name)) != value
            ]
            wanted = {_line(period.since, period.until, period.values) for period in state.periods}
            if periods.get(row.id, set()) != wanted:
                wrong.append(f"organization {row.id}: its timeline is not what its facts say")
    return wrong


async def searches(work: Work) -> list[str]:
    """What every organization is found by: its names as terms, and nothing else."""
    wrong: list[str] = []
    async for batch in _batches(work):
        wanted = await organizations.search_entries(work, batch)
        stored = await organizations.search_rows(work, batch)
        wrong += [
            f"organization {key} {'is not found by its names' if key in stored else 'is not found at all'}"
            for key, row in wanted.items()
            if stored.get(key) != row
        ]
    return wrong


async def responsibilities(work: Work) -> list[str]:
    """Who answers for each organization: what the rules say today."""
    wrong: list[str] = []
    async for batch in _batches(work):
        tally = await determinations.determine_many(work, batch, dry_run=True)
        wrong += [
            f"organization {example['organization_id']}: {example['from']}, by the rules {example['to']}"
            for example in tally.examples
        ]
    return wrong


async def _batches(work: Work) -> AsyncIterator[list[UUID]]:
    """The ids of all organizations, some hundreds at a time; what a batch loaded is let go."""
    last = UUID(int=0)
    while True:
        following = (
            select(Organization.id).where(Organization.id > last).order_by(Organization.id).limit(BATCH)
        )
        batch = list(await work.scalars(following))
        if not batch:
            return
        yield batch
        last = batch[-1]
        work.session.expunge_all()


async def _periods(work: Work, batch: list[UUID]) -> dict[UUID, set[tuple[Any, ...]]]:
    found: dict[UUID, set[tuple[Any, ...]]] = {}
    rows = await work.scalars(
        select(OrganizationPeriod).where(
            OrganizationPeriod.organization_id.in_(batch), func.upper_inf(OrganizationPeriod.recorded)
        )
    )
    for row in rows:
        values = {name: getattr(row, name) for name in ledger.COUNTABLE}
        line = _line(row.valid.lower, row.valid.upper, values)
        found.setdefault(row.organization_id, set()).add(line)
    return found


def _line(since: date | None, until: date | None, values: Mapping[str, Any]) -> tuple[Any, ...]:
    return since, until, *(_plain(values[name]) for name in ledger.COUNTABLE)


def _plain(value: Any) -> Any:
    """A column's value as facts write it: ids and days as text."""
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _period(valid: Range[date]) -> tree.Period:
    if valid.lower is None:
        raise ValueError("a link without a beginning")
    return tree.Period(valid.lower, valid.upper)
