"""Registries and what they push: signed for real, over HTTP; invented data only."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from app.authorities import commands as authorities
from app.authorities.rules import AuthorityRoleCode
from app.authorities.schemas import AuthorityCreate, RoleGive
from app.core import signing
from app.core.access import SYSTEM
from app.core.signing import Scheme
from app.core.work import Shell, begin
from app.intake import commands
from app.intake.schemas import SecretCreate, SourceCreate
from tests.make.organizations import ESTABLISHED, NAME, NANSHA, credit_code

Headers = dict[str, str]
SINCE = datetime(2013, 1, 1, tzinfo=UTC).date()


@dataclass(frozen=True, slots=True)
class Registry:
    """A source with a secret that it signs with."""

    id: UUID
    code: str
    secret: str
    authority_id: UUID


async def registry(
    shell: Shell,
    code: str = "nansha-civil-affairs",
    *,
    divisions: Sequence[str] = (NANSHA,),
    authority: str = "广州市南沙区民政局",
    at: str = NANSHA,
    **fields: Any,
) -> Registry:
    """A registry that may push, with its first secret."""
    async with begin(shell, SYSTEM) as work:
        role = RoleGive(role=AuthorityRoleCode.REGISTRATION_AUTHORITY, from_on=SINCE)
        authority_id = await authorities.record(
            work, AuthorityCreate(name=authority, division_code=at, roles=[role])
        )
        given = SourceCreate(
            code=code,
            name=f"{authority}登记系统",
            authority_id=authority_id,
            divisions=list(divisions),
            **fields,
        )
        source_id = await commands.add_source(work, given)
        made = await commands.rotate_secret(work, source_id, SecretCreate())
    return Registry(source_id, code, made.secret, authority_id)


def message(kind: str, data: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A message that takes effect on the day of establishment unless said otherwise."""
    return {
        "type": kind,
        "occurred_at": "2026-03-02T08:30:00Z",
        "effective_on": ESTABLISHED,
        "data": data,
        **fields,
    }


def registered(serial: int = 1, **fields: Any) -> dict[str, Any]:
    """A registration: an association in Nansha."""
    about = {"effective_on", "occurred_at", "sequence"}
    data = {
        "name": NAME,
        "kind": "association",
        "registration_mode": "direct",
        "division_code": NANSHA,
        "credit_code": credit_code(serial),
        "established_on": ESTABLISHED,
        **{name: value for name, value in fields.items() if name not in about},
    }
    return message("organization.registered", data, **{k: v for k, v in fields.items() if k in about})


def changed(
    changes: dict[str, Any], serial: int = 1, on: str = "2020-01-01", **fields: Any
) -> dict[str, Any]:
    """A change of the organization with this serial."""
    data = {"organization": {"credit_code": credit_code(serial)}, "changes": changes}
    return message("organization.changed", data, effective_on=on, **fields)


def about(what: str, serial: int = 1, on: str = "2020-01-01", **data: Any) -> dict[str, Any]:
    """A message of another type about the organization with this serial."""
    return message(what, {"organization": {"credit_code": credit_code(serial)}, **data}, effective_on=on)


def signed(
    secrets: Sequence[str],
    body: bytes,
    message_id: str | None = None,
    *,
    late: float = 0,
    scheme: Scheme = Scheme.SHA256,
) -> Headers:
    """The headers of a message signed `late` seconds ago."""
    when = datetime.now(UTC) - timedelta(seconds=late)
    headers = signing.sign(secrets, message_id or f"msg_{uuid4().hex}", when, body, scheme)
    return {"Content-Type": "application/json", **headers}


async def push(
    api: httpx.AsyncClient,
    source: Registry,
    what: dict[str, Any] | bytes,
    message_id: str | None = None,
    *,
    dry_run: bool = False,
    **signing_options: Any,
) -> httpx.Response:
    """Push a message as a registry does."""
    body = what if isinstance(what, bytes) else json.dumps(what, ensure_ascii=False).encode()
    headers = signed([source.secret], body, message_id, **signing_options)
    query = {"dry_run": "true"} if dry_run else {}
    return await api.post(f"/webhooks/registries/{source.code}", content=body, headers=headers, params=query)


async def taken(api: httpx.AsyncClient, source: Registry, what: dict[str, Any], **options: Any) -> str:
    """Push a message that is taken; the id of its event."""
    response = await push(api, source, what, **options)
    assert response.status_code == 202, response.text
    return str(response.json()["id"])


async def event(api: httpx.AsyncClient, headers: Headers, event_id: str) -> dict[str, Any]:
    """What became of a message."""
    got = await api.get(f"/registry-events/{event_id}", headers=headers)
    assert got.status_code == 200, got.text
    return dict(got.json())


async def act(
    api: httpx.AsyncClient, headers: Headers, event_id: str, verb: str, **body: Any
) -> httpx.Response:
    """A verb on a message in its present version."""
    tag = (await event(api, headers, event_id))["etag"]
    return await api.post(
        f"/registry-events/{event_id}/{verb}", json=body, headers={**headers, "If-Match": tag}
    )
