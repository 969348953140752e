"""Honours and brand projects in the caller's scope, and their figures."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    Uuid,
    and_,
    column,
    func,
    literal,
    select,
    table,
    true,
    union_all,
)

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.fields import CodeRef
from app.core.work import Work
from app.honours import errors
from app.honours.models import BrandProject, Honour
from app.honours.schemas import (
    BrandProjectFilters,
    BrandProjectRead,
    HonourCounts,
    HonourFigures,
    HonourFiguresQuery,
    HonourFilters,
    HonourLine,
    HonourRead,
)

_C = Text(collation="C")
_SEE, _ENTER = Permission.MEMBER_READ, Permission.MEMBER_RECORD
_READ, _RECORD = Permission.PARTY_ORGANIZATION_READ, Permission.PARTY_ORGANIZATION_RECORD
divisions = table("divisions", column("code", _C), column("name", Text()))
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", _C),
    column("status", _C),
)
organizations = table(
    "organizations", column("id", Uuid()), column("name", Text()), column("division_code", _C)
)
members = table(
    "members",
    column("id", Uuid()),
    column("person_id", Uuid()),
    column("party_organization_id", Uuid()),
    column("division_code", _C),
)
persons = table("persons", column("id", Uuid()), column("name_mask", Text()))
H, J = Honour, BrandProject
B, O, M, D = party_organizations.c, organizations.c, members.c, divisions.c  # noqa: E741 (the organization)


def visible(scope: Scope) -> ColumnElement[bool]:
    """Honours of holders in a scope: by where they are (块), by their body (条), or by either."""
    return access.reach(scope, H.division_code, H.body_id, row_id=H.id)


def brands_in(scope: Scope) -> ColumnElement[bool]:
    """Brand projects of Party organizations in a scope."""
    return access.reach(scope, J.division_code, J.party_organization_id, row_id=J.id)


# ------------------------------------------------------------------------------------------------- holders


async def organization_division(work: Work, organization_id: UUID) -> str | None:
    """The division of an organization in the caller's divisions."""
    scope = work.actor.scope(_ENTER)
    inside = true() if scope.national else access.within_divisions(O.division_code, scope.divisions)
    found: str | None = await work.scalar(select(O.division_code).where(O.id == organization_id, inside))
    return found


async def body_division(work: Work, body_id: UUID, permission: Permission = _ENTER) -> str | None:
    """The division of a Party organization in scope, dissolved ones too: they keep their honours."""
    inside = access.reach(work.actor.scope(permission), B.division_code, B.id, row_id=B.id)
    found: str | None = await work.scalar(select(B.division_code).where(B.id == body_id, inside))
    return found


async def member_place(work: Work, member_id: UUID) -> tuple[str, UUID] | None:
    """The division and the body of a member in scope."""
    inside = access.reach(work.actor.scope(_ENTER), M.division_code, M.party_organization_id, row_id=M.id)
    found: Any = await work.execute(
        select(M.division_code, M.party_organization_id).where(M.id == member_id, inside)
    )
    row = found.one_or_none()
    return None if row is None else (row[0], row[1])


async def brand_place(work: Work, brand_id: UUID) -> tuple[str, UUID] | None:
    """The division and the body of a brand project in scope that was no error."""
    found: Any = await work.execute(
        select(J.division_code, J.party_organization_id).where(
            J.id == brand_id, J.void.is_(False), brands_in(work.actor.scope(_ENTER))
        )
    )
    row = found.one_or_none()
    return None if row is None else (row[0], row[1])


# ------------------------------------------------------------------------------------------------- honours


async def for_update(work: Work, honour_id: UUID) -> Honour:
    """An honour in scope, locked. Raises `HonourNotFound`."""
    found: Honour | None = await work.scalar(
        select(H)
        .where(H.id == honour_id, visible(work.actor.scope(_ENTER)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.HonourNotFound
    return found


def _honours(work: Work) -> Select[Any]:
    counts = H.withdrawn_on.is_(None)
    return (
        select(
            H.id,
            reads.ref(O.id, O.name).label("organization"),
            reads.ref(B.id, B.name).label("party_organization"),
            reads.ref(M.id, persons.c.name_mask).label("member"),
            reads.ref(J.id, J.name).label("brand_project"),
            reads.code_ref(H.division_code, D.name).label("division"),
            H.kind,
            H.title,
            H.level,
            H.year,
            H.awarded_by,
            H.awarded_on,
            H.document,
            H.withdrawn_on,
            H.withdrawn_reason,
            H.withdrawn_note,
            H.created_at,
            H.updated_at,
            reads.etag(H.version),
            reads.actions(
                work,
                {"correct": (_ENTER, counts), "withdraw": (_ENTER, counts)},
                read=_SEE,
                visible=visible,
            ),
        )
        .join(divisions, D.code == H.division_code)
        .outerjoin(organizations, O.id == H.organization_id)
        .outerjoin(party_organizations, B.id == H.party_organization_id)
        .outerjoin(J, J.id == H.brand_project_id)
        .outerjoin(members, M.id == H.member_id)
        .outerjoin(persons, persons.c.id == M.person_id)
        .where(visible(work.actor.scope(_SEE)))
    )


async def read(work: Work, honour_id: UUID, *, status: int = 200) -> Response:
    """One honour."""
    return await reads.one(
        work,
        _honours(work).where(H.id == honour_id),
        shape=HonourRead,
        missing=errors.HonourNotFound,
        status=status,
    )


async def page(work: Work, filters: HonourFilters) -> Response:
    """Honours in sight, by division."""
    conditions = access.lies_in(
        division=H.division_code,
        divisions=[filters.division] if filters.division else [],
        body=H.body_id,
        bodies=[filters.party_organization_id] if filters.party_organization_id else [],
    )
    conditions += [
        asked == value
        for asked, value in (
            (H.organization_id, filters.organization_id),
            (H.member_id, filters.member_id),
            (H.brand_project_id, filters.brand_project_id),
            (H.kind, filters.kind),
            (H.level, filters.level),
            (H.year, filters.year),
            (H.withdrawn_on.is_not(None), filters.withdrawn),
        )
        if value is not None
    ]
    return await reads.page(
        work,
        _honours(work).where(*conditions),
        shape=HonourRead,
        filters=filters,
        sort=(H.division_code, H.id),
    )


# ------------------------------------------------------------------------------------------ brand projects


async def brand_for_update(work: Work, brand_id: UUID) -> BrandProject:
    """A brand project in scope, locked. Raises `BrandProjectNotFound`."""
    found: BrandProject | None = await work.scalar(
        select(J)
        .where(J.id == brand_id, brands_in(work.actor.scope(_RECORD)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.BrandProjectNotFound
    return found


def _brands(work: Work) -> Select[Any]:
    return (
        select(
            J.id,
            reads.ref(B.id, B.name).label("party_organization"),
            reads.code_ref(J.division_code, D.name).label("division"),
            J.name,
            J.theme,
            J.summary,
            J.document,
            func.lower(J.valid).label("from_on"),
            func.upper(J.valid).label("until_on"),
            J.ended_reason,
            J.created_at,
            J.updated_at,
            reads.etag(J.version),
            reads.actions(work, {"end": (_RECORD, J.ended_on.is_(None))}, read=_READ, visible=brands_in),
        )
        .join(party_organizations, B.id == J.party_organization_id)
        .join(divisions, D.code == J.division_code)
        .where(brands_in(work.actor.scope(_READ)))
    )


async def read_brand(work: Work, brand_id: UUID, *, status: int = 200) -> Response:
    """One brand project."""
    return await reads.one(
        work,
        _brands(work).where(J.id == brand_id),
        shape=BrandProjectRead,
        missing=errors.BrandProjectNotFound,
        status=status,
    )


async def page_brands(work: Work, filters: BrandProjectFilters) -> Response:
    """Brand projects in sight, by division."""
    conditions = access.lies_in(
        division=J.division_code,
        divisions=[filters.division] if filters.division else [],
        body=J.party_organization_id,
        bodies=[filters.party_organization_id] if filters.party_organization_id else [],
    )
    if filters.running is not None:
        conditions.append(running(access.today_sql()) == filters.running)
    return await reads.page(
        work,
        _brands(work).where(*conditions),
        shape=BrandProjectRead,
        filters=filters,
        sort=(J.division_code, J.id),
    )


def running(day: Any) -> ColumnElement[bool]:
    """Whether a brand project runs on a day."""
    return and_(J.void.is_(False), J.valid.op("@>")(day))


# ------------------------------------------------------------------------------------------------- figures


def _lineage(division: str, day: date) -> Any:
    """Each division at or below one, with the one directly below (or itself) whose line it counts in."""
    child, below = access.division_closure.alias("child"), access.division_closure.alias("below")
    under = (
        select(child.c.descendant_code.label("line"), below.c.descendant_code.label("code"))
        .join_from(child, below, below.c.ancestor_code == child.c.descendant_code)
        .where(
            child.c.ancestor_code == division,
            child.c.depth == 1,
            child.c.valid.op("@>")(literal(day)),
            below.c.valid.op("@>")(literal(day)),
        )
    )
    return union_all(under, select(literal(division, _C), literal(division, _C))).cte("lineage")


async def figures(work: Work, query: HonourFiguresQuery) -> Response:
    """The honours of some years and the brand projects of a day, in a division and directly below it."""
    day = query.as_of or work.today
    lineage, scope = _lineage(query.division, day), work.actor.scope(_SEE)
    counting = [H.withdrawn_on.is_(None), visible(scope)]
    if query.from_year is not None:
        counting.append(H.year >= query.from_year)
    if query.to_year is not None:
        counting.append(H.year <= query.to_year)
    strong = H.kind == "double_strong"
    given = (
        select(
            lineage.c.line,
            func.count().label("honours"),
            func.count().filter(H.level.in_(["nation", "province"])).label("provincial_or_above"),
            func.count(H.organization_id.distinct()).label("organizations"),
            func.count(H.party_organization_id.distinct()).label("party_organizations"),
            func.count(H.member_id.distinct()).label("members"),
            func.count(H.organization_id.distinct()).filter(strong).label("double_strong_organizations"),
            func.count(H.member_id.distinct()).filter(strong).label("double_strong_secretaries"),
            func.count(H.member_id.distinct()).filter(H.kind == "deputy").label("deputies"),
            func.count(H.brand_project_id.distinct()).label("brand_projects_honoured"),
        )
        .join_from(H, lineage, lineage.c.code == H.division_code)
        .where(*counting)
        .group_by(func.rollup(lineage.c.line))
    )
    brands = (
        select(lineage.c.line, func.count().label("brand_projects"))
        .join_from(J, lineage, lineage.c.code == J.division_code)
        .where(running(literal(day)), brands_in(scope))
        .group_by(func.rollup(lineage.c.line))
    )
    found: dict[str | None, dict[str, int]] = {}
    for statement in (given, brands):
        names = [str(c.key) for c in statement.selected_columns][1:]
        rows: Any = await work.execute(statement)
        for row in rows:
            line = found.setdefault(row[0], dict.fromkeys(HonourCounts.model_fields, 0))
            line.update(zip(names, row[1:], strict=True))
    total = found.pop(None, dict.fromkeys(HonourCounts.model_fields, 0))
    places: Any = await work.execute(select(D.code, D.name).where(D.code.in_(list(found))).order_by(D.code))
    answer = HonourFigures(
        as_of=day,
        division=query.division,
        total=HonourCounts(**total),
        lines=[HonourLine(division=CodeRef(code=code, name=name), **found[code]) for code, name in places],
    )
    return await reads.derived(work, answer)
