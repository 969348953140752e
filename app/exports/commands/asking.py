"""Asking for a list as a file: checked as the list itself would check, made by the worker."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Select

from app.core.access import Permission
from app.core.errors import Forbidden, NotFound, Refusal
from app.core.pages import Listing
from app.core.work import Work
from app.exports import errors, formats, queries
from app.exports.formats import Asked
from app.exports.rules import KIND
from app.exports.schemas import ExportCreate, ExportRequested
from app.operations import commands as operations
from app.operations.models import Operation


async def ask(work: Work, lists: Mapping[str, Listing], wanted: ExportCreate) -> Operation:
    """Start an export. Raises `UnknownList`, `Invalid`, `Forbidden` and `NotFound` as the list would,
    `FiltersRefused`, `ExportsSpent`."""
    listing = formats.listing_of(lists, wanted.list)
    permission = Permission(listing.permission)
    if not work.actor.may(permission):
        raise Forbidden
    asked = formats.asked(listing, wanted.filters)
    await _try(work, asked)
    limit = work.settings.exports_per_day
    if await queries.asked_since(work, work.since(days=1)) >= limit:
        raise errors.ExportsSpent(limit=limit)
    scope = work.actor.scope(permission)
    place = scope.divisions[0] if len(scope.divisions) == 1 else None
    parameters = {
        "list": listing.name,
        "filters": wanted.filters,
        "format": wanted.format.value,
        "language": wanted.language.value,
    }
    operation = await operations.start(work, KIND, parameters, division_code=place)
    work.announce(
        ExportRequested(
            subject=operation.id,
            division_code=place,
            list=listing.name,
            filters=wanted.filters,
            format=wanted.format,
        )
    )
    return operation


async def _try(work: Work, asked: Asked) -> None:
    """Call the list without reading its rows: what it refuses now, it would refuse later."""
    try:
        await asked.listing.endpoint(work=replace(work, sink=_nothing), **asked.arguments())
    except NotFound as refusal:
        raise NotFound from refusal
    except Refusal as refusal:
        raise errors.FiltersRefused(reasons=[{"code": refusal.code, "title": refusal.title}]) from refusal


async def _nothing(_: Select[Any]) -> None:
    """Takes no row."""
