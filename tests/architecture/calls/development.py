"""Development cases and quotas."""

from typing import Any

from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World
from tests.make.development import VOTE, steps
from tests.make.members import id_number


async def a_place(world: World) -> tuple[str, tuple[str, str]]:
    """A branch below a committee, and two full members of it."""
    committee = await world.do(
        "establish_party_organization",
        name="南沙区社会组织党委",
        kind="committee",
        formation="regional",
        covers=[],
    )
    branch = (await world.do("establish_party_organization", parent_id=committee["id"], covers=[]))["id"]
    made = [(await world.do("record_member", party_organization_id=branch))["id"] for _ in range(2)]
    return branch, (made[0], made[1])


@call
async def open_development_case(world: World) -> Call:
    branch, _ = await a_place(world)
    return Call(
        body={
            "applicant": {
                "name": "测试申请人",
                "id_number": id_number(world.serial()),
                "party_organization_id": branch,
            },
            "applied_on": "2022-01-31",
        }
    )


async def a_case(world: World, until: int, body: Any = None) -> Call:
    """A call on a case of which the steps up to one are taken."""
    branch, helpers = await a_place(world)
    opened = await open_development_case(world)
    opened.body["applicant"]["party_organization_id"] = branch
    case = await world.sent("open_development_case", opened)
    if until > 1:
        order = Call(
            {"case_id": case["id"]},
            body={"steps": steps(helpers, 2, until)},
            if_match=case["etag"],
            by=await world.caller("organizer"),
        )
        case = await world.sent("advance_development_case", order)
    return Call(path={"case_id": case["id"]}, body=body, if_match=case["etag"])


@call
async def list_development_cases(world: World) -> Call:
    for _ in range(3):
        await world.do("open_development_case")
    return Call(query={"state": "open"})


@call
async def get_development_funnel(world: World) -> Call:
    await a_case(world, 8)
    return Call(query={"division": "440115"})


@call
async def get_development_case(world: World) -> Call:
    return Call(path=(await a_case(world, 5)).path)


@call
async def advance_development_case(world: World) -> Call:
    first = {"step": "2", "on": "2022-02-20", "papers": ["first_talk"]}
    made = await a_case(world, 1, {"steps": [first]})
    made.body["steps"].append({"step": "3", "on": "2022-05-10", "papers": ["recommendation"]})
    return made


@call
async def reject_development_step(world: World) -> Call:
    papers = [{"kind": "opinions", "reason": "缺少群众意见"}]
    body = {"step": "8", "on": "2023-05-20", "reason": "材料不全", "papers": papers, "back_to": "7"}
    return await a_case(world, 7, body)


@call
async def record_development_papers(world: World) -> Call:
    return await a_case(
        world, 1, {"papers": [{"kind": "first_talk", "state": "received", "on": "2022-02-01"}]}
    )


@call
async def record_development_vote(world: World) -> Call:
    return await a_case(world, 1, {"step": "15", "on": "2026-01-05", **VOTE})


@call
async def start_development_publicity(world: World) -> Call:
    return await a_case(
        world, 1, {"step": "7", "from_on": "2026-11-02", "working_days": 5, "place": "公告栏"}
    )


async def published(world: World, body: Any) -> Call:
    found = await world.do("start_development_publicity")
    return Call(path={"case_id": found["id"]}, body=body, if_match=found["etag"])


@call
async def object_to_development_publicity(world: World) -> Call:
    return await published(world, {"objections": 1})


@call
async def close_development_publicity(world: World) -> Call:
    return await published(world, {"result": "none", "on": "2026-11-20"})


@call
async def name_development_helpers(world: World) -> Call:
    made = await a_case(world, 1)
    case = await world.get("get_development_case", case_id=made.path["case_id"])
    member = await world.do("record_member", party_organization_id=case["party_organization"]["id"])
    body = {"role": "contact", "member_ids": [member["id"]], "on": "2026-01-05"}
    return Call(path=made.path, body=body, if_match=made.if_match)


@call
async def add_development_records(world: World) -> Call:
    return await a_case(world, 1, {"records": [{"kind": "appraisal", "on": "2026-01-05"}]})


@call
async def record_political_review(world: World) -> Call:
    findings = "直系亲属和主要社会关系政治清楚。"
    return await a_case(world, 1, {"conclusion": "passed", "findings": findings, "on": "2026-01-05"})


@call
async def reveal_political_review(world: World) -> Call:
    found = await world.do("record_political_review")
    path = {"case_id": found["id"], "review_id": found["reviews"][0]["id"]}
    return Call(path=path, body={"purpose": "admission", "reason": "支委会审查"})


@call
async def extend_development_probation(world: World) -> Call:
    body = {"months": 6, "on": "2024-07-12", "document": "南社党〔2024〕8号", "vote": VOTE}
    return await a_case(world, 22, body)


@call
async def remove_development_candidate(world: World) -> Call:
    body = {"on": "2026-01-05", "reason": "不再具备条件", "document": "支委会〔2026〕1号"}
    return await a_case(world, 5, body)


@call
async def restart_development_case(world: World) -> Call:
    return await a_case(world, 16, {"reason": "超过六个月未审批"})


@call
async def allot_quota(world: World) -> Call:
    branch, _ = await a_place(world)
    return Call(
        body={"year": 2026, "party_organization_id": branch, "places": 5, "document": "穗组通〔2026〕3号"}
    )


@call
async def list_quotas(world: World) -> Call:
    for _ in range(3):
        await world.do("allot_quota")
    return Call(query={"year": "2026"})


@call
async def get_quota(world: World) -> Call:
    return Call(path={"quota_id": (await world.do("allot_quota"))["id"]})


@call
async def change_quota(world: World) -> Call:
    made = await world.do("allot_quota")
    return Call(path={"quota_id": made["id"]}, body={"places": 6}, if_match=made["etag"])
