"""Which organizations a question asks about on a day: where they belong, who leads them, which count."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, DateTime, FromClause, and_, cast, func, literal, not_, or_, select, true

from app.core import access
from app.core.access import NATION
from app.coverage.queries.question import Question
from app.coverage.queries.tables import (
    division_parents,
    organization_periods,
    organizations,
    party_organization_closure,
    party_organization_parents,
    party_organizations,
    responsibilities,
)
from app.coverage.rules import CoverageBasis, LedBy

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Population:
    """A question looked at on one day; `current` is today by what is known now."""

    question: Question
    day: ColumnElement[date]
    current: bool

    @cached_property
    def period(self) -> Any:
        """The stretch of the organization's history that holds on the day."""
        return organization_periods.alias("p")

    @cached_property
    def lead(self) -> Any:
        return responsibilities.alias("lead")

    @cached_property
    def organization(self) -> Any:
        return organizations.alias("o")

    @cached_property
    def leader(self) -> Any:
        return party_organizations.alias("leader")

    def known(self, recorded: Any) -> Condition:
        """Whether a row is what was known at the asked instant."""
        if self.question.known_at is None:
            return func.upper_inf(recorded)
        moment = DateTime(timezone=True)
        instant = cast(literal(self.question.known_at, moment, literal_execute=True), moment)
        return recorded.op("@>", is_comparison=True)(instant)  # type: ignore[no-any-return]

    def holds(self, valid: Any) -> Condition:
        return valid.op("@>", is_comparison=True)(self.day)  # type: ignore[no-any-return]

    @property
    def needs_lead(self) -> bool:
        q = self.question
        return q.basis is CoverageBasis.RESPONSIBILITY or q.body is not None or q.led is not None

    @property
    def place(self) -> Any:
        """The division to which an organization belongs on the asked basis."""
        basis = self.question.basis
        if basis is CoverageBasis.REGISTRATION:
            return self.period.c.division_code
        if basis is CoverageBasis.DOMICILE:
            return self.period.c.domicile_division_code
        return self.leader.c.division_code

    def source(
        self, *, with_lead: bool = False, with_organization: bool = False, among: Any = None
    ) -> FromClause:
        """The rows to count from: the ledger's periods (`among` some organizations only); who leads, and the
        organization's row, if asked."""
        p, lead, leader, o = self.period, self.lead, self.leader, self.organization
        rows: Any = p if among is None else among.join(p, p.c.organization_id == among.c.id)
        if with_organization:
            rows = rows.join(o, o.c.id == p.c.organization_id)
        if not (with_lead or self.needs_lead):
            return rows  # type: ignore[no-any-return]
        leads = and_(
            lead.c.organization_id == p.c.organization_id,
            lead.c.relation == "lead",
            self.holds(lead.c.valid),
            self.known(lead.c.recorded),
        )
        return (  # type: ignore[no-any-return]
            rows.outerjoin(lead, leads).outerjoin(leader, leader.c.id == lead.c.party_organization_id)
        )

    def population(self) -> Condition:
        """Which organizations count: active that day, of a counted kind, where the question asks."""
        q, p = self.question, self.period.c
        conditions: list[Condition] = [
            self.holds(p.valid),
            self.known(p.recorded),
            p.registration_status.in_(q.counting.active_statuses),
            p.kind.in_(q.counting.kinds),
        ]
        if q.kind is not None:
            conditions.append(p.kind == q.kind)
        if q.division is not None:
            conditions.append(self.within(self.place, q.division.code))
            if q.child is not None:
                conditions.append(self.within(self.place, q.child))
            if q.direct:
                conditions.append(
                    func.coalesce(not_(self.below_a_child(self.place, q.division.code)), true())
                )
        if q.body is not None:
            conditions.append(self.under(q.body.id))
            if q.child_body is not None:
                conditions.append(self.under(q.child_body))
        conditions += self._led()
        return and_(*conditions)

    def within(self, code: Any, division: str) -> Condition:
        """Whether a division lay in the subtree of another that day; everything lies in the nation."""
        return access.within_divisions(code, [division], self.day)

    def children(self, division: str) -> Any:
        """The divisions directly below one that day; an abolished one that rests there is no child."""
        d = division_parents.alias("child")
        return (
            select(d.c.code)
            .where(d.c.parent_code == division, self.holds(d.c.valid), not_(d.c.resting))
            .subquery("children")
        )

    @cached_property
    def below_each_child(self) -> Any:
        """For every code: the division directly below the one asked about under which it lies that day."""
        asked = self.question.division
        closure, child = access.division_closure.alias("up"), self.children(asked.code if asked else NATION)
        return (
            select(closure.c.descendant_code.label("below"), closure.c.ancestor_code.label("line"))
            .join_from(closure, child, child.c.code == closure.c.ancestor_code)
            .where(self.holds(closure.c.valid))
            .cte("lines")
            .prefix_with("MATERIALIZED")
        )

    def below_a_child(self, code: Any, division: str) -> Condition:
        closure, child = access.division_closure.alias("below"), self.children(division)
        below = (
            select(closure.c.descendant_code)
            .join_from(closure, child, child.c.code == closure.c.ancestor_code)
            .where(self.holds(closure.c.valid))
        )
        return code == func.any(func.array(below.scalar_subquery()))  # type: ignore[no-any-return]

    def under(self, body_id: Any) -> Condition:
        """Whether the body that leads hangs in the subtree of another that day."""
        return access.within_bodies(self.lead.c.party_organization_id, [body_id], self.day)

    def child_bodies(self, body_id: Any) -> Any:
        """The bodies directly below one that existed that day."""
        link, b = party_organization_parents.alias("link"), party_organizations.alias("child_body")
        return (
            select(b.c.id)
            .join_from(link, b, b.c.id == link.c.party_organization_id)
            .where(link.c.parent_id == body_id, self.holds(link.c.valid), self.existed(b.c))
            .subquery("child_bodies")
        )

    def existed(self, body: Any) -> Condition:
        return and_(
            body.founded_on <= self.day, or_(body.dissolved_on.is_(None), body.dissolved_on > self.day)
        )

    def _led(self) -> list[Condition]:
        q, lead = self.question, self.lead.c
        if q.led is LedBy.NOBODY:
            return [lead.party_organization_id.is_(None)]
        closure = party_organization_closure.alias("line")
        if q.led is LedBy.DIRECT and q.body is not None:
            child = self.child_bodies(q.body.id)
            below = (
                select(closure.c.descendant_id)
                .join_from(closure, child, child.c.id == closure.c.ancestor_id)
                .where(self.holds(closure.c.valid))
            )
            return [not_(lead.party_organization_id == func.any(func.array(below.scalar_subquery())))]
        if q.led is LedBy.ELSEWHERE and q.division is not None:
            return [lead.party_organization_id.is_not(None), not_(self.led_from(q.division.code))]
        return []

    def led_from(self, division: str) -> Condition:
        """Whether the body that leads, or one above it, belongs to a division's subtree that day."""
        closure, above = party_organization_closure.alias("line"), party_organizations.alias("above")
        local = (
            select(closure.c.descendant_id)
            .join_from(closure, above, above.c.id == closure.c.ancestor_id)
            .where(self.holds(closure.c.valid), self.within(above.c.division_code, division))
        )
        return self.lead.c.party_organization_id == func.any(  # type: ignore[no-any-return]
            func.array(local.scalar_subquery())
        )
