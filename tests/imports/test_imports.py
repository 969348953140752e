"""Ledgers taken in: what people send, in the forms that they send it."""

import datetime as dt
import io

import httpx
import openpyxl

from tests.imports.conftest import Take
from tests.make.organizations import Headers, credit_code
from tests.make.tables import HEADING, as_csv, as_xlsx


def row(serial: int, **changed: str) -> list[str]:
    """A row under HEADING."""
    values = {
        "name": f"广州市南沙区第{serial}志愿者协会",
        "code": credit_code(serial),
        "kind": "社会团体",
        "legal": "陈某某",
        "on": "2021年3月5日",
        "status": "正常",
        "address": "进港大道1号",
    }
    return list((values | changed).values())


async def test_a_public_list_is_taken_in_and_taken_in_again(
    api: httpx.AsyncClient, clerk: Headers, take: Take
) -> None:
    """GB18030, a title above the header, full-width headings: new, then unchanged, then changed."""
    heading = [
        "社会组织名称（全称）",
        "统一 社会信用代码",
        "类别",
        "法定代表人姓名",
        "成立日期",
        "状态",
        "住所地",
        "备注",
    ]
    ledger = [
        ["南沙区社会组织名单"],
        heading,
        [*row(1), "x"],
        [],
        [*row(2, kind="民办非企业单位", code=credit_code(2, kind="52"), on="44260"), ""],
    ]
    made = await take("名单.csv", as_csv(ledger, "gb18030"))
    assert (made["state"], made["failure"]) == ("succeeded", None)
    assert (made["rows"], made["new"], made["refused"]) == (2, 2, 0)
    assert made["ignored_headings"] == ["备注"]
    found = (await api.get("/organizations", params={"credit_code": credit_code(1)}, headers=clerk)).json()[
        "items"
    ]
    assert [(o["established_on"], o["registration_mode"], o["kind"]) for o in found] == [
        ("2021-03-05", "direct", "association")
    ]
    again = await take("名单二.csv", as_csv(ledger))
    assert (again["new"], again["unchanged"], again["changed"]) == (0, 2, 0)
    ledger[2][3] = "李某"
    changed = await take("名单三.xlsx", as_xlsx(ledger))
    assert (changed["unchanged"], changed["changed"]) == (1, 1)
    rows = (
        await api.get(f"/imports/{changed['id']}/rows", params={"outcome": "changed"}, headers=clerk)
    ).json()
    assert [(r["number"], r["changed"], r["organization"]["id"]) for r in rows["items"]] == [
        (3, ["legal_representative"], found[0]["id"])
    ]


async def test_refused_rows_come_back_with_their_reasons(
    api: httpx.AsyncClient, clerk: Headers, take: Take
) -> None:
    bad = credit_code(5)[:17] + ("1" if credit_code(5)[17] != "1" else "2")
    ledger = [
        list(HEADING),
        row(1),
        row(2, code=bad),
        row(3, kind="协会?"),
        row(4, on="去年", address="=1+1"),
        row(1),
        row(6, name="", code=""),
    ]
    made = await take("台账.csv", as_csv(ledger))
    assert (made["new"], made["refused"]) == (1, 5)
    rows = (
        await api.get(f"/imports/{made['id']}/rows", params={"outcome": "refused"}, headers=clerk)
    ).json()["items"]
    assert {r["number"]: r["reasons"][0]["code"] for r in rows} == {
        3: "credit_code_check_digit",
        4: "word_unknown",
        5: "day_unreadable",
        6: "listed_twice",
        7: "nothing_to_identify_by",
    }
    assert rows[0]["reasons"][0]["heading"] == "统一社会信用代码"
    back = await api.get(f"/imports/{made['id']}/errors", headers=clerk)
    assert back.status_code == 200
    text = back.content.decode("utf-8-sig").splitlines()
    assert text[0].endswith("行号 Row,未导入原因,Reason")
    assert "'=1+1" in text[3]
    assert "不是日期" in text[3]
    mended = back.content.decode("utf-8-sig").replace("去年", "2020-01-01").encode()
    retried = await take("改正.csv", mended)
    assert retried["new"] == 1


async def test_the_template_is_filled_in_and_taken_in(
    api: httpx.AsyncClient, clerk: Headers, take: Take
) -> None:
    got = await api.get("/imports/template", params={"format": "xlsx"}, headers=clerk)
    assert got.status_code == 200, got.text
    book = openpyxl.load_workbook(io.BytesIO(got.content))
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    assert {"社会组织名称", "统一社会信用代码", "登记管理机关", "业务主管单位"} <= set(headings)
    filled = {
        "社会组织名称": "广州市南沙区读书会",
        "统一社会信用代码": credit_code(9),
        "社会组织类型": "社会团体",
        "成立登记日期": dt.date(2020, 5, 4),
        "登记地行政区划": "440115 南沙区",
        "会员数": 12,
        "是否脱钩": "否",
    }
    for place, heading in enumerate(headings, start=1):
        sheet.cell(2, place).value = filled.get(heading)
    out = io.BytesIO()
    book.save(out)
    made = await take("模板.xlsx", out.getvalue())
    rows = (await api.get(f"/imports/{made['id']}/rows", headers=clerk)).json()["items"]
    assert [(r["outcome"], r["reasons"]) for r in rows] == [("new", [])]


async def test_a_dry_run_changes_nothing(api: httpx.AsyncClient, clerk: Headers, take: Take) -> None:
    made = await take("台账.xlsx", as_xlsx([HEADING, row(1), row(2, on="x")]), dry_run=True)
    assert (made["new"], made["refused"], made["state"]) == (1, 1, "succeeded")
    assert (await api.get("/organizations", headers=clerk)).json()["items"] == []
