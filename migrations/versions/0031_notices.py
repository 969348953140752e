"""Supervision notices: signs and numbers, notices, addressees, answers, more time, rectifications.

What was issued is append-only, and a number that was given is never taken out of the register."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.migrating import APP_ROLE, code, identified, versioned

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "document_signs",
        sa.Column("sign", sa.Text(), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("authority_id", sa.Uuid(), nullable=True),
        code("division_code"),
        sa.Column("document", sa.Text(), nullable=True),
        *versioned(),
        sa.CheckConstraint("sign ~ '^[一-龥]{1,12}$'", name=op.f("ck_document_signs_sign")),
        sa.CheckConstraint(
            "party_organization_id IS NOT NULL OR authority_id IS NOT NULL",
            name=op.f("ck_document_signs_owner"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authorities.id"], name=op.f("fk_document_signs_authority_id")
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_document_signs_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_document_signs_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_signs")),
        sa.UniqueConstraint("division_code", "sign", name="uq_document_signs_sign"),
    )
    op.create_index("ix_document_signs_authority_id", "document_signs", ["authority_id"], unique=False)
    op.create_index(
        "ix_document_signs_party_organization_id", "document_signs", ["party_organization_id"], unique=False
    )
    op.create_table(
        "document_counters",
        sa.Column("sign_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 1", name=op.f("ck_document_counters_last")),
        sa.CheckConstraint("year BETWEEN 1949 AND 2200", name=op.f("ck_document_counters_year")),
        sa.ForeignKeyConstraint(
            ["sign_id"], ["document_signs.id"], name=op.f("fk_document_counters_sign_id")
        ),
        sa.PrimaryKeyConstraint("sign_id", "year", name=op.f("pk_document_counters")),
    )
    op.create_table(
        "notices",
        code("kind"),
        code("state"),
        sa.Column("recorded", sa.Boolean(), nullable=False),
        sa.Column("sign_id", sa.Uuid(), nullable=True),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("authority_id", sa.Uuid(), nullable=True),
        code("division_code"),
        sa.Column("issuer_name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        code("urgency"),
        code("talk_level", nullable=True),
        sa.Column(
            "paragraphs",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column(
            "attachments",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column(
            "copy_to", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "figures", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False
        ),
        sa.Column("reply_required", sa.Boolean(), nullable=False),
        sa.Column("answer_days", sa.SmallInteger(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("escalates_id", sa.Uuid(), nullable=True),
        sa.Column("proposed", sa.Boolean(), nullable=False),
        sa.Column("rule_pack_id", sa.Uuid(), nullable=True),
        sa.Column("drafted_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back_reason", sa.Text(), nullable=True),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL) AND (state = 'withdrawn') = (withdrawn_reason IS NOT NULL)",
            name=op.f("ck_notices_withdrawn"),
        ),
        sa.CheckConstraint(
            "kind IN ('circular', 'notification', 'supervision_letter', 'admonition_talk', 'reminder_talk')",
            name=op.f("ck_notices_kind"),
        ),
        sa.CheckConstraint(
            "number IS NULL AND (issued_at IS NULL OR kind IN ('admonition_talk', 'reminder_talk')) OR number IS NOT NULL AND issued_at IS NOT NULL AND (recorded OR number ~ '^[一-龥]{1,12}〔[0-9]{4}〕[1-9][0-9]*号$')",
            name=op.f("ck_notices_number"),
        ),
        sa.CheckConstraint(
            "recorded OR sign_id IS NOT NULL OR kind IN ('admonition_talk', 'reminder_talk')",
            name=op.f("ck_notices_sign_id"),
        ),
        sa.CheckConstraint(
            "state = 'withdrawn' OR (state = 'issued') = (issued_at IS NOT NULL)",
            name=op.f("ck_notices_issued"),
        ),
        sa.CheckConstraint(
            "state = 'withdrawn' OR recorded OR (state IN ('approved', 'issued')) = (approved_by IS NOT NULL)",
            name=op.f("ck_notices_approved"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'approved', 'issued', 'withdrawn')",
            name=op.f("ck_notices_state"),
        ),
        sa.CheckConstraint(
            "talk_level IN ('reminder', 'criticism', 'admonition')", name=op.f("ck_notices_talk_level")
        ),
        sa.CheckConstraint(
            "talk_level IS NULL OR kind IN ('admonition_talk', 'reminder_talk')",
            name=op.f("ck_notices_talk_has_level"),
        ),
        sa.CheckConstraint("urgency IN ('normal', 'urgent', 'most_urgent')", name=op.f("ck_notices_urgency")),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL) AND (submitted_by IS NULL) = (submitted_at IS NULL) AND (approved_by IS NULL OR submitted_by IS NOT NULL)",
            name=op.f("ck_notices_steps"),
        ),
        sa.CheckConstraint(
            "(issued_at IS NULL) = (issued_on IS NULL) AND (issued_at IS NULL) = (issued_by IS NULL)",
            name=op.f("ck_notices_issued_by"),
        ),
        sa.CheckConstraint("answer_days BETWEEN 1 AND 250", name=op.f("ck_notices_answer_days")),
        sa.CheckConstraint(
            "approved_by <> drafted_by AND approved_by <> submitted_by", name=op.f("ck_notices_second_person")
        ),
        sa.CheckConstraint("drafted_by IS NOT NULL OR proposed", name=op.f("ck_notices_drafted_by")),
        sa.CheckConstraint(
            "issued_at IS NULL OR recorded OR approved_by IS NOT NULL",
            name=op.f("ck_notices_issued_approved"),
        ),
        sa.CheckConstraint(
            "party_organization_id IS NOT NULL OR authority_id IS NOT NULL", name=op.f("ck_notices_issuer")
        ),
        sa.CheckConstraint(
            "reply_required OR (answer_days IS NULL AND due_on IS NULL)",
            name=op.f("ck_notices_deadline_needs_reply"),
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["users.id"], name=op.f("fk_notices_approved_by")),
        sa.ForeignKeyConstraint(["authority_id"], ["authorities.id"], name=op.f("fk_notices_authority_id")),
        sa.ForeignKeyConstraint(["division_code"], ["divisions.code"], name=op.f("fk_notices_division_code")),
        sa.ForeignKeyConstraint(["drafted_by"], ["users.id"], name=op.f("fk_notices_drafted_by")),
        sa.ForeignKeyConstraint(["issued_by"], ["users.id"], name=op.f("fk_notices_issued_by")),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_notices_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(["previous_id"], ["notices.id"], name=op.f("fk_notices_previous_id")),
        sa.ForeignKeyConstraint(["rule_pack_id"], ["rule_packs.id"], name=op.f("fk_notices_rule_pack_id")),
        sa.ForeignKeyConstraint(["sign_id"], ["document_signs.id"], name=op.f("fk_notices_sign_id")),
        sa.ForeignKeyConstraint(["submitted_by"], ["users.id"], name=op.f("fk_notices_submitted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_authority_id", "notices", ["authority_id"], unique=False)
    op.create_index("ix_notices_division_code_id", "notices", ["division_code", "id"], unique=False)
    op.create_index(
        "ix_notices_issued_on",
        "notices",
        ["issued_on", "id"],
        unique=False,
        postgresql_where=sa.text("issued_on IS NOT NULL"),
    )
    op.create_index(
        "ix_notices_party_organization_id", "notices", ["party_organization_id", "id"], unique=False
    )
    op.create_index("ix_notices_previous_id", "notices", ["previous_id"], unique=False)
    op.create_index("ix_notices_sign_id", "notices", ["sign_id"], unique=False)
    op.create_index(
        "ix_notices_submitted",
        "notices",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'submitted'"),
    )
    op.create_index(
        "uq_notices_escalates",
        "notices",
        ["escalates_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.create_index(
        "uq_notices_recorded",
        "notices",
        ["party_organization_id", "issuer_name", "number"],
        unique=True,
        postgresql_where=sa.text("recorded AND state <> 'withdrawn'"),
    )
    op.create_table(
        "document_numbers",
        sa.Column("sign_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        code("state"),
        sa.Column(
            "allocated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.Uuid(), nullable=True),
        sa.Column("voided_reason", sa.Text(), nullable=True),
        *identified(),
        sa.CheckConstraint(
            "(state = 'voided') = (voided_at IS NOT NULL) AND (state = 'voided') = (voided_by IS NOT NULL) AND (state = 'voided') = (voided_reason IS NOT NULL)",
            name=op.f("ck_document_numbers_voided"),
        ),
        sa.CheckConstraint(
            "number LIKE '%%〔' || year || '〕' || serial || '号'", name=op.f("ck_document_numbers_parts")
        ),
        sa.CheckConstraint(
            "number ~ '^[一-龥]{1,12}〔[0-9]{4}〕[1-9][0-9]*号$'", name=op.f("ck_document_numbers_number")
        ),
        sa.CheckConstraint("state IN ('allocated', 'voided')", name=op.f("ck_document_numbers_state")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_document_numbers_notice_id")),
        sa.ForeignKeyConstraint(["sign_id"], ["document_signs.id"], name=op.f("fk_document_numbers_sign_id")),
        sa.ForeignKeyConstraint(["voided_by"], ["users.id"], name=op.f("fk_document_numbers_voided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_numbers")),
        sa.UniqueConstraint("notice_id", name="uq_document_numbers_notice_id"),
        sa.UniqueConstraint("sign_id", "year", "serial", name="uq_document_numbers_serial"),
    )
    op.create_table(
        "notice_documents",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        code("sha256"),
        sa.Column("frozen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "sha256 = encode(sha256(convert_to(content, 'UTF8')), 'hex')",
            name=op.f("ck_notice_documents_sha256"),
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_documents_notice_id")),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_notice_documents")),
    )
    op.create_table(
        "notice_addressees",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        code("kind"),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("authority_id", sa.Uuid(), nullable=True),
        sa.Column("party_post_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        code("division_code"),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        code("state"),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_by", sa.Uuid(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL) AND (closed_at IS NULL) = (closed_by IS NULL)",
            name=op.f("ck_notice_addressees_closed"),
        ),
        sa.CheckConstraint(
            "kind IN ('party_organization', 'organization', 'authority', 'post', 'user')",
            name=op.f("ck_notice_addressees_kind"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(party_organization_id, organization_id, authority_id, party_post_id, user_id) = 1 AND (kind = 'party_organization') = (party_organization_id IS NOT NULL) AND (kind = 'organization') = (organization_id IS NOT NULL) AND (kind = 'authority') = (authority_id IS NOT NULL) AND (kind = 'post') = (party_post_id IS NOT NULL) AND (kind = 'user') = (user_id IS NOT NULL)",
            name=op.f("ck_notice_addressees_target"),
        ),
        sa.CheckConstraint(
            "state <> 'replied' OR replied_at IS NOT NULL", name=op.f("ck_notice_addressees_replied")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'waiting', 'received', 'replied', 'returned', 'verified', 'closed', 'withdrawn')",
            name=op.f("ck_notice_addressees_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('waiting', 'returned') OR replied_at IS NULL",
            name=op.f("ck_notice_addressees_unanswered"),
        ),
        sa.CheckConstraint("(due_on IS NULL) = (due_at IS NULL)", name=op.f("ck_notice_addressees_due")),
        sa.CheckConstraint(
            "(held_on IS NULL) = (minutes IS NULL)", name=op.f("ck_notice_addressees_minutes")
        ),
        sa.CheckConstraint("(replied_at IS NULL) = (late IS NULL)", name=op.f("ck_notice_addressees_judged")),
        sa.CheckConstraint(
            "late = (overdue_at IS NOT NULL)", name=op.f("ck_notice_addressees_one_judgement")
        ),
        sa.CheckConstraint(
            "late = COALESCE(replied_at >= due_at, false)", name=op.f("ck_notice_addressees_late")
        ),
        sa.CheckConstraint("overdue_at >= due_at", name=op.f("ck_notice_addressees_overdue_at")),
        sa.CheckConstraint(
            "overdue_at IS NULL OR due_at IS NOT NULL", name=op.f("ck_notice_addressees_overdue_due")
        ),
        sa.CheckConstraint("round >= 1", name=op.f("ck_notice_addressees_round")),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authorities.id"], name=op.f("fk_notice_addressees_authority_id")
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["party_organizations.id"], name=op.f("fk_notice_addressees_body_id")
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["users.id"], name=op.f("fk_notice_addressees_closed_by")),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_notice_addressees_division_code")
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_addressees_notice_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_notice_addressees_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_notice_addressees_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["party_post_id"], ["party_posts.id"], name=op.f("fk_notice_addressees_party_post_id")
        ),
        sa.ForeignKeyConstraint(["received_by"], ["users.id"], name=op.f("fk_notice_addressees_received_by")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notice_addressees_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_addressees")),
    )
    op.create_index("ix_notice_addressees_body_id", "notice_addressees", ["body_id", "id"], unique=False)
    op.create_index(
        "ix_notice_addressees_division_code_id", "notice_addressees", ["division_code", "id"], unique=False
    )
    op.create_index(
        "ix_notice_addressees_due_at",
        "notice_addressees",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text(
            "overdue_at IS NULL AND replied_at IS NULL AND state IN ('waiting', 'received', 'returned')"
        ),
    )
    op.create_index(
        "ix_notice_addressees_organization_id", "notice_addressees", ["organization_id"], unique=False
    )
    op.create_index(
        "ix_notice_addressees_overdue",
        "notice_addressees",
        ["id"],
        unique=False,
        postgresql_where=sa.text("overdue_at IS NOT NULL AND replied_at IS NULL"),
    )
    op.create_index("ix_notice_addressees_user_id", "notice_addressees", ["user_id"], unique=False)
    op.create_index(
        "uq_notice_addressees_target",
        "notice_addressees",
        [
            "notice_id",
            sa.literal_column(
                "COALESCE(organization_id, authority_id, party_post_id, user_id, party_organization_id)"
            ),
        ],
        unique=True,
    )
    op.create_table(
        "notice_answers",
        sa.Column("addressee_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "evidence",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replied_by", sa.Uuid(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        code("verdict", nullable=True),
        sa.Column("verdict_by", sa.Uuid(), nullable=True),
        sa.Column("verdict_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict_reason", sa.Text(), nullable=True),
        *identified(),
        sa.CheckConstraint(
            "verdict <> 'returned' OR verdict_reason IS NOT NULL", name=op.f("ck_notice_answers_returned_why")
        ),
        sa.CheckConstraint("verdict IN ('accepted', 'returned')", name=op.f("ck_notice_answers_verdict")),
        sa.CheckConstraint(
            "(verdict IS NULL) = (verdict_by IS NULL) AND (verdict IS NULL) = (verdict_at IS NULL)",
            name=op.f("ck_notice_answers_verdict_by"),
        ),
        sa.CheckConstraint(
            "late = COALESCE(replied_at >= due_at, false)", name=op.f("ck_notice_answers_late")
        ),
        sa.CheckConstraint("verdict_by <> replied_by", name=op.f("ck_notice_answers_second_person")),
        sa.ForeignKeyConstraint(
            ["addressee_id"], ["notice_addressees.id"], name=op.f("fk_notice_answers_addressee_id")
        ),
        sa.ForeignKeyConstraint(["replied_by"], ["users.id"], name=op.f("fk_notice_answers_replied_by")),
        sa.ForeignKeyConstraint(["verdict_by"], ["users.id"], name=op.f("fk_notice_answers_verdict_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_answers")),
        sa.UniqueConstraint("addressee_id", "round", name="uq_notice_answers_round"),
    )
    op.create_table(
        "notice_extensions",
        sa.Column("addressee_id", sa.Uuid(), nullable=False),
        sa.Column("was_due_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        code("state"),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        *identified(),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_by IS NULL) AND (state = 'asked') = (decided_at IS NULL)",
            name=op.f("ck_notice_extensions_decided"),
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR decision_reason IS NOT NULL", name=op.f("ck_notice_extensions_refused_why")
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'granted', 'refused')", name=op.f("ck_notice_extensions_state")
        ),
        sa.CheckConstraint("decided_by <> asked_by", name=op.f("ck_notice_extensions_second_person")),
        sa.CheckConstraint("until_on > was_due_on", name=op.f("ck_notice_extensions_until_on")),
        sa.ForeignKeyConstraint(
            ["addressee_id"], ["notice_addressees.id"], name=op.f("fk_notice_extensions_addressee_id")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_notice_extensions_asked_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_notice_extensions_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_extensions")),
    )
    op.create_index(
        "ix_notice_extensions_addressee_id", "notice_extensions", ["addressee_id", "id"], unique=False
    )
    op.create_index(
        "uq_notice_extensions_asked",
        "notice_extensions",
        ["addressee_id"],
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_table(
        "notice_rectifications",
        sa.Column("addressee_id", sa.Uuid(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        code("state"),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("responsible_post", sa.Text(), nullable=True),
        sa.Column(
            "evidence",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("reported_by", sa.Uuid(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_by IS NOT NULL) AND (state = 'closed') = (closed_at IS NOT NULL)",
            name=op.f("ck_notice_rectifications_closed"),
        ),
        sa.CheckConstraint(
            "(state = 'open') = (reported_by IS NULL) AND (state = 'open') = (reported_at IS NULL)",
            name=op.f("ck_notice_rectifications_reported"),
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR jsonb_array_length(evidence) > 0",
            name=op.f("ck_notice_rectifications_evidence"),
        ),
        sa.CheckConstraint(
            "state = 'open' OR (measure IS NOT NULL AND responsible_post IS NOT NULL)",
            name=op.f("ck_notice_rectifications_measure"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'reported', 'closed')", name=op.f("ck_notice_rectifications_state")
        ),
        sa.CheckConstraint("closed_by <> reported_by", name=op.f("ck_notice_rectifications_second_person")),
        sa.ForeignKeyConstraint(
            ["addressee_id"], ["notice_addressees.id"], name=op.f("fk_notice_rectifications_addressee_id")
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["users.id"], name=op.f("fk_notice_rectifications_closed_by")),
        sa.ForeignKeyConstraint(
            ["reported_by"], ["users.id"], name=op.f("fk_notice_rectifications_reported_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_rectifications")),
    )
    op.create_index(
        "ix_notice_rectifications_addressee_id", "notice_rectifications", ["addressee_id", "id"], unique=False
    )
    op.create_foreign_key("fk_notices_escalates_id", "notices", "notice_addressees", ["escalates_id"], ["id"])
    op.execute(f"REVOKE UPDATE, DELETE ON notice_documents FROM {APP_ROLE}")
    op.execute(f"REVOKE DELETE ON document_numbers FROM {APP_ROLE}")
    op.execute(f"REVOKE DELETE ON document_counters FROM {APP_ROLE}")


def downgrade() -> None:
    """Drop them."""
    op.drop_constraint("fk_notices_escalates_id", "notices", type_="foreignkey")
    op.drop_table("notice_rectifications")
    op.drop_table("notice_extensions")
    op.drop_table("notice_answers")
    op.drop_table("notice_addressees")
    op.drop_table("notice_documents")
    op.drop_table("document_numbers")
    op.drop_table("notices")
    op.drop_table("document_counters")
    op.drop_table("document_signs")
