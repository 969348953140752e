"""Sources, their secrets, and the gaps in what they sent."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import (
    ColumnElement,
    Result,
    Select,
    Uuid,
    and_,
    column,
    exists,
    false,
    func,
    select,
    table,
    true,
)
from sqlalchemy.orm import aliased

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.audit import AuditEntry
from app.core.work import Work
from app.intake.errors import SecretNotFound, SourceNotFound
from app.intake.models import RegistryEvent, RegistrySource, RegistrySourceSecret
from app.intake.rules import MOST_RANK_OF_ONE, EventState, SourceState
from app.intake.schemas import (
    DryRun,
    GapFilters,
    GapRead,
    SecretFilters,
    SecretRead,
    SourceFilters,
    SourceRead,
)

divisions = table("divisions", column("code"), column("name"))
authorities = table(
    "authorities", column("id", Uuid()), column("name"), column("division_code"), column("status")
)
users = table(
    "users",
    column("id", Uuid()),
    column("display_name"),
    column("kind"),
    column("state"),
    column("division_code"),
)


def visible(scope: Scope) -> ColumnElement[bool]:
    """Sources that write somewhere in the scope."""
    if scope.national:
        return true()
    return _touches(scope.divisions) if scope.divisions else false()


def governed(scope: Scope) -> ColumnElement[bool]:
    """Sources that write nowhere but in the scope: who changes one must answer for all it may write."""
    if scope.national or access.NATION in scope.divisions:
        return true()
    within = RegistrySource.divisions.op("<@", is_comparison=True)(access.descendants(scope.divisions))
    return within if scope.divisions else false()


def _touches(codes: tuple[str, ...]) -> ColumnElement[bool]:
    return true() if access.NATION in codes else RegistrySource.divisions.op("&&")(access.descendants(codes))


async def for_signature(work: Work, code: str) -> tuple[RegistrySource, list[RegistrySourceSecret]] | None:
    """An active source with the secrets that are valid now, or None."""
    found: Result[Any] = await work.execute(
        select(RegistrySource, RegistrySourceSecret)
        .outerjoin(
            RegistrySourceSecret,
            and_(RegistrySourceSecret.source_id == RegistrySource.id, _in_force()),
        )
        .where(RegistrySource.code == code, RegistrySource.state == SourceState.ACTIVE)
        .order_by(RegistrySourceSecret.id.desc())
    )
    rows: list[Any] = list(found)
    return (rows[0][0], [row[1] for row in rows if row[1] is not None]) if rows else None


def _in_force() -> ColumnElement[bool]:
    return and_(
        RegistrySourceSecret.revoked_at.is_(None),
        RegistrySourceSecret.valid.op("@>")(func.clock_timestamp()),
    )


async def in_force(work: Work, source_id: UUID) -> list[RegistrySourceSecret]:
    """A source's secrets that are valid now, locked."""
    found = await work.scalars(
        select(RegistrySourceSecret)
        .where(RegistrySourceSecret.source_id == source_id, _in_force())
        .order_by(RegistrySourceSecret.id)
        .with_for_update()
    )
    return list(found)


async def get_for_update(work: Work, source_id: UUID) -> RegistrySource:
    """A source that the caller administers, locked. Raises `SourceNotFound`."""
    scope = work.actor.scope(Permission.REGISTRY_SOURCE_ADMINISTER)
    found: RegistrySource | None = await work.scalar(
        select(RegistrySource).where(RegistrySource.id == source_id, governed(scope)).with_for_update()
    )
    if found is None:
        raise SourceNotFound
    return found


async def lock(work: Work, source_id: UUID) -> None:
    """Hold a source until the end, so that what is counted for it is counted one by one."""
    held = select(RegistrySource.id).where(RegistrySource.id == source_id).with_for_update(key_share=True)
    await work.execute(held)


async def dry_runs_today(work: Work, source_id: UUID) -> int:
    """How many dry runs a source has made in the last 24 hours."""
    made = select(func.count()).where(
        AuditEntry.subject_id == source_id,
        AuditEntry.action == DryRun.type,
        AuditEntry.at > work.since(days=1),
    )
    return int(await work.scalar(made))


async def get_secret_for_update(work: Work, source_id: UUID, secret_id: UUID) -> RegistrySourceSecret:
    """A secret of a source, locked. Raises `SecretNotFound`."""
    found: RegistrySourceSecret | None = await work.scalar(
        select(RegistrySourceSecret)
        .where(RegistrySourceSecret.id == secret_id, RegistrySourceSecret.source_id == source_id)
        .with_for_update()
    )
    if found is None:
        raise SecretNotFound
    return found


async def authority_division(work: Work, authority_id: UUID) -> str | None:
    """The division of an active authority, or None."""
    c = authorities.c
    code: str | None = await work.scalar(
        select(c.division_code).where(c.id == authority_id, c.status == "active")
    )
    return code


async def is_machine(work: Work, user_id: UUID, scope: Scope) -> bool:
    """Whether a user is an active machine of the scope's divisions."""
    c = users.c
    inside = true() if scope.national else access.within_divisions(c.division_code, scope.divisions)
    found = select(c.id).where(c.id == user_id, c.kind == "machine", c.state == "active", inside)
    return await work.scalar(found) is not None


async def unfit_divisions(work: Work, codes: list[str], scope: Scope) -> frozenset[str]:
    """Those of the codes that are no division today, or lie outside the scope."""
    c = access.division_closure.c
    inside = select(c.descendant_code).where(
        c.depth == 0,
        c.descendant_code == func.any(codes),
        c.valid.op("@>")(access.today_sql()),
        true() if scope.national else access.within_divisions(c.descendant_code, scope.divisions),
    )
    return frozenset(codes) - frozenset(await work.scalars(inside))


async def source(work: Work, source_id: UUID, *, status: int = 200) -> Response:
    """One source."""
    statement = _sources(work).where(RegistrySource.id == source_id)
    return await reads.one(work, statement, shape=SourceRead, missing=SourceNotFound, status=status)


async def sources(work: Work, filters: SourceFilters) -> Response:
    """Sources in scope."""
    statement = _sources(work)
    if filters.division is not None:
        statement = statement.where(_touches((filters.division,)))
    if filters.state is not None:
        statement = statement.where(RegistrySource.state == filters.state)
    if filters.code is not None:
        statement = statement.where(RegistrySource.code == filters.code)
    sort = (RegistrySource.division_code, RegistrySource.id)
    return await reads.page(work, statement, shape=SourceRead, filters=filters, sort=sort)


def _sources(work: Work) -> Select[Any]:
    each, asker, approver = aliased(divisions), aliased(users), aliased(users)
    waits = and_(
        RegistrySource.source_rank > MOST_RANK_OF_ONE,
        RegistrySource.approved_by.is_(None),
        RegistrySource.asked_by != work.actor.id,
    )
    listed = (
        select(each.c.code, each.c.name)
        .where(each.c.code == func.any(RegistrySource.divisions))
        .correlate(RegistrySource)
    )
    return (
        select(
            RegistrySource.id,
            RegistrySource.code,
            RegistrySource.name,
            reads.ref(authorities.c.id, authorities.c.name).label("authority"),
            reads.code_ref(RegistrySource.division_code, divisions.c.name).label("division"),
            reads.array_of(listed, "code").label("divisions"),
            RegistrySource.source_rank,
            RegistrySource.scheme,
            RegistrySource.state,
            reads.ref(RegistrySource.machine_user_id, users.c.display_name).label("machine_user"),
            RegistrySource.note,
            reads.ref(asker.c.id, asker.c.display_name).label("asked_by"),
            reads.ref(approver.c.id, approver.c.display_name).label("approved_by"),
            _last_sequence().label("last_sequence"),
            _count(EventState.QUARANTINED).label("quarantined_count"),
            _count(EventState.PARKED).label("parked_count"),
            RegistrySource.created_at,
            RegistrySource.updated_at,
            reads.etag(RegistrySource.version),
            reads.actions(
                work,
                {
                    "update": Permission.REGISTRY_SOURCE_ADMINISTER,
                    "rotate_secret": Permission.REGISTRY_SOURCE_ADMINISTER,
                    "approve": (Permission.REGISTRY_SOURCE_ADMINISTER, waits),
                },
                visible=governed,
            ),
        )
        .join(authorities, authorities.c.id == RegistrySource.authority_id)
        .join(divisions, divisions.c.code == RegistrySource.division_code)
        .outerjoin(users, users.c.id == RegistrySource.machine_user_id)
        .outerjoin(asker, asker.c.id == RegistrySource.asked_by)
        .outerjoin(approver, approver.c.id == RegistrySource.approved_by)
        .where(visible(work.actor.scope(Permission.REGISTRY_SOURCE_READ)))
    )


def _count(state: EventState) -> Any:
    counted = select(func.count()).where(
        RegistryEvent.source_id == RegistrySource.id, RegistryEvent.state == state
    )
    return counted.correlate(RegistrySource).scalar_subquery()


def _last_sequence() -> Any:
    last = select(func.max(RegistryEvent.sequence)).where(
        RegistryEvent.source_id == RegistrySource.id, RegistryEvent.sequence.is_not(None)
    )
    return last.correlate(RegistrySource).scalar_subquery()


async def secrets(work: Work, source_id: UUID, filters: SecretFilters) -> Response:
    """A source's secrets without themselves, newest first."""
    await _must_see(work, source_id)
    statement = _secrets(work).where(RegistrySourceSecret.source_id == source_id)
    sort = (RegistrySourceSecret.id,)
    return await reads.page(work, statement, shape=SecretRead, filters=filters, sort=sort, descending=True)


async def secret(work: Work, source_id: UUID, secret_id: UUID) -> Response:
    """One secret, without itself."""
    await _must_see(work, source_id)
    statement = _secrets(work).where(
        RegistrySourceSecret.source_id == source_id, RegistrySourceSecret.id == secret_id
    )
    return await reads.one(work, statement, shape=SecretRead, missing=SecretNotFound)


def _secrets(work: Work) -> Select[Any]:
    return select(
        RegistrySourceSecret.id,
        RegistrySourceSecret.fingerprint,
        func.lower(RegistrySourceSecret.valid).label("valid_from_at"),
        func.upper(RegistrySourceSecret.valid).label("valid_until_at"),
        RegistrySourceSecret.revoked_at,
        RegistrySourceSecret.created_at,
        reads.ref(RegistrySourceSecret.created_by, users.c.display_name).label("created_by"),
        reads.etag(RegistrySourceSecret.version),
        reads.actions(
            work,
            {"revoke": (Permission.REGISTRY_SOURCE_ADMINISTER, RegistrySourceSecret.revoked_at.is_(None))},
        ),
    ).outerjoin(users, users.c.id == RegistrySourceSecret.created_by)


async def gaps(work: Work, source_id: UUID, filters: GapFilters) -> Response:
    """The sequence numbers that a source has passed over; a repetition or a late arrival closes its gap."""
    await _must_see(work, source_id)
    following = func.lead(RegistryEvent.sequence).over(order_by=RegistryEvent.sequence)
    numbered = (
        select(RegistryEvent.sequence.label("before"), following.label("after"))
        .where(RegistryEvent.source_id == source_id, RegistryEvent.sequence.is_not(None))
        .subquery()
    )
    first, last = numbered.c.before + 1, numbered.c.after - 1
    found = (
        select(first.label("first"), last.label("last"), (last - first + 1).label("missing"))
        .where(numbered.c.after > numbered.c.before + 1)
        .subquery()
    )
    statement = select(found.c.first, found.c.last, found.c.missing)
    return await reads.page(work, statement, shape=GapRead, filters=filters, sort=(found.c.first,))


async def _must_see(work: Work, source_id: UUID) -> None:
    scope = work.actor.scope(Permission.REGISTRY_SOURCE_READ)
    if not await work.scalar(select(exists().where(RegistrySource.id == source_id, visible(scope)))):
        raise SourceNotFound
