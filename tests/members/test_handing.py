"""Members who go with their body, and the steps of development: what other procedures ask of this ledger."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from app.core.access import SYSTEM, Scope
from app.core.work import Shell, begin
from app.members import commands, errors
from app.members.rules import EndKind, MemberStatus
from app.members.schemas import MemberEnd
from tests.make import development
from tests.make import members as make

Headers = dict[str, str]
TODAY = date(2026, 11, 22)


async def rows(shell: Shell, statement: str, **parameters: Any) -> list[Any]:
    async with begin(shell, SYSTEM) as work:
        await work.admit(Scope(national=True))
        return list((await work.execute(text(statement), parameters)).all())


async def test_everybody_goes_with_the_body(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers, shell: Shell
) -> None:
    """A merge: affiliations, persons, open transfers and participations follow; who ended stays behind."""
    above = {"parent_id": await make.committee(api, organizer)}
    here = await make.branch(api, organizer, **above)
    there = await make.branch(api, organizer, name="合并后的党支部", **above)
    beyond = await make.committee(api, neighbour, division_code="330203", name="海曙区社会组织党委")
    far = await make.branch(api, neighbour, division_code="330203", name="海曙区党支部", parent_id=beyond)
    made = [await make.member(api, organizer, here, serial) for serial in range(1, 5)]
    gone = await make.act(
        api, organizer, f"/members/{made[3]['id']}/end", made[3]["etag"], kind="deceased", on="2026-01-05"
    )
    assert gone.status_code == 200
    part = {"party_organization_id": there, "kind": "secondary", "from_on": "2026-01-05"}
    await make.act(api, organizer, f"/members/{made[0]['id']}/participations", made[0]["etag"], **part)
    opened = []
    for member, to in ((made[1], there), (made[2], far)):
        address = f"/members/{member['id']}/transfers"
        asked = {"to_party_organization_id": to, "reason": "工作调动"}
        opened.append((await make.act(api, organizer, address, member["etag"], **asked)).json()["id"])
    away = await make.member(api, neighbour, far, 9)
    asked = {"to_party_organization_id": here, "reason": "工作调动"}
    coming = await make.act(api, neighbour, f"/members/{away['id']}/transfers", away["etag"], **asked)
    opened.append(coming.json()["id"])

    async with begin(shell, SYSTEM) as work:
        moved = await commands.hand_over(
            work, UUID(here), UUID(there), None, on=date(2026, 6, 1), reason="两个支部合并"
        )
        assert moved == 3
    for member in made[:3]:
        history = (await api.get(f"/members/{member['id']}/history", headers=organizer)).json()
        assert [
            (a["party_organization"]["id"], a["from_on"], a["until_on"], a["reason"])
            for a in history["affiliations"]
        ] == [(here, "2018-03-01", "2026-06-01", None), (there, "2026-06-01", None, "两个支部合并")]
        if member is made[0]:
            assert history["participations"][0]["until_on"] == "2026-06-01"
    read = [(await api.get(f"/transfers/{each}", headers=organizer)).json() for each in opened]
    ends = [(t["state"], t["from_party_organization"]["id"], t["to_party_organization"]["id"]) for t in read]
    assert ends == [("cancelled", here, there), ("requested", there, far), ("requested", far, there)]
    assert len(await rows(shell, "SELECT 1 FROM members WHERE party_organization_id = :b", b=here)) == 1
    told = "SELECT subject_id FROM {} WHERE {} = 'member.handed_over'"
    for table, column in (("audit_entries", "action"), ("events", "type")):
        found = await rows(shell, told.format(table, column))
        assert {str(row[0]) for row in found} == {each["id"] for each in made[:3]}

    # And some go on the same day, to the body that is split off; too early, elsewhere, no branch: refused.
    async with begin(shell, SYSTEM) as work:
        one = UUID(made[0]["id"])
        assert await commands.hand_over(
            work, UUID(there), UUID(here), [one], on=date(2026, 6, 1), reason="分设"
        )
        for member, to, on, error in (
            (one, here, date(2026, 6, 2), errors.MembersElsewhere),
            (UUID(made[1]["id"]), here, date(2026, 5, 1), errors.HandedOverTooEarly),
            (UUID(made[1]["id"]), make_unknown(), date(2026, 6, 2), errors.MemberInvalid),
        ):
            with pytest.raises(error):
                await commands.hand_over(work, UUID(there), UUID(to), [member], on=on, reason="分设")
    history = (await api.get(f"/members/{made[0]['id']}/history", headers=organizer)).json()["affiliations"]
    assert [(a["party_organization"]["id"], a["until_on"]) for a in history] == [
        (here, "2026-06-01"),
        (here, None),
    ]


def make_unknown() -> str:
    return "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"


async def test_from_the_application_to_full_membership(
    api: httpx.AsyncClient, organizer: Headers, shell: Shell
) -> None:
    branch = await make.branch(api, organizer)
    plan = make.plan(branch, 1, status="applicant", joined=None, full=None, id_number=None)
    made = await api.post("/members", json={**plan, "applied_on": "2023-01-05"}, headers=organizer)
    assert made.status_code == 201, made.text
    one = UUID(made.json()["id"])
    steps = (
        (MemberStatus.ACTIVIST, date(2023, 6, 1)),
        (MemberStatus.DEVELOPMENT_TARGET, date(2024, 7, 1)),
        (MemberStatus.ACTIVIST, date(2024, 8, 1)),
        (MemberStatus.DEVELOPMENT_TARGET, date(2024, 9, 1)),
        (MemberStatus.PROBATIONARY, date(2025, 1, 6)),
        (MemberStatus.FULL, date(2026, 1, 6)),
    )
    for status, on in steps:
        async with begin(shell, SYSTEM) as work:
            await work.admit(Scope(national=True))
            if status is MemberStatus.PROBATIONARY:
                with pytest.raises(errors.MemberInvalid):
                    await commands.advance_status(work, one, status, on, document="南社党〔2025〕1号")
        if status is MemberStatus.PROBATIONARY:
            now = await make.read(api, organizer, str(one))
            tagged = {**organizer, "If-Match": now["etag"]}
            body = {"id_number": make.id_number(1)}
            assert (await api.patch(f"/members/{one}", json=body, headers=tagged)).status_code == 200
        async with begin(shell, SYSTEM) as work:
            await work.admit(Scope(national=True))
            with pytest.raises(errors.StepBlocked):
                await commands.advance_status(work, one, MemberStatus.SUSPENDED, on, document=None)
            await commands.advance_status(work, one, status, on, document="南社党〔2025〕1号")
    read = await make.read(api, organizer, str(one))
    assert (read["status"], read["joined"]["on"], read["full"]["on"]) == ("full", "2025-01-06", "2026-01-06")
    history = (await api.get(f"/members/{one}/history", headers=organizer)).json()["statuses"]
    assert [s["status"] for s in history] == ["applicant", *(str(status) for status, _ in steps)]
    async with begin(shell, SYSTEM) as work:
        await work.admit(Scope(national=True))
        with pytest.raises(errors.StatusBlocked):
            await commands.conclude(work, one, MemberEnd(kind=EndKind.PROBATION_REVOKED))
        await commands.conclude(work, one, MemberEnd(kind=EndKind.RESIGNED, on=date(2026, 2, 1)))
    assert (await make.read(api, organizer, str(one)))["ended_kind"] == "resigned"


async def test_somebody_on_the_way_goes_on_elsewhere(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers
) -> None:
    """An applicant moves with the case; a member is transferred instead; the other body is in my scope."""
    where = await development.place(api, organizer)
    there = await make.branch(api, organizer, name="新单位党支部", parent_id=where.committee)
    far = await make.branch(api, neighbour, division_code="330203", name="海曙区党支部")
    case = await development.open_case(api, organizer, where.branch)
    applicant = await make.read(api, organizer, case["member"]["id"])
    assert "move" in applicant["allowed_actions"]
    address = f"/members/{applicant['id']}/move"

    async def move(address: str, tag: str, to: str, status: int, on: str = "2024-06-03") -> dict[str, Any]:
        order = {"to_party_organization_id": to, "on": on, "reason": "工作单位变动"}
        answer = await make.act(api, organizer, address, tag, **order)
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    full = await make.read(api, organizer, where.helpers[0])
    assert "move" not in full["allowed_actions"]
    assert (await move(f"/members/{full['id']}/move", full["etag"], there, 409))["code"] == (
        "member_status_blocked"
    )
    for to, code in ((far, "no_such_body"), (where.branch, "same_body")):
        refused = await move(address, applicant["etag"], to, 422)
        assert [fault["code"] for fault in refused["errors"]] == [code]
    await move(address, applicant["etag"], there, 409, on="2020-01-06")
    order = {"to_party_organization_id": there, "reason": "工作单位变动"}
    assert (await make.act(api, neighbour, address, "*", **order)).status_code == 404

    moved = await move(address, applicant["etag"], there, 200)
    assert moved["party_organization"]["id"] == there
    await move(address, applicant["etag"], where.branch, 412)
    went = (await api.get(f"/development-cases/{case['id']}", headers=organizer)).json()
    assert (went["party_organization"]["id"], went["state"], went["opened_on"]) == (
        there,
        "open",
        case["opened_on"],
    )
    history = (await api.get(f"/members/{applicant['id']}/history", headers=organizer)).json()
    assert [(a["party_organization"]["id"], a["until_on"]) for a in history["affiliations"]] == [
        (where.branch, "2024-06-03"),
        (there, None),
    ]
