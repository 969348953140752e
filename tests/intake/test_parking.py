"""What comes before its registration waits for it; what comes after its time still ends in the same state."""

from tests.intake.conftest import Office
from tests.make import intake as make
from tests.make import organizations
from tests.make.organizations import credit_code


async def test_a_change_before_its_registration_is_parked_and_applied_by_itself(office: Office) -> None:
    (early,) = await office.push(make.changed({"staff_count": 9}))
    assert (await office.drain())["parked"] == 1
    event = await make.event(office.api, office.organizer, early)
    assert (event["state"], event["waiting_for"]) == ("parked", f"credit_code/{credit_code(1)}")
    (registration,) = await office.push(make.registered())
    done = await office.drain()
    assert done["applied"] == 2
    assert [await office.state(one) for one in (early, registration)] == ["applied", "applied"]
    (organization,) = await office.organizations()
    assert organization["staff_count"] == 9


async def test_a_registration_by_hand_wakes_what_waited_too(office: Office) -> None:
    (early,) = await office.push(make.changed({"staff_count": 9}))
    await office.drain()
    await organizations.organization(office.api, office.organizer, credit_code=credit_code(1))
    await office.drain()
    assert await office.state(early) == "applied"


async def test_a_filed_organization_is_found_by_its_number(office: Office) -> None:
    number = {"scheme": "filing_number", "number": "南沙备字〔2025〕第018号"}
    data = {"organization": {"identifier": number}, "changes": {"staff_count": 2}}
    (early,) = await office.push(make.message("organization.changed", data, effective_on="2021-01-01"))
    await office.drain()
    assert await office.state(early) == "parked"
    filed = make.registered(
        credit_code=None, identifiers=[number], kind="community_filed", registration_mode="filed"
    )
    await office.push(filed, {**filed, "occurred_at": "2026-03-03T00:00:00Z"})
    await office.drain()
    assert await office.state(early) == "applied"
    (organization,) = await office.organizations()
    assert (organization["credit_code"], organization["staff_count"]) == (None, 2)


async def test_a_merger_waits_for_the_one_that_goes_on(office: Office) -> None:
    await office.push(make.registered(1))
    (merger,) = await office.push(make.about("organization.merged", 1, into={"credit_code": credit_code(2)}))
    await office.drain()
    event = await make.event(office.api, office.organizer, merger)
    assert (event["state"], event["waiting_for"]) == ("parked", f"credit_code/{credit_code(2)}")
    await office.push(make.registered(2, name="广州市南沙区志愿服务联合会"))
    await office.drain()
    assert await office.state(merger) == "applied"


async def test_a_parked_message_that_still_waits_is_left_alone(office: Office) -> None:
    (early,) = await office.push(make.changed({"staff_count": 9}))
    await office.drain()
    await office.push(make.registered(2))
    assert (await office.drain())["unparked"] == 0
    assert await office.state(early) == "parked"
    replayed = await make.act(office.api, office.organizer, early, "replay")
    assert replayed.json()["state"] == "pending"
    await office.drain()
    assert await office.state(early) == "parked"
