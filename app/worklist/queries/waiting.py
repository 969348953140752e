"""What waits for the caller, in one statement over the tables of many slices."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from fastapi import Response
from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.core import reads
from app.core.access import Permission, Scope, either, reach, today_sql, within_bodies, within_divisions
from app.core.work import Work
from app.worklist import rules
from app.worklist.queries.bodies import of_bodies
from app.worklist.queries.campaigns import of_campaigns
from app.worklist.queries.development import of_cases
from app.worklist.queries.notices import of_notices
from app.worklist.queries.supervision import of_findings
from app.worklist.queries.tables import (
    Waiting,
    determinations,
    divisions,
    duties,
    exceptions,
    findings,
    grants,
    members,
    organizations,
    person_requests,
    reasons,
    registry_events,
    responsibilities,
    retentions,
    roster_exports,
    transfers,
    verifications,
)
from app.worklist.rules import TaskKind
from app.worklist.schemas import WorklistFilters, WorklistRead


async def worklist(work: Work, filters: WorklistFilters) -> Response:
    """Counts and first items of every kind that the caller may see: one statement, whatever waits."""
    await work.admit(work.actor.scope(Permission.MEMBER_READ))
    groups = []
    for kind, waiting in _kinds(work, filters).items():
        if not work.actor.may(waiting.permission):
            continue
        rows = waiting.rows.where(waiting.reach(work.actor.scope(waiting.permission)))
        if filters.division is not None:
            rows = rows.where(within_divisions(waiting.place, (filters.division,)))
        groups.append(_group(kind, rows, filters.items))
    found = (
        [_shown(row, filters.division) for row in await work.execute(union_all(*groups))] if groups else []
    )
    value = {"today": work.today, "total": sum(group["count"] for group in found), "groups": found}
    return await reads.derived(work, value, shape=WorklistRead)


def _group(kind: TaskKind, rows: Select[Any], items: int) -> Select[Any]:
    """The count (up to the limit) and the first items of one kind."""
    counted = rows.with_only_columns(literal(1)).limit(rules.COUNT_LIMIT + 1).subquery()
    if "party_organization" not in rows.selected_columns:
        rows = rows.add_columns(cast(null(), JSON).label("party_organization"))
    day, identifier = rows.selected_columns["day"], rows.selected_columns["id"]
    first = rows.order_by(day, identifier).limit(items)
    return select(
        literal(kind.value).label("kind"),
        select(func.count()).select_from(counted).scalar_subquery().label("count"),
        cast(reads.array_of(first, "day", "id"), JSONB).label("items"),
    )


def _shown(row: Any, division: str | None) -> dict[str, Any]:
    kind = TaskKind(row.kind)
    zh, en = rules.WORDS[kind]
    return {
        "kind": kind,
        "title": {"zh": zh, "en": en},
        "count": min(row.count, rules.COUNT_LIMIT),
        "at_least": row.count > rules.COUNT_LIMIT,
        "items": row.items,
        "href": rules.link(kind, division),
    }


def _kinds(work: Work, filters: WorklistFilters) -> dict[TaskKind, Waiting]:
    today, o = work.today, organizations
    soon = today + timedelta(days=filters.due_within)
    expiring = today + timedelta(days=filters.expiring_within)
    due = _of_organization(duties, duties.c.kind, duties.c.due_on).where(duties.c.state == "open")
    found = _of_organization(findings, findings.c.kind, _day(findings.c.opened_at))
    until = func.upper(reasons.c.valid)
    ending = _of_organization(reasons, reasons.c.reason, until, reasons.c.reason_id).where(
        func.upper_inf(reasons.c.recorded), reasons.c.valid.op("@>")(_literal(today)), until <= expiring
    )

    def of_organization(permission: Permission, rows: Select[Any]) -> Waiting:
        return Waiting(permission, o.c.division_code, rows, _reaches)

    return {
        TaskKind.DUTY_OVERDUE: of_organization(Permission.DUTY_READ, due.where(duties.c.due_on < today)),
        TaskKind.DUTY_DUE: of_organization(
            Permission.DUTY_READ, due.where(duties.c.due_on >= today, duties.c.due_on <= soon)
        ),
        TaskKind.RESPONSIBILITY_MISSING: of_organization(
            Permission.RESPONSIBILITY_READ, _led_by_nobody(today)
        ),
        TaskKind.REGISTRY_EVENT_QUARANTINED: _messages("quarantined"),
        TaskKind.REGISTRY_EVENT_PARKED: _messages("parked"),
        TaskKind.GRANT_APPROVAL: _grants(work),
        TaskKind.CREDIT_CODE_EXCEPTION: _exceptions(work),
        TaskKind.ORGANIZATION_FINDING: of_organization(
            Permission.ORGANIZATION_READ, found.where(findings.c.state == "open")
        ),
        TaskKind.NO_PARTY_ORGANIZATION_REASON_EXPIRING: of_organization(
            Permission.PARTY_ORGANIZATION_READ, ending
        ),
        **_of_people(work, soon),
        **of_bodies(),
        **of_cases(soon),
        **of_notices(work),
        **of_campaigns(soon),
        **of_findings(work, soon),
    }


def _of_people(work: Work, soon: date) -> dict[TaskKind, Waiting]:
    """What waits about people: never a name, only what it is about and where."""
    m, t, v, r, p, x = members, transfers, verifications, person_requests, retentions, roster_exports
    read, decide, approve = Permission.MEMBER_READ, Permission.MEMBER_DECIDE, Permission.MEMBER_APPROVE
    due = func.least(m.c.suspension_due_on, m.c.strike_off_due_on, m.c.floating_due_on)
    clock = case(
        (m.c.strike_off_due_on == due, "strike_off"),
        (m.c.suspension_due_on == due, "suspension"),
        else_="floating",
    )
    sent, member = t.c.state == "sent", (m.c.division_code, m.c.party_organization_id)
    sender = (t.c.from_division_code, t.c.from_body_id)
    receiver = (t.c.to_division_code, t.c.to_body_id)
    asking = (v.c.asking_division_code, v.c.asking_body_id)
    known = (v.c.known_division_code, v.c.known_body_id)
    wanted = _task(x, literal("roster_export"), _day(x.c.created_at), x.c.division_code).where(
        x.c.state == "requested", x.c.requested_by != work.actor.id
    )
    return {
        TaskKind.MEMBER_CLOCK_DUE: Waiting(
            read, member[0], _task(m, clock, due, member[0]).where(due <= soon), _near(m, member)
        ),
        TaskKind.TRANSFER_TO_ACCEPT: Waiting(
            decide,
            receiver[0],
            _task(t, t.c.range, t.c.letter_issued_on, receiver[0]).where(sent),
            _near(t, receiver),
        ),
        TaskKind.TRANSFER_LETTER_EXPIRING: Waiting(
            read,
            sender[0],
            _task(t, t.c.range, t.c.letter_until, sender[0]).where(sent, t.c.letter_until <= soon),
            lambda scope: either([_near(t, sender)(scope), _near(t, receiver)(scope)]),
        ),
        TaskKind.PERSON_VERIFICATION: Waiting(
            decide,
            asking[0],
            _task(v, literal("person_verification"), _day(v.c.created_at), v.c.level_division_code).where(
                v.c.state == "open"
            ),
            lambda scope: and_(_near(v, asking)(scope), _near(v, known)(scope)),
        ),
        TaskKind.PERSON_REQUEST_DUE: Waiting(
            approve,
            member[0],
            _task(r, r.c.kind, r.c.due_on, member[0], m.c.id == r.c.member_id).where(r.c.state == "received"),
            _near(m, member),
        ),
        TaskKind.PERSON_RETENTION_DUE: Waiting(
            approve,
            member[0],
            _task(p, p.c.rule_code, p.c.due_on, member[0], m.c.id == p.c.member_id).where(p.c.state == "due"),
            _near(m, member),
        ),
        TaskKind.ROSTER_EXPORT_APPROVAL: Waiting(
            approve, x.c.division_code, wanted, _near(x, (x.c.division_code, x.c.party_organization_id))
        ),
    }


def _task(about: Any, code: Any, day: Any, division: Any, of_member: Any = None) -> Select[Any]:
    """Rows about people as items, without a name; `of_member` joins those that only name a member."""
    source = about if of_member is None else about.join(members, of_member)
    return select(
        about.c.id,
        cast(code, Text()).label("about"),
        cast(null(), JSON).label("organization"),
        reads.code_ref(divisions.c.code, divisions.c.name).label("division"),
        day.label("day"),
    ).select_from(source.join(divisions, divisions.c.code == division))


def _near(about: Any, place: tuple[Any, Any]) -> Callable[[Scope], ColumnElement[bool]]:
    return lambda scope: func.coalesce(reach(scope, *place, row_id=about.c.id), false())


def _of_organization(
    about: Any, code: ColumnElement[Any], day: ColumnElement[Any], identifier: Any = None
) -> Select[Any]:
    """Rows of a table that belong to an organization, as items."""
    o, d = organizations, divisions
    return select(
        (about.c.id if identifier is None else identifier).label("id"),
        code.label("about"),
        reads.ref(o.c.id, o.c.name).label("organization"),
        reads.code_ref(d.c.code, d.c.name).label("division"),
        day.label("day"),
    ).select_from(about.join(o, o.c.id == about.c.organization_id).join(d, d.c.code == o.c.division_code))


def _led_by_nobody(today: date) -> Select[Any]:
    r, o = responsibilities, organizations
    lead = exists(
        select(1).where(
            r.c.organization_id == o.c.id,
            r.c.relation == "lead",
            func.upper_inf(r.c.recorded),
            r.c.valid.op("@>")(_literal(today)),
        )
    )
    rows = _of_organization(
        determinations, literal("no_responsible_body"), determinations.c.determined_on, o.c.id
    )
    return rows.where(determinations.c.outcome == "missing", o.c.registration_status == "normal", ~lead)


def _messages(state: str) -> Waiting:
    e, d, o = registry_events, divisions, organizations
    rows = (
        select(
            e.c.id,
            func.coalesce(e.c.problem_code, e.c.type, e.c.state).label("about"),
            reads.ref(o.c.id, o.c.name).label("organization"),
            reads.code_ref(d.c.code, d.c.name).label("division"),
            _day(e.c.received_at).label("day"),
        )
        .select_from(
            e.join(d, d.c.code == e.c.division_code).join(o, o.c.id == e.c.organization_id, isouter=True)
        )
        .where(e.c.state == state)
    )
    return Waiting(Permission.REGISTRY_EVENT_READ, e.c.division_code, rows, _by_division(e.c.division_code))


def _grants(work: Work) -> Waiting:
    g, d = grants, divisions
    rows = (
        select(
            g.c.id,
            g.c.role.label("about"),
            cast(null(), JSON).label("organization"),
            reads.code_ref(d.c.code, d.c.name).label("division"),
            _day(g.c.created_at).label("day"),
        )
        .select_from(g.join(d, d.c.code == g.c.division_code, isouter=True))
        .where(
            g.c.state == "requested",
            g.c.user_id != work.actor.id,
            g.c.requested_by.is_distinct_from(work.actor.id),
        )
    )

    def reach(scope: Scope) -> ColumnElement[bool]:
        if scope.national:
            return true()
        by_body = within_bodies(g.c.party_organization_id, scope.bodies)
        return either([_by_division(g.c.division_code)(scope), func.coalesce(by_body, false())])

    return Waiting(Permission.GRANT_APPROVE, g.c.division_code, rows, reach)


def _exceptions(work: Work) -> Waiting:
    x, d = exceptions, divisions
    rows = (
        select(
            x.c.id,
            literal("credit_code_exception").label("about"),
            cast(null(), JSON).label("organization"),
            reads.code_ref(d.c.code, d.c.name).label("division"),
            _day(x.c.created_at).label("day"),
        )
        .select_from(x.join(d, d.c.code == x.c.division_code))
        .where(x.c.state == "requested", x.c.requested_by != work.actor.id)
    )
    return Waiting(Permission.ORGANIZATION_APPROVE, x.c.division_code, rows, _by_division(x.c.division_code))


def _reaches(scope: Scope) -> ColumnElement[bool]:
    """Organizations registered in the scope's divisions, or led today by its bodies."""
    if scope.national:
        return true()
    o, r = organizations, responsibilities
    led = select(r.c.organization_id).where(
        r.c.relation == "lead",
        func.upper_inf(r.c.recorded),
        r.c.valid.op("@>")(today_sql()),
        within_bodies(r.c.party_organization_id, scope.bodies),
    )
    conditions = [within_divisions(o.c.division_code, scope.divisions)] if scope.divisions else []
    return either([*conditions, *([o.c.id.in_(led)] if scope.bodies else [])])


def _by_division(code: ColumnElement[Any]) -> Callable[[Scope], ColumnElement[bool]]:
    """Rows that lie in a division of the scope."""

    def reach(scope: Scope) -> ColumnElement[bool]:
        return true() if scope.national else func.coalesce(within_divisions(code, scope.divisions), false())

    return reach


def _day(instant: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(func.timezone("Asia/Shanghai", instant), Date())


def _literal(day: date) -> ColumnElement[date]:
    return literal(day, Date())
