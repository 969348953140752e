"""Who sees a notice, and as which side: the issuer's, by where it answers for it, or an addressee's."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, or_, select, true

from app.core import access
from app.core.access import Actor, Permission, Scope
from app.core.work import Work
from app.notices import errors
from app.notices.models import Addressee, DocumentSign, Notice, Rectification

N, A, S = Notice, Addressee, DocumentSign


def issuing(scope: Scope) -> ColumnElement[bool]:
    """Notices that this scope answers for."""
    return access.reach(scope, N.division_code, N.party_organization_id, row_id=N.id)


def addressed(actor: Actor, scope: Scope) -> ColumnElement[bool]:
    """Addressees that lie in this scope, and the caller personally."""
    inside = access.reach(scope, A.division_code, A.body_id, row_id=A.id)
    return true() if scope.national else or_(inside, A.user_id == actor.id)


def signs(scope: Scope) -> ColumnElement[bool]:
    """Signs whose owner lies in this scope."""
    return access.reach(scope, S.division_code, S.party_organization_id, row_id=S.id)


def visible(actor: Actor, scope: Scope) -> ColumnElement[bool]:
    """Our own notices at any time, and issued ones that address us."""
    if scope.national:
        return true()
    ours = exists().where(A.notice_id == N.id, addressed(actor, scope)).correlate(N)
    return or_(issuing(scope), and_(N.issued_at.is_not(None), ours))


def visible_addressee(actor: Actor, scope: Scope) -> ColumnElement[bool]:
    """Addressees of our notices, and ourselves once it is issued; for a select that joins the notice."""
    if scope.national:
        return true()
    return or_(issuing(scope), and_(N.issued_at.is_not(None), addressed(actor, scope)))


def tag() -> ColumnElement[str]:
    """The version of a notice with those of its addressees: what its ETag is made of."""
    total = select(func.coalesce(func.sum(A.version), 0)).where(A.notice_id == N.id).correlate(N)
    return func.concat(cast(N.version, String), "-", total.scalar_subquery())


async def get_for_update(work: Work, notice_id: UUID, permission: Permission) -> Notice:
    """A notice that the caller answers for, locked, in the version that was read. Raises `NoticeNotFound`."""
    found: Notice | None = await work.scalar(
        select(N)
        .where(N.id == notice_id, issuing(work.actor.scope(permission)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.NoticeNotFound
    if work.if_match is not None:
        work.expect_tag(f'"{await work.scalar(select(tag()).where(N.id == notice_id))}"')
    return found


async def addressee_for_update(
    work: Work, addressee_id: UUID, permission: Permission, *, as_issuer: bool
) -> tuple[Notice, Addressee]:
    """An addressee of an issued notice, locked, with the notice. Raises `AddresseeNotFound`."""
    scope = work.actor.scope(permission)
    side = issuing(scope) if as_issuer else addressed(work.actor, scope)
    row: Any = (
        await work.execute(
            select(N, A)
            .join(A, A.notice_id == N.id)
            .where(A.id == addressee_id, N.issued_at.is_not(None), side)
            .with_for_update(of=A)
            .execution_options(populate_existing=True)
        )
    ).one_or_none()
    if row is None:
        raise errors.AddresseeNotFound
    notice, addressee = row
    return notice, addressee


async def addressees_of(work: Work, notice_id: UUID) -> list[Addressee]:
    """The addressees of a notice, locked in the order of their ids."""
    rows = await work.scalars(
        select(A)
        .where(A.notice_id == notice_id)
        .order_by(A.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(rows)


async def rectifications_of(work: Work, addressee_id: UUID) -> list[Rectification]:
    """The rectifications of an addressee, which is locked."""
    rows = await work.scalars(
        select(Rectification)
        .where(Rectification.addressee_id == addressee_id)
        .order_by(Rectification.id)
        .execution_options(populate_existing=True)
    )
    return list(rows)


async def sign(work: Work, sign_id: UUID, permission: Permission) -> DocumentSign | None:
    """A sign in the caller's scope."""
    found: DocumentSign | None = await work.scalar(
        select(S).where(S.id == sign_id, signs(work.actor.scope(permission)))
    )
    return found
