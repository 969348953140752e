"""`jiceng keys`: the keys that seal fields, from their making to their end.

A new key seals what is written from then on; what the old ones sealed is sealed anew while the service runs,
and can be read all the while. So it is with the key of the blind indexes. The ring's root, which seals the
audit and the traces of pushes, stays for the ring's life: what they were made of is gone."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Annotated

import asyncpg
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.cli import console, embedded, indexes, sealed
from app.cli.embedded import database, owner_url
from app.cli.sealed import Column
from app.core.crypto import FRESH_SECONDS, Crypto, KeyRing, KeyRingError
from app.settings import Settings

app = typer.Typer(
    help="The keys that seal fields: make, list, rotate, retire.", no_args_is_help=True, add_completion=False
)
Kid = Annotated[int, typer.Argument(help="The key's number, as `list` shows it.", show_default=False)]
SETTLED_SECONDS = 60
"""So long after a change of the ring nothing is under way any more that was written under the ring before: a
transaction may stand for 15 s, a statement run for 5."""


@app.command()
def create() -> None:
    """Make DATA_DIR/keys.json, for its owner alone, unless it is there. It is never overwritten.

    Without it sealed fields cannot be read: keep a copy apart from the backups of the database."""
    path = Settings(production=False).data_dir / "keys.json"
    try:
        KeyRing.load(path)
    except (KeyRingError, OSError) as error:
        console.fail(str(error))
    console.say(f"{path.resolve()}: keep a copy apart from the database's backups.")


@app.command("list")
def show(*, as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Each key with its fingerprint and how many sealed values are under it. No key is shown."""
    with database(embedded.settings()) as (settings, _):
        ring = _ring(settings)
        used = asyncio.run(_used(settings))
    prints = ring.fingerprints()
    if as_json:
        keys = [
            {"kid": kid, "fingerprint": prints[str(kid)], "values": used.get(kid, 0)} for kid in ring.keys
        ]
        indexes = {
            role: {"kid": kid, "fingerprint": prints[f"index-{role}"]}
            for role, kid in ring.indexes.roles().items()
        }
        shown = {"active": ring.active, "blind": prints["blind"], "indexes": indexes, "keys": keys}
        console.say(json.dumps(shown))
        return
    for kid in sorted(ring.keys):
        writes = "  writes" if kid == ring.active else ""
        console.say(f"{kid:>5}  {prints[str(kid)]}  {used.get(kid, 0)} values{writes}")
    console.say(f"blind  {prints['blind']}  the root of seals")
    for role, kid in ring.indexes.roles().items():
        console.say(f"index  {prints[f'index-{role}']}  key {kid} of the blind indexes, {role}")
    for kid in used.keys() - ring.keys.keys():
        console.warn(
            f"{used[kid]} values are under key {kid}, which is not in the ring: they cannot be read."
        )


@app.command()
def add() -> None:
    """Add a key that does not write yet: the first step where several machines have copies of keys.json."""
    given = embedded.settings()
    ring = _ring(given).with_new_key()
    _save(given, ring)
    console.say(
        f"Key {max(ring.keys)} is added. Copy keys.json to every machine, then: `jiceng keys activate`."
    )


@app.command()
def activate(kid: Kid) -> None:
    """Write with this key from now on; the others still read. Then: `jiceng keys reseal`."""
    given = embedded.settings()
    try:
        ring = _ring(given).writing_with(kid)
    except KeyRingError:
        console.fail(f"Key {kid} is not in the ring: `jiceng keys list` shows them.")
    _save(given, ring)
    console.say(f"Key {kid} writes now. When every machine has it: `jiceng keys reseal`.")


@app.command()
def rotate() -> None:
    """Make a new key, write with it, and seal anew all that older keys sealed, while the service runs.

    Stopped or killed, it goes on by `jiceng keys reseal`. Old keys stay: older backups need them."""
    given = embedded.settings()
    with database(given) as (settings, _):
        ring = _ring(settings)
        left = {kid: n for kid, n in asyncio.run(_used(settings)).items() if kid != ring.active}
        if left:
            console.fail(
                f"{sum(left.values())} values are still under older keys: `jiceng keys reseal` first."
            )
        ring = ring.rotated()
        _save(given, ring)
        console.say(f"Key {ring.active} writes now: keep a copy of keys.json.")
        time.sleep(2 * FRESH_SECONDS)
        _finish(settings, ring)


@app.command()
def reseal() -> None:
    """Seal anew, under the key that writes, all that other keys sealed. It may be stopped and repeated."""
    with database(embedded.settings()) as (settings, _):
        _finish(settings, _ring(settings))


@app.command()
def retire(kid: Kid) -> None:
    """Take a key out of the ring when nothing is under it. Backups that need it need a copy of it."""
    given = embedded.settings()
    with database(given) as (settings, _):
        ring = _ring(settings)
        if kid == ring.active or kid not in ring.keys:
            console.fail(f"Key {kid} {'writes now' if kid == ring.active else 'is not in the ring'}.")
        if time.time() - (given.data_dir / "keys.json").stat().st_mtime < SETTLED_SECONDS:
            console.fail(
                f"The ring changed less than {SETTLED_SECONDS} s ago: what was written before may still come."
            )
        if values := asyncio.run(_used(settings)).get(kid):
            console.fail(f"{values} values are under key {kid}: `jiceng keys reseal` first.")
    _save(given, ring.without(kid))
    console.say(f"Key {kid} is out of the ring. Keep it as long as backups that need it.")


@app.command("rotate-index")
def rotate_index(
    *,
    step: Annotated[
        bool,
        typer.Option(
            "--step",
            help="One step only: where several machines have copies of keys.json, copy it after each.",
        ),
    ] = False,
) -> None:
    """Find people by a new key: every blind index is made anew while the service runs.

    At no moment could somebody be entered twice, or not be found. Stopped or killed, it goes on when it is
    repeated."""
    given = embedded.settings()
    with database(given) as (settings, _):
        _may_save(given)
        ring = _ring(settings)
        begins = not ring.indexes.rotating and asyncio.run(_emptied(settings))
        if begins:
            ring = ring.index_coming()
            _save(given, ring)
        while ring.indexes.rotating and not (step and begins):
            ring, begins = asyncio.run(_step(settings, ring)), True
            _save(given, ring)
        if ring.indexes.rotating or (step and begins and not asyncio.run(_emptied(settings))):
            console.say("Copy keys.json to every machine, then again: `jiceng keys rotate-index --step`.")
            return
        asyncio.run(_step(settings, ring))
        console.say(f"Every index is under key {ring.indexes.active}: keep a copy of keys.json.")


async def _emptied(settings: Settings) -> bool:
    connection = await sealed.connect(owner_url(settings))
    try:
        return await indexes.emptied(connection)
    finally:
        await connection.close()


async def _step(settings: Settings, ring: KeyRing) -> KeyRing:
    bars = (TextColumn("{task.description}"), MofNCompleteColumn())
    connection = await sealed.connect(owner_url(settings))
    try:
        with Progress(*bars, console=console.err, transient=True) as progress:
            task = progress.add_task("indexing anew", total=None)
            return await indexes.step(connection, ring, lambda count: progress.advance(task, count))
    finally:
        await connection.close()


def _ring(settings: Settings) -> KeyRing:
    try:
        return sealed.ring_of(settings)
    except (KeyRingError, OSError) as error:
        console.fail(str(error))


def _save(settings: Settings, ring: KeyRing) -> None:
    _may_save(settings)
    ring.save(settings.data_dir / "keys.json")


def _may_save(settings: Settings) -> None:
    if settings.keys is not None:
        console.fail(
            "JICENG_KEYS holds the ring: put it into DATA_DIR/keys.json, which can be changed, instead."
        )


async def _used(settings: Settings) -> dict[int, int]:
    connection = await sealed.connect(owner_url(settings))
    try:
        return await sealed.in_use(connection)
    finally:
        await connection.close()


def _finish(settings: Settings, ring: KeyRing) -> None:
    done = asyncio.run(_reseal(settings, Crypto(ring), ring.active))
    console.say(f"{done} values are sealed anew; all are under key {ring.active}.")


async def _reseal(settings: Settings, crypto: Crypto, active: int) -> int:
    """Go through every sealed column until nothing is left under another key; how many were sealed anew."""
    connection = await sealed.connect(owner_url(settings))
    bars = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    done = 0
    try:
        while left := sum(n for kid, n in (await sealed.in_use(connection)).items() if kid != active):
            with Progress(*bars, console=console.err, transient=True) as progress:
                task = progress.add_task("sealing anew", total=left)
                for column in sealed.SEALED:
                    async for count in _column(connection, column, crypto, active):
                        done += count
                        progress.advance(task, count)
    finally:
        await connection.close()
    return done


async def _column(
    connection: asyncpg.Connection, column: Column, crypto: Crypto, active: int
) -> AsyncIterator[int]:
    """One column, in batches by its key; how many each. A value that its owner changes meanwhile is left to
    the owner, who writes under the new key; no row is locked but for its own update."""
    key = ", ".join(column.key)
    kid = f"get_byte({column.name}, 2) * 256 + get_byte({column.name}, 3)"
    after = ", ".join(f"${n}" for n in range(2, len(column.key) + 2))
    batch = (
        f"SELECT {key}, {column.name} AS cipher FROM {column.table} "  # noqa: S608
        f"WHERE {column.name} IS NOT NULL AND {kid} <> $1 {{beyond}} ORDER BY {key} LIMIT {column.at_once}"
    )
    same = " AND ".join(f"{name} = ${n}" for n, name in enumerate(column.key, 3))
    change = f"UPDATE {column.table} SET {column.name} = $1 WHERE {column.name} = $2 AND {same}"  # noqa: S608
    last: tuple[object, ...] = ()
    while True:
        beyond = f"AND ({key}) > ({after})" if last else ""
        rows = await connection.fetch(batch.format(beyond=beyond), active, *last)
        if not rows:
            return
        changes = []
        for *parts, cipher in rows:
            place = column.place(tuple(parts))
            changes.append((crypto.encrypt(crypto.decrypt_bytes(cipher, **place), **place), cipher, *parts))
        await connection.executemany(change, changes)
        last = tuple(rows[-1][: len(column.key)])
        yield len(rows)
