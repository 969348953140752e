"""The processes of one service: forked from a parent that has loaded everything, mended, stopped in order."""

import ctypes
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess

from app.cli import console

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1
PATIENCE = 15.0
"""Seconds that the children have for what they are doing when they are asked to stop."""
BACKLOG = 2048

Job = Callable[[], None]


@dataclass(slots=True)
class Crew:
    """Named children. One that ends by itself is started again, ever more slowly while it keeps ending."""

    jobs: dict[str, Job]
    patience: float = PATIENCE
    _children: dict[str, BaseProcess] = field(default_factory=dict)
    _failures: dict[str, int] = field(default_factory=dict)
    _due: dict[str, float] = field(default_factory=dict)

    def mend(self) -> list[str]:
        """Start what is missing and due; the names of those that have just ended."""
        ended = []
        for name, job in self.jobs.items():
            child = self._children.get(name)
            if child is not None and not child.is_alive():
                child.join()
                ended.append(f"{name} ended (exit code {child.exitcode})")
                del self._children[name]
                failures = self._failures[name] = self._failures.get(name, 0) + 1
                self._due[name] = time.monotonic() + min(10.0, 0.1 * 2**failures)
            if name not in self._children and time.monotonic() >= self._due.get(name, 0):
                self._children[name] = fork(name, job)
        return ended

    def forgive(self) -> None:
        """All is well: a child that ends now is started again at once."""
        self._failures.clear()

    def stop(self) -> None:
        """Ask the children, all at once, to finish; end those that do not."""
        children = list(self._children.values())
        self._children.clear()
        for child in children:
            child.terminate()
        deadline = time.monotonic() + self.patience
        for child in children:
            child.join(max(0.0, deadline - time.monotonic()))
            if child.is_alive():
                child.kill()
                child.join()


def fork(name: str, job: Job) -> BaseProcess:
    """A child in a session of its own: Ctrl-C reaches only the parent, which stops it in its turn."""
    child = multiprocessing.get_context("fork").Process(target=_be_child, args=(job, os.getpid()), name=name)
    child.start()
    return child


def _be_child(job: Job, parent: int) -> None:
    os.setsid()
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    die_with(parent)
    job()


def die_with(parent: int) -> None:
    """End this process when its parent ends in whatever way: `kill -9` leaves nothing behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that Ctrl-C, SIGTERM and the closing of the terminal set."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """The port, taken before anything else: whoever has it already is told of at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        console.fail(f"Port {port} of {host} is not free ({reason}). Set PORT to another.")
    with listener:
        yield listener
