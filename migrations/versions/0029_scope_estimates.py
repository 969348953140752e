"""Row-level security in a form whose selectivity the planner does not multiply away.

`nation OR division = ANY (…) OR body = ANY (…)` is believed to hold for one row in a hundred, beside a filter
that already says the same: the planner then reads and sorts every member of a county for a page of fifty. Of
`CASE … END` it believes one half, and walks the index in the order of the page. The rows are the same."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

NATION = "current_setting(''jiceng.nation'', true) = ''on''"
ALTER = """
DO $$
DECLARE policy record; condition text;
BEGIN
    FOR policy IN
        SELECT p.polrelid::regclass AS owner, p.polname AS name,
               pg_get_expr(p.polqual, p.polrelid) AS held, obj_description(p.oid, 'pg_policy') AS before
          FROM pg_policy p WHERE p.polname = 'within_scope'
    LOOP
        {choice}
        EXECUTE format('ALTER POLICY %I ON %s USING (%s) WITH CHECK (%s)',
                       policy.name, policy.owner, condition, condition);
        EXECUTE format('COMMENT ON POLICY %I ON %s IS %L', policy.name, policy.owner, {comment});
    END LOOP;
END $$
"""


def upgrade() -> None:
    """Every policy that asks for the nation first asks for it alone; what it was stays beside it."""
    op.execute(
        ALTER.format(
            choice="CONTINUE WHEN position('jiceng.nation' IN policy.held) = 0; condition := "
            f"'CASE WHEN {NATION} THEN true ELSE ' || policy.held || ' END';",
            comment="policy.held",
        )
    )


def downgrade() -> None:
    """What each was."""
    op.execute(
        ALTER.format(
            choice="CONTINUE WHEN policy.before IS NULL; condition := policy.before;",
            comment="NULL::text",
        )
    )
