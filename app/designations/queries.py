"""Designations: what they need, who sees them, their figures, and what everybody may read."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from fastapi import Response
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    Text,
    Uuid,
    and_,
    column,
    func,
    literal,
    or_,
    select,
    table,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import DATERANGE

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.designations import errors
from app.designations.models import Designation, DesignationChange, DesignationCheck
from app.designations.rules import Decided
from app.designations.schemas import (
    DesignationFilters,
    DesignationRead,
    PublishedDesignations,
    PublishedQuery,
)

_C = Text(collation="C")
_READ, _RECORD = Permission.PARTY_ORGANIZATION_READ, Permission.PARTY_ORGANIZATION_RECORD
_DECIDE, _APPROVE = Permission.PARTY_ORGANIZATION_DECIDE, Permission.ORGANIZATION_APPROVE
PUBLISHED = 500
"""So many lines at most in one public answer."""

divisions = table(
    "divisions", column("code", _C), column("name", Text()), column("level", _C), column("valid", DATERANGE)
)
authorities = table(
    "authorities",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", _C),
    column("party_organization_id", Uuid()),
    column("status", _C),
)
party_organizations = table(
    "party_organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", _C),
    column("status", _C),
)
organizations = table(
    "organizations",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", _C),
    column("registration_status", _C),
)
agreements = table(
    "pairing_agreements",
    column("id", Uuid()),
    column("holder_id", Uuid()),
    column("term", DATERANGE),
    column("void", Boolean()),
)
parties = table(
    "agreement_parties",
    column("agreement_id", Uuid()),
    column("party_organization_id", Uuid()),
    column("organization_id", Uuid()),
)
results = table(
    "round_results",
    column("id", Uuid()),
    column("round_id", Uuid()),
    column("organization_id", Uuid()),
    column("party_organization_id", Uuid()),
    column("band", _C),
    column("vetoed", Boolean()),
    column("selected", Boolean()),
    column("state", _C),
    column("result_hash", _C),
    column("standard_hash", _C),
)
rounds = table(
    "rounds",
    column("id", Uuid()),
    column("use", _C),
    column("level", _C),
    column("state", _C),
    column("cultivation", Boolean()),
)
N, K, X = Designation, DesignationCheck, DesignationChange
B, O, D, A = party_organizations.c, organizations.c, divisions.c, authorities.c  # noqa: E741


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be designated: where it lies, and whether it is in being."""

    organization_id: UUID | None
    party_organization_id: UUID | None
    division_code: str
    alive: bool

    @property
    def id(self) -> UUID:
        found = self.organization_id or self.party_organization_id
        assert found is not None  # noqa: S101 (one of the two, by the constraint)
        return found


@dataclass(frozen=True, slots=True)
class FoundResult:
    """A result with its hashes, as `Decided` knows it."""

    id: UUID
    round_id: UUID
    organization_id: UUID | None
    party_organization_id: UUID | None
    result_hash: str
    standard_hash: str
    decided: Decided


def visible(scope: Scope) -> ColumnElement[bool]:
    """Designations of subjects in a scope."""
    return access.reach(scope, N.division_code, N.party_organization_id, row_id=N.id)


def in_force(day: Any) -> ColumnElement[bool]:
    """Whether a designation holds on a day."""
    return N.valid.op("@>")(day)


# ------------------------------------------------------------------------------------------ what it needs


async def subject(work: Work, organization_id: UUID | None, body_id: UUID | None) -> Subject | None:
    """An organization or a Party organization in the caller's scope."""
    scope = work.actor.scope(_DECIDE)
    if organization_id is not None:
        inside = true() if scope.national else access.within_divisions(O.division_code, scope.divisions)
        asked: Any = select(O.division_code, O.registration_status == "normal").where(
            O.id == organization_id, inside
        )
    else:
        inside = access.reach(scope, B.division_code, B.id, row_id=B.id)
        asked = select(B.division_code, B.status == "active").where(B.id == body_id, inside)
    row: Any = (await work.execute(asked)).one_or_none()
    return None if row is None else Subject(organization_id, body_id, row[0], bool(row[1]))


async def authority_level(work: Work, authority_id: UUID) -> str | None:
    """The level of an active authority in the caller's scope, by its division; None where there is none."""
    inside = access.reach(work.actor.scope(_DECIDE), A.division_code, A.party_organization_id, row_id=A.id)
    found: str | None = await work.scalar(
        select(D.level)
        .join_from(authorities, divisions, D.code == A.division_code)
        .where(A.id == authority_id, A.status == "active", inside)
    )
    return found


async def result(work: Work, result_id: UUID) -> FoundResult | None:
    """The result of an organization or a Party organization, with its round."""
    r, o = results.c, rounds.c
    row: Any = (
        await work.execute(
            select(
                r.id,
                r.round_id,
                r.organization_id,
                r.party_organization_id,
                r.result_hash,
                r.standard_hash,
                o.use,
                o.level,
                r.band,
                and_(r.selected, ~r.vetoed).label("chosen"),
                and_(r.state == "frozen", o.state == "decided").label("frozen"),
                o.cultivation,
            )
            .join_from(results, rounds, o.id == r.round_id)
            .where(r.id == result_id, func.num_nonnulls(r.organization_id, r.party_organization_id) == 1)
        )
    ).one_or_none()
    if row is None:
        return None
    decided = Decided(row.use, row.level, row.band, row.chosen, row.frozen, row.cultivation)
    return FoundResult(
        row.id,
        row.round_id,
        row.organization_id,
        row.party_organization_id,
        row.result_hash,
        row.standard_hash,
        decided,
    )


async def is_paired(work: Work, subject_id: UUID, day: date) -> bool:
    """Whether a subject holds, or has countersigned, an agreement that is in force on a day."""
    a, p = agreements.c, parties.c
    signed = select(p.agreement_id).where(
        or_(p.party_organization_id == subject_id, p.organization_id == subject_id)
    )
    found = await work.scalar(
        select(a.id)
        .where(
            or_(a.holder_id == subject_id, a.id.in_(signed)), a.void.is_(False), a.term.op("@>")(literal(day))
        )
        .limit(1)
    )
    return found is not None


async def present(work: Work, subject_id: UUID, kind: str, day: date) -> Designation | None:
    """The designation of a kind that a subject holds on a day, locked."""
    found: Designation | None = await work.scalar(
        select(N)
        .where(N.subject_id == subject_id, N.kind == kind, in_force(literal(day)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def for_update(work: Work, designation_id: UUID, permission: Permission) -> Designation:
    """A designation in the scope of a permission, locked. Raises `DesignationNotFound`."""
    found: Designation | None = await work.scalar(
        select(N)
        .where(N.id == designation_id, visible(work.actor.scope(permission)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.DesignationNotFound
    return found


async def change_of(work: Work, designation_id: UUID, change_id: UUID) -> DesignationChange | None:
    """A proposal about a designation."""
    found: DesignationChange | None = await work.scalar(
        select(X).where(X.id == change_id, X.designation_id == designation_id)
    )
    return found


# --------------------------------------------------------------------------------------------------- reads


def _designations(work: Work) -> Select[Any]:
    today = access.today_sql()
    holds = in_force(today)
    checks: Any = (
        select(K.year, K.outcome, K.checked_on, K.note, K.document)
        .where(K.designation_id == N.id)
        .correlate(N)
    )
    changes: Any = (
        select(
            X.id,
            X.kind,
            X.to_grade,
            X.reason,
            X.document,
            X.proposed_at,
            X.state,
            X.decided_at,
            X.decided_note,
        )
        .where(X.designation_id == N.id)
        .correlate(N)
    )
    waits = select(X.id).where(X.designation_id == N.id, X.state == "proposed").correlate(N).exists()
    mine = (
        select(X.id)
        .where(X.designation_id == N.id, X.state == "proposed", X.proposed_by != work.actor.id)
        .correlate(N)
        .exists()
    )
    statement: Any = (
        select(
            N.id,
            N.kind,
            N.grade,
            reads.ref(O.id, O.name).label("organization"),
            reads.ref(B.id, B.name).label("party_organization"),
            reads.code_ref(N.division_code, D.name).label("division"),
            reads.ref(A.id, A.name).label("authority"),
            N.level,
            N.plaque_year,
            N.plaque_number,
            N.batch,
            func.lower(N.valid).label("from_on"),
            func.upper(N.valid).label("until_on"),
            holds.label("in_force"),
            N.result_id,
            N.round_id,
            N.result_hash,
            N.standard_hash,
            N.document,
            N.previous_id,
            N.ended_on,
            N.ended_reason,
            reads.array_of(checks, "year").label("checks"),
            reads.array_of(changes, "id").label("changes"),
            N.created_at,
            N.updated_at,
            reads.etag(N.version),
            reads.actions(
                work,
                {
                    "check": (_RECORD, holds),
                    "propose_change": (_DECIDE, and_(holds, ~waits)),
                    "decide_change": (_APPROVE, mine),
                },
                read=_READ,
                visible=visible,
            ),
        )
        .join(divisions, D.code == N.division_code)
        .join(authorities, A.id == N.authority_id)
        .outerjoin(organizations, O.id == N.organization_id)
        .outerjoin(party_organizations, B.id == N.party_organization_id)
        .where(visible(work.actor.scope(_READ)))
    )
    return cast("Select[Any]", statement)


async def read(work: Work, designation_id: UUID, *, status: int = 200) -> Response:
    """One designation."""
    return await reads.one(
        work,
        _designations(work).where(N.id == designation_id),
        shape=DesignationRead,
        missing=errors.DesignationNotFound,
        status=status,
    )


async def page(work: Work, filters: DesignationFilters) -> Response:
    """Designations in sight, by division."""
    today = access.today_sql()
    conditions: list[Any] = access.lies_in(
        division=N.division_code,
        divisions=[filters.division] if filters.division else [],
        body=N.party_organization_id,
        bodies=[filters.party_organization_id] if filters.party_organization_id else [],
    )
    waits = N.id.in_(select(X.designation_id).where(X.state == "proposed"))
    conditions += [
        asked == value
        for asked, value in (
            (N.organization_id, filters.organization_id),
            (N.kind, filters.kind),
            (N.grade, filters.grade),
            (N.level, filters.level),
            (N.batch, filters.batch),
            (in_force(today), filters.in_force),
            (waits, filters.waiting),
        )
        if value is not None
    ]
    if filters.until_before is not None:
        conditions.append(func.upper(N.valid) < filters.until_before)
    if filters.unchecked_in is not None:
        done = select(K.designation_id).where(K.year == filters.unchecked_in)
        conditions += [in_force(today), N.id.not_in(done)]
    return await reads.page(
        work,
        _designations(work).where(*conditions),
        shape=DesignationRead,
        filters=filters,
        sort=(N.division_code, N.id),
    )


async def published(work: Work, query: PublishedQuery) -> Response:
    """What holds today in a division, for everybody."""
    conditions = [
        in_force(access.today_sql()),
        access.within_divisions(N.division_code, [query.division]),
    ]
    if query.kind is not None:
        conditions.append(N.kind == query.kind)
    if query.grade is not None:
        conditions.append(N.grade == query.grade)
    rows: Any = await work.execute(
        select(
            N.kind,
            N.grade,
            func.coalesce(O.name, B.name).label("name"),
            reads.code_ref(N.division_code, D.name).label("division"),
            A.name.label("authority"),
            N.level,
            N.plaque_year,
            N.plaque_number,
            N.batch,
            func.lower(N.valid).label("from_on"),
            func.upper(N.valid).label("until_on"),
            N.result_hash,
            N.standard_hash,
        )
        .join(divisions, D.code == N.division_code)
        .join(authorities, A.id == N.authority_id)
        .outerjoin(organizations, O.id == N.organization_id)
        .outerjoin(party_organizations, B.id == N.party_organization_id)
        .where(*conditions)
        .order_by(N.kind, N.grade.desc().nulls_last(), N.division_code, N.id)
        .limit(PUBLISHED + 1)
    )
    found = [dict(row) for row in rows.mappings()]
    answer = {
        "as_of": work.today,
        "division": query.division,
        "more": len(found) > PUBLISHED,
        "designations": found[:PUBLISHED],
    }
    return await reads.derived(work, answer, shape=PublishedDesignations)


# ------------------------------------------------------------------------------------------------- figures


async def province_of(work: Work, division: str, day: date) -> tuple[str, str] | None:
    """The province that a division lies in, or is: its code and name."""
    c = access.division_closure.c
    row: Any = (
        await work.execute(
            select(D.code, D.name)
            .join_from(divisions, access.division_closure, c.ancestor_code == D.code)
            .where(c.descendant_code == division, c.valid.op("@>")(literal(day)), D.level == "province")
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


async def counts(work: Work, division: str, day: date) -> list[Any]:
    """How many hold on a day by line, kind and grade: a line for each division directly below, one for what
    lies in none of them."""
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
    lineage = union_all(under, select(literal(division, _C), literal(division, _C))).cte("lineage")
    rows: Any = await work.execute(
        select(lineage.c.line, D.name, N.kind, N.grade, func.count())
        .join_from(N, lineage, lineage.c.code == N.division_code)
        .join(divisions, D.code == lineage.c.line)
        .where(in_force(literal(day)))
        .group_by(lineage.c.line, D.name, N.kind, N.grade)
        .order_by(lineage.c.line, N.kind, N.grade)
    )
    return list(rows.all())


async def totals(work: Work, division: str, day: date) -> dict[tuple[str, int | None], int]:
    """How many hold on a day in a division, by kind and grade."""
    rows: Any = await work.execute(
        select(N.kind, N.grade, func.count())
        .where(in_force(literal(day)), access.within_divisions(N.division_code, [division], day))
        .group_by(N.kind, N.grade)
    )
    return {(kind, grade): count for kind, grade, count in rows}


async def batches(work: Work, division: str, day: date) -> list[Any]:
    """How many were designated in each batch, and how many of these hold on a day."""
    rows: Any = await work.execute(
        select(
            N.kind,
            N.batch,
            N.level,
            func.count().label("designated"),
            func.count().filter(in_force(literal(day))).label("in_force"),
        )
        .where(
            N.batch.is_not(None),
            func.lower(N.valid) <= day,
            access.within_divisions(N.division_code, [division], day),
        )
        .group_by(N.kind, N.batch, N.level)
        .order_by(N.kind, N.batch, N.level)
    )
    return list(rows.mappings())


async def verify(work: Work) -> list[str]:
    """Designations whose result is gone, is no longer frozen, or has other hashes than it had."""
    r = results.c
    rows: Any = await work.execute(
        select(N.id)
        .outerjoin(results, r.id == N.result_id)
        .where(
            N.result_id.is_not(None),
            func.coalesce(
                or_(
                    r.state != "frozen",
                    r.result_hash != N.result_hash,
                    r.standard_hash != N.standard_hash,
                    r.round_id != N.round_id,
                    func.coalesce(r.organization_id, r.party_organization_id) != N.subject_id,
                ),
                True,
            ),
        )
        .order_by(N.id)
    )
    return [f"designation {row[0]}: its result is not what it was designated for" for row in rows]
