"""What a change begins with: the locked organization, its timeline, its last determination, and whom a run
reaches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Text,
    cast,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from app.core.access import Permission, within_bodies, within_divisions
from app.core.errors import Forbidden, NotFound
from app.core.events import EventRow
from app.core.work import Work
from app.operations.models import Operation
from app.responsibility import rules
from app.responsibility.models import Responsibility, ResponsibilityDetermination
from app.responsibility.queries.answers import visible, writable
from app.responsibility.queries.cases import LOCAL_LEVELS
from app.responsibility.queries.tables import covers, division_closure, organizations, party_organizations
from app.responsibility.rules import Ground, Relation, Spell

R = Responsibility
D = ResponsibilityDetermination

FRESH: ColumnElement[bool] = literal_column(
    "(responsibilities.xmin = pg_current_xact_id()::xid AND lower(responsibilities.recorded) >= now())"
)
"""Whether this very transaction wrote the row: such a row is replaced, not closed."""


@dataclass(frozen=True, slots=True)
class Row:
    """A spell as it is stored."""

    id: UUID
    spell: Spell
    recorded_at: datetime
    fresh: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """An organization whose responsibility is about to be changed."""

    id: UUID
    division_code: str
    registration_status: str


async def subject(work: Work, organization_id: UUID, permission: Permission) -> Subject:
    """The organization, its row locked. Raises `NotFound`, or `Forbidden` where it may only be read."""
    o = organizations
    statement = select(o.c.id, o.c.division_code, o.c.registration_status).where(o.c.id == organization_id)
    may_change = statement.where(writable(work.actor.scope(permission)))
    row = (await work.execute(may_change.with_for_update(key_share=True, of=o))).one_or_none()
    if row is None:
        may_read = statement.where(visible(work.actor.scope(Permission.RESPONSIBILITY_READ)))
        raise NotFound if (await work.execute(may_read)).one_or_none() is None else Forbidden
    return Subject(row.id, row.division_code, row.registration_status)


async def timelines(work: Work, organization_ids: Sequence[UUID]) -> dict[UUID, list[Row]]:
    """What is known now of each organization's responsibility, over all days."""
    rows = await work.execute(
        select(
            R.id,
            R.organization_id,
            R.relation,
            R.party_organization_id,
            R.rule_code,
            R.rule_title,
            R.rule_source,
            R.rule_pack_id,
            R.tried,
            R.valid,
            func.lower(R.recorded).label("recorded_at"),
            R.override,
            R.override_reason,
            R.override_until,
            FRESH.label("fresh"),
        ).where(R.organization_id == func.any(list(organization_ids)), func.upper_inf(R.recorded))
    )
    found: dict[UUID, list[Row]] = {organization_id: [] for organization_id in organization_ids}
    for row in rows:
        found[row.organization_id].append(Row(row.id, _spell(row), row.recorded_at, row.fresh))
    return found


def _spell(row: Any) -> Spell:
    ground = Ground(
        row.rule_code,
        row.rule_source,
        row.override,
        row.override_reason,
        row.override_until,
        row.rule_pack_id,
        (row.rule_title["zh"], row.rule_title["en"]) if row.rule_title else None,
        tuple(row.tried),
    )
    until = row.valid.upper or rules.FOREVER
    return Spell(Relation(row.relation), row.party_organization_id, ground, row.valid.lower, until)


async def determinations(work: Work, organization_ids: Sequence[UUID]) -> dict[UUID, Any]:
    """The latest determination of each organization that has one, as a row of its table."""
    table: Any = D.__table__
    rows = await work.execute(
        select(*table.c).where(table.c.organization_id == func.any(list(organization_ids)))
    )
    return {row.organization_id: row for row in rows}


async def standing_body(work: Work, body_id: UUID, permission: Permission) -> bool:
    """Whether the Party organization stands and lies in the caller's scope (its division's, or its own
    subtree)."""
    scope, p = work.actor.scope(permission), party_organizations
    reach: list[ColumnElement[bool]] = [
        within_divisions(p.c.division_code, scope.divisions),
        within_bodies(p.c.id, scope.bodies),
    ]
    statement = select(1).where(p.c.id == body_id, p.c.status == "active")
    if not scope.national:
        statement = statement.where(or_(*reach))
    return await work.scalar(statement) is not None


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a run reaches: organizations registered below a division (None: all), or those that a body answers
    for, that a body below it covers, or that lie in its township or community."""

    division: str | None = None
    party_organization_id: UUID | None = None

    def statement(self, today: date) -> Select[Any]:
        """The ids reached, in order."""
        o = organizations
        statement = select(o.c.id).order_by(o.c.id)
        if self.division is not None:
            statement = statement.where(within_divisions(o.c.division_code, (self.division,), today))
        if self.party_organization_id is not None:
            answering = select(R.organization_id).where(
                R.party_organization_id == self.party_organization_id, func.upper_inf(R.recorded)
            )
            covered = select(covers.c.organization_id).where(
                func.upper_inf(covers.c.recorded),
                covers.c.valid.op("@>")(literal(today, Date())),
                within_bodies(covers.c.party_organization_id, (self.party_organization_id,), today),
            )
            p, x = party_organizations, division_closure
            around = (
                select(x.c.descendant_code)
                .join(p, p.c.division_code == x.c.ancestor_code)
                .where(
                    p.c.id == self.party_organization_id,
                    p.c.level.in_(LOCAL_LEVELS),
                    x.c.valid.op("@>")(literal(today, Date())),
                )
            )
            statement = statement.where(
                or_(
                    o.c.id.in_(answering),
                    o.c.id.in_(covered),
                    o.c.domicile_division_code.in_(around),
                    o.c.division_code.in_(around),
                )
            )
        return statement


async def count(work: Work, reach: Reach) -> int:
    """How many organizations a run reaches."""
    inner = reach.statement(work.today).order_by(None).subquery()
    found: int = await work.scalar(select(func.count()).select_from(inner))
    return found


async def after(work: Work, reach: Reach, last: UUID | None, limit: int) -> list[UUID]:
    """The next ids of a run after the last one."""
    statement = reach.statement(work.today).limit(limit)
    if last is not None:
        statement = statement.where(organizations.c.id > last)
    return list(await work.scalars(statement))


async def waiting_run(work: Work, kind: str, parameters: Mapping[str, Any]) -> Operation | None:
    """A run for the same that nobody has begun yet."""
    found: Operation | None = await work.scalar(
        select(Operation)
        .where(
            Operation.kind == kind,
            Operation.state == "queued",
            Operation.parameters == dict(parameters),
            Operation.requested_by == work.actor.id,
        )
        .limit(1)
    )
    return found


@dataclass(frozen=True, slots=True)
class OverrideOver:
    """An override whose day came."""

    organization_id: UUID
    division_code: str
    body_id: UUID
    until: date


async def overrides_over(work: Work) -> list[OverrideOver]:
    """Overrides of the last month whose day came and of whose end nobody was told yet."""
    o, until = organizations, func.upper(R.valid)
    told = exists(
        select(1).where(
            EventRow.subject_id == R.organization_id,
            EventRow.type == "responsibility.override_ended",
            EventRow.data["until"].astext == cast(until, Text()),
        )
    )
    rows = await work.execute(
        select(R.organization_id, o.c.division_code, R.party_organization_id, until.label("until"))
        .join(o, o.c.id == R.organization_id)
        .where(
            R.override,
            func.upper_inf(R.recorded),
            until <= work.today,
            until > work.today - timedelta(days=31),
            ~told,
        )
        .order_by(R.organization_id)
    )
    return [
        OverrideOver(row.organization_id, row.division_code, row.party_organization_id, row.until)
        for row in rows
    ]
