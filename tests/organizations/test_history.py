"""What was true when, and what was known when; and one state from any order of arrival, in the database."""

import asyncio
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.organizations import commands, rules
from tests.make import organizations as make
from tests.organizations.conftest import Desk

OTHER = "nansha_approval_bureau"


async def periods(
    api: httpx.AsyncClient, headers: dict[str, str], organization_id: UUID | str, **query: Any
) -> list[tuple[str, str | None, str]]:
    answer = await api.get(f"/organizations/{organization_id}/history", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return [(p["from_on"], p["until_on"], p["division"]["code"]) for p in answer.json()["periods"]]


async def test_true_on_a_day_and_known_at_an_instant_differ(
    api: httpx.AsyncClient, desk: Desk, shell: Shell
) -> None:
    organization_id = await make.registered(shell, make.by_registry("2019-01-02", 1))
    before = datetime.now(UTC)
    await make.stated(shell, organization_id, {"division_code": "440106"}, make.by_registry("2021-01-01", 2))
    now = [("2019-01-02", "2021-01-01", "440115"), ("2021-01-01", None, "440106")]
    assert await periods(api, desk.nation, organization_id) == now
    assert await periods(api, desk.nation, organization_id, as_of="2020-12-31") == now[:1]
    assert await periods(api, desk.nation, organization_id, as_of="2021-01-01") == now[1:]
    known_at = before.isoformat().replace("+00:00", "Z")
    then = await periods(api, desk.nation, organization_id, as_of="2021-06-01", known_at=known_at)
    assert then == [("2019-01-02", None, "440115")]
    earlier = (before - timedelta(days=1)).isoformat().replace("+00:00", "Z")
    assert await periods(api, desk.nation, organization_id, known_at=earlier) == []
    assert (
        await api.get(f"/organizations/{organization_id}/history?known_at=x", headers=desk.nation)
    ).status_code == 422


async def test_folds_within_one_transaction_leave_no_trace_of_what_nobody_saw(
    api: httpx.AsyncClient, desk: Desk, shell: Shell
) -> None:
    async with begin(shell, SYSTEM) as work:
        said = rules.Registration(
            name="甲", kind=rules.OrganizationKind.ASSOCIATION,
            registration_mode=rules.RegistrationMode.DIRECT, division_code="440115",
        )  # fmt: skip
        row = await commands.register(work, said, make.by_registry("2019-01-02", 1))
        for sequence, code in enumerate(["440106", "440103", "440115"], start=2):
            await commands.record_facts(
                work, row.id, {"division_code": code}, make.by_registry("2021-01-01", sequence)
            )
    stored = await make.rows(shell, "SELECT recorded FROM organization_periods")
    assert len(stored) == 1
    assert await periods(api, desk.nation, row.id) == [("2019-01-02", None, "440115")]


async def test_a_change_keeps_what_was_known_before_it(shell: Shell, desk: Desk) -> None:
    del desk
    organization_id = await make.registered(shell, make.by_registry("2019-01-02", 1))
    for sequence, code in enumerate(["440106", "440103"], start=2):
        await make.stated(
            shell, organization_id, {"division_code": code}, make.by_registry("2021-01-01", sequence)
        )
    stored = await make.rows(
        shell,
        "SELECT division_code, upper_inf(recorded) AS now, isempty(recorded) AS empty"
        " FROM organization_periods ORDER BY lower(recorded), lower(valid)",
    )
    assert [(r["division_code"], r["now"], r["empty"]) for r in stored] == [
        ("440115", False, False), ("440115", True, False), ("440106", False, False), ("440103", True, False),
    ]  # fmt: skip


async def test_folds_of_one_organization_queue(shell: Shell, api: httpx.AsyncClient, desk: Desk) -> None:
    organization_id = await make.registered(shell, make.by_registry("2019-01-02", 1))
    days = [date(2020, 1, 1) + timedelta(days=30 * n) for n in range(8)]
    codes = ["440106", "440103"]
    await asyncio.gather(
        *(
            make.stated(shell, organization_id, {"division_code": codes[n % 2]}, make.by_registry(day, n + 2))
            for n, day in enumerate(days)
        )
    )
    assert len(await periods(api, desk.nation, organization_id)) == len(days) + 1
    facts = await make.rows(shell, "SELECT 1 FROM organization_facts WHERE fact = 'division_code'")
    assert len(facts) == len(days) + 1


def _history() -> list[tuple[str, dict[str, Any], rules.Origin]]:
    """Fifty events of one organization from two sources, some without a sequence, some contradictory."""
    chance = random.Random(20200101)  # noqa: S311
    events: list[tuple[str, dict[str, Any], rules.Origin]] = []
    for n in range(40):
        day = date(2019, 1, 2) + timedelta(days=chance.randrange(0, 2000))
        first = n % 2 == 0
        facts = chance.choice([
            {"name": f"改名协会{n % 5}"}, {"staff_count": n},
            {"division_code": chance.choice(["440106", "440103"])},
            {"registration_status": chance.choice(["in_liquidation", "deregistered", "normal"])},
            {"decoupled": chance.choice([True, False]), "industry": chance.choice([None, "law"])},
            {"contact_phone": f"1390000{n:04d}"},
        ])  # fmt: skip
        source, sequence = (make.REGISTRY, n + 2) if first else (OTHER, None)
        events.append(
            ("facts", facts, make.by_registry(day, sequence, source=source, rank=50 if first else 45))
        )
    for n in range(5):
        day = date(2019 + n, 7, 1)
        listing = {"list": rules.CreditList.ABNORMAL, "listed_on": date(2019, 7, 1)}
        if n:
            listing["removed_on"] = day
        events.append(("listing", listing, make.by_registry(day, 100 + n)))
        seats = [
            rules.Officer(name=name, post="会长", is_principal=True) for name in ("李一", "王二")[: 1 + n % 2]
        ]
        events.append(("officers", {"officers": seats}, make.by_registry(day, 200 + n)))
    return events


async def _play(
    shell: Shell, organization_id: UUID, events: list[tuple[str, dict[str, Any], rules.Origin]]
) -> None:
    for kind, said, origin in events:
        async with begin(shell, SYSTEM) as work:
            if kind == "facts":
                await commands.record_facts(work, organization_id, said, origin)
            elif kind == "listing":
                await commands.record(work, organization_id, [rules.CreditListing(**said)], origin)
            else:
                await commands.record_officers(work, organization_id, said["officers"], origin)


async def _state(shell: Shell, organization_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Everything that is read of an organization, without ids and the instants of arrival."""
    seen = {}
    for table, condition in {
        "organizations": "id = :o",
        "organization_periods": "organization_id = :o AND upper_inf(recorded)",
        "organization_names": "organization_id = :o",
        "organization_officers": "organization_id = :o",
        "credit_listings": "organization_id = :o",
        "organization_findings": "organization_id = :o AND state = 'open'",
    }.items():
        rows = await make.rows(
            shell,
            f"SELECT to_jsonb({table}) - '{{id,organization_id,version,created_at,updated_at,recorded,"  # noqa: S608
            "opened_at,contact_phone_id,credit_code}'::text[] AS row FROM "
            f"{table} WHERE {condition}",
            o=organization_id,
        )
        seen[table] = sorted((r["row"] for r in rows), key=str)
    return seen


async def test_any_order_and_repetition_of_pushes_ends_in_one_state(shell: Shell, desk: Desk) -> None:
    del desk
    events, chance = _history(), random.Random(7)  # noqa: S311
    assert len(events) == 50
    states = []
    for number in range(6):
        organization_id = await make.registered(
            shell, make.by_registry("2019-01-02", 1), credit_code=make.credit_code(number)
        )
        order = [*events, *chance.sample(events, 10)] if number else events
        if number:
            chance.shuffle(order)
        await _play(shell, organization_id, order)
        states.append(await _state(shell, organization_id))
    assert all(state == states[0] for state in states)
    assert states[0]["organization_findings"]
