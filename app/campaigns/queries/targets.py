"""Targets: the task list and the responsibility list."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import (
    JSON,
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    update,
)

from app.campaigns import errors
from app.campaigns.models import Campaign, Target, TargetChange
from app.campaigns.queries.campaigns import seen
from app.campaigns.queries.tables import (
    authorities,
    divisions,
    no_reasons,
    organizations,
    party_organizations,
    users,
)
from app.campaigns.schemas import (
    CampaignTargetRead,
    ResponsibilityFilters,
    ResponsibilityLine,
    TargetFilters,
)
from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work

_READ, _RECORD, _DECIDE = Permission.CAMPAIGN_READ, Permission.CAMPAIGN_RECORD, Permission.CAMPAIGN_DECIDE
C, T, H = Campaign, Target, TargetChange
OWNERS: tuple[Any, ...] = (
    T.owner_party_organization_id,
    T.owner_authority_id,
    T.owner_instructor_id,
    T.owner_user_id,
)
owner_id: Any = func.coalesce(*OWNERS)
owner_kind: Any = case(
    (T.owner_party_organization_id.is_not(None), "party_organization"),
    (T.owner_authority_id.is_not(None), "authority"),
    (T.owner_instructor_id.is_not(None), "instructor"),
    (T.owner_user_id.is_not(None), "user"),
)
bodies = party_organizations.alias("owner_body")


def visible(scope: Scope) -> ColumnElement[bool]:
    """Targets in a scope: by the organization's division, by the body that led it, or by either."""
    return access.reach(scope, T.division_code, T.responsible_id, row_id=T.id)


async def campaign_of(work: Work, target_id: UUID, permission: Permission) -> UUID:
    """The campaign of a target in the scope of a permission. Raises `CampaignTargetNotFound`."""
    found: UUID | None = await work.scalar(
        select(T.campaign_id).where(T.id == target_id, visible(work.actor.scope(permission)))
    )
    if found is None:
        raise errors.CampaignTargetNotFound
    return found


async def target_for_update(work: Work, target_id: UUID, permission: Permission) -> Target:
    """A target in the scope of a permission, locked. Raises `CampaignTargetNotFound`."""
    found: Target | None = await work.scalar(
        select(T)
        .where(T.id == target_id, visible(work.actor.scope(permission)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.CampaignTargetNotFound
    return found


async def counts(work: Work, campaign_id: UUID) -> dict[str, int]:
    """How many targets of a campaign are in each state."""
    rows: Any = await work.execute(
        select(T.state, func.count()).where(T.campaign_id == campaign_id).group_by(T.state)
    )
    return {state: int(number) for state, number in rows}


async def assign(
    work: Work,
    campaign_id: UUID,
    values: dict[str, Any],
    *,
    ids: Sequence[UUID] | None = None,
    division: str | None = None,
) -> list[UUID]:
    """Give open targets in the caller's scope these values, by one statement: which ones."""
    conditions = [T.campaign_id == campaign_id, T.state == "open", visible(work.actor.scope(_DECIDE))]
    if ids is not None:
        conditions.append(T.id.in_(list(ids)))
    if division is not None:
        conditions.append(access.within_divisions(T.division_code, [division]))
    rows = select(T.id).where(*conditions).order_by(T.id).with_for_update()
    changed = (
        update(T)
        .where(T.id.in_(rows))
        .values(**values, version=T.version + 1, updated_at=func.clock_timestamp())
        .returning(T.id)
        .execution_options(synchronize_session=False)
    )
    return list(await work.scalars(changed))


async def target(work: Work, target_id: UUID) -> Response:
    """One target with its history."""
    return await reads.one(
        work,
        _targets(work).where(T.id == target_id),
        shape=CampaignTargetRead,
        missing=errors.CampaignTargetNotFound,
    )


async def targets(work: Work, filters: TargetFilters) -> Response:
    """The task list: what is due first comes first."""
    conditions: list[Any] = [
        column == value
        for column, value in (
            (T.campaign_id, filters.campaign_id),
            (T.organization_id, filters.organization_id),
            (T.state, filters.state),
        )
        if value is not None
    ]
    if filters.division is not None:
        conditions.append(access.within_divisions(T.division_code, [filters.division]))
    if filters.owner_id is not None:
        conditions.append(_owned_by(filters.owner_id))
    if filters.owned is not None:
        conditions.append(owner_id.is_not(None) if filters.owned else owner_id.is_(None))
    if filters.due_until is not None:
        conditions.append(T.due_on <= filters.due_until)
    if filters.overdue is not None:
        conditions.append(_overdue() if filters.overdue else ~_overdue())
    return await reads.page(
        work,
        _targets(work).where(*conditions),
        shape=CampaignTargetRead,
        filters=filters,
        sort=(T.due_on, T.id),
    )


def _owned_by(given: UUID) -> ColumnElement[bool]:
    return or_(*(column == given for column in OWNERS))


def _overdue() -> ColumnElement[bool]:
    """Open past its day; what was still open when the campaign was finished stays so."""
    return and_(T.state == "open", T.due_on < func.coalesce(C.finished_on, access.today_sql()))


def _owner() -> ColumnElement[Any]:
    name = func.coalesce(bodies.c.name, authorities.c.name, T.owner_instructor_mask, users.c.display_name)
    return case(
        (owner_id.is_not(None), func.json_build_object("kind", owner_kind, "id", owner_id, "name", name)),
        else_=cast(null(), JSON),
    )


def _with_owner(statement: Select[Any]) -> Select[Any]:
    return (
        statement.outerjoin(bodies, bodies.c.id == T.owner_party_organization_id)
        .outerjoin(authorities, authorities.c.id == T.owner_authority_id)
        .outerjoin(users, users.c.id == T.owner_user_id)
    )


def _targets(work: Work) -> Select[Any]:
    o, d, lead, n = organizations.c, divisions.c, party_organizations.c, no_reasons.c
    cover = party_organizations.alias("cover")
    history = (
        select(
            H.number,
            H.state,
            H.state_on.label("on"),
            H.reason,
            H.note,
            H.file_id,
            H.file_sha256,
            reads.ref(cover.c.id, cover.c.name).label("party_organization"),
            H.recorded_at,
        )
        .outerjoin(cover, cover.c.id == H.party_organization_id)
        .where(H.target_id == T.id)
        .correlate(T)
    )
    why = (
        select(n.reason)
        .where(
            n.organization_id == T.organization_id,
            n.valid.op("@>")(access.today_sql()),
            func.upper_inf(n.recorded),
        )
        .limit(1)
        .correlate(T)
        .scalar_subquery()
    )
    is_open, running = T.state == "open", C.state == "running"
    return _with_owner(
        select(
            T.id,
            reads.ref(C.id, C.name).label("campaign"),
            reads.ref(o.id, o.name).label("organization"),
            reads.code_ref(d.code, d.name).label("division"),
            T.drawn_from,
            T.drawn_as_of,
            T.grounds,
            _owner().label("owner"),
            reads.ref(lead.id, lead.name).label("responsible"),
            T.due_on,
            _overdue().label("overdue"),
            T.state,
            T.state_on,
            T.by_hand,
            cast(why, Text()).label("no_party_organization_reason"),
            reads.array_of(history, "number").label("history"),
            reads.etag(T.version),
            reads.actions(
                work,
                {
                    "close": (_RECORD, and_(is_open, running)),
                    "reopen": (_DECIDE, and_(~is_open, running)),
                    "assign": (_DECIDE, and_(is_open, C.state != "finished")),
                },
                read=_READ,
                visible=visible,
            ),
        )
        .select_from(T)
        .join(C, C.id == T.campaign_id)
        .join(organizations, o.id == T.organization_id)
        .join(divisions, d.code == T.division_code)
        .outerjoin(party_organizations, lead.id == T.responsible_id)
    ).where(visible(work.actor.scope(_READ)))


def lines(day: date | ColumnElement[date]) -> Select[Any]:
    """Targets by owner: how many, how far, how late."""
    late = and_(T.state == "open", T.due_on < day)
    key = func.coalesce(cast(owner_id, Text()), literal("")).label("key")
    counted: Any = select(
        func.min(cast(_owner(), Text())).label("owner_text"),
        key,
        func.count().label("targets"),
        func.count().filter(T.state == "closed").label("closed"),
        func.count().filter(T.state == "removed").label("removed"),
        func.count().filter(T.state == "open").label("left"),
        func.count().filter(late).label("overdue"),
        func.min(T.due_on).filter(T.state == "open").label("next_due_on"),
    ).select_from(T)
    return _with_owner(counted).group_by(key)


async def responsibilities(work: Work, campaign_id: UUID, filters: ResponsibilityFilters) -> Response:
    """The responsibility list of a campaign, as far as the caller sees its targets."""
    scope = work.actor.scope(_READ)
    found: Any = (
        await work.execute(select(C.finished_on).where(C.id == campaign_id, seen(scope)))
    ).one_or_none()
    if found is None:
        raise errors.CampaignNotFound
    statement = lines(literal(found.finished_on or work.today)).where(
        T.campaign_id == campaign_id, visible(scope)
    )
    if filters.division is not None:
        statement = statement.where(access.within_divisions(T.division_code, [filters.division]))
    if filters.owner_id is not None:
        statement = statement.where(_owned_by(filters.owner_id))
    rows = statement.subquery("lines").c
    return await reads.page(
        work,
        select(
            cast(rows.owner_text, JSON).label("owner"),
            rows.targets,
            rows.closed,
            rows.removed,
            rows.left,
            rows.overdue,
            rows.next_due_on,
        ),
        shape=ResponsibilityLine,
        filters=filters,
        sort=(rows.key,),
    )
