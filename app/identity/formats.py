"""How a session travels: in the body for programs, in a cookie for pages."""

from datetime import timedelta

from fastapi import Response

from app.identity.rules import Carrier
from app.identity.schemas import SessionCreated
from app.settings import Settings


def cookie_name(settings: Settings) -> str:
    """`__Host-` binds the cookie to this host, but browsers take it only over TLS (RFC 6265bis 4.1.3)."""
    return "__Host-jiceng" if settings.cookie_secure else "jiceng"


def signed_in(answer: SessionCreated, token: str, lifetime: timedelta, settings: Settings) -> Response:
    """The answer to a sign-in, with the cookie where one was asked for."""
    response = Response(answer.model_dump_json(), status_code=201, media_type="application/json")
    if answer.carrier == Carrier.COOKIE:
        response.set_cookie(
            cookie_name(settings),
            token,
            max_age=int(lifetime.total_seconds()),
            path="/",
            secure=settings.cookie_secure,
            httponly=True,
            samesite="strict",
        )
    return response


def signed_out(settings: Settings) -> Response:
    """Nothing to say; the browser drops its cookie."""
    response = Response(status_code=204)
    response.delete_cookie(
        cookie_name(settings), path="/", secure=settings.cookie_secure, httponly=True, samesite="strict"
    )
    return response
