"""Members as they stood on a day: who may vote and be elected. Row-level security holds below."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, exists, func, literal, select

from app.core import access
from app.core.work import Work
from app.posts import rules
from app.posts.models import NomineeReview
from app.posts.queries.tables import affiliations, members, persons, restrictions, statuses
from app.posts.rules import PostRole, ReviewOpinion, Standing

M, P, S, R, A = members.c, persons.c, statuses.c, restrictions.c, affiliations.c


@dataclass(frozen=True, slots=True)
class Person:
    """A member who is in sight, with the mask of the name and the standing on the day."""

    name_mask: str
    full: bool
    restricted: bool
    inside: bool

    def standing(self, member_id: UUID, *, inside: bool, reviewed: bool) -> Standing:
        """What the rules ask; `inside` where the ledger's word does not matter."""
        return Standing(member_id, self.full, self.restricted, self.inside or inside, reviewed)


def _day(on: date) -> ColumnElement[date]:
    return cast(literal(on), Date())


def _below(body_id: UUID, on: date) -> Any:
    c = access.party_organization_closure.c
    return select(c.descendant_id).where(c.ancestor_id == body_id, c.valid.op("@>")(_day(on)))


def _full(on: date) -> ColumnElement[bool]:
    return exists(
        select(1)
        .where(S.member_id == M.id, S.status == "full", S.valid.op("@>")(_day(on)))
        .correlate(members)
    )


def _restricted(on: date) -> ColumnElement[bool]:
    return exists(select(1).where(R.member_id == M.id, R.valid.op("@>")(_day(on))).correlate(members))


def _inside(body_id: UUID, on: date) -> ColumnElement[bool]:
    return exists(
        select(1)
        .where(
            A.member_id == M.id,
            A.valid.op("@>")(_day(on)),
            A.party_organization_id.in_(_below(body_id, on)),
        )
        .correlate(members)
    )


async def people(work: Work, member_ids: Collection[UUID], body_id: UUID, on: date) -> dict[UUID, Person]:
    """The members of these who are in sight, as they stood on a day."""
    rows: Any = await work.execute(
        select(M.id, P.name_mask, _full(on), _restricted(on), _inside(body_id, on))
        .join_from(members, persons, P.id == M.person_id)
        .where(M.id.in_(list(member_ids)))
    )
    return {row[0]: Person(*row[1:]) for row in rows}


async def entitled(work: Work, body_id: UUID, on: date) -> int:
    """How many had the right to vote: full members of the body and below, none of their rights restricted
    (选举工作条例 art. 5)."""
    found = await work.scalar(
        select(func.count())
        .select_from(affiliations.join(members, M.id == A.member_id))
        .where(
            A.party_organization_id.in_(_below(body_id, on)),
            A.valid.op("@>")(_day(on)),
            _full(on),
            ~_restricted(on),
        )
    )
    return int(found or 0)


async def member_count(work: Work, body_id: UUID, on: date) -> int:
    """How many members of the Party, on probation too, a body and those below it had on a day."""
    inside = select(S.member_id).where(
        S.status.in_(["probationary", "full"]), S.valid.op("@>")(_day(on)), S.member_id == A.member_id
    )
    found = await work.scalar(
        select(func.count())
        .select_from(affiliations)
        .where(
            A.party_organization_id.in_(_below(body_id, on)),
            A.valid.op("@>")(_day(on)),
            exists(inside.correlate(affiliations)),
        )
    )
    return int(found or 0)


async def reviewed(
    work: Work, member_ids: Collection[UUID], body_id: UUID, on: date, months: int
) -> Mapping[tuple[UUID, PostRole], bool]:
    """Of whom the last review for a post, in the months before a day, found them suitable."""
    n = NomineeReview
    rows: Any = await work.execute(
        select(n.member_id, n.role, n.opinion)
        .where(
            n.party_organization_id == body_id,
            n.member_id.in_(list(member_ids)),
            n.reviewed_on.between(rules.add_months(on, -months), on),
        )
        .order_by(n.reviewed_on)
    )
    return {(row[0], PostRole(row[1])): row[2] == ReviewOpinion.SUITABLE for row in rows}
