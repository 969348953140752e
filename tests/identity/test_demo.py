"""The users of a demonstration."""

import httpx
import pytest

from app.core.work import Shell
from app.identity import demo
from app.identity.queries import authenticator


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
    shell.authenticate = authenticator(demo=False)
    for token in tokens.values():
        assert (await api.get("/me", headers={"Authorization": f"Bearer {token}"})).status_code == 401
    shell.settings = shell.settings.model_copy(update={"production": True})
    with pytest.raises(ValueError, match="refused in production"):
        await demo.seed(shell)
