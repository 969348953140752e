"""Open a round: the standard fits, the days follow each other, and the rules of eligibility are kept."""

from datetime import date
from typing import Any
from uuid import UUID

from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.reference import queries as reference
from app.rounds import queries
from app.rounds.commands import checking, standards
from app.rounds.models import Round
from app.rounds.rules import RoundPhase
from app.rounds.schemas import RoundOpen, RoundOpened

KIND = "round_eligibility"


async def open_round(work: Work, plan: RoundOpen) -> UUID:
    """Open a round in a division of the caller's."""
    on = plan.as_of or work.today
    faults = _calendar(plan)
    if not await queries.division_decided(work, plan.division_code):
        words = ("没有这个行政区划, 或不在您的范围内", "no such division, or not in your scope")
        faults.append(Fault("/division_code", "division_unknown", words))
    found = await standards.published(work, plan.standard_version_id)
    if found is None or not found.in_force:
        words = ("没有这个已发布的标准", "no such published standard")
        faults.append(Fault("/standard_version_id", "standard_unknown", words))
    elif found.standard.use.value != plan.use.value:
        words = ("该标准用于别的评选", "this standard is for another use")
        faults.append(Fault("/standard_version_id", "standard_of_another_use", words))
    if faults:
        checking.refuse(*faults)
    pack, rules = await _eligibility(work, plan, on)
    row = Round(
        id=uuid7(),
        **plan.model_dump(exclude={"as_of", "minimum_star"}),
        as_of=on,
        eligibility={"rules": rules},
        rule_pack_id=pack,
        state=RoundPhase.APPLYING,
    )
    work.session.add(row)
    await work.session.flush()
    work.announce(
        RoundOpened(
            subject=row.id,
            division_code=row.division_code,
            use=plan.use,
            level=plan.level,
            standard_version_id=plan.standard_version_id,
        )
    )
    return row.id


def _calendar(plan: RoundOpen) -> list[Fault]:
    words = ("须不早于前一阶段", "must not be before the phase before it")
    days: list[tuple[str, date | None, date]] = [
        ("/self_score_until", plan.self_score_until, plan.apply_until),
        ("/review_until", plan.review_until, plan.self_score_until),
        ("/on_site_until", plan.on_site_until, plan.apply_until),
        ("/decide_until", plan.decide_until, plan.review_until),
    ]
    return [
        Fault(pointer, "too_early", words)
        for pointer, given, before in days
        if given is not None and given < before
    ]


async def _eligibility(work: Work, plan: RoundOpen, on: date) -> tuple[UUID | None, list[dict[str, Any]]]:
    """The pack that holds there on the round's date, and its rules of this use with the round's own."""
    pack = await reference.pack_at(work, KIND, plan.division_code, on)
    uses = pack.content["uses"] if pack is not None else []
    rules: list[dict[str, Any]] = [
        dict(rule) for each in uses if each["use"] == plan.use.value for rule in each["rules"]
    ]
    if plan.minimum_star is not None:
        own = {"rule": "minimum_star", "least": plan.minimum_star, "source": plan.name, "verified": True}
        rules.append(own)
    return (pack.id if pack is not None else None), rules
