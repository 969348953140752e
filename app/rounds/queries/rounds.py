"""Rounds and what is published of them."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import Select, and_, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSON

from app.core import access, reads
from app.core.access import Permission
from app.core.work import Work
from app.rounds import errors
from app.rounds.models import Application, Objection, Result, Review, Round
from app.rounds.queries import sight
from app.rounds.queries.tables import divisions, standard_versions
from app.rounds.schemas import PublishedRound, RoundFilters, RoundRead

R = Round
_READ, _DECIDE, _RECORD = Permission.ROUND_READ, Permission.ROUND_DECIDE, Permission.ROUND_RECORD
_TIES = {
    "shared": (
        "总分相同者名次并列, 其后名次顺延; 并列跨越名额线的均不入选",
        "Equal totals share a rank and the next are skipped; a tie across the quota selects none of them",
    ),
    "dimensions": (
        "总分相同者按标准中维度的顺序比较得分, 仍相同者并列",
        "Equal totals are ordered by the points of the dimensions, in the order of the standard; then shared",
    ),
}


async def read(work: Work, round_id: UUID, *, status: int = 200) -> Response:
    """One round."""
    return await reads.one(
        work,
        _rounds(work).where(R.id == round_id),
        shape=RoundRead,
        missing=errors.RoundNotFound,
        status=status,
    )


async def page(work: Work, filters: RoundFilters) -> Response:
    """Rounds in sight, by division."""
    statement = _rounds(work)
    if filters.division is not None:
        statement = statement.where(access.within_divisions(R.division_code, [filters.division]))
    for column, value in ((R.use, filters.use), (R.level, filters.level), (R.state, filters.state)):
        if value is not None:
            statement = statement.where(column == value)
    return await reads.page(work, statement, shape=RoundRead, filters=filters, sort=(R.division_code, R.id))


def _count(table: Any, *conditions: Any) -> Any:
    of = select(func.count()).select_from(table).where(table.round_id == R.id, *conditions)
    return of.correlate(R).scalar_subquery()


def _rounds(work: Work) -> Select[Any]:
    place, v = divisions.c, standard_versions.c
    submitted = Application.state.in_(("submitted", "frozen"))
    applying, reviewing = R.state == "applying", R.state == "reviewing"
    return (
        select(
            R.id,
            R.name,
            R.use,
            R.level,
            reads.code_ref(R.division_code, place.name).label("division"),
            R.quota,
            func.json_build_object("id", v.id, "name", v.name, "content_hash", v.content_hash).label(
                "standard"
            ),
            R.as_of,
            R.apply_until,
            R.self_score_until,
            R.review_until,
            R.on_site_until,
            R.publicity_days,
            R.decide_until,
            R.reviewers,
            R.cultivation,
            R.self_scores_shown,
            R.tie_rule,
            cast(R.eligibility["rules"], JSON).label("eligibility"),
            R.state,
            R.seed,
            R.publicity_from,
            R.publicity_until,
            R.provisional,
            R.document,
            R.results_hash,
            R.decided_at,
            _count(Application).label("applications"),
            _count(Application, submitted).label("submitted"),
            _count(Review, Review.state != "replaced").label("reviews"),
            _count(Review, Review.state == "submitted").label("reviews_submitted"),
            _count(Objection, Objection.state == "open").label("objections_open"),
            R.created_at,
            R.updated_at,
            reads.etag(R.version),
            reads.actions(
                work,
                {
                    "apply": (_RECORD, applying),
                    "draw": (_DECIDE, applying),
                    "close_review": (_DECIDE, reviewing),
                    "decide": (
                        Permission.ROUND_APPROVE,
                        and_(R.state == "publicity", R.closed_by != work.actor.id),
                    ),
                },
                read=_READ,
                visible=sight.open_to,
            ),
        )
        .join(divisions, place.code == R.division_code)
        .join(standard_versions, v.id == R.standard_version_id)
        .where(sight.open_to(work.actor.scope(_READ)))
    )


async def published(work: Work, round_id: UUID) -> Response:
    """The public ranking: who was ranked, with what total; no reviewer and no single mark."""
    place, v, a, res = divisions.c, standard_versions.c, Application, Result
    there = divisions.alias("there")
    lines = (
        select(
            res.rank,
            reads.ref(
                func.coalesce(res.organization_id, res.party_organization_id, res.member_id), a.subject_name
            ).label("subject"),
            reads.code_ref(a.division_code, there.c.name).label("division"),
            res.total,
            res.band,
            res.selected,
            res.result_hash,
        )
        .join(a, a.id == res.application_id)
        .join(there, there.c.code == a.division_code)
        .where(res.round_id == R.id, res.rank.is_not(None))
        .correlate(R)
    )
    ties = func.json_build_object(
        *(
            part
            for rule, (zh, en) in _TIES.items()
            for part in (literal(rule), func.json_build_object("zh", zh, "en", en))
        )
    )
    statement = (
        select(
            R.id,
            R.name,
            R.use,
            R.level,
            reads.code_ref(R.division_code, place.name).label("division"),
            R.quota,
            R.state,
            v.name.label("standard"),
            v.content_hash.label("standard_hash"),
            R.tie_rule,
            ties.op("->")(R.tie_rule).label("ties"),
            R.publicity_from,
            R.publicity_until,
            R.decided_at,
            R.document,
            R.results_hash,
            reads.array_of(lines, "rank").label("results"),
            reads.etag(R.version),
        )
        .join(divisions, place.code == R.division_code)
        .join(standard_versions, v.id == R.standard_version_id)
        .where(R.id == round_id, R.state.in_(("publicity", "decided")))
    )
    return await reads.one(work, statement, shape=PublishedRound, missing=errors.RoundNotFound)
