"""The ways in which a name can match what is asked, the best first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, union

from app.organizations.models import Organization, OrganizationIdentifier
from app.organizations.rules.search import FORMER, INITIALS, SYLLABLE, Asked, SearchMatch, pairs

LAST_CHARACTER = "\U0010ffff"
Way = Sequence[Sequence[str]]
"""Terms that a name must have, in groups that come together or not at all."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One way to match. `binds` are the values of its condition; `form` is how many of them there are."""

    number: int
    match: SearchMatch
    binds: Mapping[str, Any]
    form: int = 0
    ways: Sequence[Way] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """A lane as a statement knows it: everything but the values."""

    number: int
    match: SearchMatch
    form: int
    width: int


def lanes(asked: Asked) -> list[Lane]:
    """The lanes of what is asked, the best first."""
    found = []
    if asked.code or asked.number:
        code, number = asked.code or "", asked.number or ""
        binds = {"code": code, "code_end": code + LAST_CHARACTER, "number": number}
        form = bool(asked.code) + 2 * bool(asked.number)
        found.append(Lane(1, SearchMatch.CODE, {**binds, "number_end": number + LAST_CHARACTER}, form))
    found.append(
        Lane(2, SearchMatch.PREFIX, {"whole": asked.whole, "whole_end": asked.whole + LAST_CHARACTER})
    )
    if asked.pairs:
        found += _by_pairs(asked)
    if asked.splits:
        found.append(_spelt(asked))
    if asked.letters:
        first = [INITIALS + pair for pair in pairs(asked.letters)]
        found.append(Lane(7, SearchMatch.INITIALS, {"first": first, "letters": asked.letters}, 0, [[first]]))
    return found


def _by_pairs(asked: Asked) -> list[Lane]:
    pattern = "%" + "%".join(asked.pieces) + "%"  # letters and digits only: nothing to escape
    way = [pairs(piece) for piece in asked.pieces if len(piece) > 1]
    phrase = {"pairs": asked.pairs, "phrase": pattern}
    found = [Lane(3, SearchMatch.PHRASE, phrase, 0, [way])]
    if len(asked.pieces) > 1:
        singles = [piece for piece in asked.pieces if len(piece) == 1]
        words = {"pairs": asked.pairs, **{f"single_{n}": single for n, single in enumerate(singles)}}
        found.append(Lane(4, SearchMatch.WORDS, words, len(singles), [way]))
    former = [FORMER + pair for pair in asked.pairs]
    old_way = [[FORMER + pair for pair in group] for group in way]
    borne = {"former": former, "phrase": pattern}
    return [*found, Lane(5, SearchMatch.FORMER_NAME, borne, 0, [old_way])]


def _spelt(asked: Asked) -> Lane:
    """Any of the ways to read the letters as syllables, next to each other."""
    ways, binds = [], dict[str, Any]()
    for number, (syllables, rest) in enumerate(asked.splits):
        way = [SYLLABLE + syllable for syllable in syllables]
        ways.append([way])
        binds |= {f"way_{number}": way, f"spelt_{number}": f"% {' '.join(syllables)} {rest}%"}
    return Lane(6, SearchMatch.PINYIN, binds, len(ways), ways)


def condition(lane: Planned, row: Any) -> ColumnElement[bool]:  # noqa: PLR0911 (one for each match)
    """Whether a row matches in this way."""
    match lane.match:
        case SearchMatch.CODE:
            return _coded(lane.form, row)
        case SearchMatch.PREFIX:
            return and_(row.name >= bindparam("whole"), row.name < bindparam("whole_end"))
        case SearchMatch.PHRASE:
            return and_(_has(row, "pairs"), row.name.like(bindparam("phrase")))
        case SearchMatch.WORDS:
            singles = (func.strpos(row.name, bindparam(f"single_{n}")) > 0 for n in range(lane.form))
            return and_(_has(row, "pairs"), *singles)
        case SearchMatch.FORMER_NAME:
            return and_(_has(row, "former"), row.former.like(bindparam("phrase")))
        case SearchMatch.PINYIN:
            spelt = (row.pinyin.like(bindparam(f"spelt_{n}")) for n in range(lane.form))
            return or_(*(and_(_has(row, f"way_{n}"), said) for n, said in enumerate(spelt)))
    return and_(_has(row, "first"), func.strpos(row.initials, bindparam("letters")) > 0)


def _coded(form: int, row: Any) -> ColumnElement[bool]:
    """The credit code begins so, or a number that it was registered under before."""
    o, i = Organization, OrganizationIdentifier
    by_code = select(o.id).where(o.credit_code >= bindparam("code"), o.credit_code < bindparam("code_end"))
    numbered = and_(i.number >= bindparam("number"), i.number < bindparam("number_end"))
    by_number = select(i.organization_id).where(numbered, ~i.withdrawn)
    ids: Any = {1: by_code, 2: by_number, 3: union(by_code, by_number)}[form]
    return row.organization_id.in_(ids)  # type: ignore[no-any-return]


def _has(row: Any, name: str) -> ColumnElement[bool]:
    return row.terms.contains(bindparam(name, type_=row.terms.type))  # type: ignore[no-any-return]
