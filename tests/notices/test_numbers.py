"""Document numbers: one to n without a gap or a repeat, whoever issues at once, retries, or is killed.

`JICENG_RACES=500 JICENG_KILLS=20` issues five hundred under twenty kills; CI issues a handful."""

import asyncio
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.notices import rules
from tests.make import notices as make
from tests.notices.conftest import Office, Organizations
from tests.races.conftest import SERVE, free_port

MANY = int(os.environ.get("JICENG_RACES", "12"))
AT_ONCE = 40
PATIENCE = 2_000
KILLS = int(os.environ.get("JICENG_KILLS", "0"))


COPIES = """
INSERT INTO notices SELECT (jsonb_populate_record(n, jsonb_build_object('id', gen_random_uuid()))).*
    FROM notices n, generate_series(2, :many)
"""
ADDRESSEES = """
INSERT INTO notice_addressees SELECT (jsonb_populate_record(
        a, jsonb_build_object('id', gen_random_uuid(), 'notice_id', n.id))).*
    FROM notice_addressees a, notices n WHERE n.id <> a.notice_id
"""
GIVEN = "SELECT count(*), count(DISTINCT serial), min(serial), max(serial) FROM document_numbers"


async def approved(
    api: httpx.AsyncClient, shell: Shell, office: Office, organization_id: str, many: int
) -> list[Any]:
    """So many notices that are only to be issued: one over HTTP, the others copied."""
    body = make.plan(office.sign_id, {"organization_id": organization_id})
    await make.approved(api, office.clerk, office.organizer, body)
    async with begin(shell, SYSTEM) as work:
        await work.execute(text(COPIES), {"many": many})
        await work.execute(text(ADDRESSEES))
    query: dict[str, Any] = {"state": "approved", "limit": 200}
    found: list[Any] = []
    while True:
        page = (await api.get("/notices", params=query, headers=office.organizer)).json()
        found += page["items"]
        if not page["has_more"]:
            return found
        query["cursor"] = page["next_cursor"]


class Killed:
    """A process of the API that is killed, and started again, so many times."""

    def __init__(self, shell: Shell) -> None:
        url = shell.settings.database_url
        assert url is not None
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("JICENG", "DATABASE"))}
        place = {
            "DATABASE_URL": url.get_secret_value(),
            "DATA_DIR": str(shell.settings.data_dir),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        self.environment, self.port, self.kills = kept | place, free_port(), 0
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", SERVE, str(self.port)], env=self.environment, stdout=subprocess.DEVNULL
        )

    async def ready(self, client: httpx.AsyncClient) -> None:
        while True:
            with suppress(httpx.TransportError):
                if (await client.get("/notices")).status_code == 401:
                    return
            await asyncio.sleep(0.1)

    async def kill(self, client: httpx.AsyncClient, times: int) -> None:
        """Again and again, each time while it is at work."""
        for _ in range(times):
            await self.ready(client)
            await asyncio.sleep(random.uniform(0.5, 2))  # noqa: S311 (any moment will do)
            self.process.kill()
            self.process.wait()
            self.kills += 1
            self.process = self._start()


@asynccontextmanager
async def served(api: httpx.AsyncClient, shell: Shell) -> AsyncIterator[httpx.AsyncClient]:
    """The service itself; with `JICENG_KILLS` a process of it that is killed so often meanwhile."""
    if not KILLS:
        yield api
        return
    killed = Killed(shell)
    base = f"http://127.0.0.1:{killed.port}/api/v1"
    async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=30) as client:
        killing = asyncio.create_task(killed.kill(client, KILLS))
        try:
            yield client
            print(f"issued under {killed.kills} kills")  # noqa: T201 (what the long form saw)
        finally:
            killing.cancel()
            killed.process.kill()
            killed.process.wait()


async def test_many_at_once_with_retries(
    api: httpx.AsyncClient, shell: Shell, office: Office, several: Organizations
) -> None:
    """Each client sends twice with one key, and again while the service is busy or away."""
    (one,) = await several(1)
    rows = await approved(api, shell, office, one, MANY)
    assert len(rows) == MANY
    turn = asyncio.Semaphore(AT_ONCE)
    statuses: Counter[int] = Counter()

    async def issue(client: httpx.AsyncClient, row: dict[str, Any]) -> str:
        headers = {**office.organizer, "If-Match": row["etag"], "Idempotency-Key": str(uuid4())}
        async with turn:
            for _ in range(PATIENCE):
                answers = await asyncio.gather(
                    *(client.post(f"/notices/{row['id']}/issue", headers=headers) for _ in range(2)),
                    return_exceptions=True,
                )
                came = [answer for answer in answers if isinstance(answer, httpx.Response)]
                statuses.update(answer.status_code for answer in came)
                done = {answer.json()["number"] for answer in came if answer.status_code == 200}
                if done:
                    assert len(done) == 1
                    return str(done.pop())
                await asyncio.sleep(0.1 if came else 1)
        raise AssertionError(answers)

    async with served(api, shell) as client:
        numbers = await asyncio.gather(*(issue(client, row) for row in rows))
    assert set(statuses) <= {200, 409, 503}, statuses
    year = (await api.get("/notices", headers=office.clerk)).json()["items"][0]["issued_on"][:4]
    assert set(numbers) == {f"穗社党〔{year}〕{serial}号" for serial in range(1, MANY + 1)}
    async with begin(shell, SYSTEM, reading=True) as work:
        assert tuple((await work.execute(text(GIVEN))).one()) == (MANY, MANY, 1, MANY)
        assert (await work.execute(text("SELECT last FROM document_counters"))).scalar_one() == MANY


async def test_a_number_that_was_not_issued_goes_to_the_next(
    api: httpx.AsyncClient, shell: Shell, office: Office, several: Organizations
) -> None:
    """What fails after its number was taken leaves no gap; what was issued can be changed by nobody."""
    (one,) = await several(1)
    first, second = await approved(api, shell, office, one, 2)
    async with begin(shell, SYSTEM) as work:
        await work.execute(
            text(
                "INSERT INTO notice_documents (notice_id, content, sha256) VALUES"
                " (CAST(:id AS uuid), 'x', encode(sha256('x'), 'hex'))"
            ),
            {"id": first["id"]},
        )
    failed = await make.act(api, office.organizer, f"/notices/{first['id']}/issue", first["etag"])
    assert failed.status_code == 409, failed.text
    done = await make.step(api, office.organizer, second, "issue")
    assert done["number"].endswith("〕1号")
    for statement in (
        "UPDATE notice_documents SET content = 'y'",
        "DELETE FROM notice_documents",
        "DELETE FROM document_numbers",
    ):
        with pytest.raises(Exception, match="permission denied"):
            async with begin(shell, SYSTEM) as work:
                await work.execute(text(statement))
    with pytest.raises(IntegrityError, match="ck_notice_documents_sha256"):
        async with begin(shell, SYSTEM) as work:
            await work.execute(
                text(
                    "INSERT INTO notice_documents (notice_id, content, sha256)"
                    " SELECT id, 'y', encode(sha256('x'), 'hex') FROM notices WHERE state = 'draft'"
                    " UNION ALL SELECT CAST(:id AS uuid), 'y', 'z'"
                ),
                {"id": str(uuid4())},
            )


async def test_the_file_is_made_of_what_was_frozen(
    api: httpx.AsyncClient, office: Office, several: Organizations
) -> None:
    (one,) = await several(1)
    ranking = {"header": ["县区", "覆盖率"], "rows": [["南沙区", "82.19%"], ["天河区", "78.30%"]]}
    figure = {"title": "覆盖率排名", "as_of": "2026-09-30", "source": "coverage", "content": ranking}
    body = make.plan(
        office.sign_id, {"organization_id": one}, kind="circular", figures=[figure], copy_to=["广州市民政局"]
    )
    row = await make.issued(api, office.clerk, office.organizer, body)
    assert row["figures"] == [figure]
    address = f"/notices/{row['id']}/document"
    got = await api.get(address, headers=office.county)
    assert got.status_code == 200, got.text
    assert got.content.startswith(b"PK")
    same = await api.get(address, headers={**office.county, "If-None-Match": got.headers["etag"]})
    assert same.status_code == 304
    assert row["content_sha256"] in got.headers["etag"]


@pytest.mark.parametrize(
    ("number", "issued", "recorded"),
    [
        ("甬民党〔2018〕14号", True, True),
        ("甬组通〔2017〕18号", True, True),
        ("昌州社党工字〔2015〕08号", False, True),
        ("甬民党[2018]14号", False, True),
        ("甬民党（2018）第14号", False, True),
        ("甬民党2018-14", False, False),
    ],
)
def test_strict_when_we_issue_lenient_when_we_record(number: str, *, issued: bool, recorded: bool) -> None:
    sign, _, rest = number.partition("〔")
    year, _, serial = rest.removesuffix("号").partition("〕")
    made = rules.document_number(sign, int(year), int(serial)) if year.isdigit() and serial else ""
    assert (made == number) is issued
    assert rules.is_recorded_number(number) is recorded
