"""The content of a rule pack of the kind `terms_and_elections`; each rule with its source."""

from fractions import Fraction
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields import CodeStr, Input, LongText
from app.posts import rules
from app.posts.rules import Confirmation, PostRole
from app.reference.schemas import content_of


class Sourced(Input):
    """A rule says where it stands, and whether that text was seen."""

    source: LongText
    verified: bool


class TermYears(Sourced):
    """Bodies of these kinds, at these levels of division if any are named, are elected for so many years."""

    years: Annotated[int, Field(ge=1, le=10)]
    kinds: Annotated[list[CodeStr], Field(min_length=1, max_length=7)]
    levels: Annotated[list[CodeStr], Field(max_length=7)]


class Number(Sourced):
    """One number."""

    value: Annotated[int, Field(ge=0, le=100_000)]


class Share(Sourced):
    """A share as a fraction."""

    numerator: Annotated[int, Field(ge=0, le=100)]
    denominator: Annotated[int, Field(ge=1, le=100)]

    def plain(self) -> Fraction:
        """The fraction itself."""
        return Fraction(self.numerator, self.denominator)


class Confirmations(Sourced):
    """How the superior answers for each post."""

    secretary: Confirmation
    deputy_secretary: Confirmation
    discipline_secretary: Confirmation
    member: Confirmation


class NomineeReviews(Sourced):
    """For which posts a review comes first, and for how long it holds."""

    roles: Annotated[list[PostRole], Field(max_length=4)]
    valid_months: Annotated[int, Field(ge=1, le=60)]


class Months(Sourced):
    """How many months ahead to remind."""

    value: Annotated[list[Annotated[int, Field(ge=1, le=24)]], Field(min_length=1, max_length=6)]


class TermsAndElections(Input):
    """Terms, congresses, elections, reviews and reminders."""

    terms: Annotated[list[TermYears], Field(min_length=1, max_length=20)]
    shift_months: Number
    congress_at_least_members: Number
    turnout: Share
    elected_over: Share
    differential: Share
    confirmations: Confirmations
    nominee_reviews: NomineeReviews
    remind_months: Months

    def plain(self, pack_id: UUID) -> rules.Pack:
        """What the rules ask."""
        return rules.Pack(
            id=pack_id,
            terms=tuple(rules.TermRule(t.years, frozenset(t.kinds), frozenset(t.levels)) for t in self.terms),
            shift_months=self.shift_months.value,
            congress_at_least=self.congress_at_least_members.value,
            turnout=self.turnout.plain(),
            elected_over=self.elected_over.plain(),
            differential=self.differential.plain(),
            confirmations={role: getattr(self.confirmations, role) for role in PostRole},
            reviewed=frozenset(self.nominee_reviews.roles),
            review_months=self.nominee_reviews.valid_months,
            remind_months=tuple(sorted(set(self.remind_months.value))),
        )


content_of(rules.PACK, TermsAndElections)
