"""Organization life: meetings and who came, yearly appraisals and their grades.

`meetings` and `appraisals` name nobody. Attendance and grades do: they have row-level security, by the body
that holds the meeting, whose division and id each row repeats."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned

_BODY = "party_organizations.id"


class Meeting(Versioned, Base):
    """A meeting that took place. The counts repeat its attendance."""

    __tablename__ = "meetings"

    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    kind: Mapped[Code]
    held_on: Mapped[date]
    topic: Mapped[str]
    place: Mapped[str | None]
    minutes_document: Mapped[str | None]
    hours: Mapped[Decimal | None] = mapped_column(Numeric(4, 1))
    state: Mapped[Code]
    cancelled_reason: Mapped[str | None]
    due_count: Mapped[int]
    present_count: Mapped[int]
    participant_count: Mapped[int]

    __table_args__ = (
        CheckConstraint(
            "kind IN ('members_meeting', 'committee_meeting', 'group_meeting', 'party_class', 'theme_day',"
            " 'organization_life_meeting', 'appraisal_meeting', 'talk', 'party_check_up', 'training',"
            " 'other')",
            name="kind",
        ),
        CheckConstraint("state IN ('held', 'cancelled')", name="state"),
        CheckConstraint("(state = 'cancelled') = (cancelled_reason IS NOT NULL)", name="cancelled"),
        CheckConstraint("hours > 0 AND hours <= 80", name="hours"),
        CheckConstraint(
            "due_count >= 0 AND participant_count >= 0 AND present_count BETWEEN 0 AND due_count",
            name="counts",
        ),
        Index("ix_meetings_party_organization_id", "party_organization_id", "kind", "held_on"),
        Index("ix_meetings_division_code", "division_code", "held_on", "id"),
    )


class Attendance(Versioned, Base):
    """Whether somebody who was due, or who takes part elsewhere than where they belong, was there."""

    __tablename__ = "meeting_attendances"

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    name_mask: Mapped[str]
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    basis: Mapped[Code]
    state: Mapped[Code]
    reason: Mapped[Code | None]
    chair: Mapped[bool]

    __table_args__ = (
        UniqueConstraint("meeting_id", "member_id", name="uq_meeting_attendances_member"),
        CheckConstraint("basis IN ('due', 'secondary', 'floating')", name="basis"),
        CheckConstraint("state IN ('present', 'leave', 'absent')", name="state"),
        CheckConstraint("reason IN ('illness', 'work', 'away', 'other')", name="reason"),
        CheckConstraint("(state = 'leave') = (reason IS NOT NULL)", name="leave"),
        CheckConstraint("NOT chair OR state = 'present'", name="chair"),
        Index("uq_meeting_attendances_chair", "meeting_id", unique=True, postgresql_where=text("chair")),
        Index("ix_meeting_attendances_member_id", "member_id", "meeting_id"),
    )


class Appraisal(Versioned, Base):
    """The yearly appraisal of a branch's members (民主评议党员): one per body and year."""

    __tablename__ = "appraisals"

    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    year: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[Code]
    state_on: Mapped[date]
    document: Mapped[str | None]
    due_count: Mapped[int]

    __table_args__ = (
        UniqueConstraint("party_organization_id", "year", name="uq_appraisals_year"),
        CheckConstraint(
            "state IN ('self_review', 'mutual_review', 'member_test', 'verdict', 'closed')", name="state"
        ),
        CheckConstraint("(state = 'closed') = (document IS NOT NULL)", name="closed"),
        CheckConstraint("due_count > 0", name="due_count"),
        Index("ix_appraisals_division_code", "division_code", "id"),
    )


class Grade(Versioned, Base):
    """What a member was found to be in one appraisal; null until the verdict."""

    __tablename__ = "appraisal_grades"

    appraisal_id: Mapped[UUID] = mapped_column(ForeignKey("appraisals.id"))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    name_mask: Mapped[str]
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    grade: Mapped[Code | None]
    graded_on: Mapped[date | None]

    __table_args__ = (
        UniqueConstraint("appraisal_id", "member_id", name="uq_appraisal_grades_member"),
        CheckConstraint(
            "grade IN ('excellent', 'qualified', 'basically_qualified', 'unqualified')", name="grade"
        ),
        CheckConstraint("(grade IS NULL) = (graded_on IS NULL)", name="graded_on"),
        Index("ix_appraisal_grades_member_id", "member_id"),
    )
