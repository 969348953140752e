"""Pairing agreements and who signed them. Nobody is named: a unit outside goes by its name."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    column,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified, Versioned

_BODY, _ORGANIZATION = "party_organizations.id", "organizations.id"
_OTHER = "COALESCE(party_organization_id::text, organization_id::text, unit_name)"


class Agreement(Versioned, Base):
    """An agreement that a Party organization or an organization (the holder) signed with others."""

    __tablename__ = "pairing_agreements"

    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_ORGANIZATION))
    holder_id: Mapped[UUID]
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    title: Mapped[str]
    number: Mapped[str | None]
    signed_on: Mapped[date]
    term: Mapped[Range[date]] = mapped_column(DATERANGE)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    document: Mapped[str | None]
    ended_on: Mapped[date | None]
    ended_reason: Mapped[Code | None]
    ended_note: Mapped[str | None]
    void: Mapped[bool]

    __table_args__ = (
        UniqueConstraint("id", "holder_id", "term", "void", name="uq_pairing_agreements_id_holder_term"),
        CheckConstraint("num_nonnulls(party_organization_id, organization_id) = 1", name="one_holder"),
        CheckConstraint("holder_id = COALESCE(party_organization_id, organization_id)", name="holder_id"),
        CheckConstraint("NOT isempty(term) AND NOT lower_inf(term)", name="term"),
        CheckConstraint("jsonb_typeof(items) = 'array' AND jsonb_array_length(items) <= 50", name="items"),
        CheckConstraint("(ended_on IS NULL) = (ended_reason IS NULL)", name="ended_on"),
        CheckConstraint(
            "ended_reason IN ('fulfilled', 'terminated', 'superseded', 'recorded_in_error')",
            name="ended_reason",
        ),
        CheckConstraint("void = (ended_reason IS NOT DISTINCT FROM 'recorded_in_error')", name="void"),
        CheckConstraint("void OR ended_on IS NULL OR ended_on = upper(term)", name="ended_term"),
        Index("ix_pairing_agreements_division_code_id", "division_code", "id"),
        Index("ix_pairing_agreements_party_organization_id_id", "party_organization_id", "id"),
        Index("ix_pairing_agreements_organization_id", "organization_id"),
    )


class AgreementParty(Identified, Base):
    """One with whom the holder signed; term and whether it is void follow the agreement."""

    __tablename__ = "agreement_parties"

    agreement_id: Mapped[UUID]
    holder_id: Mapped[UUID]
    term: Mapped[Range[date]] = mapped_column(DATERANGE)
    void: Mapped[bool]
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_ORGANIZATION))
    unit_name: Mapped[str | None]
    unit_kind: Mapped[Code | None]
    division_code: Mapped[Code | None] = mapped_column(ForeignKey("divisions.code"))

    __table_args__ = (
        ForeignKeyConstraint(
            ["agreement_id", "holder_id", "term", "void"],
            [
                "pairing_agreements.id",
                "pairing_agreements.holder_id",
                "pairing_agreements.term",
                "pairing_agreements.void",
            ],
            name="fk_agreement_parties_agreement",
            onupdate="CASCADE",
        ),
        CheckConstraint("num_nonnulls(party_organization_id, organization_id, unit_name) = 1", name="one"),
        CheckConstraint("(unit_name IS NULL) = (unit_kind IS NULL)", name="unit"),
        CheckConstraint(
            "unit_kind IN ('village', 'community', 'school', 'enterprise', 'government', 'military',"
            " 'hospital', 'other')",
            name="unit_kind",
        ),
        CheckConstraint(
            "holder_id IS DISTINCT FROM COALESCE(party_organization_id, organization_id)", name="another"
        ),
        ExcludeConstraint(
            (
                text(f"(LEAST(holder_id::text, {_OTHER}) || GREATEST(holder_id::text, {_OTHER}))"),
                "=",
            ),
            (column("term"), "&&"),
            name="ex_agreement_parties_twice",
            using="gist",
            where=text("NOT void"),
        ),
        Index("ix_agreement_parties_agreement_id", "agreement_id"),
        Index("ix_agreement_parties_division_code", "division_code"),
        Index("ix_agreement_parties_party_organization_id", "party_organization_id"),
        Index("ix_agreement_parties_organization_id", "organization_id"),
    )
