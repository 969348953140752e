"""API keys of machines."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from app.core.access import Permission
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.fields import Ref
from app.core.work import Work
from app.identity import errors, queries, rules
from app.identity.models import ApiKey, User
from app.identity.rules import TokenKind, UserKind, UserState
from app.identity.schemas import ApiKeyCreate, ApiKeyCreated
from app.identity.schemas.events import ApiKeyEnded, ApiKeyIssued


async def issue_key(work: Work, given: ApiKeyCreate) -> ApiKeyCreated:
    """A key for a machine inside the caller's scope; its token is shown this once and never kept.

    Raises `UserNotFound`, `MachineNeeded`, `UserStateUnfit`, `UserOutranks`, `ApiKeyPeriodUnfit`."""
    user = await queries.get_user_for_update(work, given.user_id, Permission.API_KEY_ADMINISTER)
    if user.kind != UserKind.MACHINE:
        raise errors.MachineNeeded
    if user.state != UserState.ACTIVE:
        raise errors.UserStateUnfit
    if await queries.outranks(work, user.id, work.actor.scope(Permission.API_KEY_ADMINISTER)):
        raise errors.UserOutranks
    expires_at = given.expires_at or work.now + timedelta(days=rules.API_KEY_DAYS)
    if not work.now < expires_at <= work.now + timedelta(days=rules.API_KEY_MAX_DAYS):
        words = errors.ApiKeyPeriodUnfit.detail
        raise errors.ApiKeyPeriodUnfit(errors=[Fault("/expires_at", "api_key_period", words)])
    key, token = await open_key(work, user, name=given.name, expires_at=expires_at, created_by=work.actor.id)
    work.announce(ApiKeyIssued(subject=key.id, division_code=user.division_code, user_id=user.id))
    work.keep_secret()
    return ApiKeyCreated(
        id=key.id,
        token=token,
        user=Ref(id=user.id, name=user.display_name),
        name=given.name,
        expires_at=expires_at,
    )


async def open_key(
    work: Work, user: User, *, name: str, expires_at: datetime, created_by: UUID | None = None
) -> tuple[ApiKey, str]:
    """A key row and its token, which is never seen again."""
    row = uuid7()
    token, digest = rules.issue(TokenKind.API_KEY, row, secrets.token_bytes(rules.TOKEN_BYTES))
    key = ApiKey(
        id=row,
        user_id=user.id,
        name=name,
        token_digest=digest,
        created_at=work.now,
        expires_at=expires_at,
        created_by=created_by,
    )
    work.session.add(key)
    await work.session.flush()
    return key, token


async def revoke_key(work: Work, key_id: UUID) -> None:
    """From this moment the key opens nothing. Raises `ApiKeyNotFound`, `ApiKeyRevoked`."""
    key = await queries.get_key_for_update(work, key_id)
    work.expect(key)
    if key.revoked_at is not None:
        raise errors.ApiKeyRevoked
    key.revoked_at, key.revoked_by = work.now, work.actor.id
    holder = await work.session.get_one(User, key.user_id)
    work.announce(ApiKeyEnded(subject=key.id, division_code=holder.division_code, user_id=holder.id))
