"""Party organizations: what they were before, and a kind more; how they are established and reorganized."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.migrating import code, guard, identified, versioned, within

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

STATES = "'requested', 'returned', 'approved', 'elected', 'established', 'rejected', 'withdrawn'"
KINDS = (
    "'working_committee', 'committee', 'general_branch', 'branch', 'group', 'work_team',"
    " 'discipline_committee'"
)


def _kinds(more: str = "") -> None:
    name = op.f("ck_party_organizations_kind")
    op.drop_constraint(name, "party_organizations", type_="check")
    op.create_check_constraint(name, "party_organizations", f"kind IN ({KINDS}{more})")


def upgrade() -> None:
    """Make the tables."""
    _kinds(", 'leading_group'")
    op.create_table(
        "party_organization_former_kinds",
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("kind"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ended_by_document", sa.Text(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        *identified(),
        sa.CheckConstraint(
            f"kind IN ({KINDS}, 'leading_group')", name=op.f("ck_party_organization_former_kinds_kind")
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid) AND NOT upper_inf(valid)",
            name=op.f("ck_party_organization_former_kinds_valid"),
        ),
        postgresql.ExcludeConstraint(
            (sa.column("party_organization_id"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_party_organization_former_kinds_one",
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_party_organization_former_kinds_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_organization_former_kinds")),
    )
    _establishments()
    _named()
    _reorganizations()


def _establishments() -> None:
    op.create_table(
        "establishments",
        code("state"),
        sa.Column("name", sa.Text(), nullable=False),
        code("kind"),
        code("formation", nullable=True),
        code("division_code"),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("superior_id", sa.Uuid(), nullable=False),
        code("industry", nullable=True),
        sa.Column("request_document", sa.Text(), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("reply_due_on", sa.Date(), nullable=True),
        code("basis", nullable=True),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("at_least", sa.Integer(), nullable=True),
        sa.Column("numbers", postgresql.JSONB(), nullable=False),
        sa.Column("others", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("threshold_source", sa.Text(), nullable=True),
        sa.Column("rule_pack_id", sa.Uuid(), nullable=True),
        sa.Column("member_count", sa.Integer(), nullable=False),
        sa.Column("needs_election", sa.Boolean(), nullable=False),
        sa.Column("exception_reason", sa.Text(), nullable=True),
        sa.Column("exception_document", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decision_document", sa.Text(), nullable=True),
        sa.Column("election", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmation_document", sa.Text(), nullable=True),
        sa.Column("party_organization_id", sa.Uuid(), nullable=True),
        *versioned(),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_establishments_state")),
        sa.CheckConstraint(
            "basis IN ('full_members', 'members', 'full_time_full_members', 'full_time_members')",
            name=op.f("ck_establishments_basis"),
        ),
        sa.CheckConstraint(
            "(state = 'established') = (party_organization_id IS NOT NULL)",
            name=op.f("ck_establishments_party_organization_id"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'elected', 'established')"
            " OR (decided_on IS NOT NULL AND decision_document IS NOT NULL)",
            name=op.f("ck_establishments_decision"),
        ),
        sa.CheckConstraint(
            "state <> 'elected' OR election IS NOT NULL", name=op.f("ck_establishments_election")
        ),
        sa.CheckConstraint(
            "state <> 'established' OR NOT needs_election OR election IS NOT NULL",
            name=op.f("ck_establishments_elected"),
        ),
        sa.CheckConstraint("decided_on >= requested_on", name=op.f("ck_establishments_decided_on")),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'elected', 'established') OR counted IS NULL OR counted >= at_least"
            " OR exception_document IS NOT NULL",
            name=op.f("ck_establishments_exception"),
        ),
        _foreign("establishments", "division_code", "divisions.code"),
        _foreign("establishments", "parent_id", "party_organizations.id"),
        _foreign("establishments", "superior_id", "party_organizations.id"),
        _foreign("establishments", "rule_pack_id", "rule_packs.id"),
        _foreign("establishments", "party_organization_id", "party_organizations.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_establishments")),
    )
    op.create_index(
        "uq_establishments_party_organization_id", "establishments", ["party_organization_id"], unique=True
    )
    op.create_index("ix_establishments_division_code_id", "establishments", ["division_code", "id"])
    op.create_index("ix_establishments_superior_id", "establishments", ["superior_id", "id"])
    op.create_table(
        "establishment_steps",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        code("state"),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *identified(),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_establishment_steps_state")),
        _foreign("establishment_steps", "establishment_id", "establishments.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_establishment_steps")),
    )
    op.create_index(
        "ix_establishment_steps_establishment_id", "establishment_steps", ["establishment_id", "id"]
    )
    op.execute("REVOKE UPDATE, DELETE ON establishment_steps FROM jiceng_app")


def _named() -> None:
    """Whom and what a request names."""
    op.create_table(
        "establishment_organizations",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        _foreign("establishment_organizations", "establishment_id", "establishments.id"),
        _foreign("establishment_organizations", "organization_id", "organizations.id"),
        sa.PrimaryKeyConstraint(
            "establishment_id", "organization_id", name=op.f("pk_establishment_organizations")
        ),
    )
    op.create_index(
        "ix_establishment_organizations_organization_id",
        "establishment_organizations",
        ["organization_id", "establishment_id"],
    )
    op.create_table(
        "establishment_branches",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        _foreign("establishment_branches", "establishment_id", "establishments.id"),
        _foreign("establishment_branches", "party_organization_id", "party_organizations.id"),
        sa.PrimaryKeyConstraint(
            "establishment_id", "party_organization_id", name=op.f("pk_establishment_branches")
        ),
    )
    op.create_table(
        "establishment_members",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        code("division_code"),
        sa.Column("superior_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        *identified(),
        _foreign("establishment_members", "establishment_id", "establishments.id"),
        _foreign("establishment_members", "member_id", "members.id"),
        _foreign("establishment_members", "division_code", "divisions.code"),
        _foreign("establishment_members", "superior_id", "party_organizations.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_establishment_members")),
    )
    op.create_index(
        "uq_establishment_members_once",
        "establishment_members",
        ["establishment_id", "member_id"],
        unique=True,
    )
    op.create_index("ix_establishment_members_member_id", "establishment_members", ["member_id"])
    guard("establishment_members", within("division_code", "superior_id"))


def _reorganizations() -> None:
    op.create_table(
        "reorganizations",
        code("kind"),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("exception_document", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("moved", postgresql.JSONB(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *identified(),
        sa.CheckConstraint("kind IN ('upgrade', 'merge', 'split')", name=op.f("ck_reorganizations_kind")),
        _foreign("reorganizations", "party_organization_id", "party_organizations.id"),
        _foreign("reorganizations", "division_code", "divisions.code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reorganizations")),
    )
    op.create_index("ix_reorganizations_division_code_id", "reorganizations", ["division_code", "id"])
    op.create_index(
        "ix_reorganizations_party_organization_id", "reorganizations", ["party_organization_id", "id"]
    )
    op.create_table(
        "reorganization_bodies",
        sa.Column("reorganization_id", sa.Uuid(), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("part"),
        sa.CheckConstraint("part IN ('source', 'result')", name=op.f("ck_reorganization_bodies_part")),
        _foreign("reorganization_bodies", "reorganization_id", "reorganizations.id"),
        _foreign("reorganization_bodies", "party_organization_id", "party_organizations.id"),
        sa.PrimaryKeyConstraint(
            "reorganization_id", "party_organization_id", "part", name=op.f("pk_reorganization_bodies")
        ),
    )
    op.create_index(
        "ix_reorganization_bodies_party_organization_id", "reorganization_bodies", ["party_organization_id"]
    )
    for table in ("reorganizations", "reorganization_bodies"):
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM jiceng_app")


def _foreign(table: str, name: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_{table}_{name}"))


def downgrade() -> None:
    """Drop them."""
    op.drop_table("reorganization_bodies")
    op.drop_table("reorganizations")
    for table in ("members", "branches", "organizations", "steps"):
        op.drop_table(f"establishment_{table}")
    op.drop_table("establishments")
    op.drop_table("party_organization_former_kinds")
    _kinds()
