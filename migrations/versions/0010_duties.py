"""Duties of registration, and the contact for setting up the Party organization."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CHECKS = {
    "kind": "kind IN ('commitment_letter', 'member_survey', 'hand_over', 'setup_contact')",
    "owed_by": "owed_by IN ('organization', 'registration_authority', 'responsible_body')",
    "state": "state IN ('open', 'done', 'waived', 'lapsed')",
    "done_on": "(state = 'done') = (done_on IS NOT NULL)",
    "closed_reason": "(state IN ('waived', 'lapsed')) = (closed_reason IS NOT NULL)",
    "working_days": "working_days BETWEEN 0 AND 250",
    "due_on": "due_on >= registered_on",
    "survey": "(kind = 'member_survey' AND state = 'done') = (survey IS NOT NULL)"
    " AND (survey IS NULL) = (must_establish IS NULL)"
    " AND (survey IS NULL) = (establishment IS NULL)",
    "handed_over_to_id": "(kind = 'hand_over' AND state = 'done') = (handed_over_to_id IS NOT NULL)",
}


def _code(name: str, **options: object) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C"), nullable=False, **options)


def _versioned() -> list[sa.Column[object]]:
    now = sa.text("now()")
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
    ]


def _foreign(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "duties",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        _code("kind"),
        sa.Column("title", pg.JSONB(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("rule_pack_id", sa.Uuid()),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("working_days", sa.SmallInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        _code("owed_by"),
        sa.Column("owed_by_authority_id", sa.Uuid()),
        sa.Column("owed_by_party_organization_id", sa.Uuid()),
        _code("state", server_default="open"),
        sa.Column("done_on", sa.Date()),
        sa.Column("handed_over_to_id", sa.Uuid()),
        sa.Column("survey", pg.JSONB(none_as_null=True)),
        sa.Column("must_establish", sa.Boolean()),
        sa.Column("establishment", pg.JSONB(none_as_null=True)),
        sa.Column("note", sa.Text()),
        sa.Column("closed_reason", sa.Text()),
        *_versioned(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
        *_foreign(
            "duties",
            organization_id="organizations",
            rule_pack_id="rule_packs",
            owed_by_authority_id="authorities",
            owed_by_party_organization_id="party_organizations",
            handed_over_to_id="party_organizations",
        ),
        *(sa.CheckConstraint(sql, name=op.f(f"ck_duties_{name}")) for name, sql in CHECKS.items()),
    )
    op.create_index("uq_duties_organization_id_kind", "duties", ["organization_id", "kind"], unique=True)
    op.create_index(
        "ix_duties_open_due_on", "duties", ["due_on", "id"], postgresql_where=sa.text("state = 'open'")
    )
    op.create_index("ix_duties_due_on_id", "duties", ["due_on", "id"])
    op.create_table(
        "setup_contacts",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("party_organization_id", sa.Uuid()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("phone_mask", sa.Text(), nullable=False),
        sa.Column("named_on", sa.Date(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True)),
        *_versioned(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setup_contacts")),
        *_foreign(
            "setup_contacts",
            organization_id="organizations",
            duty_id="duties",
            party_organization_id="party_organizations",
        ),
    )
    op.create_index(
        "uq_setup_contacts_organization_id",
        "setup_contacts",
        ["organization_id"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_index("ix_setup_contacts_duty_id", "setup_contacts", ["duty_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("setup_contacts")
    op.drop_table("duties")
