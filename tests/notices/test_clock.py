"""Deadlines: counted in working days, judged by the database's clock, late answers kept, what follows."""

import asyncio
import os
from collections import Counter
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app import worker
from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.notices import commands
from app.notices.commands import checking
from app.reference import queries as reference
from app.reference.rules import Calendar, add_working_days
from tests.conftest import Actors
from tests.make import notices as make
from tests.notices.conftest import Office, Organizations

ROUNDS = int(os.environ.get("JICENG_RACES", "6"))
"""Rounds of the race at the deadline: a handful in CI; `JICENG_RACES=2000` runs thousands."""

SPRING_2026 = {date(2026, 2, day) for day in range(15, 24)}
WORKED_2026 = {date(2026, 2, 14), date(2026, 2, 28)}
"""国办发明电〔2025〕7号: nine days from 15 to 23 February; Saturdays 14 and 28 February are worked."""


def by_hand(start: date, days: int) -> date:
    """The n-th working day after a day in January to March 2026, without any calendar of the service."""
    day = start
    while days:
        day = date.fromordinal(day.toordinal() + 1)
        rest = day in SPRING_2026 or (day.weekday() >= 5 and day not in WORKED_2026)
        days -= not rest
    return day


async def due_now(shell: Shell, addressee_id: str, seconds: float) -> None:
    """Move a deadline to so many seconds from now."""
    async with begin(shell, SYSTEM) as work:
        await work.execute(
            text(
                "UPDATE notice_addressees SET due_on = current_date, overdue_at = NULL,"
                " due_at = clock_timestamp() + make_interval(secs => :seconds) WHERE id = CAST(:id AS uuid)"
            ),
            {"id": addressee_id, "seconds": seconds},
        )


async def count(shell: Shell, statement: str, **values: Any) -> int:
    async with begin(shell, SYSTEM, reading=True) as work:
        return int((await work.execute(text(statement), values)).scalar_one())


@pytest.mark.parametrize("start", [date(2026, 2, 9), date(2026, 2, 13), date(2026, 2, 14), date(2026, 2, 20)])
async def test_spring_festival_and_worked_saturdays(shell: Shell, start: date) -> None:
    async with begin(shell, SYSTEM, reading=True) as work:
        calendar = await reference.calendar(work)
    for days in (1, 3, 5, 10, 15):
        counted = add_working_days(start, days, calendar)
        assert (counted.due_on, counted.provisional) == (by_hand(start, days), False), days
    assert by_hand(date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert by_hand(date(2026, 2, 14), 5) == date(2026, 2, 28)
    assert checking.at_end_of(date(2026, 2, 14)).isoformat() == "2026-02-15T00:00:00+08:00"
    assert add_working_days(date(2027, 1, 4), 5, Calendar()).provisional


async def test_late_is_kept_said_once_and_followed_up(
    api: httpx.AsyncClient, shell: Shell, office: Office, several: Organizations
) -> None:
    one, two, three = await several(3)
    targets = [{"organization_id": each} for each in (one, two, three)]
    row = await make.issued(api, office.clerk, office.organizer, make.plan(office.sign_id, *targets))
    ids = {a["name"]: a["id"] for a in row["addressees"]}
    first, second, third = (ids[name] for name in sorted(ids))
    for each in (first, second):
        await due_now(shell, each, -1)
    late = await make.act(api, office.county, f"/notice-addressees/{first}/answers", text="迟复。")
    assert (late.status_code, late.json()["late"]) == (201, True)
    assert (await worker.drain(shell))["overdue"] == 1
    marked = await make.addressee(api, office.county, second)
    assert (marked["overdue"], marked["state"], "reply" in marked["allowed_actions"]) == (
        True,
        "waiting",
        True,
    )
    shown = await api.get("/notice-addressees", params={"overdue": "true"}, headers=office.organizer)
    assert {a["id"] for a in shown.json()["items"]} == {first, second}
    said = "SELECT count(*) FROM audit_entries WHERE action = 'notice_addressee.overdue'"
    assert await count(shell, said) == 2
    assert await count(shell, "SELECT count(*) FROM notices WHERE proposed") == 0, "not yet three days"

    async with begin(shell, SYSTEM) as work:
        await work.execute(
            text(
                "UPDATE notice_addressees SET due_on = due_on - 30, due_at = due_at - interval '30 days'"
                " WHERE id = CAST(:id AS uuid)"
            ),
            {"id": second},
        )
    for expected in (1, 0):
        async with begin(shell, SYSTEM) as work:
            assert await commands.propose(work) == expected
    listed = await api.get("/notices", params={"proposed": "true"}, headers=office.organizer)
    (line,) = listed.json()["items"]
    assert (line["kind"], line["state"], line["addressed"]) == ("admonition_talk", "draft", 1)
    waits = (await api.get("/worklist", headers=office.organizer)).json()
    groups = {group["kind"]: group["count"] for group in waits["groups"]}
    assert (groups["notice_proposed"], groups["notice_reply_to_verify"], groups["notice_to_answer"]) == (
        1,
        1,
        2,
    )
    draft = (await api.get(f"/notices/{line['id']}", headers=office.organizer)).json()
    assert (draft["drafted_by"], draft["previous"]["id"]) == (None, row["id"])
    again = await make.act(api, office.organizer, f"/notice-addressees/{second}/escalate")
    assert again.json()["kind"] == "reminder_talk", "a person may take the lower rung"
    twice = await make.act(api, office.organizer, f"/notice-addressees/{second}/escalate")
    assert twice.json()["code"] == "notice_escalated_already"
    none = await make.act(api, office.organizer, f"/notice-addressees/{third}/escalate")
    assert none.json()["code"] == "notice_nothing_to_escalate"
    sent = await make.step(api, office.clerk, draft, "submit")
    waits = (await api.get("/worklist", headers=office.organizer)).json()
    assert "notice_to_approve" in {group["kind"] for group in waits["groups"] if group["count"]}
    talk = await make.step(
        api, office.organizer, await make.step(api, office.organizer, sent, "approve"), "issue"
    )
    assert talk["number"].endswith("〕2号")
    old = await make.addressee(api, office.organizer, second)
    assert old["escalated_at"] is not None
    held = talk["addressees"][0]["id"]
    now = await make.addressee(api, office.organizer, held)
    minutes = {"held_on": talk["issued_on"], "minutes": "通报逾期情况, 提出整改要求。"}
    kept = await api.put(
        f"/notice-addressees/{held}/minutes",
        json=minutes,
        headers={**office.organizer, "If-Match": now["etag"]},
    )
    assert kept.json()["held_on"] == talk["issued_on"], kept.text


async def test_provisional_deadlines_are_counted_again(
    api: httpx.AsyncClient, actors: Actors, shell: Shell, office: Office, several: Organizations
) -> None:
    (one,) = await several(1)
    body = make.plan(office.sign_id, {"organization_id": one}, answer_days=200)
    row = await make.issued(api, office.clerk, office.organizer, body)
    where = row["addressees"][0]["id"]
    assert row["provisional"], "the holidays of the year after are not known yet"
    before = (await make.addressee(api, office.organizer, where))["due_on"]
    days = [
        {"day": day.isoformat(), "is_working": False, "name": "假日(测试)"}
        for back in range(20)
        if (day := date.fromisoformat(before) - timedelta(days=back)).weekday() < 5 and day.year == 2027
    ]
    entered = await api.put(
        "/calendar/2027",
        json={"source": "通知(测试)", "complete": True, "days": days},
        headers={**await actors("system_admin", division="100000"), "If-Match": '"0"'},
    )
    assert entered.status_code == 200, entered.text
    async with begin(shell, SYSTEM) as work:
        assert await commands.recount(work) == 1
    assert (await make.addressee(api, office.organizer, where))["due_on"] > before


async def test_an_answer_at_the_deadline_is_judged_once(
    api: httpx.AsyncClient, shell: Shell, office: Office, several: Organizations
) -> None:
    """Answers within ±50 ms of the deadline, while two workers mark what is overdue: one judgement each, by
    constraint; whether it is late agrees with the instant that was kept; nobody sees a 5xx."""
    organizations = await several(min(ROUNDS, 20))
    ends: Counter[bool] = Counter()
    left = ROUNDS
    while left > 0:
        targets = [{"organization_id": each} for each in organizations[:left]]
        row = await make.issued(api, office.clerk, office.organizer, make.plan(office.sign_id, *targets))
        for number, one in enumerate(row["addressees"]):
            ends[await at_the_deadline(api, shell, office, one["id"], number)] += 1
        left -= len(targets)
    assert ends.total() == ROUNDS
    wrong = (
        "SELECT count(*) FROM notice_addressees a JOIN notice_answers r ON r.addressee_id = a.id"
        " WHERE r.late <> (r.replied_at >= r.due_at) OR (a.overdue_at IS NOT NULL) <> r.late"
    )
    assert await count(shell, wrong) == 0
    said = (
        "SELECT count(*) FROM (SELECT subject_id FROM audit_entries"
        " WHERE action = 'notice_addressee.overdue' GROUP BY subject_id HAVING count(*) > 1) AS twice"
    )
    assert await count(shell, said) == 0
    overdue = "SELECT count(*) FROM audit_entries WHERE action = 'notice_addressee.overdue'"
    assert await count(shell, overdue) == ends[True]


async def at_the_deadline(
    api: httpx.AsyncClient, shell: Shell, office: Office, addressee_id: str, number: int
) -> bool:
    """One race; whether the answer was late."""
    await due_now(shell, addressee_id, 0.08)

    async def marking(after: float) -> None:
        await asyncio.sleep(after)
        for _ in range(3):
            async with begin(shell, SYSTEM) as work:
                await commands.mark_overdue(work)

    async def answering() -> httpx.Response:
        await asyncio.sleep(0.03 + 0.1 * (number * 7 % 11) / 10)
        return await make.act(api, office.county, f"/notice-addressees/{addressee_id}/answers", text="答复。")

    answer, *_ = await asyncio.gather(answering(), marking(0.07), marking(0.08))
    assert answer.status_code == 201, answer.text
    return bool(answer.json()["late"])
