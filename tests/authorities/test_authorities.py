"""Authorities over HTTP: roles by day, the Party body they point at, and what is refused."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.core.work import Shell
from tests.conftest import Actors
from tests.make import authorities as make
from tests.make import party_organizations as bodies

RANDOM = "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"
Headers = dict[str, str]


async def events(shell: Shell, subject: str) -> list[str]:
    async with shell.engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT type FROM events WHERE subject_id = :s ORDER BY id"), {"s": subject}
        )
        return sorted(rows.scalars())


async def test_an_authority_with_its_roles(api: httpx.AsyncClient, organizer: Headers, shell: Shell) -> None:
    made = await make.authority(api, organizer)
    assert made["division"] == {"code": "440000", "name": "广东省"}
    assert [(r["role"], r["from_on"], r["until_on"]) for r in made["roles"]] == [
        ("registration_authority", "1998-10-25", None),
        ("civil_affairs", "1998-10-25", None),
    ]
    assert made["party_organization"] is None
    assert made["allowed_actions"] == ["update", "give_role", "abolish"]
    got = await api.get(f"/authorities/{made['id']}", headers=organizer)
    assert got.json() == made
    assert got.headers["etag"] == made["etag"]
    again = await api.get(f"/authorities/{made['id']}", headers={**organizer, "If-None-Match": made["etag"]})
    assert again.status_code == 304
    assert await events(shell, made["id"]) == [
        "authority.recorded",
        "authority.role_started",
        "authority.role_started",
    ]


async def test_it_points_at_one_party_body(api: httpx.AsyncClient, organizer: Headers, shell: Shell) -> None:
    bureau = await make.education_bureau(api, organizer)
    committee = await bodies.body(
        api,
        organizer,
        kind="committee",
        formation="industry",
        name="广州市教育局党委",
        division_code="440100",
    )
    headers = {**organizer, "If-Match": bureau["etag"]}
    change = {"party_organization_id": committee["id"]}
    changed = await api.patch(f"/authorities/{bureau['id']}", json=change, headers=headers)
    assert changed.json()["party_organization"] == {"id": committee["id"], "name": "广州市教育局党委"}
    stale = await api.patch(f"/authorities/{bureau['id']}", json={"name": "市教育局"}, headers=headers)
    assert stale.status_code == 412
    headers["If-Match"] = changed.json()["etag"]
    cleared = await api.patch(
        f"/authorities/{bureau['id']}",
        json={"party_organization_id": None, "name": "市教育局"},
        headers=headers,
    )
    assert cleared.json()["party_organization"] is None
    assert cleared.json()["name"] == "市教育局"
    assert (await events(shell, bureau["id"])).count("authority.changed") == 2
    headers["If-Match"] = cleared.json()["etag"]
    same = await api.patch(f"/authorities/{bureau['id']}", json={"name": "市教育局"}, headers=headers)
    assert same.json()["etag"] == cleared.json()["etag"]


async def test_roles_are_dated_and_filtered_by_day(api: httpx.AsyncClient, organizer: Headers) -> None:
    await make.authority(api, organizer)
    bureau = await make.approval_bureau(api, organizer)
    education = await make.education_bureau(api, organizer)

    async def found(**query: str) -> list[str]:
        answer = await api.get("/authorities", params=query, headers=organizer)
        assert answer.status_code == 200, answer.text
        return [item["name"] for item in answer.json()["items"]]

    assert await found(role="registration_authority") == ["广东省民政厅", "广州市南沙区行政审批局"]
    assert await found(role="registration_authority", on="2010-01-01") == ["广东省民政厅"]
    assert await found(role="industry_authority", industry="education") == ["广州市教育局"]
    assert await found(role="industry_authority", industry="law") == []
    assert await found(division="440100") == ["广州市教育局", "广州市南沙区行政审批局"]
    assert await found(exact_division="440100") == ["广州市教育局"]
    assert await found(q="审批") == ["广州市南沙区行政审批局"]
    assert await found(status="abolished") == []
    role = next(r for r in education["roles"] if r["role"] == "supervisory_unit")
    ended = await api.post(
        f"/authorities/{education['id']}/roles/{role['id']}/end",
        json={"on": "2023-10-01"},
        headers={**organizer, "If-Match": role["etag"]},
    )
    assert ended.status_code == 200, ended.text
    assert [r["until_on"] for r in ended.json()["roles"] if r["id"] == role["id"]] == ["2023-10-01"]
    assert ended.json()["etag"] != education["etag"]
    assert await found(role="supervisory_unit") == []
    assert await found(role="supervisory_unit", on="2023-09-30") == ["广州市教育局"]
    given = await api.post(
        f"/authorities/{bureau['id']}/roles",
        json={"role": "social_work_department", "from_on": "2023-10-01"},
        headers={**organizer, "If-Match": bureau["etag"]},
    )
    assert given.status_code == 200, given.text
    assert await found(role="social_work_department") == ["广州市南沙区行政审批局"]


async def test_a_role_in_error_is_cancelled(api: httpx.AsyncClient, organizer: Headers, shell: Shell) -> None:
    made = await make.authority(api, organizer)
    role = made["roles"][0]
    address = f"/authorities/{made['id']}/roles/{role['id']}"
    same_day = await api.post(
        f"{address}/end", json={"on": "1998-10-25"}, headers={**organizer, "If-Match": role["etag"]}
    )
    assert same_day.json()["code"] == "authority_role_same_day"
    gone = await api.post(f"{address}/cancel", headers={**organizer, "If-Match": role["etag"]})
    assert gone.status_code == 200, gone.text
    assert [r["role"] for r in gone.json()["roles"]] == ["civil_affairs"]
    assert "authority.role_cancelled" in await events(shell, made["id"])
    again = await api.post(f"{address}/cancel", headers={**organizer, "If-Match": role["etag"]})
    assert again.json()["code"] == "authority_role_not_found"


async def test_abolishing_ends_its_roles(api: httpx.AsyncClient, organizer: Headers, shell: Shell) -> None:
    made, successor = await make.authority(api, organizer), await make.education_bureau(api, organizer)
    headers = {**organizer, "If-Match": made["etag"]}
    order = {"on": "2023-10-01", "successor_id": successor["id"], "reason": "机构改革"}
    unknown = await api.post(
        f"/authorities/{made['id']}/abolish", json={**order, "successor_id": RANDOM}, headers=headers
    )
    assert unknown.status_code == 404
    assert unknown.json()["errors"][0]["pointer"] == "/successor_id"
    itself = await api.post(
        f"/authorities/{made['id']}/abolish", json={**order, "successor_id": made["id"]}, headers=headers
    )
    assert itself.status_code == 404
    future = await api.post(
        f"/authorities/{made['id']}/abolish", json={**order, "on": "2199-01-01"}, headers=headers
    )
    assert future.json()["errors"][0] == {
        "pointer": "/on",
        "code": "in_future",
        "message": "不能晚于今天, 请改为今天或更早的日期",
    }
    done = await api.post(f"/authorities/{made['id']}/abolish", json=order, headers=headers)
    assert done.status_code == 200, done.text
    assert (done.json()["status"], done.json()["abolished_on"]) == ("abolished", "2023-10-01")
    assert done.json()["successor"] == {"id": successor["id"], "name": "广州市教育局"}
    assert {r["until_on"] for r in done.json()["roles"]} == {"2023-10-01"}
    assert done.json()["allowed_actions"] == []
    assert await events(shell, made["id"]) == [
        "authority.abolished",
        "authority.recorded",
        "authority.role_ended",
        "authority.role_ended",
        "authority.role_started",
        "authority.role_started",
    ]
    tag = {**organizer, "If-Match": done.json()["etag"]}
    for path, body in (
        ("", {"name": "新名"}),
        ("/roles", {"role": "supervisory_unit"}),
        ("/abolish", {"reason": "再次"}),
    ):
        call = api.patch if not path else api.post
        answer = await call(f"/authorities/{made['id']}{path}", json=body, headers=tag)
        assert (answer.status_code, answer.json()["code"]) == (409, "authority_is_abolished")
    await make.authority(api, organizer)


@pytest.mark.parametrize(
    ("change", "status", "pointer", "code"),
    [
        ({"division_code": "449999"}, 422, "/division_code", "division_unknown"),
        ({"division_code": "440121"}, 422, "/division_code", "division_abolished"),
        ({"division_code": "140300"}, 404, "/division_code", "outside_scope"),
        ({"party_organization_id": RANDOM}, 404, "/party_organization_id", "not_found"),
        ({"roles": [{"role": "industry_authority"}]}, 422, "/roles/0/industry", "industry"),
        ({"roles": [{"role": "civil_affairs", "industry": "law"}]}, 422, "/roles/0/industry", "industry"),
        (
            {"roles": [{"role": "civil_affairs", "from_on": "2199-01-01"}]},
            422,
            "/roles/0/from_on",
            "in_future",
        ),
        (
            {"roles": [{"role": "civil_affairs", "from_on": "2020-01-01", "until_on": "2020-01-01"}]},
            422,
            "/roles/0/until_on",
            "empty_period",
        ),
        (
            {"roles": [{"role": "civil_affairs", "from_on": "2020-01-01", "until_on": "2199-01-01"}]},
            422,
            "/roles/0/until_on",
            "in_future",
        ),
        ({"roles": [{"role": "mayor"}]}, 422, "/roles/0/role", None),
        ({"name": "  "}, 422, "/name", "blank"),
        ({"colour": "red"}, 422, "/colour", None),
    ],
)
async def test_what_is_refused_names_the_field(
    api: httpx.AsyncClient,
    organizer: Headers,
    *,
    change: dict[str, Any],
    status: int,
    pointer: str,
    code: str | None,
) -> None:
    plan = {"name": "某局", "division_code": "440000", **change}
    answer = await api.post("/authorities", json=plan, headers=organizer)
    assert answer.status_code == status, answer.text
    fault = answer.json()["errors"][0]
    assert fault["pointer"] == pointer
    assert code in (None, fault["code"])
    assert (await api.get("/authorities", headers=organizer)).json()["items"] == []


async def test_what_is_taken(api: httpx.AsyncClient, organizer: Headers) -> None:
    made = await make.authority(api, organizer)
    twice = await api.post(
        "/authorities", json={"name": "广东省民政厅", "division_code": "440000"}, headers=organizer
    )
    assert (twice.status_code, twice.json()["code"]) == (409, "authority_name_taken")
    held = await api.post(
        f"/authorities/{made['id']}/roles",
        json={"role": "civil_affairs", "from_on": "2020-01-01"},
        headers={**organizer, "If-Match": made["etag"]},
    )
    assert (held.status_code, held.json()["code"]) == (409, "authority_role_held")
    role = made["roles"][0]
    address = f"/authorities/{made['id']}/roles/{role['id']}/end"
    ended = await api.post(
        address, json={"on": "2001-01-01"}, headers={**organizer, "If-Match": role["etag"]}
    )
    tag = next(r["etag"] for r in ended.json()["roles"] if r["id"] == role["id"])
    over = await api.post(address, json={"on": "2002-01-01"}, headers={**organizer, "If-Match": tag})
    assert (over.status_code, over.json()["code"]) == (409, "authority_role_is_over")
    future = await api.post(address, json={"on": "2199-01-01"}, headers={**organizer, "If-Match": tag})
    assert future.json()["errors"][0]["pointer"] == "/on"


async def test_scope(
    api: httpx.AsyncClient, organizer: Headers, clerk: Headers, stranger: Headers, actors: Actors
) -> None:
    above, here = await make.authority(api, organizer), await make.approval_bureau(api, organizer)
    seen = await api.get("/authorities", headers=clerk)
    assert [i["id"] for i in seen.json()["items"]] == [above["id"], here["id"]]
    assert [i["allowed_actions"] for i in seen.json()["items"]] == [[], ["update", "give_role", "abolish"]]
    tagged = {**clerk, "If-Match": above["etag"]}
    not_mine = await api.patch(f"/authorities/{above['id']}", json={"name": "改名"}, headers=tagged)
    nobody = await api.patch(f"/authorities/{RANDOM}", json={"name": "改名"}, headers=tagged)
    assert not_mine.status_code == 404
    assert not_mine.content == nobody.content
    assert (await api.get(f"/authorities/{above['id']}", headers=stranger)).content == (
        await api.get(f"/authorities/{RANDOM}", headers=stranger)
    ).content
    assert (await api.get("/authorities", headers=stranger)).json()["items"] == []
    viewer = await actors("viewer", division="440000")
    refused = await api.post("/authorities", json={"name": "某局", "division_code": "440000"}, headers=viewer)
    assert refused.status_code == 403
    assert (await api.get("/authorities")).status_code == 401
    unconditional = await api.patch(f"/authorities/{here['id']}", json={"name": "改名"}, headers=clerk)
    assert unconditional.status_code == 428
