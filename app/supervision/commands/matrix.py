"""Give a department a duty in a matter, and end it."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.supervision import errors, queries
from app.supervision.commands import checking
from app.supervision.models import DepartmentDuty
from app.supervision.rules import Wrong
from app.supervision.schemas import (
    DepartmentDutyAssign,
    DepartmentDutyAssigned,
    DepartmentDutyEnd,
    DepartmentDutyEnded,
)

_DECIDE = Permission.SUPERVISION_DECIDE


async def assign(work: Work, given: DepartmentDutyAssign) -> UUID:
    """A department leads or assists in a matter. Raises `SupervisionInvalid`, `DepartmentDutyTwice`."""
    found = await queries.targets(work, "authority_id", [given.authority_id], _DECIDE)
    if not found:
        checking.refuse([checking.missing("/authority_id", "部门", "department")])
    since = given.from_on or work.today
    row = DepartmentDuty(
        id=uuid7(),
        authority_id=given.authority_id,
        matter=given.matter,
        part=given.part,
        duty=given.duty,
        source=given.source,
        valid=Range(since, None),
    )
    work.session.add(row)
    await work.session.flush()
    work.announce(
        DepartmentDutyAssigned(
            subject=row.id,
            division_code=found[given.authority_id].division_code,
            authority_id=row.authority_id,
            matter=row.matter,
            part=given.part,
            from_on=since,
        )
    )
    return row.id


async def end(work: Work, duty_id: UUID, order: DepartmentDutyEnd) -> None:
    """A duty ends on a day. Raises `DepartmentDutyIsOver`."""
    row = await queries.duty_for_update(work, duty_id)
    work.expect(row)
    if row.valid.upper is not None:
        raise errors.DepartmentDutyIsOver
    on = order.on or work.today
    since = row.valid.lower
    assert since is not None  # noqa: S101 (CHECK)
    if on <= since:
        words = ("须晚于起始日期", "must be later than its first day")
        checking.refuse([Wrong("/on", "empty_period", words)])
    row.valid = Range(since, on)
    work.announce(
        DepartmentDutyEnded(subject=row.id, authority_id=row.authority_id, matter=row.matter, on=on)
    )
