"""What reorganizations are made of: the parts of one change of several bodies, in one transaction.

For the commands of `reorganizations`, which asks the rules and holds every lock (`hold`)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from app.core.access import Permission
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.party_organizations import errors, queries, rules
from app.party_organizations.commands import bodies, covers, functions, ledger
from app.party_organizations.models import FormerKind, FunctionRow, PartyOrganization
from app.party_organizations.rules import BodyFunction, BodyKind, CoverEndReason, Period, Wrong
from app.party_organizations.schemas import FunctionAssigned, PartyOrganizationKindChanged

_DECIDE = Permission.PARTY_ORGANIZATION_DECIDE


async def hold(work: Work, fields: Mapping[str, UUID]) -> dict[UUID, PartyOrganization]:
    """The active bodies that these fields name, locked with the tree and the organizations that they cover.

    Everyone keeps this order: the tree, organizations, bodies by id. Raises `PartyOrganizationNotFound` with
    every field that names none in the scope, `PartyOrganizationIsDissolved`."""
    await queries.guard_tree(work, moving=True)
    inside = await queries.inside(work, fields.values(), work.actor.scope(_DECIDE))
    words = ("没有这个党组织, 或不在您的范围内", "there is no such body, or it is outside your scope")
    if missing := [Fault(at, "not_found", words) for at, wanted in fields.items() if wanted not in inside]:
        raise errors.PartyOrganizationNotFound(errors=[fault for fault in missing if fault.pointer])
    await covers.lock_covered(work, *sorted(inside))
    held = {body.id: body for body in await queries.lock_bodies(work, inside)}
    if any(body.status != "active" for body in held.values()):
        raise errors.PartyOrganizationIsDissolved
    return held


async def hold_below(work: Work, body_id: UUID) -> dict[UUID, PartyOrganization]:
    """The active bodies directly below a body, locked."""
    return {body.id: body for body in await queries.active_children(work, body_id)}


async def become(
    work: Work, body: PartyOrganization, kind: BodyKind, *, name: str, on: date, document: str
) -> None:
    """Make a body another kind from a day on, perhaps under another name; what it was stays on record."""
    since = await queries.last_kind_change(work, body.id) or body.founded_on
    if on <= since:
        raise errors.DissolvedTooEarly(since=since)
    before, former_name = BodyKind(body.kind), body.name
    work.session.add(
        FormerKind(
            id=uuid7(),
            party_organization_id=body.id,
            kind=body.kind,
            name=body.name,
            ended_by_document=document,
            valid=Range(since, on),
        )
    )
    body.kind, body.name, body.approval_document = kind, name, document
    await work.session.flush()
    work.announce(
        PartyOrganizationKindChanged(
            subject=body.id,
            division_code=body.division_code,
            from_kind=before,
            to_kind=kind,
            from_name=former_name,
            to_name=name,
            on=on,
        )
    )


def wrong_with_parent(
    body: PartyOrganization, kind: BodyKind, superior: PartyOrganization, on: date, today: date
) -> list[Wrong]:
    """What is wrong with a body of a kind below another from a day on."""
    return rules.wrong_with_place(
        kind, body.founded_on, bodies.as_superior(superior), on, today, pointer="/on"
    )


async def hang_below(work: Work, children: Iterable[PartyOrganization], parent_id: UUID, on: date) -> int:
    """Hang held bodies below an active one from a day on. Returns how many.

    Raises `PartyOrganizationInvalid` for a place that cannot be, and what moving refuses."""
    (parent,) = await queries.lock_bodies(work, [parent_id])
    moved = 0
    for child in children:
        ledger.refuse(wrong_with_parent(child, BodyKind(child.kind), parent, on, work.today))
        await bodies.moved(work, child, parent_id, on)
        moved += 1
    return moved


async def hand_over_covers(
    work: Work,
    giver: PartyOrganization,
    taker: PartyOrganization,
    on: date,
    organization_ids: Collection[UUID] | None = None,
) -> int:
    """What a body covers on a day is covered by another from then on: all, or these organizations.

    What the taker covers already simply ends at the giver. Returns how many organizations went."""
    standing = [
        cover
        for cover in await queries.standing_covers(work, on, body_id=giver.id)
        if organization_ids is None or cover.organization_id in organization_ids
    ]
    theirs = {cover.organization_id for cover in await queries.standing_covers(work, on, body_id=taker.id)}
    periods = [(cover.organization_id, ledger.period_of(cover.valid)) for cover in standing]
    await covers.cut(work, {giver.id: giver}, standing, on, CoverEndReason.TAKEN_OVER)
    for organization_id, period in periods:
        if organization_id not in theirs:
            left = Period(max(on, period.since), period.until)
            await covers.begin(work, taker, organization_id, left)
    return len({organization_id for organization_id, _ in periods})


async def hand_over_functions(
    work: Work, giver: PartyOrganization, taker: PartyOrganization, on: date
) -> int:
    """The parts that a body plays on a day are played by another from then on. Returns how many went."""
    rows = await work.scalars(
        select(FunctionRow).where(FunctionRow.party_organization_id == giver.id).with_for_update()
    )
    going = [row for row in rows.all() if ledger.period_of(row.valid).reaches(on)]
    plans = [(row.function, row.division_code, row.industry, row.valid.upper) for row in going]
    for row in going:
        await functions.finish(work, giver, row, on)
    for function, division_code, industry, until in plans:
        row = FunctionRow(
            id=uuid7(),
            party_organization_id=taker.id,
            function=function,
            division_code=division_code,
            industry=industry,
            valid=Range(on, until),
        )
        work.session.add(row)
        await work.session.flush()
        work.announce(
            FunctionAssigned(
                subject=taker.id,
                division_code=taker.division_code,
                function_id=row.id,
                function=BodyFunction(function),
                for_division_code=division_code,
                industry=industry,
                from_on=on,
            )
        )
    return len(plans)


async def end(work: Work, body: PartyOrganization, on: date, reason: str) -> None:
    """Dissolve a body that nothing hangs on any more; it is held."""
    await bodies.end(work, body, on, reason, children_to_parent=False)
