"""Posts in Party organizations, the terms they are held in, congresses, elections and nominee reviews.

`division_code` of every row repeats the body's, so that scope and row-level security need no join. Rows that
name people (posts, candidates, reviews) have row-level security, forced."""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
    column,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified, Versioned

_BODY = "party_organizations.id"
_DIVISION = "divisions.code"
_VALID = "NOT isempty(valid) AND NOT lower_inf(valid)"
_ROLE = "role IN ('secretary', 'deputy_secretary', 'discipline_secretary', 'member')"


class Congress(Versioned, Base):
    """A congress of delegates (党员代表大会) of a committee, by its number (第二届)."""

    __tablename__ = "party_congresses"

    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey(_DIVISION))
    number: Mapped[int] = mapped_column(SmallInteger)
    held_on: Mapped[date]
    ground: Mapped[Code]
    member_count: Mapped[int]
    delegates: Mapped[int]
    document: Mapped[str]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    rule_pack_id: Mapped[UUID] = mapped_column(ForeignKey("rule_packs.id"))

    __table_args__ = (
        UniqueConstraint("party_organization_id", "number", name="uq_party_congresses_number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("ground IN ('size', 'dispersed')", name="ground"),
        CheckConstraint("delegates > 0", name="delegates"),
        Index("ix_party_congresses_division_code_id", "division_code", "id"),
    )


class Term(Versioned, Base):
    """A term (届) of a body: it runs in `valid`, and is over from `ends_on` on, re-elected or not.

    The months of its reminders and the limit of an extension are those of the pack it began under."""

    __tablename__ = "party_terms"

    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey(_DIVISION))
    number: Mapped[int | None] = mapped_column(SmallInteger)
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    years: Mapped[int] = mapped_column(SmallInteger)
    regular_end_on: Mapped[date]
    ends_on: Mapped[date]
    extension_document: Mapped[str | None]
    extension_approved_by: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    congress_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_congresses.id"))
    document: Mapped[str]
    remind_months: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    rule_pack_id: Mapped[UUID] = mapped_column(ForeignKey("rule_packs.id"))

    __table_args__ = (
        CheckConstraint(_VALID, name="valid"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("years BETWEEN 1 AND 10", name="years"),
        CheckConstraint("regular_end_on > lower(valid)", name="regular_end_on"),
        CheckConstraint(
            "(ends_on > regular_end_on) = (extension_document IS NOT NULL) AND ends_on >= regular_end_on",
            name="extension",
        ),
        CheckConstraint(
            "extension_approved_by IS NULL OR extension_document IS NOT NULL", name="extension_approved_by"
        ),
        ExcludeConstraint(
            (column("party_organization_id"), "="),
            (column("valid"), "&&"),
            name="ex_party_terms_one",
            using="gist",
        ),
        Index("ix_party_terms_party_organization_id", "party_organization_id", "id"),
        Index("ix_party_terms_division_code_id", "division_code", "id"),
        Index("ix_party_terms_ends_on", "ends_on", "id", postgresql_where=text("upper_inf(valid)")),
    )


class TermReminder(Identified, Base):
    """That `term.ending` was raised for a term at a threshold; an extended term reminds anew."""

    __tablename__ = "party_term_reminders"

    term_id: Mapped[UUID] = mapped_column(ForeignKey("party_terms.id"))
    months: Mapped[int] = mapped_column(SmallInteger)
    ends_on: Mapped[date]
    raised_on: Mapped[date]

    __table_args__ = (
        UniqueConstraint("term_id", "ends_on", "months", name="uq_party_term_reminders_once"),
        CheckConstraint("months >= 0", name="months"),
    )


class Election(Versioned, Base):
    """An election: its ballots are reported together, and the superior answers. A re-election (`opens_term`)
    opens the new term with the first answer that consents; until then the old one runs on."""

    __tablename__ = "party_elections"

    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey(_DIVISION))
    opens_term: Mapped[bool]
    term_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_terms.id"))
    number: Mapped[int | None] = mapped_column(SmallInteger)
    held_on: Mapped[date]
    congress_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_congresses.id"))
    roll_document: Mapped[str | None]
    early_document: Mapped[str | None]
    early_approved_by: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    document: Mapped[str]
    state: Mapped[Code]
    rule_pack_id: Mapped[UUID] = mapped_column(ForeignKey("rule_packs.id"))

    __table_args__ = (
        CheckConstraint("opens_term OR term_id IS NOT NULL", name="term_id"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("state IN ('pending', 'settled', 'void')", name="state"),
        CheckConstraint("early_approved_by IS NULL OR early_document IS NOT NULL", name="early_approved_by"),
        Index(
            "uq_party_elections_open",
            "party_organization_id",
            unique=True,
            postgresql_where=text("opens_term AND state = 'pending'"),
        ),
        Index("ix_party_elections_party_organization_id", "party_organization_id", "id"),
        Index("ix_party_elections_division_code_id", "division_code", "id"),
        Index("ix_party_elections_term_id", "term_id"),
    )


class Ballot(Identified, Base):
    """The vote for one post: who voted, how many were due and came, and how many seats there were."""

    __tablename__ = "party_election_ballots"

    election_id: Mapped[UUID] = mapped_column(ForeignKey("party_elections.id"))
    role: Mapped[Code]
    kind: Mapped[Code]
    seats: Mapped[int] = mapped_column(SmallInteger)
    due: Mapped[int]
    present: Mapped[int]
    entitled: Mapped[int | None]
    confirmation: Mapped[Code]

    __table_args__ = (
        UniqueConstraint("election_id", "role", name="uq_party_election_ballots_role"),
        CheckConstraint(_ROLE, name="role"),
        CheckConstraint("kind IN ('assembly', 'congress', 'committee')", name="kind"),
        CheckConstraint("seats > 0", name="seats"),
        CheckConstraint("present > 0 AND present <= due", name="present"),
        CheckConstraint("confirmation IN ('filed', 'approved')", name="confirmation"),
    )


class NomineeReview(Versioned, Base):
    """The review of somebody before a post (拟任人选考察), with its opinion."""

    __tablename__ = "nominee_reviews"

    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey(_DIVISION))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    name_mask: Mapped[str]
    role: Mapped[Code]
    reviewed_on: Mapped[date]
    opinion: Mapped[Code]
    document: Mapped[str]

    __table_args__ = (
        CheckConstraint(_ROLE, name="role"),
        CheckConstraint("opinion IN ('suitable', 'unsuitable', 'deferred')", name="opinion"),
        UniqueConstraint(
            "party_organization_id", "member_id", "role", "reviewed_on", name="uq_nominee_reviews_once"
        ),
        Index("ix_nominee_reviews_division_code_id", "division_code", "id"),
        Index("ix_nominee_reviews_party_organization_id", "party_organization_id", "id"),
        Index("ix_nominee_reviews_member_id", "member_id"),
    )


class Post(Versioned, Base):
    """Somebody in a post of a body, for a time. One secretary per body at any instant, by constraint.

    Who is not in the ledger of members (long ago) is kept as a sealed name."""

    __tablename__ = "party_posts"

    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey(_DIVISION))
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("members.id"))
    name_mask: Mapped[str]
    name_cipher: Mapped[bytes | None] = mapped_column(LargeBinary)
    name_blind: Mapped[bytes | None] = mapped_column(LargeBinary)
    role: Mapped[Code]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    basis: Mapped[Code]
    term_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_terms.id"))
    election_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_elections.id"))
    appointed_by: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    document: Mapped[str]
    ended_reason: Mapped[Code | None]
    ended_document: Mapped[str | None]
    withdrawn: Mapped[bool]

    __table_args__ = (
        CheckConstraint(_VALID, name="valid"),
        CheckConstraint(_ROLE, name="role"),
        CheckConstraint("basis IN ('elected', 'appointed', 'recorded')", name="basis"),
        CheckConstraint("(basis = 'elected') = (election_id IS NOT NULL)", name="election_id"),
        CheckConstraint(
            "(member_id IS NULL) = (name_cipher IS NOT NULL)"
            " AND (name_cipher IS NULL) = (name_blind IS NULL)",
            name="who",
        ),
        CheckConstraint("member_id IS NOT NULL OR NOT upper_inf(valid)", name="unknown_has_ended"),
        CheckConstraint(
            "ended_reason IN ('term_over', 'resigned', 'transferred', 'removed', 'deceased',"
            " 'membership_ended', 'body_dissolved', 'body_merged', 'recorded_in_error', 'other')",
            name="ended_reason",
        ),
        CheckConstraint(
            "withdrawn = (ended_reason IS NOT DISTINCT FROM 'recorded_in_error')", name="withdrawn"
        ),
        CheckConstraint("ended_reason IS NULL OR NOT upper_inf(valid) OR withdrawn", name="ended"),
        ExcludeConstraint(
            (column("party_organization_id"), "="),
            (column("valid"), "&&"),
            name="ex_party_posts_one_secretary",
            where=text("role = 'secretary' AND NOT withdrawn"),
            using="gist",
        ),
        ExcludeConstraint(
            (text("(uuid_send(party_organization_id) || uuid_send(member_id))"), "="),
            (column("role"), "="),
            (column("valid"), "&&"),
            name="ex_party_posts_twice",
            where=text("NOT withdrawn"),
            using="gist",
        ),
        Index("ix_party_posts_division_code_id", "division_code", "id"),
        Index("ix_party_posts_party_organization_id", "party_organization_id", "id"),
        Index("ix_party_posts_member_id", "member_id"),
        Index("ix_party_posts_election_id", "election_id"),
    )


class Candidate(Versioned, Base):
    """Somebody who stood in an election, the votes, and what became of it."""

    __tablename__ = "party_election_candidates"

    election_id: Mapped[UUID] = mapped_column(ForeignKey("party_elections.id"))
    ballot_id: Mapped[UUID] = mapped_column(ForeignKey("party_election_ballots.id"))
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey(_DIVISION))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    name_mask: Mapped[str]
    votes: Mapped[int]
    outcome: Mapped[Code]
    decided_on: Mapped[date | None]
    decision_document: Mapped[str | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_posts.id"))

    __table_args__ = (
        UniqueConstraint("ballot_id", "member_id", name="uq_party_election_candidates_once"),
        CheckConstraint("votes >= 0", name="votes"),
        CheckConstraint(
            "outcome IN ('not_elected', 'pending', 'filed', 'approved', 'refused', 'void')", name="outcome"
        ),
        CheckConstraint("(outcome IN ('filed', 'approved')) = (post_id IS NOT NULL)", name="post_id"),
        CheckConstraint(
            "(outcome IN ('filed', 'approved', 'refused')) = (decided_on IS NOT NULL)", name="decided_on"
        ),
        Index("ix_party_election_candidates_election_id", "election_id", "id"),
        Index("ix_party_election_candidates_member_id", "member_id"),
        Index("ix_party_election_candidates_post_id", "post_id"),
    )
