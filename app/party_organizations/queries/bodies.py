"""Party organizations and their tree."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.fields import Ref
from app.core.work import Work
from app.party_organizations import errors, rules
from app.party_organizations.models import Closure, Cover, FormerKind, Parent, PartyOrganization, TreeGuard
from app.party_organizations.queries.powers import kind_on, powers_now
from app.party_organizations.queries.sight import divisions, members, visible
from app.party_organizations.rules import KIND_WORDS, BodyKind
from app.party_organizations.schemas import (
    CountByKind,
    CountByKindAndLevel,
    CountsQuery,
    HistoryRead,
    KindPeriodRead,
    ParentPeriod,
    ParentsRead,
    PartyOrganizationCounts,
    PartyOrganizationFilters,
    PartyOrganizationRead,
    TreeNode,
    TreeRead,
)

_READ = Permission.PARTY_ORGANIZATION_READ
_RECORD = Permission.PARTY_ORGANIZATION_RECORD
_DECIDE = Permission.PARTY_ORGANIZATION_DECIDE
TREE_NODES = 1000

P = PartyOrganization


def existed(day: date) -> ColumnElement[bool]:
    """Bodies that existed on a day."""
    return and_(P.founded_on <= day, or_(P.dissolved_on.is_(None), P.dissolved_on > day))


async def get(work: Work, body_id: UUID, permission: Permission = _READ) -> PartyOrganization:
    """A body in the scope of a permission. Raises `PartyOrganizationNotFound`."""
    return await _one(work, select(P).where(P.id == body_id, visible(work.actor.scope(permission))))


async def get_for_update(work: Work, body_id: UUID, permission: Permission) -> PartyOrganization:
    """The same, locked: whatever hangs on the body changes one transaction at a time."""
    inside = visible(work.actor.scope(permission))
    return await _one(
        work,
        select(P)
        .where(P.id == body_id, inside)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True),
    )


async def _one(work: Work, statement: Select[PartyOrganization]) -> PartyOrganization:
    found: PartyOrganization | None = await work.scalar(statement)
    if found is None:
        raise errors.PartyOrganizationNotFound
    return found


async def lock_bodies(work: Work, body_ids: Iterable[UUID]) -> Sequence[PartyOrganization]:
    """Bodies locked in the order of their ids, whoever asks: for what the service itself must keep true."""
    rows = await work.scalars(
        select(P)
        .where(P.id.in_(set(body_ids)))
        .order_by(P.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def members_of(work: Work, body_id: UUID) -> int:
    """How many people's relations are with a body; for this one count its members are in sight."""
    await work.admit(Scope(bodies=(body_id,)))
    m = members.c
    counted = select(func.count()).where(m.party_organization_id == body_id, m.status != "ended")
    return int(await work.scalar(counted) or 0)


async def guard_tree(work: Work, *, moving: bool) -> None:
    """Wait for whoever moves bodies; `moving` keeps everyone else from changing the tree until commit."""
    guarded = await work.scalar(select(TreeGuard.id).with_for_update(read=not moving))
    if guarded is None:
        raise LookupError("party_organization_tree_guard has lost its row")


async def read(work: Work, body_id: UUID) -> Response:
    """One Party organization."""
    statement = _bodies(work).where(P.id == body_id)
    return await reads.one(
        work, statement, shape=PartyOrganizationRead, missing=errors.PartyOrganizationNotFound
    )


async def page(work: Work, filters: PartyOrganizationFilters) -> Response:
    """Party organizations in scope."""
    day = filters.as_of or work.today
    equal = ("formation", "level", "industry", "status")
    conditions = [
        getattr(P, name) == value for name in equal if (value := getattr(filters, name)) is not None
    ]
    if filters.kind is not None:
        conditions.append((kind_on(day) if filters.as_of else P.kind) == filters.kind)
    if filters.as_of is not None:
        conditions.append(existed(day))
    if filters.division is not None:
        conditions.append(access.within_divisions(P.division_code, [filters.division], day))
    if filters.under is not None:
        conditions.append(access.within_bodies(P.id, [filters.under], day))
    if filters.parent is not None:
        conditions.append(_hangs_below(P.id, filters.parent, day))
    if filters.covers is not None:
        conditions.append(_covers(filters.covers, day))
    if filters.q is not None:
        conditions.append(P.name.contains(filters.q, autoescape=True))
    return await reads.page(
        work,
        _bodies(work).where(*conditions),
        shape=PartyOrganizationRead,
        filters=filters,
        sort=(P.division_code, P.id),
    )


def _hangs_below(body: Any, parent_id: UUID, day: date) -> ColumnElement[bool]:
    return exists().where(
        Parent.party_organization_id == body, Parent.parent_id == parent_id, Parent.valid.contains(day)
    )


def _covers(organization_id: UUID, day: date) -> ColumnElement[bool]:
    return exists().where(
        Cover.party_organization_id == P.id,
        Cover.organization_id == organization_id,
        Cover.valid.contains(day),
        func.upper_inf(Cover.recorded),
    )


def _bodies(work: Work) -> Select[Any]:
    parent, active = aliased(PartyOrganization), P.status == "active"
    return (
        select(
            P.id,
            P.name,
            P.kind,
            P.formation,
            P.level,
            reads.code_ref(P.division_code, divisions.c.name).label("division"),
            reads.ref(parent.id, parent.name).label("parent"),
            P.industry,
            P.approval_document,
            P.founded_on,
            P.dissolved_on,
            P.dissolved_reason,
            P.counts_as_primary,
            powers_now().label("powers"),
            P.status,
            P.created_at,
            P.updated_at,
            reads.etag(P.version),
            reads.actions(
                work,
                {
                    "update": (_RECORD, active),
                    "move": (_DECIDE, active),
                    "change_formation": (_DECIDE, active),
                    "dissolve": (_DECIDE, active),
                    "cover": (_RECORD, and_(active, P.kind.in_(rules.COVERING))),
                    "assign_function": (_DECIDE, and_(active, P.kind.in_(rules.FUNCTIONING))),
                },
                read=_READ,
                visible=visible,
            ),
        )
        .outerjoin(parent, parent.id == P.parent_id)
        .outerjoin(divisions, divisions.c.code == P.division_code)
        .where(visible(work.actor.scope(_READ)))
    )


async def tree(work: Work, body_id: UUID, as_of: date | None, depth: int) -> Response:
    """A body and what hung below it on a day, at most `TREE_NODES` bodies."""
    day = as_of or work.today
    await get(work, body_id)
    direct = select(func.count()).where(Parent.parent_id == P.id, Parent.valid.contains(day)).correlate(P)
    rows = await work.execute(
        select(
            P.id,
            P.name,
            kind_on(day).label("kind"),
            P.formation,
            P.status,
            P.division_code,
            Parent.parent_id,
            Closure.depth,
            direct.scalar_subquery().label("children"),
        )
        .join(Closure, and_(Closure.descendant_id == P.id, Closure.valid.contains(day)))
        .outerjoin(Parent, and_(Parent.party_organization_id == P.id, Parent.valid.contains(day)))
        .where(Closure.ancestor_id == body_id, Closure.depth <= depth)
        .order_by(Closure.depth, P.division_code, P.id)
        .limit(TREE_NODES + 1)
    )
    nodes = [TreeNode.model_validate(dict(row)) for row in rows.mappings()]
    shown = nodes[:TREE_NODES]
    cut = len(nodes) > TREE_NODES or any(node.depth == depth and node.children for node in shown)
    return await reads.derived(work, TreeRead(as_of=day, nodes=shown, truncated=cut))


async def parents(work: Work, body_id: UUID) -> Response:
    """Below whom a body has hung, oldest first."""
    await get(work, body_id)
    rows = await work.execute(
        select(P.id, P.name, Parent.valid)
        .join(Parent, Parent.parent_id == P.id)
        .where(Parent.party_organization_id == body_id)
        .order_by(Parent.valid)
    )
    items = [
        ParentPeriod(parent=Ref(id=r.id, name=r.name), from_on=r.valid.lower, until_on=r.valid.upper)
        for r in rows
    ]
    return await reads.derived(work, ParentsRead(items=items))


async def history(work: Work, body_id: UUID) -> Response:
    """What a body has been, oldest first."""
    body = await get(work, body_id)
    rows = await work.execute(
        select(FormerKind.kind, FormerKind.name, FormerKind.valid, FormerKind.ended_by_document)
        .where(FormerKind.party_organization_id == body_id)
        .order_by(FormerKind.valid)
    )
    items, since = [], body.founded_on
    for row in rows:
        since = row.valid.upper
        items.append(
            KindPeriodRead(
                kind=row.kind,
                name=row.name,
                from_on=row.valid.lower,
                until_on=since,
                ended_by_document=row.ended_by_document,
            )
        )
    now = KindPeriodRead(
        kind=BodyKind(body.kind),
        name=body.name,
        from_on=since,
        until_on=body.dissolved_on,
        ended_by_document=None,
    )
    return await reads.derived(work, HistoryRead(items=[*items, now]))


async def last_kind_change(work: Work, body_id: UUID) -> date | None:
    """The day on which a body became what it is, if it was something else before."""
    day: date | None = await work.scalar(
        select(func.max(func.upper(FormerKind.valid))).where(FormerKind.party_organization_id == body_id)
    )
    return day


async def inside(work: Work, body_ids: Iterable[UUID], scope: Scope) -> set[UUID]:
    """Which of these bodies lie in a scope."""
    return set(await work.scalars(select(P.id).where(P.id.in_(set(body_ids)), visible(scope))))


async def counts(work: Work, query: CountsQuery) -> Response:
    """Bodies by kind and level on a day, in one statement, with the sum check."""
    day = query.as_of or work.today
    conditions = [existed(day), visible(work.actor.scope(_READ))]
    if query.division is not None:
        conditions.append(access.within_divisions(P.division_code, [query.division], day))
    if query.under is not None:
        conditions.append(access.within_bodies(P.id, [query.under], day))
    kind = kind_on(day).label("kind")
    rows = (
        await work.execute(
            select(
                kind,
                P.level,
                func.count().label("bodies"),
                func.count().filter(P.counts_as_primary).label("primary"),
            )
            .where(*conditions)
            .group_by(kind, P.level)
            .order_by(kind, P.level)
        )
    ).all()
    by_kind: dict[BodyKind, int] = {}
    for row in rows:
        by_kind[BodyKind(row.kind)] = by_kind.get(BodyKind(row.kind), 0) + row.bodies
    added = rules.add_up(sum(row.primary for row in rows), by_kind)
    return await reads.derived(
        work,
        PartyOrganizationCounts(
            as_of=day,
            total=added.total,
            sum_of_kinds=sum(added.parts.values()),
            sum_holds=added.sum_holds,
            kinds=[
                CountByKind(
                    kind=kind,
                    label_zh=KIND_WORDS[kind][0],
                    label_en=KIND_WORDS[kind][1],
                    counts_as_primary=kind in added.parts,
                    count=count,
                )
                for kind, count in [*added.parts.items(), *added.others.items()]
            ],
            kinds_and_levels=[
                CountByKindAndLevel(kind=BodyKind(row.kind), level=row.level, count=row.bodies)
                for row in rows
            ],
        ),
    )


async def stored_tree(work: Work) -> tuple[frozenset[rules.Path], frozenset[rules.Path]]:
    """The stored closure, and the closure worked out from the links: equal, or the tree is broken."""
    founded = {row.id: row.founded_on for row in await work.execute(select(P.id, P.founded_on))}
    links = [
        rules.Link(row.party_organization_id, row.parent_id, rules.Period(row.valid.lower, row.valid.upper))
        for row in await work.execute(select(Parent.party_organization_id, Parent.parent_id, Parent.valid))
    ]
    stored = [
        rules.Path(
            row.ancestor_id, row.descendant_id, row.depth, rules.Period(row.valid.lower, row.valid.upper)
        )
        for row in await work.execute(
            select(Closure.ancestor_id, Closure.descendant_id, Closure.depth, Closure.valid)
        )
    ]
    return rules.joined(stored), rules.closure(founded, links)


async def in_line(work: Work, body_id: UUID, scope: Scope) -> bool:
    """Whether a body hangs in the subtree of a body that the scope names (条)."""
    inside = select(P.id).where(P.id == body_id, access.within_bodies(P.id, scope.bodies))
    return await work.scalar(inside) is not None


async def active_children(work: Work, body_id: UUID) -> Sequence[PartyOrganization]:
    """The active bodies directly below a body today, locked in the order of their ids."""
    rows = await work.scalars(
        select(P)
        .where(P.parent_id == body_id, P.status == "active")
        .order_by(P.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def last_change_below(work: Work, body_id: UUID) -> date | None:
    """The latest day on which a body came below this one, left it, or was dissolved there."""
    day: date | None = await work.scalar(
        select(func.max(func.greatest(func.lower(Parent.valid), func.upper(Parent.valid), P.dissolved_on)))
        .select_from(Parent)
        .join(P, P.id == Parent.party_organization_id)
        .where(Parent.parent_id == body_id)
    )
    return day


async def established(work: Work, body_id: UUID) -> Response:
    """A new Party organization, with its place (RFC 9110 §10.2.2; relative to `/party-organizations/`)."""
    statement = _bodies(work).where(P.id == body_id)
    response = await reads.one(work, statement, shape=PartyOrganizationRead, status=201)
    response.headers["Location"] = str(body_id)
    return response
