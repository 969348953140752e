"""Members' relations on their way."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned
from app.members.models.words import BODY


class Transfer(Versioned, Base):
    """A member's relations on their way: one open transfer per member; the sender answers until then."""

    __tablename__ = "member_transfers"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    name_mask: Mapped[str]
    from_body_id: Mapped[UUID] = mapped_column(ForeignKey(BODY))
    from_division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    to_body_id: Mapped[UUID | None] = mapped_column(ForeignKey(BODY))
    to_division_code: Mapped[str | None] = mapped_column(ForeignKey("divisions.code"))
    to_outside: Mapped[str | None]
    range: Mapped[Code]
    state: Mapped[Code]
    reason: Mapped[str]
    requested_on: Mapped[date]
    letter_number: Mapped[str | None]
    letter_issued_on: Mapped[date | None]
    letter_until: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_reason: Mapped[str | None]
    receipt_number: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("state IN ('requested', 'sent', 'accepted', 'returned', 'cancelled')", name="state"),
        CheckConstraint("range IN ('within_committee', 'within_province', 'national')", name="range"),
        CheckConstraint(
            "(to_body_id IS NULL) = (to_division_code IS NULL)"
            " AND (to_body_id IS NULL) <> (to_outside IS NULL)",
            name="receiver",
        ),
        CheckConstraint("from_body_id <> to_body_id", name="elsewhere"),
        CheckConstraint(
            "(state IN ('accepted', 'returned', 'cancelled')) = (ended_on IS NOT NULL)", name="ended_on"
        ),
        CheckConstraint(
            "state NOT IN ('sent', 'accepted', 'returned') OR letter_number IS NOT NULL", name="letter"
        ),
        Index(
            "uq_member_transfers_open",
            "member_id",
            unique=True,
            postgresql_where=text("state IN ('requested', 'sent')"),
        ),
        Index(
            "ix_member_transfers_letter_until",
            "letter_until",
            postgresql_where=text("state = 'sent'"),
        ),
        Index("ix_member_transfers_member_id", "member_id", "id"),
        Index("ix_member_transfers_from_body_id", "from_body_id", "id"),
        Index("ix_member_transfers_to_body_id", "to_body_id", "id"),
        Index("ix_member_transfers_from_division_code", "from_division_code", "id"),
        Index("ix_member_transfers_to_division_code", "to_division_code", "id"),
    )
