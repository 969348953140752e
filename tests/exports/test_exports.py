"""A list as a file: what it holds, who may have it, and what becomes of it."""

import asyncio
import csv
import io
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from app import worker
from app.core.access import SYSTEM
from app.core.work import begin
from app.exports.rules import BEIJING
from app.operations import commands as operations
from tests.exports.conftest import Headers, Office, Row, sheets
from tests.make.organizations import credit_code, execute, organization, rows
from tests.make.party_organizations import body

NANSHA, GUANGZHOU, NINGBO = "440115", "440100", "330200"
COUNTED = text("SELECT count(*) FROM organizations")
GIVEN_UP = """
    UPDATE operations SET state = 'running', started_at = now(), updated_at = now() - interval '1 hour',
        report = '{"attempts": 3}' WHERE id = :id
"""
READ_ONLY = text("SELECT current_setting('transaction_read_only')")


async def ledger(office: Office, clerk: Headers) -> list[Row]:
    """Three organizations, one of them not in Nansha, young enough to owe papers."""
    made, lately = [], (datetime.now(BEIJING) - timedelta(days=10)).date().isoformat()
    for serial, division in enumerate((NANSHA, GUANGZHOU, NANSHA), 1):
        code = credit_code(serial, division=division)
        fields: dict[str, Any] = {"credit_code": code, "established_on": lately}
        if serial == 1:
            fields |= {"contact_name": "某某", "contact_phone": "13800138000", "staff_count": 12}
        made.append(
            await organization(office.api, clerk, name=f"社会组织{serial}", division_code=division, **fields)
        )
    return made


async def test_a_workbook_says_what_it_is(office: Office) -> None:
    """Rows on one sheet, their story on the other; codes are text, days are days, masks stay masks."""
    clerk = await office.actors("clerk", division="440000")
    first, *_ = await ledger(office, clerk)
    made = await office.made(clerk, "list_organizations", filters={"division": NANSHA})
    assert (made["rows"], made["format"], made["language"]) == (2, "xlsx", "zh")
    assert made["note_file"] is None
    got = await office.download(clerk, made["file"])
    assert "filename*=UTF-8''%E7%A4%BE%E4%BC%9A%E7%BB%84%E7%BB%87_" in got.headers["content-disposition"]
    book = sheets(got.content)
    assert list(book) == ["数据", "说明"]
    header, *lines = book["数据"]
    row = dict(zip(header, lines[0], strict=True))
    assert row["ID"] == first["id"]
    assert (row["统一社会信用代码"], row["登记地"], row["登记地代码"]) == (
        first["credit_code"],
        "南沙区",
        NANSHA,
    )
    assert (row["社会组织类型"], row["社会组织类型代码"]) == ("社会团体", "association")
    assert row["成立登记日期"] == datetime.fromisoformat(first["established_on"])
    assert (row["从业人员数"], row["已脱钩"], row["联系电话（掩码）"]) == (12, "否", "138****8000")
    note = dict(book["说明"])
    assert (note["列表"], note["筛选条件"], note["记录数"]) == ("社会组织", f"division = {NANSHA}", "2")
    assert datetime.fromisoformat(note["数据时点"]).timestamp() == int(
        datetime.fromisoformat(made["snapshot_at"]).timestamp()
    )
    assert (note["导出编号"], note["导出人范围"]) == (made["id"], "440000")
    assert "13800138000" not in str(book)


async def test_rows_are_those_of_the_list(office: Office) -> None:
    """Three lists with filters, by rows that this test writes itself; the note lies beside a CSV."""
    clerk = await office.actors("clerk", division="440000")
    await ledger(office, clerk)
    organizations = await office.listed(clerk, "/organizations", division=GUANGZHOU, kind="association")
    assert len(organizations) == 3
    found = await office.table(
        clerk, "/organizations", filters={"division": GUANGZHOU, "kind": "association"}
    )
    assert [(r["ID"], r["社会组织名称"], r["统一社会信用代码"], r["登记地代码"]) for r in found] == [
        (o["id"], o["name"], o["credit_code"], o["division"]["code"]) for o in organizations
    ]
    duties = await office.listed(clerk, "/duties", division=NANSHA, state="open")
    assert len(duties) > 1
    found = await office.table(
        clerk, "list_duties", filters={"division": NANSHA, "state": "open"}, language="en"
    )
    assert [(r["ID"], r["Organization"], r["Due on"], r["State code"], r["Overdue"]) for r in found] == [
        (d["id"], d["organization"]["name"], d["due_on"], d["state"], "yes" if d["overdue"] else "no")
        for d in duties
    ]
    divisions = await office.listed(clerk, "/divisions", parent=GUANGZHOU)
    assert len(divisions) == 11
    made = await office.made(clerk, "list_divisions", filters={"parent": GUANGZHOU}, format="csv")
    text = (await office.download(clerk, made["file"])).content.decode("utf-8-sig")
    header, *lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert [line[header.index("区划代码")] for line in lines] == [d["code"] for d in divisions]
    assert {line[header.index("上级")] for line in lines} == {"广州市"}
    note = (await office.download(clerk, made["note_file"])).content.decode("utf-8-sig")
    told = dict(csv.reader(io.StringIO(note, newline=""), strict=True))
    card = (await office.api.get(f"/files/{made['file']['id']}", headers=clerk)).json()
    assert (told["记录数"], told["数据文件"]) == ("11", made["file"]["name"])
    assert told["数据文件 SHA-256"] == card["sha256"]
    assert made["note_file"]["name"].endswith("_说明.csv")


async def test_who_may_ask_for_what(office: Office) -> None:
    """Refused as the list itself refuses; an export is its requester's alone, and all of it is audited."""
    clerk, viewer = [await office.actors(role, division="440000") for role in ("clerk", "viewer")]
    made = await body(office.api, await office.actors("organizer", division="440000"))
    other = await office.actors("clerk", division=NINGBO)
    path = {"party_organization_id": made["id"]}
    for by, name, filters, expected in (
        (clerk, "list_nothing", {}, (422, "unknown_list")),
        (clerk, "list_users", {}, (403, "not_permitted")),
        (clerk, "list_organizations", {"colour": "red"}, (422, "/filters/colour")),
        (clerk, "list_organizations", {"limit": 5}, (422, "/filters/limit")),
        (clerk, "list_organizations", {"kind": "club"}, (422, "/filters/kind")),
        (clerk, "list_covers", {}, (422, "/filters/party_organization_id")),
        (other, "list_covers", path, (404, "not_found")),
        (clerk, "list_covers", path, (202, None)),
    ):
        got = await office.ask(by, name, filters=filters)
        answer = got.json()
        told = answer["errors"][0]["pointer"] if answer.get("errors") else answer.get("code")
        assert (got.status_code, told) == expected, got.text
    export = got.json()["id"]
    assert got.headers["location"] == f"/api/v1/operations/{export}"
    await office.work()
    file = (await office.read(clerk, export))["file"]["id"]
    for address in (f"/exports/{export}", f"/files/{file}", f"/files/{file}/content"):
        assert (await office.api.get(address, headers=viewer)).status_code == 404
    assert (await office.api.get("/exports", headers=viewer)).json()["items"] == []
    assert [one["id"] for one in (await office.api.get("/exports", headers=clerk)).json()["items"]] == [
        export
    ]
    audited = await rows(
        office.shell,
        "SELECT action, division_code, data FROM audit_entries WHERE subject_type = 'export' ORDER BY id",
    )
    assert [(a["action"], a["division_code"], a["data"]["list"]) for a in audited] == [
        ("export.requested", "440000", "list_covers"),
        ("export.made", "440000", "list_covers"),
    ]
    assert audited[1]["data"]["file_id"] == file


async def test_grants_count_when_the_file_is_made(office: Office) -> None:
    """Grants taken away, accounts closed, files called off and dead workers: nothing leaves, or all of it."""
    clerk = await office.actors("clerk", division="440000")
    asked = [(await office.ask(clerk, "list_authorities", format="csv")).json() for _ in range(3)]
    called_off, silent, late = (a["id"] for a in asked)
    off = await office.api.post(
        f"/operations/{called_off}/cancel", headers={**clerk, "If-Match": asked[0]["etag"]}
    )
    assert off.status_code == 200
    async with begin(office.shell, SYSTEM) as work:
        taken = await operations.take(work, ["export"])
        assert taken is not None
        assert str(taken.id) == silent
    await execute(
        office.shell, "UPDATE operations SET updated_at = now() - interval '1 hour' WHERE state = 'running'"
    )
    await asyncio.gather(office.work(), office.work())
    states = {one: (await office.read(clerk, one))["state"] for one in (called_off, silent, late)}
    assert states == {called_off: "cancelled", silent: "succeeded", late: "succeeded"}
    narrowed, gone = [(await office.ask(clerk, "list_authorities")).json()["id"] for _ in range(2)]
    await execute(
        office.shell, "UPDATE grants SET state = 'revoked', revoked_at = now() WHERE role = 'clerk'"
    )
    await worker.drain(office.shell)
    why = await rows(office.shell, "SELECT id, state, failure FROM operations WHERE state = 'failed'")
    assert {(str(r["id"]), r["failure"]) for r in why} == {(one, "not_permitted") for one in (narrowed, gone)}
    stored = await rows(office.shell, "SELECT count(*) FROM files")
    assert stored[0]["count"] == 4  # two files of rows, each with its note


async def test_a_worker_makes_them_beside_its_inbox(office: Office) -> None:
    """As in the service; one whose workers died three times is given up, with its reason."""
    clerk = await office.actors("clerk", division="440000")
    asked = [(await office.ask(clerk, "list_dictionaries")).json()["id"] for _ in range(2)]
    await execute(office.shell, GIVEN_UP, id=asked[0])
    stop = asyncio.Event()
    task = asyncio.create_task(worker.work_aside_until(stop, office.shell))
    for _ in range(600):
        found = [await office.read(clerk, one) for one in asked]
        if all(one["finished_at"] for one in found):
            break
        await asyncio.sleep(0.05)
    stop.set()
    await task
    assert [(one["state"], one["failure"]) for one in found] == [
        ("failed", "export_abandoned"),
        ("succeeded", None),
    ]


async def test_one_moment_and_so_many_a_day(office: Office) -> None:
    """What is written meanwhile is not in a snapshot, which cannot write; who asks at once is counted one
    after the other: exactly as many as allowed."""
    clerk = await office.actors("clerk", division="440000")
    async with begin(office.shell, SYSTEM, snapshot=True) as work:
        before = await work.scalar(COUNTED)
        await organization(office.api, clerk, name="后来的社会组织")
        assert await work.scalar(COUNTED) == before
        assert await work.scalar(READ_ONLY) == "on"
    office.shell.settings = office.shell.settings.model_copy(update={"exports_per_day": 2})
    got = await asyncio.gather(*(office.ask(clerk, "list_dictionaries") for _ in range(4)))
    assert sorted(g.status_code for g in got) == [202, 202, 429, 429]
    assert {g.json()["code"] for g in got if g.status_code == 429} == {"exports_spent"}
