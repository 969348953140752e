"""What is recorded of an organization: officers, charter, identifiers, listings, penalties, reports."""

from typing import Any

from tests.architecture.calls.organizations import REASON
from tests.architecture.calls.registry import Call, call
from tests.architecture.calls.world import World


async def an_organization(world: World, body: Any = None) -> Call:
    made = await world.do("register_organization")
    return Call(path={"organization_id": made["id"]}, body=body)


async def some(world: World, name: str, bodies: list[dict[str, Any]]) -> Call:
    """An organization with some records, for a list of them."""
    listed = await an_organization(world)
    for body in bodies:
        await world.sent(name, Call(path=listed.path, body=body))
    return listed


async def one(world: World, name: str, parameter: str) -> Call:
    """A record of an organization, to be withdrawn."""
    added = await an_organization(world)
    made = await world.sent(name, Call(path=added.path, body=(await BODIES[name](world))))
    now = await world.get("get_organization", **added.path)
    return Call(path={**added.path, parameter: made["id"]}, if_match=now["etag"], body=REASON)


# --- officers ----------------------------------------------------------------------------------------------

OFFICER = {
    "name": "王示例",
    "post": "会长",
    "is_principal": True,
    "since": "2020-01-01",
    "phone": "13900139000",
}


@call
async def elect_organization_officers(world: World) -> Call:
    others = [{"name": f"理事{number}", "post": "理事", "is_principal": False} for number in range(2)]
    return await an_organization(world, {"elected_on": "2020-01-01", "officers": [OFFICER, *others]})


@call
async def change_organization_officer(world: World) -> Call:
    body = {"name": "赵示例", "post": "秘书长", "on": "2021-01-01", "leaves": False, "phone": "13700137000"}
    return await an_organization(world, body)


async def elected(world: World) -> Call:
    made = await elect_organization_officers(world)
    await world.sent("elect_organization_officers", made)
    return Call(path=made.path)


@call
async def list_organization_officers(world: World) -> Call:
    return await elected(world)


@call
async def reveal_organization_officer(world: World) -> Call:
    made = await elected(world)
    found = await world.sent("list_organization_officers", Call(path=made.path, query={"principal": "true"}))
    path = {**made.path, "officer_id": found["items"][0]["id"]}
    return Call(path=path, body={"purpose": "set_up_contact", **REASON})


# --- records -----------------------------------------------------------------------------------------------


async def clause(world: World) -> dict[str, Any]:
    day = f"20{10 + world.serial() % 15}-06-01"
    return {"clause": "party_building", "wording": "2018", "approved_on": day, "evidence": "章程核准表"}


async def identifier(world: World) -> dict[str, Any]:
    number = f"粤社证字第{world.serial()}号"
    return {"scheme": "registration_number", "number": number, "issued_on": "2016-05-04"}


async def listing(world: World) -> dict[str, Any]:
    day = f"20{10 + world.serial() % 15}-07-01"
    return {"list": "abnormal", "listed_on": day, "reason": "未按时报送年度工作报告"}


async def penalty(world: World) -> dict[str, Any]:
    number = f"穗民罚〔2023〕{world.serial()}号"
    return {"penalty": "warning", "decided_on": "2023-02-01", "document_number": number, "amount": "12.50"}


async def evaluation(world: World) -> dict[str, Any]:
    day = f"20{10 + world.serial() % 15}-11-01"
    return {"grade": "4A", "graded_on": day, "graded_by": "广东省民政厅", "score": "921.50"}


async def award(world: World) -> dict[str, Any]:
    return {"name": f"第{world.serial()}届先进", "awarded_on": "2022-12-01", "awarded_by": "广东省民政厅"}


async def report(world: World) -> dict[str, Any]:
    return {"year": 2000 + world.serial() % 25, "result": "filed", "party_building_reported": True}


BODIES = {
    "add_organization_charter_clause": clause,
    "add_organization_identifier": identifier,
    "add_organization_credit_listing": listing,
    "add_organization_penalty": penalty,
    "add_organization_evaluation": evaluation,
    "add_organization_award": award,
    "add_organization_annual_report": report,
}
"""The bodies of records, each with something that the one before did not have."""


async def added(world: World, name: str) -> Call:
    return await an_organization(world, await BODIES[name](world))


async def listed(world: World, name: str) -> Call:
    return await some(world, name, [await BODIES[name](world) for _ in range(3)])


@call
async def add_organization_charter_clause(world: World) -> Call:
    return await added(world, "add_organization_charter_clause")


@call
async def list_organization_charter_clauses(world: World) -> Call:
    return await listed(world, "add_organization_charter_clause")


@call
async def withdraw_organization_charter_clause(world: World) -> Call:
    return await one(world, "add_organization_charter_clause", "clause_id")


@call
async def add_organization_identifier(world: World) -> Call:
    return await added(world, "add_organization_identifier")


@call
async def list_organization_identifiers(world: World) -> Call:
    return await listed(world, "add_organization_identifier")


@call
async def withdraw_organization_identifier(world: World) -> Call:
    return await one(world, "add_organization_identifier", "record_id")


@call
async def add_organization_credit_listing(world: World) -> Call:
    return await added(world, "add_organization_credit_listing")


@call
async def list_organization_credit_listings(world: World) -> Call:
    return await listed(world, "add_organization_credit_listing")


@call
async def withdraw_organization_credit_listing(world: World) -> Call:
    return await one(world, "add_organization_credit_listing", "record_id")


@call
async def add_organization_penalty(world: World) -> Call:
    return await added(world, "add_organization_penalty")


@call
async def list_organization_penalties(world: World) -> Call:
    return await listed(world, "add_organization_penalty")


@call
async def withdraw_organization_penalty(world: World) -> Call:
    return await one(world, "add_organization_penalty", "record_id")


@call
async def add_organization_evaluation(world: World) -> Call:
    return await added(world, "add_organization_evaluation")


@call
async def list_organization_evaluations(world: World) -> Call:
    return await listed(world, "add_organization_evaluation")


@call
async def withdraw_organization_evaluation(world: World) -> Call:
    return await one(world, "add_organization_evaluation", "record_id")


@call
async def add_organization_award(world: World) -> Call:
    return await added(world, "add_organization_award")


@call
async def list_organization_awards(world: World) -> Call:
    return await listed(world, "add_organization_award")


@call
async def withdraw_organization_award(world: World) -> Call:
    return await one(world, "add_organization_award", "record_id")


@call
async def add_organization_annual_report(world: World) -> Call:
    return await added(world, "add_organization_annual_report")


@call
async def list_organization_annual_reports(world: World) -> Call:
    return await listed(world, "add_organization_annual_report")


@call
async def withdraw_organization_annual_report(world: World) -> Call:
    return await one(world, "add_organization_annual_report", "record_id")
