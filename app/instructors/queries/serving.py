"""Assignments, visits, suggestions: lists, one, and what the verbs must know."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import Select, and_, func, or_, select

from app.core import access, reads
from app.core.access import Permission
from app.core.work import Work
from app.instructors import errors
from app.instructors.models import Assignment, Contract, Instructor, Suggestion, Visit
from app.instructors.queries.contracts import visible as contract_visible
from app.instructors.queries.people import KNOWN, spell, visible
from app.instructors.queries.tables import covers, organizations, party_organizations
from app.instructors.schemas import (
    AssignmentFilters,
    AssignmentRead,
    SuggestionFilters,
    SuggestionRead,
    VisitFilters,
    VisitRead,
)

_READ, _DECIDE = Permission.INSTRUCTOR_READ, Permission.INSTRUCTOR_DECIDE
_RECORD = Permission.INSTRUCTOR_RECORD
A, V, S, P = Assignment, Visit, Suggestion, Instructor


async def in_area(work: Work, instructor: Instructor, ids: Collection[UUID]) -> set[UUID]:
    """Which organizations an instructor may serve: registered or domiciled where they serve, or covered by
    the body that manages them or one below it."""
    o, here = organizations.c, [instructor.division_code]
    covered = select(covers.c.organization_id).where(
        access.within_bodies(covers.c.party_organization_id, [instructor.party_organization_id]),
        func.upper_inf(covers.c.recorded),
        covers.c.valid.op("@>")(access.today_sql()),
    )
    rows = await work.scalars(
        select(o.id).where(
            o.id.in_(list(ids)),
            or_(
                access.within_divisions(o.division_code, here),
                access.within_divisions(o.domicile_division_code, here),
                o.id.in_(covered),
            ),
        )
    )
    return set(rows)


async def taken(work: Work, instructor_id: UUID, since: date, until: date) -> list[Assignment]:
    """What an instructor serves on any day of `[since, until)`, as known now."""
    rows = await work.scalars(
        select(A)
        .where(A.instructor_id == instructor_id, KNOWN, A.valid.op("&&")(spell(since, until)))
        .order_by(A.assignment_id)
        .execution_options(populate_existing=True)
    )
    return list(rows)


async def standing(
    work: Work, since: date, *, instructor_id: UUID | None = None, organization_id: UUID | None = None
) -> Sequence[Assignment]:
    """Assignments as known now that reach a day or go beyond it, of an instructor or an organization."""
    given = ((A.instructor_id, instructor_id), (A.organization_id, organization_id))
    rows = await work.scalars(
        select(A)
        .where(
            KNOWN,
            func.upper(A.valid) > since,
            *(column == value for column, value in given if value is not None),
        )
        .order_by(A.assignment_id)
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def owner(work: Work, assignment_id: UUID) -> UUID:
    """Whose assignment it is, in the caller's scope to decide. Raises `AssignmentNotFound`."""
    found: UUID | None = await work.scalar(
        select(A.instructor_id)
        .join(P, P.id == A.instructor_id)
        .where(A.assignment_id == assignment_id, KNOWN, visible(work.actor.scope(_DECIDE)))
    )
    if found is None:
        raise errors.AssignmentNotFound
    return found


async def known(work: Work, assignment_id: UUID) -> Assignment:
    """An assignment as known now, its instructor being locked. Raises `AssignmentNotFound`."""
    found: Assignment | None = await work.scalar(
        select(A).where(A.assignment_id == assignment_id, KNOWN).execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.AssignmentNotFound
    return found


def _assignments(work: Work) -> Select[Any]:
    o = organizations.c
    running = and_(func.upper(A.valid) > access.today_sql(), A.ended_reason.is_(None))
    return (
        select(
            A.assignment_id.label("id"),
            reads.ref(P.id, P.name_mask).label("instructor"),
            reads.ref(o.id, o.name).label("organization"),
            A.kind,
            func.lower(A.valid).label("from_on"),
            func.upper(A.valid).label("until_on"),
            A.ended_reason,
            A.handed_over_from,
            func.lower(A.recorded).label("recorded_at"),
            reads.etag(A.version),
            reads.actions(
                work,
                {"recall": (_DECIDE, running), "renew": (_DECIDE, running)},
                read=_READ,
                visible=visible,
            ),
        )
        .join(P, P.id == A.instructor_id)
        .join(organizations, o.id == A.organization_id)
        .where(KNOWN, visible(work.actor.scope(_READ)))
    )


async def assignment(work: Work, assignment_id: UUID, *, status: int = 200) -> Response:
    """One assignment as known now."""
    return await reads.one(
        work,
        _assignments(work).where(A.assignment_id == assignment_id),
        shape=AssignmentRead,
        missing=errors.AssignmentNotFound,
        status=status,
    )


async def assignments(work: Work, filters: AssignmentFilters) -> Response:
    """Assignments as known now, the latest last."""
    statement = _assignments(work)
    if filters.instructor_id is not None:
        statement = statement.where(A.instructor_id == filters.instructor_id)
    if filters.organization_id is not None:
        statement = statement.where(A.organization_id == filters.organization_id)
    if filters.division is not None:
        statement = statement.where(access.within_divisions(P.division_code, [filters.division]))
    if filters.as_of is not None:
        statement = statement.where(A.valid.contains(filters.as_of))
    return await reads.page(work, statement, shape=AssignmentRead, filters=filters, sort=(A.assignment_id,))


async def handed_over(work: Work, ids: Collection[UUID]) -> Response:
    """Some assignments of one instructor."""
    rows = reads.wire(_assignments(work), AssignmentRead).where(A.assignment_id.in_(list(ids)))
    found = rows.order_by(A.assignment_id).subquery()
    items = await work.scalars(select(func.row_to_json(found.table_valued())))
    return await reads.derived(work, {"assignments": list(items)})


# ------------------------------------------------------------------------------------------------- visits


def _visits(work: Work) -> Select[Any]:
    o, b = organizations.c, party_organizations.c
    scope = work.actor.scope(_READ)
    by_instructor = select(P.id).where(visible(scope))
    by_leader = select(Contract.id).where(contract_visible(scope))
    waiting = and_(V.follow_up.is_not(None), V.follow_up_done_on.is_(None))
    return (
        select(
            V.id,
            reads.ref(P.id, P.name_mask).label("instructor"),
            V.contract_id,
            reads.ref(o.id, o.name).label("organization"),
            reads.ref(b.id, b.name).label("target_party_organization"),
            V.kind,
            V.held_on,
            V.persons_met,
            V.members_found,
            V.findings,
            V.follow_up,
            V.follow_up_due_on,
            V.follow_up_done_on,
            reads.etag(V.version),
            reads.actions(work, {"follow_up": (_RECORD, waiting)}),
        )
        .outerjoin(P, P.id == V.instructor_id)
        .outerjoin(Contract, Contract.id == V.contract_id)
        .outerjoin(organizations, o.id == V.organization_id)
        .outerjoin(party_organizations, b.id == V.target_party_organization_id)
        .where(or_(V.instructor_id.in_(by_instructor), V.contract_id.in_(by_leader)))
    )


async def visit(work: Work, visit_id: UUID, *, status: int = 200) -> Response:
    """One visit."""
    return await reads.one(
        work,
        _visits(work).where(V.id == visit_id),
        shape=VisitRead,
        missing=errors.VisitNotFound,
        status=status,
    )


async def visits(work: Work, filters: VisitFilters) -> Response:
    """Visits and contacts, the latest entered first."""
    statement = _visits(work)
    given = (
        (V.instructor_id, filters.instructor_id),
        (V.contract_id, filters.contract_id),
        (V.organization_id, filters.organization_id),
    )
    statement = statement.where(*(column == value for column, value in given if value is not None))
    if filters.follow_up_open is not None:
        waiting = and_(V.follow_up.is_not(None), V.follow_up_done_on.is_(None))
        statement = statement.where(waiting if filters.follow_up_open else ~waiting)
    return await reads.page(work, statement, shape=VisitRead, filters=filters, sort=(V.id,), descending=True)


async def visit_for_update(work: Work, visit_id: UUID) -> Visit:
    """A visit in the caller's scope to record, locked. Raises `VisitNotFound`."""
    scope = work.actor.scope(_RECORD)
    by_instructor = select(P.id).where(visible(scope))
    by_contract = select(Contract.id).where(contract_visible(scope))
    found: Visit | None = await work.scalar(
        select(V)
        .where(V.id == visit_id, or_(V.instructor_id.in_(by_instructor), V.contract_id.in_(by_contract)))
        .with_for_update()
    )
    if found is None:
        raise errors.VisitNotFound
    return found


# -------------------------------------------------------------------------------------------- suggestions


def _suggestions(work: Work) -> Select[Any]:
    o = organizations.c
    proposed = S.state == "proposed"
    return (
        select(
            S.id,
            S.operation_id,
            reads.ref(P.id, P.name_mask).label("instructor"),
            reads.ref(o.id, o.name).label("organization"),
            S.state,
            S.cost,
            S.reasons["distance"].as_integer().label("distance"),
            S.reasons["same_industry"].as_boolean().label("same_industry"),
            S.reasons["same_home_unit"].as_boolean().label("same_home_unit"),
            S.reasons["held"].as_integer().label("held"),
            S.assignment_id,
            reads.etag(S.version),
            reads.actions(
                work,
                {"accept": (_DECIDE, proposed), "decline": (_DECIDE, proposed)},
                read=_READ,
                visible=visible,
            ),
        )
        .join(P, P.id == S.instructor_id)
        .join(organizations, o.id == S.organization_id)
        .where(visible(work.actor.scope(_READ)))
    )


async def suggestion(work: Work, suggestion_id: UUID) -> Response:
    """One suggestion."""
    return await reads.one(
        work,
        _suggestions(work).where(S.id == suggestion_id),
        shape=SuggestionRead,
        missing=errors.SuggestionNotFound,
    )


async def suggestions(work: Work, filters: SuggestionFilters) -> Response:
    """Suggestions in sight, the latest run last."""
    given = (
        (S.operation_id, filters.operation_id),
        (S.instructor_id, filters.instructor_id),
        (S.state, filters.state),
    )
    statement = _suggestions(work).where(*(column == value for column, value in given if value is not None))
    return await reads.page(work, statement, shape=SuggestionRead, filters=filters, sort=(S.id,))


async def proposed(
    work: Work, *, operation_id: UUID | None = None, ids: Collection[UUID] | None = None
) -> list[Suggestion]:
    """Suggestions in the caller's scope to decide, of a run or by id, locked in the order of their ids."""
    statement = select(S).where(S.instructor_id.in_(select(P.id).where(visible(work.actor.scope(_DECIDE)))))
    if operation_id is not None:
        statement = statement.where(S.operation_id == operation_id, S.state == "proposed")
    if ids is not None:
        statement = statement.where(S.id.in_(list(ids)))
    rows = await work.scalars(
        statement.order_by(S.id).with_for_update().execution_options(populate_existing=True)
    )
    return list(rows)
