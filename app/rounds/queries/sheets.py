"""Sheets as they are scored: self-scores, marks by place, rulings and evidence, set by set."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from app.core.work import Work
from app.rounds.formats import Ruled, Sheet
from app.rounds.models import (
    Application,
    Evidence,
    Mark,
    Objection,
    Result,
    Review,
    Round,
    Ruling,
    SelfScore,
)
from app.rounds.queries.tables import audit_entries, files
from app.scoring import rules as scoring

A = Application


async def sheets_of(work: Work, round_id: UUID) -> Sequence[Application]:
    """Every application of a round, locked in the order of their ids."""
    rows = await work.scalars(select(A).where(A.round_id == round_id).order_by(A.id).with_for_update())
    return list(rows)


async def sheet(work: Work, application_id: UUID) -> tuple[dict[str, str | None], dict[str, set[str | None]]]:
    """What an applicant said, as the notes by indicator; and for which papers there are files."""
    said: Any = await work.execute(
        select(SelfScore.indicator, SelfScore.note).where(SelfScore.application_id == application_id)
    )
    shown: defaultdict[str, set[str | None]] = defaultdict(set)
    rows: Any = await work.execute(
        select(Evidence.indicator, Evidence.paper).where(Evidence.application_id == application_id)
    )
    for indicator, paper in rows:
        shown[indicator].add(paper)
    return {row.indicator: row.note for row in said}, shown


async def frozen_sheets(work: Work, round_id: UUID, only: UUID | None = None) -> list[Sheet]:
    """The frozen sheets of a round, or one of them, by their ids: four statements, however many there are."""
    mine: list[Any] = [A.round_id == round_id, A.state == "frozen"]
    if only is not None:
        mine.append(A.id == only)
    marks = await _marks(work, mine)
    rulings = await _rulings(work, mine)
    evidence = await _evidence(work, mine)
    rows = await work.scalars(select(A).where(*mine).order_by(A.id))
    return [
        Sheet(
            row.id,
            row.subject_kind,
            row.organization_id,
            row.party_organization_id,
            row.member_id,
            row.body_id,
            marks.get(row.id, {}),
            rulings.get(row.id, ()),
            evidence.get(row.id, {}),
        )
        for row in rows
    ]


async def _marks(work: Work, mine: list[Any]) -> dict[UUID, dict[str, list[scoring.Mark]]]:
    rows: Any = await work.execute(
        select(Review.application_id, Review.place, Mark.indicator, Mark.answer, Mark.reason)
        .join(Mark, Mark.review_id == Review.id)
        .join(A, A.id == Review.application_id)
        .where(*mine, Review.state == "submitted")
        .order_by(Review.application_id, Review.place, Mark.indicator)
    )
    found: dict[UUID, dict[str, list[scoring.Mark]]] = {}
    for application, place, indicator, answer, reason in rows:
        given = found.setdefault(application, {}).setdefault(str(place), [])
        given.append(scoring.Mark(indicator=indicator, reason=reason, **answer))
    return found


async def _rulings(work: Work, mine: list[Any]) -> dict[UUID, list[Ruled]]:
    rows: Any = await work.execute(
        select(Ruling.application_id, Ruling.indicator, Ruling.answer, Ruling.adjustment, Ruling.reason)
        .join(A, A.id == Ruling.application_id)
        .where(*mine)
        .order_by(Ruling.application_id, Ruling.id)
    )
    found: dict[UUID, list[Ruled]] = {}
    for application, indicator, answer, adjustment, reason in rows:
        mark = None if answer is None else scoring.Mark(indicator=indicator, reason=reason, **answer)
        found.setdefault(application, []).append(Ruled(indicator, mark, adjustment))
    return found


async def _evidence(work: Work, mine: list[Any]) -> dict[UUID, dict[str, Any]]:
    """Hashes by indicator, by the file's id."""
    rows: Any = await work.execute(
        select(Evidence.application_id, Evidence.indicator, Evidence.file_id, Evidence.sha256)
        .join(A, A.id == Evidence.application_id)
        .where(*mine)
    )
    found: dict[UUID, dict[str, Any]] = {}
    for application, indicator, file_id, digest in rows:
        found.setdefault(application, {}).setdefault(indicator, {})[str(file_id)] = digest
    return found


async def results_for_update(work: Work, round_id: UUID) -> Sequence[Result]:
    """The results of a round, locked in the order of their ids."""
    rows = await work.scalars(
        select(Result)
        .where(Result.round_id == round_id)
        .order_by(Result.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(rows)


async def open_objections(work: Work, round_id: UUID) -> bool:
    """Whether an objection waits for its answer."""
    open_ = select(Objection.id).where(Objection.round_id == round_id, Objection.state == "open").limit(1)
    return await work.scalar(open_) is not None


async def closed_rounds(work: Work) -> Sequence[Round]:
    """Rounds that are public or decided, for those who verify."""
    rows = await work.scalars(
        select(Round).where(Round.state.in_(("publicity", "decided"))).order_by(Round.id)
    )
    return list(rows)


async def results_of(work: Work, round_id: UUID) -> list[Result]:
    """The results of a round, for those who verify."""
    return list(await work.scalars(select(Result).where(Result.round_id == round_id).order_by(Result.id)))


async def first_seats(work: Work, round_id: UUID) -> dict[UUID, tuple[UUID, ...]]:
    """Who was drawn first for each place of each sheet, by place."""
    rows: Any = await work.execute(
        select(Review.application_id, Review.place, Review.reviewer_id)
        .where(Review.round_id == round_id)
        .ext(distinct_on(Review.application_id, Review.place))
        .order_by(Review.application_id, Review.place, Review.id)
    )
    found: dict[UUID, tuple[UUID, ...]] = {}
    for application, _, reviewer in rows:
        found[application] = (*found.get(application, ()), reviewer)
    return found


async def audited_hash(work: Work, round_id: UUID) -> str | None:
    """The hash that the audit keeps of a decided round."""
    a = audit_entries.c
    found: str | None = await work.scalar(
        select(a.data["results_hash"].astext).where(a.action == "round.decided", a.subject_id == round_id)
    )
    return found


async def evidence_files(work: Work) -> Sequence[Any]:
    """Every file of evidence of a frozen sheet with the hash that it had, and what is stored of it now."""
    rows = await work.execute(
        select(Evidence.file_id, Evidence.sha256, files.c.sha256.label("stored"))
        .join(A, A.id == Evidence.application_id)
        .join(files, files.c.id == Evidence.file_id)
        .where(A.state == "frozen")
        .distinct()
        .order_by(Evidence.file_id)
    )
    return rows.all()
