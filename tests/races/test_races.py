"""Races over HTTP against two processes: whatever comes first, the invariant holds, and nobody sees a 5xx.

`JICENG_RACES=500 pytest tests/races` runs hundreds of rounds of each; the few of CI show that the races are
run at all. Each invariant is asked of the database afterwards, over everything that the rounds left."""

from collections import Counter
from typing import Any

import httpx
from sqlalchemy import text

from app.core.access import SYSTEM, Scope
from app.core.work import Shell, begin
from tests.make import members as make
from tests.make.posts import REVIEW
from tests.races.conftest import ROUNDS, Pair, posting
from tests.races.index_keys import an_index_key_that_is_rotated

Headers = dict[str, str]

OPEN_TWICE = """
SELECT count(*) FROM (SELECT member_id FROM member_transfers WHERE state IN ('requested', 'sent')
    GROUP BY member_id HAVING count(*) > 1) AS twice
"""
NOT_ONE_AFFILIATION = """
SELECT count(*) FROM members m WHERE m.status <> 'ended' AND 1 <> (SELECT count(*) FROM member_affiliations a
    WHERE a.member_id = m.id AND upper_inf(a.valid) AND a.party_organization_id = m.party_organization_id)
"""
UNTOLD = """
SELECT count(*) FROM member_transfers t WHERE t.state IN ('accepted', 'cancelled') AND 1 <> (
    SELECT count(*) FROM audit_entries a WHERE a.action = 'member.transfer_changed'
    AND a.data ->> 'transfer_id' = t.id::text AND a.data ->> 'state' = t.state)
"""
KNOWN_TWICE = (
    "SELECT count(*) - count(DISTINCT id_number_blind) FROM persons WHERE id_number_blind IS NOT NULL"
)
CYCLES = """
WITH RECURSIVE up(body, above, depth) AS (
    SELECT party_organization_id, parent_id, 1 FROM party_organization_parents WHERE upper_inf(valid)
    UNION ALL
    SELECT up.body, p.parent_id, up.depth + 1 FROM up JOIN party_organization_parents p
        ON p.party_organization_id = up.above AND upper_inf(p.valid) WHERE up.depth < 50
)
SELECT count(*) FROM up WHERE body = above OR depth >= 50
"""
CLOSURE_OFF = """
SELECT count(*) FROM (
    SELECT party_organization_id AS body, parent_id AS above FROM party_organization_parents
        WHERE upper_inf(valid)
    EXCEPT SELECT descendant_id, ancestor_id FROM party_organization_closure
        WHERE depth = 1 AND upper_inf(valid)
) AS missing
"""
TWO_SECRETARIES = """
SELECT count(*) FROM (SELECT party_organization_id FROM party_posts
    WHERE role = 'secretary' AND valid @> current_date
    GROUP BY party_organization_id HAVING count(*) > 1) AS two
"""


async def count(shell: Shell, statement: str) -> int:
    async with begin(shell, SYSTEM) as work:
        await work.admit(Scope(national=True))
        return int(await work.scalar(text(statement)))


async def two_ends(api: httpx.AsyncClient, organizer: Headers, neighbour: Headers) -> tuple[str, str, str]:
    above = await make.committee(api, organizer)
    here = await make.branch(api, organizer, parent_id=above)
    other = await make.branch(api, organizer, name="南沙区第二联合党支部", parent_id=above)
    there = await make.branch(api, neighbour, division_code="330203", name="海曙区社会组织党支部")
    return here, other, there


async def two_transfers_then_accept_against_cancel(
    api: httpx.AsyncClient, pair: Pair, organizer: Headers, neighbour: Headers, shell: Shell
) -> None:
    """I3, I4: one open transfer per member, one running affiliation; one end of each transfer, told once."""
    here, other, there = await two_ends(api, organizer, neighbour)
    ends: Counter[str] = Counter()
    for serial in range(1, ROUNDS + 1):
        member = await make.member(api, organizer, here, serial)
        address = f"/members/{member['id']}/transfers"
        asked = await pair.race(
            *(
                posting(organizer, address, {"to_party_organization_id": to, "reason": "工作调动"}, "*")
                for to in (there, other)
            )
        )
        assert sorted(a.status_code for a in asked) == [201, 409], [a.text for a in asked]
        won = next(a.json() for a in asked if a.status_code == 201)
        letter = {"letter_number": f"NS2026-{serial:04d}"}
        sent = await make.act(api, organizer, f"/transfers/{won['id']}/send", won["etag"], **letter)
        receiver = neighbour if won["to_party_organization"]["id"] == there else organizer
        ended = await pair.race(
            posting(receiver, f"/transfers/{won['id']}/accept", {}, sent.json()["etag"]),
            posting(organizer, f"/transfers/{won['id']}/cancel", {"reason": "不再调动"}, sent.json()["etag"]),
        )
        assert min(a.status_code for a in ended) == 200
        assert max(a.status_code for a in ended) in {409, 412}
        ends[next(a.json()["state"] for a in ended if a.status_code == 200)] += 1
    assert sum(ends.values()) == ROUNDS
    for statement in (OPEN_TWICE, NOT_ONE_AFFILIATION, UNTOLD):
        assert await count(shell, statement) == 0, statement


async def one_person_entered_in_two_provinces(
    api: httpx.AsyncClient, pair: Pair, organizer: Headers, neighbour: Headers, shell: Shell
) -> None:
    """One is entered; the other answer is neutral and names nothing of the first."""
    here, _, there = await two_ends(api, organizer, neighbour)
    for serial in range(1_001, ROUNDS + 1_001):
        answers = await pair.race(
            posting(organizer, "/members", make.plan(here, serial)),
            posting(neighbour, "/members", make.plan(there, serial)),
        )
        assert sorted(a.status_code for a in answers) == [201, 409]
        won, lost = sorted(answers, key=lambda a: a.status_code)
        assert lost.json()["code"] == "person_needs_verification"
        assert won.json()["id"] not in lost.text
    assert await count(shell, KNOWN_TWICE) == 0
    assert await count(shell, "SELECT count(*) FROM person_verifications WHERE state = 'open'") == ROUNDS


async def moves_that_would_close_a_cycle(
    api: httpx.AsyncClient, pair: Pair, organizer: Headers, _: Headers, shell: Shell
) -> None:
    """I5: A below B and B below A at once: never both."""
    made = [await make.committee(api, organizer, name=f"第{n}党委") for n in range(3)]
    for round_ in range(ROUNDS):
        one, two, three = (made[(round_ + n) % 3] for n in range(3))
        moves: list[Any] = [(one, two), (two, three), (three, one)]
        answers = await pair.race(
            *(
                posting(organizer, f"/party-organizations/{body}/move", {"parent_id": to}, "*")
                for body, to in moves
            )
        )
        assert {a.status_code for a in answers} <= {200, 409, 412, 422}
        assert await count(shell, CYCLES) == 0
        assert await count(shell, CLOSURE_OFF) == 0
        for body in made:
            await api.post(
                f"/party-organizations/{body}/move",
                json={"parent_id": None},
                headers={**organizer, "If-Match": "*"},
            )


async def two_secretaries(
    api: httpx.AsyncClient, pair: Pair, organizer: Headers, _: Headers, shell: Shell
) -> None:
    """I5: one current secretary per body, by constraint."""
    for serial in range(1, ROUNDS + 1):
        branch = await make.branch(api, organizer, name=f"第{serial}党支部")
        people = [
            (await make.member(api, organizer, branch, 2_000 + 2 * serial + n, name=f"测试员{n}"))["id"]
            for n in (0, 1)
        ]
        for person in people:
            review = {**REVIEW, "member_id": person, "role": "secretary"}
            address = f"/party-organizations/{branch}/nominee-reviews"
            assert (await api.post(address, json=review, headers=organizer)).status_code == 201
        order = {"role": "secretary", "from_on": "2024-06-05", "document": "南社任〔2024〕1号"}
        answers = await pair.race(
            *(
                posting(organizer, f"/party-organizations/{branch}/posts", {**order, "member_id": person})
                for person in people
            )
        )
        assert sorted(a.status_code for a in answers) == [201, 409], [a.text for a in answers]
    assert await count(shell, TWO_SECRETARIES) == 0


async def a_body_that_empties_while_somebody_comes(
    api: httpx.AsyncClient, pair: Pair, organizer: Headers, _: Headers, shell: Shell
) -> None:
    """Dissolution against admission: no member is ever left in a body that is gone."""
    for serial in range(1, ROUNDS + 1):
        branch = await make.branch(api, organizer, name=f"第{serial}党支部")
        answers = await pair.race(
            posting(organizer, "/members", make.plan(branch, 4_000 + serial)),
            posting(organizer, f"/party-organizations/{branch}/dissolve", {"reason": "党员转出"}, "*"),
        )
        assert min(a.status_code for a in answers) < 300
        assert max(a.status_code for a in answers) in {409, 422}, [a.text for a in answers]
    gone = """SELECT count(*) FROM members m JOIN party_organizations p ON p.id = m.party_organization_id
        WHERE m.status <> 'ended' AND p.status <> 'active'"""
    assert await count(shell, gone) == 0


RACES = (
    two_transfers_then_accept_against_cancel,
    one_person_entered_in_two_provinces,
    moves_that_would_close_a_cycle,
    two_secretaries,
    a_body_that_empties_while_somebody_comes,
    an_index_key_that_is_rotated,
)


async def test_every_race_keeps_its_invariant(
    api: httpx.AsyncClient, pair: Pair, organizer: Headers, neighbour: Headers, shell: Shell
) -> None:
    """One pair of processes for all: they take seconds to start."""
    for race in RACES:
        await race(api, pair, organizer, neighbour, shell)
    assert max(pair.statuses) < 500
