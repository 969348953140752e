"""PostgreSQL's client programs, run on a database that its URL names."""

import asyncio
import os
import shutil
from pathlib import Path

from sqlalchemy import make_url

from app.postgres.binaries import find_binaries
from app.postgres.errors import PostgresError


def find_program(name: str) -> Path:
    """`pg_dump`, `pg_restore`, `psql`: the embedded server's, else an installed one."""
    try:
        beside = find_binaries() / name
    except PostgresError:
        beside = Path(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise PostgresError(f"{name} was not found: install PostgreSQL's client programs.")
    return Path(found)


def connected(url: str) -> tuple[str, dict[str, str]]:
    """The address as the programs read it, and the environment that holds the password: no process list
    shows it. Row-level security is told that the whole nation is meant."""
    address = make_url(url).set(drivername="postgresql")
    shown = address.set(password=None).render_as_string(hide_password=False)
    return shown, os.environ | {
        "PGPASSWORD": str(address.password or ""),
        "PGOPTIONS": "-c jiceng.nation=on",
    }


async def run(name: str, url: str, *options: str) -> None:
    """Run a program to its end. Raises PostgresError with what it said."""
    address, environment = connected(url)
    process = await asyncio.create_subprocess_exec(
        find_program(name),
        f"--dbname={address}",
        *options,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise PostgresError(f"{name} failed: {said.decode(errors='replace').strip()[-2000:]}")
