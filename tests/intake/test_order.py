"""Any order and any repetition of what registries push ends in one state (F6)."""

import os
import random

from app.core.access import SYSTEM
from app.core.work import begin
from app.intake.commands import applying
from app.intake.models import RegistrySource
from app.intake.schemas import MESSAGE
from tests.intake.conftest import Office
from tests.make import history
from tests.make import intake as make
from tests.make.history import CITY, DISTRICT, Told
from tests.make.intake import Registry
from tests.make.organizations import rows

ORDERS, OVER_HTTP = (200, 20) if os.environ.get("JICENG_FAULTS") == "full" else (4, 2)
"""Each takes some seconds."""
FOLD = {
    "organizations": "organization.id = :id",
    "organization_periods": "organization_id = :id AND upper_inf(recorded)",
    **dict.fromkeys(
        (
            "organization_names",
            "organization_officers",
            "organization_identifiers",
            "credit_listings",
            "penalties",
            "evaluations",
            "awards",
            "annual_reports",
            "charter_clauses",
            "organization_facts",
        ),
        "organization_id = :id",
    ),
    "organization_findings": "organization_id = :id AND state = 'open'",
    "duties": "organization_id = :id",
}
OWN = (
    *(
        "id",
        "organization_id",
        "version",
        "created_at",
        "updated_at",
        "recorded",
        "recorded_at",
        "recorded_by",
    ),
    *("event_id", "opened_at", "phone_id", "contact_phone_id", "secrets", "digest", "evidence"),
)
"""What belongs to a row, not to the state: ids, instants, and whose event it was."""


async def fold_of(office: Office, serial: int) -> dict[str, list[str]]:
    """The whole state of an organization, without what belongs to its rows only."""
    code = make.credit_code(serial)
    found = await rows(office.shell, "SELECT id FROM organizations WHERE credit_code = :code", code=code)
    state = {}
    for table, condition in FOLD.items():
        statement = (
            f"SELECT (to_jsonb(t) - CAST(:own AS text[]))::text AS row FROM {table} t WHERE {condition}"  # noqa: S608
        )
        some = await rows(
            office.shell, statement.replace("organization.id", "id"), id=found[0]["id"], own=list(OWN)
        )
        state[table] = sorted(one["row"].replace(code, "…") for one in some)
    return state


async def two_registries(office: Office) -> dict[str, Registry]:
    city = await make.registry(
        office.shell, "guangzhou", divisions=["440100"], authority="广州市民政局", at="440100", source_rank=45
    )
    return {DISTRICT: office.source, CITY: city}


async def over_http(
    office: Office, sources: dict[str, Registry], order: list[Told], chance: random.Random
) -> None:
    """Push an order of messages, some of them again under the same id, with the worker at work in between."""
    for number, (source, message) in enumerate(order):
        name = f"msg_{number}_{chance.getrandbits(64):x}"
        await make.taken(office.api, sources[source], message, message_id=name)
        if chance.random() < 0.2:
            await make.taken(office.api, sources[source], message, message_id=name)
        if chance.random() < 0.1:
            await office.drain()
    done = await office.drain()
    assert done["quarantined"] == 0


async def applied(office: Office, sources: dict[str, Registry], order: list[Told]) -> None:
    """Apply an order of messages as the worker does, all in one transaction; what waits is tried again."""
    async with begin(office.shell, SYSTEM) as work:
        rows_ = {name: await work.session.get_one(RegistrySource, one.id) for name, one in sources.items()}
        waiting: list[Told] = []
        for told in order:
            source, message = told
            result = await applying.carry_out(work, rows_[source], MESSAGE.validate_python(message), None)
            if not isinstance(result, applying.Applied):
                waiting.append(told)
                continue
            for source_, late in waiting:
                await applying.carry_out(work, rows_[source_], MESSAGE.validate_python(late), None)
            waiting = []
        assert not waiting


async def test_any_order_with_repetitions_ends_in_one_state(office: Office) -> None:
    sources = await two_registries(office)
    told = history.history(0)
    assert len(told) == 50
    assert {source for source, _ in told} == {DISTRICT, CITY}
    await applied(office, sources, told)
    expected = await fold_of(office, 0)
    assert len(expected["organization_facts"]) > 60
    assert len(expected["organization_periods"]) > 5
    for serial in range(1, ORDERS + 1):
        order = history.in_some_order(history.history(serial), seed=serial)
        if serial <= OVER_HTTP:
            await over_http(office, sources, order, random.Random(serial))  # noqa: S311
        else:
            await applied(office, sources, order)
        assert await fold_of(office, serial) == expected, f"order {serial}"
