"""A question with every default filled in, checked against the caller's scope."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from app.core import access
from app.core.access import NATION, Permission, Scope, division_closure
from app.core.errors import Fault
from app.core.fields import CodeRef, Ref
from app.core.work import Work
from app.coverage import errors, rules
from app.coverage.queries.rulebook import Shelf, shelf
from app.coverage.queries.tables import (
    divisions,
    organization_periods,
    party_organizations,
    responsibilities,
    rule_packs,
)
from app.coverage.rules import Counting, CoverageBasis, ExceptionsMode, LedBy, Threshold
from app.coverage.schemas import CoverageFilters, CoverageSubject, RulePackUsed


@dataclass(frozen=True, slots=True)
class Question:
    """Which organizations, on which day, by what was known when, counted by which rules."""

    division: CodeRef | None
    child: str | None
    body: Ref | None
    child_body: UUID | None
    direct: bool
    basis: CoverageBasis
    led: LedBy | None
    kind: str | None
    day: date
    known_at: datetime | None
    exceptions: ExceptionsMode
    counting: Counting
    thresholds: tuple[Threshold, ...]
    shelf: Shelf | None = None
    """Roll-ups that may answer this question, if there are any."""

    def subject(self) -> CoverageSubject:
        """The question as it is given back."""
        pack = self.counting
        return CoverageSubject(
            division=self.division,
            child=self.child,
            direct=self.direct,
            division_basis=self.basis,
            body=self.body,
            child_body=self.child_body,
            led=self.led,
            kind=self.kind,
            as_of=self.day,
            known_at=self.known_at,
            exceptions=self.exceptions,
            rule_pack=RulePackUsed(code=pack.code, version=pack.version, source=pack.source),
        )


async def ask(work: Work, filters: CoverageFilters, day: date | None = None) -> Question:
    """The question behind these filters, about `day` if it is given.

    The division or the body asked about must lie in the caller's scope today; then everything that belongs to
    it counts, whichever way it came to belong. Raises `CoverageSubjectNotFound`, the same for what does not
    exist, and `CoverageSubjectNeeded` when neither is named and the scope has several."""
    scope = work.actor.scope(Permission.COVERAGE_READ)
    code, body_id = _named(filters, scope)
    division = await _division(work, code, scope) if code is not None else None
    body = await _body(work, body_id, scope) if body_id is not None else None
    if (code is not None and division is None) or (body_id is not None and body is None):
        raise errors.CoverageSubjectNotFound
    if not ((division is not None and division[1]) or (body is not None and body[1])):
        raise errors.CoverageSubjectNotFound
    if body is not None and not body[1] and not await _leads_in(work, body[0].id, code):
        raise errors.CoverageSubjectNotFound
    asked = day or filters.as_of or work.today
    _check(filters, has_division=division is not None, has_body=body is not None)
    rulebook, there = await shelf(work)
    plain = filters.known_at is None and body is None and filters.led is None
    return Question(
        division=division[0] if division else None,
        child=filters.child,
        body=body[0] if body else None,
        child_body=filters.child_body,
        direct=filters.direct,
        basis=filters.division_basis,
        led=filters.led,
        kind=filters.kind,
        day=asked,
        known_at=filters.known_at,
        exceptions=filters.exceptions,
        counting=await _counting(work, code or NATION, asked),
        thresholds=rulebook.thresholds,
        shelf=there if plain else None,
    )


def _named(filters: CoverageFilters, scope: Scope) -> tuple[str | None, UUID | None]:
    if filters.division is not None or filters.body is not None:
        return filters.division, filters.body
    if scope.national:
        return NATION, None
    if len(scope.divisions) == 1 and not scope.bodies:
        return scope.divisions[0], None
    if len(scope.bodies) == 1 and not scope.divisions:
        return None, scope.bodies[0]
    raise errors.CoverageSubjectNeeded


def _check(filters: CoverageFilters, *, has_division: bool, has_body: bool) -> None:
    faults = []
    if filters.direct and not has_division:
        words = ("direct 须与 division 一起给出", "`direct` goes with `division`")
        faults.append(Fault("/query/direct", "needs_division", words))
    for name, present, needs in (("child", has_division, "division"), ("child_body", has_body, "body")):
        if getattr(filters, name) is not None and not present:
            words = (f"{name}须与{needs}一起给出", f"`{name}` goes with `{needs}`")
            faults.append(Fault(f"/query/{name}", f"needs_{needs}", words))
    if filters.led is LedBy.DIRECT and not has_body:
        words = ("led=direct 须与 body 一起给出", "`led=direct` goes with `body`")
        faults.append(Fault("/query/led", "needs_body", words))
    if filters.led is LedBy.ELSEWHERE and not has_division:
        words = ("led=elsewhere 须与 division 一起给出", "`led=elsewhere` goes with `division`")
        faults.append(Fault("/query/led", "needs_division", words))
    if faults:
        raise errors.CoverageQuestionInvalid(errors=faults)


async def _division(work: Work, code: str, scope: Scope) -> tuple[CodeRef, bool] | None:
    inside = true() if scope.national else access.within_divisions(divisions.c.code, scope.divisions)
    found = (
        await work.execute(select(divisions.c.name, inside.label("inside")).where(divisions.c.code == code))
    ).one_or_none()
    return (CodeRef(code=code, name=found.name), bool(found.inside)) if found else None


async def _body(work: Work, body_id: UUID, scope: Scope) -> tuple[Ref, bool] | None:
    b = party_organizations.c
    inside: ColumnElement[bool] = true()
    if not scope.national:
        by_division = (
            access.within_divisions(b.division_code, scope.divisions) if scope.divisions else false()
        )
        inside = or_(by_division, access.within_bodies(b.id, scope.bodies))
    found = (await work.execute(select(b.name, inside.label("inside")).where(b.id == body_id))).one_or_none()
    return (Ref(id=body_id, name=found.name), bool(found.inside)) if found else None


async def _leads_in(work: Work, body_id: UUID, code: str | None) -> bool:
    """Whether a body, or one below it, ever led an organization of the division: only then it is no news."""
    r, p = responsibilities.c, organization_periods.c
    found = await work.scalar(
        select(r.organization_id)
        .join(organization_periods, p.organization_id == r.organization_id)
        .where(
            r.relation == "lead",
            access.within_bodies(r.party_organization_id, [body_id]),
            access.within_divisions(p.division_code, [code] if code else []),
        )
        .limit(1)
    )
    return found is not None


async def _counting(work: Work, code: str, day: date) -> Counting:
    """The rule pack `coverage` of the nearest jurisdiction above the division that holds on the day."""
    k, above = rule_packs.c, division_closure.c
    found = (
        await work.execute(
            select(k.code, k.version, k.source, k.content)
            .select_from(rule_packs)
            .outerjoin(
                division_closure,
                and_(
                    above.ancestor_code == k.jurisdiction_code,
                    above.descendant_code == code,
                    above.valid.op("@>")(day),
                ),
            )
            .where(
                k.kind == "coverage",
                k.state == "published",
                k.effective_on <= day,
                or_(k.jurisdiction_code.is_(None), above.ancestor_code.is_not(None)),
            )
            .order_by(above.depth.asc().nulls_last(), k.effective_on.desc(), k.version.desc())
            .limit(1)
        )
    ).one_or_none()
    if found is None:
        raise errors.CoverageRulesMissing
    return rules.counting(found.code, found.version, found.source, found.content)
