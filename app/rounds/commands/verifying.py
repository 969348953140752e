"""Results against what they were made from: marks, figures, evidence, standard, the draw, the audit."""

import hashlib
from collections.abc import AsyncIterator
from typing import Any

from app.core.crypto import CryptoError
from app.core.work import Work
from app.files import commands as files
from app.files.errors import FileNotFound
from app.rounds import formats, queries, rules
from app.rounds.commands import standards
from app.rounds.models import Result, Round
from app.scoring import rules as scoring


async def verify(work: Work) -> list[str]:
    """Every difference in rounds that are public or decided: a stored mark, a result, a file of evidence or a
    standard that is no longer what it was; a draw that its seed does not give."""
    wrong: list[str] = []
    for held in await queries.closed_rounds(work):
        wrong += await _round(work, held)
    return wrong + [each async for each in _evidence(work)]


async def _round(work: Work, held: Round) -> list[str]:
    name = f"round {held.id}"
    kept = await standards.of_round(work, held)
    wrong = []
    if scoring.digest(scoring.content(kept.standard)) != kept.content_hash:
        wrong.append(f"{name}: the text of standard {held.standard_version_id} is not what its hash says")
    sheets = {each.id: each for each in await queries.frozen_sheets(work, held.id)}
    results = await queries.results_of(work, held.id)
    missing = sheets.keys() - {each.application_id for each in results}
    wrong += [f"{name}: application {each} has no result" for each in sorted(missing)]
    for each in results:
        sheet = sheets.get(each.application_id)
        if sheet is None:
            wrong.append(f"{name}: result {each.id} is of no frozen sheet")
        else:
            wrong += [f"{name}: result {each.id}: {fault}" for fault in _result(kept, sheet, each)]
    wrong += _ranks(held, results)
    if held.results_hash is not None:
        digest = formats.round_hash([each.result_hash for each in results])
        told = await queries.audited_hash(work, held.id)
        if digest != held.results_hash or told != held.results_hash:
            wrong.append(f"{name}: its results are not those that were decided and audited")
    return wrong + await _draw(work, held)


def _result(kept: standards.Published, sheet: formats.Sheet, row: Result) -> list[str]:
    found = []
    derivation = formats.derived(kept.standard, sheet, formats.figures(row.figures))
    if scoring.plain(derivation) != row.derivation:
        found.append("its marks and figures do not lead to its derivation")
    if scoring.number(derivation.total) != scoring.number(row.total) or derivation.band != row.band:
        found.append("its total or band is not what it is derived to")
    if sheet.evidence != row.evidence_hashes:
        found.append("its evidence is not what was frozen with it")
    if row.standard_hash != kept.content_hash:
        found.append("its standard is another")
    if formats.result_hash(row) != row.result_hash:
        found.append("its hash is not that of what it says")
    return found


def _ranks(held: Round, results: list[Result]) -> list[str]:
    standings = [
        rules.Standing(each.id, each.total, each.vetoed, formats.dimensions(each.derivation))
        for each in results
    ]
    places = rules.ranked(standings, rules.RoundTieRule(held.tie_rule), held.quota)
    return [
        f"round {held.id}: result {each.id}: its rank is not that of its total"
        for each in results
        if (each.rank, each.selected) != places.get(each.id, (None, False))
    ]


async def _draw(work: Work, held: Round) -> list[str]:
    """The first draw, made again: whoever has or had a place first must be who it gives."""
    assert held.seed is not None  # noqa: S101 (a constraint of drawn rounds)
    assert held.draw is not None  # noqa: S101 (the same)
    first = await queries.first_seats(work, held.id)
    barred = {(each["application"], each["reviewer"]) for each in held.draw["barred"]}
    pool = formats.identifiers(held.draw["pool"])
    pairs = {(sheet, who) for sheet in first for who in pool if (str(sheet), str(who)) in barred}
    again = rules.draw(held.seed, first.keys(), pool, pairs, held.reviewers)
    return [
        f"round {held.id}: application {sheet}: its reviewers are not those that the seed gives"
        for sheet, seats in first.items()
        if again.places[sheet] != seats
    ]


async def _evidence(work: Work) -> AsyncIterator[str]:
    """Files of evidence whose bytes, or what is stored of them, are not what was given."""
    for row in await queries.evidence_files(work):
        if row.stored != row.sha256:
            yield f"evidence {row.file_id}: what is stored of the file is not what was given"
        elif await _digest(work, row) != row.sha256:
            yield f"evidence {row.file_id}: its bytes are not what was given"


async def _digest(work: Work, row: Any) -> str | None:
    """The digest of a file's bytes; None where they cannot be opened any more."""
    seal = hashlib.sha256()
    try:
        async for piece in files.read(work, row.file_id):
            seal.update(piece)
    except (CryptoError, FileNotFound):
        return None
    return seal.hexdigest()
