"""What ended a warning, and on which day, by the ledgers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, column, func, select, table
from sqlalchemy.dialects.postgresql import DATERANGE
from sqlalchemy.types import Boolean, Text, Uuid

from app.core import access
from app.core.work import Work
from app.warnings.models import ParalysisWarning

_C = Text(collation="C")
W = ParalysisWarning
bodies = table(
    "party_organizations",
    column("id", Uuid()),
    column("status", _C),
    column("dissolved_on", Date()),
    column("formation", _C),
)
terms = table(
    "party_terms",
    column("party_organization_id", Uuid()),
    column("valid", DATERANGE),
    column("ends_on", Date()),
)
posts = table(
    "party_posts",
    column("party_organization_id", Uuid()),
    column("role", _C),
    column("valid", DATERANGE),
    column("withdrawn", Boolean()),
)
meetings = table(
    "meetings", column("party_organization_id", Uuid()), column("held_on", Date()), column("state", _C)
)


affiliations = table(
    "member_affiliations", column("member_id", Uuid()), column("party_organization_id", Uuid())
)


@dataclass(frozen=True, slots=True)
class Now:
    """How it stands with the body of a warning that is no longer true."""

    warning: ParalysisWarning
    dissolved_on: date | None
    formation: str | None
    term_since: date | None
    secretary_since: date | None
    meeting_on: date | None


async def closing(work: Work, warning_ids: Collection[UUID]) -> list[Now]:
    """Open warnings with what their bodies have now."""
    today, b, t, p, m = access.today_sql(), bodies.c, terms.c, posts.c, meetings.c
    term = (
        select(func.max(func.lower(t.valid)))
        .where(t.party_organization_id == W.party_organization_id, t.valid.op("@>")(today), t.ends_on > today)
        .correlate(W)
        .scalar_subquery()
    )
    secretary = (
        select(func.max(func.lower(p.valid)))
        .where(
            p.party_organization_id == W.party_organization_id,
            p.role == "secretary",
            ~p.withdrawn,
            p.valid.op("@>")(today),
        )
        .correlate(W)
        .scalar_subquery()
    )
    meeting = (
        select(func.max(m.held_on))
        .where(m.party_organization_id == W.party_organization_id, m.state == "held", m.held_on <= today)
        .correlate(W)
        .scalar_subquery()
    )
    rows: Any = await work.execute(
        select(W, b.dissolved_on, b.formation, term, secretary, meeting)
        .join(bodies, b.id == W.party_organization_id)
        .where(W.id.in_(list(warning_ids)))
    )
    return [Now(*row) for row in rows]


async def bodies_of(work: Work, member_id: UUID) -> set[UUID]:
    """The bodies that a member belongs and belonged to."""
    a = affiliations.c
    return set(await work.scalars(select(a.party_organization_id).where(a.member_id == member_id)))
