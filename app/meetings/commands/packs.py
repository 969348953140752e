"""The rule packs of organization life: in one place, or in every jurisdiction of a report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic import ValidationError

from app.core.jurisdictions import Jurisdiction
from app.core.work import Work
from app.divisions import queries as divisions
from app.meetings import rules
from app.meetings.errors import LifePackInvalid
from app.meetings.queries import OwedTerm
from app.meetings.schemas import OrganizationLifeContent
from app.reference import queries as reference
from app.reference.rules import RulePack, overlays

KIND = "organization_life"


@dataclass(frozen=True, slots=True)
class Packs:
    """Every published pack up to a day, read once, with the way from the nation to each jurisdiction."""

    published: Sequence[RulePack]
    lives: dict[UUID, rules.Life]
    paths: dict[str, tuple[str, ...]]

    def life(self, path: Sequence[str], on: date) -> rules.Life | None:
        """The nearest pack on a day."""
        held = overlays(self.published, path, on)
        return self.lives[held[-1].id] if held else None

    def ranked(self) -> list[tuple[str | None, tuple[str, ...]]]:
        """The nation, then each jurisdiction with packs of its own, the deepest last."""
        own = {pack.jurisdiction for pack in self.published if pack.jurisdiction is not None}
        return [(None, ()), *sorted(((c, self.paths.get(c, (c,))) for c in own), key=lambda e: len(e[1]))]


async def packs(work: Work, until: date) -> Packs:
    """The packs in force up to a day. Raises `LifePackInvalid`."""
    published = await reference.every_pack(work, KIND, until)
    codes = sorted({pack.jurisdiction for pack in published if pack.jurisdiction is not None})
    lives = {pack.id: _plain(pack) for pack in published}
    return Packs(published, lives, await divisions.paths(work, codes, until) if codes else {})


async def life_of(work: Work, division_code: str, on: date) -> rules.Life:
    """The nearest pack of a division on a day. Raises `LifePackInvalid`."""
    paths = await divisions.paths(work, [division_code], on)
    pack = await reference.pack_for(work, KIND, paths.get(division_code, ()), on)
    if pack is None:
        raise LifePackInvalid(pack=KIND, problem="none in force")
    return _plain(pack)


async def lives_of(work: Work, division_code: str, until: date) -> Callable[[date], rules.Life | None]:
    """What gives the pack of a division on any day up to one."""
    paths = await divisions.paths(work, [division_code], until)
    path = paths.get(division_code, ())
    published = await reference.published_packs(work, KIND, path, until)
    plain = {pack.id: _plain(pack) for pack in published}

    def on_day(day: date) -> rules.Life | None:
        held = overlays(published, path, day)
        return plain[held[-1].id] if held else None

    return on_day


def owed_terms(found: Packs, year: int, as_of: date) -> list[OwedTerm]:
    """Every line of every jurisdiction's pack for each stretch of a year that is over, as rows."""
    rows = []
    for number, (_, path) in enumerate(found.ranked()):
        for rhythm in rules.Rhythm:
            for span in rules.spans(rhythm, year):
                life = found.life(path, span.from_on) if span.until_on <= as_of else None
                for term in life.terms if life else ():
                    if term.rhythm is rhythm:
                        rows += _rows(number, term, life, span)
    return rows


def _rows(number: int, term: rules.Term, life: rules.Life | None, span: rules.Span) -> list[OwedTerm]:
    posts = life.committee_posts if life else 0
    return [
        OwedTerm(number, term.kind, kind, term.requires, posts, term.times, span.from_on, span.until_on)
        for kind in sorted(term.body_kinds)
    ]


def numbered(found: Packs) -> list[Jurisdiction[int]]:
    """The number by which `owed_terms` names each jurisdiction."""
    return [Jurisdiction(code, number) for number, (code, _) in enumerate(found.ranked())]


def hours(found: Packs, on: date) -> list[Jurisdiction[tuple[int, int]]]:
    """The hours that members and secretaries owe in each jurisdiction."""
    lives = [(code, found.life(path, on)) for code, path in found.ranked()]
    return [Jurisdiction(code, (life.member_hours, life.secretary_hours)) for code, life in lives if life]


def _plain(pack: RulePack) -> rules.Life:
    try:
        content = OrganizationLifeContent.model_validate(pack.content)
    except ValidationError as error:
        first = error.errors()[0]
        problem = f"{'/'.join(str(part) for part in first['loc'])}: {first['type']}"
        raise LifePackInvalid(pack=pack.code, problem=problem) from None
    return content.plain(pack.id, pack.code, pack.version)
