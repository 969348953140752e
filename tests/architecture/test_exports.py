"""What holds for the export of every list, also of those not yet written."""

import csv
import io
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from app import worker
from app.core.access import SYSTEM, Permission
from app.core.pages import Listing
from app.core.work import begin
from app.exports import formats
from app.exports.formats import LABELS
from app.exports.formats.writers import _plain
from app.exports.queries import dictionaries
from app.exports.rules import ExportLanguage
from app.main import LISTS
from tests.architecture.calls import Call, World, role_with

session_loop = pytest.mark.asyncio(loop_scope="session")
RESTLESS = {
    "list_my_sessions": "each request changes when it was last seen",
    "list_audit_entries": "asking for an export is audited",
    "list_operations": "an export is one",
    "list_exports": "so it is here",
}
"""Lists that asking for an export changes: what was there before is compared by its id."""


@pytest.mark.parametrize("language", ExportLanguage)
@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_column_has_its_words(name: str, language: ExportLanguage) -> None:
    """A field that `app/exports/data/labels.csv` does not know stops here: enter it, and the title of a new
    list, in both languages."""
    columns = formats.columns(LISTS[name].shape, language, {})
    assert LABELS.list(name).said(language)
    assert all(column.header for column in columns)
    assert [header for header, often in Counter(c.header for c in columns).items() if often > 1] == []


@session_loop
async def test_every_dictionary_of_a_label_is_there(world: World) -> None:
    async with begin(world.shell, SYSTEM, reading=True) as work:
        words = await dictionaries(work)
    assert {label.dictionary for label in LABELS.rows.values() if label.dictionary} <= words.keys()


@session_loop
@pytest.mark.parametrize("name", sorted(LISTS))
async def test_every_list_exports_its_rows(world: World, name: str) -> None:
    """Asked as its valid call asks, a list gives the rows that its pages give."""
    async with begin(world.shell, SYSTEM, reading=True) as work:
        words = await dictionaries(work)
    listing = LISTS[name]
    call = await _call(world, listing)
    page = await world.sent(name, Call(call.path, {**call.query, "limit": 200}, by=call.by))
    columns = formats.columns(listing.shape, ExportLanguage.ZH, words)
    listed = [[_plain(column.take(item)) for column in columns] for item in page["items"]]
    header, *rows = await _exported(world, listing, call)
    assert header == [column.header for column in columns]
    if name in RESTLESS:
        ids = {row[header.index("ID")] for row in rows}
        assert {row[header.index("ID")] for row in listed} & ids
    else:
        assert rows[: len(listed)] == listed
        assert page["has_more"] or len(rows) == len(listed)


async def _call(world: World, listing: Listing) -> Call:
    """A valid call of a list, by somebody who may also export."""
    call = await world.unspent(listing.name)
    mine = listing.permission == Permission.SELF
    by = (
        await world.caller("viewer") if mine else call.by or await world.caller(role_with(listing.permission))
    )
    return replace(call, by=by)


async def _exported(world: World, listing: Listing, call: Call) -> list[list[str]]:
    """The lines of the CSV that the worker makes of a list."""
    given: dict[str, Any] = {k: v for k, v in call.query.items() if k not in listing.filters.not_filters}
    body = {"list": listing.name, "filters": {**given, **call.path}, "format": "csv"}
    asked = await world.sent("request_export", Call(body=body, by=call.by))
    await worker._aside(world.shell, lambda: False)
    made = await world.get("get_export", by=call.by, export_id=asked["id"])
    assert made["state"] == "succeeded", f"{listing.name}: {made['failure']}"
    got = await world.api.get(f"http://test{made['content_url']}", headers=call.by)
    return list(csv.reader(io.StringIO(got.content.decode("utf-8-sig"), newline=""), strict=True))
