"""Signs, notices, and what their addressees do."""

from typing import Any

from sqlalchemy import text

from app.core.access import SYSTEM
from app.core.work import begin
from tests.architecture.calls.members import a_branch
from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World

SIGN = "甲乙丙丁戊己庚辛壬癸"


def a_sign(serial: int) -> str:
    """Ten characters for the digits of a number that nothing else has."""
    return "社" + "".join(SIGN[int(digit)] for digit in str(serial))


@call
async def register_document_sign(world: World) -> Call:
    return Call(body={"sign": a_sign(world.serial()), "party_organization_id": await a_branch(world)})


@call
async def list_document_signs(world: World) -> Call:
    branch = await a_branch(world)
    for _ in range(3):
        await world.do("register_document_sign", party_organization_id=branch)
    return Call(query={"party_organization_id": branch})


@call
async def list_document_numbers(world: World) -> Call:
    sign = await world.do("register_document_sign")
    for _ in range(3):
        await issued(world, sign_id=sign["id"])
    return Call(path={"sign_id": sign["id"]})


@call
async def draft_notice(world: World) -> Call:
    sign = await world.do("register_document_sign")
    organization = await world.do("register_organization")
    return Call(
        body={
            "kind": "supervision_letter",
            "sign_id": sign["id"],
            "title": "关于报送党组织覆盖情况的督办函",
            "paragraphs": [{"level": 0, "text": "请于期限前报送党员情况调查表。"}],
            "addressees": [{"organization_id": organization["id"]}],
            "answer_days": 10,
        }
    )


@call
async def record_notice(world: World) -> Call:
    branch = await a_branch(world)
    return Call(
        body={
            "kind": "circular",
            "party_organization_id": branch,
            "issuer_name": "中共昌州区社会工作委员会",
            "number": "昌州社党工字〔2015〕08号",
            "title": "关于两个覆盖工作情况的通报",
            "issued_on": "2026-01-05",
            "addressees": [{"party_organization_id": branch}],
        }
    )


def of(made: dict[str, Any], body: Any = None) -> Call:
    """A verb on a notice."""
    return Call(path={"notice_id": made["id"]}, if_match=made["etag"], body=body)


async def submitted(world: World, **changes: Any) -> dict[str, Any]:
    made = await world.do("draft_notice", **changes)
    return dict(await world.sent("submit_notice", of(made)))


async def approved(world: World, **changes: Any) -> dict[str, Any]:
    made = await submitted(world, **changes)
    return dict(await world.sent("approve_notice", of(made, {"approved": True})))


async def issued(world: World, **changes: Any) -> dict[str, Any]:
    return dict(await world.sent("issue_notice", of(await approved(world, **changes))))


@call
async def list_notices(world: World) -> Call:
    sign = await world.do("register_document_sign")
    for _ in range(3):
        await world.do("draft_notice", sign_id=sign["id"])
    return Call(query={"party_organization_id": sign["party_organization"]["id"]})


@call
async def count_notices(world: World) -> Call:
    made = await issued(world)
    return Call(query={"year": int(made["issued_on"][:4]), "division": "440115"})


@call
async def get_notice(world: World) -> Call:
    return Call(path={"notice_id": (await world.do("draft_notice"))["id"]})


@call
async def change_notice(world: World) -> Call:
    return of(await world.do("draft_notice"), {"title": "关于按期报送情况的督办函", "urgency": "urgent"})


@call
async def submit_notice(world: World) -> Call:
    return of(await world.do("draft_notice"))


@call
async def approve_notice(world: World) -> Call:
    return of(await submitted(world), {"approved": True})


@call
async def issue_notice(world: World) -> Call:
    return of(await approved(world))


@call
async def withdraw_notice(world: World) -> Call:
    return of(await issued(world), {"reason": "另行印发", "void_number": True})


@call
async def download_notice(world: World) -> Call:
    return Call(path={"notice_id": (await issued(world))["id"]}, query={"format": "docx"})


# --------------------------------------------------------------------------------------------- addressees


async def an_addressee(world: World, body: Any = None, **changes: Any) -> Call:
    made = await issued(world, **changes)
    one = made["addressees"][0]["id"]
    found = await world.sent("get_notice_addressee", Call(path={"addressee_id": one}))
    return Call(path={"addressee_id": one}, if_match=found["etag"], body=body)


def again(was: Call, made: dict[str, Any], body: Any = None, **path: str) -> Call:
    """A further verb on the same addressee."""
    return Call(path={**was.path, **path}, if_match=made["etag"], body=body)


@call
async def list_notice_addressees(world: World) -> Call:
    targets = [{"organization_id": (await world.do("register_organization"))["id"]} for _ in range(3)]
    made = await issued(world, addressees=targets)
    return Call(query={"notice_id": made["id"]})


@call
async def get_notice_addressee(world: World) -> Call:
    made = await issued(world)
    return Call(path={"addressee_id": made["addressees"][0]["id"]})


@call
async def receive_notice(world: World) -> Call:
    return await an_addressee(world)


@call
async def reply_to_notice(world: World) -> Call:
    one = await an_addressee(world)
    return Call(path=one.path, body={"text": "已于本月报送。", "evidence": [{"document": "报告一份"}]})


@call
async def verify_notice_reply(world: World) -> Call:
    reply = await reply_to_notice(world)
    return again(reply, await world.sent("reply_to_notice", reply), {"accepted": True})


@call
async def close_notice_addressee(world: World) -> Call:
    verify = await verify_notice_reply(world)
    return again(verify, await world.sent("verify_notice_reply", verify))


@call
async def record_talk_minutes(world: World) -> Call:
    one = await an_addressee(world, kind="admonition_talk", talk_level="criticism")
    made = await world.sent("get_notice_addressee", Call(path=one.path))
    body = {"held_on": made["issued_on"], "place": "二楼会议室", "minutes": "通报问题, 提出要求。"}
    return Call(path=one.path, if_match=one.if_match, body=body)


@call
async def ask_notice_extension(world: World) -> Call:
    one = await an_addressee(world)
    return Call(path=one.path, body={"until_on": "2199-01-01", "reason": "正在换届"})


@call
async def decide_notice_extension(world: World) -> Call:
    wish = await ask_notice_extension(world)
    return again(wish, await world.sent("ask_notice_extension", wish), {"approved": True})


@call
async def escalate_notice(world: World) -> Call:
    one = await an_addressee(world)
    async with begin(world.shell, SYSTEM) as work:
        await work.execute(
            text(
                "UPDATE notice_addressees SET due_on = '2026-01-05', due_at = '2026-01-05T16:00Z',"
                " overdue_at = '2026-01-05T16:00Z' WHERE id = CAST(:id AS uuid)"
            ),
            {"id": one.path["addressee_id"]},
        )
    return Call(path=one.path)


@call
async def open_rectification(world: World) -> Call:
    one = await an_addressee(world)
    return Call(path=one.path, body={"finding": "未建立党员台账", "due_on": "2199-01-01"})


@call
async def report_rectification(world: World) -> Call:
    opened = await open_rectification(world)
    made = await world.sent("open_rectification", opened)
    body = {"measure": "补建台账", "responsible_post": "党支部书记", "evidence": [{"document": "台账"}]}
    return again(opened, made, body, rectification_id=made["rectifications"][0]["id"])


@call
async def close_rectification(world: World) -> Call:
    report = await report_rectification(world)
    return again(report, await world.sent("report_rectification", report))
