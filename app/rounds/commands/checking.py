"""What every command of rounds asks first: phases, marks, papers; and the refusals that say all at once."""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from app.core.errors import Fault
from app.core.work import Work
from app.rounds import errors
from app.rounds.models import Round
from app.rounds.rules import RoundPhase
from app.rounds.schemas import RoundMark, RulingGive
from app.scoring import rules as scoring

ORDER = (RoundPhase.APPLYING, RoundPhase.REVIEWING, RoundPhase.PUBLICITY, RoundPhase.DECIDED)


def refuse(*faults: Fault) -> NoReturn:
    """Refuse the request for everything that is wrong with it."""
    raise errors.RoundInvalid(errors=faults)


def in_phase(row: Round, *states: RoundPhase) -> None:
    """Refuse what the round is past, or has not reached."""
    if RoundPhase(row.state) in states:
        return
    here, first = ORDER.index(RoundPhase(row.state)), ORDER.index(states[0])
    raise errors.PhaseNotReached if here < first else errors.PhaseIsOver


def not_later(work: Work, given: Any, pointer: str) -> Any:
    """A day that is not in the future; today if none is given."""
    on = given or work.today
    if on > work.today:
        refuse(Fault(pointer, "in_future", ("不能晚于今天", "must not be in the future")))
    return on


def mark_of(given: RoundMark | RulingGive) -> scoring.Mark:
    """A mark as the arithmetic takes it."""
    return scoring.Mark(
        indicator=given.indicator,
        deductions=dict(given.deductions),
        level=given.level,
        count=given.count,
        triggered=given.triggered,
        reason=given.reason,
    )


def answer_of(mark: scoring.Mark) -> dict[str, Any]:
    """A mark as it is stored, beside its indicator and its reason."""
    return {
        "deductions": dict(mark.deductions),
        "level": mark.level,
        "count": mark.count,
        "triggered": mark.triggered,
    }


def stored(indicator: str, answer: Mapping[str, Any], reason: str | None) -> scoring.Mark:
    """A stored mark as the arithmetic takes it."""
    return scoring.Mark(indicator=indicator, reason=reason, **answer)


def check_marks(
    standard: scoring.Standard, marks: Sequence[scoring.Mark], at: str, *, complete: bool = False
) -> None:
    """Refuse marks that do not fit the standard, all of them at once."""
    wrong = scoring.wrong_marks(standard, marks, complete=complete)
    if wrong:
        refuse(*(Fault(f"{at}{each.pointer}", each.code, each.words) for each in wrong))
