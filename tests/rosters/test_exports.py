"""A list of members leaves: asked by one, allowed by another, masked, marked in every row."""

import io
from typing import Any

import httpx
from openpyxl import load_workbook
from sqlalchemy import text

from app import worker
from app.core.access import SYSTEM, Scope
from app.core.work import Shell, begin
from tests.conftest import Actors
from tests.make import members as make

Headers = dict[str, str]
ASKED = {
    "division_code": "440115",
    "columns": ["name", "id_number", "phone", "status", "joined_on", "branch"],
    "unmasked": ["name"],
    "purpose": "党员组织关系排查",
    "reason": "年度核对名册",
}


async def test_two_people_let_a_list_go(
    api: httpx.AsyncClient, organizer: Headers, actors: Actors, shell: Shell
) -> None:
    clerk = await actors("clerk", division="440115")
    approver = await actors("approver", division="440000")
    other = await actors("approver", division="330000")
    branch = await make.branch(api, organizer)
    for serial, name in ((1, "=cmd|calc"), (2, "测试员乙")):
        await make.member(api, organizer, branch, serial, name=name)
    far = await make.branch(api, organizer, division_code="440106", name="天河区党支部")
    await make.member(api, organizer, far, 3)

    for wrong, code in (
        ({"unmasked": ["status"]}, "not_unmaskable"),
        ({"columns": ["status"]}, "not_unmaskable"),
        ({"division_code": "440106"}, "no_such_division"),
    ):
        refused = await api.post("/roster-exports", json={**ASKED, **wrong}, headers=clerk)
        assert code in [each["code"] for each in refused.json()["errors"]], refused.text
    made = await api.post("/roster-exports", json=ASKED, headers=clerk)
    assert (made.status_code, made.json()["state"]) == (201, "requested"), made.text
    address, tag = f"/roster-exports/{made.json()['id']}", made.json()["etag"]
    yes = {"approve": True, "reason": "同意"}
    assert (await make.act(api, clerk, f"{address}/decide", tag, **yes)).status_code == 403
    assert (await make.act(api, other, f"{address}/decide", tag, **yes)).status_code == 404
    assert (await api.get(address, headers=other)).status_code == 404
    early = await api.get(f"{address}/file", headers=clerk)
    assert early.json()["code"] == "roster_export_not_made"
    waiting = (await api.get("/worklist", headers=approver)).json()["groups"]
    assert "roster_export_approval" in {group["kind"] for group in waiting}
    done = await make.act(api, approver, f"{address}/decide", tag, **yes)
    assert done.json()["state"] == "approved", done.text
    while await worker._operations(shell, lambda: False):
        pass
    read = (await api.get(address, headers=clerk)).json()
    assert (read["state"], read["rows"], read["has_file"]) == ("made", 2, True), read
    again = await make.act(api, approver, f"{address}/decide", read["etag"], **yes)
    assert again.json()["code"] == "roster_export_decided"

    assert (await api.get(f"{address}/file", headers=organizer)).status_code == 404
    got = await api.get(f"{address}/file", headers=clerk)
    assert got.status_code == 200, got.text
    book: Any = load_workbook(io.BytesIO(got.content))
    sheet = book.active
    cells = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert read["id"] in cells[0][0]
    assert "严禁外传" in cells[0][0]
    assert cells[1] == ["姓名", "公民身份号码", "联系电话", "党员状态", "入党日期", "所在党支部", "水印"]
    assert [line[0] for line in cells[2:]] == ["=cmd|calc", "测试员乙"]
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n"}
    assert all(line[1].startswith("**************") and "****" in line[2] for line in cells[2:])
    assert [line[6] for line in cells[2:]] == [f"{read['id'][-12:]}-{n:06d}" for n in (1, 2)]
    assert "严禁外传" in sheet.oddHeader.left.text
    assert sheet.oddFooter.center.text == read["id"]
    assert sheet.print_title_rows == "$1:$2"
    async with begin(shell, SYSTEM) as work:
        told = await work.execute(
            text("SELECT action FROM audit_entries WHERE subject_type = 'roster_export' ORDER BY at, id")
        )
        actions = list(told.scalars())
    assert [a.rsplit(".", 1)[1] for a in actions] == ["requested", "decided", "made"]


async def test_nobody_approves_their_own_and_a_day_has_its_limit(
    api: httpx.AsyncClient, organizer: Headers, shell: Shell
) -> None:
    made = [await api.post("/roster-exports", json=ASKED, headers=organizer) for _ in range(6)]
    assert [each.status_code for each in made] == [201] * 5 + [429]
    one = made[0].json()
    assert "decide" not in one["allowed_actions"]
    own = await make.act(api, organizer, f"/roster-exports/{one['id']}/decide", one["etag"], approve=True)
    assert (own.status_code, own.json()["code"]) == (403, "roster_export_second_person")
    async with begin(shell, SYSTEM) as work:
        await work.admit(Scope(national=True))
        held = "SELECT conname FROM pg_constraint WHERE conname = 'ck_roster_exports_second_person'"
        assert await work.scalar(text(held)) == "ck_roster_exports_second_person"
