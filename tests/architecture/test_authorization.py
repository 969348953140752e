"""Who is refused, and how: generated for every operation, so that a new one is refused to the same people."""

import copy
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.access import Permission, Role
from tests.architecture.calls import Call, World, role_with, role_without
from tests.architecture.calls.world import GUANGDONG, NATION, ZHEJIANG
from tests.architecture.document import OPERATIONS
from tests.architecture.test_operations import fits

GUARDED = sorted(name for name, operation in OPERATIONS.items() if not operation.public)
FORBIDDABLE = [name for name in GUARDED if role_without(OPERATIONS[name].permission)]
IDENTIFIED = [name for name in GUARDED if OPERATIONS[name].identifiers]
LISTS = [name for name in GUARDED if OPERATIONS[name].lists]

OF_THE_NATION = {
    "get_calendar_year": "one calendar for all",
    "replace_calendar_year": "the nation's administrator enters it, and a year nobody entered is empty",
    "get_dictionary": "one set of words for all",
    "add_dictionary_item": "the same",
    "change_dictionary_item": "the same",
    "get_rule_pack": "rules are public",
    "change_rule_pack": "the nation's administrators draft the nation's rules; everybody may read them",
    "publish_rule_pack": "the same",
    "get_division": "the table of divisions is public",
    "list_division_children": "the same",
    "get_division_path": "the same",
    "get_division_history": "the same",
    "correct_division": "the same: an administrator elsewhere may read it, and is told 403",
    "rename_division": "the same",
    "move_division": "the same",
    "abolish_division": "the same",
}
"""Addresses whose rows everybody may read: there is nothing to hide from a neighbour."""
SHARED = {
    "list_calendar_years",
    "list_dictionaries",
    "list_rule_packs",
    "list_divisions",
    "list_division_children",
}
"""Lists of what everybody may read."""

session_loop = pytest.mark.asyncio(loop_scope="session")


@session_loop
@pytest.mark.parametrize("name", GUARDED)
async def test_nobody_in_particular_is_401(world: World, name: str) -> None:
    call = await world.unspent(name)
    for headers in ({}, {"Authorization": "Bearer jcs_00000000000000000000000000000000." + "A" * 43}):
        response = await world.send(name, call, by=headers)
        assert (response.status_code, response.json()["code"]) == (401, "not_signed_in")
        fits(world, OPERATIONS[name], response)


@session_loop
@pytest.mark.parametrize("name", FORBIDDABLE)
async def test_a_role_without_the_permission_is_403(world: World, name: str) -> None:
    """Wherever it is granted: over the nation as well as over the very division."""
    role = role_without(OPERATIONS[name].permission)
    assert role is not None
    call = await world.unspent(name)
    for division in (GUANGDONG, NATION):
        response = await world.send(name, call, by=await world.caller(role, division))
        assert (response.status_code, response.json()["code"]) == (403, "not_permitted")
        fits(world, OPERATIONS[name], response)


def elsewhere(call: Call, *, only: str | None = None) -> dict[str, str]:
    """The same address with ids that nobody has (or with one of them only)."""
    changed = {}
    for name, value in call.path.items():
        changed[name] = str(uuid4()) if is_id(value) and only in {None, name} else value
    return changed


def is_id(value: object) -> bool:
    return (
        isinstance(value, str)
        and re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value) is not None
    )


@session_loop
@pytest.mark.parametrize("name", [name for name in IDENTIFIED if name not in OF_THE_NATION])
async def test_a_neighbours_row_is_as_if_it_were_not(world: World, name: str) -> None:
    """The same role in another province: 404 with the bytes and headers of an id that nobody has."""
    call = await world.unspent(name)
    neighbour = await world.caller(role_with(OPERATIONS[name].permission), ZHEJIANG)
    if name == "end_session":
        neighbour = await world.caller(Role.CLERK)
    theirs = await world.send(name, call, by=neighbour)
    nobodys = await world.send(name, call, by=neighbour, path=elsewhere(call))
    assert theirs.status_code == nobodys.status_code == 404, theirs.text
    assert theirs.content == nobodys.content
    unlike = {"x-request-id", "date"}
    assert {k: v for k, v in theirs.headers.items() if k not in unlike} == {
        k: v for k, v in nobodys.headers.items() if k not in unlike
    }
    fits(world, OPERATIONS[name], theirs)


@session_loop
@pytest.mark.parametrize("name", [name for name in IDENTIFIED if name not in OF_THE_NATION])
async def test_one_id_of_several_that_is_wrong_is_404(world: World, name: str) -> None:
    """The right caller, and each id in turn one that nobody has."""
    call = await world.unspent(name)
    for changed in [key for key, value in call.path.items() if is_id(value)]:
        response = await world.send(name, call, path=elsewhere(call, only=changed))
        assert response.status_code == 404, response.text
        fits(world, OPERATIONS[name], response)


def divided(item: dict[str, Any]) -> str | None:
    """The division that a row belongs to; what it merely mentions (a credit code, a domicile) is its own."""
    division = item.get("division")
    return str(division["code"]) if isinstance(division, dict) else item.get("division_code")


@session_loop
@pytest.mark.parametrize("name", [name for name in LISTS if name not in SHARED])
async def test_a_list_never_shows_a_neighbours_rows(world: World, name: str) -> None:
    call = await world.unspent(name)
    mine = (await world.send(name, call)).json()["items"]
    neighbour = await world.caller(role_with(OPERATIONS[name].permission), ZHEJIANG)
    for query in (dict(call.query), {}, {"division": GUANGDONG}):
        if not set(query) <= set(OPERATIONS[name].parameters):
            continue
        response = await world.send(name, Call(path=call.path, query=query), by=neighbour)
        if response.status_code == 200:
            seen = {item["id"] for item in response.json()["items"] if "id" in item}
            assert not seen & {item.get("id") for item in mine}
            assert "440115" not in {divided(item) for item in response.json()["items"]}
        else:
            assert response.status_code in {403, 404, 422}, response.text
            fits(world, OPERATIONS[name], response)


@session_loop
@pytest.mark.parametrize("name", [name for name in GUARDED if not OPERATIONS[name].writes])
async def test_an_id_in_a_filter_opens_nothing(world: World, name: str) -> None:
    """A neighbour who asks about a row here is answered as if it were about none."""
    call = await world.unspent(name)
    filters = [key for key, value in call.query.items() if is_id(value)]
    if not filters or call.by is not None or OPERATIONS[name].permission == Permission.SELF:
        return
    neighbour = await world.caller(role_with(OPERATIONS[name].permission), ZHEJIANG)
    theirs, nobodys = [
        await world.send(name, Call(path=call.path, query=query), by=neighbour)
        for query in (call.query, {**call.query, **{key: str(uuid4()) for key in filters}})
    ]
    assert (theirs.status_code, theirs.content) == (nobodys.status_code, nobodys.content)


def ids_in(body: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where the ids in a body are."""
    if isinstance(body, Mapping):
        return [place for key, value in body.items() for place in ids_in(value, (*at, key))]
    if isinstance(body, list):
        return [place for number, value in enumerate(body) for place in ids_in(value, (*at, number))]
    return [at] if is_id(body) else []


def replaced(body: Any, place: tuple[str | int, ...], value: str) -> Any:
    changed = copy.deepcopy(body)
    target = changed
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    return changed


@session_loop
@pytest.mark.parametrize("name", [name for name in GUARDED if OPERATIONS[name].writes])
async def test_an_id_in_a_body_opens_nothing(world: World, name: str) -> None:
    """What a body names is looked up in the caller's scope: a neighbour's row there is as unknown as any."""
    call = await world.unspent(name)
    for place in ids_in(call.body):
        theirs = await foreign(world, place)
        if theirs is None:
            continue
        answers = [
            await world.send(name, copy_with(call, replaced(call.body, place, value)))
            for value in (theirs, str(uuid4()))
        ]
        assert [a.status_code for a in answers] == [answers[1].status_code] * 2, (place, answers[0].text)
        assert 400 <= answers[0].status_code < 500
        assert answers[0].content == answers[1].content


def copy_with(call: Call, body: Any) -> Call:
    return Call(call.path, call.query, body, call.content, call.headers, call.if_match, call.by)


FOREIGN = {
    "organization_id": "register_organization",
    "into_id": "register_organization",
    "into_ids": "register_organization",
    "user_id": "register_user",
    "party_organization_id": "establish_party_organization",
    "parent_id": "establish_party_organization",
}
"""The operation that makes what a field of a body names."""


async def foreign(world: World, place: tuple[str | int, ...]) -> str | None:
    """A row of Zhejiang of the kind that is named at this place of a body."""
    field = next(step for step in reversed(place) if isinstance(step, str))
    maker = FOREIGN.get(field)
    if maker is None:
        return None
    made = await world.call(maker)
    role = role_with(OPERATIONS[maker].permission)
    body = {**made.body, "division_code": "330200"}
    body.pop("covers", None)
    response = await world.send(maker, copy_with(made, body), by=await world.caller(role, ZHEJIANG))
    assert response.is_success, response.text
    identifier: str = response.json()["id"]
    assert UUID(identifier)
    return identifier
