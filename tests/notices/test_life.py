"""A notice from its draft to the last addressee struck off; two people wherever two are asked for."""

from datetime import date

import httpx

from tests.conftest import Actors
from tests.make import notices as make
from tests.make import party_organizations
from tests.notices.conftest import Office, Organizations


async def test_from_draft_to_struck_off(
    api: httpx.AsyncClient, office: Office, several: Organizations
) -> None:
    one, two = await several(2)
    body = make.plan(office.sign_id, {"organization_id": one}, {"organization_id": two})
    draft = await make.draft(api, office.clerk, body)
    assert (draft["state"], draft["number"], draft["allowed_actions"]) == (
        "draft",
        None,
        ["change", "submit"],
    )
    assert (await api.get(f"/notices/{draft['id']}", headers=office.county)).status_code == 404
    early = await make.act(api, office.organizer, f"/notices/{draft['id']}/issue", draft["etag"])
    assert early.json()["code"] == "notice_state_forbids"
    row = await make.step(api, office.clerk, draft, "submit")
    sent_back = await make.step(api, office.organizer, row, "approve", approved=False, reason="标题不妥")
    assert (sent_back["state"], sent_back["sent_back_reason"]) == ("draft", "标题不妥")
    changed = await api.patch(
        f"/notices/{draft['id']}",
        json={"title": "关于按期报送情况的督办函"},
        headers={**office.clerk, "If-Match": sent_back["etag"]},
    )
    assert changed.status_code == 200, changed.text
    row = await make.step(api, office.clerk, changed.json(), "submit")
    row = await make.step(api, office.organizer, row, "approve")
    row = await make.step(api, office.organizer, row, "issue")
    year = date.fromisoformat(row["issued_on"]).year
    assert (row["number"], row["state"], row["due_on"] > row["issued_on"]) == (
        f"穗社党〔{year}〕1号", "issued", True,
    )  # fmt: skip
    assert len(row["content_sha256"]) == 64
    again = await make.act(api, office.organizer, f"/notices/{row['id']}/issue", row["etag"])
    assert (again.status_code, again.json()["code"]) == (409, "notice_state_forbids")


async def test_answered_returned_put_right_and_struck_off(
    api: httpx.AsyncClient, office: Office, several: Organizations
) -> None:
    one, two = await several(2)
    body = make.plan(office.sign_id, {"organization_id": one}, {"organization_id": two})
    row = await make.issued(api, office.clerk, office.organizer, body)
    first, year = row["addressees"][0], date.fromisoformat(row["issued_on"]).year
    seen = await make.addressee(api, office.county, first["id"])
    assert seen["allowed_actions"] == ["receive", "reply", "ask_extension"]
    got = await make.act(api, office.county, f"/notice-addressees/{seen['id']}/receive", seen["etag"])
    assert got.json()["state"] == "received"
    opened = await make.act(
        api, office.organizer, f"/notice-addressees/{seen['id']}/rectifications", finding="未建立党员台账"
    )
    assert opened.status_code == 201, opened.text
    item = opened.json()["rectifications"][0]
    answered = await make.act(
        api,
        office.county,
        f"/notice-addressees/{seen['id']}/answers",
        text="已于本月报送。",
        evidence=[{"document": "南社党〔2026〕3号"}],
    )
    assert (answered.status_code, answered.json()["late"]) == (201, False), answered.text
    twice = await make.act(api, office.county, f"/notice-addressees/{seen['id']}/answers", text="再报。")
    assert twice.json()["code"] == "notice_answered_already"
    back = await make.act(
        api,
        office.organizer,
        f"/notice-addressees/{seen['id']}/verify",
        answered.json()["etag"],
        accepted=False,
        reason="数据不全",
        answer_days=3,
    )
    assert (back.json()["state"], back.json()["round"], back.json()["late"]) == ("returned", 2, None)
    answered = await make.act(api, office.county, f"/notice-addressees/{seen['id']}/answers", text="已补齐。")
    verified = await make.act(
        api,
        office.organizer,
        f"/notice-addressees/{seen['id']}/verify",
        answered.json()["etag"],
        accepted=True,
    )
    assert [a["verdict"] for a in verified.json()["answers"]] == ["returned", "accepted"]
    close = f"/notice-addressees/{seen['id']}/close"
    refused = await make.act(api, office.organizer, close, verified.json()["etag"])
    assert refused.json()["code"] == "rectifications_open"
    address = f"/notice-addressees/{seen['id']}/rectifications/{item['id']}"
    report = {"measure": "补建台账", "responsible_post": "党支部书记"}
    bare = await make.act(api, office.county, f"{address}/report", item["etag"], **report)
    item = bare.json()["rectifications"][0]
    missing = await make.act(api, office.organizer, f"{address}/close", item["etag"])
    assert missing.json()["code"] == "rectification_evidence_missing"
    shown = {**report, "evidence": [{"document": "台账照片三张, 存党建办"}]}
    proved = await make.act(api, office.county, f"{address}/report", item["etag"], **shown)
    item = proved.json()["rectifications"][0]
    struck = await make.act(api, office.organizer, f"{address}/close", item["etag"])
    assert struck.json()["rectifications"][0]["state"] == "closed", struck.text
    closed = await make.act(api, office.organizer, close, struck.json()["etag"])
    assert (closed.json()["state"], closed.json()["allowed_actions"]) == ("closed", [])

    await withdrawn_after(api, office, row["id"])
    after = await make.issued(api, office.clerk, office.organizer, body)
    assert after["number"] == f"穗社党〔{year}〕2号"


async def withdrawn_after(api: httpx.AsyncClient, office: Office, notice_id: str) -> None:
    """Whoever is struck off stays so; the number is voided and stays in the register."""
    row = (await api.get(f"/notices/{notice_id}", headers=office.organizer)).json()
    assert [a["state"] for a in row["addressees"]] == ["closed", "waiting"]
    withdrawn = await make.step(api, office.organizer, row, "withdraw", reason="另行印发", void_number=True)
    assert [a["state"] for a in withdrawn["addressees"]] == ["closed", "withdrawn"]
    register = await api.get(f"/document-signs/{office.sign_id}/numbers", headers=office.clerk)
    assert [(n["serial"], n["state"], n["voided_reason"]) for n in register.json()["items"]] == [
        (1, "voided", "另行印发")
    ]


async def test_a_second_person_every_time(
    api: httpx.AsyncClient, actors: Actors, office: Office, several: Organizations
) -> None:
    (one,) = await several(1)
    alone = office.organizer
    row = await make.draft(api, alone, make.plan(office.sign_id, {"organization_id": one}))
    row = await make.step(api, alone, row, "submit")
    assert "approve" not in row["allowed_actions"]
    own = await make.act(api, alone, f"/notices/{row['id']}/approve", row["etag"])
    assert (own.status_code, own.json()["code"]) == (409, "notice_second_person_needed")
    approver = await actors("approver", division="440000")
    row = await make.step(api, approver, row, "approve")
    row = await make.step(api, alone, row, "issue")
    where = f"/notice-addressees/{row['addressees'][0]['id']}"
    late = await make.act(api, alone, f"{where}/extensions", until_on="2199-01-01", reason="等候换届")
    assert late.status_code == 201, late.text
    waits = await make.act(api, alone, f"{where}/extensions", until_on="2199-01-02", reason="等候换届")
    assert waits.json()["code"] == "notice_extension_waits"
    decide = await make.act(api, alone, f"{where}/extensions/decide", late.json()["etag"])
    assert decide.json()["code"] == "notice_second_person_needed"
    other = await actors("organizer", division="440100")
    granted = await make.act(api, other, f"{where}/extensions/decide", late.json()["etag"])
    assert (granted.json()["due_on"], granted.json()["extensions"][0]["state"]) == ("2199-01-01", "granted")
    none = await make.act(api, other, f"{where}/extensions/decide", granted.json()["etag"])
    assert none.json()["code"] == "notice_extension_not_asked"
    answered = await make.act(api, alone, f"{where}/answers", text="已办。")
    for verb, fields in (("verify", {"accepted": True}),):
        own = await make.act(api, alone, f"{where}/{verb}", answered.json()["etag"], **fields)
        assert own.json()["code"] == "notice_second_person_needed"


async def test_what_may_not_be_held_or_sent(
    api: httpx.AsyncClient, office: Office, several: Organizations, actors: Actors
) -> None:
    (one,) = await several(1)
    to = {"organization_id": one}
    for fields in (
        {"secrecy": "secret"},
        {"title": "机密★1年 关于有关情况的函"},
        {"paragraphs": [{"text": "第一段。\n　秘 密　\n第二段。"}]},
        {"attachments": ["密级：绝密"]},
        {"figures": [{"title": "一", "as_of": "2026-01-01", "source": "x", "content": {"a": ["【秘密】"]}}]},
    ):
        body = make.plan(office.sign_id, to, **fields)
        refused = await api.post("/notices", json=body, headers=office.clerk)
        assert (refused.status_code, refused.json()["code"]) == (422, "secrets_not_held"), fields
    plain = make.plan(office.sign_id, to, paragraphs=[{"text": "要保守党的秘密和商业秘密。"}])
    assert (await api.post("/notices", json=plain, headers=office.clerk)).status_code == 201
    twice = await api.post("/notices", json=make.plan(office.sign_id, to, to), headers=office.clerk)
    assert twice.json()["code"] == "notice_addressed_twice"
    wrong = make.plan(None, {}, {"organization_id": one, "authority_id": one}, answer_days=None)
    found = (await api.post("/notices", json=wrong, headers=office.clerk)).json()
    assert {(e["pointer"], e["code"]) for e in found["errors"]} == {
        ("/addressees/0", "one_target"),
        ("/addressees/1", "one_target"),
        ("/answer_days", "deadline_required"),
        ("/sign_id", "sign_required"),
    }
    neighbour = await actors("organizer", division="330000")
    foreign = await api.post("/notices", json=make.plan(office.sign_id, to), headers=neighbour)
    assert {e["pointer"] for e in foreign.json()["errors"]} == {"/sign_id", "/addressees/0/organization_id"}
    taken = await api.post(
        "/document-signs",
        json={"sign": "穗社党", "party_organization_id": office.body_id},
        headers=office.organizer,
    )
    assert taken.json()["code"] == "document_sign_taken"


async def test_what_others_issued_is_recorded_as_it_is_printed(
    api: httpx.AsyncClient, office: Office
) -> None:
    branch = await party_organizations.body(api, office.organizer)
    plan = {
        "kind": "circular",
        "party_organization_id": office.body_id,
        "issuer_name": "中共昌州区社会工作委员会",
        "number": "昌州社党工字〔2015〕08号",
        "title": "关于两个覆盖工作情况的通报",
        "issued_on": "2026-01-05",
        "addressees": [{"party_organization_id": branch["id"]}],
        "reply_required": True,
        "answer_days": 5,
    }
    made = await api.post("/notices/recorded", json=plan, headers=office.clerk)
    assert (made.status_code, made.json()["number"]) == (201, "昌州社党工字〔2015〕08号"), made.text
    assert made.json()["due_on"] == "2026-01-12"
    again = await api.post("/notices/recorded", json=plan, headers=office.clerk)
    assert again.json()["code"] == "notice_recorded_already"
    bad = await api.post("/notices/recorded", json={**plan, "number": "无文号"}, headers=office.clerk)
    assert bad.json()["errors"][0]["pointer"] == "/number"
    where = made.json()["addressees"][0]["id"]
    late = await make.act(api, office.county, f"/notice-addressees/{where}/answers", text="已转达。")
    assert (late.status_code, late.json()["late"]) == (201, True), "late, and taken"
    none = await api.get(f"/notices/{made.json()['id']}/document", headers=office.clerk)
    assert none.json()["code"] == "notice_not_issued"
