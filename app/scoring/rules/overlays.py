"""A place weighs otherwise, within the limits that the higher level set; and two versions line by line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from app.scoring.rules.canonical import content
from app.scoring.rules.checking import check, number
from app.scoring.rules.standard import Band, Dimension, Indicator, Standard, Wrong


@dataclass(frozen=True, slots=True)
class Overlay:
    """Other weights for some indicators, by code, and other bands where the standard lets them differ."""

    weights: Mapping[str, Decimal] = field(default_factory=dict)
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One line that differs between two versions: before, after, None where it is not there."""

    path: str
    before: str | None
    after: str | None


def overlay(base: Standard, given: Overlay) -> Standard:
    """The standard of a place: the base with its weights and bands. Dimensions are worth what is in them."""
    dimensions = tuple(_dimension(dimension, given.weights) for dimension in base.dimensions)
    return replace(base, dimensions=dimensions, bands=given.bands or base.bands)


def _dimension(dimension: Dimension, weights: Mapping[str, Decimal]) -> Dimension:
    lines = tuple(_line(line, weights) for line in dimension.indicators)
    worth = sum((line.worth for line in lines if line.regular), Decimal(0))
    return replace(dimension, indicators=lines, weight=worth)


def _line(line: Indicator, weights: Mapping[str, Decimal]) -> Indicator:
    return replace(line, weight=weights[line.code]) if line.code in weights else line


def wrong_with_overlay(base: Standard, given: Overlay) -> list[Wrong]:
    """Why a place may not have this: a weight without limits is fixed, and everything must still add up."""
    found = [wrong for code, weight in given.weights.items() for wrong in number(f"/weights/{code}", weight)]
    for code in sorted(given.weights):
        line = base.indicator(code)
        if line is None or not line.regular:
            words = ("没有该指标", "there is no such indicator")
            found.append(Wrong(f"/weights/{code}", "orphan", words))
        elif line.weight_min is None or line.weight_max is None:
            words = ("上级未允许调整该指标分值", "the higher level fixed this weight")
            found.append(Wrong(f"/weights/{code}", "fixed", words))
    if given.bands and not base.bands_may_differ:
        found.append(Wrong("/bands", "fixed", ("上级未允许另定分数线", "the higher level fixed the bands")))
    return found or check(overlay(base, given))


def compare(before: Standard, after: Standard) -> list[Difference]:
    """Every line that differs, by the codes of dimension and indicator, in the order of the paths."""
    old, new = dict(_leaves(content(before))), dict(_leaves(content(after)))
    return [
        Difference(path, old.get(path), new.get(path))
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    ]


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{path}/{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            name = item.get("code", number) if isinstance(item, dict) else number
            yield from _leaves(item, f"{path}/{name}")
    else:
        yield path, str(value)
