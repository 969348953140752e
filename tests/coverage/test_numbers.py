"""Every figure equals a brute-force recomputation, and every link lists exactly the organizations counted."""

import os
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.core.work import Shell
from app.coverage import commands
from tests.conftest import Actors
from tests.coverage.brute_force import RATES, Asked, BruteForce, Found
from tests.make import coverage as make

Headers = dict[str, str]
SEEDS, QUESTIONS = ((1, 2, 6, 7), 60) if os.environ.get("JICENG_FAULTS") == "full" else ((1,), 40)


async def ids(api: httpx.AsyncClient, headers: Headers, link: str) -> list[UUID]:
    """Every organization of a list, page after page."""
    found: list[UUID] = []
    address = link.removeprefix("/api/v1")
    cursor = ""
    while True:
        answer = await api.get(f"{address}&limit=7{cursor}", headers=headers)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += [UUID(item["id"]) for item in page["items"]]
        if not page["has_more"]:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def key_of(group: dict[str, Any]) -> str:
    """The name of a line in the brute force."""
    return (
        str(group["code"] or group["id"]) if group["type"] in {"division", "kind", "body"} else group["type"]
    )


def random_question(chance: Random, world: make.World) -> Asked:
    day = chance.choice(
        [date(2013, 1, 1), date(2016, 5, 5), date(2021, 6, 1), date(2025, 12, 31), today(), today()]
    )
    body = chance.choice([None, None, *world.bodies[:6]])
    division = (
        chance.choice([*make.PLACES[:7], "330000"]) if body is None else chance.choice([None, "440000"])
    )
    by = chance.choice(["none", "division", "kind", "body"])
    return Asked(
        day=day,
        division=division,
        basis=chance.choice(["registration", "registration", "domicile", "responsibility"]),
        body=body,
        kind=chance.choice([None, None, None, "association"]),
        known_at=chance.choice([None, None, *(t + timedelta(days=20) for t in make.INSTANTS)]),
        by="kind" if by == "division" and division is None else by,
        exclude=chance.random() < 0.3,
    )


def today() -> date:
    return (datetime.now(UTC) + timedelta(hours=8)).date()


def parameters(asked: Asked) -> dict[str, str]:
    said = {
        "division": asked.division,
        "division_basis": asked.basis,
        "body": asked.body,
        "kind": asked.kind,
        "as_of": asked.day,
        "known_at": asked.known_at.isoformat() if asked.known_at else None,
        "by": asked.by,
        "exceptions": "excluded" if asked.exclude else None,
    }
    return {name: str(value) for name, value in said.items() if value is not None}


NOTHING = Found(set(), {r: set() for r in RATES}, {r: set() for r in RATES}, set(), set(), set())


@pytest.mark.parametrize("seed", SEEDS)
async def test_figures_equal_brute_force(
    api: httpx.AsyncClient, actors: Actors, shell: Shell, seed: int
) -> None:
    """Random questions about a random history: past days, past knowledge, every basis, every kind of line."""
    chance = Random(seed)  # noqa: S311 (a history to be repeated)
    world = await make.world(shell, chance)
    oracle = await BruteForce.read(shell)
    if seed == 2:  # the second history is answered from roll-ups, where they fit
        while await commands.run(shell):
            pass
    nation = await actors("viewer", division="100000")
    lines_seen = compared = 0
    for number in range(QUESTIONS):
        asked = random_question(chance, world)
        answer = await api.get("/coverage", params=parameters(asked), headers=nation)
        assert answer.status_code == 200, answer.text
        read, expected = answer.json(), oracle.answer(asked)
        lines = read["lines"] or [read["total"]]
        for key in expected.keys() - {key_of(line["group"]) for line in lines}:
            assert not expected[key].everyone, (asked, key)
        for line in lines:
            found = expected.get(key_of(line["group"]), NOTHING)
            compare(line, found, asked)
            lines_seen += bool(found.everyone)
        whole = sum(len(found.everyone) for found in expected.values())
        assert read["total"]["organizations"] == whole
        if number % 6 == 0:
            for line in chance.sample(lines, min(3, len(lines))):
                compared += await compare_lists(
                    api, nation, line, expected.get(key_of(line["group"]), NOTHING)
                )
    assert lines_seen > QUESTIONS * 5 // 6
    assert compared > QUESTIONS * 2


def compare(line: dict[str, Any], found: Found, asked: Asked) -> None:
    figures = {r["code"]: (r["numerator"], r["denominator"]) for r in line["rates"]}
    expected = {rate: (len(found.above[rate]), len(found.below[rate])) for rate in RATES}
    assert figures == expected, (asked, line["group"])
    assert line["organizations"] == len(found.everyone), (asked, line["group"])
    assert line["exceptions"]["count"] == len(found.excepted), (asked, line["group"])
    assert line["blank_spots"]["count"] == len(found.blank), (asked, line["group"])
    per_100 = line["party_organizations_per_100"]
    if per_100 is not None:
        assert per_100["party_organizations"] == len(found.bodies), (asked, line["group"])


async def compare_lists(api: httpx.AsyncClient, headers: Headers, line: dict[str, Any], found: Found) -> int:
    """Follow every link of a line."""
    lists = {line["list"]: found.everyone, line["exceptions"]["list"]: found.excepted}
    lists[line["blank_spots"]["list"]] = found.blank
    for rate in line["rates"]:
        above, below = found.above[rate["code"]], found.below[rate["code"]]
        lists[rate["list"]["numerator"]] = above
        lists[rate["list"]["denominator"]] = below
        lists[rate["list"]["gap"]] = below - above
    for link, expected in lists.items():
        listed = await ids(api, headers, link)
        assert len(listed) == len(set(listed)), link
        assert set(listed) == expected, link
    return len(lists)


async def test_narrowed_questions_list_what_they_count(
    api: httpx.AsyncClient, actors: Actors, shell: Shell
) -> None:
    """Questions narrower than their lines: the lines still add up, and each lists exactly what it counts."""
    chance = Random(5)  # noqa: S311 (a history to be repeated)
    world = await make.world(shell, chance)
    nation = await actors("viewer", division="100000")
    by_division = ({"direct": "true"}, {"child": "440100"}, {"led": "nobody"}, {"led": "elsewhere"}, {})
    by_body = ({"led": "direct"}, {"led": "nobody"}, {"child_body": str(world.bodies[1])}, {})
    seen = 0
    for subject, narrowings in (("division", by_division), ("body", by_body)):
        for narrowing in narrowings:
            for by in ("none", "kind", "body", *(["division"] if subject == "division" else [])):
                place = "440000" if subject == "division" else str(world.bodies[0])
                query = {subject: place, "as_of": "2025-12-31", "by": by, **narrowing}
                answer = await api.get("/coverage", params=query, headers=nation)
                assert answer.status_code == 200, answer.text
                read = answer.json()
                lines = read["lines"] or [read["total"]]
                assert sum(line["organizations"] for line in lines) == read["total"]["organizations"], query
                for line in lines:
                    listed = await ids(api, nation, line["list"])
                    assert len(listed) == line["organizations"], (query, line["group"])
                    seen += bool(listed)
    assert seen > 20


async def test_a_series_is_its_days(api: httpx.AsyncClient, actors: Actors, shell: Shell) -> None:
    """Each month equals the answer for its last day, also by past knowledge."""
    chance = Random(3)  # noqa: S311 (a history to be repeated)
    await make.world(shell, chance, organizations=40)
    nation = await actors("viewer", division="100000")
    now = today()
    for known_at in (None, "2023-06-01T00:00:00Z"):
        query = {"division": "440000", "from": "2019-11-15", "until": "2020-03-02"}
        if known_at:
            query["known_at"] = known_at
        answer = await api.get("/coverage/series", params=query, headers=nation)
        assert answer.status_code == 200, answer.text
        series = {s["code"]: s["points"] for s in answer.json()["series"]}
        days = ["2019-11-30", "2019-12-31", "2020-01-31", "2020-02-29", "2020-03-31"]
        assert [p["on"] for p in series["organization_coverage"]] == days
        for place, day in enumerate(days):
            one = {"division": "440000", "as_of": day, **({"known_at": known_at} if known_at else {})}
            total = (await api.get("/coverage", params=one, headers=nation)).json()["total"]
            for rate in total["rates"]:
                point = series[rate["code"]][place]
                assert (point["numerator"], point["denominator"], point["percent"]) == (
                    rate["numerator"],
                    rate["denominator"],
                    rate["percent"],
                )
                assert point["organizations"] == total["organizations"]
    running = await api.get(
        "/coverage/series", params={"from": str(now.replace(day=1)), "division": "440000"}, headers=nation
    )
    assert running.json()["series"][0]["points"][-1]["on"] == str(now)


async def test_a_ranking_is_its_lines(api: httpx.AsyncClient, actors: Actors, shell: Shell) -> None:
    """The divisions below, the best first, with the figures of the lines."""
    await make.world(shell, Random(4), organizations=50)  # noqa: S311 (a history to be repeated)
    nation = await actors("viewer", division="100000")
    query = {"division": "440000", "as_of": "2025-06-30"}
    ranked = (
        await api.get("/coverage/ranking", params={**query, "rate": "work_coverage"}, headers=nation)
    ).json()
    lines = (await api.get("/coverage", params={**query, "by": "division"}, headers=nation)).json()["lines"]
    rates = {
        line["group"]["code"]: next(r for r in line["rates"] if r["code"] == "work_coverage")
        for line in lines
        if line["group"]["type"] == "division"
    }
    assert {item["division"]["code"] for item in ranked["items"]} == rates.keys()
    shares = []
    for item in ranked["items"]:
        rate = rates[item["division"]["code"]]
        assert (item["numerator"], item["denominator"], item["percent"]) == (
            rate["numerator"],
            rate["denominator"],
            rate["percent"],
        )
        assert (item["rank"] is None) == (item["denominator"] == 0)
        shares.append(float(item["percent"]) if item["percent"] else -1.0)
    assert shares == sorted(shares, reverse=True)
    assert ranked["items"][0]["rank"] == 1
