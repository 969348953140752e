"""Files: stored bytes in encrypted chunks, part of every backup of the database."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CHECKS = {
    "purpose": "purpose IN ('import', 'export')",
    "state": "state IN ('receiving', 'stored')",
    "sha256": "(state = 'stored') = (sha256 IS NOT NULL)",
    "encoding": "encoding IN ('utf-8', 'gb18030')",
    "size": "size >= 0",
}


def upgrade() -> None:
    """Make the tables. Chunks are encrypted, so compressing them would be work for nothing."""
    now, code = sa.text("now()"), sa.Text(collation="C")
    op.create_table(
        "files",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", code, nullable=False),
        sa.Column("purpose", code, nullable=False),
        sa.Column("state", code, nullable=False),
        sa.Column("size", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sha256", code),
        sa.Column("encoding", code),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_by_name", sa.Text(), nullable=False),
        sa.Column("division_code", code),
        sa.Column("open_to", code),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        *(sa.CheckConstraint(sql, name=op.f(f"ck_files_{name}")) for name, sql in CHECKS.items()),
    )
    op.create_index("ix_files_created_by_sha256", "files", ["created_by", "sha256"])
    op.create_index("ix_files_expires_at", "files", ["expires_at"])
    op.create_table(
        "file_chunks",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cipher", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_file_chunks_number")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name=op.f("fk_file_chunks_file_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_file_chunks")),
    )
    op.execute("ALTER TABLE file_chunks ALTER COLUMN cipher SET STORAGE EXTERNAL")


def downgrade() -> None:
    """Drop them."""
    op.drop_table("file_chunks")
    op.drop_table("files")
