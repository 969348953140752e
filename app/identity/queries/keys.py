"""API keys on file."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from app.core import reads
from app.core.access import Permission
from app.core.work import Work
from app.identity import errors
from app.identity.models import ApiKey, User
from app.identity.queries.scopes import given, visible
from app.identity.schemas import ApiKeyFilters, ApiKeyRead


async def get_key_for_update(work: Work, key_id: UUID) -> ApiKey:
    """A key of a machine in scope, locked. Raises `ApiKeyNotFound`."""
    inside = visible(work.actor.scope(Permission.API_KEY_ADMINISTER))
    found: ApiKey | None = await work.scalar(
        select(ApiKey)
        .join(User, User.id == ApiKey.user_id)
        .where(ApiKey.id == key_id, inside)
        .with_for_update(of=ApiKey)
    )
    if found is None:
        raise errors.ApiKeyNotFound
    return found


async def api_key(work: Work, key_id: UUID) -> Response:
    """One key, without its secret."""
    statement = _api_keys(work).where(ApiKey.id == key_id)
    return await reads.one(work, statement, shape=ApiKeyRead, missing=errors.ApiKeyNotFound)


async def api_keys(work: Work, filters: ApiKeyFilters) -> Response:
    """Keys of machines in scope."""
    live = and_(ApiKey.revoked_at.is_(None), ApiKey.expires_at > func.now())
    statement = _api_keys(work).where(
        *given((ApiKey.user_id, filters.user_id)),
        *([live if filters.live else ~live] if filters.live is not None else []),
    )
    return await reads.page(work, statement, shape=ApiKeyRead, filters=filters, sort=(ApiKey.id,))


def _api_keys(work: Work) -> Any:
    maker = aliased(User)
    return (
        select(
            ApiKey.id,
            reads.ref(User.id, User.display_name).label("user"),
            ApiKey.name,
            ApiKey.created_at,
            reads.ref(maker.id, maker.display_name).label("created_by"),
            ApiKey.expires_at,
            ApiKey.last_used_at,
            ApiKey.revoked_at,
            reads.etag(ApiKey.version),
            reads.actions(work, {"revoke": (Permission.API_KEY_ADMINISTER, ApiKey.revoked_at.is_(None))}),
        )
        .join(User, User.id == ApiKey.user_id)
        .outerjoin(maker, maker.id == ApiKey.created_by)
        .where(visible(work.actor.scope(Permission.API_KEY_ADMINISTER)))
    )
