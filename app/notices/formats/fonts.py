"""The faces that GB/T 9704-2012 asks for, and what of them this machine has."""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst

TABLE: Final = Path(__file__).parents[1] / "data" / "fonts.json"
FACES: Final[dict[str, Any]] = json.loads(TABLE.read_bytes())["faces"]


class Face(StrEnum):
    """小标宋, 仿宋, 黑体, 楷体, 宋体."""

    TITLE = "title"
    TEXT = "text"
    BLACK = "black"
    REGULAR = "regular"
    SONG = "song"


class FontsMissing(Exception):  # noqa: N818 - the house names what is wrong
    """No font here draws Chinese, or none draws these characters: a 503, never boxes on the page.

    `faces` are the Chinese names of the faces that nothing here can stand in for; `characters` what no font
    has."""

    def __init__(self, faces: tuple[str, ...] = (), characters: str = "") -> None:
        super().__init__("、".join(faces) or characters)
        self.faces = faces
        self.characters = characters


@dataclass(frozen=True, slots=True)
class FaceReport:
    """One face: the families that serve for it, best first, and whether the first is the standard's own."""

    face: Face
    name: str
    families: tuple[str, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class FontReport:
    """What is there. `searched` goes to the typesetter, which else would look through the machine again."""

    faces: tuple[FaceReport, ...]
    searched: typst.Fonts

    @property
    def missing(self) -> tuple[str, ...]:
        """The faces that have a substitute at best: for the operator, who may install them."""
        return tuple(one.name for one in self.faces if not one.own)

    @property
    def anything(self) -> bool:
        """Whether there is a Chinese font at all."""
        return any(one.families for one in self.faces)

    def families(self, face: Face) -> list[str]:
        """What to set a face in: its own families, then those of the others, so that no character is lost."""
        first = next(one.families for one in self.faces if one.face is face)
        return list(dict.fromkeys([*first, *(family for one in self.faces for family in one.families)]))


@lru_cache(maxsize=4)
def fonts(directory: Path | None = None) -> FontReport:
    """The fonts of the machine, or only those of a directory. Looked for once in a process: some two seconds.

    Raises `FontsMissing` when none of them is Chinese; that is not remembered, so one may be installed
    meanwhile."""
    places = [] if directory is None else [directory]
    searched = typst.Fonts(include_system_fonts=directory is None, font_paths=places)
    there = set(searched.families())
    report = FontReport(tuple(_face(face, there) for face in Face), searched)
    if not report.anything:
        raise FontsMissing(tuple(FACES[face]["name"] for face in Face))
    return report


def _face(face: Face, there: set[str]) -> FaceReport:
    own = tuple(family for family in FACES[face]["own"] if family in there)
    instead = tuple(family for family in FACES[face]["instead"] if family in there)
    return FaceReport(face, FACES[face]["name"], own + instead, own=bool(own))
