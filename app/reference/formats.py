"""Reference data from files: the libraries' calendar, our dictionaries, every slice's rule packs, and CSV."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from chinese_calendar import constants
from pydantic import ValidationError

from app.core.errors import Fault
from app.reference.errors import CalendarUnfit
from app.reference.schemas import CalendarDay, RulePackCreate

APP: Final = Path(__file__).parents[1]
COLUMNS: Final = ("day", "is_working", "name")
HOLIDAYS: Final = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}


def calendar_version() -> str:
    return f"chinesecalendar {version('chinesecalendar')}"


@cache
def calendar() -> Mapping[int, list[CalendarDay]]:
    """The years that chinesecalendar knows (from the State Council's yearly notices), holidays and worked
    weekends in order."""
    years: dict[int, list[CalendarDay]] = {}
    for days, is_working in ((constants.holidays, False), (constants.workdays, True)):
        for day, name in days.items():
            entry = CalendarDay(day=day, is_working=is_working, name=HOLIDAYS.get(name, name))
            years.setdefault(day.year, []).append(entry)
    return {year: sorted(days, key=lambda entry: entry.day) for year, days in sorted(years.items())}


def read_calendar(text: str) -> list[CalendarDay]:
    """A year's days from CSV with the columns day, is_working (true or false), name. Raises `CalendarUnfit`
    with the lines that cannot be read."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        heading = ", ".join(COLUMNS)
        words = (f"第一行须为 {heading}", f"The first line must be {heading}")
        raise CalendarUnfit(errors=[Fault("/1", "heading", words)])
    days: list[CalendarDay] = []
    faults: list[Fault] = []
    for line, row in enumerate(reader, start=2):
        try:
            working = {"true": True, "false": False}.get(str(row["is_working"]).strip().lower())
            days.append(CalendarDay.model_validate({**row, "is_working": working}))
        except ValidationError as error:
            columns = ", ".join(sorted({str(e["loc"][0]) for e in error.errors() if e["loc"]}))
            faults.append(Fault(f"/{line}", "row", (f"请检查: {columns}", f"Look at: {columns}")))
    if faults:
        raise CalendarUnfit(errors=faults)
    return days


def write_calendar(days: list[CalendarDay]) -> str:
    """The same days as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((d.day.isoformat(), str(d.is_working).lower(), d.name) for d in days)
    return text.getvalue()


@cache
def dictionaries() -> Mapping[str, Any]:
    """Every enumeration that the product uses, with its labels (`data/dictionaries.json`)."""
    shipped: dict[str, Any] = json.loads(_dictionaries_text())
    return shipped


def dictionaries_version() -> str:
    return _seal(_dictionaries_text())


def _dictionaries_text() -> str:
    return (APP / "reference" / "data" / "dictionaries.json").read_text("utf-8")


def rule_packs() -> Iterator[RulePackCreate]:
    """The packs that the slices ship (`app/*/data/rule_packs/*.json`)."""
    for path in _pack_files():
        yield RulePackCreate.model_validate_json(path.read_text("utf-8"))


def rule_packs_version() -> str:
    return _seal("".join(path.read_text("utf-8") for path in _pack_files()))


def _pack_files() -> list[Path]:
    return sorted(APP.glob("*/data/rule_packs/*.json"))


def _seal(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
