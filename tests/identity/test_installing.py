"""Users that the installation itself makes: the first administrators, and those of a demonstration."""

import httpx
import pytest

from app.core.access import SYSTEM, Role
from app.core.work import Shell, begin
from app.identity import commands, demo, errors
from app.identity.queries import authenticator, recogniser
from tests.make import identity as make


async def test_the_first_administrators_begin_by_two(api: httpx.AsyncClient, shell: Shell) -> None:
    people = []
    for name in ("zhao.lei", "qian.yu"):
        async with begin(shell, SYSTEM) as work:
            temporary = await commands.install_administrator(
                work, Role.SECURITY_ADMIN, login_name=name, display_name=name
            )
        headers = await make.bearer(api, name, temporary)
        chosen = {"current_password": temporary, "new_password": make.PASSWORD}
        assert (await api.post("/me/password", json=chosen, headers=headers)).status_code == 204
        people.append(headers)
    first, second = people
    plan = {"login_name": "sun.li", "display_name": "孙丽", "division_code": "440000"}
    user = (await api.post("/users", json=plan, headers=first)).json()
    grant = {"user_id": user["id"], "role": "organizer", "division_code": "440000"}
    asked = (await api.post("/grants", json=grant, headers=first)).json()
    approval = {**second, "If-Match": asked["etag"]}
    approved = await api.post(f"/grants/{asked['id']}/approve", headers=approval)
    assert approved.json()["state"] == "active"
    with pytest.raises(errors.LoginNameInvalid):
        async with begin(shell, SYSTEM) as work:
            await commands.install_administrator(
                work, Role.SECURITY_ADMIN, login_name="李明", display_name="李明"
            )


async def test_every_token_acts_in_its_place(api: httpx.AsyncClient, shell: Shell) -> None:
    tokens = await demo.seed(shell)
    assert {
        "national_organizer",
        "guangdong_organizer",
        "nansha_clerk",
        "yangquan_organizer",
        "system_admin",
        "security_admin",
        "audit_admin",
    } <= set(tokens)
    for user in demo.USERS:
        headers = {"Authorization": f"Bearer {tokens[user.name]}"}
        me = (await api.get("/me", headers=headers)).json()
        assert [(g["role"], g["division_code"]) for g in me["grants"]] == [(user.role, user.division_code)]
    again = await demo.seed(shell)
    assert set(again) == set(tokens)
    assert not set(again.values()) & set(tokens.values())


async def test_production_knows_none_of_them(api: httpx.AsyncClient, shell: Shell) -> None:
    tokens = await demo.seed(shell)
    shell.settings = shell.settings.model_copy(update={"production": True})
    shell.authenticate, shell.swift = authenticator(shell.settings), recogniser(shell.settings)
    for token in tokens.values():
        assert (await api.get("/me", headers={"Authorization": f"Bearer {token}"})).status_code == 401
    with pytest.raises(ValueError, match="refused in production"):
        await demo.seed(shell)
