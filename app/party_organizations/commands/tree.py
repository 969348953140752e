"""The dated tree and its closure, kept in one transaction and set by set, however many bodies hang below."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.dialects.postgresql import DATEMULTIRANGE, DATERANGE, Range
from sqlalchemy.orm import aliased

from app.core.work import Work
from app.party_organizations import errors
from app.party_organizations.models import Closure, Parent, PartyOrganization

_COLUMNS = ["ancestor_id", "descendant_id", "depth", "valid"]


def _from(since: date) -> Any:
    return literal(Range(since, None), DATERANGE)


async def plant(work: Work, body: PartyOrganization) -> None:
    """A new body is its own ancestor from the day it was founded."""
    work.session.add(
        Closure(ancestor_id=body.id, descendant_id=body.id, depth=0, valid=Range(body.founded_on, None))
    )
    await work.session.flush()


async def replant(work: Work, body: PartyOrganization, parent_id: UUID | None, since: date) -> None:
    """Hang a body and all below it under another parent, or none, from a day on; the tree guard is held.

    Raises `MovedMeanwhile` when its place from that day on is on record already, and `MoveWouldCycle`."""
    links = (
        await work.scalars(
            select(Parent)
            .where(Parent.party_organization_id == body.id)
            .order_by(Parent.valid.desc())
            .limit(1)
        )
    ).all()
    latest = links[0] if links else None
    await _refuse_cycle(work, body.id, parent_id, since)
    if latest is not None:
        floor = latest.valid.upper or latest.valid.lower
        if floor is None or since < floor:
            raise errors.MovedMeanwhile(since=floor)
        if latest.valid.upper is None:
            await _cut(work, body.id, since)
            if latest.valid.lower == since:
                await work.session.delete(latest)
            else:
                latest.valid = Range(latest.valid.lower, since)
            await work.session.flush()
    if parent_id is not None:
        await _graft(work, body.id, parent_id, since)
    body.parent_id = parent_id
    await work.session.flush()


async def _refuse_cycle(work: Work, body_id: UUID, parent_id: UUID | None, since: date) -> None:
    if parent_id is None:
        return
    below = select(Closure.depth).where(
        Closure.ancestor_id == body_id,
        Closure.descendant_id == parent_id,
        Closure.valid.op("&&")(_from(since)),
    )
    if await work.scalar(below.limit(1)) is not None:
        raise errors.MoveWouldCycle


async def _graft(work: Work, body_id: UUID, parent_id: UUID, since: date) -> None:
    """Add the link, and a path from everyone above the parent to everyone below the body, while both hold."""
    work.session.add(Parent(party_organization_id=body_id, parent_id=parent_id, valid=Range(since, None)))
    await work.session.flush()
    above, below = aliased(Closure), aliased(Closure)
    both = above.valid.op("*")(below.valid).op("*")(_from(since))
    await work.execute(
        insert(Closure).from_select(
            _COLUMNS,
            select(above.ancestor_id, below.descendant_id, above.depth + below.depth + 1, both).where(
                above.descendant_id == parent_id,
                below.ancestor_id == body_id,
                above.valid.op("&&", is_comparison=True)(below.valid),
                ~func.isempty(both),
            ),
        )
    )


async def _cut(work: Work, body_id: UUID, since: date) -> None:
    """Take out of every path through the body's parent what lies on or after a day."""
    above, below = aliased(Closure), aliased(Closure)
    piece = above.valid.op("*")(below.valid).op("*")(_from(since))
    pieces = (
        select(
            above.ancestor_id,
            below.descendant_id,
            func.range_agg(piece, type_=DATEMULTIRANGE()).label("gone"),
        )
        .where(
            above.descendant_id == body_id,
            above.depth > 0,
            below.ancestor_id == body_id,
            above.valid.op("&&", is_comparison=True)(below.valid),
            ~func.isempty(piece),
        )
        .group_by(above.ancestor_id, below.descendant_id)
        .cte("pieces")
    )
    removed = (
        delete(Closure)
        .where(
            Closure.ancestor_id == pieces.c.ancestor_id,
            Closure.descendant_id == pieces.c.descendant_id,
            Closure.valid.op("&&")(pieces.c.gone),
        )
        .returning(Closure.ancestor_id, Closure.descendant_id, Closure.depth, Closure.valid, pieces.c.gone)
        .cte("removed")
    )
    rest = func.unnest(func.datemultirange(removed.c.valid).op("-")(removed.c.gone), type_=DATERANGE())
    await work.execute(
        insert(Closure).from_select(
            _COLUMNS, select(removed.c.ancestor_id, removed.c.descendant_id, removed.c.depth, rest)
        )
    )
