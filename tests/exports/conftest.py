"""An office that exports: callers, a worker that makes the files, and what a download holds."""

import csv
import io
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from app import worker
from app.core.work import Shell
from tests.conftest import Actors

Headers = dict[str, str]
Row = dict[str, Any]


@dataclass(slots=True)
class Office:
    """The service, and those who ask for files."""

    api: httpx.AsyncClient
    shell: Shell
    actors: Actors

    async def ask(self, by: Headers, name: str, **wanted: Any) -> httpx.Response:
        return await self.api.post("/exports", json={"list": name, **wanted}, headers=by)

    async def work(self) -> None:
        await worker._aside(self.shell, lambda: False)

    async def made(self, by: Headers, name: str, **wanted: Any) -> Row:
        """An export that succeeded."""
        asked = await self.ask(by, name, **wanted)
        assert asked.status_code == 202, asked.text
        await self.work()
        found = await self.read(by, asked.json()["id"])
        assert found["state"] == "succeeded", found["failure"]
        return found

    async def read(self, by: Headers, export_id: str) -> Row:
        got = await self.api.get(f"/exports/{export_id}", headers=by)
        assert got.status_code == 200, got.text
        return dict(got.json())

    async def download(self, by: Headers, file: Row) -> httpx.Response:
        got = await self.api.get(f"/files/{file['id']}/content", headers=by)
        assert got.status_code == 200, got.text
        return got

    async def table(self, by: Headers, name: str, **wanted: Any) -> list[Row]:
        """The rows of a CSV export by their headers."""
        made = await self.made(by, name, format="csv", **wanted)
        return csv_rows((await self.download(by, made["file"])).content)

    async def listed(self, by: Headers, path: str, **query: Any) -> list[Row]:
        """A list, page by page."""
        items: list[Row] = []
        cursor: Row = {}
        while True:
            got = await self.api.get(path, params={**query, "limit": 3, **cursor}, headers=by)
            assert got.status_code == 200, got.text
            items += got.json()["items"]
            if not got.json()["has_more"]:
                return items
            cursor = {"cursor": got.json()["next_cursor"]}


def csv_rows(content: bytes) -> list[Row]:
    """What a strict reader takes from a file of RFC 4180."""
    text = content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    """The cells of a workbook; none may be a formula."""
    book = load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        assert [c.coordinate for row in sheet.iter_rows() for c in row if c.data_type == "f"] == []
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets
    }


@pytest.fixture
async def office(api: httpx.AsyncClient, shell: Shell, actors: Actors) -> Office:
    """The office of a test."""
    return Office(api, shell, actors)
