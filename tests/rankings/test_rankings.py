"""Rankings over HTTP: made from coverage, frozen, verified to the byte, and what changed since."""

import hashlib
from uuid import UUID

import httpx
import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.rankings import queries
from tests.conftest import Actors
from tests.make import instructors, organizations, party_organizations

Headers = dict[str, str]
NANSHA, YUEXIU = "440115", "440104"


async def organization(api: httpx.AsyncClient, headers: Headers, number: int, **fields: object) -> str:
    division = str(fields.get("division_code", NANSHA))
    made = await organizations.organization(
        api,
        headers,
        **{
            "name": f"{division}第{number}协会",
            "credit_code": organizations.credit_code(number, division=division),
            **fields,
        },
    )
    return str(made["id"])


async def make(api: httpx.AsyncClient, headers: Headers, **plan: object) -> httpx.Response:
    return await api.post("/rankings", json={"ranked": "divisions", **plan}, headers=headers)


async def test_counties_from_coverage_frozen_and_verified(
    api: httpx.AsyncClient, actors: Actors, shell: Shell
) -> None:
    organizer = await actors("organizer", division="440000")
    branch = await party_organizations.body(api, organizer)
    ids = [await organization(api, organizer, n) for n in range(3)]
    other = await organization(api, organizer, 7, division_code=YUEXIU)
    await party_organizations.cover(api, organizer, branch["id"], ids[0])
    made = await make(api, organizer, division_code="440100", as_of="2026-06-30")
    assert made.status_code == 201, made.text
    first = made.json()
    assert first["title"] == "广州市2026年6月区县综合排名"
    rows = {row["subject"]["code"]: row for row in first["rows"]}
    values = {m["code"]: (m["numerator"], m["denominator"]) for m in rows[NANSHA]["measures"]}
    assert values["organization_coverage"] == (1, 3)
    assert rows[NANSHA]["rank"] < rows[YUEXIU]["rank"]
    assert rows["440103"]["rank"] is None, "no organization, no place"
    coverage = await api.get(
        "/coverage", params={"division": "440100", "by": "division", "as_of": "2026-06-30"}, headers=organizer
    )
    for line in coverage.json()["lines"]:
        if (row := rows.get(line["group"]["code"])) is not None:
            told = {r["code"]: (r["numerator"], r["denominator"]) for r in line["rates"]}
            for measure in row["measures"]:
                both = (measure["numerator"], measure["denominator"])
                assert both == told.get(measure["code"], both)

    # What is recorded later about that day changes no snapshot, and asked by the same knowledge nothing.
    await party_organizations.cover(api, organizer, branch["id"], other)
    address = f"/rankings/{first['id']}"
    again = (await api.get(address, headers=organizer)).json()
    assert again["rows"] == first["rows"]
    verified = (await api.post(f"{address}/verifications", headers=organizer)).json()
    assert (verified["same"], verified["differing"]) == (True, [])
    assert verified["sha256"] == verified["recomputed"] == first["sha256"]

    # The next one says how each moved; the same asked twice is refused.
    plan = {"division_code": "440100", "as_of": "2026-07-31", "title": "七月通报"}
    second = (await make(api, organizer, **plan)).json()
    assert second["previous"] == {"id": first["id"], "as_of": "2026-06-30", "sha256": first["sha256"]}
    moved = {row["subject"]["code"]: row for row in second["rows"]}
    assert (moved[YUEXIU]["previous_rank"], moved[YUEXIU]["rank"], moved[YUEXIU]["change"]) == (2, 1, 1)
    twice = await make(api, organizer, **plan, known_at=second["known_at"])
    assert twice.json()["code"] == "ranking_made_already"

    # The frozen bytes are what was hashed, what another slice quotes, and nothing may touch them.
    async with begin(shell, SYSTEM) as work:
        quoted = await queries.snapshot(work, UUID(first["id"]))
        canonical = orjson.dumps(quoted.content, option=orjson.OPT_SORT_KEYS)
        assert hashlib.sha256(canonical).hexdigest() == quoted.sha256 == first["sha256"]
        assert quoted.content["rows"] == first["rows"]
    async with begin(shell, SYSTEM) as work:
        with pytest.raises(DBAPIError, match="permission denied"):
            await work.execute(text("UPDATE rankings SET title = 'x'"))
    listed = (await api.get("/rankings", params={"division": "440000"}, headers=organizer)).json()
    assert [row["id"] for row in listed["items"]] == [first["id"], second["id"]]
    stranger = await actors("organizer", division="330000")
    assert (await api.get(address, headers=stranger)).status_code == 404
    assert (await make(api, stranger, division_code="440100")).json()["code"] == "ranking_subject_not_found"


async def test_departments_and_bodies(api: httpx.AsyncClient, actors: Actors) -> None:
    organizer = await actors("organizer", division="440000")
    units = []
    for name in ("广州市教育局", "广州市体育局"):
        made = await api.post(
            "/authorities", json={"name": name, "division_code": "440100"}, headers=organizer
        )
        assert made.status_code == 201, made.text
        units.append(made.json())
        role = {"role": "supervisory_unit", "from_on": "2015-01-01"}
        held = await api.post(
            f"/authorities/{units[-1]['id']}/roles",
            json=role,
            headers={**organizer, "If-Match": units[-1]["etag"]},
        )
        assert held.status_code in {200, 201}, held.text
    ids = [
        await organization(
            api,
            organizer,
            n,
            registration_mode="dual",
            supervisory_unit_id=units[n % 2]["id"],
        )
        for n in range(4)
    ]
    top = await party_organizations.body(
        api, organizer, kind="committee", formation="regional", division_code="440100", name="综合党委"
    )
    branches = [
        await party_organizations.body(
            api, organizer, parent_id=top["id"], name=f"第{n}党支部", formation="joint"
        )
        for n in range(2)
    ]
    await party_organizations.cover(api, organizer, branches[0]["id"], ids[0])
    departments = await make(api, organizer, ranked="authorities", division_code="440100")
    assert departments.status_code == 201, departments.text
    rows = departments.json()["rows"]
    assert [(r["rank"], r["subject"]["name"]) for r in rows] == [(1, "广州市教育局"), (2, "广州市体育局")]
    assert rows[0]["measures"][0]["value"] == "50.00"
    bodies = await make(api, organizer, ranked="bodies", party_organization_id=top["id"])
    assert {r["subject"]["id"] for r in bodies.json()["rows"]} == {b["id"] for b in branches}
    wrong = await make(api, organizer, ranked="bodies", division_code="440100", scheme="none")
    assert {e["code"] for e in wrong.json()["errors"]} == {"missing", "not_here"}
    unknown = await make(api, organizer, division_code="440100", scheme="none")
    assert unknown.json()["errors"][0]["pointer"] == "/scheme"


async def test_a_scheme_of_ones_own(api: httpx.AsyncClient, actors: Actors) -> None:
    """Load of instructors alone: 3.12 organizations each (Yangquan, 424 by 136) is what Guangzhou aims at."""
    admins = [await actors("system_admin", division="100000") for _ in range(2)]
    measure = {"code": "instructor_load", "weight": "1", "worst": "0", "best": "4"}
    content = {
        "name": {"zh": "指导员联系", "en": "Load"}, "measures": [measure], "places": 1, "ranks": "dense",
        "nothing": "zero", "ties": [], "division_basis": "registration", "exceptions": "counted",
        "verified": True,
    }  # fmt: skip
    plan = {
        "kind": "ranking", "code": "guangzhou_load", "version": "2026.1", "jurisdiction_code": "440100",
        "effective_on": "2026-01-01", "source": "测试",
    }  # fmt: skip
    bad = await api.post(
        "/rule-packs",
        json={**plan, "content": {**content, "measures": [{**measure, "best": "0"}]}},
        headers=admins[0],
    )
    assert bad.status_code == 422, bad.text
    drafted = await api.post("/rule-packs", json={**plan, "content": content}, headers=admins[0])
    assert drafted.status_code == 201, drafted.text
    published = await api.post(
        f"/rule-packs/{drafted.json()['id']}/publish",
        headers={**admins[1], "If-Match": drafted.json()["etag"]},
    )
    assert published.status_code == 200, published.text
    organizer = await actors("organizer", division="440000")
    committee = await party_organizations.body(
        api, organizer, kind="committee", formation="regional", division_code="440100", name="综合党委"
    )
    who = await instructors.instructor(api, organizer, committee["id"])
    for number in range(2):
        place = await organization(api, organizer, number)
        assert (await instructors.assign(api, organizer, who["id"], place)).status_code == 201
    made = await make(api, organizer, division_code="440100", scheme="guangzhou_load", as_of="2026-06-30")
    best = made.json()["rows"][0]
    assert (best["subject"]["code"], best["score"], best["measures"][0]["value"]) == (NANSHA, "50.0", "2.00")
    elsewhere = await make(api, organizer, division_code="440600", scheme="guangzhou_load")
    assert elsewhere.json()["errors"][0]["code"] == "not_found"
