"""`jiceng backup` and `restore`: the database as one directory that can be checked before it is needed.

A backup holds `database.dump` (pg_dump's custom format, of one snapshot, taken while the service runs) and
`manifest.json`: release, revision, checksums, rows of each table, and which keys its sealed fields need. The
keys themselves are never in it (GB/T 39786-2021, 8.4 e: what is sealed and what opens it lie apart).
"""

import asyncio
import hashlib
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import typer

from app.cli import console, embedded, lazy, sealed, transactions
from app.cli.embedded import database, owner_url
from app.cli.startup import StartupError
from app.core.crypto import KeyRing, KeyRingError
from app.main import VERSION
from app.postgres import PostgresError, programs
from app.postgres.binaries import MAJOR
from app.settings import Settings

FORMAT = 1
DUMP, MANIFEST = "database.dump", "manifest.json"
LOCK_SECONDS = 10
Manifest = dict[str, Any]


class BackupError(Exception):
    """The backup cannot be made or read; the message says what to do."""


def backup(
    directory: Annotated[
        Path | None,
        typer.Argument(help="Where to; DATA_DIR/backups/ and the time where none is given."),
    ] = None,
) -> None:
    """Write a backup of the database while it serves.

    It is a directory: database.dump, and manifest.json with checksums and the ids of the keys that it needs.
    The keys are not in it: keep a copy of them apart."""
    given = embedded.settings()
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    place = (directory or given.data_dir / "backups" / stamp).resolve()
    if place.exists():
        console.fail(f"{place} is there already: a backup is never overwritten.")
    try:
        with database(given) as (settings, _):
            manifest = asyncio.run(_write(settings, place))
    except (BackupError, PostgresError, KeyRingError, OSError) as error:
        console.fail(str(error))
    size = manifest["files"][DUMP]["size"]
    rows = sum(manifest["rows"].values())
    console.say(f"{place}: {rows} rows of {len(manifest['rows'])} tables, {size} bytes.")
    console.say(f"To read it: `jiceng restore {place}`, with {_named(manifest['keys'])} of the key ring.")


def restore(
    directory: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="What `backup` wrote.")],
) -> None:
    """Read a backup into an empty database.

    Checksums, release and keys are checked before anything is written; it is read as a whole or not at all,
    and the rows are counted. The database is that of DATABASE_OWNER_URL, or a new one in DATA_DIR."""
    given = embedded.settings()
    try:
        manifest = read(directory)
        check_keys(manifest, given)
        with database(given) as (settings, _):
            console.say(f"Reading the backup of {manifest['made_at']}, release {manifest['version']} …")
            asyncio.run(_read_back(settings, directory, manifest))
    except (BackupError, PostgresError, KeyRingError, StartupError, OSError) as error:
        console.fail(str(error))
    console.say(f"{sum(manifest['rows'].values())} rows of {len(manifest['rows'])} tables are back.")
    console.say("Next: `jiceng db upgrade`, then `jiceng verify`.")


# --------------------------------------------------------------------------------------------------- writing


async def _write(settings: Settings, place: Path) -> Manifest:
    draft = place.with_name(f"{place.name}.partial")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    ring = sealed.ring_of(settings)
    try:
        connection = await sealed.connect(owner_url(settings))
        try:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                manifest = await _seen(connection)
                await _dump(connection, settings, draft / DUMP)
        finally:
            await connection.close()
        manifest["keys"] = _fingerprints(ring, manifest["keys"])
        manifest["files"] = {DUMP: await asyncio.to_thread(_measure, draft / DUMP)}
        await asyncio.to_thread(_settle, draft / MANIFEST, manifest)
        draft.rename(place)
        _sync(place.parent)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return manifest


def _fingerprints(ring: KeyRing, kids: list[int]) -> dict[str, str]:
    known = ring.fingerprints()
    if lost := [str(kid) for kid in kids if str(kid) not in known]:
        raise BackupError(f"{_named(lost)}, which sealed some of the rows, are not in the key ring.")
    playing = [name for name in known if name.startswith("index-")]
    return {name: known[name] for name in ("blind", *playing, *map(str, kids))}


async def _seen(connection: asyncpg.Connection) -> Manifest:
    """What the snapshot holds."""
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        raise BackupError("The database is empty: there is nothing to keep.")
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    rows = {
        name: await connection.fetchval(f'SELECT count(*) FROM public."{name}"')  # noqa: S608
        for (name,) in tables
    }
    return {
        "format": FORMAT,
        "made_at": (await connection.fetchval("SELECT now()")).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "version": VERSION,
        "postgresql": int(await connection.fetchval("SHOW server_version_num")),
        "revision": await connection.fetchval("SELECT version_num FROM alembic_version"),
        "transaction": await transactions.next_one(connection),
        "keys": list(await sealed.in_use(connection)),
        "rows": rows,
    }


async def _dump(connection: asyncpg.Connection, settings: Settings, path: Path) -> None:
    snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
    await programs.run(
        "pg_dump",
        owner_url(settings),
        "--format=custom",
        "--enable-row-security",
        f"--snapshot={snapshot}",
        f"--lock-wait-timeout={LOCK_SECONDS}s",
        f"--file={path}",
    )


def _measure(path: Path) -> dict[str, Any]:
    path.chmod(0o600)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return {"size": path.stat().st_size, "sha256": digest}


def _settle(path: Path, manifest: Manifest) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(manifest, file, indent=1, sort_keys=True)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    _sync(path.parent)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# --------------------------------------------------------------------------------------------------- reading


def read(directory: Path) -> Manifest:
    """The manifest of a backup whose files are as they were written."""
    try:
        manifest: Manifest = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
        files, form, server = manifest["files"], manifest["format"], int(manifest["postgresql"]) // 10_000
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{directory} is not a backup: its {MANIFEST} cannot be read.") from error
    if form != FORMAT or server > int(MAJOR):
        raise BackupError(
            f"{directory} was written by a newer release ({manifest['version']}): take that one."
        )
    for name, written in files.items():
        path = directory / Path(name).name
        if not path.exists() or _measure(path) != written:
            raise BackupError(f"{path} is not as it was written: it is missing, cut short or changed.")
    return manifest


def check_keys(manifest: Manifest, settings: Settings) -> None:
    """Refuse where the sealed fields could not be read: another ring, or one that lost a key."""
    ring = sealed.ring_of(settings)
    known = ring.fingerprints()
    first = known["index-active"] if ring.indexes.active == 1 else ""  # what older backups do not name
    asked = {"index-active": first, **manifest["keys"]}
    lost = [kid for kid, fingerprint in asked.items() if known.get(kid) != fingerprint]
    if lost:
        raise BackupError(
            f"The key ring is not the backup's: {_named(lost)} are missing or others. "
            f"Put the ring that belongs to it into {settings.data_dir / 'keys.json'}, or JICENG_KEYS."
        )


async def _read_back(settings: Settings, directory: Path, manifest: Manifest) -> None:
    connection = await sealed.connect(owner_url(settings))
    try:
        if await connection.fetchval("SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')"):
            raise BackupError("The database is not empty: a backup is read into a new one only.")
        if manifest["revision"] not in lazy.module("app.postgres.migrations").revisions():
            raise StartupError(
                f"The backup is at revision {manifest['revision']}, which this release does not know."
            )
        await transactions.catch_up(connection, int(manifest["transaction"]))
        await programs.run(
            "pg_restore",
            owner_url(settings),
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            str(directory / DUMP),
        )
        for table, rows in manifest["rows"].items():
            found = await connection.fetchval(f'SELECT count(*) FROM public."{table}"')  # noqa: S608
            if found != rows:
                raise BackupError(f"{table} has {found} rows, the backup {rows}.")
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


def _named(keys: list[str] | dict[str, Any]) -> str:
    return "the keys " + ", ".join(sorted(map(str, keys)))
