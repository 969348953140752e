"""Notices, signs and the register of numbers, as they are read; counts by kind, year and issuer."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import Select, and_, cast, extract, func, null, or_, select
from sqlalchemy.dialects.postgresql import JSON

from app.core import access, reads
from app.core.access import Permission
from app.core.work import Work
from app.notices import errors
from app.notices.models import (
    Addressee,
    DocumentCounter,
    DocumentNumber,
    DocumentSign,
    Notice,
    NoticeDocument,
)
from app.notices.queries import sight
from app.notices.queries.tables import authorities, divisions, party_organizations, users
from app.notices.schemas import (
    DocumentNumberFilters,
    DocumentNumberRead,
    DocumentSignFilters,
    DocumentSignRead,
    NoticeFigures,
    NoticeFiguresQuery,
    NoticeFilters,
    NoticeLine,
    NoticeRead,
)

_READ, _RECORD = Permission.NOTICE_READ, Permission.NOTICE_RECORD
_DECIDE, _APPROVE = Permission.NOTICE_DECIDE, Permission.NOTICE_APPROVE
N, A, S, D, R = Notice, Addressee, DocumentSign, NoticeDocument, DocumentNumber
_body, _place, _office = party_organizations.c, divisions.c, authorities.c
OVERDUE = and_(A.overdue_at.is_not(None), A.replied_at.is_(None))


def _tag() -> Any:
    return func.concat('"', sight.tag(), '"').label("etag")


def _actions(work: Work) -> Any:
    mine = or_(N.drafted_by == work.actor.id, N.submitted_by == work.actor.id)
    draft = N.state == "draft"
    return reads.actions(
        work,
        {
            "change": (_RECORD, draft),
            "submit": (_RECORD, draft),
            "approve": (_APPROVE, and_(N.state == "submitted", ~func.coalesce(mine, False))),
            "issue": (_DECIDE, N.state == "approved"),
            "withdraw": (_DECIDE, N.state != "withdrawn"),
        },
        visible=sight.issuing,
    )


async def read(work: Work, notice_id: UUID, *, status: int = 200) -> Response:
    """One notice whole."""
    statement = _whole(work).where(N.id == notice_id)
    return await reads.one(work, statement, shape=NoticeRead, missing=errors.NoticeNotFound, status=status)


def _whole(work: Work) -> Any:
    scope = work.actor.scope(_READ)
    before, drafter, approver = N.__table__.alias("before"), users.alias("drafter"), users.alias("approver")
    whom: Any = (
        select(
            A.id,
            A.kind,
            A.name,
            A.state,
            A.due_on,
            OVERDUE.label("overdue"),
            A.late,
        )
        .where(A.notice_id == N.id, or_(sight.issuing(scope), sight.addressed(work.actor, scope)))
        .correlate(N)
    )
    frozen = select(D.sha256).where(D.notice_id == N.id).correlate(N).scalar_subquery()
    return (
        select(
            N.id,
            N.kind,
            N.state,
            N.recorded,
            N.number,
            reads.ref(S.id, S.sign).label("sign"),
            N.title,
            N.issuer_name,
            reads.ref(_body.id, _body.name).label("party_organization"),
            reads.ref(_office.id, _office.name).label("authority"),
            reads.code_ref(N.division_code, _place.name).label("division"),
            N.urgency,
            N.talk_level,
            N.paragraphs,
            N.attachments,
            N.copy_to,
            N.note,
            N.figures,
            N.reply_required,
            N.answer_days,
            N.due_on,
            N.provisional,
            reads.array_of(whom, "id").label("addressees"),
            reads.ref(before.c.id, before.c.title).label("previous"),
            N.escalates_id,
            N.proposed,
            reads.ref(drafter.c.id, drafter.c.display_name).label("drafted_by"),
            N.submitted_at,
            reads.ref(approver.c.id, approver.c.display_name).label("approved_by"),
            N.approved_at,
            N.sent_back_reason,
            N.issued_at,
            N.issued_on,
            N.withdrawn_at,
            N.withdrawn_reason,
            frozen.label("content_sha256"),
            N.created_at,
            N.updated_at,
            _tag(),
            _actions(work),
        )
        .join(divisions, _place.code == N.division_code)
        .outerjoin(party_organizations, _body.id == N.party_organization_id)
        .outerjoin(authorities, _office.id == N.authority_id)
        .outerjoin(S, S.id == N.sign_id)
        .outerjoin(before, before.c.id == N.previous_id)
        .outerjoin(drafter, drafter.c.id == N.drafted_by)
        .outerjoin(approver, approver.c.id == N.approved_by)
        .where(sight.visible(work.actor, scope))
    )


def _of(*conditions: Any) -> Any:
    return select(func.count()).where(A.notice_id == N.id, *conditions).correlate(N).scalar_subquery()


async def page(work: Work, filters: NoticeFilters) -> Response:
    """Notices in sight, by issuer's division."""
    scope = work.actor.scope(_READ)
    conditions: list[Any] = [
        column == value
        for column, value in (
            (N.kind, filters.kind),
            (N.state, filters.state),
            (N.proposed, filters.proposed),
        )
        if value is not None
    ]
    conditions += _area(filters.division, filters.party_organization_id)
    if filters.year is not None:
        conditions.append(extract("year", N.issued_on) == filters.year)
    statement = (
        select(
            N.id,
            N.kind,
            N.state,
            N.recorded,
            N.number,
            N.title,
            N.issuer_name,
            reads.ref(_body.id, _body.name).label("party_organization"),
            reads.code_ref(N.division_code, _place.name).label("division"),
            N.talk_level,
            N.reply_required,
            N.due_on,
            N.proposed,
            N.issued_on,
            _of().label("addressed"),
            _of(A.replied_at.is_not(None)).label("answered"),
            _of(OVERDUE).label("overdue"),
            _tag(),
            _actions(work),
        )
        .join(divisions, _place.code == N.division_code)
        .outerjoin(party_organizations, _body.id == N.party_organization_id)
        .where(sight.visible(work.actor, scope), *conditions)
    )
    return await reads.page(work, statement, shape=NoticeLine, filters=filters, sort=(N.division_code, N.id))


def _area(division: str | None, body_id: UUID | None) -> list[Any]:
    return access.lies_in(
        division=N.division_code,
        divisions=[division] if division else (),
        body=N.party_organization_id,
        bodies=[body_id] if body_id else (),
    )


async def figures(work: Work, query: NoticeFiguresQuery) -> Response:
    """Issued in a year and not withdrawn, by kind, and by kind and issuer: one statement.

    Counted are the notices that the caller answers for, those recorded from others left out."""
    rows = (
        select(
            N.kind,
            N.issuer_name,
            N.party_organization_id,
            _of().label("addressed"),
            _of(A.replied_at.is_not(None)).label("answered"),
            _of(A.late).label("late"),
            _of(OVERDUE).label("overdue"),
            _of(A.state == "closed").label("closed"),
        )
        .where(
            N.state == "issued",
            ~N.recorded,
            N.issued_on >= func.make_date(query.year, 1, 1),
            N.issued_on < func.make_date(query.year + 1, 1, 1),
            sight.issuing(work.actor.scope(_READ)),
            *_area(query.division, query.party_organization_id),
        )
        .subquery("counted")
    )
    c = rows.c
    sums = [
        cast(func.coalesce(func.sum(c[name]), 0), DocumentNumber.serial.type).label(name)
        for name in ("addressed", "answered", "late", "overdue", "closed")
    ]
    many = func.count().label("notices")
    totals = select(
        c.kind, null().label("issuer_name"), cast(null(), JSON).label("party_organization"), many, *sums
    ).group_by(c.kind)
    by_issuer = (
        select(
            c.kind,
            c.issuer_name,
            reads.ref(_body.id, _body.name).label("party_organization"),
            many,
            *sums,
        )
        .outerjoin(party_organizations, _body.id == c.party_organization_id)
        .group_by(c.kind, c.issuer_name, _body.id, _body.name)
    )
    found = (
        await work.execute(
            select(
                reads.array_of(totals, "kind").label("totals"),
                reads.array_of(by_issuer, "issuer_name", "kind").label("issuers"),
            )
        )
    ).one()
    value = {"year": query.year, "totals": found.totals, "issuers": found.issuers}
    return await reads.derived(work, value, shape=NoticeFigures)


# ---------------------------------------------------------------------------------------------------- signs


async def signs(work: Work, filters: DocumentSignFilters) -> Response:
    """Signs in sight."""
    where = access.lies_in(
        division=S.division_code,
        divisions=[filters.division] if filters.division else (),
        body=S.party_organization_id,
        bodies=[filters.party_organization_id] if filters.party_organization_id else (),
    )
    return await reads.page(
        work,
        _signs(work).where(*where),
        shape=DocumentSignRead,
        filters=filters,
        sort=(S.division_code, S.id),
    )


async def sign(work: Work, sign_id: UUID, *, status: int = 200) -> Response:
    """One sign."""
    statement = _signs(work).where(S.id == sign_id)
    return await reads.one(
        work, statement, shape=DocumentSignRead, missing=errors.SignNotFound, status=status
    )


def _signs(work: Work) -> Select[Any]:
    this_year = extract("year", access.today_sql())
    last = (
        select(DocumentCounter.last)
        .where(DocumentCounter.sign_id == S.id, DocumentCounter.year == this_year)
        .correlate(S)
        .scalar_subquery()
    )
    return (
        select(
            S.id,
            S.sign,
            reads.ref(_body.id, _body.name).label("party_organization"),
            reads.ref(_office.id, _office.name).label("authority"),
            reads.code_ref(S.division_code, _place.name).label("division"),
            S.document,
            func.coalesce(last, 0).label("last_serial"),
            reads.etag(S.version),
            reads.actions(work, {"draft_notice": (_RECORD, None)}, read=_READ, visible=sight.signs),
        )
        .join(divisions, _place.code == S.division_code)
        .outerjoin(party_organizations, _body.id == S.party_organization_id)
        .outerjoin(authorities, _office.id == S.authority_id)
        .where(sight.signs(work.actor.scope(_READ)))
    )


async def numbers(work: Work, sign_id: UUID, filters: DocumentNumberFilters) -> Response:
    """发文登记簿: every number of a sign in order, voided ones too. Raises `SignNotFound`."""
    if await sight.sign(work, sign_id, _READ) is None:
        raise errors.SignNotFound
    conditions: list[Any] = [
        column == value
        for column, value in ((R.year, filters.year), (R.state, filters.state))
        if value is not None
    ]
    statement = (
        select(
            R.id,
            R.serial,
            R.year,
            R.number,
            R.state,
            reads.ref(N.id, N.title).label("notice"),
            R.allocated_at,
            R.voided_at,
            R.voided_reason,
        )
        .join(N, N.id == R.notice_id)
        .where(R.sign_id == sign_id, *conditions)
    )
    return await reads.page(
        work, statement, shape=DocumentNumberRead, filters=filters, sort=(R.year, R.serial, R.id)
    )
