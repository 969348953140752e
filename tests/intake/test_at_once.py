"""A push that is kept by one statement leaves what the long way leaves, and believes nothing that is over."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from app.core import db
from app.core.work import Shell
from tests.conftest import Actors
from tests.intake.conftest import Office
from tests.make import intake as make
from tests.make.intake import Headers

TABLES = ("registry_events", "audit_entries", "events")
OWN = frozenset(
    {"id", "webhook_id", "subject_id", "request_id", "xid", "version", "body_cipher", "reacted_at"}
    | {"created_at", "updated_at", "received_at", "due_at", "occurred_at", "at"}
)
"""What is each message's own."""


@contextmanager
def long_way(shell: Shell) -> Iterator[None]:
    """Every push goes through FastAPI."""
    reader, shell.reader = shell.reader, None
    try:
        yield
    finally:
        shell.reader = reader


@contextmanager
def only_at_once(shell: Shell) -> Iterator[None]:
    """No push can go through FastAPI: its engine reaches no database."""
    engine, shell.engine = shell.engine, db.make_engine("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    try:
        yield
    finally:
        shell.engine = engine


async def rows(office: Office, event_id: str) -> list[dict[str, Any]]:
    """The message, its audit entry and its event, without what is each one's own."""
    found: list[dict[str, Any]] = []
    async with office.shell.engine.connect() as connection:
        for table in TABLES:
            key = "id" if table == "registry_events" else "subject_id"
            query = f"SELECT to_jsonb(t) FROM {table} t WHERE {key} = '{event_id}'"  # noqa: S608
            row = (await connection.exec_driver_sql(query)).scalar_one()
            row["data"] = {k: v for k, v in row.get("data", {}).items() if k != "webhook_id"}
            assert row["occurred_at"] if table == "events" else row
            found.append({k: v for k, v in row.items() if k not in OWN})
    return found


@pytest.mark.parametrize(
    "message",
    [
        make.registered(sequence=7),
        make.changed({"staff_count": 3}),
        make.changed({"division_code": "440106"}),
        make.about("award.granted", name="优秀社团", awarded_on="2020-01-01", awarded_by="某局"),
    ],
    ids=lambda message: str(message["data"].get("changes", message["type"])),
)
async def test_it_leaves_what_the_long_way_leaves(office: Office, message: dict[str, Any]) -> None:
    with long_way(office.shell):
        slow = await make.push(office.api, office.source, message)
    await make.push(office.api, office.source, make.changed({"staff_count": 1}))  # opens the connections
    with only_at_once(office.shell):
        swift = await make.push(office.api, office.source, message)
    assert slow.status_code == swift.status_code == 202, (slow.text, swift.text)
    own = {"date", "x-request-id", "location", "ratelimit", "content-length"}
    assert [h for h in swift.headers.items() if h[0] not in own] == [
        h for h in slow.headers.items() if h[0] not in own
    ]
    assert list(swift.json()) == list(slow.json())
    assert await rows(office, swift.json()["id"]) == await rows(office, slow.json()["id"])
    assert swift.headers["location"] == swift.json()["status_url"]


async def test_many_at_once_are_written_together_and_each_once(office: Office) -> None:
    """Thirty messages, each sent twice, all at the same time."""
    ids = [f"msg_{n}" for n in range(30)] * 2
    answers = await asyncio.gather(
        *(
            make.push(office.api, office.source, make.changed({"staff_count": 3}, serial=n % 30 + 1), webhook)
            for n, webhook in enumerate(ids)
        )
    )
    assert {answer.status_code for answer in answers} == {202}
    given = {answer.json()["webhook_id"]: answer.json()["id"] for answer in answers}
    assert [given[webhook] for webhook in ids] == [answer.json()["id"] for answer in answers]
    assert await office.stored() == 30


async def test_what_ends_a_source_or_a_secret_ends_it_at_once(office: Office, actors: Actors) -> None:
    by = await actors("security_admin")
    path, message = f"/registry-sources/{office.source.id}", make.changed({"staff_count": 3})

    async def answer() -> int:
        return (await make.push(office.api, office.source, message)).status_code

    async def amend(**body: Any) -> None:
        tag = (await office.api.get(path, headers=by)).headers["etag"]
        done = await office.api.patch(path, json=body, headers={**by, "If-Match": tag})
        assert done.status_code == 200, done.text

    assert await answer() == 202
    await amend(state="suspended")
    assert await answer() == 401
    await amend(state="active")
    assert await answer() == 202
    await amend(scheme="v1sm3")
    assert await answer() == 401
    await amend(scheme="either")
    assert await answer() == 202
    secret = (await office.api.get(f"{path}/secrets", headers=by)).json()["items"][0]
    await revoke(office.api, f"{path}/secrets/{secret['id']}", by)
    assert await answer() == 401
    assert await office.stored() == 3


async def revoke(api: httpx.AsyncClient, path: str, by: Headers) -> None:
    found = await api.get(path.rsplit("/", 1)[0], headers=by)
    done = await api.post(f"{path}/revoke", headers={**by, "If-Match": '"1"'})
    assert (found.status_code, done.status_code) == (200, 200), done.text
