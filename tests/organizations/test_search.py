"""Finding organizations by what somebody remembers of them."""

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from pypinyin import Style, pinyin

from app.cli import recomputing
from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.organizations import commands
from app.organizations.queries import lanes
from app.organizations.rules import SearchMatch, readings, search
from tests.conftest import Actors
from tests.make import organizations as make
from tests.make import party_organizations
from tests.organizations.conftest import Desk

READINGS = Path(__file__).parents[2] / "app" / "organizations" / "data" / "readings.txt"
LEADS = (
    "INSERT INTO responsibilities (id, organization_id, party_organization_id, relation, rule_code,"
    " rule_source, valid) VALUES (gen_random_uuid(), :organization, :body, 'lead', 'r', 's', '[2016-01-01,)')"
)
Hits = list[tuple[str, str]]


@pytest.fixture(autouse=True)
def frequencies(monkeypatch: pytest.MonkeyPatch) -> lanes.Frequencies:
    """Nothing remembered from the database of another test."""
    fresh = lanes.Frequencies()
    monkeypatch.setattr(lanes, "FREQUENCIES", fresh)
    return fresh


async def asked(api: httpx.AsyncClient, by: make.Headers, q: str, **params: object) -> dict[str, Any]:
    """One page of a search."""
    answer = await api.get("/organizations/search", params={"q": q, **params}, headers=by)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def found(api: httpx.AsyncClient, by: make.Headers, q: str, **params: object) -> Hits:
    """What a search finds and how, in its order."""
    page = await asked(api, by, q, **params)
    return [(hit["match"], hit["name"]) for hit in page["items"]]


async def names(api: httpx.AsyncClient, by: make.Headers, q: str, **params: object) -> list[str]:
    return [name for _, name in await found(api, by, q, **params)]


async def some(api: httpx.AsyncClient, by: make.Headers, *given: str, **fields: Any) -> list[dict[str, Any]]:
    return [await make.organization(api, by, name=name, **fields) for name in given]


# --- the rules ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "heard", "first"),
    [
        ("曾宪梓基金会", "zeng xian zi ji jin hui", "zxzjjh"),
        ("单氏宗亲会", "shan shi zong qin hui", "sszqh"),
        ("欧阳询书法研究会", "ou yang xun shu fa yan jiu hui", "oyxsfyjh"),
        ("重庆市会计学会", "chong qing shi kuai ji xue hui", "cqskjxh"),
        ("长沙市银行业协会", "chang sha shi yin hang ye xie hui", "cssyhyxh"),
        ("六安市茶叶协会", "lu an shi cha ye xie hui", "lasyxh"[:2] + "scyxh"),
        ("绿色出行促进会", "lv se chu xing cu jin hui", "lscxcjh"),
        ("3D打印学会", "3 d da yin xue hui", "3ddyxh"),
    ],
)
def test_names_are_heard_as_people_say_them(name: str, heard: str, first: str) -> None:
    entry = search.entry(name)
    assert f" {heard} " in entry.pinyin.split("\n")
    assert first in entry.initials.split("\n")


def test_readings_are_bounded() -> None:
    heard = readings.of_name("长重行乐都传调藏厦朝")
    assert len(heard) == len(set(heard)) == readings.MOST_READINGS
    assert search.entry("长重行乐都传调藏厦朝" * 20).pinyin.count("\n") == readings.MOST_READINGS - 1


def test_first_readings_are_those_of_the_dictionary() -> None:
    for syllable, characters in (line.split() for line in READINGS.read_text("utf-8").splitlines()):
        for character in characters[:5]:
            said = pinyin(character, style=Style.NORMAL)[0][0].replace("ü", "v").replace("ê", "e")
            assert said == syllable, character


def test_letters_are_split_into_syllables() -> None:
    assert readings.splits("xian") == [(("xian",), ""), (("xi", "an"), "")]
    assert readings.splits("qingn") == [(("qing",), "n")]
    assert readings.splits("zxzjjh") == []
    assert len(readings.splits("a" * 60)) <= readings.MOST_SPLITS


@pytest.mark.parametrize(
    ("q", "match", "marked"),
    [
        ("青年志愿", SearchMatch.PHRASE, "青年”志愿"),
        ("协会 南沙", SearchMatch.WORDS, "南沙|协会"),
        ("QNZY", SearchMatch.INITIALS, "青年”志愿"),
        ("qingnianz", SearchMatch.PINYIN, "青年”志"),
        ("广州市南沙区“青年”志愿者协会", SearchMatch.EXACT, "广州市南沙区“青年”志愿者协会"),
        ("5144", SearchMatch.CODE, ""),
    ],
)
def test_what_was_asked_for_is_marked(q: str, match: SearchMatch, marked: str) -> None:
    name = "广州市南沙区“青年”志愿者协会"
    wanted = search.asked(q)
    assert wanted is not None
    assert "|".join(name[start:end] for start, end in search.ranges(name, wanted, match)) == marked


# --- over HTTP ----------------------------------------------------------------------------------------------


async def test_the_best_match_comes_first(api: httpx.AsyncClient, desk: Desk) -> None:
    await some(
        api, desk.nation, "南沙青年协会", "青年", "青年之家", "南沙青少年协会", "少年与青联", "中年协会"
    )  # fmt: skip
    (old,) = await some(api, desk.nation, "青年旧社")
    await make.patch(api, desk.nation, old["id"], name="改名之社")
    assert await found(api, desk.nation, "青年") == [
        ("exact", "青年"), ("prefix", "青年之家"), ("phrase", "南沙青年协会"), ("former_name", "改名之社"),
    ]  # fmt: skip
    hit = (await asked(api, desk.nation, "青年"))["items"][3]
    assert (hit["former_name"], hit["highlights"]) == ("青年旧社", [{"start": 0, "end": 2}])
    assert await found(api, desk.nation, "协会 南沙") == [
        ("words", "南沙青年协会"), ("words", "南沙青少年协会"),
    ]  # fmt: skip
    assert await found(api, desk.nation, "南沙 协会") == [
        ("phrase", "南沙青年协会"), ("phrase", "南沙青少年协会"),
    ]  # fmt: skip
    assert await found(api, desk.nation, "青") == [("prefix", "青年"), ("prefix", "青年之家")]
    for nothing in ("鲸", "鲸鱼", "年青", "青年%", "青_", "zz", "南沙青年协会的"):
        got = await names(api, desk.nation, nothing)
        assert got == ([] if nothing not in {"青年%", "青_"} else await names(api, desk.nation, nothing[:-1]))
    for empty in ("%", "（）", "  "):
        refused = await api.get("/organizations/search", params={"q": empty}, headers=desk.nation)
        assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"


async def test_by_sound_width_case_code_and_number(api: httpx.AsyncClient, desk: Desk) -> None:
    code = make.credit_code(77)
    (row, other, _) = await some(api, desk.nation, "曾宪梓基金会", "南沙ABC(国际)打印协会", "重庆西南先锋社")
    await make.patch(api, desk.nation, row["id"], credit_code=code)
    await make.add(
        api, desk.nation, other["id"], "identifiers", scheme="registration_number", number="粤社证字第0012号"
    )
    for q in ("zengxianzi", "zeng xian zi", "cengxian", "ZengXianZ"):
        assert await found(api, desk.nation, q) == [("pinyin", "曾宪梓基金会")]
    assert await found(api, desk.nation, "zxzjjh") == [("initials", "曾宪梓基金会")]
    assert await names(api, desk.nation, "xian") == ["曾宪梓基金会", "重庆西南先锋社"]
    assert await found(api, desk.nation, "chongqing") == [("pinyin", "重庆西南先锋社")]
    for q in ("abc国际", "ABC 打印", "ａｂｃ", "(国际)打印"):
        assert await names(api, desk.nation, q) == ["南沙ABC(国际)打印协会"]
    for q in (code, code[:4], code.lower()):
        assert await found(api, desk.nation, q) == [("code", "曾宪梓基金会")]
    assert await names(api, desk.nation, code[:3]) == []
    for q in ("粤社证字第0012号", "粤社证字第001"):
        assert await found(api, desk.nation, q) == [("code", "南沙ABC(国际)打印协会")]


async def test_scope_and_filters_narrow_and_pages_join(
    api: httpx.AsyncClient,
    desk: Desk,
    shell: Shell,
    frequencies: lanes.Frequencies,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    everywhere = [
        f"{place}{word}协会" for place in ("南沙", "番禺") for word in ("茶叶", "青年", "音乐", "青年茶叶")
    ]
    await some(api, desk.guangzhou, *everywhere)
    await some(api, desk.ningbo, "宁波茶叶协会", "宁波茶叶商会", division_code="330200")
    await some(api, desk.ningbo, "茶叶基金会", division_code="330200", kind="foundation")
    ended = (await some(api, desk.ningbo, "停办茶叶社", division_code="330200"))[0]
    await make.act(
        api, desk.ningbo, ended["id"], "deregister",
        effective_on="2020-01-01", reason="决议", evidence="文件",
    )  # fmt: skip
    tea = await found(api, desk.nation, "茶叶", include_total=True)
    assert len(tea) == 8
    assert tea[0] == ("prefix", "茶叶基金会")
    assert sorted(await names(api, desk.guangzhou, "茶叶")) == sorted(n for n in everywhere if "茶叶" in n)
    assert await names(api, desk.viewer, "宁波") == []
    assert await names(api, desk.nation, "茶叶", kind="foundation") == ["茶叶基金会"]
    assert await names(api, desk.nation, "茶叶", registration_status="deregistered") == ["停办茶叶社"]
    assert len(await names(api, desk.nation, "茶叶", division="330000")) == 4
    assert await names(api, desk.nation, "茶叶", division="440300") == []

    async def walked(**params: object) -> Hits:
        joined: Hits = []
        cursor: dict[str, object] = {}
        while True:
            page = await asked(api, desk.nation, "茶叶", limit=2, **params, **cursor)
            joined += [(hit["match"], hit["name"]) for hit in page["items"]]
            if not page["has_more"]:
                return joined
            cursor = {"cursor": page["next_cursor"]}

    assert await walked() == tea
    async with begin(shell, SYSTEM, reading=True) as work:
        await frequencies.refresh(work)
    monkeypatch.setattr(lanes, "RARE", 0)  # and the same looking through the list
    frequencies.rows, frequencies.shares = 13.0, {"茶叶": 0.6, "~茶叶": 0.1}
    for narrowest in (1, 2, 256):
        monkeypatch.setattr(lanes, "NARROWEST", narrowest)
        monkeypatch.setattr(lanes, "WIDEST", narrowest)
        assert await walked() == tea
        assert len(await names(api, desk.guangzhou, "茶叶", limit=2)) == 2
    first = await asked(api, desk.nation, "茶叶", limit=2, include_total=True)
    assert first["total"] == 8
    foreign = {"q": "青年", "limit": 2, "cursor": first["next_cursor"]}
    refused = await api.get("/organizations/search", params=foreign, headers=desk.nation)
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_cursor")


async def test_a_body_finds_what_its_subtree_leads(
    api: httpx.AsyncClient, desk: Desk, shell: Shell, actors: Actors
) -> None:
    branch = await party_organizations.body(api, desk.nation)
    mine, _ = await some(api, desk.nation, "南沙茶叶协会", "番禺茶叶协会")
    await some(api, desk.ningbo, "宁波茶叶协会", division_code="330200")
    await make.execute(shell, LEADS, organization=UUID(mine["id"]), body=UUID(branch["id"]))
    head = await actors("organizer", body=UUID(branch["id"]))
    assert await names(api, head, "茶叶") == ["南沙茶叶协会"]
    mixed = await make.also(shell, division="330200", body=UUID(branch["id"]))
    assert await names(api, mixed, "茶叶", include_total=True) == ["宁波茶叶协会", "南沙茶叶协会"]


async def test_verify_names_what_is_stale_and_indexing_mends_it(
    api: httpx.AsyncClient, desk: Desk, shell: Shell
) -> None:
    rows = await some(api, desk.nation, "南沙茶叶协会", "番禺茶叶协会", "南沙音乐协会")
    ids = [UUID(row["id"]) for row in rows]
    async with begin(shell, SYSTEM) as work:
        assert await recomputing.searches(work) == []
        assert await commands.index(work, ids) == 0
    await make.execute(shell, "UPDATE organization_search SET terms = '{}' WHERE name LIKE '%茶叶%'")
    await make.execute(shell, "DELETE FROM organization_search WHERE name LIKE '番禺%'")
    assert await names(api, desk.nation, "茶叶") == []
    async with begin(shell, SYSTEM) as work:
        wrong = await recomputing.searches(work)
        assert {str(i) for i in ids[:2]} == {text.split()[1].rstrip(":") for text in wrong}
        assert await commands.index(work, ids) == 2
        assert await recomputing.searches(work) == []
    assert len(await names(api, desk.nation, "茶叶")) == 2
