"""What every step that judges a request asks: each reason against it at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from app.core.access import Permission, Scope
from app.core.errors import Fault
from app.core.work import Work
from app.establishments import errors, queries, rules
from app.establishments.commands.structures import structure_of
from app.establishments.rules import Numbers, Reason, Structure
from app.party_organizations import commands as party
from app.party_organizations.rules import (
    IN_FUTURE,
    BodyKind,
    Formation,
    Period,
    Power,
    Superior,
    Wrong,
    wrong_with_body,
    wrong_with_cover,
    wrong_with_place,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for, whether in a new request or in one that is stored."""

    kind: BodyKind
    formation: Formation | None
    division_code: str
    parent_id: UUID
    organization_ids: tuple[UUID, ...]
    member_ids: tuple[UUID, ...]
    branch_ids: tuple[UUID, ...]
    others: Numbers
    on: date
    excused: bool
    establishment_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What the examination came to."""

    superior_id: UUID
    numbers: Numbers
    structure: Structure
    needs_election: bool


def day(work: Work, given: date | None, *, after: date | None = None, pointer: str = "/on") -> date:
    """The day of a step: today unless given, not in the future, not before what it follows."""
    on = given or work.today
    if on > work.today:
        refuse([Wrong(pointer, "in_future", IN_FUTURE)])
    if after is not None and on < after:
        words = (f"不能早于{after.isoformat()}", f"cannot be before {after.isoformat()}")
        refuse([Wrong(pointer, "too_early", words)])
    return on


def refuse(wrongs: Sequence[Wrong]) -> None:
    """Raise `EstablishmentInvalid` with everything that is wrong at once, if anything is."""
    if faults := [Fault(wrong.pointer, wrong.code, wrong.words) for wrong in wrongs]:
        raise errors.EstablishmentInvalid(errors=faults)


async def see(work: Work, *bodies: UUID, permission: Permission = Permission.MEMBER_RECORD) -> None:
    """Let the transaction see the members of the caller's scope, and of these bodies."""
    scope = work.actor.scope(permission)
    await work.admit(Scope(scope.national, scope.divisions, (*scope.bodies, *bodies)))


async def examine(work: Work, plan: Plan) -> Finding:
    """Everything that speaks against a plan, refused at once: shape first (422), then the conditions (409).

    Raises `EstablishmentInvalid`, `EstablishmentBlocked` with its reasons."""
    above = await queries.parent(work, plan.parent_id)
    if above is None or not await _known(work, above, plan):
        words = ("没有这个上级党组织", "there is no such body")
        refuse([Wrong("/parent_id", "not_found", words)])
    assert above is not None  # noqa: S101 (refused above)
    since = max(plan.on, above.founded_on)
    refuse(_shape(plan, above, since, work.today))
    await see(work, *plan.branch_ids)
    numbers = await _numbers(work, plan)
    structure = await structure_of(work, plan.division_code, plan.on)
    reasons = rules.reasons_of_size(plan.kind, plan.formation, len(plan.organization_ids), numbers, structure)
    reasons += await _named_twice(work, plan)
    superior_id = await _superior(work, plan.parent_id)
    if superior_id is None:
        words = ("上级中没有可以批准设立党组织的党委", "no body above may approve bodies")
        reasons.append(Reason("no_approving_body", words, {}))
    left = rules.blocking(reasons, excused=plan.excused)
    if left:
        raise errors.EstablishmentBlocked(reasons=[_told(reason) for reason in left])
    assert superior_id is not None  # noqa: S101 (a reason above)
    powers = await party.powers_as(work, plan.kind, plan.formation, plan.division_code)
    return Finding(superior_id, numbers, structure, powers.may(Power.HOLD_ELECTIONS))


def _told(reason: Reason) -> Mapping[str, Any]:
    zh, en = reason.words
    return {"code": reason.code, "message": {"zh": zh, "en": en}, **reason.facts}


async def _known(work: Work, above: queries.Parent, plan: Plan) -> bool:
    """Whether the caller may name the parent: in its scope, or of a division above the new body's."""
    if above.division_code in await queries.path(work, plan.division_code, work.today):
        return True
    scope = work.actor.scope(Permission.PARTY_ORGANIZATION_READ)
    return bool(await queries.in_scope(work, [above.id], scope))


def _shape(plan: Plan, above: queries.Parent, since: date, today: date) -> list[Wrong]:
    found = wrong_with_body(plan.kind, plan.formation, plan.on, today)
    superior = Superior(BodyKind(above.kind), above.founded_on, active=above.active)
    found += wrong_with_place(plan.kind, plan.on, superior, since, today, pointer="/parent_id")
    if plan.organization_ids:
        found += [
            replace(wrong, pointer="/organization_ids")
            for wrong in wrong_with_cover(plan.kind, plan.on, Period(plan.on), today)
        ]
    if plan.formation is Formation.SINGLE and len(plan.organization_ids) > 1:
        words = ("单独组建只覆盖一个社会组织", "a single formation covers one organization")
        found.append(Wrong("/organization_ids", "single_covers_one", words))
    if plan.member_ids and plan.kind is not BodyKind.BRANCH:
        words = ("党员编入党支部; 党委、党总支请用branch_ids", "members belong to branches: give branch_ids")
        found.append(Wrong("/member_ids", "not_a_branch", words))
    if plan.branch_ids and plan.kind not in {BodyKind.COMMITTEE, BodyKind.GENERAL_BRANCH}:
        words = ("只有党委、党总支下设党支部", "only a committee or general branch has branches below it")
        found.append(Wrong("/branch_ids", "no_branches", words))
    return found


async def _numbers(work: Work, plan: Plan) -> Numbers:
    """Members who count, of whom each must be in sight; bodies below must be in scope."""
    found = []
    scope = work.actor.scope(Permission.PARTY_ORGANIZATION_RECORD)
    here = await queries.in_scope(work, plan.branch_ids, scope)
    words = ("没有这个党组织, 或不在您的范围内", "there is no such body, or it is outside your scope")
    found += [
        Wrong(f"/branch_ids/{n}", "not_found", words)
        for n, branch in enumerate(plan.branch_ids)
        if branch not in here
    ]
    unseen = await queries.away(work, plan.member_ids)
    words = ("没有这名党员, 或不在您的范围内", "there is no such member, or they are outside your scope")
    found += [
        Wrong(f"/member_ids/{n}", "not_found", words)
        for n, member in enumerate(plan.member_ids)
        if member in unseen
    ]
    refuse(found)
    named = await queries.member_numbers(work, plan.member_ids)
    below = await queries.branch_numbers(work, sorted(here))
    return named.plus(below).plus(plan.others)


async def _named_twice(work: Work, plan: Plan) -> list[Reason]:
    organizations, members = await queries.open_for(
        work, plan.organization_ids, plan.member_ids, plan.establishment_id
    )
    found = []
    if organizations:
        words = ("已有另一项设立请示包括该社会组织", "another open request names these organizations")
        ids = sorted(str(one) for one in organizations)
        found.append(Reason("organization_in_another_request", words, {"organization_ids": ids}))
    if members:
        words = ("已有另一项设立请示包括这些党员", "another open request names these members")
        found.append(Reason("member_in_another_request", words, {"count": len(members)}))
    return found


async def _superior(work: Work, parent_id: UUID) -> UUID | None:
    """The nearest body, from the parent up, that may approve bodies (支部工作条例(试行): 上级党委批准)."""
    for body_id in await queries.superiors(work, parent_id):
        if (await party.powers_of(work, body_id)).may(Power.APPROVE_BODIES):
            return body_id
    return None
