"""Load: `wrk` where requests are many, one connection and a clock where a single answer is looked at."""

import http.client
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS, SECONDS, ROUNDS = 8, 2, 5
_RATE = re.compile(r"Requests/sec:\s+([0-9.]+)")
_WRONG = re.compile(r"Non-2xx or 3xx responses: (\d+)")
_LINES = """
local lines = {}
for line in io.lines("%s") do lines[#lines + 1] = line end
local n = %d
request = function()
  n = n %% #lines + 1
  local id, stamp, signature, body = lines[n]:match("^(%%S+) (%%S+) (%%S+) (.*)$")
  return wrk.format("POST", nil, {["content-type"] = "application/json", ["webhook-id"] = id,
    ["webhook-timestamp"] = stamp, ["webhook-signature"] = signature}, body)
end
"""


class LoadError(RuntimeError):
    """A request of the bench was not answered as it should be: a figure of it would be worth nothing."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked of a server."""

    url: str
    headers: Mapping[str, str]
    script: str | None = None


def available() -> bool:
    return shutil.which("wrk") is not None


def rate(target: Target, *, seconds: float = SECONDS, connections: int = CONNECTIONS) -> float:
    """Answers per second, every one of them 2xx."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s"]
    for name, value in target.headers.items():
        command += ["-H", f"{name}: {value}"]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        if target.script:
            script.write(target.script)
            script.flush()
            command += ["-s", script.name]
        said = subprocess.run(  # noqa: S603
            [*command, target.url], capture_output=True, text=True, check=True
        ).stdout
    wrong = _WRONG.search(said)
    found = _RATE.search(said)
    if wrong or found is None:
        raise LoadError(f"{target.url}: {said}")
    return float(found[1])


def in_turn(targets: Mapping[str, Target], *, rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Rounds in turn, so that what else the machine does falls on all alike; the first round is for warmth."""
    found: dict[str, list[float]] = {name: [] for name in targets}
    for number in range(rounds + 1):
        for name, target in targets.items():
            measured = rate(target)
            if number:
                found[name].append(measured)
    return found


def ratio(mine: Sequence[float], other: Sequence[float]) -> float:
    """The median of the rounds' ratios."""
    return statistics.median(a / b for a, b in zip(mine, other, strict=True))


def messages(path: Path, start: int) -> str:
    """A wrk script that sends the signed messages of a file, each once, from a line on."""
    return _LINES % (path, start)


class Client:
    """One connection, one request at a time."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
        self._headers = dict(headers)

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body."""
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def seconds(self, path: str) -> float:
        """How long one answer takes; anything but 200 is an error of the bench."""
        began = time.perf_counter()
        status, body = self.get(path)
        took = time.perf_counter() - began
        if status != 200:
            raise LoadError(f"{path}: {status} {body[:300]!r}")
        return took


def medians(asked: Sequence[tuple[Client, str]], *, times: int = 15) -> list[float]:
    """The median time of each, asked in turn; the first two rounds are for warmth."""
    found: list[list[float]] = [[] for _ in asked]
    for number in range(times + 2):
        for place, (client, path) in enumerate(asked):
            took = client.seconds(path)
            if number > 1:
                found[place].append(took)
    return [statistics.median(each) for each in found]
