"""Standards: drafted, published, overlaid, compared, exported, explained."""

from typing import Any

from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World

CONTENT = {
    "code": "two_lines",
    "use": "demonstration",
    "name": "两项标准",
    "source": "测试用, 非真实文件",
    "total": "100",
    "dimensions": [
        {
            "code": "all",
            "label": "全部",
            "weight": "100",
            "indicators": [
                {
                    "code": name,
                    "label": label,
                    "kind": "count",
                    "points": "50",
                    "each": "5",
                    "weight_min": "40",
                    "weight_max": "60",
                }
                for name, label in (("service", "服务"), ("study", "学习"))
            ],
        }
    ],
}


@call
async def draft_standard(world: World) -> Call:
    content = {**CONTENT, "code": f"two_lines_{world.serial()}"}
    return Call(body={"jurisdiction_code": "440100", "content": content})


async def a_draft(world: World, body: Any = None, **query: str) -> Call:
    made = await world.do("draft_standard")
    return Call(path={"version_id": made["id"]}, if_match=made["etag"], body=body, query=query)


async def published(world: World, body: Any = None) -> Call:
    made = await world.sent("publish_standard", await publish_standard(world))
    return Call(path={"version_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_standards(world: World) -> Call:
    made = await world.do("draft_standard")
    for _ in range(2):
        await world.do("draft_standard", content=made["content"])
    return Call(query={"code": made["code"], "use": "demonstration", "holds_in": "440100"})


@call
async def get_standard(world: World) -> Call:
    return Call(path=(await a_draft(world)).path)


@call
async def change_standard(world: World) -> Call:
    made = await world.do("draft_standard")
    body = {"content": {**made["content"], "name": "改过的标准"}}
    return Call(path={"version_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def check_standard(world: World) -> Call:
    return Call(path=(await a_draft(world)).path)


@call
async def publish_standard(world: World) -> Call:
    made = await a_draft(world)
    return Call(path=made.path, if_match=made.if_match, by=await world.caller("approver"))


@call
async def withdraw_standard(world: World) -> Call:
    return await published(world, {"reason": "有新版本"})


@call
async def overlay_standard(world: World) -> Call:
    made = await published(world)
    body = {
        "jurisdiction_code": "440115",
        "source": "南社工委〔2026〕3号",
        "overlay": {"weights": {"service": "60", "study": "40"}},
    }
    return Call(path=made.path, body=body)


@call
async def compare_standards(world: World) -> Call:
    made = await a_draft(world)
    return Call(path=made.path, query={"with_id": made.path["version_id"]})


@call
async def export_standard(world: World) -> Call:
    return Call(path=(await a_draft(world)).path, query={"format": "yaml"})


@call
async def explain_figures(world: World) -> Call:
    made = await a_draft(world)
    organization = await world.do("register_organization")
    return Call(path=made.path, query={"organization_id": organization["id"], "as_of": "2026-10-01"})
