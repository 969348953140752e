"""Duties as they are shown."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, and_, cast, func, select, true
from sqlalchemy.dialects.postgresql import JSONB

from app.core import reads
from app.core.access import Permission, Scope, either, today_sql, within_bodies, within_divisions
from app.core.errors import NotFound
from app.core.work import Work
from app.duties.errors import DutyNotFound
from app.duties.models import Duty, SetupContact
from app.duties.queries.tables import authorities, bodies, divisions, organizations, responsibilities
from app.duties.rules import DutyKind
from app.duties.schemas import DutyFilters, DutyRead, OrganizationDutiesRead


def writable(scope: Scope) -> ColumnElement[bool]:
    """Whose duties may be recorded: organizations registered in the scope's divisions, or led by its
    bodies."""
    if scope.national:
        return true()
    by_division = (
        [within_divisions(organizations.c.division_code, scope.divisions)] if scope.divisions else []
    )
    return either([*by_division, *([_led(scope)] if scope.bodies else [])])


def visible(scope: Scope) -> ColumnElement[bool]:
    """Whose duties may be read one by one: those, and organizations domiciled in the scope's divisions."""
    if scope.national or not scope.divisions:
        return writable(scope)
    domiciled = within_divisions(organizations.c.domicile_division_code, scope.divisions)
    return either([writable(scope), domiciled])


def _led(scope: Scope) -> ColumnElement[bool]:
    r = responsibilities
    led = select(r.c.organization_id).where(
        r.c.relation == "lead",
        func.upper_inf(r.c.recorded),
        r.c.valid.op("@>")(today_sql()),
        within_bodies(r.c.party_organization_id, scope.bodies),
    )
    return organizations.c.id.in_(led)


OVERDUE = and_(Duty.state == "open", Duty.due_on < today_sql())
LATE = func.coalesce(Duty.done_on > Duty.due_on, False)


def _statement(work: Work) -> Select[Any]:
    """Every duty in the caller's scope, as `DutyRead`."""
    o, d, a = organizations, divisions, authorities
    owing, received, helping = bodies.alias(), bodies.alias(), bodies.alias()
    contact = (
        select(
            SetupContact.id,
            SetupContact.name,
            SetupContact.phone_mask,
            reads.ref(helping.c.id, helping.c.name).label("party_organization"),
            SetupContact.named_on,
        )
        .join(helping, helping.c.id == SetupContact.party_organization_id, isouter=True)
        .where(SetupContact.duty_id == Duty.id, SetupContact.replaced_at.is_(None))
        .correlate(Duty)
    )
    return (
        select(
            Duty.id,
            reads.ref(o.c.id, o.c.name).label("organization"),
            reads.code_ref(d.c.code, d.c.name).label("division"),
            Duty.kind,
            Duty.title,
            Duty.source,
            Duty.state,
            Duty.registered_on,
            Duty.due_on,
            Duty.provisional,
            OVERDUE.label("overdue"),
            LATE.label("late"),
            Duty.owed_by,
            reads.ref(a.c.id, a.c.name).label("owed_by_authority"),
            reads.ref(owing.c.id, owing.c.name).label("owed_by_party_organization"),
            Duty.done_on,
            reads.ref(received.c.id, received.c.name).label("handed_over_to"),
            Duty.survey,
            Duty.must_establish,
            Duty.establishment,
            reads.object_of(contact).label("contact"),
            Duty.note,
            Duty.closed_reason,
            Duty.updated_at,
            reads.etag(Duty.version),
            reads.actions(work, _actions(), visible=writable),
        )
        .select_from(Duty)
        .join(o, o.c.id == Duty.organization_id)
        .join(d, d.c.code == o.c.division_code)
        .join(a, a.c.id == Duty.owed_by_authority_id, isouter=True)
        .join(owing, owing.c.id == Duty.owed_by_party_organization_id, isouter=True)
        .join(received, received.c.id == Duty.handed_over_to_id, isouter=True)
    )


def _actions() -> dict[str, tuple[Permission, ColumnElement[bool] | None]]:
    is_open = Duty.state == "open"
    named = and_(Duty.kind == "setup_contact", Duty.state == "done")
    return {
        "commitment_letter": (Permission.DUTY_RECORD, and_(Duty.kind == "commitment_letter", is_open)),
        "member_survey": (Permission.DUTY_RECORD, and_(Duty.kind == "member_survey", is_open)),
        "hand_over": (Permission.DUTY_RECORD, and_(Duty.kind == "hand_over", is_open)),
        "setup_contact": (
            Permission.DUTY_RECORD,
            and_(Duty.kind == "setup_contact", Duty.state.in_(("open", "done"))),
        ),
        "reveal": (Permission.PERSON_REVEAL, named),
        "waive": (Permission.ORGANIZATION_DECIDE, is_open),
        "reopen": (Permission.DUTY_RECORD, Duty.state.in_(("done", "waived"))),
    }


async def read(work: Work, duty_id: UUID) -> Response:
    """One duty. Raises `DutyNotFound`."""
    await work.session.flush()
    statement = _statement(work).where(Duty.id == duty_id, visible(work.actor.scope(Permission.DUTY_READ)))
    return await reads.one(work, statement, shape=DutyRead, missing=DutyNotFound)


async def page(work: Work, filters: DutyFilters) -> Response:
    """A page of duties, the earliest due first."""
    statement = _statement(work).where(writable(work.actor.scope(Permission.DUTY_READ)), *_chosen(filters))
    return await reads.page(work, statement, shape=DutyRead, filters=filters, sort=(Duty.due_on, Duty.id))


def _chosen(filters: DutyFilters) -> list[ColumnElement[bool]]:
    asked = filters.model_dump(exclude_none=True)
    return [condition(asked[name]) for name, condition in _CONDITIONS.items() if name in asked]


_CONDITIONS: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "division": lambda code: within_divisions(organizations.c.division_code, (code,)),
    "kind": lambda kind: Duty.kind == kind,
    "state": lambda state: Duty.state == state,
    "overdue": lambda wanted: OVERDUE if wanted else ~OVERDUE,
    "late": lambda wanted: LATE if wanted else ~LATE,
    "provisional": lambda wanted: Duty.provisional == wanted,
    "due_before": lambda day: Duty.due_on < day,
    "due_from": lambda day: Duty.due_on >= day,
    "owed_by": lambda owed_by: Duty.owed_by == owed_by,
    "owed_by_authority_id": lambda authority: Duty.owed_by_authority_id == authority,
    "owed_by_party_organization_id": lambda body: Duty.owed_by_party_organization_id == body,
    "organization_id": lambda organization: Duty.organization_id == organization,
    "must_establish": lambda wanted: Duty.must_establish == wanted,
}


async def of_organization(work: Work, organization_id: UUID) -> Response:
    """Every duty of an organization and the meaning of its survey. Raises `NotFound`."""
    o = organizations
    duties = _statement(work).where(Duty.organization_id == organization_id)
    survey = select(Duty.establishment).where(
        Duty.organization_id == o.c.id, Duty.kind == DutyKind.MEMBER_SURVEY.value
    )
    row = (
        await work.execute(
            select(
                o.c.id,
                o.c.name,
                survey.scalar_subquery().label("establishment"),
                cast(reads.array_of(duties, "due_on", "kind"), JSONB).label("items"),
            ).where(o.c.id == organization_id, visible(work.actor.scope(Permission.DUTY_READ)))
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    value = {
        "organization": {"id": row.id, "name": row.name},
        "establishment": row.establishment,
        "items": row.items,
    }
    return await reads.derived(work, value, shape=OrganizationDutiesRead)
