"""Enter, change, find and show members. What names a person is sealed before it is stored."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from app.core.access import Permission
from app.core.crypto import Index, mask_id_number, mask_name, mask_phone
from app.core.db import uuid7
from app.core.work import Work
from app.identity import commands as identity
from app.members import errors, queries, rules
from app.members.commands import checking, clocks, verifications
from app.members.models import Affiliation, Member, Person, StatusPeriod
from app.members.rules import IN_PARTY, MemberStatus, Wrong
from app.members.schemas import (
    MemberChanged,
    MemberCreate,
    MemberFind,
    MemberRecorded,
    MemberRevealed,
    MembersFound,
    MemberShown,
    MembersLookedUp,
    MemberUpdate,
    PartialDay,
    RevealRequest,
)

_TABLE = "persons"
_MASKS = {"name": mask_name, "id_number": mask_id_number, "phone": mask_phone}
_RECORD = Permission.MEMBER_RECORD


def index(work: Work, field: str, value: str) -> Index:
    """The blind index of a person's field; 15- and 18-digit ID numbers are one (the field type lengthens)."""
    return work.crypto.index(f"persons.{field}", value)


def seal(work: Work, person: Person, field: str, value: str | None) -> None:
    """Set a field of a person: ciphertext bound to its place, blind index, mask; or nothing of it."""
    sealed = (
        None
        if value is None
        else work.crypto.encrypt(value, table=_TABLE, column=f"{field}_cipher", row=person.id)
    )
    setattr(person, f"{field}_cipher", sealed)
    found = None if value is None else index(work, field, value)
    setattr(person, f"{field}_blind", None if found is None else found.stored)
    if field == "id_number":
        person.id_number_next_blind = None if found is None else found.beside
    setattr(person, f"{field}_mask", None if value is None else _MASKS[field](value))


async def record(work: Work, plan: MemberCreate) -> UUID:
    """Enter a person who is already on the way. Raises `MemberInvalid`, `MemberKnown`,
    `PersonNeedsVerification`: then the level above is asked, on record even though nothing else is stored."""
    try:
        return await enter(work, plan)
    except errors.PersonNeedsVerification:
        await ask_above(work, plan)
        await work.keep()
        raise


async def enter(work: Work, plan: MemberCreate) -> UUID:
    """The same inside the caller's transaction, from whose savepoint a refusal is taken back."""
    _check(work, plan)
    body, division = await checking.own_body(
        work, plan.party_organization_id, _RECORD, "/party_organization_id"
    )
    await checking.workplace(work, plan.organization_id, _RECORD)
    person = await _person(work, plan, body.id, division)
    member = Member(
        id=uuid7(),
        person_id=person.id,
        status=plan.status,
        applied_on=plan.applied_on,
        party_organization_id=body.id,
        division_code=division,
        organization_id=plan.organization_id,
        employment=plan.employment,
        scattered=plan.scattered,
        **_dates("joined", plan.joined),
        **_dates("full", plan.full),
    )
    work.session.add(member)
    await work.session.flush()
    since = _since(work, plan)
    work.session.add(
        StatusPeriod(
            id=uuid7(), member_id=member.id, status=plan.status, valid=Range(since), document=plan.document
        )
    )
    work.session.add(
        Affiliation(
            id=uuid7(),
            member_id=member.id,
            party_organization_id=body.id,
            valid=Range(plan.affiliated_on or work.today),
        )
    )
    await work.session.flush()
    work.announce(
        MemberRecorded(
            subject=member.id, division_code=division, status=plan.status, party_organization_id=body.id
        )
    )
    return member.id


async def ask_above(work: Work, plan: MemberCreate) -> None:
    """Have the level above verify whether the person of a plan is the one whom another place knows."""
    if plan.id_number is not None:
        await verifications.ask(
            work, index(work, "id_number", plan.id_number).sought, plan.party_organization_id, plan.name
        )


async def _person(work: Work, plan: MemberCreate, body_id: UUID, division: str) -> Person:
    """A new person, or one whose membership ended and who comes again (重新入党): known by the ID number.

    Somebody known in sight is told; elsewhere the answer is neutral."""
    number = None if plan.id_number is None else index(work, "id_number", plan.id_number)
    known = None if number is None else await queries.person_by_id_number(work, number.sought)
    person = known or Person(id=uuid7(), party_organization_id=body_id, division_code=division)
    if known is not None:
        if await queries.has_membership(work, known):
            raise errors.MemberKnown
        known.party_organization_id, known.division_code = body_id, division
    for field in ("name", "id_number", "phone"):
        seal(work, person, field, getattr(plan, field))
    async with _neutral(work):
        work.session.add(person)
        await work.session.flush()
    return person


@asynccontextmanager
async def _neutral(work: Work) -> AsyncIterator[None]:
    """Raises `PersonNeedsVerification` where somebody out of sight has the ID number."""
    try:
        async with work.session.begin_nested():
            yield
    except IntegrityError as error:
        if not any(name in str(error.orig) for name in errors.PersonNeedsVerification.constraint):
            raise
        raise errors.PersonNeedsVerification from None


def _check(work: Work, plan: MemberCreate) -> None:
    wrongs = rules.wrong_with_dates(plan.status, _pair(plan.joined), _pair(plan.full), work.today)
    if plan.status in {MemberStatus.SUSPENDED, MemberStatus.ENDED}:
        words = ("停止和终止请在登记后用相应的操作办理", "record the member first, then use the verb")
        wrongs.append(Wrong("/status", "status_by_verb", words))
    if plan.status in IN_PARTY and plan.id_number is None:
        wrongs.append(checking.ID_NUMBER)
    for name in ("applied_on", "affiliated_on"):
        given = getattr(plan, name)
        if given is not None and given > work.today:
            wrongs.append(Wrong(f"/{name}", checking.FUTURE.code, checking.FUTURE.words))
    checking.refuse(wrongs)


def _pair(day: PartialDay | None) -> tuple[Any, Any] | None:
    return None if day is None else (day.on, day.precision)


def _dates(name: str, day: PartialDay | None) -> dict[str, Any]:
    """A partial date as its two columns; what is unknown of it reads 01."""
    if day is None:
        return {}
    return {f"{name}_on": rules.first_day(day.on, day.precision), f"{name}_precision": day.precision}


def _since(work: Work, plan: MemberCreate) -> Any:
    known = {MemberStatus.FULL: plan.full, MemberStatus.PROBATIONARY: plan.joined}.get(plan.status)
    if known is not None:
        return rules.first_day(known.on, known.precision)
    if plan.status is MemberStatus.APPLICANT and plan.applied_on is not None:
        return plan.applied_on
    return work.today


async def change(work: Work, member_id: UUID, update: MemberUpdate) -> None:
    """Change what is known of a member. Raises `MemberNotFound`, `MemberHasEnded`, `MemberInvalid`,
    `MemberKnown`, and `PersonNeedsVerification` as `record` does."""
    member = await queries.get_for_update(work, member_id, _RECORD)
    work.expect(member)
    body_id = member.party_organization_id
    try:
        async with work.session.begin_nested():
            await correct(work, member, update)
    except errors.PersonNeedsVerification:
        if update.id_number is not None:
            number = index(work, "id_number", update.id_number)
            await verifications.ask(work, number.sought, body_id, None)
        await work.keep()
        raise


async def correct(work: Work, member: Member, update: MemberUpdate) -> None:
    """The change itself, of a member that is locked."""
    if member.status == MemberStatus.ENDED:
        raise errors.MemberHasEnded
    given = update.model_fields_set
    for name in ("floating_since", "contact_lost_on"):
        day = getattr(update, name)
        if day is not None and day > work.today:
            checking.refuse([Wrong(f"/{name}", checking.FUTURE.code, checking.FUTURE.words)])
    if "organization_id" in given:
        await checking.workplace(work, update.organization_id, _RECORD)
    if "id_number" in given and update.id_number is None and member.status in IN_PARTY:
        checking.refuse([checking.ID_NUMBER])
    changed = [
        name
        for name in sorted(given)
        if name not in _MASKS and getattr(member, name) != getattr(update, name)
    ]
    for name in changed:
        setattr(member, name, getattr(update, name))
    if not {"contact_lost_on", "floating_since"}.isdisjoint(changed):
        await clocks.wind(work, member)
    changed += await _change_person(work, member, update)
    if changed:
        work.touch(member)
        await work.session.flush()
        work.announce(
            MemberChanged(subject=member.id, division_code=member.division_code, changed=sorted(changed))
        )


async def _change_person(work: Work, member: Member, update: MemberUpdate) -> list[str]:
    asked = sorted(set(_MASKS) & update.model_fields_set)
    if not asked:
        return []
    person = await queries.person_of(work, member)
    changed = []
    for field in asked:
        value = getattr(update, field)
        sought = (None,) if value is None else index(work, field, value).sought
        if getattr(person, f"{field}_blind") not in sought:
            known = value is not None and field == "id_number"
            if known and await queries.person_by_id_number(work, sought):
                raise errors.MemberKnown
            seal(work, person, field, value)
            changed.append(field)
    async with _neutral(work):
        await work.session.flush()
    return changed


async def find(work: Work, asked: MemberFind) -> MembersFound:
    """Members in sight by whole name, ID number or phone; the search is on record without its words."""
    given = [(name, value) for name in _MASKS if (value := getattr(asked, name)) is not None]
    if not given:
        words = ("请给出姓名、身份号码或电话中的一项", "give a name, an ID number or a phone")
        checking.refuse([Wrong("", "nothing_asked", words)])
    found = await queries.find(
        work, sought=[(name, index(work, name, value).sought) for name, value in given]
    )
    work.announce(
        MembersLookedUp(subject=work.actor.id, by=[name for name, _ in given], found=len(found.items))
    )
    return found


async def reveal(work: Work, member_id: UUID, asked: RevealRequest) -> MemberRevealed:
    """Plain text of a member; who asked and why is committed before it leaves, and it is stored nowhere."""
    work.keep_secret()
    member = await queries.get_for_update(work, member_id, Permission.MEMBER_REVEAL)
    await identity.permit_reveal(work)
    fields = sorted(set(asked.fields))
    work.announce(
        MemberShown(
            subject=member.id,
            division_code=member.division_code,
            fields=fields,
            purpose=asked.purpose,
            reason=asked.reason,
        )
    )
    await work.session.flush()
    person = await queries.person_of(work, member)
    shown = dict.fromkeys(_MASKS) | {field: _open(work, person, field) for field in fields}
    return MemberRevealed.model_validate(shown)


def _open(work: Work, person: Person, field: str) -> str | None:
    sealed = getattr(person, f"{field}_cipher")
    if sealed is None:
        return None
    return work.crypto.decrypt(sealed, table=_TABLE, column=f"{field}_cipher", row=person.id)
