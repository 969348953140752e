"""Identity providers, their rules and identities on file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import aliased

from app.core import access, reads
from app.core.access import TWO_PERSON_ROLES, Permission, Scope
from app.core.work import Work
from app.identity import errors
from app.identity.models import ExternalIdentity, Grant, IdentityProvider, IdentityProviderRule, User
from app.identity.queries.scopes import (
    bodies_in,
    division_name,
    divisions,
    given,
    grants_visible,
    party_organizations,
    visible,
)
from app.identity.rules import GrantState, ProviderState
from app.identity.schemas.sign_on import (
    ExternalIdentityFilters,
    ExternalIdentityRead,
    ProviderFilters,
    ProviderRead,
    RuleFilters,
    RuleRead,
    SignOnProvider,
    SignOnProviders,
)

P, R, E = IdentityProvider, IdentityProviderRule, ExternalIdentity
WAITING_OR_IN_FORCE = (GrantState.REQUESTED, GrantState.ACTIVE)


def providers_visible(scope: Scope) -> ColumnElement[bool]:
    """Providers whose users belong to a division in the scope."""
    return true() if scope.national else access.within_divisions(P.division_code, scope.divisions)


def rules_visible(scope: Scope) -> ColumnElement[bool]:
    """Rules whose role lies in a division or a Party organization in the scope."""
    if scope.national:
        return true()
    by_division = func.coalesce(access.within_divisions(R.division_code, scope.divisions), False)
    return or_(by_division, func.coalesce(bodies_in(scope, R.party_organization_id), False))


async def offered(work: Work) -> SignOnProviders:
    """The providers that the sign-in page may offer: their codes and names, and nothing else."""
    rows = await work.execute(select(P.code, P.name).where(P.state == ProviderState.ACTIVE).order_by(P.code))
    return SignOnProviders(items=[SignOnProvider(code=row.code, name=row.name) for row in rows])


async def get_provider_for_update(work: Work, provider_id: UUID) -> IdentityProvider:
    """A provider in scope, locked. Raises `ProviderNotFound`."""
    found: IdentityProvider | None = await work.scalar(
        select(P)
        .where(P.id == provider_id, providers_visible(work.actor.scope(Permission.USER_ADMINISTER)))
        .with_for_update(key_share=True)
    )
    if found is None:
        raise errors.ProviderNotFound
    return found


async def provider_outranks(work: Work, provider_id: UUID, scope: Scope) -> bool:
    """Whether rules of a provider, or grants of those who sign on by it, lie outside a scope."""
    linked = select(E.user_id).where(E.provider_id == provider_id, E.unlinked_at.is_(None))
    beyond = select(R.id).where(
        R.provider_id == provider_id, R.state.in_(WAITING_OR_IN_FORCE), ~rules_visible(scope)
    )
    theirs = select(Grant.id).where(
        Grant.user_id.in_(linked), Grant.state.in_(WAITING_OR_IN_FORCE), ~grants_visible(scope)
    )
    return await work.scalar(beyond.union_all(theirs).limit(1)) is not None


async def two_person_trust(work: Work, provider_id: UUID) -> Sequence[Grant | IdentityProviderRule]:
    """The rules of a provider, and the grants of those who sign on by it, that took two people; locked."""
    linked = select(E.user_id).where(E.provider_id == provider_id, E.unlinked_at.is_(None))
    grants = await work.scalars(
        select(Grant)
        .where(Grant.user_id.in_(linked), Grant.state == GrantState.ACTIVE, Grant.role.in_(TWO_PERSON_ROLES))
        .order_by(Grant.id)
        .with_for_update()
    )
    ruled = await work.scalars(
        select(R)
        .where(R.provider_id == provider_id, R.state == GrantState.ACTIVE, R.role.in_(TWO_PERSON_ROLES))
        .order_by(R.id)
        .with_for_update()
    )
    return [*grants, *ruled]


async def provider_read(work: Work, provider_id: UUID, *, status: int = 200) -> Response:
    """One provider, without its secret."""
    statement = _providers(work).where(P.id == provider_id)
    return await reads.one(
        work, statement, shape=ProviderRead, missing=errors.ProviderNotFound, status=status
    )


async def provider_page(work: Work, filters: ProviderFilters) -> Response:
    """Providers in scope."""
    statement = _providers(work).where(*given((P.state, filters.state)))
    return await reads.page(work, statement, shape=ProviderRead, filters=filters, sort=(P.id,))


def _providers(work: Work) -> Any:
    plain = (
        P.id, P.code, P.name, P.state, P.issuer, P.client_id, P.client_authentication, P.redirect_uris,
        P.scope, P.authorization_endpoint, P.token_endpoint, P.key_set_url, P.key_set_file, P.algorithms,
        P.key_ids, P.access_audience, P.access_types, P.access_parties, P.name_claim,
        P.second_factor_methods, P.created_at, P.updated_at,
    )  # fmt: skip
    return (
        select(
            *plain,
            reads.code_ref(P.division_code, division_name(P.division_code)).label("division"),
            P.client_secret_cipher.is_not(None).label("has_client_secret"),
            reads.etag(P.version),
            reads.actions(work, {"update": Permission.USER_ADMINISTER}),
        )
        .outerjoin(divisions, divisions.c.code == P.division_code)
        .where(providers_visible(work.actor.scope(Permission.USER_READ)))
    )


async def get_rule_for_update(work: Work, rule_id: UUID, permission: Permission) -> IdentityProviderRule:
    """A rule in the scope of a permission, locked. Raises `RuleNotFound`."""
    inside = rules_visible(work.actor.scope(permission))
    found: IdentityProviderRule | None = await work.scalar(
        select(R).where(R.id == rule_id, inside).with_for_update()
    )
    if found is None:
        raise errors.RuleNotFound
    return found


async def rule_read(work: Work, rule_id: UUID, *, status: int = 200) -> Response:
    """One rule."""
    statement = _rules(work).where(R.id == rule_id)
    return await reads.one(work, statement, shape=RuleRead, missing=errors.RuleNotFound, status=status)


async def rule_page(work: Work, filters: RuleFilters) -> Response:
    """Rules in scope, with those that wait for a second person."""
    chosen = given((R.provider_id, filters.provider_id), (R.role, filters.role), (R.state, filters.state))
    return await reads.page(work, _rules(work).where(*chosen), shape=RuleRead, filters=filters, sort=(R.id,))


def _rules(work: Work) -> Any:
    asker, approver, revoker = (aliased(User) for _ in range(3))
    body = party_organizations.c
    waiting = and_(R.state == GrantState.REQUESTED, R.requested_by != work.actor.id)
    return (
        select(
            R.id,
            reads.ref(P.id, P.name).label("provider"),
            R.claim,
            R.match,
            R.value,
            R.role,
            reads.code_ref(R.division_code, division_name(R.division_code)).label("division"),
            reads.ref(R.party_organization_id, body.name).label("party_organization"),
            R.state,
            R.reason,
            reads.ref(asker.id, asker.display_name).label("requested_by"),
            reads.ref(approver.id, approver.display_name).label("approved_by"),
            R.approved_at,
            reads.ref(revoker.id, revoker.display_name).label("revoked_by"),
            R.revoked_at,
            R.created_at,
            R.updated_at,
            reads.etag(R.version),
            reads.actions(
                work,
                {
                    "approve": (Permission.GRANT_APPROVE, waiting),
                    "revoke": (Permission.GRANT_ADMINISTER, R.state != GrantState.REVOKED),
                },
                read=Permission.GRANT_APPROVE,
                visible=rules_visible,
            ),
        )
        .join(P, P.id == R.provider_id)
        .outerjoin(asker, asker.id == R.requested_by)
        .outerjoin(approver, approver.id == R.approved_by)
        .outerjoin(revoker, revoker.id == R.revoked_by)
        .outerjoin(divisions, divisions.c.code == R.division_code)
        .outerjoin(party_organizations, body.id == R.party_organization_id)
        .where(rules_visible(work.actor.scope(Permission.GRANT_APPROVE)))
    )


async def get_identity_for_update(work: Work, identity_id: UUID) -> ExternalIdentity:
    """An identity of a user in scope, locked. Raises `ExternalIdentityNotFound`."""
    found: ExternalIdentity | None = await work.scalar(
        select(E)
        .join(User, User.id == E.user_id)
        .where(E.id == identity_id, visible(work.actor.scope(Permission.USER_ADMINISTER)))
        .with_for_update(of=E)
    )
    if found is None:
        raise errors.ExternalIdentityNotFound
    return found


async def identity_read(work: Work, identity_id: UUID, *, status: int = 200) -> Response:
    """One identity."""
    statement = _identities(work).where(E.id == identity_id)
    missing = errors.ExternalIdentityNotFound
    return await reads.one(work, statement, shape=ExternalIdentityRead, missing=missing, status=status)


async def identity_page(work: Work, filters: ExternalIdentityFilters) -> Response:
    """Identities of users in scope."""
    chosen = given((E.user_id, filters.user_id), (E.provider_id, filters.provider_id))
    if filters.linked is not None:
        chosen.append(E.unlinked_at.is_(None) if filters.linked else E.unlinked_at.is_not(None))
    statement = _identities(work).where(*chosen)
    return await reads.page(work, statement, shape=ExternalIdentityRead, filters=filters, sort=(E.id,))


def _identities(work: Work) -> Any:
    linker = aliased(User)
    return (
        select(
            E.id,
            reads.ref(User.id, User.display_name).label("user"),
            reads.ref(P.id, P.name).label("provider"),
            E.subject,
            reads.ref(linker.id, linker.display_name).label("linked_by"),
            E.created_at,
            E.last_used_at,
            E.unlinked_at,
            reads.etag(E.version),
            reads.actions(work, {"unlink": (Permission.USER_ADMINISTER, E.unlinked_at.is_(None))}),
        )
        .join(User, User.id == E.user_id)
        .join(P, P.id == E.provider_id)
        .outerjoin(linker, linker.id == E.linked_by)
        .where(visible(work.actor.scope(Permission.USER_READ)))
    )
