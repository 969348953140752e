"""Rounds and lines: each select begins at the caller's scope, above row-level security."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Select,
    Text,
    Uuid,
    and_,
    case,
    cast,
    column,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import DATERANGE
from sqlalchemy.types import LargeBinary

from app.census import errors
from app.census.models import Line, Round
from app.census.rules import PROPOSALS, Verdict
from app.census.schemas import CensusLineFilters, CensusLineRead, CensusRoundFilters, CensusRoundRead
from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work

_C = Text(collation="C")
divisions = table("divisions", column("code", _C), column("name", Text()))
party_organizations = table(
    "party_organizations", column("id", Uuid()), column("name", Text()), column("division_code", _C)
)
members = table(
    "members",
    column("id", Uuid()),
    column("person_id", Uuid()),
    column("status", _C),
    column("contact_lost_on", Date()),
)
persons = table(
    "persons",
    column("id", Uuid()),
    column("name_mask", Text()),
    *(column(name, LargeBinary()) for name in ("id_number_blind", "id_number_next_blind")),
)
member_statuses = table(
    "member_statuses", column("member_id", Uuid()), column("status", _C), column("valid", DATERANGE)
)
member_affiliations = table(
    "member_affiliations",
    column("member_id", Uuid()),
    column("party_organization_id", Uuid()),
    column("valid", DATERANGE),
)
member_transfers = table("member_transfers", column("member_id", Uuid()), column("state", _C))
_READ, _RECORD, _DECIDE = Permission.MEMBER_READ, Permission.MEMBER_RECORD, Permission.MEMBER_DECIDE
IN_PARTY = ("probationary", "full", "suspended")
R, L, B = Round, Line, party_organizations.c


def lines_in(scope: Scope) -> ColumnElement[bool]:
    """Lines of branches in a scope."""
    return access.reach(scope, L.division_code, L.party_organization_id, row_id=L.id)


def visible(scope: Scope) -> ColumnElement[bool]:
    """Rounds over what a scope holds, and rounds that have lines in it."""
    if scope.national:
        return access.reach(scope, R.division_code, R.party_organization_id, row_id=R.id)
    own = access.reach(scope, R.division_code, R.party_organization_id, row_id=R.id)
    within = exists(select(literal(1)).where(L.round_id == R.id, lines_in(scope)).correlate(Round))
    return or_(own, within)


async def round_for_update(
    work: Work, round_id: UUID, permission: Permission, *, share: bool = False
) -> Round:
    """A round in scope, held until the end: by `share`, others may give verdicts meanwhile."""
    scope = work.actor.scope(permission)
    inside = (
        visible(scope)
        if share
        else access.reach(scope, R.division_code, R.party_organization_id, row_id=R.id)
    )
    found: Round | None = await work.scalar(
        select(R)
        .where(R.id == round_id, inside)
        .with_for_update(read=share)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.CensusRoundNotFound
    return found


async def division_of(work: Work, code: str | None, body_id: UUID | None, scope: Scope) -> str | None:
    """The division that a round is over, or of the body that it is over, in a scope; None if it is not."""
    if body_id is not None:
        inside = access.reach(scope, B.division_code, B.id, row_id=B.id)
        found = await work.scalar(select(B.division_code).where(B.id == body_id, inside))
    else:
        d = divisions.c
        inside = (
            literal(True, Boolean()) if scope.national else access.within_divisions(d.code, scope.divisions)
        )
        found = await work.scalar(select(d.code).where(d.code == code, inside))
    return None if found is None else str(found)


async def freeze_roll(work: Work, round_: Round) -> int:
    """Write the roll: everybody who was in the Party and belonged below the division or body on the day, in
    one statement."""
    a, s, m, p = member_affiliations.c, member_statuses.c, members.c, persons.c
    where = (
        access.within_bodies(a.party_organization_id, [round_.party_organization_id], round_.as_of)
        if round_.party_organization_id is not None
        else access.within_divisions(B.division_code, [round_.division_code], round_.as_of)
    )
    roll = (
        select(
            func.uuidv7(),
            literal(1),
            literal(round_.id, Uuid()),
            m.id,
            a.party_organization_id,
            B.division_code,
            p.name_mask,
            s.status,
        )
        .select_from(members)
        .join(persons, p.id == m.person_id)
        .join(member_affiliations, and_(a.member_id == m.id, a.valid.op("@>")(round_.as_of)))
        .join(
            member_statuses,
            and_(s.member_id == m.id, s.valid.op("@>")(round_.as_of), s.status.in_(IN_PARTY)),
        )
        .join(party_organizations, B.id == a.party_organization_id)
        .where(where)
    )
    names = ["id", "version", "round_id", "member_id", "party_organization_id", "division_code", "name_mask"]
    written = await work.execute(insert(Line).from_select([*names, "status"], roll, include_defaults=False))
    return int(written.rowcount)  # type: ignore[attr-defined]


async def lines_for_update(work: Work, round_id: UUID, line_ids: Sequence[UUID]) -> dict[UUID, Line]:
    """Those of the lines that are on the roll and in scope, locked."""
    rows = await work.scalars(
        select(L)
        .where(
            L.round_id == round_id,
            L.id.in_(list(line_ids)),
            L.member_id.is_not(None),
            lines_in(work.actor.scope(_RECORD)),
        )
        .order_by(L.id)
        .with_for_update()
    )
    return {row.id: row for row in rows}


async def rest_for_update(work: Work, round_id: UUID, body_id: UUID) -> Sequence[Line]:
    """The lines of a branch in scope that have no verdict, locked."""
    rows = await work.scalars(
        select(L)
        .where(
            L.round_id == round_id,
            L.party_organization_id == body_id,
            L.verdict.is_(None),
            lines_in(work.actor.scope(_RECORD)),
        )
        .order_by(L.id)
        .with_for_update()
    )
    return rows.all()


async def counted(work: Work, round_id: UUID) -> list[tuple[UUID, str | None, int]]:
    """How many lines of each branch have each verdict, or none."""
    rows: Any = await work.execute(
        select(L.party_organization_id, L.verdict, func.count())
        .where(L.round_id == round_id)
        .group_by(L.party_organization_id, L.verdict)
        .order_by(L.party_organization_id, L.verdict)
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def read(work: Work, round_id: UUID, *, status: int = 200) -> Response:
    """One round."""
    return await reads.one(
        work,
        _rounds(work).where(R.id == round_id),
        shape=CensusRoundRead,
        missing=errors.CensusRoundNotFound,
        status=status,
    )


async def page(work: Work, filters: CensusRoundFilters) -> Response:
    """Rounds in sight, the latest first."""
    statement = _rounds(work)
    if filters.state is not None:
        statement = statement.where(R.state == filters.state)
    return await reads.page(
        work, statement, shape=CensusRoundRead, filters=filters, sort=(R.id,), descending=True
    )


def _rounds(work: Work) -> Select[Any]:
    scope = work.actor.scope(_READ)
    waiting = (
        select(func.count())
        .where(L.round_id == R.id, L.verdict.is_(None), lines_in(scope))
        .correlate(Round)
        .scalar_subquery()
    )
    open_ = R.state == "open"

    def over(asked: Scope) -> ColumnElement[bool]:
        return access.reach(asked, R.division_code, R.party_organization_id, row_id=R.id)

    return (
        select(
            R.id,
            R.name,
            reads.code_ref(R.division_code, divisions.c.name).label("division"),
            reads.ref(B.id, B.name).label("party_organization"),
            R.as_of,
            R.document,
            R.state,
            R.roll_count,
            waiting.label("open_count"),
            R.closed_on,
            R.closed_document,
            R.report,
            reads.etag(R.version),
            reads.actions(
                work,
                {
                    "give_verdicts": (_RECORD, open_),
                    "record_find": (_RECORD, open_),
                    "close": (_DECIDE, and_(open_, over(work.actor.scope(_DECIDE)))),
                },
            ),
        )
        .join(divisions, divisions.c.code == R.division_code)
        .outerjoin(party_organizations, B.id == R.party_organization_id)
        .where(visible(scope))
    )


async def page_lines(work: Work, round_id: UUID, filters: CensusLineFilters) -> Response:
    """Lines of a round in sight, with what is to be done and whether it is. Raises `CensusRoundNotFound`."""
    scope = work.actor.scope(_READ)
    if await work.scalar(select(R.id).where(R.id == round_id, visible(scope))) is None:
        raise errors.CensusRoundNotFound
    settled = _settled()
    proposals = [(L.verdict == verdict.value, proposal.value) for verdict, proposal in PROPOSALS.items()]
    statement = (
        select(
            L.id,
            L.member_id,
            L.name_mask.label("name"),
            reads.ref(B.id, B.name).label("party_organization"),
            L.status,
            L.verdict,
            L.verdict_on,
            case(*proposals, else_=cast(null(), Text)).label("proposal"),
            settled.label("settled"),
        )
        .join(party_organizations, B.id == L.party_organization_id)
        .where(
            L.round_id == round_id,
            lines_in(scope),
            *access.lies_in(
                division=L.division_code,
                body=L.party_organization_id,
                bodies=[filters.party_organization_id] if filters.party_organization_id else [],
            ),
        )
    )
    if filters.verdict is not None:
        statement = statement.where(L.verdict == filters.verdict)
    if filters.open is not None:
        statement = statement.where(L.verdict.is_(None) if filters.open else L.verdict.is_not(None))
    if filters.settled is not None:
        statement = statement.where(settled.is_(filters.settled))
    return await reads.page(work, statement, shape=CensusLineRead, filters=filters, sort=(L.id,))


def _settled() -> ColumnElement[Any]:
    """Whether the ledger says by now what the verdict found; null without a difference.

    Somebody who left the branch is out of the caller's sight as a member: the difference is settled."""
    a, m, t = member_affiliations.c, members.c, member_transfers.c
    here = exists(
        select(literal(1)).where(
            a.member_id == L.member_id,
            a.party_organization_id == L.party_organization_id,
            func.upper_inf(a.valid),
        )
    )
    going = exists(select(literal(1)).where(t.member_id == L.member_id, t.state.in_(["requested", "sent"])))
    lost = exists(
        select(literal(1)).where(
            m.id == L.member_id, or_(m.contact_lost_on.is_not(None), m.status.in_(["suspended", "ended"]))
        )
    )
    ended = exists(select(literal(1)).where(m.id == L.member_id, m.status == "ended"))
    p = persons.c
    same = or_(  # one of the two is under another key while that is rotated
        p.id_number_blind == L.id_number_blind,
        p.id_number_next_blind == L.id_number_blind,
        p.id_number_blind == L.id_number_next_blind,
    )
    entered = exists(select(literal(1)).where(same))
    moved = (Verdict.MOVED.value, Verdict.POCKET.value)
    return case(
        (L.verdict.in_(moved), or_(~here, going)),
        (L.verdict == Verdict.CONTACT_LOST.value, lost),
        (L.verdict.in_([Verdict.DUPLICATE.value, Verdict.DECEASED.value]), ended),
        (L.verdict == Verdict.NOT_IN_LEDGER.value, entered),
        else_=cast(null(), Boolean()),
    )


async def line(work: Work, round_id: UUID, line_id: UUID) -> Response:
    """One line as it was just written."""
    statement = select(
        L.id,
        L.member_id,
        L.name_mask.label("name"),
        reads.ref(B.id, B.name).label("party_organization"),
        L.status,
        L.verdict,
        L.verdict_on,
        literal(PROPOSALS[Verdict.NOT_IN_LEDGER].value).label("proposal"),
        _settled().label("settled"),
    ).join(party_organizations, B.id == L.party_organization_id)
    return await reads.one(
        work,
        statement.where(L.id == line_id, L.round_id == round_id),
        shape=CensusLineRead,
        missing=errors.CensusRoundNotFound,
        status=201,
    )


async def body_in_round(work: Work, round_: Round, body_id: UUID, on: date) -> str | None:
    """The division of a body in the caller's scope that a round is over; None if it is not."""
    scope = work.actor.scope(_RECORD)
    where = (
        access.within_bodies(B.id, [round_.party_organization_id], on)
        if round_.party_organization_id is not None
        else access.within_divisions(B.division_code, [round_.division_code], on)
    )
    found = await work.scalar(
        select(B.division_code).where(
            B.id == body_id, where, access.reach(scope, B.division_code, B.id, row_id=B.id)
        )
    )
    return None if found is None else str(found)
