"""Every rate, made from the few facts that are true of an organization: one for its figure and its list."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_, true

from app.coverage.queries.lens import Lens
from app.coverage.queries.population import Condition
from app.coverage.queries.question import Question
from app.coverage.rules import FLAGS, ExceptionsMode, RateCode, RatePart

_NEEDED = {
    RateCode.ORGANIZATION_COVERAGE: ("covered", "reasoned"),
    RateCode.WORK_COVERAGE: ("covered", "guided", "reasoned"),
    RateCode.SHOULD_HAVE_ESTABLISHED: ("covered", "single", "must_establish"),
    RateCode.SINGLE_FORMATION: ("covered", "single"),
    RateCode.CHARTER: ("charter",),
    RateCode.CORE_VALUES: ("core_values",),
    RateCode.FOUR_CLEARS: ("covered", "reasoned", "on_record"),
}


def needed(rates: Iterable[RateCode]) -> list[str]:
    """The facts that these rates, the exceptions and the blank spots are made from."""
    names = {"covered", "guided", "reasoned"}.union(*(_NEEDED[rate] for rate in rates))
    return [name for name in FLAGS if name in names]


class Truth:
    """What is true of an organization: looked up in the tables, or in columns that were looked up before."""

    def __init__(self, question: Question | None, look: Callable[[str], Condition]) -> None:
        self._question = question
        self._look = look

    @classmethod
    def through(cls, lens: Lens) -> "Truth":
        """Looked up in the tables."""
        return cls(lens.question, lambda name: getattr(lens, name)())

    @classmethod
    def over(cls, question: Question | None, columns: Any) -> "Truth":
        """Read from columns of these names; without a question only what depends on none."""
        return cls(question, lambda name: columns[name])

    def covered(self) -> Condition:
        """By a body that counts."""
        return self._look("covered")

    def work_covered(self) -> Condition:
        """By such a body or a work team."""
        return or_(self._look("covered"), self._look("guided"))

    def excepted(self) -> Condition:
        """Not covered, for a reason on record."""
        return and_(not_(self._look("covered")), self._look("reasoned"))

    def rate(self, rate: RateCode) -> tuple[Condition, Condition]:
        """The denominator and the numerator of a rate; the numerator counts within the denominator."""
        below = self._denominators.get(rate, true)()
        return below, self._numerators[rate]()

    def measures(self) -> dict[str, Condition]:
        """What is summed of an organization in roll-ups (`rules.MEASURES`)."""
        covered, must = self._look("covered"), self._look("must_establish")
        single, four = self._look("single"), self._numerators[RateCode.FOUR_CLEARS]()
        return {
            "organizations": true(),
            "covered": covered,
            "worked": self.work_covered(),
            "single": single,
            "excepted": self.excepted(),
            "idle_excepted": and_(self._look("reasoned"), not_(self.work_covered())),
            "must": must,
            "must_covered": and_(must, covered),
            "must_single": and_(must, single),
            "charter": self._look("charter"),
            "core_values": self._look("core_values"),
            "four_clears": four,
        }

    def part(self, rate: RateCode, part: RatePart) -> Condition:
        """Which organizations a rate's numerator, denominator or gap has."""
        below, above = self.rate(rate)
        if part is RatePart.DENOMINATOR:
            return below
        return and_(below, above if part is RatePart.NUMERATOR else not_(above))

    @property
    def _denominators(self) -> dict[RateCode, Callable[[], ColumnElement[bool]]]:
        found: dict[RateCode, Callable[[], ColumnElement[bool]]] = {
            RateCode.SHOULD_HAVE_ESTABLISHED: lambda: self._look("must_establish"),
            RateCode.SINGLE_FORMATION: self.covered,
        }
        if self._question is not None and self._question.exceptions is ExceptionsMode.EXCLUDED:
            found[RateCode.ORGANIZATION_COVERAGE] = lambda: not_(self.excepted())
            found[RateCode.WORK_COVERAGE] = lambda: or_(not_(self.excepted()), self.work_covered())
        return found

    @property
    def _numerators(self) -> dict[RateCode, Callable[[], ColumnElement[bool]]]:
        joint = self._question is None or self._question.counting.joint_counts_as_established
        return {
            RateCode.ORGANIZATION_COVERAGE: self.covered,
            RateCode.WORK_COVERAGE: self.work_covered,
            RateCode.SHOULD_HAVE_ESTABLISHED: lambda: self._look("covered" if joint else "single"),
            RateCode.SINGLE_FORMATION: lambda: self._look("single"),
            RateCode.CHARTER: lambda: self._look("charter"),
            RateCode.CORE_VALUES: lambda: self._look("core_values"),
            RateCode.FOUR_CLEARS: lambda: and_(
                self._look("on_record"), or_(self._look("covered"), self._look("reasoned"))
            ),
        }
