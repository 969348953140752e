"""Appraisals and grades."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, func, select

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.meetings import errors, rules
from app.meetings.models import Appraisal, Grade
from app.meetings.queries.tables import divisions, party_organizations
from app.meetings.schemas import AppraisalFilters, AppraisalRead, GradeRead, GradesFilters

_READ, _DECIDE, _RECORD = Permission.MEMBER_READ, Permission.MEMBER_DECIDE, Permission.MEMBER_RECORD
P, G = Appraisal, Grade


def visible(scope: Scope) -> ColumnElement[bool]:
    """Appraisals of bodies in a scope."""
    return access.reach(scope, P.division_code, P.party_organization_id, row_id=P.id)


async def get_for_update(work: Work, appraisal_id: UUID, permission: Permission) -> Appraisal:
    """An appraisal in scope, locked. Raises `AppraisalNotFound`."""
    found: Appraisal | None = await work.scalar(
        select(P)
        .where(P.id == appraisal_id, visible(work.actor.scope(permission)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.AppraisalNotFound
    return found


async def grades_of(work: Work, appraisal: Appraisal) -> Sequence[Grade]:
    """Its whole roll, locked."""
    rows = await work.scalars(
        select(G).where(G.appraisal_id == appraisal.id).order_by(G.id).with_for_update()
    )
    return rows.all()


async def read(work: Work, appraisal_id: UUID, *, status: int = 200) -> Response:
    """One appraisal."""
    return await reads.one(
        work,
        _appraisals(work).where(P.id == appraisal_id),
        shape=AppraisalRead,
        missing=errors.AppraisalNotFound,
        status=status,
    )


async def page(work: Work, filters: AppraisalFilters) -> Response:
    """Appraisals in sight."""
    conditions = access.lies_in(
        division=P.division_code,
        divisions=[filters.division] if filters.division else [],
        body=P.party_organization_id,
        bodies=[filters.party_organization_id] if filters.party_organization_id else [],
    )
    if filters.year is not None:
        conditions.append(P.year == filters.year)
    if filters.state is not None:
        conditions.append(P.state == filters.state)
    return await reads.page(
        work,
        _appraisals(work).where(*conditions),
        shape=AppraisalRead,
        filters=filters,
        sort=(P.division_code, P.id),
    )


def _appraisals(work: Work) -> Select[Any]:
    body, place = party_organizations.c, divisions.c

    def with_grade(grade: rules.Grade) -> ColumnElement[Any]:
        found = select(func.count()).where(G.appraisal_id == P.id, G.grade == grade).correlate(P)
        return found.scalar_subquery().label(grade.value)

    return (
        select(
            P.id,
            reads.ref(body.id, body.name).label("party_organization"),
            reads.code_ref(P.division_code, place.name).label("division"),
            P.year,
            P.state,
            P.state_on,
            P.document,
            P.due_count,
            *(with_grade(grade) for grade in rules.Grade),
            reads.etag(P.version),
            reads.actions(
                work,
                {
                    "advance": (_DECIDE, P.state != "closed"),
                    "grade": (_RECORD, P.state == "verdict"),
                },
                read=_READ,
                visible=visible,
            ),
        )
        .join(party_organizations, body.id == P.party_organization_id)
        .join(divisions, place.code == P.division_code)
        .where(visible(work.actor.scope(_READ)))
    )


async def page_grades(work: Work, appraisal_id: UUID, filters: GradesFilters) -> Response:
    """The roll with its grades. Raises `AppraisalNotFound`."""
    scope = visible(work.actor.scope(_READ))
    if await work.scalar(select(P.id).where(P.id == appraisal_id, scope)) is None:
        raise errors.AppraisalNotFound
    member = func.json_build_object("id", G.member_id, "name", G.name_mask)
    statement = select(G.id, member.label("member"), G.grade, G.graded_on).where(
        G.appraisal_id == appraisal_id
    )
    if filters.grade is not None:
        statement = statement.where(G.grade == filters.grade)
    return await reads.page(work, statement, shape=GradeRead, filters=filters, sort=(G.id,))
