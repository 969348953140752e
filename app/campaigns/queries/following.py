"""What the ledger says of targets: which should be in another state than they are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, Date, Text, Uuid, bindparam, column, func, select, text, update, values
from sqlalchemy.dialects.postgresql import ARRAY

from app.campaigns.models import Campaign, Target
from app.campaigns.rules import Change, TargetState
from app.core.work import Work

C, T = Campaign, Target
TODAY: Final = "timezone('Asia/Shanghai', now())::date"
OVER: Final = "('deregistered', 'revoked', 'license_revoked', 'merged', 'split')"

# What was closed stays closed when the organization ends later; what a person decided stays, but for an end.
_DUE: Final = f"""
WITH looked AS (
    SELECT t.id, t.campaign_id, t.organization_id, t.division_code, t.state, t.state_on, t.number, t.by_hand,
        c.rule ->> 'goal' AS goal, c.rule ->> 'ended' AS ended, c.starts_on,
        o.registration_status AS status, o.registration_status IN {OVER} AS over, o.ended_on,
        cover.since, cover.body
    FROM campaign_targets t
    JOIN campaigns c ON c.id = t.campaign_id AND c.state = 'running'
    JOIN organizations o ON o.id = t.organization_id
    LEFT JOIN LATERAL (
        SELECT lower(v.valid) AS since, v.party_organization_id AS body
        FROM party_organization_covers v
        JOIN party_organizations b ON b.id = v.party_organization_id AND b.counts_as_primary
        WHERE v.organization_id = t.organization_id AND upper_inf(v.recorded) AND v.valid @> {TODAY}
        ORDER BY lower(v.valid), v.id LIMIT 1
    ) cover ON c.rule ->> 'goal' = 'covered'
    WHERE (:everybody OR t.organization_id = ANY (:organizations))
        AND (:everywhere OR t.campaign_id = :campaign)
), judged AS (
    SELECT looked.*, CASE
        WHEN over THEN CASE ended WHEN 'closes' THEN 'closed' ELSE 'removed' END
        WHEN goal = 'covered' AND since IS NOT NULL THEN 'closed'
        WHEN goal = 'clear' AND organization_id = ANY (:clear) THEN 'closed'
        WHEN goal = 'stated' AND EXISTS (
            SELECT FROM organization_facts f WHERE f.organization_id = looked.organization_id
                AND f.recorded_at >= timezone('Asia/Shanghai', starts_on::timestamp)
        ) THEN 'closed'
        ELSE 'open' END AS wanted
    FROM looked
)
SELECT id, campaign_id, organization_id, division_code, number, wanted,
    CASE WHEN wanted = 'open' THEN 'no_longer_so' WHEN over THEN status
        WHEN goal = 'covered' THEN 'party_organization_covers'
        WHEN goal = 'clear' THEN 'facts_on_record' ELSE 'stated' END AS reason,
    greatest(state_on, least(CASE WHEN wanted = 'open' THEN {TODAY} WHEN over THEN ended_on
        WHEN goal = 'covered' THEN since END, {TODAY})) AS on_day,
    CASE WHEN wanted = 'closed' AND NOT over THEN body END AS body
FROM judged
WHERE wanted <> state AND NOT (state = 'closed' AND over) AND (NOT by_hand OR (over AND state = 'open'))
ORDER BY id
"""  # noqa: S608 (constants only)


@dataclass(frozen=True, slots=True)
class Due:
    """A target that should be in another state, since when and why."""

    id: UUID
    campaign_id: UUID
    organization_id: UUID
    division_code: str
    number: int
    state: TargetState
    reason: Change
    on: date
    body: UUID | None


async def due(
    work: Work,
    *,
    organizations: Collection[UUID] | None = None,
    campaign_id: UUID | None = None,
    clear: Collection[UUID] = (),
) -> list[Due]:
    """Targets of running campaigns that the ledger has moved on, of some organizations or of all, of one
    campaign or of every one. `clear` has the organizations whose four facts are on record."""
    rows: Any = await work.execute(
        text(_DUE)
        .bindparams(
            bindparam("everybody", organizations is None, Boolean()),
            bindparam("organizations", sorted(organizations or ()), ARRAY(Uuid())),
            bindparam("everywhere", campaign_id is None, Boolean()),
            bindparam("campaign", campaign_id, Uuid()),
            bindparam("clear", sorted(clear), ARRAY(Uuid())),
        )
        .columns(id=Uuid(), campaign_id=Uuid(), organization_id=Uuid(), division_code=Text(), body=Uuid())
    )
    return [
        Due(
            row.id,
            row.campaign_id,
            row.organization_id,
            row.division_code,
            row.number,
            TargetState(row.wanted),
            Change(row.reason),
            row.on_day,
            row.body,
        )
        for row in rows
    ]


async def lock_targets(work: Work, found: Collection[Due]) -> None:
    """Keep campaigns from being finished and targets from being moved, each in the order of their ids."""
    campaigns = {each.campaign_id for each in found}
    await work.execute(select(C.id).where(C.id.in_(campaigns)).order_by(C.id).with_for_update(read=True))
    ids = {each.id for each in found}
    await work.execute(select(T.id).where(T.id.in_(ids)).order_by(T.id).with_for_update())


async def organizations_of(
    work: Work, campaign_id: UUID | None, organizations: Collection[UUID] | None
) -> dict[tuple[UUID, str], set[UUID]]:
    """The organizations that running campaigns of the four clears wait for, by campaign and division."""
    statement = (
        select(C.id, C.division_code, T.organization_id)
        .join(T, T.campaign_id == C.id)
        .where(C.state == "running", C.rule["goal"].astext == "clear", T.by_hand.is_(False))
    )
    if campaign_id is not None:
        statement = statement.where(C.id == campaign_id)
    if organizations is not None:
        statement = statement.where(T.organization_id.in_(list(organizations)))
    found: dict[tuple[UUID, str], set[UUID]] = {}
    rows: Any = await work.execute(statement)
    for each, division, organization in rows:
        found.setdefault((each, division), set()).add(organization)
    return found


async def among(work: Work, listed: Any, ids: Collection[UUID]) -> set[UUID]:
    """Which of these organizations stand on a list."""
    found = select(listed.c.organization_id).where(listed.c.organization_id.in_(list(ids)))
    return set(await work.scalars(found))


async def move(work: Work, found: Collection[Due]) -> None:
    """Bring targets to their new state, by one statement."""
    rows = [(each.id, each.state.value, each.on) for each in found]
    new = (
        values(column("id", Uuid()), column("state", Text()), column("state_on", Date()), name="new")
        .data(rows)
        .alias("new")
    )
    await work.execute(
        update(T)
        .where(T.id == new.c.id)
        .values(
            state=new.c.state,
            state_on=new.c.state_on,
            number=T.number + 1,
            by_hand=False,
            version=T.version + 1,
            updated_at=func.clock_timestamp(),
        )
        .execution_options(synchronize_session=False)
    )
