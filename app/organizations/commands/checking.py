"""What is checked before a statement is believed: every fault at once, each with its mend."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from pydantic_core import PydanticCustomError

from app.core import checks
from app.core.access import Permission, Scope
from app.core.errors import Fault
from app.core.work import Work
from app.organizations import errors, queries, rules
from app.organizations.queries import Place
from app.organizations.rules import Origin


@dataclass(slots=True)
class _Faults:
    """What is wrong so far; pointers begin with the prefix of the facts in the body."""

    prefix: str
    faults: list[Fault] = field(default_factory=list)
    reasons: list[dict[str, Any]] = field(default_factory=list)

    def add(self, fact: str, code: str) -> None:
        self.faults.append(Fault(f"{self.prefix}/{fact}", code, errors.words(code)))


async def checked(
    work: Work, values: Mapping[str, Any], origin: Origin, scope: Scope, *, prefix: str = ""
) -> dict[str, Any]:
    """The values as they are stored. Raises `EffectiveInFuture`, or `FactsRefused` with every fault."""
    if origin.effective_on > work.today:
        code = "effective_on_in_future"
        raise errors.EffectiveInFuture(errors=[Fault("/effective_on", code, errors.words(code))])
    wrong, stored = _Faults(prefix), dict[str, Any]()
    for fact, value in values.items():
        try:
            stored |= rules.checked({fact: value})
        except rules.NotAValue as refused:
            wrong.add(fact, refused.code)
    await _check_credit_code(work, stored, wrong)
    await _check_divisions(work, stored, origin, scope, wrong)
    await _check_authorities(work, stored, origin, wrong)
    established_on = stored.get("established_on")
    if established_on is not None and date.fromisoformat(established_on) > work.today:
        wrong.add("established_on", "established_on_in_future")
    if wrong.faults:
        raise errors.FactsRefused(errors=wrong.faults, reasons=wrong.reasons)
    return stored


async def _check_credit_code(work: Work, stored: Mapping[str, Any], wrong: _Faults) -> None:
    """A check digit that is wrong needs a second person's acceptance first (GB 32100-2015 §5)."""
    code = stored.get("credit_code")
    if code is None:
        return
    try:
        checks.credit_code(code)
    except PydanticCustomError as refused:
        if refused.type != "credit_code_check_digit" or not await queries.accepted(work, code):
            wrong.add("credit_code", refused.type)


async def _check_divisions(
    work: Work, stored: Mapping[str, Any], origin: Origin, scope: Scope, wrong: _Faults
) -> None:
    given = {fact: stored[fact] for fact in rules.DIVISION_FACTS if stored.get(fact) is not None}
    if not given:
        return
    places = await queries.places(work, given.values(), scope)
    for fact, code in given.items():
        place = places.get(code)
        if place is None:
            wrong.add(fact, "division_unknown")
        elif (why := _not_in_force(place, origin.effective_on, work.today)) is not None:
            wrong.add(fact, why)
            wrong.reasons += [
                {"code": "division_succeeded_by", "division_code": successor, "name": name}
                for successor, name in place.successors
            ]
        elif fact == "division_code" and not place.in_scope:
            wrong.add(fact, "division_outside_scope")
            raise errors.OutsideScope(errors=wrong.faults)


def _not_in_force(place: Place, effective_on: date, today: date) -> str | None:
    """Why a code may not be used: it must be in force on the effective day, or today (old codes stay old)."""
    if any(_in_force(place, day) for day in (effective_on, today)):
        return None
    coming = place.in_force_from is not None and place.in_force_from > today
    return "division_not_yet_in_force" if coming else "division_abolished"


def _in_force(place: Place, day: date) -> bool:
    since, until = place.in_force_from, place.in_force_until
    return (since is None or since <= day) and (until is None or day < until)


async def _check_authorities(work: Work, stored: Mapping[str, Any], origin: Origin, wrong: _Faults) -> None:
    given = {fact: UUID(stored[fact]) for fact in rules.AUTHORITY_FACTS if stored.get(fact) is not None}
    if not given:
        return
    scope = work.actor.scope(Permission.AUTHORITY_READ)
    abolished = await queries.authorities_abolished_on(work, given.values(), scope)
    for fact, authority_id in given.items():
        ended = abolished.get(authority_id)
        if authority_id not in abolished:
            wrong.add(fact, "authority_unknown")
        elif ended is not None and ended <= origin.effective_on:
            wrong.add(fact, "authority_abolished")
