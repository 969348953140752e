"""Record, correct, check and end facilities."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from fastapi import Response
from sqlalchemy.dialects.postgresql import Range

from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.facilities import errors, queries, rules
from app.facilities.models import Facility, FacilityCheck
from app.facilities.rules import FacilityEnd, FacilityKind, Wrong
from app.facilities.schemas import (
    FacilityChecked,
    FacilityCheckRecord,
    FacilityCorrect,
    FacilityCorrected,
    FacilityEnded,
    FacilityEnding,
    FacilityFiguresQuery,
    FacilityRecord,
    FacilityRecorded,
)
from app.reference import queries as reference

_FUTURE = ("不能晚于今天, 请改为今天或更早的日期", "lies in the future: give today or an earlier day")
_ABSENT = ("没有这一项, 或不在您的范围内", "there is no such thing, or it is outside your scope")


def _refuse(wrongs: Iterable[Wrong]) -> None:
    if faults := [Fault(wrong.pointer, wrong.code, wrong.words) for wrong in wrongs]:
        raise errors.FacilityInvalid(errors=faults)


def _late(work: Work, day: date | None, pointer: str) -> list[Wrong]:
    return [Wrong(pointer, "in_future", _FUTURE)] if day is not None and day > work.today else []


async def record(work: Work, plan: FacilityRecord) -> UUID:
    """Put a facility on record. Raises `FacilityInvalid` with every reason, `FacilityTwice`."""
    owned = plan.party_organization_id is not None or plan.organization_id is not None
    wrongs = rules.wrong_with_kind(
        plan.kind,
        center=plan.center_kind is not None,
        teaching=plan.teaching_point_level is not None,
        legal=plan.legal_entity,
        owned=owned,
    )
    wrongs += _late(work, plan.from_on, "/from_on")
    body = plan.party_organization_id
    if body is not None and not await queries.body_in_scope(work, body):
        wrongs.append(Wrong("/party_organization_id", "not_found", _ABSENT))
        body = None
    wrongs += await _organization(work, plan.organization_id)
    if not await queries.place_in_scope(work, plan.division_code, body):
        wrongs.append(Wrong("/division_code", "not_found", _ABSENT))
    _refuse(wrongs)
    facility = Facility(
        id=uuid7(), **plan.model_dump(exclude={"from_on"}), valid=Range(plan.from_on), void=False
    )
    work.session.add(facility)
    await work.session.flush()
    work.announce(
        FacilityRecorded(
            subject=facility.id,
            division_code=facility.division_code,
            kind=plan.kind,
            level=plan.level,
            party_organization_id=plan.party_organization_id,
            organization_id=plan.organization_id,
        )
    )
    return facility.id


async def _organization(work: Work, organization_id: UUID | None) -> list[Wrong]:
    if organization_id is None or await queries.organization_in_scope(work, organization_id):
        return []
    return [Wrong("/organization_id", "not_found", _ABSENT)]


async def _open(work: Work, facility_id: UUID) -> Facility:
    facility = await queries.for_update(work, facility_id)
    work.expect(facility)
    if facility.ended_on is not None:
        raise errors.FacilityIsOver
    return facility


async def correct(work: Work, facility_id: UUID, update: FacilityCorrect) -> None:
    """Change what is known of a facility. Raises `FacilityIsOver`, `FacilityInvalid`, `FacilityTwice`."""
    facility = await _open(work, facility_id)
    given = update.model_fields_set
    wrongs = await _organization(work, update.organization_id) if "organization_id" in given else []
    for name in given:
        setattr(facility, name, getattr(update, name))
    wrongs += rules.wrong_with_kind(
        FacilityKind(facility.kind),
        center=facility.center_kind is not None,
        teaching=facility.teaching_point_level is not None,
        legal=facility.legal_entity,
        owned=facility.party_organization_id is not None or facility.organization_id is not None,
    )
    _refuse(wrongs)
    if given:
        work.touch(facility)
        await work.session.flush()
        work.announce(
            FacilityCorrected(
                subject=facility.id, division_code=facility.division_code, changed=sorted(given)
            )
        )


async def check(work: Work, facility_id: UUID, found: FacilityCheckRecord) -> None:
    """Record which features were there on a day. Raises `FacilityIsOver`, `FacilityInvalid`."""
    facility = await _open(work, facility_id)
    on = found.on or work.today
    wrongs = rules.wrong_with_check(FacilityKind(facility.kind), [f.feature for f in found.features])
    wrongs += _late(work, found.on, "/on")
    if facility.valid.lower is not None and on < facility.valid.lower:
        words = ("不能早于启用日期", "is earlier than the day on which it opened")
        wrongs.append(Wrong("/on", "too_early", words))
    words = ("具备的须说明佐证", "what is there is shown by something")
    wrongs += [
        Wrong(f"/features/{number}/evidence", "evidence_required", words)
        for number, feature in enumerate(found.features)
        if feature.present and feature.evidence is None
    ]
    _refuse(wrongs)
    earlier = await queries.checks_of(work, facility.id, on)
    for feature in found.features:
        row = earlier.get(feature.feature)
        if row is None:
            row = FacilityCheck(id=uuid7(), facility_id=facility.id, feature=feature.feature, checked_on=on)
            work.session.add(row)
        row.present, row.evidence = feature.present, feature.evidence
    work.touch(facility)
    await work.session.flush()
    work.announce(
        FacilityChecked(
            subject=facility.id,
            division_code=facility.division_code,
            on=on,
            present=[f.feature for f in found.features if f.present],
            missing=[f.feature for f in found.features if not f.present],
        )
    )


async def end(work: Work, facility_id: UUID, order: FacilityEnding) -> None:
    """End a facility on a day, or say that it never was. Raises `FacilityIsOver`, `FacilityInvalid`."""
    facility = await _open(work, facility_id)
    on, since = order.on or work.today, facility.valid.lower
    _refuse(_late(work, order.on, "/on"))
    facility.ended_on, facility.ended_reason, facility.ended_note = on, order.reason, order.note
    if order.reason is FacilityEnd.RECORDED_IN_ERROR:
        facility.void = True
    elif since is not None and on <= since:
        words = ("须晚于启用日期", "must be later than the day on which it opened")
        _refuse([Wrong("/on", "too_early", words)])
    else:
        facility.valid = Range(since, on)
    await work.session.flush()
    work.announce(
        FacilityEnded(subject=facility.id, division_code=facility.division_code, on=on, reason=order.reason)
    )


async def count(work: Work, query: FacilityFiguresQuery) -> Response:
    """The figures of a division, against the targets of the nearest rule pack of the day."""
    day = query.as_of or work.today
    pack = await reference.pack_at(work, "facility_targets", query.division, day)
    return await queries.figures(work, query, day, rules.targets(pack.content) if pack else [])
