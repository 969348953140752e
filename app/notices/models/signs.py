"""Signs (机关代字), the counter of each year, and the register of numbers (发文登记簿)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified, Versioned

_BODY, _DIVISION, _USER = "party_organizations.id", "divisions.code", "users.id"
_SIGN = "'^[一-龥]{1,12}$'"
_NUMBER = "'^[一-龥]{1,12}〔[0-9]{4}〕[1-9][0-9]*号$'"


class DocumentSign(Versioned, Base):
    """机关代字 of a body or a department, under which it numbers its documents."""

    __tablename__ = "document_signs"

    sign: Mapped[str]
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    authority_id: Mapped[UUID | None] = mapped_column(ForeignKey("authorities.id"))
    division_code: Mapped[Code] = mapped_column(ForeignKey(_DIVISION))
    document: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(f"sign ~ {_SIGN}", name="sign"),
        CheckConstraint("party_organization_id IS NOT NULL OR authority_id IS NOT NULL", name="owner"),
        UniqueConstraint("division_code", "sign", name="uq_document_signs_sign"),
        Index("ix_document_signs_party_organization_id", "party_organization_id"),
        Index("ix_document_signs_authority_id", "authority_id"),
    )


class DocumentCounter(Base):
    """The last number given under a sign in a year: one row, locked by whoever takes the next."""

    __tablename__ = "document_counters"

    sign_id: Mapped[UUID] = mapped_column(ForeignKey("document_signs.id"), primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    last: Mapped[int]

    __table_args__ = (
        CheckConstraint("last >= 1", name="last"),
        CheckConstraint("year BETWEEN 1949 AND 2200", name="year"),
    )


class DocumentNumber(Identified, Base):
    """A number that was given (发文登记簿); voided ones stay and are never given again."""

    __tablename__ = "document_numbers"

    sign_id: Mapped[UUID] = mapped_column(ForeignKey("document_signs.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    serial: Mapped[int]
    number: Mapped[str]
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    state: Mapped[Code]
    allocated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[UUID | None] = mapped_column(ForeignKey(_USER))
    voided_reason: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("sign_id", "year", "serial", name="uq_document_numbers_serial"),
        UniqueConstraint("notice_id", name="uq_document_numbers_notice_id"),
        CheckConstraint(f"number ~ {_NUMBER}", name="number"),
        CheckConstraint("number LIKE '%〔' || year || '〕' || serial || '号'", name="parts"),
        CheckConstraint("state IN ('allocated', 'voided')", name="state"),
        CheckConstraint(
            "(state = 'voided') = (voided_at IS NOT NULL) AND (state = 'voided') = (voided_by IS NOT NULL)"
            " AND (state = 'voided') = (voided_reason IS NOT NULL)",
            name="voided",
        ),
    )
