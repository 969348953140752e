"""What `make bundle` is made of; `make bundle-check` installs and runs it all with the network cut."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOPS = ("app", "migrations")


def test_our_wheel_is_whole(tmp_path: Path) -> None:
    """Migrations, data and assets are in it: where it is installed there is no checkout."""
    build = "import sys, hatchling.build as b; b.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    there = set(zipfile.ZipFile(wheel).namelist())
    for top in TOPS:
        for path in (ROOT / top).rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                name = str(path.relative_to(ROOT))
                assert (name if top == "app" else f"app/{name}") in there, name
    assert not [name for name in there if name.startswith("tests/")]


@pytest.mark.parametrize("name", ["bundle", "bundle-install", "bundle-check"])
def test_the_scripts_can_be_read(name: str) -> None:
    subprocess.run(["/bin/bash", "-n", ROOT / ".ci" / name], check=True)
