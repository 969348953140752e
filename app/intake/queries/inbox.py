"""The inbox: messages as a source and people in scope may see them, and as the worker takes them."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    Uuid,
    and_,
    column,
    false,
    select,
    table,
    true,
)
from sqlalchemy.orm import aliased, undefer

from app.core import access, reads
from app.core.access import Actor, Permission
from app.core.work import Work
from app.intake.errors import RegistryEventNotFound
from app.intake.models import RegistryEvent, RegistrySource
from app.intake.queries.sources import divisions, users
from app.intake.rules import REPLAYABLE, EventState
from app.intake.schemas import EventFilters, RegistryEventRead, ReplayMany

audit_entries = table(
    "audit_entries",
    column("actor_id", Uuid()),
    column("action"),
    column("at", DateTime(timezone=True)),
)
organizations = table("organizations", column("id", Uuid()), column("name"))


def visible(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """A machine sees its own source's messages; people those about divisions in their scope."""
    if actor.kind == "machine":
        own = select(RegistrySource.id).where(RegistrySource.machine_user_id == actor.id)
        return RegistryEvent.source_id == own.scalar_subquery()
    scope = actor.scope(permission)
    if scope.national:
        return true()
    return (
        access.within_divisions(RegistryEvent.division_code, scope.divisions) if scope.divisions else false()
    )


async def get_for_update(work: Work, event_id: UUID, permission: Permission) -> RegistryEvent:
    """A message in the scope of a permission, locked, with its content. Raises `RegistryEventNotFound`."""
    found: RegistryEvent | None = await work.scalar(
        select(RegistryEvent)
        .where(RegistryEvent.id == event_id, visible(work.actor, permission))
        .options(undefer(RegistryEvent.body_cipher), undefer(RegistryEvent.mended_cipher))
        .with_for_update()
    )
    if found is None:
        raise RegistryEventNotFound
    return found


async def pending(work: Work, event_id: UUID) -> RegistryEvent | None:
    """A message to work on, locked, with its content; None when it is no longer pending or taken."""
    found: RegistryEvent | None = await work.scalar(
        select(RegistryEvent)
        .where(RegistryEvent.id == event_id, RegistryEvent.state == EventState.PENDING)
        .options(undefer(RegistryEvent.body_cipher), undefer(RegistryEvent.mended_cipher))
        .with_for_update(skip_locked=True)
    )
    return found


async def received(work: Work, source_id: UUID, webhook_id: str) -> RegistryEvent | None:
    """The message that came under an id before."""
    found: RegistryEvent | None = await work.scalar(
        select(RegistryEvent).where(
            RegistryEvent.source_id == source_id, RegistryEvent.webhook_id == webhook_id
        )
    )
    return found


def replayable(work: Work, chosen: ReplayMany) -> list[ColumnElement[bool]]:
    """The quarantined messages of a filter that the caller may mend."""
    conditions = [
        RegistryEvent.state == EventState.QUARANTINED,
        visible(work.actor, Permission.REGISTRY_EVENT_MEND),
    ]
    if chosen.source is not None:
        conditions.append(_of_source(chosen.source))
    if chosen.type is not None:
        conditions.append(RegistryEvent.type == chosen.type)
    if chosen.problem_code is not None:
        conditions.append(RegistryEvent.problem_code == chosen.problem_code)
    if chosen.division is not None:
        conditions.append(access.within_divisions(RegistryEvent.division_code, (chosen.division,)))
    return conditions


def _of_source(code: str) -> ColumnElement[bool]:
    return RegistryEvent.source_id == (
        select(RegistrySource.id).where(RegistrySource.code == code).scalar_subquery()
    )


async def event(work: Work, event_id: UUID, *, status: int = 200) -> Response:
    """One message."""
    statement = _events(work).where(RegistryEvent.id == event_id)
    return await reads.one(
        work, statement, shape=RegistryEventRead, missing=RegistryEventNotFound, status=status
    )


async def events(work: Work, filters: EventFilters) -> Response:
    """Messages, newest first."""
    statement = _events(work)
    if filters.source is not None:
        statement = statement.where(_of_source(filters.source))
    if filters.division is not None:
        statement = statement.where(access.within_divisions(RegistryEvent.division_code, (filters.division,)))
    for col, value in (
        (RegistryEvent.state, filters.state),
        (RegistryEvent.type, filters.type),
        (RegistryEvent.organization_id, filters.organization_id),
        (RegistryEvent.problem_code, filters.problem_code),
        (RegistryEvent.sequence, filters.sequence),
    ):
        if value is not None:
            statement = statement.where(col == value)
    return await reads.page(
        work, statement, shape=RegistryEventRead, filters=filters, sort=(RegistryEvent.id,), descending=True
    )


def _events(work: Work) -> Select[Any]:
    mender = aliased(users)
    open_ = RegistryEvent.state.in_(REPLAYABLE)
    quarantined = RegistryEvent.state == EventState.QUARANTINED
    question = and_(quarantined, RegistryEvent.problem_code == "credit_code_check_digit")
    mend = Permission.REGISTRY_EVENT_MEND
    return (
        select(
            RegistryEvent.id,
            reads.ref(RegistrySource.id, RegistrySource.name).label("source"),
            RegistrySource.code.label("source_code"),
            RegistryEvent.webhook_id,
            RegistryEvent.type,
            RegistryEvent.state,
            RegistryEvent.effective_on,
            RegistryEvent.occurred_at,
            RegistryEvent.sequence,
            reads.ref(RegistryEvent.organization_id, organizations.c.name).label("organization"),
            reads.code_ref(RegistryEvent.division_code, divisions.c.name).label("division"),
            RegistryEvent.problem,
            RegistryEvent.waiting_for,
            RegistryEvent.attempts,
            RegistryEvent.received_at,
            RegistryEvent.applied_at,
            RegistryEvent.mended_at,
            reads.ref(RegistryEvent.mended_by, mender.c.display_name).label("mended_by"),
            RegistryEvent.dismissed_reason,
            RegistryEvent.body_cipher.is_not(None).label("body_kept"),
            reads.etag(RegistryEvent.version),
            reads.actions(
                work,
                {
                    "replay": (mend, open_),
                    "mend": (mend, open_),
                    "dismiss": (mend, open_),
                    "reveal": (Permission.PERSON_REVEAL, RegistryEvent.body_cipher.is_not(None)),
                    "accept_certificate": (mend, question),
                    "decide_certificate": (Permission.ORGANIZATION_APPROVE, question),
                },
            ),
        )
        .join(RegistrySource, RegistrySource.id == RegistryEvent.source_id)
        .join(divisions, divisions.c.code == RegistryEvent.division_code)
        .outerjoin(organizations, organizations.c.id == RegistryEvent.organization_id)
        .outerjoin(mender, mender.c.id == RegistryEvent.mended_by)
        .where(visible(work.actor, Permission.REGISTRY_EVENT_READ))
    )
