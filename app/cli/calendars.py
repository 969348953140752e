"""`jiceng calendar …`: the working days, as the State Council's notices set them year by year."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from app.cli import console
from app.cli.once import once
from app.core.work import Work
from app.reference import commands, formats, queries, rules
from app.reference.models import CalendarYear, WorkingDayOverride
from app.reference.schemas import CalendarDay, CalendarYearPut

app = typer.Typer(
    help="Working days: show a year, load one, reckon a deadline.", no_args_is_help=True, add_completion=False
)
Year = Annotated[int, typer.Argument(min=1949, max=2200, show_default=False)]


@app.command()
def show(year: Year) -> None:
    """Print a year's holidays and worked weekends as CSV: what `load` reads."""

    async def read(work: Work) -> tuple[CalendarYear | None, list[WorkingDayOverride]]:
        days = (
            select(WorkingDayOverride).where(WorkingDayOverride.year == year).order_by(WorkingDayOverride.day)
        )
        return await work.session.get(CalendarYear, year), list(await work.scalars(days))

    known, days = once(read)
    if known is None:
        console.warn(f"{year} is not entered: its deadlines count by weekday, and are provisional.")
    elif not known.complete:
        console.warn(f"{year} is not complete: its deadlines are provisional.")
    rows = [CalendarDay(day=entry.day, is_working=entry.is_working, name=entry.name) for entry in days]
    sys.stdout.write(formats.write_calendar(rows))


@app.command()
def load(
    year: Year,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV: day,is_working,name")],
    *,
    source: Annotated[str, typer.Option(help="The notice it is taken from.", show_default=False)],
    complete: Annotated[bool, typer.Option(help="Whether the year's notice is in.")] = True,
) -> None:
    """Put a year's days in place of what is entered."""
    text = file.read_text(encoding="utf-8-sig")

    async def replace(work: Work) -> int:
        days = formats.read_calendar(text)
        await commands.replace_calendar(
            work, year, CalendarYearPut(source=source, complete=complete, days=days)
        )
        return len(days)

    console.say(f"{year}: {once(replace)} days.")


@app.command()
def due(
    start: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The day that starts it.")],
    days: Annotated[int, typer.Argument(min=0, max=rules.LONGEST, help="Working days after that day.")],
) -> None:
    """Print the last day of a deadline, counted from the day after its start."""

    async def reckon(work: Work) -> rules.Deadline:
        return rules.add_working_days(start.date(), days, await queries.calendar(work))

    deadline = once(reckon)
    console.say(f"{deadline.due_on}{' (provisional)' if deadline.provisional else ''}")
