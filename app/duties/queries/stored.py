"""What a change of duties begins with: the registration, its duties and contact, locked where they change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.core.access import Permission, either, today_sql, within_bodies, within_divisions
from app.core.errors import Forbidden, NotFound
from app.core.work import Work
from app.duties import rules
from app.duties.errors import DutyNotFound
from app.duties.models import Duty, SetupContact
from app.duties.queries.shown import visible, writable
from app.duties.queries.tables import bodies, division_closure, organizations, responsibilities


@dataclass(frozen=True, slots=True)
class Registration:
    """What the duties of an organization follow from; `path` leads from the nation down to its division."""

    organization_id: UUID
    division_code: str
    path: tuple[str, ...]
    registration_mode: str
    registration_authority_id: UUID | None
    lead_id: UUID | None


async def registration(work: Work, organization_id: UUID) -> Registration | None:
    """The organization's registration and the body that leads it today."""
    return (await registrations(work, (organization_id,))).get(organization_id)


async def registrations(work: Work, organization_ids: Sequence[UUID]) -> dict[UUID, Registration]:
    """The same of many organizations."""
    rows = await work.execute(
        select(*_registration()).where(organizations.c.id == func.any(list(organization_ids)))
    )
    return {row.id: _read(row) for row in rows}


def _registration() -> list[ColumnElement[Any]]:
    o, x = organizations, division_closure
    path = (
        select(func.array_agg(aggregate_order_by(x.c.ancestor_code, x.c.depth.desc())))
        .where(x.c.descendant_code == o.c.division_code, x.c.valid.op("@>")(today_sql()))
        .scalar_subquery()
    )
    return [
        o.c.id,
        o.c.division_code,
        path.label("path"),
        o.c.registration_mode,
        o.c.registration_authority_id,
        _lead(o.c.id).label("lead"),
    ]


def _read(row: Any) -> Registration:
    return Registration(
        row.id,
        row.division_code,
        tuple(row.path or ()),
        row.registration_mode,
        row.registration_authority_id,
        row.lead,
    )


def _lead(organization_id: ColumnElement[UUID]) -> ColumnElement[UUID]:
    r = responsibilities
    return (
        select(r.c.party_organization_id)
        .where(
            r.c.organization_id == organization_id,
            r.c.relation == "lead",
            func.upper_inf(r.c.recorded),
            r.c.valid.op("@>")(today_sql()),
        )
        .scalar_subquery()
    )


async def duties(work: Work, organization_id: UUID) -> dict[str, Duty]:
    """The duties of an organization by kind, locked."""
    return (await duties_of(work, (organization_id,))).get(organization_id, {})


async def duties_of(work: Work, organization_ids: Sequence[UUID]) -> dict[UUID, dict[str, Duty]]:
    """The same of many organizations; those without any are left out."""
    rows = await work.scalars(
        select(Duty)
        .where(Duty.organization_id == func.any(list(organization_ids)))
        .order_by(Duty.id)
        .with_for_update()
    )
    found: dict[UUID, dict[str, Duty]] = {}
    for duty in rows:
        found.setdefault(duty.organization_id, {})[duty.kind] = duty
    return found


async def get_for_update(
    work: Work,
    permission: Permission,
    *,
    duty_id: UUID | None = None,
    of: tuple[UUID, rules.DutyKind] | None = None,
) -> tuple[Duty, Registration]:
    """One duty in the caller's scope, locked, by its id or by organization and kind. Raises
    `DutyNotFound`."""
    o = organizations
    statement = (
        select(Duty, *_registration()).join(o, o.c.id == Duty.organization_id).with_for_update(of=Duty)
    )
    if duty_id is not None:
        statement = statement.where(Duty.id == duty_id)
    if of is not None:
        statement = statement.where(Duty.organization_id == of[0], Duty.kind == of[1].value)
    scope = work.actor.scope(permission)
    row = (await work.execute(statement.where(writable(scope)))).one_or_none()
    if row is None:
        readable = await work.scalar(
            statement.with_only_columns(Duty.id).where(visible(work.actor.scope(Permission.DUTY_READ)))
        )
        raise DutyNotFound if readable is None else Forbidden
    return row[0], _read(row)


async def standings(work: Work, organization_id: UUID) -> list[rules.Standing]:
    """Where each duty of an organization stands."""
    rows = await work.execute(
        select(Duty.kind, Duty.state, Duty.done_on).where(Duty.organization_id == organization_id)
    )
    return [rules.Standing(rules.DutyKind(r.kind), rules.DutyState(r.state), r.done_on) for r in rows]


async def body_receives(work: Work, body_id: UUID, lead_id: UUID | None) -> bool:
    """Whether papers may go to a Party organization: it is not dissolved, and it leads the organization or
    lies in the caller's scope. Any other is as unknown as one that never was."""
    scope, b = work.actor.scope(Permission.PARTY_ORGANIZATION_READ), bodies
    seen = true() if scope.national else within_divisions(b.c.division_code, scope.divisions)
    allowed = either([b.c.id == lead_id, seen, within_bodies(b.c.id, scope.bodies)])
    found = await work.scalar(select(1).where(b.c.id == body_id, b.c.status == "active", allowed))
    return found is not None


async def contact(work: Work, organization_id: UUID) -> SetupContact | None:
    """The setup contact that stands now."""
    found: SetupContact | None = await work.scalar(
        select(SetupContact).where(
            SetupContact.organization_id == organization_id, SetupContact.replaced_at.is_(None)
        )
    )
    return found


async def contact_in_scope(work: Work, organization_id: UUID) -> SetupContact | None:
    """The same, if the caller may see people of that organization. Raises `NotFound` where it may not."""
    o, scope = organizations, work.actor.scope(Permission.PERSON_REVEAL)
    if await work.scalar(select(o.c.id).where(o.c.id == organization_id, writable(scope))) is None:
        raise NotFound
    return await contact(work, organization_id)


async def open_anchors(work: Work) -> Sequence[Any]:
    """Each day of registration and number of working days that open duties have, with the due day and whether
    it is provisional: as few rows as there are days."""
    rows = await work.execute(
        select(Duty.registered_on, Duty.working_days, Duty.due_on, Duty.provisional)
        .where(Duty.state == "open", Duty.working_days > 0)
        .distinct()
    )
    return rows.all()
