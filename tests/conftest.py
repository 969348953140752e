"""What every test may ask for: a real PostgreSQL, a database of its own, the service over HTTP, its callers.

One cluster serves all xdist workers and sessions; the last to leave stops it. A template is migrated and
filled once, and kept until what it is made of changes; each test that asks for a database gets a clone,
commits for real, and drops it. With DATABASE_URL and DATABASE_OWNER_URL (a role that may create databases)
that server is used instead.
"""

import asyncio
import fcntl
import hashlib
import os
import re
import shutil
import tempfile
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

import asyncpg
import httpx
import psutil
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import URL, make_url
from xdist.scheduler import LoadFileScheduling

from app.cli import startup
from app.core.access import SYSTEM, Role
from app.core.work import Shell, begin
from app.identity import commands as identity
from app.main import create_app
from app.postgres import Supervisor, migrations
from app.settings import Settings
from tests.faults import places

BASE_URL = "http://test/api/v1"
ROOT = Path(__file__).parents[1]
TEMPLATE_OF = (
    "requirements.lock",
    "migrations/**/*.py",
    "app/postgres/*.py",
    "app/*/data/**/*.*",
    "app/reference/**/*.py",
    "app/divisions/**/*.py",
    "tests/conftest.py",
)


MEMORY, PLENTY = Path("/dev/shm"), 6 * 2**30  # noqa: S108 (a directory of one's own below it)
FIRST: dict[str, FastAPI] = {}
"""The first application of this process."""
LONG = ("test_kills.py", "test_order.py", "test_numbers.py", "test_run.py")
"""Files that take longest: begun first, so that no worker is left alone with one at the end."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After the shuffle: the long files first, each still in its random order."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


class Shares(LoadFileScheduling):
    """Each file goes to one worker; of the tests of each operation, those of one operation in twelve do."""

    def _split_scope(self, nodeid: str) -> str:
        path, _, test = nodeid.partition("::")
        operation = re.search(r"\[([a-z_]+)\]$", test)
        if operation and path.startswith("tests/architecture/"):
            return f"operations {zlib.crc32(operation[1].encode()) % 12}"
        return path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Shares:
    return Shares(config, log)


@dataclass(frozen=True, slots=True)
class Server:
    """Where databases are made: the URLs of both roles, and the template's name."""

    app: URL
    owner: URL
    template: str

    @property
    def urls(self) -> tuple[URL, URL]:
        return self.owner, self.app

    async def create(self, name: str, template: str) -> None:
        # Copying files takes three quarters of the time that copying through the log does.
        await self._administer(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")

    async def drop(self, name: str) -> None:
        await self._administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    async def rename(self, name: str, new: str) -> None:
        await self._administer(f"ALTER DATABASE {name} RENAME TO {new}")

    async def analyze(self, name: str) -> None:
        """What autovacuum does within a minute: without figures of the divisions plans are quadratic."""
        await self._administer("ANALYZE", database=name)

    async def names(self, like: str) -> list[str]:
        found = await self._administer(
            "SELECT array_agg(datname) FROM pg_database WHERE datname LIKE $1", like
        )
        return [str(name) for name in found] if isinstance(found, list) else []

    async def _administer(self, statement: str, *parameters: str, database: str = "postgres") -> object:
        url = self.owner.set(drivername="postgresql", database=database)
        connection = await asyncpg.connect(url.render_as_string(hide_password=False))
        try:
            return await connection.fetchval(statement, *parameters)
        finally:
            await connection.close()


@dataclass(frozen=True, slots=True)
class Database:
    """One test's database."""

    app_url: str
    owner_url: str


class Actors(Protocol):
    """Makes a signed-in caller and gives the headers to call with."""

    def __call__(
        self, role: Role | str, *, division: str | None = None, body: UUID | None = None
    ) -> Awaitable[dict[str, str]]: ...


@contextmanager
def together(directory: Path) -> Iterator[Callable[[], bool]]:
    """Hold a place among all who use a directory; the function says whether one is the last to leave."""
    with (directory / "present").open("ab") as presence:
        fcntl.flock(presence, fcntl.LOCK_SH)

        def last() -> bool:
            try:
                fcntl.flock(presence, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        yield last


def application(settings: Settings) -> FastAPI:
    """The service. All that one process makes share the routes of its first and the document of these: both
    take seconds to build, longer than most tests."""
    made = create_app(settings)
    first = FIRST.setdefault("app", made)
    made.router.routes = [*first.router.routes]
    made.openapi = first.openapi  # type: ignore[method-assign]
    return made


def fingerprint(given: str) -> str:
    """What the template is made of and where it lies: a change of any of it makes a new one."""
    digest = hashlib.sha256(given.encode())
    for pattern in TEMPLATE_OF:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def private_directory() -> Path:
    """Where the cluster of this user's test sessions lies: in memory where there is plenty, for a clone then
    takes a tenth of the time; else, or with TMPDIR, where temporary files are."""
    root = Path(tempfile.gettempdir())
    if MEMORY.is_dir() and "TMPDIR" not in os.environ:
        free = min(shutil.disk_usage(MEMORY).free, psutil.virtual_memory().available)
        root = MEMORY if free > PLENTY else root
    home = root / f"jiceng-tests-{os.geteuid()}"
    home.mkdir(mode=0o700, exist_ok=True)
    assert home.lstat().st_uid == os.geteuid(), f"{home} belongs to another"
    return home


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server with its template."""
    given = os.environ.get("DATABASE_URL", "")
    version = fingerprint(given)
    home = private_directory()
    shared = home / version
    shared.mkdir(mode=0o700, exist_ok=True)
    template = f"jiceng_test_{version}"
    with together(shared) as last:
        if given:
            server = Server(make_url(given), make_url(os.environ.get("DATABASE_OWNER_URL", given)), template)
            prepare(server, shared)
            yield server
            if last():
                asyncio.run(server.drop(template))
            return
        supervisor = Supervisor(shared, fast=True)
        cluster = supervisor.start()
        try:
            server = Server(make_url(cluster.app_url), make_url(cluster.owner_url), template)
            prepare(server, shared)
            yield server
        finally:
            supervisor.stop()
            for other in home.iterdir():
                if other != shared:
                    forget(other)


def forget(directory: Path) -> None:
    """Remove the cluster of an older template, unless a session is on it."""
    with suppress(FileNotFoundError), together(directory) as last:
        if last():
            shutil.rmtree(directory, ignore_errors=True)  # another session may be at it too


def prepare(server: Server, shared: Path) -> None:
    """Make the template, once for all: it takes its name when it is whole. Drop what killed tests left."""
    with (shared / "template.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in asyncio.run(server.names("test_%")):
            if not psutil.pid_exists(int(name.split("_")[1])):
                asyncio.run(server.drop(name))
        if asyncio.run(server.names(server.template)):
            return
        draft = f"{server.template}_draft"
        asyncio.run(server.drop(draft))
        asyncio.run(server.create(draft, "template0"))
        owner, app = (url.set(database=draft).render_as_string(hide_password=False) for url in server.urls)
        migrations.upgrade(owner)
        asyncio.run(fill(Settings(database_url=SecretStr(app), data_dir=shared / "template")))
        asyncio.run(server.analyze(draft))
        asyncio.run(server.rename(draft, server.template))


async def fill(settings: Settings) -> None:
    """Load what every release ships: calendar, dictionaries, rule packs, divisions."""
    async with startup.shell_of(settings) as shell:
        await startup.load_reference_data(shell)


@pytest.fixture(scope="session")
def begun() -> Iterator[Path]:
    """A data directory in which `jiceng run` has been, to be copied by `places.copy`."""
    home = private_directory() / fingerprint(os.environ.get("DATABASE_URL", ""))
    home.mkdir(mode=0o700, exist_ok=True)
    with together(home):
        yield places.make(home)


@pytest.fixture
async def database(server: Server) -> AsyncIterator[Database]:
    """A clone of the template, dropped afterwards."""
    name = f"test_{os.getpid()}_{uuid4().hex}"
    await server.create(name, server.template)
    try:
        yield Database(
            app_url=server.app.set(database=name).render_as_string(hide_password=False),
            owner_url=server.owner.set(database=name).render_as_string(hide_password=False),
        )
    finally:
        await server.drop(name)


@pytest.fixture
def database_url(database: Database) -> str:
    """The URL of the role that the API has."""
    return database.app_url


@pytest.fixture
def owner_url(database: Database) -> str:
    """The URL of the role that owns the tables."""
    return database.owner_url


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings of a service on this test's database, with keys of its own."""
    return Settings(
        database_url=SecretStr(database.app_url),
        database_owner_url=SecretStr(database.owner_url),
        data_dir=tmp_path,
        font_dir=ROOT / "tests" / "fonts",
    )


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The service on this test's database, started and at the end shut down."""
    made = application(settings)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
def shell(app: FastAPI) -> Shell:
    """The service's shell, for `work.begin(shell, actor)`."""
    found: Shell = app.state.shell
    return found


@pytest.fixture
async def api(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """The service over HTTP, not signed in."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL) as client:
        yield client


@pytest.fixture
def actors(shell: Shell) -> Actors:
    """Signed-in users, made as the command line makes them: one role, a second factor used, just proved."""

    async def make(
        role: Role | str, *, division: str | None = None, body: UUID | None = None
    ) -> dict[str, str]:
        async with begin(shell, SYSTEM) as work:
            made = await identity.ensure_actor(
                work, Role(role), division_code=division, party_organization_id=body
            )
        return {"Authorization": f"Bearer {made.token}"}

    return make
