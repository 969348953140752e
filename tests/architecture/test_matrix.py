"""Who may do what where: each cell as the table says, with every layer and with each of two taken away.

A sample of the cells always; all of them with `make matrix`."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
import httpx
import pytest

from app.core.access import NATIONAL, PEOPLE, PERMISSIONS, Actor, Permission, Role, Scope
from app.core.work import Work
from tests.architecture import matrix
from tests.architecture.calls import Call, World, role_with
from tests.architecture.calls.world import ZHEJIANG
from tests.architecture.conftest import Failing
from tests.architecture.document import OPERATIONS
from tests.architecture.matrix import INSIDE, NOBODY, TABLE, Cell, Places
from tests.architecture.test_authorization import GUARDED, OF_THE_NATION, elsewhere, ids_in, is_id

OF_PEOPLE = [name for name in GUARDED if OPERATIONS[name].permission in PEOPLE]
NOT_OF_THE_PLACE = {
    "get_person_verification": "whose row it is is not told to those who met it, but settled above them",
    "decide_person_verification": "the same",
    "download_roster_import_errors": "refused rows name people: the file is for whoever sent them",
    "rule_on_sheet": "who holds the round rules, not the place of the site",
}
SEEN_FROM_BELOW = {
    "get_authority": "an organization names the authorities above it as its supervisors",
    "get_round": "places below apply in it",
    "apply_to_round": "the same",
    "get_campaign": "a campaign above runs in the places below, too",
    "get_campaign_progress": "the same",
    "get_campaign_wall_chart": "the same",
    "get_campaign_report": "the same",
    "list_campaign_responsibilities": "the same",
    "assign_campaign_targets": "the same, and only targets of one's own",
    "list_round_applications": "of a round above, those of one's own place",
    "list_round_results": "the same",
    "compare_indicators": "the same",
}
UNSEEN = {"not_permitted", "not_signed_in"}
unlike = {"x-request-id", "date", "ratelimit"}

session_loop = pytest.mark.asyncio(loop_scope="session")


def test_the_table_is_what_the_service_does() -> None:
    """Every permission has its line; what a role may is what was reviewed, no more and no less."""
    assert set(TABLE) == set(Permission)
    for role in Role:
        assert PERMISSIONS[role] == {permission for permission, may in TABLE.items() if role in may}, role
    assert {Permission(OPERATIONS[name].permission) for name in GUARDED} <= set(TABLE)


@session_loop
@pytest.mark.parametrize("name", GUARDED)
async def test_each_cell_is_as_the_table_says(
    world: World,
    owner: asyncpg.Connection,
    failing: Failing,
    record_property: Callable[[str, object], None],
    name: str,
) -> None:
    """Nothing is kept of what is allowed, so that each cell meets the same world."""
    call = await world.unspent(name)
    places = await Places.around(owner, call)
    callers = [
        (cell, await matrix.headers(world, owner, cell, places)) for cell in matrix.cells(OPERATIONS[name])
    ]
    async with failing():
        verdicts = {
            cell: None if by is None else await judged(world, name, call, cell, by=by, places=places)
            for cell, by in callers
        }
    wrong = [f"{cell.who}, {cell.position}: {verdict}" for cell, verdict in verdicts.items() if verdict]
    record_property("cells", (len(callers), list(verdicts.values()).count(None), matrix.ALL, len(wrong)))
    assert not wrong, "\n".join(wrong)


async def judged(
    world: World, name: str, call: Call, cell: Cell, *, by: dict[str, str], places: Places
) -> str | None:
    """What is wrong with a cell; empty if nothing is, None where the cell means nothing."""
    permission = Permission(OPERATIONS[name].permission)
    path = elsewhere(call) if cell.position == "nonexistent" else dict(call.path)
    answer = await world.send(name, call, by=by, path=path)
    if cell.who in NOBODY:
        return said(answer, (401, "not_signed_in"))
    if Role(cell.who) not in TABLE[permission]:
        return said(answer, (403, "not_permitted"))
    if name in OF_THE_NATION or call.by is not None or permission == Permission.SELF:
        return f"wrongly denied: {answer.text}" if code_of(answer) in UNSEEN else ""
    if cell.position in INSIDE or (cell.position == "parent" and name in SEEN_FROM_BELOW):
        here = cell.position == "own" and places.named and name not in NOT_OF_THE_PLACE
        denied = code_of(answer) in UNSEEN or (answer.status_code == 404 and here)
        return f"wrongly denied: {answer.status_code} {answer.text}" if denied else ""
    if cell.position == "nonexistent" and not any(is_id(value) for value in call.path.values()):
        return None
    return await beyond(world, name, call, answer, by)


async def beyond(
    world: World, name: str, call: Call, answer: httpx.Response, by: dict[str, str]
) -> str | None:
    """What is wrong with an answer to somebody whose scope does not hold what is called for."""
    allowed = f"wrongly allowed: {answer.status_code} {answer.text[:300]}"
    if any(is_id(value) for value in call.path.values()):
        nobodys = await world.send(name, call, by=by, path=elsewhere(call))
        if answer.status_code != 404:
            return allowed
        return "" if same(answer, nobodys) else f"told from nothing: {answer.text} {nobodys.text}"
    if OPERATIONS[name].writes and any(matrix.named(call.body)):
        return allowed if answer.is_success or code_of(answer) == "busy" else ""
    return None


def code_of(answer: httpx.Response) -> str:
    return str(answer.json()["code"]) if answer.status_code >= 400 else ""


def said(answer: httpx.Response, expected: tuple[int, str]) -> str:
    return (
        ""
        if (answer.status_code, code_of(answer)) == expected
        else f"{answer.status_code} {answer.text[:300]}"
    )


def same(one: httpx.Response, other: httpx.Response) -> bool:
    heads = [{k: v for k, v in each.headers.items() if k not in unlike} for each in (one, other)]
    return one.content == other.content and heads[0] == heads[1]


# --- without one of the two layers ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Whole(Scope):
    """A scope that says it is the nation, and remembers what it is."""

    real: Scope = NATIONAL


@contextmanager
def without_the_filter(world: World, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """The application sees everything everywhere; PostgreSQL alone knows whose work it is."""
    scope, admit, swift = Actor.scope, Work.admit, world.shell.swift

    def whole(actor: Actor, permission: Permission) -> Scope:
        real = scope(actor, permission)
        return real if real.empty else Whole(national=True, real=real)

    async def admitted(work: Work, given: Scope) -> None:
        await admit(work, getattr(given, "real", given))

    with patch.context() as patched:
        patched.setattr(Actor, "scope", whole)
        patched.setattr(Work, "admit", admitted)
        world.shell.swift = None
        try:
            yield
        finally:
            world.shell.swift = swift


@asynccontextmanager
async def without_row_security(owner: asyncpg.Connection) -> AsyncIterator[None]:
    """PostgreSQL shows every row of people to whoever asks; the application alone filters."""
    tables = [
        row[0] for row in await owner.fetch("SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity")
    ]
    assert tables
    for table in tables:
        await owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    try:
        yield
    finally:
        for table in tables:
            await owner.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


async def leaked(world: World, owner: asyncpg.Connection, name: str) -> set[str]:
    """The rows of people that somebody of another province is shown, or may change."""
    operation, call = OPERATIONS[name], await world.unspent(name)
    by = await world.caller(role_with(operation.permission), ZHEJIANG)
    answer = await world.send(name, replace(call, by=by))
    kept = answer.is_success and not answer.headers.get("content-type", "").startswith("application/json")
    if kept or (operation.writes and (answer.is_success or code_of(answer) == "busy")):
        touched = {*call.path.values(), *(str(at(call.body, place)) for place in ids_in(call.body))}
        return await matrix.of_people(owner, {each for each in touched if is_id(each)})
    if not answer.is_success:
        return set()
    mine = await world.send(name, call)
    return await matrix.of_people(owner, set(ids(answer.json())) & set(ids(mine.json())))


def at(body: Any, place: tuple[str | int, ...]) -> Any:
    for step in place:
        body = body[step]
    return body


def ids(part: Any) -> Iterator[str]:
    """The ids of rows in a representation."""
    if isinstance(part, dict):
        if is_id(part.get("id")):
            yield part["id"]
        for inner in part.values():
            yield from ids(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from ids(inner)


@session_loop
@pytest.mark.parametrize("name", OF_PEOPLE)
async def test_each_layer_alone_shows_nobody(
    world: World, owner: asyncpg.Connection, failing: Failing, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Of people, a neighbour sees nothing while the application's filter is off, and nothing while row-level
    security is off: neither leans on the other."""
    await world.unspent(name)
    await world.caller(role_with(OPERATIONS[name].permission), ZHEJIANG)
    async with failing():
        with without_the_filter(world, monkeypatch):
            assert not await leaked(world, owner, name), "row-level security alone"
    async with without_row_security(owner), failing():
        assert not await leaked(world, owner, name), "the application's filter alone"
