"""整改: a finding is opened, reported with measure, post and evidence, struck off by a second person."""

from uuid import UUID

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.notices import errors, queries, rules
from app.notices.commands import checking
from app.notices.models import Addressee, Rectification
from app.notices.rules import RectificationState, Wrong
from app.notices.schemas import RectificationMoved, RectificationOpen, RectificationReport


async def open_item(work: Work, addressee_id: UUID, given: RectificationOpen) -> None:
    """A finding to be put right. Raises `AddresseeStateForbids`."""
    permission = Permission.NOTICE_DECIDE
    _, one = await queries.addressee_for_update(work, addressee_id, permission, as_issuer=True)
    _running(one)
    checking.no_secrets(given.finding)
    if given.due_on is not None and given.due_on < work.today:
        checking.refuse([Wrong("/due_on", "too_early", ("截止日期已过", "this day is over"))])
    item = Rectification(
        id=uuid7(),
        addressee_id=one.id,
        finding=given.finding,
        due_on=given.due_on,
        state=RectificationState.OPEN,
        evidence=[],
    )
    work.session.add(item)
    await _moved(work, one, item)


async def report(work: Work, addressee_id: UUID, rectification_id: UUID, given: RectificationReport) -> None:
    """What was done; it may be reported again until it is struck off. Raises `AddresseeStateForbids`."""
    one, item = await _item(work, addressee_id, rectification_id, as_issuer=False)
    checking.no_secrets(given.measure, given.responsible_post)
    evidence = await checking.evidence(work, given.evidence)
    moment = await work.instant()
    item.measure, item.responsible_post = given.measure, given.responsible_post
    item.evidence, item.state = evidence, RectificationState.REPORTED
    item.reported_by, item.reported_at = work.actor.id, moment
    await _moved(work, one, item)


async def close(work: Work, addressee_id: UUID, rectification_id: UUID) -> None:
    """销号. Raises `EvidenceMissing`, `SecondPersonNeeded`, `AddresseeStateForbids`."""
    one, item = await _item(work, addressee_id, rectification_id, as_issuer=True)
    if item.state != RectificationState.REPORTED:
        raise errors.AddresseeStateForbids(reasons=[{"state": item.state}])
    if not item.evidence:
        raise errors.EvidenceMissing
    if item.reported_by == work.actor.id:
        raise errors.SecondPersonNeeded
    moment = await work.instant()
    item.state, item.closed_by, item.closed_at = RectificationState.CLOSED, work.actor.id, moment
    await _moved(work, one, item)


async def _item(
    work: Work, addressee_id: UUID, rectification_id: UUID, *, as_issuer: bool
) -> tuple[Addressee, Rectification]:
    permission = Permission.NOTICE_DECIDE if as_issuer else Permission.NOTICE_RECORD
    _, one = await queries.addressee_for_update(work, addressee_id, permission, as_issuer=as_issuer)
    items = {item.id: item for item in await queries.rectifications_of(work, one.id)}
    item = items.get(rectification_id)
    if item is None:
        raise errors.RectificationNotFound
    work.expect(item, one)
    _running(one)
    if item.state == RectificationState.CLOSED:
        raise errors.AddresseeStateForbids(reasons=[{"state": item.state}])
    return one, item


def _running(one: Addressee) -> None:
    if one.state in rules.ENDED:
        raise errors.AddresseeStateForbids(reasons=[{"state": one.state}])


async def _moved(work: Work, one: Addressee, item: Rectification) -> None:
    work.touch(one)
    await work.session.flush()
    work.announce(
        RectificationMoved(
            subject=one.id,
            division_code=one.division_code,
            notice_id=one.notice_id,
            rectification_id=item.id,
            state=RectificationState(item.state),
        )
    )
