"""What waits about Party organizations: terms that end, elections to answer, warnings, names to confirm."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    Boolean,
    Date,
    DateTime,
    Integer,
    Select,
    Text,
    Uuid,
    case,
    cast,
    func,
    literal,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import DATERANGE

from app.core import reads
from app.core.access import Permission, reach, today_sql
from app.worklist.queries.tables import CODE, Waiting, divisions, table_of
from app.worklist.rules import TaskKind

_PLACED: dict[str, Any] = {"party_organization_id": Uuid(), "division_code": CODE}
bodies = table_of("party_organizations", name=Text())
terms = table_of("party_terms", **_PLACED, valid=DATERANGE(), ends_on=Date(), remind_months=ARRAY(Integer()))
elections = table_of("party_elections", **_PLACED, state=CODE, opens_term=Boolean(), held_on=Date())
warnings = table_of("paralysis_warnings", **_PLACED, kind=CODE, since_on=Date(), closed_on=Date())
requests = table_of(
    "establishments",
    party_organization_id=Uuid(),
    superior_id=Uuid(),
    division_code=CODE,
    state=CODE,
    kind=CODE,
    reply_due_on=Date(),
)
matches = table_of("cross_appointments", **_PLACED, state=CODE, created_at=DateTime(timezone=True))


def of_bodies() -> dict[TaskKind, Waiting]:
    """Each with its body, in the division or line of the caller."""
    read, decide, today = Permission.PARTY_ORGANIZATION_READ, Permission.MEMBER_DECIDE, today_sql()
    t, e, w, m = terms.c, elections.c, warnings.c, matches.c
    months = func.unnest(t.remind_months).column_valued("months")
    widest = select(func.max(months)).correlate(terms).scalar_subquery()
    ending = _about(terms, case((t.ends_on <= today, "term_over"), else_="term_ending"), t.ends_on).where(
        func.upper_inf(t.valid), t.ends_on <= today + func.make_interval(0, cast(widest, Integer()))
    )
    answer = _about(elections, case((e.opens_term, "re_election"), else_="by_election"), e.held_on).where(
        e.state == "pending"
    )
    standing = _about(warnings, w.kind, w.since_on).where(w.closed_on.is_(None))
    proposed = _about(
        matches, literal("cross_appointment"), cast(func.timezone("Asia/Shanghai", m.created_at), Date())
    ).where(m.state == "proposed")
    q = requests.c
    late = _about(requests, q.kind, q.reply_due_on, q.superior_id).where(
        q.state == "requested", q.reply_due_on < today
    )
    return {
        TaskKind.ESTABLISHMENT_OVERDUE: _placed(requests, read, late, q.superior_id),
        TaskKind.TERM_ENDING: _placed(terms, read, ending),
        TaskKind.ELECTION_TO_CONFIRM: _placed(elections, decide, answer),
        TaskKind.PARALYSIS_WARNING: _placed(warnings, read, standing),
        TaskKind.CROSS_APPOINTMENT_TO_CONFIRM: _placed(matches, decide, proposed),
    }


def _about(row: Any, code: Any, day: Any, body: Any = None) -> Select[Any]:
    """Rows that belong to a Party organization, as items."""
    b, d = bodies.c, divisions.c
    return select(
        row.c.id,
        cast(code, Text()).label("about"),
        cast(null(), JSON).label("organization"),
        reads.code_ref(d.code, d.name).label("division"),
        day.label("day"),
        reads.ref(b.id, b.name).label("party_organization"),
    ).select_from(
        row.join(bodies, b.id == (row.c.party_organization_id if body is None else body)).join(
            divisions, d.code == row.c.division_code
        )
    )


def _placed(row: Any, permission: Permission, rows: Select[Any], body: Any = None) -> Waiting:
    c, of = row.c, row.c.party_organization_id if body is None else body
    return Waiting(
        permission,
        c.division_code,
        rows,
        lambda scope: reach(scope, c.division_code, of, row_id=c.id),
    )
