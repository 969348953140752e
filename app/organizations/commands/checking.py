"""What is checked before a statement is believed: every fault at once, each with its mend.

What the checks need is looked up first, for one statement or for a thousand; the checks themselves are pure.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
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


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What the checks ask the database: what is wrong with credit codes, and which divisions and authorities
    there are in sight."""

    credit_codes: Mapping[str, str]
    places: Mapping[str, Place]
    authorities: Mapping[UUID, date | None]


async def look_up(work: Work, statements: Iterable[Mapping[str, Any]], scope: Scope) -> LookedUp:
    """Everything that these statements name, by at most four selects."""
    codes: set[str] = set()
    divisions: set[str] = set()
    authorities: set[UUID] = set()
    for values in statements:
        codes |= set(_named(values, ("credit_code",)).values())
        divisions |= set(_named(values, rules.DIVISION_FACTS).values())
        authorities |= {UUID(each) for each in _named(values, rules.AUTHORITY_FACTS).values()}
    wrong = {code: why for code in codes if (why := _wrong_code(code)) is not None}
    doubted = [code for code, why in wrong.items() if why == "credit_code_check_digit"]
    accepted = await queries.accepted(work, doubted)
    read = work.actor.scope(Permission.AUTHORITY_READ)
    return LookedUp(
        {code: why for code, why in wrong.items() if code not in accepted},
        await queries.places(work, divisions, scope) if divisions else {},
        await queries.authorities_abolished_on(work, authorities, read) if authorities else {},
    )


def _named(values: Mapping[str, Any], facts: Iterable[str]) -> dict[str, Any]:
    """The values of some facts as they are stored, if they can be."""
    named: dict[str, Any] = {}
    for fact in facts:
        value = values.get(fact)
        if value is not None:
            with suppress(rules.NotAValue):
                named |= rules.checked({fact: value})
    return named


def _wrong_code(code: str) -> str | None:
    try:
        checks.credit_code(code)
    except PydanticCustomError as refused:
        return refused.type
    return None


async def checked(
    work: Work, values: Mapping[str, Any], origin: Origin, scope: Scope, *, prefix: str = ""
) -> dict[str, Any]:
    """The values as they are stored. Raises `EffectiveInFuture`, or `FactsRefused` with every fault."""
    return judged(values, origin, work.today, await look_up(work, [values], scope), prefix=prefix)


def judged(
    values: Mapping[str, Any], origin: Origin, today: date, seen: LookedUp, *, prefix: str = ""
) -> dict[str, Any]:
    """The same, of what was looked up before."""
    if origin.effective_on > today:
        code = "effective_on_in_future"
        raise errors.EffectiveInFuture(errors=[Fault("/effective_on", code, errors.words(code))])
    wrong = _Faults(prefix)
    stored = _stored(values, wrong)
    if (why := seen.credit_codes.get(stored.get("credit_code") or "")) is not None:
        wrong.add("credit_code", why)
    _check_divisions(stored, origin, today, seen, wrong)
    _check_authorities(stored, origin, seen, wrong)
    established_on = stored.get("established_on")
    if established_on is not None and date.fromisoformat(established_on) > today:
        wrong.add("established_on", "established_on_in_future")
    if wrong.faults:
        raise errors.FactsRefused(errors=wrong.faults, reasons=wrong.reasons)
    return stored


def _stored(values: Mapping[str, Any], wrong: _Faults) -> dict[str, Any]:
    """The values that can be stored, as they are stored."""
    try:
        return rules.checked(values)
    except rules.NotAValue:
        stored: dict[str, Any] = {}
    for fact, value in values.items():
        try:
            stored |= rules.checked({fact: value})
        except rules.NotAValue as refused:
            wrong.add(fact, refused.code)
    return stored


def _check_divisions(
    stored: Mapping[str, Any], origin: Origin, today: date, seen: LookedUp, wrong: _Faults
) -> None:
    for fact in rules.DIVISION_FACTS:
        code = stored.get(fact)
        if code is None:
            continue
        place = seen.places.get(code)
        if place is None:
            wrong.add(fact, "division_unknown")
        elif (why := _not_in_force(place, origin.effective_on, today)) is not None:
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


def _check_authorities(stored: Mapping[str, Any], origin: Origin, seen: LookedUp, wrong: _Faults) -> None:
    for fact in rules.AUTHORITY_FACTS:
        if stored.get(fact) is None:
            continue
        authority_id = UUID(stored[fact])
        ended = seen.authorities.get(authority_id)
        if authority_id not in seen.authorities:
            wrong.add(fact, "authority_unknown")
        elif ended is not None and ended <= origin.effective_on:
            wrong.add(fact, "authority_abolished")
