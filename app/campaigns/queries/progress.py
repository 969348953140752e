"""Progress and the wall chart: from the rows while a campaign runs, from its frozen report afterwards.

Either way the figures come of the same cells by the same function (`rules.figures`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import orjson
from fastapi import Response
from sqlalchemy import JSON, Date, Integer, Text, Uuid, bindparam, cast, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import undefer

from app.campaigns import errors, rules
from app.campaigns.models import Campaign, Target
from app.campaigns.queries.campaigns import seen
from app.campaigns.queries.tables import divisions, rule_packs
from app.campaigns.queries.targets import lines
from app.campaigns.rules import CampaignKind, CampaignState, Cell, Clock, Figures
from app.campaigns.schemas import CampaignProgress, ProgressQuery, WallChart
from app.core import access, reads
from app.core.access import Permission
from app.core.errors import Fault
from app.core.work import Work

C, T = Campaign, Target
_CODES: Final = ARRAY(Text(collation="C"))

# The state at the end of each day: of several that a target came to on one day only the last one counts.
_CELLS: Final = """
WITH steps AS (
    SELECT t.division_code, s.state, s.state_on,
        lead(s.state_on) OVER (PARTITION BY s.target_id ORDER BY s.number) AS until
    FROM campaign_target_states s JOIN campaign_targets t ON t.id = s.target_id
    WHERE t.campaign_id = :campaign
), moves AS (
    SELECT division_code, state_on AS day, state, 1 AS by FROM steps WHERE until IS NULL OR until > state_on
    UNION ALL
    SELECT division_code, until, state, -1 FROM steps WHERE until > state_on
)
SELECT division_code, day, coalesce(sum(by) FILTER (WHERE state = 'open'), 0) AS open,
    coalesce(sum(by) FILTER (WHERE state = 'closed'), 0) AS closed,
    coalesce(sum(by) FILTER (WHERE state = 'removed'), 0) AS removed
FROM moves GROUP BY division_code, day ORDER BY division_code, day
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A division's name, and the codes above it, itself at the head."""

    name: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """What figures are made of."""

    cells: list[Cell]
    places: dict[str, Place]


async def material(work: Work, campaign_id: UUID, day: date) -> Material:
    """The cells of a campaign, and where their divisions lie on a day: two statements."""
    rows: Any = await work.execute(
        text(_CELLS)
        .bindparams(bindparam("campaign", campaign_id, Uuid()))
        .columns(division_code=Text(), day=Date(), open=Integer(), closed=Integer(), removed=Integer())
    )
    cells = [Cell(*row) for row in rows]
    up, above = access.division_closure.alias("up"), divisions.alias("above")
    path: Any = func.json_agg(
        aggregate_order_by(func.json_build_array(above.c.code, above.c.name), up.c.depth)
    )
    codes = sorted({cell.division for cell in cells})
    found: Any = await work.execute(
        select(up.c.descendant_code, path)
        .join(above, above.c.code == up.c.ancestor_code)
        .where(up.c.descendant_code.in_(codes), up.c.valid.op("@>")(literal(day, Date())))
        .group_by(up.c.descendant_code)
    )
    places: dict[str, Place] = {}
    for _, line in found:
        for number, (code, name) in enumerate(line):
            places.setdefault(code, Place(name, tuple(each for each, _ in line[number:])))
    return Material(cells, places)


async def report_of(work: Work, campaign: Campaign) -> bytes:
    """What is frozen of a campaign: canonical JSON, the same bytes for the same state."""
    found = await material(work, campaign.id, work.today)
    rows = (await work.execute(lines(literal(work.today)).where(T.campaign_id == campaign.id))).mappings()
    owners = sorted(
        (
            {
                **{name: row[name] for name in ("targets", "closed", "removed", "left", "overdue")},
                "owner": None if row["owner_text"] is None else orjson.loads(row["owner_text"]),
                "next_due_on": row["next_due_on"],
            }
            for row in rows
        ),
        key=lambda line: orjson.dumps(line["owner"]),
    )
    return orjson.dumps(
        {
            "campaign": {
                "id": str(campaign.id),
                "kind": campaign.kind,
                "name": campaign.name,
                "division_code": campaign.division_code,
                "document": campaign.document,
                "starts_on": campaign.starts_on,
                "ends_on": campaign.ends_on,
                "finished_on": work.today,
                "remaining_reason": campaign.remaining_reason,
                "rule": campaign.rule,
            },
            "cells": [[c.division, c.on, c.open, c.closed, c.removed] for c in found.cells],
            "places": {code: [place.name, place.path] for code, place in found.places.items()},
            "owners": owners,
        },
        option=orjson.OPT_SORT_KEYS,
    )


def _frozen(report: str) -> Material:
    told = orjson.loads(report)
    return Material(
        [Cell(code, date.fromisoformat(on), *counts) for code, on, *counts in told["cells"]],
        {code: Place(name, tuple(path)) for code, (name, path) in told["places"].items()},
    )


async def report(work: Work, campaign_id: UUID) -> Response:
    """The frozen report, byte by byte as it was hashed. Raises `CampaignReportMissing`."""
    campaign = await _seen(work, campaign_id, Permission.CAMPAIGN_READ)
    if campaign.report is None:
        raise errors.CampaignReportMissing
    return reads.answer(work, campaign.report.encode(), f'"{campaign.report_sha256}"')


async def _seen(work: Work, campaign_id: UUID, permission: Permission) -> Campaign:
    found: Campaign | None = await work.scalar(
        select(C).where(C.id == campaign_id, seen(work.actor.scope(permission))).options(undefer(C.report))
    )
    if found is None:
        raise errors.CampaignNotFound
    return found


async def progress(work: Work, campaign_id: UUID, query: ProgressQuery) -> Response:
    """Figures in all, by division and by day."""
    asked = await _ask(work, campaign_id, query, Permission.CAMPAIGN_READ)
    daily = rules.days_of(asked.cells, asked.clock)
    value = {
        **asked.head(),
        "total": asked.figures(asked.cells),
        "lines": [{"division": place, **asked.figures(cells)} for place, cells in asked.lines()],
        "daily": [
            {"on": d.on, "targets": d.targets, "closed": d.closed, "removed": d.removed, "left": d.left}
            for d in daily
        ],
    }
    return await reads.derived(work, value, shape=CampaignProgress)


async def wall_chart(work: Work, campaign_id: UUID, query: ProgressQuery) -> Response:
    """The same lines with the place of each on a map."""
    asked = await _ask(work, campaign_id, query, Permission.COVERAGE_READ)
    found = asked.lines()
    points = await _centroids(work, [place["code"] for place, _ in found if place is not None])
    value = {
        **asked.head(),
        "total": asked.figures(asked.cells),
        "lines": [
            {
                "division": place,
                **asked.figures(cells),
                "centroid": points.get(place["code"]) if place is not None else None,
            }
            for place, cells in found
        ],
    }
    return await reads.derived(work, value, shape=WallChart)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A campaign, the division asked about, and the cells that lie there."""

    campaign: Campaign
    division: dict[str, str]
    clock: Clock
    cells: list[Cell]
    by_place: Mapping[str | None, Sequence[Cell]]
    places: Mapping[str, Place]

    def figures(self, cells: Sequence[Cell]) -> dict[str, Any]:
        rule = self.campaign.rule
        return _shown(
            rules.figures(
                cells,
                self.clock,
                lagging_below_percent=rule["lagging_below_percent"],
                trend_days=rule["trend_days"],
            )
        )

    def lines(self) -> list[tuple[dict[str, str] | None, Sequence[Cell]]]:
        """Divisions by code, then what lies in the division itself."""
        below = sorted(code for code in self.by_place if code is not None)
        found: list[tuple[dict[str, str] | None, Sequence[Cell]]] = [
            ({"code": code, "name": self.places[code].name}, self.by_place[code]) for code in below
        ]
        return [*found, (None, self.by_place[None])] if None in self.by_place else found

    def head(self) -> dict[str, Any]:
        c, clock = self.campaign, self.clock
        zh, en = rules.KIND_WORDS[CampaignKind(c.kind)]
        return {
            "campaign": {"id": c.id, "name": c.name},
            "kind": c.kind,
            "label": {"zh": zh, "en": en},
            "division": self.division,
            "as_of": clock.as_of,
            "starts_on": clock.starts_on,
            "ends_on": clock.ends_on,
            "days": clock.days,
            "day_number": clock.day_number,
            "days_left": clock.days_left,
            "frozen": c.state == CampaignState.FINISHED,
            "report_sha256": c.report_sha256,
        }


async def _ask(work: Work, campaign_id: UUID, query: ProgressQuery, permission: Permission) -> _Asked:
    campaign = await _seen(work, campaign_id, permission)
    last = campaign.finished_on or work.today
    day = query.as_of or last
    if day > last:
        words = ("不能晚于今天或行动结束之日", "lies after today, or after it was finished")
        raise errors.CampaignInvalid(errors=[Fault("/query/as_of", "in_future", words)])
    code = query.division or campaign.division_code
    name = await work.scalar(select(divisions.c.name).where(divisions.c.code == code))
    if name is None:
        words = ("没有这个行政区划", "there is no such division")
        raise errors.CampaignInvalid(errors=[Fault("/query/division", "not_found", words)])
    found = _frozen(campaign.report) if campaign.report else await material(work, campaign.id, work.today)
    paths = {code: place.path for code, place in found.places.items()}
    by_place = rules.placed(found.cells, paths, code)
    if query.division is None:
        elsewhere = [cell for cell in found.cells if code not in paths.get(cell.division, ())]
        if elsewhere:
            by_place.setdefault(None, []).extend(elsewhere)
    return _Asked(
        campaign,
        {"code": code, "name": name},
        Clock(campaign.starts_on, campaign.ends_on, day),
        [cell for cells in by_place.values() for cell in cells],
        by_place,
        found.places,
    )


def _shown(found: Figures) -> dict[str, Any]:
    pace = found.pace
    return {
        "targets": found.targets,
        "closed": found.closed,
        "removed": found.removed,
        "left": found.left,
        "percent": found.percent,
        "closed_lately": found.lately,
        "closed_before": found.before,
        "pace": {
            "per_day": _hundredths(pace.so_far),
            "needed_per_day": _hundredths(pace.needed),
            "forecast_on": pace.forecast_on,
        },
        "status": found.status,
    }


def _hundredths(value: int | None) -> str | None:
    return None if value is None else f"{value // 100}.{value % 100:02d}"


async def _centroids(work: Work, codes: Sequence[str]) -> dict[str, dict[str, float]]:
    """The points of some divisions, from the newest published pack `division_centroids`; none without it."""
    k = rule_packs.c
    newest = (
        select(k.content["points"].label("points"))
        .where(k.kind == "division_centroids", k.state == "published", k.effective_on <= work.today)
        .order_by(k.effective_on.desc())
        .limit(1)
        .subquery()
    )
    wanted = select(func.unnest(cast(list(codes), _CODES)).label("code")).subquery()
    point = newest.c.points[wanted.c.code]
    rows: Any = await work.execute(
        select(wanted.c.code, cast(point, JSON)).select_from(newest.join(wanted, point.is_not(None)))
    )
    return {code: {"longitude": at[0], "latitude": at[1]} for code, at in rows}
