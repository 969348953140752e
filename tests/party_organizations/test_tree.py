"""The dated tree: moves with their history, the stored closure against its oracle, and racing moves."""

import asyncio
import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.core.access import SYSTEM
from app.core.errors import Refusal
from app.core.work import Shell, begin
from app.party_organizations import commands, queries
from app.party_organizations.rules import BodyKind, Formation
from app.party_organizations.schemas import (
    PartyOrganizationDissolve,
    PartyOrganizationEstablish,
    PartyOrganizationMove,
)
from tests.make import party_organizations as make

Headers = dict[str, str]
START = date(2016, 7, 1)


async def committee(api: httpx.AsyncClient, headers: Headers, name: str, **fields: Any) -> dict[str, Any]:
    return await make.body(api, headers, kind="committee", formation="regional", name=name, **fields)


async def test_three_levels_and_a_move(api: httpx.AsyncClient, organizer: Headers, shell: Shell) -> None:
    top = await committee(api, organizer, "社会组织党委", founded_on="2010-01-01")
    line = await committee(api, organizer, "行业党委", parent_id=top["id"], founded_on="2012-01-01")
    other = await committee(api, organizer, "另一党委", founded_on="2012-01-01")
    branch = await make.body(api, organizer, name="党支部", parent_id=line["id"], founded_on="2015-01-01")

    async def tree(root: dict[str, Any], **query: Any) -> list[tuple[str, int, int]]:
        answer = await api.get(f"/party-organizations/{root['id']}/tree", params=query, headers=organizer)
        assert answer.status_code == 200, answer.text
        return [(n["name"], n["depth"], n["children"]) for n in answer.json()["nodes"]]

    assert await tree(top) == [("社会组织党委", 0, 1), ("行业党委", 1, 1), ("党支部", 2, 0)]
    moved = await make.act(api, organizer, line["id"], "move", parent_id=other["id"], on="2020-01-01")
    assert moved.status_code == 200, moved.text
    assert moved.json()["parent"] == {"id": other["id"], "name": "另一党委"}
    assert await tree(top) == [("社会组织党委", 0, 0)]
    assert await tree(other) == [("另一党委", 0, 1), ("行业党委", 1, 1), ("党支部", 2, 0)]
    assert await tree(top, as_of="2019-12-31") == [
        ("社会组织党委", 0, 1),
        ("行业党委", 1, 1),
        ("党支部", 2, 0),
    ]
    assert await tree(top, as_of="2014-12-31") == [("社会组织党委", 0, 1), ("行业党委", 1, 0)]
    assert await tree(other, depth=1) == [("另一党委", 0, 1), ("行业党委", 1, 1)]
    cut = await api.get(f"/party-organizations/{other['id']}/tree", params={"depth": 1}, headers=organizer)
    assert cut.json()["truncated"]
    parents = await api.get(f"/party-organizations/{line['id']}/parents", headers=organizer)
    assert [(p["parent"]["name"], p["from_on"], p["until_on"]) for p in parents.json()["items"]] == [
        ("社会组织党委", "2012-01-01", "2020-01-01"),
        ("另一党委", "2020-01-01", None),
    ]
    same_day = await make.act(api, organizer, line["id"], "move", parent_id=top["id"], on="2020-01-01")
    assert same_day.status_code == 200, same_day.text
    root = await make.act(api, organizer, branch["id"], "move", parent_id=None, on="2021-01-01")
    assert root.json()["parent"] is None
    async with begin(shell, SYSTEM) as work:
        stored, worked_out = await queries.stored_tree(work)
    assert stored == worked_out


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"parent_id": "itself"}, 409, "move_would_cycle"),
        ({"parent_id": "below"}, 409, "move_would_cycle"),
        ({"parent_id": "other", "on": "2011-01-01"}, 422, "before_foundation"),
        ({"parent_id": "other", "on": "2012-06-30"}, 409, "moved_meanwhile"),
        ({"parent_id": "other", "on": "2199-01-01"}, 422, "in_future"),
        ({"parent_id": "top"}, 422, "already_there"),
        ({"parent_id": "branch"}, 422, "kind_of_parent"),
        ({"parent_id": "gone"}, 422, "parent_dissolved"),
        ({"parent_id": "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"}, 404, "not_found"),
        ({"parent_id": None, "on": "2199-01-01"}, 422, "in_future"),
        ({}, 422, "missing"),
    ],
)
async def test_moves_that_are_refused(
    api: httpx.AsyncClient, organizer: Headers, fields: dict[str, Any], status: int, code: str
) -> None:
    bodies = {"top": await committee(api, organizer, "上级", founded_on="2010-01-01")}
    bodies["itself"] = await committee(
        api,
        organizer,
        "本级",
        parent_id=bodies["top"]["id"],
        founded_on="2012-01-01",
        parent_from_on="2012-07-01",
    )
    bodies["below"] = await committee(api, organizer, "下级", parent_id=bodies["itself"]["id"])
    bodies["other"] = await committee(api, organizer, "另一", founded_on="2012-01-01")
    bodies["branch"] = await make.body(api, organizer)
    bodies["gone"] = await committee(api, organizer, "已撤")
    await make.act(api, organizer, bodies["gone"]["id"], "dissolve", on="2020-01-01", reason="撤并")
    if fields.get("parent_id") in bodies:
        fields = {**fields, "parent_id": bodies[fields["parent_id"]]["id"]}
    answer = await make.act(api, organizer, bodies["itself"]["id"], "move", **fields)
    assert answer.status_code == status, answer.text
    problem = answer.json()
    assert code in (problem["code"], *(fault["code"] for fault in problem.get("errors", ())))
    assert (await make.read(api, organizer, bodies["itself"]["id"]))["parent"]["id"] == bodies["top"]["id"]


async def test_hung_below_a_dissolved_or_unfit_parent(api: httpx.AsyncClient, organizer: Headers) -> None:
    parent = await make.body(api, organizer, founded_on="2018-01-01")
    plan = {
        "name": "某党委",
        "kind": "committee",
        "formation": "regional",
        "division_code": "440115",
        "founded_on": "2016-01-01",
        "parent_id": parent["id"],
        "parent_from_on": "2017-01-01",
    }
    answer = await api.post("/party-organizations/establish", json=plan, headers=organizer)
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/parent_id", "kind_of_parent"),
        ("/parent_from_on", "before_foundation"),
    ]


async def test_random_histories_keep_the_closure(shell: Shell) -> None:
    """200 random establishments, moves and dissolutions on random days: the stored tree is the oracle's."""
    chance = random.Random(20261122)  # noqa: S311 (a history to be repeated)
    ids: list[UUID] = []
    done = refused = 0
    for turn in range(200):
        day = START + timedelta(days=8 * turn + chance.randrange(300))
        try:
            async with begin(shell, SYSTEM) as work:
                if len(ids) < 4 or chance.random() < 0.25:
                    plan = PartyOrganizationEstablish(
                        name="党委",
                        kind=BodyKind.COMMITTEE,
                        formation=Formation.REGIONAL,
                        division_code="440115",
                        founded_on=day,
                        parent_id=chance.choice([None, *ids]),
                        covers=[],
                    )
                    ids.append(await commands.establish(work, plan))
                elif chance.random() < 0.9:
                    order = PartyOrganizationMove(parent_id=chance.choice([None, *ids]), on=day)
                    await commands.move(work, chance.choice(ids), order)
                else:
                    end = PartyOrganizationDissolve(on=day, reason="撤并", children_to_parent=True)
                    await commands.dissolve(work, chance.choice(ids), end)
            done += 1
        except Refusal:
            refused += 1
    async with begin(shell, SYSTEM) as work:
        stored, worked_out = await queries.stored_tree(work)
    assert stored == worked_out
    assert done > 80
    assert refused > 20
    assert max(path.depth for path in stored) >= 3


async def test_racing_moves_never_close_a_ring(shell: Shell) -> None:
    """Bodies that all move below each other at once: some are refused, and the tree is a tree."""
    ids = []
    for number in range(6):
        async with begin(shell, SYSTEM) as work:
            plan = PartyOrganizationEstablish(
                name=f"党委{number}",
                kind=BodyKind.COMMITTEE,
                formation=Formation.REGIONAL,
                division_code="440115",
                founded_on=START,
                covers=[],
            )
            ids.append(await commands.establish(work, plan))

    lanes = asyncio.Semaphore(8)

    async def race(body: UUID, parent: UUID) -> str:
        try:
            async with lanes, begin(shell, SYSTEM) as work:
                await commands.move(work, body, PartyOrganizationMove(parent_id=parent, on=START))
        except Refusal as refusal:
            return refusal.code
        return "moved"

    for _ in range(3):
        moves = [(body, parent) for body in ids for parent in ids if body != parent]
        random.Random(7).shuffle(moves)  # noqa: S311 (an order to be repeated)
        outcomes = await asyncio.gather(*(race(*move) for move in moves))
        assert set(outcomes) <= {"moved", "move_would_cycle", "party_organization_invalid"}
        assert "moved" in outcomes
        assert "move_would_cycle" in outcomes
        async with begin(shell, SYSTEM) as work:
            stored, worked_out = await queries.stored_tree(work)
        assert stored == worked_out


async def test_establishing_while_the_parent_moves(shell: Shell) -> None:
    """Children come below a body that is moving at the same time: no path is missed."""
    ids = []
    for _ in range(3):
        async with begin(shell, SYSTEM) as work:
            plan = PartyOrganizationEstablish(
                name="党委",
                kind=BodyKind.COMMITTEE,
                formation=Formation.REGIONAL,
                division_code="440115",
                founded_on=START,
                covers=[],
            )
            ids.append(await commands.establish(work, plan))

    async def found() -> None:
        async with begin(shell, SYSTEM) as work:
            plan = PartyOrganizationEstablish(
                name="支部",
                kind=BodyKind.BRANCH,
                formation=Formation.JOINT,
                division_code="440115",
                founded_on=START,
                parent_id=ids[0],
                covers=[],
            )
            await commands.establish(work, plan)

    async def move(parent: UUID) -> None:
        async with begin(shell, SYSTEM) as work:
            await commands.move(work, ids[0], PartyOrganizationMove(parent_id=parent, on=START))

    for turn in range(6):
        await asyncio.gather(found(), found(), move(ids[1 + turn % 2]), found())
    async with begin(shell, SYSTEM) as work:
        stored, worked_out = await queries.stored_tree(work)
    assert stored == worked_out
    assert len({path.descendant for path in stored}) == 3 + 18
