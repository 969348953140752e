"""Registering organizations in bulk: a file's rows under the rules of the single route, set by set.

What a row means is decided by functions of the single route (`checking.judged`, `ledger.stated`,
`folding.begun` and `heard`, `ledger.refuse_parts` …); only the looking up before and the writing after are
done for all rows at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.core import bulk
from app.core.access import Permission
from app.core.db import uuid7
from app.core.errors import Fault, Refusal, from_database
from app.core.work import Work
from app.organizations import errors, queries, rules
from app.organizations.commands import after, checking, folding, ledger, phones, records
from app.organizations.commands.checking import LookedUp
from app.organizations.commands.folding import Outcome
from app.organizations.models import OrganizationPhone
from app.organizations.queries import Holder
from app.organizations.rules import Fact, Fold, Origin, Record, Row, RowResult
from app.organizations.schemas import OrganizationCreate

RECORD, READ = Permission.ORGANIZATION_RECORD, Permission.ORGANIZATION_READ

Numbered = tuple[int, Row]
"""A row with its place among the rows of the call."""


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of a row: of which organization, which facts have another value now, or why it was refused
    (the refusal that the single route gives; it never holds a value of the row)."""

    result: RowResult
    organization_id: UUID | None = None
    changed: tuple[str, ...] = ()
    refusal: Refusal | None = None


def row_of(body: OrganizationCreate, identifiers: Iterable[rules.Identifier] = ()) -> Row:
    """The row of a registration as the single route validates it: what was not given says nothing."""
    given = body.model_fields_set & rules.FACTS.keys()
    facts = {name: getattr(body, name) for name in given}
    return Row(facts=facts, identifiers=tuple(identifiers), effective_on=body.effective_on)


async def register_many(work: Work, rows: Sequence[Row], origin: Origin) -> list[RowOutcome]:
    """Register what is new and state what is news of what is there: one outcome for each row, in order.

    `origin` says who speaks (an import: `Origin(IMPORT, IMPORT_RANK, None, None, work.today)`); see `Row` for
    the day from which a row holds. Row by row the outcome is that of `register`, or, where the caller records
    for the organization that has the credit code, of `record_facts` with what the ledger does not say yet,
    each followed by `record` for identifiers. A row that is refused leaves the others alone.

    Call it with about a thousand rows in one transaction: it sends at most 69 statements for them, however
    many they are. Two things cost more: a code that is in the rows more than once (its second row sees what
    the first did, so the rows are done in as many turns) and another transaction that makes the same code
    meanwhile (the rows are then done again in halves, down to the one that is late)."""
    outcomes: dict[int, RowOutcome] = {}
    for turn in _turns(rows):
        outcomes |= await _attempt(work, turn, origin)
    return [outcomes[number] for number in range(len(rows))]


def _turns(rows: Sequence[Row]) -> list[list[Numbered]]:
    """Rows that may be done together: no credit code twice, and its rows in their order."""
    turns: list[list[Numbered]] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows):
        code = row.facts.get("credit_code")
        turn = 0 if code is None else seen.get(code, 0)
        if code is not None:
            seen[code] = turn + 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append((number, row))
    return turns


async def _attempt(work: Work, rows: Sequence[Numbered], origin: Origin) -> dict[int, RowOutcome]:
    """Do rows together; if another transaction was faster with one of them, in halves."""
    try:
        async with work.session.begin_nested(), bulk.announcing(work) as own:
            return await _Batch(own, origin).carry_out(rows)
    except IntegrityError as error:
        refusal = from_database(error)
        if refusal is None:
            raise
    if len(rows) == 1:
        return {rows[0][0]: RowOutcome(RowResult.REFUSED, refusal=refusal)}
    half = len(rows) // 2
    return await _attempt(work, rows[:half], origin) | await _attempt(work, rows[half:], origin)


@dataclass(slots=True)
class _Planned:
    """A row that will be written: what it makes of its organization, and what is recorded after that."""

    number: int
    outcome: Outcome
    origin: Origin
    values: dict[str, Any]
    entries: Sequence[Record]


@dataclass(slots=True)
class _Batch:
    """The rows that are done together."""

    work: Work
    origin: Origin
    seen: LookedUp = field(init=False)
    known: Mapping[UUID, Sequence[Fact]] = field(init=False)
    numbers: phones.Known = field(init=False)
    outcomes: dict[int, RowOutcome] = field(default_factory=dict)
    new: list[_Planned] = field(default_factory=list)
    told: list[_Planned] = field(default_factory=list)
    traces: list[tuple[UUID, str]] = field(default_factory=list)

    async def carry_out(self, rows: Sequence[Numbered]) -> dict[int, RowOutcome]:
        """Look up, decide row by row, then write all at once."""
        work = self.work
        scope = work.actor.scope(RECORD)
        codes = [code for _, row in rows if (code := row.facts.get("credit_code")) is not None]
        holders = {
            each.credit_code: each
            for each in await queries.holders(work, codes, scope, work.actor.scope(READ))
        }
        own = sorted(each.id for each in holders.values() if each.writable)
        if own:
            await queries.lock_ids(work, own)
        self.seen = await checking.look_up(work, [row.facts for _, row in rows], scope)
        self.known = await queries.statements_of(work, own)
        self.numbers = await phones.known(work, own)
        for number, row in rows:
            holder = holders.get(row.facts.get("credit_code", ""))
            try:
                if holder is not None and holder.writable:
                    self._tell(number, row, holder)
                else:
                    self._register(number, row, holder)
            except Refusal as refusal:
                self.outcomes[number] = RowOutcome(RowResult.REFUSED, refusal=refusal)
        await self._write()
        return self.outcomes

    def _register(self, number: int, row: Row, holder: Holder | None) -> None:
        """Plan a registration, as `ledger.register` does it."""
        work = self.work
        if wrong := rules.incomplete(row):
            raise _refused(wrong)
        registration = rules.registration_of(row)
        day = row.effective_on or registration.established_on or self.origin.effective_on
        origin = replace(self.origin, effective_on=day)
        values = checking.judged(registration.facts(), origin, work.today, self.seen)
        if holder is not None:
            if holder.visible:
                raise ledger.taken(holder.id, holder.name)
            if not origin.by_registry:
                self.traces.append((holder.id, values["division_code"]))
            raise errors.NeedsVerification
        ledger.refuse_end(registration.registration_status, origin)
        organization_id = uuid7()
        first = folding.ordered(origin, ())
        said, numbers = ledger.stated(work, organization_id, values, first, {})
        outcome = folding.begun(organization_id, said, numbers)
        ledger.refuse_parts(origin, outcome)
        self.new.append(_Planned(number, outcome, origin, values, row.identifiers))
        self.outcomes[number] = RowOutcome(RowResult.REGISTERED, organization_id)

    def _tell(self, number: int, row: Row, holder: Holder) -> None:
        """Plan what a row says of an organization that is there, as `ledger.record_facts` does it."""
        work = self.work
        origin = replace(self.origin, effective_on=row.effective_on or self.origin.effective_on)
        values = checking.judged(row.facts, origin, work.today, self.seen)
        known = self.known[holder.id]
        state = rules.fold(known)
        if not origin.by_registry and (verbs := rules.stated_by_verbs(values, state)):
            raise _refused((name, "status_by_verb") for name in verbs)
        said, numbers = ledger.stated(work, holder.id, values, origin, self.numbers)
        said, numbers = _news(said, numbers, state)
        entries = _new_records(row, origin, state)
        outcome = folding.heard(holder.id, said, known, numbers, state)
        if outcome.new:
            ledger.refuse_parts(origin, outcome)
        elif not entries:
            self.outcomes[number] = RowOutcome(RowResult.UNCHANGED, holder.id)
            return
        stated = {fact.fact: fact.value for fact in said}
        self.told.append(_Planned(number, outcome, origin, stated, entries))
        self.outcomes[number] = RowOutcome(RowResult.CHANGED, holder.id, tuple(outcome.changed))

    async def _write(self) -> None:
        """Write what was planned: first what is new, with who answers for it, then what changes, then the
        records beside the facts."""
        work = self.work
        if self.traces:
            await ledger.leave_traces(work, self.traces, self.origin)
        if self.new:
            await folding.found_many(work, [each.outcome for each in self.new])
            for each in self.new:
                work.announce(ledger.registered(each.outcome, each.origin))
            await after.registered(work, [each.outcome for each in self.new])
        told = [each for each in self.told if each.outcome.new]
        if told:
            await folding.change_many(work, [each.outcome for each in told])
            for each in told:
                work.announce(ledger.changed(each.outcome, each.values, each.origin))
            await after.folded(work, [each.outcome for each in told], "changed")
        await self._record([each for each in (*self.new, *self.told) if each.entries])

    async def _record(self, planned: Sequence[_Planned]) -> None:
        """Add the identifiers, as `records.record` does it."""
        if not planned:
            return
        added = [
            folding.heard(
                each.outcome.organization_id,
                [rules.stated(entry.kind, entry.key, entry.value(), each.origin) for entry in each.entries],
                each.outcome.facts,
                earlier=each.outcome.after,
            )
            for each in planned
        ]
        await folding.change_many(self.work, added)
        for each, outcome in zip(planned, added, strict=True):
            if outcome.added:
                self.work.announce(records.added(outcome, each.entries, each.origin))


def _refused(wrong: Iterable[tuple[str, str]]) -> errors.FactsRefused:
    return errors.FactsRefused(errors=[Fault(f"/{name}", why, errors.words(why)) for name, why in wrong])


def _news(
    said: Sequence[Fact], numbers: Sequence[OrganizationPhone], state: Fold
) -> tuple[list[Fact], list[OrganizationPhone]]:
    """What the ledger does not say yet, and the numbers that it names."""
    news = [
        fact
        for fact in said
        if fact.by_registry or (fact.fact not in rules.STATED_BY_VERBS and rules.is_news(fact, state))
    ]
    named = {secret.id for fact in news for secret in fact.secrets.values()}
    return news, [number for number in numbers if number.id in named]


def _new_records(row: Row, origin: Origin, state: Fold) -> list[Record]:
    return [
        entry
        for entry in row.identifiers
        if origin.by_registry
        or rules.is_news(rules.stated(entry.kind, entry.key, entry.value(), origin), state)
    ]
