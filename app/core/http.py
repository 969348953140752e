"""The HTTP shell: routes that carry a permission, one transaction each, safe retries, strict JSON."""

import functools
import re
import typing
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from email.message import Message
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi._compat import get_cached_model_fields
from fastapi.dependencies import utils as fastapi_dependencies
from fastapi.params import Depends as DependsParam
from fastapi.routing import APIRoute
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import errors, idempotency, json, work
from app.core.access import PEOPLE, SECOND_FACTOR_ROLES, Actor, Permission
from app.core.work import Credential, Shell, Work

vars(fastapi_dependencies)["get_cached_model_fields"] = functools.cache(get_cached_model_fields.__wrapped__)
"""FastAPI keeps the fields of 128 query models; beyond that its document finds them no more, for it looks
them up by identity. There are more lists than that here, so all are kept."""

COOKIES = ("__Host-jiceng", "jiceng")
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
IMPERSONAL = frozenset({Permission.DIVISION_READ, Permission.REFERENCE_READ, Permission.COVERAGE_READ})
"""What these show names no person, so a browser may keep it under its ETag; all else is `no-store`."""

ANONYMOUS = Actor(id=UUID(int=1), kind="anonymous", name="anonymous")
_ID = re.compile(rb'\{"id":"([0-9a-f-]{36})"')
_TAG = re.compile(r'\s*(?:W/)?("[\x21\x23-\x7e]*")\s*')

IdempotencyKeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Any unique text, say a UUID. The same key with the same payload gives the stored "
        "response again, without a second effect; kept for 72 hours. The key with another payload is 422.",
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        examples=["0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11"],
    ),
]
IfMatchHeader = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The ETag that you read. Required: absent 428, stale 412.",
        max_length=1000,
        examples=['"3"'],
    ),
]
IfNoneMatchHeader = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        description="ETags that you hold; an unchanged resource answers 304.",
        max_length=1000,
        examples=['"3"'],
    ),
]


class MalformedHeader(errors.BadRequest):
    code, title = "malformed_header", ("请求头格式不正确", "A header is malformed")
    detail = ("请求头 {name} 的格式不正确。", "The header {name} is malformed.")


class RepeatedParameter(errors.BadRequest):
    code, title = "repeated_parameter", ("查询参数重复", "A query parameter is given twice")


def reading(permission: Permission) -> Any:
    """A GET under a permission: autocommit, no transaction, but for tables of people."""
    people = permission in PEOPLE

    async def begin_reading(request: Request, if_none_match: IfNoneMatchHeader = None) -> AsyncIterator[Work]:
        shell = shell_of(request)
        async with work.new_session(shell, reading=not people) as session:
            actor = await _recognise(shell, session, request, permission)
            known = tags("If-None-Match", if_none_match)
            async with work.begin(
                shell, actor, reading=not people, session=session, **context_of(request), if_none_match=known
            ) as unit:
                request.state.work = unit
                if people:
                    await unit.admit(actor.scope(permission))
                yield unit

    begin_reading.reads = True  # type: ignore[attr-defined]
    return _marked(begin_reading, permission)


@asynccontextmanager
async def looking_again(request: Request, permission: Permission) -> AsyncIterator[Work]:
    """A later look by the same caller, recognised anew: what was revoked meanwhile is refused.

    It is no sign of life: a stream that a browser leaves open must not keep its session from expiring."""
    shell = shell_of(request)
    async with work.new_session(shell) as session:
        actor = await _recognise(shell, session, request, permission)
        await session.rollback()  # the mark that the session was seen
        async with work.begin(shell, actor, session=session, **context_of(request)) as unit:
            yield unit


def creating(permission: Permission) -> Any:
    """A POST that makes something: one transaction, an optional Idempotency-Key."""

    async def begin_creating(
        request: Request, idempotency_key: IdempotencyKeyHeader = None
    ) -> AsyncIterator[Work]:
        async with _writing(request, permission, idempotency_key) as unit:
            yield unit

    return _marked(begin_creating, permission)


def streaming(permission: Permission) -> Any:
    """A POST whose body is streamed: no Idempotency-Key, since a key is bound to the whole body."""

    async def begin_streaming(request: Request) -> AsyncIterator[Work]:
        async with _writing(request, permission, None) as unit:
            yield unit

    return _marked(begin_streaming, permission)


def changing(permission: Permission, *, if_match: bool = True) -> Any:
    """A change of something with a version: If-Match is required (428) and checked by `work.expect` (412)."""
    if not if_match:
        return creating(permission)

    async def begin_changing(
        request: Request, if_match: IfMatchHeader = None, idempotency_key: IdempotencyKeyHeader = None
    ) -> AsyncIterator[Work]:
        async with _writing(request, permission, idempotency_key, versioned=True, if_match=if_match) as unit:
            yield unit

    return _marked(begin_changing, permission)


def public() -> Any:
    """An operation for anyone: signing in, documentation, signed webhooks."""

    async def begin_public(request: Request) -> AsyncIterator[Work]:
        async with work.begin(shell_of(request), ANONYMOUS, **context_of(request)) as unit:
            request.state.work = unit
            yield unit

    return _marked(begin_public, None)


def published() -> Any:
    """A GET for anyone, of what is published: it may be asked for under its ETag."""

    async def begin_published(
        request: Request, if_none_match: IfNoneMatchHeader = None
    ) -> AsyncIterator[Work]:
        known = tags("If-None-Match", if_none_match)
        async with work.begin(
            shell_of(request), ANONYMOUS, reading=True, **context_of(request), if_none_match=known
        ) as unit:
            request.state.work = unit
            yield unit

    return _marked(begin_published, None)


def shell_of(request: Request) -> Shell:
    shell: Shell = request.app.state.shell
    return shell


class Route(APIRoute):
    """A route that knows its permission and refuses to exist without one."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        marker = _marker(endpoint)
        extra = dict(options.pop("openapi_extra", None) or {})
        self.personal = marker.permission is not None and marker.permission not in IMPERSONAL
        extra["x-permission"] = marker.permission.value if marker.permission else "public"
        super().__init__(path, endpoint, openapi_extra=extra, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        original, has_body = super().get_route_handler(), self.body_field is not None
        personal = self.personal

        async def handle(request: Request) -> Response:
            if len(request.query_params) != len(request.query_params.multi_items()):
                raise RepeatedParameter
            if has_body:
                await _parse(request)
            try:
                response = await original(request)
            except idempotency.Replay as replay:
                response = replay.response
            _locate(request, response)
            held: idempotency.Claim | None = getattr(request.state, "claim", None)
            if held is not None:
                held.response = response
            unit: Work | None = getattr(request.state, "work", None)
            if unit is not None and unit.secret:
                response.headers["Cache-Control"] = "no-store"
            elif personal:
                response.headers.setdefault("Cache-Control", "no-store")
            return response

        return handle


def _locate(request: Request, response: Response) -> None:
    """A new member of a collection says where it lies (RFC 9110 §10.2.2)."""
    if response.status_code == HTTPStatus.CREATED and "location" not in response.headers:
        made = _ID.match(bytes(response.body))
        if made and not request.path_params:
            response.headers["Location"] = f"{request.url.path.rstrip('/')}/{made[1].decode()}"


class Router(APIRouter):
    """The router of a slice: its routes carry permissions; operation ids are function names."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=Route, generate_unique_id_function=lambda route: route.name, **options)


class _Marker(typing.Protocol):
    permission: Permission | None


def _marker(endpoint: Callable[..., Any]) -> _Marker:
    for hint in typing.get_type_hints(endpoint, include_extras=True).values():
        for extra in getattr(hint, "__metadata__", ()):
            if isinstance(extra, DependsParam) and hasattr(extra.dependency, "permission"):
                return typing.cast("_Marker", extra.dependency)
    raise TypeError(
        f"{endpoint.__module__}.{endpoint.__name__} names no permission (reading, creating, changing)"
    )


def _marked(dependency: Callable[..., Any], permission: Permission | None) -> Any:
    dependency.permission = permission  # type: ignore[attr-defined]
    return Depends(dependency, scope="function")


@asynccontextmanager
async def _writing(
    request: Request,
    permission: Permission,
    key: str | None,
    *,
    versioned: bool = False,
    if_match: str | None = None,
) -> AsyncIterator[Work]:
    shell = shell_of(request)
    async with work.new_session(shell) as session:
        actor = await _recognise(shell, session, request, permission)
        if versioned and not if_match:
            raise errors.PreconditionRequired
        matching = tags("If-Match", if_match) if versioned else None
        async with work.begin(
            shell, actor, session=session, **context_of(request), if_match=matching
        ) as unit:
            request.state.work = unit
            if permission in PEOPLE:
                await unit.admit(actor.scope(permission))
            if key is not None:
                request.state.claim = await idempotency.claim(unit, request, key)
            yield unit
            if key is not None:
                await request.state.claim.store(unit)


async def _recognise(shell: Shell, session: AsyncSession, request: Request, permission: Permission) -> Actor:
    """The actor of this request: signed in, holding this permission somewhere, from an allowed origin."""
    credential = credential_of(request)
    if credential is None:
        raise errors.Unauthorized
    actor = await shell.authenticate(session, credential)
    if actor is None:
        raise errors.Unauthorized
    admit(shell, request, actor, credential, permission)
    return actor


def credential_of(request: Request) -> Credential | None:
    """What the request offers to say who sent it: a bearer token, else a cookie of ours."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" and token.strip() else None
    cookie = None if bearer else next((request.cookies[c] for c in COOKIES if c in request.cookies), None)
    return None if bearer is None and cookie is None else Credential(bearer=bearer, cookie=cookie)


def admit(
    shell: Shell, request: Request, actor: Actor, credential: Credential, permission: Permission
) -> None:
    """Refuse a recognised caller who may not do this: wrong origin, no permission, no second factor."""
    request.state.actor = actor
    if credential.cookie is not None and request.method in UNSAFE:
        _check_origin(shell, request)
    if not actor.may(permission):
        raise errors.Forbidden
    if (
        shell.settings.require_second_factor
        and actor.kind == "person"
        and not actor.second_factor
        and permission is not Permission.SELF
        and SECOND_FACTOR_ROLES & {grant.role for grant in actor.grants}
    ):
        raise errors.SecondFactorNeeded


def _check_origin(shell: Shell, request: Request) -> None:
    if not _same_origin(shell, request):
        raise errors.OriginRefused


def _same_origin(shell: Shell, request: Request) -> bool:
    """Whether a page of this host, or of an allowed origin, sent the request (RFC 6454 §4: scheme and host).

    Where the cookie is for TLS only, so are the pages; else `https` is believed too, since a proxy may end
    TLS before this service."""
    origin = request.headers.get("origin")
    if origin is None:
        return False
    if origin in shell.settings.allowed_origins:
        return True
    schemes = {"https"} if shell.settings.cookie_secure else {"https", request.url.scheme}
    try:
        parts = urlsplit(origin)
    except ValueError:  # say `http://[`
        return False
    return parts.scheme in schemes and parts.netloc != "" and parts.netloc == request.headers.get("host")


def context_of(request: Request) -> dict[str, Any]:
    """What a work keeps of its request."""
    return {
        "request_id": request.scope.get("request_id"),
        "address": request.scope.get("client_address"),
        "same_origin": _same_origin(shell_of(request), request),
    }


def tags(name: str, header: str | None) -> frozenset[str]:
    """The entity tags of If-Match or If-None-Match (RFC 9110 §13.1); a bare number is read as its tag."""
    if not header:
        return frozenset()
    tags = set()
    for part in header.split(","):
        match = _TAG.fullmatch(part)
        if match:
            tags.add(match[1])
        elif part.strip() == "*":
            tags.add("*")
        elif part.strip().isalnum():
            tags.add(f'"{part.strip()}"')
        else:
            raise MalformedHeader(name=name)
    return frozenset(tags)


async def _parse(request: Request) -> None:
    """Read the body once, strictly; FastAPI then takes the parsed value."""
    body = await request.body()
    if not body:
        return
    message = Message()
    message["content-type"] = request.headers.get("content-type", "")
    subtype = message.get_content_subtype()
    if message.get_content_maintype() != "application" or not (
        subtype == "json" or subtype.endswith("+json")
    ):
        raise errors.UnsupportedMedia
    settings = shell_of(request).settings
    request._json = json.loads(body, depth=settings.depth_limit, array=settings.array_limit)  # noqa: SLF001
