"""Meetings and attendance."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, and_, func, select

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.meetings import errors
from app.meetings.models import Attendance, Meeting
from app.meetings.queries.tables import divisions, party_organizations
from app.meetings.schemas import AttendanceFilters, AttendanceRead, MeetingFilters, MeetingRead

_READ, _RECORD = Permission.MEMBER_READ, Permission.MEMBER_RECORD
M, A = Meeting, Attendance


def visible(scope: Scope) -> ColumnElement[bool]:
    """Meetings of bodies in a scope."""
    return access.reach(scope, M.division_code, M.party_organization_id, row_id=M.id)


async def get_for_update(work: Work, meeting_id: UUID) -> Meeting:
    """A meeting in scope, locked. Raises `MeetingNotFound`."""
    found: Meeting | None = await work.scalar(
        select(M)
        .where(M.id == meeting_id, visible(work.actor.scope(_RECORD)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.MeetingNotFound
    return found


async def attendance_of(work: Work, meeting: Meeting) -> Sequence[Attendance]:
    """Every line of a meeting, locked."""
    rows = await work.scalars(select(A).where(A.meeting_id == meeting.id).order_by(A.id).with_for_update())
    return rows.all()


async def read(work: Work, meeting_id: UUID, *, status: int = 200) -> Response:
    """One meeting."""
    return await reads.one(
        work,
        _meetings(work).where(M.id == meeting_id),
        shape=MeetingRead,
        missing=errors.MeetingNotFound,
        status=status,
    )


async def page(work: Work, filters: MeetingFilters) -> Response:
    """Meetings in sight, the latest recorded first."""
    conditions = access.lies_in(
        division=M.division_code,
        divisions=[filters.division] if filters.division else [],
        body=M.party_organization_id,
        bodies=[filters.party_organization_id] if filters.party_organization_id else [],
    )
    if filters.kind is not None:
        conditions.append(M.kind == filters.kind)
    if filters.state is not None:
        conditions.append(M.state == filters.state)
    if filters.held_from is not None:
        conditions.append(M.held_on >= filters.held_from)
    if filters.held_until is not None:
        conditions.append(M.held_on < filters.held_until)
    return await reads.page(
        work,
        _meetings(work).where(*conditions),
        shape=MeetingRead,
        filters=filters,
        sort=(M.held_on, M.id),
        descending=True,
    )


def _meetings(work: Work) -> Select[Any]:
    body, place, held = party_organizations.c, divisions.c, M.state == "held"
    return (
        select(
            M.id,
            reads.ref(body.id, body.name).label("party_organization"),
            reads.code_ref(M.division_code, place.name).label("division"),
            M.kind,
            M.held_on,
            M.topic,
            M.place,
            M.minutes_document,
            M.hours,
            M.state,
            M.cancelled_reason,
            M.due_count,
            M.present_count,
            M.participant_count,
            M.created_at,
            M.updated_at,
            reads.etag(M.version),
            reads.actions(
                work,
                {
                    "update": (_RECORD, held),
                    "cancel": (_RECORD, held),
                    "record_attendance": (_RECORD, held),
                },
                read=_READ,
                visible=visible,
            ),
        )
        .join(party_organizations, body.id == M.party_organization_id)
        .join(divisions, place.code == M.division_code)
        .where(visible(work.actor.scope(_READ)))
    )


async def page_attendance(work: Work, meeting_id: UUID, filters: AttendanceFilters) -> Response:
    """Who was there. Raises `MeetingNotFound`."""
    scope = visible(work.actor.scope(_READ))
    if await work.scalar(select(M.id).where(M.id == meeting_id, scope)) is None:
        raise errors.MeetingNotFound
    member = func.json_build_object("id", A.member_id, "name", A.name_mask)
    statement = select(A.id, member.label("member"), A.basis, A.state, A.reason, A.chair).where(
        and_(A.meeting_id == meeting_id, A.state == filters.state)
        if filters.state is not None
        else A.meeting_id == meeting_id
    )
    return await reads.page(work, statement, shape=AttendanceRead, filters=filters, sort=(A.id,))
