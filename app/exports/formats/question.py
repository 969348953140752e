"""What was asked for, read by the list's own models."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.core import problems
from app.core.errors import Fault, Invalid
from app.core.pages import Filters, Listing
from app.exports.errors import UnknownList

PAGING: Mapping[str, tuple[str, str]] = dict.fromkeys(
    sorted(Filters.not_filters), ("导出包含全部行, 不分页", "An export has every row, not a page")
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A list, its filters, and what its address names."""

    listing: Listing
    filters: Filters
    parameters: Mapping[str, Any]

    def arguments(self) -> dict[str, Any]:
        """What the list's code is called with, but for the work."""
        return {"filters": self.filters, **self.parameters}


def listing_of(lists: Mapping[str, Listing], name: str) -> Listing:
    """A list by its operation id or its path. Raises `UnknownList`."""
    path = "/" + name.removeprefix("/api/v1").strip("/")
    found = lists.get(name) or next((one for one in lists.values() if one.path == path), None)
    if found is None:
        raise UnknownList
    return found


def asked(listing: Listing, given: Mapping[str, Any]) -> Asked:
    """The filters as the list reads them. Raises `Invalid` with a pointer to each that it does not take."""
    found = [Fault(f"/filters/{name}", "extra_forbidden", PAGING[name]) for name in PAGING if name in given]
    parameters: dict[str, Any] = {}
    for name, kind in listing.parameters.items():
        try:
            parameters[name] = TypeAdapter(kind).validate_python(given.get(name))
        except ValidationError as error:
            found += _faults(error, name)
    rest = {name: value for name, value in given.items() if name not in {*listing.parameters, *PAGING}}
    filters: Filters | None = None
    try:
        filters = listing.filters.model_validate(rest)
    except ValidationError as error:
        found += _faults(error)
    if found or filters is None:
        raise Invalid(errors=found)
    return Asked(listing, filters, parameters)


def _faults(error: ValidationError, *before: str) -> list[Fault]:
    return problems.faults(
        [{**one, "loc": ("filters", *before, *one["loc"])} for one in error.errors(include_url=False)]
    )
