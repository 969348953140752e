"""Dated records of which an organization may have many. Each names itself by a key, so that the same record
told twice, or by two sources, or first in its later form, ends as one row."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Final

from app.organizations.rules.facts import Secret
from app.organizations.rules.terms import (
    GRADE_VALID_YEARS,
    CharterClauseKind,
    CharterWording,
    CreditList,
    EvaluationGrade,
    IdentifierScheme,
    PenaltyKind,
    ReportResult,
    SuccessionKind,
)

OFFICERS: Final = "officers"
MOST_POINTS: Final = 1200


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One dated record; `kind` is the name of its fact, `key` tells it from its neighbours."""

    kind: ClassVar[str]

    @property
    def key(self) -> str:
        """What tells it from its neighbours."""
        raise NotImplementedError

    def fault(self) -> tuple[str, str] | None:
        """The field that contradicts another, and the code of the contradiction."""
        return None

    def value(self) -> dict[str, Any]:
        """The statement as JSON."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def _key(*parts: object) -> str:
    """Parts joined so that no two lists of parts give the same key."""
    return "/".join(re.sub("[/%]", lambda m: f"%{ord(m[0]):02X}", str(part)) for part in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier(Record):
    """A number other than the credit code: an old 登记证号, a 备案号."""

    kind: ClassVar[str] = "identifier"
    scheme: IdentifierScheme
    number: str
    issued_by: str | None = None
    issued_on: date | None = None
    ended_on: date | None = None

    @property
    def key(self) -> str:
        return _key(self.scheme, self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditListing(Record):
    """An entry in a credit list; the same entry comes again, with `removed_on`, when it is taken off."""

    kind: ClassVar[str] = "credit_listing"
    list: CreditList
    listed_on: date
    removed_on: date | None = None
    reason: str | None = None
    decided_by: str | None = None
    document_number: str | None = None

    @property
    def key(self) -> str:
        return _key(self.list, self.listed_on)

    def fault(self) -> tuple[str, str] | None:
        """An entry is taken off after it was put on."""
        late = self.removed_on is not None and self.removed_on <= self.listed_on
        return ("removed_on", "dates_out_of_order") if late else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty(Record):
    kind: ClassVar[str] = "penalty"
    penalty: PenaltyKind
    decided_on: date
    document_number: str | None = None
    reason: str | None = None
    decided_by: str | None = None
    amount: Decimal | None = None

    @property
    def key(self) -> str:
        return _key(self.document_number or self.penalty, self.decided_on)

    def fault(self) -> tuple[str, str] | None:
        """An amount is not negative."""
        return ("amount", "amount_negative") if self.amount is not None and self.amount < 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation(Record):
    kind: ClassVar[str] = "evaluation"
    grade: EvaluationGrade
    graded_on: date
    valid_until: date
    graded_by: str | None = None
    score: Decimal | None = None

    @property
    def key(self) -> str:
        return _key(self.graded_on)

    def fault(self) -> tuple[str, str] | None:
        """A grade ends after it was given; scores are out of 1000 with a bonus."""
        if self.valid_until <= self.graded_on:
            return "valid_until_on", "dates_out_of_order"
        beyond = self.score is not None and not 0 <= self.score <= MOST_POINTS
        return ("score", "score_out_of_range") if beyond else None


def grade_ends_on(graded_on: date) -> date:
    """The first day on which a grade no longer holds, five years on; 29 February becomes 28 February."""
    try:
        return graded_on.replace(year=graded_on.year + GRADE_VALID_YEARS)
    except ValueError:
        return graded_on.replace(year=graded_on.year + GRADE_VALID_YEARS, day=28)


@dataclass(frozen=True, slots=True, kw_only=True)
class Award(Record):
    kind: ClassVar[str] = "award"
    name: str
    awarded_on: date
    awarded_by: str | None = None
    level: str | None = None

    @property
    def key(self) -> str:
        return _key(self.name, self.awarded_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualReport(Record):
    kind: ClassVar[str] = "annual_report"
    year: int
    result: ReportResult
    filed_on: date | None = None
    party_building_reported: bool | None = None

    @property
    def key(self) -> str:
        return _key(self.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterClause(Record):
    """A clause of the charter in a wording, from the day on which the charter was approved (2-20)."""

    kind: ClassVar[str] = "charter_clause"
    clause: CharterClauseKind
    wording: CharterWording
    approved_on: date
    evidence: str | None = None

    @property
    def key(self) -> str:
        return _key(self.clause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession(Record):
    """Which organization goes on where this one was merged or split."""

    kind: ClassVar[str] = "succession"
    succession: SuccessionKind
    successor_id: str
    on: date

    @property
    def key(self) -> str:
        return _key(self.succession, self.successor_id)


RECORDS: Final[Mapping[str, type[Record]]] = {
    record.kind: record
    for record in (
        Identifier,
        CreditListing,
        Penalty,
        Evaluation,
        Award,
        AnnualReport,
        CharterClause,
        Succession,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """A person in a post of the organization: 会长, 理事, 监事, 秘书长 … (public registry data)."""

    name: str
    post: str
    is_principal: bool
    since: date | None = None
    phone: str | None = field(default=None, repr=False)

    @property
    def seat(self) -> str:
        """The person in the post, as one text: names the phone among the board's secrets."""
        return _key(self.post, self.name)

    def value(self, phone_mask: str | None) -> dict[str, Any]:
        said = {f.name: _plain(getattr(self, f.name)) for f in fields(self) if f.name != "phone"}
        return {**said, "phone_mask": phone_mask}


@dataclass(frozen=True, slots=True)
class Tenure:
    """A person in a post over a time; half-open, `until` None while it lasts."""

    name: str
    post: str
    is_principal: bool
    since: date
    until: date | None
    seat: str
    phone_mask: str | None
    phone: Secret | None


def seat_of(entry: Mapping[str, Any]) -> str:
    return _key(entry["post"], entry["name"])
