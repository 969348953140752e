"""Versions of standards: one, lists, checks, comparisons, files."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.files.formats import attachment
from app.scoring import errors, formats, rules
from app.scoring.models import ScoringStandard, ScoringStandardVersion
from app.scoring.queries.tables import divisions, party_organizations
from app.scoring.rules import Standard
from app.scoring.schemas import (
    ComparisonQuery,
    FileQuery,
    StandardCheck,
    StandardComparison,
    StandardDifference,
    StandardFault,
    StandardFilters,
    StandardItem,
    StandardRead,
)

_READ, _RECORD, _DECIDE = Permission.STANDARD_READ, Permission.STANDARD_RECORD, Permission.STANDARD_DECIDE
S, V = ScoringStandard, ScoringStandardVersion


def within(scope: Scope) -> ColumnElement[bool]:
    """Versions whose jurisdiction lies in a scope."""
    return true() if scope.national else access.within_divisions(V.jurisdiction_code, scope.divisions)


def visible(scope: Scope) -> ColumnElement[bool]:
    """Versions of a scope, and what was published for places above it, the nation's for everybody."""
    c, b = access.division_closure.c, party_organizations.c
    bodies = select(b.division_code).where(b.id.in_(scope.bodies))
    above = select(c.ancestor_code).where(
        or_(c.descendant_code.in_(scope.divisions), c.descendant_code.in_(bodies)),
        c.valid.op("@>")(access.today_sql()),
    )
    holds = or_(V.jurisdiction_code == access.NATION, V.jurisdiction_code.in_(above))
    return or_(and_(V.state != "draft", holds), within(scope))


def _items(work: Work) -> list[Any]:
    draft, published = V.state == "draft", V.state == "published"
    record, decide = (within(work.actor.scope(permission)) for permission in (_RECORD, _DECIDE))
    foreign = func.coalesce(V.created_by != work.actor.id, true())
    table: dict[str, reads.Action] = {
        "change": (_RECORD, and_(draft, V.base_version_id.is_(None), record)),
        "publish": (_DECIDE, and_(draft, foreign, decide)),
        "withdraw": (_DECIDE, and_(published, decide)),
        "overlay": (_RECORD, and_(published, V.base_version_id.is_(None))),
    }
    return [
        V.id,
        S.code,
        S.use,
        V.name,
        V.number,
        reads.code_ref(divisions.c.code, divisions.c.name).label("jurisdiction"),
        V.source,
        V.base_version_id,
        V.state,
        V.content_hash,
        V.published_at,
        V.withdrawn_at,
        V.withdrawn_reason,
        reads.etag(V.version),
        reads.actions(work, table),
    ]


def _from(statement: Select[Any]) -> Select[Any]:
    return statement.join(S, S.id == V.standard_id).join(divisions, divisions.c.code == V.jurisdiction_code)


async def read(work: Work, version_id: UUID, *, status: int = 200) -> Response:
    """One version with its text."""
    statement = _from(select(*_items(work), V.content, V.overlay).select_from(V)).where(
        V.id == version_id, visible(work.actor.scope(_READ))
    )
    return await reads.one(
        work, statement, shape=StandardRead, missing=errors.StandardNotFound, status=status
    )


async def page(work: Work, filters: StandardFilters) -> Response:
    """Versions in the order in which they were made."""
    statement = _from(select(*_items(work)).select_from(V)).where(visible(work.actor.scope(_READ)))
    if filters.code is not None:
        statement = statement.where(S.code == filters.code)
    if filters.use is not None:
        statement = statement.where(S.use == filters.use)
    if filters.state is not None:
        statement = statement.where(V.state == filters.state)
    if filters.holds_in is not None:
        c = access.division_closure.c
        above = select(c.ancestor_code).where(
            c.descendant_code == filters.holds_in, c.valid.op("@>")(access.today_sql())
        )
        statement = statement.where(V.jurisdiction_code.in_(above))
    return await reads.page(work, statement, shape=StandardItem, filters=filters, sort=(V.id,))


async def get(work: Work, version_id: UUID) -> ScoringStandardVersion:
    """A version in the caller's sight. Raises `StandardNotFound`."""
    found: ScoringStandardVersion | None = await work.scalar(
        select(V).where(V.id == version_id, visible(work.actor.scope(_READ)))
    )
    if found is None:
        raise errors.StandardNotFound
    return found


async def get_for_update(work: Work, version_id: UUID, permission: Permission) -> ScoringStandardVersion:
    """A version in the scope of a permission, locked. Raises `StandardNotFound`."""
    found: ScoringStandardVersion | None = await work.scalar(
        select(V)
        .where(V.id == version_id, within(work.actor.scope(permission)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.StandardNotFound
    return found


async def lock_standard(
    work: Work,
    *,
    jurisdiction_code: str | None = None,
    code: str | None = None,
    standard_id: UUID | None = None,
) -> ScoringStandard | None:
    """A standard by its place and code, or by its id, locked: versions are numbered one by one."""
    which = (
        S.id == standard_id if standard_id else and_(S.jurisdiction_code == jurisdiction_code, S.code == code)
    )
    found: ScoringStandard | None = await work.scalar(select(S).where(which).with_for_update())
    return found


async def next_number(work: Work, standard_id: UUID) -> int:
    """The number of the next version of a locked standard."""
    last: int | None = await work.scalar(select(func.max(V.number)).where(V.standard_id == standard_id))
    return (last or 0) + 1


async def shipped_hashes(work: Work) -> dict[tuple[str, str], UUID]:
    """What this service itself published: by place and digest, the version."""
    rows: Any = await work.execute(
        select(V.jurisdiction_code, V.content_hash, V.id).where(V.created_by.is_(None))
    )
    return {(row[0], row[1]): row[2] for row in rows}


async def division_in_scope(work: Work, code: str, permission: Permission = _RECORD) -> bool:
    """Whether a division lies in the caller's scope."""
    scope = work.actor.scope(permission)
    inside = true() if scope.national else access.within_divisions(divisions.c.code, scope.divisions)
    return await work.scalar(select(divisions.c.code).where(divisions.c.code == code, inside)) is not None


async def lies_below(work: Work, code: str, above: str) -> bool:
    """Whether a division lies below another today."""
    c = access.division_closure.c
    statement = select(c.depth).where(
        c.ancestor_code == above,
        c.descendant_code == code,
        c.depth > 0,
        c.valid.op("@>")(access.today_sql()),
    )
    return await work.scalar(statement) is not None


async def standard(work: Work, version_id: UUID) -> Standard:
    """A version as the rules know it, whoever asks: for rounds, sheets and results.

    Raises `StandardNotFound`."""
    content = await work.scalar(select(V.content).where(V.id == version_id))
    if content is None:
        raise errors.StandardNotFound
    return formats.standard_of(content)


async def check(work: Work, version_id: UUID) -> Response:
    """Everything that keeps a version from being published."""
    version = await get(work, version_id)
    faults = rules.check(formats.standard_of(version.content))
    zh = [
        StandardFault(pointer=fault.pointer, code=fault.code, message=fault.words[0])
        for fault in faults[: formats.MOST]
    ]
    return await reads.derived(work, StandardCheck(publishable=not faults, faults=zh))


async def compare(work: Work, version_id: UUID, asked: ComparisonQuery) -> Response:
    """Two versions of a standard, line by line. Raises `StandardsNotComparable`."""
    before, after = await get(work, version_id), await get(work, asked.with_id)
    if before.standard_id != after.standard_id:
        raise errors.StandardsNotComparable
    found = rules.compare(formats.standard_of(before.content), formats.standard_of(after.content))
    answer = StandardComparison(
        before_hash=before.content_hash,
        after_hash=after.content_hash,
        differences=[
            StandardDifference(path=line.path, before=line.before, after=line.after) for line in found
        ],
    )
    return await reads.derived(work, answer)


async def export(work: Work, version_id: UUID, asked: FileQuery) -> Response:
    """A version as one file that can be imported again: the same digest."""
    version = await get(work, version_id)
    content = rules.content(formats.standard_of(version.content))
    if asked.format == "yaml":
        data = formats.write_yaml(content).encode()
    else:
        data = await asyncio.to_thread(formats.write_workbook, content)
    tag = reads.hash_tag(version.content_hash.encode() + asked.format.encode())
    if not work.if_none_match.isdisjoint({tag, "*"}):
        return Response(status_code=304, headers={"ETag": tag})
    name = f"{version.name}-{version.number}.{asked.format}"
    return Response(
        data, media_type=formats.MEDIA[asked.format], headers=attachment(name, size=len(data), tag=tag)
    )
