"""Lists and sight: which rows, in which order, with how many statements; one organization on one screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import event

from app.core.work import Shell
from tests.conftest import Actors
from tests.make import authorities, party_organizations
from tests.make import organizations as make
from tests.organizations.conftest import Desk


@contextmanager
def statements(shell: Shell) -> Iterator[list[str]]:
    """The statements that reach the database inside the block, none of them from memory."""
    seen: list[str] = []
    swift, shell.swift = shell.swift, None

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(shell.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(shell.engine.sync_engine, "before_cursor_execute", note)
        shell.swift = swift


async def names(api: httpx.AsyncClient, headers: dict[str, str], **query: Any) -> list[str]:
    answer = await api.get("/organizations", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return [row["name"] for row in answer.json()["items"]]


async def leads(shell: Shell, body_id: str, organization_id: str) -> None:
    """Let a body lead an organization, whatever the rules say: only the sight of it matters here."""
    await make.execute(
        shell,
        "DELETE FROM responsibilities WHERE organization_id = :organization",
        organization=organization_id,
    )
    await make.execute(
        shell,
        "INSERT INTO responsibilities (id, organization_id, party_organization_id, relation, rule_code,"
        " rule_source, valid) VALUES (gen_random_uuid(), :organization, :body, 'lead', 'r', 's',"
        " '[2016-01-01,)')",
        organization=organization_id,
        body=body_id,
    )


async def test_a_list_is_in_the_order_of_divisions_and_pages_by_key(
    api: httpx.AsyncClient, desk: Desk
) -> None:
    made = [
        await make.organization(api, desk.nation, name=f"协会{n}", division_code=code)
        for n, code in enumerate(["440115", "440103", "330200", "440115", "440106"])
    ]
    assert await names(api, desk.nation) == ["协会2", "协会1", "协会4", "协会0", "协会3"]
    seen, cursor = [], None
    while True:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {}), "division": "440000"}
        page = (await api.get("/organizations", params=query, headers=desk.nation)).json()
        seen += [row["id"] for row in page["items"]]
        cursor = page["next_cursor"]
        if not page["has_more"]:
            break
    assert seen == [made[n]["id"] for n in (1, 4, 0, 3)]
    total = await api.get("/organizations?include_total=true&limit=1", headers=desk.nation)
    assert total.json()["total"] == 5


async def test_a_cursor_of_another_filter_and_an_unknown_filter_are_refused(
    api: httpx.AsyncClient, desk: Desk
) -> None:
    for n in range(2):
        await make.organization(api, desk.clerk, name=f"协会{n}")
    cursor = (await api.get("/organizations?limit=1", headers=desk.clerk)).json()["next_cursor"]
    other = await api.get(f"/organizations?limit=1&kind=foundation&cursor={cursor}", headers=desk.clerk)
    assert (other.status_code, other.json()["code"]) == (400, "bad_cursor")
    for query in (
        "colour=red",
        "limit=0",
        "limit=201",
        "kind=club",
        "as_of=2020-02-30",
        "name=%00",
        "offset=1",
    ):
        assert (await api.get(f"/organizations?{query}", headers=desk.clerk)).status_code == 422, query


async def test_filters_narrow_the_list(api: httpx.AsyncClient, desk: Desk) -> None:
    bureau = await authorities.approval_bureau(api, desk.nation)
    await make.organization(
        api, desk.nation, name="甲协会", credit_code=make.credit_code(1), domicile_division_code="440106",
        registration_authority_id=bureau["id"], decoupled=True, is_trade_association=True, industry="law",
        established_on="2019-06-01",
    )  # fmt: skip
    await make.organization(api, desk.nation, name="乙基金会", kind="foundation", registration_mode="dual")
    gone = await make.organization(api, desk.nation, name="丙协会")
    await make.act(api, desk.nation, gone["id"], "deregister", effective_on="2023-01-01", reason="决议")
    only: dict[str, tuple[dict[str, Any], list[str]]] = {
        "code": ({"credit_code": make.credit_code(1)}, ["甲协会"]),
        "kind": ({"kind": "foundation"}, ["乙基金会"]),
        "status": ({"registration_status": "deregistered"}, ["丙协会"]),
        "mode": ({"registration_mode": "dual"}, ["乙基金会"]),
        "authority": ({"registration_authority_id": bureau["id"]}, ["甲协会"]),
        "decoupled": ({"decoupled": True}, ["甲协会"]),
        "trade": ({"is_trade_association": True}, ["甲协会"]),
        "industry": ({"industry": "law"}, ["甲协会"]),
        "domicile": ({"domicile_division": "440100"}, ["甲协会"]),
        "since": ({"established_from": "2019-01-01"}, ["甲协会"]),
        "until": ({"established_until": "2019-01-01"}, ["乙基金会", "丙协会"]),
        "division": ({"division": "330000"}, []),
        "unled": ({"has_responsible_body": False}, ["甲协会", "乙基金会", "丙协会"]),
        "led": ({"has_responsible_body": True}, []),
        "covered": ({"has_party_organization": True}, []),
        "doubtful": ({"has_open_finding": True}, []),
        "then": ({"as_of": "2018-01-01"}, ["乙基金会", "丙协会"]),
        "ended then": ({"as_of": "2022-12-31", "registration_status": "deregistered"}, []),
        "active then": ({"as_of": "2022-12-31", "registration_status": "normal", "kind": "association"},
                        ["甲协会", "丙协会"]),
    }  # fmt: skip
    for what, (query, expected) in only.items():
        assert await names(api, desk.nation, **query) == expected, what


async def test_a_name_is_found_by_its_beginning_and_by_what_it_was(
    api: httpx.AsyncClient, desk: Desk
) -> None:
    row = await make.organization(api, desk.clerk, name="红棉志愿会")
    await make.organization(api, desk.clerk, name="蓝天救援会")
    await make.patch(api, desk.clerk, row["id"], name="木棉志愿会")
    assert await names(api, desk.clerk, name="红棉") == ["木棉志愿会"]
    assert await names(api, desk.clerk, name="木棉") == ["木棉志愿会"]
    for nothing in ("棉", "%", "_", "红棉志愿会的"):
        assert await names(api, desk.clerk, name=nothing) == []


async def test_what_is_covered_and_led_then_and_now(api: httpx.AsyncClient, desk: Desk, shell: Shell) -> None:
    row = await make.organization(api, desk.nation)
    branch = await party_organizations.body(api, desk.nation)
    group = await party_organizations.body(
        api, desk.nation, kind="work_team", formation=None, name="工作小组"
    )
    await party_organizations.cover(api, desk.nation, group["id"], row["id"])
    assert await names(api, desk.nation, has_party_organization=True) == []
    await party_organizations.cover(api, desk.nation, branch["id"], row["id"], from_on="2020-01-01")
    await leads(shell, branch["id"], row["id"])
    assert await names(api, desk.nation, has_party_organization=True) == [row["name"]]
    assert await names(api, desk.nation, has_party_organization=False) == []
    assert await names(api, desk.nation, has_party_organization=True, as_of="2019-12-31") == []
    assert await names(api, desk.nation, has_responsible_body=True, as_of="2019-12-31") == [row["name"]]
    screen = (await api.get(f"/organizations/{row['id']}/overview", headers=desk.nation)).json()
    assert {(c["party_organization"]["name"], c["counts_as_primary"]) for c in screen["covers"]} == {
        (branch["name"], True), (group["name"], False),
    }  # fmt: skip


# --- sight --------------------------------------------------------------------------------------------------


async def test_a_domicile_in_the_scope_shows_and_does_not_open(api: httpx.AsyncClient, desk: Desk) -> None:
    row = await make.organization(
        api, desk.nation, name="省属协会", division_code="440000", domicile_division_code="440115"
    )
    assert await names(api, desk.clerk) == []
    listed = await api.get("/organizations?division_basis=domicile", headers=desk.clerk)
    assert [(r["name"], r["allowed_actions"]) for r in listed.json()["items"]] == [("省属协会", [])]
    assert await names(api, desk.clerk, division_basis="domicile", division="440100") == ["省属协会"]
    assert (await make.read(api, desk.clerk, row["id"]))["allowed_actions"] == []
    refused = await make.patch(api, desk.clerk, row["id"], staff_count=1)
    assert (refused.status_code, refused.json()["code"]) == (403, "read_only_by_domicile")
    assert (await make.patch(api, desk.nation, row["id"], staff_count=1)).status_code == 200
    assert await names(api, desk.ningbo, division_basis="domicile") == []


async def test_a_body_sees_and_records_what_its_subtree_leads(
    api: httpx.AsyncClient, desk: Desk, shell: Shell, actors: Actors
) -> None:
    upper = await party_organizations.body(api, desk.nation, kind="committee", name="综合党委")
    lower = await party_organizations.body(
        api, desk.nation, kind="branch", parent_id=upper["id"], name="联合党支部"
    )
    mine = await make.organization(api, desk.nation, name="所领导的协会")
    await make.organization(api, desk.nation, name="旁人的协会")
    await leads(shell, lower["id"], mine["id"])
    head = await actors("organizer", body=UUID(upper["id"]))
    assert await names(api, head) == ["所领导的协会"]
    assert (await make.patch(api, head, mine["id"], staff_count=4)).status_code == 200
    await leads(shell, lower["id"], mine["id"])
    mixed = await make.also(shell, division="330200", body=UUID(upper["id"]))
    await make.organization(api, desk.ningbo, name="宁波协会", division_code="330200")
    assert await names(api, mixed) == ["宁波协会", "所领导的协会"]
    refused = await api.post("/organizations", json=make.registration(), headers=head)
    assert (refused.status_code, refused.json()["code"]) == (403, "division_outside_scope")


@pytest.mark.parametrize(
    "path", ["", "?as_of=2020-01-01", "?division_basis=domicile&has_party_organization=false"]
)
async def test_a_list_takes_the_same_number_of_statements_however_long(
    api: httpx.AsyncClient, desk: Desk, shell: Shell, path: str
) -> None:
    counts = []
    for total in (1, 6):
        while len(await names(api, desk.clerk)) < total:
            await make.organization(api, desk.clerk, domicile_division_code="440115")
        with statements(shell) as seen:
            answer = await api.get(f"/organizations{path}", headers=desk.clerk)
        assert len(answer.json()["items"]) == total
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 3


# --- one screen ---------------------------------------------------------------------------------------------


async def test_one_screen_holds_everything_in_one_statement(
    api: httpx.AsyncClient, desk: Desk, shell: Shell
) -> None:
    row = await make.organization(
        api, desk.nation, credit_code=make.credit_code(4), member_count=0, party_member_count=3,
        contact_phone="13900001234",
    )  # fmt: skip
    branch = await party_organizations.body(api, desk.nation)
    await party_organizations.cover(api, desk.nation, branch["id"], row["id"])
    await leads(shell, branch["id"], row["id"])
    await make.add(api, desk.nation, row["id"], "credit-listings", list="abnormal", listed_on="2025-01-01")
    await make.add(
        api, desk.nation, row["id"], "charter-clauses",
        clause="core_values", wording="own", approved_on="2021-04-01",
    )  # fmt: skip
    with statements(shell) as seen:
        answer = await api.get(f"/organizations/{row['id']}/overview", headers=desk.nation)
    assert answer.status_code == 200
    assert len([s for s in seen if "organizations" in s]) == 1
    screen = answer.json()
    assert screen["organization"] == await make.read(api, desk.nation, row["id"])
    assert screen["responsibility"]["lead"]["party_organization"]["id"] == branch["id"]
    assert (screen["responsibility"]["lead"]["since"], screen["responsibility"]["joint"]) == (
        "2016-01-01",
        [],
    )
    assert [c["party_organization"]["id"] for c in screen["covers"]] == [branch["id"]]
    assert screen["four_clears"] == {
        "organization": {"known": True, "count": None},
        "member_count": {"known": True, "count": 0},
        "party_organizations": {"known": True, "count": 1},
        "party_member_count": {"known": True, "count": 3},
        "cleared": 4,
    }
    assert [c["list"] for c in screen["credit_listings"]] == ["abnormal"]
    assert [c["clause"] for c in screen["charter_clauses"]] == ["core_values"]
    assert len(screen["latest_facts"]) == 10
    unchanged = await api.get(
        f"/organizations/{row['id']}/overview",
        headers={**desk.nation, "If-None-Match": answer.headers["etag"]},
    )
    assert unchanged.status_code == 304


async def test_what_is_not_known_is_not_clear(api: httpx.AsyncClient, desk: Desk) -> None:
    filed = await make.organization(api, desk.clerk, kind="community_filed", registration_mode="filed")
    place = f"/organizations/{filed['id']}/overview"
    assert (await api.get(place, headers=desk.clerk)).json()["four_clears"]["cleared"] == 0
    await make.add(
        api, desk.clerk, filed["id"], "identifiers", scheme="filing_number", number="南社备〔2020〕7号"
    )
    assert (await api.get(place, headers=desk.clerk)).json()["four_clears"]["cleared"] == 1
    without = await make.organization(api, desk.clerk, kind="foundation")
    clears = (await api.get(f"/organizations/{without['id']}/overview", headers=desk.clerk)).json()
    assert clears["four_clears"]["member_count"] == {"known": True, "count": None}
