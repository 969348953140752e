"""Bring the standards that this release ships; what people drafted or published stays."""

from typing import Any
from uuid import UUID

from app.core.db import uuid7
from app.core.work import Work
from app.reference import commands as reference
from app.scoring import formats, queries, rules
from app.scoring.commands.drafting import written
from app.scoring.models import ScoringStandard, ScoringStandardVersion
from app.scoring.rules import Standard


async def load_defaults(work: Work) -> None:
    """The versions that are not there yet, published in the service's own name, places' overlays too."""
    if not await reference.remember(work, "scoring_standards", formats.shipped_version()):
        return
    present = await queries.shipped_hashes(work)
    for given in formats.shipped():
        place, standard = given.jurisdiction_code, given.standard
        row = await queries.lock_standard(work, jurisdiction_code=place, code=standard.code)
        if row is None:
            row = ScoringStandard(id=uuid7(), code=standard.code, use=standard.use, jurisdiction_code=place)
            work.session.add(row)
            await work.session.flush()
        base = present.get((place, rules.digest(standard)))
        if base is None:
            base = await _publish(work, row, standard, place)
        for city in given.places:
            made = rules.overlay(standard, city.overlay)
            if (city.jurisdiction_code, rules.digest(made)) not in present:
                extra = {
                    "base_version_id": base,
                    "overlay": rules.plain(city.overlay),
                    "source": city.source,
                }
                await _publish(work, row, made, city.jurisdiction_code, **extra)


async def _publish(
    work: Work, row: ScoringStandard, standard: Standard, jurisdiction_code: str, **extra: Any
) -> UUID:
    version = ScoringStandardVersion(
        id=uuid7(),
        standard_id=row.id,
        number=await queries.next_number(work, row.id),
        jurisdiction_code=jurisdiction_code,
        **{**written(standard), **extra},
        state="published",
        published_at=work.now,
    )
    work.session.add(version)
    await work.session.flush()
    return version.id
