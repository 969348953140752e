"""What makes a name findable: its letters, pairs of neighbours, pinyin and initials.

Chinese has no spaces, so every pair of neighbouring characters is a term; a text is in a name only if all its
pairs are. The terms of one name lie in one array under one index, told apart by a sign: `~` former names,
`:` syllables, `^` pairs of initials. Names keep only letters and digits, so no term is taken for another.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from app.organizations.rules import readings

FORMER, SYLLABLE, INITIALS = "~", ":", "^"
_CODE = re.compile("[0-9A-Z]{4,18}")


class SearchMatch(StrEnum):
    """How a name was found, the best first."""

    CODE = "code"
    EXACT = "exact"
    PREFIX = "prefix"
    PHRASE = "phrase"
    WORDS = "words"
    FORMER_NAME = "former_name"
    PINYIN = "pinyin"
    INITIALS = "initials"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is stored of one organization's names."""

    name: str
    former: str
    pinyin: str
    initials: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for: pieces that stand apart, and what they may be besides."""

    pieces: tuple[str, ...]
    whole: str
    code: str | None
    number: str | None
    splits: tuple[tuple[tuple[str, ...], str], ...]
    letters: str | None

    @property
    def pairs(self) -> list[str]:
        """The terms that a name must have."""
        return distinct(pair for piece in self.pieces for pair in pairs(piece))


def fold(text: str) -> tuple[str, list[int]]:
    """The letters and digits of a text in one width and case (NFKC), each with its place in the text."""
    kept: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for plain in unicodedata.normalize("NFKC", character).casefold():
            if plain.isalnum():
                kept.append(plain)
                places.append(place)
    return "".join(kept), places


def folded(text: str) -> str:
    """The same without the places."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def pairs(text: str) -> list[str]:
    """Each character with its neighbour."""
    return [one + other for one, other in pairwise(text)]


def distinct(terms: Iterable[str]) -> list[str]:
    """Each once, in the order in which it first came."""
    return list(dict.fromkeys(terms))


def entry(name: str, names: Iterable[str] = ()) -> Entry:
    """What is stored for an organization that bears one name and bore the others."""
    own = folded(name)
    former = [old for old in distinct(map(folded, names)) if old and old != own]
    read = readings.of_name(own)
    first = distinct("".join(syllable[:1] for syllable in reading) for reading in read)
    terms = pairs(own)
    terms += [FORMER + pair for old in former for pair in pairs(old)]
    terms += [SYLLABLE + syllable for reading in read for syllable in reading if syllable]
    terms += [INITIALS + pair for said in first for pair in pairs(said)]
    return Entry(
        name=own,
        former="\n".join(former),
        pinyin="\n".join(f" {' '.join(filter(None, reading))} " for reading in read),
        initials="\n".join(first),
        terms=tuple(distinct(terms)),
    )


def asked(text: str) -> Asked | None:
    """What a text may mean; None if it has neither a letter nor a digit."""
    pieces = tuple(filter(None, map(folded, text.split())))
    if not pieces:
        return None
    whole = "".join(pieces)
    printed = "".join(unicodedata.normalize("NFKC", text).split())
    code = printed.upper() if _CODE.fullmatch(printed.upper()) and any(map(str.isdigit, printed)) else None
    numbered = len(printed) >= 4 and any(map(str.isdigit, printed))
    letters = whole.replace("ü", "v") if re.fullmatch("[a-zü]{2,60}", whole) else None
    split = tuple(readings.splits(letters)) if letters else ()
    return Asked(pieces, whole, code, text.strip() if numbered else None, split, letters)


def ranges(name: str, wanted: Asked, match: SearchMatch) -> list[tuple[int, int]]:
    """The parts of a name that were asked for: from the first character to the first that is not meant."""
    own, places = fold(name)
    if match in {SearchMatch.PINYIN, SearchMatch.INITIALS}:
        spans = _heard(own, wanted, match)
    elif match is SearchMatch.CODE:
        spans = []
    else:
        phrases = [_at(own, phrase) for phrase in (wanted.whole, *wanted.pieces)]
        spans = phrases[:1] if phrases[0] else phrases[1:] if all(phrases) else []
        spans = [span for span in spans if span] or [_at(own, pair) for pair in wanted.pairs]
    return _merged([(places[s[0]], places[s[1] - 1] + 1) for s in spans if s])


def holds(name: str, wanted: Asked) -> bool:
    """Whether a name has the pieces in their order."""
    rest = folded(name)
    for piece in wanted.pieces:
        _, found, rest = rest.partition(piece)
        if not found:
            return False
    return True


def _at(name: str, phrase: str) -> tuple[int, int] | None:
    start = name.find(phrase)
    return None if start < 0 else (start, start + len(phrase))


def _heard(name: str, wanted: Asked, match: SearchMatch) -> Sequence[tuple[int, int] | None]:
    """The characters whose reading was typed."""
    for reading in readings.of_name(name):
        if match is SearchMatch.INITIALS:
            if wanted.letters and (span := _at("".join(s[:1] or "\0" for s in reading), wanted.letters)):
                return [span]
            continue
        for syllables, rest in wanted.splits:
            length = len(syllables) + bool(rest)
            for start in range(len(reading) - length + 1):
                said = reading[start : start + length]
                if said[: len(syllables)] == syllables and said[-1].startswith(rest or said[-1]):
                    return [(start, start + length)]
    return []


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
