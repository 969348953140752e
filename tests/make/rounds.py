"""Rounds over HTTP: a small standard, its round, who applies, who reviews; invented data only."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
from sqlalchemy import text

from app.core.access import SYSTEM, Role
from app.core.db import uuid7
from app.core.work import Shell, begin
from app.identity import commands as identity
from app.scoring import rules as scoring
from app.scoring.rules import Deduction, Dimension, Indicator, Kind, Level, Scorer
from tests.make.organizations import organization

Headers = dict[str, str]
GUANGZHOU, NANSHA = "440100", "440115"
SERIALS = itertools.count(1)
D = Decimal


def deducted(code: str, points: str, each: str) -> Indicator:
    """An indicator that loses so much for each thing that is missing."""
    return Indicator(
        code,
        f"指标{code}",
        Kind.DEDUCT,
        points=D(points),
        scored_by=(Scorer.REVIEWER,),
        deductions=(Deduction("missing", "缺一项", D(each)),),
    )


STANDARD = scoring.Standard(
    code="test_site",
    use=scoring.Use.DEMONSTRATION,
    name="示范点测试标准",
    source="测试",
    total=D(100),
    dimensions=(
        Dimension("team", "班子", D(60), (deducted("roster", "40", "4"), deducted("minutes", "20", "2"))),
        Dimension(
            "place",
            "阵地",
            D(40),
            (
                Indicator(
                    "venue",
                    "活动场所",
                    Kind.LEVEL,
                    points=D(40),
                    levels=(
                        Level("own", "自有", D(40)),
                        Level("shared", "共用", D(30)),
                        Level("none", "无", D(0)),
                    ),
                ),
                Indicator("forged", "材料造假", Kind.VETO),
            ),
        ),
    ),
    spread_limit=D(30),
)


STANDARDS = """
INSERT INTO scoring_standards (id, code, use, jurisdiction_code) VALUES (:standard, :code, :use, '440000')
"""
VERSIONS = """
INSERT INTO scoring_standard_versions (id, version, standard_id, number, jurisdiction_code, name, source,
    content, content_hash, state, published_at)
VALUES (:id, 1, :standard, 1, '440000', :name, 'test', CAST(:content AS jsonb), :hash, 'published', now())
"""


async def standard(shell: Shell, made: scoring.Standard = STANDARD) -> str:
    """A published version of a standard: its id."""
    content = scoring.content(made)
    standard_id, version_id = uuid7(), uuid7()
    kept = {
        "standard": standard_id,
        "code": f"{made.code}_{next(SERIALS)}",
        "use": made.use.value,
        "id": version_id,
        "name": made.name,
        "content": scoring.canonical(content).decode(),
        "hash": scoring.digest(content),
    }
    async with begin(shell, SYSTEM) as work:
        await work.execute(text(STANDARDS), kept)
        await work.execute(text(VERSIONS), kept)
    return str(version_id)


async def plan(shell: Shell, standard_id: str, **fields: Any) -> dict[str, Any]:
    """A round of Guangzhou as it is opened, with time for every phase."""
    async with begin(shell, SYSTEM) as work:
        today = work.today
    return {
        "name": "2026年度示范点评选",
        "use": "demonstration",
        "level": "city",
        "division_code": GUANGZHOU,
        "standard_version_id": standard_id,
        "apply_until": str(today + timedelta(days=10)),
        "self_score_until": str(today + timedelta(days=20)),
        "review_until": str(today + timedelta(days=40)),
        "reviewers": 2,
        "publicity_days": 0,
        **fields,
    }


async def opened(api: httpx.AsyncClient, shell: Shell, chair: Headers, **fields: Any) -> dict[str, Any]:
    """An open round."""
    standard_id = fields.pop("standard_version_id", None) or await standard(shell)
    made = await api.post("/rounds", json=await plan(shell, standard_id, **fields), headers=chair)
    assert made.status_code == 201, made.text
    return dict(made.json())


def said(
    missing: int = 0, minutes: int = 0, venue: str = "own", *, forged: bool | None = None
) -> list[dict[str, Any]]:
    """The marks of one person: so many things missing, and which venue."""
    marks: list[dict[str, Any]] = [
        _deduction("roster", missing),
        _deduction("minutes", minutes),
        {"indicator": "venue", "level": venue},
    ]
    if forged is not None:
        marks.append({"indicator": "forged", "triggered": forged, "reason": "核对台账"})
    return marks


def _deduction(indicator: str, times: int) -> dict[str, Any]:
    if not times:
        return {"indicator": indicator}
    return {"indicator": indicator, "deductions": {"missing": times}, "reason": f"缺{times}项"}


async def act(
    api: httpx.AsyncClient,
    headers: Headers,
    address: str,
    tag: str,
    body: Any = None,
    *,
    method: str = "POST",
) -> dict[str, Any]:
    """A change that must succeed: what came of it."""
    done = await api.request(method, address, json=body, headers={**headers, "If-Match": tag})
    assert done.is_success, f"{address}: {done.status_code} {done.text}"
    return dict(done.json())


async def applied(
    api: httpx.AsyncClient, clerk: Headers, round_id: str, organization_id: str
) -> dict[str, Any]:
    """An application."""
    body = {"subject_kind": "organization", "subject_id": organization_id}
    made = await api.post(f"/rounds/{round_id}/applications", json=body, headers=clerk)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def submitted(
    api: httpx.AsyncClient,
    clerk: Headers,
    round_id: str,
    organization_id: str,
    files: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """An application that is handed in."""
    made = await applied(api, clerk, round_id, organization_id)
    lines = [
        {**mark, "files": [{"file_id": each} for each in (files or {}).get(mark["indicator"], ())]}
        for mark in said()
    ]
    address = f"/round-applications/{made['id']}"
    made = await act(api, clerk, f"{address}/self-scores", made["etag"], {"lines": lines}, method="PUT")
    return await act(api, clerk, f"{address}/submit", made["etag"])


async def sites(api: httpx.AsyncClient, headers: Headers, count: int) -> list[str]:
    """Organizations in Nansha that may apply: their ids."""
    made = [
        await organization(api, headers, name=f"南沙区第{next(SERIALS)}公益促进会", division_code=NANSHA)
        for _ in range(count)
    ]
    return [row["id"] for row in made]


async def reviewer(shell: Shell, division: str = GUANGZHOU) -> tuple[str, Headers]:
    """A reviewer: the id and the headers to call with."""
    async with begin(shell, SYSTEM) as work:
        made = await identity.ensure_actor(work, Role.REVIEWER, division_code=division)
    return str(made.user_id), {"Authorization": f"Bearer {made.token}"}
