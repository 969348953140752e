"""Starts, finds, watches and stops the one cluster of a data directory.

Our own supervisor, because a server that holds this data must survive `kill -9` of anything, start as root
without opening a single directory to others, and ask for passwords from its first second.

Under DATA_DIR: `postgres/` (the cluster), `postgres.json` (random passwords, mode 0600), `postgres.log`.
"""

import asyncio
import fcntl
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psutil

from app.postgres.accounts import account_for, own_directory, seen_as
from app.postgres.binaries import MAJOR, find_binaries, readable_copy
from app.postgres.cluster import APP, OWNER, SUPERUSER, Cluster, provision
from app.postgres.errors import PostgresError

PORT = 5432
"""The number in the socket's name; where sockets fail, a free TCP port of the loopback is taken instead."""
SOCKET_NAME = f".s.PGSQL.{PORT}"
SOCKET_PATH_LIMIT = 107
"""`sun_path` holds 108 bytes with its NUL (unix(7))."""
PATIENCE = 300.0
"""Seconds that recovery after a crash may take."""
LOG_LIMIT = 16 * 1024 * 1024

LOCALE = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8")
"""With another character type pg_trgm finds nothing in Chinese text, and says so nowhere."""

TUNABLE = {"shared_buffers": "128MB", "max_connections": "100", "work_mem": "16MB", "random_page_cost": "1.1"}
"""Written into postgresql.conf once, for the operator to change."""

FIXED = {
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    # The log never holds what a record says: no parameters, no statements, no DETAIL with a key's value.
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}

_LEFT_RUNNING: list[subprocess.Popen[bytes]] = []
"""Servers that this process started and others still use: collecting their handles would be an error."""


class Supervisor:
    """Starts the cluster of one data directory, or attaches to it; the last one to leave stops it."""

    def __init__(self, data_dir: Path, *, fast: bool = False) -> None:
        self.data_dir = data_dir.resolve()
        self.directory = self.data_dir / "postgres"
        self.fast = fast
        self._process: subprocess.Popen[bytes] | None = None
        self._presence: IO[bytes] | None = None

    def start(self) -> Cluster:
        """A cluster that answers. Attaches to a live server, starts a dead one, creates a missing one."""
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        with self._alone():
            if self._presence is None:
                self._presence = (self.data_dir / "postgres.users").open("ab")
                fcntl.flock(self._presence, fcntl.LOCK_SH)
            binaries = readable_copy(find_binaries(), self.data_dir)
            passwords = self._passwords()
            created = not self.directory.exists()
            if created:
                self._create(binaries, passwords[SUPERUSER])
            self._check_version()
            attached = self._attach()
            if not attached:
                self._launch(binaries)
            cluster = Cluster(self.directory, binaries, *self._address(), passwords, created)
            if not attached:
                asyncio.run(provision(cluster))
            return cluster

    def alive(self) -> bool:
        """Whether the server runs. Reaps it when it was ours and died."""
        _LEFT_RUNNING[:] = [process for process in _LEFT_RUNNING if process.poll() is None]
        if self._process is not None:
            return self._process.poll() is None
        return self._postmaster() is not None

    def stop(self) -> None:
        """Leave; and stop the server (fast shutdown) unless another supervisor still uses it."""
        if self._presence is None:
            return
        with self._alone():
            try:
                fcntl.flock(self._presence, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if self._process is not None:
                    _LEFT_RUNNING.append(self._process)
                    self._process = None
                return
            else:
                self._shut_down()
            finally:
                self._presence.close()
                self._presence = None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One supervisor at a time starts or stops the server of a data directory."""
        try:
            lock = (self.data_dir / "postgres.lock").open("ab")
        except PermissionError as error:
            message = f"{self.data_dir} belongs to another user: run as that user, or set DATA_DIR."
            raise PostgresError(message) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _passwords(self) -> dict[str, str]:
        """The three passwords: random, made before the cluster, readable by us alone."""
        path = self.data_dir / "postgres.json"
        if not path.exists():
            draft = path.with_name("postgres.json.new")
            draft.unlink(missing_ok=True)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                json.dump({role: secrets.token_urlsafe(24) for role in (SUPERUSER, OWNER, APP)}, file)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(path)
        passwords: dict[str, str] = json.loads(path.read_text())
        return passwords

    def _create(self, binaries: Path, password: str) -> None:
        """Run initdb beside the final place, then rename: half a cluster is never taken for a whole one."""
        draft = self.directory.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        account = account_for(draft)
        with tempfile.TemporaryDirectory(prefix="jiceng-") as directory:
            password_file = Path(directory) / "password"
            password_file.write_text(password)
            if account:
                for path in (draft, Path(directory), password_file):
                    os.chown(path, account.pw_uid, account.pw_gid)
            options = [*LOCALE, "--auth=scram-sha-256", "--data-checksums", f"--username={SUPERUSER}"]
            options += [f"--set={name}={value}" for name, value in TUNABLE.items()]
            options += [f"--pwfile={password_file}", *(["--no-sync"] if self.fast else [])]
            with seen_as(draft, account) as (seen, keywords):
                result = subprocess.run(  # noqa: S603
                    [binaries / "initdb", f"--pgdata={seen}", *options],
                    capture_output=True,
                    text=True,
                    check=False,
                    **keywords,
                )
        if result.returncode:
            raise PostgresError(f"initdb failed: {result.stderr.strip() or result.stdout.strip()}")
        draft.rename(self.directory)

    def _check_version(self) -> None:
        try:
            version = (self.directory / "PG_VERSION").read_text().strip()
        except PermissionError as error:
            message = f"{self.directory} belongs to another user: run as that user, or set DATA_DIR."
            raise PostgresError(message) from error
        except FileNotFoundError as error:
            raise PostgresError(f"{self.directory} is not a PostgreSQL cluster (no PG_VERSION).") from error
        if version != MAJOR:
            raise PostgresError(
                f"{self.directory} was written by PostgreSQL {version}; this release runs {MAJOR}. "
                "With the old release: `jiceng backup /a/place`. With this one, in a new DATA_DIR that holds "
                "the same keys.json: `jiceng restore /a/place`, then `jiceng db upgrade`."
            )

    def _pid_file(self) -> list[str]:
        """The lines of postmaster.pid: process, data, start, port, socket directory, address and so on."""
        try:
            return (self.directory / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _postmaster(self) -> psutil.Process | None:
        """The live server of this very directory; its number alone may be another process by now."""
        lines = self._pid_file()
        if not lines or not lines[0].strip().isdigit():
            return None
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(int(lines[0]))
            if process.status() == psutil.STATUS_ZOMBIE or not process.name().startswith("postgres"):
                return None
            with suppress(psutil.AccessDenied):  # a container's root may not look: then the name decides
                if not self.directory.samefile(process.cwd()):
                    return None
            return process
        return None

    def _attach(self) -> bool:
        """Whether a live server is there. One that is starting or stopping is waited for."""
        deadline = time.monotonic() + PATIENCE
        while self._postmaster() is not None:
            if self._ready():
                return True
            if time.monotonic() > deadline:
                raise PostgresError(
                    f"PostgreSQL in {self.directory} does not become ready: see postgres.log."
                )
            time.sleep(0.02)
        return False

    def _ready(self) -> bool:
        lines = self._pid_file()
        return len(lines) > 7 and lines[7].strip() == "ready"

    def _clear_stale(self) -> None:
        """Remove the lock files of a dead server whose number now belongs to another process or to a zombie,
        for PostgreSQL itself would take it for alive. Where the number is free, PostgreSQL sees to it."""
        lines = self._pid_file()
        if lines and not (lines[0].strip().isdigit() and not psutil.pid_exists(int(lines[0]))):
            (self.directory / "postmaster.pid").unlink(missing_ok=True)
            for directory in (self.directory, self._fallback_directory()):
                (directory / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)

    def _launch(self, binaries: Path) -> None:
        """Start `postgres` as a direct child in a session of its own, and wait until it takes connections.

        After `kill -9` of the old server its last backends may hold shared memory for a moment: try again."""
        log_path = self.data_dir / "postgres.log"
        if log_path.exists() and log_path.stat().st_size > LOG_LIMIT:
            log_path.replace(log_path.with_suffix(".log.1"))
        account = account_for(self.directory)
        settings = FIXED | (FAST if self.fast else DURABLE) | self._listening(account)
        options = [f"--{name}={value}" for name, value in settings.items()]
        deadline = time.monotonic() + PATIENCE
        while not self._attach():
            self._clear_stale()
            with log_path.open("ab") as log, seen_as(self.directory, account) as (seen, keywords):
                before = log.tell()
                self._process = subprocess.Popen(  # noqa: S603
                    [binaries / "postgres", "-D", seen, *options],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    **keywords,
                )
            if self._becomes_ready(self._process, deadline):
                return
            with log_path.open("rb") as log:
                log.seek(before)
                said = log.read().decode(errors="replace").strip()
            passing = "still in use" in said or "already exists" in said
            if not passing or time.monotonic() > deadline:
                raise PostgresError(f"PostgreSQL did not start:\n{said[-2000:]}")
            time.sleep(0.05)

    def _listening(self, account: pwd.struct_passwd | None) -> dict[str, str]:
        """A socket inside the cluster's own 0700 directory; where its path is too long, in the system's
        temporary directory; where there are no sockets, a free port of the loopback."""
        if _takes_sockets(self.directory):
            return {"listen_addresses": "", "unix_socket_directories": ".", "port": str(PORT)}
        fallback = self._fallback_directory()
        with suppress(OSError):
            if own_directory(fallback, account) and _takes_sockets(fallback):
                quoted = str(fallback).replace('"', '""')
                return {"listen_addresses": "", "unix_socket_directories": f'"{quoted}"', "port": str(PORT)}
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = str(free.getsockname()[1])
        return {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "port": port}

    def _fallback_directory(self) -> Path:
        status = self.directory.stat()
        return Path(tempfile.gettempdir()) / f"jiceng-{status.st_dev:x}-{status.st_ino:x}"

    def _becomes_ready(self, process: subprocess.Popen[bytes], deadline: float) -> bool:
        """Wait until our own server takes connections; False when it ended first."""
        while process.poll() is None and time.monotonic() < deadline:
            if self._pid_file()[:1] == [str(process.pid)] and self._ready():
                return True
            time.sleep(0.01)
        return False

    def _address(self) -> tuple[str, int]:
        """Where the live server listens, by its own word."""
        lines = self._pid_file()
        if lines[5].strip():
            return "127.0.0.1", int(lines[3])
        directory = lines[4].strip()
        return (str(self.directory) if directory == "." else directory), int(lines[3])

    def _shut_down(self) -> None:
        process = self._postmaster()
        if process is None:
            return
        for impatience, seconds in ((signal.SIGINT, 60), (signal.SIGQUIT, 20), (signal.SIGKILL, 10)):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(impatience)
            try:
                if self._process is None:
                    process.wait(seconds)
                else:
                    self._process.wait(seconds)
            except (subprocess.TimeoutExpired, psutil.TimeoutExpired):
                continue
            break
        self._process = None
        with suppress(OSError):
            self._fallback_directory().rmdir()


def _takes_sockets(directory: Path) -> bool:
    """Whether a socket can be bound here, and its path is short enough for a client."""
    if len(os.fsencode(directory / SOCKET_NAME)) >= SOCKET_PATH_LIMIT:
        return False
    probe = directory / f".{secrets.token_hex(4)}"
    try:
        with socket.socket(socket.AF_UNIX) as candidate:
            candidate.bind(str(probe))
    except OSError:
        return False
    finally:
        probe.unlink(missing_ok=True)
    return True
