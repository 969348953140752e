"""Take in dues, many members and months at once; take a wrong record back."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import Response

from app.core import reads
from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.dues import errors, queries, rules
from app.dues.commands import checking
from app.dues.models import Payment
from app.dues.queries import Payer
from app.dues.rules import MOST_MONTHS, Wrong
from app.dues.schemas import (
    DuesCollect,
    DuesCollected,
    DuesCollection,
    DuesPaymentCancel,
    DuesPaymentCancelled,
)
from app.dues.schemas.accounts import DuesPaymentEntry, DuesReceipt
from app.party_organizations import commands as party_organizations
from app.party_organizations.rules import Power

_RECORD = Permission.MEMBER_RECORD
Due = dict[tuple[UUID, date], tuple[Decimal, bool]]


async def collect(work: Work, plan: DuesCollect) -> Response:
    """Record what a body took in. Raises `DuesBodyNotFound`, `BodyMayNotCollect`, `DuesInvalid`,
    `DuesMonthPaid`."""
    division = await queries.body_division(work, plan.party_organization_id, _RECORD)
    powers = await party_organizations.powers_of(work, plan.party_organization_id)
    if Power.COLLECT_DUES not in powers.granted:
        raise errors.BodyMayNotCollect
    paid_on = checking.past_day(work, plan.paid_on, "/paid_on")
    stretches = [_stretch(entry, number) for number, entry in enumerate(plan.payments)]
    known = await queries.payers(
        work, [entry.member_id for entry in plan.payments], plan.party_organization_id
    )
    asked = sorted({month for months in stretches for month in months})
    due = await queries.due(work, list(known), asked)
    checking.refuse(_wrongs(work, plan, stretches, known, due))
    rows = [
        Payment(
            id=uuid7(),
            member_id=entry.member_id,
            party_organization_id=plan.party_organization_id,
            month=month,
            amount=entry.amount or due[entry.member_id, month][0],
            paid_on=paid_on,
            state="paid",
        )
        for entry, months in zip(plan.payments, stretches, strict=True)
        for month in months
    ]
    work.session.add_all(rows)
    await work.session.flush()
    total = sum((row.amount for row in rows), Decimal(0))
    work.announce(
        DuesCollected(
            subject=plan.party_organization_id,
            division_code=division,
            payments=len(rows),
            amount=str(total),
            paid_on=paid_on,
        )
    )
    receipts = [
        DuesReceipt(id=r.id, member_id=r.member_id, month=f"{r.month:%Y-%m}", amount=r.amount) for r in rows
    ]
    told = DuesCollection(
        party_organization_id=plan.party_organization_id, paid_on=paid_on, amount=total, receipts=receipts
    )
    return await reads.derived(work, told, status=201)


def _stretch(entry: DuesPaymentEntry, number: int) -> list[date]:
    first = rules.first_of_month(entry.from_month)
    last = checking.month_or_same(entry.through_month, first)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if not 1 <= count <= MOST_MONTHS:
        words = (f"一次登记1至{MOST_MONTHS}个月", f"one line is of 1 to {MOST_MONTHS} months")
        checking.refuse([Wrong(f"/payments/{number}/through_month", "months", words)])
    return list(rules.months(first, last))


def _wrongs(
    work: Work, plan: DuesCollect, stretches: list[list[date]], known: dict[UUID, Payer], due: Due
) -> Iterator[Wrong]:
    seen: set[tuple[UUID, date]] = set()
    for number, (entry, months) in enumerate(zip(plan.payments, stretches, strict=True)):
        at = f"/payments/{number}"
        member = known.get(entry.member_id)
        if member is None:
            words = ("没有这名党员, 或不隶属该支部", "no such member in sight belongs to this branch")
            yield Wrong(f"{at}/member_id", "not_of_this_body", words)
            continue
        yield from checking.wrong_with_month(months[0], member.joined_on, work.today, f"{at}/from_month")
        yield from checking.wrong_with_month(months[-1], member.joined_on, work.today, f"{at}/through_month")
        for month in months:
            yield from _wrong_month(entry, month, due, seen, at)
            seen.add((entry.member_id, month))


def _wrong_month(
    entry: DuesPaymentEntry, month: date, due: Due, seen: set[tuple[UUID, date]], at: str
) -> Iterator[Wrong]:
    told = f"{month:%Y-%m}"
    found: Any = due.get((entry.member_id, month))
    if found is None:
        words = (f"{told}没有党费标准, 请先核定", f"{told} has no standard: set one first")
        yield Wrong(f"{at}/from_month", "no_standard", words)
        return
    amount, paid = found
    if paid or (entry.member_id, month) in seen:
        yield Wrong(f"{at}/from_month", "month_paid", (f"{told}已缴", f"{told} is paid already"))
    if entry.amount is not None and entry.amount < amount:
        words = ("少于应交金额, 减免请先申请", "less than is due: apply for a reduction first")
        yield Wrong(f"{at}/amount", "below_standard", words)


async def cancel_payment(work: Work, payment_id: UUID, order: DuesPaymentCancel) -> None:
    """Take back a payment recorded in error: the month is unpaid again."""
    payment = await queries.payment_for_update(work, payment_id)
    work.expect(payment)
    if payment.state != "paid":
        raise errors.PaymentIsCancelled
    payment.state, payment.cancelled_reason = "cancelled", order.reason
    await work.session.flush()
    member = await queries.payer(work, payment.member_id, _RECORD)
    work.announce(
        DuesPaymentCancelled(
            subject=member.id,
            division_code=member.division_code,
            payment_id=payment.id,
            reason=order.reason,
        )
    )
