"""Issue and withdraw. What is issued is numbered and frozen in the one transaction that issues it."""

from datetime import date
from uuid import UUID

from sqlalchemy import update

from app.core.access import Permission
from app.core.work import Work
from app.notices import errors, queries, rules
from app.notices.commands import checking, drafting, signs
from app.notices.models import Addressee, Notice, NoticeDocument
from app.notices.rules import AddresseeState, NoticeKind, NoticeState, Urgency
from app.notices.rules.freezing import Text, frozen, official
from app.notices.schemas import AddresseeEscalated, NoticeIssued, NoticeWithdraw, NoticeWithdrawn

_DECIDE = Permission.NOTICE_DECIDE


async def issue(work: Work, notice_id: UUID) -> None:
    """印发: number the notice, freeze its text with the figures it quotes, start the deadlines.

    Raises `NoticeStateForbids`, `SecretsNotHeld`, `DocumentTooLarge`."""
    notice = await queries.get_for_update(work, notice_id, _DECIDE)
    checking.in_state(notice, NoticeState.APPROVED)
    whom = await queries.addressees_of(work, notice.id)
    if official(_text(notice, whom, work.today)).too_long:
        raise errors.DocumentTooLarge
    due_on, provisional = await checking.due(work, notice, work.today)
    moment = await work.instant()
    number = None
    if notice.sign_id is not None:
        number = await signs.allocate(work, notice, notice.sign_id, work.today.year)
    notice.state, notice.number = NoticeState.ISSUED, number
    notice.issued_by, notice.issued_at, notice.issued_on = work.actor.id, moment, work.today
    notice.due_on, notice.provisional = due_on, provisional
    drafting.send(notice, whom)
    content, digest = frozen(_text(notice, whom, work.today))
    work.session.add(NoticeDocument(notice_id=notice.id, content=content, sha256=digest))
    await work.session.flush()
    work.announce(
        NoticeIssued(
            subject=notice.id,
            division_code=notice.division_code,
            kind=NoticeKind(notice.kind),
            number=number,
            issued_on=work.today,
            due_on=due_on,
            content_sha256=digest,
            addressed=len(whom),
        )
    )
    if notice.escalates_id is not None:
        await _escalated(work, notice, notice.escalates_id)


def _text(notice: Notice, whom: list[Addressee], issued_on: date) -> Text:
    return Text(
        kind=NoticeKind(notice.kind),
        issuer=notice.issuer_name,
        title=notice.title,
        number=notice.number,
        urgency=Urgency(notice.urgency),
        addressees=tuple(one.name for one in whom),
        paragraphs=notice.paragraphs,
        figures=notice.figures,
        attachments=notice.attachments,
        copy_to=notice.copy_to,
        note=notice.note,
        issued_on=issued_on,
    )


async def _escalated(work: Work, notice: Notice, addressee_id: UUID) -> None:
    """Note at the addressee that did not answer that something graver followed."""
    row = (
        await work.execute(
            update(Addressee)
            .where(Addressee.id == addressee_id)
            .values(escalated_at=notice.issued_at, version=Addressee.version + 1)
            .returning(Addressee.notice_id, Addressee.division_code)
            .execution_options(synchronize_session=False)
        )
    ).one()
    work.announce(
        AddresseeEscalated(
            subject=addressee_id,
            division_code=row.division_code,
            notice_id=row.notice_id,
            by_notice_id=notice.id,
            kind=NoticeKind(notice.kind),
        )
    )


async def withdraw(work: Work, notice_id: UUID, order: NoticeWithdraw) -> None:
    """Withdraw a notice in whatever state, with the reason; its text and its number stay on record."""
    notice = await queries.get_for_update(work, notice_id, _DECIDE)
    if notice.state == NoticeState.WITHDRAWN:
        raise errors.NoticeStateForbids(reasons=[{"state": notice.state}])
    checking.no_secrets(order.reason)
    for one in await queries.addressees_of(work, notice.id):
        if one.state not in rules.ENDED:
            one.state = AddresseeState.WITHDRAWN
    voided = order.void_number and await signs.void(work, notice, order.reason)
    moment = await work.instant()
    notice.state, notice.withdrawn_at = NoticeState.WITHDRAWN, moment
    notice.withdrawn_reason = order.reason
    await work.session.flush()
    work.announce(
        NoticeWithdrawn(subject=notice.id, division_code=notice.division_code, number_voided=voided)
    )
