"""The lists of the service, found where they are declared: GET routes that answer with pages."""

import inspect
import typing
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.routing import iter_route_contexts

from app.core.access import PEOPLE
from app.core.pages import Filters, Listing, Page
from app.core.work import Work


def listings(routers: Sequence[APIRouter]) -> Mapping[str, Listing]:
    """Every list, by its operation id, but those of people: a file of people takes a second person."""
    found = (
        _listing(route) for route in iter_route_contexts([r for router in routers for r in router.routes])
    )
    return {listing.name: listing for listing in found if listing is not None}


def _listing(route: Any) -> Listing | None:
    shape = _item(route.response_model)
    if shape is None or "GET" not in (route.methods or ()):
        return None
    if route.openapi_extra["x-permission"] in PEOPLE:
        return None
    endpoint = route.endpoint
    hints = typing.get_type_hints(endpoint, include_extras=True)
    given = {name: hints[name] for name in inspect.signature(endpoint).parameters}
    named = [name for name, hint in given.items() if _plain(hint) is Work or _filters(hint) is not None]
    (filters,) = (kind for kind in map(_filters, given.values()) if kind is not None)
    return Listing(
        name=route.name,
        path=route.path,
        permission=route.openapi_extra["x-permission"],
        endpoint=endpoint,
        filters=filters,
        parameters={name: hint for name, hint in given.items() if name not in named},
        shape=shape,
    )


def _item(model: Any) -> Any:
    if isinstance(model, type) and issubclass(model, Page):
        return model.__pydantic_generic_metadata__["args"][0]
    return None


def _filters(hint: Any) -> type[Filters] | None:
    kind = _plain(hint)
    return kind if isinstance(kind, type) and issubclass(kind, Filters) else None


def _plain(hint: Any) -> Any:
    return typing.get_args(hint)[0] if typing.get_origin(hint) is typing.Annotated else hint
