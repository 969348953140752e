"""A place with many instructors, whom they serve and what they did, by few statements; invented data."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range

from app.core import bulk
from app.core.access import NATIONAL, SYSTEM
from app.core.db import uuid7
from app.core.work import Shell, begin
from app.instructors.models import Assignment, Instructor, Visit
from app.party_organizations.models import Closure, PartyOrganization

TERM = Range(date(2025, 1, 1), date(2028, 1, 1))
KNOWN = datetime(2025, 1, 1, tzinfo=UTC)


async def instructors(
    shell: Shell, body_id: str, division: str, count: int, *, units: int = 1, capacity: int = 5
) -> list[UUID]:
    """So many instructors of so many home units, by turns."""
    ids = [uuid7() for _ in range(count)]
    async with begin(shell, SYSTEM) as work:
        await work.admit(NATIONAL)
        blind = work.crypto.index("persons.name", "测试员").stored
        rows = [
            {
                "id": each,
                "version": 1,
                "name_cipher": work.crypto.encrypt(
                    "测试员", table="instructors", column="name_cipher", row=each
                ),
                "name_blind": blind,
                "name_mask": "测**",
                "kind": "instructor",
                "source": "dispatched",
                "home_unit": f"第{number % units + 1}单位",
                "industries": [],
                "duties": [],
                "party_organization_id": UUID(body_id),
                "division_code": division,
                "term": TERM,
                "capacity": capacity,
            }
            for number, each in enumerate(ids)
        ]
        await work.execute(insert(Instructor), rows)
    return ids


async def served(shell: Shell, people: Sequence[UUID], ids: Sequence[UUID], *, capacity: int = 5) -> None:
    """Each organization is served by one of these people, by turns, at their next place."""
    async with begin(shell, SYSTEM) as work:
        await work.admit(NATIONAL)
        rows = [
            {
                "assignment_id": uuid7(),
                "version": 1,
                "instructor_id": people[number % len(people)],
                "term": TERM,
                "capacity": capacity,
                "slot": number // len(people) + 1,
                "organization_id": each,
                "kind": "general",
                "valid": TERM,
                "recorded": Range(KNOWN, None),
            }
            for number, each in enumerate(ids)
        ]
        await bulk.insert(work, Assignment, rows)
        work.mark(ids)


async def visited(
    shell: Shell, people: Sequence[UUID], ids: Sequence[UUID], visits: int, members_found: int
) -> None:
    """So many visits, the organizations by turns; one member is found on each of the first of them."""
    async with begin(shell, SYSTEM) as work:
        await work.admit(NATIONAL)
        rows = [
            {
                "id": uuid7(),
                "version": 1,
                "instructor_id": people[number % len(ids) % len(people)],
                "organization_id": ids[number % len(ids)],
                "kind": "visit",
                "held_on": date(2026, 3, 2),
                "persons_met": 1,
                "members_found": int(number < members_found),
            }
            for number in range(visits)
        ]
        await work.execute(insert(Visit), rows)


async def branches(shell: Shell, division: str, count: int) -> list[UUID]:
    """So many branches of one organization each."""
    ids = [uuid7() for _ in range(count)]
    since = date(2016, 7, 1)
    async with begin(shell, SYSTEM) as work:
        rows = [
            {
                "id": each,
                "version": 1,
                "name": f"第{number}党支部",
                "kind": "branch",
                "formation": "joint",
                "level": "prefecture",
                "division_code": division,
                "founded_on": since,
                "counts_as_primary": True,
                "status": "active",
            }
            for number, each in enumerate(ids)
        ]
        await bulk.insert(work, PartyOrganization, rows)
        closure = [
            {"ancestor_id": each, "descendant_id": each, "depth": 0, "valid": Range(since, None)}
            for each in ids
        ]
        await bulk.insert(work, Closure, closure)
        work.mark(ids, "party_organization")
    return ids
