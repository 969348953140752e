"""Which part a body plays for which division: fallback, industry, local, leading."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from app.core.access import NATIONAL, Permission
from app.core.db import uuid7
from app.core.work import Work
from app.party_organizations import errors, queries, rules
from app.party_organizations.commands import ledger
from app.party_organizations.models import FunctionRow, PartyOrganization
from app.party_organizations.rules import BodyFunction, BodyKind
from app.party_organizations.schemas import FunctionAssign, FunctionAssigned, FunctionEnd, FunctionEnded

_DECIDE = Permission.PARTY_ORGANIZATION_DECIDE


async def assign_function(work: Work, body_id: UUID, order: FunctionAssign) -> UUID:
    """Give a body a part for a division of the scope. One body at a time plays each."""
    body = await queries.get_for_update(work, body_id, _DECIDE)
    if body.status != "active":
        raise errors.PartyOrganizationIsDissolved
    scope = work.actor.scope(_DECIDE)
    await ledger.usable(work, order.division_code, scope if scope.divisions or scope.national else NATIONAL)
    since = order.from_on or work.today
    ledger.refuse(
        rules.wrong_with_function(
            BodyKind(body.kind),
            order.function,
            order.industry,
            since,
            founded_on=body.founded_on,
            today=work.today,
        )
    )
    row = FunctionRow(
        id=uuid7(),
        party_organization_id=body.id,
        function=order.function,
        division_code=order.division_code,
        industry=order.industry,
        valid=Range(since, None),
    )
    work.session.add(row)
    await work.session.flush()
    work.announce(
        FunctionAssigned(
            subject=body.id,
            division_code=body.division_code,
            function_id=row.id,
            function=order.function,
            for_division_code=row.division_code,
            industry=row.industry,
            from_on=since,
        )
    )
    return row.id


async def end_function(work: Work, body_id: UUID, function_id: UUID, end: FunctionEnd) -> None:
    """End a body's part on a day after the one it began on."""
    body = await queries.get_for_update(work, body_id, _DECIDE)
    row = await queries.get_function_for_update(work, body_id, function_id)
    work.expect(row)
    on, period = end.on or work.today, ledger.period_of(row.valid)
    ledger.refuse_future("/on", on, work.today)
    if on <= period.since:
        raise errors.SameDay
    if not period.reaches(on):
        raise errors.FunctionIsOver
    await finish(work, body, row, on)


async def end_all(work: Work, body: PartyOrganization, on: date) -> None:
    """End whatever parts of a body reach a day; one that would begin on it or later never takes place."""
    rows = await work.scalars(
        select(FunctionRow).where(FunctionRow.party_organization_id == body.id).with_for_update()
    )
    for row in rows.all():
        if ledger.period_of(row.valid).reaches(on):
            await finish(work, body, row, on)


async def finish(work: Work, body: PartyOrganization, row: FunctionRow, on: date) -> None:
    """End a part on a day, or take it back if it would begin then or later; the body is held."""
    left = ledger.period_of(row.valid).cut(on)
    if left is None:
        await work.session.delete(row)
    else:
        row.valid = ledger.days(left)
    await work.session.flush()
    work.announce(
        FunctionEnded(
            subject=body.id,
            division_code=body.division_code,
            function_id=row.id,
            function=BodyFunction(row.function),
            for_division_code=row.division_code,
            industry=row.industry,
            on=on,
        )
    )
