"""Findings: lists, one, the row to change."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, and_, select

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.supervision import errors
from app.supervision.models import Finding, Rectification, Round, Visit
from app.supervision.queries.tables import divisions, notices
from app.supervision.queries.targets import (
    body_name,
    body_ref,
    instructor_name,
    member_name,
    person_of,
    subject_of,
)
from app.supervision.schemas import SupervisionFindingFilters, SupervisionFindingRead

_READ, _RECORD = Permission.SUPERVISION_READ, Permission.SUPERVISION_RECORD
_DECIDE, _APPROVE = Permission.SUPERVISION_DECIDE, Permission.SUPERVISION_APPROVE
F, X, V, R, N = Finding, Rectification, Visit, Round, notices.c


def visible(scope: Scope) -> ColumnElement[bool]:
    """Findings about those in a division in scope, or for which a body in scope answers."""
    return access.reach(scope, F.division_code, F.body_id, row_id=F.id)


async def finding_for_update(work: Work, finding_id: UUID, permission: Permission) -> Finding:
    """A finding in scope, held until the end. Raises `FindingNotFound`."""
    found: Finding | None = await work.scalar(
        select(F)
        .where(F.id == finding_id, visible(work.actor.scope(permission)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.FindingNotFound
    return found


async def rectifications(work: Work, finding_id: UUID) -> list[Rectification]:
    """All tries to put it right, the first first."""
    return list(await work.scalars(select(X).where(X.finding_id == finding_id).order_by(X.number)))


async def finding(work: Work, finding_id: UUID, *, status: int = 200) -> Response:
    """One finding with everything that followed."""
    return await reads.one(
        work,
        _findings(work).where(F.id == finding_id),
        shape=SupervisionFindingRead,
        missing=errors.FindingNotFound,
        status=status,
    )


async def findings(work: Work, filters: SupervisionFindingFilters) -> Response:
    """Findings in sight, by division."""
    conditions = access.lies_in(
        division=F.division_code,
        divisions=[filters.division] if filters.division else (),
        body=F.body_id,
        bodies=[filters.party_organization_id] if filters.party_organization_id else (),
    )
    for column, value in (
        (F.kind, filters.kind),
        (F.state, filters.state),
        (F.organization_id, filters.organization_id),
        (R.id, filters.round_id),
    ):
        if value is not None:
            conditions.append(column == value)
    if filters.overdue is not None:
        conditions.append(_overdue() if filters.overdue else ~_overdue())
    return await reads.page(
        work,
        _findings(work).where(*conditions),
        shape=SupervisionFindingRead,
        filters=filters,
        sort=(F.division_code, F.id),
    )


def _overdue() -> ColumnElement[bool]:
    return and_(F.state != "closed", F.due_on < access.today_sql())


def _findings(work: Work) -> Select[Any]:
    d, is_open = divisions.c, F.state == "open"
    tries = select(
        X.number, X.measure, X.done_on, X.evidence, X.reported_at, X.verdict, X.reason, X.judged_at
    ).where(X.finding_id == F.id)
    mine = (
        select(X.id)
        .where(X.finding_id == F.id, X.verdict.is_(None), X.reported_by == work.actor.id)
        .correlate(F)
        .exists()
    )
    helper = person_of(
        (
            ("member", F.helper_member_id, member_name(F.helper_member_id)),
            ("instructor", F.helper_instructor_id, instructor_name(F.helper_instructor_id)),
            (
                "party_organization",
                F.helper_party_organization_id,
                body_name(F.helper_party_organization_id),
            ),
        )
    )
    return (
        select(
            F.id,
            F.kind,
            reads.ref(R.id, R.title).label("round"),
            F.visit_id,
            subject_of(F).label("subject"),
            reads.code_ref(d.code, d.name).label("division"),
            body_ref(F.body_id).label("responsible"),
            F.statement,
            F.amount,
            F.evidence,
            F.rule_code,
            F.rule_source,
            F.rule_facts,
            F.found_on,
            F.due_on,
            F.provisional,
            _overdue().label("overdue"),
            helper.label("helper"),
            F.measures,
            reads.array_of(tries.correlate(F), "number").label("rectifications"),
            reads.ref(N.id, N.title).label("notice"),
            F.state,
            F.closed_on,
            F.created_at,
            F.updated_at,
            reads.etag(F.version),
            reads.actions(
                work,
                {
                    "plan": (_DECIDE, F.state != "closed"),
                    "report": (_RECORD, is_open),
                    "draft_notice": (_DECIDE, and_(is_open, F.notice_id.is_(None))),
                    "judge": (_APPROVE, and_(F.state == "reported", ~mine)),
                },
                read=_READ,
                visible=visible,
            ),
        )
        .join(divisions, d.code == F.division_code)
        .outerjoin(notices, N.id == F.notice_id)
        .outerjoin(V, V.id == F.visit_id)
        .outerjoin(R, R.id == V.round_id)
        .where(visible(work.actor.scope(_READ)))
    )
