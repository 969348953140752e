"""Rosters from files: the template, every reason at once, and the very effect of the single routes."""

import io
import json
from typing import Any

import httpx
from openpyxl import load_workbook
from sqlalchemy import text

from app.core.access import SYSTEM, Scope
from app.core.work import Shell, begin
from tests.conftest import Actors
from tests.make import members as make
from tests.rosters.conftest import Bring

Headers = dict[str, str]
HEADINGS = "姓名,身份证号,手机,党员状态,入党时间,转正日期,所在党支部,转入日期,专兼职,零散党员"
LEFT_BEHIND = ("persons", "members", "member_statuses", "member_affiliations", "events", "audit_entries")
OF_THE_MOMENT = frozenset(
    {
        *(
            "id",
            "created_at",
            "updated_at",
            "occurred_at",
            "at",
            "xid",
            "reacted_at",
            "request_id",
            "address",
        ),
        *("name_cipher", "id_number_cipher", "phone_cipher", "person_id", "member_id", "subject_id", "seq"),
    }
)


def csv_of(*rows: str) -> bytes:
    return ("\ufeff党员名册\r\n" + "\r\n".join((HEADINGS, *rows)) + "\r\n").encode()


def row(branch: str, serial: int, **fields: str) -> str:
    cells = {
        "name": "测试员甲",
        "id": make.id_number(serial),
        "phone": "13800138000",
        "status": "正式党员",
        "joined": "1999",
        "full": "2000年7月1日",
        "branch": branch,
        "since": "2018/3/1",
        "tie": "",
        "scattered": "否",
        **fields,
    }
    return ",".join(cells.values())


async def left(shell: Shell) -> dict[str, list[str]]:
    """Everything that was written about members, without what differs from one run to the next."""
    async with begin(shell, SYSTEM) as work:
        await work.admit(Scope(national=True))
        found = {}
        for table in LEFT_BEHIND:
            where = {"events": "type LIKE 'member.%'", "audit_entries": "action LIKE 'member.%'"}
            statement = f"SELECT to_jsonb(t) FROM {table} AS t WHERE {where.get(table, 'true')}"  # noqa: S608
            rows = (await work.execute(text(statement))).scalars()
            kept = [{k: v for k, v in each.items() if k not in OF_THE_MOMENT} for each in rows]
            found[table] = sorted(json.dumps(each, sort_keys=True, ensure_ascii=False) for each in kept)
        return found


async def test_a_row_does_what_the_single_route_does(
    api: httpx.AsyncClient, organizer: Headers, bring: Bring, shell: Shell
) -> None:
    """One member by the route, one by a roster: but for ids and numbers, both leave the same rows behind."""
    branch = await make.branch(api, organizer, name="名册党支部")
    plan = make.plan(branch, 1, employment="full_time_staff", scattered=False)
    assert (await api.post("/members", json=plan, headers=organizer)).status_code == 201
    brought = await bring(organizer, csv_of(row("名册党支部", 2, tie="专职")))
    assert (brought["new"], brought["refused"]) == (1, 0), brought["items"]
    for table, rows in (await left(shell)).items():
        assert len(rows) % 2 == 0, table
        pairs = [json.loads(each) for each in rows]
        for each in pairs:
            for name in ("id_number_blind", "id_number_mask", "record_hash"):
                each.pop(name, None)
        halves = sorted(json.dumps(each, sort_keys=True) for each in pairs)
        assert halves[0::2] == halves[1::2], table


async def test_every_row_has_its_reasons(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers, bring: Bring, shell: Shell
) -> None:
    branch = await make.branch(api, organizer, name="名册党支部")
    far = await make.branch(api, neighbour, division_code="330203", name="海曙区社会组织党支部")
    await make.member(api, neighbour, far, 7)
    await make.member(api, organizer, branch, 8)
    rows = [
        row("名册党支部", 1),
        row(branch, 2, status="正式", joined="去年"),
        row("没有这个支部", 3),
        row("海曙区社会组织党支部", 4),
        row("名册党支部", 5, full=""),
        row("名册党支部", 6, id="110105194912310021"),
        row("名册党支部", 7),
        row("名册党支部", 8),
        row("名册党支部", 9, name=""),
        row("名册党支部", 10, id="4.40199E+17"),
    ]
    dry = await bring(organizer, csv_of(*rows), dry_run=True)
    assert (dry["new"], dry["known"], dry["refused"]) == (1, 1, 8)
    count = {"params": {"division": "440000"}, "headers": organizer}
    assert (await api.get("/members/counts", **count)).json()["in_party"] == 1
    done = await bring(organizer, csv_of(*rows))
    codes = [[reason["code"] for reason in item["reasons"]] for item in done["items"]]
    assert codes == [
        [],
        ["word_unknown", "day_unreadable"],
        ["branch_unknown"],
        ["branch_unknown"],
        ["full_required"],
        ["id_number_check_digit"],
        ["person_needs_verification"],
        [],
        ["nothing_in_row"],
        ["digits_lost"],
    ]
    assert [item["outcome"] for item in done["items"]][:1] == ["new"]
    assert done["items"][0]["number"] == 3
    again = await bring(organizer, csv_of(*rows))
    assert (again["new"], again["known"]) == (0, 2)
    got = await api.get(f"/roster-imports/{done['id']}/errors", headers=organizer)
    lines = got.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 9
    assert lines[0].endswith("行号 Row,未导入原因,Reason")
    assert (await api.get(f"/roster-imports/{done['id']}", headers=neighbour)).status_code == 404
    # Nothing of a row is kept in the open: neither in what became of it, nor in the operation.
    async with begin(shell, SYSTEM) as work:
        await work.admit(Scope(national=True))
        tables = "roster_imports, roster_import_rows, operations, events, audit_entries, person_verifications"
        stored = ""
        for table in tables.split(", "):
            found = await work.execute(text(f"SELECT to_jsonb(t)::text FROM {table} AS t"))  # noqa: S608
            stored += " ".join(found.scalars())
        assert await work.scalar(text("SELECT count(*) FROM person_verifications WHERE state = 'open'")) == 1
    for plain in (make.NAME, make.id_number(1), make.id_number(7), "13800138000"):
        assert plain not in stored


async def test_bodies_come_with_their_superiors(
    api: httpx.AsyncClient, organizer: Headers, actors: Actors, bring: Bring
) -> None:
    """A superior may stand in an earlier row; clerks bring members, organizers bodies."""
    lines = [
        "党组织名称,类别,组建形式,行政区划,上级党组织,成立日期",
        "名册党委,党委,区域组建,440115 南沙区,,2010-07-01",
        "名册第一支部,党支部,联合组建,天河区,名册党委,2016-07-01",
        "名册第二支部,党支部,联合组建,440115,名册党组,2016-07-01",
        "名册第三支部,党支部,,440115,名册党委,2016-07-01",
    ]
    content = "\n".join(lines).encode("gb18030")
    for dry_run in (True, False):
        done = await bring(organizer, content, "party_organizations", dry_run=dry_run)
        codes = [[reason["code"] for reason in item["reasons"]] for item in done["items"]]
        assert codes == [[], [], ["body_unknown"], ["formation_required"]]
    again = await bring(organizer, content, "party_organizations")
    assert (again["new"], again["known"], again["refused"]) == (0, 2, 2)
    clerk = await actors("clerk", division="440000")
    stored = await api.post(
        "/files", params={"name": "b.csv"}, content=content, headers={**clerk, "Content-Type": "text/csv"}
    )
    order = {"kind": "party_organizations", "file_id": stored.json()["id"], "division_code": "440000"}
    refused = await api.post("/roster-imports", json=order, headers=clerk)
    assert (refused.status_code, refused.json()["code"]) == (403, "roster_forbidden")
    nothing = await api.post("/roster-imports", json=order | {"kind": "members"}, headers=clerk)
    assert nothing.json()["code"] == "roster_header_not_found"


async def test_the_template_is_filled_in_and_comes_back(
    api: httpx.AsyncClient, organizer: Headers, bring: Bring
) -> None:
    await make.branch(api, organizer, name="名册党支部")
    asked = {"kind": "members", "format": "xlsx"}
    got = await api.get("/roster-imports/template", params=asked, headers=organizer)
    book: Any = load_workbook(io.BytesIO(got.content))
    sheet = book["党员名册"]
    places = {cell.value: cell.column for cell in sheet[1]}
    lists = {str(each.sqref).split(":")[0]: each.formula1 for each in sheet.data_validations.dataValidation}
    assert any("选项" in formula for formula in lists.values() if formula)
    assert [cell.value for cell in book["选项"][1] if cell.value] != []
    filled = {
        "姓名": "测试员丁",
        "公民身份号码": make.id_number(3),
        "党员状态": "预备党员",
        "入党日期": "2026-03",
        "所在党支部": "名册党支部",
    }
    for heading, value in filled.items():
        sheet.cell(2, places[heading], value)
        sheet.cell(3, places[heading], "x" if heading == "公民身份号码" else value)
    out = io.BytesIO()
    book.save(out)
    done = await bring(organizer, out.getvalue(), name="名册.xlsx")
    assert (done["new"], done["refused"]) == (1, 1), done["items"]
    errors = await api.get(f"/roster-imports/{done['id']}/errors", headers=organizer)
    back: Any = load_workbook(io.BytesIO(errors.content))
    assert "测试员丁" in [cell.value for cell in back.active[2]]
