"""Access tokens of a trusted issuer as bearers: the right ones, and a crowd of hostile ones."""

import base64
import json
import os
import time
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey, OKPKey, RSAKey

from app.core import key_sets
from app.core.work import Shell
from app.settings import Settings
from tests.make import identity as make
from tests.make.provider import Provider, part, signed
from tests.make.sign_on import bearer, ruled, signed_on, trusted


@pytest.fixture
def settings(settings: Settings, provider: Provider) -> Settings:
    """The operator lets the service ask this host without TLS."""
    return settings.model_copy(update={"outbound_hosts": (provider.host,)})


@pytest.fixture
async def admin(shell: Shell) -> make.Caller:
    """The national security administrator."""
    return await make.caller(shell, "security_admin")


async def me(api: httpx.AsyncClient, token: str) -> httpx.Response:
    return await api.get("/me", headers={"Authorization": f"Bearer {token}"})


def hostile(provider: Provider) -> dict[str, str]:  # noqa: PLR0915 (a list)
    """Tokens of which none may open anything, by what is wrong with them."""
    now, key = int(time.time()), provider.keys["one"]
    stranger = ECKey.generate_key("P-256", {"kid": "one"})
    other = provider.keys["two"]
    good = provider.token()
    head, body, end = good.split(".")
    right = {"alg": "ES256", "kid": "one", "typ": "at+jwt"}
    claims = provider.claims()
    public = key.as_pem(private=False)
    found: dict[str, str] = {}

    def header(name: str, signer: Any = key, **changes: Any) -> None:
        whole = {k: v for k, v in {**right, **changes}.items() if v is not None}
        found[name] = signed(whole, claims, signer)

    def claim(name: str, **changes: Any) -> None:
        found[name] = provider.token(provider.claims(**changes))

    for spelled in ("none", "None", "NONE", "nOnE"):
        found[f"alg {spelled}"] = f"{part(json.dumps({**right, 'alg': spelled}).encode())}.{body}."
    header("HS256 with the public key", public, alg="HS256")
    jwk_text = json.dumps(key.as_dict(private=False)).encode()
    header("HS256 with the key set's text", jwk_text, alg="HS256")
    header("HS512", public, alg="HS512")
    header("RS256 of a stranger", RSAKey.generate_key(2048), alg="RS256")
    header("ES384 of a stranger", ECKey.generate_key("P-384"), alg="ES384")
    header("Ed25519 of a stranger", OKPKey.generate_key("Ed25519"), alg="Ed25519")
    header("a stranger's key under a known kid", stranger)
    header("a key that is not in the set", stranger, kid="three")
    header("another key of the set", other)
    header("a kid that is not allowed", other, kid="two")
    header("no kid", kid=None)
    header("kid a path", kid="../../one")
    header("kid a statement", kid="one' OR '1'='1")
    header("kid a number", kid=1)
    header("kid empty", kid="")
    header("jwk", stranger, jwk=stranger.as_dict(private=False))
    header("jku", jku=f"{provider.issuer}/evil")
    header("x5u", x5u=f"{provider.issuer}/evil")
    header("x5c", x5c=["MIIB"])
    header("crit", crit=["exp"], exp=1)
    header("crit of an unknown", crit=["http://example.invalid/UNDEFINED"])
    header("b64 false", crit=["b64"], b64=False)
    header("b64 alone", b64=False)
    header("zip", zip="DEF")
    header("typ JWT", typ="JWT")
    header("typ absent", typ=None)
    header("typ logout", typ="logout+jwt")
    header("alg absent", None, alg=None)
    claim("expired", exp=now - 3600, iat=now - 7200, nbf=now - 7200)
    claim("just expired", exp=now - 61)
    claim("no end", exp=None)
    claim("the end a text", exp=str(now + 300))
    claim("the end true", exp=True)
    claim("the end far off", exp=now + 10**8)
    claim("the end before the beginning", exp=now - 10, iat=now)
    claim("not yet", nbf=now + 3600)
    claim("made tomorrow", iat=now + 86_400, exp=now + 90_000)
    claim("no time of making", iat=None)
    claim("another issuer", iss="https://other.example")
    claim("the issuer with a slash", iss=f"{provider.issuer}/")
    claim("no issuer", iss=None)
    claim("the issuer a list", iss=[provider.issuer])
    claim("for another", aud="https://other.example")
    claim("for the client", aud="jiceng")
    claim("for nobody", aud=None)
    claim("for a list of nobody", aud=[])
    claim("for something odd", aud={"https://jiceng.example/api": 1})
    claim("of another party", azp="evil")
    claim("of another client", client_id="evil")
    claim("no subject", sub=None)
    claim("an empty subject", sub="")
    claim("the subject a list", sub=["248289761001"])
    claim("a stranger", sub="unknown")
    claim("an identity token", nonce="n")
    claim("an identity token too", at_hash="h")
    found["a claim twice"] = signed(right, json.dumps(claims)[:-1].encode() + b',"sub":"another"}', key)
    found["NaN"] = signed(right, json.dumps({**claims, "exp": float("nan")}).encode(), key)
    found["claims a list"] = signed(right, b"[]", key)
    found["another body"] = f"{head}.{part(json.dumps(provider.claims(sub='boss')).encode())}.{end}"
    found["no signature"] = f"{head}.{body}."
    found["half a signature"] = f"{head}.{body}.{end[:43]}"
    found["zero signature"] = f"{head}.{body}.{part(bytes(64))}"
    found["padding"] = f"{good}=="
    found["a fourth part"] = f"{good}.x"
    found["two parts"] = f"{head}.{body}"
    found["too long"] = signed(right, {**claims, "x": "y" * 20_000}, key)
    flipped = base64.urlsafe_b64decode(end + "==")
    found["one bit"] = f"{head}.{body}.{part(bytes([flipped[0] ^ 1]) + flipped[1:])}"
    found["der signature"] = f"{head}.{body}.{part(b'0E' + os.urandom(69))}"
    return found


async def test_hostile_tokens_open_nothing(
    api: httpx.AsyncClient, admin: make.Caller, provider: Provider
) -> None:
    provider.rotate("two")
    known = await trusted(api, admin, provider, key_ids=["one"], access_parties=["ledger"])
    rule = await ruled(api, admin, known)
    await signed_on(api, provider)
    answer = (await me(api, provider.token())).json()
    assert [(g["id"], g["role"]) for g in answer["grants"]] == [(rule["id"], "clerk")]
    assert (answer["session_id"], answer["reauthenticated_at"]) == (None, None)
    tokens = hostile(provider)
    assert len(tokens) >= 70
    accepted = [name for name, token in tokens.items() if (await me(api, token)).status_code != 401]
    assert accepted == []
    refused = await me(api, tokens["jwk"])
    assert refused.json() == (await me(api, "jcs_" + "0" * 32 + "." + "A" * 43)).json()
    assert not [path for path in provider.asked if "evil" in path]
    written = {"title": "x"}
    headers = {"Authorization": f"Bearer {provider.token()}"}
    assert (await api.post("/users", json=written, headers=headers)).status_code in {403, 422}
    # what was revoked no longer opens anything, whatever the token says
    revoke = f"/identity-provider-rules/{rule['id']}/revoke"
    assert (await api.post(revoke, headers=admin.having(rule["etag"]))).status_code == 200
    assert (await me(api, provider.token())).json()["grants"] == []
    user = (await api.get(f"/users/{answer['id']}", headers=admin.headers)).json()
    await api.post(f"/users/{answer['id']}/disable", headers=admin.having(user["etag"]))
    assert (await me(api, provider.token())).status_code == 401
    provider.keys.pop("two")


async def test_keys_are_asked_for_within_bounds(
    api: httpx.AsyncClient, admin: make.Caller, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ruled(api, admin, await trusted(api, admin, provider))
    opened = await signed_on(api, provider)
    assert bearer(opened)
    await me(api, provider.token())
    before = provider.asked.count("/keys")
    stranger = ECKey.generate_key("P-256")
    for number in range(20):
        token = signed({"alg": "ES256", "kid": f"x{number}", "typ": "at+jwt"}, provider.claims(), stranger)
        assert (await me(api, token)).status_code == 401
    assert provider.asked.count("/keys") <= before + 1
    provider.rotate("three")
    monkeypatch.setattr(key_sets, "REFETCH_SECONDS", 0.0)
    assert (await me(api, provider.token(kid="three"))).status_code == 200
    provider.keys.pop("three")
    provider.answers["/keys"] = (500, {}, b"")
    assert (await me(api, provider.token())).status_code == 200  # the keys that are known stay for a day


async def test_keys_of_a_file_for_sites_without_a_way_outside(
    api: httpx.AsyncClient, admin: make.Caller, provider: Provider, settings: Settings
) -> None:
    known = await trusted(api, admin, provider, issuer="https://sso.inner.gov.cn", key_set_file="sso.json")
    claims = provider.claims(iss="https://sso.inner.gov.cn", sub="li")
    token = provider.token(claims)
    missing = await me(api, token)
    assert (missing.status_code, missing.json()["code"]) == (503, "identity_provider_unavailable")
    folder = settings.data_dir / "key-sets"
    folder.mkdir()
    (folder / "sso.json").write_bytes(provider.key_set())
    user = await make.user(api, admin)
    await make.grant(api, admin, user["id"], "viewer")
    link = {"user_id": user["id"], "provider_id": known["id"], "subject": "li"}
    assert (await me(api, token)).status_code == 401
    assert (await api.post("/external-identities", json=link, headers=admin.headers)).status_code == 201
    answer = (await me(api, token)).json()
    assert (answer["login_name"], [g["role"] for g in answer["grants"]]) == ("li.ming", ["viewer"])
    other = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
    (folder / "sso.json").write_text(json.dumps({"keys": [other.as_dict(private=False)]}))
    assert (await me(api, token)).status_code == 401
