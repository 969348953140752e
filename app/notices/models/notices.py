"""Notices, and what was issued of each, frozen."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned

_BODY, _DIVISION, _USER = "party_organizations.id", "divisions.code", "users.id"
_NUMBER = "'^[一-龥]{1,12}〔[0-9]{4}〕[1-9][0-9]*号$'"
_KINDS = "'circular', 'notification', 'supervision_letter', 'admonition_talk', 'reminder_talk'"
_TALKS = "'admonition_talk', 'reminder_talk'"


def _list() -> Mapped[list[Any]]:
    return mapped_column(JSONB, server_default=text("'[]'"))


class Notice(Versioned, Base):
    """A circular, notification, letter or talk: drafted, approved by a second person, issued; or recorded
    as it came from others. Body and division are those of whoever answers for it."""

    __tablename__ = "notices"

    kind: Mapped[Code]
    state: Mapped[Code]
    recorded: Mapped[bool]
    sign_id: Mapped[UUID | None] = mapped_column(ForeignKey("document_signs.id"))
    party_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    authority_id: Mapped[UUID | None] = mapped_column(ForeignKey("authorities.id"))
    division_code: Mapped[Code] = mapped_column(ForeignKey(_DIVISION))
    issuer_name: Mapped[str]
    number: Mapped[str | None]
    title: Mapped[str]
    urgency: Mapped[Code]
    talk_level: Mapped[Code | None]
    paragraphs: Mapped[list[Any]] = _list()
    attachments: Mapped[list[Any]] = _list()
    copy_to: Mapped[list[Any]] = _list()
    note: Mapped[str | None]
    figures: Mapped[list[Any]] = _list()
    reply_required: Mapped[bool]
    answer_days: Mapped[int | None] = mapped_column(SmallInteger)
    due_on: Mapped[date | None]
    provisional: Mapped[bool]
    previous_id: Mapped[UUID | None] = mapped_column(ForeignKey("notices.id"))
    escalates_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("notice_addressees.id", name="fk_notices_escalates_id", use_alter=True)
    )
    proposed: Mapped[bool]
    rule_pack_id: Mapped[UUID | None] = mapped_column(ForeignKey("rule_packs.id"))
    drafted_by: Mapped[UUID | None] = mapped_column(ForeignKey(_USER))
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey(_USER))
    submitted_at: Mapped[datetime | None]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey(_USER))
    approved_at: Mapped[datetime | None]
    sent_back_reason: Mapped[str | None]
    issued_by: Mapped[UUID | None] = mapped_column(ForeignKey(_USER))
    issued_at: Mapped[datetime | None]
    issued_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint("state IN ('draft', 'submitted', 'approved', 'issued', 'withdrawn')", name="state"),
        CheckConstraint("urgency IN ('normal', 'urgent', 'most_urgent')", name="urgency"),
        CheckConstraint("talk_level IN ('reminder', 'criticism', 'admonition')", name="talk_level"),
        CheckConstraint(f"talk_level IS NULL OR kind IN ({_TALKS})", name="talk_has_level"),
        CheckConstraint("party_organization_id IS NOT NULL OR authority_id IS NOT NULL", name="issuer"),
        CheckConstraint("drafted_by IS NOT NULL OR proposed", name="drafted_by"),
        CheckConstraint("approved_by <> drafted_by AND approved_by <> submitted_by", name="second_person"),
        CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)"
            " AND (submitted_by IS NULL) = (submitted_at IS NULL)"
            " AND (approved_by IS NULL OR submitted_by IS NOT NULL)",
            name="steps",
        ),
        CheckConstraint(
            "state = 'withdrawn' OR recorded"
            " OR (state IN ('approved', 'issued')) = (approved_by IS NOT NULL)",
            name="approved",
        ),
        CheckConstraint("state = 'withdrawn' OR (state = 'issued') = (issued_at IS NOT NULL)", name="issued"),
        CheckConstraint("issued_at IS NULL OR recorded OR approved_by IS NOT NULL", name="issued_approved"),
        CheckConstraint(
            "(issued_at IS NULL) = (issued_on IS NULL) AND (issued_at IS NULL) = (issued_by IS NULL)",
            name="issued_by",
        ),
        CheckConstraint(
            f"number IS NULL AND (issued_at IS NULL OR kind IN ({_TALKS}))"
            f" OR number IS NOT NULL AND issued_at IS NOT NULL AND (recorded OR number ~ {_NUMBER})",
            name="number",
        ),
        CheckConstraint(f"recorded OR sign_id IS NOT NULL OR kind IN ({_TALKS})", name="sign_id"),
        CheckConstraint(
            "reply_required OR (answer_days IS NULL AND due_on IS NULL)", name="deadline_needs_reply"
        ),
        CheckConstraint("answer_days BETWEEN 1 AND 250", name="answer_days"),
        CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)"
            " AND (state = 'withdrawn') = (withdrawn_reason IS NOT NULL)",
            name="withdrawn",
        ),
        Index("ix_notices_division_code_id", "division_code", "id"),
        Index("ix_notices_party_organization_id", "party_organization_id", "id"),
        Index("ix_notices_authority_id", "authority_id"),
        Index("ix_notices_sign_id", "sign_id"),
        Index("ix_notices_previous_id", "previous_id"),
        Index(
            "uq_notices_escalates",
            "escalates_id",
            "kind",
            unique=True,
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index(
            "uq_notices_recorded",
            "party_organization_id",
            "issuer_name",
            "number",
            unique=True,
            postgresql_where=text("recorded AND state <> 'withdrawn'"),
        ),
        Index("ix_notices_issued_on", "issued_on", "id", postgresql_where=text("issued_on IS NOT NULL")),
        Index("ix_notices_submitted", "id", postgresql_where=text("state = 'submitted'")),
    )


class NoticeDocument(Base):
    """The content as it was issued: canonical JSON and its SHA-256. Never changed, never removed."""

    __tablename__ = "notice_documents"

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    content: Mapped[str]
    sha256: Mapped[Code]
    frozen_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("sha256 = encode(sha256(convert_to(content, 'UTF8')), 'hex')", name="sha256"),
    )
