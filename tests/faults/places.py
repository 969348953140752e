"""A data directory in which `jiceng run` has been once: made for all sessions of these sources, and copied.

A first run makes a cluster, its tables and its reference data, which takes a quarter of a minute; a copy
takes a second."""

import asyncio
import fcntl
import hashlib
import shutil
import socket
import subprocess
from pathlib import Path

from tests.faults.harness import ROOT, Service

MADE_OF = ("requirements.lock", "migrations/**/*.py", "app/**/*.py", "app/*/data/**/*.*")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def make(home: Path) -> Path:
    """The directory to copy, in the home of all sessions."""
    digest = hashlib.sha256()
    for pattern in MADE_OF:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.name.encode() + path.read_bytes())
    made = home / f"run-{digest.hexdigest()[:12]}"
    with (home / "run.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for other in home.glob("run-*"):
                shutil.rmtree(other)
            _run(home / "run-draft").rename(made)
    return made


def copy(made: Path, directory: Path) -> None:
    """Copy it into an empty directory, with the owners of its files."""
    subprocess.run(["cp", "-a", f"{made}/.", directory], check=True)  # noqa: S607 (where it lies differs)


def _run(draft: Path) -> Path:
    draft.mkdir(mode=0o700)
    service = Service(draft, free_port(), "sound")
    service.start()
    try:
        asyncio.run(service.ready())
    finally:
        service.stop()
    return draft
