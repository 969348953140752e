"""An OpenID provider on loopback: real HTTP, keys of joserfc, and every liberty to be wrong."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from joserfc import jws
from joserfc.jwk import ECKey

CLIENT, SECRET = "jiceng", "a-long+random/secret of 32 signs"
AUDIENCE = "https://jiceng.example/api"
BACK = "https://jiceng.example/signed-on"


@dataclass(slots=True)
class Provider:
    """What the provider holds: keys, codes it gave, and what it counted."""

    port: int = 0
    keys: dict[str, ECKey] = field(default_factory=dict)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    """What to answer at a path instead of the right thing."""

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def issuer(self) -> str:
        return f"http://{self.host}"

    def rotate(self, kid: str) -> ECKey:
        """A further key."""
        self.keys[kid] = ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})
        return self.keys[kid]

    def key_set(self) -> bytes:
        return json.dumps({"keys": [key.as_dict(private=False) for key in self.keys.values()]}).encode()

    def claims(self, **changes: Any) -> dict[str, Any]:
        """The claims of an access token, changed as said; None takes a claim away."""
        now = int(time.time())
        whole = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": "248289761001",
            "iat": now,
            "nbf": now,
            "exp": now + 300,
            "client_id": "ledger",
            "groups": ["jiceng-clerks"],
            **changes,
        }
        return {name: value for name, value in whole.items() if value is not None}

    def token(
        self, claims: dict[str, Any] | None = None, *, kid: str = "one", kind: str = "at+jwt", **header: Any
    ) -> str:
        """A token signed by one of the keys."""
        whole = {"alg": "ES256", "kid": kid, "typ": kind, **header}
        return signed(whole, claims or self.claims(), self.keys[kid])

    def allow(self, address: str, *, sub: str = "248289761001", **claims: Any) -> dict[str, str]:
        """What a browser brings back from the authorization endpoint: code and state."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        code = secrets.token_urlsafe(16)
        now = int(time.time())
        identity = {"iss": self.issuer, "aud": CLIENT, "sub": sub, "iat": now, "exp": now + 300}
        identity |= {"nonce": asked["nonce"], "auth_time": now, **claims}
        self.codes[code] = {"asked": asked, "claims": {k: v for k, v in identity.items() if v is not None}}
        return {"code": code, "state": asked["state"]}

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The token endpoint: client, redirect and verifier must be right, and a code works once."""
        given = self.codes.pop(form.get("code", ""), None)
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode().split(":")
        if [unquote(part) for part in pair] != [CLIENT, SECRET] or given is None:
            return 401, {"error": "invalid_client"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        asked = given["asked"]
        if (challenge, form["redirect_uri"]) != (asked["code_challenge"], asked["redirect_uri"]):
            return 400, {"error": "invalid_grant"}
        token = self.token(given["claims"], kind="JWT")
        return 200, {"token_type": "Bearer", "access_token": "opaque", "id_token": token}


def signed(header: dict[str, Any], claims: Any, key: Any) -> str:
    """Any token at all, signed rightly over what it holds."""
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    text = f"{part(json.dumps(header).encode())}.{part(payload)}"
    if header.get("alg") == "none" or key is None:
        return f"{text}."
    if isinstance(key, bytes):  # HMAC with whatever bytes: joserfc would not
        digest = {"HS256": "sha256", "HS512": "sha512"}[header["alg"]]
        return f"{text}.{part(hmac.digest(key, text.encode(), digest))}"
    model = jws.JWSRegistry.algorithms[header["alg"]]
    return f"{text}.{part(model.sign(text.encode(), key))}"


def part(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@contextmanager
def running() -> Iterator[Provider]:
    """The provider, listening on loopback until the end."""
    provider = Provider()
    provider.rotate("one")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            if self.path in provider.answers:
                status, headers, body = provider.answers[self.path]
                self._answer(status, body, headers)
            elif self.path == "/.well-known/openid-configuration":
                stated = {
                    "issuer": provider.issuer,
                    "authorization_endpoint": f"{provider.issuer}/authorize",
                    "token_endpoint": f"{provider.issuer}/token",
                    "jwks_uri": f"{provider.issuer}/keys",
                }
                self._answer(200, json.dumps(stated).encode())
            elif self.path == "/keys":
                self._answer(200, provider.key_set())
            else:
                self._answer(404, b"{}")

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            status, answer = provider.exchange(form, self.headers.get("Authorization", ""))
            self._answer(status, json.dumps(answer).encode())

        def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
