"""Record, correct and withdraw honours; begin and end brand projects."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.core.access import Permission
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.honours import errors, queries, rules
from app.honours.models import BrandProject, Honour
from app.honours.rules import BrandEnd, Wrong
from app.honours.schemas import (
    BrandProjectEnded,
    BrandProjectEnding,
    BrandProjectRecord,
    BrandProjectRecorded,
    HonourCorrect,
    HonourCorrected,
    HonourRecord,
    HonourRecorded,
    HonourWithdraw,
    HonourWithdrawn,
)

_FUTURE = ("不能晚于今天, 请改为今天或更早的日期", "lies in the future: give today or an earlier day")
_ABSENT = ("没有这一项, 或不在您的范围内", "there is no such thing, or it is outside your scope")


def _refuse(wrongs: Iterable[Wrong]) -> None:
    if faults := [Fault(wrong.pointer, wrong.code, wrong.words) for wrong in wrongs]:
        raise errors.HonourInvalid(errors=faults)


async def record(work: Work, plan: HonourRecord) -> UUID:
    """Put an honour on record. Raises `HonourInvalid` with every reason, `HonourTwice`."""
    holders = (plan.organization_id, plan.party_organization_id, plan.member_id, plan.brand_project_id)
    wrongs = rules.wrong_with_subject(holders, plan.kind)
    wrongs += rules.wrong_with_days(plan.year, plan.awarded_on, work.today)
    _refuse(wrongs)
    division, body = await _place(work, plan)
    honour = Honour(id=uuid7(), **plan.model_dump(), division_code=division, body_id=body)
    work.session.add(honour)
    await work.session.flush()
    work.announce(
        HonourRecorded(
            subject=honour.id,
            division_code=division,
            **plan.model_dump(
                include={
                    "kind",
                    "level",
                    "year",
                    "organization_id",
                    "party_organization_id",
                    "member_id",
                    "brand_project_id",
                }
            ),
        )
    )
    return honour.id


async def _place(work: Work, plan: HonourRecord) -> tuple[str, UUID | None]:
    """The division and the body of the holder. Raises `HonourInvalid` for one that cannot be seen."""
    place: tuple[str, UUID | None] | None
    if plan.organization_id is not None:
        division = await queries.organization_division(work, plan.organization_id)
        place, pointer = (None if division is None else (division, None)), "/organization_id"
    elif plan.party_organization_id is not None:
        division = await queries.body_division(work, plan.party_organization_id)
        place = None if division is None else (division, plan.party_organization_id)
        pointer = "/party_organization_id"
    elif plan.member_id is not None:
        place, pointer = await queries.member_place(work, plan.member_id), "/member_id"
    else:
        assert plan.brand_project_id is not None  # noqa: S101 (one of the four, as just checked)
        place, pointer = await queries.brand_place(work, plan.brand_project_id), "/brand_project_id"
    if place is None:
        raise errors.HonourInvalid(errors=[Fault(pointer, "not_found", _ABSENT)])
    return place


async def _counting(work: Work, honour_id: UUID) -> Honour:
    honour = await queries.for_update(work, honour_id)
    work.expect(honour)
    if honour.withdrawn_on is not None:
        raise errors.HonourIsWithdrawn
    return honour


async def correct(work: Work, honour_id: UUID, update: HonourCorrect) -> None:
    """Change what is known of an honour. Raises `HonourIsWithdrawn`, `HonourInvalid`, `HonourTwice`."""
    honour = await _counting(work, honour_id)
    given = update.model_fields_set
    for name in given:
        setattr(honour, name, getattr(update, name))
    _refuse(rules.wrong_with_days(honour.year, honour.awarded_on, work.today))
    if given:
        work.touch(honour)
        await work.session.flush()
        work.announce(
            HonourCorrected(subject=honour.id, division_code=honour.division_code, changed=sorted(given))
        )


async def withdraw(work: Work, honour_id: UUID, order: HonourWithdraw) -> None:
    """Say that an honour no longer counts, and why. Raises `HonourIsWithdrawn`, `HonourInvalid`."""
    honour = await _counting(work, honour_id)
    on = order.on or work.today
    if on > work.today:
        _refuse([Wrong("/on", "in_future", _FUTURE)])
    honour.withdrawn_on, honour.withdrawn_reason, honour.withdrawn_note = on, order.reason, order.note
    await work.session.flush()
    work.announce(
        HonourWithdrawn(subject=honour.id, division_code=honour.division_code, on=on, reason=order.reason)
    )


async def record_brand(work: Work, plan: BrandProjectRecord) -> UUID:
    """Begin a Party organization's brand project. Raises `BrandTwice`, `HonourInvalid`."""
    since = plan.from_on or work.today
    wrongs = [Wrong("/from_on", "in_future", _FUTURE)] if since > work.today else []
    division = await queries.body_division(
        work, plan.party_organization_id, Permission.PARTY_ORGANIZATION_RECORD
    )
    if division is None:
        wrongs.append(Wrong("/party_organization_id", "not_found", _ABSENT))
    _refuse(wrongs)
    brand = BrandProject(
        id=uuid7(),
        **plan.model_dump(exclude={"from_on"}),
        division_code=division,
        valid=Range(since),
        void=False,
    )
    work.session.add(brand)
    await work.session.flush()
    work.announce(
        BrandProjectRecorded(
            subject=brand.id,
            division_code=brand.division_code,
            party_organization_id=brand.party_organization_id,
            from_on=since,
        )
    )
    return brand.id


async def end_brand(work: Work, brand_id: UUID, order: BrandProjectEnding) -> None:
    """End a brand project, or say that it never was. Raises `BrandIsOver`, `HonourInvalid`."""
    brand = await queries.brand_for_update(work, brand_id)
    work.expect(brand)
    if brand.ended_on is not None:
        raise errors.BrandIsOver
    on, since = order.on or work.today, brand.valid.lower
    if on > work.today:
        _refuse([Wrong("/on", "in_future", _FUTURE)])
    brand.ended_on, brand.ended_reason = on, order.reason
    if order.reason is BrandEnd.RECORDED_IN_ERROR:
        brand.void = True
    elif since is not None and on <= since:
        words = ("须晚于开始日期", "must be later than its first day")
        _refuse([Wrong("/on", "too_early", words)])
    else:
        brand.valid = Range(since, on)
    await work.session.flush()
    work.announce(
        BrandProjectEnded(subject=brand.id, division_code=brand.division_code, on=on, reason=order.reason)
    )
