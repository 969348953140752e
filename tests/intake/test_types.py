"""Every type of message reaches the ledger."""

import copy
from typing import Any

from app.intake.rules import EventType
from app.intake.schemas.documentation import EXAMPLES
from tests.intake.conftest import Office
from tests.make import authorities as make_authorities
from tests.make import intake as make


async def test_the_published_examples_are_all_applied(office: Office) -> None:
    """As they stand: the two organizations, the filed one and the authority that they name exist."""
    roles = [{"role": "supervisory_unit", "from_on": "2004-06-01"}]
    await make_authorities.authority(
        office.api, office.organizer, name="广州市南沙区教育局", division_code="440115", roles=roles
    )
    first = EXAMPLES[0]
    institution = copy.deepcopy(first)
    institution["data"] |= {"credit_code": "52440115MJL234567X", "name": "示例社会服务中心"}
    institution["data"]["kind"] = "service_institution"
    filed: dict[str, Any] = copy.deepcopy(first)
    filed["data"] |= {"credit_code": None, "kind": "community_filed", "registration_mode": "filed"}
    filed["data"]["identifiers"] = [{"scheme": "filing_number", "number": "南沙备字〔2025〕第018号"}]
    ids = await office.push(institution, filed, *EXAMPLES)
    done = await office.drain()
    assert {example["type"] for example in EXAMPLES} == set(EventType)
    for event_id in ids:
        event = await make.event(office.api, office.organizer, event_id)
        assert event["state"] == "applied", event
    assert done["applied"] >= len(ids)


async def test_what_each_message_says_is_read_in_the_ledger(office: Office) -> None:
    await office.push(
        make.registered(),
        make.registered(2, name="广州市南沙区志愿服务联合会"),
        make.changed({"staff_count": 8, "domicile_address": "示例路1号"}),
        make.changed({"domicile_address": None}, on="2021-01-01"),
        make.about(
            "organization.corrected",
            changes={"name": "南沙区青年志愿服务协会"},
            reason="名称录入有误",
            on="2016-05-04",
        ),
        make.about("officers.elected", officers=[{"name": "陈示例", "post": "会长", "is_principal": True}]),
        make.about(
            "charter.approved",
            approved_on="2020-01-01",
            clauses=[{"clause": "party_building", "wording": "2019"}],
        ),
        make.about("annual_report.filed", year=2019, result="passed"),
        make.about("evaluation.graded", grade="3A", graded_on="2020-01-01"),
        make.about("award.granted", name="先进社会组织", awarded_on="2020-01-01"),
        make.about("credit_listing.changed", list="abnormal", listed_on="2020-01-01"),
        make.about("penalty.imposed", penalty="warning", decided_on="2020-01-01"),
        make.about("organization.merged", on="2024-01-01", into={"credit_code": make.credit_code(2)}),
    )
    done = await office.drain()
    assert done["quarantined"] == 0
    read = {one["credit_code"]: one for one in await office.organizations()}[make.credit_code(1)]
    got = await office.api.get(f"/organizations/{read['id']}", headers=office.organizer)
    organization = got.json()
    assert organization["name"] == "南沙区青年志愿服务协会"
    assert (organization["staff_count"], organization["domicile_address"]) == (8, None)
    assert organization["registration_status"] == "merged"
    assert organization["merged_into"]["name"] == "广州市南沙区志愿服务联合会"


async def test_an_end_and_its_return(office: Office) -> None:
    async def status() -> str:
        await office.drain()
        return str((await office.organizations())[0]["registration_status"])

    await office.push(
        make.registered(), make.about("organization.deregistered", on="2021-01-01", reason="解散")
    )
    assert await status() == "deregistered"
    await office.push(make.about("organization.restored", on="2021-06-01", reason="行政复议撤销"))
    assert await status() == "normal"
    await office.push(
        make.about("organization.revoked", on="2022-01-01", kind="license_revoked", reason="违法")
    )
    assert await status() == "license_revoked"
