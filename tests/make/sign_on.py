"""Providers that are trusted, rules, and signing on, over HTTP."""

from typing import Any

import httpx

from tests.make import provider as idp
from tests.make.identity import Caller
from tests.make.provider import Provider


async def trusted(api: httpx.AsyncClient, by: Caller, provider: Provider, **changes: Any) -> Any:
    """The provider, trusted over HTTP."""
    body = {
        "code": "province-sso",
        "name": "省统一身份认证",
        "division_code": "440000",
        "issuer": provider.issuer,
        "client_id": idp.CLIENT,
        "client_secret": idp.SECRET,
        "redirect_uris": [idp.BACK],
        "algorithms": ["ES256"],
        "access_audience": idp.AUDIENCE,
        "second_factor_methods": ["mfa"],
        **changes,
    }
    made = await api.post("/identity-providers", json=body, headers=by.headers)
    assert made.status_code == 201, made.text
    assert idp.SECRET not in made.text
    return made.json()


async def ruled(api: httpx.AsyncClient, by: Caller, known: Any, **changes: Any) -> Any:
    """A rule for whoever is in the group of clerks."""
    body = {
        "provider_id": known["id"],
        "claim": "groups",
        "value": "jiceng-clerks",
        "role": "clerk",
        "division_code": "440115",
        **changes,
    }
    made = await api.post("/identity-provider-rules", json=body, headers=by.headers)
    assert made.status_code == 201, made.text
    return made.json()


async def begun(api: httpx.AsyncClient, **changes: Any) -> Any:
    body = {"redirect_uri": idp.BACK, **changes}
    started = await api.post("/sign-on/province-sso/start", json=body)
    assert (started.status_code, started.headers["cache-control"]) == (200, "no-store"), started.text
    return started.json()


async def finished(api: httpx.AsyncClient, **given: Any) -> httpx.Response:
    return await api.post("/sign-on/province-sso/finish", json=given)


async def signed_on(api: httpx.AsyncClient, provider: Provider, **claims: Any) -> httpx.Response:
    """The whole way once."""
    started = await begun(api)
    back = provider.allow(started["redirect_url"], **{"groups": ["jiceng-clerks"], **claims})
    return await finished(api, **back, ticket=started["ticket"])


def bearer(opened: httpx.Response) -> dict[str, str]:
    """The headers of a session that was opened."""
    assert opened.status_code == 201, opened.text
    return {"Authorization": f"Bearer {opened.json()['token']}"}


def codes(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return response.status_code, response.json()["code"]
