"""Terms, congresses, elections, nominee reviews and posts; row-level security where people are named."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.migrating import code, guard, identified, versioned, within

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "party_congresses",
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        code("ground"),
        sa.Column("member_count", sa.Integer(), nullable=False),
        sa.Column("delegates", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("rule_pack_id", sa.Uuid(), nullable=False),
        *versioned(),
        sa.CheckConstraint("ground IN ('size', 'dispersed')", name=op.f("ck_party_congresses_ground")),
        sa.CheckConstraint("delegates > 0", name=op.f("ck_party_congresses_delegates")),
        sa.CheckConstraint("number > 0", name=op.f("ck_party_congresses_number")),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["party_organizations.id"], name=op.f("fk_party_congresses_approved_by")
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_party_congresses_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_party_congresses_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_pack_id"], ["rule_packs.id"], name=op.f("fk_party_congresses_rule_pack_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_congresses")),
        sa.UniqueConstraint("party_organization_id", "number", name="uq_party_congresses_number"),
    )
    op.create_index("ix_party_congresses_division_code_id", "party_congresses", ["division_code", "id"])
    op.create_table(
        "party_terms",
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        sa.Column("number", sa.SmallInteger(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("years", sa.SmallInteger(), nullable=False),
        sa.Column("regular_end_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("extension_document", sa.Text(), nullable=True),
        sa.Column("extension_approved_by", sa.Uuid(), nullable=True),
        sa.Column("congress_id", sa.Uuid(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("remind_months", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("rule_pack_id", sa.Uuid(), nullable=False),
        *versioned(),
        postgresql.ExcludeConstraint(
            (sa.column("party_organization_id"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_party_terms_one",
        ),
        sa.CheckConstraint(
            "(ends_on > regular_end_on) = (extension_document IS NOT NULL) AND ends_on >= regular_end_on",
            name=op.f("ck_party_terms_extension"),
        ),
        sa.CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_party_terms_valid")),
        sa.CheckConstraint(
            "extension_approved_by IS NULL OR extension_document IS NOT NULL",
            name=op.f("ck_party_terms_extension_approved_by"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_party_terms_number")),
        sa.CheckConstraint("regular_end_on > lower(valid)", name=op.f("ck_party_terms_regular_end_on")),
        sa.CheckConstraint("years BETWEEN 1 AND 10", name=op.f("ck_party_terms_years")),
        sa.ForeignKeyConstraint(
            ["congress_id"], ["party_congresses.id"], name=op.f("fk_party_terms_congress_id")
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_party_terms_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["extension_approved_by"],
            ["party_organizations.id"],
            name=op.f("fk_party_terms_extension_approved_by"),
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_party_terms_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_pack_id"], ["rule_packs.id"], name=op.f("fk_party_terms_rule_pack_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_terms")),
    )
    op.create_index("ix_party_terms_division_code_id", "party_terms", ["division_code", "id"])
    op.create_index(
        "ix_party_terms_ends_on",
        "party_terms",
        ["ends_on", "id"],
        postgresql_where=sa.text("upper_inf(valid)"),
    )
    op.create_index("ix_party_terms_party_organization_id", "party_terms", ["party_organization_id", "id"])
    op.create_table(
        "party_term_reminders",
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        *identified(),
        sa.CheckConstraint("months >= 0", name=op.f("ck_party_term_reminders_months")),
        sa.ForeignKeyConstraint(
            ["term_id"], ["party_terms.id"], name=op.f("fk_party_term_reminders_term_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_term_reminders")),
        sa.UniqueConstraint("term_id", "ends_on", "months", name="uq_party_term_reminders_once"),
    )
    op.create_table(
        "party_elections",
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        sa.Column("opens_term", sa.Boolean(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.SmallInteger(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("congress_id", sa.Uuid(), nullable=True),
        sa.Column("roll_document", sa.Text(), nullable=True),
        sa.Column("early_document", sa.Text(), nullable=True),
        sa.Column("early_approved_by", sa.Uuid(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        code("state"),
        sa.Column("rule_pack_id", sa.Uuid(), nullable=False),
        *versioned(),
        sa.CheckConstraint("state IN ('pending', 'settled', 'void')", name=op.f("ck_party_elections_state")),
        sa.CheckConstraint(
            "early_approved_by IS NULL OR early_document IS NOT NULL",
            name=op.f("ck_party_elections_early_approved_by"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_party_elections_number")),
        sa.CheckConstraint("opens_term OR term_id IS NOT NULL", name=op.f("ck_party_elections_term_id")),
        sa.ForeignKeyConstraint(
            ["congress_id"], ["party_congresses.id"], name=op.f("fk_party_elections_congress_id")
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_party_elections_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["early_approved_by"],
            ["party_organizations.id"],
            name=op.f("fk_party_elections_early_approved_by"),
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_party_elections_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_pack_id"], ["rule_packs.id"], name=op.f("fk_party_elections_rule_pack_id")
        ),
        sa.ForeignKeyConstraint(["term_id"], ["party_terms.id"], name=op.f("fk_party_elections_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_elections")),
    )
    op.create_index("ix_party_elections_division_code_id", "party_elections", ["division_code", "id"])
    op.create_index(
        "ix_party_elections_party_organization_id", "party_elections", ["party_organization_id", "id"]
    )
    op.create_index("ix_party_elections_term_id", "party_elections", ["term_id"])
    op.create_index(
        "uq_party_elections_open",
        "party_elections",
        ["party_organization_id"],
        unique=True,
        postgresql_where=sa.text("opens_term AND state = 'pending'"),
    )
    op.create_table(
        "party_election_ballots",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        code("role"),
        code("kind"),
        sa.Column("seats", sa.SmallInteger(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("entitled", sa.Integer(), nullable=True),
        code("confirmation"),
        *identified(),
        sa.CheckConstraint(
            "confirmation IN ('filed', 'approved')", name=op.f("ck_party_election_ballots_confirmation")
        ),
        sa.CheckConstraint(
            "kind IN ('assembly', 'congress', 'committee')", name=op.f("ck_party_election_ballots_kind")
        ),
        sa.CheckConstraint(
            "role IN ('secretary', 'deputy_secretary', 'discipline_secretary', 'member')",
            name=op.f("ck_party_election_ballots_role"),
        ),
        sa.CheckConstraint("present > 0 AND present <= due", name=op.f("ck_party_election_ballots_present")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_party_election_ballots_seats")),
        sa.ForeignKeyConstraint(
            ["election_id"], ["party_elections.id"], name=op.f("fk_party_election_ballots_election_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_election_ballots")),
        sa.UniqueConstraint("election_id", "role", name="uq_party_election_ballots_role"),
    )
    op.create_table(
        "nominee_reviews",
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("name_mask", sa.Text(), nullable=False),
        code("role"),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        code("opinion"),
        sa.Column("document", sa.Text(), nullable=False),
        *versioned(),
        sa.CheckConstraint(
            "opinion IN ('suitable', 'unsuitable', 'deferred')", name=op.f("ck_nominee_reviews_opinion")
        ),
        sa.CheckConstraint(
            "role IN ('secretary', 'deputy_secretary', 'discipline_secretary', 'member')",
            name=op.f("ck_nominee_reviews_role"),
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_nominee_reviews_division_code")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_nominee_reviews_member_id")),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_nominee_reviews_party_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominee_reviews")),
        sa.UniqueConstraint(
            "party_organization_id", "member_id", "role", "reviewed_on", name="uq_nominee_reviews_once"
        ),
    )
    op.create_index("ix_nominee_reviews_division_code_id", "nominee_reviews", ["division_code", "id"])
    op.create_index("ix_nominee_reviews_member_id", "nominee_reviews", ["member_id"])
    op.create_index(
        "ix_nominee_reviews_party_organization_id", "nominee_reviews", ["party_organization_id", "id"]
    )
    op.create_table(
        "party_posts",
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("name_mask", sa.Text(), nullable=False),
        sa.Column("name_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("name_blind", sa.LargeBinary(), nullable=True),
        code("role"),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        code("basis"),
        sa.Column("term_id", sa.Uuid(), nullable=True),
        sa.Column("election_id", sa.Uuid(), nullable=True),
        sa.Column("appointed_by", sa.Uuid(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        code("ended_reason", nullable=True),
        sa.Column("ended_document", sa.Text(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        *versioned(),
        postgresql.ExcludeConstraint(
            (sa.column("party_organization_id"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("role = 'secretary' AND NOT withdrawn"),
            using="gist",
            name="ex_party_posts_one_secretary",
        ),
        postgresql.ExcludeConstraint(
            (sa.text("(uuid_send(party_organization_id) || uuid_send(member_id))"), "="),
            (sa.column("role"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("NOT withdrawn"),
            using="gist",
            name="ex_party_posts_twice",
        ),
        sa.CheckConstraint(
            "(basis = 'elected') = (election_id IS NOT NULL)", name=op.f("ck_party_posts_election_id")
        ),
        sa.CheckConstraint(
            "basis IN ('elected', 'appointed', 'recorded')", name=op.f("ck_party_posts_basis")
        ),
        sa.CheckConstraint(
            "ended_reason IN ('term_over', 'resigned', 'transferred', 'removed', 'deceased', 'membership_ended', 'body_dissolved', 'body_merged', 'recorded_in_error', 'other')",
            name=op.f("ck_party_posts_ended_reason"),
        ),
        sa.CheckConstraint(
            "role IN ('secretary', 'deputy_secretary', 'discipline_secretary', 'member')",
            name=op.f("ck_party_posts_role"),
        ),
        sa.CheckConstraint(
            "withdrawn = (ended_reason IS NOT DISTINCT FROM 'recorded_in_error')",
            name=op.f("ck_party_posts_withdrawn"),
        ),
        sa.CheckConstraint(
            "(member_id IS NULL) = (name_cipher IS NOT NULL) AND (name_cipher IS NULL) = (name_blind IS NULL)",
            name=op.f("ck_party_posts_who"),
        ),
        sa.CheckConstraint("NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_party_posts_valid")),
        sa.CheckConstraint(
            "ended_reason IS NULL OR NOT upper_inf(valid) OR withdrawn", name=op.f("ck_party_posts_ended")
        ),
        sa.CheckConstraint(
            "member_id IS NOT NULL OR NOT upper_inf(valid)", name=op.f("ck_party_posts_unknown_has_ended")
        ),
        sa.ForeignKeyConstraint(
            ["appointed_by"], ["party_organizations.id"], name=op.f("fk_party_posts_appointed_by")
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_party_posts_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["election_id"], ["party_elections.id"], name=op.f("fk_party_posts_election_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_party_posts_member_id")),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_party_posts_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(["term_id"], ["party_terms.id"], name=op.f("fk_party_posts_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_posts")),
    )
    op.create_index("ix_party_posts_division_code_id", "party_posts", ["division_code", "id"])
    op.create_index("ix_party_posts_election_id", "party_posts", ["election_id"])
    op.create_index("ix_party_posts_member_id", "party_posts", ["member_id"])
    op.create_index("ix_party_posts_party_organization_id", "party_posts", ["party_organization_id", "id"])
    op.create_table(
        "party_election_candidates",
        sa.Column("election_id", sa.Uuid(), nullable=False),
        sa.Column("ballot_id", sa.Uuid(), nullable=False),
        sa.Column("party_organization_id", sa.Uuid(), nullable=False),
        code("division_code"),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("name_mask", sa.Text(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        code("outcome"),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decision_document", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        *versioned(),
        sa.CheckConstraint(
            "(outcome IN ('filed', 'approved')) = (post_id IS NOT NULL)",
            name=op.f("ck_party_election_candidates_post_id"),
        ),
        sa.CheckConstraint(
            "(outcome IN ('filed', 'approved', 'refused')) = (decided_on IS NOT NULL)",
            name=op.f("ck_party_election_candidates_decided_on"),
        ),
        sa.CheckConstraint(
            "outcome IN ('not_elected', 'pending', 'filed', 'approved', 'refused', 'void')",
            name=op.f("ck_party_election_candidates_outcome"),
        ),
        sa.CheckConstraint("votes >= 0", name=op.f("ck_party_election_candidates_votes")),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["party_election_ballots.id"], name=op.f("fk_party_election_candidates_ballot_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["party_organizations.id"], name=op.f("fk_party_election_candidates_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["division_code"], ["divisions.code"], name=op.f("fk_party_election_candidates_division_code")
        ),
        sa.ForeignKeyConstraint(
            ["election_id"], ["party_elections.id"], name=op.f("fk_party_election_candidates_election_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_party_election_candidates_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_organization_id"],
            ["party_organizations.id"],
            name=op.f("fk_party_election_candidates_party_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["party_posts.id"], name=op.f("fk_party_election_candidates_post_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_election_candidates")),
        sa.UniqueConstraint("ballot_id", "member_id", name="uq_party_election_candidates_once"),
    )
    op.create_index(
        "ix_party_election_candidates_election_id", "party_election_candidates", ["election_id", "id"]
    )
    op.create_index("ix_party_election_candidates_member_id", "party_election_candidates", ["member_id"])
    op.create_index("ix_party_election_candidates_post_id", "party_election_candidates", ["post_id"])
    guard("nominee_reviews", within("division_code", "party_organization_id"))
    guard("party_posts", within("division_code", "party_organization_id"))
    guard("party_election_candidates", within("division_code", "party_organization_id"))


def downgrade() -> None:
    """Drop them."""
    op.drop_table("party_election_candidates")
    op.drop_table("party_posts")
    op.drop_table("nominee_reviews")
    op.drop_table("party_election_ballots")
    op.drop_table("party_elections")
    op.drop_table("party_term_reminders")
    op.drop_table("party_terms")
    op.drop_table("party_congresses")
