"""Scoring: standards and their versions; a published version never changes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.migrating import APP_ROLE, code, identified, versioned

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

FUNCTION = """
CREATE FUNCTION refuse_change_of_published_standard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (
        OLD.state = 'withdrawn' OR NEW.state <> 'withdrawn'
        OR (NEW.standard_id, NEW.number, NEW.jurisdiction_code, NEW.name, NEW.source, NEW.base_version_id,
            NEW.overlay, NEW.content, NEW.content_hash, NEW.created_by, NEW.published_by, NEW.published_at)
        IS DISTINCT FROM
           (OLD.standard_id, OLD.number, OLD.jurisdiction_code, OLD.name, OLD.source, OLD.base_version_id,
            OLD.overlay, OLD.content, OLD.content_hash, OLD.created_by, OLD.published_by, OLD.published_at))
    THEN
        RAISE EXCEPTION 'a published version of a standard never changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""
TRIGGER = """
CREATE TRIGGER published_never_changes BEFORE UPDATE ON scoring_standard_versions
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published_standard()
"""


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "scoring_standards",
        code("code"),
        code("use"),
        code("jurisdiction_code"),
        *identified(),
        sa.CheckConstraint(
            "use IN ('demonstration', 'star', 'grade', 'appraisal', 'venue')",
            name=op.f("ck_scoring_standards_use"),
        ),
        sa.ForeignKeyConstraint(
            ["jurisdiction_code"], ["divisions.code"], name=op.f("fk_scoring_standards_jurisdiction_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_standards")),
        sa.UniqueConstraint("jurisdiction_code", "code", name="uq_scoring_standards_code"),
    )
    op.create_table(
        "scoring_standard_versions",
        sa.Column("standard_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        code("jurisdiction_code"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("base_version_id", sa.Uuid(), nullable=True),
        sa.Column("overlay", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        code("content_hash"),
        code("state"),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "(state = 'draft') = (published_at IS NULL)",
            name=op.f("ck_scoring_standard_versions_published_at"),
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)",
            name=op.f("ck_scoring_standard_versions_withdrawn_at"),
        ),
        sa.CheckConstraint(
            "content_hash ~ '^[0-9a-f]{64}$'", name=op.f("ck_scoring_standard_versions_content_hash")
        ),
        sa.CheckConstraint(
            "jsonb_typeof(content) = 'object'", name=op.f("ck_scoring_standard_versions_content")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'withdrawn')", name=op.f("ck_scoring_standard_versions_state")
        ),
        sa.CheckConstraint(
            "(base_version_id IS NULL) = (overlay IS NULL)", name=op.f("ck_scoring_standard_versions_overlay")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
            name=op.f("ck_scoring_standard_versions_withdrawn_reason"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_scoring_standard_versions_number")),
        sa.CheckConstraint(
            "published_by <> created_by", name=op.f("ck_scoring_standard_versions_second_person")
        ),
        sa.ForeignKeyConstraint(
            ["base_version_id", "standard_id"],
            ["scoring_standard_versions.id", "scoring_standard_versions.standard_id"],
            name="fk_scoring_standard_versions_base",
        ),
        sa.ForeignKeyConstraint(
            ["jurisdiction_code"],
            ["divisions.code"],
            name=op.f("fk_scoring_standard_versions_jurisdiction_code"),
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["scoring_standards.id"], name=op.f("fk_scoring_standard_versions_standard_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_standard_versions")),
        sa.UniqueConstraint("id", "standard_id", name="uq_scoring_standard_versions_standard"),
        sa.UniqueConstraint("standard_id", "number", name="uq_scoring_standard_versions_number"),
    )
    op.create_index(
        "ix_scoring_standard_versions_base_version_id",
        "scoring_standard_versions",
        ["base_version_id"],
        unique=False,
    )
    op.create_index(
        "ix_scoring_standard_versions_jurisdiction_code_id",
        "scoring_standard_versions",
        ["jurisdiction_code", "id"],
        unique=False,
    )
    op.execute(FUNCTION)
    op.execute(TRIGGER)
    op.execute(f"REVOKE DELETE ON scoring_standards, scoring_standard_versions FROM {APP_ROLE}")


def downgrade() -> None:
    """Drop them."""
    op.drop_table("scoring_standard_versions")
    op.drop_table("scoring_standards")
    op.execute("DROP FUNCTION refuse_change_of_published_standard()")
