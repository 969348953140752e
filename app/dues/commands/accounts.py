"""Standards, and the reports on accounts and arrears."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy.dialects.postgresql import Range

from app.core import reads
from app.core.access import Permission
from app.core.db import uuid7
from app.core.fields import Ref
from app.core.work import Work
from app.dues import errors, queries, rules
from app.dues.commands import checking, packs
from app.dues.models import Standard
from app.dues.queries import DUTIFUL
from app.dues.rules import Assessed, DuesPack, Wrong
from app.dues.schemas import (
    ArrearsFilters,
    DuesAccountQuery,
    DuesAccountRead,
    DuesCountsQuery,
    DuesCountsRead,
    DuesSheetFilters,
    DuesStandardSet,
    DuesStandardWasSet,
)

_READ, _RECORD = Permission.MEMBER_READ, Permission.MEMBER_RECORD


async def set_standard(work: Work, member_id: UUID, plan: DuesStandardSet) -> None:
    """Set what a member owes from a month on; what ran then ends with the month before. A standard that
    begins in the same month is put right. Raises `DuesMemberNotFound`, `NotAPayer`, `DuesInvalid`."""
    member = await queries.payer(work, member_id, _RECORD)
    if member.status not in DUTIFUL:
        raise errors.NotAPayer
    first = rules.first_of_month(plan.from_month)
    checking.refuse(checking.wrong_with_month(first, member.joined_on, work.today, "/from_month"))
    pack = await packs.pack_of(work, member.path, min(first, work.today))
    assessed = _assess(plan, pack)
    rows = await queries.standards_for_update(work, member_id)
    row = await _make_room(work, member_id, list(rows), first)
    row.income_class, row.amount, row.rate = plan.income_class, assessed.amount, assessed.rate
    row.income_cipher = _seal(work, row.id, plan.income if assessed.rate is not None else None)
    row.rule_pack_id = pack.pack_id or row.rule_pack_id
    work.session.add(row)
    await work.session.flush()
    work.announce(
        DuesStandardWasSet(
            subject=member.id,
            division_code=member.division_code,
            from_month=plan.from_month,
            income_class=plan.income_class,
        )
    )


def _assess(plan: DuesStandardSet, pack: DuesPack) -> Assessed:
    tariff = pack.tariffs.get(plan.income_class)
    if tariff is None:
        words = ("规则包没有这一类别", "the rule pack does not name this class")
        checking.refuse([Wrong("/income_class", "class_unknown", words)])
        raise errors.DuesInvalid
    assessed = rules.assess(tariff, plan.income, plan.amount)
    if not isinstance(assessed, Assessed):
        checking.refuse(assessed)
        raise errors.DuesInvalid
    return assessed


async def _make_room(work: Work, member_id: UUID, rows: list[Standard], first: date) -> Standard:
    """The row for a standard from a month on: the one that begins there, or a new one between the others."""
    until: date | None = None
    for row in rows:
        if row.valid.lower == first:
            return row
        if row.valid.lower is not None and row.valid.lower > first:
            until = row.valid.lower
            break
        if row.valid.upper is None or row.valid.upper > first:
            until = row.valid.upper
            row.valid = Range(row.valid.lower, first)
            await work.session.flush()
            break
    return Standard(id=uuid7(), member_id=member_id, valid=Range(first, until))


def _seal(work: Work, row_id: UUID, income: Decimal | None) -> bytes | None:
    if income is None:
        return None
    return work.crypto.encrypt(str(income), table="dues_standards", column="income_cipher", row=row_id)


async def read_account(
    work: Work, member_id: UUID, query: DuesAccountQuery, *, status: int = 200
) -> Response:
    """A member's dues as seen on a day. Raises `DuesMemberNotFound`."""
    day = min(query.as_of or work.today, work.today)
    member = await queries.payer(work, member_id, _READ)
    found = await queries.account(work, member, day.replace(day=1))
    pack = await packs.pack_of(work, member.path, day)
    step = rules.step_after(found["consecutive_months"], pack)
    told = {
        **found,
        "member": Ref(id=member.id, name=member.name_mask),
        "as_of": day,
        "step": step,
        "payments": list(found["payments"]),
    }
    return await reads.derived(work, told, shape=DuesAccountRead, status=status)


async def sheet(work: Work, filters: DuesSheetFilters) -> Response:
    """Every member of a scope in one month."""
    return await queries.sheet(work, filters, rules.first_of_month(filters.month))


async def count(work: Work, query: DuesCountsQuery) -> Response:
    """A month over a scope."""
    found: dict[str, Any] = await queries.counts(work, query, rules.first_of_month(query.month))
    share = _percent(found["paid"], found["owing"])
    return await reads.derived(work, {**found, "month": query.month, "percent": share}, shape=DuesCountsRead)


def _percent(numerator: int, denominator: int) -> str | None:
    if not denominator:
        return None
    return str((Decimal(numerator) * 100 / denominator).quantize(Decimal("0.01"), "ROUND_HALF_UP"))


async def arrears(work: Work, filters: ArrearsFilters) -> Response:
    """Members who are behind, with what that leads to where they are."""
    day = min(filters.as_of or work.today, work.today)
    limits = await packs.arrears_limits(work, day)
    return await queries.arrears(work, filters, day.replace(day=1), limits)
