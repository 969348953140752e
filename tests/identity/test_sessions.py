"""Signing in and out over HTTP."""

import httpx

from app.core.work import Shell
from tests.make import identity as make


async def test_a_session_opens_and_closes(api: httpx.AsyncClient, shell: Shell) -> None:
    admin = await make.caller(shell, "security_admin")
    await make.person(api, admin)
    opened = await make.sign_in(api)
    assert opened.status_code == 201
    assert opened.headers["cache-control"] == "no-store"
    token = opened.json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert (await api.get("/me", headers=headers)).json()["login_name"] == "li.ming"
    assert (await api.delete("/sessions/current", headers=headers)).status_code == 204
    assert (await api.get("/me", headers=headers)).status_code == 401
