"""Standards over HTTP: shipped, drafted, published for good, overlaid, compared, carried in files."""

from copy import deepcopy
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core import work as works
from app.core.access import NATIONAL, SYSTEM
from app.core.work import Shell
from app.scoring import commands, formats, queries, rules
from app.scoring.queries.sources import FIGURES
from tests.make import organizations, party_organizations

Headers = dict[str, str]
CODES = (
    "anhui_subsystems",
    "evaluation_grade",
    "five_norms",
    "secretary_appraisal",
    "six_have",
    "star_rating",
)


async def shipped(api: httpx.AsyncClient, headers: Headers, code: str, **query: str) -> dict[str, Any]:
    """The version of a standard that this release ships."""
    found = await api.get("/standards", headers=headers, params={"code": code, **query})
    assert found.status_code == 200, found.text
    made = await api.get(f"/standards/{found.json()['items'][0]['id']}", headers=headers)
    assert made.status_code == 200, made.text
    answer: dict[str, Any] = made.json()
    return answer


async def drafted(api: httpx.AsyncClient, headers: Headers, content: dict[str, Any]) -> dict[str, Any]:
    """A draft of Guangdong."""
    body = {"jurisdiction_code": "440000", "content": content}
    made = await api.post("/standards", headers=headers, json=body)
    assert made.status_code == 201, made.text
    answer: dict[str, Any] = made.json()
    return answer


async def test_what_is_shipped_is_published_and_fit(
    api: httpx.AsyncClient, national: Headers, shell: Shell
) -> None:
    found = (await api.get("/standards", headers=national, params={"limit": "200"})).json()["items"]
    assert sorted({item["code"] for item in found}) == list(CODES)
    for item in found:
        may = ["withdraw"] if item["base_version_id"] else ["withdraw", "overlay"]
        assert (item["state"], item["allowed_actions"]) == ("published", may)
        read = (await api.get(f"/standards/{item['id']}", headers=national)).json()
        assert rules.digest(read["content"]) == read["content_hash"]
        checked = await api.get(f"/standards/{item['id']}/check", headers=national)
        assert checked.json() == {"publishable": True, "faults": []}
    async with works.begin(shell, SYSTEM) as unit:
        await commands.load_defaults(unit)
        assert len(await queries.shipped_hashes(unit)) == len(found)
    there = await api.get("/standards", headers=national, params={"holds_in": "340800"})
    bands = {item["jurisdiction"]["code"] for item in there.json()["items"]}
    assert bands == {"100000", "340000", "340800"}


async def test_the_grades_of_two_cities() -> None:
    grade = next(given for given in formats.shipped() if given.standard.code == "evaluation_grade")
    cities = {place.jurisdiction_code: rules.overlay(grade.standard, place.overlay) for place in grade.places}
    edges = {
        "340800": ((950, "4a"), (951, "5a"), (800, "1a")),
        "410300": ((900, "5a"), (899, "4a"), (599, "1a")),
    }
    for code, expected in edges.items():
        levels = {band.code: band for band in cities[code].bands}
        for total, band in expected:
            reached = [
                b for b in levels.values() if total > b.at_least or (b.inclusive and total == b.at_least)
            ]
            assert max(reached, key=lambda b: b.at_least).code == band


async def test_a_standard_from_draft_to_withdrawal(
    api: httpx.AsyncClient, organizer: Headers, approver: Headers, shell: Shell
) -> None:
    content = (await shipped(api, organizer, "five_norms"))["content"]
    broken = deepcopy(content)
    broken["dimensions"][0]["weight"] = "19"
    draft = await drafted(api, organizer, broken)
    at = f"/standards/{draft['id']}"
    assert (draft["number"], draft["state"]) == (1, "draft")
    faults = (await api.get(f"{at}/check", headers=organizer)).json()["faults"]
    assert [fault["pointer"] for fault in faults] == ["/dimensions/0/weight", "/total"]
    tag = {"If-Match": draft["etag"]}
    unfit = await api.post(f"{at}/publish", headers=approver | tag)
    assert (unfit.status_code, unfit.json()["code"]) == (422, "standard_unfit")
    changed = await api.put(at, headers=organizer | tag, json={"content": content})
    assert changed.status_code == 200, changed.text
    tag = {"If-Match": changed.json()["etag"]}
    own = await api.post(f"{at}/publish", headers=organizer | tag)
    assert (own.status_code, own.json()["code"]) == (403, "standard_own_draft")
    done = await api.post(f"{at}/publish", headers=approver | tag)
    assert (done.status_code, done.json()["state"]) == (200, "published")
    assert done.json()["content_hash"] == rules.digest(content)
    tag = {"If-Match": done.json()["etag"]}
    again = await api.put(at, headers=organizer | tag, json={"content": broken})
    assert (again.status_code, again.json()["code"]) == (409, "standard_not_draft")
    for change in ("content = '{}'", "state = 'draft', published_at = NULL", "source = 'other'"):
        async with works.begin(shell, SYSTEM) as unit:
            with pytest.raises(IntegrityError, match="never changes"):
                await unit.execute(
                    text(f"UPDATE scoring_standard_versions SET {change} WHERE id = :id"),  # noqa: S608
                    {"id": draft["id"]},
                )
            await unit.session.rollback()
    second = await drafted(api, organizer, {**content, "name": "第二版"})
    assert second["number"] == 2
    asked = {"with_id": second["id"]}
    compared = await api.get(f"{at}/compare", headers=organizer, params=asked)
    assert compared.json()["differences"] == [{"path": "/name", "before": content["name"], "after": "第二版"}]
    gone = await api.post(f"{at}/withdraw", headers=approver | tag, json={"reason": "有新版本"})
    assert (gone.status_code, gone.json()["withdrawn_reason"]) == (200, "有新版本")


async def test_overlays_within_and_beyond_the_limits(
    api: httpx.AsyncClient, organizer: Headers, approver: Headers
) -> None:
    base = await shipped(api, organizer, "five_norms")
    at = f"/standards/{base['id']}"
    body = {
        "jurisdiction_code": "440100",
        "source": "穗社组党〔2026〕1号",
        "overlay": {"weights": {"funds": "6", "position": "14"}},
    }
    made = await api.post(f"{at}/overlays", headers=organizer, json=body)
    assert made.status_code == 201, made.text
    assert made.json()["base_version_id"] == base["id"]
    assert made.json()["overlay"] == body["overlay"]
    published = await api.post(
        f"/standards/{made.json()['id']}/publish", headers=approver | {"If-Match": made.json()["etag"]}
    )
    assert published.json()["jurisdiction"]["code"] == "440100"
    compared = await api.get(f"{at}/compare", headers=organizer, params={"with_id": made.json()["id"]})
    assert [line["path"] for line in compared.json()["differences"]] == [
        "/dimensions/guarantee/indicators/funds/weight",
        "/dimensions/guarantee/indicators/position/weight",
    ]
    refused: list[tuple[dict[str, Any], set[str]]] = [
        ({"weights": {"funds": "6"}}, {"/total"}),
        ({"weights": {"funds": "4", "position": "16"}}, set()),
        ({"weights": {"nowhere": "4"}}, {"/weights/nowhere"}),
        ({"weights": {"funds": "1e999999"}}, {"/weights/funds"}),
        ({"bands": [{"code": "x", "label": "x", "at_least": "50"}]}, {"/bands"}),
        ({"other": {}}, {"/other"}),
    ]
    for overlay, pointers in refused:
        answer = await api.post(f"{at}/overlays", headers=organizer, json={**body, "overlay": overlay})
        assert (answer.status_code, answer.json()["code"]) == (422, "standard_overlay_unfit")
        found = {fault["pointer"] for fault in answer.json()["errors"]}
        assert not pointers or found & pointers, found
    other = await api.post(f"{at}/overlays", headers=organizer, json={**body, "jurisdiction_code": "340000"})
    assert (other.status_code, other.json()["code"]) == (404, "standard_not_found")


async def test_files_there_and_back(api: httpx.AsyncClient, national: Headers) -> None:
    for code in CODES:
        version = await shipped(api, national, code)
        at = f"/standards/{version['id']}/file"
        written = await api.get(at, headers=national, params={"format": "yaml"})
        body: dict[str, Any] = {"jurisdiction_code": "440000", "yaml": written.text}
        made = await api.post("/standards", headers=national, json=body)
        assert made.status_code == 201, made.text
        assert made.json()["content_hash"] == version["content_hash"]
    book = await api.get(at, headers=national, params={"format": "xlsx"})
    uploaded = await api.post(
        "/files",
        headers=national | {"Content-Type": "application/octet-stream"},
        params={"name": "标准.xlsx"},
        content=book.content,
    )
    body = {"jurisdiction_code": "440000", "file_id": uploaded.json()["id"]}
    made = await api.post("/standards", headers=national, json=body)
    assert made.status_code == 201, made.text
    assert made.json()["content_hash"] == version["content_hash"]


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ("code: [1, 2", "/2"),
        ("a: &x 1\nb: *x", "/1"),
        ("code: a\ncode: b", "/2"),
        ("- 1", "/1"),
        ("a: " + "[" * 20, "/1"),
        ("code: a\nuse: star\nname: n\nsource: s\ntotal: 1e400\ndimensions: []", "/5"),
        ("code: a\nuse: star\nname: n\nsource: s\ntotal: 1\ndimensions:\n  - code: d\n    lable: x", "/8"),
        ("code: a\nuse: moon\nname: n\nsource: s\ntotal: 1\ndimensions: []", "/2"),
        ("code: A B\nuse: star\nname: n\nsource: s\ntotal: 1\ndimensions: []", "/1"),
        ('code: a\nuse: star\nname: "n\\0"\nsource: s\ntotal: 1\ndimensions: []', "/1"),
    ],
)
def test_faults_by_line(given: str, pointer: str) -> None:
    with pytest.raises(formats.Unreadable) as caught:
        formats.standard_of_yaml(given)
    assert pointer in {fault.pointer for fault in caught.value.faults}


def test_faults_by_cell() -> None:
    tables = {
        "standard": "field,value\ncode,a\nuse,star\nname,n\nsource,s\ntotal,ten\n",
        "indicators": "dimension,code,label,kind,points,extra\nd,i,l,guess,1,\n",
    }
    with pytest.raises(formats.Unreadable) as caught:
        formats.standard_of_workbook(tables)
    assert [fault.pointer for fault in caught.value.faults] == ["/indicators!F1"]
    tables["indicators"] = tables["indicators"].replace(",extra", "").replace("1,", "1")
    with pytest.raises(formats.Unreadable) as unread:
        formats.standard_of_workbook(tables)
    placed = {fault.pointer for fault in unread.value.faults}
    assert placed == {"/standard!B6", "/indicators!A2", "/indicators!D2"}


async def test_every_source_is_read(api: httpx.AsyncClient, organizer: Headers, shell: Shell) -> None:
    """Each name that a standard may ask for has its SQL; who is admitted to no people gets no such figure."""
    assert set(FIGURES) == set(rules.SOURCES)
    lines = tuple(
        rules.Indicator(name, name, rules.Kind.VETO, source=name, scored_by=(rules.Scorer.LEDGER,))
        for name in rules.SOURCES
    )
    dimension = rules.Dimension("all", "all", Decimal(0), lines)
    asks = rules.Standard("all", rules.Use.STAR, "all", "invented", Decimal(0), (dimension,))
    made = await organizations.organization(api, organizer)
    async with works.begin(shell, SYSTEM) as unit:
        subject = (rules.Subject.ORGANIZATION, UUID(made["id"]), unit.today)
        blind = await queries.computed(unit, asks, *subject)
        await unit.admit(NATIONAL)
        seen = await queries.computed(unit, asks, *subject)
    unknown = {name for name, figure in FIGURES.items() if figure.people}
    assert {name for name in blind if blind[name].value is None and seen[name].value is not None} == unknown
    assert {name: figure for name, figure in blind.items() if name not in unknown} == {
        name: figure for name, figure in seen.items() if name not in unknown
    }


async def test_figures_explain_themselves(api: httpx.AsyncClient, organizer: Headers) -> None:
    version = await shipped(api, organizer, "five_norms")
    made = await organizations.organization(api, organizer)
    body = await party_organizations.body(api, organizer, division_code="440115")
    at = f"/standards/{version['id']}/figures"
    answer = await api.get(at, headers=organizer, params={"organization_id": made["id"]})
    assert answer.status_code == 200, answer.text
    figures = {figure["source"]: figure for figure in answer.json()["figures"]}
    assert figures["has_party_organization"]["value"] == "0"
    assert figures["has_party_organization"]["indicators"] == ["established"]
    own = await api.get(at, headers=organizer, params={"party_organization_id": body["id"]})
    figure = next(f for f in own.json()["figures"] if f["source"] == "has_party_organization")
    assert (figure["value"], figure["items"][0]["id"]) == ("1", body["id"])
    other = await api.get(at, headers=organizer, params={"organization_id": version["id"]})
    assert (other.status_code, other.json()["code"]) == (422, "scoring_subject_unknown")
