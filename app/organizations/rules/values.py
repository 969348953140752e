"""What may be stated: the single-valued facts, what each may hold, and how a registration states them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.organizations.rules.terms import OrganizationKind, RegistrationMode, RegistrationStatus

INT4_MAX: Final = 2**31 - 1
TEXT_MAX: Final = 4000


class NotAValue(ValueError):  # noqa: N818 (a finding about what was said, not an error of ours)
    """A fact cannot hold a value; the code says why."""

    def __init__(self, fact: str, code: str) -> None:
        super().__init__(f"{fact}: {code}")
        self.fact = fact
        self.code = code


def _text(value: Any) -> Any:
    if not isinstance(value, str) or not value.strip() or len(value) > TEXT_MAX or "\x00" in value:
        raise ValueError("text_expected")
    return value


def _flag(value: Any) -> Any:
    if not isinstance(value, bool):
        raise ValueError("true_or_false_expected")  # noqa: TRY004 (one exception type carries the code)
    return value


def _count(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= INT4_MAX:
        raise ValueError("count_expected")
    return value


def _day(value: Any) -> Any:
    try:
        return (value if isinstance(value, date) else date.fromisoformat(value)).isoformat()
    except (TypeError, ValueError):
        raise ValueError("date_format") from None


def _identifier(value: Any) -> Any:
    try:
        return str(value if isinstance(value, UUID) else UUID(value))
    except (TypeError, ValueError, AttributeError):
        raise ValueError("id_expected") from None


def _one_of(
    words: type[OrganizationKind] | type[RegistrationMode] | type[RegistrationStatus],
) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if value not in {word.value for word in words}:
            raise ValueError("not_one_of_the_words")
        return str(value)

    return check


@dataclass(frozen=True, slots=True)
class Spec:
    """What one fact may hold; `required` facts are never null."""

    check: Callable[[Any], Any]
    required: bool = False


FACTS: Final[Mapping[str, Spec]] = {
    "name": Spec(_text, required=True),
    "kind": Spec(_one_of(OrganizationKind), required=True),
    "registration_mode": Spec(_one_of(RegistrationMode), required=True),
    "registration_status": Spec(_one_of(RegistrationStatus), required=True),
    "credit_code": Spec(_text),
    "division_code": Spec(_text, required=True),
    "domicile_division_code": Spec(_text),
    "domicile_address": Spec(_text),
    "registration_authority_id": Spec(_identifier),
    "supervisory_unit_id": Spec(_identifier),
    "industry_authority_id": Spec(_identifier),
    "industry": Spec(_text),
    "established_on": Spec(_day),
    "business_scope": Spec(_text),
    "decoupled": Spec(_flag, required=True),
    "is_trade_association": Spec(_flag, required=True),
    "foreign_related": Spec(_flag, required=True),
    "staff_count": Spec(_count),
    "member_count": Spec(_count),
    "party_member_count": Spec(_count),
    "full_member_count": Spec(_count),
    "full_time_full_member_count": Spec(_count),
    "legal_representative": Spec(_text),
    "contact_name": Spec(_text),
    "contact_phone": Spec(_text),
    "merged_into_id": Spec(_identifier),
}
"""Every single-valued fact. `contact_phone` holds the mask; the number itself is the fact's secret.

`member_count` is 会员数, `party_member_count` 党员数 (with probationary ones), `full_member_count` 正式党员,
`full_time_full_member_count` those of them who are full-time staff (the basis of the set-up threshold is
configurable: domain 1.1 counts full members, Ningbo counts full-time staff)."""

DIVISION_FACTS: Final = ("division_code", "domicile_division_code")
AUTHORITY_FACTS: Final = ("registration_authority_id", "supervisory_unit_id", "industry_authority_id")

COUNTABLE: Final = (
    "registration_status",
    "kind",
    "division_code",
    "domicile_division_code",
    "registration_mode",
    "registration_authority_id",
    "supervisory_unit_id",
    "industry_authority_id",
    "decoupled",
)
"""The facts that coverage counts by: their dated timeline is kept as periods."""

STATED_BY_VERBS: Final = frozenset({"registration_status", "merged_into_id"})
"""Facts that only the verbs state (deregister, revoke, restore, merge …), never a plain change."""


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are stored. Raises `NotAValue` at the first that the fact cannot hold."""
    stored: dict[str, Any] = {}
    for fact, value in values.items():
        spec = FACTS.get(fact)
        if spec is None:
            raise NotAValue(fact, "fact_unknown")
        if value is None:
            if spec.required:
                raise NotAValue(fact, "value_required")
            stored[fact] = None
            continue
        try:
            stored[fact] = spec.check(value)
        except ValueError as error:
            raise NotAValue(fact, str(error)) from error
    return stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What a registration states; None means that it says nothing of it."""

    name: str
    kind: OrganizationKind
    registration_mode: RegistrationMode
    division_code: str
    credit_code: str | None = None
    registration_status: RegistrationStatus = RegistrationStatus.NORMAL
    domicile_division_code: str | None = None
    domicile_address: str | None = None
    registration_authority_id: UUID | None = None
    supervisory_unit_id: UUID | None = None
    industry_authority_id: UUID | None = None
    industry: str | None = None
    established_on: date | None = None
    business_scope: str | None = None
    decoupled: bool | None = None
    is_trade_association: bool | None = None
    foreign_related: bool | None = None
    staff_count: int | None = None
    member_count: int | None = None
    party_member_count: int | None = None
    full_member_count: int | None = None
    full_time_full_member_count: int | None = None
    legal_representative: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None

    def facts(self) -> dict[str, Any]:
        """The statements it makes."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in said.items() if value is not None}
