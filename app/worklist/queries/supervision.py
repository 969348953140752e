"""What waits in supervision: findings to put right, and rectifications that wait for a second person."""

from datetime import date
from typing import Any

from sqlalchemy import Date, Select, Text, Uuid, cast, exists, select

from app.core import reads
from app.core.access import Permission, reach
from app.core.work import Work
from app.worklist.queries.bodies import bodies
from app.worklist.queries.tables import CODE, Waiting, divisions, organizations, table_of
from app.worklist.rules import TaskKind

findings = table_of(
    "supervision_findings",
    kind=CODE,
    state=CODE,
    division_code=CODE,
    body_id=Uuid(),
    organization_id=Uuid(),
    due_on=Date(),
)
tries = table_of("supervision_rectifications", finding_id=Uuid(), verdict=CODE, reported_by=Uuid())


def of_findings(work: Work, soon: date) -> dict[TaskKind, Waiting]:
    """Open findings whose day is near or past; reported ones, but for what the caller reported."""
    f, t = findings.c, tries.c
    own = exists(
        select(t.id).where(t.finding_id == f.id, t.verdict.is_(None), t.reported_by == work.actor.id)
    ).correlate(findings)

    def waiting(permission: Permission, *conditions: Any) -> Waiting:
        return Waiting(
            permission,
            f.division_code,
            _rows().where(*conditions),
            lambda scope: reach(scope, f.division_code, f.body_id, row_id=f.id),
        )

    return {
        TaskKind.SUPERVISION_FINDING_DUE: waiting(
            Permission.SUPERVISION_RECORD, f.state == "open", f.due_on <= soon
        ),
        TaskKind.SUPERVISION_FINDING_TO_JUDGE: waiting(
            Permission.SUPERVISION_APPROVE, f.state == "reported", ~own
        ),
    }


def _rows() -> Select[Any]:
    f, o, b, d = findings.c, organizations.c, bodies.c, divisions.c
    return select(
        f.id,
        cast(f.kind, Text()).label("about"),
        reads.ref(o.id, o.name).label("organization"),
        reads.code_ref(d.code, d.name).label("division"),
        f.due_on.label("day"),
        reads.ref(b.id, b.name).label("party_organization"),
    ).select_from(
        findings.join(divisions, d.code == f.division_code)
        .outerjoin(organizations, o.id == f.organization_id)
        .outerjoin(bodies, b.id == f.body_id)
    )
