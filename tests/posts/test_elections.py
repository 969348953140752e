"""From one term to the next: the vote, the superior's answer, the posts that begin and end."""

import asyncio
from typing import Any

import httpx

from tests.make import members as people
from tests.make import posts as make

Headers = dict[str, str]


async def leadership(api: httpx.AsyncClient, headers: Headers, body_id: str) -> dict[str, Any]:
    got = await api.get(f"/party-organizations/{body_id}/leadership", headers=headers)
    assert got.status_code == 200, got.text
    return dict(got.json())


def who(found: dict[str, Any], role: str) -> list[str]:
    return [post["member_id"] for post in found["posts"] if post["role"] == role]


async def test_a_term_from_election_to_re_election(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers
) -> None:
    branch = await people.branch(api, organizer)
    ids = await make.members(api, organizer, branch)
    at = f"/party-organizations/{branch}"
    empty = await leadership(api, organizer, branch)
    assert (empty["term"], empty["posts"], empty["has_secretary"]) == (None, [], False)
    assert (await api.get(f"{at}/leadership", headers=neighbour)).status_code == 404

    # Nobody is in a post before the superior answers; equals at the last seat are not elected.
    plan = make.record(
        make.ballot("member", {ids[0]: 8, ids[1]: 6, ids[2]: 5, ids[3]: 5}, seats=3),
        make.ballot("secretary", {ids[0]: 8, ids[1]: 0}, kind="committee", due=3, present=3) | {
            "candidates": [{"member_id": ids[0], "votes": 3, "review": make.REVIEW}]
        },
    )  # fmt: skip
    first = await make.post(api, organizer, f"{at}/reelect", plan)
    by_role = {ballot["role"]: ballot for ballot in first["ballots"]}
    outcomes = {c["member_id"]: c["outcome"] for c in by_role["member"]["candidates"]}
    assert outcomes == {
        ids[0]: "pending", ids[1]: "pending", ids[2]: "not_elected", ids[3]: "not_elected"
    }  # fmt: skip
    assert (by_role["member"]["entitled"], by_role["secretary"]["entitled"]) == (8, None)
    assert (by_role["member"]["confirmation"], by_role["secretary"]["confirmation"]) == ("filed", "approved")
    assert (first["state"], first["term_id"]) == ("pending", None)
    assert (await leadership(api, organizer, branch))["pending_elections"] == [first["id"]]
    again = await api.post(f"{at}/reelect", json=make.record(plan["ballots"][0]), headers=organizer)
    assert again.json()["code"] == "election_pending"

    done = await make.confirm(api, organizer, first)
    assert (done["state"], done["allowed_actions"]) == ("settled", [])
    assert (await make.confirm(api, organizer, done, 409))["code"] == "election_is_settled"
    now = await leadership(api, organizer, branch)
    assert (who(now, "secretary"), sorted(who(now, "member"))) == ([ids[0]], sorted(ids[:2]))
    assert {post["from_on"] for post in now["posts"]} == {"2024-06-10"}
    term = now["term"]
    assert (term["number"], term["from_on"], term["ends_on"], term["years"]) == (
        1, "2024-06-01", "2027-06-01", 3,
    )  # fmt: skip

    # Too early, then early with approval; the old posts end as the new ones begin.
    second = make.record(
        make.ballot("secretary", {ids[1]: 7}), held_on="2026-05-01", number=2, document="选举结果〔2026〕2号"
    )
    second["ballots"][0]["candidates"][0]["review"] = make.REVIEW | {"reviewed_on": "2026-04-01"}
    early = await make.post(api, organizer, f"{at}/reelect", second, 422)
    assert [e["code"] for e in early["errors"]] == ["too_early"]
    second["held_on"] = "2026-09-01"
    unapproved = await make.post(api, organizer, f"{at}/reelect", second, 422)
    assert [e["code"] for e in unapproved["errors"]] == ["approval_required"]
    second["early"] = {"document": "同意提前换届〔2026〕1号"}
    renewal = await make.post(api, organizer, f"{at}/reelect", second)
    await make.confirm(api, organizer, renewal, on="2026-09-15")
    now = await leadership(api, organizer, branch)
    assert (who(now, "secretary"), who(now, "member")) == ([ids[1]], [])
    assert (now["term"]["number"], now["term"]["from_on"]) == (2, "2026-09-01")
    past = (
        await api.get("/party-posts", params={"member_id": ids[0], "role": "secretary"}, headers=organizer)
    ).json()["items"]
    assert [(p["from_on"], p["until_on"], p["ended_reason"]) for p in past] == [
        ("2024-06-10", "2026-09-15", "term_over")
    ]
    terms = (await api.get("/party-terms", params={"running": "false"}, headers=organizer)).json()["items"]
    assert [(t["from_on"], t["until_on"]) for t in terms] == [("2024-06-01", "2026-09-01")]

    # A by-election adds a deputy and leaves the others.
    deputy = make.record(make.ballot("deputy_secretary", {ids[2]: 8}), held_on="2026-10-01")
    added = await make.post(api, organizer, f"{at}/by-elect", deputy)
    await make.confirm(api, organizer, added, on="2026-10-02")
    now = await leadership(api, organizer, branch)
    assert (who(now, "secretary"), who(now, "deputy_secretary")) == ([ids[1]], [ids[2]])
    assert (await api.get("/party-posts", headers=neighbour)).json()["items"] == []
    assert (await api.get(f"/party-elections/{added['id']}", headers=neighbour)).status_code == 404


async def test_every_reason_against_an_election_at_once(api: httpx.AsyncClient, organizer: Headers) -> None:
    branch = await people.branch(api, organizer)
    ids = await make.members(api, organizer, branch, 4)
    probationer = await people.member(
        api, organizer, branch, 20, status="probationary", full=None,
        joined={"on": "2024-03-01", "precision": "day"},
    )  # fmt: skip
    limited = await people.read(api, organizer, ids[3])
    await people.act(
        api, organizer, f"/members/{ids[3]}/restrictions", limited["etag"],
        kind="probation_within_party", from_on="2023-01-05", document="南纪〔2023〕1号",
    )  # fmt: skip
    at = f"/party-organizations/{branch}/reelect"
    plan = make.record(
        make.ballot(
            "secretary",
            {probationer["id"]: 9, ids[3]: 1, "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11": 0},
            due=4,
            present=3,
        ),
        make.ballot("member", {ids[0]: 3, ids[1]: 3, ids[2]: 3}, seats=3, due=3, present=3),
        held_on="2024-06-01",
    )
    for candidate in plan["ballots"][0]["candidates"]:
        del candidate["review"]
    refused = await make.post(api, organizer, at, plan, 422)
    assert {(e["pointer"], e["code"]) for e in refused["errors"]} == {
        ("/ballots/0/due", "more_than_entitled"),
        ("/ballots/0/present", "turnout_too_low"),
        ("/ballots/0/candidates", "too_many_votes"),
        ("/ballots/0/candidates/0/member_id", "not_a_full_member"),
        ("/ballots/0/candidates/0/review", "review_required"),
        ("/ballots/0/candidates/1/member_id", "rights_restricted"),
        ("/ballots/0/candidates/1/review", "review_required"),
        ("/ballots/0/candidates/2/member_id", "no_such_member"),
        ("/ballots/1/candidates", "too_few_candidates"),
    }
    # The roll of voters stands where the ledger lags; refused by the superior, no term opens.
    plan = make.record(
        make.ballot("secretary", {ids[0]: 5}, due=6, present=6), roll_document="党员花名册〔2024〕1号"
    )
    made = await make.post(api, organizer, at, plan)
    answer = {"on": "2024-06-08", "document": "穗社党复〔2024〕9号"}
    refused = await make.post(
        api, organizer, f"/party-elections/{made['id']}/refuse", answer, 200, **{"If-Match": made["etag"]}
    )
    assert (refused["state"], refused["ballots"][0]["candidates"][0]["outcome"]) == ("settled", "refused")
    assert (await leadership(api, organizer, branch))["term"] is None
    temporary = await people.branch(api, organizer, formation="temporary")
    blocked = await make.post(api, organizer, f"/party-organizations/{temporary}/reelect", plan, 422)
    assert "temporary_branch" in {e["code"] for e in blocked["errors"]}


async def test_a_congress_and_a_term_of_five_years(
    api: httpx.AsyncClient, organizer: Headers, neighbour: Headers
) -> None:
    superior = await people.branch(
        api, organizer, name="广州市社会组织党委", kind="committee", division_code="440100"
    )
    committee = await people.branch(
        api, organizer, name="南沙区社会组织党委", kind="committee", parent_id=superior
    )
    branch = await people.branch(api, organizer, parent_id=committee)
    ids = await make.members(api, organizer, branch, 3)
    at = f"/party-organizations/{committee}"
    congress = {
        "number": 2, "held_on": "2021-10-20", "ground": "size", "delegates": 120,
        "document": "同意召开代表大会〔2021〕5号", "approved_by": branch,
    }  # fmt: skip
    wrong = await make.post(api, organizer, f"{at}/congresses", congress, 422)
    assert {e["code"] for e in wrong["errors"]} == {"too_few_members", "not_a_superior"}
    congress |= {"ground": "dispersed", "approved_by": superior}
    made = await make.post(api, organizer, f"{at}/congresses", congress)
    assert (made["number"], made["member_count"], made["approved_by"]["id"]) == (2, 3, superior)
    assert (await make.post(api, organizer, f"{at}/congresses", congress, 409))["code"] == "congress_twice"
    review = {"reviewed_on": "2021-10-01", "opinion": "suitable", "document": "考察〔2021〕3号"}
    for candidate in ids[:1]:
        body = {**review, "member_id": candidate, "role": "secretary"}
        await make.post(api, organizer, f"{at}/nominee-reviews", body)
    member = make.ballot("member", {ids[0]: 110, ids[1]: 8}, kind="congress", due=120, present=118)
    secretary = make.ballot("secretary", {ids[0]: 1}, kind="committee", due=1, present=1)
    del secretary["candidates"][0]["review"]
    plan = make.record(
        member, secretary, held_on="2021-10-21", number=2,
        confirmation={"on": "2021-11-01", "document": "穗社党复〔2021〕8号", "decided_by": superior},
    )  # fmt: skip
    missing = await make.post(api, organizer, f"{at}/reelect", plan, 422)
    assert [e["code"] for e in missing["errors"]] == ["congress_expected"]
    plan["congress_id"] = made["id"]
    held = await make.post(api, organizer, f"{at}/reelect", plan)
    assert held["state"] == "settled"
    found = await leadership(api, organizer, committee)
    assert (found["term"]["years"], found["term"]["ends_on"], found["term"]["congress_id"]) == (
        5, "2026-10-21", made["id"],
    )  # fmt: skip
    assert (found["term"]["over"], found["term"]["months_left"]) == (True, 0)
    # The re-election calendar, and the end of a term put off with approval.
    term = found["term"]
    late = await make.post(
        api, organizer, f"/party-terms/{term['id']}/extend",
        {"until_on": "2027-12-01", "document": "同意延期〔2026〕1号", "approved_by": superior}, 422,
        **{"If-Match": term["etag"]},
    )  # fmt: skip
    assert late["errors"][0]["code"] == "too_late"
    put_off = await make.post(
        api, organizer, f"/party-terms/{term['id']}/extend",
        {"until_on": "2027-03-01", "document": "同意延期〔2026〕1号", "approved_by": superior}, 200,
        **{"If-Match": term["etag"]},
    )  # fmt: skip
    assert (put_off["ends_on"], put_off["over"], put_off["months_left"]) == ("2027-03-01", False, 6)
    found = await api.get(
        "/party-terms", params={"within_months": 6, "party_organization_id": superior}, headers=organizer
    )
    assert [t["id"] for t in found.json()["items"]] == [term["id"]]
    assert (await api.get(f"/party-terms/{term['id']}", headers=neighbour)).status_code == 404


async def test_two_secretaries_at_once(api: httpx.AsyncClient, organizer: Headers) -> None:
    """Whoever is first has the post, by constraint; never a 5xx."""
    branch = await people.branch(api, organizer)
    ids = await make.members(api, organizer, branch, 2)
    at = f"/party-organizations/{branch}"
    for candidate in ids:
        body = {**make.REVIEW, "member_id": candidate, "role": "secretary"}
        await make.post(api, organizer, f"{at}/nominee-reviews", body)
    plan = {"role": "secretary", "from_on": "2024-07-01", "document": "任〔2024〕1号"}
    both = await asyncio.gather(
        *(api.post(f"{at}/posts", json={**plan, "member_id": who}, headers=organizer) for who in ids)
    )
    assert sorted(answer.status_code for answer in both) == [201, 409]
    assert next(a.json()["code"] for a in both if a.status_code == 409) == "secretary_taken"
