"""A full round over HTTP: what is published is what a hand computes."""

from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import text

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from tests.make import rounds as make

Headers = dict[str, str]
Row = dict[str, Any]

# Site by site: what its five reviewers found missing from the roster (4 points off each of 40), the venue,
# and the total: of a reviewer 100 - 4 x missing - 10 if the venue is shared, of the site the mean.
#
#   site  missing      sum   venue   mean              total   rank   after the objection
#   0     0 0 0 0 0    0     own     100               100.00  1      1
#   1     1 1 1 1 1    5     own     100 - 4           96.00   3      4
#   2     1 2 1 2 1    7     own     100 - 28/5        94.40   5      upheld, roster complete: 100.00, 1
#   3     0 0 1 0 0    1     own     100 - 4/5         99.20   2      3
#   4     2 2 2 2 2    10    shared  100 - 8 - 10      82.00   8      8
#   5     0 1 2 3 4    10    own     100 - 8           92.00   6      6
#   6     3 3 3 3 3    15    own     100 - 12          88.00   7      7
#   7     0 0 0 0 0    0     own     one says forged   vetoed  -      -
#   8     1 1 1 1 1    5     own     100 - 4           96.00   3      4
#   9     5 5 5 5 5    25    shared  100 - 20 - 10     70.00   9      9
MISSING = [
    (0, 0, 0, 0, 0),
    (1, 1, 1, 1, 1),
    (1, 2, 1, 2, 1),
    (0, 0, 1, 0, 0),
    (2, 2, 2, 2, 2),
    (0, 1, 2, 3, 4),
    (3, 3, 3, 3, 3),
    (0, 0, 0, 0, 0),
    (1, 1, 1, 1, 1),
    (5, 5, 5, 5, 5),
]
SHARED, VETOED, UPHELD = (4, 9), 7, 2
BEFORE = {0: (1, "100.0000"), 3: (2, "99.2000"), 1: (3, "96.0000"), 8: (3, "96.0000"), 2: (5, "94.4000"),
          5: (6, "92.0000"), 6: (7, "88.0000"), 4: (8, "82.0000"), 9: (9, "70.0000")}  # fmt: skip
AFTER = {0: (1, "100.0000"), 2: (1, "100.0000"), 3: (3, "99.2000"), 1: (4, "96.0000"), 8: (4, "96.0000"),
         5: (6, "92.0000"), 6: (7, "88.0000"), 4: (8, "82.0000"), 9: (9, "70.0000")}  # fmt: skip
QUOTA, SELECTED = 4, {0, 2, 3}
"""Two share rank 4, and only one of them would fit: neither is selected."""
DOCUMENT = {"document": "穗社工〔2026〕9号"}


@dataclass(slots=True)
class Held:
    """A round under way, as its chair, clerk, second person and reviewers know it."""

    api: httpx.AsyncClient
    shell: Shell
    chair: Headers
    clerk: Headers
    approver: Headers
    id: str = ""
    sites: list[str] = field(default_factory=list)
    sheets: list[Row] = field(default_factory=list)
    people: dict[str, Headers] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"/rounds/{self.id}"

    async def get(self, path: str, by: Headers | None = None) -> Row:
        found = await self.api.get(path, headers=by or self.chair)
        assert found.is_success, found.text
        return dict(found.json())

    async def do(self, verb: str, body: Any = None, by: Headers | None = None) -> Row:
        tag = (await self.get(self.address, by))["etag"]
        return await make.act(self.api, by or self.chair, f"{self.address}/{verb}", tag, body)

    async def refused(self, path: str, body: Any, by: Headers, tag: str = "*") -> Row:
        answer = await self.api.post(path, json=body, headers={**by, "If-Match": tag})
        assert 400 <= answer.status_code < 500, answer.text
        return dict(answer.json())

    async def seats(self, sheet: int) -> list[Row]:
        found = await self.get(f"/round-applications/{self.sheets[sheet]['id']}")
        return [seat for seat in found["reviews"] if seat["state"] != "replaced"]

    def of(self, seat: Row) -> Headers:
        return self.people[seat["reviewer"]["id"]]

    async def ranking(self) -> dict[int, tuple[int, str]]:
        public = (await self.api.get(f"{self.address}/published")).json()
        assert "reviewer" not in str(public)
        return {
            self.sites.index(line["subject"]["id"]): (line["rank"], line["total"])
            for line in public["results"]
        }

    async def sql(self, statement: str, **parameters: Any) -> int:
        async with begin(self.shell, SYSTEM) as work:
            done: Any = await work.execute(text(statement), parameters)
            return int(done.rowcount)


async def test_a_round_from_application_to_the_frozen_result(
    api: httpx.AsyncClient, shell: Shell, chair: Headers, clerk: Headers, approver: Headers
) -> None:
    held = Held(api, shell, chair, clerk, approver)
    await applications(held)
    await the_draw(held)
    await one_is_late(held)
    await blind_reviews(held)
    await an_objection_is_upheld(held)
    await the_decision_freezes(held)
    await what_can_be_explained(held)


async def applications(held: Held) -> None:
    """Ten sites hand in their sheets; seven reviewers stand in the pool, one with an interest in site 0."""
    held.sites = await make.sites(held.api, held.clerk, 10)
    made = await make.opened(held.api, held.shell, held.chair, reviewers=5, quota=QUOTA, publicity_days=5)
    held.id = made["id"]
    held.sheets = [await make.submitted(held.api, held.clerk, held.id, site) for site in held.sites]
    held.people = dict([await make.reviewer(held.shell) for _ in range(7)])


async def the_draw(held: Held) -> None:
    """Who has a conflict of interest is left out; everybody else has nearly as much to do."""
    conflicted = next(iter(held.people))
    interest = {"kind": "own_organization", "organization_id": held.sites[0], "reason": "本人任其监事"}
    told = await held.api.post("/reviewer-interests", json=interest, headers=held.people[conflicted])
    assert told.status_code == 201, told.text
    drawn = await held.do("draw", {"seed": "481"})
    assert (drawn["state"], drawn["reviews"]) == ("reviewing", 50)
    loads: dict[str, int] = {}
    for number in range(10):
        for seat in await held.seats(number):
            loads[seat["reviewer"]["id"]] = loads.get(seat["reviewer"]["id"], 0) + 1
            assert (number, seat["reviewer"]["id"]) != (0, conflicted)
    assert sorted(loads.values()) in ([7, 7, 7, 7, 7, 7, 8], [6, 7, 7, 7, 7, 8, 8])


async def one_is_late(held: Held) -> None:
    """Not before the day is over; then the next of the draw has the place, and the late one sees nothing."""
    late = (await held.seats(1))[0]
    address, body = f"/round-reviews/{late['id']}", {"reason": "late", "note": "逾期未评"}
    early = await held.refused(f"{address}/replace", body, held.chair, late["etag"])
    assert early["code"] == "round_reviewer_not_late"
    await held.sql("UPDATE round_reviews SET due_on = due_on - 100 WHERE id = :id", id=late["id"])
    marks = {"marks": make.said()}
    assert (await held.refused(f"{address}/submit", marks, held.of(late), late["etag"]))["code"] == (
        "round_phase_is_over"
    )
    await make.act(held.api, held.chair, f"{address}/replace", late["etag"], body)
    assert (await held.api.get(address, headers=held.of(late))).status_code == 404
    assert late["id"] not in {seat["id"] for seat in await held.seats(1)}


async def blind_reviews(held: Held) -> None:
    """Nobody sees another's marks nor the self-score before their own are in, and these are in for good."""
    mine = (await held.seats(2))[0]
    address, me = f"/round-reviews/{mine['id']}", held.of(mine)
    stranger = next(headers for headers in held.people.values() if headers != me)
    assert (await held.api.get(address, headers=stranger)).status_code == 404
    assert (await held.api.get(f"/round-applications/{held.sheets[2]['id']}", headers=me)).status_code == 403
    assert {line["self_score"] is None for line in (await held.get(address, me))["sheet"]} == {True}
    bare = {"marks": [{"indicator": "roster", "deductions": {"missing": 1}}]}
    wrong = await held.refused(f"{address}/submit", bare, me, mine["etag"])
    assert {fault["code"] for fault in wrong["errors"]} == {"missing", "not_marked"}
    tag = (await held.get(held.address))["etag"]
    early = await held.refused(f"{held.address}/close-review", None, held.chair, tag)
    assert (early["code"], len(early["reasons"])) == ("round_reviews_open", 10)
    for number in range(10):
        for place, seat in enumerate(await held.seats(number)):
            forged = True if (number, place) == (VETOED, 0) else None
            venue = "shared" if number in SHARED else "own"
            marks = {"marks": make.said(MISSING[number][place], venue=venue, forged=forged)}
            path = f"/round-reviews/{seat['id']}/submit"
            await make.act(held.api, held.of(seat), path, seat["etag"], marks)
    seen = await held.get(address, me)
    assert seen["sheet"][0]["self_score"]["deductions"] == {}
    twice = await held.refused(f"{address}/submit", {"marks": make.said()}, me, seen["etag"])
    assert twice["code"] == "round_reviewed_already"


async def an_objection_is_upheld(held: Held) -> None:
    """The chair's mark stands in the place of all five, and everybody is ranked anew."""
    assert (await held.api.get(f"{held.address}/published")).status_code == 404
    closed = await held.do("close-review")
    assert (closed["state"], closed["reviews_submitted"]) == ("publicity", 50)
    assert await held.ranking() == BEFORE
    body = {"raised_by": "applicant", "content": "名册齐全, 评审漏看附件"}
    path = f"/round-applications/{held.sheets[UPHELD]['id']}/objections"
    raised = await held.api.post(path, json=body, headers=held.clerk)
    objection = raised.json()["objections"][0]
    early = await held.refused(f"{held.address}/decide", DOCUMENT, held.approver, closed["etag"])
    assert early["code"] == "round_publicity_not_over"
    ruling = {"indicator": "roster", "reason": "经复核名册齐全"}
    answer = {"upheld": True, "answer": "成立", "rulings": [ruling]}
    path = f"/round-objections/{objection['id']}/answer"
    await make.act(held.api, held.chair, path, objection["etag"], answer)
    assert await held.ranking() == AFTER
    public = (await held.api.get(f"{held.address}/published")).json()
    chosen = {held.sites.index(line["subject"]["id"]) for line in public["results"] if line["selected"]}
    assert chosen == SELECTED


async def the_decision_freezes(held: Held) -> None:
    """When the days are over a second person decides, and nothing moves after, whoever tries."""
    await held.sql(
        "UPDATE rounds SET publicity_until = publicity_until - 30, publicity_from = publicity_from - 30"
        " WHERE id = :id",
        id=held.id,
    )
    done = await held.do("decide", DOCUMENT, held.approver)
    assert (done["state"], len(done["results_hash"])) == ("decided", 64)
    assert await held.sql("UPDATE round_results SET total = 0 WHERE round_id = :id", id=held.id) == 0
    assert await held.sql("UPDATE rounds SET quota = 9 WHERE id = :id", id=held.id) == 0
    body = {"subject_kind": "organization", "subject_id": held.sites[0]}
    over = await held.refused(f"{held.address}/applications", body, held.clerk)
    assert over["code"] == "round_phase_is_over"
    body = {"raised_by": "person", "content": "过期异议"}
    path = f"/round-applications/{held.sheets[0]['id']}/objections"
    assert (await held.refused(path, body, held.clerk))["code"] == "round_phase_is_over"
    assert await held.ranking() == AFTER


async def what_can_be_explained(held: Held) -> None:
    """The derivation names who said what by place, and the reports add up."""
    results = (await held.get(f"{held.address}/results"))["items"]
    five = next(row for row in results if row["subject"]["id"] == held.sites[5])
    roster = next(line for line in five["derivation"]["indicators"] if line["indicator"] == "roster")
    assert (roster["score"], roster["lost"]) == ("32", "8")
    assert sorted(each["score"] for each in roster["said"]) == ["24", "28", "32", "36", "40"]
    losses = (await held.get(f"{held.address}/losses"))["lines"]
    assert [(line["indicator"], line["mean_lost"], line["full"]) for line in losses] == [
        ("roster", "5.68", 3),
        ("venue", "2.00", 8),
        ("minutes", "0.00", 10),
    ]
    unnamed = (await held.get(f"{held.address}/calibration", held.approver))["lines"]
    named = (await held.get(f"{held.address}/calibration"))["lines"]
    assert {line["reviewer"] for line in unnamed} == {None}
    assert sum(line["reviews"] for line in named) == 50
    assert {line["reviewer"]["id"] for line in named} <= held.people.keys()
    funnel = (await held.get("/rounds/figures"))["lines"]
    names = ("applied", "submitted", "scored", "vetoed", "selected", "share")
    assert [[line[name] for name in names] for line in funnel] == [[10, 10, 10, 1, 3, "30.0"]]
