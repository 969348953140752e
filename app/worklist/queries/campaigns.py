"""What waits in campaigns: targets that are due or late, half-yearly checks that nobody began."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Date, Text, Uuid, and_, cast, exists, literal, null, select

from app.core import reads
from app.core.access import Permission, reach, today_sql
from app.worklist.queries.bodies import bodies
from app.worklist.queries.tables import CODE, Waiting, divisions, organizations, table_of
from app.worklist.rules import TaskKind

campaigns = table_of(
    "campaigns",
    kind=CODE,
    state=CODE,
    division_code=CODE,
    party_organization_id=Uuid(),
    starts_on=Date(),
    next_check_on=Date(),
)
targets = table_of(
    "campaign_targets",
    campaign_id=Uuid(),
    organization_id=Uuid(),
    division_code=CODE,
    responsible_id=Uuid(),
    state=CODE,
    due_on=Date(),
)


def of_campaigns(soon: date) -> dict[TaskKind, Waiting]:
    """Open targets of running campaigns by their day, with their organization; `about` is the kind of the
    campaign. A check is missing where the next one should have begun and none has."""
    c, t, o, d, b = campaigns.c, targets.c, organizations.c, divisions.c, bodies.c
    rows: Any = (
        select(
            t.id,
            cast(c.kind, Text()).label("about"),
            reads.ref(o.id, o.name).label("organization"),
            reads.code_ref(d.code, d.name).label("division"),
            t.due_on.label("day"),
            reads.ref(b.id, b.name).label("party_organization"),
        )
        .select_from(
            targets.join(campaigns, and_(c.id == t.campaign_id, c.state == "running"))
            .join(organizations, o.id == t.organization_id)
            .join(divisions, d.code == t.division_code)
            .outerjoin(bodies, b.id == t.responsible_id)
        )
        .where(t.state == "open")
    )

    def of_target(due: Any) -> Waiting:
        return Waiting(
            Permission.CAMPAIGN_READ,
            t.division_code,
            rows.where(due),
            lambda scope: reach(scope, t.division_code, t.responsible_id, row_id=t.id),
        )

    later = campaigns.alias("later")
    followed = exists(
        select(literal(1)).where(
            later.c.kind == c.kind,
            later.c.division_code == c.division_code,
            later.c.party_organization_id.is_not_distinct_from(c.party_organization_id),
            later.c.state != "draft",
            later.c.starts_on > c.starts_on,
        )
    ).correlate(campaigns)
    missing = (
        select(
            c.id,
            cast(c.kind, Text()).label("about"),
            cast(null(), JSON).label("organization"),
            reads.code_ref(d.code, d.name).label("division"),
            c.next_check_on.label("day"),
            reads.ref(b.id, b.name).label("party_organization"),
        )
        .select_from(
            campaigns.join(divisions, d.code == c.division_code).outerjoin(
                bodies, b.id == c.party_organization_id
            )
        )
        .where(c.kind == "half_yearly_check", c.state != "draft", c.next_check_on < today_sql(), ~followed)
    )
    return {
        TaskKind.CAMPAIGN_TARGET_OVERDUE: of_target(t.due_on < today_sql()),
        TaskKind.CAMPAIGN_TARGET_DUE: of_target(and_(t.due_on >= today_sql(), t.due_on <= soon)),
        TaskKind.HALF_YEARLY_CHECK_MISSING: Waiting(
            Permission.CAMPAIGN_DECIDE,
            c.division_code,
            missing,
            lambda scope: reach(scope, c.division_code, c.party_organization_id, row_id=c.id),
        ),
    }
