"""The addresses of the lists behind figures: the same question, narrowed to a line, and a part of a rate."""

from collections.abc import Mapping
from urllib.parse import urlencode

from app.coverage.queries.question import Question
from app.coverage.rules import LineKind, RateCode, RatePart
from app.coverage.schemas import CoverageGroup, RateLists

_AT = "/api/v1/coverage"


class Links:
    """The lists behind one line: its question is written out once."""

    def __init__(self, question: Question, group: CoverageGroup) -> None:
        asked = _parameters(question, group)
        self._asked = urlencode(asked)
        self._counted = urlencode({**asked, "exceptions": "counted"})

    def rate(self, rate: RateCode) -> RateLists:
        """The three lists behind a rate."""
        at = f"{_AT}/organizations?{self._asked}&rate={rate.value}&part="
        return RateLists(
            numerator=at + RatePart.NUMERATOR, denominator=at + RatePart.DENOMINATOR, gap=at + RatePart.GAP
        )

    def everyone(self) -> str:
        """All organizations."""
        return f"{_AT}/organizations?{self._counted}"

    def excepted(self) -> str:
        """Those that are not covered for a reason on record."""
        return f"{_AT}/organizations?{self._counted}&excepted=true"

    def blank_spots(self) -> str:
        """Those that nothing covers."""
        return f"{_AT}/blank-spots?{self._asked}"


def _parameters(question: Question, group: CoverageGroup) -> dict[str, str]:
    """The question in parameters, narrowed to the line. It keeps what the caller asked about, which lies in
    their scope, also where the line itself no longer does."""
    asked: dict[str, object] = {
        "division": question.division.code if question.division else None,
        "child": question.child,
        "direct": "true" if question.direct else None,
        "division_basis": question.basis.value,
        "body": question.body.id if question.body else None,
        "child_body": question.child_body,
        "led": question.led.value if question.led else None,
        "kind": question.kind,
        "as_of": question.day.isoformat(),
        "known_at": question.known_at.isoformat().replace("+00:00", "Z") if question.known_at else None,
        "exceptions": question.exceptions.value,
    }
    asked.update(_narrowed(question, group))
    return {name: str(value) for name, value in asked.items() if value is not None}


def _narrowed(question: Question, group: CoverageGroup) -> Mapping[str, object]:
    if group.type is LineKind.DIVISION:
        return {"child": group.code}
    if group.type is LineKind.KIND:
        return {"kind": group.code}
    if group.type is LineKind.BODY:
        return {"child_body": group.id} if question.body else {"body": group.id}
    if group.type is LineKind.OWN:
        return {"led": "direct"} if group.id is not None else {"direct": "true"}
    if group.type in {LineKind.NOBODY, LineKind.ELSEWHERE}:
        return {"led": group.type.value}
    return {}
