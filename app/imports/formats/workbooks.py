"""Workbooks, opened by a child process: what it says is read here, and what goes wrong is a clear refusal."""

import asyncio
import csv
import io
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from app.core.errors import Unavailable
from app.imports import rules
from app.imports.errors import TableTooLarge, WorkbookUnreadable

CHILD: Final = Path(__file__).with_name("child.py")
PATIENCE: Final = 30.0
AT_ONCE: Final = asyncio.Semaphore(2)
LINE: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible sheet: its name, its size, and its first rows."""

    name: str
    height: int
    width: int
    first: list[list[str]]


async def sheets(data: bytes) -> list[Sheet]:
    """The visible sheets of a workbook. Raises `WorkbookUnreadable`, `TableTooLarge`."""
    found = [Sheet(**told) async for told in _ask(data, "survey")]
    for sheet in found:
        if sheet.height > rules.MOST_WORKBOOK_ROWS + rules.HEADER_WITHIN:
            raise TableTooLarge(rows=rules.MOST_WORKBOOK_ROWS, columns=rules.MOST_COLUMNS)
        if sheet.width > rules.MOST_COLUMNS:
            raise TableTooLarge(rows=rules.MOST_WORKBOOK_ROWS, columns=rules.MOST_COLUMNS)
    return found


async def as_csv(data: bytes, sheet: str) -> AsyncIterator[bytes]:
    """The rows of a sheet as CSV in UTF-8, every row of it, so that row numbers stay those of the sheet."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    async for cells in _ask(data, "rows", sheet):
        writer.writerow(cells)
        if buffer.tell() > 256 * 1024:
            yield buffer.getvalue().encode("utf-8", "replace")
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode("utf-8", "replace")


async def _ask(data: bytes, *question: str) -> AsyncIterator[Any]:
    """The JSON lines that the child answers, two children at once and no more."""
    async with AT_ONCE:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(CHILD), *question,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL, limit=LINE, env={"PYTHONUTF8": "1"},
        )  # fmt: skip
        assert child.stdin is not None  # noqa: S101
        assert child.stdout is not None  # noqa: S101
        feeding = asyncio.create_task(_feed(child.stdin, data))
        try:
            async with asyncio.timeout(PATIENCE):
                async for line in child.stdout:
                    yield orjson.loads(line)
                if await child.wait() != 0:
                    raise WorkbookUnreadable
        except TimeoutError:
            raise Unavailable from None
        except (ValueError, orjson.JSONDecodeError):
            raise WorkbookUnreadable from None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
            await feeding


async def _feed(pipe: asyncio.StreamWriter, data: bytes) -> None:
    try:
        pipe.write(data)
        await pipe.drain()
        pipe.close()
        await pipe.wait_closed()
    except (BrokenPipeError, ConnectionResetError):
        return
