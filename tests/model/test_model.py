"""A random life of bodies and members over HTTP, against a model that knows what must come of each step.

After every step: what was acknowledged is read back (I1), a repeated key has one effect (I2), each member has
one running affiliation (I3) and at most one open transfer (I4), each body at most one secretary, no body is
above itself and nobody belongs to one that is gone (I5), and every change is told once in the audit (I9).

`JICENG_MODEL=200x50 pytest tests/model` runs two hundred lives of fifty steps; CI runs a few short ones."""

import asyncio
import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import httpx
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pydantic import SecretStr
from sqlalchemy import text

from app.core.access import SYSTEM, Role, Scope
from app.core.work import Shell, begin
from app.identity import commands as identity
from app.members import commands
from app.members.rules import MemberStatus
from app.settings import Settings
from tests.conftest import BASE_URL, Server, application
from tests.make import members as make

LIVES, STEPS = (int(each) for each in os.environ.get("JICENG_MODEL", "4x14").split("x"))
TODAY = date(2026, 11, 22)
Headers = dict[str, str]

BROKEN = {
    "I3": """SELECT count(*) FROM members m WHERE m.status <> 'ended' AND 1 <> (
        SELECT count(*) FROM member_affiliations a WHERE a.member_id = m.id AND upper_inf(a.valid)
        AND a.party_organization_id = m.party_organization_id)""",
    "I4": """SELECT count(*) FROM (SELECT member_id FROM member_transfers
        WHERE state IN ('requested', 'sent') GROUP BY member_id HAVING count(*) > 1) AS twice""",
    "I5 secretary": """SELECT count(*) FROM (SELECT party_organization_id FROM party_posts
        WHERE role = 'secretary' AND upper_inf(valid)
        GROUP BY party_organization_id HAVING count(*) > 1) AS two""",
    "I5 tree": """SELECT count(*) FROM party_organization_closure
        WHERE depth > 0 AND ancestor_id = descendant_id""",
    "I5 gone": """SELECT count(*) FROM members m JOIN party_organizations p
        ON p.id = m.party_organization_id WHERE m.status <> 'ended' AND p.status <> 'active'""",
    "status": """SELECT count(*) FROM members m WHERE 1 <> (SELECT count(*) FROM member_statuses s
        WHERE s.member_id = m.id AND upper_inf(s.valid) AND s.status = m.status)""",
}
TOLD = """SELECT action, count(*) FROM audit_entries WHERE action IN ('member.recorded',
    'member.status_changed', 'member.transfer_changed', 'member.handed_over', 'election.answered',
    'party_organization.reorganized') GROUP BY action"""


REACHED = (
    "member.recorded",
    "member.status_changed",
    "member.transfer_changed",
    "member.handed_over",
    "election.answered",
    "party_organization.reorganized",
)
"""What a long run must have come to."""


@dataclass
class Office:
    """The service on a database of its own, and the two who act."""

    api: httpx.AsyncClient
    shell: Shell
    callers: tuple[Headers, Headers]
    serial: int = 0
    told: Counter[str] = field(default_factory=Counter)


@dataclass
class Person:
    """What the model knows of a member."""

    id: str
    status: str
    body: str
    moves_to: str | None = None
    transfer: str | None = None
    sent: bool = False


async def opened(server: Server, directory: Path) -> tuple[Office, Any, str]:
    name = f"test_{os.getpid()}_{uuid4().hex}"
    await server.create(name, server.template)
    place = Settings(
        database_url=SecretStr(server.app.set(database=name).render_as_string(hide_password=False)),
        data_dir=directory,
    )
    app = application(place)
    context = app.router.lifespan_context(app)
    await context.__aenter__()
    shell: Shell = app.state.shell
    callers = []
    for division in ("440000", "330000"):
        async with begin(shell, SYSTEM) as work:
            made = await identity.ensure_actor(work, Role.ORGANIZER, division_code=division)
        callers.append({"Authorization": f"Bearer {made.token}"})
    api = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL)
    return Office(api, shell, (callers[0], callers[1])), context, name


async def audited(shell: Shell) -> Counter[str]:
    """How often each action was told."""
    async with begin(shell, SYSTEM) as work:
        found: Any = await work.execute(text(TOLD))
        return Counter({row[0]: row[1] for row in found})


class Life(RuleBasedStateMachine):
    """One life: hypothesis makes one of it for each example, in the office of the test."""

    runner: ClassVar[asyncio.Runner]
    office: ClassVar[Office]
    people = Bundle("people")
    bodies = Bundle("bodies")

    def __init__(self) -> None:
        super().__init__()
        self.place: dict[str, int] = {}
        self.alive: set[str] = set()
        self.new: set[str] = set()
        self.came: set[str] = set()
        """Bodies of today, and who came to their body today: no link begins and ends on one day."""
        self.secretary: dict[str, str] = {}
        self.known: list[Person] = []
        self.above: list[str] = []
        for side, division in enumerate(("440115", "330203")):
            made = self.run(
                make.committee(
                    self.office.api,
                    self.office.callers[side],
                    division_code=division,
                    name=f"党委{uuid4().hex[:8]}",
                )
            )
            self.above.append(made)

        self.told: Counter[str] = Counter()
        self.before = self.run(audited(self.office.shell))

    def tell(self, action: str, times: int = 1) -> None:
        """So many more entries of an action must be in the audit."""
        self.told[action] += times
        self.office.told[action] += times

    def run(self, step: Any) -> Any:
        return self.runner.run(step)

    def by(self, body: str) -> Headers:
        return self.office.callers[self.place[body]]

    def post(self, headers: Headers, address: str, tag: str | None = "*", **body: Any) -> httpx.Response:
        """Sent twice under one key: the second answer is the first one, and nothing more happens."""
        match = {} if tag is None else {"If-Match": tag}
        sent = {**headers, **match, "Idempotency-Key": str(uuid4())}
        first = self.run(self.office.api.post(address, json=body, headers=sent))
        assert first.status_code < 500, first.text
        if first.is_success:
            again = self.run(self.office.api.post(address, json=body, headers=sent))
            assert (again.status_code, again.content) == (first.status_code, first.content)
        return first

    @rule(target=bodies, side=st.sampled_from((0, 1)))
    def establish(self, side: int) -> str:
        division = ("440115", "330203")[side]
        body = self.run(
            make.branch(
                self.office.api,
                self.office.callers[side],
                division_code=division,
                parent_id=self.above[side],
                name=f"党支部{uuid4().hex[:8]}",
            )
        )
        self.place[body] = side
        self.alive.add(body)
        return str(body)

    @rule(target=people, body=bodies, status=st.sampled_from(("full", "probationary", "applicant")))
    def admit(self, body: str, status: str) -> Person:
        self.office.serial += 1
        plan = make.plan(body, self.office.serial, status=status, affiliated_on="2026-01-05")
        if status != "full":
            plan["full"] = None
        if status == "probationary":
            plan["joined"] = {"on": "2025-01-06", "precision": "day"}
        if status == "applicant":
            plan |= {"joined": None, "applied_on": "2024-01-05"}
        got = self.post(self.by(body), "/members", None, **plan)
        if body not in self.alive:
            assert got.status_code == 422, got.text
            return Person("", "none", body)
        assert got.status_code == 201, got.text
        self.tell("member.recorded")
        person = Person(got.json()["id"], status, body)
        self.known.append(person)
        return person

    @rule(person=people)
    def advance(self, person: Person) -> None:
        """A step of development, as the case's own command has it done."""
        following = {"applicant": MemberStatus.ACTIVIST, "probationary": MemberStatus.FULL}
        to = following.get(person.status)
        if to is None:
            return
        on = TODAY - timedelta(days=200 if to is MemberStatus.FULL else 300)

        async def step() -> None:
            async with begin(self.office.shell, SYSTEM) as work:
                await work.admit(Scope(national=True))
                await commands.advance_status(work, UUID(person.id), to, on, document="南社党〔2026〕7号")

        self.run(step())
        self.tell("member.status_changed")
        person.status = str(to)

    @rule(person=people, to=bodies)
    def request(self, person: Person, to: str) -> None:
        if person.status == "none":
            return
        address = f"/members/{person.id}/transfers"
        got = self.post(self.by(person.body), address, to_party_organization_id=to, reason="工作调动")
        allowed = (
            person.status in {"full", "probationary"}
            and person.transfer is None
            and to != person.body
            and to in self.alive
        )
        assert got.is_success == allowed, (person, got.text)
        if allowed:
            self.tell("member.transfer_changed")
            person.transfer, person.moves_to, person.sent = got.json()["id"], to, False

    @rule(person=people)
    def send(self, person: Person) -> None:
        if person.transfer is None:
            return
        address = f"/transfers/{person.transfer}/send"
        got = self.post(self.by(person.body), address, letter_number="NS2026-0007")
        assert got.is_success != person.sent, got.text
        self.tell("member.transfer_changed", got.is_success)
        person.sent = True

    @rule(person=people, how=st.sampled_from(("accept", "return", "cancel")))
    def settle(self, person: Person, how: str) -> None:
        if person.transfer is None or person.moves_to is None:
            return
        end = person.body if how == "cancel" else person.moves_to
        body = {} if how == "accept" else {"reason": "材料不全"}
        got = self.post(self.by(end), f"/transfers/{person.transfer}/{how}", **body)
        stays = how == "accept" and person.id in self.came
        assert got.is_success == ((person.sent or how == "cancel") and not stays), (person, got.text)
        if got.is_success:
            self.tell("member.transfer_changed")
            if how == "accept":
                self.secretary = {b: p for b, p in self.secretary.items() if p != person.id}
                person.body = person.moves_to
                self.came.add(person.id)
            person.transfer = person.moves_to = None

    @rule(person=people)
    def end(self, person: Person) -> None:
        if person.status == "none":
            return
        kind = "application_ended" if person.status in {"applicant", "activist"} else "resigned"
        got = self.post(self.by(person.body), f"/members/{person.id}/end", kind=kind)
        allowed = person.status != "ended" and person.transfer is None
        assert got.is_success == allowed, (person, got.text)
        if allowed:
            self.tell("member.status_changed")
            person.status = "ended"
            self.secretary = {b: p for b, p in self.secretary.items() if p != person.id}

    @rule(person=people)
    def elect(self, person: Person) -> None:
        """A secretary by appointment: refused while there is one, and of who is no full member there."""
        if person.status == "none" or person.body not in self.alive:
            return
        reviewed = {"reviewed_on": "2026-11-02", "opinion": "suitable", "document": "考察材料〔2026〕1号"}
        review = {**reviewed, "member_id": person.id, "role": "secretary"}
        home = f"/party-organizations/{person.body}"
        self.post(self.by(person.body), f"{home}/nominee-reviews", None, **review)
        order = {"role": "secretary", "member_id": person.id, "document": "南社任〔2026〕1号"}
        got = self.post(self.by(person.body), f"/party-organizations/{person.body}/posts", None, **order)
        if got.is_success:
            assert person.status == "full"
            assert person.body not in self.secretary, (person, self.secretary)
            self.secretary[person.body] = person.id

    @rule(person=people)
    def reelect(self, person: Person) -> None:
        """The branch votes for a secretary, and the superior consents; the one before is out of the post."""
        if person.status == "none" or person.body not in self.alive:
            return
        reviewed = {"reviewed_on": "2026-11-02", "opinion": "suitable", "document": "考察材料〔2026〕2号"}
        candidate = {"member_id": person.id, "votes": 8, "review": reviewed}
        ballot = {"role": "secretary", "kind": "assembly", "due": 8, "present": 8, "seats": 1}
        order: dict[str, Any] = {
            "held_on": str(TODAY),
            "ballots": [{**ballot, "candidates": [candidate]}],
            "roll_document": "选举名册〔2026〕1号",
            "early": {"document": "南社党复〔2026〕3号"},
            "document": "选举结果报告〔2026〕1号",
            "confirmation": {"document": "南社党复〔2026〕4号"},
        }
        body = person.body
        got = self.post(self.by(body), f"/party-organizations/{body}/reelect", None, **order)
        if got.is_success:
            assert person.status == "full", got.text
            self.secretary[body] = person.id
            self.tell("election.answered")

    @precondition(lambda self: len(self.alive) > 1)
    @rule(one=bodies, other=bodies)
    def merge(self, one: str, other: str) -> None:
        """One branch goes up in another: its members, and the transfers to it, go along."""
        order: dict[str, Any] = {
            "party_organization_ids": [one],
            "document": "南社党〔2026〕15号",
            "reason": "两个支部合并",
        }
        got = self.post(self.by(other), f"/party-organizations/{other}/merge", **order)
        near = self.place[one] == self.place[other] and one != other
        lawful = near and {one, other} <= self.alive and one not in self.new
        assert got.is_success == lawful, (got.text, one, other, self.new)
        if not got.is_success:
            return
        self.alive.discard(one)
        self.secretary.pop(one, None)
        self.tell("party_organization.reorganized")
        self.went([p for p in self.known if p.body == one and p.status != "ended"], one, other, everyone=True)

    @rule(target=bodies, body=bodies, who=st.integers(0, 255))
    def split(self, body: str, who: int) -> Any:
        """Some of its members go to a new branch, approved as it is too small (因工作需要)."""
        there = [p for p in self.known if p.body == body and p.status != "ended"]
        going = [p for number, p in enumerate(there) if who >> number % 8 & 1]
        part = {"name": f"党支部{uuid4().hex[:8]}", "member_ids": [p.id for p in going]}
        papers = {"document": "南社党〔2026〕16号", "exception_document": "南社党〔2026〕17号"}
        order: dict[str, Any] = {"parts": [part], **papers, "reason": "党员过多"}
        got = self.post(self.by(body), f"/party-organizations/{body}/split", **order)
        assert got.is_success == (body in self.alive), got.text
        if not got.is_success:
            return multiple()
        known = {each["party_organization"]["id"] for each in got.json()["bodies"]} - {body}
        assert len(known) == 1
        new = str(known.pop())
        self.place[new] = self.place[body]
        self.alive.add(new)
        self.new.add(new)
        self.tell("party_organization.reorganized")
        self.went(going, body, new, everyone=False)
        return new

    def went(self, going: list[Person], one: str, other: str, *, everyone: bool) -> None:
        """What must have come of members who went from one body to another without a transfer."""
        self.tell("member.handed_over", len(going))
        for person in self.known:
            if person in going:
                person.body = other
                self.came.add(person.id)
                self.secretary = {b: p for b, p in self.secretary.items() if p != person.id}
            arrives = everyone and person.moves_to == one
            changed = person.transfer is not None and (person in going or arrives)
            if arrives:
                person.moves_to = other
            self.tell("member.transfer_changed", changed)
            if changed and person.moves_to == person.body:
                person.transfer = person.moves_to = None

    @rule(body=bodies)
    def dissolve(self, body: str) -> None:
        if body not in self.alive:
            return
        order = {"reason": "党员转出"}
        got = self.post(self.by(body), f"/party-organizations/{body}/dissolve", **order)
        left = [p for p in self.known if p.body == body and p.status != "ended"]
        assert got.is_success == (not left and body not in self.new), got.text
        if got.is_success:
            self.alive.discard(body)

    @invariant()
    def holds(self) -> None:
        self.run(self._holds())

    async def _holds(self) -> None:
        async with begin(self.office.shell, SYSTEM) as work:
            await work.admit(Scope(national=True))
            for name, statement in BROKEN.items():
                assert await work.scalar(text(statement)) == 0, name
        assert await audited(self.office.shell) == self.before + self.told
        for person in self.known[-2:]:
            got = await self.office.api.get(f"/members/{person.id}", headers=self.by(person.body))
            assert got.status_code == 200, got.text
            read = got.json()
            assert (read["status"], read["party_organization"]["id"], read["open_transfer_id"]) == (
                person.status,
                person.body,
                person.transfer,
            )


def test_a_random_life_keeps_every_invariant(server: Server, tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        office, context, name = runner.run(opened(server, tmp_path))
        try:
            Life.runner, Life.office = runner, office
            chosen = settings(
                max_examples=LIVES,
                stateful_step_count=STEPS,
                deadline=None,
                derandomize="JICENG_MODEL" not in os.environ,
                database=None,
                phases=(Phase.generate,),
                suppress_health_check=list(HealthCheck),
            )
            run_state_machine_as_test(Life, settings=chosen)
            assert LIVES * STEPS < 500 or min(office.told[each] for each in REACHED) > 0, office.told
        finally:
            runner.run(office.api.aclose())
            runner.run(context.__aexit__(None, None, None))
            runner.run(server.drop(name))
