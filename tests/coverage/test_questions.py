"""Coverage over HTTP: what an answer says, whose questions are answered, and what is refused."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.core.work import Shell
from tests.conftest import Actors
from tests.make import ledger
from tests.make import party_organizations as bodies

RANDOM = "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"
Headers = dict[str, str]


@pytest.fixture
async def organizer(actors: Actors) -> Headers:
    """An organizer of Guangdong."""
    return await actors("organizer", division="440000")


async def ask(api: httpx.AsyncClient, headers: Headers, path: str = "", **query: Any) -> dict[str, Any]:
    answer = await api.get(f"/coverage{path}", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def rate(line: dict[str, Any], code: str) -> dict[str, Any]:
    return next(r for r in line["rates"] if r["code"] == code)


async def test_yangquan(api: httpx.AsyncClient, shell: Shell, actors: Actors) -> None:
    """660 of 803 is 82.19 %: here in small, 5 of 6 organizations and one that is deregistered."""
    organizer = await actors("organizer", division="140300")
    ids = [await ledger.organization(shell, division="140300", name=f"阳泉{n}") for n in range(6)]
    await ledger.organization(shell, division="140300", name="已注销", ended_on=date(2020, 1, 1))
    await ledger.organization(shell, division="140300", name="筹备中", status="preparatory")
    joint = await bodies.body(api, organizer, name="联合支部", division_code="140300")
    team = await bodies.body(
        api, organizer, name="工作小组", kind="work_team", formation=None, division_code="140300"
    )
    for organization in ids[:4]:
        await bodies.cover(api, organizer, joint["id"], organization)
    await bodies.cover(api, organizer, team["id"], ids[4], from_on="2017-01-01")
    read = await ask(api, organizer)
    assert read["subject"]["division"] == {"code": "140300", "name": "阳泉市"}
    assert read["lines"] == []
    total = read["total"]
    covered = rate(total, "organization_coverage")
    assert (covered["numerator"], covered["denominator"], covered["percent"]) == (4, 6, "66.67")
    assert rate(total, "work_coverage")["numerator"] == 5
    assert rate(total, "single_formation") | {} == {
        **rate(total, "single_formation"),
        "numerator": 0,
        "denominator": 4,
        "percent": "0.00",
    }
    assert total["blank_spots"]["count"] == 1
    per_100 = total["party_organizations_per_100"]
    assert (per_100["party_organizations"], per_100["per_100"]) == (1, "16.67")
    assert "不是覆盖率" in per_100["definition"]["zh"]
    assert "Not a coverage rate" in per_100["definition"]["en"]
    assert "正常" in covered["definition"]["zh"]
    assert "national registrations (100000)" in covered["definition"]["en"]
    assert "instructors" in rate(total, "work_coverage")["definition"]["en"]
    gap = (await api.get(covered["list"]["gap"].removeprefix("/api/v1"), headers=organizer)).json()
    assert [item["name"] for item in gap["items"]] == ["阳泉4", "阳泉5"]
    past = await ask(api, organizer, as_of="2016-12-31")
    assert rate(past["total"], "organization_coverage")["numerator"] == 0
    assert past["total"]["organizations"] == 7


async def test_blank_spots_and_exceptions(api: httpx.AsyncClient, shell: Shell, organizer: Headers) -> None:
    today = date.today()  # noqa: DTZ011 (days around today, either side of midnight will do)
    names = ("有原因", "没有原因", "有支部")
    ids = {name: await ledger.organization(shell, name=name) for name in names}
    plan = {
        "reason": "fewer_than_three_full_members",
        "from_on": str(today - timedelta(days=9)),
        "until_on": str(today + timedelta(days=90)),
    }
    address = f"/organizations/{ids['有原因']}/no-party-organization-reason"
    assert (await api.post(address, json=plan, headers=organizer)).status_code == 201
    branch = await bodies.body(api, organizer)
    await bodies.cover(api, organizer, branch["id"], ids["有支部"])
    spots = await ask(api, organizer, "/blank-spots", include_total=True)
    assert spots["total"] == 2
    assert {(i["name"], i["no_party_organization_reason"], i["covered"]) for i in spots["items"]} == {
        ("有原因", "fewer_than_three_full_members", False),
        ("没有原因", None, False),
    }
    only = await ask(api, organizer, "/blank-spots", excepted=False)
    assert [i["name"] for i in only["items"]] == ["没有原因"]
    assert (only["items"][0]["division"]["name"], only["items"][0]["responsible"]) == ("南沙区", None)
    counted = await ask(api, organizer)
    assert rate(counted["total"], "organization_coverage")["percent"] == "33.33"
    assert counted["total"]["exceptions"]["count"] == 1
    excluded = await ask(api, organizer, exceptions="excluded")
    assert rate(excluded["total"], "organization_coverage")["percent"] == "50.00"
    assert "不计入分母" in rate(excluded["total"], "organization_coverage")["definition"]["zh"]
    expired = await ask(api, organizer, "/blank-spots", as_of=str(today + timedelta(days=90)))
    assert {i["no_party_organization_reason"] for i in expired["items"]} == {None}


async def test_national_registrations_by_basis(api: httpx.AsyncClient, shell: Shell, actors: Actors) -> None:
    """A national one that sits in Nansha counts in no province by registration, in Nansha by domicile."""
    nation = await actors("viewer", division="100000")
    await ledger.organization(shell, division="100000", domicile="440115", name="全国性协会")
    await ledger.organization(shell, division="440000", domicile="440115", name="省级协会")

    async def lines(**query: Any) -> dict[str, int]:
        read = await ask(api, nation, by="division", **query)
        assert sum(line["organizations"] for line in read["lines"]) == read["total"]["organizations"]
        return {
            line["group"]["code"] if line["group"]["type"] == "division" else "own": line["organizations"]
            for line in read["lines"]
            if line["organizations"]
        }

    assert await lines() == {"440000": 1, "own": 1}
    assert await lines(division_basis="domicile") == {"440000": 2}
    assert await lines(division_basis="responsibility") == {"own": 2}
    assert await lines(division="440000", division_basis="domicile") == {"440100": 2}
    assert await lines(division="440000") == {"own": 1}
    direct = await ask(api, nation, "/organizations", division="100000", direct=True)
    assert [i["name"] for i in direct["items"]] == ["全国性协会"]


async def test_a_body_asks_about_what_it_leads(
    api: httpx.AsyncClient, organizer: Headers, actors: Actors
) -> None:
    top = await bodies.body(api, organizer, kind="committee", formation="regional", name="党委")
    below = await bodies.body(api, organizer, name="支部", parent_id=top["id"])
    mine = await actors("viewer", body=top["id"])
    read = await ask(api, mine, by="body")
    assert read["subject"]["body"] == {"id": top["id"], "name": "党委"}
    assert [(line["group"]["type"], line["group"]["id"]) for line in read["lines"]] == [
        ("body", below["id"]),
        ("own", top["id"]),
    ]
    assert read["total"]["party_organizations_per_100"]["party_organizations"] == 2
    assert read["total"]["party_organizations_per_100"]["per_100"] is None
    for query in ({"body": RANDOM}, {"division": "440000"}):
        answer = await api.get("/coverage", params=query, headers=mine)
        assert answer.status_code == 404
    inside = await ask(api, mine, body=below["id"], division="440000")
    assert inside["subject"]["division"]["code"] == "440000"


@pytest.mark.parametrize("path", ["", "/organizations", "/series", "/blank-spots", "/ranking"])
async def test_scope(api: httpx.AsyncClient, actors: Actors, organizer: Headers, path: str) -> None:
    """What lies outside is answered like what does not exist; a wall display reads figures, not lists."""
    body = await bodies.body(api, organizer)
    stranger = await actors("viewer", division="140000")
    query = {"from": "2026-01-01"} if path == "/series" else {}

    async def get(headers: Headers, **more: Any) -> httpx.Response:
        return await api.get(f"/coverage{path}", params={**query, **more}, headers=headers)

    theirs, nowhere = await get(stranger, division="440000"), await get(stranger, division="999999")
    assert theirs.status_code == nowhere.status_code == 404
    assert theirs.content == nowhere.content
    assert (await get(stranger, body=body["id"])).content == (await get(stranger, body=RANDOM)).content
    assert (await get(stranger)).status_code == 200
    assert (await get({})).status_code == 401
    display = await actors("display", division="440000")
    assert (await get(display)).status_code == (403 if path in {"/organizations", "/blank-spots"} else 200)
    registry = await actors("registry", division="440000")
    assert (await get(registry)).status_code == 403


async def test_a_body_of_others_is_no_news_only_where_it_leads(
    api: httpx.AsyncClient, shell: Shell, actors: Actors, organizer: Headers
) -> None:
    """Beside one's own division a foreign body was once counted, and so known to be there."""
    body = await bodies.body(api, organizer)
    stranger = await actors("viewer", division="140000")

    async def get(identifier: str) -> httpx.Response:
        query = {"division": "140000", "body": identifier}
        return await api.get("/coverage", params=query, headers=stranger)

    foreign, none = await get(body["id"]), await get(RANDOM)
    assert (foreign.status_code, foreign.content) == (404, none.content)
    led = await ledger.organization(shell, division="140000", name="由外省党组织负责的协会")
    async with shell.engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO responsibilities (id, organization_id, party_organization_id, relation, valid,"
                " recorded, override, override_reason, override_until, rule_code, rule_source, tried)"
                " VALUES (gen_random_uuid(), :organization, :body, 'lead', '[2020-01-01,)', '[2020-01-01,)',"
                " false, NULL, NULL, 'test', 'test', '[]')"
            ),
            {"organization": led, "body": body["id"]},
        )
    assert (await get(body["id"])).status_code == 200


@pytest.mark.parametrize(
    ("path", "query", "pointer"),
    [
        ("", {"led": "direct"}, "/query/led"),
        ("", {"child_body": RANDOM}, "/query/child_body"),
        ("", {"colour": "red"}, "/query/colour"),
        ("", {"by": "mood"}, "/query/by"),
        ("", {"division": "44"}, "/query/division"),
        ("", {"as_of": "2026-13-01"}, "/query/as_of"),
        ("", {"known_at": "yesterday"}, "/query/known_at"),
        ("", {"division_basis": "birth"}, "/query/division_basis"),
        ("/series", {}, "/query/from"),
        ("/series", {"from": "2026-05-01", "until": "2026-04-01"}, "/query/from"),
        ("/series", {"from": "1990-01-01"}, "/query/from"),
        ("/series", {"from": "2190-01-01"}, "/query/from"),
        ("/organizations", {"rate": "happiness"}, "/query/rate"),
        ("/organizations", {"part": "half"}, "/query/part"),
        ("/organizations", {"limit": 201}, "/query/limit"),
        ("/ranking", {"rate": "happiness"}, "/query/rate"),
    ],
)
async def test_what_is_refused_names_the_parameter(
    api: httpx.AsyncClient, organizer: Headers, path: str, query: dict[str, Any], pointer: str
) -> None:
    answer = await api.get(f"/coverage{path}", params=query, headers=organizer)
    assert answer.status_code == 422, answer.text
    assert pointer in {fault["pointer"] for fault in answer.json()["errors"]}, answer.text


async def test_lines_that_need_a_division(api: httpx.AsyncClient, organizer: Headers, actors: Actors) -> None:
    body = await bodies.body(api, organizer)
    mine = await actors("viewer", body=body["id"])
    for path, query, pointer in (
        ("", {"by": "division"}, "/query/by"),
        ("", {"direct": True}, "/query/direct"),
        ("", {"child": "440115"}, "/query/child"),
        ("", {"led": "elsewhere"}, "/query/led"),
        ("/ranking", {}, "/query/division"),
    ):
        answer = await api.get(f"/coverage{path}", params=query, headers=mine)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_an_answer_may_be_kept(api: httpx.AsyncClient, organizer: Headers) -> None:
    """The same answer again is 304; a cursor of other filters is refused."""
    first = await api.get("/coverage", headers=organizer)
    again = await api.get("/coverage", headers={**organizer, "If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    crooked = await api.get("/coverage/organizations", params={"cursor": "abc"}, headers=organizer)
    assert crooked.json()["code"] == "bad_cursor"
