"""Limits: the seal of the audit, and a second person for registries that outweigh others."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
PEOPLE = ("asked_by", "approved_by")


def upgrade() -> None:
    """Sources above rank 50 rest until a second person has approved them, those that are there too."""
    op.create_table(
        "audit_seals",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("octet_length(seal) = 32", name=op.f("ck_audit_seals_seal")),
        sa.CheckConstraint("number > 0", name=op.f("ck_audit_seals_number")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("entry_id", name="uq_audit_seals_entry_id"),
    )
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON audit_seals FROM jiceng_app")
    for name in PEOPLE:
        op.add_column("registry_sources", sa.Column(name, sa.Uuid(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_registry_sources_{name}"), "registry_sources", "users", [name], ["id"]
        )
    op.add_column("registry_sources", sa.Column("approved_at", INSTANT, nullable=True))
    op.execute("UPDATE registry_sources SET state = 'suspended' WHERE source_rank > 50")
    for name, condition in (
        ("two_people", "source_rank <= 50 OR state = 'suspended' OR approved_by IS NOT NULL"),
        ("second_person", "approved_by <> asked_by"),
        ("approved_at", "(approved_by IS NULL) = (approved_at IS NULL)"),
    ):
        op.create_check_constraint(op.f(f"ck_registry_sources_{name}"), "registry_sources", condition)


def downgrade() -> None:
    """Drop the seals; sources keep their state."""
    for name in ("two_people", "second_person", "approved_at"):
        op.drop_constraint(op.f(f"ck_registry_sources_{name}"), "registry_sources")
    op.drop_column("registry_sources", "approved_at")
    for name in PEOPLE:
        op.drop_constraint(op.f(f"fk_registry_sources_{name}"), "registry_sources")
        op.drop_column("registry_sources", name)
    op.drop_table("audit_seals")
