"""Rankings: lists, one, and the frozen snapshot that a circular quotes."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, or_, select, true

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.rankings import errors
from app.rankings.models import Ranking
from app.rankings.queries.measures import Asked
from app.rankings.queries.tables import divisions, party_organizations
from app.rankings.schemas import RankingFilters, RankingListItem, RankingRead

_READ = Permission.COVERAGE_READ
R = Ranking


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a circular quotes: the ranking's id, title, hash, and its content as it was frozen."""

    id: UUID
    title: str
    sha256: str
    content: dict[str, Any]


def visible(scope: Scope) -> ColumnElement[bool]:
    """Rankings of a division or a body in scope."""
    return access.reach(scope, R.division_code, R.party_organization_id, row_id=R.id)


async def snapshot(work: Work, ranking_id: UUID) -> Snapshot:
    """A ranking for another slice's commands. Raises `RankingNotFound`.

    `content` has `ranked`, `subject`, `as_of`, `known_at`, `scheme` (with measures and weights),
    `coverage_rules`, `previous`, and `rows`: each `rank`, `subject {code, id, name}`, `score`, `measures`
    (each `code`, `numerator`, `denominator`, `value`, `points`), `previous_rank`, `previous_score`, `change`.
    All of it is JSON of text, integers and null: nothing is rounded again."""
    row = await get(work, ranking_id)
    return Snapshot(row.id, row.title, row.sha256, row.content)


async def get(work: Work, ranking_id: UUID, permission: Permission = _READ) -> Ranking:
    """A ranking in sight of the caller. Raises `RankingNotFound`."""
    found: Ranking | None = await work.scalar(
        select(R).where(R.id == ranking_id, visible(work.actor.scope(permission)))
    )
    if found is None:
        raise errors.RankingNotFound
    return found


async def previous(
    work: Work, made: dict[str, Any], as_of: date, *, before: UUID | None = None
) -> Ranking | None:
    """The latest ranking of the same by the same scheme, in whatever version, of an earlier day."""
    same = [column.is_not_distinct_from(made[column.key]) for column in _SAME]
    found: Ranking | None = await work.scalar(
        select(R)
        .where(*same, R.as_of < as_of, true() if before is None else R.id == before)
        .order_by(R.as_of.desc(), R.id.desc())
        .limit(1)
    )
    return found


_SAME: tuple[Any, ...] = (R.ranked, R.division_code, R.party_organization_id, R.authority_role, R.scheme)


async def division_in_scope(work: Work, code: str) -> str | None:
    """The name of a division where the caller may make rankings; None where not."""
    scope, d = work.actor.scope(Permission.RANKING_MAKE), divisions.c
    inside = true() if scope.national else access.within_divisions(d.code, scope.divisions)
    found: str | None = await work.scalar(select(d.name).where(d.code == code, inside))
    return found


async def body_in_scope(work: Work, body_id: UUID) -> tuple[str, str] | None:
    """The name and division of a body of which the caller may make rankings; None where not."""
    scope, b = work.actor.scope(Permission.RANKING_MAKE), party_organizations.c
    inside = or_(
        true() if scope.national else access.within_divisions(b.division_code, scope.divisions),
        access.within_bodies(b.id, scope.bodies),
    )
    row = (await work.execute(select(b.name, b.division_code).where(b.id == body_id, inside))).one_or_none()
    return None if row is None else (row.name, row.division_code)


async def above(work: Work, asked: Asked) -> list[str]:
    """The divisions above the one asked about that day, itself included, the highest first."""
    c = access.division_closure.c
    rows = await work.scalars(
        select(c.ancestor_code)
        .where(c.descendant_code == asked.division_code, asked.holds(c.valid))
        .order_by(c.depth.desc())
    )
    return list(rows)


async def read(work: Work, ranking_id: UUID, *, status: int = 200) -> Response:
    """One ranking with everything in it."""
    part = R.content.op("->")
    statement = _named().add_columns(
        *(part(name).label(name) for name in ("scheme", "coverage_rules", "previous", "rows")),
        reads.etag(R.sha256),
    )
    return await reads.one(
        work,
        statement.where(R.id == ranking_id, visible(work.actor.scope(_READ))),
        shape=RankingRead,
        missing=errors.RankingNotFound,
        status=status,
    )


async def page(work: Work, filters: RankingFilters) -> Response:
    """Rankings in sight, by division."""
    conditions: list[Any] = [
        column == value
        for column, value in ((R.ranked, filters.ranked), (R.scheme, filters.scheme))
        if value is not None
    ]
    if filters.division is not None:
        conditions.append(access.within_divisions(R.division_code, [filters.division]))
    if filters.party_organization_id is not None:
        conditions.append(access.within_bodies(R.party_organization_id, [filters.party_organization_id]))
    return await reads.page(
        work,
        _named().add_columns(R.scheme).where(visible(work.actor.scope(_READ)), *conditions),
        shape=RankingListItem,
        filters=filters,
        sort=(R.division_code, R.id),
    )


def _named() -> Select[Any]:
    d, b = divisions.c, party_organizations.c
    return (
        select(
            R.id,
            R.title,
            R.ranked,
            reads.code_ref(d.code, d.name).label("division"),
            reads.ref(b.id, b.name).label("party_organization"),
            R.authority_role,
            R.as_of,
            R.known_at,
            R.sha256,
            R.created_at,
        )
        .select_from(R)
        .join(divisions, d.code == R.division_code)
        .outerjoin(party_organizations, b.id == R.party_organization_id)
    )
