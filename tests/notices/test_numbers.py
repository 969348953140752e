"""Document numbers: one to n without a gap or a repeat, whoever issues at once, retries, or is killed.

`JICENG_RACES=500` issues five hundred; CI issues a handful."""

import asyncio
import os
from datetime import date
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

MANY = int(os.environ.get("JICENG_RACES", "12"))
AT_ONCE = 40
PATIENCE = 200


async def approved(api: httpx.AsyncClient, office: Office, organization_id: str, many: int) -> list[Any]:
    """So many notices that are only to be issued."""
    body = make.plan(office.sign_id, {"organization_id": organization_id})
    return [await make.approved(api, office.clerk, office.organizer, body) for _ in range(many)]


async def test_many_at_once_with_retries(
    api: httpx.AsyncClient, shell: Shell, office: Office, several: Organizations
) -> None:
    """Each client sends twice with one key, and again while the service is busy."""
    (one,) = await several(1)
    rows = await approved(api, office, one, MANY)
    turn = asyncio.Semaphore(AT_ONCE)
    statuses: list[int] = []

    async def issue(row: dict[str, Any]) -> str:
        key = str(uuid4())
        headers = {**office.organizer, "If-Match": row["etag"], "Idempotency-Key": key}
        async with turn:
            for _ in range(PATIENCE):
                answers = await asyncio.gather(
                    *(api.post(f"/notices/{row['id']}/issue", headers=headers) for _ in range(2))
                )
                statuses.extend(answer.status_code for answer in answers)
                done = [answer.json()["number"] for answer in answers if answer.status_code == 200]
                if done:
                    assert len(set(done)) == 1
                    return str(done[0])
                await asyncio.sleep(0.05)
        raise AssertionError(answers[0].text)

    numbers = await asyncio.gather(*(issue(row) for row in rows))
    assert set(statuses) <= {200, 409, 503}, sorted(set(statuses))
    year = date.fromisoformat(
        (await api.get("/notices", headers=office.clerk)).json()["items"][0]["issued_on"]
    ).year
    assert set(numbers) == {f"穗社党〔{year}〕{serial}号" for serial in range(1, MANY + 1)}
    async with begin(shell, SYSTEM, reading=True) as work:
        found = (
            await work.execute(
                text(
                    "SELECT count(*), count(DISTINCT serial), min(serial), max(serial) FROM document_numbers"
                )
            )
        ).one()
        last = (await work.execute(text("SELECT last FROM document_counters"))).scalar_one()
    assert tuple(found) == (MANY, MANY, 1, MANY)
    assert last == MANY


async def test_a_number_that_was_not_issued_goes_to_the_next(
    api: httpx.AsyncClient, shell: Shell, office: Office, several: Organizations
) -> None:
    """What fails after its number was taken leaves no gap; what was issued can be changed by nobody."""
    (one,) = await several(1)
    first, second = await approved(api, office, one, 2)
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
