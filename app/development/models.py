"""Cases of development and what is on record in them; quotas by year and body.

A case belongs to its member: who may see the member sees the case, wherever the member has moved. The tables
of a case have row-level security, forced. Nothing here names a person: helpers are members, and the findings
of a political review, which hold relatives, are ciphertext."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
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
_CASE = "development_cases.id"
_CURRENT = text("current")


def small() -> Mapped[Any]:
    """A count that fits two bytes."""
    return mapped_column(SmallInteger)


class DevelopmentCase(Versioned, Base):
    """One person's way from the application to full membership, by the pack that it began with."""

    __tablename__ = "development_cases"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    rule_pack_id: Mapped[UUID] = mapped_column(ForeignKey("rule_packs.id"))
    state: Mapped[Code]
    stage: Mapped[Code]
    step: Mapped[Code]
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    closed_reason: Mapped[str | None]
    separate_plan: Mapped[bool]
    priority_group: Mapped[Code | None]
    form_number: Mapped[str | None]
    extended_months: Mapped[int] = small()
    quota_year: Mapped[int | None] = small()
    due_step: Mapped[Code | None]
    due_on: Mapped[date | None]
    due_above: Mapped[bool]
    remind_on: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("state IN ('open', 'completed', 'removed', 'ended')", name="state"),
        CheckConstraint("(state = 'open') = (closed_on IS NULL)", name="closed_on"),
        CheckConstraint("(due_on IS NULL) = (due_step IS NULL)", name="due"),
        CheckConstraint("state = 'open' OR due_on IS NULL", name="nothing_due"),
        CheckConstraint("extended_months BETWEEN 0 AND 60", name="extended_months"),
        UniqueConstraint("id", "member_id", name="uq_development_cases_id_member"),
        Index("uq_development_cases_open", "member_id", unique=True, postgresql_where=text("state = 'open'")),
        Index("ix_development_cases_member_id", "member_id", "id"),
        Index("ix_development_cases_due_on", "due_on", "id", postgresql_where=text("due_on IS NOT NULL")),
        Index("ix_development_cases_remind_on", "remind_on", postgresql_where=text("remind_on IS NOT NULL")),
    )


class DevelopmentStep(Identified, Base):
    """An attempt at a step. Of the attempts that passed at most one is current; others were gone back on."""

    __tablename__ = "development_steps"

    case_id: Mapped[UUID] = mapped_column(ForeignKey(_CASE))
    step: Mapped[Code]
    attempt: Mapped[int] = small()
    stage: Mapped[Code]
    outcome: Mapped[Code]
    on: Mapped[date] = mapped_column("taken_on")
    document: Mapped[str | None]
    exception: Mapped[str | None]
    reason: Mapped[str | None]
    deliberated_on: Mapped[date | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    recorded_by: Mapped[UUID]
    current: Mapped[bool]

    __table_args__ = (
        CheckConstraint("outcome IN ('passed', 'rejected', 'extended')", name="outcome"),
        CheckConstraint("attempt > 0", name="attempt"),
        CheckConstraint("outcome = 'passed' OR NOT current", name="current"),
        CheckConstraint("outcome <> 'rejected' OR reason IS NOT NULL", name="reason"),
        UniqueConstraint("case_id", "step", "attempt", name="uq_development_steps_attempt"),
        Index("uq_development_steps_current", "case_id", "step", unique=True, postgresql_where=_CURRENT),
        Index("ix_development_steps_step_taken_on", "step", "taken_on"),
    )


class DevelopmentPaper(Identified, Base):
    """A paper that was received, or returned with its reason. Of each kind one is current."""

    __tablename__ = "development_papers"

    case_id: Mapped[UUID] = mapped_column(ForeignKey(_CASE))
    kind: Mapped[Code]
    state: Mapped[Code]
    on: Mapped[date] = mapped_column("received_on")
    returned_on: Mapped[date | None]
    reason: Mapped[str | None]
    document: Mapped[str | None]
    current: Mapped[bool]

    __table_args__ = (
        CheckConstraint("state IN ('received', 'returned')", name="state"),
        CheckConstraint(
            "(state = 'returned') = (reason IS NOT NULL)"
            " AND (state = 'returned') = (returned_on IS NOT NULL)",
            name="returned",
        ),
        Index("uq_development_papers_current", "case_id", "kind", unique=True, postgresql_where=_CURRENT),
        Index("ix_development_papers_case_id", "case_id"),
    )


class DevelopmentVote(Identified, Base):
    """A vote of the branch meeting on one candidate (逐个讨论和表决); one that was gone back on stays."""

    __tablename__ = "development_votes"

    case_id: Mapped[UUID] = mapped_column(ForeignKey(_CASE))
    step: Mapped[Code]
    on: Mapped[date] = mapped_column("voted_on")
    due: Mapped[int]
    present: Mapped[int]
    written: Mapped[int]
    in_favour: Mapped[int]
    against: Mapped[int]
    abstained: Mapped[int]
    anonymous: Mapped[bool]
    current: Mapped[bool]

    __table_args__ = (
        CheckConstraint("least(due, present, written, in_favour, against, abstained) >= 0", name="counts"),
        CheckConstraint("present + written <= due", name="present"),
        CheckConstraint("in_favour + against + abstained <= present + written", name="cast"),
        Index("uq_development_votes_current", "case_id", "step", unique=True, postgresql_where=_CURRENT),
        Index("ix_development_votes_case_id", "case_id"),
    )


class DevelopmentPublicity(Identified, Base):
    """A publicity (公示) for a step, with its objections; one runs at a time."""

    __tablename__ = "development_publicities"

    case_id: Mapped[UUID] = mapped_column(ForeignKey(_CASE))
    step: Mapped[Code]
    from_on: Mapped[date]
    working_days: Mapped[int] = small()
    place: Mapped[str | None]
    objections: Mapped[int]
    closed_on: Mapped[date | None]
    result: Mapped[Code | None]
    current: Mapped[bool]

    __table_args__ = (
        CheckConstraint("result IN ('none', 'settled', 'upheld')", name="result"),
        CheckConstraint("(closed_on IS NULL) = (result IS NULL)", name="closed"),
        CheckConstraint("closed_on >= from_on", name="closed_on"),
        CheckConstraint("objections >= 0 AND working_days > 0", name="counts"),
        CheckConstraint("result <> 'none' OR objections = 0", name="objections"),
        Index(
            "uq_development_publicities_open",
            "case_id",
            unique=True,
            postgresql_where=text("closed_on IS NULL AND current"),
        ),
        Index(
            "uq_development_publicities_current", "case_id", "step", unique=True, postgresql_where=_CURRENT
        ),
        Index("ix_development_publicities_case_id", "case_id"),
    )


class DevelopmentHelper(Identified, Base):
    """A contact (培养联系人) or introducer (入党介绍人): another member, since when and until when."""

    __tablename__ = "development_helpers"

    case_id: Mapped[UUID]
    applicant_id: Mapped[UUID]
    role: Mapped[Code]
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)

    __table_args__ = (
        CheckConstraint("role IN ('contact', 'introducer')", name="role"),
        CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name="valid"),
        CheckConstraint("member_id <> applicant_id", name="another"),
        ForeignKeyConstraint(
            ["case_id", "applicant_id"],
            ["development_cases.id", "development_cases.member_id"],
            name="fk_development_helpers_case",
        ),
        ExcludeConstraint(
            (text("(uuid_send(case_id) || uuid_send(member_id))"), "="),
            (column("role"), "="),
            (column("valid"), "&&"),
            name="ex_development_helpers_twice",
            using="gist",
        ),
        Index("ix_development_helpers_case_id", "case_id"),
        Index("ix_development_helpers_member_id", "member_id"),
    )


class DevelopmentRecord(Identified, Base):
    """A conversation, an appraisal, a training or a thought report: when, and how much of it."""

    __tablename__ = "development_records"

    case_id: Mapped[UUID] = mapped_column(ForeignKey(_CASE))
    kind: Mapped[Code]
    on: Mapped[date] = mapped_column("held_on")
    days: Mapped[int | None] = small()
    hours: Mapped[int | None] = small()
    document: Mapped[str | None]
    recorded_by: Mapped[UUID]

    __table_args__ = (
        CheckConstraint("kind IN ('conversation', 'appraisal', 'training', 'thought_report')", name="kind"),
        CheckConstraint(
            "(kind = 'training') = (days IS NOT NULL OR hours IS NOT NULL)"
            " AND coalesce(days, 1) > 0 AND coalesce(hours, 1) > 0",
            name="training",
        ),
        Index("ix_development_records_case_id", "case_id", "held_on"),
    )


class DevelopmentReview(Identified, Base):
    """A political review (政治审查): its conclusion, and its findings as ciphertext."""

    __tablename__ = "development_reviews"

    case_id: Mapped[UUID] = mapped_column(ForeignKey(_CASE))
    on: Mapped[date] = mapped_column("concluded_on")
    conclusion: Mapped[Code]
    document: Mapped[str | None]
    findings_cipher: Mapped[bytes | None] = mapped_column(LargeBinary)
    recorded_by: Mapped[UUID]
    current: Mapped[bool]

    __table_args__ = (
        CheckConstraint("conclusion IN ('passed', 'failed')", name="conclusion"),
        Index("uq_development_reviews_current", "case_id", unique=True, postgresql_where=_CURRENT),
        Index("ix_development_reviews_case_id", "case_id"),
    )


class DevelopmentQuota(Versioned, Base):
    """发展党员计划: places of a body and all below it in a year; `used` grows with the step that counts.

    A plan of its own (发展党员计划单列) is `separate`; a priority group may have places of its own too."""

    __tablename__ = "development_quotas"

    year: Mapped[int] = small()
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    separate_plan: Mapped[bool]
    places: Mapped[int]
    used: Mapped[int]
    allotted: Mapped[int]
    enforced: Mapped[bool]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("development_quotas.id"))
    document: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("year BETWEEN 1949 AND 2199", name="year"),
        CheckConstraint("least(places, used, allotted) >= 0", name="counts"),
        CheckConstraint("NOT enforced OR used <= places", name="used"),
        CheckConstraint("allotted <= places", name="allotted"),
        UniqueConstraint("year", "party_organization_id", "separate_plan", name="uq_development_quotas_one"),
        Index("ix_development_quotas_body", "party_organization_id", "year"),
        Index("ix_development_quotas_division_code", "division_code", "id"),
        Index("ix_development_quotas_parent_id", "parent_id"),
    )
