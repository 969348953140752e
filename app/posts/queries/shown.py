"""Terms, posts, elections, reviews and congresses as their schemas have them."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.posts import errors
from app.posts.models import Ballot, Candidate, Congress, Election, NomineeReview, Post, Term
from app.posts.queries.tables import divisions, members, party_organizations, persons
from app.posts.schemas import (
    CongressFilters,
    CongressRead,
    ElectionFilters,
    ElectionRead,
    NomineeReviewRead,
    PostFilters,
    PostRead,
    ReviewFilters,
    TermFilters,
    TermRead,
)

T, P, E, N, C = Term, Post, Election, NomineeReview, Congress
_READ = Permission.MEMBER_READ
_RECORD, _DECIDE, _REVEAL = Permission.MEMBER_RECORD, Permission.MEMBER_DECIDE, Permission.MEMBER_REVEAL
_BODY_READ, _BODY_DECIDE = Permission.PARTY_ORGANIZATION_READ, Permission.PARTY_ORGANIZATION_DECIDE
body, place = party_organizations.c, divisions.c
Row = type[Term] | type[Post] | type[Election] | type[NomineeReview] | type[Congress]


def visible(row: Row, scope: Scope) -> ColumnElement[bool]:
    """Rows whose body lies in a scope."""
    return access.reach(scope, row.division_code, row.party_organization_id, row_id=row.id)


def _placed(row: Row, scope: Scope, *columns: Any) -> Select[Any]:
    return (
        select(
            row.id,
            reads.ref(body.id, body.name).label("party_organization"),
            reads.code_ref(row.division_code, place.name).label("division"),
            *columns,
            reads.etag(row.version),
        )
        .select_from(row)
        .join(party_organizations, body.id == row.party_organization_id)
        .join(divisions, place.code == row.division_code)
        .where(visible(row, scope))
    )


def _filtered(row: Row, filters: Any) -> list[ColumnElement[bool]]:
    return access.lies_in(
        division=row.division_code,
        divisions=[filters.division] if filters.division else [],
        body=row.party_organization_id,
        bodies=[filters.party_organization_id] if filters.party_organization_id else [],
    )


def _since(row: Any) -> Any:
    return func.lower(row.valid).label("from_on")


def _until(row: Any) -> Any:
    return func.upper(row.valid).label("until_on")


# ---------------------------------------------------------------------------------------------------- terms


def running() -> ColumnElement[bool]:
    """Terms that no next one has followed."""
    return func.upper_inf(T.valid)


def months_left(today: Any) -> ColumnElement[Any]:
    """The narrowest reminder that a running term has reached: 0 when it is over."""
    months = func.unnest(T.remind_months).column_valued("months")
    ahead = func.make_interval(0, cast(months, Integer()))
    least = select(func.min(months)).where(T.ends_on <= today + ahead).correlate(T).scalar_subquery()
    return case((~running(), None), (T.ends_on <= today, literal(0)), else_=least)


def terms(work: Work) -> Select[Any]:
    """Terms in sight."""
    approver, today = party_organizations.alias("approver"), access.today_sql()
    over = and_(running(), T.ends_on <= today)
    return _placed(
        T,
        work.actor.scope(_BODY_READ),
        T.number,
        _since(T),
        _until(T),
        T.years,
        T.regular_end_on,
        T.ends_on,
        over.label("over"),
        months_left(today).label("months_left"),
        T.extension_document,
        reads.ref(approver.c.id, approver.c.name).label("extension_approved_by"),
        T.congress_id,
        T.document,
        reads.actions(
            work,
            {"extend": (_BODY_DECIDE, running())},
            read=_BODY_READ,
            visible=lambda scope: visible(T, scope),
        ),
    ).outerjoin(approver, approver.c.id == T.extension_approved_by)


async def page_terms(work: Work, filters: TermFilters) -> Response:
    """The re-election calendar: terms by the day on which they are over."""
    statement, today = terms(work).where(*_filtered(T, filters)), access.today_sql()
    if filters.running is not None:
        statement = statement.where(running() if filters.running else ~running())
    if filters.within_months is not None:
        ahead = func.make_interval(0, filters.within_months)
        statement = statement.where(running(), T.ends_on <= today + ahead)
    if filters.over is not None:
        over = and_(running(), T.ends_on <= today)
        statement = statement.where(over if filters.over else ~over)
    return await reads.page(work, statement, shape=TermRead, filters=filters, sort=(T.ends_on, T.id))


async def read_term(work: Work, term_id: UUID, *, status: int = 200) -> Response:
    """One term."""
    return await reads.one(
        work, terms(work).where(T.id == term_id), shape=TermRead, missing=errors.TermNotFound, status=status
    )


# ---------------------------------------------------------------------------------------------------- posts


def held() -> ColumnElement[bool]:
    """Posts that are held today."""
    return and_(~P.withdrawn, P.valid.op("@>")(access.today_sql()))


def name_of(row: Any) -> Any:
    """The mask of the member's name now, or where they are out of sight the one on record here."""
    now = (
        select(persons.c.name_mask)
        .select_from(members.join(persons, persons.c.id == members.c.person_id))
        .where(members.c.id == row.member_id)
        .correlate(row)
        .scalar_subquery()
    )
    return func.coalesce(now, row.name_mask).label("name")


async def page_posts(work: Work, filters: PostFilters) -> Response:
    """Posts in sight, the latest entry first."""
    statement = _posts(work).where(*_filtered(P, filters))
    for column, value in ((P.member_id, filters.member_id), (P.role, filters.role), (P.basis, filters.basis)):
        if value is not None:
            statement = statement.where(column == value)
    if filters.as_of is not None:
        statement = statement.where(~P.withdrawn, P.valid.op("@>")(filters.as_of))
    return await reads.page(work, statement, shape=PostRead, filters=filters, sort=(P.id,), descending=True)


async def read_post(work: Work, post_id: UUID, *, status: int = 200) -> Response:
    """One post."""
    return await reads.one(
        work, _posts(work).where(P.id == post_id), shape=PostRead, missing=errors.PostNotFound, status=status
    )


def _posts(work: Work) -> Select[Any]:
    by = party_organizations.alias("appointing")
    still = or_(func.upper_inf(P.valid), func.upper(P.valid) > work.today)
    open_ended = and_(~P.withdrawn, P.ended_reason.is_(None), still)
    return _placed(
        P,
        work.actor.scope(_READ),
        P.member_id,
        name_of(P),
        P.role,
        _since(P),
        _until(P),
        P.basis,
        P.term_id,
        P.election_id,
        reads.ref(by.c.id, by.c.name).label("appointed_by"),
        P.document,
        P.ended_reason,
        P.ended_document,
        P.withdrawn,
        reads.actions(
            work,
            {"end": (_DECIDE, open_ended), "reveal": (_REVEAL, P.member_id.is_(None))},
            read=_READ,
            visible=lambda scope: visible(P, scope),
        ),
    ).outerjoin(by, by.c.id == P.appointed_by)


# ------------------------------------------------------------------------------------------------- elections


async def page_elections(work: Work, filters: ElectionFilters) -> Response:
    """Elections in sight, the latest entry first."""
    statement = _elections(work).where(*_filtered(E, filters))
    if filters.state is not None:
        statement = statement.where(E.state == filters.state)
    return await reads.page(
        work, statement, shape=ElectionRead, filters=filters, sort=(E.id,), descending=True
    )


async def read_election(work: Work, election_id: UUID, *, status: int = 200) -> Response:
    """One election."""
    return await reads.one(
        work,
        _elections(work).where(E.id == election_id),
        shape=ElectionRead,
        missing=errors.ElectionNotFound,
        status=status,
    )


def _elections(work: Work) -> Select[Any]:
    early, b, k = party_organizations.alias("early"), Ballot, Candidate
    pending = E.state == "pending"
    stood = (
        select(
            k.member_id,
            name_of(k),
            k.votes,
            k.outcome,
            k.decided_on,
            k.decision_document,
            k.post_id,
        )
        .where(k.ballot_id == b.id)
        .correlate(b)
    )
    voted = select(
        b.role,
        b.kind,
        b.seats,
        b.due,
        b.present,
        b.entitled,
        b.confirmation,
        reads.array_of(stood, "votes", "member_id").label("candidates"),
    ).where(b.election_id == E.id)
    return _placed(
        E,
        work.actor.scope(_READ),
        E.opens_term,
        E.term_id,
        E.number,
        E.held_on,
        E.congress_id,
        E.roll_document,
        E.early_document,
        reads.ref(early.c.id, early.c.name).label("early_approved_by"),
        E.document,
        E.state,
        reads.array_of(voted.correlate(E), "role").label("ballots"),
        reads.actions(
            work,
            {"confirm": (_DECIDE, pending), "refuse": (_DECIDE, pending)},
            read=_READ,
            visible=lambda scope: visible(E, scope),
        ),
    ).outerjoin(early, early.c.id == E.early_approved_by)


# --------------------------------------------------------------------------------- reviews and congresses


async def page_reviews(work: Work, filters: ReviewFilters) -> Response:
    """Nominee reviews in sight, the latest entry first."""
    statement = _reviews(work).where(*_filtered(N, filters))
    if filters.member_id is not None:
        statement = statement.where(N.member_id == filters.member_id)
    if filters.opinion is not None:
        statement = statement.where(N.opinion == filters.opinion)
    return await reads.page(
        work, statement, shape=NomineeReviewRead, filters=filters, sort=(N.id,), descending=True
    )


async def read_review(work: Work, review_id: UUID, *, status: int = 200) -> Response:
    """One nominee review."""
    return await reads.one(
        work, _reviews(work).where(N.id == review_id), shape=NomineeReviewRead, status=status
    )


def _reviews(work: Work) -> Select[Any]:
    return _placed(
        N,
        work.actor.scope(_READ),
        N.member_id,
        name_of(N),
        N.role,
        N.reviewed_on,
        N.opinion,
        N.document,
        N.created_at,
    )


async def page_congresses(work: Work, filters: CongressFilters) -> Response:
    """Congresses in sight, the latest entry first."""
    return await reads.page(
        work,
        _congresses(work).where(*_filtered(C, filters)),
        shape=CongressRead,
        filters=filters,
        sort=(C.id,),
        descending=True,
    )


async def read_congress(work: Work, congress_id: UUID, *, status: int = 200) -> Response:
    """One congress."""
    return await reads.one(
        work, _congresses(work).where(C.id == congress_id), shape=CongressRead, status=status
    )


def _congresses(work: Work) -> Select[Any]:
    approver = party_organizations.alias("approver")
    return _placed(
        C,
        work.actor.scope(_BODY_READ),
        C.number,
        C.held_on,
        C.ground,
        C.member_count,
        C.delegates,
        C.document,
        reads.ref(approver.c.id, approver.c.name).label("approved_by"),
    ).outerjoin(approver, approver.c.id == C.approved_by)
