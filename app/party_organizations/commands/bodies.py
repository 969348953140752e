"""Establish, change, move, re-form and dissolve Party organizations."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.core import marks
from app.core.access import NATIONAL, Permission
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.party_organizations import errors, queries, rules
from app.party_organizations.commands import covers, functions, ledger, tree
from app.party_organizations.models import PartyOrganization
from app.party_organizations.rules import BodyKind, Formation, Period, Superior, Wrong
from app.party_organizations.schemas import (
    FormationChange,
    PartyOrganizationChanged,
    PartyOrganizationDissolve,
    PartyOrganizationDissolved,
    PartyOrganizationEstablish,
    PartyOrganizationEstablished,
    PartyOrganizationMove,
    PartyOrganizationMoved,
    PartyOrganizationReformed,
    PartyOrganizationUpdate,
)

_READ = Permission.PARTY_ORGANIZATION_READ
_RECORD = Permission.PARTY_ORGANIZATION_RECORD
_DECIDE = Permission.PARTY_ORGANIZATION_DECIDE


async def establish(work: Work, plan: PartyOrganizationEstablish) -> UUID:
    """Establish a body in a division of the scope, or below a body of the scope, with its first covers.

    Its level is that of its division. The organizations it covers are locked, so that none ends meanwhile."""
    await queries.guard_tree(work, moving=False)
    fields = {f"/covers/{n}/organization_id": first.organization_id for n, first in enumerate(plan.covers)}
    await ledger.lock_organizations(work, fields)
    superior = await _superior(work, plan.parent_id)
    level = await _level(work, plan.division_code, plan.parent_id)
    ledger.refuse(_wrongs(plan, superior, work.today))
    body = PartyOrganization(
        id=uuid7(),
        name=plan.name,
        kind=plan.kind,
        formation=plan.formation,
        level=level,
        division_code=plan.division_code,
        industry=plan.industry,
        approval_document=plan.approval_document,
        founded_on=plan.founded_on,
        counts_as_primary=rules.counts_as_primary(plan.kind),
        status="active",
    )
    work.session.add(body)
    work.mark([body.id], marks.PARTY_ORGANIZATION)
    await work.session.flush()
    await tree.plant(work, body)
    if superior is not None:
        await tree.replant(work, body, superior.id, _hangs_since(plan, superior))
    work.announce(
        PartyOrganizationEstablished(
            subject=body.id,
            division_code=body.division_code,
            name=body.name,
            kind=plan.kind,
            formation=plan.formation,
            parent_id=plan.parent_id,
            founded_on=body.founded_on,
        )
    )
    for first in plan.covers:
        await covers.begin(work, body, first.organization_id, Period(first.from_on or plan.founded_on))
    return body.id


def _hangs_since(plan: PartyOrganizationEstablish, superior: PartyOrganization) -> date:
    return plan.parent_from_on or max(plan.founded_on, superior.founded_on)


def _wrongs(plan: PartyOrganizationEstablish, superior: PartyOrganization | None, today: date) -> list[Wrong]:
    found = rules.wrong_with_body(plan.kind, plan.formation, plan.founded_on, today)
    if superior is not None:
        since = _hangs_since(plan, superior)
        found += rules.wrong_with_place(
            plan.kind, plan.founded_on, as_superior(superior), since, today, pointer="/parent_from_on"
        )
    for number, first in enumerate(plan.covers):
        period = Period(first.from_on or plan.founded_on)
        found += [
            Wrong(f"/covers/{number}{wrong.pointer}", wrong.code, wrong.words)
            for wrong in rules.wrong_with_cover(plan.kind, plan.founded_on, period, today)
        ]
    if plan.formation is Formation.SINGLE and len(plan.covers) > 1:
        words = ("单独组建只覆盖一个社会组织", "a single formation covers one organization")
        found.append(Wrong("/covers", "single_covers_one", words))
    return found


def as_superior(body: PartyOrganization) -> Superior:
    """A body as the rules of the tree know it."""
    return Superior(BodyKind(body.kind), body.founded_on, active=body.status == "active")


async def _superior(work: Work, parent_id: UUID | None) -> PartyOrganization | None:
    """The body to hang below, in the caller's scope. Raises `PartyOrganizationNotFound`, naming the field."""
    if parent_id is None:
        return None
    inside = queries.visible(work.actor.scope(_DECIDE))
    found: PartyOrganization | None = await work.scalar(
        select(PartyOrganization).where(PartyOrganization.id == parent_id, inside)
    )
    if found is None:
        words = ("没有这个上级党组织, 或不在您的范围内", "there is no such body, or it is outside your scope")
        raise errors.PartyOrganizationNotFound(errors=[Fault("/parent_id", "not_found", words)])
    return found


async def _level(work: Work, code: str, parent_id: UUID | None) -> str:
    """The level of a division that exists today and lies in the scope.

    Below a body that is granted as such any division will do: lines (条) cross divisions (块)."""
    scope = work.actor.scope(_DECIDE)
    if parent_id is not None and await queries.in_line(work, parent_id, scope):
        scope = NATIONAL
    return (await ledger.usable(work, code, scope)).level


async def change(work: Work, body_id: UUID, update: PartyOrganizationUpdate) -> None:
    """Change the name, industry or approval document of a body that is not dissolved."""
    body = await _locked(work, body_id, _RECORD)
    changed = []
    for field in sorted(update.model_fields_set):
        value = getattr(update, field)
        if getattr(body, field) != value:
            setattr(body, field, value)
            changed.append(field)
    if changed:
        await work.session.flush()
        work.announce(
            PartyOrganizationChanged(
                subject=body.id, division_code=body.division_code, changed=changed, name=body.name
            )
        )


async def move(work: Work, body_id: UUID, order: PartyOrganizationMove) -> None:
    """Move a body with all below it under another parent, or make it a root, from a day on."""
    await queries.guard_tree(work, moving=True)
    superior = await _superior(work, order.parent_id)
    body = await _locked(work, body_id, _DECIDE)
    on, before = order.on or work.today, body.parent_id
    if superior is not None:
        ledger.refuse(
            rules.wrong_with_place(
                BodyKind(body.kind), body.founded_on, as_superior(superior), on, work.today, pointer="/on"
            )
        )
    ledger.refuse_future("/on", on, work.today)
    if order.parent_id == before:
        words = ("已隶属于该上级", "it hangs there already")
        ledger.refuse([Wrong("/parent_id", "already_there", words)])
    await moved(work, body, order.parent_id, on)


async def moved(work: Work, body: PartyOrganization, parent_id: UUID | None, on: date) -> None:
    """Hang a body elsewhere and tell; the tree guard is held, and the place is right."""
    before = body.parent_id
    await tree.replant(work, body, parent_id, on)
    work.announce(
        PartyOrganizationMoved(
            subject=body.id,
            division_code=body.division_code,
            from_parent_id=before,
            to_parent_id=parent_id,
            on=on,
        )
    )


async def change_formation(work: Work, body_id: UUID, order: FormationChange) -> None:
    """Give a body another formation from a day on: covers that stand then go on under the new one."""
    await covers.lock_covered(work, body_id)
    body = await _locked(work, body_id, _DECIDE)
    on = order.on or work.today
    ledger.refuse_future("/on", on, work.today)
    if on < body.founded_on:
        words = ("早于党组织的成立日期", "lies before the body was founded")
        ledger.refuse([Wrong("/on", "before_foundation", words)])
    if body.formation == order.formation:
        ledger.refuse([Wrong("/formation", "unchanged", ("已是该组建形式", "it has this formation already"))])
    before = Formation(body.formation) if body.formation else None
    body.formation = order.formation
    await covers.reform(work, body, on)
    work.announce(
        PartyOrganizationReformed(
            subject=body.id,
            division_code=body.division_code,
            from_formation=before,
            to_formation=order.formation,
            on=on,
        )
    )


async def dissolve(work: Work, body_id: UUID, order: PartyOrganizationDissolve) -> None:
    """Dissolve a body: its covers and functions end that day, later ones are cancelled, its record stays.

    Members must be transferred first; active bodies below it are moved first, or go to its parent with it
    (`children_to_parent`)."""
    await queries.guard_tree(work, moving=True)
    await covers.lock_covered(work, body_id)
    body = await _locked(work, body_id, _DECIDE)
    on = order.on or work.today
    ledger.refuse_future("/on", on, work.today)
    await end(work, body, on, order.reason, children_to_parent=order.children_to_parent)


async def end(
    work: Work, body: PartyOrganization, on: date, reason: str, *, children_to_parent: bool
) -> None:
    """The end itself, of a body that is held with the tree and what it covers."""
    if on <= body.founded_on:
        raise errors.SameDay
    if remaining := await queries.members_of(work, body.id):
        raise errors.MembersRemain(count=remaining)
    await _settle_children(work, body, on, to_parent=children_to_parent)
    body.status, body.dissolved_on, body.dissolved_reason = "dissolved", on, reason
    work.mark([body.id], marks.PARTY_ORGANIZATION)
    await work.session.flush()
    await covers.end_all(work, [body], on, rules.CoverEndReason.PARTY_ORGANIZATION_DISSOLVED, body_id=body.id)
    await functions.end_all(work, body, on)
    work.announce(
        PartyOrganizationDissolved(subject=body.id, division_code=body.division_code, on=on, reason=reason)
    )


async def _settle_children(work: Work, body: PartyOrganization, on: date, *, to_parent: bool) -> None:
    latest = await queries.last_change_below(work, body.id)
    if latest is not None and on < latest:
        raise errors.DissolvedTooEarly(since=latest)
    children = await queries.active_children(work, body.id)
    if not children:
        return
    if not to_parent:
        raise errors.ChildrenRemain(count=len(children))
    parents = await queries.lock_bodies(work, [body.parent_id] if body.parent_id else [])
    if not parents or parents[0].status != "active":
        raise errors.NoParentForChildren
    superior = as_superior(parents[0])
    for child in children:
        ledger.refuse(
            Wrong("/children_to_parent", wrong.code, wrong.words)
            for wrong in rules.wrong_with_place(
                BodyKind(child.kind), child.founded_on, superior, on, work.today, pointer="/on"
            )
        )
        await moved(work, child, parents[0].id, on)


async def _locked(work: Work, body_id: UUID, permission: Permission) -> PartyOrganization:
    """An active body, locked, in the version that the caller read."""
    body = await queries.get_for_update(work, body_id, permission)
    work.expect(body)
    if body.status != "active":
        raise errors.PartyOrganizationIsDissolved
    return body
