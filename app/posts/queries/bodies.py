"""The bodies that posts belong to, and the superiors that decide about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.core import access
from app.core.access import Scope
from app.core.work import Work
from app.posts.queries.tables import party_organizations

B = party_organizations.c


@dataclass(frozen=True, slots=True)
class Body:
    """What matters of a body for its posts; `path` leads from the nation down to its division."""

    id: UUID
    kind: str
    formation: str | None
    level: str
    division_code: str
    active: bool
    founded_on: date
    path: tuple[str, ...]


async def body_for_update(work: Work, body_id: UUID, scope: Scope) -> Body | None:
    """A body in a scope, held so that what is decided of its posts is decided one after the other."""
    found = await work.scalar(
        select(B.id)
        .where(B.id == body_id, access.reach(scope, B.division_code, B.id, row_id=B.id))
        .with_for_update(key_share=True)
    )
    return None if found is None else await body(work, body_id)


async def body(work: Work, body_id: UUID) -> Body:
    """A body that is there."""
    c = access.division_closure.c
    path = (
        select(func.array_agg(aggregate_order_by(c.ancestor_code, c.depth.desc())))
        .where(c.descendant_code == B.division_code, c.valid.op("@>")(access.today_sql()))
        .correlate(party_organizations)
        .scalar_subquery()
    )
    found = await work.execute(
        select(
            B.id, B.kind, B.formation, B.level, B.division_code, B.status == "active", B.founded_on, path
        ).where(B.id == body_id)
    )
    row: Any = found.one()
    codes = tuple(row[7] or ())
    return Body(row[0], row[1], row[2], row[3], row[4], row[5], row[6], codes)


async def superiors(work: Work, body_id: UUID, asked: Iterable[UUID], on: date) -> set[UUID]:
    """Which of these bodies stood above a body on a day."""
    c = access.party_organization_closure.c
    found = await work.scalars(
        select(c.ancestor_id).where(
            c.descendant_id == body_id, c.depth > 0, c.ancestor_id.in_(list(asked)), c.valid.op("@>")(on)
        )
    )
    return set(found)
