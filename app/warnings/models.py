"""Warnings about Party organizations, as rows: opened and closed, with the rule and the evidence of then."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified


class ParalysisWarning(Identified, Base):
    """One thing that is wrong with a body, since a day. At most one is open per body and kind.

    `since_on` is worked out from the ledgers (when the term ended, the secretary left, the third member
    went), not from when somebody looked; `opened_on` is when it was found. `record_id` is the term, post or
    meeting that `last_on` is of. It names nobody."""

    __tablename__ = "paralysis_warnings"

    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey("party_organizations.id"))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    kind: Mapped[Code]
    since_on: Mapped[date]
    count: Mapped[int | None]
    threshold: Mapped[int | None]
    last_on: Mapped[date | None]
    record_id: Mapped[UUID | None]
    rule_pack_id: Mapped[UUID] = mapped_column(ForeignKey("rule_packs.id"))
    source: Mapped[str]
    verified: Mapped[bool]
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    closed_by: Mapped[Code | None]

    __table_args__ = (
        CheckConstraint(
            "kind IN ('term_expired', 'no_secretary', 'too_few_full_members', 'no_meeting',"
            " 'oversize_joint_branch', 'oversize_branch')",
            name="kind",
        ),
        CheckConstraint(
            "closed_by IN ('term_renewed', 'secretary_in_post', 'members_came', 'meeting_held',"
            " 'organizations_left', 'members_left', 'body_dissolved', 'no_longer_asked')",
            name="closed_by",
        ),
        CheckConstraint("(closed_on IS NULL) = (closed_by IS NULL)", name="closed"),
        CheckConstraint("since_on <= opened_on", name="since_on"),
        Index(
            "uq_paralysis_warnings_open",
            "party_organization_id",
            "kind",
            unique=True,
            postgresql_where=text("closed_on IS NULL"),
        ),
        Index("ix_paralysis_warnings_since_on", "since_on", "id"),
        Index("ix_paralysis_warnings_division_code", "division_code", "since_on", "id"),
        Index("ix_paralysis_warnings_party_organization_id", "party_organization_id", "since_on", "id"),
    )
