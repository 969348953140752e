"""Dated records of an organization: each row is what the statements about one record fold to.

`withdrawn` says that the record was taken back as wrong; nothing is deleted."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, column
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.core.db import Base, Code, Identified


class Recorded(Identified):
    """What every record shares: its organization, its key, and who says so since when."""

    @declared_attr
    @classmethod
    def organization_id(cls) -> Mapped[UUID]:
        """The organization it is about."""
        return mapped_column(ForeignKey("organizations.id"))

    key: Mapped[Code]
    source: Mapped[Code]
    effective_on: Mapped[date]
    withdrawn: Mapped[bool]


class OrganizationIdentifier(Recorded, Base):
    __tablename__ = "organization_identifiers"

    scheme: Mapped[Code]
    number: Mapped[Code]
    issued_by: Mapped[str | None]
    issued_on: Mapped[date | None]
    ended_on: Mapped[date | None]

    __table_args__ = (
        UniqueConstraint("organization_id", "key", name="uq_organization_identifiers_key"),
        CheckConstraint(
            "scheme IN ('registration_number', 'filing_number', 'registry_id', 'other')", name="scheme"
        ),
        Index("ix_organization_identifiers_number", "number", "scheme"),
    )


class CreditListing(Recorded, Base):
    __tablename__ = "credit_listings"

    list: Mapped[Code]
    listed_on: Mapped[date]
    removed_on: Mapped[date | None]
    reason: Mapped[str | None]
    decided_by: Mapped[str | None]
    document_number: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("organization_id", "key", name="uq_credit_listings_key"),
        CheckConstraint("list IN ('abnormal', 'serious_violation')", name="list"),
        CheckConstraint("removed_on > listed_on", name="removed_on"),
    )


class Penalty(Recorded, Base):
    __tablename__ = "penalties"

    penalty: Mapped[Code]
    decided_on: Mapped[date]
    document_number: Mapped[str | None]
    reason: Mapped[str | None]
    decided_by: Mapped[str | None]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(15, 2))

    __table_args__ = (
        UniqueConstraint("organization_id", "key", name="uq_penalties_key"),
        CheckConstraint(
            "penalty IN ('warning', 'order_to_correct', 'suspension', 'confiscation', 'fine',"
            " 'license_revocation', 'other')",
            name="penalty",
        ),
        CheckConstraint("amount >= 0", name="amount"),
    )


class Evaluation(Recorded, Base):
    __tablename__ = "evaluations"

    grade: Mapped[Code]
    graded_on: Mapped[date]
    valid_until: Mapped[date]
    graded_by: Mapped[str | None]
    score: Mapped[Decimal | None] = mapped_column(Numeric(7, 2))

    __table_args__ = (
        UniqueConstraint("organization_id", "key", name="uq_evaluations_key"),
        CheckConstraint("grade IN ('5A', '4A', '3A', '2A', '1A')", name="grade"),
        CheckConstraint("valid_until > graded_on", name="valid_until"),
    )


class Award(Recorded, Base):
    __tablename__ = "awards"

    name: Mapped[str]
    awarded_on: Mapped[date]
    awarded_by: Mapped[str | None]
    level: Mapped[str | None]

    __table_args__ = (UniqueConstraint("organization_id", "key", name="uq_awards_key"),)


class AnnualReport(Recorded, Base):
    __tablename__ = "annual_reports"

    year: Mapped[int]
    result: Mapped[Code]
    filed_on: Mapped[date | None]
    party_building_reported: Mapped[bool | None]

    __table_args__ = (
        UniqueConstraint("organization_id", "key", name="uq_annual_reports_key"),
        CheckConstraint(
            "result IN ('filed', 'passed', 'basically_passed', 'failed', 'not_filed')", name="result"
        ),
    )


class OrganizationSuccession(Recorded, Base):
    __tablename__ = "organization_successions"

    succession: Mapped[Code]
    successor_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    on: Mapped[date]

    __table_args__ = (
        UniqueConstraint("organization_id", "key", name="uq_organization_successions_key"),
        CheckConstraint("succession IN ('merged_into', 'split_into')", name="succession"),
        CheckConstraint("successor_id <> organization_id", name="successor_id"),
        Index("ix_organization_successions_successor_id", "successor_id"),
    )


class CharterClause(Identified, Base):
    """A clause of the charter in one wording, over the days for which it is in the charter."""

    __tablename__ = "charter_clauses"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    clause: Mapped[Code]
    wording: Mapped[Code]
    approved_on: Mapped[date]
    evidence: Mapped[str | None]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    source: Mapped[Code]

    __table_args__ = (
        CheckConstraint("clause IN ('party_building', 'core_values')", name="clause"),
        CheckConstraint("wording IN ('2018', '2019', 'own')", name="wording"),
        CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name="valid"),
        ExcludeConstraint(
            (column("organization_id"), "="),
            (column("clause"), "="),
            (column("valid"), "&&"),
            name="ex_charter_clauses_one",
            using="gist",
        ),
    )
