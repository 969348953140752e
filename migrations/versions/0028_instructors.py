"""Instructors, their assignments, visits and assessments; leaders' contracts; suggestions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.migrating import code, guard, identified, of, versioned, within

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "leader_contracts",
        code("kind"),
        sa.Column("name_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("name_mask", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        sa.Column("quota", sa.SmallInteger(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "kind IN ('fixed_contact', 'leader_contract')", name=op.f("ck_leader_contracts_kind")
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_leader_contracts_valid")
        ),
        sa.CheckConstraint("quota BETWEEN 1 AND 1000", name=op.f("ck_leader_contracts_quota")),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_leader_contracts_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_leader_contracts_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leader_contracts")),
    )
    op.create_index(
        "ix_leader_contracts_division_code_id", "leader_contracts", ["division_code", "id"], unique=False
    )
    op.create_index(
        "ix_leader_contracts_party_organization_id_id",
        "leader_contracts",
        ["party_organization_id", "id"],
        unique=False,
    )
    op.create_table(
        "leader_contract_targets",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("target_party_organization_id", sa.Uuid(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        code("progress"),
        sa.Column("note", sa.Text(), nullable=True),
        *versioned(),
        postgresql.ExcludeConstraint(
            (
                sa.text(
                    "(uuid_send(contract_id) || uuid_send(COALESCE(organization_id, target_party_organization_id)))"
                ),
                "=",
            ),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_leader_contract_targets_twice",
        ),
        sa.CheckConstraint(
            "progress IN ('not_started', 'under_way', 'done')",
            name=op.f("ck_leader_contract_targets_progress"),
        ),
        sa.CheckConstraint(
            "(organization_id IS NULL) <> (target_party_organization_id IS NULL)",
            name=op.f("ck_leader_contract_targets_one"),
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_leader_contract_targets_valid")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["leader_contracts.id"], name=op.f("fk_leader_contract_targets_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_leader_contract_targets_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["target_party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_leader_contract_targets_target_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leader_contract_targets")),
    )
    op.create_index(
        "ix_leader_contract_targets_contract_id",
        "leader_contract_targets",
        ["contract_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_leader_contract_targets_organization_id",
        "leader_contract_targets",
        ["organization_id"],
        unique=False,
    )
    op.create_index(
        "ix_leader_contract_targets_target_party_organization_id",
        "leader_contract_targets",
        ["target_party_organization_id"],
        unique=False,
    )
    op.create_table(
        "instructors",
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("name_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("name_blind", sa.LargeBinary(), nullable=False),
        sa.Column("name_mask", sa.Text(), nullable=False),
        sa.Column("phone_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("phone_mask", sa.Text(), nullable=True),
        code("kind"),
        code("source"),
        code("origin", nullable=True),
        sa.Column("batch", sa.Text(), nullable=True),
        sa.Column("home_unit", sa.Text(), nullable=True),
        sa.Column("home_authority_id", sa.Uuid(), nullable=True),
        sa.Column("industries", postgresql.ARRAY(sa.Text(collation="C")), nullable=False),
        sa.Column("duties", postgresql.ARRAY(sa.Text(collation="C")), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        sa.Column("term", postgresql.DATERANGE(), nullable=False),
        sa.Column("capacity", sa.SmallInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=True),
        *versioned(),
        sa.CheckConstraint("kind IN ('instructor', 'liaison_officer')", name=op.f("ck_instructors_kind")),
        sa.CheckConstraint(
            "source IN ('dispatched', 'appointed', 'recruited')", name=op.f("ck_instructors_source")
        ),
        sa.CheckConstraint("(ended_on IS NULL) = (ended_reason IS NULL)", name=op.f("ck_instructors_ended")),
        sa.CheckConstraint(
            "(phone_cipher IS NULL) = (phone_mask IS NULL)", name=op.f("ck_instructors_phone")
        ),
        sa.CheckConstraint(
            "NOT isempty(term) AND NOT lower_inf(term) AND NOT upper_inf(term)",
            name=op.f("ck_instructors_term"),
        ),
        sa.CheckConstraint("capacity BETWEEN 1 AND 100", name=op.f("ck_instructors_capacity")),
        sa.CheckConstraint("ended_on = upper(term)", name=op.f("ck_instructors_ended_on")),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_instructors_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["home_authority_id"], ["authorities.id"], name=op.f("fk_instructors_home_authority_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_instructors_member_id")),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_instructors_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instructors")),
        sa.UniqueConstraint("id", "term", "capacity", name="uq_instructors_id_term_capacity"),
    )
    op.create_index("ix_instructors_division_code_id", "instructors", ["division_code", "id"], unique=False)
    op.create_index("ix_instructors_home_authority_id", "instructors", ["home_authority_id"], unique=False)
    op.create_index("ix_instructors_member_id", "instructors", ["member_id"], unique=False)
    op.create_index(
        "ix_instructors_party_organization_id_id",
        "instructors",
        ["party_organization_id", "id"],
        unique=False,
    )
    op.create_table(
        "guidance_visits",
        sa.Column("instructor_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("target_party_organization_id", sa.Uuid(), nullable=True),
        code("kind"),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("persons_met", sa.Integer(), nullable=False),
        sa.Column("members_found", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.Column("follow_up", sa.Text(), nullable=True),
        sa.Column("follow_up_due_on", sa.Date(), nullable=True),
        sa.Column("follow_up_done_on", sa.Date(), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "kind IN ('visit', 'contact', 'meeting', 'training')", name=op.f("ck_guidance_visits_kind")
        ),
        sa.CheckConstraint(
            "(instructor_id IS NULL) <> (contract_id IS NULL)", name=op.f("ck_guidance_visits_by")
        ),
        sa.CheckConstraint(
            "(organization_id IS NULL) <> (target_party_organization_id IS NULL)",
            name=op.f("ck_guidance_visits_one"),
        ),
        sa.CheckConstraint(
            "contract_id IS NOT NULL OR organization_id IS NOT NULL",
            name=op.f("ck_guidance_visits_instructors"),
        ),
        sa.CheckConstraint(
            "follow_up IS NOT NULL OR (follow_up_due_on IS NULL AND follow_up_done_on IS NULL)",
            name=op.f("ck_guidance_visits_follow_up"),
        ),
        sa.CheckConstraint(
            "follow_up_done_on >= held_on AND follow_up_due_on >= held_on",
            name=op.f("ck_guidance_visits_follow_up_on"),
        ),
        sa.CheckConstraint("persons_met >= 0 AND members_found >= 0", name=op.f("ck_guidance_visits_counts")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["leader_contracts.id"], name=op.f("fk_guidance_visits_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["instructor_id"], ["instructors.id"], name=op.f("fk_guidance_visits_instructor_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_guidance_visits_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["target_party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_guidance_visits_target_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance_visits")),
    )
    op.create_index(
        "ix_guidance_visits_contract_id", "guidance_visits", ["contract_id", "held_on"], unique=False
    )
    op.create_index(
        "ix_guidance_visits_instructor_id", "guidance_visits", ["instructor_id", "held_on"], unique=False
    )
    op.create_index(
        "ix_guidance_visits_organization_id", "guidance_visits", ["organization_id", "held_on"], unique=False
    )
    op.create_table(
        "instructor_assessments",
        sa.Column("instructor_id", sa.Uuid(), nullable=False),
        code("kind"),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        code("grade"),
        code("outcome"),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        *versioned(),
        sa.CheckConstraint(
            "grade IN ('excellent', 'qualified', 'barely_qualified', 'unqualified')",
            name=op.f("ck_instructor_assessments_grade"),
        ),
        sa.CheckConstraint("kind IN ('yearly', 'term')", name=op.f("ck_instructor_assessments_kind")),
        sa.CheckConstraint(
            "outcome <> 'removed' OR grade = 'unqualified'", name=op.f("ck_instructor_assessments_removed")
        ),
        sa.CheckConstraint(
            "outcome IN ('none', 'reminded', 'inquired', 'admonished', 'removed')",
            name=op.f("ck_instructor_assessments_outcome"),
        ),
        sa.CheckConstraint("year BETWEEN 1990 AND 2200", name=op.f("ck_instructor_assessments_year")),
        sa.ForeignKeyConstraint(
            ["instructor_id"], ["instructors.id"], name=op.f("fk_instructor_assessments_instructor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instructor_assessments")),
        sa.UniqueConstraint("instructor_id", "kind", "year", name="uq_instructor_assessments_once"),
    )
    op.create_table(
        "instructor_assignments",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("instructor_id", sa.Uuid(), nullable=False),
        sa.Column("term", postgresql.DATERANGE(), nullable=False),
        sa.Column("capacity", sa.SmallInteger(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        code("kind"),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("recorded", postgresql.TSTZRANGE(), nullable=False),
        code("ended_reason", nullable=True),
        sa.Column("handed_over_from", sa.Uuid(), nullable=True),
        *identified(),
        postgresql.ExcludeConstraint(
            (sa.column("instructor_id"), "="),
            (sa.column("slot"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_instructor_assignments_capacity",
        ),
        postgresql.ExcludeConstraint(
            (sa.text("(uuid_send(instructor_id) || uuid_send(organization_id))"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("upper_inf(recorded)"),
            using="gist",
            name="ex_instructor_assignments_twice",
        ),
        sa.CheckConstraint(
            "ended_reason IN ('recalled', 'handed_over', 'instructor_ended', 'organization_ended', 'party_organization_established', 'expired')",
            name=op.f("ck_instructor_assignments_ended_reason"),
        ),
        sa.CheckConstraint(
            "kind IN ('general', 'one_to_one', 'point_to_point')", name=op.f("ck_instructor_assignments_kind")
        ),
        sa.CheckConstraint(
            "NOT isempty(recorded) AND NOT lower_inf(recorded)",
            name=op.f("ck_instructor_assignments_recorded"),
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid) AND NOT upper_inf(valid)",
            name=op.f("ck_instructor_assignments_valid"),
        ),
        sa.CheckConstraint(
            "NOT upper_inf(recorded) OR valid <@ term", name=op.f("ck_instructor_assignments_within_term")
        ),
        sa.CheckConstraint(
            "slot >= 1 AND (NOT upper_inf(recorded) OR ended_reason IS NOT NULL OR slot <= capacity)",
            name=op.f("ck_instructor_assignments_slot"),
        ),
        sa.ForeignKeyConstraint(
            ["instructor_id", "term", "capacity"],
            ["instructors.id", "instructors.term", "instructors.capacity"],
            name="fk_instructor_assignments_instructor",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_instructor_assignments_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instructor_assignments")),
    )
    op.create_index(
        "ix_instructor_assignments_instructor_id",
        "instructor_assignments",
        ["instructor_id", "assignment_id"],
        unique=False,
    )
    op.create_index(
        "ix_instructor_assignments_organization_id",
        "instructor_assignments",
        ["organization_id"],
        unique=False,
    )
    op.create_index(
        "uq_instructor_assignments_known",
        "instructor_assignments",
        ["assignment_id"],
        unique=True,
        postgresql_where=sa.text("upper_inf(recorded)"),
    )
    op.create_index(
        "uq_instructor_assignments_version",
        "instructor_assignments",
        ["assignment_id", "version"],
        unique=True,
    )
    op.create_table(
        "instructor_suggestions",
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("instructor_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        code("state"),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "(state = 'accepted') = (assignment_id IS NOT NULL)",
            name=op.f("ck_instructor_suggestions_accepted"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'declined', 'superseded')",
            name=op.f("ck_instructor_suggestions_state"),
        ),
        sa.ForeignKeyConstraint(
            ["instructor_id"], ["instructors.id"], name=op.f("fk_instructor_suggestions_instructor_id")
        ),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operations.id"], name=op.f("fk_instructor_suggestions_operation_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_instructor_suggestions_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instructor_suggestions")),
        sa.UniqueConstraint("operation_id", "organization_id", name="uq_instructor_suggestions_once"),
    )
    op.create_index(
        "ix_instructor_suggestions_instructor_id",
        "instructor_suggestions",
        ["instructor_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_instructor_suggestions_organization_id",
        "instructor_suggestions",
        ["organization_id"],
        unique=False,
    )
    in_scope = within("division_code", "party_organization_id")
    for table in ("instructors", "leader_contracts"):
        guard(table, in_scope)
    guard("instructor_assessments", of("instructors", "instructor_id"))
    guard("leader_contract_targets", of("leader_contracts", "contract_id"))
    guard(
        "guidance_visits", of("instructors", "instructor_id") + " OR " + of("leader_contracts", "contract_id")
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("instructor_suggestions")
    op.drop_table("instructor_assignments")
    op.drop_table("instructor_assessments")
    op.drop_table("guidance_visits")
    op.drop_table("instructors")
    op.drop_table("leader_contract_targets")
    op.drop_table("leader_contracts")
