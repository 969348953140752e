"""A Party organization is counted once in each set of roll-ups.

Where the first roll-ups were made of an empty ledger, bodies that were founded meanwhile could be counted twice
or not at all: what there is is made again."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TWICE = """
    DELETE FROM coverage_body_spells s USING coverage_body_spells t
     WHERE s.party_organization_id = t.party_organization_id AND s.book_id = t.book_id AND s.ctid > t.ctid
"""


def upgrade() -> None:
    """One row for each."""
    op.execute("UPDATE coverage_books SET state = 'discarded', position = NULL WHERE state <> 'discarded'")
    op.execute(TWICE)
    op.drop_index("ix_coverage_body_spells_party_organization_id", table_name="coverage_body_spells")
    op.create_index(
        "uq_coverage_body_spells_party_organization_id",
        "coverage_body_spells",
        ["party_organization_id", "book_id"],
        unique=True,
    )


def downgrade() -> None:
    """Any number of rows for each."""
    op.drop_index("uq_coverage_body_spells_party_organization_id", table_name="coverage_body_spells")
    op.create_index(
        "ix_coverage_body_spells_party_organization_id", "coverage_body_spells", ["party_organization_id"]
    )
