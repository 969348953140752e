"""Certificates that print a wrong check digit: asked for by one person, accepted by another."""

from uuid import UUID

from pydantic_core import PydanticCustomError

from app.core import checks
from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.organizations import errors, queries, rules
from app.organizations.commands import checking
from app.organizations.models import CreditCodeException
from app.organizations.schemas import (
    CreditCodeExceptionApproved,
    CreditCodeExceptionCreate,
    CreditCodeExceptionRefused,
    CreditCodeExceptionRequested,
)


async def request(work: Work, asked: CreditCodeExceptionCreate) -> UUID:
    """Ask to accept a code. Raises `ExceptionNotNeeded` when its check digit is right."""
    try:
        checks.credit_code(asked.credit_code)
    except PydanticCustomError:
        pass
    else:
        raise errors.ExceptionNotNeeded
    scope = work.actor.scope(Permission.ORGANIZATION_RECORD)
    place = {"division_code": asked.division_code}
    await checking.checked(work, place, rules.by_hand(work.today), scope)
    row = CreditCodeException(
        id=uuid7(),
        credit_code=asked.credit_code,
        division_code=asked.division_code,
        evidence=asked.evidence,
        state="requested",
        requested_by=work.actor.id,
        requested_by_name=work.actor.name,
    )
    work.session.add(row)
    work.announce(
        CreditCodeExceptionRequested(
            subject=row.id, division_code=row.division_code, credit_code=row.credit_code
        )
    )
    await work.session.flush()
    return row.id


async def decide(work: Work, exception_id: UUID, reason: str, *, approve: bool) -> None:
    """Accept or refuse, as another person. Raises `ExceptionAlreadyDecided`, `SecondPersonNeeded`."""
    scope = work.actor.scope(Permission.ORGANIZATION_APPROVE)
    row = await queries.exception_for_update(work, exception_id, scope)
    work.expect(row)
    if row.state != "requested":
        raise errors.ExceptionAlreadyDecided
    if row.requested_by == work.actor.id:
        raise errors.SecondPersonNeeded
    row.state = "approved" if approve else "refused"
    row.decided_by, row.decided_by_name, row.decided_at = work.actor.id, work.actor.name, work.now
    row.decision_reason = reason
    event = CreditCodeExceptionApproved if approve else CreditCodeExceptionRefused
    work.announce(
        event(subject=row.id, division_code=row.division_code, credit_code=row.credit_code, reason=reason)
    )
    await work.session.flush()
