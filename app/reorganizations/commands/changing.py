"""Upgrade, merge, split and dissolve: what hangs on a body goes where it must, in one transaction.

Locks as everywhere: the tree, organizations, bodies by id, members by id."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from app.core.work import Work
from app.establishments import queries as sizes
from app.establishments import rules as measuring
from app.establishments.commands import structure_of
from app.establishments.rules import Numbers, Reason
from app.members import commands as members
from app.party_organizations import commands as party
from app.party_organizations import queries as bodies
from app.party_organizations.commands import reshaping
from app.party_organizations.models import PartyOrganization
from app.party_organizations.rules import BodyKind, Formation, Power, Superior, Wrong, wrong_with_place
from app.party_organizations.schemas import PartyOrganizationDissolve, PartyOrganizationEstablish
from app.posts import commands as posts
from app.posts.rules import PostEndReason
from app.reorganizations import rules
from app.reorganizations.commands.recording import Moved, day, record, refuse, refuse_blocked, see
from app.reorganizations.rules import ReorganizationKind
from app.reorganizations.schemas import (
    NewBranch,
    PartyOrganizationMerge,
    PartyOrganizationSplit,
    PartyOrganizationUpgrade,
    SplitPart,
)

Part = NewBranch | SplitPart


async def upgrade(work: Work, body_id: UUID, order: PartyOrganizationUpgrade) -> UUID:
    """Make a branch a general branch or committee, or a general branch a committee: the same body, with the
    kind that it was before on record. Members of a branch go to branches below it.

    Raises `ReorganizationInvalid`, `ReorganizationBlocked` with every reason."""
    body = (await reshaping.hold(work, {"": body_id}))[body_id]
    work.expect(body)
    on, before = day(work, order.on), BodyKind(body.kind)
    children = await reshaping.hold_below(work, body_id)
    wrongs = rules.wrong_with_upgrade(before, order.kind)
    if body.parent_id is not None and not wrongs:
        (above,) = await bodies.lock_bodies(work, [body.parent_id])
        wrongs += reshaping.wrong_with_parent(body, order.kind, above, on, work.today)
    for child in children.values() if not wrongs else ():
        place = Superior(order.kind, body.founded_on, active=True)
        wrongs += wrong_with_place(
            BodyKind(child.kind), child.founded_on, place, on, work.today, pointer="/on"
        )
    refuse([*wrongs, *await _wrong_with_parts(work, body, order.branches, "/branches")])
    await see(work, body_id)
    formation = Formation(body.formation) if body.formation else None
    powers = await party.powers_as(work, order.kind, formation, body.division_code)
    reasons = await _reasons(work, body, order.kind, await sizes.branch_numbers(work, [body_id]))
    staying = await bodies.members_of(work, body_id) - len({m for b in order.branches for m in b.member_ids})
    if staying > 0 and not powers.may(Power.HOLD_MEMBERS):
        words = (
            f"还有{staying}名党员没有编入下设的党支部",
            f"{staying} members would belong to no branch: name the branches below it",
        )
        reasons.append(Reason("members_without_branch", words, {"count": staying}))
    refuse_blocked(measuring.blocking(reasons, excused=order.exception_document is not None))
    name = order.name or body.name
    await reshaping.become(work, body, order.kind, name=name, on=on, document=order.document)
    moved, made = Moved(), []
    for branch in order.branches:
        below = _plan(
            branch,
            BodyKind.BRANCH,
            body,
            formation=branch.formation,
            parent_id=body_id,
            on=on,
            document=order.document,
        )
        made.append(await _part(work, body, branch, below, moved))
    return await record(
        work,
        ReorganizationKind.UPGRADE,
        body,
        on=on,
        document=order.document,
        exception_document=order.exception_document,
        sources=[body_id],
        results=[body_id, *made],
        moved=moved,
    )


async def merge(work: Work, body_id: UUID, order: PartyOrganizationMerge) -> UUID:
    """Bodies of one kind go up in this one: their members, covers, functions and the bodies below them come
    to it, their posts end, and they are dissolved that day."""
    others = list(dict.fromkeys(order.party_organization_ids))
    fields = {f"/party_organization_ids/{n}": one for n, one in enumerate(others)}
    held = await reshaping.hold(work, {"": body_id, **fields})
    body = held[body_id]
    work.expect(body)
    on = day(work, order.on)
    wrongs = []
    for number, one in enumerate(others):
        if one == body_id:
            words = ("不能并入自己", "a body cannot be merged into itself")
            wrongs.append(Wrong(f"/party_organization_ids/{number}", "itself", words))
        else:
            wrongs += rules.wrong_with_merger(number, BodyKind(held[one].kind), BodyKind(body.kind))
    refuse(wrongs)
    moved = Moved()
    for one in others:
        await _absorb(work, held[one], body, on=on, reason=order.reason, moved=moved)
    return await record(
        work,
        ReorganizationKind.MERGE,
        body,
        on=on,
        document=order.document,
        sources=[body_id, *others],
        results=[body_id],
        moved=moved,
        reason=order.reason,
    )


async def _absorb(
    work: Work, giver: PartyOrganization, taker: PartyOrganization, *, on: date, reason: str, moved: Moved
) -> None:
    children = await reshaping.hold_below(work, giver.id)
    moved.bodies += await reshaping.hang_below(work, children.values(), taker.id, on)
    moved.organizations += await reshaping.hand_over_covers(work, giver, taker, on)
    moved.functions += await reshaping.hand_over_functions(work, giver, taker, on)
    moved.posts += await posts.hand_over_body(work, giver.id, taker.id, on)
    if await bodies.members_of(work, giver.id):
        moved.members += await members.hand_over(work, giver.id, taker.id, None, on=on, reason=reason)
    await reshaping.end(work, giver, on, reason)


async def split(work: Work, body_id: UUID, order: PartyOrganizationSplit) -> UUID:
    """New bodies of the same kind, below the same parent, take over what is named; the body stays with the
    rest, or ends when nothing of it is left.

    Raises `ReorganizationInvalid`, `ReorganizationBlocked` with every reason."""
    body = (await reshaping.hold(work, {"": body_id}))[body_id]
    work.expect(body)
    on, kind = day(work, order.on), BodyKind(body.kind)
    children = await reshaping.hold_below(work, body_id)
    refuse(await _wrong_with_parts(work, body, order.parts, "/parts", below=children))
    await see(work, body_id)
    reasons = []
    for part in order.parts:
        named = await sizes.member_numbers(work, part.member_ids)
        numbers = named.plus(await sizes.branch_numbers(work, part.branch_ids))
        reasons += await _reasons(work, body, kind, numbers, part=part)
    refuse_blocked(measuring.blocking(reasons, excused=order.exception_document is not None))
    moved, made = Moved(), []
    for part in order.parts:
        plan = _plan(
            part,
            kind,
            body,
            formation=_formation(part, body),
            parent_id=body.parent_id,
            on=on,
            document=order.document,
        )
        new_id = await _part(work, body, part, plan, moved)
        going = [children[one] for one in part.branch_ids]
        moved.bodies += await reshaping.hang_below(work, going, new_id, on)
        if part.takes_functions:
            (new,) = await bodies.lock_bodies(work, [new_id])
            moved.functions += await reshaping.hand_over_functions(work, body, new, on)
        made.append(new_id)
    if order.dissolve:
        moved.posts += await posts.end_for_body(work, body_id, on)
        await reshaping.end(work, body, on, order.reason)
    return await record(
        work,
        ReorganizationKind.SPLIT,
        body,
        on=on,
        document=order.document,
        exception_document=order.exception_document,
        sources=[body_id],
        results=made if order.dissolve else [body_id, *made],
        moved=moved,
        reason=order.reason,
    )


async def dissolve(work: Work, body_id: UUID, order: PartyOrganizationDissolve) -> None:
    """Dissolve a body that no members belong to any more; its posts end that day with it."""
    await party.dissolve(work, body_id, order)
    await posts.end_for_body(work, body_id, order.on or work.today)


async def _reasons(
    work: Work,
    body: PartyOrganization,
    kind: BodyKind,
    numbers: Numbers,
    *,
    part: SplitPart | None = None,
) -> list[Reason]:
    structure = await structure_of(work, body.division_code, work.today)
    formation = _formation(part, body) if part else None
    units = len(part.organization_ids) if part else 0
    return measuring.reasons_of_size(kind, formation, units, numbers, structure)


def _formation(part: SplitPart, body: PartyOrganization) -> Formation | None:
    return part.formation or (Formation(body.formation) if body.formation else None)


async def _wrong_with_parts(
    work: Work,
    body: PartyOrganization,
    parts: Sequence[Part],
    pointer: str,
    *,
    below: Iterable[UUID] = (),
) -> list[Wrong]:
    """What is named twice, or is not the body's to give."""
    covered = {c.organization_id for c in await bodies.standing_covers(work, date.min, body_id=body.id)}
    found = rules.named_twice(f"{pointer}/{{}}/member_ids", [[str(m) for m in p.member_ids] for p in parts])
    words = ("该社会组织不由它覆盖", "it does not cover this organization")
    found += [
        Wrong(f"{pointer}/{n}/organization_ids/{place}", "not_covered", words)
        for n, part in enumerate(parts)
        for place, one in enumerate(part.organization_ids)
        if one not in covered
    ]
    branches = [part.branch_ids if isinstance(part, SplitPart) else [] for part in parts]
    found += rules.named_twice(f"{pointer}/{{}}/branch_ids", [[str(one) for one in ids] for ids in branches])
    words = ("不是它的直接下级", "it does not hang directly below it")
    known = set(below)
    found += [
        Wrong(f"{pointer}/{n}/branch_ids/{place}", "not_below", words)
        for n, ids in enumerate(branches)
        for place, one in enumerate(ids)
        if one not in known
    ]
    return found


def _plan(
    part: Part,
    kind: BodyKind,
    body: PartyOrganization,
    *,
    formation: Formation | None,
    parent_id: UUID | None,
    on: date,
    document: str,
) -> PartyOrganizationEstablish:
    return PartyOrganizationEstablish(
        name=part.name,
        kind=kind,
        formation=formation,
        division_code=body.division_code,
        parent_id=parent_id,
        industry=body.industry,
        approval_document=document,
        founded_on=on,
        covers=[],
    )


async def _part(
    work: Work, body: PartyOrganization, part: Part, plan: PartyOrganizationEstablish, moved: Moved
) -> UUID:
    """A new body with the members and organizations that come to it; who leaves the old body leaves its posts
    too, unless the new one hangs below it."""
    on, new_id = plan.founded_on, await party.establish(work, plan)
    (new,) = await bodies.lock_bodies(work, [new_id])
    if part.organization_ids:
        moved.organizations += await reshaping.hand_over_covers(
            work, body, new, on, set(part.organization_ids)
        )
    if part.member_ids:
        moved.members += await members.hand_over(
            work, body.id, new_id, part.member_ids, on=on, reason=plan.approval_document or plan.name
        )
        for member_id in part.member_ids if plan.parent_id != body.id else ():
            moved.posts += await posts.end_for_member(
                work, member_id, on, PostEndReason.TRANSFERRED, bodies={body.id}
            )
    return new_id
