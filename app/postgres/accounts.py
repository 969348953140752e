"""Under which account the database server runs, and what that account can see.

PostgreSQL refuses to run as root: then another user runs it, and no directory is opened to anyone for that.
"""

import os
import pwd
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from app.postgres.errors import PostgresError


def account_for(path: Path) -> pwd.struct_passwd | None:
    """The account that runs the server when we are root, which PostgreSQL refuses: the owner of the cluster,
    else `postgres`, else `nobody`. None when we are not root."""
    if os.geteuid() != 0:
        return None
    owner = path.stat().st_uid
    if owner != 0:
        return pwd.getpwuid(owner)
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise PostgresError("As root a user named postgres or nobody is needed to run the database server.")


@contextmanager
def seen_as(path: Path, account: pwd.struct_passwd | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """How a child sees a directory of its own, and the arguments to start it with. As root it runs under
    `account` and is handed the open directory, which may lie below a home that nobody else may enter."""
    clean = {"cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}}
    if account is None:
        yield str(path), clean
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        yield f"/proc/self/fd/{descriptor}", clean | identity | {"pass_fds": (descriptor,)}
    finally:
        os.close(descriptor)


def reachable(path: Path, account: pwd.struct_passwd) -> bool:
    """Whether the account may enter every directory on the way to `path`, and read and run `path` itself."""

    def allows(step: Path, needed: int) -> bool:
        status = step.stat()
        shift = 6 if status.st_uid == account.pw_uid else 3 if status.st_gid == account.pw_gid else 0
        return status.st_mode >> shift & needed == needed

    whole = path.resolve()
    return all(allows(parent, 0o1) for parent in whole.parents) and allows(whole, 0o5)


def own_directory(path: Path, account: pwd.struct_passwd | None) -> bool:
    """Make a private directory for the account. One that another made, or a link, is not taken."""
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
        if account:
            os.chown(path, account.pw_uid, account.pw_gid)
    status = path.lstat()
    return stat.S_ISDIR(status.st_mode) and status.st_uid == (account.pw_uid if account else os.geteuid())
