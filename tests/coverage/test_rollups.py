"""Roll-ups answer what the rows answer: after every step of a random history, before and after the worker
came round, on past days, today and days to come."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from app.core.access import SYSTEM, Actor
from app.core.errors import Refusal
from app.core.marks import Mark
from app.core.work import Shell, Work, begin
from app.coverage import commands, queries
from app.coverage.commands import summing
from app.coverage.models import Book, Checkpoint
from app.coverage.queries.answers import RATES, count, lens_on
from app.coverage.queries.question import Question, ask
from app.coverage.queries.rolled import rolled
from app.coverage.rules import CoverageBasis, ExceptionsMode, LinesBy, rolling
from app.coverage.schemas import CoverageQuery
from app.divisions import commands as divisions
from app.divisions.rules import DivisionChange
from app.divisions.schemas import DivisionAbolish, DivisionMove
from app.organizations import commands as organizations
from app.organizations.rules import by_hand
from app.organizations.schemas import OrganizationCreate
from app.party_organizations import commands as bodies
from app.party_organizations.rules import Formation, NoBodyReason
from app.party_organizations.schemas import (
    CoverCancel,
    CoverEnd,
    CoverStart,
    FormationChange,
    PartyOrganizationDissolve,
    PartyOrganizationEstablish,
    ReasonGive,
)
from app.reference import commands as reference
from app.reference.schemas import RulePackCreate
from tests.conftest import Actors
from tests.make import coverage as make
from tests.make import ledger, party_organizations
from tests.make.organizations import credit_code, registration

HISTORIES, STEPS, ASKED = 1, 14, 2
if full := os.environ.get("JICENG_ROLLUPS"):  # `make faults`: so many histories of so many steps
    HISTORIES, STEPS = (int(each) for each in full.split("x"))
PLACES = ("440115", "440106", "440605", "330203", "330204", "140300", "100000")
OTHER = Actor(id=UUID(int=7), kind="system", name="another", everything=True)


async def roll_up(shell: Shell) -> int:
    """What the worker does, until nothing is left to do."""
    done = 0
    while some := await commands.run(shell):
        done += some
    return done


async def compared(shell: Shell, chance: Random, *, asked: int = ASKED) -> None:
    """Ask the roll-ups and the rows the same."""
    async with begin(shell, SYSTEM, reading=True) as work:
        for _ in range(asked):
            query = random_query(chance, work.today)
            question = await ask(work, query)
            assert question.shelf is not None, query
            await same(work, question, query.by)


def random_query(chance: Random, today: date) -> CoverageQuery:
    day = chance.choice([today, today, today + timedelta(days=chance.randint(1, 700)), _day(chance)])
    return CoverageQuery(
        division=chance.choice(["100000", "100000", "440000", "440100", "330000", "330200", *PLACES]),
        division_basis=chance.choice(list(CoverageBasis)),
        direct=chance.random() < 0.1,
        child=chance.choice([None, None, None, "440100"]),
        kind=chance.choice([None, None, "association"]),
        as_of=day,
        exceptions=chance.choice(list(ExceptionsMode)),
        by=chance.choice([LinesBy.NONE, LinesBy.DIVISION, LinesBy.DIVISION, LinesBy.KIND]),
    )


async def same(work: Work, question: Question, by: LinesBy) -> None:
    lens = lens_on(work, question)
    found = await rolled(work, lens, RATES, by)
    assert found is not None, question
    figures, numbers = await count(work, lens_on(work, replace(question, shelf=None)), RATES, by)
    assert found.counted == figures, (question, by)
    if numbers is not None:
        assert found.bodies == numbers, (question, by)


def _day(chance: Random) -> date:
    return date(2012, 6, 1) + timedelta(days=chance.randrange(5000))


class History:
    """Something happens, by the commands that any caller uses; what the rules refuse does not."""

    def __init__(self, shell: Shell, chance: Random) -> None:
        self.shell, self.chance = shell, chance
        self.organizations: list[UUID] = []
        self.bodies: list[UUID] = []
        self.done: dict[str, int] = {}

    async def step(self) -> None:
        names = [name for name in dir(self) if name.startswith("do_")]
        name = self.chance.choice(
            names if self.organizations and self.bodies else ["do_register", "do_found"]
        )
        try:
            async with begin(self.shell, SYSTEM) as work:
                await getattr(self, name)(work)
            self.done[name] = self.done.get(name, 0) + 1
        except (Refusal, IntegrityError):
            return

    def one(self) -> UUID:
        return self.chance.choice(self.organizations)

    async def do_register(self, work: Work) -> None:
        for _ in range(3):
            serial = len(self.organizations) + 1
            given = registration(
                name=f"社会组织{serial}",
                kind=self.chance.choice(["association", "service_institution"]),
                division_code=self.chance.choice(PLACES),
                domicile_division_code=self.chance.choice([None, *PLACES]),
                credit_code=self.chance.choice([None, credit_code(serial)]),
                established_on=str(_day(self.chance)),
                full_member_count=self.chance.choice([None, 0, 2, 3, 6]),
                party_member_count=self.chance.choice([None, 4]),
                member_count=self.chance.choice([None, 30]),
            )
            body = OrganizationCreate.model_validate_json(_json(given))
            row = organizations.row_of(body)
            origin = by_hand(body.established_on or work.today)
            outcomes = await organizations.register_many(work, [row], origin)
            self.organizations += [o.organization_id for o in outcomes if o.organization_id]

    async def do_found(self, work: Work) -> None:
        formation = self.chance.choice([Formation.SINGLE, Formation.JOINT])
        kind = self.chance.choice(["branch", "branch", "work_team"])
        plan = {
            "name": f"党组织{len(self.bodies)}",
            "kind": kind,
            "formation": None if kind == "work_team" else formation,
            "division_code": self.chance.choice(PLACES),
            "founded_on": _day(self.chance),
            "parent_id": None,
            "covers": [],
        }
        self.bodies.append(await bodies.establish(work, PartyOrganizationEstablish.model_validate(plan)))

    async def do_state(self, work: Work) -> None:
        """A fact of any day, also one long past."""
        fact = self.chance.choice(
            [
                {"full_member_count": self.chance.choice([None, 1, 3, 9])},
                {"full_time_full_member_count": self.chance.choice([None, 1, 3])},
                {"member_count": self.chance.choice([None, 40]), "party_member_count": 3},
                {"kind": self.chance.choice(["association", "foundation"])},
                {"division_code": self.chance.choice(PLACES)},
                {"domicile_division_code": self.chance.choice(PLACES)},
                {"registration_status": self.chance.choice(["normal", "in_liquidation", "preparatory"])},
            ]
        )
        await organizations.record_facts(work, self.one(), fact, by_hand(_day(self.chance)))

    async def do_correct(self, work: Work) -> None:
        origin = by_hand(_day(self.chance), reason="录入有误", correction=True)
        fact = {"full_member_count": self.chance.choice([0, 3, 5])}
        await organizations.correct(work, self.one(), fact, origin, since_stated=self.chance.random() < 0.5)

    async def do_end(self, work: Work) -> None:
        await organizations.deregister(work, self.one(), by_hand(_day(self.chance)))

    async def do_cover(self, work: Work) -> None:
        for _ in range(3):
            until = self.chance.choice([None, None, _day(self.chance)])
            start = CoverStart(organization_id=self.one(), from_on=_day(self.chance), until_on=until)
            await self._try(bodies.start_cover, work, self.chance.choice(self.bodies), start)

    async def do_uncover(self, work: Work) -> None:
        cover = await self._cover(work)
        if cover is not None:
            await bodies.end_cover(work, *cover, CoverEnd(on=_day(self.chance)))

    async def do_cancel(self, work: Work) -> None:
        cover = await self._cover(work)
        if cover is not None:
            await bodies.cancel_cover(work, *cover, CoverCancel(reason="录入有误"))

    async def _cover(self, work: Work) -> tuple[UUID, UUID] | None:
        known = await work.execute(
            text(
                "SELECT party_organization_id, cover_id FROM party_organization_covers"
                " WHERE upper_inf(recorded) ORDER BY id"
            )
        )
        rows = [(row[0], row[1]) for row in known]
        return self.chance.choice(rows) if rows else None

    async def do_excuse(self, work: Work) -> None:
        """A reason until some day to come: it ends by the mere passing of days."""
        given = ReasonGive(
            reason=NoBodyReason.DORMANT,
            from_on=work.today - timedelta(days=self.chance.randint(1, 60)),
            until_on=work.today + timedelta(days=self.chance.randint(1, 200)),
        )
        await bodies.give_reason(work, self.one(), given)

    async def do_take_back(self, work: Work) -> None:
        await bodies.cancel_reason(work, self.one())

    async def do_reform(self, work: Work) -> None:
        order = FormationChange(formation=self.chance.choice(list(Formation)), on=_day(self.chance))
        await bodies.change_formation(work, self.chance.choice(self.bodies), order)

    async def do_dissolve(self, work: Work) -> None:
        order = PartyOrganizationDissolve(on=_day(self.chance), reason="撤并", children_to_parent=True)
        await bodies.dissolve(work, self.chance.choice(self.bodies), order)

    async def do_lead(self, work: Work) -> None:
        """Who leads, by rows: the worker's determinations are of other tests."""
        organization = self.one()
        await work.execute(
            text(
                "UPDATE responsibilities SET recorded = tstzrange(lower(recorded), clock_timestamp())"
                " WHERE organization_id = :organization AND upper_inf(recorded)"
            ),
            {"organization": organization},
        )
        since = _day(self.chance)
        await work.execute(
            text(
                "INSERT INTO responsibilities (id, organization_id, party_organization_id, relation, valid,"
                " recorded, override, rule_code, rule_source, tried) VALUES (gen_random_uuid(),"
                " :organization, :body, 'lead', daterange(:since, :until),"
                " tstzrange(clock_timestamp(), NULL), false, 'test', 'test', '[]')"
            ),
            {
                "organization": organization,
                "body": self.chance.choice(self.bodies),
                "since": since,
                "until": self.chance.choice([None, since + timedelta(days=900)]),
            },
        )
        work.mark([organization])

    async def do_move_division(self, work: Work) -> None:
        """区划隶属调整: what lies below goes along; nothing is written about organizations."""
        parent = self.chance.choice(["440100", "440600", "330200", "330100"])
        code = self.chance.choice(["440106", "440605", "330204"])
        given = DivisionMove(parent_code=parent, effective_on=_day(self.chance), source="国务院批复")
        await divisions.move(work, code, given)

    async def do_abolish_division(self, work: Work) -> None:
        given = DivisionAbolish(
            effective_on=_day(self.chance),
            kind=DivisionChange.MERGED,
            successors=[self.chance.choice(["330205", "440104"])],
            source="国务院批复",
        )
        await divisions.abolish(work, self.chance.choice(["330203", "440106"]), given)

    async def _try(self, command: Any, work: Work, *given: Any) -> None:
        try:
            async with work.session.begin_nested():
                await command(work, *given)
        except (Refusal, IntegrityError):
            return


def _json(given: dict[str, Any]) -> str:
    return httpx.Request("POST", "http://test", json=given).content.decode()


@pytest.mark.parametrize("seed", range(1, HISTORIES + 1))
async def test_after_every_step(shell: Shell, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Back-dated facts, corrections, covers and reasons that begin, end or never were, moved divisions."""
    monkeypatch.setattr(rolling, "LEAST", 5)
    chance = Random(seed)  # noqa: S311 (a history to be repeated)
    history = History(shell, chance)
    for _ in range(8):
        await history.step()
    await roll_up(shell)
    for number in range(STEPS):
        await history.step()
        if chance.random() < 0.4:
            await roll_up(shell)
        if number % 9 == 0:
            await compacted(shell)
        async with begin(shell, SYSTEM, reading=True) as work:
            if not await queries.is_ready(work):  # a division moved where a jurisdiction has its own rules
                await roll_up(shell)
        await compared(shell, chance)
    await roll_up(shell)
    await compared(shell, chance, asked=12)
    async with begin(shell, SYSTEM, reading=True) as work:
        assert await queries.verify(work) == []
        assert await work.scalar(select(func.count()).select_from(Checkpoint)) > 3
        assert await work.scalar(select(func.count()).select_from(Mark)) == 0
    assert len(history.done) > 8, history.done


async def compacted(shell: Shell) -> None:
    async with begin(shell, SYSTEM) as work:
        book = await work.scalar(select(Book.id).where(Book.state == "ready"))
        if book is not None:
            await summing.compact(work, book)


async def publish(shell: Shell, kind: str, day: date, change: Callable[[dict[str, Any]], None]) -> None:
    """Put the next version of a national pack in force from a day on."""
    async with begin(shell, SYSTEM) as work:
        known = await work.execute(
            text(
                "SELECT code, content FROM rule_packs WHERE kind = :kind AND jurisdiction_code IS NULL"
                " ORDER BY effective_on DESC LIMIT 1"
            ),
            {"kind": kind},
        )
        code, content = known.one()
        change(content)
        given = RulePackCreate(
            kind=kind,
            code=code,
            version="2026.9",
            jurisdiction_code=None,
            effective_on=day,
            source="统计口径调整",
            content=content,
        )
        drafted = await reference.draft_rule_pack(work, given)
        pack_id = drafted.id
    async with begin(shell, OTHER) as work:
        await reference.publish_rule_pack(work, pack_id)


async def test_other_rules_make_other_rollups(shell: Shell) -> None:
    """A pack that is published, for any day, puts the roll-ups aside until they are made again by it."""
    chance = Random(3)  # noqa: S311 (a history to be repeated)
    await make.world(shell, chance, organizations=40)
    await roll_up(shell)
    await compared(shell, chance, asked=6)

    def wider(content: dict[str, Any]) -> None:
        content["active_statuses"] = ["normal", "in_liquidation"]

    def stricter(content: dict[str, Any]) -> None:
        content["thresholds"][0]["at_least"] = 5

    for kind, day, change in (
        ("coverage", date(2022, 1, 1), wider),
        ("establishment", date(2019, 7, 1), stricter),
    ):
        await publish(shell, kind, day, change)
        async with begin(shell, SYSTEM, reading=True) as work:
            assert not await queries.is_ready(work)
            assert (await ask(work, CoverageQuery(division="100000"))).shelf is None
        await roll_up(shell)
        await compared(shell, chance, asked=8)
    async with begin(shell, SYSTEM, reading=True) as work:
        assert await queries.verify(work) == []
        assert await work.scalar(select(func.count()).select_from(Book)) == 1, (
            "what is discarded is swept away"
        )


async def test_writers_do_not_wait_and_readers_see_only_what_is_committed(shell: Shell) -> None:
    """Two writers of one county at once, a reader before and after, and the worker in between."""
    first = await ledger.organization(shell, name="甲")
    second = await ledger.organization(shell, name="乙")
    await roll_up(shell)
    chance = Random(4)  # noqa: S311 (questions to be repeated)
    async with begin(shell, SYSTEM) as one:
        await _ended(one, first)
        await one.leave_marks()
        async with begin(shell, SYSTEM) as two:
            await two.execute(text("SET LOCAL lock_timeout = '1s'"))
            await _ended(two, second)
        await compared(shell, chance, asked=1)
        assert await _organizations(shell) == 1
        await roll_up(shell)
        await compared(shell, chance, asked=1)
        assert await _organizations(shell) == 1
    assert await _organizations(shell) == 0
    await compared(shell, chance, asked=1)
    await roll_up(shell)
    assert await _organizations(shell) == 0


async def _ended(work: Work, organization: UUID) -> None:
    await work.execute(
        text(
            "UPDATE organization_periods SET registration_status = 'deregistered' WHERE organization_id = :id"
        ),
        {"id": organization},
    )
    work.mark([organization])


async def _organizations(shell: Shell) -> int:
    async with begin(shell, SYSTEM, reading=True) as work:
        question = await ask(work, CoverageQuery(division="440115"))
        assert question.shelf is not None
        found = await rolled(work, lens_on(work, question), RATES, LinesBy.NONE)
        assert found is not None
        return sum(figures.organizations for figures in found.counted.values())


async def test_an_empty_ledger_that_fills_while_its_rollups_are_made(
    api: httpx.AsyncClient, actors: Actors, shell: Shell
) -> None:
    """Bodies that are founded between two turns of the first making count once."""
    async with begin(shell, SYSTEM) as work:
        await commands.start_again(work)
    await commands.run(shell, turns=1)
    await party_organizations.body(api, await actors("organizer", division="440000"))
    await roll_up(shell)
    async with begin(shell, SYSTEM, reading=True) as work:
        assert await queries.verify(work) == []


async def test_a_hand_in_the_rollups_is_found(shell: Shell) -> None:
    """`jiceng verify` names spells that the rows do not bear out, and sums that the spells do not."""
    await ledger.organization(shell, name="甲")
    await roll_up(shell)
    async with begin(shell, SYSTEM) as work:
        await work.execute(text("UPDATE coverage_days SET covered = covered + 1 WHERE basis = 'domicile'"))
        await work.execute(text("UPDATE coverage_spells SET charter = true"))
    async with begin(shell, SYSTEM, reading=True) as work:
        wrong = await queries.verify(work)
    assert any("its spells are not what its rows say" in each for each in wrong)
    assert any(each.startswith("domicile") for each in wrong)
    async with begin(shell, SYSTEM) as work:
        await commands.start_again(work)
    await roll_up(shell)
    async with begin(shell, SYSTEM, reading=True) as work:
        assert await queries.verify(work) == []
