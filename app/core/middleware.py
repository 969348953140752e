"""Pure ASGI middleware: request ids, client address, body and rate limits, safe headers, metrics, logs."""

import hashlib
import re
import time
from collections import OrderedDict
from http import HTTPStatus
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import problems
from app.core.db import uuid7
from app.core.errors import BadRequest, Refusal, TooLarge, TooMany
from app.settings import Settings

log = structlog.get_logger("jiceng.http")
ABANDONED = 499
"""The status in logs and metrics of a request that was never answered."""
PROBES = frozenset({"/livez", "/readyz", "/metrics"})
"""Asked by machines all day: counted, never limited, and logged only when they fail."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
SAFE_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-site"),
)
JSON_POLICY = b"default-src 'none'; frame-ancestors 'none'"
PAGE_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    b"connect-src 'self'; frame-ancestors 'none'"
)


class AmbiguousLength(BadRequest):
    code, title = "ambiguous_length", ("请求长度不明确", "The length of the request is ambiguous")


class Metrics:
    """Counters of one process, for `/metrics`."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        names = ["method", "route", "status"]
        self.requests = Counter("jiceng_requests", "Answered requests", names, registry=self.registry)
        self.seconds = Histogram(
            "jiceng_request_seconds",
            "Time to answer",
            ["method", "route"],
            registry=self.registry,
            buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
        )
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """One answered request; methods, routes and statuses are few."""
        known = self._known.get((method, route, status))
        if known is None:
            known = self.requests.labels(method, route, str(status)), self.seconds.labels(method, route)
            self._known[method, route, status] = known
        known[0].inc()
        known[1].observe(seconds)


class Buckets:
    """Token buckets by key, in process: `rate` requests per minute, refilled steadily."""

    def __init__(self, rate: int, *, keep: int = 20_000) -> None:
        self.rate, self.keep = rate, keep
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, now: float) -> tuple[bool, int, int]:
        """Whether one more is allowed, how many are left, and in how many seconds the next one is."""
        level, since = self._levels.pop(key, (float(self.rate), now))
        level = min(float(self.rate), level + (now - since) * self.rate / 60)
        allowed = level >= 1
        level -= 1 if allowed else 0
        self._levels[key] = (level, now)
        while len(self._levels) > self.keep:
            self._levels.popitem(last=False)
        wait = 0 if level >= 1 else int((1 - level) * 60 / self.rate) + 1
        return allowed, int(level), wait


class Known:
    """Credentials that were recognised lately. Only these have a bucket of their own: all that is invented
    counts against the address that it came from."""

    def __init__(self, *, keep: int = 20_000) -> None:
        self.keep = keep
        self._seen: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, credential: str) -> bool:
        return credential in self._seen

    def remember(self, credential: str) -> None:
        self._seen[credential] = None
        self._seen.move_to_end(credential)
        while len(self._seen) > self.keep:
            self._seen.popitem(last=False)


class Shielded:
    """Around the whole app: what must hold for every request, also for those no route takes."""

    def __init__(self, app: ASGIApp, *, settings: Settings, metrics: Metrics) -> None:
        self.app, self.settings, self.metrics = app, settings, metrics
        self.buckets = Buckets(settings.requests_per_minute) if settings.requests_per_minute else None
        self.known = Known()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        scope["request_id"] = given if _REQUEST_ID.fullmatch(given) else str(uuid7())
        scope["client_address"] = self._address(scope, headers)
        outcome: dict[str, Any] = {"status": ABANDONED}
        limits: dict[str, str] = {}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                outcome["status"] = message["status"]
                self._finish_headers(scope, message, limits)
            await send(message)

        try:
            refusal = self._refusal(scope, headers, limits)
            if refusal is not None:
                await problems.respond(Request(scope), refusal)(scope, receive, sending)
            else:
                limit = self._limit(scope["path"])
                await self.app(scope, _Counted(receive, limit).receive, sending)
        except Exception as error:
            if outcome["status"] == ABANDONED:
                await problems.unexpected(Request(scope), error)(scope, receive, sending)
            raise
        finally:
            if "actor" in scope.get("state", ()):
                self.known.remember(_credential(headers))
            self._record(scope, outcome["status"], time.perf_counter() - started)

    def _limit(self, path: str) -> int:
        if path.endswith("/files"):  # streamed, and bounded again by the kind of file
            return self.settings.upload_limit
        return self.settings.webhook_body_limit if "/webhooks/" in path else self.settings.body_limit

    def _refusal(self, scope: Scope, headers: Headers, limits: dict[str, str]) -> Refusal | None:
        length, limit = headers.get("content-length", ""), self._limit(scope["path"])
        if "transfer-encoding" in headers and length:
            return AmbiguousLength()
        if length and not (length.isascii() and length.isdigit()):
            return AmbiguousLength()
        if length and int(length[:20]) > limit:
            return TooLarge(limit=limit)
        if self.buckets is None or scope["path"] in PROBES:
            return None
        credential = _credential(headers)
        key = credential if credential in self.known else scope["client_address"] or ""
        allowed, left, wait = self.buckets.take(key, time.monotonic())
        limits["RateLimit-Policy"] = f'"default";q={self.buckets.rate};w=60'
        limits["RateLimit"] = f'"default";r={left};t={wait}'
        return None if allowed else TooMany(headers={"Retry-After": str(max(1, wait))})

    def _address(self, scope: Scope, headers: Headers) -> str | None:
        """The peer, or the right-most untrusted X-Forwarded-For entry when the peer is a trusted proxy."""
        peer: str | None = scope["client"][0] if scope.get("client") else None
        if peer not in self.settings.trusted_proxies:
            return peer
        for hop in reversed([h.strip() for h in headers.get("x-forwarded-for", "").split(",") if h.strip()]):
            if hop not in self.settings.trusted_proxies:
                return hop[:64]
        return peer

    @staticmethod
    def _finish_headers(scope: Scope, message: Message, limits: dict[str, str]) -> None:
        given = [pair for pair in message.get("headers", ()) if pair[0] != b"x-request-id"]
        names = dict(given)
        wanted = [*SAFE_HEADERS, *((name.lower().encode(), value.encode()) for name, value in limits.items())]
        is_page = names.get(b"content-type", b"").startswith(b"text/html")
        wanted.append((b"content-security-policy", PAGE_POLICY if is_page else JSON_POLICY))
        if "/static/" not in scope["path"]:
            wanted.append((b"cache-control", b"private, no-cache" if b"etag" in names else b"no-store"))
        message["headers"] = [
            (b"x-request-id", scope["request_id"].encode("latin-1")),
            *given,
            *(pair for pair in wanted if pair[0] not in names),
        ]

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        taken = scope.get("route")
        route = getattr(getattr(taken, "original_route", taken), "path", None)
        if route is None:
            route = scope["path"] if scope["path"] in PROBES else "unmatched"
        self.metrics.count(scope["method"], route, status, seconds)
        if route in PROBES and status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return  # asked every few seconds, for years
        log.info(
            "request",
            method=scope["method"],
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            request_id=scope["request_id"],
        )


def _credential(headers: Headers) -> str:
    """What a caller offers to be recognised by, as a digest: secrets stay nowhere."""
    given = headers.get("authorization") or headers.get("cookie") or ""
    return hashlib.sha256(given.encode("utf-8", "surrogateescape")).hexdigest()


class _Counted:
    """Counts the bytes of a body as they stream in, whatever its headers said."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive, self._left, self._limit = receive, limit, limit

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise TooLarge(limit=self._limit)
        return message
