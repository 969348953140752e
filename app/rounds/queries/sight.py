"""Which rounds and applications a caller sees, and rows under lock."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, true

from app.core import access
from app.core.access import Permission, Scope
from app.core.work import Work
from app.rounds import errors
from app.rounds.models import Application, Objection, Review, Round
from app.rounds.queries.tables import party_organizations

R, A = Round, Application


def held(scope: Scope) -> ColumnElement[bool]:
    """Rounds held by the scope's divisions, or by those of its bodies, or below."""
    if scope.national:
        return true()
    at_bodies = _places_of(scope)
    c = access.division_closure.c
    below = select(c.descendant_code).where(
        c.ancestor_code.in_(at_bodies), c.valid.op("@>")(access.today_sql())
    )
    by_division = access.within_divisions(R.division_code, scope.divisions)
    return or_(by_division, R.division_code.in_(below)) if scope.bodies else by_division


def open_to(scope: Scope) -> ColumnElement[bool]:
    """Rounds that somebody of the scope may know of: held in it, or above it, where it may apply."""
    if scope.national:
        return true()
    c = access.division_closure.c
    below = or_(c.descendant_code.in_(scope.divisions), c.descendant_code.in_(_places_of(scope)))
    above = select(c.ancestor_code).where(below, c.valid.op("@>")(access.today_sql()))
    return or_(held(scope), R.division_code.in_(above))


def _places_of(scope: Scope) -> Select[tuple[str]]:
    return select(party_organizations.c.division_code).where(party_organizations.c.id.in_(scope.bodies))


def applications(scope: Scope) -> ColumnElement[bool]:
    """Applications in a scope: by where the subject is (块), or by the body that answers for it (条)."""
    return access.reach(scope, A.division_code, A.body_id, row_id=A.id)


async def round_for_update(
    work: Work,
    round_id: UUID,
    permission: Permission,
    seen: Callable[[Scope], ColumnElement[bool]] = held,
    *,
    share: bool = False,
) -> Round:
    """A round, held until the end: alone, or with others who keep it from moving on. Raises `RoundNotFound`.

    A decided one is given without a lock: row-level security lets nobody lock what never changes."""
    one = select(R).where(R.id == round_id, seen(work.actor.scope(permission)))
    one = one.execution_options(populate_existing=True)
    found: Round | None = await work.scalar(one.with_for_update(read=share)) or await work.scalar(one)
    if found is None:
        raise errors.RoundNotFound
    return found


async def round_of(work: Work, round_id: UUID, *, share: bool = True) -> Round:
    """The round of something that the caller was allowed already, held likewise."""
    one = select(R).where(R.id == round_id).execution_options(populate_existing=True)
    found: Round | None = await work.scalar(one.with_for_update(read=share)) or await work.scalar(one)
    if found is None:
        raise errors.RoundNotFound
    return found


async def round_id_of(work: Work, application_id: UUID, permission: Permission) -> UUID:
    """Of which round an application in scope is. Raises `ApplicationNotFound`."""
    found: UUID | None = await work.scalar(
        select(A.round_id).where(A.id == application_id, applications(work.actor.scope(permission)))
    )
    if found is None:
        raise errors.ApplicationNotFound
    return found


async def application_for_update(work: Work, application_id: UUID) -> Application:
    """An application that the caller was allowed already, locked after its round."""
    found: Application | None = await work.scalar(
        select(A).where(A.id == application_id).with_for_update().execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.ApplicationNotFound
    return found


async def review_place(work: Work, review_id: UUID, *mine: ColumnElement[bool]) -> tuple[UUID, UUID]:
    """The round and application of a review. Raises `ReviewNotFound`."""
    places: Any = select(Review.round_id, Review.application_id)
    row: Any = (await work.execute(places.where(Review.id == review_id, *mine))).one_or_none()
    if row is None:
        raise errors.ReviewNotFound
    return row[0], row[1]


async def review_for_update(work: Work, review_id: UUID) -> Review:
    """A review that the caller was allowed already, locked after its round."""
    found: Review | None = await work.scalar(
        select(Review)
        .where(Review.id == review_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.ReviewNotFound
    return found


async def objection_for_update(work: Work, objection_id: UUID) -> Objection:
    """An objection, locked after its round. Raises `ObjectionNotFound`."""
    found: Objection | None = await work.scalar(
        select(Objection)
        .where(Objection.id == objection_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.ObjectionNotFound
    return found


async def round_of_objection(work: Work, objection_id: UUID, permission: Permission) -> UUID:
    """The round of an objection that the caller decides on. Raises `ObjectionNotFound`."""
    found: UUID | None = await work.scalar(
        select(Objection.round_id)
        .join(R, R.id == Objection.round_id)
        .where(Objection.id == objection_id, held(work.actor.scope(permission)))
    )
    if found is None:
        raise errors.ObjectionNotFound
    return found
