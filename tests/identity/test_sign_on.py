"""Signing on by an OpenID provider on loopback: the whole way, its misuse, rules and revocation."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import select

from app.core.audit import AuditEntry
from app.core.work import Shell
from app.settings import Settings
from tests.make import identity as make
from tests.make import provider as idp
from tests.make.provider import Provider
from tests.make.sign_on import bearer, begun, codes, finished, ruled, signed_on, trusted


@pytest.fixture
def settings(settings: Settings, provider: Provider) -> Settings:
    """The operator lets the service ask this host without TLS."""
    return settings.model_copy(update={"outbound_hosts": (provider.host,)})


@pytest.fixture
async def admin(shell: Shell) -> make.Caller:
    """The national security administrator."""
    return await make.caller(shell, "security_admin")


async def test_the_whole_way_and_back(api: httpx.AsyncClient, admin: make.Caller, provider: Provider) -> None:
    known = await trusted(api, admin, provider)
    assert (known["has_client_secret"], known["authorization_endpoint"]) == (True, None)
    assert (await api.get("/sign-on")).json()["items"] == [{"code": "province-sso", "name": "省统一身份认证"}]
    assert codes(await signed_on(api, provider)) == (403, "sign_on_not_authorized")
    rule = await ruled(api, admin, known)
    opened = await signed_on(api, provider, name="李明", amr=["pwd", "mfa"])
    me = (await api.get("/me", headers=bearer(opened))).json()
    assert (me["display_name"], me["division_code"], me["second_factor"]["used"]) == ("李明", "440000", True)
    assert [(g["id"], g["role"], g["division_code"]) for g in me["grants"]] == [
        (rule["id"], "clerk", "440115")
    ]
    assert me["reauthenticated_at"] is not None
    again = await signed_on(api, provider)
    assert (await api.get("/me", headers=bearer(again))).json()["id"] == me["id"]
    other = await signed_on(api, provider, sub="another", email="li.ming@example.gov.cn")
    assert (await api.get("/me", headers=bearer(other))).json()["id"] != me["id"]
    listed = await api.get("/external-identities", params={"user_id": me["id"]}, headers=admin.headers)
    identity = listed.json()["items"][0]
    assert (identity["subject"], identity["linked_by"]) == ("248289761001", None)

    # a revoked rule, a suspended provider and an unlinked subject hold at the next request
    revoke = f"/identity-provider-rules/{rule['id']}/revoke"
    assert (await api.post(revoke, headers=admin.having(rule["etag"]))).status_code == 200
    me = (await api.get("/me", headers=bearer(again))).json()
    assert (me["grants"], "organization.read" in str(me["permissions"])) == ([], False)
    address = f"/identity-providers/{known['id']}"
    ended = await api.patch(address, json={"state": "suspended"}, headers=admin.having(known["etag"]))
    assert ended.json()["state"] == "suspended"
    assert (await api.get("/me", headers=bearer(again))).status_code == 401
    start = await api.post("/sign-on/province-sso/start", json={"redirect_uri": idp.BACK})
    assert codes(start) == (404, "identity_provider_not_found")
    resumed = await api.patch(address, json={"state": "active"}, headers=admin.having(ended.headers["etag"]))
    assert (await api.get("/me", headers=bearer(again))).status_code == 200
    unlink = f"/external-identities/{identity['id']}/unlink"
    assert (await api.post(unlink, headers=admin.having(identity["etag"]))).status_code == 200
    assert (await api.get("/me", headers=bearer(again))).status_code == 401
    assert resumed.status_code == 200


async def test_a_sign_on_belongs_to_the_page_that_began_it(
    api: httpx.AsyncClient, admin: make.Caller, provider: Provider, shell: Shell
) -> None:
    await ruled(api, admin, await trusted(api, admin, provider))
    refused = (401, "sign_on_refused")
    foreign = await api.post("/sign-on/province-sso/start", json={"redirect_uri": "https://evil.example/"})
    assert codes(foreign) == (422, "identity_provider_unfit")
    mine, theirs = await begun(api), await begun(api)
    asked = {k: v[0] for k, v in parse_qs(urlsplit(mine["redirect_url"]).query).items()}
    assert (asked["client_id"], asked["redirect_uri"], asked["scope"]) == (
        idp.CLIENT,
        idp.BACK,
        "openid profile",
    )
    back = provider.allow(mine["redirect_url"], groups=["jiceng-clerks"])
    assert codes(await finished(api, **back, ticket=theirs["ticket"])) == refused
    assert codes(await finished(api, **back, ticket=mine["ticket"])) == refused  # the state is used up
    # another's code in one's own attempt: the verifier does not fit
    mine, theirs = await begun(api), await begun(api)
    stolen = provider.allow(theirs["redirect_url"], groups=["jiceng-clerks"])
    own = provider.allow(mine["redirect_url"])
    given = {"code": stolen["code"], "state": own["state"], "ticket": mine["ticket"]}
    assert codes(await finished(api, **given)) == refused
    # mixed up with another issuer (RFC 9207), a wrong nonce, a token for another, an invented code
    started = await begun(api)
    back = provider.allow(started["redirect_url"], groups=["jiceng-clerks"])
    mixed = await finished(api, **back, ticket=started["ticket"], issuer="https://other.example")
    assert codes(mixed) == refused
    for wrong in (
        {"nonce": "invented"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": [idp.CLIENT, "another"]},
        {"azp": "another"},
        {"iss": "https://other.example"},
        {"exp": 1},
        {"sub": ""},
    ):
        assert codes(await signed_on(api, provider, **wrong)) == refused, wrong
    started = await begun(api)
    back = provider.allow(started["redirect_url"])
    assert codes(await finished(api, **{**back, "code": "invented"}, ticket=started["ticket"])) == refused
    # a fresh sign-on wants a fresh proof
    started = await begun(api, fresh=True)
    assert "max_age=0" in started["redirect_url"]
    back = provider.allow(started["redirect_url"], groups=["jiceng-clerks"], auth_time=1_700_000_000)
    assert codes(await finished(api, **back, ticket=started["ticket"])) == refused
    # a cookie only for a page of this host
    started = await begun(api)
    back = provider.allow(started["redirect_url"], groups=["jiceng-clerks"])
    whole = {**back, "ticket": started["ticket"], "cookie": True}
    address = "/sign-on/province-sso/finish"
    evil = await api.post(address, json=whole, headers={"Origin": "https://evil.example"})
    assert codes(evil) == (403, "origin_refused")
    good = await api.post(address, json=whole, headers={"Origin": "http://test"})
    assert (good.status_code, good.json()["token"]) == (201, None)
    assert "HttpOnly" in good.headers["set-cookie"]
    async with shell.engine.connect() as connection:
        failed = select(AuditEntry.data).where(AuditEntry.action == "identity_provider.sign_on_failed")
        reasons = {row[0]["reason"] for row in await connection.execute(failed)}
    assert {"attempt", "issuer", "exchange", "nonce", "audience", "authorized_party"} <= reasons


async def test_rules_that_take_two_people(
    api: httpx.AsyncClient, admin: make.Caller, provider: Provider, shell: Shell
) -> None:
    second = await make.caller(shell, "security_admin")
    known = await trusted(api, admin, provider)
    rule = await ruled(api, admin, known, role="organizer", match="starts_with", value="jiceng-org")
    assert rule["state"] == "requested"
    group = ["jiceng-organizers"]
    assert codes(await signed_on(api, provider, groups=group)) == (403, "sign_on_not_authorized")
    address = f"/identity-provider-rules/{rule['id']}/approve"
    own = await api.post(address, headers=admin.having(rule["etag"]))
    assert codes(own) == (403, "second_person_needed")
    approved = await api.post(address, headers=second.having(rule["etag"]))
    assert approved.json()["state"] == "active"
    opened = bearer(await signed_on(api, provider, groups=group))
    assert [g["role"] for g in (await api.get("/me", headers=opened)).json()["grants"]] == ["organizer"]
    # other keys could be anybody's: the rule waits again, sessions end
    changed = await api.patch(
        f"/identity-providers/{known['id']}",
        json={"key_set_url": f"{provider.issuer}/keys"},
        headers=admin.having(known["etag"]),
    )
    assert changed.status_code == 200, changed.text
    assert (await api.get("/me", headers=opened)).status_code == 401
    read = (await api.get(f"/identity-provider-rules/{rule['id']}", headers=admin.headers)).json()
    assert (read["state"], read["approved_by"], read["allowed_actions"]) == ("requested", None, ["revoke"])
    # roles that exclude each other are never joined
    for role in ("security_admin", "audit_admin"):
        made = await ruled(api, admin, known, role=role, division_code="100000", value=role)
        await api.post(f"/identity-provider-rules/{made['id']}/approve", headers=second.having(made["etag"]))
    both = await signed_on(api, provider, groups=["security_admin", "audit_admin"])
    assert codes(both) == (409, "roles_segregated")
    machine = await ruled(api, admin, known, role="integrator", value="machines")
    opened = bearer(await signed_on(api, provider, groups=["machines"]))
    assert (await api.get("/me", headers=opened)).json()["grants"] == []
    assert machine["state"] == "active"


async def test_what_is_trusted_is_checked(
    api: httpx.AsyncClient, admin: make.Caller, provider: Provider, shell: Shell
) -> None:
    county = await make.caller(shell, "security_admin", "440115")
    known = await trusted(api, admin, provider)
    for changes, pointer in (
        ({"issuer": "http://sso.example.gov.cn"}, "/issuer"),
        ({"token_endpoint": "https://user:secret@sso.example.gov.cn/"}, "/token_endpoint"),
        ({"key_set_url": "file:///etc/passwd"}, "/key_set_url"),
        ({"key_set_url": "https://a.example/k", "key_set_file": "k.json"}, "/key_set_file"),
        ({"scope": "profile"}, "/scope"),
        ({"access_audience": idp.CLIENT}, "/access_audience"),
    ):
        body = {
            "code": "other",
            "name": "其他",
            "division_code": "440000",
            "issuer": "https://sso.example.gov.cn",
            "client_id": idp.CLIENT,
            "redirect_uris": [idp.BACK],
            **changes,
        }
        refused = await api.post("/identity-providers", json=body, headers=admin.headers)
        assert refused.status_code == 422, changes
        assert refused.json()["errors"][0]["pointer"] == pointer
    for body in ({"algorithms": ["HS256"]}, {"algorithms": ["none"]}, {"algorithms": []}):
        address = f"/identity-providers/{known['id']}"
        assert (await api.patch(address, json=body, headers=admin.having(known["etag"]))).status_code == 422
    # a county's administrator neither sees nor changes the province's provider, nor makes wider rules
    assert (await api.get(f"/identity-providers/{known['id']}", headers=county.headers)).status_code == 404
    wide = {"provider_id": known["id"], "claim": "groups", "value": "x", "role": "clerk"}
    made = await api.post(
        "/identity-provider-rules", json={**wide, "division_code": "440115"}, headers=county.headers
    )
    assert made.status_code == 404
    # linking an account asks the second person again
    organizer = await make.user(api, admin, "wang.fang")
    grant = (await make.grant(api, admin, organizer["id"], "organizer")).json()
    second = await make.caller(shell, "security_admin")
    await api.post(f"/grants/{grant['id']}/approve", headers=second.having(grant["etag"]))
    link = {"user_id": organizer["id"], "provider_id": known["id"], "subject": "wang"}
    linked = await api.post("/external-identities", json=link, headers=admin.headers)
    assert linked.status_code == 201, linked.text
    assert codes(await api.post("/external-identities", json=link, headers=admin.headers)) == (
        409,
        "external_identity_taken",
    )
    assert (await api.get(f"/grants/{grant['id']}", headers=admin.headers)).json()["state"] == "requested"
    opened = bearer(await signed_on(api, provider, sub="wang", groups=[]))
    assert (await api.get("/me", headers=opened)).json()["login_name"] == "wang.fang"


async def test_a_provider_that_misbehaves(
    api: httpx.AsyncClient, admin: make.Caller, provider: Provider
) -> None:
    known = await trusted(api, admin, provider, code="slow", authorization_endpoint=None)
    assert known["code"] == "slow"
    redirect = (302, {"Location": "http://169.254.169.254/"}, b"")
    for number, answer in enumerate(
        (
            redirect,
            (200, {}, b"x" * 300_000),
            (200, {}, b'{"issuer":"https://other.example"}'),
            (200, {}, b"not json"),
            (200, {"Content-Encoding": "gzip"}, b"{}"),
            (500, {}, b"{}"),
        )
    ):
        path = f"/{number}/.well-known/openid-configuration"
        provider.answers[path] = answer
        code = f"wrong-{number}"
        await trusted(api, admin, provider, code=code, issuer=f"{provider.issuer}/{number}")
        started = await api.post(f"/sign-on/{code}/start", json={"redirect_uri": idp.BACK})
        assert codes(started) == (503, "identity_provider_unavailable"), number
        assert started.headers["retry-after"]
        again = await api.post(f"/sign-on/{code}/start", json={"redirect_uri": idp.BACK})
        assert again.status_code == 503
        assert provider.asked.count(path) == 1  # a provider that is down is not asked again at once
