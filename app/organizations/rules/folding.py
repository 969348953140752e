"""The fold: from every statement about an organization to the one state that everyone reads.

It is a function of the set of statements: any order of arrival and any repetition give the same state.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from app.organizations.rules.facts import Fact, Order, content, order
from app.organizations.rules.records import OFFICERS, Tenure, seat_of
from app.organizations.rules.terms import ENDED, RegistrationStatus
from app.organizations.rules.values import COUNTABLE, FACTS

Lane = tuple[str, str]
"""What statements compete about: a fact, and the key of the record if there are many."""

_BEFORE = {"decoupled": False, "is_trade_association": False, "foreign_related": False}
_CARRIED_BACK = frozenset({"kind", "division_code", "registration_mode"})


@dataclass(frozen=True, slots=True)
class Segment:
    """What ruled from a day until the next statement took effect (None: still)."""

    since: date
    until: date | None
    ruling: Fact


@dataclass(frozen=True, slots=True)
class Period:
    """Days over which no countable fact changed."""

    since: date
    until: date | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fold:
    """The state of an organization: who rules each fact now, the timeline, and since when it has ended."""

    ruling: Mapping[str, Fact]
    records: Mapping[Lane, Fact]
    histories: Mapping[Lane, tuple[Segment, ...]]
    periods: tuple[Period, ...]
    starts_on: date
    ended_on: date | None
    lanes: Mapping[Lane, Sequence[Fact]] = field(compare=False, repr=False)

    def values(self) -> dict[str, Any]:
        """The value of every single-valued fact now; what nobody stated is null (flags: false)."""
        return {name: self.ruling[name].value if name in self.ruling else _BEFORE.get(name) for name in FACTS}

    @property
    def status(self) -> RegistrationStatus:
        return RegistrationStatus(self.ruling["registration_status"].value)


def lanes(facts: Iterable[Fact]) -> dict[Lane, list[Fact]]:
    """Statements by what they are about, repetitions dropped, each lane in its order (the last one rules).

    Of equal statements the first kept one stands for all, so that it is known since when it was known."""
    grouped: dict[Lane, dict[Order, Fact]] = {}
    for fact in facts:
        lane, place = grouped.setdefault((fact.fact, fact.key), {}), order(fact)
        known = lane.get(place)
        if known is None or _kept_before(fact, known):
            lane[place] = fact
    return {name: [lane[place] for place in sorted(lane)] for name, lane in sorted(grouped.items())}


def _kept_before(fact: Fact, other: Fact) -> bool:
    return (
        fact.recorded_at is not None
        and other.recorded_at is not None
        and fact.recorded_at < other.recorded_at
    )


def history(lane: Sequence[Fact]) -> tuple[Segment, ...]:
    """The rulers of a lane one after the other: on each day the last statement effective by then."""
    if len(lane) == 1:
        return (Segment(lane[0].effective_on, None, lane[0]),)
    rulers = {fact.effective_on: fact for fact in lane}
    days = sorted(rulers)
    ends: list[date | None] = [*days[1:], None]
    return tuple(Segment(day, end, rulers[day]) for day, end in zip(days, ends, strict=True))


def fold(facts: Iterable[Fact]) -> Fold:
    """Fold statements into a state. The statements must include a registration's required facts."""
    by_lane = lanes(facts)
    histories = {lane: history(said) for lane, said in by_lane.items()}
    ruling = {name: said[-1] for (name, key), said in by_lane.items() if not key}
    records = {lane: said[-1] for lane, said in by_lane.items() if lane[1]}
    starts_on = _start(ruling, histories)
    return Fold(
        ruling=ruling,
        records=records,
        histories=histories,
        periods=_periods(histories, starts_on),
        starts_on=starts_on,
        ended_on=_ended_on(histories.get(("registration_status", ""), ())),
        lanes=by_lane,
    )


def _start(ruling: Mapping[str, Fact], histories: Mapping[Lane, tuple[Segment, ...]]) -> date:
    """The day of establishment; if nobody stated it, the first day of which anything was stated."""
    established = ruling.get("established_on")
    if established is not None and established.value is not None:
        return date.fromisoformat(established.value)
    return min(
        segments[0].since for (name, key), segments in histories.items() if name in COUNTABLE and not key
    )


def _periods(histories: Mapping[Lane, tuple[Segment, ...]], starts_on: date) -> tuple[Period, ...]:
    countable = {name: histories.get((name, ""), ()) for name in COUNTABLE}
    days = {segment.since for segments in countable.values() for segment in segments}
    cuts = sorted({starts_on, *(day for day in days if day > starts_on)})
    periods: list[Period] = []
    ends: list[date | None] = [*cuts[1:], None]
    for since, until in zip(cuts, ends, strict=True):
        values = {name: _value_on(name, segments, since) for name, segments in countable.items()}
        if periods and periods[-1].values == values:
            periods[-1] = Period(periods[-1].since, until, values)
        else:
            periods.append(Period(since, until, values))
    return tuple(periods)


def _value_on(name: str, segments: Sequence[Segment], day: date) -> Any:
    """The value that ruled on a day.

    Between establishment and the first statement, kind, division and mode are taken to be what was first
    stated, the status to be that too unless it was first stated at the end; everything else was not known."""
    for segment in reversed(segments):
        if segment.since <= day:
            value = segment.ruling.value
            return _BEFORE.get(name) if value is None else value
    if not segments:
        return _BEFORE.get(name)
    first = segments[0].ruling.value
    if name == "registration_status":
        return RegistrationStatus.NORMAL.value if first in ENDED else first
    return first if name in _CARRIED_BACK else _BEFORE.get(name)


def _ended_on(statuses: Sequence[Segment]) -> date | None:
    """Since when the organization has been at its end, if it is (吊销 and then 注销 count from the first)."""
    since = None
    for segment in reversed(statuses):
        if segment.ruling.value not in ENDED:
            break
        since = segment.since
    return since


def tenures(state: Fold) -> tuple[Tenure, ...]:
    """Who held which post over which days: each board rules until the next one takes effect (换届).

    A person re-elected to the same post goes on without a break; the day in post that the source gives is
    taken where it lies before the board's own day and no earlier board contradicts it."""
    boards = state.histories.get((OFFICERS, ""), ())
    open_tenures: dict[str, Tenure] = {}
    done: list[Tenure] = []
    for number, board in enumerate(boards):
        sitting = {seat_of(entry): entry for entry in board.ruling.value or ()}
        gone = [seat for seat in open_tenures if seat not in sitting]
        done += [_until(open_tenures.pop(seat), board.since) for seat in gone]
        for seat, entry in sitting.items():
            before = open_tenures.get(seat)
            if before is not None and before.is_principal != entry["is_principal"]:
                done.append(_until(before, board.since))
                before = None
            since = before.since if before is not None else _in_post_since(entry, board, first=number == 0)
            mask, phone = entry["phone_mask"], board.ruling.secrets.get(seat)
            if phone is None and before is not None:
                mask, phone = before.phone_mask, before.phone
            open_tenures[seat] = Tenure(
                entry["name"], entry["post"], entry["is_principal"], since, None, seat, mask, phone
            )
    return tuple(sorted([*done, *open_tenures.values()], key=lambda t: (t.since, t.seat)))


def _until(tenure: Tenure, day: date) -> Tenure:
    return replace(tenure, until=day)


def _in_post_since(entry: Mapping[str, Any], board: Segment, *, first: bool) -> date:
    stated = entry.get("since")
    if stated is None:
        return board.since
    day = date.fromisoformat(stated)
    return day if first and day < board.since else board.since


def same_state(one: Fold, other: Fold) -> bool:
    """Whether two folds say the same, provenance included."""
    return one == other and all(
        content(one.ruling[name]) == content(other.ruling[name]) for name in one.ruling
    )
