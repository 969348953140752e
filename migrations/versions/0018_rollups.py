"""Roll-ups of coverage: marks of what changed, spells, deltas by day, and the sums up to checkpoints."""

import sqlalchemy as sa
from alembic import op

from app.core.migrating import code, identified

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

FLAGS = ["covered", "guided", "single", "reasoned", "must_establish", "charter", "core_values", "on_record"]
MEASURES = [
    "organizations",
    "covered",
    "worked",
    "single",
    "excepted",
    "idle_excepted",
    "must",
    "must_covered",
    "must_single",
    "charter",
    "core_values",
    "four_clears",
]
BASES = "basis IN ('registration', 'domicile', 'responsibility', 'bodies')"
SUMS = ("coverage_deltas", "coverage_days", "coverage_totals")


def upgrade() -> None:
    """Make the tables; the worker fills them, or `jiceng reindex`."""
    op.create_table(
        "coverage_marks",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        code("subject_type"),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "subject_type IN ('organization', 'party_organization')",
            name=op.f("ck_coverage_marks_subject_type"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_marks")),
    )
    op.create_table(
        "coverage_books",
        code("fingerprint"),
        code("state"),
        sa.Column("position", sa.Uuid(), nullable=True),
        sa.Column("summed", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        *identified(),
        sa.CheckConstraint(
            "state IN ('building', 'ready', 'discarded')", name=op.f("ck_coverage_books_state")
        ),
        sa.CheckConstraint("state <> 'ready' OR position IS NULL", name=op.f("ck_coverage_books_position")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_books")),
    )
    op.create_index(
        "uq_coverage_books_state",
        "coverage_books",
        ["state"],
        unique=True,
        postgresql_where=sa.text("state <> 'discarded'"),
    )
    op.create_table(
        "coverage_checkpoints",
        sa.Column("book_id", sa.Uuid(), nullable=False),
        code("basis"),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.CheckConstraint(BASES, name=op.f("ck_coverage_checkpoints_basis")),
        sa.ForeignKeyConstraint(
            ["book_id"], ["coverage_books.id"], name=op.f("fk_coverage_checkpoints_book_id")
        ),
        sa.PrimaryKeyConstraint("book_id", "basis", "on", name=op.f("pk_coverage_checkpoints")),
    )
    _spells()
    for name in SUMS:
        op.create_table(
            name,
            sa.Column("book_id", sa.Uuid(), nullable=False),
            code("basis"),
            sa.Column("on", sa.Date(), nullable=False),
            code("place"),
            code("kind"),
            *(sa.Column(m, sa.Integer(), server_default=sa.text("0"), nullable=False) for m in MEASURES),
            sa.CheckConstraint(BASES, name=op.f(f"ck_{name}_basis")),
        )
    op.create_index("ix_coverage_deltas_basis", "coverage_deltas", ["book_id", "basis", "on"])
    for name in SUMS[1:]:
        op.create_index(f"uq_{name}_key", name, ["book_id", "basis", "on", "place", "kind"], unique=True)


def _spells() -> None:
    op.create_table(
        "coverage_spells",
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        code("kind"),
        code("registration_code"),
        code("domicile_code", nullable=True),
        code("responsibility_code", nullable=True),
        *(sa.Column(flag, sa.Boolean(), nullable=False) for flag in FLAGS),
        sa.CheckConstraint("since < until", name=op.f("ck_coverage_spells_until")),
    )
    op.create_index("ix_coverage_spells_organization_id", "coverage_spells", ["organization_id"])
    op.create_table(
        "coverage_body_spells",
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        code("division_code"),
        sa.CheckConstraint("since < until", name=op.f("ck_coverage_body_spells_until")),
    )
    op.create_index(
        "ix_coverage_body_spells_party_organization_id", "coverage_body_spells", ["party_organization_id"]
    )


def downgrade() -> None:
    """Drop them."""
    for name in (
        *SUMS,
        "coverage_spells",
        "coverage_body_spells",
        "coverage_checkpoints",
        "coverage_books",
        "coverage_marks",
    ):
        op.drop_table(name)
