"""Rule packs: drafted by one, published by another, and then never changed."""

from datetime import date
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import make_url

from app.core.access import SYSTEM
from app.core.fields import Input, NonNegative
from app.core.work import Shell, begin
from app.reference import queries, schemas
from tests.make import divisions

Headers = dict[str, str]
PACK: dict[str, Any] = {
    "kind": "trial",
    "code": "trial-national",
    "version": "2026.1",
    "jurisdiction_code": None,
    "effective_on": "2026-01-01",
    "source": "测试用, 非真实文件",
    "content": {"days": 5},
}


async def draft(api: httpx.AsyncClient, headers: Headers, **fields: Any) -> dict[str, Any]:
    made = await api.post("/rule-packs", json={**PACK, **fields}, headers=headers)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def publish(api: httpx.AsyncClient, headers: Headers, pack: dict[str, Any]) -> httpx.Response:
    address = f"/rule-packs/{pack['id']}/publish"
    return await api.post(address, headers={**headers, "If-Match": pack["etag"]})


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_a_draft_is_published_by_somebody_else(
    api: httpx.AsyncClient, admin: Headers, colleague: Headers, shell: Shell
) -> None:
    pack = await draft(api, admin)
    assert (pack["state"], pack["published_at"], pack["allowed_actions"]) == ("draft", None, ["update"])
    refused(await publish(api, admin, pack), 403, "rule_pack_own_draft")
    published = await publish(api, colleague, pack)
    assert (published.status_code, published.json()["state"]) == (200, "published")
    assert published.json()["allowed_actions"] == []
    refused(await publish(api, colleague, published.json()), 409, "rule_pack_published")
    async with begin(shell, SYSTEM) as work:
        found = await queries.pack_for(work, "trial", ("100000", "440000"), date(2026, 6, 1))
        assert found is not None
        assert (found.version, dict(found.content)) == ("2026.1", {"days": 5})
        assert await queries.pack_for(work, "trial", ("100000",), date(2025, 12, 31)) is None


async def test_a_draft_changes_and_whoever_changed_it_last_is_its_author(
    api: httpx.AsyncClient, admin: Headers, colleague: Headers
) -> None:
    pack = await draft(api, admin)
    held = {**colleague, "If-Match": pack["etag"]}
    changed = await api.patch(f"/rule-packs/{pack['id']}", json={"content": {"days": 7}}, headers=held)
    assert (changed.json()["content"], changed.json()["source"]) == ({"days": 7}, PACK["source"])
    refused(await publish(api, colleague, changed.json()), 403, "rule_pack_own_draft")
    assert (await publish(api, admin, changed.json())).status_code == 200
    again = await api.patch(
        f"/rule-packs/{pack['id']}", json={"content": {}}, headers={**admin, "If-Match": '"3"'}
    )
    refused(again, 409, "rule_pack_published")


async def test_the_database_itself_keeps_published_packs(
    api: httpx.AsyncClient, admin: Headers, colleague: Headers, database_url: str
) -> None:
    pack = await draft(api, admin)
    await publish(api, colleague, pack)
    url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(url)
    try:
        assert (
            await connection.execute("UPDATE rule_packs SET source = 'x' WHERE state = 'published'")
            == "UPDATE 0"
        )
        assert await connection.execute("DELETE FROM rule_packs WHERE state = 'published'") == "DELETE 0"
    finally:
        await connection.close()


async def test_the_nearest_jurisdiction_overlays_the_nation(
    api: httpx.AsyncClient, admin: Headers, colleague: Headers, shell: Shell
) -> None:
    await divisions.country(shell)
    for code, place in (("trial-national", None), ("trial-330000", "330000"), ("trial-330200", "330200")):
        pack = await draft(api, admin, code=code, jurisdiction_code=place)
        assert (await publish(api, colleague, pack)).status_code == 200
    path = ("100000", "330000", "330200", "330203")
    async with begin(shell, SYSTEM) as work:
        packs = await queries.packs_for(work, "trial", path, date(2026, 6, 1))
        nearest = await queries.pack_for(work, "trial", path[:2], date(2026, 6, 1))
    assert [p.code for p in packs] == ["trial-national", "trial-330000", "trial-330200"]
    assert nearest is not None
    assert nearest.code == "trial-330000"


class Trial(Input):
    """What packs of the kind `trial` hold."""

    days: NonNegative


async def test_content_has_the_shape_of_its_kind(
    api: httpx.AsyncClient, admin: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(schemas.CONTENTS, "trial", Trial)
    unfit = await api.post("/rule-packs", json={**PACK, "content": {"days": -1, "hours": 2}}, headers=admin)
    refused(unfit, 422, "rule_pack_unfit")
    assert {e["pointer"] for e in unfit.json()["errors"]} == {"/content/days", "/content/hours"}
    pack = await draft(api, admin)
    held = {**admin, "If-Match": pack["etag"]}
    worse = await api.patch(f"/rule-packs/{pack['id']}", json={"content": {}}, headers=held)
    refused(worse, 422, "rule_pack_unfit")


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"jurisdiction_code": "999999"}, 422, "jurisdiction_unknown"),
        ({"code": "Trial"}, 422, "invalid"),
        ({"version": ""}, 422, "invalid"),
        ({"content": []}, 422, "invalid"),
        ({"effective_on": "2026-02-30"}, 422, "invalid"),
        ({"state": "published"}, 422, "invalid"),
    ],
)
async def test_what_cannot_be_drafted(
    *, api: httpx.AsyncClient, admin: Headers, fields: dict[str, Any], status: int, code: str
) -> None:
    refused(await api.post("/rule-packs", json={**PACK, **fields}, headers=admin), status, code)


async def test_a_version_is_given_once(api: httpx.AsyncClient, admin: Headers) -> None:
    await draft(api, admin)
    refused(await api.post("/rule-packs", json=PACK, headers=admin), 409, "rule_pack_taken")


async def test_packs_are_listed_by_kind_and_place(
    api: httpx.AsyncClient, clerk: Headers, admin: Headers
) -> None:
    await draft(api, admin)
    shipped = (await api.get("/rule-packs", params={"in_force_on": "2026-01-01"}, headers=clerk)).json()[
        "items"
    ]
    assert {p["state"] for p in shipped} == {"published"}
    assert {p["kind"] for p in shipped} >= {"responsibility", "establishment", "registration_duties"}
    national = {"kind": "responsibility", "jurisdiction_code": "100000"}
    found = (await api.get("/rule-packs", params=national, headers=clerk)).json()["items"]
    assert {p["jurisdiction_code"] for p in found} == {None}
    drafts = (await api.get("/rule-packs", params={"state": "draft"}, headers=clerk)).json()["items"]
    assert [p["code"] for p in drafts] == ["trial-national"]


async def test_who_may_not(api: httpx.AsyncClient, admin: Headers, clerk: Headers) -> None:
    pack = await draft(api, admin)
    refused(await api.post("/rule-packs", json=PACK, headers=clerk), 403, "not_permitted")
    refused(await publish(api, clerk, pack), 403, "not_permitted")
    missing = "/rule-packs/0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"
    refused(await api.get(missing, headers=clerk), 404, "rule_pack_not_found")
    refused(await api.post(f"{missing}/publish", headers=admin), 428, "if_match_required")
    refused(
        await api.post(f"{missing}/publish", headers={**admin, "If-Match": '"1"'}), 404, "rule_pack_not_found"
    )
    refused(await publish(api, admin, {**pack, "etag": '"9"'}), 412, "stale_version")
    assert (await api.get("/rule-packs")).status_code == 401
