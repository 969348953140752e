"""Applications with their sheets; results; what waits for a reviewer."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, and_, case, cast, func, literal, null, or_, select
from sqlalchemy.dialects.postgresql import JSON

from app.core import access, reads
from app.core.access import Permission
from app.core.work import Work
from app.rounds import errors
from app.rounds.models import (
    Application,
    Evidence,
    Interest,
    Mark,
    Objection,
    Result,
    Review,
    Round,
    Ruling,
    SelfScore,
    SiteVisit,
)
from app.rounds.queries import sight
from app.rounds.queries.reports import known
from app.rounds.queries.tables import (
    authorities,
    divisions,
    organizations,
    party_organizations,
    standard_versions,
    users,
)
from app.rounds.schemas import (
    ApplicationFilters,
    ApplicationRead,
    InterestRead,
    ResultFilters,
    ResultRead,
    ReviewItem,
    ReviewRead,
    RoundReviewFilters,
)

A, R, V = Application, Round, Review
_READ, _DECIDE, _RECORD = Permission.ROUND_READ, Permission.ROUND_DECIDE, Permission.ROUND_RECORD
_SUBJECT = func.coalesce(A.organization_id, A.party_organization_id, A.member_id)


def _said(answer: Any) -> list[Any]:
    """The parts of an answer, as fields."""
    return [
        cast(answer["deductions"], JSON).label("deductions"),
        answer["level"].astext.label("level"),
        cast(answer["count"].astext, R.quota.type).label("count"),
        cast(answer["triggered"].astext, R.cultivation.type).label("triggered"),
    ]


def _files(*conditions: ColumnElement[bool], of: Any) -> ColumnElement[Any]:
    e = Evidence
    rows: Any = select(e.file_id, e.paper, e.name, e.size, e.sha256).where(*conditions).correlate(of)
    return reads.array_of(rows, "file_id")


async def read(work: Work, application_id: UUID, *, status: int = 200) -> Response:
    """One application with its sheet."""
    return await reads.one(
        work,
        _applications(work).where(A.id == application_id),
        shape=ApplicationRead,
        missing=errors.ApplicationNotFound,
        status=status,
    )


async def page(work: Work, round_id: UUID, filters: ApplicationFilters) -> Response:
    """The applications of a round in sight, by division."""
    await known(work, round_id)
    statement = _applications(work).where(A.round_id == round_id)
    if filters.division is not None:
        statement = statement.where(access.within_divisions(A.division_code, [filters.division]))
    if filters.state is not None:
        statement = statement.where(A.state == filters.state)
    return await reads.page(
        work, statement, shape=ApplicationRead, filters=filters, sort=(A.division_code, A.id)
    )


def _reviews(work: Work) -> ColumnElement[Any]:
    """The places at a sheet. Who decides in the round sees who, and what was handed in."""
    u, m = users.c, Mark
    decides = sight.held(work.actor.scope(_DECIDE)) if work.actor.may(_DECIDE) else literal(False)
    marks = reads.array_of(
        select(m.indicator, *_said(m.answer), m.reason).where(m.review_id == V.id).correlate(V), "indicator"
    )
    rows = (
        select(
            V.id,
            V.place,
            V.state,
            V.due_on,
            V.submitted_at,
            V.replaced_for,
            case((decides, reads.ref(u.id, u.display_name)), else_=cast(null(), JSON)).label("reviewer"),
            case((and_(decides, V.state == "submitted"), marks), else_=cast(null(), JSON)).label("marks"),
            reads.etag(V.version),
        )
        .join(users, u.id == V.reviewer_id)
        .where(V.application_id == A.id)
        .correlate(A, R)
    )
    return reads.array_of(rows, "place", "id")


def _applications(work: Work) -> Any:
    s, t, o, g = SelfScore, SiteVisit, Objection, Ruling
    place = divisions.c
    sheet = (
        select(
            s.indicator,
            *_said(s.answer),
            s.answer["reason"].astext.label("reason"),
            s.note,
            _files(
                Evidence.application_id == s.application_id, Evidence.indicator == s.indicator, of=s
            ).label("files"),
        )
        .where(s.application_id == A.id)
        .correlate(A)
    )
    visits: Any = (
        select(t.id, t.kind, t.held_on, t.visitors, t.unit, t.findings)
        .where(t.application_id == A.id)
        .correlate(A)
    )
    rulings: Any = (
        select(
            g.id,
            g.indicator,
            cast(g.answer, JSON).label("answer"),
            g.adjustment,
            g.reason,
            g.objection_id,
            g.ruled_at,
        )
        .where(g.application_id == A.id)
        .correlate(A)
    )
    objections: Any = (
        select(
            o.id, o.raised_by, o.content, o.raised_on, o.state, o.answer, o.answered_at, reads.etag(o.version)
        )
        .where(o.application_id == A.id)
        .correlate(A)
    )
    drafting = and_(R.state == "applying", A.state == "draft")
    found: Any = (
        select(
            A.id,
            reads.ref(R.id, R.name).label("round"),
            A.subject_kind,
            reads.ref(_SUBJECT, A.subject_name).label("subject"),
            reads.code_ref(A.division_code, place.name).label("division"),
            A.state,
            A.cultivation_note,
            A.submitted_at,
            reads.array_of(sheet, "indicator").label("self_scores"),
            reads.array_of(visits, "id").label("visits"),
            _reviews(work).label("reviews"),
            reads.array_of(rulings, "id").label("rulings"),
            reads.array_of(objections, "id").label("objections"),
            A.created_at,
            A.updated_at,
            reads.etag(A.version),
            reads.actions(
                work,
                {
                    "self_score": (_RECORD, drafting),
                    "submit": (_RECORD, drafting),
                    "end_cultivation": (_DECIDE, and_(R.state == "applying", A.state == "cultivating")),
                    "record_visit": (_RECORD, None),
                    "rule": (_DECIDE, and_(R.state == "reviewing", A.state == "frozen")),
                    "object": (_RECORD, and_(R.state == "publicity", A.state == "frozen")),
                },
                read=_READ,
                visible=sight.applications,
            ),
        )
        .join(R, R.id == A.round_id)
        .join(divisions, place.code == A.division_code)
        .where(sight.applications(work.actor.scope(_READ)))
    )
    return found


async def results(work: Work, round_id: UUID, filters: ResultFilters) -> Response:
    """The results of a round in sight, vetoed ones last."""
    await known(work, round_id)
    res, place = Result, divisions.c
    last = func.coalesce(res.rank, 2**31 - 1)
    statement = (
        select(
            res.id,
            res.application_id,
            res.subject_kind,
            reads.ref(_SUBJECT, A.subject_name).label("subject"),
            reads.code_ref(A.division_code, place.name).label("division"),
            res.total,
            res.rank,
            res.band,
            res.vetoed,
            res.selected,
            cast(res.derivation, JSON).label("derivation"),
            cast(res.figures, JSON).label("figures"),
            cast(res.evidence_hashes, JSON).label("evidence_hashes"),
            res.standard_hash,
            res.result_hash,
            res.state,
            reads.etag(res.version),
        )
        .join(A, A.id == res.application_id)
        .join(divisions, place.code == A.division_code)
        .where(res.round_id == round_id, sight.applications(work.actor.scope(_READ)))
    )
    if filters.division is not None:
        statement = statement.where(access.within_divisions(A.division_code, [filters.division]))
    if filters.selected is not None:
        statement = statement.where(res.selected == filters.selected)
    return await reads.page(work, statement, shape=ResultRead, filters=filters, sort=(last, res.id))


# ------------------------------------------------------------------------------------------------- reviewing


async def reviews(work: Work, filters: RoundReviewFilters) -> Response:
    """What I review, the most urgent first."""
    statement = (
        select(
            V.id,
            reads.ref(R.id, R.name).label("round"),
            R.use,
            reads.ref(_SUBJECT, A.subject_name).label("subject"),
            V.state,
            V.due_on,
            V.submitted_at,
            reads.etag(V.version),
            _review_actions(work),
        )
        .join(A, A.id == V.application_id)
        .join(R, R.id == V.round_id)
        .where(_mine(work))
    )
    if filters.state is not None:
        statement = statement.where(V.state == filters.state)
    return await reads.page(work, statement, shape=ReviewItem, filters=filters, sort=(V.due_on, V.id))


def _mine(work: Work) -> ColumnElement[bool]:
    """What is or was mine; from what was taken away nothing more is shown."""
    return and_(V.reviewer_id == work.actor.id, V.state != "replaced")


def _review_actions(work: Work) -> Any:
    waiting = and_(V.state == "assigned", R.state == "reviewing", V.due_on >= access.today_sql())
    return reads.actions(work, {"submit": (Permission.ROUND_REVIEW, waiting)})


async def review(work: Work, review_id: UUID) -> Response:
    """One sheet as its reviewer may see it: blind until submitted."""
    s, m, v = SelfScore, Mark, standard_versions.c
    shown = or_(R.self_scores_shown, V.state == "submitted")
    answer: Any = cast(s.answer, JSON)
    sheet = (
        select(
            s.indicator,
            case((shown, answer), else_=cast(null(), JSON)).label("self_score"),
            s.note,
            _files(
                Evidence.application_id == s.application_id, Evidence.indicator == s.indicator, of=s
            ).label("files"),
        )
        .where(s.application_id == V.application_id)
        .correlate(V, R)
    )
    visits: Any = (
        select(SiteVisit.held_on, SiteVisit.findings)
        .where(SiteVisit.application_id == V.application_id, SiteVisit.kind == "on_site")
        .correlate(V)
    )
    marks = select(m.indicator, *_said(m.answer), m.reason).where(m.review_id == V.id).correlate(V)
    statement: Any = (
        select(
            V.id,
            reads.ref(R.id, R.name).label("round"),
            V.application_id,
            reads.ref(_SUBJECT, A.subject_name).label("subject"),
            cast(v.content, JSON).label("standard"),
            V.state,
            V.due_on,
            V.submitted_at,
            V.note,
            reads.array_of(sheet, "indicator").label("sheet"),
            reads.array_of(visits, "held_on").label("visits"),
            reads.array_of(marks, "indicator").label("marks"),
            reads.etag(V.version),
            _review_actions(work),
        )
        .join(A, A.id == V.application_id)
        .join(R, R.id == V.round_id)
        .join(standard_versions, v.id == R.standard_version_id)
        .where(V.id == review_id, _mine(work))
    )
    return await reads.one(work, statement, shape=ReviewRead, missing=errors.ReviewNotFound)


async def interest(work: Work, interest_id: UUID, *, status: int = 200) -> Response:
    """One interest of mine."""
    i, o, b, a = Interest, organizations.c, party_organizations.c, authorities.c
    statement = (
        select(
            i.id,
            i.kind,
            reads.ref(o.id, o.name).label("organization"),
            reads.ref(b.id, b.name).label("party_organization"),
            reads.ref(a.id, a.name).label("authority"),
            i.reason,
            i.declared_at,
        )
        .outerjoin(organizations, o.id == i.organization_id)
        .outerjoin(party_organizations, b.id == i.party_organization_id)
        .outerjoin(authorities, a.id == i.authority_id)
        .where(i.id == interest_id, i.user_id == work.actor.id)
    )
    return await reads.one(work, statement, shape=InterestRead, status=status)
