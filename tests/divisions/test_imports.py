"""A year's table: compared, shown, refused with every flaw, applied on its day."""

from typing import Any

import httpx
import pytest

from app.core.work import Shell
from app.divisions import formats
from tests.make import divisions
from tests.make.divisions import SOURCE, change, read, wrongs

Headers = dict[str, str]
DAY = "2026-06-01"


def guangzhou() -> list[dict[str, Any]]:
    """The districts of Guangzhou as the national table has them."""
    return [
        {"code": row.code, "name": row.name, "kind": row.kind, "level": "county", "parent_code": row.parent}
        for row in formats.current()
        if row.parent == "440100"
    ]


async def send(
    api: httpx.AsyncClient, headers: Headers, rows: list[dict[str, Any]], **fields: Any
) -> httpx.Response:
    body = {
        "effective_on": DAY,
        "source": SOURCE,
        "dry_run": True,
        "division_code": "440100",
        "levels": ["county"],
        "entries": rows,
        **fields,
    }
    return await api.post("/divisions/imports", json=body, headers=headers)


async def test_the_same_table_changes_nothing(api: httpx.AsyncClient, admin: Headers) -> None:
    answer = (await send(api, admin, guangzhou(), dry_run=False)).json()
    assert (answer["added"], answer["changed"], answer["abolished"]) == ([], [], [])
    assert answer["unchanged"] == 11
    assert (await read(api, admin, "440115"))["etag"] == '"1"'


async def test_the_whole_national_table_as_csv(api: httpx.AsyncClient, admin: Headers) -> None:
    lines = ["code,name,kind,level,parent_code"]
    lines += [
        f"{row.code},{row.name},{row.kind},{formats.rules.LEVEL_OF[row.kind]},{row.parent}"
        for row in formats.current()
        if formats.rules.LEVEL_OF[row.kind] != "zone"
    ]
    body = {"effective_on": DAY, "source": SOURCE, "dry_run": True, "csv": "\n".join(lines) + "\n"}
    answer = await api.post("/divisions/imports", json=body, headers=admin)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["applied"], found["added"], found["changed"], found["abolished"]) == (False, [], [], [])
    assert found["unchanged"] == 34 + 333 + 2845


def next_year() -> list[dict[str, Any]]:
    """Liwan and Yuexiu become one, Zengcheng has a new name, a new district begins."""
    rows = [row for row in guangzhou() if row["code"] not in {"440103", "440104"}]
    for row in rows:
        if row["code"] == "440118":
            row["name"] = "增江区"
    new = {"kind": "district", "level": "county", "parent_code": "440100"}
    return [*rows, {"code": "440130", "name": "中轴区", **new}, {"code": "440131", "name": "空港区", **new}]


FATES = [
    {"code": "440103", "successors": ["440130"], "kind": "merged"},
    {"code": "440104", "successors": ["440130"], "kind": "merged"},
]


async def test_a_dry_run_shows_the_difference_and_changes_nothing(
    api: httpx.AsyncClient, admin: Headers, shell: Shell
) -> None:
    answer = (await send(api, admin, next_year())).json()
    assert [row["code"] for row in answer["added"]] == ["440130", "440131"]
    assert [(row["code"], row["name_before"], row["name"]) for row in answer["changed"]] == [
        ("440118", "增城区", "增江区")
    ]
    assert [(row["code"], row["settled"]) for row in answer["abolished"]] == [
        ("440103", False),
        ("440104", False),
    ]
    assert (await api.get("/divisions/440130", headers=admin)).status_code == 404
    assert (await read(api, admin, "440118"))["name"] == "增城区"
    assert await wrongs(shell) == []


async def test_what_became_of_each_missing_code_must_be_said(api: httpx.AsyncClient, admin: Headers) -> None:
    answer = await send(api, admin, next_year(), dry_run=False, fates=FATES[:1])
    assert (answer.status_code, answer.json()["code"]) == (409, "division_successors_missing")
    assert [reason["code"] for reason in answer.json()["reasons"]] == ["440104"]
    assert (await api.get("/divisions/440130", headers=admin)).status_code == 404


async def test_a_table_is_applied_on_its_day(api: httpx.AsyncClient, admin: Headers, shell: Shell) -> None:
    await divisions.division(
        api, admin, "440104901", name="北京街道", kind="subdistrict", level="township", parent_code="440104"
    )
    answer = await send(api, admin, next_year(), dry_run=False, fates=FATES)
    assert answer.status_code == 200, answer.text
    assert answer.json()["applied"] is True
    old = await read(api, admin, "440103")
    assert (old["state"], old["abolished_on"]) == ("abolished", DAY)
    assert [s["code"] for s in old["successors"]] == ["440130"]
    assert (await read(api, admin, "440118", on="2026-05-31"))["name"] == "增城区"
    assert (await read(api, admin, "440118"))["name"] == "增江区"
    assert (await read(api, admin, "440104901"))["parent"]["code"] == "440130"
    assert (await read(api, admin, "440104901", on="2026-05-31"))["parent"]["code"] == "440104"
    path = await api.get("/divisions/440103/path", headers=admin)
    assert [i["code"] for i in path.json()["items"]] == ["100000", "440000", "440100", "440130", "440103"]
    assert await wrongs(shell) == []
    again = (await send(api, admin, next_year(), dry_run=False, effective_on="2026-06-02")).json()
    assert (again["added"], again["changed"], again["abolished"]) == ([], [], [])


async def test_a_county_that_goes_to_another_city_is_moved(
    api: httpx.AsyncClient, admin: Headers, shell: Shell
) -> None:
    rows = [
        {"code": row.code, "name": row.name, "kind": row.kind, "level": "county", "parent_code": row.parent}
        for row in formats.current()
        if row.parent in {"440100", "440600"}
    ]
    for row in rows:
        if row["code"] == "440115":
            row["parent_code"] = "440600"
    elsewhere = await send(api, admin, rows, dry_run=False)
    assert elsewhere.status_code == 422
    assert "code_used_before" in {e["code"] for e in elsewhere.json()["errors"]}
    moved = await change(api, admin, "440115", "move", parent_code="440600", effective_on=DAY)
    assert moved.status_code == 200
    answer = await send(
        api, admin, [row for row in rows if row["parent_code"] == "440600"], division_code="440600"
    )
    assert answer.json()["unchanged"] == 6
    assert await wrongs(shell) == []


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        (lambda: [*guangzhou(), guangzhou()[0]], {("/entries/0", "listed_twice")}),
        (lambda: [*guangzhou(), {**guangzhou()[0], "code": "330103"}], {("/entries/11", "code_used_before")}),
        (
            lambda: [*guangzhou(), {**guangzhou()[0], "code": "440199", "parent_code": "999999"}],
            {("/entries/11", "parent_unknown")},
        ),
        (
            lambda: [*guangzhou(), {**guangzhou()[0], "code": "440199", "kind": "town"}],
            {("/entries/11", "kind_level")},
        ),
    ],
)
async def test_rows_that_cannot_stand_are_named(
    api: httpx.AsyncClient, admin: Headers, rows: Any, faults: set[tuple[str, str]]
) -> None:
    answer = await send(api, admin, rows())
    assert (answer.status_code, answer.json()["code"]) == (422, "division_table_unfit")
    assert {(e["pointer"], e["code"]) for e in answer.json()["errors"]} == faults


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("code,name\n440100,广州市\n", "/csv/1"),
        ("code,name,kind,level,parent_code\n4401,广州市,x,y,440000\n", "/csv/2"),
    ],
)
async def test_a_csv_that_cannot_be_read_names_its_line(
    api: httpx.AsyncClient, admin: Headers, text: str, pointer: str
) -> None:
    answer = await send(api, admin, [], entries=None, csv=text)
    assert (answer.status_code, answer.json()["code"]) == (422, "division_table_unfit")
    assert [e["pointer"] for e in answer.json()["errors"]] == [pointer]


async def test_a_table_comes_once_and_its_changes_not_before_their_day(
    api: httpx.AsyncClient, admin: Headers
) -> None:
    both = await send(api, admin, guangzhou(), csv="code\n")
    assert (both.status_code, both.json()["code"]) == (422, "invalid")
    ahead = await send(api, admin, next_year(), dry_run=False, fates=FATES, effective_on="2031-01-01")
    assert (ahead.status_code, ahead.json()["code"]) == (422, "division_change_in_future")
    unknown = await send(api, admin, [], division_code="999999")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "division_not_found")


async def test_sending_it_again_with_the_same_key_changes_nothing_more(
    api: httpx.AsyncClient, admin: Headers
) -> None:
    headers = {**admin, "Idempotency-Key": "table-2026"}
    first = await send(api, headers, next_year(), dry_run=False, fates=FATES)
    second = await send(api, headers, next_year(), dry_run=False, fates=FATES)
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
