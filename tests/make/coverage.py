"""A small country with a random history, in bulk: every row bitemporal, as the slices would have written it.

Only the rows are made here; what they mean is left to the service and to `tests/coverage/brute_force.py`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import Range

from app.core.access import SYSTEM
from app.core.db import uuid7
from app.core.errors import Refusal
from app.core.work import Shell, Work, begin
from app.organizations import models, rules
from app.party_organizations import commands as bodies
from app.party_organizations.models import Cover, NoReason
from app.party_organizations.rules import BodyKind, Formation
from app.party_organizations.schemas import (
    PartyOrganizationDissolve,
    PartyOrganizationEstablish,
    PartyOrganizationMove,
)
from app.responsibility.models import Responsibility

PLACES = ("100000", "440000", "440100", "440115", "440106", "440113", "440600", "440605", "140300", "110101")
OLD_PLACES = ("440121", "440126")
"""番禺县 until 1992 and 番禺市 until 2000: codes that are gone, as old rows still have them."""
KINDS = ("association", "service_institution", "foundation", "community_filed", "intermediary")
STATUSES = ("normal", "normal", "normal", "normal", "in_liquidation", "deregistered", "preparatory")
FIRST, LAST = date(2012, 1, 1), date(2026, 6, 30)
INSTANTS = tuple(datetime(2020 + n, 3, 1, 12, tzinfo=UTC) for n in range(6))
FACTS = ("full_member_count", "full_time_full_member_count", "member_count", "party_member_count")


@dataclass
class World:
    """What was made: the ids to ask about."""

    bodies: list[UUID] = field(default_factory=list)
    organizations: list[UUID] = field(default_factory=list)


async def world(shell: Shell, chance: Random, *, organizations: int = 60, body_count: int = 14) -> World:
    """A random history of bodies (through their commands) and organizations (row by row)."""
    made = World()
    while len(made.bodies) < body_count:
        await _body_step(shell, chance, made, grow=True)
    for _ in range(12):
        await _body_step(shell, chance, made, grow=False)
    async with begin(shell, SYSTEM) as work:
        kinds = {
            row.id: (row.kind, row.formation, row.founded_on, row.dissolved_on)
            for row in await work.execute(
                text("SELECT id, kind, formation, founded_on, dissolved_on FROM party_organizations")
            )
        }
        singles = {body for body, known in kinds.items() if known[1] == "single"}
        for number in range(organizations):
            organization = uuid7()
            made.organizations.append(organization)
            await _organization(work, chance, organization, number)
            taken = [b for b in singles if chance.random() < 1 / organizations]
            singles -= set(taken)
            others = [b for b in kinds if kinds[b][1] != "single" and kinds[b][0] in _COVERING]
            for body in [*taken, *chance.sample(others, chance.choice((0, 0, 1, 1, 2)))]:
                await _covers(work, chance, organization, body, kinds[body])
            await _reasons(work, chance, organization)
            await _leads(work, chance, organization, list(kinds))
    return made


_COVERING = {"committee", "general_branch", "branch", "group", "work_team"}


async def _body_step(shell: Shell, chance: Random, made: World, *, grow: bool) -> None:
    day = _day(chance, FIRST, date(2019, 1, 1)) if grow else _day(chance, date(2019, 1, 1), LAST)
    try:
        async with begin(shell, SYSTEM) as work:
            if grow:
                kind = chance.choice(
                    [BodyKind.COMMITTEE, BodyKind.COMMITTEE, BodyKind.BRANCH, BodyKind.WORK_TEAM]
                )
                formation = chance.choice([Formation.SINGLE, Formation.JOINT, Formation.REGIONAL])
                plan = PartyOrganizationEstablish(
                    name=f"党组织{len(made.bodies)}",
                    kind=kind,
                    formation=None if kind is BodyKind.WORK_TEAM else formation,
                    division_code=chance.choice(PLACES),
                    founded_on=day,
                    parent_id=chance.choice([None, *made.bodies]),
                    covers=[],
                )
                made.bodies.append(await bodies.establish(work, plan))
            elif chance.random() < 0.8:
                order = PartyOrganizationMove(parent_id=chance.choice([None, *made.bodies]), on=day)
                await bodies.move(work, chance.choice(made.bodies), order)
            else:
                end = PartyOrganizationDissolve(on=day, reason="撤并", children_to_parent=True)
                await bodies.dissolve(work, chance.choice(made.bodies), end)
    except Refusal:
        return


def _day(chance: Random, since: date = FIRST, until: date = LAST) -> date:
    return since + timedelta(days=chance.randrange((until - since).days))


def _stretches(chance: Random, since: date, most: int, *, open_ended: bool) -> list[Range[date]]:
    """Up to `most` periods one after the other, some with gaps; the last one perhaps without an end."""
    days = sorted({_day(chance, since) for _ in range(2 * chance.randint(0, most))})
    pairs = [Range(a, b) for a, b in zip(days[::2], days[1::2], strict=False)]
    if pairs and open_ended and chance.random() < 0.7:
        pairs[-1] = Range(pairs[-1].lower, None)
    return pairs


def _knowledge(chance: Random) -> list[Range[datetime]]:
    """When one version after the other was what was known; the last one is known now."""
    moments = sorted(chance.sample(INSTANTS, chance.randint(1, 3)))
    return [Range(a, b) for a, b in zip(moments, [*moments[1:], None], strict=True)]


async def _organization(work: Work, chance: Random, organization: UUID, number: int) -> None:
    """An organization, its statements of numbers and charter, and its timeline as it was known."""
    facts = _facts(chance, number)
    by_lane = rules.lanes(facts)
    now = {lane: rules.history(said)[-1].ruling.value for lane, said in by_lane.items()}
    numbers = {name: now.get((name, "")) for name in FACTS}
    division = chance.choice(PLACES)
    await work.execute(
        insert(models.Organization),
        {
            "id": organization,
            "version": 1,
            "name": f"社会组织{number}",
            "kind": "association",
            "registration_mode": "direct",
            "registration_status": "normal",
            "division_code": division,
            "credit_code": now.get(("credit_code", "")),
            "decoupled": False,
            "is_trade_association": False,
            "foreign_related": False,
            **numbers,
        },
    )
    await _keep_facts(work, organization, facts)
    await _keep_records(work, organization, by_lane)
    rows = []
    for recorded in _knowledge(chance):
        days = sorted({_day(chance) for _ in range(chance.randint(1, 4))})
        kind = chance.choice(KINDS)
        for since, until in zip(days, [*days[1:], None], strict=True):
            rows.append(
                {
                    "id": uuid7(),
                    "organization_id": organization,
                    "valid": Range(since, until),
                    "recorded": recorded,
                    "registration_status": chance.choice(STATUSES),
                    "kind": kind if chance.random() < 0.9 else chance.choice(KINDS),
                    "division_code": chance.choice([division, division, *PLACES, *OLD_PLACES]),
                    "domicile_division_code": chance.choice([None, *PLACES]),
                    "registration_mode": "direct",
                    "decoupled": False,
                }
            )
    await work.execute(insert(models.OrganizationPeriod), rows)


def _facts(chance: Random, number: int) -> list[rules.Fact]:
    """Statements with many ties, so that every rank of their order decides somewhere."""
    facts = []

    def say(name: str, key: str, value: Any) -> None:
        facts.append(
            rules.Fact(
                fact=name,
                key=key,
                value=value,
                effective_on=chance.choice([FIRST, _day(chance), date(2020, 1, 1), date(2022, 1, 1)]),
                source=chance.choice(["registry_a", "registry_b"]),
                rank=chance.choice([40, 50]),
                sequence=chance.choice([None, 1, 2]),
                occurred_at=chance.choice([None, INSTANTS[0], INSTANTS[1]]),
                correction=chance.random() < 0.2,
                recorded_at=chance.choice(INSTANTS),
            )
        )

    for name in FACTS:
        for _ in range(chance.randint(0, 4)):
            say(name, "", chance.choice([None, 0, 1, 2, 3, 3, 4, 12]))
    if chance.random() < 0.5:
        say("credit_code", "", f"51440115MJL{number:07d}")
    for _ in range(chance.randint(0, 2)):
        say(
            "identifier", "filing_number/1", chance.choice([None, {"scheme": "filing_number", "number": "1"}])
        )
    for clause in ("party_building", "core_values"):
        for _ in range(chance.randint(0, 3)):
            wording = chance.choice(["2018", "2019", "own"])
            value = {"clause": clause, "wording": wording, "approved_on": "2020-01-01", "evidence": None}
            say("charter_clause", clause, chance.choice([None, value, value]))
    return facts


async def _keep_facts(work: Work, organization: UUID, facts: Sequence[rules.Fact]) -> None:
    if not facts:
        return
    seen = {}
    for fact in facts:
        digest = rules.digest(fact)
        known = seen.get(digest)
        if known is None or (fact.recorded_at or INSTANTS[-1]) < known["recorded_at"]:
            seen[digest] = {
                "id": uuid7(),
                "organization_id": organization,
                "fact": fact.fact,
                "key": fact.key,
                "value": fact.value,
                "effective_on": fact.effective_on,
                "source": fact.source,
                "source_rank": fact.rank,
                "sequence": fact.sequence,
                "occurred_at": fact.occurred_at,
                "correction": fact.correction,
                "recorded_at": fact.recorded_at,
                "recorded_by": SYSTEM.id,
                "digest": digest,
            }
    await work.execute(insert(models.OrganizationFact), list(seen.values()))


async def _keep_records(
    work: Work, organization: UUID, by_lane: dict[tuple[str, str], list[rules.Fact]]
) -> None:
    clauses, numbers = [], []
    for (name, key), said in by_lane.items():
        if name == "charter_clause":
            clauses += [
                {
                    "id": uuid7(),
                    "organization_id": organization,
                    "clause": key,
                    "wording": segment.ruling.value["wording"],
                    "approved_on": date(2020, 1, 1),
                    "evidence": None,
                    "valid": Range(segment.since, segment.until),
                    "source": segment.ruling.source,
                }
                for segment in rules.history(said)
                if segment.ruling.value is not None
            ]
        if name == "identifier" and any(fact.value is not None for fact in said):
            numbers.append(
                {
                    "id": uuid7(),
                    "organization_id": organization,
                    "key": key,
                    "source": said[-1].source,
                    "effective_on": said[-1].effective_on,
                    "withdrawn": said[-1].value is None,
                    "scheme": "filing_number",
                    "number": "1",
                }
            )
    if clauses:
        await work.execute(insert(models.CharterClause), clauses)
    if numbers:
        await work.execute(insert(models.OrganizationIdentifier), numbers)


async def _covers(
    work: Work,
    chance: Random,
    organization: UUID,
    body: UUID,
    known: tuple[str, str | None, date, date | None],
) -> None:
    _, formation, founded_on, dissolved_on = known
    rows = []
    for recorded in _knowledge(chance):
        for valid in _stretches(chance, founded_on, 2, open_ended=dissolved_on is None):
            cover = uuid7()
            rows.append(
                {
                    "id": uuid7(),
                    "cover_id": cover,
                    "version": 1,
                    "party_organization_id": body,
                    "organization_id": organization,
                    "formation": formation,
                    "valid": valid,
                    "recorded": recorded,
                }
            )
    if rows:
        await work.execute(insert(Cover), rows)


async def _reasons(work: Work, chance: Random, organization: UUID) -> None:
    rows = [
        {
            "id": uuid7(),
            "reason_id": uuid7(),
            "version": 1,
            "organization_id": organization,
            "reason": chance.choice(["dormant", "newly_registered"]),
            "valid": valid,
            "recorded": recorded,
        }
        for recorded in _knowledge(chance)
        for valid in _stretches(chance, FIRST, chance.choice((0, 1, 2)), open_ended=False)
    ]
    if rows:
        await work.execute(insert(NoReason), rows)


async def _leads(work: Work, chance: Random, organization: UUID, body_ids: list[UUID]) -> None:
    rows = [
        {
            "id": uuid7(),
            "organization_id": organization,
            "party_organization_id": chance.choice(body_ids),
            "relation": "lead",
            "rule_code": "fallback",
            "rule_source": "区域兜底",
            "tried": [],
            "valid": valid,
            "recorded": recorded,
            "override": False,
        }
        for recorded in _knowledge(chance)
        for valid in _stretches(chance, FIRST, 2, open_ended=True)
    ]
    if rows:
        await work.execute(insert(Responsibility), rows)
