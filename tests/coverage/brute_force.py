"""Coverage recomputed in plain Python from every row there is: what each answer of the service must equal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.core.work import Shell
from app.organizations import rules as ledger

NATION = "100000"
PRIMARY = {"committee", "general_branch", "branch"}
WITHOUT_MEMBERS = {"service_institution", "foundation", "intermediary"}
RATES = (
    "organization_coverage",
    "work_coverage",
    "should_have_established",
    "single_formation",
    "charter",
    "core_values",
    "four_clears",
)
TABLES = (
    "organizations",
    "organization_periods",
    "organization_facts",
    "party_organizations",
    "party_organization_parents",
    "party_organization_closure",
    "party_organization_covers",
    "no_party_organization_reasons",
    "responsibilities",
    "division_closure",
    "division_parents",
)
Sets = dict[str, set[UUID]]


@dataclass(frozen=True)
class Asked:
    """A question to the brute force."""

    day: date
    division: str | None = None
    basis: str = "registration"
    body: UUID | None = None
    kind: str | None = None
    known_at: datetime | None = None
    by: str = "none"
    exclude: bool = False


@dataclass(frozen=True)
class Found:
    """The organizations of a line, and of both numbers of each rate."""

    everyone: set[UUID]
    below: Sets
    above: Sets
    excepted: set[UUID]
    blank: set[UUID]
    bodies: set[UUID]


class BruteForce:
    """Every row of the tables, once read."""

    def __init__(self, rows: dict[str, list[Any]]) -> None:
        self.rows = rows
        self.body = {row.id: row for row in rows["party_organizations"]}
        self.over: dict[str, list[Any]] = {}
        for row in rows["division_closure"]:
            self.over.setdefault(row.descendant_code, []).append(row)
        self.of: dict[tuple[str, UUID], list[Any]] = {}
        for name in TABLES:
            for row in rows[name]:
                if hasattr(row, "organization_id"):
                    self.of.setdefault((name, row.organization_id), []).append(row)
        self.hung: dict[str, list[Any]] = {}
        for row in rows["division_parents"]:
            self.hung.setdefault(row.parent_code, []).append(row)

    @classmethod
    async def read(cls, shell: Shell) -> "BruteForce":
        """Read everything."""
        async with shell.engine.connect() as connection:
            return cls(
                {name: list(await connection.execute(text(f"SELECT * FROM {name}"))) for name in TABLES}  # noqa: S608
            )

    # ------------------------------------------------------------------------------------------ who counts

    def answer(self, asked: Asked) -> dict[str, Found]:
        """Every line of an answer by its key: a code, an id, `own`, `nobody`, `elsewhere` or `total`."""
        lines: dict[str, set[UUID]] = {}
        self.bodies_of: dict[str, set[UUID]] = {}
        periods = {p.organization_id: p for p in self._known(self.rows["organization_periods"], asked)}
        for organization, period in periods.items():
            lead = self._lead(organization, asked)
            if self._counts(period, lead, asked):
                lines.setdefault(self._line(period, lead, asked), set()).add(organization)
        for body in self._bodies(asked):
            self.bodies_of.setdefault(self._body_line(body, asked), set()).add(body)
        return {
            key: self._found(lines.get(key, set()), periods, asked, self.bodies_of.get(key, set()))
            for key in lines.keys() | self.bodies_of.keys()
        }

    def _known(self, rows: Iterable[Any], asked: Asked) -> list[Any]:
        """Rows that hold on the day, by what was known then."""
        return [row for row in rows if _holds(row.valid, asked.day) and _known(row.recorded, asked.known_at)]

    def _counts(self, period: Any, lead: UUID | None, asked: Asked) -> bool:
        if period.registration_status != "normal" or asked.kind not in {None, period.kind}:
            return False
        if asked.body is not None and (lead is None or asked.body not in self._above_body(lead, asked.day)):
            return False
        return asked.division is None or self._within(
            self._place(period, lead, asked), asked.division, asked.day
        )

    def _place(self, period: Any, lead: UUID | None, asked: Asked) -> str | None:
        if asked.basis == "responsibility":
            return str(self.body[lead].division_code) if lead is not None else None
        code = period.division_code if asked.basis == "registration" else period.domicile_division_code
        return None if code is None else str(code)

    def _within(self, code: str | None, division: str, day: date) -> bool:
        return division == NATION or (code is not None and division in self._above(code, day))

    def _above(self, code: str, day: date) -> set[str]:
        return {row.ancestor_code for row in self.over[code] if _holds(row.valid, day)}

    def _above_body(self, body: UUID, day: date) -> dict[UUID, int]:
        return {
            row.ancestor_id: row.depth
            for row in self.rows["party_organization_closure"]
            if row.descendant_id == body and _holds(row.valid, day)
        }

    def _lead(self, organization: UUID, asked: Asked) -> UUID | None:
        leads = [
            row.party_organization_id
            for row in self._known(self.of.get(("responsibilities", organization), ()), asked)
            if row.relation == "lead"
        ]
        assert len(leads) <= 1
        return leads[0] if leads else None

    # --------------------------------------------------------------------------------------------- lines

    def _line(self, period: Any, lead: UUID | None, asked: Asked) -> str:
        if asked.by == "kind":
            return str(period.kind)
        if asked.by == "division":
            return self._child(self._place(period, lead, asked), asked)
        if asked.by == "body":
            return self._body_line(lead, asked)
        return "total"

    def _child(self, code: str | None, asked: Asked) -> str:
        above = self._above(code, asked.day) if code is not None else set()
        children = {
            row.code
            for row in self.hung.get(asked.division or "", ())
            if not row.resting and _holds(row.valid, asked.day)
        }
        return next(iter(children & above), "own")

    def _body_line(self, body: UUID | None, asked: Asked) -> str:
        if asked.by in {"none", "kind"}:
            return "total"
        if asked.by == "division":
            return self._child(None if body is None else self.body[body].division_code, asked)
        if body is None:
            return "nobody"
        above = self._above_body(body, asked.day)
        if asked.body is not None:
            children = {
                row.party_organization_id
                for row in self.rows["party_organization_parents"]
                if row.parent_id == asked.body
                and _holds(row.valid, asked.day)
                and self._existed(row.party_organization_id, asked.day)
            }
            return next((str(b) for b in above if b in children), "own")
        assert asked.division is not None
        local = [
            (depth, b)
            for b, depth in above.items()
            if self._within(self.body[b].division_code, asked.division, asked.day)
        ]
        return str(max(local)[1]) if local else "elsewhere"

    def _existed(self, body: UUID, day: date) -> bool:
        row = self.body[body]
        return bool(row.founded_on <= day and (row.dissolved_on is None or day < row.dissolved_on))

    def _bodies(self, asked: Asked) -> list[UUID]:
        return [
            body
            for body, row in self.body.items()
            if row.kind in PRIMARY
            and self._existed(body, asked.day)
            and (asked.division is None or self._within(row.division_code, asked.division, asked.day))
            and (asked.body is None or asked.body in self._above_body(body, asked.day))
        ]

    # -------------------------------------------------------------------------------- what is true of each

    def _found(self, ids: set[UUID], periods: dict[UUID, Any], asked: Asked, bodies: set[UUID]) -> Found:
        below: Sets = {rate: set() for rate in RATES}
        above: Sets = {rate: set() for rate in RATES}
        excepted, blank = set(), set()
        for organization in ids:
            truth = self._truth(organization, periods[organization], asked)
            if truth["excepted"]:
                excepted.add(organization)
            if not truth["work_coverage"]:
                blank.add(organization)
            for rate in RATES:
                if truth[f"below_{rate}"]:
                    below[rate].add(organization)
                    if truth[rate]:
                        above[rate].add(organization)
        return Found(ids, below, above, excepted, blank, bodies)

    def _truth(self, organization: UUID, period: Any, asked: Asked) -> dict[str, bool]:
        covers = [
            (self.body[row.party_organization_id], row.formation)
            for row in self._known(self.of.get(("party_organization_covers", organization), ()), asked)
        ]
        covered = any(body.kind in PRIMARY for body, _ in covers)
        worked = any(body.kind in PRIMARY | {"work_team"} for body, _ in covers)
        single = any(body.kind in PRIMARY and formation == "single" for body, formation in covers)
        reasons = self.of.get(("no_party_organization_reasons", organization), ())
        reasoned = bool(self._known(reasons, asked))
        said = self._said(organization, asked)
        excepted = reasoned and not covered
        party_building = said.get(("charter_clause", "party_building"))
        identified = said.get(("credit_code", "")) is not None or any(
            value is not None for (name, _), value in said.items() if name == "identifier"
        )
        return {
            "excepted": excepted,
            "organization_coverage": covered,
            "below_organization_coverage": not (asked.exclude and excepted),
            "work_coverage": worked,
            "below_work_coverage": worked or not (asked.exclude and excepted),
            "should_have_established": covered,
            "below_should_have_established": self._must(period, said, asked),
            "single_formation": single,
            "below_single_formation": covered,
            "charter": party_building is not None and party_building["wording"] in {"2019", "own"},
            "below_charter": True,
            "core_values": said.get(("charter_clause", "core_values")) is not None,
            "below_core_values": True,
            "four_clears": identified
            and (period.kind in WITHOUT_MEMBERS or said.get(("member_count", "")) is not None)
            and (covered or reasoned)
            and said.get(("party_member_count", "")) is not None,
            "below_four_clears": True,
        }

    def _must(self, period: Any, said: dict[tuple[str, str], Any], asked: Asked) -> bool:
        """Three full members; in Ningbo three of them among the full-time staff (since 2018)."""
        ningbo = "330200" in self._above(period.division_code, asked.day) and asked.day >= date(2018, 1, 1)
        number = said.get(("full_time_full_member_count" if ningbo else "full_member_count", ""))
        return asked.day >= date(2015, 9, 28) and number is not None and number >= 3

    def _said(self, organization: UUID, asked: Asked) -> dict[tuple[str, str], Any]:
        """What rules on the day, by the ledger's own fold of what was known."""
        facts = [
            ledger.Fact(
                fact=row.fact,
                key=row.key,
                value=row.value,
                effective_on=row.effective_on,
                source=row.source,
                rank=row.source_rank,
                sequence=row.sequence,
                occurred_at=row.occurred_at,
                correction=row.correction,
                recorded_at=row.recorded_at,
            )
            for row in self.of.get(("organization_facts", organization), ())
            if asked.known_at is None or row.recorded_at <= asked.known_at
        ]
        ruling = {}
        for lane, said in ledger.lanes(facts).items():
            for segment in ledger.history(said):
                if segment.since <= asked.day:
                    ruling[lane] = segment.ruling.value
        return ruling


def _holds(valid: Any, day: date) -> bool:
    return (valid.lower is None or valid.lower <= day) and (valid.upper is None or day < valid.upper)


def _known(recorded: Any, moment: datetime | None) -> bool:
    if moment is None:
        return recorded.upper is None
    return bool(recorded.lower <= moment and (recorded.upper is None or moment < recorded.upper))
