"""What brings a body to a standstill is found with the day since when it is so, and closed by its cure."""

from typing import Any
from uuid import UUID

import httpx

from app import worker
from app.core.access import NATIONAL, SYSTEM
from app.core.work import Shell, begin
from app.warnings import queries
from app.warnings.rules import WarningKind
from tests.make import meetings
from tests.make import members as people
from tests.make import organizations as ledger
from tests.make import party_organizations as bodies
from tests.make import posts as make
from tests.make.organizations import credit_code

Headers = dict[str, str]


async def found(
    api: httpx.AsyncClient, headers: Headers, body_id: str, state: str = "open"
) -> dict[str, dict[str, Any]]:
    """The warnings about a body by kind."""
    got = await api.get(
        "/paralysis-warnings",
        params={"party_organization_id": body_id, "state": state},
        headers=headers,
    )
    assert got.status_code == 200, got.text
    return {warning["kind"]: warning for warning in got.json()["items"]}


def since(warnings: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {kind: warning["since_on"] for kind, warning in warnings.items()}


async def test_warnings_open_and_close_with_the_ledgers(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers, shell: Shell
) -> None:
    branch = await people.branch(api, organizer, founded_on="2016-07-01")
    at = f"/party-organizations/{branch}"
    await worker.drain(shell)
    bare = await found(api, organizer, branch)
    assert since(bare) == {
        "no_secretary": "2016-07-01",
        "too_few_full_members": "2016-07-01",
        "no_meeting": "2017-01-01",
    }
    few = bare["too_few_full_members"]
    assert few["evidence"] == {"count": 0, "last_on": None, "record_id": None}
    assert (few["rule"]["text"]["zh"], few["rule"]["threshold"], few["rule"]["verified"]) == (
        "正式党员少于3名", 3, True,
    )  # fmt: skip
    assert await found(api, neighbour, branch) == {}

    # What mends it closes it, on the day of the change where the ledgers know it.
    ids = await make.members(api, organizer, branch, 3)
    term = await make.post(
        api, organizer, f"{at}/terms", {"from_on": "2020-03-01", "document": "批复〔2020〕1号"}
    )
    review = {**make.REVIEW, "member_id": ids[0], "role": "secretary"}
    await make.post(api, organizer, f"{at}/nominee-reviews", review)
    plan = {"member_id": ids[0], "role": "secretary", "from_on": "2024-07-01", "document": "任〔2024〕1号"}
    post = await make.post(api, organizer, f"{at}/posts", plan)
    meeting = await meetings.meeting(api, organizer, branch, held_on="2026-11-05")
    await worker.drain(shell)
    assert since(await found(api, organizer, branch)) == {"term_expired": "2023-03-01"}
    closed = await found(api, organizer, branch, "closed")
    assert {kind: warning["closed_by"] for kind, warning in closed.items()} == {
        "no_secretary": "secretary_in_post",
        "too_few_full_members": "members_came",
        "no_meeting": "meeting_held",
    }
    assert closed["no_secretary"]["closed_on"] == "2024-07-01"
    assert closed["no_meeting"]["closed_on"] == meeting["held_on"]
    expired = (await found(api, organizer, branch))["term_expired"]
    assert expired["evidence"]["record_id"] == term["id"]

    # What goes wrong again opens anew, since the day on which it went wrong.
    ended = {"on": "2026-02-05", "reason": "resigned"}
    await make.post(
        api, organizer, f"/party-posts/{post['id']}/end", ended, 200, **{"If-Match": post["etag"]}
    )
    member = await people.read(api, organizer, ids[1])
    gone = await people.act(
        api, organizer, f"/members/{ids[1]}/end", member["etag"], kind="deceased", on="2026-03-05"
    )
    assert gone.status_code == 200, gone.text
    await worker.drain(shell)
    again = await found(api, organizer, branch)
    assert since(again) == {
        "no_secretary": "2026-02-05",
        "too_few_full_members": "2026-03-05",
        "term_expired": "2023-03-01",
    }
    assert again["no_secretary"]["evidence"] == {
        "count": None, "last_on": "2026-02-05", "record_id": post["id"],
    }  # fmt: skip
    assert again["too_few_full_members"]["evidence"]["count"] == 2
    counts = (await api.get("/paralysis-warnings/counts", headers=organizer)).json()
    assert counts["bodies"] == 1
    by_kind = {each["kind"]: each for each in counts["by_kind"]}
    assert [by_kind[kind]["count"] for kind in again] == [1, 1, 1]
    behind = await api.get(by_kind["no_secretary"]["list"], headers=organizer)
    assert [item["id"] for item in behind.json()["items"]] == [again["no_secretary"]["id"]]
    assert (await api.get("/paralysis-warnings/counts", headers=neighbour)).json()["bodies"] == 0
    # Nothing happened: looking again changes nothing.
    assert (await worker.drain(shell))["reacted"] == 0


async def test_numbers_past_their_limit_since_the_day_they_passed_it(
    api: httpx.AsyncClient, organizer: Headers, shell: Shell
) -> None:
    """A joint branch of six, a branch beyond its limit, and the limit of the nearest jurisdiction."""
    branch = await people.branch(api, organizer, formation="joint")
    for serial in range(1, 7):
        made = await ledger.organization(
            api, organizer, credit_code=credit_code(serial), name=f"示例商会{serial}号"
        )
        await bodies.cover(api, organizer, branch, made["id"], from_on=f"2019-0{serial}-01")
    for serial in range(1, 4):
        await people.member(api, organizer, branch, serial, affiliated_on=f"2020-0{serial}-01")
    await worker.drain(shell)
    joint = (await found(api, organizer, branch))["oversize_joint_branch"]
    assert (joint["since_on"], joint["evidence"]["count"]) == ("2019-06-01", 6)

    def line(jurisdiction: str | None, threshold: int) -> dict[str, Any]:
        return {
            "jurisdiction_code": jurisdiction,
            "rule_pack_id": joint["rule"]["rule_pack_id"],
            "bodies": ["branch"],
            "threshold": threshold,
            "source": "测试",
            "verified": False,
        }

    async with begin(shell, SYSTEM) as work:
        await work.admit(NATIONAL)
        kind, asked = WarningKind.OVERSIZE_BRANCH, [UUID(branch)]
        over = (await work.execute(queries.found(kind, [line(None, 2)], asked))).all()
        assert [(row.count, row.since_on.isoformat()) for row in over] == [(3, "2020-03-01")]
        nearest = [line(None, 2), line("440000", 3), line("330000", 1)]
        assert (await work.execute(queries.found(kind, nearest, None))).all() == []
