"""A case with everything on record in it, in one statement; and lists of cases."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import (
    ColumnElement,
    Select,
    Uuid,
    bindparam,
    case,
    cast,
    exists,
    func,
    null,
    outerjoin,
    select,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB, aggregate_order_by

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.development import errors
from app.development.models import (
    DevelopmentCase,
    DevelopmentHelper,
    DevelopmentPaper,
    DevelopmentPublicity,
    DevelopmentRecord,
    DevelopmentReview,
    DevelopmentStep,
    DevelopmentVote,
)
from app.development.queries.sight import line_above
from app.development.queries.tables import (
    divisions,
    member_restrictions,
    member_transfers,
    members,
    party_organizations,
    persons,
    rule_packs,
)
from app.development.rules import CaseState
from app.development.schemas import CaseFilters, CaseItem

C, M = DevelopmentCase, members.c
READ = _READ = Permission.MEMBER_READ


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case and what is on record in it, as the database tells it."""

    case: DevelopmentCase
    name: str
    member_status: str
    branch_id: UUID
    branch_name: str
    division_code: str
    division_name: str
    path: tuple[str, ...]
    pack: dict[str, Any]
    steps: list[dict[str, Any]]
    papers: list[dict[str, Any]]
    votes: list[dict[str, Any]]
    publicities: list[dict[str, Any]]
    helpers: list[dict[str, Any]]
    records: list[dict[str, Any]]
    reviews: list[dict[str, Any]]
    above: list[dict[str, Any]]
    leaving: bool


def visible(scope: Scope) -> ColumnElement[bool]:
    """Cases whose member lies in a scope."""
    return access.reach(scope, M.division_code, M.party_organization_id, row_id=M.id)


async def seen(work: Work, case_id: UUID, permission: Permission, *, lock: bool = False) -> None:
    """A case in the scope of a permission, perhaps locked. Raises `DevelopmentCaseNotFound`."""
    found = (
        select(C.id)
        .select_from(C)
        .join(members, M.id == C.member_id)
        .where(C.id == case_id, visible(work.actor.scope(permission)))
    )
    if await work.scalar(found.with_for_update(of=C) if lock else found) is None:
        raise errors.DevelopmentCaseNotFound


async def load(work: Work, case_id: UUID) -> Loaded:
    """A case and everything on record in it: whoever asks has asked `seen` before."""
    found = await work.execute(_whole(), {"asked_case_id": case_id})
    values: list[Any] = list(found.one())
    values[7] = tuple(values[7] or ())
    return Loaded(*values)


async def actions(work: Work, case_id: UUID, state: str) -> list[str]:
    """The verbs of a case that are the caller's: of an open one, where each permission reaches it."""
    if state != CaseState.OPEN:
        return []
    reading = work.actor.scope(_READ)
    needed = [p for p in dict.fromkeys(ACTIONS.values()) if work.actor.may(p)]
    reaching = {p for p in needed if work.actor.scope(p) == reading}
    if unsure := [p for p in needed if p not in reaching]:
        found = await work.execute(
            select(*(visible(work.actor.scope(p)) for p in unsure))
            .select_from(C)
            .join(members, M.id == C.member_id)
            .where(C.id == case_id)
        )
        reaching |= {p for p, reached in zip(unsure, found.one(), strict=True) if reached}
    return [name for name, permission in ACTIONS.items() if permission in reaching]


@cache
def _whole() -> Any:
    body, place, pack = party_organizations.c, divisions.c, rule_packs.c
    x = access.division_closure.c
    path = (
        select(func.array_agg(aggregate_order_by(x.ancestor_code, x.depth.desc())))
        .where(x.descendant_code == M.division_code, x.valid.op("@>")(access.today_sql()))
        .correlate(members)
        .scalar_subquery()
    )
    leaving = exists(
        select(1).where(
            member_transfers.c.member_id == C.member_id, member_transfers.c.state.in_(["requested", "sent"])
        )
    )
    s, p, v = DevelopmentStep, DevelopmentPaper, DevelopmentVote
    b, h, r, w = DevelopmentPublicity, DevelopmentHelper, DevelopmentRecord, DevelopmentReview
    decider = party_organizations.alias("decider")
    return (
        select(
            C,
            persons.c.name_mask,
            M.status,
            M.party_organization_id,
            body.name,
            M.division_code,
            place.name,
            path,
            func.json_build_object(
                "id", pack.id, "code", pack.code, "version", pack.version, "source", pack.source,
                "content", pack.content,
            ),
            _rows(
                select(
                    s.id, s.step, s.attempt, s.outcome, s.on.label("on"), s.document, s.exception, s.reason,
                    reads.ref(decider.c.id, decider.c.name).label("decided_by"), s.current,
                ).select_from(outerjoin(s, decider, decider.c.id == s.decided_by_id)).where(s.case_id == C.id)
            ),
            _rows(
                select(
                    p.id, p.kind, p.state, p.on.label("on"), p.returned_on, p.reason, p.document, p.current
                ).where(p.case_id == C.id)
            ),
            _rows(
                select(
                    v.id, v.step, v.on.label("on"), v.due, v.present, v.written, v.in_favour, v.against,
                    v.abstained, v.anonymous, v.current,
                ).where(v.case_id == C.id)
            ),
            _rows(
                select(
                    b.id, b.step, b.from_on, b.working_days, b.place, b.objections, b.closed_on, b.result,
                    b.current,
                ).where(b.case_id == C.id)
            ),
            _rows(_helpers(h)),
            _rows(
                select(r.id, r.kind, r.on.label("on"), r.days, r.hours, r.document).where(r.case_id == C.id)
            ),
            _rows(
                select(
                    w.id, w.on.label("on"), w.conclusion, w.document,
                    w.findings_cipher.is_not(None).label("has_findings"), w.current,
                ).where(w.case_id == C.id)
            ),
            cast(reads.array_of(line_above(M.party_organization_id).correlate(members), "depth"), JSONB),
            leaving,
        )
        .select_from(C)
        .join(members, M.id == C.member_id)
        .join(persons, persons.c.id == M.person_id)
        .join(party_organizations, body.id == M.party_organization_id)
        .join(divisions, place.code == M.division_code)
        .join(rule_packs, pack.id == C.rule_pack_id)
        .where(C.id == bindparam("asked_case_id", type_=Uuid()))
        .execution_options(populate_existing=True)
    )  # fmt: skip


ACTIONS: dict[str, Permission] = {
    "advance": Permission.MEMBER_RECORD,
    "record_papers": Permission.MEMBER_RECORD,
    "record_vote": Permission.MEMBER_RECORD,
    "start_publicity": Permission.MEMBER_RECORD,
    "name_helpers": Permission.MEMBER_RECORD,
    "add_records": Permission.MEMBER_RECORD,
    "record_review": Permission.MEMBER_RECORD,
    "reveal_review": Permission.MEMBER_REVEAL,
    "reject": Permission.MEMBER_DECIDE,
    "restart": Permission.MEMBER_DECIDE,
    "extend_probation": Permission.MEMBER_DECIDE,
    "remove": Permission.MEMBER_DECIDE,
}
"""The verbs of an open case, by the permission that each asks for."""


def _rows(statement: Any) -> ColumnElement[Any]:
    """The rows of a correlated select, the oldest first."""
    return cast(reads.array_of(statement.correlate(C, members), "id"), JSONB)


def _helpers(h: type[DevelopmentHelper]) -> Select[Any]:
    helper, person, limit = members.alias("helper"), persons.alias("helper_person"), member_restrictions.c
    restricted = exists(
        select(1).where(limit.member_id == helper.c.id, limit.valid.op("@>")(access.today_sql()))
    )
    return (
        select(
            h.id,
            h.role,
            h.member_id,
            func.coalesce(person.c.name_mask, "**").label("name"),
            func.lower(h.valid).label("from_on"),
            func.upper(h.valid).label("until_on"),
            func.coalesce(helper.c.status == "full", False).label("full"),
            restricted.label("restricted"),
        )
        .select_from(
            outerjoin(
                outerjoin(h, helper, helper.c.id == h.member_id), person, person.c.id == helper.c.person_id
            )
        )
        .where(h.case_id == C.id)
    )


@dataclass(frozen=True, slots=True)
class Person:
    """What of a member decides whether they may apply or stand by an applicant."""

    status: str
    restricted: bool
    division_code: str
    path: tuple[str, ...]


async def members_seen(work: Work, ids: list[UUID], permission: Permission) -> dict[UUID, Person]:
    """Those of these members whom the caller's scope holds."""
    limit, x = member_restrictions.c, access.division_closure.c
    restricted = exists(
        select(1).where(limit.member_id == M.id, limit.valid.op("@>")(access.today_sql())).correlate(members)
    )
    path = (
        select(func.array_agg(aggregate_order_by(x.ancestor_code, x.depth.desc())))
        .where(x.descendant_code == M.division_code, x.valid.op("@>")(access.today_sql()))
        .correlate(members)
        .scalar_subquery()
    )
    found: Any = await work.execute(
        select(M.id, M.status, restricted, M.division_code, path).where(
            M.id.in_(ids), visible(work.actor.scope(permission))
        )
    )
    return {row[0]: Person(row[1], row[2], row[3], tuple(row[4] or ())) for row in found}


async def page(work: Work, filters: CaseFilters) -> Response:
    """Cases in sight, the latest first, masked."""
    body, place = party_organizations.c, divisions.c
    due = case(
        (
            C.due_on.is_not(None),
            func.json_build_object("step", C.due_step, "on", C.due_on, "above", C.due_above),
        ),
        else_=cast(null(), JSON),
    )
    statement = (
        select(
            C.id,
            reads.ref(C.member_id, persons.c.name_mask).label("member"),
            reads.ref(body.id, body.name).label("party_organization"),
            reads.code_ref(place.code, place.name).label("division"),
            C.state,
            C.stage,
            C.step,
            C.opened_on,
            C.closed_on,
            C.separate_plan,
            C.priority_group,
            due.label("due"),
            reads.etag(C.version),
        )
        .join(members, M.id == C.member_id)
        .join(persons, persons.c.id == M.person_id)
        .join(party_organizations, body.id == M.party_organization_id)
        .join(divisions, place.code == M.division_code)
        .where(visible(work.actor.scope(_READ)), *_conditions(filters))
    )
    return await reads.page(work, statement, shape=CaseItem, filters=filters, sort=(C.id,), descending=True)


def _conditions(filters: CaseFilters) -> list[ColumnElement[bool]]:
    equal = (
        (C.state, filters.state),
        (C.stage, filters.stage),
        (C.step, filters.step),
        (C.member_id, filters.member_id),
        (C.separate_plan, filters.separate_plan),
        (C.priority_group, filters.priority_group),
    )
    conditions: list[ColumnElement[bool]] = [col == value for col, value in equal if value is not None]
    if filters.due_by is not None:
        conditions.append(C.due_on <= filters.due_by)
    return conditions + access.lies_in(
        division=M.division_code,
        divisions=[filters.division] if filters.division else (),
        body=M.party_organization_id,
        bodies=[filters.party_organization_id] if filters.party_organization_id else (),
    )
