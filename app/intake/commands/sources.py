"""Registry sources and their secrets."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.core import signing
from app.core.access import Permission
from app.core.db import uuid7
from app.core.errors import Fault, Words
from app.core.work import Work
from app.intake import queries, rules
from app.intake.errors import (
    SecretAlreadyRevoked,
    SourceApproved,
    SourceNotApproved,
    SourceSecondPersonNeeded,
    SourceUnfit,
    TooManySecrets,
)
from app.intake.models import RegistrySource, RegistrySourceSecret
from app.intake.rules import SourceState
from app.intake.schemas import (
    SecretCreate,
    SecretCreated,
    SecretRevoked,
    SecretRotated,
    SourceAdded,
    SourceAmended,
    SourceCreate,
    SourceUpdate,
)

SECRETS = "registry_source_secrets"
_WORDS: dict[str, Words] = {
    "authority_unfit": ("请给出您范围内在用的机关", "Give an active authority inside your scope"),
    "division_unfit": ("请给出您范围内现行的行政区划代码", "Give present divisions inside your scope"),
    "machine_unfit": ("请给出您范围内在用的机器用户", "Give an active machine user inside your scope"),
    "rank_of_people": ("40 是人工录入的级别, 请另选", "40 is the rank of people at a desk; choose another"),
}


async def add_source(work: Work, given: SourceCreate) -> UUID:
    """Let a registry push within its divisions; above rank 50 once a second person has approved it.

    Raises `SourceUnfit`, `SourceCodeTaken`, `MachineUserTaken`."""
    division = await queries.sources.authority_division(work, given.authority_id)
    scope = work.actor.scope(Permission.REGISTRY_SOURCE_ADMINISTER)
    if division is None or await queries.sources.unfit_divisions(work, [division], scope):
        raise _unfit("/authority_id", "authority_unfit")
    if given.source_rank not in range(31, 100) or given.source_rank == 40:
        raise _unfit("/source_rank", "rank_of_people")
    await _check(work, given.divisions, given.machine_user_id)
    source = RegistrySource(
        id=uuid7(),
        division_code=division,
        state=SourceState.SUSPENDED if rules.outweighs(given.source_rank) else SourceState.ACTIVE,
        asked_by=_asker(work),
        **given.model_dump(exclude={"divisions"}),
        divisions=sorted(set(given.divisions)),
    )
    work.session.add(source)
    await work.session.flush()
    work.announce(
        SourceAdded(subject=source.id, division_code=division, code=source.code, divisions=source.divisions)
    )
    return source.id


async def amend_source(work: Work, source_id: UUID, given: SourceUpdate) -> None:
    """Change what a source may do; one above rank 50 then rests until it is approved again.

    Raises `SourceNotFound`, `SourceUnfit`, `MachineUserTaken`, `SourceNotApproved`."""
    source = await queries.sources.get_for_update(work, source_id)
    work.expect(source)
    await _check(work, given.divisions or [], given.machine_user_id)
    for field in given.model_fields_set:
        value: Any = getattr(given, field)
        if value is None and field not in {"machine_user_id", "note"}:
            continue
        setattr(source, field, sorted(set(value)) if field == "divisions" else value)
    if rules.outweighs(source.source_rank):
        if given.model_fields_set & {"divisions", "scheme"}:
            _ask_again(work, source)
        if source.state == SourceState.ACTIVE and source.approved_by is None:
            raise SourceNotApproved
    work.touch(source)
    await work.session.flush()
    work.announce(
        SourceAmended(
            subject=source.id,
            division_code=source.division_code,
            fields=sorted(given.model_fields_set),
            state=source.state,
            divisions=source.divisions,
        )
    )


async def approve_source(work: Work, source_id: UUID) -> None:
    """Take up a source above rank 50, as a second person.

    Raises `SourceNotFound`, `SourceApproved`, `SourceSecondPersonNeeded`."""
    source = await queries.sources.get_for_update(work, source_id)
    work.expect(source)
    if not rules.outweighs(source.source_rank) or source.approved_by is not None:
        raise SourceApproved
    if source.asked_by is None or source.asked_by == work.actor.id:
        raise SourceSecondPersonNeeded
    source.approved_by, source.approved_at = work.actor.id, work.now
    source.state = SourceState.ACTIVE
    await work.session.flush()
    work.announce(
        SourceAmended(
            subject=source.id,
            division_code=source.division_code,
            fields=["approved_by"],
            state=source.state,
            divisions=source.divisions,
        )
    )


def _ask_again(work: Work, source: RegistrySource) -> None:
    source.state = SourceState.SUSPENDED
    source.asked_by, source.approved_by, source.approved_at = _asker(work), None, None


def _asker(work: Work) -> UUID | None:
    return work.actor.id if work.actor.kind == "person" else None


async def rotate_secret(work: Work, source_id: UUID, given: SecretCreate) -> SecretCreated:
    """A new secret, valid at once and shown once; the ones before stay valid for the overlap, then end.

    Whoever has it could push: a source above rank 50 rests until a second person has approved it.
    Raises `SourceNotFound`, `TooManySecrets`."""
    source = await queries.sources.get_for_update(work, source_id)
    current = await queries.sources.in_force(work, source.id)
    if rules.outweighs(source.source_rank):
        _ask_again(work, source)
    if len(current) >= rules.MOST_SECRETS:
        raise TooManySecrets(most=rules.MOST_SECRETS)
    now = await work.instant()
    end = now + timedelta(hours=given.overlap_hours)
    for before in current:
        started, ends = before.valid.lower or now, before.valid.upper
        if ends is None or ends > end:
            before.valid = Range(started, max(end, started + timedelta(microseconds=1)))
    row, secret = uuid7(), signing.new_secret()
    fingerprint = hashlib.sha256(secret.encode()).hexdigest()[:16]
    work.session.add(
        RegistrySourceSecret(
            id=row,
            source_id=source.id,
            secret_cipher=work.crypto.encrypt(secret, table=SECRETS, column="secret_cipher", row=row),
            fingerprint=fingerprint,
            valid=Range(now, None),
            created_by=work.actor.id if work.actor.kind == "person" else None,
        )
    )
    await work.session.flush()
    work.announce(
        SecretRotated(
            subject=source.id,
            division_code=source.division_code,
            secret_id=row,
            fingerprint=fingerprint,
            overlap_hours=given.overlap_hours,
        )
    )
    work.keep_secret()
    return SecretCreated(id=row, secret=secret, fingerprint=fingerprint, valid_from_at=now)


async def revoke_secret(work: Work, source_id: UUID, secret_id: UUID) -> None:
    """From now on the secret signs nothing.

    Raises `SourceNotFound`, `SecretNotFound`, `SecretAlreadyRevoked`."""
    source = await queries.sources.get_for_update(work, source_id)
    secret = await queries.sources.get_secret_for_update(work, source.id, secret_id)
    work.expect(secret)
    if secret.revoked_at is not None:
        raise SecretAlreadyRevoked
    secret.revoked_at = await work.instant()
    await work.session.flush()
    work.announce(
        SecretRevoked(
            subject=source.id,
            division_code=source.division_code,
            secret_id=secret.id,
            fingerprint=secret.fingerprint,
        )
    )


def reveal_secret(work: Work, secret: RegistrySourceSecret) -> str:
    """The secret itself, to sign or verify with."""
    return work.crypto.decrypt(secret.secret_cipher, table=SECRETS, column="secret_cipher", row=secret.id)


async def _check(work: Work, divisions: list[str], machine_user_id: UUID | None) -> None:
    scope = work.actor.scope(Permission.REGISTRY_SOURCE_ADMINISTER)
    if await queries.sources.unfit_divisions(work, divisions, scope):
        raise _unfit("/divisions", "division_unfit")
    if machine_user_id is not None and not await queries.sources.is_machine(work, machine_user_id, scope):
        raise _unfit("/machine_user_id", "machine_unfit")


def _unfit(pointer: str, code: str) -> SourceUnfit:
    return SourceUnfit(errors=[Fault(pointer, code, _WORDS[code])])
