"""Lists: keyset pages that add up to the whole, and cursors that fit only where they came from."""

import base64
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from app.core import pages
from app.core.errors import BadCursor
from tests.core import sample

DIVISIONS = ("110101", "440115", "440305", "330106")


async def fill(sql: asyncpg.Connection, count: int, *, start: int = 0) -> None:
    await sql.executemany(
        "INSERT INTO things (id, name, division_code, count, price, version) VALUES ($1, $2, $3, $4, $5, 1)",
        [
            (uuid4(), f"n{number}", DIVISIONS[number % 4], number % 7, number)
            for number in range(start, start + count)
        ],
    )


async def walk(clerk: httpx.AsyncClient, path: str = "/things", **query: Any) -> list[dict[str, Any]]:
    """Every item of a list, page by page."""
    items: list[dict[str, Any]] = []
    while True:
        response = await clerk.get(path, params=query)
        assert response.status_code == 200, response.text
        page = response.json()
        assert len(page["items"]) <= query.get("limit", 50)
        assert page["has_more"] is (page["next_cursor"] is not None)
        items += page["items"]
        if not page["has_more"]:
            return items
        assert len(page["items"]) == query.get("limit", 50)
        query["cursor"] = page["next_cursor"]


@pytest.mark.parametrize("limit", [1, 7, 20, 59, 60, 61, 200])
async def test_pages_add_up_to_the_list(
    clerk: httpx.AsyncClient, sql: asyncpg.Connection, limit: int
) -> None:
    await fill(sql, 60)
    rows = await sql.fetch("SELECT id::text FROM things ORDER BY division_code, id")
    assert [item["id"] for item in await walk(clerk, limit=limit)] == [row["id"] for row in rows]
    rows = await sql.fetch("SELECT id::text FROM things ORDER BY created_at DESC, count DESC, id DESC")
    found = await walk(clerk, "/things/newest", limit=limit)
    assert [item["id"] for item in found] == [row["id"] for row in rows]


async def test_inserts_between_pages_neither_hide_nor_double(
    clerk: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    await fill(sql, 60)
    before = {row["id"] for row in await sql.fetch("SELECT id::text FROM things")}
    found: list[str] = []
    query: dict[str, Any] = {"limit": 7}
    start = 60
    while True:
        page = (await clerk.get("/things", params=query)).json()
        found += [item["id"] for item in page["items"]]
        if not page["has_more"]:
            break
        await fill(sql, 5, start=start)
        start += 5
        query["cursor"] = page["next_cursor"]
    assert len(found) == len(set(found))
    assert before <= set(found)


async def test_filters_hold_on_every_page(clerk: httpx.AsyncClient, sql: asyncpg.Connection) -> None:
    await fill(sql, 60)
    found = await walk(clerk, limit=4, division="440115", least=3)
    assert found
    assert all(item["division_code"] == "440115" and item["count"] >= 3 for item in found)
    expected = "SELECT count(*) FROM things WHERE division_code = '440115' AND count >= 3"
    assert len(found) == await sql.fetchval(expected)


async def test_the_total_is_counted_on_request(clerk: httpx.AsyncClient, sql: asyncpg.Connection) -> None:
    await fill(sql, 60)
    query: dict[str, Any] = {"limit": 2, "division": "440115"}
    first = (await clerk.get("/things", params=query)).json()
    assert first["total"] is None
    counted = (await clerk.get("/things", params=query | {"include_total": "true"})).json()
    assert counted["total"] == 15
    later = query | {"include_total": "true", "cursor": first["next_cursor"]}
    assert (await clerk.get("/things", params=later)).json()["total"] == 15


async def test_an_empty_list(clerk: httpx.AsyncClient) -> None:
    page = (await clerk.get("/things", params={"include_total": "true"})).json()
    assert page == {"items": [], "next_cursor": None, "has_more": False, "total": 0}


async def test_a_cursor_fits_only_where_it_came_from(
    clerk: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    await fill(sql, 60)
    query: dict[str, Any] = {"limit": 2, "division": "440115"}
    cursor = (await clerk.get("/things", params=query)).json()["next_cursor"]
    good = await clerk.get("/things", params=query | {"cursor": cursor})
    assert good.status_code == 200
    assert (await clerk.get("/things", params=query | {"cursor": cursor, "limit": 9})).status_code == 200
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=="))
    raw[-3] ^= 1
    changed = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    for path, other in (
        ("/things", {"cursor": cursor}),
        ("/things", query | {"cursor": cursor, "division": "330106"}),
        ("/things", query | {"cursor": cursor, "least": 0}),
        ("/things/newest", query | {"cursor": cursor}),
        ("/things", query | {"cursor": changed}),
        ("/things", query | {"cursor": cursor[:-1]}),
        ("/things", query | {"cursor": cursor + "A"}),
        ("/things", query | {"cursor": "A"}),
        ("/things", query | {"cursor": "AAAA" * 20}),
    ):
        response = await clerk.get(path, params=other)
        assert (response.status_code, response.json()["code"]) == (400, "bad_cursor"), other


async def test_a_cursor_widens_nobodys_scope(
    served: FastAPI, clerk: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    await fill(sql, 60)
    cursor = (await clerk.get("/things", params={"limit": 1})).json()["next_cursor"]
    async with sample.client(served, "guangdong") as guangdong:
        assert await walk(guangdong, cursor=cursor) == []


BAD_PARAMETERS: list[Any] = [
    {"limit": -1},
    {"limit": 0},
    {"limit": 201},
    {"limit": 10**20},
    {"limit": "x"},
    {"limit": ""},
    {"limit": "1.5"},
    {"offset": 3},
    {"cursor": "a b"},
    {"cursor": ""},
    {"cursor": "x" * 2001},
    {"include_total": "perhaps"},
    {"least": 2**31},
    {"least": -1},
    {"name": "a\x00b"},
    {"name": "\u202eb"},
    {"name": ""},
    {"since": "2026-02-30"},
    {"division": "44%"},
]


async def test_a_bad_parameter_is_named(clerk: httpx.AsyncClient) -> None:
    for query in BAD_PARAMETERS:
        response = await clerk.get("/things", params=query)
        assert response.status_code == 422, query
        assert [fault["pointer"] for fault in response.json()["errors"]] == [f"/query/{next(iter(query))}"]


async def test_a_parameter_given_twice_is_refused(clerk: httpx.AsyncClient) -> None:
    response = await clerk.get("/things", params=[("limit", "1"), ("limit", "2")])
    assert (response.status_code, response.json()["code"]) == (400, "repeated_parameter")


KEYS = st.lists(st.text() | st.integers(-(2**53), 2**53) | st.none() | st.uuids().map(str), max_size=4)


@given(KEYS, st.binary(min_size=12, max_size=12), st.binary(min_size=1))
def test_what_was_encoded_is_decoded(keys: list[Any], fingerprint: bytes, secret: bytes) -> None:
    cursor = pages.encode(secret, fingerprint, keys)
    assert pages.decode(secret, fingerprint, cursor) == keys
    with pytest.raises(BadCursor):
        pages.decode(secret + b"x", fingerprint, cursor)
    with pytest.raises(BadCursor):
        pages.decode(secret, fingerprint[::-1] + b"x", cursor)


@given(st.text("ABCDEFabcdef0123456789_-", max_size=60))
def test_an_invented_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        pages.decode(b"secret", bytes(12), cursor)


@given(
    st.uuids() | st.dates(date(1900, 1, 1)) | st.datetimes(timezones=st.just(UTC)) | st.integers() | st.text()
)
def test_a_key_survives_the_journey(value: Any) -> None:
    kind = type(value)
    sent = str(value) if isinstance(value, UUID) else value
    sent = value.isoformat() if isinstance(value, date | datetime) else sent
    assert pages.revive(sent, kind) == value
