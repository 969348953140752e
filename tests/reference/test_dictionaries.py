"""Dictionaries: whole, in both languages, and growing where they may."""

import re

import httpx
from sqlalchemy import CheckConstraint

import app.tables  # noqa: F401 (fills the metadata)
from app.core.access import SYSTEM
from app.core.db import Base
from app.core.work import Shell, begin
from app.reference import commands, formats

Headers = dict[str, str]
NEW = {"code": "digital_economy", "label_zh": "数字经济", "label_en": "Digital economy"}


def enumerated(column: str) -> set[str] | None:
    """The values that the CHECK of a column allows."""
    table, _, name = column.partition(".")
    for constraint in Base.metadata.tables[table].constraints:
        if isinstance(constraint, CheckConstraint):
            found = re.match(rf"\s*{name} IN \(([^)]*)\)\s*$", str(constraint.sqltext))
            if found:
                return set(re.findall(r"'([^']+)'", found[1]))
    return None


def test_every_enumeration_of_the_tables_has_its_labels() -> None:
    for code, shipped in formats.dictionaries().items():
        for column in shipped.get("of", []):
            allowed = enumerated(column)
            assert allowed is not None, f"{code}: {column} is no enumeration"
            assert allowed == {item["code"] for item in shipped["items"]}, f"{code}: {column}"


def test_every_value_has_a_label_in_both_languages() -> None:
    for shipped in formats.dictionaries().values():
        codes = [item["code"] for item in shipped["items"]]
        assert len(codes) == len(set(codes))
        assert all(item["zh"] and item["en"].isascii() for item in shipped["items"])


async def test_a_dictionary_is_read_with_its_etag(api: httpx.AsyncClient, clerk: Headers) -> None:
    found = await api.get("/dictionaries/registration_mode", headers=clerk)
    assert found.json()["items"] == [
        {"code": "direct", "label_zh": "直接登记", "label_en": "Direct registration", "deprecated": False},
        {"code": "dual", "label_zh": "双重管理", "label_en": "Dual management", "deprecated": False},
        {"code": "filed", "label_zh": "备案", "label_en": "Filed only", "deprecated": False},
    ]
    held = {**clerk, "If-None-Match": found.headers["etag"]}
    assert (await api.get("/dictionaries/registration_mode", headers=held)).status_code == 304
    listed = (await api.get("/dictionaries", params={"limit": 200}, headers=clerk)).json()["items"]
    assert [d["code"] for d in listed] == sorted(formats.dictionaries())
    growing = (await api.get("/dictionaries", params={"growing": "true"}, headers=clerk)).json()["items"]
    assert {d["code"] for d in growing} >= {"industry"}


async def test_a_growing_dictionary_takes_a_value_once(api: httpx.AsyncClient, admin: Headers) -> None:
    etag = (await api.get("/dictionaries/industry", headers=admin)).json()["etag"]
    added = await api.post("/dictionaries/industry/items", json=NEW, headers={**admin, "If-Match": etag})
    assert added.status_code == 201, added.text
    assert added.json()["items"][-1] == {**NEW, "deprecated": False}
    assert added.json()["etag"] != etag
    now = {**admin, "If-Match": added.json()["etag"]}
    twice = await api.post("/dictionaries/industry/items", json=NEW, headers=now)
    assert (twice.status_code, twice.json()["code"]) == (409, "dictionary_item_taken")
    stale = await api.post(
        "/dictionaries/industry/items", json={**NEW, "code": "x"}, headers={**admin, "If-Match": etag}
    )
    assert stale.status_code == 412


async def test_a_closed_dictionary_takes_none(api: httpx.AsyncClient, admin: Headers) -> None:
    held = {**admin, "If-Match": (await api.get("/dictionaries/level", headers=admin)).json()["etag"]}
    answer = await api.post("/dictionaries/level/items", json=NEW, headers=held)
    assert (answer.status_code, answer.json()["code"]) == (409, "dictionary_closed")


async def test_a_value_is_relabelled_and_taken_out_of_use_for_good(
    api: httpx.AsyncClient, admin: Headers, shell: Shell
) -> None:
    held = {**admin, "If-Match": (await api.get("/dictionaries/industry", headers=admin)).json()["etag"]}
    address = "/dictionaries/industry/items/other"
    changed = await api.patch(address, json={"label_zh": "其他行业", "deprecated": True}, headers=held)
    assert changed.status_code == 200, changed.text
    async with begin(shell, SYSTEM) as work:
        assert await commands.remember(work, "dictionaries", "older")
        await commands.load_defaults(work)
    items = (await api.get("/dictionaries/industry", headers=admin)).json()["items"]
    assert {"code": "other", "label_zh": "其他行业", "label_en": "Other", "deprecated": True} in items


async def test_what_is_not_there_and_who_may_not(
    api: httpx.AsyncClient, admin: Headers, clerk: Headers
) -> None:
    assert (await api.get("/dictionaries/nothing", headers=clerk)).json()["code"] == "dictionary_not_found"
    held = {**admin, "If-Match": (await api.get("/dictionaries/industry", headers=admin)).json()["etag"]}
    missing = await api.patch("/dictionaries/industry/items/nothing", json={}, headers=held)
    assert (missing.status_code, missing.json()["code"]) == (404, "dictionary_item_not_found")
    for address in ("/dictionaries/nothing/items/x", "/dictionaries/industry/items/other"):
        refused = await api.patch(address, json={"deprecated": True}, headers={**clerk, "If-Match": '"1"'})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    assert (await api.patch("/dictionaries/industry/items/other", json={}, headers=admin)).status_code == 428
    assert (await api.get("/dictionaries")).status_code == 401
