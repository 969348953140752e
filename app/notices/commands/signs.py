"""Register signs; give and void numbers."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.notices import queries, rules
from app.notices.commands import checking
from app.notices.models import DocumentCounter, DocumentNumber, DocumentSign, Notice
from app.notices.rules import AddresseeKind, NumberState, Wrong
from app.notices.schemas import DocumentSignRegister, DocumentSignRegistered


async def register(work: Work, plan: DocumentSignRegister) -> UUID:
    """Register the 机关代字 of a body or a department. Raises `SignTaken`, `NoticeInvalid`."""
    wrongs = []
    if not rules.is_sign(plan.sign):
        words = ("机关代字为一至十二个汉字", "a sign is one to twelve Chinese characters")
        wrongs.append(Wrong("/sign", "sign_format", words))
    owner: queries.Target | None = None
    if (plan.party_organization_id is None) == (plan.authority_id is None):
        words = ("党组织和部门二者选一", "name a Party organization or an authority, not both")
        wrongs.append(Wrong("/party_organization_id", "one_owner", words))
    else:
        body = plan.party_organization_id is not None
        kind = AddresseeKind.PARTY_ORGANIZATION if body else AddresseeKind.AUTHORITY
        wanted = plan.party_organization_id or plan.authority_id
        assert wanted is not None  # noqa: S101 (one of the two)
        scope = work.actor.scope(Permission.NOTICE_DECIDE)
        owner = (await queries.targets(work, kind, [wanted], scope)).get(wanted)
        if owner is None:
            pointer = "/party_organization_id" if body else "/authority_id"
            wrongs.append(checking.missing(pointer, "发文机关", "issuer"))
    checking.refuse(wrongs)
    assert owner is not None  # noqa: S101 (refused above)
    sign = DocumentSign(
        id=uuid7(),
        sign=plan.sign,
        party_organization_id=owner.body_id,
        authority_id=plan.authority_id,
        division_code=owner.division_code,
        document=plan.document,
    )
    work.session.add(sign)
    await work.session.flush()
    work.announce(DocumentSignRegistered(subject=sign.id, division_code=sign.division_code, sign=sign.sign))
    return sign.id


async def allocate(work: Work, notice: Notice, sign_id: UUID, year: int) -> str:
    """The next number under a sign in a year. The counter's row is held until the transaction ends, so that
    a number which is not issued in the end is given to the next: no gap, no repeat."""
    sign: str = await work.scalar(select(DocumentSign.sign).where(DocumentSign.id == sign_id))
    taken = insert(DocumentCounter).values(sign_id=sign_id, year=year, last=1)
    serial: int = await work.scalar(
        taken.on_conflict_do_update(
            index_elements=["sign_id", "year"], set_={"last": DocumentCounter.last + 1}
        ).returning(DocumentCounter.last)
    )
    number = rules.document_number(sign, year, serial)
    work.session.add(
        DocumentNumber(
            id=uuid7(),
            sign_id=sign_id,
            year=year,
            serial=serial,
            number=number,
            notice_id=notice.id,
            state=NumberState.ALLOCATED,
        )
    )
    return number


async def void(work: Work, notice: Notice, reason: str) -> bool:
    """Void the number of a notice; it stays in the register and is never given again."""
    voided = await work.execute(
        update(DocumentNumber)
        .where(DocumentNumber.notice_id == notice.id, DocumentNumber.state == NumberState.ALLOCATED)
        .values(
            state=NumberState.VOIDED,
            voided_at=await work.instant(),
            voided_by=work.actor.id,
            voided_reason=reason,
        )
        .returning(DocumentNumber.id)
        .execution_options(synchronize_session=False)
    )
    return voided.one_or_none() is not None
