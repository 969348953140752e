"""Problems (RFC 9457): they name the field and the mend, in two languages, and never repeat a value."""

import json
import re
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from app.core import checks, errors, problems
from app.core.errors import PROBLEM
from tests.core import sample

VALID: dict[str, Any] = {
    "short": "按规定办理",
    "long": None,
    "name": "广州市南沙区青年志愿者协会",
    "code": "civil_affairs",
    "digest": "9f" * 32,
    "division": "440115",
    "credit_code": "51440115MJL123456M",
    "id_number": "11010519491231002X",
    "phone": "13800138000",
    "on": "2026-11-22",
    "at": "2026-11-22T08:00:00Z",
    "amount": "12.50",
    "count": 3,
    "serial": 41,
    "flag": True,
    "ratio": 0.5,
    "colour": "red",
    "reference": "0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11",
    "free": {"note": "x"},
    "shape": {"shape": "box", "sides": [1, 2]},
    "names": ["甲", "乙"],
}


async def test_the_valid_body_is_taken(clerk: httpx.AsyncClient) -> None:
    response = await clerk.post("/things/everything", json=VALID)
    assert response.status_code == 200, response.text
    assert response.json() == VALID


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("fr, en;q=0.1", "en"),
        ("fr", "zh"),
        ("*", "zh"),
        ("zh;q=0, en;q=0.5", "en"),
        ("en;q=nonsense", "en"),
        ("en;q=nan", "zh"),
        (";;;,,,", "zh"),
        ("en" * 10_000, "zh"),
    ],
)
def test_the_language_that_was_asked_for(header: str, expected: str) -> None:
    request = Request({"type": "http", "headers": [(b"accept-language", header.encode())]})
    assert problems.language(request) == expected


async def test_a_problem_names_the_field_and_the_mend_in_two_languages(clerk: httpx.AsyncClient) -> None:
    body = VALID | {
        "credit_code": "51440115MJL123456I",
        "names": ["甲", ""],
        "shape": {"shape": "box", "sides": [1, -2], "radius": 3},
        "colour": "green",
        "extra/~field": 1,
    }
    del body["name"]
    for language, words in (
        (
            "zh",
            {
                "缺少此项, 请补上",
                "不得小于 0",
                "没有这个字段, 请去掉或改正拼写",
                "应为下列之一: 'red' or 'blue'",
            },
        ),
        ("en", {"This is required; add it", "At least 0", "One of: 'red' or 'blue'"}),
    ):
        response = await clerk.post("/things/everything", json=body, headers={"Accept-Language": language})
        assert response.status_code == 422
        assert response.headers["content-type"] == PROBLEM
        assert response.headers["content-language"] == language
        problem = response.json()
        assert (problem["type"], problem["code"], problem["status"]) == ("/problems/invalid", "invalid", 422)
        assert {fault["pointer"] for fault in problem["errors"]} == {
            "/credit_code",
            "/names/1",
            "/shape/sides/1",
            "/shape/radius",
            "/colour",
            "/extra~1~0field",
            "/name",
        }
        assert words <= {fault["message"] for fault in problem["errors"]}
        credit_code = checks.MESSAGES["credit_code_alphabet"][language == "en"]
        assert credit_code in {fault["message"] for fault in problem["errors"]}


# --- whatever is sent --------------------------------------------------------------------------------------

MARK = "7Q2ZK"
"""A value that is sent holds this, and no answer may."""

TEXTS = st.text(max_size=12).map(lambda text: MARK + text)
NUMBERS = st.sampled_from([f"{MARK}\x00", f"\u202e{MARK}", f"{MARK}\ud800", f"{MARK}' OR 1=1", f"%s{MARK}"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(width=32)
    | TEXTS
    | NUMBERS
    | st.sampled_from([10**400, -(2**63) - 1, 2**53, 1e308, "", " ", MARK * 300, f"20{MARK}", "2026-02-30"])
)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def bodies(draw: st.DrawFn) -> Any:
    """A valid body in which some fields were changed, dropped or added; or anything at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(JUNK)
    body = dict(VALID)
    for field in draw(st.lists(st.sampled_from(sorted(VALID)), max_size=4)):
        if draw(st.integers(0, 5)) == 0:
            body.pop(field, None)
        else:
            body[field] = draw(JUNK)
    if draw(st.integers(0, 5)) == 0:
        body["surplus"] = draw(JUNK)
    if draw(st.integers(0, 3)) == 0:
        body["shape"] = draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "shape": st.sampled_from(["box", "circle", MARK]),
                    "sides": JUNK,
                    "radius": JUNK,
                },
            )
        )
    return body


def resolve(body: Any, pointer: str) -> None:
    """A pointer leads to a value, or to the place in an object where one is missing (RFC 6901)."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    for number, part in enumerate(parts, 1):
        if isinstance(body, list):
            body = body[int(part)]
        else:
            assert isinstance(body, dict), pointer
            if part not in body:
                assert number == len(parts), pointer
                return
            body = body[part]


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(body=bodies(), ascii_only=st.booleans())
async def test_junk_is_refused_without_an_echo(clerk: httpx.AsyncClient, body: Any, ascii_only: bool) -> None:
    """Never a 5xx, never the value, always a problem in the language asked for."""
    content = json.dumps(body, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    headers = {"Content-Type": "application/json", "Accept-Language": "en" if ascii_only else "zh"}
    response = await clerk.post("/things/everything", content=content, headers=headers)
    if response.status_code == 200:
        return
    assert response.status_code in {400, 422}, response.text
    assert MARK not in response.text
    assert response.headers["content-type"] == PROBLEM
    problem = response.json()
    assert problem["errors"]
    for fault in problem["errors"]:
        assert fault["message"]
        assert ascii_only is not bool(re.search("[\u4e00-\u9fff]", fault["message"])), fault
        if response.status_code == 422:
            resolve(body, fault["pointer"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    identifier=st.text(min_size=1, max_size=20).map(lambda text: MARK + text),
    value=st.text(max_size=20).map(lambda text: MARK + text),
    name=st.sampled_from(["name", "division", "limit", "cursor", "least", "since", "x"]),
    header=st.text(
        st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=20
    ),
)
async def test_junk_in_addresses_and_headers(
    clerk: httpx.AsyncClient, identifier: str, value: str, name: str, header: str
) -> None:
    safe = identifier.encode("utf-8", "surrogatepass")
    quoted = "".join(f"%{byte:02x}" for byte in safe)
    sent = {
        "If-Match": header.encode("latin-1"),
        "Idempotency-Key": (MARK + header).encode("latin-1"),
        "If-None-Match": header.encode("latin-1"),
        "Accept-Language": header.encode("latin-1"),
        "Origin": header.encode("latin-1"),
    }
    answers = [
        await clerk.get(f"http://test/api/v1/things/{quoted}", headers=sent),
        await clerk.patch(f"http://test/api/v1/things/{quoted}", json={"name": value}, headers=sent),
        await clerk.get("/things", params={name: value.encode("utf-8", "surrogatepass")}, headers=sent),
        await clerk.get(f"http://test/problems/{quoted}", headers=sent),
        await clerk.get(f"http://test/{quoted}"),
    ]
    for answer in answers:
        assert answer.status_code < 500, answer.text
        assert answer.status_code == 200 or MARK not in answer.text


# --- other answers -----------------------------------------------------------------------------------------


async def test_addresses_and_methods_that_do_not_exist(clerk: httpx.AsyncClient) -> None:
    nowhere = await clerk.get("/nowhere")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "not_found")
    slash = await clerk.get("/things/")
    assert (slash.status_code, slash.headers["content-type"]) == (404, PROBLEM)
    wrong = await clerk.put("/things", json={})
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert wrong.headers["allow"] == "GET, POST"
    assert (await clerk.request("TRACE", "/things")).status_code == 405


async def test_a_fault_of_ours_tells_nothing(clerk: httpx.AsyncClient) -> None:
    response = await clerk.post("/things/unlucky", json={"name": MARK})
    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert response.headers["content-type"] == PROBLEM
    assert MARK not in response.text
    assert "Error" not in response.json()["title"]


async def test_every_type_of_problem_has_a_page(app: FastAPI) -> None:
    async with sample.client(app, None) as anyone:
        for code, kind in errors.BY_CODE.items():
            for which, language in enumerate(("zh", "en")):
                page = await anyone.get(f"http://test/problems/{code}", headers={"Accept-Language": language})
                assert page.status_code == 200
                assert page.headers["content-type"] == "text/html; charset=utf-8"
                assert kind.title[which].split("<")[0] in page.text.replace("&#x27;", "'")
                assert f"<code>{code}</code>" in page.text
        for code in ("nowhere", "%3Cscript%3E", "x" * 3000):
            missing = await anyone.get(f"http://test/problems/{code}")
            assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
            assert "script" not in missing.text
