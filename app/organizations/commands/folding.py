"""From statements to what everyone reads: what they change is worked out first, then written at once.

Everything here happens under the lock of the organization's row, so that folds of one organization queue.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, update
from sqlalchemy.dialects.postgresql import insert as insert_or_skip

from app.core import bulk
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.organizations import errors, queries, rules
from app.organizations.commands import phones as numbers
from app.organizations.commands.projecting import Folded, columns, project
from app.organizations.commands.search import index
from app.organizations.models import Organization, OrganizationFact, OrganizationPhone
from app.organizations.rules import Fact, Fold, Origin, Secret


@dataclass(frozen=True, slots=True)
class Outcome:
    """What statements make of an organization: the state before (None: it is new) and after, all statements
    and those among them that were not there."""

    organization_id: UUID
    before: Fold | None
    after: Fold
    facts: Sequence[Fact]
    new: Sequence[Fact]
    phones: Sequence[OrganizationPhone] = ()

    @property
    def added(self) -> int:
        return len(self.new)

    @property
    def division_code(self) -> str:
        return str(self.after.ruling["division_code"].value)

    @property
    def registered_on(self) -> date:
        """The day of establishment; if nobody stated it, the day of the first statement."""
        established = self.after.ruling.get("established_on")
        stated = established.value if established is not None else None
        return date.fromisoformat(stated) if stated else self.new[0].effective_on

    @property
    def changed(self) -> list[str]:
        """The facts whose value is another than before."""
        after = self.after.values()
        before = self.before.values() if self.before else dict.fromkeys(after)
        return [name for name, value in after.items() if value != before[name]]

    @property
    def ends(self) -> bool:
        """Whether the organization ends by this, or ended earlier than was known."""
        ended_on, known = self.after.ended_on, self.before.ended_on if self.before else None
        return ended_on is not None and (known is None or ended_on < known)


def begun(organization_id: UUID, said: Sequence[Fact], phones: Sequence[OrganizationPhone] = ()) -> Outcome:
    """What the first statements make of an organization."""
    said = _in_order(said, ())
    return Outcome(organization_id, None, rules.fold(said), said, said, phones)


def heard(
    organization_id: UUID,
    said: Sequence[Fact],
    before: Sequence[Fact],
    phones: Sequence[OrganizationPhone] = (),
    earlier: Fold | None = None,
) -> Outcome:
    """What more statements make of an organization (whose fold is `earlier`). What was already said changes
    nothing.

    Raises `FactOutranked` where a person states by hand what a source of higher rank states for that day."""
    earlier = earlier or rules.fold(before)
    digests = {rules.digest(fact) for fact in before}
    distinct = {rules.digest(fact): fact for fact in _in_order(said, before)}
    new = [fact for digest, fact in distinct.items() if digest not in digests]
    if not new:
        return Outcome(organization_id, earlier, earlier, before, ())
    facts = [*before, *new]
    state = rules.fold(facts)
    _refuse_outranked(new, state)
    return Outcome(organization_id, earlier, state, facts, new, phones)


async def found(work: Work, outcome: Outcome) -> Organization:
    """Make the row of a new organization."""
    organization = Organization(id=outcome.organization_id, **columns(outcome.after))
    work.session.add(organization)
    await work.session.flush()
    await _keep(work, [outcome])
    return organization


async def found_many(work: Work, outcomes: Sequence[Outcome]) -> None:
    """Make the rows of many new organizations."""
    rows = [{"id": outcome.organization_id, "version": 1, **columns(outcome.after)} for outcome in outcomes]
    await bulk.insert(work, Organization, rows)
    await _keep(work, outcomes)


async def believe(
    work: Work,
    organization: Organization,
    said: Sequence[Fact],
    phones: Sequence[OrganizationPhone] = (),
    *,
    known: Sequence[Fact] | None = None,
) -> Outcome:
    """Add statements about a locked organization and fold again. Raises as `heard`."""
    before = known if known is not None else await queries.statements(work, organization.id)
    outcome = heard(organization.id, said, before, phones)
    await change(work, organization, outcome)
    return outcome


async def change(work: Work, organization: Organization, outcome: Outcome) -> None:
    """Write what statements made of a locked organization, if they were new."""
    if not outcome.new:
        return
    for name, value in columns(outcome.after).items():
        if getattr(organization, name) != value:
            setattr(organization, name, value)
    work.touch(organization)
    await _keep(work, [outcome])


async def change_many(work: Work, outcomes: Sequence[Outcome]) -> None:
    """Write what statements made of many locked organizations; no session holds their rows."""
    outcomes = [outcome for outcome in outcomes if outcome.new]
    if not outcomes:
        return
    rows = [{"organization": each.organization_id, **columns(each.after)} for each in outcomes]
    await work.execute(_CHANGE, rows)
    await _keep(work, outcomes)


_O: Any = Organization.__table__
_F: Any = OrganizationFact.__table__
_CHANGE = (
    update(_O)
    .where(_O.c.id == bindparam("organization"))
    .values(version=_O.c.version + 1, updated_at=func.clock_timestamp())
)


def ordered(origin: Origin, before: Sequence[Fact]) -> Origin:
    """People have no sequence of their own: the lock's order is theirs, counted within the organization."""
    if origin.by_registry or origin.sequence is not None:
        return origin
    return replace(origin, sequence=_last(before) + 1)


def _in_order(said: Sequence[Fact], before: Sequence[Fact]) -> list[Fact]:
    """The same for statements that have none yet."""
    if all(fact.by_registry or fact.sequence is not None for fact in said):
        return list(said)
    following = _last(before) + 1
    return [
        fact if fact.by_registry or fact.sequence is not None else replace(fact, sequence=following)
        for fact in said
    ]


def _last(before: Sequence[Fact]) -> int:
    return max((f.sequence or 0 for f in before if not f.by_registry), default=0)


def _refuse_outranked(new: Sequence[Fact], state: Fold) -> None:
    faults = []
    for fact in new:
        if fact.by_registry or fact.correction:
            continue
        segments = state.histories[(fact.fact, fact.key)]
        ruling = next(s.ruling for s in segments if s.since == fact.effective_on)
        if rules.content(ruling) != rules.content(fact):
            faults.append(Fault(f"/{fact.fact}", "fact_outranked", errors.words("fact_outranked")))
    if faults:
        raise errors.FactOutranked(errors=faults)


async def _keep(work: Work, outcomes: Sequence[Outcome]) -> None:
    """Store the statements and the numbers they name, and bring what is read into line."""
    await numbers.keep(work, [phone for outcome in outcomes for phone in outcome.phones])
    await bulk.insert(
        work, OrganizationFact, [row for each in outcomes if each.before is None for row in _rows(work, each)]
    )
    if more := [row for each in outcomes if each.before is not None for row in _rows(work, each)]:
        await work.execute(_ADD, [{"id": uuid7(), **row} for row in more])
    await project(
        work,
        [Folded(each.organization_id, each.after, is_new=each.before is None) for each in outcomes],
    )
    await index(work, [each.organization_id for each in outcomes])


_ADD = insert_or_skip(_F).on_conflict_do_nothing(constraint="uq_organization_facts_digest")


def _rows(work: Work, outcome: Outcome) -> list[Mapping[str, Any]]:
    return [
        {
            "organization_id": outcome.organization_id,
            "fact": fact.fact,
            "key": fact.key,
            "value": fact.value,
            "secrets": _named(fact.secrets) if fact.secrets else None,
            "effective_on": fact.effective_on,
            "source": fact.source,
            "source_rank": fact.rank,
            "sequence": fact.sequence,
            "occurred_at": fact.occurred_at,
            "correction": fact.correction,
            "reason": fact.reason,
            "event_id": fact.event_id,
            "recorded_by": work.actor.id,
            "digest": rules.digest(fact),
        }
        for fact in outcome.new
    ]


def _named(secrets: Mapping[str, Secret]) -> dict[str, Any]:
    return {name: {"id": str(each.id), "blind": each.blind.hex()} for name, each in secrets.items()}
