"""Requests of this service to others: few, short, and only where they may go (ASVS 5.0 1.3.6, 13.2.4; API7).

https only, unless the operator names the host; the name is resolved here, each address is looked at, and the
connection goes to the address that was looked at. No redirects, no proxies of the environment, a bounded
body, a bound on the whole time. What was answered is never shown to whoever caused the request.
"""

import asyncio
import functools
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import httpx

from app.core.errors import Unavailable
from app.settings import Settings

LARGEST: Final = 256 * 1024
SECONDS: Final = 10.0
_CONNECT_SECONDS: Final = 4.0


class OutsideUnavailable(Unavailable):
    code = "identity_provider_unavailable"
    title = ("身份提供方暂时无法访问", "The identity provider cannot be reached at the moment")
    detail = (
        "请稍后再试; 管理员请检查地址、证书与网络。",
        "Try again later; check address, certificate, network.",
    )


class AddressRefused(Exception):  # noqa: N818 (a refusal, as in `errors`)
    """An address to which this service sends nothing."""


def checked(url: str, settings: Settings) -> tuple[str, int]:
    """Host and port of an address that may be asked, by its spelling alone. Raises `AddressRefused`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        raise AddressRefused("malformed") from None
    if not host or not url.isascii() or not url.isprintable() or parts.username is not None or parts.fragment:
        raise AddressRefused("malformed")
    if any(sign in url for sign in ('"', "\\", " ", "<", ">")) or host.endswith("."):
        raise AddressRefused("malformed")
    if parts.scheme != "https" and not (parts.scheme == "http" and f"{host}:{port}" in named(settings)):
        raise AddressRefused("scheme")
    return host, port


def named(settings: Settings) -> frozenset[str]:
    """The `host:port` that the operator lets this service reach without TLS, or on its own machine."""
    return frozenset(entry.lower() for entry in settings.outbound_hosts)


async def fetch(
    url: str,
    settings: Settings,
    *,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """The body of a 200 answer to a GET, or to a POST of a form. Raises `OutsideUnavailable`."""
    try:
        host, port = checked(url, settings)
        async with asyncio.timeout(SECONDS):
            target = _Target(url, host, port, await _address(host, port, settings))
            return await _ask(target, settings, form, headers or {})
    except (AddressRefused, TimeoutError, OSError, ValueError, httpx.HTTPError, httpx.InvalidURL) as error:
        raise OutsideUnavailable(headers={"Retry-After": "30"}) from error


async def _address(host: str, port: int, settings: Settings) -> str:
    """The address of a host, once all its addresses are such that may be asked."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if f"{host}:{port}" not in named(settings) and not all(map(reachable, addresses)):
        raise AddressRefused("address")
    return addresses[0]


def reachable(address: str) -> bool:
    """Whether an address is of another machine: not this one, not its link (say a cloud's metadata at
    169.254.169.254), not many. Addresses of intranets are: there most providers stand."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
    return not (
        mapped.is_loopback
        or mapped.is_link_local
        or mapped.is_multicast
        or mapped.is_unspecified
        or (mapped.is_reserved and not mapped.is_private)
    )


@dataclass(frozen=True, slots=True)
class _Target:
    """An address as it was given, and where its name was found to lead."""

    url: str
    host: str
    port: int
    address: str

    @property
    def literal(self) -> str:
        """The same address with the number that was checked in place of the name."""
        parts = urlsplit(self.url)
        number = f"[{self.address}]" if ":" in self.address else self.address
        return urlunsplit((parts.scheme, f"{number}:{self.port}", parts.path or "/", parts.query, ""))


async def _ask(
    target: _Target, settings: Settings, form: Mapping[str, str] | None, headers: Mapping[str, str]
) -> bytes:
    """Send to the address that was checked, under the name that the certificate must have."""
    own = {"Accept": "application/json", "Host": urlsplit(target.url).netloc, "Accept-Encoding": "identity"}
    async with httpx.AsyncClient(
        verify=_trust(str(settings.outbound_ca_file) if settings.outbound_ca_file else None),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(SECONDS, connect=_CONNECT_SECONDS),
    ) as client:
        request = client.build_request(
            "GET" if form is None else "POST",
            target.literal,
            data=None if form is None else dict(form),
            headers={**headers, **own},
            extensions={"sni_hostname": target.host},
        )
        response = await client.send(request, stream=True)
        try:
            if response.status_code != httpx.codes.OK or "content-encoding" in response.headers:
                raise AddressRefused(f"answered {response.status_code}")
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > LARGEST:
                    raise AddressRefused("too large")
            return bytes(body)
        finally:
            await response.aclose()


@functools.cache
def _trust(ca_file: str | None) -> ssl.SSLContext:
    """The authorities that are trusted: the system's, and those of the operator's file."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        context.load_verify_locations(ca_file)
    return context
