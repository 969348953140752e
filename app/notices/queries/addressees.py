"""Addressees with their answers, as they are read; what the clock has to look at."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from app.core import access, reads
from app.core.access import Permission
from app.core.work import Work
from app.notices import errors
from app.notices.models import Addressee, Answer, Extension, Notice, Rectification
from app.notices.queries import sight
from app.notices.queries.tables import divisions, users
from app.notices.rules import OWING
from app.notices.schemas import AddresseeFilters, AddresseeLine, AddresseeRead

_READ, _RECORD, _DECIDE = Permission.NOTICE_READ, Permission.NOTICE_RECORD, Permission.NOTICE_DECIDE
N, A, R, X = Notice, Addressee, Rectification, Extension
_place = divisions.c
OWED = and_(N.reply_required, A.state.in_(sorted(OWING)))
OVERDUE = and_(A.overdue_at.is_not(None), A.replied_at.is_(None))
_ASKED = exists().where(X.addressee_id == A.id, X.state == "asked").correlate(A)
_UNDONE = exists().where(R.addressee_id == A.id, R.state != "closed").correlate(A)


def _actions(work: Work) -> Any:
    """Verbs of the side that answers, and of the side that asked."""
    answering = sight.addressed(work.actor, work.actor.scope(_RECORD))
    asking = sight.issuing(work.actor.scope(_DECIDE))
    running = A.state.not_in(["closed", "withdrawn"])
    return reads.actions(
        work,
        {
            "receive": (_RECORD, and_(A.state == "waiting", answering)),
            "reply": (_RECORD, and_(OWED, answering)),
            "ask_extension": (_RECORD, and_(OWED, A.due_on.is_not(None), ~_ASKED, answering)),
            "report_rectification": (_RECORD, and_(running, _UNDONE, answering)),
            "decide_extension": (_DECIDE, and_(_ASKED, asking)),
            "verify": (_DECIDE, and_(A.state == "replied", asking)),
            "open_rectification": (_DECIDE, and_(running, asking)),
            "record_minutes": (_DECIDE, and_(running, asking)),
            "escalate": (_DECIDE, and_(running, OVERDUE, asking)),
            "close": (
                _DECIDE,
                and_(or_(A.state == "verified", and_(~N.reply_required, running)), ~_UNDONE, asking),
            ),
        },
    )


def _common(work: Work) -> list[Any]:
    return [
        A.id,
        reads.ref(N.id, N.title).label("notice"),
        N.kind.label("notice_kind"),
        N.number,
        N.issued_on,
        A.kind,
        A.name,
        A.organization_id,
        A.party_organization_id,
        A.authority_id,
        reads.code_ref(A.division_code, _place.name).label("division"),
        A.state,
        N.reply_required,
        A.due_on,
        OVERDUE.label("overdue"),
        A.late,
        A.round,
        reads.etag(A.version),
        _actions(work),
    ]


def _select(work: Work, *columns: Any) -> Select[Any]:
    return (
        select(*_common(work), *columns)
        .join(N, N.id == A.notice_id)
        .join(divisions, _place.code == A.division_code)
        .where(
            N.issued_at.is_not(None),
            sight.visible_addressee(work.actor, work.actor.scope(_READ)),
        )
    )


async def page(work: Work, filters: AddresseeFilters) -> Response:
    """Addressees in sight, by division."""
    conditions: list[Any] = [
        column == value
        for column, value in (
            (A.notice_id, filters.notice_id),
            (A.organization_id, filters.organization_id),
            (A.state, filters.state),
        )
        if value is not None
    ]
    conditions += access.lies_in(
        division=A.division_code,
        divisions=[filters.division] if filters.division else (),
        body=A.body_id,
        bodies=[filters.party_organization_id] if filters.party_organization_id else (),
    )
    if filters.overdue is not None:
        late = A.overdue_at.is_not(None)
        conditions.append(late if filters.overdue else ~late)
    if filters.owing is not None:
        conditions.append(OWED if filters.owing else ~OWED)
    return await reads.page(
        work,
        _select(work).where(*conditions),
        shape=AddresseeLine,
        filters=filters,
        sort=(A.division_code, A.id),
    )


async def read(work: Work, addressee_id: UUID, *, status: int = 200) -> Response:
    """One addressee whole."""
    statement = _select(
        work,
        A.party_post_id,
        A.user_id,
        A.due_at,
        A.provisional,
        A.overdue_at,
        A.received_at,
        A.replied_at,
        A.verified_at,
        A.closed_at,
        A.escalated_at,
        A.held_on,
        A.place,
        A.minutes,
        _answers().label("answers"),
        _extensions().label("extensions"),
        _rectifications().label("rectifications"),
    ).where(A.id == addressee_id)
    return await reads.one(
        work, statement, shape=AddresseeRead, missing=errors.AddresseeNotFound, status=status
    )


def _who(user_id: Any, name: str) -> Any:
    who = users.alias(f"who_{name}")
    found = select(reads.ref(who.c.id, who.c.display_name)).where(who.c.id == user_id)
    return found.scalar_subquery().label(name)


def _answers() -> ColumnElement[Any]:
    answers = select(
        Answer.round,
        Answer.text,
        Answer.evidence,
        Answer.due_at,
        Answer.replied_at,
        _who(Answer.replied_by, "replied_by"),
        Answer.late,
        Answer.verdict,
        _who(Answer.verdict_by, "verdict_by"),
        Answer.verdict_at,
        Answer.verdict_reason,
    )
    return reads.array_of(answers.where(Answer.addressee_id == A.id).correlate(A), "round")


def _extensions() -> ColumnElement[Any]:
    wishes = select(
        X.id,
        X.was_due_on,
        X.until_on,
        X.reason,
        X.state,
        _who(X.asked_by, "asked_by"),
        X.asked_at,
        _who(X.decided_by, "decided_by"),
        X.decided_at,
        X.decision_reason,
    )
    return reads.array_of(wishes.where(X.addressee_id == A.id).correlate(A), "id")


def _rectifications() -> ColumnElement[Any]:
    items = select(
        R.id,
        R.finding,
        R.due_on,
        R.state,
        R.measure,
        R.responsible_post,
        R.evidence,
        _who(R.reported_by, "reported_by"),
        R.reported_at,
        _who(R.closed_by, "closed_by"),
        R.closed_at,
        reads.etag(R.version),
    )
    return reads.array_of(items.where(R.addressee_id == A.id).correlate(A), "id")


# ----------------------------------------------------------------------------------------- for the commands


async def standing_answer(work: Work, addressee: Addressee) -> Answer:
    """The answer of the round that the addressee is in, which is locked."""
    rows = await work.scalars(
        select(Answer)
        .where(Answer.addressee_id == addressee.id, Answer.round == addressee.round)
        .execution_options(populate_existing=True)
    )
    found: Answer = rows.one()
    return found


async def extension_asked(work: Work, addressee_id: UUID) -> Extension | None:
    """The wish for more time that waits, of an addressee that is locked."""
    found: Extension | None = await work.scalar(
        select(X)
        .where(X.addressee_id == addressee_id, X.state == "asked")
        .execution_options(populate_existing=True)
    )
    return found


async def past_due(work: Work, limit: int) -> list[Addressee]:
    """Addressees whose deadline has passed by the database's clock at this very moment, unanswered and not
    yet marked: locked, those that somebody else holds left for the next time."""
    rows = await work.scalars(
        select(A)
        .where(
            A.overdue_at.is_(None),
            A.replied_at.is_(None),
            A.state.in_(["waiting", "received", "returned"]),
            A.due_at <= func.clock_timestamp(),
        )
        .order_by(A.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return list(rows)


async def unanswered(work: Work) -> list[tuple[Addressee, Notice]]:
    """Addressees that are overdue, with their notices, to which no graver notice was ever drafted."""
    graver = Notice.__table__.alias("graver")
    rows: Any = await work.execute(
        select(A, N)
        .join(N, N.id == A.notice_id)
        .where(
            OVERDUE,
            A.state.in_(sorted(OWING)),
            ~N.recorded,
            ~exists().where(graver.c.escalates_id == A.id),
        )
        .order_by(A.id)
    )
    return [(addressee, notice) for addressee, notice in rows]


async def provisional(work: Work) -> list[tuple[Addressee, Notice]]:
    """Addressees whose deadline counted days of a year without its calendar, locked, still to be judged."""
    rows: Any = await work.execute(
        select(A, N)
        .join(N, N.id == A.notice_id)
        .where(A.provisional, A.round == 1, OWED, A.overdue_at.is_(None), N.answer_days.is_not(None))
        .order_by(A.id)
        .with_for_update(of=A, skip_locked=True)
    )
    return [(addressee, notice) for addressee, notice in rows]
