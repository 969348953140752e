"""Members: one, lists, counts, history. Ciphertext is never selected here; masks are stored."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Select, case, cast, func, null, select
from sqlalchemy.dialects.postgresql import JSON

from app.core import access, reads
from app.core.access import Permission, Scope
from app.core.work import Work
from app.members import errors
from app.members.models import (
    Affiliation,
    Member,
    Participation,
    Person,
    RightsRestriction,
    StatusPeriod,
    Transfer,
)
from app.members.queries.tables import divisions, organizations, party_organizations
from app.members.rules import BEFORE_PARTY, IN_PARTY, Employment, MemberClock, MemberStatus
from app.members.schemas import (
    EmploymentCount,
    MemberCount,
    MemberCounts,
    MemberCountsQuery,
    MemberFilters,
    MemberHistory,
    MemberRead,
    MembersFound,
)

_READ, _RECORD = Permission.MEMBER_READ, Permission.MEMBER_RECORD
_DECIDE, _REVEAL = Permission.MEMBER_DECIDE, Permission.MEMBER_REVEAL
M = Member
FOUND_AT_MOST = 50
CLOCKS = {
    MemberClock.SUSPENSION: M.suspension_due_on,
    MemberClock.STRIKE_OFF: M.strike_off_due_on,
    MemberClock.FLOATING: M.floating_due_on,
}


def visible(scope: Scope) -> ColumnElement[bool]:
    """Members whose branch lies in a scope: by its division (块), by its line (条), or by either."""
    return access.reach(scope, M.division_code, M.party_organization_id, row_id=M.id)


async def get_for_update(work: Work, member_id: UUID, permission: Permission) -> Member:
    """A member in the scope of a permission, locked. Raises `MemberNotFound`."""
    found: Member | None = await work.scalar(
        select(M)
        .where(M.id == member_id, visible(work.actor.scope(permission)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise errors.MemberNotFound
    return found


async def body_of(work: Work, member_id: UUID, permission: Permission) -> UUID:
    """The body that a member in the scope of a permission belongs to. Raises `MemberNotFound`."""
    found: UUID | None = await work.scalar(
        select(M.party_organization_id).where(M.id == member_id, visible(work.actor.scope(permission)))
    )
    if found is None:
        raise errors.MemberNotFound
    return found


async def person_of(work: Work, member: Member) -> Person:
    """The person, locked."""
    found: Person | None = await work.scalar(
        select(Person).where(Person.id == member.person_id).with_for_update()
    )
    if found is None:
        raise errors.MemberNotFound
    return found


async def person_by_id_number(work: Work, sought: Sequence[bytes | None]) -> Person | None:
    """Who in this caller's sight has this ID number, locked."""
    found: Person | None = await work.scalar(
        select(Person).where(Person.id_number_blind.in_(sought)).with_for_update()
    )
    return found


async def has_membership(work: Work, person: Person) -> bool:
    """Whether a person in sight has a membership or an application that has not ended."""
    running = select(M.id).where(M.person_id == person.id, M.status != "ended")
    return await work.scalar(running) is not None


async def read(work: Work, member_id: UUID, *, status: int = 200) -> Response:
    """One member, masked."""
    return await reads.one(
        work,
        _members(work).where(M.id == member_id),
        shape=MemberRead,
        missing=errors.MemberNotFound,
        status=status,
    )


async def page(work: Work, filters: MemberFilters) -> Response:
    """Members in sight, masked."""
    return await reads.page(
        work,
        _members(work).where(*_conditions(filters)),
        shape=MemberRead,
        filters=filters,
        sort=(M.division_code, M.id),
    )


def _conditions(filters: MemberFilters) -> list[ColumnElement[bool]]:
    equal = (
        (M.status, filters.status),
        (M.organization_id, filters.organization_id),
        (M.employment, filters.employment),
        (M.scattered, filters.scattered),
    )
    conditions: list[ColumnElement[bool]] = [col == value for col, value in equal if value is not None]
    present = ((M.floating_since, filters.floating), (M.contact_lost_on, filters.contact_lost))
    conditions += [col.is_not(None) if yes else col.is_(None) for col, yes in present if yes is not None]
    if filters.clock is not None:
        due = CLOCKS[filters.clock]
        conditions.append(due.is_not(None) if filters.clock_due_by is None else due <= filters.clock_due_by)
    elif filters.clock_due_by is not None:
        conditions.append(func.least(*CLOCKS.values()) <= filters.clock_due_by)
    if filters.in_party is not None:
        inside = M.status.in_(sorted(IN_PARTY))
        conditions.append(inside if filters.in_party else ~inside)
    return conditions + _lies_in(filters.division, filters.party_organization_id)


def _lies_in(division: str | None, body_id: UUID | None) -> list[ColumnElement[bool]]:
    return access.lies_in(
        division=M.division_code,
        divisions=[division] if division is not None else (),
        body=M.party_organization_id,
        bodies=[body_id] if body_id is not None else (),
    )


async def find(work: Work, *, sought: Sequence[tuple[str, Sequence[bytes]]]) -> MembersFound:
    """Members of whom every given value matches, by whatever key it is indexed."""
    columns = {"name": Person.name_blind, "id_number": Person.id_number_blind, "phone": Person.phone_blind}
    statement = reads.wire(
        _members(work).where(*(columns[name].in_(indexes) for name, indexes in sought)).order_by(M.id),
        MemberRead,
    )
    rows = statement.limit(FOUND_AT_MOST).subquery()
    found = await work.scalars(select(func.row_to_json(rows.table_valued())))
    return MembersFound(items=[MemberRead.model_validate(row) for row in found])


async def count(work: Work, query: MemberCountsQuery) -> Response:
    """Members by status in a division or body."""
    conditions = [visible(work.actor.scope(_READ)), *_lies_in(query.division, query.party_organization_id)]
    inside = M.status.in_(sorted(IN_PARTY))

    def whose(*more: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count().filter(inside, *more)

    rows: Any = await work.execute(
        select(
            M.status,
            M.employment,
            func.count(),
            whose(M.floating_since.is_not(None)),
            whose(M.scattered.is_(True)),
            whose(M.contact_lost_on.is_not(None)),
        )
        .where(*conditions)
        .group_by(M.status, M.employment)
    )
    found = [tuple(row) for row in rows]
    statuses, ties = Counter[str](), Counter[str | None]()
    for status, employment, many, *_ in found:
        statuses[status] += many
        ties[employment] += many if status == MemberStatus.FULL else 0
    floating, scattered, lost = (sum(row[at] for row in found) for at in (3, 4, 5))
    return await reads.derived(
        work,
        MemberCounts(
            in_party=sum(statuses[each] for each in IN_PARTY),
            by_status=[MemberCount(status=each, members=statuses[each]) for each in MemberStatus],
            by_employment=[
                EmploymentCount(employment=each, full_members=ties[each]) for each in (*Employment, None)
            ],
            floating=floating,
            scattered=scattered,
            contact_lost=lost,
        ),
    )


def _members(work: Work) -> Select[Any]:
    body, place, workplace = party_organizations.c, divisions.c, organizations.c
    running, suspended = M.status != "ended", M.status == "suspended"
    open_transfer = (
        select(Transfer.id)
        .where(Transfer.member_id == M.id, Transfer.state.in_(["requested", "sent"]))
        .correlate(M)
        .scalar_subquery()
    )
    return (
        select(
            M.id,
            func.coalesce(Person.name_mask, "***").label("name"),
            Person.id_number_mask.label("id_number"),
            Person.phone_mask.label("phone"),
            M.status,
            M.ended_kind,
            M.ended_on,
            M.applied_on,
            _partial(M.joined_on, M.joined_precision).label("joined"),
            _partial(M.full_on, M.full_precision).label("full"),
            reads.ref(body.id, body.name).label("party_organization"),
            reads.code_ref(M.division_code, place.name).label("division"),
            reads.ref(workplace.id, workplace.name).label("organization"),
            M.employment,
            M.scattered,
            M.floating_since,
            M.contact_lost_on,
            M.suspension_due_on,
            M.strike_off_due_on,
            M.floating_due_on,
            open_transfer.label("open_transfer_id"),
            M.created_at,
            M.updated_at,
            reads.etag(M.version),
            reads.actions(
                work,
                {
                    "update": (_RECORD, running),
                    "request_transfer": (_RECORD, M.status.in_(sorted(IN_PARTY))),
                    "move": (_DECIDE, M.status.in_(sorted(BEFORE_PARTY))),
                    "restrict": (_DECIDE, M.status.in_(sorted(IN_PARTY))),
                    "suspend": (_DECIDE, M.status == "full"),
                    "restore": (_DECIDE, suspended),
                    "end": (_DECIDE, running),
                    "reveal": (_REVEAL, None),
                },
                read=_READ,
                visible=visible,
            ),
        )
        .outerjoin(Person, Person.id == M.person_id)
        .join(party_organizations, body.id == M.party_organization_id)
        .join(divisions, place.code == M.division_code)
        .outerjoin(organizations, workplace.id == M.organization_id)
        .where(visible(work.actor.scope(_READ)))
    )


def _partial(on: Any, precision: Any) -> ColumnElement[Any]:
    return case(
        (on.is_not(None), func.json_build_object("on", on, "precision", precision)), else_=cast(null(), JSON)
    )


async def history(work: Work, member_id: UUID) -> Response:
    """Every dated link of a member."""
    scope = visible(work.actor.scope(_READ))
    if await work.scalar(select(M.id).where(M.id == member_id, scope)) is None:
        raise errors.MemberNotFound
    body = party_organizations.c
    ref = reads.ref(body.id, body.name).label("party_organization")

    def dated(row: Any, *columns: Any) -> Select[Any]:
        period = (func.lower(row.valid).label("from_on"), func.upper(row.valid).label("until_on"))
        return select(*columns, *period).where(row.member_id == member_id)

    def placed(row: Any, *columns: Any) -> Select[Any]:
        return dated(row, ref, *columns).join(party_organizations, body.id == row.party_organization_id)

    s, p, r = StatusPeriod, Participation, RightsRestriction
    found = await work.execute(
        select(
            reads.array_of(dated(s, s.status, s.document, s.reason), "from_on"),
            reads.array_of(placed(Affiliation, Affiliation.transfer_id, Affiliation.reason), "from_on"),
            reads.array_of(placed(p, p.id, p.kind, reads.etag(p.version)), "from_on", "id"),
            reads.array_of(dated(r, r.id, r.kind, r.document, reads.etag(r.version)), "from_on", "id"),
        )
    )
    row: Any = found.one()
    statuses, affiliations, participations, restrictions = row
    return await reads.derived(
        work,
        {
            "statuses": statuses,
            "affiliations": affiliations,
            "participations": participations,
            "restrictions": restrictions,
        },
        shape=MemberHistory,
    )
