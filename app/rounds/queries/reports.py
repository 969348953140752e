"""Reports over rounds: the funnel, what indicators cost, how reviewers differ; two statements each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Numeric, and_, case, cast, column, extract, func, literal, select, true
from sqlalchemy.dialects.postgresql import JSONB

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.rounds import errors
from app.rounds.models import Application, Result, Review, Round
from app.rounds.queries import sight
from app.rounds.queries.tables import divisions, standard_versions, users
from app.rounds.schemas import RoundCalibration, RoundFigures, RoundFiguresQuery, RoundLosses

A, R, V = Application, Round, Review
_READ, _DECIDE = Permission.ROUND_READ, Permission.ROUND_DECIDE


async def known(
    work: Work, round_id: UUID, seen: Callable[[Scope], ColumnElement[bool]] = sight.open_to
) -> Any:
    """A round in sight, with its standard's text and whether the caller decides in it. Raises
    `RoundNotFound`."""
    decides = sight.held(work.actor.scope(_DECIDE)) if work.actor.may(_DECIDE) else literal(False)
    found = (
        await work.execute(
            select(R.id, R.state, standard_versions.c.content, decides.label("decides"))
            .join(standard_versions, standard_versions.c.id == R.standard_version_id)
            .where(R.id == round_id, seen(work.actor.scope(_READ)))
        )
    ).one_or_none()
    if found is None:
        raise errors.RoundNotFound
    return found


async def figures(work: Work, asked: RoundFiguresQuery) -> Response:
    """Rounds by use and level: how many applied, handed in, were scored, vetoed and selected."""
    conditions = [sight.open_to(work.actor.scope(_READ))]
    if asked.division is not None:
        conditions.append(access.within_divisions(R.division_code, [asked.division]))
    if asked.year is not None:
        conditions.append(extract("year", R.as_of) == asked.year)
    filed = (
        select(
            A.round_id,
            func.count().label("applied"),
            func.count(A.submitted_at).label("submitted"),
        )
        .group_by(A.round_id)
        .subquery()
    )
    came = (
        select(
            Result.round_id,
            func.count().label("scored"),
            func.count().filter(Result.vetoed).label("vetoed"),
            func.count().filter(Result.selected).label("selected"),
        )
        .group_by(Result.round_id)
        .subquery()
    )

    def total(of: Any) -> Any:
        return func.coalesce(func.sum(of), 0)

    rows: Any = await work.execute(
        select(
            R.use,
            R.level,
            func.count().label("rounds"),
            func.count().filter(R.state == "decided").label("decided"),
            total(filed.c.applied).label("applied"),
            total(filed.c.submitted).label("submitted"),
            total(came.c.scored).label("scored"),
            total(came.c.vetoed).label("vetoed"),
            total(came.c.selected).label("selected"),
            func.round(100 * func.sum(came.c.selected) / func.nullif(func.sum(filed.c.applied), 0), 1).label(
                "share"
            ),
        )
        .outerjoin(filed, filed.c.round_id == R.id)
        .outerjoin(came, came.c.round_id == R.id)
        .where(*conditions)
        .group_by(R.use, R.level)
        .order_by(R.use, R.level)
    )
    counts = ("rounds", "decided", "applied", "submitted", "scored", "vetoed", "selected")
    lines = [
        {
            "use": row.use,
            "level": row.level,
            **{name: int(getattr(row, name)) for name in counts},
            "share": None if row.share is None else str(row.share),
        }
        for row in rows
    ]
    return await reads.derived(work, {"lines": lines}, shape=RoundFigures)


def _elements(array: Any, name: str) -> Any:
    """The elements of an array of JSON, as a table with one column."""
    return func.jsonb_array_elements(array).table_valued(column("value", JSONB()), name=name)


def _scored(round_id: UUID) -> Any:
    """Each indicator of each result of a round, with what it scored and lost and who said what."""
    item = _elements(Result.derivation["indicators"], "item")
    it: Any = item.c.value
    numbers = [cast(it[name].astext, Numeric).label(name) for name in ("score", "lost", "weight")]
    return (
        select(
            Result.application_id,
            it["indicator"].astext.label("indicator"),
            it["kind"].astext.label("kind"),
            *numbers,
            func.coalesce(it["said"], cast(literal("[]"), JSONB)).label("said"),
        )
        .select_from(Result)
        .join(item, true())
        .where(Result.round_id == round_id)
        .subquery()
    )


async def losses(work: Work, round_id: UUID) -> Response:
    """How many points each indicator cost over the sheets of a round in sight, and where most."""
    of = await known(work, round_id)
    i = _scored(round_id).c
    found: Any = await work.execute(
        select(
            i.indicator,
            A.division_code,
            divisions.c.name,
            func.count().label("sheets"),
            func.max(i.weight).label("weight"),
            func.sum(i.score).label("score"),
            func.sum(i.lost).label("lost"),
            func.count().filter(i.lost == 0).label("full"),
        )
        .join(A, A.id == i.application_id)
        .join(divisions, divisions.c.code == A.division_code)
        .where(i.kind.not_in(("veto", "bonus")), sight.applications(work.actor.scope(_READ)))
        .group_by(i.indicator, A.division_code, divisions.c.name)
        .order_by(i.indicator, A.division_code)
    )
    labels = {line["code"]: line["label"] for part in of.content["dimensions"] for line in part["indicators"]}
    by_indicator: dict[str, list[Any]] = {}
    for row in found:
        by_indicator.setdefault(row.indicator, []).append(row)
    lines = [_loss(code, labels.get(code, code), rows) for code, rows in by_indicator.items()]
    lines.sort(key=lambda line: (-float(line["mean_lost"]), line["indicator"]))
    return await reads.derived(work, {"lines": lines}, shape=RoundLosses)


def _loss(indicator: str, label: str, rows: list[Any]) -> dict[str, Any]:
    sheets = sum(row.sheets for row in rows)
    lost, score = sum(row.lost for row in rows), sum(row.score for row in rows)
    weight = rows[0].weight
    worst = max(rows, key=lambda row: row.lost / row.sheets) if lost else None
    return {
        "indicator": indicator,
        "label": label,
        "weight": f"{weight:.2f}",
        "sheets": sheets,
        "mean_score": f"{score / sheets:.2f}",
        "mean_lost": f"{lost / sheets:.2f}",
        "share_lost": f"{100 * lost / sheets / weight:.1f}" if weight else None,
        "full": sum(row.full for row in rows),
        "worst_division": None if worst is None else {"code": worst.division_code, "name": worst.name},
        "worst_mean_lost": None if worst is None else f"{worst.lost / worst.sheets:.2f}",
    }


async def calibration(work: Work, round_id: UUID) -> Response:
    """Each reviewer against the mean of the same sheets; names for who decides in the round only, and nothing
    for those who may only apply in it."""
    of = await known(work, round_id, sight.held)
    scored = _scored(round_id)
    i, said = scored.c, _elements(scored.c.said, "one")
    one: Any = said.c.value
    each = (
        select(
            i.application_id,
            one["reviewer"].astext.label("place"),
            cast(one["score"].astext, Numeric).label("score"),
        )
        .select_from(scored)
        .join(said, true())
        .where(i.kind != "veto")
        .subquery()
    )
    totals = (
        select(each.c.application_id, each.c.place, func.sum(each.c.score).label("total"))
        .group_by(each.c.application_id, each.c.place)
        .subquery()
    )
    mean = func.avg(totals.c.total).over(partition_by=totals.c.application_id)
    compared = select(totals, (totals.c.total - mean).label("distance")).subquery()
    c, u = compared.c, users.c
    found: Any = await work.execute(
        select(
            u.id,
            case((literal(bool(of.decides)), u.display_name)).label("name"),
            func.count().label("reviews"),
            func.avg(c.total).label("mean_total"),
            func.avg(c.distance).label("bias"),
            func.avg(func.abs(c.distance)).label("distance"),
        )
        .select_from(compared)
        .join(
            V,
            and_(
                V.application_id == c.application_id,
                cast(V.place, u.display_name.type) == c.place,
                V.state == "submitted",
            ),
        )
        .join(users, u.id == V.reviewer_id)
        .group_by(u.id, u.display_name)
        .order_by(func.avg(c.distance), u.id)
    )
    lines = [
        {
            "reviewer": {"id": row.id, "name": row.name} if of.decides else None,
            "reviews": row.reviews,
            "mean_total": f"{row.mean_total:.2f}",
            "bias": f"{row.bias:.2f}",
            "mean_distance": f"{row.distance:.2f}",
        }
        for row in found
    ]
    return await reads.derived(work, {"lines": lines}, shape=RoundCalibration)
