"""Duties of registration over HTTP: what opens, who owes it, how it is settled, waived, reopened, and
refused."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from tests.conftest import Actors
from tests.make import duties as make
from tests.make.duties import SURVEY
from tests.make.responsibility import City

RANDOM = "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"
Headers = dict[str, str]
CONTACT = {"name": "周敏", "phone": "13812345678", "named_on": "2026-03-05"}


async def registered(city: City, **fields: Any) -> str:
    """An organization that Nansha registered on Monday, 2 March 2026."""
    authority = city.authorities["南沙区民政局"]
    return str((await city.organization(registration_authority_id=authority, **fields))["id"])


async def test_a_registration_opens_its_duties(api: httpx.AsyncClient, city: City) -> None:
    """民函〔2016〕257号: letter and survey with the registration, both handed over within five working
    days."""
    organization = await registered(city)
    duties = await make.all_of(api, city.headers, organization)
    assert {kind: (d["due_on"], d["owed_by"], d["state"]) for kind, d in duties.items()} == {
        "commitment_letter": ("2026-03-02", "organization", "open"),
        "member_survey": ("2026-03-02", "organization", "open"),
        "hand_over": ("2026-03-09", "registration_authority", "open"),
        "setup_contact": ("2026-03-09", "responsible_body", "open"),
    }
    assert duties["hand_over"]["owed_by_authority"]["name"] == "南沙区民政局"
    assert duties["setup_contact"]["owed_by_party_organization"]["name"] == "南沙区社会组织党委"
    letter = duties["commitment_letter"]
    assert (letter["overdue"], letter["late"], letter["provisional"]) == (True, False, False)
    assert letter["title"]["zh"].startswith("《党建工作承诺书》")
    assert letter["division"] == {"code": "440115", "name": "南沙区"}
    assert letter["allowed_actions"] == ["commitment_letter", "waive"]
    one = await api.get(f"/duties/{letter['id']}", headers=city.headers)
    assert (one.json(), one.headers["ETag"]) == (letter, letter["etag"])


async def test_filed_organizations_owe_none(api: httpx.AsyncClient, city: City) -> None:
    organization = await registered(city, kind="community_filed", registration_mode="filed")
    assert await make.all_of(api, city.headers, organization) == {}


async def test_papers_come_in_and_go_on(api: httpx.AsyncClient, city: City, clerk: Headers) -> None:
    organization = await registered(city)
    early = await make.settle(api, clerk, organization, "hand-over", handed_over_on="2026-03-05")
    assert (early.status_code, early.json()["code"]) == (409, "papers_missing")
    assert [(r["code"], r["duty"]) for r in early.json()["reasons"]] == [
        ("paper_missing", "commitment_letter"),
        ("paper_missing", "member_survey"),
    ]
    await make.papers(api, clerk, organization, on="2026-03-06")
    before = await make.settle(api, clerk, organization, "hand-over", handed_over_on="2026-03-05")
    assert [r["code"] for r in before.json()["reasons"]] == ["paper_received_later"] * 2
    done = await make.settle(api, clerk, organization, "hand-over", handed_over_on="2026-03-10", note="快递")
    assert done.status_code == 200, done.text
    duty = done.json()
    assert (duty["state"], duty["done_on"], duty["late"], duty["overdue"]) == (
        "done",
        "2026-03-10",
        True,
        False,
    )
    assert duty["handed_over_to"]["name"] == "南沙区社会组织党委"
    assert duty["note"] == "快递"
    again = await make.settle(api, clerk, organization, "hand-over", handed_over_on="2026-03-10")
    assert (again.status_code, again.json()["code"]) == (409, "duty_not_open")


async def test_the_survey_says_who_must_establish(api: httpx.AsyncClient, city: City) -> None:
    organization = await registered(city)
    before = (await api.get(f"/organizations/{organization}/duties", headers=city.headers)).json()
    assert before["establishment"] is None
    recorded = await make.settle(
        api, city.headers, organization, "member-survey", received_on="2026-03-02", **SURVEY
    )
    assert recorded.status_code == 200, recorded.text
    duty = recorded.json()
    assert duty["must_establish"] is True
    assert duty["survey"] == SURVEY
    assert (
        duty["establishment"]["reason"]["zh"]
        == "正式党员4名, 达到3名的标准: 有3名以上正式党员的应当建立党支部"
    )
    assert (duty["establishment"]["basis"], duty["establishment"]["form"]) == ("full_members", "single")
    after = (await api.get(f"/organizations/{organization}/duties", headers=city.headers)).json()
    assert after["establishment"] == duty["establishment"]


async def test_ningbo_counts_full_time_staff(api: httpx.AsyncClient, actors: Actors) -> None:
    """甬民党〔2018〕14号 item 5: three full members among the full-time staff."""
    ningbo = City(api, await actors("organizer", division="330200"))
    organization = (await ningbo.organization(division_code="330212"))["id"]
    recorded = await make.settle(
        api, ningbo.headers, organization, "member-survey", received_on="2026-03-02", **SURVEY
    )
    verdict = recorded.json()["establishment"]
    assert (verdict["must_establish"], verdict["form"], verdict["threshold"]) == (
        False,
        "joint",
        "joint_branch",
    )


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"received_on": "2199-01-01"}, "/received_on", "day_in_future"),
        ({"full_time_staff_count": 10}, "/full_time_staff_count", "exceeds_staff"),
        ({"full_time_full_member_count": 5}, "/full_time_full_member_count", "exceeds_full_members"),
        ({"full_member_count": -1}, "/full_member_count", None),
        ({"full_member_count": "4"}, "/full_member_count", None),
        ({"full_member_count": None}, "/full_member_count", None),
        ({"names": ["x"]}, "/names", None),
    ],
)
async def test_surveys_refused(
    api: httpx.AsyncClient, city: City, change: dict[str, Any], pointer: str, code: str | None
) -> None:
    organization = await registered(city)
    body = {"received_on": "2026-03-02", **SURVEY, **change}
    refused = await make.settle(api, city.headers, organization, "member-survey", **body)
    assert refused.status_code == 422, refused.text
    fault = refused.json()["errors"][0]
    assert fault["pointer"] == pointer
    assert code in (None, fault["code"])
    assert (await make.all_of(api, city.headers, organization))["member_survey"]["state"] == "open"


async def test_hand_overs_refused(api: httpx.AsyncClient, actors: Actors) -> None:
    """Nobody answers in an empty district: the receiver must be named, and must stand."""
    empty = City(api, await actors("organizer", division="440000"))
    organization = (await empty.organization())["id"]
    await make.papers(api, empty.headers, organization)

    async def hand_over(**body: Any) -> httpx.Response:
        plan = {"handed_over_on": "2026-03-05", **body}
        return await make.settle(api, empty.headers, organization, "hand-over", **plan)

    nobody = await hand_over()
    assert (nobody.status_code, nobody.json()["code"]) == (409, "nobody_to_hand_to")
    unknown = await hand_over(party_organization_id=RANDOM)
    assert (unknown.status_code, unknown.json()["code"]) == (422, "receiver_unknown")
    early = await hand_over(handed_over_on="2026-03-01")
    assert (early.status_code, early.json()["code"]) == (422, "handed_over_before_registration")
    future = await hand_over(handed_over_on="2199-01-01")
    assert (future.status_code, future.json()["code"]) == (422, "day_in_future")
    named = await hand_over(party_organization_id=await empty.body("南沙区社会组织党委", "440115"))
    assert named.status_code == 200, named.text


async def test_a_contact_is_named_and_masked(api: httpx.AsyncClient, city: City, shell: Shell) -> None:
    """Xi'an 2021: 组建流程和具体联系人同步明确. The number lies encrypted."""
    organization = await registered(city)
    address = f"/organizations/{organization}/setup-contact/reveal"
    why = {"purpose": "set_up_party_organization", "reason": "通知组建会议"}
    none = await api.post(address, json=why, headers=city.headers)
    assert (none.status_code, none.json()["code"]) == (404, "setup_contact_not_found")
    named = await make.settle(api, city.headers, organization, "setup-contact", **CONTACT)
    assert named.status_code == 200, named.text
    contact = named.json()["contact"]
    assert (contact["name"], contact["phone_mask"], contact["named_on"]) == (
        "周敏",
        "138****5678",
        "2026-03-05",
    )
    assert contact["party_organization"]["name"] == "南沙区社会组织党委"
    assert "13812345678" not in named.text
    assert "reveal" in named.json()["allowed_actions"]
    revealed = await api.post(address, json=why, headers=city.headers)
    assert revealed.status_code == 200, revealed.text
    assert revealed.json()["phone"] == "13812345678"
    assert revealed.headers["Cache-Control"] == "no-store"
    other = await make.settle(
        api,
        city.headers,
        organization,
        "setup-contact",
        **{**CONTACT, "name": "吴强", "phone": "020-84981234"},
    )
    assert other.json()["contact"]["phone_mask"] == "020-****1234"
    assert other.json()["done_on"] == "2026-03-05"
    async with begin(shell, SYSTEM) as work:
        rows = (
            await work.execute(
                text("SELECT phone_cipher, replaced_at IS NULL FROM setup_contacts ORDER BY id")
            )
        ).all()
        audited = await work.scalar(
            text("SELECT count(*) FROM audit_entries WHERE action = 'setup_contact.revealed'")
        )
    assert [row[1] for row in rows] == [False, True]
    assert all(b"138" not in row[0] and b"8498" not in row[0] for row in rows)
    assert audited == 1


@pytest.mark.parametrize(
    "change", [{"phone": "12"}, {"name": ""}, {"named_on": "2199-01-01"}, {"named_on": None}]
)
async def test_contacts_refused(api: httpx.AsyncClient, city: City, change: dict[str, Any]) -> None:
    organization = await registered(city)
    refused = await make.settle(api, city.headers, organization, "setup-contact", **{**CONTACT, **change})
    assert refused.status_code == 422
    assert str(change.get("phone", "138")) not in refused.text.replace("13812345678", "")


async def test_reveals_need_a_fresh_proof_and_have_a_quota(
    api: httpx.AsyncClient, city: City, shell: Shell, actors: Actors
) -> None:
    organization = await registered(city)
    named = await make.settle(api, city.headers, organization, "setup-contact", **CONTACT)
    assert named.status_code == 200
    address = f"/organizations/{organization}/setup-contact/reveal"
    why = {"purpose": "supervision", "reason": "核实"}
    viewer = await actors("viewer", division="440115")
    assert (await api.post(address, json=why, headers=viewer)).status_code == 403
    shell.settings = shell.settings.model_copy(update={"reveals_per_day": 1})
    assert (await api.post(address, json=why, headers=city.headers)).status_code == 200
    spent = await api.post(address, json=why, headers=city.headers)
    assert (spent.status_code, spent.json()["code"]) == (429, "reveal_quota_used")
    shell.settings = shell.settings.model_copy(update={"reveal_reauthentication_minutes": 0})
    stale = await api.post(address, json=why, headers=city.headers)
    assert (stale.status_code, stale.json()["code"]) == (403, "fresh_sign_in_needed")


async def test_waiving_and_reopening(api: httpx.AsyncClient, city: City, clerk: Headers) -> None:
    organization = await registered(city)
    letter = (await make.all_of(api, city.headers, organization))["commitment_letter"]["id"]
    assert (await make.act(api, clerk, letter, "waive", reason="x")).status_code == 403
    assert (await make.act(api, city.headers, letter, "waive", reason=" ")).status_code == 422
    still = await make.act(api, city.headers, letter, "reopen", reason="x")
    assert (still.status_code, still.json()["code"]) == (409, "duty_open")
    waived = await make.act(api, city.headers, letter, "waive", reason="由上级统一收存")
    assert waived.status_code == 200, waived.text
    assert (waived.json()["state"], waived.json()["closed_reason"]) == ("waived", "由上级统一收存")
    twice = await make.act(api, city.headers, letter, "waive", reason="x")
    assert (twice.status_code, twice.json()["code"]) == (409, "duty_not_open")
    reopened = await make.act(api, clerk, letter, "reopen", reason="误操作")
    assert reopened.status_code == 200, reopened.text
    assert (reopened.json()["state"], reopened.json()["closed_reason"]) == ("open", None)


async def test_a_wrong_record_is_reopened(api: httpx.AsyncClient, city: City) -> None:
    organization = await registered(city)
    await make.papers(api, city.headers, organization)
    handed = await make.settle(api, city.headers, organization, "hand-over", handed_over_on="2026-03-05")
    duties = await make.all_of(api, city.headers, organization)
    survey = duties["member_survey"]["id"]
    kept = await make.act(api, city.headers, survey, "reopen", reason="人数有误")
    assert (kept.status_code, kept.json()["code"]) == (409, "papers_handed_over")
    assert (await make.act(api, city.headers, handed.json()["id"], "reopen", reason="x")).status_code == 200
    reopened = await make.act(api, city.headers, survey, "reopen", reason="人数有误")
    assert reopened.status_code == 200, reopened.text
    assert (reopened.json()["survey"], reopened.json()["must_establish"]) == (None, None)
    again = await make.settle(
        api,
        city.headers,
        organization,
        "member-survey",
        received_on="2026-03-03",
        **{**SURVEY, "full_member_count": 2},
    )
    assert again.json()["must_establish"] is False


async def test_versions(api: httpx.AsyncClient, city: City) -> None:
    organization = await registered(city)
    address, body = f"/organizations/{organization}/commitment-letter", {"received_on": "2026-03-02"}
    assert (await api.post(address, json=body, headers=city.headers)).status_code == 428
    stale = await api.post(address, json=body, headers={**city.headers, "If-Match": '"9"'})
    assert stale.status_code == 412
    first = (await make.all_of(api, city.headers, organization))["commitment_letter"]["etag"]
    done = await api.post(address, json=body, headers={**city.headers, "If-Match": first})
    assert done.status_code == 200, done.text
    assert done.headers["ETag"] == done.json()["etag"] != first
    unseen = {**city.headers, "If-None-Match": done.json()["etag"]}
    assert (await api.get(f"/duties/{done.json()['id']}", headers=unseen)).status_code == 304


async def test_the_end_of_an_organization_ends_its_duties(api: httpx.AsyncClient, city: City) -> None:
    organization = await registered(city)
    read = (await api.get(f"/organizations/{organization}", headers=city.headers)).json()
    ended = await api.post(
        f"/organizations/{organization}/deregister",
        json={"effective_on": "2026-06-01", "reason": "决议解散"},
        headers={**city.headers, "If-Match": read["etag"]},
    )
    assert ended.status_code == 200, ended.text
    duties = await make.all_of(api, city.headers, organization)
    assert {duty["state"] for duty in duties.values()} == {"lapsed"}
    assert all(duty["allowed_actions"] == [] for duty in duties.values())
    late = await make.settle(api, city.headers, organization, "commitment-letter", received_on="2026-03-02")
    assert late.json()["code"] == "duty_not_open"
    letter = duties["commitment_letter"]["id"]
    gone = await make.act(api, city.headers, letter, "reopen", reason="x")
    assert (gone.status_code, gone.json()["code"]) == (409, "duty_lapsed")


async def test_strangers_see_nothing(api: httpx.AsyncClient, city: City, stranger: Headers) -> None:
    organization = await registered(city)
    duty = (await make.all_of(api, city.headers, organization))["hand_over"]["id"]
    tag = {**stranger, "If-Match": '"1"'}
    for theirs, nowhere, body in (
        (f"/duties/{duty}", f"/duties/{RANDOM}", None),
        (f"/organizations/{organization}/duties", f"/organizations/{RANDOM}/duties", None),
        (f"/duties/{duty}/waive", f"/duties/{RANDOM}/waive", {"reason": "x"}),
        (f"/duties/{duty}/reopen", f"/duties/{RANDOM}/reopen", {"reason": "x"}),
        (
            f"/organizations/{organization}/hand-over",
            f"/organizations/{RANDOM}/hand-over",
            {"handed_over_on": "2026-03-05"},
        ),
        (
            f"/organizations/{organization}/setup-contact/reveal",
            f"/organizations/{RANDOM}/setup-contact/reveal",
            {"purpose": "supervision", "reason": "x"},
        ),
    ):
        method = "GET" if body is None else "POST"
        answers = [await api.request(method, path, json=body, headers=tag) for path in (theirs, nowhere)]
        assert answers[0].status_code == 404, theirs
        assert answers[0].content == answers[1].content
    assert (await api.get("/duties", headers=stranger)).json()["items"] == []
    domicile_reader = f"/duties/{duty}/waive"
    assert (await api.post(domicile_reader, json={"reason": "x"}, headers=stranger)).status_code == 428


async def test_who_only_reads_may_not_record(api: httpx.AsyncClient, city: City, actors: Actors) -> None:
    """A district sees what is domiciled there, but records only what it registered."""
    organization = await registered(city, domicile_division_code="440114")
    here = await actors("clerk", division="440114")
    assert (await api.get(f"/organizations/{organization}/duties", headers=here)).status_code == 200
    refused = await make.settle(api, here, organization, "commitment-letter", received_on="2026-03-02")
    assert refused.status_code == 403
