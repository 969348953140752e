"""What a body is on a day, and what it may do today, as JSON."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, cast, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, aggregate_order_by, array
from sqlalchemy.types import Text

from app.core import access
from app.core.work import Work
from app.party_organizations.models import FormerKind, PartyOrganization
from app.party_organizations.queries.sight import rule_packs

P, F = PartyOrganization, FormerKind


@dataclass(frozen=True, slots=True)
class Nature:
    """What decides a body's powers; `path` leads from the nation down to its division."""

    kind: str
    formation: str | None
    path: tuple[str, ...]


async def nature(work: Work, body_id: UUID, day: date) -> Nature | None:
    """A body's kind on a day, its formation, and its divisions; None if there is no such body."""
    x = access.division_closure.c
    path = (
        select(func.array_agg(aggregate_order_by(x.ancestor_code, x.depth.desc())))
        .where(x.descendant_code == P.division_code, x.valid.op("@>")(day))
        .scalar_subquery()
    )
    found = await work.execute(select(kind_on(day), P.formation, path).where(P.id == body_id))
    row: Any = found.one_or_none()
    return None if row is None else Nature(row[0], row[1], tuple(row[2] or ()))


def kind_on(day: date) -> ColumnElement[str]:
    """The kind of `PartyOrganization` on a day: what it was, if it has changed since."""
    former = (
        select(F.kind)
        .where(F.party_organization_id == P.id, F.valid.contains(day))
        .correlate(P)
        .scalar_subquery()
    )
    return func.coalesce(former, P.kind)


def powers_now() -> ColumnElement[Any]:
    """What `PartyOrganization` may do today by the nearest pack, as a JSON array of codes."""
    k, above = rule_packs.c, access.division_closure.c
    none = cast(literal_column("'[]'"), JSONB)
    given = k.content.op("#>")(array(["kinds", P.kind, "powers"], type_=Text()))
    taken = k.content.op("#>")(array(["formations", func.coalesce(P.formation, ""), "without"], type_=Text()))
    without = (
        select(func.jsonb_array_elements_text(func.coalesce(taken, none)))
        .correlate(P, rule_packs)
        .scalar_subquery()
    )
    left: Any = func.coalesce(given, none).op("-", return_type=JSONB())(
        func.array(without, type_=ARRAY(Text()))
    )
    nearest = (
        select(left)
        .select_from(rule_packs)
        .outerjoin(
            access.division_closure,
            and_(
                above.ancestor_code == k.jurisdiction_code,
                above.descendant_code == P.division_code,
                above.valid.op("@>")(access.today_sql()),
            ),
        )
        .where(
            k.kind == "party_organization_powers",
            k.state == "published",
            k.effective_on <= access.today_sql(),
            or_(k.jurisdiction_code.is_(None), above.ancestor_code.is_not(None)),
        )
        .order_by(above.depth.asc().nulls_last(), k.effective_on.desc(), k.version.desc())
        .limit(1)
        .correlate(P)
        .scalar_subquery()
    )
    return func.coalesce(nearest, none)
