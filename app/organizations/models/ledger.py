"""The row everyone reads, the statements it folds, and what the fold gives by time."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    column,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified, Versioned

KINDS = "kind IN ('association', 'service_institution', 'foundation', 'community_filed', 'intermediary')"
MODES = "registration_mode IN ('direct', 'dual', 'filed')"
STATUSES = (
    "registration_status IN ('preparatory', 'normal', 'in_liquidation', 'deregistered', 'revoked',"
    " 'license_revoked', 'merged', 'split')"
)
BOUNDED = "NOT isempty(valid) AND NOT lower_inf(valid)"


class Organization(Versioned, Base):
    """A social organization as its statements fold today; never deleted, whatever becomes of it.

    `division_code` is the division of registration, which scope and coverage go by."""

    __tablename__ = "organizations"

    credit_code: Mapped[Code | None]
    name: Mapped[Code]
    kind: Mapped[Code]
    registration_mode: Mapped[Code]
    registration_status: Mapped[Code]
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    domicile_division_code: Mapped[Code | None] = mapped_column(ForeignKey("divisions.code"))
    domicile_address: Mapped[str | None]
    registration_authority_id: Mapped[UUID | None] = mapped_column(ForeignKey("authorities.id"))
    supervisory_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("authorities.id"))
    industry_authority_id: Mapped[UUID | None] = mapped_column(ForeignKey("authorities.id"))
    industry: Mapped[Code | None]
    established_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    business_scope: Mapped[str | None]
    decoupled: Mapped[bool]
    is_trade_association: Mapped[bool]
    foreign_related: Mapped[bool]
    staff_count: Mapped[int | None]
    member_count: Mapped[int | None]
    party_member_count: Mapped[int | None]
    full_member_count: Mapped[int | None]
    full_time_full_member_count: Mapped[int | None]
    legal_representative: Mapped[str | None]
    contact_name: Mapped[str | None]
    contact_phone_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(
            "organization_phones.id",
            use_alter=True,
            deferrable=True,
            initially="DEFERRED",
            name="fk_organizations_contact_phone_id",
        )
    )
    contact_phone_mask: Mapped[str | None]
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))

    __table_args__ = (
        UniqueConstraint("credit_code", name="uq_organizations_credit_code"),
        CheckConstraint(KINDS, name="kind"),
        CheckConstraint(MODES, name="registration_mode"),
        CheckConstraint(STATUSES, name="registration_status"),
        CheckConstraint("merged_into_id <> id", name="merged_into_id"),
        CheckConstraint("(contact_phone_id IS NULL) = (contact_phone_mask IS NULL)", name="contact_phone"),
        Index("ix_organizations_division_code_id", "division_code", "id"),
        Index("ix_organizations_domicile_division_code_id", "domicile_division_code", "id"),
        Index("ix_organizations_registration_authority_id", "registration_authority_id", "id"),
        Index("ix_organizations_supervisory_unit_id", "supervisory_unit_id", "id"),
        Index("ix_organizations_industry_authority_id", "industry_authority_id", "id"),
        Index("ix_organizations_merged_into_id", "merged_into_id"),
        Index("ix_organizations_contact_phone_id", "contact_phone_id"),
    )


class OrganizationFact(Identified, Base):
    """A statement about an organization. Append-only: the API's role may insert and read, nothing else.

    `digest` is its content, so that a statement twice is one row; `secrets` names encrypted numbers."""

    __tablename__ = "organization_facts"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    fact: Mapped[Code]
    key: Mapped[Code] = mapped_column(Text(collation="C"), server_default=text("''"))
    value: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    secrets: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    effective_on: Mapped[date]
    source: Mapped[Code]
    source_rank: Mapped[int]
    sequence: Mapped[int | None] = mapped_column(BigInteger)
    occurred_at: Mapped[datetime | None]
    correction: Mapped[bool]
    reason: Mapped[str | None]
    event_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    recorded_by: Mapped[UUID]
    digest: Mapped[Code]

    __table_args__ = (
        UniqueConstraint("organization_id", "digest", name="uq_organization_facts_digest"),
        CheckConstraint("NOT correction OR source <> 'human' OR reason IS NOT NULL", name="reason"),
        Index("ix_organization_facts_organization_id_id", "organization_id", "id"),
        Index(
            "ix_organization_facts_counted",
            "organization_id",
            "fact",
            "key",
            "effective_on",
            postgresql_where=text(
                "fact IN ('full_member_count', 'full_time_full_member_count', 'member_count',"
                " 'party_member_count', 'credit_code', 'identifier', 'charter_clause')"
            ),
        ),
        Index("ix_organization_facts_event_id", "event_id", postgresql_where=text("event_id IS NOT NULL")),
    )


class OrganizationPhone(Identified, Base):
    """A phone number of an organization's contact or officer, encrypted under its own row.

    A table of its own, so that the ledger stays free of personal data and keys can be rotated."""

    __tablename__ = "organization_phones"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    holder: Mapped[Code]
    phone_cipher: Mapped[bytes] = mapped_column(LargeBinary)
    phone_blind: Mapped[bytes] = mapped_column(LargeBinary)
    phone_mask: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    __table_args__ = (
        UniqueConstraint(
            "organization_id", "holder", "phone_blind", name="uq_organization_phones_phone_blind"
        ),
        Index("ix_organization_phones_phone_blind", "phone_blind"),
    )


class OrganizationPeriod(Identified, Base):
    """What counted about an organization: true in `valid`, known in `recorded` (open: known now)."""

    __tablename__ = "organization_periods"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    recorded: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    registration_status: Mapped[Code]
    kind: Mapped[Code]
    division_code: Mapped[Code]
    domicile_division_code: Mapped[Code | None]
    registration_mode: Mapped[Code]
    registration_authority_id: Mapped[UUID | None]
    supervisory_unit_id: Mapped[UUID | None]
    industry_authority_id: Mapped[UUID | None]
    decoupled: Mapped[bool]

    __table_args__ = (
        CheckConstraint(BOUNDED, name="valid"),
        CheckConstraint("NOT isempty(recorded) AND NOT lower_inf(recorded)", name="recorded"),
        CheckConstraint(KINDS, name="kind"),
        CheckConstraint(MODES, name="registration_mode"),
        CheckConstraint(STATUSES, name="registration_status"),
        ExcludeConstraint(
            (column("organization_id"), "="),
            (column("valid"), "&&"),
            (column("recorded"), "&&"),
            name="ex_organization_periods_one",
            using="gist",
        ),
        Index(
            "ix_organization_periods_division_code",
            "division_code",
            "organization_id",
            postgresql_where=text("upper_inf(recorded)"),
        ),
        Index(
            "ix_organization_periods_domicile_division_code",
            "domicile_division_code",
            "organization_id",
            postgresql_where=text("upper_inf(recorded)"),
        ),
    )


class OrganizationName(Identified, Base):
    """A name and the days on which the organization bore it, by the fold."""

    __tablename__ = "organization_names"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[Code]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)

    __table_args__ = (
        CheckConstraint(BOUNDED, name="valid"),
        ExcludeConstraint(
            (column("organization_id"), "="),
            (column("valid"), "&&"),
            name="ex_organization_names_one",
            using="gist",
        ),
        Index("ix_organization_names_name", "name", "organization_id"),
    )


class OrganizationOfficer(Identified, Base):
    """A person in a post of the organization, dated, by the fold of its boards (public registry data)."""

    __tablename__ = "organization_officers"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    seat: Mapped[Code]
    name: Mapped[str]
    post: Mapped[str]
    is_principal: Mapped[bool]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    phone_id: Mapped[UUID | None] = mapped_column(ForeignKey("organization_phones.id"))
    phone_mask: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(BOUNDED, name="valid"),
        CheckConstraint("(phone_id IS NULL) = (phone_mask IS NULL)", name="phone"),
        ExcludeConstraint(
            (column("organization_id"), "="),
            (column("seat"), "="),
            (column("valid"), "&&"),
            name="ex_organization_officers_one",
            using="gist",
        ),
        Index("ix_organization_officers_phone_id", "phone_id"),
    )
