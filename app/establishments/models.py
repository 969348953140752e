"""Requests to establish Party organizations, whom and what they are for, and every step on the way."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified, Versioned

_BODY = "party_organizations.id"
_STATES = "'requested', 'returned', 'approved', 'elected', 'established', 'rejected', 'withdrawn'"


class Establishment(Versioned, Base):
    """A request (请示) to establish a body below `parent_id`, which `superior_id` answers (批复)."""

    __tablename__ = "establishments"

    state: Mapped[Code]
    name: Mapped[str]
    kind: Mapped[Code]
    formation: Mapped[Code | None]
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    parent_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    superior_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    industry: Mapped[Code | None]
    request_document: Mapped[str]
    requested_on: Mapped[date]
    reply_due_on: Mapped[date | None]
    basis: Mapped[Code | None]
    counted: Mapped[int | None]
    at_least: Mapped[int | None]
    numbers: Mapped[dict[str, Any]]
    others: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    threshold_source: Mapped[str | None]
    rule_pack_id: Mapped[UUID | None] = mapped_column(ForeignKey("rule_packs.id"))
    member_count: Mapped[int]
    needs_election: Mapped[bool]
    exception_reason: Mapped[str | None]
    exception_document: Mapped[str | None]
    decided_on: Mapped[date | None]
    decision_document: Mapped[str | None]
    election: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    confirmed_on: Mapped[date | None]
    confirmation_document: Mapped[str | None]
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))

    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint(
            "basis IN ('full_members', 'members', 'full_time_full_members', 'full_time_members')",
            name="basis",
        ),
        CheckConstraint(
            "(state = 'established') = (party_organization_id IS NOT NULL)", name="party_organization_id"
        ),
        CheckConstraint(
            "state NOT IN ('approved', 'elected', 'established')"
            " OR (decided_on IS NOT NULL AND decision_document IS NOT NULL)",
            name="decision",
        ),
        CheckConstraint("state <> 'elected' OR election IS NOT NULL", name="election"),
        CheckConstraint(
            "state <> 'established' OR NOT needs_election OR election IS NOT NULL", name="elected"
        ),
        CheckConstraint("decided_on >= requested_on", name="decided_on"),
        CheckConstraint(
            "state NOT IN ('approved', 'elected', 'established') OR counted IS NULL OR counted >= at_least"
            " OR exception_document IS NOT NULL",
            name="exception",
        ),
        Index("uq_establishments_party_organization_id", "party_organization_id", unique=True),
        Index("ix_establishments_division_code_id", "division_code", "id"),
        Index("ix_establishments_superior_id", "superior_id", "id"),
    )


class EstablishmentOrganization(Base):
    """An organization that the new body is to cover."""

    __tablename__ = "establishment_organizations"

    establishment_id: Mapped[UUID] = mapped_column(ForeignKey("establishments.id"), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)

    __table_args__ = (
        Index("ix_establishment_organizations_organization_id", "organization_id", "establishment_id"),
    )


class EstablishmentBranch(Base):
    """A body that is to hang below the new one."""

    __tablename__ = "establishment_branches"

    establishment_id: Mapped[UUID] = mapped_column(ForeignKey("establishments.id"), primary_key=True)
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY), primary_key=True)


class EstablishmentMember(Identified, Base):
    """A member who is to belong to the new body: under row-level security by who asks and answers."""

    __tablename__ = "establishment_members"

    establishment_id: Mapped[UUID] = mapped_column(ForeignKey("establishments.id"))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    superior_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    withdrawn: Mapped[bool]

    __table_args__ = (
        Index("uq_establishment_members_once", "establishment_id", "member_id", unique=True),
        Index("ix_establishment_members_member_id", "member_id"),
    )


class EstablishmentStep(Identified, Base):
    """What was done, by which document and why: nothing of it changes."""

    __tablename__ = "establishment_steps"

    establishment_id: Mapped[UUID] = mapped_column(ForeignKey("establishments.id"))
    state: Mapped[Code]
    on_day: Mapped[date]
    document: Mapped[str | None]
    reason: Mapped[str | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        Index("ix_establishment_steps_establishment_id", "establishment_id", "id"),
    )
