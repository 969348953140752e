"""A list held against the ledger: what only one of both has, and fact by fact how they differ."""

from typing import Any

import httpx
import pytest

from app import worker
from app.core.work import Shell
from tests.imports.conftest import Send
from tests.make.organizations import Headers, credit_code, organization, read
from tests.make.tables import as_xlsx

HEADING = [
    "社会组织名称",
    "统一社会信用代码",
    "社会组织类型",
    "法定代表人",
    "成立登记日期",
    "登记状态",
    "联系电话",
]
NAMES = ("青年志愿者协会", "读书会", "书画社")


async def post(
    api: httpx.AsyncClient, headers: Headers, path: str, etag: str, body: Any = None
) -> httpx.Response:
    return await api.post(path, json=body, headers={**headers, "If-Match": etag})


@pytest.fixture
async def held(api: httpx.AsyncClient, clerk: Headers, shell: Shell, send: Send) -> dict[str, Any]:
    """Three organizations here; a list of two of them, one with another representative, and a new one."""
    for serial, name in enumerate(NAMES, start=1):
        await organization(
            api, clerk, name=name, credit_code=credit_code(serial), legal_representative="陈某"
        )
    listed = [
        HEADING,
        [NAMES[0], credit_code(1), "社会团体", "李某", "2016/5/4", "正常", "13800138000"],
        [NAMES[1], credit_code(2), "社团", "陈某", "2016年5月4日", "正常", ""],
        ["新设协会", credit_code(4), "社会团体", "王某", "2024-01-02", "正常", ""],
        ["坏行", "51", "社会团体", "", "", "", ""],
    ]
    file = await send("名单.xlsx", as_xlsx(listed))
    body = {"file_id": file["id"], "division_code": "440115"}
    started = await api.post("/reconciliations", json=body, headers=clerk)
    assert started.status_code == 202, started.text
    while await worker._operations(shell, lambda: False):
        pass
    found = await api.get(f"/reconciliations/{started.json()['id']}", headers=clerk)
    return dict(found.json())


async def test_differences_are_found_and_settled(
    api: httpx.AsyncClient, clerk: Headers, held: dict[str, Any]
) -> None:
    """One is accepted, one explained, one becomes a finding; absence is never accepted."""
    counts = ("state", "rows", "matched", "refused", "only_in_file", "only_here", "different", "open")
    assert [held[name] for name in counts] == ["succeeded", 4, 2, 1, 1, 1, 1, 3]
    at = f"/reconciliations/{held['id']}"
    listed = (await api.get(f"{at}/differences", headers=clerk)).json()["items"]
    by_kind = {item["kind"]: item for item in listed}
    differs, new, absent = (by_kind[kind] for kind in ("different", "only_in_file", "only_here"))
    assert (differs["fact"], differs["in_file"], differs["here"]) == ("legal_representative", "李某", "陈某")
    assert (absent["name"], absent["allowed_actions"]) == (NAMES[2], ["explain", "open-finding"])
    stale = await post(api, clerk, f"{at}/differences/{differs['id']}/accept", '"7"')
    assert stale.status_code == 412
    accepted = await post(api, clerk, f"{at}/differences/{differs['id']}/accept", differs["etag"])
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted"), accepted.text
    assert (await read(api, clerk, differs["organization"]["id"]))["legal_representative"] == "李某"
    facts = (
        await api.get(
            f"/organizations/{differs['organization']['id']}/facts",
            params={"fact": "legal_representative"},
            headers=clerk,
        )
    ).json()["items"]
    assert {fact["source"] for fact in facts} == {"human", "import"}
    again = await post(api, clerk, f"{at}/differences/{differs['id']}/accept", accepted.json()["etag"])
    assert again.json()["code"] == "difference_settled"
    refused = await post(api, clerk, f"{at}/differences/{absent['id']}/accept", absent["etag"])
    assert (refused.status_code, refused.json()["code"]) == (409, "difference_not_acceptable")
    looked = await post(
        api, clerk, f"{at}/differences/{absent['id']}/open-finding", absent["etag"], {"reason": "请核实"}
    )
    assert looked.json()["state"] == "finding_opened", looked.text
    findings = (
        await api.get("/organization-findings", params={"kind": "absent_from_list"}, headers=clerk)
    ).json()
    assert [f["organization"]["id"] for f in findings["items"]] == [absent["organization"]["id"]]
    assert (await read(api, clerk, absent["organization"]["id"]))["registration_status"] == "normal"
    explained = await post(
        api, clerk, f"{at}/differences/{new['id']}/explain", new["etag"], {"reason": "另行登记"}
    )
    assert explained.json()["state"] == "explained"


async def test_all_of_a_kind_are_accepted_by_a_colleague(
    api: httpx.AsyncClient, clerk: Headers, shell: Shell, held: dict[str, Any], actors: Any
) -> None:
    """The file is its requester's, the reconciliation the division's."""
    colleague = await actors("organizer", division="440115")
    at = f"/reconciliations/{held['id']}"
    done = await post(api, colleague, f"{at}/accept", held["etag"], {"kind": "only_in_file"})
    assert done.status_code == 202, done.text
    while await worker._operations(shell, lambda: False):
        pass
    operation = (await api.get(f"/operations/{done.json()['id']}", headers=colleague)).json()
    assert (operation["state"], operation["report"]["accepted"]) == ("succeeded", 1), operation
    found = (await api.get("/organizations", params={"credit_code": credit_code(4)}, headers=clerk)).json()[
        "items"
    ]
    assert [(o["name"], o["established_on"]) for o in found] == [("新设协会", "2024-01-02")]
    never = await post(
        api,
        colleague,
        f"{at}/accept",
        (await api.get(at, headers=colleague)).headers["etag"],
        {"kind": "only_here"},
    )
    assert never.json()["code"] == "difference_not_acceptable"
