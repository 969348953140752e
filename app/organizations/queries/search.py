"""Finding organizations by name, former name, code, pinyin or initials; and what they are found by."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from fastapi import Response
from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from app.core import pages, reads
from app.core.access import Permission
from app.core.errors import BadCursor, Fault
from app.core.work import Work
from app.organizations import errors
from app.organizations.models import Organization, OrganizationName, OrganizationSearch
from app.organizations.queries import lanes
from app.organizations.queries.lanes import Wanted
from app.organizations.queries.others import divisions
from app.organizations.rules import search as rules
from app.organizations.rules.search import Asked, SearchMatch
from app.organizations.schemas import SearchFilters

O, N, S = Organization, OrganizationName, OrganizationSearch  # noqa: E741
_IDS = bindparam("ids", type_=ARRAY(Uuid()))
_SHOWN = (
    select(O.id, O.name, O.credit_code, O.kind, O.registration_status, O.division_code)
    .add_columns(divisions.c.name.label("division_name"))
    .join(divisions, divisions.c.code == O.division_code)
    .where(O.id == func.any(_IDS))
)
_NAMES = select(N.organization_id, N.name).where(N.organization_id == func.any(_IDS))


async def hits(work: Work, filters: SearchFilters) -> Response:
    """A page of hits. Raises `SearchTextEmpty` for a text without a letter or digit."""
    asked = rules.asked(filters.q)
    if asked is None:
        code = "search_text_empty"
        raise errors.SearchTextEmpty(errors=[Fault("/q", code, errors.words(code))])
    secret, fingerprint = reads.cursor_secret(work), filters.fingerprint("SearchHit")
    wanted = Wanted(
        scope=work.actor.scope(Permission.ORGANIZATION_READ),
        division=filters.division,
        kind=filters.kind,
        registration_status=filters.registration_status,
        size=filters.limit + 1,
        after=_after(pages.decode(secret, fingerprint, filters.cursor)) if filters.cursor else None,
    )
    found = await lanes.find(work, asked, wanted)
    more, page = len(found) > filters.limit, found[: filters.limit]
    last = [page[-1].lane, page[-1].key, str(page[-1].organization_id)] if more else None
    total = None
    if filters.include_total:
        total = (await work.execute(*lanes.total(asked, wanted))).scalar_one()
    body = {
        "items": await _shown(work, page, asked),
        "next_cursor": pages.encode(secret, fingerprint, last) if last else None,
        "has_more": more,
        "total": total,
    }
    return Response(orjson.dumps(body), media_type=reads.JSON_TYPE)


def _after(keys: list[Any]) -> tuple[int, str, UUID]:
    if len(keys) != 3:
        raise BadCursor
    return keys[0], keys[1], UUID(keys[2])


async def _shown(work: Work, found: Sequence[Row[Any]], asked: Asked) -> list[dict[str, Any]]:
    """What is shown of each that was found, in the same order; former names where one of them was found."""
    if not found:
        return []
    ids = [row.organization_id for row in found]
    rows = {row.id: row for row in await work.execute(_SHOWN, {"ids": ids})}
    by_former = [row.organization_id for row in found if row.match == SearchMatch.FORMER_NAME]
    names: dict[UUID, list[str]] = {}
    known: Any = await work.execute(_NAMES, {"ids": by_former}) if by_former else ()
    for identifier, name in known:
        names.setdefault(identifier, []).append(name)
    return [
        _hit(rows[row.organization_id], SearchMatch(row.match), names.get(row.organization_id, ()), asked)
        for row in found
        if row.organization_id in rows
    ]


def _hit(row: Row[Any], match: SearchMatch, names: Sequence[str], asked: Asked) -> dict[str, Any]:
    former = next((name for name in names if rules.holds(name, asked)), None)
    return {
        "id": str(row.id),
        "name": row.name,
        "credit_code": row.credit_code,
        "kind": row.kind,
        "registration_status": row.registration_status,
        "division": {"code": row.division_code, "name": row.division_name},
        "match": match,
        "former_name": former,
        "highlights": [
            {"start": start, "end": end} for start, end in rules.ranges(former or row.name, asked, match)
        ],
    }


async def search_entries(work: Work, organization_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The rows that these organizations should be found by, from the ledger."""
    names = select(func.array_agg(N.name)).where(N.organization_id == O.id).correlate(O).scalar_subquery()
    rows: Any = await work.execute(
        select(O.id, O.name, O.division_code, O.kind, O.registration_status, names).where(
            O.id == func.any(list(organization_ids))
        )
    )
    wanted = {}
    for identifier, name, division_code, kind, status, known in rows:
        entry = rules.entry(name, known or ())
        wanted[identifier] = {
            "organization_id": identifier,
            "division_code": division_code,
            "kind": kind,
            "registration_status": status,
            "name": entry.name,
            "former": entry.former,
            "pinyin": entry.pinyin,
            "initials": entry.initials,
            "terms": list(entry.terms),
        }
    return wanted


async def search_rows(work: Work, organization_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The rows that they are found by."""
    table: Any = S.__table__
    rows = await work.execute(
        select(*table.c).where(table.c.organization_id == func.any(list(organization_ids)))
    )
    return {row.organization_id: dict(row._mapping) for row in rows}  # noqa: SLF001
