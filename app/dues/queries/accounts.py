"""Members' accounts, the sheet of a month, counts and arrears. Ciphertext is never selected here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Integer,
    Join,
    Numeric,
    Select,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.core import access, reads
from app.core.access import Permission
from app.core.jurisdictions import Jurisdiction, nearest
from app.core.work import Work
from app.dues import errors
from app.dues.models import Payment, Reduction, Standard
from app.dues.queries.owed import (
    DUTIFUL,
    arrears_before,
    payment_in,
    reduction_in,
    standard_in,
    state_in,
    unpaid_before,
)
from app.dues.queries.tables import divisions, members, party_organizations, persons
from app.dues.rules import DuesState
from app.dues.schemas import (
    ArrearsFilters,
    ArrearsRead,
    DuesCountsQuery,
    DuesPaymentRead,
    DuesRowRead,
    DuesSheetFilters,
)

_READ, _RECORD = Permission.MEMBER_READ, Permission.MEMBER_RECORD
M, B, S, P, R = members.c, party_organizations.c, Standard, Payment, Reduction
PAYMENTS = 24


@dataclass(frozen=True, slots=True)
class Payer:
    """A member as dues need one."""

    id: UUID
    name_mask: str
    status: str
    joined_on: date | None
    party_organization_id: UUID
    division_code: str
    path: tuple[str, ...]


def visible(work: Work, permission: Permission) -> ColumnElement[bool]:
    """Members in the scope of a permission."""
    scope = work.actor.scope(permission)
    return access.reach(scope, M.division_code, M.party_organization_id, row_id=M.id)


def _payer() -> Select[Any]:
    x = access.division_closure.c
    path = (
        select(func.array_agg(aggregate_order_by(x.ancestor_code, x.depth.desc())))
        .where(x.descendant_code == M.division_code, x.valid.op("@>")(access.today_sql()))
        .correlate(members)
        .scalar_subquery()
    )
    return select(
        M.id,
        persons.c.name_mask,
        M.status,
        M.joined_on,
        M.party_organization_id,
        M.division_code,
        path.label("path"),
    ).join(persons, persons.c.id == M.person_id)


def _as_payer(row: Any) -> Payer:
    return Payer(
        row.id,
        row.name_mask,
        row.status,
        row.joined_on,
        row.party_organization_id,
        row.division_code,
        tuple(row.path or ()),
    )


async def payer(work: Work, member_id: UUID, permission: Permission) -> Payer:
    """A member in scope; held until the end where it is to be written. Raises `DuesMemberNotFound`."""
    statement = _payer().where(M.id == member_id, visible(work, permission))
    if permission is not _READ:
        statement = statement.with_for_update(of=members)
    row = (await work.execute(statement)).one_or_none()
    if row is None:
        raise errors.DuesMemberNotFound
    return _as_payer(row)


async def payers(work: Work, member_ids: Sequence[UUID], body_id: UUID) -> dict[UUID, Payer]:
    """Those of the members who belong to a body today, held until the end."""
    rows = await work.execute(
        _payer()
        .where(M.id.in_(list(member_ids)), M.party_organization_id == body_id, visible(work, _RECORD))
        .order_by(M.id)
        .with_for_update(of=members)
    )
    return {row.id: _as_payer(row) for row in rows}


async def body_division(work: Work, body_id: UUID, permission: Permission) -> str:
    """The division of a body in scope. Raises `DuesBodyNotFound`."""
    scope = work.actor.scope(permission)
    found = await work.scalar(
        select(B.division_code).where(
            B.id == body_id, access.reach(scope, B.division_code, B.id, row_id=B.id)
        )
    )
    if found is None:
        raise errors.DuesBodyNotFound
    return str(found)


async def standards_for_update(work: Work, member_id: UUID) -> Sequence[Standard]:
    """Every standard of a member, the oldest first, locked."""
    rows = await work.scalars(select(S).where(S.member_id == member_id).order_by(S.valid).with_for_update())
    return rows.all()


async def due(work: Work, member_ids: Sequence[UUID], months: Sequence[date]) -> dict[tuple[UUID, date], Any]:
    """What is due of each member in each month, and whether it is paid: (sum, paid)."""
    asked = bindparam(None, list(months), type_=ARRAY(Date()))
    month = func.unnest(asked).table_valued(column("month", Date()), name="asked").render_derived()
    rows: Any = await work.execute(
        select(S.member_id, month.c.month, func.coalesce(R.amount, S.amount), P.id)
        .select_from(Standard)
        .join(month, S.valid.op("@>")(month.c.month))
        .outerjoin(
            Reduction,
            and_(R.member_id == S.member_id, R.state == "approved", R.valid.op("@>")(month.c.month)),
        )
        .outerjoin(Payment, and_(P.member_id == S.member_id, P.state == "paid", P.month == month.c.month))
        .where(S.member_id.in_(list(member_ids)))
    )
    return {(row[0], row[1]): (row[2], row[3] is not None) for row in rows}


async def payment_for_update(work: Work, payment_id: UUID) -> Payment:
    """A payment of a member in scope, locked. Raises `DuesPaymentNotFound`."""
    inside = select(M.id).where(M.id == P.member_id, visible(work, _RECORD)).correlate(Payment).exists()
    found: Payment | None = await work.scalar(select(P).where(P.id == payment_id, inside).with_for_update())
    if found is None:
        raise errors.DuesPaymentNotFound
    return found


def _payments(work: Work) -> Select[Any]:
    return (
        select(
            P.id,
            reads.ref(M.id, persons.c.name_mask).label("member"),
            reads.ref(B.id, B.name).label("party_organization"),
            func.to_char(P.month, "YYYY-MM").label("month"),
            P.amount,
            P.paid_on,
            P.state,
            P.cancelled_reason,
            reads.etag(P.version),
            reads.actions(work, {"cancel": (_RECORD, P.state == "paid")}),
        )
        .select_from(Payment)
        .join(members, M.id == P.member_id)
        .join(persons, persons.c.id == M.person_id)
        .join(party_organizations, B.id == P.party_organization_id)
        .where(visible(work, _READ))
    )


async def read_payment(work: Work, payment_id: UUID) -> Response:
    """One payment."""
    statement = _payments(work).where(P.id == payment_id)
    return await reads.one(work, statement, shape=DuesPaymentRead, missing=errors.DuesPaymentNotFound)


async def account(work: Work, payer: Payer, limit: date) -> dict[str, Any]:
    """A member's standards, payments and reductions, and the months before one that are not paid."""
    standards = select(
        S.income_class,
        S.rate,
        S.amount,
        func.to_char(func.lower(S.valid), "YYYY-MM").label("from_month"),
        func.to_char(func.upper(S.valid), "YYYY-MM").label("until_month"),
    ).where(S.member_id == payer.id)
    reductions = select(
        R.id,
        R.amount,
        func.to_char(func.lower(R.valid), "YYYY-MM").label("from_month"),
        func.to_char(func.upper(R.valid), "YYYY-MM").label("until_month"),
        R.state,
    ).where(R.member_id == payer.id)
    payments = _payments(work).where(P.member_id == payer.id).order_by(P.month.desc(), P.id).limit(PAYMENTS)
    arrears, lateral = arrears_before(limit), unpaid_before(limit).lateral("unpaid")
    open_months = (
        select(func.to_char(lateral.c.month, "YYYY-MM").label("month"), lateral.c.amount)
        .select_from(members.join(lateral, true()))
        .where(M.id == payer.id)
    )
    found = await work.execute(
        select(
            reads.array_of(standards, "from_month").label("standards"),
            reads.array_of(payments).label("payments"),
            reads.array_of(reductions, "from_month", "id").label("reductions"),
            reads.array_of(open_months, "month").label("arrears"),
            arrears.c.amount.label("arrears_amount"),
            arrears.c.consecutive.label("consecutive_months"),
        )
        .select_from(members.join(arrears, true()))
        .where(M.id == payer.id)
    )
    return dict(found.mappings().one())


def _asked(filters: Any) -> list[ColumnElement[bool]]:
    return access.lies_in(
        division=M.division_code,
        divisions=[filters.division] if filters.division else [],
        body=M.party_organization_id,
        bodies=[filters.party_organization_id] if filters.party_organization_id else [],
    )


def _whose() -> Join:
    """Members with their names and branches."""
    return members.join(persons, persons.c.id == M.person_id).join(
        party_organizations, B.id == M.party_organization_id
    )


async def sheet(work: Work, filters: DuesSheetFilters, month: date) -> Response:
    """Every member of a scope in one month."""
    standard, reduction, payment = standard_in(month), reduction_in(month), payment_in(month)
    state = state_in(month, standard, payment)
    due_ = case(
        (state == DuesState.NOT_OWED.value, None),
        else_=func.coalesce(reduction.c.amount, standard.c.amount),
    )
    statement = (
        select(
            reads.ref(M.id, persons.c.name_mask).label("member"),
            reads.ref(B.id, B.name).label("party_organization"),
            standard.c.income_class,
            standard.c.amount.label("standard"),
            cast(due_, Numeric(10, 2)).label("due"),
            payment.c.amount.label("paid"),
            payment.c.paid_on,
            state.label("state"),
        )
        .select_from(
            _whose().outerjoin(standard, true()).outerjoin(reduction, true()).outerjoin(payment, true())
        )
        .where(
            visible(work, _READ),
            *_asked(filters),
            or_(M.status.in_([*DUTIFUL, "suspended"]), payment.c.id.is_not(None)),
        )
    )
    if filters.state is not None:
        statement = statement.where(state == filters.state.value)
    return await reads.page(work, statement, shape=DuesRowRead, filters=filters, sort=(M.division_code, M.id))


async def counts(work: Work, query: DuesCountsQuery, month: date) -> dict[str, Any]:
    """A month over a scope."""
    standard, reduction, payment = standard_in(month), reduction_in(month), payment_in(month)
    state = state_in(month, standard, payment)
    owing = state.in_([DuesState.PAID.value, DuesState.UNPAID.value])
    amount = func.coalesce(reduction.c.amount, standard.c.amount)
    found = await work.execute(
        select(
            func.count().filter(owing).label("owing"),
            func.count().filter(state == DuesState.PAID.value).label("paid"),
            func.count().filter(state == DuesState.NO_STANDARD.value).label("without_standard"),
            func.count().filter(owing, reduction.c.amount.is_not(None)).label("reduced"),
            func.coalesce(func.sum(amount).filter(owing), 0).label("amount_due"),
            func.coalesce(func.sum(payment.c.amount), 0).label("amount_paid"),
        )
        .select_from(
            members.outerjoin(standard, true()).outerjoin(reduction, true()).outerjoin(payment, true())
        )
        .where(visible(work, _READ), *_asked(query))
    )
    return dict(found.mappings().one())


async def arrears(
    work: Work, filters: ArrearsFilters, limit: date, ranked: Sequence[Jurisdiction[tuple[int, int]]]
) -> Response:
    """Members who are behind, by division and id."""
    behind = arrears_before(limit)
    consecutive = behind.c.consecutive
    report, proposal = (
        nearest(M.division_code, [Jurisdiction(j.code, j.value[n]) for j in ranked], Integer())
        for n in (0, 1)
    )
    step = case((consecutive >= proposal, "proposal"), (consecutive >= report, "report"), else_="none")
    statement = (
        select(
            reads.ref(M.id, persons.c.name_mask).label("member"),
            reads.ref(B.id, B.name).label("party_organization"),
            reads.code_ref(M.division_code, divisions.c.name).label("division"),
            behind.c.months,
            consecutive.label("consecutive_months"),
            func.to_char(behind.c.since, "YYYY-MM").label("since_month"),
            cast(behind.c.amount, Numeric(12, 2)).label("amount"),
            step.label("step"),
        )
        .select_from(_whose().join(divisions, divisions.c.code == M.division_code).join(behind, true()))
        .where(
            visible(work, _READ),
            *_asked(filters),
            M.status.in_(DUTIFUL),
            behind.c.months > literal(0),
            consecutive >= filters.at_least,
        )
    )
    return await reads.page(work, statement, shape=ArrearsRead, filters=filters, sort=(M.division_code, M.id))
