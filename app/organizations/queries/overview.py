"""One organization on one screen, in one statement."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, Uuid, and_, bindparam, case, desc, func, literal, or_, select

from app.core import reads
from app.core.access import Permission, Scope, today_sql
from app.core.work import Work
from app.organizations import models, rules
from app.organizations.errors import OrganizationNotFound
from app.organizations.models import Organization, OrganizationFact
from app.organizations.queries.derived import answered, in_json
from app.organizations.queries.findings import deciding, findings_shown
from app.organizations.queries.ledger import covered, scopes_of, shown_to
from app.organizations.queries.others import covers, duties, no_reasons, party_organizations, responsibilities
from app.organizations.queries.records import REGISTERS, clauses_shown, officers_shown
from app.organizations.queries.sight import covers_day, known_now, since, standing, until, visible
from app.organizations.schemas import OrganizationOverview

O = Organization  # noqa: E741
LATEST = 10


def _answering(relation: str) -> Select[Any]:
    r, b = responsibilities.c, party_organizations.c
    return (
        select(
            reads.ref(r.party_organization_id, b.name).label("party_organization"),
            r.rule_code,
            r.rule_source,
            since(r.valid).label("since"),
            r.override,
            r.override_reason,
            r.override_until.label("override_until_on"),
        )
        .select_from(responsibilities.join(party_organizations, b.id == r.party_organization_id))
        .where(r.organization_id == O.id, r.relation == relation, standing(r.valid, r.recorded))
        .correlate(O)
    )


def _responsibility() -> ColumnElement[Any]:
    return func.json_build_object(
        "lead",
        reads.object_of(_answering("lead")),
        "joint",
        reads.array_of(_answering("joint"), "since"),
        "guidance",
        reads.array_of(_answering("guidance"), "since"),
    )


def _covers() -> Select[Any]:
    c, b = covers.c, party_organizations.c
    return (
        select(
            c.cover_id.label("id"),
            reads.ref(c.party_organization_id, b.name).label("party_organization"),
            b.kind,
            c.formation,
            b.counts_as_primary,
            since(c.valid).label("from_on"),
            until(c.valid).label("until_on"),
            covers_day(c.valid).label("current"),
        )
        .select_from(covers.join(party_organizations, b.id == c.party_organization_id))
        .where(c.organization_id == O.id, known_now(c.recorded))
        .correlate(O)
    )


def _reason() -> ColumnElement[Any]:
    n = no_reasons.c
    return (
        select(n.reason)
        .where(n.organization_id == O.id, standing(n.valid, n.recorded))
        .correlate(O)
        .limit(1)
        .scalar_subquery()
    )


def _duties() -> Select[Any]:
    d = duties.c
    return (
        select(
            d.id,
            d.kind,
            d.due_on,
            d.provisional,
            d.state,
            d.done_on,
            and_(d.state == "open", d.due_on < today_sql()).label("overdue"),
        )
        .where(d.organization_id == O.id)
        .correlate(O)
    )


def _four_clears() -> ColumnElement[Any]:
    """四清 (2-2): each of the four is a fact on the ledger, zero included; only the unknown is missing.

    The organization itself is clear when it can be told from every other one: by its credit code, or by the
    number under which it was filed. Its Party organizations are clear when one covers it, or when the reason
    for having none is given. Kinds without members (会员) cannot miss their number."""
    i, c = models.OrganizationIdentifier, covers.c
    numbered = select(literal(1)).where(i.organization_id == O.id, ~i.withdrawn).correlate(O).exists()
    bodies = (
        select(func.count())
        .select_from(covers.join(party_organizations, party_organizations.c.id == c.party_organization_id))
        .where(
            c.organization_id == O.id,
            standing(c.valid, c.recorded),
            party_organizations.c.counts_as_primary,
        )
        .correlate(O)
        .scalar_subquery()
    )
    without_members = O.kind.in_([kind.value for kind in rules.WITHOUT_MEMBERS])
    known: dict[str, tuple[ColumnElement[bool], Any]] = {
        "organization": (or_(O.credit_code.is_not(None), numbered), None),
        "member_count": (or_(O.member_count.is_not(None), without_members), O.member_count),
        "party_organizations": (or_(covered(), _reason().is_not(None)), bodies),
        "party_member_count": (O.party_member_count.is_not(None), O.party_member_count),
    }
    parts: list[Any] = []
    for name, (is_known, count) in known.items():
        parts += [name, func.json_build_object("known", is_known, "count", count)]
    total: Any = sum((case((is_known, 1), else_=0) for is_known, _ in known.values()), literal(0))
    return func.json_build_object(*parts, "cleared", total)


def _latest_facts() -> Select[Any]:
    f: Any = OrganizationFact
    return (
        select(f.fact, f.key, f.effective_on, f.source, f.recorded_at)
        .where(f.organization_id == O.id)
        .order_by(f.id.desc())
        .limit(LATEST)
        .correlate(O)
    )


def _current(kind: str) -> Select[Any]:
    register = REGISTERS[kind]
    return (
        register.shown()
        .where(register.table.organization_id == O.id, register.derived["current"])
        .correlate(O)
    )


_ID = bindparam("organization_id", type_=Uuid())


async def overview(work: Work, organization_id: UUID) -> Response:
    """Everything about one organization that a desk needs, in one statement."""
    statement = _overview(work.actor.scope(Permission.ORGANIZATION_READ), deciding(work), scopes_of(work))
    return await answered(work, statement, {"organization_id": organization_id}, missing=OrganizationNotFound)


@lru_cache(maxsize=256)
def _overview(reading: Scope, deciding_in: Scope, acting: tuple[Scope, ...]) -> Select[Any]:
    """The statement, built once for all callers with the same scopes."""
    f, w, c = models.OrganizationFinding, models.OrganizationOfficer, models.CharterClause
    itself = reads.wire(shown_to(acting).where(O.id == _ID)).subquery("itself")
    open_findings = findings_shown(deciding_in).where(f.organization_id == _ID, f.state == "open")
    best = _current("evaluation").order_by(desc(models.Evaluation.graded_on))
    statement = (
        select(
            func.row_to_json(itself.table_valued()).label("organization"),
            _responsibility().label("responsibility"),
            reads.array_of(_covers().where(covers_day(covers.c.valid)), "from_on").label("covers"),
            _reason().label("no_party_organization_reason"),
            reads.array_of(_duties(), "due_on", "kind").label("duties"),
            _four_clears().label("four_clears"),
            reads.array_of(open_findings, "opened_at").label("findings"),
            reads.array_of(
                officers_shown().where(w.organization_id == O.id, covers_day(w.valid)).correlate(O),
                "since",
                "id",
            ).label("officers"),
            reads.array_of(
                clauses_shown().where(c.organization_id == O.id, covers_day(c.valid)).correlate(O), "clause"
            ).label("charter_clauses"),
            reads.array_of(_current("credit_listing"), "listed_on").label("credit_listings"),
            reads.object_of(best).label("evaluation"),
            reads.array_of(_latest_facts(), "recorded_at").label("latest_facts"),
        )
        .join(itself, itself.c.id == O.id)
        .where(O.id == _ID, visible(reading))
    )
    return in_json(statement, OrganizationOverview)
