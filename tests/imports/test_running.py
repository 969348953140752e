"""The worker's side: what a killed worker left is gone on with, and a right that is gone stops the work."""

import datetime as dt
import io

import httpx
import pytest
import xlsxwriter
from sqlalchemy import text

from app import reactions, worker
from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.imports import rules
from app.operations import commands as operations
from tests.conftest import Actors
from tests.imports.conftest import Send, Take
from tests.make.organizations import Headers, credit_code
from tests.make.tables import HEADING, as_csv, as_xlsx


def ledger(rows: int) -> list[list[str]]:
    """So many organizations; cells hold a separator, quotes and a line break."""
    made = [[f"第{n}协会", credit_code(n), "社会团体", "", "2020-01-01", "", ""] for n in range(1, rows + 1)]
    made[1][6] = '一路"甲"座, 二楼'
    made[-1][5] = "正\n常"
    return [list(HEADING), *made]


class KilledError(Exception):
    """The worker died here."""


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_a_killed_worker_is_followed_by_another(
    api: httpx.AsyncClient,
    clerk: Headers,
    shell: Shell,
    send: Send,
    *,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
) -> None:
    """Batches of two rows; every second transaction dies after its work and before its commit."""
    monkeypatch.setattr(rules, "BATCH", 2)
    content = as_csv(ledger(7)) if form == "csv" else as_xlsx(ledger(7))
    file = await send(f"台账.{form}", content)
    body = {"file_id": file["id"], "division_code": "440115"}
    job = (await api.post("/imports", json=body, headers=clerk)).json()
    seen = []
    for turn in range(40):
        with pytest.raises(KilledError) if turn % 2 == 0 else monkeypatch.context():
            async with begin(shell, SYSTEM) as work:
                operation = await worker._next_operation(work)
                if operation is None:
                    break
                await reactions.OPERATIONS[operation.kind](work, operation)
                if turn % 2 == 0:
                    raise KilledError
        seen.append((await api.get(f"/imports/{job['id']}", headers=clerk)).json()["rows"])
        if seen[-1] == 7:
            break
    while await worker._operations(shell, lambda: False):
        pass
    assert [n for n in dict.fromkeys(seen) if n] == [2, 4, 6, 7]
    done = (await api.get(f"/imports/{job['id']}", headers=clerk)).json()
    assert (done["state"], done["rows"], done["new"], done["refused"]) == ("succeeded", 7, 7, 0)
    found = (await api.get("/organizations", params={"include_total": True}, headers=clerk)).json()
    assert found["total"] == 7
    operation = (await api.get(f"/operations/{job['operation_id']}", headers=clerk)).json()
    assert (operation["done"], operation["total"], operation["report"]["new"]) == (7, 7, 7)


async def test_a_right_that_is_gone_stops_the_work(
    api: httpx.AsyncClient, clerk: Headers, shell: Shell, send: Send
) -> None:
    """The grant is asked for again when the worker begins, in the name of who asked."""
    file = await send("台账.csv", as_csv(ledger(2)))
    body = {"file_id": file["id"], "division_code": "440115"}
    job = (await api.post("/imports", json=body, headers=clerk)).json()
    async with begin(shell, SYSTEM) as work:
        revoked = "UPDATE grants SET state = 'revoked', revoked_at = now() WHERE user_id = :id"
        await work.execute(text(revoked), {"id": job["requested_by"]["id"]})
    while await worker._operations(shell, lambda: False):
        pass
    async with begin(shell, SYSTEM, reading=True) as work:
        state, failure = (await work.execute(text("SELECT state, failure FROM operations"))).one()
        assert (state, failure) == ("failed", "requester_may_not_record")
        assert await work.scalar(text("SELECT count(*) FROM organizations")) == 0


async def test_a_cancelled_import_stops(
    api: httpx.AsyncClient, clerk: Headers, shell: Shell, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "BATCH", 2)
    file = await send("台账.csv", as_csv(ledger(6)))
    body = {"file_id": file["id"], "division_code": "440115"}
    job = (await api.post("/imports", json=body, headers=clerk)).json()
    for _ in range(3):
        await worker._chunk(shell)
    async with begin(shell, SYSTEM) as work:
        operation = await worker._next_operation(work)
        assert operation is not None
        await operations._end(work, operation, operations.OperationState.CANCELLED)
    while await worker._operations(shell, lambda: False):
        pass
    done = (await api.get(f"/imports/{job['id']}", headers=clerk)).json()
    assert (done["state"], done["rows"], done["new"]) == ("cancelled", 2, 2)
    asked = await api.get(f"/imports/{job['id']}/errors", headers=clerk)
    assert (asked.status_code, asked.json()["code"]) == (409, "import_not_finished")


async def test_what_cannot_be_a_table_is_refused_at_once(
    api: httpx.AsyncClient, clerk: Headers, send: Send, take: Take
) -> None:
    wide = as_xlsx([[*HEADING, *(f"列{n}" for n in range(200))], ["x"]])
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADING)
        sheet.write_column(1, 0, ["x"] * 50_100)
    tall = out.getvalue()
    cases = {
        ("宽.xlsx", wide): "table_too_large",
        ("长.xlsx", tall): "table_too_large",
        ("无表头.csv", "甲,乙\n1,2\n".encode()): "header_not_found",
        ("引号.csv", (",".join(HEADING) + '\n"' + "x" * 600_000).encode()): "record_too_long",
    }
    for (name, content), code in cases.items():
        file = await send(name, content)
        body = {"file_id": file["id"], "division_code": "440115"}
        answer = await api.post("/imports", json=body, headers=clerk)
        assert (answer.status_code, answer.json()["code"]) == (422, code), name
    body = {"file_id": file["id"], "division_code": "330200"}
    assert (await api.post("/imports", json=body, headers=clerk)).json()["code"] == "division_outside_scope"
    mapping = [
        {"field": field, "heading": heading}
        for field, heading in (("name", "甲"), ("kind", "乙"), ("established_on", "丙"))
    ]
    made = await take("映射.csv", "甲,乙,丙\n读书会,社团,2020/1/1\n".encode(), mapping=mapping)
    assert made["new"] == 1


async def test_authorities_are_found_by_name(
    api: httpx.AsyncClient, clerk: Headers, actors: Actors, take: Take
) -> None:
    """A name on file is its authority; another is refused, or left out where that was asked for."""
    organizer = await actors("organizer", division="440000")
    office = {"name": "广州市南沙区民政局", "division_code": "440115"}
    made = await api.post("/authorities", json=office, headers=organizer)
    assert made.status_code == 201, made.text
    heading = ["社会组织名称", "社会组织类型", "登记管理机关", "业务主管单位", "登记地", "成立日期"]
    rows = [
        heading,
        ["读书会", "社团", "广州市南沙区民政局", "无", "广东省广州市南沙区", "2020-1-1"],
        ["书画社", "社团", "广州市南沙区民政局", "没有的局", "440115 南沙区", "2020-1-1"],
    ]
    first = await take("台账.csv", as_csv(rows))
    assert (first["new"], first["refused"]) == (1, 1)
    listed = (await api.get(f"/imports/{first['id']}/rows", headers=clerk)).json()["items"]
    assert [r["code"] for r in listed[1]["reasons"]] == ["authority_name_unknown"]
    second = await take("台账二.csv", as_csv([heading, rows[2]]), unknown_authorities="leave_out")
    noted = (await api.get(f"/imports/{second['id']}/rows", headers=clerk)).json()["items"][0]
    assert (noted["outcome"], noted["reasons"][0]["code"]) == ("new", "authority_left_out")
    third = await take("台账三.csv", as_csv([heading, rows[1]]))
    assert third["refused"] == 1, "of the same name, without a code: nobody can tell whether it is the same"


async def test_cells_that_are_computed_are_read_as_shown(take: Take) -> None:
    """Formula cells count by the value that was saved with them, and run nowhere."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["社会组织名称", "社会组织类型", "成立日期", "会员数"])
        sheet.write_row(1, 0, ["读书会", "社会团体"])
        day = book.add_format({"num_format": "yyyy/m/d"})
        sheet.write_datetime(1, 2, dt.date(2020, 5, 4), day)
        sheet.write_formula(1, 3, "=5+7", None, 12)
        sheet.write_row(2, 0, ["书画社", "社会团体"])
        sheet.write_number(2, 2, 43_955)
        sheet.write_formula(2, 3, '=HYPERLINK("http://x","1")', None, "十二")
    made = await take("公式.xlsx", out.getvalue())
    assert (made["new"], made["refused"]) == (1, 1)
