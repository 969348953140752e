"""Posts, terms, congresses and elections."""

from typing import Any

from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World

REVIEW = {"reviewed_on": "2026-01-05", "opinion": "suitable", "document": "考察材料〔2026〕1号"}


async def a_body(world: World, **fields: Any) -> str:
    made = await world.do("establish_party_organization", **fields)
    return str(made["id"])


async def a_branch_with_members(world: World, number: int) -> tuple[str, list[str]]:
    branch = await a_body(world)
    made = [await world.do("record_member", party_organization_id=branch) for _ in range(number)]
    return branch, [str(member["id"]) for member in made]


def an_election(members: list[str], role: str = "secretary") -> dict[str, Any]:
    stood = [{"member_id": member, "votes": 2, "review": REVIEW} for member in members]
    ballot = {"role": role, "kind": "assembly", "due": 2, "present": 2, "seats": 1, "candidates": stood}
    return {"held_on": "2026-02-01", "ballots": [ballot], "document": "选举结果报告〔2026〕1号"}


@call
async def get_leadership(world: World) -> Call:
    election = await world.do("confirm_party_election")
    return Call(path={"party_organization_id": election["party_organization"]["id"]})


@call
async def record_party_term(world: World) -> Call:
    body = {"from_on": "2025-03-01", "number": 1, "document": "选举结果批复〔2025〕1号"}
    return Call(path={"party_organization_id": await a_body(world)}, body=body)


@call
async def list_party_terms(world: World) -> Call:
    for _ in range(3):
        await world.do("record_party_term")
    return Call(query={"running": True})


@call
async def get_party_term(world: World) -> Call:
    return Call(path={"term_id": (await world.do("record_party_term"))["id"]})


@call
async def extend_party_term(world: World) -> Call:
    term = await world.do("record_party_term")
    body = {"until_on": "2028-06-01", "document": "同意延期换届〔2026〕1号"}
    return Call(path={"term_id": term["id"]}, if_match=term["etag"], body=body)


@call
async def record_party_congress(world: World) -> Call:
    committee = await a_body(world, kind="committee")
    body = {
        "number": 2,
        "held_on": "2026-01-20",
        "ground": "dispersed",
        "delegates": 120,
        "document": "同意召开代表大会〔2025〕9号",
    }
    return Call(path={"party_organization_id": committee}, body=body)


@call
async def list_party_congresses(world: World) -> Call:
    for _ in range(3):
        await world.do("record_party_congress")
    return Call(query={"division": "440115"})


@call
async def record_nominee_review(world: World) -> Call:
    branch, (member,) = await a_branch_with_members(world, 1)
    return Call(
        path={"party_organization_id": branch}, body={**REVIEW, "member_id": member, "role": "secretary"}
    )


@call
async def list_nominee_reviews(world: World) -> Call:
    for _ in range(3):
        await world.do("record_nominee_review")
    return Call(query={"opinion": "suitable"})


@call
async def reelect_party_organization(world: World) -> Call:
    branch, members = await a_branch_with_members(world, 2)
    return Call(path={"party_organization_id": branch}, body=an_election(members[:1]))


@call
async def by_elect_party_organization(world: World) -> Call:
    election = await world.do("confirm_party_election")
    branch = election["party_organization"]["id"]
    member = (await world.do("record_member", party_organization_id=branch))["id"]
    body = an_election([member], "deputy_secretary") | {"held_on": "2026-03-01"}
    return Call(path={"party_organization_id": branch}, body=body)


@call
async def list_party_elections(world: World) -> Call:
    for _ in range(3):
        await world.do("reelect_party_organization")
    return Call(query={"state": "pending"})


@call
async def get_party_election(world: World) -> Call:
    return Call(path={"election_id": (await world.do("reelect_party_organization"))["id"]})


async def an_answer(world: World) -> Call:
    election = await world.do("reelect_party_organization")
    body = {"on": "2026-02-10", "document": "南社党复〔2026〕3号"}
    return Call(path={"election_id": election["id"]}, if_match=election["etag"], body=body)


@call
async def confirm_party_election(world: World) -> Call:
    return await an_answer(world)


@call
async def refuse_party_election(world: World) -> Call:
    return await an_answer(world)


@call
async def appoint_to_party_post(world: World) -> Call:
    branch, (member,) = await a_branch_with_members(world, 1)
    body = {"member_id": member, "role": "member", "from_on": "2026-01-05", "document": "南社任〔2026〕1号"}
    return Call(path={"party_organization_id": branch}, body=body)


@call
async def list_party_posts(world: World) -> Call:
    for _ in range(3):
        await world.do("appoint_to_party_post")
    return Call(query={"role": "member"})


@call
async def end_party_post(world: World) -> Call:
    post = await world.do("appoint_to_party_post")
    body = {"on": "2026-02-05", "reason": "resigned"}
    return Call(path={"post_id": post["id"]}, if_match=post["etag"], body=body)


@call
async def reveal_party_post(world: World) -> Call:
    body = {
        "name": "测试员旧",
        "role": "secretary",
        "from_on": "2017-01-05",
        "until_on": "2019-01-05",
        "document": "组织史资料",
    }
    post = await world.sent(
        "appoint_to_party_post", Call(path={"party_organization_id": await a_body(world)}, body=body)
    )
    return Call(path={"post_id": post["id"]}, body={"purpose": "history", "reason": "编写组织史资料"})
