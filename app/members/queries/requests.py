"""Verifications, people's own requests and what is past its time, each in the scope of who may see it."""

from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, and_, func, select

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.members import errors
from app.members.models import Member, Person, PersonRequest, Retention, Verification
from app.members.queries.ledger import visible
from app.members.queries.tables import divisions, party_organizations
from app.members.schemas import (
    PersonRequestFilters,
    PersonRequestRead,
    RetentionFilters,
    RetentionRead,
    VerificationFilters,
    VerificationRead,
)

_READ, _DECIDE = Permission.MEMBER_READ, Permission.MEMBER_DECIDE
_APPROVE, _REVEAL = Permission.MEMBER_APPROVE, Permission.MEMBER_REVEAL
V, R, T = Verification, PersonRequest, Retention


def sees_both(scope: Scope) -> ColumnElement[bool]:
    """Verifications of which both places lie in a scope."""
    return and_(
        access.reach(scope, V.asking_division_code, V.asking_body_id, row_id=V.id),
        access.reach(scope, V.known_division_code, V.known_body_id, row_id=V.id),
    )


def _of_visible(row: Any, scope: Scope) -> ColumnElement[bool]:
    return row.member_id.in_(select(Member.id).where(visible(scope)))  # type: ignore[no-any-return]


async def verification_for_update(work: Work, verification_id: UUID) -> Verification:
    """A verification of which the caller may decide both sides, locked. Raises `VerificationNotFound`."""
    found: Verification | None = await work.scalar(
        select(V)
        .where(V.id == verification_id, sees_both(work.actor.scope(_DECIDE)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.VerificationNotFound
    return found


async def read_verification(work: Work, verification_id: UUID) -> Response:
    """One verification."""
    statement = _verifications(work).where(V.id == verification_id)
    return await reads.one(work, statement, shape=VerificationRead, missing=errors.VerificationNotFound)


async def page_verifications(work: Work, filters: VerificationFilters) -> Response:
    """Verifications in sight, the latest first."""
    statement = _verifications(work).where(
        *access.lies_in(
            division=V.asking_division_code,
            divisions=[filters.division] if filters.division is not None else (),
        )
    )
    if filters.state is not None:
        statement = statement.where(V.state == filters.state)
    return await reads.page(
        work, statement, shape=VerificationRead, filters=filters, sort=(V.id,), descending=True
    )


def _verifications(work: Work) -> Select[Any]:
    asking, known = party_organizations.alias("asking"), party_organizations.alias("known")
    return (
        select(
            V.id,
            V.state,
            V.outcome,
            reads.code_ref(divisions.c.code, divisions.c.name).label("level"),
            reads.ref(asking.c.id, asking.c.name).label("asking_party_organization"),
            reads.ref(known.c.id, known.c.name).label("known_party_organization"),
            V.name_mask.label("name"),
            func.coalesce(Person.name_mask, "***").label("known_name"),
            Person.id_number_mask.label("known_id_number"),
            V.name_agrees,
            V.asked_by_name.label("asked_by"),
            V.created_at.label("asked_at"),
            V.decided_by_name.label("decided_by"),
            V.decided_at,
            V.reason,
            V.transfer_id,
            reads.etag(V.version),
            reads.actions(work, {"decide": (_DECIDE, V.state == "open")}, read=_READ, visible=sees_both),
        )
        .join(divisions, divisions.c.code == V.level_division_code)
        .join(asking, asking.c.id == V.asking_body_id)
        .join(known, known.c.id == V.known_body_id)
        .outerjoin(Person, Person.id == V.person_id)
        .where(sees_both(work.actor.scope(_READ)))
    )


async def request_for_update(work: Work, request_id: UUID, permission: Permission) -> PersonRequest:
    """A request of somebody in the scope of a permission, locked. Raises `PersonRequestNotFound`."""
    found: PersonRequest | None = await work.scalar(
        select(R)
        .where(R.id == request_id, _of_visible(R, work.actor.scope(permission)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.PersonRequestNotFound
    return found


async def read_request(work: Work, request_id: UUID, *, status: int = 200) -> Response:
    """One request."""
    return await reads.one(
        work,
        _requests(work).where(R.id == request_id),
        shape=PersonRequestRead,
        missing=errors.PersonRequestNotFound,
        status=status,
    )


async def page_requests(work: Work, filters: PersonRequestFilters) -> Response:
    """Requests in sight, the latest first."""
    statement = _requests(work)
    if filters.state is not None:
        statement = statement.where(R.state == filters.state)
    if filters.kind is not None:
        statement = statement.where(R.kind == filters.kind)
    if filters.member_id is not None:
        statement = statement.where(R.member_id == filters.member_id)
    if filters.due_by is not None:
        statement = statement.where(R.state == "received", R.due_on <= filters.due_by)
    return await reads.page(
        work, statement, shape=PersonRequestRead, filters=filters, sort=(R.id,), descending=True
    )


def _requests(work: Work) -> Select[Any]:
    received, granted = R.state == "received", R.state == "granted"
    columns: list[Any] = [
        R.id,
        R.member_id,
        func.coalesce(Person.name_mask, "***").label("name"),
        R.kind,
        R.state,
        R.received_on,
        R.due_on,
        and_(received, R.due_on < access.today_sql()).label("overdue"),
        R.identity_proof,
        R.details_cipher.is_not(None).label("has_details"),
        R.recorded_by_name.label("recorded_by"),
        R.legal_ground,
        R.reason,
        R.decided_by_name.label("decided_by"),
        R.decided_at,
        R.executed_by_name.label("executed_by"),
        R.executed_at,
        reads.etag(R.version),
        reads.actions(
            work,
            {
                "decide": (_APPROVE, and_(received, R.recorded_by != work.actor.id)),
                "copy": (_REVEAL, and_(granted, R.kind == "access")),
                "execute": (_DECIDE, and_(granted, R.kind != "access")),
            },
        ),
    ]
    return (
        select(*columns)
        .join(Member, Member.id == R.member_id)
        .outerjoin(Person, Person.id == Member.person_id)
        .where(visible(work.actor.scope(_READ)))
    )


async def retention_for_update(work: Work, retention_id: UUID) -> Retention:
    """A record past its time, in the caller's scope, locked. Raises `RetentionNotFound`."""
    found: Retention | None = await work.scalar(
        select(T)
        .where(T.id == retention_id, _of_visible(T, work.actor.scope(_APPROVE)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.RetentionNotFound
    return found


async def read_retention(work: Work, retention_id: UUID) -> Response:
    """One of them."""
    statement = _retentions(work).where(T.id == retention_id)
    return await reads.one(work, statement, shape=RetentionRead, missing=errors.RetentionNotFound)


async def page_retentions(work: Work, filters: RetentionFilters) -> Response:
    """Records past their time, in sight, the longest due first."""
    statement = _retentions(work)
    if filters.state is not None:
        statement = statement.where(T.state == filters.state)
    return await reads.page(work, statement, shape=RetentionRead, filters=filters, sort=(T.due_on, T.id))


def _retentions(work: Work) -> Select[Any]:
    body = party_organizations.c
    return (
        select(
            T.id,
            T.member_id,
            func.coalesce(Person.name_mask, "***").label("name"),
            reads.ref(body.id, body.name).label("party_organization"),
            T.rule_code,
            T.source,
            T.due_on,
            T.state,
            T.settled_by_name.label("settled_by"),
            T.settled_at,
            T.reason,
            reads.etag(T.version),
            reads.actions(work, {"settle": (_APPROVE, T.state == "due")}),
        )
        .join(Member, Member.id == T.member_id)
        .outerjoin(Person, Person.id == Member.person_id)
        .join(party_organizations, body.id == Member.party_organization_id)
        .where(visible(work.actor.scope(_READ)))
    )
