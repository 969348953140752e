"""Campaigns: who may see which, one, and lists of them.

A campaign that runs is seen by those above it and by those in whose place it runs: a county reads the
province's. Only those whose scope it lies in change it."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Uuid,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.campaigns import errors, rules
from app.campaigns.models import Campaign, Target
from app.campaigns.queries.tables import (
    authorities,
    divisions,
    instructors,
    party_organizations,
    users,
)
from app.campaigns.rules import OwnerKind
from app.campaigns.schemas import CampaignFilters, CampaignRead
from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work

_READ, _DECIDE = Permission.CAMPAIGN_READ, Permission.CAMPAIGN_DECIDE
C, T = Campaign, Target


def visible(scope: Scope) -> ColumnElement[bool]:
    """Campaigns in a scope: by division, by the body that leads, or by either."""
    return access.reach(scope, C.division_code, C.party_organization_id, row_id=C.id)


def seen(scope: Scope) -> ColumnElement[bool]:
    """Those, and what runs or ran above the scope, so that it runs there too."""
    if scope.national:
        return true()
    up, line, today = access.division_closure.c, access.party_organization_closure.c, access.today_sql()
    above = []
    if scope.divisions:
        codes = select(up.ancestor_code).where(
            up.descendant_code.in_(scope.divisions), up.valid.op("@>")(today)
        )
        above.append(C.division_code.in_(codes))
    if scope.bodies:
        bodies = bindparam(None, list(scope.bodies), type_=ARRAY(Uuid()))
        ids = select(line.ancestor_id).where(
            line.descendant_id == func.any(bodies), line.valid.op("@>")(today)
        )
        above.append(C.party_organization_id.in_(ids))
    return or_(visible(scope), and_(C.state != "draft", or_(*above)))


async def get_for_update(work: Work, campaign_id: UUID) -> Campaign:
    """A campaign that the caller decides on, locked: nobody closes a target meanwhile. Raises
    `CampaignNotFound`."""
    return await _get(work, select(C).where(C.id == campaign_id, visible(work.actor.scope(_DECIDE))), {})


async def get_for_share(work: Work, campaign_id: UUID, permission: Permission) -> Campaign:
    """A campaign that runs in the caller's place, kept from being finished meanwhile."""
    found = select(C).where(C.id == campaign_id, seen(work.actor.scope(permission)))
    return await _get(work, found, {"read": True})


async def _get(work: Work, found: Select[Any], how: dict[str, bool]) -> Campaign:
    row: Campaign | None = await work.scalar(
        found.with_for_update(of=C, **how).execution_options(populate_existing=True)
    )
    if row is None:
        raise errors.CampaignNotFound
    return row


async def body_in_scope(work: Work, body_id: UUID) -> bool:
    """Whether an active body lies in the caller's scope."""
    b = party_organizations.c
    inside = access.reach(work.actor.scope(_DECIDE), b.division_code, b.id, row_id=b.id)
    return await work.scalar(select(b.id).where(b.id == body_id, b.status == "active", inside)) is not None


async def division_in_scope(work: Work, code: str, *, within: str | None = None) -> bool:
    """Whether a division lies in the caller's own divisions, or in another division."""
    scope, d = work.actor.scope(_DECIDE), divisions.c
    if within is not None:
        inside: ColumnElement[bool] = access.within_divisions(d.code, [within])
    else:
        inside = true() if scope.national else access.within_divisions(d.code, scope.divisions)
    return await work.scalar(select(d.code).where(d.code == code, inside)) is not None


async def division_of_body(work: Work, code: str, body_id: UUID | None) -> bool:
    """Whether a division is a body's own or lies below it."""
    b, up = party_organizations.c, access.division_closure.c
    found = (
        select(up.descendant_code)
        .join(party_organizations, b.division_code == up.ancestor_code)
        .where(b.id == body_id, up.descendant_code == code, up.valid.op("@>")(access.today_sql()))
    )
    return await work.scalar(found.limit(1)) is not None


async def owner_of(work: Work, kind: OwnerKind, owner_id: UUID) -> tuple[str, str | None] | None:
    """The column that an owner goes into, and the mask of an instructor's name; None if there is no such
    owner. Instructors are looked for in what row-level security lets the caller see."""
    where: Any
    match kind:
        case OwnerKind.PARTY_ORGANIZATION:
            where = select(literal("")).where(
                party_organizations.c.id == owner_id, party_organizations.c.status == "active"
            )
        case OwnerKind.AUTHORITY:
            where = select(literal("")).where(authorities.c.id == owner_id)
        case OwnerKind.INSTRUCTOR:
            await work.admit(work.actor.scope(Permission.INSTRUCTOR_READ))
            where = select(instructors.c.name_mask).where(
                instructors.c.id == owner_id, instructors.c.ended_on.is_(None)
            )
        case OwnerKind.USER:
            where = select(literal("")).where(users.c.id == owner_id, users.c.state == "active")
    found: str | None = await work.scalar(where)
    return None if found is None else (f"owner_{kind.value}_id", found or None)


async def read(work: Work, campaign_id: UUID, *, status: int = 200) -> Response:
    """One campaign."""
    return await reads.one(
        work,
        _campaigns(work).where(C.id == campaign_id),
        shape=CampaignRead,
        missing=errors.CampaignNotFound,
        status=status,
    )


async def page(work: Work, filters: CampaignFilters) -> Response:
    """Campaigns in sight, the latest entered first."""
    conditions = access.lies_in(
        division=C.division_code,
        divisions=[filters.division] if filters.division else [],
        body=C.party_organization_id,
        bodies=[filters.party_organization_id] if filters.party_organization_id else [],
    )
    if filters.kind is not None:
        conditions.append(C.kind == filters.kind)
    if filters.state is not None:
        conditions.append(C.state == filters.state)
    if filters.next_check_missing is not None:
        missing = check_missing()
        conditions.append(missing if filters.next_check_missing else ~missing)
    return await reads.page(
        work,
        _campaigns(work).where(*conditions),
        shape=CampaignRead,
        filters=filters,
        sort=(C.id,),
        descending=True,
    )


def check_missing() -> ColumnElement[bool]:
    """Whether the next half-yearly check of the same place should have begun, and none has since (底数半年一
    排查)."""
    later = Campaign.__table__.alias("later")
    followed = exists(
        select(literal(1))
        .where(
            later.c.kind == C.kind,
            later.c.division_code == C.division_code,
            later.c.party_organization_id.is_not_distinct_from(C.party_organization_id),
            later.c.state != "draft",
            later.c.starts_on > C.starts_on,
        )
        .correlate(C)
    )
    return and_(C.state != "draft", func.coalesce(C.next_check_on < access.today_sql(), False), ~followed)


def _label() -> ColumnElement[Any]:
    words = {
        kind.value: func.json_build_object("zh", zh, "en", en) for kind, (zh, en) in rules.KIND_WORDS.items()
    }
    return case(words, value=C.kind)


def _counts() -> ColumnElement[Any]:
    of_state = {state: func.count().filter(T.state == state) for state in ("open", "closed", "removed")}
    return (
        select(
            func.json_build_object(
                "targets", func.count(),
                "left", of_state["open"],
                "closed", of_state["closed"],
                "removed", of_state["removed"],
                "overdue", func.count().filter(T.state == "open", T.due_on < access.today_sql()),
            )
        )
        .where(T.campaign_id == C.id)
        .correlate(C)
        .scalar_subquery()
    )  # fmt: skip


def _campaigns(work: Work) -> Select[Any]:
    d, b = divisions.c, party_organizations.c
    day = func.coalesce(C.finished_on, access.today_sql())
    draft, running = C.state == "draft", C.state == "running"
    has_list = func.jsonb_array_length(C.rule["lists"]) > 0
    return (
        select(
            C.id,
            C.kind,
            _label().label("label"),
            C.name,
            C.document,
            reads.code_ref(C.division_code, d.name).label("division"),
            reads.ref(b.id, b.name).label("party_organization"),
            C.starts_on,
            C.ends_on,
            (C.ends_on - C.starts_on + 1).cast(Integer()).label("days"),
            func.greatest(0, day - C.starts_on + 1).cast(Integer()).label("day_number"),
            func.least(C.ends_on - C.starts_on + 1, func.greatest(0, C.ends_on - day))
            .cast(Integer())
            .label("days_left"),
            C.state,
            C.rule,
            _counts().label("counts"),
            C.operation_id.label("drawing"),
            C.next_check_on,
            check_missing().label("next_check_missing"),
            C.started_on,
            C.finished_on,
            C.remaining_reason,
            C.report_sha256,
            C.created_at,
            C.updated_at,
            reads.etag(C.version),
            reads.actions(
                work,
                {
                    "change": (_DECIDE, draft),
                    "draw": (_DECIDE, and_(C.state != "finished", has_list)),
                    "start": (_DECIDE, draft),
                    "assign": (_DECIDE, C.state != "finished"),
                    "finish": (_DECIDE, running),
                },
                read=_READ,
                visible=visible,
            ),
        )
        .join(divisions, d.code == C.division_code)
        .outerjoin(party_organizations, b.id == C.party_organization_id)
        .where(seen(work.actor.scope(_READ)))
    )
