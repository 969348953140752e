"""What is due when an organization is registered, by whom, and what the member survey means.

《党建工作承诺书》 comes with the application, 《党员情况调查表》 before the certificate, and both are
handed to the body for Party work within five working days of the registration (民函〔2016〕257号; Ningbo
2018 item 6). The terms and the thresholds are data: rule packs of the kinds `registration_duties` and
`establishment`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

Words = tuple[str, str]
"""A text in Chinese and in English."""


class DutyKind(StrEnum):
    """What a registration asks for."""

    COMMITMENT_LETTER = "commitment_letter"
    MEMBER_SURVEY = "member_survey"
    HAND_OVER = "hand_over"
    SETUP_CONTACT = "setup_contact"


class OwedBy(StrEnum):
    """Who owes a duty."""

    ORGANIZATION = "organization"
    REGISTRATION_AUTHORITY = "registration_authority"
    RESPONSIBLE_BODY = "responsible_body"


class DutyState(StrEnum):
    """Where a duty stands. A lapsed one fell away because the organization ended."""

    OPEN = "open"
    DONE = "done"
    WAIVED = "waived"
    LAPSED = "lapsed"


class Basis(StrEnum):
    """Which members a threshold counts: all full members, or those among the full-time staff (Ningbo item
    5)."""

    FULL_MEMBERS = "full_members"
    FULL_TIME_FULL_MEMBERS = "full_time_full_members"


class Form(StrEnum):
    """How the organization comes to a Party organization (支部工作条例(试行); Ningbo item 5)."""

    SINGLE = "single"
    JOINT = "joint"
    INSTRUCTOR = "instructor"


PAPERS = (DutyKind.COMMITMENT_LETTER, DutyKind.MEMBER_SURVEY)
"""What is handed over."""


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the pack: who owes what, and how many working days after the registration it is due."""

    kind: DutyKind
    title: Words
    owed_by: OwedBy
    working_days: int
    source: str


@dataclass(frozen=True, slots=True)
class DutyPack:
    """The terms of a jurisdiction, and which registrations owe them."""

    terms: tuple[Term, ...]
    registration_modes: frozenset[str]
    pack_id: UUID | None = None

    def owed(self, registration_mode: str) -> tuple[Term, ...]:
        return self.terms if registration_mode in self.registration_modes else ()


@dataclass(frozen=True, slots=True)
class SurveyAnswers:
    """The answers of 《党员情况调查表》: counts, no names."""

    staff_count: int
    full_time_staff_count: int
    full_member_count: int
    probationary_member_count: int
    full_time_full_member_count: int

    def counted(self, basis: Basis) -> int:
        return self.full_member_count if basis is Basis.FULL_MEMBERS else self.full_time_full_member_count


@dataclass(frozen=True, slots=True)
class Threshold:
    """From `at_least` members of the basis on, this is how the organization comes to a Party organization."""

    code: str
    basis: Basis
    at_least: int
    must_establish: bool
    form: Form
    title: Words
    source: str


@dataclass(frozen=True, slots=True)
class EstablishmentPack:
    """The thresholds of a jurisdiction."""

    thresholds: tuple[Threshold, ...]
    pack_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a survey means: whether the organization must establish, in which form, and why."""

    must_establish: bool
    form: Form
    counted: int
    threshold: Threshold
    reason: Words


BASES: dict[Basis, Words] = {
    Basis.FULL_MEMBERS: ("正式党员", "full members"),
    Basis.FULL_TIME_FULL_MEMBERS: ("专职工作人员中的正式党员", "full members among the full-time staff"),
}


def verdict(answers: SurveyAnswers, pack: EstablishmentPack) -> Verdict:
    """The highest threshold that the answers reach (支部工作条例(试行): three full members and more establish
    a branch; fewer form a joint one). Every pack has a threshold of zero, so that one is always reached."""
    reached = [t for t in pack.thresholds if answers.counted(t.basis) >= t.at_least]
    best = max(reached, key=lambda t: (t.at_least, t.must_establish, t.code))
    counted = answers.counted(best.basis)
    zh, en = BASES[best.basis]
    return Verdict(
        best.must_establish,
        best.form,
        counted,
        best,
        (
            f"{zh}{counted}名, 达到{best.at_least}名的标准: {best.title[0]}",
            f"{counted} {en}, which reaches {best.at_least}: {best.title[1]}",
        ),
    )


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """A count that cannot stand beside another: the field, and why."""

    field: str
    code: str
    reason: Words


def inconsistencies(answers: SurveyAnswers) -> tuple[Inconsistency, ...]:
    """Counts that contradict each other. Members may outnumber the staff: volunteers and officers count
    too."""
    found = []
    if answers.full_time_staff_count > answers.staff_count:
        found.append(
            Inconsistency(
                "full_time_staff_count",
                "exceeds_staff",
                ("专职工作人员不能多于工作人员总数", "there cannot be more full-time staff than staff"),
            )
        )
    if answers.full_time_full_member_count > answers.full_member_count:
        found.append(
            Inconsistency(
                "full_time_full_member_count",
                "exceeds_full_members",
                ("专职中的正式党员不能多于正式党员总数", "there cannot be more of them than full members"),
            )
        )
    if answers.full_time_full_member_count > answers.full_time_staff_count:
        found.append(
            Inconsistency(
                "full_time_full_member_count",
                "exceeds_full_time_staff",
                ("专职中的正式党员不能多于专职工作人员", "there cannot be more of them than full-time staff"),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one duty of an organization stands."""

    kind: DutyKind
    state: DutyState
    done_on: date | None


def hand_over_obstacles(
    standings: Iterable[Standing], handed_over_on: date
) -> tuple[Mapping[str, object], ...]:
    """Why the papers cannot have been handed over on that day: every one that is missing, or came later."""
    by_kind = {standing.kind: standing for standing in standings}
    obstacles: list[Mapping[str, object]] = []
    for kind in PAPERS:
        standing = by_kind.get(kind)
        if standing is None or standing.state is DutyState.WAIVED:
            continue
        if standing.state is not DutyState.DONE:
            obstacles.append({"code": "paper_missing", "duty": kind.value})
        elif standing.done_on is not None and standing.done_on > handed_over_on:
            obstacles.append(
                {
                    "code": "paper_received_later",
                    "duty": kind.value,
                    "received_on": standing.done_on.isoformat(),
                }
            )
    return tuple(obstacles)
