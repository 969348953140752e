"""The standards that this release ships (`data/standards/*.yaml`), each with its source."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.scoring.formats.contents import overlay_of, standard_of
from app.scoring.formats.yamls import read_yaml
from app.scoring.rules import Overlay, Standard

HERE: Final = Path(__file__).parents[1] / "data" / "standards"


@dataclass(frozen=True, slots=True)
class Place:
    """A city's own weights or bands over a shipped standard."""

    jurisdiction_code: str
    source: str
    overlay: Overlay
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shipped:
    """A standard as shipped: of the nation, unless its source is a province's; and its places."""

    jurisdiction_code: str
    standard: Standard
    places: tuple[Place, ...]


def shipped() -> list[Shipped]:
    """Every file, in the order of their names."""
    return [_one(path) for path in _files()]


def shipped_version() -> str:
    """What tells this release's files from another's."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in _files())).hexdigest()[:16]


def _files() -> list[Path]:
    return sorted(HERE.glob("*.yaml"))


def _one(path: Path) -> Shipped:
    content, _ = read_yaml(path.read_text("utf-8"))
    places = tuple(
        Place(given["jurisdiction_code"], given["source"], overlay_of(given["overlay"]), given["overlay"])
        for given in content.get("places", ())
    )
    return Shipped(content["jurisdiction_code"], standard_of(content["standard"]), places)
