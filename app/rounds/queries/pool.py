"""Who may be drawn, and whom each may not judge."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, literal, or_, select, union_all

from app.core import access
from app.core.work import Work
from app.rounds.models import Application, Interest, Review, Round
from app.rounds.queries.tables import covers, grants, organizations, party_organizations, users

A, I = Application, Interest  # noqa: E741


async def pool(work: Work, drawn: Round) -> list[UUID]:
    """Everybody with a grant as reviewer whose place lies in the round's division or above it."""
    g, b, u, c = grants.c, party_organizations.c, users.c, access.division_closure.c
    place = func.coalesce(g.division_code, b.division_code)
    today = access.today_sql()
    related = (
        select(literal(1))
        .where(
            c.valid.op("@>")(today),
            or_(
                and_(c.ancestor_code == place, c.descendant_code == drawn.division_code),
                and_(c.ancestor_code == drawn.division_code, c.descendant_code == place),
            ),
        )
        .exists()
    )
    rows = await work.scalars(
        select(u.id)
        .join(grants, g.user_id == u.id)
        .outerjoin(party_organizations, b.id == g.party_organization_id)
        .where(
            u.kind == "person",
            u.state == "active",
            g.role == "reviewer",
            g.state == "active",
            g.valid.op("@>")(today),
            related,
        )
        .distinct()
        .order_by(u.id)
    )
    return list(rows)


async def barred(
    work: Work, applications: Collection[UUID], people: Collection[UUID]
) -> dict[tuple[UUID, UUID], str]:
    """Which of these people may not judge which of these sheets, and why: their own organization or body, by
    what they declared or by their grants; what their home unit registers, supervises or guides; what they
    applied for themselves."""
    ids, who = list(applications), list(people)
    both = union_all(_declared(ids, who), _by_grant(ids, who), _own(ids, who)).subquery()
    rows: Any = await work.execute(select(both).order_by(both.c.application_id, both.c.user_id))
    return {(row.application_id, row.user_id): row.why for row in rows}


def _declared(ids: list[UUID], who: list[UUID]) -> Any:
    o, cover = organizations.c, covers.c
    covered = (
        select(literal(1))
        .where(
            cover.organization_id == A.organization_id,
            cover.party_organization_id == I.party_organization_id,
            cover.valid.op("@>")(access.today_sql()),
            func.upper_inf(cover.recorded),
        )
        .exists()
    )
    under = (
        select(literal(1))
        .where(
            o.id == A.organization_id,
            or_(
                o.registration_authority_id == I.authority_id,
                o.supervisory_unit_id == I.authority_id,
                o.industry_authority_id == I.authority_id,
            ),
        )
        .exists()
    )
    same_body = or_(
        A.party_organization_id == I.party_organization_id,
        and_(A.subject_kind == "member", A.body_id == I.party_organization_id),
    )
    found: Any = (
        select(A.id.label("application_id"), I.user_id.label("user_id"), I.kind.label("why"))
        .join(I, I.user_id.in_(who))
        .where(
            A.id.in_(ids),
            or_(I.organization_id == A.organization_id, same_body, covered, under),
        )
    )
    return found


def _by_grant(ids: list[UUID], who: list[UUID]) -> Any:
    g, cover = grants.c, covers.c
    covered = (
        select(literal(1))
        .where(
            cover.organization_id == A.organization_id,
            cover.party_organization_id == g.party_organization_id,
            cover.valid.op("@>")(access.today_sql()),
            func.upper_inf(cover.recorded),
        )
        .exists()
    )
    own = or_(
        A.party_organization_id == g.party_organization_id,
        and_(A.subject_kind == "member", A.body_id == g.party_organization_id),
        covered,
    )
    found: Any = (
        select(A.id, g.user_id, literal("own_body"))
        .join(grants, and_(g.user_id.in_(who), g.state == "active"))
        .where(A.id.in_(ids), g.party_organization_id.is_not(None), own)
    )
    return found


def _own(ids: list[UUID], who: list[UUID]) -> Any:
    u = users.c
    found: Any = (
        select(A.id, u.id, literal("own_organization"))
        .join(users, u.id.in_(who))
        .where(A.id.in_(ids), or_(A.applied_by == u.id, A.submitted_by == u.id))
    )
    return found


async def seats(work: Work, round_id: UUID) -> Sequence[Review]:
    """Every place of a round, whoever has or had it."""
    rows = await work.scalars(select(Review).where(Review.round_id == round_id).order_by(Review.id))
    return list(rows)
