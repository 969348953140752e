"""What migrations from 0018 on share. Frozen: a change here would rewrite history, so add, never alter."""

from typing import Any

import sqlalchemy as sa
from alembic import op

APP_ROLE = "jiceng_app"
TODAY = "timezone('Asia/Shanghai', now())::date"
NATION = "current_setting('jiceng.nation', true) = 'on'"
DIVISIONS = f"""ARRAY(SELECT c.descendant_code FROM division_closure c
    WHERE c.ancestor_code = ANY(string_to_array(NULLIF(current_setting('jiceng.divisions', true), ''), ','))
    AND c.valid @> {TODAY})"""  # noqa: S608 (constants only)
BODIES = f"""ARRAY(SELECT c.descendant_id FROM party_organization_closure c
    WHERE c.ancestor_id = ANY(
        string_to_array(NULLIF(current_setting('jiceng.bodies', true), ''), ',')::uuid[])
    AND c.valid @> {TODAY})"""  # noqa: S608 (constants only)


def identified() -> list[sa.Column[Any]]:
    """The columns of `Identified`."""
    return [sa.Column("id", sa.Uuid(), nullable=False)]


def versioned() -> list[sa.Column[Any]]:
    """The columns of `Versioned`."""
    return [
        *identified(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]


def code(name: str, *, nullable: bool = False) -> sa.Column[str]:
    """A column of codes: collation "C"."""
    return sa.Column(name, sa.Text(collation="C"), nullable=nullable)


def within(division: str, body: str) -> str:
    """Whether a row lies in what the transaction has said it may see; without a word it lies nowhere."""
    return f"{NATION} OR {division} = ANY ({DIVISIONS}) OR {body} = ANY ({BODIES})"


def of(parent: str, column: str) -> str:
    """Whether the row's parent, itself under row-level security, can be seen."""
    return f"EXISTS (SELECT FROM {parent} p WHERE p.id = {column})"


def guard(table: str, condition: str) -> None:
    """Row-level security on a table of people, forced: the owner is held by it too. Nothing is deleted."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY within_scope ON {table} USING ({condition}) WITH CHECK ({condition})")
    op.execute(f"REVOKE DELETE ON {table} FROM {APP_ROLE}")
