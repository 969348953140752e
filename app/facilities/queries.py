"""Facilities in the caller's scope, their figures, and how far the targets are."""

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
    case,
    column,
    func,
    literal,
    select,
    table,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, distinct_on

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.fields import Bilingual, CodeRef
from app.core.work import Work
from app.facilities import errors, rules
from app.facilities.models import Facility, FacilityCheck
from app.facilities.rules import FIVE_FUNCTIONS, SIX_HAVE, Target
from app.facilities.schemas import (
    FacilityCounts,
    FacilityFigures,
    FacilityFiguresQuery,
    FacilityFilters,
    FacilityLine,
    FacilityRead,
    FacilityTargetRead,
)

_C = Text(collation="C")
_READ, _RECORD = Permission.PARTY_ORGANIZATION_READ, Permission.PARTY_ORGANIZATION_RECORD
divisions = table(
    "divisions", column("code", _C), column("name", Text()), column("level", _C), column("valid", DATERANGE)
)
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
F, K = Facility, FacilityCheck
B, O, D = party_organizations.c, organizations.c, divisions.c  # noqa: E741 (the organization)


def visible(scope: Scope) -> ColumnElement[bool]:
    """Facilities in a scope: by where they are (块), by the body they belong to (条), or by either."""
    return access.reach(scope, F.division_code, F.party_organization_id, row_id=F.id)


async def for_update(work: Work, facility_id: UUID) -> Facility:
    """A facility in scope, locked. Raises `FacilityNotFound`."""
    found: Facility | None = await work.scalar(
        select(F)
        .where(F.id == facility_id, visible(work.actor.scope(_RECORD)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.FacilityNotFound
    return found


async def checks_of(work: Work, facility_id: UUID, on: date) -> dict[str, FacilityCheck]:
    """What was found on a day, by feature."""
    rows = await work.scalars(select(K).where(K.facility_id == facility_id, K.checked_on == on))
    return {row.feature: row for row in rows}


async def body_in_scope(work: Work, body_id: UUID) -> bool:
    """Whether an active body lies in the caller's scope."""
    scope = work.actor.scope(_RECORD)
    inside = access.reach(scope, B.division_code, B.id, row_id=B.id)
    return await work.scalar(select(B.id).where(B.id == body_id, B.status == "active", inside)) is not None


async def organization_in_scope(work: Work, organization_id: UUID) -> bool:
    """Whether an organization lies in the caller's divisions."""
    scope = work.actor.scope(_RECORD)
    inside = true() if scope.national else access.within_divisions(O.division_code, scope.divisions)
    return await work.scalar(select(O.id).where(O.id == organization_id, inside)) is not None


async def place_in_scope(work: Work, code: str, body_id: UUID | None) -> bool:
    """Whether a facility may lie in a division: in the caller's own, or that of a body in scope, or below."""
    scope = work.actor.scope(_RECORD)
    if scope.national:
        inside: ColumnElement[bool] = true()
    else:
        own = select(B.division_code).where(B.id == body_id).scalar_subquery()
        c = access.division_closure.c
        below = select(c.descendant_code).where(c.ancestor_code == own, c.valid.op("@>")(access.today_sql()))
        inside = access.either([access.within_divisions(D.code, scope.divisions), D.code.in_(below)])
    return await work.scalar(select(D.code).where(D.code == code, inside)) is not None


def is_open(day: Any) -> ColumnElement[bool]:
    """Whether a facility is there on a day."""
    return and_(F.void.is_(False), F.valid.op("@>")(day))


def _latest(day: Any) -> Any:
    """What the latest checks until a day found, a row for each feature."""
    return (
        select(K.feature, K.present, K.checked_on, K.evidence)
        .ext(distinct_on(K.feature))
        .where(K.facility_id == F.id, K.checked_on <= day)
        .order_by(K.feature, K.checked_on.desc())
        .correlate(F)
    )


def complete(day: Any) -> ColumnElement[bool]:
    """Whether all that its kind asks for was found; null for a kind that asks for nothing."""
    latest = _latest(day).subquery()
    found = select(func.count()).select_from(latest).where(latest.c.present).scalar_subquery()
    return case(
        (F.kind == "venue", found == len(SIX_HAVE)),
        (F.kind == "training_base", found == len(FIVE_FUNCTIONS)),
    )


def _facilities(work: Work) -> Select[Any]:
    today = access.today_sql()
    open_ = F.ended_on.is_(None)
    return (
        select(
            F.id,
            F.kind,
            F.center_kind,
            F.name,
            F.level,
            reads.code_ref(F.division_code, D.name).label("division"),
            reads.ref(B.id, B.name).label("party_organization"),
            reads.ref(O.id, O.name).label("organization"),
            F.address,
            F.shared,
            F.legal_entity,
            F.teaching_point_level,
            F.document,
            func.lower(F.valid).label("from_on"),
            func.upper(F.valid).label("until_on"),
            reads.array_of(_latest(today), "feature").label("features"),
            complete(today).label("complete"),
            F.ended_reason,
            F.ended_note,
            F.created_at,
            F.updated_at,
            reads.etag(F.version),
            reads.actions(
                work,
                {
                    "correct": (_RECORD, open_),
                    "check": (_RECORD, and_(open_, F.kind != "service_center")),
                    "end": (_RECORD, open_),
                },
                read=_READ,
                visible=visible,
            ),
        )
        .join(divisions, D.code == F.division_code)
        .outerjoin(party_organizations, B.id == F.party_organization_id)
        .outerjoin(organizations, O.id == F.organization_id)
        .where(visible(work.actor.scope(_READ)))
    )


async def read(work: Work, facility_id: UUID, *, status: int = 200) -> Response:
    """One facility."""
    statement = _facilities(work).where(F.id == facility_id)
    return await reads.one(
        work, statement, shape=FacilityRead, missing=errors.FacilityNotFound, status=status
    )


async def page(work: Work, filters: FacilityFilters) -> Response:
    """Facilities in sight, by division."""
    today = access.today_sql()
    conditions = access.lies_in(
        division=F.division_code,
        divisions=[filters.division] if filters.division else [],
        body=F.party_organization_id,
        bodies=[filters.party_organization_id] if filters.party_organization_id else [],
    )
    conditions += [
        asked == value
        for asked, value in (
            (F.organization_id, filters.organization_id),
            (F.kind, filters.kind),
            (F.center_kind, filters.center_kind),
            (F.level, filters.level),
            (is_open(today), filters.open),
            (complete(today), filters.complete),
        )
        if value is not None
    ]
    return await reads.page(
        work,
        _facilities(work).where(*conditions),
        shape=FacilityRead,
        filters=filters,
        sort=(F.division_code, F.id),
    )


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


async def figures(work: Work, query: FacilityFiguresQuery, day: date, wanted: list[Target]) -> Response:
    """What there is on a day in a division and directly below it, and how far its targets are."""
    lineage = _lineage(query.division, day)
    every = (
        select(
            lineage.c.line,
            F.kind,
            F.center_kind,
            F.legal_entity,
            F.teaching_point_level.label("teaching"),
            complete(literal(day)).label("complete"),
        )
        .join(lineage, lineage.c.code == F.division_code)
        .where(is_open(literal(day)), visible(work.actor.scope(_READ)))
        .cte("every")
    )
    e = every.c
    venue, center, base = (e.kind == kind for kind in ("venue", "service_center", "training_base"))
    counted: dict[str, ColumnElement[bool]] = {
        "venues": venue,
        "venues_complete": and_(venue, e.complete),
        "service_centers": center,
        "party_mass_centers": e.center_kind == "party_mass",
        "incubators": e.center_kind == "incubator",
        "organization_service_centers": e.center_kind == "organization_service",
        "centers_registered": and_(center, e.legal_entity),
        "training_bases": base,
        "training_bases_complete": and_(base, e.complete),
        "teaching_points": e.teaching.is_not(None),
        "teaching_points_provincial": e.teaching == "province",
    }
    counts = (
        select(e.line, *(func.count().filter(when).label(name) for name, when in counted.items()))
        .group_by(func.rollup(e.line))
        .subquery("counts")
    )
    rows: Any = await work.execute(
        select(counts, D.name.label("name"))
        .outerjoin(divisions, D.code == counts.c.line)
        .order_by(counts.c.line)
    )
    total, lines = dict.fromkeys(counted, 0), []
    for row in rows.mappings():
        figures_of = {name: row[name] for name in counted}
        if row["line"] is None:
            total = figures_of
        else:
            lines.append(FacilityLine(division=CodeRef(code=row["line"], name=row["name"]), **figures_of))
    answer = FacilityFigures(
        as_of=day,
        division=query.division,
        total=FacilityCounts(**total),
        lines=lines,
        targets=await _targets(work, query.division, day, wanted) if wanted else [],
    )
    return await reads.derived(work, answer)


async def _targets(work: Work, division: str, day: date, wanted: list[Target]) -> list[FacilityTargetRead]:
    """How far each target is in a division."""
    units = await _units(work, division, day, wanted)
    found = []
    for target in wanted:
        own = {
            code: (name, n)
            for (level, kind, code), (name, n) in units.items()
            if level == target.level and kind == target.facility
        }
        done = rules.progress(target, {code: n for code, (_, n) in own.items()}, day)
        found.append(
            FacilityTargetRead(
                code=target.code,
                title=Bilingual(zh=target.title[0], en=target.title[1]),
                facility=target.facility,
                level=target.level,
                at_least=target.at_least,
                at_most=target.at_most,
                share=str(target.share),
                due_on=target.due_on,
                units=done.units,
                reached=done.reached,
                above=done.above,
                percent=None if done.percent is None else str(done.percent),
                met=done.met,
                overdue=done.overdue,
                short=[CodeRef(code=code, name=own[code][0]) for code in done.short],
                source=target.source,
                verified=target.verified,
            )
        )
    return found


async def _units(
    work: Work, division: str, day: date, wanted: list[Target]
) -> dict[tuple[str, str, str], tuple[str, int]]:
    """Each division of the levels asked about, with how many open facilities of each kind and of its own
    level lie in it, whoever may see them: a rate is the same for everybody."""
    above, below = access.division_closure.alias("above"), access.division_closure.alias("below")
    kinds = sorted({target.facility for target in wanted})
    asked = select(func.unnest(literal([str(kind) for kind in kinds], ARRAY(_C))).label("kind")).subquery(
        "asked"
    )
    there = and_(
        F.division_code == below.c.descendant_code,
        F.kind == asked.c.kind,
        F.level == D.level,
        is_open(literal(day)),
    )
    rows: Any = await work.execute(
        select(D.level, asked.c.kind, D.code, D.name, func.count(F.id))
        .select_from(divisions)
        .join(above, above.c.descendant_code == D.code)
        .join(below, below.c.ancestor_code == D.code)
        .join(asked, true())
        .outerjoin(F, there)
        .where(
            D.level.in_({target.level for target in wanted}),
            D.valid.op("@>")(literal(day)),
            above.c.ancestor_code == division,
            above.c.valid.op("@>")(literal(day)),
            below.c.valid.op("@>")(literal(day)),
        )
        .group_by(D.level, asked.c.kind, D.code, D.name)
        .order_by(D.code)
    )
    return {(level, kind, code): (name, count) for level, kind, code, name, count in rows}
