"""The lines of the bar: each measures both sides in turn and gives one ratio."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import perf_counter
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import asyncpg

from app.core import pages, signing
from app.core.access import NATION, PERMISSIONS, SYSTEM, Role
from app.core.work import Shell, begin
from app.identity import commands as identity
from app.intake import commands as intake
from app.intake.schemas import SecretCreate, SourceCreate
from app.main import make_shell
from app.organizations.models import Organization
from app.organizations.schemas import OrganizationFilters
from bench import load, servers
from bench.generate import settings_of
from bench.load import Client, Target
from bench.peers.inbox import TABLE
from bench.place import Home, Place, plain

API = "/api/v1"
MESSAGES = 60_000
REQUESTS = 100_000

NATURAL = """
SELECT x.ancestor_code AS province, count(DISTINCT o.id) AS organizations,
       count(DISTINCT o.id) FILTER (WHERE b.counts_as_primary) AS covered
  FROM organizations o
  JOIN division_closure x ON x.descendant_code = o.division_code
       AND x.valid @> timezone('Asia/Shanghai', now())::date
  JOIN divisions d ON d.code = x.ancestor_code AND d.level = 'province'
  LEFT JOIN party_organization_covers c ON c.organization_id = o.id AND upper_inf(c.recorded)
       AND c.valid @> timezone('Asia/Shanghai', now())::date
  LEFT JOIN party_organizations b ON b.id = c.party_organization_id
 WHERE o.registration_status IN ('normal', 'in_liquidation') GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Line:
    """What was measured: a ratio (or a figure that is only reported), and the bar."""

    work: str
    peer: str
    figure: float
    bar: str
    met: bool | None
    detail: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A database with what is asked of it: a county, one of its organizations, and tokens."""

    place: Place
    size: int
    county: str
    organizations: int
    organization: UUID
    body: UUID
    member: UUID | None
    members: int
    clerk: dict[str, str]
    organizer: dict[str, str]
    nation: dict[str, str]
    others: dict[str, dict[str, str]]
    depth: str
    shell_cursor: int


def at_least(work: str, peer: str, figure: float, bar: float, detail: str) -> Line:
    return Line(work, peer, figure, f"≥ {bar:g}×", figure >= bar, detail)


def at_most(work: str, peer: str, figure: float, bar: float, detail: str) -> Line:
    return Line(work, peer, figure, f"≤ {bar:g}×", figure <= bar, detail)


async def scene(home: Home, place: Place, size: int) -> Scene:
    """Look up a county of middle size, and sign in the callers."""
    connection = await asyncpg.connect(plain(place.superuser))
    try:
        county = await connection.fetchrow(
            "SELECT division_code, count(*) AS n FROM organizations JOIN divisions d ON d.code = division_code"
            " WHERE d.level = 'county' GROUP BY 1 ORDER BY count(*) DESC OFFSET 20 LIMIT 1"
        )
        organization = await connection.fetchval(
            "SELECT id FROM organizations WHERE division_code = $1 ORDER BY id OFFSET 10 LIMIT 1", county[0]
        )
        body = await connection.fetchval(
            "SELECT id FROM party_organizations WHERE division_code = $1 ORDER BY id LIMIT 1", county[0]
        )
        member = await connection.fetchval(
            "SELECT id FROM members WHERE division_code = $1 ORDER BY id OFFSET 10 LIMIT 1", county[0]
        )
        members = await connection.fetchval("SELECT count(*) FROM members")
        offset = min(500_000, size // 2)
        last = await connection.fetchrow(
            "SELECT division_code, id FROM organizations ORDER BY division_code, id OFFSET $1 LIMIT 1", offset
        )
    finally:
        await connection.close()
    shell = make_shell(settings_of(place, home.directory))
    try:
        headers = {role: await _caller(shell, role) for role in Role if PERMISSIONS[role]}
        clerk = await _caller(shell, Role.CLERK, county[0])
        organizer = await _caller(shell, Role.ORGANIZER, county[0])
        async with begin(shell, SYSTEM) as work:
            secret = work.crypto.blind("derived-key", "cursor")
        name = f"OrganizationRead {Organization.division_code} {Organization.id}"
        cursor = pages.encode(secret, OrganizationFilters().fingerprint(name), [last[0], str(last[1])])
    finally:
        await shell.dispose()
    others = {role.value: given for role, given in headers.items()}
    nation = others[Role.ORGANIZER.value]
    return Scene(
        place=place,
        size=size,
        county=county[0],
        organizations=county[1],
        organization=organization,
        body=body,
        member=member,
        members=members,
        clerk=clerk,
        organizer=organizer,
        nation=nation,
        others=others,
        depth=cursor,
        shell_cursor=offset // 50,
    )


async def _caller(shell: Shell, role: Role, division: str = NATION) -> dict[str, str]:
    async with begin(shell, SYSTEM) as work:
        made = await identity.ensure_actor(work, role, division_code=division)
    return {"Authorization": f"Bearer {made.token}"}


def peers(home: Home, scene: Scene) -> Iterator[Line]:
    """A page of fifty in a county and one organization by id, against both peers."""
    with ExitStack() as stack:
        mine = stack.enter_context(servers.service(scene.place, home.directory))
        orm = stack.enter_context(servers.orm(scene.place))
        node = stack.enter_context(servers.fastify(scene.place))
        started = mine.seconds
        page, one = f"/page?division={scene.county}", f"/one/{scene.organization}"
        found = load.in_turn(
            {
                "page": Target(f"{mine.url}{API}/organizations", scene.clerk),
                "page fastify": Target(node.url + page, {}),
                "page orm": Target(orm.url + page, {}),
                "one": Target(f"{mine.url}{API}/organizations/{scene.organization}", scene.clerk),
                "one fastify": Target(node.url + one, {}),
                "one orm": Target(orm.url + one, {}),
            }
        )
    for what, words, bars in (
        ("page", f"page of 50 in a county ({scene.organizations}), authenticated, scoped", (1.0, 4.0)),
        ("one", "one organization by id, authenticated, scoped", (0.5, 4.0)),
    ):
        for peer, name, bar in (
            ("fastify", "Fastify + postgres.js, no auth", bars[0]),
            ("orm", "textbook FastAPI + ORM, no auth", bars[1]),
        ):
            other = found[f"{what} {peer}"]
            detail = f"{_median(found[what]):.0f}/s against {_median(other):.0f}/s"
            yield at_least(words, name, load.ratio(found[what], other), bar, detail)
    yield Line("start to first answer", "—", started, "report", None, f"{started:.2f} s, warm database")


def members(home: Home, scene: Scene) -> Iterator[Line]:
    """Pages and single rows of members and of Party organizations, against both peers.

    The peers read as a role that row-level security does not hold."""
    open_place = replace(scene.place, app=scene.place.superuser)
    with ExitStack() as stack:
        mine = stack.enter_context(servers.service(scene.place, home.directory))
        orm = stack.enter_context(servers.orm(open_place))
        node = stack.enter_context(servers.fastify(open_place))
        targets: dict[str, Target] = {}
        for what, path, row in (
            ("members", "members", scene.member),
            ("bodies", "party-organizations", scene.body),
        ):
            page, one = f"/{what}/page?division={scene.county}", f"/{what}/one/{row}"
            targets |= {
                f"{what} page": Target(f"{mine.url}{API}/{path}", scene.organizer),
                f"{what} page fastify": Target(node.url + page, {}),
                f"{what} page orm": Target(orm.url + page, {}),
                f"{what} one": Target(f"{mine.url}{API}/{path}/{row}", scene.organizer),
                f"{what} one fastify": Target(node.url + one, {}),
                f"{what} one orm": Target(orm.url + one, {}),
            }
        found = load.in_turn(targets)
    for what, words, bars in (
        ("members page", f"page of 50 members in a county ({scene.members:,} in all)", (1.0, 4.0)),
        ("members one", "one member by id", (0.5, 4.0)),
        ("bodies page", "page of 50 Party organizations in a county", (1.0, 4.0)),
        ("bodies one", "one Party organization by id", (0.5, 4.0)),
    ):
        for peer, name, bar in (
            ("fastify", "Fastify + postgres.js, no auth, no RLS", bars[0]),
            ("orm", "textbook FastAPI + ORM, no auth, no RLS", bars[1]),
        ):
            other = found[f"{what} {peer}"]
            detail = f"{_median(found[what]):.0f}/s against {_median(other):.0f}/s"
            yield at_least(
                f"{words}, authenticated, scoped", name, load.ratio(found[what], other), bar, detail
            )


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def depth_and_coverage(home: Home, scene: Scene) -> Iterator[Line]:
    """Deep pages, and coverage today, of a past day, and against counting the tables."""
    with servers.service(scene.place, home.directory) as server:
        client = Client(server.url, scene.nation)
        first, deep = load.medians(
            [
                (client, f"{API}/organizations"),
                (client, f"{API}/organizations?cursor={quote(scene.depth)}"),
            ],
            times=40,
        )
        words = f"page {scene.shell_cursor:,} of the nation"
        yield at_most(words, "page 1", deep / first, 1.2, f"{deep * 1e3:.2f} ms, {first * 1e3:.2f} ms")
        today, past = load.medians(
            [
                (client, f"{API}/coverage?division={NATION}&by=division"),
                (client, f"{API}/coverage?division={NATION}&by=division&as_of=2021-06-30"),
            ],
            times=3,
        )
        counted = asyncio.run(_counted(scene.place))
        words = f"national coverage by province, {scene.size:,} organizations"
        yield at_least(
            words, "GROUP BY over the tables", counted / today, 100, f"{today:.2f} s, {counted:.2f} s"
        )
        yield at_most("the same as of a past day", "today", past / today, 3, f"{past:.2f} s")


async def _counted(place: Place) -> float:
    connection = await asyncpg.connect(plain(place.superuser))
    try:
        best = []
        for _ in range(3):
            began = perf_counter()
            await connection.fetch(NATURAL)
            best.append(perf_counter() - began)
        return sorted(best)[1]
    finally:
        await connection.close()


def webhooks(home: Home, scene: Scene) -> Iterator[Line]:
    """Signed messages kept, against a bare insert of the same bytes."""
    code, secret, about = asyncio.run(_registry(home, scene))
    with NamedTemporaryFile("w", suffix=".txt") as file:
        for line in _messages(secret, about):
            file.write(line)
        file.flush()
        asyncio.run(_table(scene.place))
        with ExitStack() as stack:
            mine = stack.enter_context(servers.service(scene.place, home.directory))
            bare = stack.enter_context(servers.inbox(scene.place))
            found: dict[str, list[float]] = {"mine": [], "bare": []}
            starts = {"mine": 0, "bare": 0}
            for number in range(load.ROUNDS + 1):
                for name, server in (("mine", mine), ("bare", bare)):
                    script = load.messages(Path(file.name), starts[name])
                    url = f"{server.url}{API if name == 'mine' else ''}/webhooks/registries/{code}"
                    measured = load.rate(Target(url, {}, script))
                    starts[name] += int(measured * load.SECONDS * 1.2) + 50
                    if number:
                        found[name].append(measured)
    detail = f"{_median(found['mine']):.0f}/s against {_median(found['bare']):.0f}/s"
    words = "signed webhooks accepted: verified, read, sealed, audited, announced"
    yield at_least(
        words, "FastAPI + asyncpg INSERT … ON CONFLICT", load.ratio(found["mine"], found["bare"]), 0.7, detail
    )


def _messages(secret: str, about: Sequence[str]) -> Iterator[str]:
    """Signed messages about organizations of the ledger, one a line: id, stamp, signature, body."""
    now = datetime.now(UTC)
    for number in range(MESSAGES):
        data = {
            "organization": {"credit_code": about[number % len(about)]},
            "changes": {"staff_count": number % 90},
        }
        message = {
            "type": "organization.changed",
            "occurred_at": "2026-03-02T08:30:00Z",
            "effective_on": "2026-03-01",
            "data": data,
        }
        body = json.dumps(message, ensure_ascii=False).encode()
        given = signing.sign([secret], f"msg_{uuid4().hex}", now, body)
        yield " ".join(given[name] for name in signing.HEADERS) + " " + body.decode() + "\n"


async def _registry(home: Home, scene: Scene) -> tuple[str, str, list[str]]:
    """A source with a secret, for the registry of the county, and the codes of what is registered there."""
    shell, code = make_shell(settings_of(scene.place, home.directory)), f"bench-{uuid4().hex[:12]}"
    connection = await asyncpg.connect(plain(scene.place.superuser))
    try:
        authority = await connection.fetchval(
            "SELECT a.id FROM authorities a JOIN authority_roles r ON r.authority_id = a.id"
            " WHERE a.division_code = $1 AND r.role = 'registration_authority' LIMIT 1",
            scene.county,
        )
        known = await connection.fetch(
            "SELECT credit_code FROM organizations WHERE division_code = $1 AND credit_code IS NOT NULL",
            scene.county,
        )
        given = SourceCreate(code=code, name="bench", authority_id=authority, divisions=[scene.county])
        async with begin(shell, SYSTEM) as work:
            source = await intake.add_source(work, given)
            made: Any = await intake.rotate_secret(work, source, SecretCreate())
        return code, made.secret, [row["credit_code"] for row in known]
    finally:
        await connection.close()
        await shell.dispose()


async def _table(place: Place) -> None:
    connection = await asyncpg.connect(plain(place.superuser))
    try:
        await connection.execute(TABLE)
    finally:
        await connection.close()


def memory(home: Home, scene: Scene, *, requests: int = REQUESTS) -> Iterator[Line]:
    """Resident memory after many requests against after a thousand."""
    with servers.service(scene.place, home.directory) as server:
        target = Target(f"{server.url}{API}/organizations", scene.clerk)
        done = 0.0
        while done < 1000:
            done += load.rate(target, seconds=1)
        early = server.resident()
        while done < requests:
            done += load.rate(target, seconds=10) * 10
        late = server.resident()
    detail = f"{late / 2**20:.0f} MiB after {done:,.0f} requests, {early / 2**20:.0f} MiB after 1,000"
    yield at_most("resident memory of one API process", "after 1,000 requests", late / early, 1.1, detail)
