"""The compliance page says only what there is: every test it names exists, every row is decided."""

import csv
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "compliance.md").read_text(encoding="utf-8")
ROWS = list(csv.DictReader((ROOT / "docs" / "asvs.csv").read_text(encoding="utf-8").splitlines()))
STATES = ("met", "partly", "not_met", "operator", "not_applicable")
TEST = re.compile(r"tests/[a-z_/]+\.py::test_\w+")
FILE = re.compile(r"`((?:app|docs)/[\w/.-]+\.(?:py|md|csv))`")


def test_every_test_that_is_named_exists() -> None:
    named = {*TEST.findall(PAGE), *(row["test"] for row in ROWS if row["test"])}
    assert len(named) > 60
    for name in named:
        path, _, function = name.partition("::")
        found = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^(?:async )?def {function}\(", found, re.MULTILINE), name


def test_every_file_that_is_named_exists() -> None:
    assert [name for name in FILE.findall(PAGE) if not (ROOT / name).exists()] == []


def test_every_requirement_is_decided_once() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS) == 253
    assert {row["state"] for row in ROWS} <= set(STATES)
    assert all(row["where"] for row in ROWS)
    counted = Counter((row["level"], row["state"]) for row in ROWS)
    for level in ("1", "2"):
        numbers = " | ".join(str(counted[level, state]) for state in STATES)
        total = sum(counted[level, state] for state in STATES)
        assert f"| level {level} ({total}) | {numbers} |" in PAGE
