"""The import contracts hold, and each of them is seen to catch what it is there for."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")

VIOLATIONS = {
    "storeys: the core knows a slice": ("storeys", "app/core/db", "import app.identity.models"),
    "storeys: a stray module": ("storeys", "app/utils", '"""Odds and ends."""'),
    "slices: a table asks a query": ("slices", "app/identity/models", "import app.identity.queries"),
    "slices: shapes know tables": ("slices", "app/identity/schemas", "import app.identity.models"),
    "slices: a stray module": ("slices", "app/identity/helpers", '"""Odds and ends."""'),
    "rules reach the database": ("pure-rules", "app/identity/rules", "import sqlalchemy"),
    "rules reach the core": ("pure-rules", "app/divisions/rules", "import app.core.work"),
    "tables import tables": ("independent-models", "app/divisions/models", "import app.identity.models"),
    "queries call queries": ("independent-queries", "app/divisions/queries", "import app.identity.queries"),
    "a query commands": ("reads-do-not-write", "app/divisions/queries", "import app.identity.commands"),
    "a command calls upward": ("call-order", "app/identity/commands", "import app.divisions.commands"),
    "the worker uses a route": ("protected-routes", "app/worker", "import app.identity.routes"),
}


def lint(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINTER, "--no-cache", *arguments],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def contracts() -> set[str]:
    return set(re.findall(r'^id = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE))


def test_the_contracts_hold() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout
    assert f"{len(contracts())} kept, 0 broken" in result.stdout


def test_each_contract_has_a_seeded_violation() -> None:
    assert {contract for contract, _, _ in VIOLATIONS.values()} == contracts()


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code to break."""
    root = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", root)
    shutil.copytree(
        ROOT / "app", root / "app", ignore=shutil.ignore_patterns("__pycache__", "static", "data")
    )
    return root


@pytest.mark.parametrize("violation", VIOLATIONS)
def test_a_violation_is_caught(tree: Path, violation: str) -> None:
    contract, module, line = VIOLATIONS[violation]
    package = tree / module / "__init__.py"
    path = package if package.exists() else tree / f"{module}.py"
    before = path.read_text() if path.exists() else None
    path.write_text(f"{before or ''}\n{line}\n")
    try:
        result = lint(tree, "--contract", contract)
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before)
    assert result.returncode == 1, result.stdout
    assert "0 kept, 1 broken" in result.stdout
    assert module.split("/")[-1] in result.stdout.split("Broken contracts")[1]
