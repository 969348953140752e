"""Finding organizations by name, former name, code, pinyin or initials; and what they are found by."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from fastapi import Response
from sqlalchemy import Row, case, func, null, select

from app.core import pages, reads
from app.core.access import Permission
from app.core.errors import BadCursor, Fault
from app.core.work import Work
from app.organizations import errors
from app.organizations.models import Organization, OrganizationName, OrganizationSearch
from app.organizations.queries import lanes
from app.organizations.queries.lanes import FREQUENCIES, Wanted
from app.organizations.queries.others import divisions
from app.organizations.rules import search as rules
from app.organizations.rules.search import Asked, SearchMatch
from app.organizations.schemas import SearchFilters

O, N, S = Organization, OrganizationName, OrganizationSearch  # noqa: E741


async def search(work: Work, filters: SearchFilters) -> Response:
    """A page of hits. Raises `SearchTextEmpty` for a text without a letter or digit."""
    asked = rules.asked(filters.q)
    if asked is None:
        raise errors.SearchTextEmpty(
            errors=[Fault("/q", "search_text_empty", errors.words("search_text_empty"))]
        )
    secret, fingerprint = reads.cursor_secret(work), filters.fingerprint("SearchHit")
    after = _after(pages.decode(secret, fingerprint, filters.cursor)) if filters.cursor else None
    wanted = Wanted(work.actor.scope(Permission.ORGANIZATION_READ), filters, filters.limit + 1, after)
    await FREQUENCIES.refresh(work)
    rows: Sequence[Row[Any]] = (await work.execute(_shown(asked, wanted))).all()
    total = await work.scalar(lanes.total(asked, wanted)) if filters.include_total else None
    more, shown = len(rows) > filters.limit, rows[: filters.limit]
    last = [shown[-1].lane, shown[-1].key, str(shown[-1].id)] if more else None
    return Response(
        orjson.dumps(
            {
                "items": [_hit(row, asked) for row in shown],
                "next_cursor": pages.encode(secret, fingerprint, last) if last else None,
                "has_more": more,
                "total": total,
            }
        ),
        media_type=reads.JSON_TYPE,
    )


def _after(keys: list[Any]) -> tuple[int, str, UUID]:
    if len(keys) != 3:
        raise BadCursor
    return keys[0], keys[1], UUID(keys[2])


def _shown(asked: Asked, wanted: Wanted) -> Any:
    """The hits with what is shown of each; former names only where one of them was found."""
    hits = lanes.statement(asked, wanted).subquery("hits")
    names = select(func.array_agg(N.name)).where(N.organization_id == O.id).correlate(O).scalar_subquery()
    former = case((hits.c.match == SearchMatch.FORMER_NAME.value, names), else_=null())
    return (
        select(
            hits.c.lane,
            hits.c.key,
            hits.c.match,
            O.id,
            O.name,
            O.credit_code,
            O.kind,
            O.registration_status,
            O.division_code,
            divisions.c.name.label("division_name"),
            former.label("names"),
        )
        .select_from(hits)
        .join(O, O.id == hits.c.organization_id)
        .join(divisions, divisions.c.code == O.division_code)
        .order_by(hits.c.lane, hits.c.key, hits.c.organization_id)
    )


def _hit(row: Row[Any], asked: Asked) -> dict[str, Any]:
    match = SearchMatch(row.match)
    former = next((name for name in row.names or () if _holds(name, asked)), None)
    spans = rules.ranges(former or row.name, asked, match)
    return {
        "id": row.id,
        "name": row.name,
        "credit_code": row.credit_code,
        "kind": row.kind,
        "registration_status": row.registration_status,
        "division": {"code": row.division_code, "name": row.division_name},
        "match": match,
        "former_name": former,
        "highlights": [{"start": start, "end": end} for start, end in spans],
    }


def _holds(name: str, asked: Asked) -> bool:
    """Whether a former name has the pieces in their order."""
    rest = rules.folded(name)
    for piece in asked.pieces:
        _, found, rest = rest.partition(piece)
        if not found:
            return False
    return True


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
