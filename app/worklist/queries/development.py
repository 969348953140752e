"""Steps of development that have a day: what the branch has to do, and what waits for the approving body."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Text, Uuid, cast, null, select

from app.core import reads
from app.core.access import Permission, reach
from app.worklist.queries.bodies import bodies
from app.worklist.queries.tables import CODE, Waiting, divisions, members, table_of
from app.worklist.rules import TaskKind

cases = table_of(
    "development_cases", member_id=Uuid(), state=CODE, due_step=CODE, due_on=Date(), due_above=Boolean()
)


def of_cases(soon: date) -> dict[TaskKind, Waiting]:
    """Open cases with something due by a day, or overdue; `about` is the code of the step. No name."""
    c, m, b, d = cases.c, members.c, bodies.c, divisions.c
    rows = (
        select(
            c.id,
            cast(c.due_step, Text()).label("about"),
            cast(null(), JSON).label("organization"),
            reads.code_ref(d.code, d.name).label("division"),
            c.due_on.label("day"),
            reads.ref(b.id, b.name).label("party_organization"),
        )
        .select_from(
            cases.join(members, m.id == c.member_id)
            .join(bodies, b.id == m.party_organization_id)
            .join(divisions, d.code == m.division_code)
        )
        .where(c.state == "open", c.due_on <= soon)
    )

    def waiting(permission: Permission, above: Any) -> Waiting:
        return Waiting(
            permission,
            m.division_code,
            rows.where(above),
            lambda scope: reach(scope, m.division_code, m.party_organization_id, row_id=m.id),
        )

    return {
        TaskKind.DEVELOPMENT_STEP_DUE: waiting(Permission.MEMBER_READ, ~c.due_above),
        TaskKind.DEVELOPMENT_DECISION_DUE: waiting(Permission.MEMBER_DECIDE, c.due_above),
    }
