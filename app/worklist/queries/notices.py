"""Supervision notices: what waits for an answer, for verification, for a second person, to be looked at."""

from typing import Any

from sqlalchemy import JSON, Boolean, Date, DateTime, Select, Text, Uuid, and_, cast, func, null, select

from app.core import reads
from app.core.access import Permission, reach
from app.core.work import Work
from app.worklist.queries.bodies import bodies
from app.worklist.queries.tables import CODE, Waiting, divisions, organizations, table_of
from app.worklist.rules import TaskKind

notices = table_of(
    "notices",
    kind=CODE,
    state=CODE,
    division_code=CODE,
    party_organization_id=Uuid(),
    reply_required=Boolean(),
    proposed=Boolean(),
    drafted_by=Uuid(),
    submitted_by=Uuid(),
    submitted_at=DateTime(timezone=True),
    created_at=DateTime(timezone=True),
)
addressees = table_of(
    "notice_addressees",
    notice_id=Uuid(),
    organization_id=Uuid(),
    division_code=CODE,
    body_id=Uuid(),
    state=CODE,
    due_on=Date(),
    replied_at=DateTime(timezone=True),
)


def of_notices(work: Work) -> dict[TaskKind, Waiting]:
    """Each with the body that has to act: the one addressed, or the one that issues."""
    n, a = notices.c, addressees.c
    answer = _addressees(a.due_on, a.body_id, a.division_code).where(
        n.reply_required, a.state.in_(["waiting", "received", "returned"])
    )
    verify = _addressees(_day(a.replied_at), n.party_organization_id, n.division_code).where(
        a.state == "replied"
    )
    approve = _notices(_day(n.submitted_at)).where(
        n.state == "submitted",
        n.drafted_by.is_distinct_from(work.actor.id),
        n.submitted_by != work.actor.id,
    )
    proposed = _notices(_day(n.created_at)).where(and_(n.state == "draft", n.proposed))
    record, decide = Permission.NOTICE_RECORD, Permission.NOTICE_DECIDE
    return {
        TaskKind.NOTICE_TO_ANSWER: Waiting(
            record,
            a.division_code,
            answer,
            lambda scope: reach(scope, a.division_code, a.body_id, row_id=a.id),
        ),
        TaskKind.NOTICE_REPLY_TO_VERIFY: _issuing(decide, verify),
        TaskKind.NOTICE_TO_APPROVE: _issuing(Permission.NOTICE_APPROVE, approve),
        TaskKind.NOTICE_PROPOSED: _issuing(record, proposed),
    }


def _issuing(permission: Permission, rows: Select[Any]) -> Waiting:
    n = notices.c
    return Waiting(
        permission,
        n.division_code,
        rows,
        lambda scope: reach(scope, n.division_code, n.party_organization_id, row_id=n.id),
    )


def _day(moment: Any) -> Any:
    return cast(func.timezone("Asia/Shanghai", moment), Date())


def _addressees(day: Any, body: Any, place: Any) -> Select[Any]:
    n, a, o, b, d = notices.c, addressees.c, organizations.c, bodies.c, divisions.c
    return select(
        a.id,
        cast(n.kind, Text()).label("about"),
        reads.ref(o.id, o.name).label("organization"),
        reads.code_ref(d.code, d.name).label("division"),
        day.label("day"),
        reads.ref(b.id, b.name).label("party_organization"),
    ).select_from(
        addressees.join(notices, and_(n.id == a.notice_id, n.state == "issued"))
        .join(divisions, d.code == place)
        .outerjoin(organizations, o.id == a.organization_id)
        .outerjoin(bodies, b.id == body)
    )


def _notices(day: Any) -> Select[Any]:
    n, b, d = notices.c, bodies.c, divisions.c
    return select(
        n.id,
        cast(n.kind, Text()).label("about"),
        cast(null(), JSON).label("organization"),
        reads.code_ref(d.code, d.name).label("division"),
        day.label("day"),
        reads.ref(b.id, b.name).label("party_organization"),
    ).select_from(
        notices.join(divisions, d.code == n.division_code).outerjoin(bodies, b.id == n.party_organization_id)
    )
