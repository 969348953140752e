"""The key of the blind indexes is rotated while two processes admit and search."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import httpx
from sqlalchemy import text

from app.core.access import SYSTEM, Scope
from app.core.crypto import Crypto, KeyRing
from app.core.work import Shell, begin
from tests.make import members as make
from tests.races.conftest import Pair, posting

Headers = dict[str, str]
ROOT = Path(__file__).parents[2]
OLD_PHONE = "13800138007"


async def rotate(shell: Shell, *, kill_at: str | None = None) -> None:
    """`jiceng keys rotate-index`, killed when the ring says so."""
    url, owner = shell.settings.database_url, shell.settings.database_owner_url
    assert url is not None
    assert owner is not None
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JICENG", "DATABASE"))}
    given = {"DATABASE_URL": url.get_secret_value(), "DATABASE_OWNER_URL": owner.get_secret_value()}
    given["DATA_DIR"] = str(shell.settings.data_dir)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.cli", "keys", "rotate-index"),
        env=kept | given,
        cwd=ROOT,
        stdout=-1,
        stderr=-2,
    )
    if kill_at is not None:
        while getattr(_ring(shell).indexes, kill_at) is None:
            assert process.returncode is None
            await asyncio.sleep(0.05)
        await asyncio.sleep(2.05)
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
    told, _ = await process.communicate()
    assert process.returncode == (0 if kill_at is None else -signal.SIGKILL), told.decode()


def _ring(shell: Shell) -> KeyRing:
    return KeyRing.load(shell.settings.data_dir / "keys.json")


async def an_index_key_that_is_rotated(
    api: httpx.AsyncClient, pair: Pair, organizer: Headers, neighbour: Headers, shell: Shell
) -> None:
    """Nobody is entered twice, and nobody is missed, while the command is killed and repeated."""
    here = await make.branch(api, organizer)
    there = await make.branch(api, neighbour, division_code="330203", name="海曙区社会组织党支部")
    for serial in range(7_001, 7_004):
        await make.member(api, organizer, here, serial, name="测试员旧", phone=OLD_PHONE)
    over, rounds = asyncio.Event(), 0

    async def admit_and_find() -> None:
        """One ID number in two provinces at once, and everybody of before by ID number and name."""
        nonlocal rounds
        while not over.is_set():
            rounds += 1
            serial = 7_100 + rounds
            answers = await pair.race(
                posting(organizer, "/members", make.plan(here, serial, name=f"测试员{serial}")),
                posting(neighbour, "/members", make.plan(there, serial, name=f"测试员{serial}")),
            )
            assert sorted(a.status_code for a in answers) == [201, 409], [a.text for a in answers]
            won = next(a.json()["id"] for a in answers if a.status_code == 201)
            whose = organizer if answers[0].status_code == 201 else neighbour
            asked = ({"id_number": make.id_number(serial)}, {"name": f"测试员{serial}"})
            old = {
                "id_number": make.id_number(7_001 + rounds % 3),
                "phone": "13800138007",
                "name": "测试员旧",
            }
            found = await pair.race(
                *(posting(whose, "/members/find", body) for body in asked for _ in (0, 1)),
                *(posting(organizer, "/members/find", old) for _ in (0, 1)),
            )
            assert [[item["id"] for item in a.json()["items"]] for a in found[:4]] == [[won]] * 4, rounds
            assert [len(a.json()["items"]) for a in found[4:]] == [1, 1], rounds

    load = asyncio.create_task(admit_and_find())
    await rotate(shell, kill_at="going")
    await rotate(shell)
    over.set()
    await load
    assert _ring(shell).indexes.active == 2
    assert not _ring(shell).indexes.rotating
    await all_are_rotated(shell)


async def all_are_rotated(shell: Shell) -> None:
    """Everybody is there once, and under the new key alone."""
    ring = _ring(shell)
    crypto = Crypto(ring)
    async with begin(shell, SYSTEM) as work:
        await work.admit(Scope(national=True))
        rows = (await work.execute(text("SELECT * FROM persons"))).mappings().all()
    numbers = [
        crypto.decrypt(row["id_number_cipher"], table="persons", column="id_number_cipher", row=row["id"])
        for row in rows
    ]
    assert len(set(numbers)) == len(numbers)
    for row, number in zip(rows, numbers, strict=True):
        assert row["id_number_blind"] == crypto.index("persons.id_number", number).stored
        assert row["id_number_blind"][:2] == row["name_blind"][:2] == row["phone_blind"][:2] == b"\0\2"
        assert row["id_number_next_blind"] is None
