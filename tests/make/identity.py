"""Users, grants and sessions for tests; a password is hashed only where one is needed."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from app.core.access import SYSTEM, Role
from app.core.work import Shell, begin
from app.identity import commands

PASSWORD = "crimson-ladder-47-harbour"


@dataclass(frozen=True, slots=True)
class Caller:
    """A user and the headers that act as it."""

    id: UUID
    headers: dict[str, str]

    def having(self, etag: str) -> dict[str, str]:
        """The headers for changing what was read in this version."""
        return {**self.headers, "If-Match": etag}


async def caller(shell: Shell, role: Role | str, division: str = "100000", **options: Any) -> Caller:
    """A signed-in user with one role over a division (or, with `party_organization_id`, over a body)."""
    async with begin(shell, SYSTEM) as work:
        made = await commands.ensure_actor(work, Role(role), division_code=division, **options)
    return Caller(made.user_id, {"Authorization": f"Bearer {made.token}"})


async def user(api: httpx.AsyncClient, by: Caller, name: str = "li.ming", **fields: Any) -> dict[str, Any]:
    """An account made over HTTP: its representation."""
    body = {"login_name": name, "display_name": "李明", "kind": "person", "division_code": "440000", **fields}
    made = await api.post("/users", json=body, headers=by.headers)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def person(api: httpx.AsyncClient, by: Caller, name: str = "li.ming", **fields: Any) -> dict[str, Any]:
    """An account that has chosen `PASSWORD`: made, reset, signed in once, changed."""
    made = await user(api, by, name, **fields)
    reset = await api.post(f"/users/{made['id']}/reset-password", headers=by.having(made["etag"]))
    assert reset.status_code == 200, reset.text
    first = await sign_in(api, name, reset.json()["password"])
    headers = {"Authorization": f"Bearer {first.json()['token']}"}
    body = {"current_password": reset.json()["password"], "new_password": PASSWORD}
    changed = await api.post("/me/password", json=body, headers=headers)
    assert changed.status_code == 204, changed.text
    return dict((await api.get(f"/users/{made['id']}", headers=by.headers)).json())


async def sign_in(
    api: httpx.AsyncClient, name: str = "li.ming", password: str = PASSWORD, **fields: Any
) -> httpx.Response:
    """A try to sign in, from a page of the service's own host."""
    url = api.base_url
    headers = {"Origin": f"{url.scheme}://{url.netloc.decode()}"}
    body = {"login_name": name, "password": password, **fields}
    return await api.post("/sessions", json=body, headers=headers)


async def bearer(
    api: httpx.AsyncClient, name: str = "li.ming", password: str = PASSWORD, **fields: Any
) -> dict[str, str]:
    """The headers of a fresh session."""
    opened = await sign_in(api, name, password, **fields)
    assert opened.status_code == 201, opened.text
    return {"Authorization": f"Bearer {opened.json()['token']}"}


async def grant(
    api: httpx.AsyncClient, by: Caller, user_id: str, role: str = "clerk", **fields: Any
) -> httpx.Response:
    """A grant over Guangdong unless said otherwise."""
    body = {"user_id": user_id, "role": role, "division_code": "440000", **fields}
    return await api.post("/grants", json=body, headers=by.headers)
