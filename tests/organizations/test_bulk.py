"""Rows in bulk mean what they mean one by one: the same rows, the same refusals, a few statements."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import event, make_url

from app.core.access import Actor, Permission
from app.core.errors import Fault, Refusal
from app.core.work import Shell, Work, begin
from app.main import make_shell
from app.organizations import commands, queries, rules
from app.organizations.commands import RowOutcome
from app.organizations.errors import FactsRefused, words
from app.organizations.rules import Origin, Row, RowResult
from app.organizations.schemas import OrganizationCreate
from tests.conftest import Actors, Server
from tests.make import bulk as make
from tests.make import organizations

MOST = 69
"""Statements of one call, as its docstring says."""


@pytest.fixture
async def place(api: httpx.AsyncClient, shell: Shell, actors: Actors) -> make.Place:
    """A city where a file can meet everything."""
    return await make.place(
        api,
        shell,
        await actors("organizer", division="100000"),
        await actors("system_admin", division="100000"),
    )


@pytest.fixture
async def importer(actors: Actors, shell: Shell) -> Actor:
    """An organizer of Guangzhou."""
    return await make.actor(shell, await actors("organizer", division="440100"))


@asynccontextmanager
async def cloned(server: Server, shell: Shell) -> AsyncIterator[Shell]:
    """A service on a copy of this test's database, with the same keys."""
    assert shell.settings.database_url is not None
    await shell.dispose()
    url = make_url(shell.settings.database_url.get_secret_value())
    copy = f"{str(url.database)[:40]}_{uuid4().hex[:8]}"
    await server.create(copy, str(url.database))
    own = SecretStr(url.set(database=copy).render_as_string(hide_password=False))
    other = make_shell(shell.settings.model_copy(update={"database_url": own}))
    try:
        yield other
    finally:
        await other.dispose()
        await server.drop(copy)


def told(outcome: RowOutcome) -> tuple[Any, ...]:
    """What is told of a row, ids aside."""
    refusal = outcome.refusal
    if refusal is None:
        return outcome.result, set(outcome.changed)
    faults = [(fault.pointer, fault.code) for fault in refusal.errors]
    return outcome.result, refusal.code, faults, [reason["code"] for reason in refusal.reasons]


async def one_by_one(shell: Shell, actor: Actor, row: Row, today: date) -> RowOutcome:
    """What the single route makes of a row, in a transaction of its own."""
    try:
        async with begin(shell, actor) as work:
            return await _single(work, row, rules.by_hand(today))
    except Refusal as refusal:
        return RowOutcome(RowResult.REFUSED, refusal=refusal)


async def _single(work: Work, row: Row, origin: Origin) -> RowOutcome:
    code = row.facts.get("credit_code")
    recording = work.actor.scope(Permission.ORGANIZATION_RECORD)
    holders = [] if code is None else await queries.holders(work, [code], recording, recording)
    if not holders or not holders[0].writable:
        return await _registered(work, row)
    holder = holders[0]
    origin = replace(origin, effective_on=row.effective_on or origin.effective_on)
    state = rules.fold(await queries.statements(work, holder.id))
    before = state.values()
    facts = {name: value for name, value in row.facts.items() if _news(work, name, value, state, origin)}
    entries = [
        each
        for each in row.identifiers
        if rules.is_news(rules.stated(each.kind, each.key, each.value(), origin), state)
    ]
    if facts:
        await commands.record_facts(work, holder.id, facts, origin)
    if entries:
        await commands.record(work, holder.id, entries, origin)
    if not facts and not entries:
        return RowOutcome(RowResult.UNCHANGED, holder.id)
    after = rules.fold(await queries.statements(work, holder.id)).values()
    changed = tuple(name for name, value in after.items() if value != before[name])
    return RowOutcome(RowResult.CHANGED, holder.id, changed)


def _news(work: Work, name: str, value: Any, state: rules.Fold, origin: Origin) -> bool:
    if name == "contact_phone":
        ruling = state.ruling.get(name)
        return ruling is None or ruling.secrets[name].blind != work.crypto.blind(
            "organization_phones.phone", value
        )
    return rules.is_news(rules.stated(name, "", rules.checked({name: value})[name], origin), state)


async def _registered(work: Work, row: Row) -> RowOutcome:
    if unfit := rules.incomplete(row):
        raise FactsRefused(errors=[Fault(f"/{name}", why, words(why)) for name, why in unfit])
    body = {name: value for name, value in row.facts.items() if value is not None}
    registration = rules.Registration(**body)
    origin = rules.by_hand(row.effective_on or registration.established_on or work.today)
    organization = await commands.register(work, registration, origin)
    if row.identifiers:
        await commands.record(work, organization.id, row.identifiers, origin)
    return RowOutcome(RowResult.REGISTERED, organization.id)


async def test_rows_in_bulk_leave_what_they_leave_one_by_one(
    shell: Shell, server: Server, place: make.Place, importer: Actor
) -> None:
    chance = Random(20261122)  # noqa: S311 (which rows)
    rows = [*make.ordinary(place, 60, chance), *make.peculiar(place)]
    chance.shuffle(rows)
    async with cloned(server, shell) as other:
        async with begin(shell, importer) as work:
            today = work.today
            together = await commands.register_many(work, rows, rules.by_hand(today))
        singly = [await one_by_one(other, importer, row, today) for row in rows]
        for row, one, all_at_once in zip(rows, singly, together, strict=True):
            assert told(all_at_once) == told(one), row.facts.get("name") or row.facts
        assert {outcome.result for outcome in together} == set(RowResult)
        here, there = await make.left_behind(shell), await make.left_behind(other)
    for table in make.LEFT_BEHIND:
        assert here[table] == there[table], table
    refused = {outcome.refusal.code for outcome in together if outcome.refusal is not None}
    assert refused == {
        "facts_refused", "division_outside_scope", "effective_on_in_future", "credit_code_taken",
        "needs_verification", "fact_outranked",
    }  # fmt: skip


async def test_a_refused_row_is_told_as_the_route_tells_it(
    api: httpx.AsyncClient, shell: Shell, place: make.Place, actors: Actors
) -> None:
    headers = await actors("organizer", division="440100")
    rows = [row for row in make.peculiar(place) if not rules.incomplete(row)]
    async with begin(shell, await make.actor(shell, headers)) as work:
        outcomes = await commands.register_many(work, rows, rules.by_hand(work.today))
        await work.session.rollback()
    refused = 0
    for row, outcome in zip(rows, outcomes, strict=True):
        body = {name: str(v) if name.endswith(("_id", "_on")) else v for name, v in row.facts.items()}
        if row.effective_on is not None:
            body["effective_on"] = str(row.effective_on)
        if outcome.refusal is None or row.facts["name"] == "   ":
            continue
        answer = await api.post("/organizations", json=body, headers={**headers, "Accept-Language": "zh"})
        expected = outcome.refusal.problem("zh")
        if answer.json()["code"] == "invalid":  # what the schema refuses before the ledger is asked
            assert {e["pointer"] for e in answer.json()["errors"]} <= {
                e["pointer"] for e in expected["errors"]
            }
            continue
        got = {name: value for name, value in answer.json().items() if name in expected}
        assert got == expected, row.facts["name"]
        refused += 1
    assert refused >= 12


async def test_what_a_verb_states_a_row_cannot(shell: Shell, place: make.Place, importer: Actor) -> None:
    there = {word: each["credit_code"] for word, each in place.there.items()}
    said = [
        ("ended", "normal"), ("ended", "deregistered"), ("plain", "normal"), ("plain", "merged"),
        ("plain", "preparatory"),
    ]  # fmt: skip
    rows = [Row(facts={"credit_code": there[word], "registration_status": status}) for word, status in said]
    async with begin(shell, importer) as work:
        outcomes = await commands.register_many(work, rows, rules.by_hand(work.today))
    fault = ("refused", "facts_refused", [("/registration_status", "status_by_verb")], [])
    unchanged = ("unchanged", set[str]())
    assert [told(outcome) for outcome in outcomes] == [fault, unchanged, unchanged, fault, fault]


async def test_a_row_that_another_transaction_makes_meanwhile_loses_no_other(
    shell: Shell, importer: Actor
) -> None:
    rows = [make.row(number) for number in range(1, 40)]

    async def faster(wrote: asyncio.Event) -> None:
        async with begin(shell, importer) as work:
            await commands.register_many(work, [rows[20]], rules.by_hand(work.today))
            wrote.set()
            await asyncio.sleep(0.4)

    wrote = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(faster(wrote))
        await wrote.wait()
        async with begin(shell, importer) as work:
            outcomes = await commands.register_many(work, rows, rules.by_hand(work.today))
    assert [outcome.result for outcome in outcomes].count(RowResult.REGISTERED) == 38
    assert outcomes[20].result is RowResult.UNCHANGED
    assert await organizations.rows(shell, "SELECT count(*) FROM organizations") == [{"count": 39}]


@contextmanager
def counted(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements sent meanwhile, COPY included."""
    seen: list[str] = []
    copying = asyncpg.Connection.copy_records_to_table

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    async def copy(self: asyncpg.Connection, table_name: str, **how: Any) -> str:
        seen.append(f"COPY {table_name}")
        return str(await copying(self, table_name, **how))

    engine = shell.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    with monkeypatch.context() as patched:
        patched.setattr(asyncpg.Connection, "copy_records_to_table", copy)
        yield seen
    event.remove(engine, "before_cursor_execute", note)


async def test_more_rows_take_no_more_statements(
    shell: Shell, place: make.Place, importer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: dict[int, list[str]] = {}
    peculiar = [row for row in make.peculiar(place) if "521" not in str(row.facts.get("name"))]
    for first, ordinary in ((2000, 30), (3000, 300)):
        chance = Random(1)  # noqa: S311 (which rows)
        rows = [*make.ordinary(place, ordinary, chance, first), *_once(peculiar)]
        async with begin(shell, importer) as work:
            with counted(shell, monkeypatch) as counts[ordinary]:
                await commands.register_many(work, rows, rules.by_hand(work.today))
                await work.session.flush()
            await work.session.rollback()
    assert len(counts[300]) <= len(counts[30]) <= MOST, "\n".join(counts[300])


def _once(rows: list[Row]) -> list[Row]:
    return list({row.facts.get("credit_code") or id(row): row for row in rows}.values())


async def test_a_row_says_what_a_registration_says(shell: Shell, importer: Actor) -> None:
    given: Mapping[str, Any] = {
        "name": "广州市志愿者协会", "kind": "association", "registration_mode": "direct",
        "division_code": "440100", "staff_count": 3, "industry": None,
    }  # fmt: skip
    row = commands.row_of(OrganizationCreate(**given))
    assert dict(row.facts) == given
    async with begin(shell, importer) as work:
        (outcome,) = await commands.register_many(work, [row], rules.by_hand(work.today))
    assert outcome.result is RowResult.REGISTERED
