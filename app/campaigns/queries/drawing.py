"""Lists turned into targets, by one statement whatever their length."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, Text, cast, func, insert, literal, null, or_, select
from sqlalchemy.dialects.postgresql import insert as insert_new

from app.campaigns.models import Target, TargetChange
from app.campaigns.queries.tables import annual_reports, credit_listings
from app.campaigns.rules import MOST_AT_ONCE, TargetList, ZombieRule
from app.core.work import Work

T, H = Target, TargetChange
FACTS = ("organization", "members", "party_organizations", "party_members")
"""四清: exactly these four."""


def drawable(listed: Select[Any], which: TargetList, day: date, zombies: Sequence[ZombieRule]) -> Select[Any]:
    """A list of coverage with the grounds on which each stands there: for the four clears which are not
    clear, for zombies which rule holds and by which evidence."""
    rows = listed.subquery("listed").c
    grounds: Any = func.jsonb_build_object()
    conditions: list[ColumnElement[bool]] = []
    if which is TargetList.NOT_CLEAR:
        parts = [part for name in FACTS for part in (literal(name), rows[name])]
        grounds = func.jsonb_build_object(*parts)
    if which is TargetList.ZOMBIES:
        found = [_zombie(rule, rows.organization_id, day) for rule in zombies]
        conditions.append(or_(*(each.is_not(None) for each in found)))
        grounds = func.jsonb_strip_nulls(
            func.jsonb_build_object(
                *(part for rule, each in zip(zombies, found, strict=True) for part in (rule.code, each))
            )
        )
    return select(
        rows.organization_id, rows.division_code, rows.responsible_id, grounds.label("grounds")
    ).where(*conditions)


def _zombie(rule: ZombieRule, organization_id: Any, day: date) -> Any:
    """The evidence of a rule as JSON, or null where it does not hold."""
    a, x = annual_reports.c, credit_listings.c
    if rule.code == "no_annual_report":
        return (
            select(func.jsonb_agg(a.year.distinct()))
            .where(
                a.organization_id == organization_id,
                a.result == "not_filed",
                a.year.between(day.year - rule.years, day.year - 1),
            )
            .having(func.count(a.year.distinct()) >= rule.years)
            .scalar_subquery()
        )
    long_ago = cast(literal(day, Date()) - func.make_interval(rule.years), Date())
    return (
        select(func.to_jsonb(func.min(x.listed_on)))
        .where(
            x.organization_id == organization_id,
            x.list == "abnormal",
            x.listed_on <= long_ago,
            or_(x.removed_on.is_(None), x.removed_on > day),
        )
        .having(func.count() > 0)
        .scalar_subquery()
    )


async def how_many(work: Work, rows: Select[Any]) -> int:
    """How many there are, counted a little past what is drawn at once."""
    some = rows.with_only_columns(rows.selected_columns[0]).limit(MOST_AT_ONCE + 1).subquery()
    return int(await work.scalar(select(func.count()).select_from(some)))


async def put_on(
    work: Work,
    campaign_id: UUID,
    rows: Select[Any],
    *,
    which: TargetList,
    as_of: date,
    on: date,
    due_on: date,
    owner: dict[str, Any] | None,
) -> int:
    """Put a list on a campaign, each with the first line of its history, by one statement. Who stands there
    already stays as they are. How many came."""
    found = rows.subquery("found").c
    given: dict[str, Any] = {
        "id": func.gen_random_uuid(),
        "version": literal(1),
        "campaign_id": literal(campaign_id),
        "organization_id": found.organization_id,
        "division_code": found.division_code,
        "responsible_id": found.responsible_id,
        "drawn_from": literal(which.value),
        "drawn_as_of": literal(as_of),
        "grounds": found.grounds,
        "owner_party_organization_id": found.responsible_id,
        "due_on": literal(due_on),
        "state": literal("open"),
        "state_on": literal(on),
        "number": literal(1),
        "by_hand": literal(False),
    }
    if owner is not None:
        given["owner_party_organization_id"] = null()
        given.update({name: literal(value) for name, value in owner.items()})
    columns = {name: cast(value, T.__table__.c[name].type) for name, value in given.items()}
    new = (
        insert_new(T)
        .from_select(list(columns), select(*columns.values()), include_defaults=False)
        .on_conflict_do_nothing(constraint="uq_campaign_targets_organization")
        .returning(T.id)
        .cte("new")
    )
    first: dict[str, Any] = {
        "id": func.gen_random_uuid(),
        "target_id": new.c.id,
        "number": literal(1),
        "state": cast(literal("open"), Text()),
        "state_on": literal(on),
        "reason": cast(literal("drawn"), Text()),
        "actor_id": literal(work.actor.id),
    }
    drawn = insert(H).from_select(list(first), select(*first.values()), include_defaults=False)
    result: Any = await work.execute(drawn)
    return int(result.rowcount)
