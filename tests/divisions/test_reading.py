"""Divisions as they are read: today, on a day, abolished, in lists, below and above."""

import httpx
from sqlalchemy import event

from app.core.work import Shell
from tests.make import divisions

Headers = dict[str, str]


async def codes(
    api: httpx.AsyncClient, headers: Headers, path: str = "/divisions", **query: str
) -> list[str]:
    found = await api.get(path, params={"limit": "200", **query}, headers=headers)
    assert found.status_code == 200, found.text
    return [item["code"] for item in found.json()["items"]]


async def test_a_division_is_read_with_its_parent_and_etag(api: httpx.AsyncClient, clerk: Headers) -> None:
    found = await api.get("/divisions/440115", headers=clerk)
    body = found.json()
    assert found.status_code == 200
    assert found.headers["etag"] == body["etag"] == '"1"'
    assert {
        k: body[k] for k in ("name", "kind", "level", "parent", "state", "abolished_on", "successors")
    } == {
        "name": "南沙区",
        "kind": "district",
        "level": "county",
        "parent": {"code": "440100", "name": "广州市"},
        "state": "in_force",
        "abolished_on": None,
        "successors": [],
    }
    assert body["allowed_actions"] == []
    unchanged = await api.get("/divisions/440115", headers={**clerk, "If-None-Match": body["etag"]})
    assert unchanged.status_code == 304


async def test_an_abolished_division_names_its_successor(api: httpx.AsyncClient, clerk: Headers) -> None:
    body = await divisions.read(api, clerk, "330103")
    assert (body["name"], body["state"], body["abolished_on"]) == ("下城区", "abolished", "2021-04-09")
    assert [(s["code"], s["name"], s["kind"]) for s in body["successors"]] == [("330105", "拱墅区", "merged")]
    assert body["parent"] == {"code": "330100", "name": "杭州市"}


async def test_a_past_day_shows_the_name_and_state_of_that_day(
    api: httpx.AsyncClient, clerk: Headers
) -> None:
    before = await divisions.read(api, clerk, "330103", on="2021-04-08")
    assert (before["state"], before["successors"]) == ("in_force", [])
    renamed = await divisions.read(api, clerk, "120110", on="1990-01-01")
    assert renamed["name"] == "东郊区"
    unborn = await divisions.read(api, clerk, "330113", on="2020-01-01")
    assert (unborn["state"], unborn["from_on"]) == ("planned", "2021-04-09")


async def test_a_code_given_out_twice_is_what_it_was_that_day(api: httpx.AsyncClient, clerk: Headers) -> None:
    first = await divisions.read(api, clerk, "511400", on="1996-06-01")
    assert (first["name"], first["abolished_on"]) == ("涪陵市", "1998-01-01")
    assert (await divisions.read(api, clerk, "511400"))["name"] == "眉山市"


async def test_an_unknown_code_is_not_found_and_a_malformed_one_is_refused(
    api: httpx.AsyncClient, clerk: Headers
) -> None:
    for path in ("", "/children", "/path", "/history"):
        missing = await api.get(f"/divisions/999999{path}", headers=clerk)
        assert (missing.status_code, missing.json()["code"]) == (404, "division_not_found")
    malformed = await api.get("/divisions/44-115", headers=clerk)
    assert malformed.status_code == 422
    assert "44-115" not in malformed.text


async def test_reading_asks_for_a_signed_in_caller(api: httpx.AsyncClient, country: None) -> None:
    del country
    assert (await api.get("/divisions")).status_code == 401
    assert (await api.get("/divisions/440115")).status_code == 401


async def test_lists_page_in_order_of_code(api: httpx.AsyncClient, clerk: Headers) -> None:
    query = {"division": "440000", "level": "prefecture", "limit": "8", "include_total": "true"}
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        found = (
            await api.get(
                "/divisions", params={**query, **({"cursor": cursor} if cursor else {})}, headers=clerk
            )
        ).json()
        seen += [item["code"] for item in found["items"]]
        cursor = found["next_cursor"]
        assert found["total"] == 21
    assert len(seen) == 21
    assert seen == sorted(set(seen))
    first = (await api.get("/divisions", params=query, headers=clerk)).json()["next_cursor"]
    other = await api.get("/divisions", params={**query, "level": "county", "cursor": first}, headers=clerk)
    assert (other.status_code, other.json()["code"]) == (400, "bad_cursor")


async def test_filters(api: httpx.AsyncClient, clerk: Headers) -> None:
    assert await codes(api, clerk, q="南沙") == ["440115", "460303"]
    assert await codes(api, clerk, q="44011", kind="district") == [
        "440111",
        "440112",
        "440113",
        "440114",
        "440115",
        "440117",
        "440118",
    ]
    assert await codes(api, clerk, parent="420000", level="county") == [
        "429004",
        "429005",
        "429006",
        "429021",
    ]
    assert await codes(api, clerk, q="崇文", state="abolished") == ["110103"]
    assert "330104" in await codes(api, clerk, division="330100", needs_recoding="true")
    assert await codes(api, clerk, division="330100", has_successor="true", q="下城") == ["330103"]
    assert await codes(api, clerk, q="崇文", on="2005-01-01") == ["110103"]
    assert await codes(api, clerk, q="%") == []
    unknown = await api.get("/divisions", params={"name": "x"}, headers=clerk)
    assert unknown.status_code == 422


async def test_children_are_those_of_the_day(api: httpx.AsyncClient, clerk: Headers) -> None:
    today = await codes(api, clerk, "/divisions/330100/children")
    assert {"330113", "330114"} <= set(today)
    assert not {"330103", "330104"} & set(today)
    before = await codes(api, clerk, "/divisions/330100/children", on="2021-04-08")
    assert {"330103", "330104"} <= set(before)
    assert not {"330113", "330114"} & set(before)
    assert await codes(api, clerk, "/divisions/441900/children") == []


async def test_the_path_of_a_day(api: httpx.AsyncClient, clerk: Headers) -> None:
    found = await api.get("/divisions/330103/path", headers=clerk)
    assert [(i["code"], i["name"]) for i in found.json()["items"]] == [
        ("100000", "中华人民共和国"),
        ("330000", "浙江省"),
        ("330100", "杭州市"),
        ("330105", "拱墅区"),
        ("330103", "下城区"),
    ]
    assert found.headers["etag"]
    before = await api.get("/divisions/330103/path", params={"on": "2021-04-08"}, headers=clerk)
    assert [i["code"] for i in before.json()["items"]] == ["100000", "330000", "330100", "330103"]


async def test_the_history_of_a_code(api: httpx.AsyncClient, clerk: Headers) -> None:
    found = (await api.get("/divisions/330105/history", headers=clerk)).json()
    assert [p["code"] for p in found["predecessors"]] == ["330103"]
    old = (await api.get("/divisions/330103/history", headers=clerk)).json()
    assert [(p["code"], p["resting"], p["from_on"]) for p in old["parents"][-2:]] == [
        ("330100", False, "1983-01-01"),
        ("330105", True, "2021-04-09"),
    ]
    assert [n["name"] for n in old["names"]] == ["下城区"]


async def test_a_list_takes_the_same_statements_for_one_row_and_for_many(
    api: httpx.AsyncClient, clerk: Headers, shell: Shell
) -> None:
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(shell.engine.sync_engine, "before_cursor_execute", note)
    shell.swift = None  # none of them from memory
    counts = []
    for limit in ("1", "200"):
        statements.clear()
        assert (await api.get("/divisions", params={"limit": limit}, headers=clerk)).status_code == 200
        counts.append(len(statements))
    event.remove(shell.engine.sync_engine, "before_cursor_execute", note)
    assert counts[0] == counts[1]
