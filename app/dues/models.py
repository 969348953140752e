"""Dues: what each member owes a month and since when, what was paid, and who may pay less.

Every row follows its member under row-level security. The income is ciphertext, bound to its row; lists show
only the standard."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Numeric, column, text
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned

MONEY = Numeric(10, 2)
_MONTHS = (
    "NOT isempty(valid) AND NOT lower_inf(valid) AND extract(day FROM lower(valid)) = 1"
    " AND coalesce(extract(day FROM upper(valid)), 1) = 1"
)


class Standard(Versioned, Base):
    """What a member owes a month, from one month to another."""

    __tablename__ = "dues_standards"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    income_class: Mapped[Code]
    income_cipher: Mapped[bytes | None] = mapped_column(LargeBinary)
    rate: Mapped[Decimal | None] = mapped_column(Numeric(5, 4))
    amount: Mapped[Decimal] = mapped_column(MONEY)
    rule_pack_id: Mapped[UUID] = mapped_column(ForeignKey("rule_packs.id"))

    __table_args__ = (
        CheckConstraint(_MONTHS, name="valid"),
        CheckConstraint(
            "income_class IN ('employed', 'self_employed', 'retired', 'farmer', 'student', 'unemployed',"
            " 'relief')",
            name="income_class",
        ),
        CheckConstraint("(income_cipher IS NULL) = (rate IS NULL)", name="income"),
        CheckConstraint("amount >= 0", name="amount"),
        ExcludeConstraint(
            (column("member_id"), "="), (column("valid"), "&&"), name="ex_dues_standards_one", using="gist"
        ),
    )


class Payment(Versioned, Base):
    """A member's dues of one month, paid once."""

    __tablename__ = "dues_payments"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey("party_organizations.id"))
    month: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(MONEY)
    paid_on: Mapped[date]
    state: Mapped[Code]
    cancelled_reason: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("extract(day FROM month) = 1", name="month"),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("state IN ('paid', 'cancelled')", name="state"),
        CheckConstraint("(state = 'cancelled') = (cancelled_reason IS NOT NULL)", name="cancelled"),
        Index(
            "uq_dues_payments_month",
            "member_id",
            "month",
            unique=True,
            postgresql_where=text("state = 'paid'"),
        ),
        Index("ix_dues_payments_party_organization_id", "party_organization_id", "month"),
    )


class Reduction(Versioned, Base):
    """A hardship reduction: applied for, agreed by the branch, approved by a second person."""

    __tablename__ = "dues_reductions"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    amount: Mapped[Decimal] = mapped_column(MONEY)
    hardship: Mapped[Code]
    state: Mapped[Code]
    document: Mapped[str]
    requested_by: Mapped[UUID]
    agreed_document: Mapped[str | None]
    agreed_on: Mapped[date | None]
    decided_document: Mapped[str | None]
    decided_on: Mapped[date | None]
    decided_by: Mapped[UUID | None]

    __table_args__ = (
        CheckConstraint(_MONTHS + " AND NOT upper_inf(valid)", name="valid"),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint(
            "hardship IN ('illness', 'disaster', 'low_income', 'unemployment', 'other')", name="hardship"
        ),
        CheckConstraint("state IN ('requested', 'agreed', 'approved', 'rejected')", name="state"),
        CheckConstraint("(agreed_on IS NULL) = (agreed_document IS NULL)", name="agreed"),
        CheckConstraint("state <> 'approved' OR agreed_on IS NOT NULL", name="approved"),
        CheckConstraint(
            "(state IN ('approved', 'rejected')) = (decided_by IS NOT NULL)"
            " AND (decided_by IS NULL) = (decided_on IS NULL)"
            " AND (decided_by IS NULL) = (decided_document IS NULL)",
            name="decided",
        ),
        CheckConstraint("decided_by <> requested_by", name="second_person"),
        ExcludeConstraint(
            (column("member_id"), "="),
            (column("valid"), "&&"),
            where=text("state = 'approved'"),
            name="ex_dues_reductions_one",
            using="gist",
        ),
        Index(
            "uq_dues_reductions_open",
            "member_id",
            unique=True,
            postgresql_where=text("state IN ('requested', 'agreed')"),
        ),
        Index("ix_dues_reductions_member_id", "member_id", "id"),
    )
