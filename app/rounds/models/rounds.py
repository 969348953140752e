"""Rounds, who applied, what they say of themselves, on which evidence, and who went to see it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified, Versioned

_ROUND, _APPLICATION, _USER = "rounds.id", "round_applications.id", "users.id"
SUBJECT_KINDS = "subject_kind IN ('organization', 'party_organization', 'member')"
SUBJECT = (
    "num_nonnulls(organization_id, party_organization_id, member_id) = 1 AND CASE subject_kind"
    " WHEN 'organization' THEN organization_id WHEN 'party_organization' THEN party_organization_id"
    " ELSE member_id END IS NOT NULL"
)


class Round(Versioned, Base):
    """One selection: what for, where, under which standard, until when each phase, and how it came out.

    `eligibility` are the rules of the pack as they were when it was opened; `draw` is who was in the pool and
    who was left out and why, so that with `seed` the draw can be made again. The second person who decides is
    never the chair who closed the review."""

    __tablename__ = "rounds"

    name: Mapped[str]
    use: Mapped[Code]
    level: Mapped[Code]
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    quota: Mapped[int | None]
    standard_version_id: Mapped[UUID] = mapped_column(ForeignKey("scoring_standard_versions.id"))
    as_of: Mapped[date]
    apply_until: Mapped[date]
    self_score_until: Mapped[date]
    review_until: Mapped[date]
    on_site_until: Mapped[date | None]
    publicity_days: Mapped[int] = mapped_column(SmallInteger)
    decide_until: Mapped[date | None]
    reviewers: Mapped[int] = mapped_column(SmallInteger)
    cultivation: Mapped[bool]
    self_scores_shown: Mapped[bool]
    tie_rule: Mapped[Code]
    eligibility: Mapped[dict[str, Any]] = mapped_column(JSONB)
    rule_pack_id: Mapped[UUID | None] = mapped_column(ForeignKey("rule_packs.id"))
    state: Mapped[Code]
    seed: Mapped[str | None]
    draw: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    drawn_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey(_USER))
    closed_at: Mapped[datetime | None]
    publicity_from: Mapped[date | None]
    publicity_until: Mapped[date | None]
    provisional: Mapped[bool | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey(_USER))
    decided_at: Mapped[datetime | None]
    document: Mapped[str | None]
    results_hash: Mapped[Code | None]

    __table_args__ = (
        CheckConstraint("use IN ('demonstration', 'star', 'grade', 'appraisal')", name="use"),
        CheckConstraint("level IN ('district', 'city', 'province', 'national')", name="level"),
        CheckConstraint("quota >= 1", name="quota"),
        CheckConstraint("state IN ('applying', 'reviewing', 'publicity', 'decided')", name="state"),
        CheckConstraint("tie_rule IN ('shared', 'dimensions')", name="tie_rule"),
        CheckConstraint("reviewers BETWEEN 1 AND 15", name="reviewers"),
        CheckConstraint("publicity_days BETWEEN 0 AND 60", name="publicity_days"),
        CheckConstraint(
            "apply_until <= self_score_until AND self_score_until <= review_until"
            " AND on_site_until >= apply_until AND decide_until >= review_until",
            name="calendar",
        ),
        CheckConstraint("(state = 'applying') = (seed IS NULL)", name="seed"),
        CheckConstraint("num_nonnulls(seed, draw, drawn_at) IN (0, 3)", name="draw"),
        CheckConstraint("(state IN ('publicity', 'decided')) = (closed_by IS NOT NULL)", name="closed_by"),
        CheckConstraint(
            "num_nonnulls(closed_by, closed_at, publicity_from, publicity_until, provisional) IN (0, 5)",
            name="closed",
        ),
        CheckConstraint("(state = 'decided') = (decided_by IS NOT NULL)", name="decided_by"),
        CheckConstraint("num_nonnulls(decided_by, decided_at, results_hash) IN (0, 3)", name="decided"),
        CheckConstraint("decided_by <> closed_by", name="second_person"),
        Index("ix_rounds_division_code_id", "division_code", "id"),
        Index("ix_rounds_standard_version_id", "standard_version_id"),
    )


class Application(Versioned, Base):
    """Who applied in a round, with the facts that the rules asked for. `subject_name` is the name of an
    organization or body; of a person it is the mask."""

    __tablename__ = "round_applications"

    round_id: Mapped[UUID] = mapped_column(ForeignKey(_ROUND))
    subject_kind: Mapped[Code]
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_organizations.id"))
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("members.id"))
    subject_name: Mapped[str]
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    body_id: Mapped[UUID | None] = mapped_column(ForeignKey("party_organizations.id"))
    state: Mapped[Code]
    checked: Mapped[dict[str, Any]] = mapped_column(JSONB)
    applied_by: Mapped[UUID] = mapped_column(ForeignKey(_USER))
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey(_USER))
    submitted_at: Mapped[datetime | None]
    cultivation_note: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("round_id", "organization_id", name="uq_round_applications_organization"),
        UniqueConstraint("round_id", "party_organization_id", name="uq_round_applications_body"),
        UniqueConstraint("round_id", "member_id", name="uq_round_applications_member"),
        CheckConstraint(SUBJECT_KINDS, name="subject_kind"),
        CheckConstraint(SUBJECT, name="subject"),
        CheckConstraint(
            "state IN ('cultivating', 'draft', 'submitted', 'frozen', 'dropped', 'lapsed')", name="state"
        ),
        CheckConstraint("(submitted_by IS NULL) = (submitted_at IS NULL)", name="submitted"),
        CheckConstraint("state NOT IN ('submitted', 'frozen') OR submitted_at IS NOT NULL", name="frozen"),
        Index("ix_round_applications_division_code_id", "division_code", "id"),
        Index("ix_round_applications_body_id_id", "body_id", "id"),
        Index("ix_round_applications_organization_id", "organization_id"),
        Index("ix_round_applications_party_organization_id", "party_organization_id"),
        Index("ix_round_applications_member_id", "member_id"),
    )


class SelfScore(Base):
    """What an applicant says of one indicator, and with what words. Only until the sheet is handed in."""

    __tablename__ = "round_self_scores"

    application_id: Mapped[UUID] = mapped_column(ForeignKey(_APPLICATION), primary_key=True)
    indicator: Mapped[Code] = mapped_column(primary_key=True)
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB)
    note: Mapped[str | None]


class Evidence(Base):
    """A file that shows what an applicant says, with the hash that its bytes had when it was given."""

    __tablename__ = "round_evidence"

    application_id: Mapped[UUID] = mapped_column(ForeignKey(_APPLICATION), primary_key=True)
    indicator: Mapped[Code] = mapped_column(primary_key=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"), primary_key=True)
    paper: Mapped[Code | None]
    name: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[Code]

    __table_args__ = (
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        Index("ix_round_evidence_file_id", "file_id"),
    )


class SiteVisit(Identified, Base):
    """An on-site verification (实地验收), or a visit that the site hosted (接待参观). Append-only."""

    __tablename__ = "round_visits"

    application_id: Mapped[UUID] = mapped_column(ForeignKey(_APPLICATION))
    kind: Mapped[Code]
    held_on: Mapped[date]
    visitors: Mapped[int]
    unit: Mapped[str | None]
    findings: Mapped[str | None]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey(_USER))
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    __table_args__ = (
        CheckConstraint("kind IN ('on_site', 'hosted')", name="kind"),
        CheckConstraint("visitors BETWEEN 1 AND 100000", name="visitors"),
        CheckConstraint("kind = 'hosted' OR findings IS NOT NULL", name="findings"),
        Index("ix_round_visits_application_id", "application_id", "id"),
    )
