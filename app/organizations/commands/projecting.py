"""From states to the rows that are read, for one organization or for many with the same statements.

Everything here happens under the locks of the organizations' rows, or in the transaction that makes them.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import Range

from app.core import bulk
from app.core.work import Work
from app.organizations import models, rules
from app.organizations.commands import findings
from app.organizations.commands.findings import Found
from app.organizations.models import OrganizationName, OrganizationOfficer, OrganizationPeriod
from app.organizations.rules import Fold

UUIDS: Final = {
    "registration_authority_id",
    "supervisory_unit_id",
    "industry_authority_id",
    "merged_into_id",
}
_TABLES: Final[Mapping[str, Any]] = {
    "identifier": models.OrganizationIdentifier,
    "credit_listing": models.CreditListing,
    "penalty": models.Penalty,
    "evaluation": models.Evaluation,
    "award": models.Award,
    "annual_report": models.AnnualReport,
    "succession": models.OrganizationSuccession,
}

Place = Hashable
Rows = Mapping[Place, Mapping[str, Any]]
"""The rows that an organization should have in a table, each at its place."""


@dataclass(frozen=True, slots=True)
class Folded:
    """An organization and the state that its statements fold into; a new one has no rows yet."""

    organization_id: UUID
    state: Fold
    is_new: bool


def columns(state: Fold) -> dict[str, Any]:
    """The values of the organization's own row."""
    values = state.values()
    contact = state.ruling.get("contact_phone")
    secret = contact.secrets.get("contact_phone") if contact is not None else None
    mask = values.pop("contact_phone")
    for name in UUIDS:
        values[name] = UUID(values[name]) if values[name] else None
    established_on = values["established_on"]
    values["established_on"] = date.fromisoformat(established_on) if established_on else None
    return {
        **values,
        "ended_on": state.ended_on,
        "contact_phone_id": secret.id if secret else None,
        "contact_phone_mask": mask if secret else None,
    }


async def project(work: Work, folded: Sequence[Folded]) -> None:
    """Bring everything that is read into line with the states, and mark it for coverage."""
    work.mark(each.organization_id for each in folded)
    await _write_periods(work, folded)
    await _write(work, OrganizationName, folded, _names, lambda row: (row.valid.lower,))
    stated = _by_fact(folded)
    if boards := stated.get(rules.OFFICERS):
        await _write(work, OrganizationOfficer, boards, _officers, lambda row: (row.seat, row.valid.lower))
    for kind, table in _TABLES.items():
        if some := stated.get(kind):
            await _write(work, table, some, _records(kind, table), lambda row: (row.key,))
    if chartered := stated.get(rules.CharterClause.kind):
        charter = models.CharterClause
        await _write(work, charter, chartered, _clauses, lambda row: (row.clause, row.valid.lower))
    await findings.settle(
        work,
        [
            Found(
                each.organization_id,
                each.state.ruling["division_code"].value,
                rules.findings(each.state),
                is_new=each.is_new,
            )
            for each in folded
        ],
    )


def _by_fact(folded: Sequence[Folded]) -> dict[str, list[Folded]]:
    """The organizations by the facts that were ever stated of them."""
    stated: dict[str, list[Folded]] = {}
    for each in folded:
        for name in dict.fromkeys(name for name, _ in each.state.histories):
            stated.setdefault(name, []).append(each)
    return stated


async def _moments(work: Work, latest: Mapping[UUID, datetime | None]) -> dict[UUID, datetime]:
    """The instants at which this transaction's folds become known: one for all folds of an organization.

    They are read under the lock and lie after what was known before, even if the clock was set back."""
    moments: dict[UUID, datetime] = work.session.info.setdefault("organizations.known_from", {})
    if missing := latest.keys() - moments.keys():
        now = await work.instant()
        for organization_id in missing:
            before = latest[organization_id]
            after = now if before is None else before + timedelta(microseconds=1)
            moments[organization_id] = max(now, after)
    return moments


async def _write_periods(work: Work, folded: Sequence[Folded]) -> None:
    """Close what is no longer believed and open what is. What this transaction opened is replaced instead:
    nobody else ever saw it, and a period known for no time would be empty."""
    table = OrganizationPeriod.__table__.c
    there = await _there(work, OrganizationPeriod, folded, func.upper_inf(table.recorded))
    gone: dict[UUID, list[Row[Any]]] = {}
    new: dict[UUID, dict[tuple[date, date | None], dict[str, Any]]] = {}
    for each in folded:
        wanted = {(period.since, period.until): _typed_period(period) for period in each.state.periods}
        for row in there.get(each.organization_id, ()):
            days = (row.valid.lower, row.valid.upper)
            if days in wanted and all(getattr(row, name) == value for name, value in wanted[days].items()):
                del wanted[days]
            else:
                gone.setdefault(each.organization_id, []).append(row)
        if wanted:
            new[each.organization_id] = wanted
    if not gone and not new:
        return
    moments = await _moments(
        work,
        {
            each: max((row.recorded.lower for row in gone.get(each, ())), default=None)
            for each in gone.keys() | new.keys()
        },
    )
    closing = [(row, moments[each]) for each, rows in gone.items() for row in rows]
    if own := [row.id for row, moment in closing if row.recorded.lower == moment]:
        await work.execute(delete(OrganizationPeriod).where(OrganizationPeriod.id == func.any(own)))
    if old := [{"row": row.id, "at": moment} for row, moment in closing if row.recorded.lower != moment]:
        await work.execute(_CLOSE, old)
    await bulk.insert(
        work,
        OrganizationPeriod,
        [
            {
                "organization_id": organization_id,
                "valid": Range(since, until),
                "recorded": Range(moments[organization_id], None),
                **values,
            }
            for organization_id, periods in new.items()
            for (since, until), values in periods.items()
        ],
    )


_P: Any = OrganizationPeriod.__table__
_CLOSE = (
    update(_P)
    .where(_P.c.id == bindparam("row"))
    .values(recorded=func.tstzrange(func.lower(_P.c.recorded), bindparam("at")))
)


def _typed_period(period: rules.Period) -> dict[str, Any]:
    return {
        name: UUID(value) if name in UUIDS and value is not None else value
        for name, value in period.values.items()
    }


def _names(each: Folded) -> Rows:
    return {
        (segment.since,): {"name": segment.ruling.value, "valid": Range(segment.since, segment.until)}
        for segment in each.state.histories[("name", "")]
    }


def _officers(each: Folded) -> Rows:
    return {
        (tenure.seat, tenure.since): {
            "seat": tenure.seat,
            "name": tenure.name,
            "post": tenure.post,
            "is_principal": tenure.is_principal,
            "valid": Range(tenure.since, tenure.until),
            "phone_id": tenure.phone.id if tenure.phone else None,
            "phone_mask": tenure.phone_mask,
        }
        for tenure in rules.tenures(each.state)
    }


def _clauses(each: Folded) -> Rows:
    return {
        (key, segment.since): {
            "clause": segment.ruling.value["clause"],
            "wording": segment.ruling.value["wording"],
            "approved_on": date.fromisoformat(segment.ruling.value["approved_on"]),
            "evidence": segment.ruling.value["evidence"],
            "valid": Range(segment.since, segment.until),
            "source": segment.ruling.source,
        }
        for (kind, key), segments in each.state.histories.items()
        if kind == rules.CharterClause.kind
        for segment in segments
        if segment.ruling.value is not None
    }


def _records(kind: str, table: Any) -> Callable[[Folded], Rows]:
    """Each record as its last statement has it; one that was taken back shows what it last said."""
    types = {column.name: column.type.python_type for column in table.__table__.c}

    def wanted(each: Folded) -> Rows:
        rows: dict[Place, dict[str, Any]] = {}
        for (lane_kind, key), ruling in each.state.records.items():
            if lane_kind != kind:
                continue
            said = next((f for f in reversed(each.state.lanes[(kind, key)]) if f.value is not None), None)
            if said is None:
                continue
            rows[(key,)] = {
                **{name: _typed(types[name], value) for name, value in said.value.items()},
                "key": key,
                "source": ruling.source,
                "effective_on": ruling.effective_on,
                "withdrawn": ruling.value is None,
            }
        return rows

    return wanted


def _typed(python_type: type[Any], value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    if python_type is date:
        return date.fromisoformat(value)
    return python_type(value) if python_type in {Decimal, UUID} else value


async def _there(
    work: Work, table: Any, folded: Iterable[Folded], *conditions: Any
) -> dict[UUID, list[Row[Any]]]:
    """The rows that are there now, by organization; new organizations are not asked for."""
    asked = [each.organization_id for each in folded if not each.is_new]
    found: dict[UUID, list[Row[Any]]] = {}
    if asked:
        c = table.__table__.c
        rows = await work.execute(select(*c).where(c.organization_id == func.any(asked), *conditions))
        for row in rows:
            found.setdefault(row.organization_id, []).append(row)
    return found


async def _write(
    work: Work,
    table: Any,
    folded: Sequence[Folded],
    wanted_of: Callable[[Folded], Rows],
    place: Callable[[Any], Place],
) -> None:
    """Make the organizations' rows of a table equal to what is wanted; rows that stay keep their ids.

    First what goes, then what changes, then what is new: periods that must not overlap never do."""
    there = await _there(work, table, folded)
    gone: list[UUID] = []
    changed: list[dict[str, Any]] = []
    new: list[dict[str, Any]] = []
    for each in folded:
        rows = {place(row): row for row in there.get(each.organization_id, ())}
        wanted = wanted_of(each)
        gone += [row.id for key, row in rows.items() if key not in wanted]
        for key, values in wanted.items():
            row = rows.get(key)
            if row is None:
                new.append({"organization_id": each.organization_id, **values})
            elif any(getattr(row, name) != value for name, value in values.items()):
                changed.append({"row": row.id, **values})
    if gone:
        await work.execute(delete(table).where(table.id == func.any(gone)))
    if changed:
        c = table.__table__.c
        await work.execute(update(table.__table__).where(c.id == bindparam("row")), changed)
    await bulk.insert(work, table, new)
