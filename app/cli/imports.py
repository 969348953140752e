"""`jiceng import`: takes a ledger into the running service, over HTTP alone, and shows how far it is."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.cli import console
from app.core.access import NATION
from app.settings import Settings

PIECE = 256 * 1024
POLL_SECONDS = 0.5
SHOWN = 10
ENDED = frozenset({"succeeded", "failed", "cancelled"})


class Refused(Exception):  # noqa: N818 (an answer, not an error of ours)
    """The service said no, or did not answer; the message says what to do."""


def take_in(
    file: Annotated[
        Path,
        typer.Argument(
            help="A ledger: .xlsx, or .csv in UTF-8 or GB18030.",
            exists=True,
            dir_okay=False,
            show_default=False,
        ),
    ],
    *,
    division: Annotated[str, typer.Option(help="Where rows without a division of their own are registered.")],
    dry_run: Annotated[bool, typer.Option(help="Say what would become of each row; change nothing.")] = False,
    leave_out_unknown: Annotated[
        bool, typer.Option(help="Take rows whose authority is not on file, without it.")
    ] = False,
    url: Annotated[str | None, typer.Option(help="The service; this machine's PORT if absent.")] = None,
    token: Annotated[
        str | None, typer.Option(envvar="JICENG_TOKEN", help="Of a clerk or organizer; see `jiceng token`.")
    ] = None,
) -> None:
    """Take a ledger in, row by row under the rules of the single route, and tell what became of the rows.

    What is refused is written beside the file, with the reasons beside each row."""
    settings = Settings()
    base = f"{(url or f'http://{settings.host}:{settings.port}').rstrip('/')}/api/v1"
    headers = {"Authorization": f"Bearer {token or _kept(settings)}", "Accept-Language": "en"}
    asked = {
        "division_code": division,
        "dry_run": dry_run,
        "unknown_authorities": "leave_out" if leave_out_unknown else "refuse",
    }
    try:
        with httpx.Client(base_url=base, headers=headers, timeout=60) as client:
            job = _carry_out(client, file, asked)
            _tell(client, job, file)
    except httpx.TransportError as error:
        console.fail(f"The service at {base} does not answer ({type(error).__name__}): is `jiceng run` on?")
    except Refused as error:
        console.fail(str(error))
    if job["state"] != "succeeded":
        console.fail(f"The import {job['state']}: {job['failure'] or 'called off'}.")


def _kept(settings: Settings) -> str:
    """The token of the nation's demonstration organizer, which `jiceng run` left on this machine."""
    try:
        tokens: dict[str, str] = json.loads((settings.data_dir / "tokens.json").read_text())
        return tokens["national_organizer"]
    except (OSError, KeyError, ValueError):
        console.fail(f"Give --token, say of `jiceng token clerk --division {NATION}`.")


def _carry_out(client: httpx.Client, file: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """Upload, start, and watch: the import at its end."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console.err,
    ) as bar:
        size = file.stat().st_size
        sending = bar.add_task("Uploading, KiB", total=max(size // 1024, 1))

        def pieces() -> Iterator[bytes]:
            with file.open("rb") as source:
                while piece := source.read(PIECE):
                    yield piece
                    bar.advance(sending, len(piece) / 1024)

        card = _read(client.post("/files", params={"name": file.name}, content=pieces()))
        bar.update(sending, completed=max(size // 1024, 1))
        job = _read(client.post("/imports", json={"file_id": card["id"], **asked}))
        done = bar.add_task("Rows", total=None)
        while job["state"] not in ENDED:
            time.sleep(POLL_SECONDS)
            job = _read(client.get(f"/imports/{job['id']}"))
            bar.update(done, completed=job["rows"], total=job["total"])
    return job


def _tell(client: httpx.Client, job: dict[str, Any], file: Path) -> None:
    table = Table(show_header=False, box=None)
    for word in ("rows", "new", "changed", "unchanged", "refused"):
        table.add_row(word, str(job[word]))
    console.out.print(table)
    if job["ignored_headings"]:
        console.say(f"Columns left aside: {', '.join(job['ignored_headings'])}")
    if job["dry_run"]:
        console.say("A dry run: nothing was changed.")
    if not job["refused"]:
        return
    query: dict[str, str | int] = {"outcome": "refused", "limit": SHOWN}
    for row in _read(client.get(f"/imports/{job['id']}/rows", params=query))["items"]:
        why = "; ".join(f"{r['heading'] or '-'}: {r['message']['zh']}" for r in row["reasons"])
        console.say(f"  row {row['number']}  {row['name'] or ''}  {why}")
    if job["state"] == "succeeded":
        back = client.get(f"/imports/{job['id']}/errors")
        if back.is_success:
            place = file.with_name(f"{file.stem}-未导入{file.suffix}")
            place.write_bytes(back.content)
            console.say(f"Refused rows with their reasons: {place}")


def _read(response: httpx.Response) -> dict[str, Any]:
    if response.is_success:
        return dict(response.json())
    try:
        problem = response.json()
    except ValueError:
        problem = {}
    said = [problem.get("title", f"status {response.status_code}"), problem.get("detail")]
    said += [f"{fault['pointer']} {fault['message']}" for fault in problem.get("errors", [])]
    raise Refused(" ".join(filter(None, said)))
