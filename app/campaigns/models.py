"""Campaigns, their targets, and every state that a target came to.

A finished campaign is not changed any more: its report is kept as the bytes that were hashed, the hash is
worked out again by the database, and a trigger refuses whatever would change it or its targets."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified, Versioned

_BODY, _DIVISION = "party_organizations.id", "divisions.code"
STATES = "state IN ('open', 'closed', 'removed')"


class Campaign(Versioned, Base):
    """A campaign of a division, perhaps led by a Party organization, with the rule it began under."""

    __tablename__ = "campaigns"

    kind: Mapped[Code]
    name: Mapped[str]
    document: Mapped[str | None]
    division_code: Mapped[Code] = mapped_column(ForeignKey(_DIVISION))
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[Code]
    rule: Mapped[dict[str, Any]]
    rule_pack_id: Mapped[UUID] = mapped_column(ForeignKey("rule_packs.id"))
    next_check_on: Mapped[date | None]
    operation_id: Mapped[UUID | None] = mapped_column(ForeignKey("operations.id"))
    started_on: Mapped[date | None]
    finished_on: Mapped[date | None]
    remaining_reason: Mapped[str | None]
    report: Mapped[str | None] = mapped_column(deferred=True)
    report_sha256: Mapped[Code | None]

    __table_args__ = (
        CheckConstraint(
            "kind IN ('hundred_days', 'sixty_days', 'half_yearly_check', 'education_month', 'four_clears',"
            " 'zombie_check')",
            name="kind",
        ),
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("state IN ('draft', 'running', 'finished')", name="state"),
        CheckConstraint("(state = 'draft') = (started_on IS NULL)", name="started"),
        CheckConstraint(
            "(state = 'finished') = (finished_on IS NOT NULL) AND (finished_on IS NULL) = (report IS NULL)"
            " AND (finished_on IS NULL) = (report_sha256 IS NULL)",
            name="finished",
        ),
        CheckConstraint(
            "report_sha256 = encode(sha256(convert_to(report, 'UTF8')), 'hex')", name="report_sha256"
        ),
        Index("ix_campaigns_division_code_id", "division_code", "id"),
        Index("ix_campaigns_party_organization_id_id", "party_organization_id", "id"),
        Index(
            "ix_campaigns_next_check_on", "next_check_on", postgresql_where=text("kind = 'half_yearly_check'")
        ),
    )


class Target(Versioned, Base):
    """An organization on a campaign's list, once: whose task it is, by when, and how it stands.

    `number` is that of the last row of its history. What a person decided last is not undone by the ledger,
    but for the end of the organization."""

    __tablename__ = "campaign_targets"

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    division_code: Mapped[Code] = mapped_column(ForeignKey(_DIVISION))
    responsible_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    drawn_from: Mapped[Code]
    drawn_as_of: Mapped[date]
    grounds: Mapped[dict[str, Any]] = mapped_column(JSONB)
    owner_party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    owner_authority_id: Mapped[UUID | None] = mapped_column(ForeignKey("authorities.id"))
    owner_instructor_id: Mapped[UUID | None] = mapped_column(ForeignKey("instructors.id"))
    owner_instructor_mask: Mapped[str | None]
    owner_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    due_on: Mapped[date]
    state: Mapped[Code]
    state_on: Mapped[date]
    number: Mapped[int] = mapped_column(SmallInteger)
    by_hand: Mapped[bool]

    __table_args__ = (
        UniqueConstraint("campaign_id", "organization_id", name="uq_campaign_targets_organization"),
        CheckConstraint(STATES, name="state"),
        CheckConstraint(
            "num_nonnulls(owner_party_organization_id, owner_authority_id, owner_instructor_id,"
            " owner_user_id) <= 1",
            name="owner",
        ),
        CheckConstraint("(owner_instructor_id IS NULL) = (owner_instructor_mask IS NULL)", name="instructor"),
        CheckConstraint(
            "drawn_from IN ('uncovered', 'blank_spots', 'must_establish', 'everyone', 'not_clear',"
            " 'zombies')",
            name="drawn_from",
        ),
        CheckConstraint("number >= 1", name="number"),
        Index("ix_campaign_targets_campaign_id_state", "campaign_id", "state"),
        Index("ix_campaign_targets_campaign_id_due_on", "campaign_id", "due_on", "id"),
        Index("ix_campaign_targets_organization_id", "organization_id"),
        Index("ix_campaign_targets_division_code", "division_code", "due_on", "id"),
        Index("ix_campaign_targets_responsible_id", "responsible_id", "due_on", "id"),
        Index("ix_campaign_targets_owner_party_organization_id", "owner_party_organization_id"),
        Index("ix_campaign_targets_owner_authority_id", "owner_authority_id"),
        Index("ix_campaign_targets_owner_instructor_id", "owner_instructor_id"),
        Index("ix_campaign_targets_owner_user_id", "owner_user_id"),
        Index("ix_campaign_targets_open", "due_on", "id", postgresql_where=text("state = 'open'")),
    )


class TargetChange(Identified, Base):
    """A state that a target came to, from a day on; rows are only ever added."""

    __tablename__ = "campaign_target_states"

    target_id: Mapped[UUID] = mapped_column(ForeignKey("campaign_targets.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[Code]
    state_on: Mapped[date]
    reason: Mapped[Code]
    note: Mapped[str | None]
    file_id: Mapped[UUID | None]
    file_sha256: Mapped[Code | None]
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    actor_id: Mapped[UUID]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    __table_args__ = (
        UniqueConstraint("target_id", "number", name="uq_campaign_target_states_number"),
        CheckConstraint(STATES, name="state"),
        CheckConstraint("number >= 1 AND (number > 1 OR reason = 'drawn')", name="number"),
        CheckConstraint(
            "reason IN ('drawn', 'party_organization_covers', 'facts_on_record', 'stated', 'deregistered',"
            " 'revoked', 'license_revoked', 'merged', 'split', 'no_longer_so', 'closed_by_hand',"
            " 'removed_by_hand', 'reopened_by_hand')",
            name="reason",
        ),
        CheckConstraint(
            "reason NOT IN ('closed_by_hand', 'removed_by_hand') OR note IS NOT NULL OR file_id IS NOT NULL",
            name="evidence",
        ),
        CheckConstraint("(file_id IS NULL) = (file_sha256 IS NULL)", name="file"),
        Index("ix_campaign_target_states_party_organization_id", "party_organization_id"),
    )
