"""What is true of each organization on a day: the few facts from which every rate is made.

Numbers of members are read from the folded row for today, and folded from the statements for any other day or
knowledge, in the order that the ledger states (`organizations.rules.facts.order`)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import (
    Date,
    Integer,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on

from app.coverage.queries.population import Condition, Population
from app.coverage.queries.tables import (
    charter_clauses,
    covers,
    instructor_assignments,
    no_reasons,
    organization_facts,
    organization_identifiers,
    party_organizations,
)
from app.coverage.rules import WITHOUT_MEMBERS, Threshold

_COUNTS = {"full_members": "full_member_count", "full_time_full_members": "full_time_full_member_count"}


class Lens(Population):
    """What is true of each organization that counts."""

    def _covered_by(self, which: Callable[[Any, Any], Condition]) -> Condition:
        c, b = covers.alias("c"), party_organizations.alias("b")
        return exists(
            select(literal(1))
            .select_from(c.join(b, b.c.id == c.c.party_organization_id))
            .where(
                c.c.organization_id == self.period.c.organization_id,
                self.holds(c.c.valid),
                self.known(c.c.recorded),
                which(c.c, b.c),
            )
            .correlate_except(c, b)
        )

    def covered(self) -> Condition:
        """By a body that counts: committee, general branch or branch."""
        return self._covered_by(lambda _, b: b.counts_as_primary)

    def guided(self) -> Condition:
        """By what gives work coverage only: a work team (党的工作小组), or an instructor (党建指导员)."""
        counting = self.question.counting
        by_team = self._covered_by(lambda _, b: b.kind.in_(counting.work_covering_kinds))
        return or_(by_team, self._instructed()) if counting.instructors_cover else by_team

    def _instructed(self) -> Condition:
        a = instructor_assignments.alias("a")
        return exists(
            select(literal(1))
            .where(
                a.c.organization_id == self.period.c.organization_id,
                self.holds(a.c.valid),
                self.known(a.c.recorded),
            )
            .correlate_except(a)
        )

    def single(self) -> Condition:
        """By a body of its own (单独组建)."""
        return self._covered_by(lambda c, b: and_(b.counts_as_primary, c.formation == "single"))

    def reasoned(self) -> Condition:
        """Whether a reason for having no Party organization holds."""
        n = no_reasons.alias("n")
        return exists(
            select(literal(1))
            .where(
                n.c.organization_id == self.period.c.organization_id,
                self.holds(n.c.valid),
                self.known(n.c.recorded),
            )
            .correlate_except(n)
        )

    def stated(self, fact: str, key: str = "") -> Any:
        """What ruled that day of what was known then: the last statement in the ledger's order, as JSON."""
        f = organization_facts.alias("f")
        known = [] if self.question.known_at is None else [f.c.recorded_at <= self.question.known_at]
        return (
            select(f.c.value)
            .where(
                f.c.organization_id == self.period.c.organization_id,
                f.c.fact == _inline(fact),
                f.c.key == key,
                f.c.effective_on <= self.day,
                *known,
            )
            .order_by(*_ruling_first(f.c))
            .limit(1)
            .correlate_except(f)
            .scalar_subquery()
        )

    def number(self, fact: str) -> Any:
        """A count of members, null when unknown."""
        return self.organization.c[fact] if self.current else cast(self.stated(fact), Integer)

    def must_establish(self) -> Condition:
        """Whether it has so many members that it must have a body, by its jurisdiction's pack."""
        packs: dict[tuple[str | None, date], list[Threshold]] = {}
        for threshold in self.question.thresholds:
            packs.setdefault((threshold.jurisdiction, threshold.since), []).append(threshold)
        numbers = {
            basis: self.number(_COUNTS[basis]) for basis in {t.basis for t in self.question.thresholds}
        }
        whens = []
        for (jurisdiction, since), entries in packs.items():
            here = [literal(since, Date()) <= self.day]
            if entries[0].until is not None:
                here.append(self.day < entries[0].until)
            if jurisdiction is not None:
                here.append(self.within(self.period.c.division_code, jurisdiction))
            enough = or_(*(func.coalesce(numbers[t.basis] >= t.at_least, false()) for t in entries))
            whens.append((and_(*here), enough))
        return case(*whens, else_=false()) if whens else false()

    def charter(self) -> Condition:
        """Whether the charter has the Party-building clause in a wording that counts."""
        return self._clause("party_building", self.question.counting.complete_wordings)

    def core_values(self) -> Condition:
        """Whether the charter has the clause on core values."""
        return self._clause("core_values", None)

    def _clause(self, name: str, wordings: tuple[str, ...] | None) -> Condition:
        if self.question.known_at is not None:
            wording = self.stated("charter_clause", name).op("->>")("wording")
            found = wording.is_not(None) if wordings is None else wording.in_(wordings)
            return func.coalesce(found, false())
        cc = charter_clauses.alias("cc")
        conditions = [
            cc.c.organization_id == self.period.c.organization_id,
            cc.c.clause == name,
            self.holds(cc.c.valid),
        ]
        if wordings is not None:
            conditions.append(cc.c.wording.in_(wordings))
        return exists(select(literal(1)).where(*conditions).correlate_except(cc))

    def identified(self) -> Condition:
        """Whether it can be told from every other one: by its credit code, or by another number."""
        if self.current:
            i = organization_identifiers.alias("i")
            numbered = (
                select(literal(1))
                .where(i.c.organization_id == self.period.c.organization_id, not_(i.c.withdrawn))
                .correlate_except(i)
            )
            return or_(self.organization.c.credit_code.is_not(None), exists(numbered))
        return or_(_is_said(self.stated("credit_code")), self._numbered())

    def _numbered(self) -> Condition:
        """Whether any identifier was on record that day, by its last statement."""
        f = organization_facts.alias("f")
        known = [] if self.question.known_at is None else [f.c.recorded_at <= self.question.known_at]
        last = (
            select(f.c.value)
            .ext(distinct_on(f.c.key))
            .where(
                f.c.organization_id == self.period.c.organization_id,
                f.c.fact == _inline("identifier"),
                f.c.effective_on <= self.day,
                *known,
            )
            .order_by(f.c.key, *_ruling_first(f.c))
            .correlate_except(f)
            .subquery("last")
        )
        return exists(select(literal(1)).select_from(last).where(_is_said(last.c.value)))

    def on_record(self) -> Condition:
        """Whether the organization itself, its members and its Party members are on record (四清中的三清)."""
        return and_(
            self.identified(),
            or_(self.period.c.kind.in_(WITHOUT_MEMBERS), self.number("member_count").is_not(None)),
            self.number("party_member_count").is_not(None),
        )


def _inline(value: str) -> Any:
    """A constant of ours in the statement itself, so that a partial index can be proven to fit."""
    return literal(value, literal_execute=True)


def _is_said(value: Any) -> Condition:
    """A statement of something, not of null."""
    return func.coalesce(func.jsonb_typeof(value) != "null", false())


def _ruling_first(f: Any) -> tuple[Any, ...]:
    """The ledger's order of statements about one thing, the one that rules first."""
    return (
        f.effective_on.desc(),
        f.source_rank.desc(),
        func.coalesce(f.sequence, -1).desc(),
        f.correction.desc(),
        f.occurred_at.desc().nulls_last(),
        f.source.desc(),
        func.coalesce(cast(f.value, Text), "null").collate("C").desc(),
    )
