"""Draft, change, submit, approve or send back; record what others issued."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core.access import Permission
from app.core.db import uuid7
from app.core.work import Work
from app.notices import errors, queries, rules
from app.notices.commands import checking
from app.notices.models import Addressee, Notice
from app.notices.rules import AddresseeKind, AddresseeState, NoticeKind, NoticeState, Wrong
from app.notices.schemas import (
    NoticeChanged,
    NoticeDecision,
    NoticeDraft,
    NoticeDrafted,
    NoticeFigure,
    NoticeIssued,
    NoticeMoved,
    NoticeParagraph,
    NoticeRecord,
    NoticeUpdate,
)

_RECORD = Permission.NOTICE_RECORD
_TERMS = frozenset({"talk_level", "reply_required", "answer_days", "due_on"})


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who answers for a notice."""

    party_organization_id: UUID | None
    authority_id: UUID | None
    division_code: str
    name: str
    sign_id: UUID | None = None


async def draft(work: Work, plan: NoticeDraft) -> UUID:
    """Draft a notice. Raises `NoticeInvalid` with every reason, `SecretsNotHeld`."""
    _no_secrets(plan)
    wrongs = checking.wrong_with_terms(
        work,
        plan.kind,
        talk_level=plan.talk_level,
        reply_required=plan.reply_required,
        answer_days=plan.answer_days,
        due_on=plan.due_on,
    )
    issuer, more = await _issuer(work, plan)
    wrongs += more
    whom, more = await checking.targets(work, plan.addressees, _RECORD)
    wrongs += more
    if plan.previous_id is not None and not await queries.is_ours(work, plan.previous_id, _RECORD):
        wrongs.append(checking.missing("/previous_id", "文件", "notice"))
    checking.refuse(wrongs)
    assert issuer is not None  # noqa: S101 (refused above)
    notice = new_notice(
        issuer,
        kind=plan.kind,
        title=plan.title,
        paragraphs=_paragraphs(plan.paragraphs),
        drafted_by=work.actor.id,
        attachments=list(plan.attachments),
        copy_to=list(plan.copy_to),
        note=plan.note,
        urgency=plan.urgency,
        talk_level=plan.talk_level,
        figures=_figures(plan.figures),
        reply_required=plan.reply_required,
        answer_days=plan.answer_days,
        due_on=plan.due_on,
        previous_id=plan.previous_id,
    )
    await keep(work, notice, whom)
    return notice.id


def new_notice(issuer: Issuer, **fields: Any) -> Notice:
    """A draft with what every notice has."""
    plain = {
        "id": uuid7(),
        "state": NoticeState.DRAFT,
        "recorded": False,
        "proposed": False,
        "provisional": False,
        "urgency": rules.Urgency.NORMAL,
        "sign_id": issuer.sign_id,
        "party_organization_id": issuer.party_organization_id,
        "authority_id": issuer.authority_id,
        "division_code": issuer.division_code,
        "issuer_name": issuer.name,
    }
    lists: dict[str, list[Any]] = {"attachments": [], "copy_to": [], "figures": [], "paragraphs": []}
    return Notice(**{**plain, **lists, **fields})


async def keep(work: Work, notice: Notice, whom: list[Addressee]) -> None:
    """Store a new notice with its addressees, and say so."""
    work.session.add(notice)
    await work.session.flush()
    for one in whom:
        one.id, one.notice_id = uuid7(), notice.id
    work.session.add_all(whom)
    await work.session.flush()
    work.announce(
        NoticeDrafted(
            subject=notice.id,
            division_code=notice.division_code,
            kind=NoticeKind(notice.kind),
            recorded=notice.recorded,
            proposed=notice.proposed,
            addressed=len(whom),
            escalates_id=notice.escalates_id,
        )
    )


async def change(work: Work, notice_id: UUID, update: NoticeUpdate) -> None:
    """Change a draft; addressees are replaced whole. Raises `NoticeStateForbids`."""
    notice = await queries.get_for_update(work, notice_id, _RECORD)
    checking.in_state(notice, NoticeState.DRAFT)
    _no_secrets(update)
    given = update.model_fields_set - {"secrecy"}
    values = {name: getattr(update, name) for name in given - {"addressees"}}
    if "paragraphs" in values:
        values["paragraphs"] = _paragraphs(update.paragraphs)
    if "figures" in values:
        values["figures"] = _figures(update.figures)
    wrongs: list[Wrong] = []
    if given & _TERMS:
        terms = {name: values.get(name, getattr(notice, name)) for name in _TERMS}
        wrongs += checking.wrong_with_terms(work, NoticeKind(notice.kind), **terms)
    whom: list[Addressee] = []
    if "addressees" in given:
        whom, more = await checking.targets(work, update.addressees, _RECORD)
        wrongs += more
    checking.refuse(wrongs)
    changed = sorted(name for name, value in values.items() if getattr(notice, name) != value)
    for name in changed:
        setattr(notice, name, values[name])
    if "addressees" in given:
        changed.append("addressees")
        for old in await queries.addressees_of(work, notice.id):
            await work.session.delete(old)
        await work.session.flush()
        for one in whom:
            one.id, one.notice_id = uuid7(), notice.id
        work.session.add_all(whom)
        work.touch(notice)
    if changed:
        await work.session.flush()
        work.announce(
            NoticeChanged(subject=notice.id, division_code=notice.division_code, changed=sorted(changed))
        )


async def submit(work: Work, notice_id: UUID) -> None:
    """Hand a draft to a second person. Raises `NoticeStateForbids`, `NoticeInvalid` for an empty text."""
    notice = await queries.get_for_update(work, notice_id, _RECORD)
    checking.in_state(notice, NoticeState.DRAFT)
    if not notice.paragraphs:
        words = ("正文不能为空", "there is no text yet")
        checking.refuse([Wrong("/paragraphs", "text_required", words)])
    moment = await work.instant()
    notice.state, notice.sent_back_reason = NoticeState.SUBMITTED, None
    notice.submitted_by, notice.submitted_at = work.actor.id, moment
    await _moved(work, notice)


async def decide(work: Work, notice_id: UUID, decision: NoticeDecision) -> None:
    """A second person approves the text, or sends it back with the reason. Raises `SecondPersonNeeded`."""
    notice = await queries.get_for_update(work, notice_id, Permission.NOTICE_APPROVE)
    checking.in_state(notice, NoticeState.SUBMITTED)
    if work.actor.id in {notice.drafted_by, notice.submitted_by}:
        raise errors.SecondPersonNeeded
    if not decision.approved:
        if decision.reason is None:
            checking.refuse([Wrong("/reason", "reason_required", ("请写明理由", "say why"))])
        checking.no_secrets(decision.reason)
        notice.state, notice.sent_back_reason = NoticeState.DRAFT, decision.reason
        notice.submitted_by = notice.submitted_at = None
    else:
        moment = await work.instant()
        notice.state = NoticeState.APPROVED
        notice.approved_by, notice.approved_at = work.actor.id, moment
    await _moved(work, notice)


async def _moved(work: Work, notice: Notice) -> None:
    await work.session.flush()
    state = NoticeState(notice.state)
    work.announce(NoticeMoved(subject=notice.id, division_code=notice.division_code, state=state))


async def record(work: Work, plan: NoticeRecord) -> UUID:
    """Record what others issued to ours, with its number as printed. Raises `RecordedAlready`."""
    _no_secrets(plan)
    checking.no_secrets(plan.issuer_name, plan.number)
    wrongs = [
        wrong
        for wrong in checking.wrong_with_terms(
            work,
            plan.kind,
            talk_level=None,
            reply_required=plan.reply_required,
            answer_days=plan.answer_days,
            due_on=plan.due_on,
        )
        if wrong.code != "too_early"
    ]
    if plan.issued_on > work.today:
        wrongs.append(Wrong("/issued_on", "in_future", ("不能晚于今天", "lies in the future")))
    if not rules.is_recorded_number(plan.number):
        words = ("不是发文字号", "this is no document number")
        wrongs.append(Wrong("/number", "document_number", words))
    issuer = await _body(work, plan.party_organization_id)
    if issuer is None:
        wrongs.append(checking.missing("/party_organization_id", "党组织", "Party organization"))
    whom, more = await checking.targets(work, plan.addressees, _RECORD)
    checking.refuse(wrongs + more)
    assert issuer is not None  # noqa: S101 (refused above)
    notice = new_notice(
        issuer,
        kind=plan.kind,
        recorded=True,
        state=NoticeState.ISSUED,
        issuer_name=plan.issuer_name,
        number=plan.number,
        title=plan.title,
        paragraphs=_paragraphs(plan.paragraphs),
        drafted_by=work.actor.id,
        reply_required=plan.reply_required,
        answer_days=plan.answer_days,
        due_on=plan.due_on,
        issued_by=work.actor.id,
        issued_at=await work.instant(),
        issued_on=plan.issued_on,
    )
    notice.due_on, notice.provisional = await checking.due(work, notice, plan.issued_on)
    send(notice, whom)
    await keep(work, notice, whom)
    work.announce(
        NoticeIssued(
            subject=notice.id,
            division_code=notice.division_code,
            kind=plan.kind,
            number=plan.number,
            issued_on=plan.issued_on,
            due_on=notice.due_on,
            content_sha256=None,
            addressed=len(whom),
        )
    )
    return notice.id


def send(notice: Notice, whom: list[Addressee]) -> None:
    """The addressees of a notice that is issued wait, each with the deadline."""
    for one in whom:
        one.state, one.provisional = AddresseeState.WAITING, notice.provisional
        if notice.due_on is not None:
            one.due_on, one.due_at = notice.due_on, checking.at_end_of(notice.due_on)


def _no_secrets(plan: NoticeDraft | NoticeUpdate | NoticeRecord) -> None:
    given = plan.model_dump(mode="json", exclude_unset=True)
    checking.no_secrets(*_texts(given), secrecy=plan.secrecy)


def _texts(value: Any) -> list[str]:
    """Every text in what was sent, however deep."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in inner for text in _texts(part)]


def _paragraphs(given: list[NoticeParagraph]) -> list[Any]:
    return [one.model_dump(mode="json") for one in given]


def _figures(given: list[NoticeFigure]) -> list[Any]:
    return [one.model_dump(mode="json") for one in given]


async def _issuer(work: Work, plan: NoticeDraft) -> tuple[Issuer | None, list[Wrong]]:
    """The owner of the sign; of a talk without one, the body that is named."""
    if plan.sign_id is not None:
        if plan.party_organization_id is not None:
            words = ("发文机关由机关代字确定", "the sign says who issues")
            return None, [Wrong("/party_organization_id", "by_sign", words)]
        sign = await queries.sign_in_scope(work, plan.sign_id, _RECORD)
        if sign is None:
            return None, [checking.missing("/sign_id", "机关代字", "sign")]
        name = await queries.issuer_name(work, sign)
        return Issuer(sign.party_organization_id, sign.authority_id, sign.division_code, name, sign.id), []
    if plan.kind not in rules.TALKS:
        words = ("须指明机关代字", "this kind is numbered: name the sign")
        return None, [Wrong("/sign_id", "sign_required", words)]
    issuer = await _body(work, plan.party_organization_id)
    if issuer is None:
        return None, [checking.missing("/party_organization_id", "党组织", "Party organization")]
    return issuer, []


async def _body(work: Work, body_id: UUID | None) -> Issuer | None:
    if body_id is None:
        return None
    kind = AddresseeKind.PARTY_ORGANIZATION
    found = await queries.targets(work, kind, [body_id], work.actor.scope(_RECORD))
    body = found.get(body_id)
    return Issuer(body_id, None, body.division_code, body.name) if body else None
