"""Draft a standard, replace a draft, draft a place's overlay."""

from typing import Any
from uuid import UUID

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.reference.errors import JurisdictionUnknown
from app.scoring import errors, formats, queries, rules
from app.scoring.commands import texts
from app.scoring.formats import Unreadable
from app.scoring.models import ScoringStandard, ScoringStandardVersion
from app.scoring.rules import Standard
from app.scoring.schemas import (
    OverlayDraft,
    StandardChanged,
    StandardDraft,
    StandardDrafted,
    StandardEvent,
    StandardText,
)

_RECORD = Permission.STANDARD_RECORD


async def draft(work: Work, given: StandardDraft) -> UUID:
    """A new standard of a jurisdiction, or the next version of the one that it has by this code."""
    if not await queries.division_in_scope(work, given.jurisdiction_code):
        raise JurisdictionUnknown
    standard = await texts.standard_of(work, given)
    place = given.jurisdiction_code
    row = await queries.lock_standard(work, jurisdiction_code=place, code=standard.code)
    if row is None:
        row = ScoringStandard(id=uuid7(), code=standard.code, use=standard.use, jurisdiction_code=place)
        work.session.add(row)
        await work.session.flush()
    if row.use != standard.use:
        raise errors.StandardUnreadable(errors=formats.reviewed([OTHER_USE]))
    return await _add(work, row, standard, place)


OTHER_USE = rules.Wrong("/content/use", "other_use", ("该标准另有用途", "this standard has another use"))


async def overlay(work: Work, base_id: UUID, given: OverlayDraft) -> UUID:
    """A lower place's weights or bands over a published standard. Raises `OverlayUnfit`.

    For a place outside the caller's scope there is nothing to overlay: `StandardNotFound`."""
    base = await queries.get(work, base_id)
    if base.state != "published" or base.base_version_id is not None:
        raise errors.StandardNotPublished
    place = given.jurisdiction_code
    if not await queries.division_in_scope(work, place):
        raise errors.StandardNotFound
    if not await queries.lies_below(work, place, base.jurisdiction_code):
        raise JurisdictionUnknown
    above = formats.standard_of(base.content)
    try:
        asked = formats.overlay_of(given.overlay)
    except Unreadable as error:
        raise errors.OverlayUnfit(errors=error.faults) from None
    if wrongs := rules.wrong_with_overlay(above, asked):
        raise errors.OverlayUnfit(errors=formats.reviewed(wrongs))
    row = await queries.lock_standard(work, standard_id=base.standard_id)
    if row is None:
        raise errors.StandardNotFound
    made = rules.overlay(above, asked)
    extra = {"base_version_id": base.id, "overlay": rules.plain(asked), "source": given.source}
    return await _add(work, row, made, place, **extra)


async def _add(
    work: Work, row: ScoringStandard, standard: Standard, jurisdiction_code: str, **extra: Any
) -> UUID:
    version = ScoringStandardVersion(
        id=uuid7(),
        standard_id=row.id,
        number=await queries.next_number(work, row.id),
        jurisdiction_code=jurisdiction_code,
        **{**written(standard), **extra},
        state="draft",
        created_by=work.actor.id,
    )
    work.session.add(version)
    await work.session.flush()
    work.announce(told(StandardDrafted, row, version))
    return version.id


def written(standard: Standard) -> dict[str, Any]:
    """The columns that a standard's text fills."""
    return {
        "name": standard.name,
        "source": standard.source,
        "content": rules.content(standard),
        "content_hash": rules.digest(standard),
    }


def told(event: type[StandardEvent], row: ScoringStandard, version: ScoringStandardVersion) -> StandardEvent:
    """What is told of a version."""
    return event(
        subject=version.id,
        division_code=version.jurisdiction_code,
        code=row.code,
        use=rules.Use(row.use),
        number=version.number,
        content_hash=version.content_hash,
    )


async def change(work: Work, version_id: UUID, given: StandardText) -> None:
    """Replace the text of a draft; who changed it last is its author, and cannot publish it."""
    version = await queries.get_for_update(work, version_id, _RECORD)
    work.expect(version)
    if version.state != "draft":
        raise errors.StandardNotDraft
    if version.base_version_id is not None:
        raise errors.StandardIsOverlay
    standard = await texts.standard_of(work, given)
    row = await queries.lock_standard(work, standard_id=version.standard_id)
    if row is None or (row.code, row.use) != (standard.code, standard.use):
        raise errors.StandardUnreadable(errors=formats.reviewed([OTHER_USE]))
    for column, value in written(standard).items():
        setattr(version, column, value)
    version.created_by = work.actor.id
    await work.session.flush()
    work.announce(told(StandardChanged, row, version))
