"""Members for a generated ledger: invented people, each value really sealed for its own row, as many as asked.

People are made and sealed by processes beside each other, each for its share of the branches, and copied as
they come; what dates a member is then one statement for each table."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import asyncpg
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.core.crypto import Crypto, KeyRing, mask_id_number, mask_name, mask_phone
from app.core.db import uuid7
from bench.bare import bare
from bench.invented import GIVEN, SURNAMES
from bench.place import Home, Place, plain

SQL = Path(__file__).parent / "sql" / "people.sql"
TABLES = "persons members member_statuses member_affiliations".split()
FIELDS = ("name", "id_number", "phone")
COLUMNS = (
    "id version name_cipher name_blind name_mask id_number_cipher id_number_blind id_number_mask phone_cipher"
    " phone_blind phone_mask party_organization_id division_code"
).split()
SHARE = 500
"""Branches whose members are copied together."""
BORN, DAYS, SERIALS = date(1948, 1, 1), 20_000, 999
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

Branch = tuple[UUID, str]


async def ready(home: Home, place: Place, count: int) -> None:
    """Members in the branches of a database, unless there are some."""
    connection = await asyncpg.connect(plain(place.superuser), command_timeout=3600)
    try:
        if await connection.fetchval("SELECT EXISTS (SELECT FROM members)"):
            return
        rows = await connection.fetch(
            "SELECT id, division_code FROM party_organizations WHERE kind = 'branch' ORDER BY id"
        )
        branches = [(UUID(str(row["id"])), str(row["division_code"])) for row in rows]
        await connection.execute("SET synchronous_commit = off; SET work_mem = '512MB'")
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        with Progress(*columns) as progress:
            async with bare(connection, TABLES, progress):
                await _people(home, place, branches, count, progress)
                steps = [step for step in SQL.read_text().split(";\n") if step.strip()]
                task = progress.add_task("members", total=len(steps))
                for step in steps:
                    await connection.execute(step)
                    progress.advance(task)
            for table in TABLES:
                await connection.execute(f"VACUUM (ANALYZE) {table}")
    finally:
        await connection.close()


async def _people(
    home: Home, place: Place, branches: Sequence[Branch], count: int, progress: Progress
) -> None:
    """Every share of the branches, by as many processes as there are processors."""
    task = progress.add_task("people", total=count)
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        made = [
            loop.run_in_executor(
                pool,
                _share,
                plain(place.superuser),
                home.directory / "keys.json",
                branches[first : first + SHARE],
                range(
                    count * first // len(branches), count * min(first + SHARE, len(branches)) // len(branches)
                ),
            )
            for first in range(0, len(branches), SHARE)
        ]
        for done in asyncio.as_completed(made):
            progress.advance(task, await done)


def _share(url: str, keys: Path, branches: Sequence[Branch], numbers: range) -> int:
    """The people of some branches, by a process of its own; how many."""
    records = list(_records(Crypto(KeyRing.load(keys)), branches, numbers))
    asyncio.run(_copy(url, records))
    return len(records)


async def _copy(url: str, records: Sequence[tuple[object, ...]]) -> None:
    connection = await asyncpg.connect(url, command_timeout=3600)
    try:
        await connection.execute("SET synchronous_commit = off")
        await connection.copy_records_to_table("persons", records=records, columns=COLUMNS)
    finally:
        await connection.close()


def _records(crypto: Crypto, branches: Sequence[Branch], numbers: range) -> Iterator[tuple[object, ...]]:
    """Rows of `persons`: who they are is invented, how it is kept is not."""
    masks = {"name": mask_name, "id_number": mask_id_number, "phone": mask_phone}
    for number in numbers:
        branch, division = branches[(number - numbers.start) * len(branches) // len(numbers)]
        row, sealed = uuid7(), []
        for field, value in zip(FIELDS, person(number, division), strict=True):
            cipher = crypto.encrypt(value, table="persons", column=f"{field}_cipher", row=row)
            sealed += [cipher, crypto.blind(f"persons.{field}", value), masks[field](value)]
        yield (row, 1, *sealed, branch, division)


def person(number: int, division: str) -> tuple[str, str, str]:
    """A name, an ID number with its check digit (GB 11643-1999) and a phone, the same for the same number."""
    random = Random(number)  # noqa: S311 (invented people)
    name = random.choice(SURNAMES) + "".join(random.choices(GIVEN, k=random.choice((1, 2, 2))))
    serial, day = divmod(number, DAYS)
    body = f"{division}{BORN + timedelta(days=day):%Y%m%d}{serial % SERIALS + 1:03d}"
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True))
    return name, body + "10X98765432"[total % 11], f"138{number % 10**8:08d}"
