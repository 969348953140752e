"""Sign, correct and end pairing agreements."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.agreements import errors, queries, rules
from app.agreements.models import Agreement, AgreementParty
from app.agreements.rules import AgreementEnd, Party, Wrong
from app.agreements.schemas import (
    AgreementCorrect,
    AgreementCorrected,
    AgreementEnded,
    AgreementEnding,
    AgreementSign,
    AgreementSigned,
    CounterpartName,
)
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work

_FUTURE = ("不能晚于今天, 请改为今天或更早的日期", "lies in the future: give today or an earlier day")


def _refuse(wrongs: Iterable[Wrong]) -> None:
    if faults := [Fault(wrong.pointer, wrong.code, wrong.words) for wrong in wrongs]:
        raise errors.AgreementInvalid(errors=faults)


def _late(work: Work, day: date | None, pointer: str) -> list[Wrong]:
    return [Wrong(pointer, "in_future", _FUTURE)] if day is not None and day > work.today else []


async def sign(work: Work, plan: AgreementSign) -> UUID:
    """Put an agreement on record. Raises `AgreementInvalid` with every reason, `AgreementTwice`."""
    holder = Party(plan.party_organization_id, plan.organization_id, None)
    others = [Party(c.party_organization_id, c.organization_id, c.unit_name) for c in plan.counterparts]
    since = plan.from_on or plan.signed_on
    wrongs = rules.wrong_with_parties(holder, others) + rules.wrong_with_term(since, plan.until_on)
    wrongs += _late(work, plan.signed_on, "/signed_on") + _units(plan.counterparts)
    places, missing = await _places(work, [("", holder), *_numbered(others)])
    _refuse(wrongs + missing)
    agreement = Agreement(
        id=uuid7(),
        party_organization_id=plan.party_organization_id,
        organization_id=plan.organization_id,
        holder_id=plan.party_organization_id or plan.organization_id,
        division_code=places[holder.key],
        title=plan.title,
        number=plan.number,
        signed_on=plan.signed_on,
        term=Range(since, plan.until_on),
        items=[item.model_dump(mode="json") for item in plan.items],
        document=plan.document,
        void=False,
    )
    work.session.add(agreement)
    await work.session.flush()
    for given, party in zip(plan.counterparts, others, strict=True):
        work.session.add(
            AgreementParty(
                id=uuid7(),
                agreement_id=agreement.id,
                holder_id=agreement.holder_id,
                term=agreement.term,
                void=False,
                party_organization_id=given.party_organization_id,
                organization_id=given.organization_id,
                unit_name=given.unit_name,
                unit_kind=given.unit_kind,
                division_code=places.get(party.key),
            )
        )
    await work.session.flush()
    work.announce(
        AgreementSigned(
            subject=agreement.id,
            division_code=agreement.division_code,
            party_organization_id=agreement.party_organization_id,
            organization_id=agreement.organization_id,
            counterparts=len(others),
            from_on=since,
            until_on=plan.until_on,
        )
    )
    return agreement.id


def _numbered(parties: list[Party]) -> list[tuple[str, Party]]:
    return [(f"/counterparts/{number}", party) for number, party in enumerate(parties)]


def _units(given: list[CounterpartName]) -> list[Wrong]:
    words = ("系统外单位须同时填写名称和类别", "a unit outside has a name and a kind, no other party has")
    return [
        Wrong(f"/counterparts/{number}/unit_kind", "unit_kind", words)
        for number, party in enumerate(given)
        if (party.unit_name is None) != (party.unit_kind is None)
    ]


async def _places(work: Work, parties: list[tuple[str, Party]]) -> tuple[dict[str, str], list[Wrong]]:
    """The divisions of those inside the system, and who of them cannot be seen from here."""
    bodies = [party.party_organization_id for _, party in parties if party.party_organization_id]
    ids = [party.organization_id for _, party in parties if party.organization_id]
    known = {
        "party_organization_id": await queries.bodies_in_scope(work, bodies) if bodies else {},
        "organization_id": await queries.organizations_in_scope(work, ids) if ids else {},
    }
    words = ("没有这一方, 或不在您的范围内", "there is no such party, or it is outside your scope")
    wrongs = [
        Wrong(f"{pointer}/{field}", "not_found", words)
        for pointer, party in parties
        for field, seen in known.items()
        if getattr(party, field) is not None and getattr(party, field) not in seen
    ]
    return {str(key): code for seen in known.values() for key, code in seen.items()}, wrongs


async def _open(work: Work, agreement_id: UUID) -> Agreement:
    agreement = await queries.for_update(work, agreement_id)
    work.expect(agreement)
    if agreement.ended_on is not None:
        raise errors.AgreementIsOver
    return agreement


async def correct(work: Work, agreement_id: UUID, update: AgreementCorrect) -> None:
    """Change what is known of an agreement. Raises `AgreementIsOver`, `AgreementTwice`."""
    agreement = await _open(work, agreement_id)
    since, given = agreement.term.lower, update.model_fields_set
    if "until_on" in given and since is not None:
        _refuse(rules.wrong_with_term(since, update.until_on))
        agreement.term = Range(since, update.until_on)
    for number, item in enumerate(update.items if "items" in given else ()):
        _refuse(_late(work, item.done_on, f"/items/{number}/done_on"))
    for name in given & {"title", "number", "document"}:
        setattr(agreement, name, getattr(update, name))
    if "items" in given:
        agreement.items = [item.model_dump(mode="json") for item in update.items]
    if given:
        work.touch(agreement)
        await work.session.flush()
        work.announce(
            AgreementCorrected(
                subject=agreement.id, division_code=agreement.division_code, changed=sorted(given)
            )
        )


async def end(work: Work, agreement_id: UUID, order: AgreementEnding) -> None:
    """End an agreement on a day, or say that it never was. Raises `AgreementIsOver`, `AgreementInvalid`."""
    agreement = await _open(work, agreement_id)
    on, since, until = order.on or work.today, agreement.term.lower, agreement.term.upper
    _refuse(_late(work, order.on, "/on"))
    agreement.ended_on, agreement.ended_reason, agreement.ended_note = on, order.reason, order.note
    if order.reason is AgreementEnd.RECORDED_IN_ERROR:
        agreement.void = True
    elif (since is not None and on <= since) or (until is not None and on > until):
        words = ("须在协议期限之内", "must lie within the agreement's term")
        _refuse([Wrong("/on", "outside_term", words)])
    else:
        agreement.term = Range(since, on)
    await work.session.flush()
    work.announce(
        AgreementEnded(
            subject=agreement.id, division_code=agreement.division_code, on=on, reason=order.reason
        )
    )
