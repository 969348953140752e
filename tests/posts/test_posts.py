"""Appointments, old papers, reminders, and what ends posts from outside."""

from datetime import date
from uuid import UUID

import httpx

from app import worker
from app.core.access import NATIONAL, SYSTEM
from app.core.work import Shell, begin
from app.posts import commands
from tests.make import members as people
from tests.make import organizations as ledger
from tests.make import posts as make

Headers = dict[str, str]


async def test_appointed_and_of_old(api: httpx.AsyncClient, organizer: Headers, shell: Shell) -> None:
    committee = await people.branch(api, organizer, name="南沙区社会组织党委", kind="committee")
    branch = await people.branch(api, organizer, parent_id=committee)
    (sent,) = await make.members(api, organizer, await people.branch(api, organizer), 1)
    at = f"/party-organizations/{branch}/posts"
    plan = {
        "member_id": sent, "role": "secretary", "from_on": "2024-07-01",
        "document": "南社任〔2024〕1号", "appointed_by": committee,
    }  # fmt: skip
    unreviewed = await make.post(api, organizer, at, plan, 422)
    assert [e["code"] for e in unreviewed["errors"]] == ["review_required"]
    unfit = {**make.REVIEW, "member_id": sent, "role": "secretary", "opinion": "deferred"}
    reviews = f"/party-organizations/{branch}/nominee-reviews"
    await make.post(api, organizer, reviews, unfit)
    assert (await make.post(api, organizer, at, plan, 422))["errors"][0]["code"] == "review_required"
    fit = unfit | {"opinion": "suitable", "reviewed_on": "2024-06-20"}
    await make.post(api, organizer, reviews, fit)
    assert (await make.post(api, organizer, reviews, fit, 409))["code"] == "nominee_review_twice"
    post = await make.post(api, organizer, at, plan)
    assert (post["basis"], post["appointed_by"]["id"], post["name"]) == ("appointed", committee, "测**")

    # Somebody of old is sealed, masked, and shown only on record; the post must be past.
    old = {"name": "旧示例人", "role": "secretary", "from_on": "2017-01-01", "document": "组织史资料"}
    running = await make.post(api, organizer, at, old, 422)
    assert [e["code"] for e in running["errors"]] == ["must_be_past"]
    past = await make.post(api, organizer, at, old | {"until_on": "2019-01-01"})
    assert (past["name"], past["member_id"], past["basis"]) == ("旧**", None, "recorded")
    assert past["allowed_actions"] == ["reveal"]
    shown = await make.post(
        api, organizer, f"/party-posts/{past['id']}/reveal", {"purpose": "history", "reason": "组织史"}, 200
    )
    assert shown == {"name": "旧示例人"}
    kept = await ledger.rows(
        shell, "SELECT data::text AS data FROM audit_entries WHERE action = 'post.revealed'"
    )
    assert len(kept) == 1 and "旧示例人" not in kept[0]["data"]  # noqa: PT018
    wrong = await make.post(
        api, organizer, f"/party-posts/{post['id']}/reveal", {"purpose": "history", "reason": "组织史"}, 409
    )
    assert wrong["code"] == "name_not_sealed"

    # Recorded in error: taken back, and out of everybody's way.
    error = {"reason": "recorded_in_error"}
    taken = await make.post(
        api, organizer, f"/party-posts/{post['id']}/end", error, 200, **{"If-Match": post["etag"]}
    )
    assert (taken["withdrawn"], taken["allowed_actions"]) == (True, [])
    again = await make.post(api, organizer, at, plan)
    assert again["id"] != post["id"]


async def test_who_leaves_and_what_goes(api: httpx.AsyncClient, organizer: Headers, shell: Shell) -> None:
    committee = await people.branch(api, organizer, name="南沙区社会组织党委", kind="committee")
    branch = await people.branch(api, organizer, parent_id=committee)
    elsewhere = await people.branch(api, organizer, parent_id=committee, name="南沙区第二党支部")
    ids = await make.members(api, organizer, branch, 3)
    plan = {"role": "member", "from_on": "2024-07-01", "document": "南社任〔2024〕1号"}
    for body, member in ((branch, ids[0]), (committee, ids[0]), (branch, ids[1]), (branch, ids[2])):
        await make.post(api, organizer, f"/party-organizations/{body}/posts", {**plan, "member_id": member})
    # A transfer within the committee ends the post in the branch and leaves the one in the committee.
    member = await people.read(api, organizer, ids[0])
    asked = await people.act(
        api, organizer, f"/members/{ids[0]}/transfers", member["etag"],
        to_party_organization_id=elsewhere, reason="工作调动",
    )  # fmt: skip
    address = f"/transfers/{asked.json()['id']}"
    gone = await people.act(
        api, organizer, f"{address}/send", asked.json()["etag"], letter_number="NS2026-0007"
    )
    done = await people.act(api, organizer, f"{address}/accept", gone.json()["etag"], on="2026-04-01")
    assert done.status_code == 200, done.text
    member = await people.read(api, organizer, ids[1])
    await people.act(
        api, organizer, f"/members/{ids[1]}/end", member["etag"], kind="deceased", on="2026-05-01"
    )
    term = {"from_on": "2023-12-01", "document": "批复〔2023〕9号"}
    running = await make.post(api, organizer, f"/party-organizations/{branch}/terms", term)
    assert (running["ends_on"], running["months_left"]) == ("2026-12-01", 1)
    overlap = await make.post(api, organizer, f"/party-organizations/{branch}/terms", term, 409)
    assert overlap["code"] == "term_taken"
    await worker.drain(shell)
    found = (await api.get("/party-posts", headers=organizer)).json()["items"]
    state = {
        (p["party_organization"]["id"], p["member_id"]): (p["until_on"], p["ended_reason"]) for p in found
    }
    assert state == {
        (branch, ids[0]): ("2026-04-01", "transferred"),
        (committee, ids[0]): (None, None),
        (branch, ids[1]): ("2026-05-01", "membership_ended"),
        (branch, ids[2]): (None, None),
    }
    # The term reminded once, of the narrowest threshold, and not again.
    events = "SELECT data FROM events WHERE type = 'term.ending'"
    (raised,) = await ledger.rows(shell, events)
    assert raised["data"] == {"term_id": running["id"], "months": 1, "ends_on": "2026-12-01"}
    async with begin(shell, SYSTEM) as work:
        assert await commands.remind(work) == 0
    # One body goes up in another: its posts and its term end that day, an election that waits is void.
    vote = make.record(make.ballot("deputy_secretary", {ids[2]: 1}, due=1, present=1), held_on="2026-06-01")
    waiting = await make.post(api, organizer, f"/party-organizations/{branch}/by-elect", vote)
    async with begin(shell, SYSTEM) as work:
        await work.admit(NATIONAL)
        assert await commands.hand_over_body(work, UUID(branch), UUID(elsewhere), date(2026, 7, 1)) == 1
    election = (await api.get(f"/party-elections/{waiting['id']}", headers=organizer)).json()
    assert (election["state"], election["ballots"][0]["candidates"][0]["outcome"]) == ("void", "void")
    lead = (await api.get(f"/party-organizations/{branch}/leadership", headers=organizer)).json()
    assert (lead["term"], lead["posts"]) == (None, [])
