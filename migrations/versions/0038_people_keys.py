"""A second blind index beside each one that is unique: the key of the indexes is rotated under load.

While it is rotated, processes write under two keys for a moment. Of the two columns one is then under the same
key in all of them, so that its constraint still admits nobody twice."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

IDS = ("persons", "census_lines")


def upgrade() -> None:
    """Two ID numbers and a name; empty until a rotation, which fills and empties them."""
    for table in IDS:
        op.add_column(table, sa.Column("id_number_next_blind", sa.LargeBinary(), nullable=True))
        op.create_check_constraint(
            op.f(f"ck_{table}_id_number_next"),
            table,
            "id_number_next_blind IS NULL OR id_number_blind IS NOT NULL",
        )
    op.create_unique_constraint("uq_persons_id_number_next_blind", "persons", ["id_number_next_blind"])
    op.create_index(
        "uq_census_lines_next_find",
        "census_lines",
        ["round_id", "id_number_next_blind"],
        unique=True,
        postgresql_where=sa.text("id_number_next_blind IS NOT NULL"),
    )
    op.add_column("cross_appointments", sa.Column("name_next_blind", sa.LargeBinary(), nullable=True))
    op.create_index(
        "uq_cross_appointments_next_person",
        "cross_appointments",
        ["party_organization_id", "organization_id", "name_next_blind"],
        unique=True,
        postgresql_where=sa.text("state = 'confirmed' AND name_next_blind IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop them; no rotation may be under way."""
    op.drop_index("uq_cross_appointments_next_person", "cross_appointments")
    op.drop_column("cross_appointments", "name_next_blind")
    op.drop_index("uq_census_lines_next_find", "census_lines")
    op.drop_constraint("uq_persons_id_number_next_blind", "persons")
    for table in IDS:
        op.drop_constraint(op.f(f"ck_{table}_id_number_next"), table)
        op.drop_column(table, "id_number_next_blind")
