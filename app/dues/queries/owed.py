"""What a member owes: in one month, and every month that is over and not paid."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    and_,
    case,
    cast,
    column,
    exists,
    func,
    literal,
    select,
    text,
    true,
)

from app.dues.models import Payment, Reduction, Standard
from app.dues.queries.tables import member_statuses, members
from app.dues.rules import DuesState, next_month

DUTIFUL = ("probationary", "full")
M = members.c
S, P, R = Standard, Payment, Reduction


def pays(last_day: Any) -> ColumnElement[bool]:
    """Whether the member was probationary or full on a month's last day. A suspended membership (停止党籍)
    owes nothing while it rests."""
    s = member_statuses.c
    return exists(
        select(literal(1))
        .where(s.member_id == M.id, s.status.in_(DUTIFUL), s.valid.op("@>")(last_day))
        .correlate_except(member_statuses)
    )


def first_month() -> ColumnElement[date]:
    """The month of the branch meeting that admitted: dues begin with it (发展党员 the 15th step)."""
    return cast(func.date_trunc("month", cast(M.joined_on, DateTime())), Date())


def standard_in(month: date) -> Any:
    """The member's standard in a month, as a lateral row."""
    return (
        select(S.amount, S.income_class, S.rate)
        .where(S.member_id == M.id, S.valid.contains(month))
        .correlate(members)
        .lateral("standard")
    )


def reduction_in(month: date) -> Any:
    """The approved reduction in a month."""
    return (
        select(R.amount)
        .where(R.member_id == M.id, R.state == "approved", R.valid.contains(month))
        .correlate(members)
        .lateral("reduction")
    )


def payment_in(month: date) -> Any:
    """What was paid for a month."""
    return (
        select(P.id, P.amount, P.paid_on)
        .where(P.member_id == M.id, P.state == "paid", P.month == month)
        .correlate(members)
        .lateral("payment")
    )


def state_in(month: date, standard: Any, payment: Any) -> ColumnElement[Any]:
    """Paid, unpaid, without a standard, or not owed."""
    last = next_month(month) - timedelta(days=1)
    owed = and_(pays(literal(last, Date())), first_month() <= literal(month, Date()))
    return case(
        (payment.c.id.is_not(None), DuesState.PAID.value),
        (~func.coalesce(owed, False), DuesState.NOT_OWED.value),
        (standard.c.amount.is_(None), DuesState.NO_STANDARD.value),
        else_=DuesState.UNPAID.value,
    )


def unpaid_before(limit: date) -> Any:
    """The months before one that a member owes and has not paid, each with its sum."""
    start = func.greatest(cast(func.lower(S.valid), DateTime()), cast(first_month(), DateTime()))
    stop = cast(literal(limit, Date()), DateTime()) - text("interval '1 month'")
    series = (
        func.generate_series(start, stop, text("interval '1 month'"))
        .table_valued(column("at", DateTime()), name="series")
        .render_derived()
        .lateral("series")
    )
    month = cast(series.c.at, Date())
    last_day = cast(series.c.at + text("interval '1 month' - interval '1 day'"), Date())
    paid = exists(
        select(literal(1))
        .where(P.member_id == S.member_id, P.state == "paid", P.month == month)
        .correlate_except(Payment)
    )
    found: Any = (
        select(month.label("month"), func.coalesce(R.amount, S.amount).label("amount"))
        .select_from(Standard)
        .join(series, true())
        .outerjoin(
            Reduction, and_(R.member_id == S.member_id, R.state == "approved", R.valid.op("@>")(month))
        )
        .where(S.member_id == M.id, S.valid.op("@>")(month), ~paid, pays(last_day))
        .correlate(members)
    )
    return found


def arrears_before(limit: date) -> Any:
    """Unpaid months in all, those after the last one that was paid, the oldest, and the sum: one row."""
    months = unpaid_before(limit).subquery("months")
    last = (
        select(func.max(P.month))
        .where(P.member_id == M.id, P.state == "paid", P.month < limit)
        .correlate(members)
        .scalar_subquery()
    )
    row = months.c.month > func.coalesce(last, literal(date.min.replace(year=1900), Date()))
    return (
        select(
            func.count().label("months"),
            func.count().filter(row).label("consecutive"),
            func.min(months.c.month).label("since"),
            func.coalesce(func.sum(months.c.amount), 0).label("amount"),
        )
        .select_from(months)
        .correlate(members)
        .lateral("arrears")
    )
