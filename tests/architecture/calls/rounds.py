"""Rounds: applications, reviews, results."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text

from app.core.access import SYSTEM, Role
from app.core.work import begin
from tests.architecture.calls.registry import Call, Headers, call
from tests.architecture.calls.world import World
from tests.make import rounds as make

STANDARD: dict[int, str] = {}


async def a_standard(world: World) -> str:
    """One published standard for all rounds of a world."""
    key = id(world)
    if key not in STANDARD:
        STANDARD[key] = await make.standard(world.shell)
    return STANDARD[key]


async def _reviewers(world: World) -> list[Headers]:
    """Three reviewers of Guangdong, of whom each sheet has two."""
    return [await world.caller(Role.REVIEWER, place) for place in ("440000", "440100", "440115")]


@call
async def open_round(world: World) -> Call:
    await world.caller(Role.ORGANIZER)
    plan = await make.plan(
        world.shell,
        await a_standard(world),
        name=f"第{world.serial()}轮示范点评选",
        division_code="440000",
        level="province",
        quota=10,
    )
    return Call(body=plan)


@call
async def list_rounds(world: World) -> Call:
    for _ in range(3):
        await world.do("open_round")
    return Call(query={"use": "demonstration", "state": "applying"})


async def a_round(world: World, body: Any = None, **changes: Any) -> Call:
    made = await world.do("open_round", **changes)
    return Call(path={"round_id": made["id"]}, if_match=made["etag"], body=body)


async def again(world: World, name: str, call: Call, body: Any = None) -> Call:
    """The same address with the version that it has now."""
    now = await world.get(name, **call.path)
    return Call(path=call.path, if_match=now["etag"], body=body, by=call.by)


@call
async def get_round(world: World) -> Call:
    return Call(path=(await a_round(world)).path)


@call
async def count_rounds(world: World) -> Call:
    await world.do("submit_round_application")
    return Call(query={"division": "440000"})


# --------------------------------------------------------------------------------------------- applications


@call
async def apply_to_round(world: World) -> Call:
    organization = await world.do("register_organization")
    held = await a_round(world)
    body = {"subject_kind": "organization", "subject_id": organization["id"]}
    return Call(path=held.path, body=body)


async def an_application(world: World, body: Any = None) -> Call:
    made = await world.do("apply_to_round")
    return Call(path={"application_id": made["id"]}, if_match=made["etag"], body=body)


@call
async def list_round_applications(world: World) -> Call:
    held = await a_round(world)
    for _ in range(3):
        organization = await world.do("register_organization")
        body = {"subject_kind": "organization", "subject_id": organization["id"]}
        await world.sent("apply_to_round", Call(path=held.path, body=body))
    return Call(path=held.path, query={"state": "draft"})


@call
async def get_round_application(world: World) -> Call:
    return Call(path=(await write_self_scores_done(world)).path)


@call
async def end_cultivation(world: World) -> Call:
    organization = await world.do("register_organization")
    held = await a_round(world, cultivation=True)
    body = {"subject_kind": "organization", "subject_id": organization["id"]}
    made = await world.sent("apply_to_round", Call(path=held.path, body=body))
    return Call(
        path={"application_id": made["id"]},
        if_match=made["etag"],
        body={"outcome": "ready", "note": "培育一年, 已达标"},
    )


@call
async def write_self_scores(world: World) -> Call:
    file = await world.do("upload_file")
    first, *rest = make.said()
    lines = [{**first, "note": "名册见附件", "files": [{"file_id": file["id"]}]}, *rest]
    call = await an_application(world, {"lines": lines})
    return Call(call.path, body=call.body, if_match=call.if_match, by=await world.caller(Role.CLERK))


async def write_self_scores_done(world: World) -> Call:
    call = await write_self_scores(world)
    made = await world.sent("write_self_scores", call)
    return Call(path=call.path, if_match=made["etag"])


@call
async def submit_round_application(world: World) -> Call:
    return await write_self_scores_done(world)


@call
async def record_round_visit(world: World) -> Call:
    call = await an_application(world)
    body = {"kind": "on_site", "held_on": "2026-03-02", "visitors": 4, "findings": "六有齐全"}
    return Call(path=call.path, body=body)


# ------------------------------------------------------------------------------------------------- reviewing


async def a_submitted(world: World, sheets: int = 1) -> Call:
    """A round with sheets that are handed in."""
    held = await a_round(world)
    for _ in range(sheets):
        organization = await world.do("register_organization")
        body = {"subject_kind": "organization", "subject_id": organization["id"]}
        made = await world.sent("apply_to_round", Call(path=held.path, body=body))
        path = {"application_id": made["id"]}
        written = Call(path=path, if_match=made["etag"], body={"lines": make.said()})
        made = await world.sent("write_self_scores", written)
        await world.sent("submit_round_application", Call(path=path, if_match=made["etag"]))
    return Call(path=held.path)


@call
async def draw_reviewers(world: World) -> Call:
    await _reviewers(world)
    held = await a_submitted(world)
    return await again(world, "get_round", held, {"seed": "2026-481"})


OTHERS = """
UPDATE users SET state = 'disabled', disabled_at = now() WHERE state = 'active' AND id <> ALL (:known)
   AND id IN (SELECT user_id FROM grants WHERE role = 'reviewer') RETURNING id
"""
BACK = "UPDATE users SET state = 'active', disabled_at = NULL WHERE id = ANY (:others)"


@asynccontextmanager
async def nobody_else(world: World) -> AsyncIterator[None]:
    """Only our reviewers are in the pool: those that other tests made have no headers here."""
    known = [(await world.sent("read_me", Call(by=by)))["id"] for by in await _reviewers(world)]
    async with begin(world.shell, SYSTEM) as work:
        others = (await work.execute(text(OTHERS), {"known": known})).scalars().all()
    yield
    async with begin(world.shell, SYSTEM) as work:
        await work.execute(text(BACK), {"others": others})


async def drawn(world: World, sheets: int = 1) -> tuple[str, str]:
    """A round with sheets under review by two each: the round and one of the applications."""
    held = await again(world, "get_round", await a_submitted(world, sheets), {"seed": "2026-481"})
    async with nobody_else(world):
        await world.sent("draw_reviewers", held)
    made = await world.get("list_round_applications", **held.path)
    return held.path["round_id"], made["items"][0]["id"]


async def reviews_of(world: World, by: Headers) -> list[dict[str, Any]]:
    found = await world.sent("list_my_reviews", Call(query={"limit": 200}, by=by))
    return list(found["items"])


async def a_review(world: World, body: Any = None) -> Call:
    """A review that waits, by whoever has it."""
    round_id, _ = await drawn(world)
    for by in await _reviewers(world):
        for row in await reviews_of(world, by):
            if row["round"]["id"] == round_id:
                return Call(path={"review_id": row["id"]}, if_match=row["etag"], body=body, by=by)
    raise LookupError(round_id)


@call
async def list_my_reviews(world: World) -> Call:
    await drawn(world, 4)
    return Call(query={"state": "assigned"})


@call
async def get_my_review(world: World) -> Call:
    found = await a_review(world)
    return Call(path=found.path, by=found.by)


@call
async def submit_review(world: World) -> Call:
    return await a_review(world, {"marks": make.said(1)})


@call
async def replace_reviewer(world: World) -> Call:
    found = await a_review(world, {"reason": "unable", "note": "因病请假"})
    return Call(path=found.path, if_match=found.if_match, body=found.body)


@call
async def declare_interest(world: World) -> Call:
    organization = await world.do("register_organization")
    body = {"kind": "declared", "organization_id": organization["id"], "reason": "亲属在该组织任职"}
    return Call(body=body)


@call
async def rule_on_sheet(world: World) -> Call:
    _, application = await drawn(world)
    call = Call(path={"application_id": application})
    ruling = {"indicator": "roster", "deductions": {"missing": 1}, "reason": "经核对缺一项"}
    return await again(world, "get_round_application", call, {"rulings": [ruling]})


async def reviewed(world: World, sheets: int = 1) -> tuple[str, str]:
    """A round whose every review is handed in: the round and one of the applications."""
    round_id, application = await drawn(world, sheets)
    for by in await _reviewers(world):
        for row in await reviews_of(world, by):
            if row["round"]["id"] == round_id:
                body = {"marks": make.said(1)}
                call = Call(path={"review_id": row["id"]}, if_match=row["etag"], body=body, by=by)
                await world.sent("submit_review", call)
    return round_id, application


# --------------------------------------------------------------------------------------------------- results


@call
async def close_review(world: World) -> Call:
    round_id, _ = await reviewed(world)
    return await again(world, "get_round", Call(path={"round_id": round_id}))


async def closed(world: World, sheets: int = 1) -> tuple[Call, str]:
    """A round that is public, and one of its applications."""
    round_id, application = await reviewed(world, sheets)
    call = await again(world, "get_round", Call(path={"round_id": round_id}))
    made = await world.sent("close_review", call)
    return Call(path=call.path, if_match=made["etag"]), application


@call
async def decide_round(world: World) -> Call:
    held, _ = await closed(world)
    return Call(path=held.path, if_match=held.if_match, body={"document": "粤社工〔2026〕9号"})


@call
async def get_published_round(world: World) -> Call:
    return Call(path=(await closed(world))[0].path)


@call
async def list_round_results(world: World) -> Call:
    return Call(path=(await closed(world, 3))[0].path)


@call
async def compare_indicators(world: World) -> Call:
    return Call(path=(await closed(world))[0].path)


@call
async def compare_reviewers(world: World) -> Call:
    return Call(path=(await closed(world))[0].path)


@call
async def raise_objection(world: World) -> Call:
    _, application = await closed(world)
    body = {"raised_by": "applicant", "content": "名册齐全, 请复核"}
    return Call(path={"application_id": application}, body=body)


@call
async def answer_objection(world: World) -> Call:
    made = await world.do("raise_objection")
    objection = made["objections"][0]
    ruling = {"indicator": "roster", "reason": "经复核名册齐全"}
    return Call(
        path={"objection_id": objection["id"]},
        if_match=objection["etag"],
        body={"upheld": True, "answer": "成立, 已更正", "rulings": [ruling]},
    )
