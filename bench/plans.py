"""Every list: its statements, whether a plan reads a large table whole, and what ten times the rows cost it."""

import asyncio
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from app.core.access import PERMISSIONS, Permission, Role
from app.main import LISTS
from bench import load, servers
from bench.lines import API, Line, Scene
from bench.load import Client, LoadError
from bench.place import Home, Place, plain

LARGE = 10_000
_WHOLE = re.compile(r"Seq Scan on (\w+)")
_ENTRY = re.compile(r"duration: [0-9.]+ ms  plan:")
DETAILS = (
    "/organizations/{organization_id}",
    "/organizations/{organization_id}/overview",
    "/organizations/{organization_id}/history",
    "/party-organizations/{party_organization_id}",
    "/members/{member_id}",
    "/members/{member_id}/history",
)


@dataclass(frozen=True, slots=True)
class Read:
    """A list or a detail, with who may ask for it; the path is filled in for a scene."""

    path: str
    role: Role

    def of(self, scene: Scene) -> str:
        """The path in a database."""
        given = {
            "organization_id": scene.organization,
            "party_organization_id": scene.body,
            "member_id": scene.member,
        }
        return API + self.path.format(**given, division=scene.county, code=scene.county)


@dataclass(frozen=True, slots=True)
class Plan:
    """What PostgreSQL was asked for one answer."""

    path: str
    statements: int
    whole: tuple[str, ...]
    growth: float | None
    milliseconds: float


def reads() -> Iterator[Read]:
    """Every list that can be asked with what a scene has, and the details that hang on an organization."""
    for listing in LISTS.values():
        names = set(re.findall(r"\{(\w+)\}", listing.path))
        if names <= {"organization_id", "party_organization_id", "code"}:
            role = _role(Permission(listing.permission))
            yield Read(listing.path.removeprefix(API), role)
    for path in DETAILS:
        yield Read(path, Role.ORGANIZER)


def _role(permission: Permission) -> Role:
    order = [Role.ORGANIZER, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.SYSTEM_ADMIN, *Role]
    return next(role for role in order if permission in PERMISSIONS[role])


def grown(home: Home, small: Scene, large: Scene) -> Iterator[Plan]:
    """Each read on both databases in turn, then once more with its plan written down."""
    asked = list(reads())
    times: dict[Read, tuple[float, float]] = {}
    with servers.service(small.place, home.directory) as a, servers.service(large.place, home.directory) as b:
        for read in asked:
            few, many = ((s, Client(u.url, s.others[read.role.value])) for s, u in ((small, a), (large, b)))
            try:
                one, ten = load.medians([(few[1], read.of(few[0])), (many[1], read.of(many[0]))], times=9)
            except LoadError:
                continue
            times[read] = (one, ten)
    with explained(home, large.place) as log, servers.service(large.place, home.directory) as server:
        sizes = asyncio.run(_sizes(large.place))
        for read, (one, ten) in times.items():
            client = Client(server.url, large.others[read.role.value])
            before = log.stat().st_size
            client.seconds(read.of(large))
            time.sleep(0.05)
            with log.open("rb") as file:
                file.seek(before)
                said = file.read().decode(errors="replace")
            whole = {t for t in _WHOLE.findall(said) if sizes.get(t, 0) > LARGE}
            yield Plan(read.path, len(_ENTRY.findall(said)), tuple(sorted(whole)), ten / one, ten * 1e3)


def lines(plans: Sequence[Plan], times: float) -> Iterator[Line]:
    """The bar of growth over all of them, and of whole tables read."""
    worst = max(plans, key=lambda plan: plan.growth or 0)
    over = [plan for plan in plans if (plan.growth or 0) > 1.3]
    detail = f"{len(plans) - len(over)} of {len(plans)} reads within 1.3×; worst {worst.path}"
    words = f"{times:g}× the rows: every list and detail"
    yield Line(words, "itself", worst.growth or 0, "≤ 1.3×", not over, detail)
    whole = [plan for plan in plans if plan.whole]
    detail = ", ".join(f"{p.path} ({' '.join(p.whole)})" for p in whole) or "none"
    yield Line("lists that read a table > 10,000 rows whole", "—", len(whole), "0", not whole, detail)


@contextmanager
def explained(home: Home, place: Place) -> Iterator[Path]:
    """Every plan of new connections to a database goes to the server's log meanwhile."""
    name = place.app.rsplit("/", 1)[1].split("?")[0]
    on = {
        "session_preload_libraries": "'auto_explain'",
        "auto_explain.log_min_duration": "0",
        "auto_explain.log_nested_statements": "on",
    }
    asyncio.run(_alter(place, [f"ALTER DATABASE {name} SET {k} = {v}" for k, v in on.items()]))
    try:
        yield home.directory / "postgres.log"
    finally:
        asyncio.run(_alter(place, [f"ALTER DATABASE {name} RESET {k}" for k in on]))


async def _alter(place: Place, statements: Sequence[str]) -> None:
    connection = await asyncpg.connect(plain(place.superuser))
    try:
        await connection.execute("LOAD 'auto_explain'")
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _sizes(place: Place) -> dict[str, float]:
    connection = await asyncpg.connect(plain(place.superuser))
    try:
        rows = await connection.fetch("SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'")
        return {row["relname"]: row["reltuples"] for row in rows}
    finally:
        await connection.close()
