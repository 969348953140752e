"""The yearly appraisal (民主评议党员): self review, mutual review, test, verdict; excellent ones are few."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.meetings.rules.meetings import Wrong


class AppraisalState(StrEnum):
    """个人自评 → 党员互评 → 民主测评 → 组织评定 → 结束."""

    SELF_REVIEW = "self_review"
    MUTUAL_REVIEW = "mutual_review"
    MEMBER_TEST = "member_test"
    VERDICT = "verdict"
    CLOSED = "closed"


STEPS: Final = tuple(AppraisalState)


def following(state: AppraisalState) -> AppraisalState | None:
    """The step that comes next; None when it is closed."""
    number = STEPS.index(state) + 1
    return STEPS[number] if number < len(STEPS) else None


class Grade(StrEnum):
    """优秀、合格、基本合格、不合格."""

    EXCELLENT = "excellent"
    QUALIFIED = "qualified"
    BASICALLY_QUALIFIED = "basically_qualified"
    UNQUALIFIED = "unqualified"


@dataclass(frozen=True, slots=True)
class Share:
    """A share as two numbers: of 10 members at most 3 are excellent where it is one third."""

    numerator: int
    denominator: int

    def of(self, total: int) -> int:
        return total * self.numerator // self.denominator


def wrong_with_grades(grades: Iterable[Grade | None], excellent: Share) -> list[Wrong]:
    """Why an appraisal cannot be closed: somebody without a grade, or too many excellent ones."""
    given = list(grades)
    found = []
    if open_ := sum(grade is None for grade in given):
        words = (f"还有{open_}名党员没有等次", f"{open_} members have no grade")
        found.append(Wrong("", "grades_missing", words))
    most, count = excellent.of(len(given)), sum(grade is Grade.EXCELLENT for grade in given)
    if count > most:
        words = (
            f"优秀等次最多{most}名, 现为{count}名",
            f"at most {most} members may be excellent, {count} are",
        )
        found.append(Wrong("", "too_many_excellent", words))
    return found
