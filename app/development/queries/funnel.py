"""The funnel: how many stand where, how many came how far, and how long it took. Counts only."""

from typing import Any

from fastapi import Response
from sqlalchemy import ColumnElement, Integer, Select, Text, and_, cast, func, join, literal, or_, select

from app.core import access, reads
from app.core.access import Permission
from app.core.work import Work
from app.development.models import DevelopmentCase, DevelopmentStep
from app.development.queries.cases import visible
from app.development.queries.tables import divisions, members, rule_packs
from app.development.schemas import FunnelQuestion, FunnelRead

C, S, M, K = DevelopmentCase, DevelopmentStep, members.c, rule_packs.c


async def funnel(work: Work, asked: FunnelQuestion) -> Response:
    """Cases of the caller's scope, opened in a time, by stage, step and division."""
    chosen = _chosen(work, asked).cte("chosen")
    found = await work.execute(
        select(
            select(*_totals(chosen)).scalar_subquery(),
            reads.array_of(_reached(chosen, S.stage)),
            reads.array_of(_reached(chosen, S.step)),
            reads.array_of(_places(chosen), "code"),
            reads.array_of(select(K.id, K.code, K.version, K.content).where(K.id.in_(select(chosen.c.pack)))),
        )
    )
    row: Any = found.one()
    totals, stages, steps, places, packs = row
    packs.sort(key=lambda pack: (pack["code"], pack["version"]))
    answer = {
        "as_of": work.today,
        **totals,
        "stages": _stages(stages, packs),
        "steps": [line for pack in packs for line in _steps(steps, pack)],
        "places": [{"division": {"code": p.pop("code"), "name": p.pop("name")}, **p} for p in places],
    }
    return await reads.derived(work, answer, shape=FunnelRead)


def _stages(counted: list[dict[str, Any]], packs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Stages in the order of their packs, each with what came on from the one before."""
    names = dict.fromkeys(stage["code"] for pack in packs for stage in pack["content"]["stages"])
    lines: list[dict[str, Any]] = []
    before: int | None = None
    for name in names:
        of = [line for line in counted if line["name"] == name]
        reached = sum(line["reached"] for line in of)
        medians = [line["median_days"] for line in of]
        lines.append(
            {
                "stage": name,
                "standing": sum(line["standing"] for line in of),
                "reached": reached,
                "conversion": f"{reached / before:.4f}" if before else None,
                "median_days": medians[0] if len(medians) == 1 else None,
            }
        )
        before = reached
    return lines


def _steps(counted: list[dict[str, Any]], pack: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of one pack in its order."""
    of = {line["name"]: line for line in counted if line["pack"] == pack["id"]}
    none = {"standing": 0, "reached": 0, "median_days": None}
    return [
        {
            "pack": f"{pack['code']} {pack['version']}",
            "step": step["code"],
            "standing": line["standing"],
            "taken": line["reached"],
            "median_days": line["median_days"],
        }
        for step in pack["content"]["steps"]
        for line in [of.get(step["code"], none)]
    ]


def _chosen(work: Work, asked: FunnelQuestion) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = [visible(work.actor.scope(Permission.MEMBER_READ))]
    if asked.from_on is not None:
        conditions.append(C.opened_on >= asked.from_on)
    if asked.until_on is not None:
        conditions.append(C.opened_on < asked.until_on)
    if asked.separate_plan is not None:
        conditions.append(C.separate_plan == asked.separate_plan)
    conditions += access.lies_in(
        division=M.division_code,
        divisions=[asked.division] if asked.division else (),
        body=M.party_organization_id,
        bodies=[asked.party_organization_id] if asked.party_organization_id else (),
    )
    admitted = or_(C.quota_year.is_not(None), M.status.in_(["probationary", "full"]))
    return (
        select(
            C.id,
            C.rule_pack_id.label("pack"),
            C.state,
            C.stage,
            C.step,
            C.opened_on,
            M.division_code,
            admitted.label("admitted"),
        )
        .join(members, M.id == C.member_id)
        .where(*conditions)
    )


def _totals(chosen: Any) -> list[Any]:
    c = chosen.c
    return [
        func.json_build_object(
            "opened", func.count(),
            "standing", func.count().filter(c.state == "open"),
            "admitted", func.count().filter(c.admitted),
            "completed", func.count().filter(c.state == "completed"),
            "closed", func.count().filter(c.state.in_(["removed", "ended"])),
        )
    ]  # fmt: skip


def _reached(chosen: Any, name: Any) -> Select[Any]:
    """How many came to each stage or step, the median of the days since the application, and how many stand
    there. Stages of several packs are one; steps are of their pack."""
    c, by_step = chosen.c, name is S.step
    pack = cast(c.pack, Text) if by_step else literal("", Text())
    firsts = (
        select(c.id, pack.label("pack"), name.label("name"), c.opened_on, func.min(S.on).label("since"))
        .join(S, and_(S.case_id == c.id, S.outcome == "passed", S.current))
        .group_by(c.id, c.pack, name, c.opened_on)
        .subquery()
    )
    place = c.step if by_step else c.stage
    here = select(func.count()).where(place == firsts.c.name, c.state == "open")
    if by_step:
        here = here.where(cast(c.pack, Text) == firsts.c.pack)
    return select(
        firsts.c.pack,
        firsts.c.name,
        func.count().label("reached"),
        here.correlate(firsts).scalar_subquery().label("standing"),
        cast(func.percentile_disc(0.5).within_group(firsts.c.since - firsts.c.opened_on), Integer).label(
            "median_days"
        ),
    ).group_by(firsts.c.pack, firsts.c.name)


def _places(chosen: Any) -> Select[Any]:
    """By the division of the branch."""
    c, d = chosen.c, divisions.c
    return (
        select(
            d.code,
            d.name,
            func.count().label("opened"),
            func.count().filter(c.state == "open").label("standing"),
            func.count().filter(c.admitted).label("admitted"),
            func.count().filter(c.state == "completed").label("completed"),
            func.count().filter(c.state.in_(["removed", "ended"])).label("closed"),
        )
        .select_from(join(chosen, divisions, d.code == c.division_code))
        .group_by(d.code, d.name)
    )
