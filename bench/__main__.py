"""`python -m bench`: fills the databases once, measures every line, prints them and writes RESULTS.md."""

import asyncio
import os
import platform
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from bench import bulk, generate, lines, load, people, plans, searching
from bench.lines import Line, Scene
from bench.place import Home, home
from bench.plans import Plan

RESULTS = Path(__file__).parent / "RESULTS.md"
console = Console()


def main() -> None:
    """Measure what is asked for: all lines, or those named on the command line."""
    if not load.available():
        console.print("wrk is needed (apt-get install wrk).", style="red")
        raise SystemExit(1)
    chosen, size = set(sys.argv[1:]), generate.size()
    small = size // 10
    with home() as here:
        large_scene, small_scene = scene(here, size), scene(here, small)
        found: list[Line] = []
        for name, measure in measures(here, large_scene).items():
            if not chosen or name in chosen:
                found += told(name, measure())
        grown: list[Plan] = []
        if not chosen or "growth" in chosen:
            grown = list(plans.grown(here, small_scene, large_scene))
            found += told("growth", plans.lines(grown, size / small))
    write(found, grown, size)
    console.print(table(found))


def scene(here: Home, size: int) -> Scene:
    """A generated ledger with its members: twenty for every nine organizations."""
    place = generate.ready(here, size)
    asyncio.run(people.ready(here, place, size * 20 // 9))
    return asyncio.run(lines.scene(here, place, size))


def measures(here: Home, scene: Scene) -> dict[str, Callable[[], Iterator[Line]]]:
    """The groups of lines by name."""
    return {
        "peers": lambda: lines.peers(here, scene),
        "members": lambda: lines.members(here, scene),
        "coverage": lambda: lines.depth_and_coverage(here, scene),
        "search": lambda: searching.lines(scene),
        "import": lambda: bulk.line(here),
        "webhooks": lambda: lines.webhooks(here, scene),
        "memory": lambda: lines.memory(here, scene, requests=int(os.environ.get("REQUESTS", "100000"))),
    }


def told(name: str, measured: Iterable[Line]) -> list[Line]:
    """The lines as they come."""
    kept = []
    try:
        for line in measured:
            kept.append(line)
            console.print(
                f"{name}: {line.work} · {line.peer}: {line.figure:.2f} (bar {line.bar}) {line.detail}"
            )
    except load.LoadError as error:
        kept.append(
            Line(f"the rest of `{name}`", "—", 0.0, "—", met=False, detail=f"no answer: {error}"[:200])
        )
        console.print(f"{name}: {error}", style="red")
    return kept


def verdict(line: Line) -> str:
    return {True: "met", False: "missed", None: "—"}[line.met]


def table(found: list[Line]) -> Table:
    """The bar as a table."""
    made = Table("work", "peer", "figure", "bar", "", "detail")
    for line in found:
        made.add_row(line.work, line.peer, f"{line.figure:.2f}", line.bar, verdict(line), line.detail)
    return made


def write(found: list[Line], grown: list[Plan], size: int) -> None:
    """RESULTS.md: what this run measured, where, and how."""
    memory = psutil.virtual_memory().total / 2**30
    started = os.getloadavg()[0]
    place = f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, load {started:.1f} at the end"
    command = f"make bench ORGANIZATIONS={size}" + (
        f' ARGS="{" ".join(sys.argv[1:])}"' if sys.argv[1:] else ""
    )
    measured = f"{load.ROUNDS} rounds of {load.SECONDS} s in turn by wrk over {load.CONNECTIONS} connections"
    rows = (f"| {x.work} | {x.peer} | {x.figure:.2f} | {x.bar} | {verdict(x)} | {x.detail} |" for x in found)
    text = [
        "# Results of one run",
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {place}; Python {platform.python_version()}, PostgreSQL 18.",
        f"`{command}`; {measured}; single answers over one connection.",
        "",
        "| work | peer | figure | bar | | detail |",
        "|---|---|---|---|---|---|",
        *rows,
    ]
    if grown:
        text += [
            "",
            "## Statements, plans and growth of each list and detail",
            "",
            "| read | statements | tables > 10,000 rows read whole | 10× the rows | ms |",
            "|---|---|---|---|---|",
            *(
                f"| {p.path} | {p.statements} | {' '.join(p.whole) or 'none'} | {p.growth:.2f} |"
                f" {p.milliseconds:.1f} |"
                for p in grown
            ),
        ]
    RESULTS.write_text("\n".join(text) + "\n")


if __name__ == "__main__":
    main()
