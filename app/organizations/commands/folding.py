"""From statements to what everyone reads: the one place that writes the ledger's rows.

Everything here happens under the lock of the organization's row, so that folds of one organization queue.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql import insert as insert_or_skip

from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.organizations import errors, models, queries, rules
from app.organizations.commands.findings import settle
from app.organizations.commands.search import index
from app.organizations.models import (
    Organization,
    OrganizationFact,
    OrganizationName,
    OrganizationOfficer,
    OrganizationPeriod,
    OrganizationPhone,
)
from app.organizations.rules import Fact, Fold

_UUIDS = {"registration_authority_id", "supervisory_unit_id", "industry_authority_id", "merged_into_id"}
_TABLES: Mapping[str, Any] = {
    "identifier": models.OrganizationIdentifier,
    "credit_listing": models.CreditListing,
    "penalty": models.Penalty,
    "evaluation": models.Evaluation,
    "award": models.Award,
    "annual_report": models.AnnualReport,
    "succession": models.OrganizationSuccession,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What statements made of an organization: the state before (None: it is new) and after."""

    organization: Organization
    before: Fold | None
    after: Fold
    added: int

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


async def found(
    work: Work, organization_id: UUID, said: Sequence[Fact], phones: Sequence[OrganizationPhone]
) -> Outcome:
    """Make the row of a new organization from its first statements."""
    said = _in_order(said, ())
    state = rules.fold(said)
    organization = Organization(id=organization_id, **_columns(state))
    work.session.add(organization)
    await work.session.flush()
    await _keep(work, organization_id, said, phones)
    await _project(work, organization, said, state)
    return Outcome(organization, None, state, len(said))


async def believe(
    work: Work,
    organization: Organization,
    said: Sequence[Fact],
    phones: Sequence[OrganizationPhone] = (),
    *,
    known: Sequence[Fact] | None = None,
) -> Outcome:
    """Add statements about a locked organization and fold again. What was already said changes nothing.

    Raises `FactOutranked` where a person states by hand what a source of higher rank states for that day."""
    before = list(known) if known is not None else await queries.statements(work, organization.id)
    said = _in_order(said, before)
    earlier = rules.fold(before)
    digests = {rules.digest(fact) for fact in before}
    new = [fact for fact in said if rules.digest(fact) not in digests]
    if not new:
        return Outcome(organization, earlier, earlier, 0)
    facts = [*before, *new]
    state = rules.fold(facts)
    _refuse_outranked(new, state)
    await _keep(work, organization.id, new, phones)
    for name, value in _columns(state).items():
        if getattr(organization, name) != value:
            setattr(organization, name, value)
    work.touch(organization)
    await work.session.flush()
    await _project(work, organization, facts, state)
    return Outcome(organization, earlier, state, len(new))


def _in_order(said: Sequence[Fact], before: Sequence[Fact]) -> list[Fact]:
    """People have no sequence of their own: the lock's order is theirs, counted within the organization."""
    last = max((f.sequence or 0 for f in before if not f.by_registry), default=0)
    return [
        fact if fact.by_registry or fact.sequence is not None else replace(fact, sequence=last + 1)
        for fact in said
    ]


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


def _columns(state: Fold) -> dict[str, Any]:
    """The values of the organization's own row."""
    values = state.values()
    contact = state.ruling.get("contact_phone")
    columns = {name: value for name, value in values.items() if name != "contact_phone"}
    for name in _UUIDS:
        columns[name] = UUID(values[name]) if values[name] else None
    established_on = values["established_on"]
    secret = contact.secrets.get("contact_phone") if contact is not None else None
    return {
        **columns,
        "established_on": date.fromisoformat(established_on) if established_on else None,
        "ended_on": state.ended_on,
        "contact_phone_id": secret.id if secret else None,
        "contact_phone_mask": values["contact_phone"] if secret else None,
    }


async def _keep(
    work: Work, organization_id: UUID, said: Sequence[Fact], phones: Sequence[OrganizationPhone]
) -> None:
    """Store statements and the numbers they name."""
    work.session.add_all(phones)
    await work.session.flush()
    rows = [
        {
            "id": uuid7(),
            "organization_id": organization_id,
            "fact": fact.fact,
            "key": fact.key,
            "value": fact.value,
            "secrets": {
                name: {"id": str(secret.id), "blind": secret.blind.hex()}
                for name, secret in fact.secrets.items()
            }
            or None,
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
        for fact in said
    ]
    await work.execute(
        insert_or_skip(OrganizationFact).on_conflict_do_nothing(constraint="uq_organization_facts_digest"),
        rows,
    )


async def _project(work: Work, organization: Organization, facts: Sequence[Fact], state: Fold) -> None:
    """Bring everything that is read into line with the state."""
    organization_id = organization.id
    await _write_periods(work, organization_id, state)
    await _write_names(work, organization_id, state)
    await _write_officers(work, organization_id, state)
    await _write_records(work, organization_id, facts, state)
    await _write_clauses(work, organization_id, state)
    await settle(work, organization, rules.findings(facts, state))
    await index(work, [organization_id])


async def _moment(work: Work, organization_id: UUID, latest: datetime | None) -> datetime:
    """The instant at which this transaction's folds of an organization become known: one for all of them.

    It is read under the lock and lies after what was known before, even if the clock was set back."""
    moments: dict[UUID, datetime] = work.session.info.setdefault("organizations.known_from", {})
    if organization_id not in moments:
        moment = await work.instant()
        after = latest + timedelta(microseconds=1) if latest is not None else moment
        moments[organization_id] = max(moment, after)
    return moments[organization_id]


async def _write_periods(work: Work, organization_id: UUID, state: Fold) -> None:
    """Close what is no longer believed and open what is. What this transaction opened is replaced instead:
    nobody else ever saw it, and a period known for no time would be empty."""
    table = OrganizationPeriod.__table__.c
    rows = await work.execute(
        select(*table).where(table.organization_id == organization_id, func.upper_inf(table.recorded))
    )
    wanted = {
        (period.since, period.until): {
            name: UUID(value) if name in _UUIDS and value is not None else value
            for name, value in period.values.items()
        }
        for period in state.periods
    }
    gone: list[Row[Any]] = []
    for row in rows.all():
        days = (row.valid.lower, row.valid.upper)
        if days in wanted and all(getattr(row, name) == value for name, value in wanted[days].items()):
            del wanted[days]
        else:
            gone.append(row)
    if not gone and not wanted:
        return
    moment = await _moment(work, organization_id, max((row.recorded.lower for row in gone), default=None))
    own = [row.id for row in gone if row.recorded.lower == moment]
    old = [row.id for row in gone if row.recorded.lower != moment]
    if own:
        await work.execute(delete(OrganizationPeriod).where(OrganizationPeriod.id.in_(own)))
    if old:
        await work.execute(
            update(OrganizationPeriod)
            .where(OrganizationPeriod.id.in_(old))
            .values(recorded=func.tstzrange(func.lower(OrganizationPeriod.recorded), moment))
            .execution_options(synchronize_session=False)
        )
    if wanted:
        await work.execute(
            insert(OrganizationPeriod),
            [
                {
                    "id": uuid7(),
                    "organization_id": organization_id,
                    "valid": Range(since, until),
                    "recorded": Range(moment, None),
                    **values,
                }
                for (since, until), values in wanted.items()
            ],
        )


async def _write_names(work: Work, organization_id: UUID, state: Fold) -> None:
    wanted = {
        (segment.since,): {"name": segment.ruling.value, "valid": Range(segment.since, segment.until)}
        for segment in state.histories[("name", "")]
    }
    await _write(work, OrganizationName, organization_id, wanted, lambda row: (row.valid.lower,))


async def _write_officers(work: Work, organization_id: UUID, state: Fold) -> None:
    wanted = {
        (tenure.seat, tenure.since): {
            "seat": tenure.seat,
            "name": tenure.name,
            "post": tenure.post,
            "is_principal": tenure.is_principal,
            "valid": Range(tenure.since, tenure.until),
            "phone_id": tenure.phone.id if tenure.phone else None,
            "phone_mask": tenure.phone_mask,
        }
        for tenure in rules.tenures(state)
    }
    await _write(work, OrganizationOfficer, organization_id, wanted, lambda row: (row.seat, row.valid.lower))


async def _write_clauses(work: Work, organization_id: UUID, state: Fold) -> None:
    wanted = {
        (key, segment.since): {
            "clause": segment.ruling.value["clause"],
            "wording": segment.ruling.value["wording"],
            "approved_on": date.fromisoformat(segment.ruling.value["approved_on"]),
            "evidence": segment.ruling.value["evidence"],
            "valid": Range(segment.since, segment.until),
            "source": segment.ruling.source,
        }
        for (kind, key), segments in state.histories.items()
        if kind == rules.CharterClause.kind
        for segment in segments
        if segment.ruling.value is not None
    }
    await _write(
        work, models.CharterClause, organization_id, wanted, lambda row: (row.clause, row.valid.lower)
    )


async def _write_records(work: Work, organization_id: UUID, facts: Sequence[Fact], state: Fold) -> None:
    """Each record as its last statement has it; one that was taken back shows what it last said."""
    kinds = {kind for kind, _ in state.records if kind in _TABLES}
    by_lane = rules.lanes(facts) if kinds else {}
    for kind in sorted(kinds):
        table = _TABLES[kind]
        columns = table.__table__.c
        wanted: dict[Any, dict[str, Any]] = {}
        for (lane_kind, key), ruling in state.records.items():
            if lane_kind != kind:
                continue
            said = next((f for f in reversed(by_lane[(kind, key)]) if f.value is not None), None)
            if said is None:
                continue
            wanted[(key,)] = {
                **{name: _typed(columns[name].type.python_type, value) for name, value in said.value.items()},
                "key": key,
                "source": ruling.source,
                "effective_on": ruling.effective_on,
                "withdrawn": ruling.value is None,
            }
        await _write(work, table, organization_id, wanted, lambda row: (row.key,))


def _typed(python_type: type[Any], value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    if python_type is date:
        return date.fromisoformat(value)
    return python_type(value) if python_type in {Decimal, UUID} else value


async def _write(
    work: Work,
    table: Any,
    organization_id: UUID,
    wanted: dict[Any, dict[str, Any]],
    place: Callable[[Any], Any],
) -> None:
    """Make an organization's rows of a table equal to what is wanted; rows that stay keep their ids.

    First what goes, then what changes, then what is new: periods that must not overlap never do."""
    columns = table.__table__.c
    rows = (await work.execute(select(*columns).where(columns.organization_id == organization_id))).all()
    there = {place(row): row for row in rows}
    if gone := [row.id for key, row in there.items() if key not in wanted]:
        await work.execute(delete(table).where(table.id.in_(gone)))
    new = []
    for key, values in wanted.items():
        row = there.get(key)
        if row is None:
            new.append({"id": uuid7(), "organization_id": organization_id, **values})
        elif any(getattr(row, name) != value for name, value in values.items()):
            await work.execute(
                update(table)
                .where(table.id == row.id)
                .values(**values)
                .execution_options(synchronize_session=False)
            )
    if new:
        await work.execute(insert(table), new)
